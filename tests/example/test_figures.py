"""Example figures: deterministic, rounded one by one, and true to redivisions underneath."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from spatial.domain.facts import Facts, GazetteerEntry, Inhabitants, Membership
from spatial.domain.indicators import Catalogue, Thema, load_catalogue
from spatial.domain.members import Dimensie, load_members
from spatial.domain.redivisions import Mutatie, Redivision
from spatial.domain.regions import Indeling, Niveau
from spatial.domain.sources import SourceStatus
from spatial.domain.statline import OBSERVATION_COLUMNS
from spatial.errors import RegisterError, UnknownMemberError
from spatial.example.atoms import trace
from spatial.example.figures import EXAMPLE_SOURCE, EXAMPLE_YEARS, example_statline
from spatial.example.truth import true_counts
from spatial.normalise.facts import code_sets, read_facts
from spatial.normalise.statline import check_complete, observations

CODES = {
    Indeling(2020): frozenset({"GM0001", "GM0002", "GM0003", "GM0004", "GM0005"}),
    Indeling(2021): frozenset({"GM0001", "GM0002", "GM0003", "GM0004"}),
    Indeling(2022): frozenset({"GM0010", "GM0003", "GM0004"}),
}
YEARS = (2020, 2021, 2022)
DAYS = [date(2020, 12, 31), date(2021, 1, 1), date(2021, 12, 31), date(2022, 1, 1)]


def event(year: int, old: str, new: str, share: float | None = None) -> Redivision:
    """Return a row of the register: a merger, or with a share a part of a split."""
    return Redivision(
        datum=date(year, 1, 1),
        oude_code=old,
        oude_naam="",
        nieuwe_code=new,
        nieuwe_naam="",
        mutatie=Mutatie.FUSIE if share is None else Mutatie.OPSPLITSING,
        geheel=share is None,
        aandeel=share,
        aandeel_grondslag="",
        zekerheid="",
        opmerking="",
        bron="",
    )


FACTS = Facts(
    redivisions=(
        event(2021, "GM0005", "GM0003", 0.6),
        event(2021, "GM0005", "GM0004", 0.4),
        event(2022, "GM0001", "GM0010"),
        event(2022, "GM0002", "GM0010"),
    ),
    memberships=tuple(
        Membership(indeling, code, niveau, f"{niveau.prefix}2{int(code in west)}", "x", "", "")
        for indeling, codes in CODES.items()
        for west in [{"GM0001", "GM0002", "GM0010"}]
        for code in sorted(codes)
        for niveau in (Niveau.PROVINCIE, Niveau.COROP)
    ),
    inhabitants=tuple(
        Inhabitants(code, 2020, 9000 + 7000 * place, Indeling(2020), "")
        for place, code in enumerate(sorted(CODES[Indeling(2020)]))
    ),
    targets=(),
    gazetteer=tuple(
        GazetteerEntry(code, code, 0, 0, 1, Indeling(2020), Indeling(2022), Indeling(2020))
        for code in sorted(frozenset.union(*CODES.values()))
    ),
)


def make(facts: Facts = FACTS, catalogue: Catalogue | None = None) -> dict[str, pa.Table]:
    """Return the example table of the small country."""
    return example_statline(
        facts, CODES, load_members(), catalogue or load_catalogue(), years=YEARS
    )


def region_codes(
    facts: Facts, codes: Mapping[Indeling, frozenset[str]]
) -> dict[Indeling, frozenset[str]]:
    """Return all region codes per indeling."""
    return {
        indeling: gemeenten
        | {"NL01"}
        | {row.code for row in facts.memberships if row.indeling == indeling}
        for indeling, gemeenten in codes.items()
    }


@pytest.fixture(scope="module")
def raw() -> dict[str, pa.Table]:
    """Return the example table of the small country."""
    return make()


@pytest.fixture(scope="module")
def rows(raw: dict[str, pa.Table]) -> list[dict[str, Any]]:
    """Return its observations."""
    table, _ = observations(raw, load_members(), region_codes(FACTS, CODES))
    found: list[dict[str, Any]] = table.to_pylist()
    return found


def test_the_table_has_the_columns_of_version_4(raw: dict[str, pa.Table]) -> None:
    assert tuple(raw["Observations"].column_names) == OBSERVATION_COLUMNS
    check_complete(raw["Observations"], where="t", expected=raw["Observations"].num_rows)


def test_the_same_facts_in_another_order_give_the_same_table(raw: dict[str, pa.Table]) -> None:
    facts = replace(
        FACTS,
        redivisions=FACTS.redivisions[::-1],
        memberships=FACTS.memberships[::-1],
        inhabitants=FACTS.inhabitants[::-1],
        gazetteer=FACTS.gazetteer[::-1],
    )

    again = make(facts)

    assert raw.keys() == again.keys()
    assert all(raw[name].equals(again[name]) for name in raw)


def test_every_cell_of_the_catalogue_is_made(rows: list[dict[str, Any]]) -> None:
    made = {(row["kenmerk"], row["maat"]) for row in rows}

    entries = load_catalogue().of(Thema.OUDEREN)
    counts = [entry for entry in entries if entry.soort.is_count and not entry.groep]
    assert made == {(entry.kenmerk, entry.maat) for entry in counts}


def test_every_level_is_there_in_the_indeling_of_its_year(rows: list[dict[str, Any]]) -> None:
    found = {row["code"] for row in rows if row["indeling"] == 2022}

    assert found == {"NL01", "PV20", "PV21", "CR20", "CR21", "GM0003", "GM0004", "GM0010"}
    assert all(row["indeling"] == row["eind"].year for row in rows)


def test_no_small_count_is_given_but_a_zero_is(rows: list[dict[str, Any]]) -> None:
    values = {row["waarde"] for row in rows}

    assert 0 in values
    assert 5 not in values
    assert any(row["status"] == "geheim_of_onbekend" for row in rows)


def test_students_of_unknown_composition_do_not_occur(rows: list[dict[str, Any]]) -> None:
    statuses = {
        row["status"]
        for row in rows
        if (row["kenmerk"], row["groep"]) == ("samenstelling_onbekend", "studenten")
    }

    assert statuses == {"niet_van_toepassing"}


def test_flows_are_counted_over_whole_years(rows: list[dict[str, Any]]) -> None:
    flows = {
        (row["begin"], row["eind"]) for row in rows if row["kenmerk"].startswith("vrijgekomen")
    }

    assert flows == {(date(year, 1, 1), date(year, 12, 31)) for year in YEARS}


def test_vergunninghouders_begin_in_2021(rows: list[dict[str, Any]]) -> None:
    days = {row["eind"] for row in rows if row["groep"] == "vergunninghouders"}

    assert min(days) == date(2021, 1, 1)


def test_only_the_last_year_is_provisional(rows: list[dict[str, Any]]) -> None:
    assert {row["eind"].year for row in rows if row["voorlopig"]} == {2022}


def test_all_re_let_dwellings_are_the_same_for_every_group(rows: list[dict[str, Any]]) -> None:
    found = {
        row["groep"]: row["waarde"]
        for row in rows
        if (row["kenmerk"], row["code"], row["indeling"])
        == ("vrijgekomen_corporatiewoning_alle", "NL01", 2022)
    }

    assert len(found) == 4
    assert len(set(found.values())) == 1


def test_a_total_may_differ_from_its_parts_by_no_more_than_rounding(
    rows: list[dict[str, Any]],
) -> None:
    cells = {
        row["code"]: row
        for row in rows
        if (row["groep"], row["kenmerk"], row["maat"], row["eind"])
        == ("ouderen", "totaal", "personen", date(2022, 1, 1))
    }
    parts = [cells[code] for code in ("GM0003", "GM0004", "GM0010")]

    assert sum(part["ondergrens"] for part in parts) <= cells["NL01"]["bovengrens"]
    assert sum(part["bovengrens"] for part in parts) >= cells["NL01"]["ondergrens"]


def test_the_title_and_status_say_that_it_is_an_example() -> None:
    assert EXAMPLE_SOURCE.status is SourceStatus.VOORBEELDCIJFERS
    assert "voorbeeldcijfers" in EXAMPLE_SOURCE.titel


@pytest.mark.parametrize("thema", [Thema.OUDEREN, Thema.STUDENTEN, Thema.VERGUNNINGHOUDERS])
def test_true_parts_add_up_to_their_total(thema: Thema) -> None:
    cells = true_counts(trace(FACTS, CODES, YEARS), DAYS)[thema]

    def total(names: tuple[str, ...], maat: str) -> Any:
        return np.sum([part for name in names if (part := cells[name, maat]) is not None], axis=0)

    composition = ("eenpersoons", "meerpersoons", "institutioneel", "samenstelling_onbekend")
    tenure = ("corporatie", "overige_huur", "koop", "eigendom_onbekend")
    assert (total(composition, "personen") == cells["totaal", "personen"]).all()
    assert (total(composition, "huishoudens") == cells["totaal", "huishoudens"]).all()
    assert (total(tenure, "huishoudens") == cells["totaal", "huishoudens"]).all()
    assert (total(tenure[:2], "huishoudens") == cells["huur", "huishoudens"]).all()


def test_a_split_divides_inhabitants_by_the_share_and_a_merger_keeps_them() -> None:
    atoms = trace(FACTS, CODES, YEARS)

    people = atoms.population([date(2022, 1, 1)])[:, 0]

    by_code = {
        code: people[np.array(atoms.codes[Indeling(2022)]) == code].sum()
        for code in CODES[Indeling(2022)]
    }
    assert by_code == pytest.approx(
        {"GM0010": 25_000, "GM0003": 23_000 + 22_200, "GM0004": 30_000 + 14_800}
    )


def test_later_inhabitants_of_a_merged_gemeente_keep_the_proportion_of_its_parts() -> None:
    later = tuple(
        Inhabitants(code, 2022, 50_000, Indeling(2022), "") for code in CODES[Indeling(2022)]
    )
    atoms = trace(replace(FACTS, inhabitants=FACTS.inhabitants + later), CODES, YEARS)

    people = atoms.population([date(2021, 1, 1), date(2022, 1, 1)])

    first = people[atoms.herkomst.index("GM0001")]
    assert first == pytest.approx([(9000 + 18_000) / 2, 18_000], rel=1e-3)


def test_inhabitants_of_an_indeling_without_codes_are_not_used() -> None:
    older = Inhabitants("GM0009", 2016, 1, Indeling(2016), "")

    atoms = trace(replace(FACTS, inhabitants=(older, *FACTS.inhabitants)), CODES, YEARS)

    assert atoms.jaren == (2020,)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"redivisions": FACTS.redivisions[:3]}, "does not lead to the indeling of 2022"),
        ({"redivisions": (event(2021, "GM0005", "GM0003", 0.0), *FACTS.redivisions)}, "no share"),
        ({"inhabitants": FACTS.inhabitants[1:]}, "no inhabitants of ..GM0001"),
        ({"inhabitants": ()}, "needs inhabitants"),
        ({"memberships": FACTS.memberships[1:]}, "GM0001 has no provincie"),
        ({"gazetteer": FACTS.gazetteer[1:]}, "no name for ..GM0001"),
    ],
)
def test_facts_that_do_not_suffice_are_refused(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(RegisterError, match=words):
        make(replace(FACTS, **changes))


def test_a_cell_that_the_example_does_not_make_is_refused() -> None:
    catalogue = load_catalogue()
    strange = replace(catalogue.get("personen"), id="x", kenmerk="piraten")

    with pytest.raises(UnknownMemberError, match="piraten"):
        make(catalogue=Catalogue((*catalogue.indicators, strange)))


def test_members_that_were_not_seen_at_cbs_are_marked() -> None:
    members = load_members()

    assert members.get(Dimensie.GROEP, "studenten").gezien
    assert not members.get(Dimensie.KENMERK, "corporatie").gezien


@pytest.mark.slow
def test_the_whole_example_reads_back_without_an_error() -> None:
    facts = read_facts(Path(__file__).parents[2] / "boundaries")
    codes = code_sets(facts)

    raw = example_statline(facts, codes, load_members(), load_catalogue())
    table, findings = observations(raw, load_members(), region_codes(facts, codes))

    assert table.num_rows > 350_000
    assert {entry.severity.value for entry in findings} == {"info"}
    assert {day.year for day in pc.unique(table.column("eind")).to_pylist()} == set(EXAMPLE_YEARS)
