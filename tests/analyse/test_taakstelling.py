"""The formula of the law on a country of four gemeenten: a merger, a split, missing inhabitants."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from spatial.analyse.taakstelling import TAAKSTELLING_SOURCE, taakstelling_observations
from spatial.domain.facts import Facts, Inhabitants, Membership, NationalTarget
from spatial.domain.periods import parse_half_year
from spatial.domain.redivisions import Mutatie, Redivision
from spatial.domain.regions import Indeling, Niveau
from spatial.errors import DuplicateKeyError, RegisterError

type Cell = tuple[int | None, str]

CODES = {
    Indeling(2020): frozenset({"GM0001", "GM0002", "GM0003", "GM0004"}),
    Indeling(2021): frozenset({"GM0010", "GM0003", "GM0004"}),
    Indeling(2022): frozenset({"GM0010", "GM0003"}),
}
PROVINCIE = {
    "GM0001": "PV20",
    "GM0002": "PV20",
    "GM0010": "PV20",
    "GM0003": "PV21",
    "GM0004": "PV21",
}


def event(
    year: int, old: str, new: str, mutatie: Mutatie, share: float | None = None
) -> Redivision:
    """Return a row of the register."""
    return Redivision(
        datum=date(year, 1, 1),
        oude_code=old,
        oude_naam=old,
        nieuwe_code=new,
        nieuwe_naam=new,
        mutatie=mutatie,
        geheel=share is None,
        aandeel=share,
        aandeel_grondslag="",
        zekerheid="",
        opmerking="",
        bron="",
    )


def target(half_year: str, total: int, certainty: str = "definitief") -> NationalTarget:
    """Return a national total."""
    return NationalTarget(half_year, parse_half_year(half_year), total, certainty, "", "")


def inhabitants(year: int, indeling: int, **counts: int) -> tuple[Inhabitants, ...]:
    """Return the inhabitants of a year."""
    return tuple(
        Inhabitants(code, year, count, Indeling(indeling), "") for code, count in counts.items()
    )


FACTS = Facts(
    redivisions=(
        event(2021, "GM0001", "GM0010", Mutatie.FUSIE),
        event(2021, "GM0002", "GM0010", Mutatie.FUSIE),
        event(2022, "GM0004", "GM0003", Mutatie.OPSPLITSING, 0.4),
        event(2022, "GM0004", "GM0010", Mutatie.OPSPLITSING, 0.6),
    ),
    memberships=tuple(
        Membership(indeling, code, Niveau.PROVINCIE, PROVINCIE[code], "", "", "")
        for indeling, codes in CODES.items()
        for code in sorted(codes)
    ),
    inhabitants=inhabitants(2020, 2020, GM0001=100, GM0002=250, GM0003=300, GM0004=350),
    targets=(target("2020-2", 40), target("2021-1", 10), target("2021-2", 11, "afgeleid")),
    gazetteer=(),
)


def cells(facts: Facts, kenmerk: str = "taakstelling") -> dict[tuple[str, str], Cell]:
    """Return value and status by half-year and code."""
    table = taakstelling_observations(facts, CODES, first_year=2020)
    return {
        (f"{row['begin']:%Y}-{1 + (row['begin'].month > 6)}", row["code"]): (
            row["waarde"],
            row["status"],
        )
        for row in table.to_pylist()
        if row["kenmerk"] == kenmerk
    }


def test_a_merged_gemeente_has_the_share_of_its_parts_rounded_up() -> None:
    found = cells(FACTS)

    assert found["2021-1", "GM0010"] == (4, "berekend")
    assert found["2021-1", "GM0003"] == (3, "berekend")


def test_inhabitants_are_observed_and_their_sums_summed() -> None:
    found = cells(FACTS, "inwoners")

    assert found["2021-1", "GM0010"] == (350, "waargenomen")
    assert found["2021-1", "PV21"] == (650, "opgeteld")
    assert found["2021-1", "NL01"] == (1000, "opgeteld")


def test_a_region_has_the_sum_and_the_country_the_published_total() -> None:
    found = cells(FACTS)

    assert found["2021-1", "PV21"] == (7, "opgeteld")
    assert found["2021-1", "NL01"] == (10, "waargenomen")


def test_an_inferred_total_makes_every_figure_an_estimate() -> None:
    found = cells(FACTS)

    assert found["2021-2", "NL01"] == (11, "geschat")
    assert found["2021-2", "GM0003"] == (4, "geschat")
    assert found["2021-2", "PV21"][1] == "geschat"


def test_without_inhabitants_only_the_country_has_a_figure() -> None:
    found = cells(FACTS)

    assert found["2020-2", "NL01"] == (40, "waargenomen")
    assert found["2020-2", "GM0001"] == (None, "ontbreekt_in_bron")
    assert found["2020-2", "PV20"] == (None, "ontbreekt_in_bron")
    assert cells(FACTS, "inwoners")["2020-2", "NL01"] == (None, "ontbreekt_in_bron")


def test_a_half_year_without_a_total_has_no_figures_but_does_have_inhabitants() -> None:
    assert cells(FACTS)["2020-1", "NL01"] == (None, "ontbreekt_in_bron")
    facts = replace(FACTS, targets=(target("2021-2", 11),))
    assert cells(facts)["2021-1", "GM0003"] == (None, "ontbreekt_in_bron")
    assert cells(facts, "inwoners")["2021-1", "GM0003"] == (300, "waargenomen")


def split(**changes: Any) -> Facts:
    """Return the facts up to the year of the split."""
    counted = inhabitants(2021, 2021, GM0010=350, GM0003=300, GM0004=350)
    return replace(FACTS, inhabitants=counted, targets=(target("2022-1", 10),), **changes)


def test_a_gemeente_that_receives_a_part_of_a_split_one_has_no_figure() -> None:
    found = cells(split())

    assert found["2022-1", "GM0003"] == (None, "ontbreekt_in_bron")
    assert found["2022-1", "PV21"] == (None, "ontbreekt_in_bron")
    assert found["2022-1", "NL01"] == (10, "waargenomen")


def test_a_merger_after_a_part_came_in_is_not_known_either() -> None:
    register = (*FACTS.redivisions, event(2022, "GM0004", "GM0010", Mutatie.FUSIE))

    assert cells(split(redivisions=register))["2022-1", "GM0010"][0] is None


def test_a_gemeente_that_keeps_its_code_in_a_merger_is_counted_once() -> None:
    register = (
        event(2022, "GM0010", "GM0010", Mutatie.FUSIE),
        event(2022, "GM0004", "GM0010", Mutatie.FUSIE),
    )

    assert cells(split(redivisions=register), "inwoners")["2022-1", "GM0010"][0] == 700


def test_inhabitants_on_later_borders_are_not_carried_back() -> None:
    facts = replace(FACTS, inhabitants=inhabitants(2020, 2022, GM0010=600, GM0003=400))

    found = cells(facts)

    assert found["2021-1", "GM0003"] == (None, "ontbreekt_in_bron")
    assert cells(facts, "inwoners")["2021-1", "NL01"] == (1000, "opgeteld")


def test_bounds_equal_the_value_and_the_source_is_named() -> None:
    rows = taakstelling_observations(FACTS, CODES, first_year=2020).to_pylist()

    assert all(row["ondergrens"] == row["waarde"] == row["bovengrens"] for row in rows)
    assert {row["bron"] for row in rows} == {TAAKSTELLING_SOURCE.id}


@pytest.mark.parametrize(
    ("changes", "error", "words"),
    [
        ({"targets": ()}, RegisterError, "no national total"),
        ({"targets": (target("2021-1", 1), target("2021-1", 2))}, DuplicateKeyError, "2021-1"),
        ({"targets": (target("2023-1", 1),)}, RegisterError, "indeling of 2023"),
        ({"inhabitants": FACTS.inhabitants[:3]}, RegisterError, "GM0004"),
        ({"inhabitants": FACTS.inhabitants[:1] + FACTS.inhabitants}, RegisterError, "5 rows"),
    ],
)
def test_facts_that_cannot_be_right_are_refused(
    changes: dict[str, Any], error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        taakstelling_observations(replace(FACTS, **changes), CODES, first_year=2020)
