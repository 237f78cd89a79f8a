"""The ledger as long rows: publications before the formula, sums of regions, the country."""

from dataclasses import replace
from datetime import date

import pyarrow as pa

from spatial.analyse.ledger.accounts import Part
from spatial.analyse.ledger.balances import with_balances
from spatial.analyse.ledger.observations import Ledger, make_ledger, parts_of
from spatial.analyse.taakstelling import TAAKSTELLING_SOURCE, taakstelling_observations
from spatial.domain.crosswalk import PPM
from spatial.domain.facts import Facts, Inhabitants, Membership, NationalTarget
from spatial.domain.periods import parse_half_year
from spatial.domain.redivisions import Mutatie, Redivision
from spatial.domain.regions import Indeling, Niveau
from spatial.domain.sources import Source, SourceStatus
from spatial.domain.taakstelling import Reported, Reports

type Cell = tuple[int | None, str]

CODES = {
    Indeling(2020): frozenset({"GM0001", "GM0002", "GM0003"}),
    Indeling(2021): frozenset({"GM0001", "GM0002", "GM0003"}),
    Indeling(2022): frozenset({"GM0010", "GM0003"}),
}
PROVINCIE = {"GM0001": "PV20", "GM0002": "PV20", "GM0010": "PV20", "GM0003": "PV21"}
REGISTER = tuple(
    Redivision(
        date(2022, 1, 1),
        code,
        code,
        "GM0010",
        "GM0010",
        mutatie=Mutatie.FUSIE,
        geheel=True,
        aandeel=None,
        aandeel_grondslag="",
        zekerheid="",
        opmerking="",
        bron="",
    )
    for code in ("GM0001", "GM0002")
)
TOTALS = {"2021-1": 40, "2021-2": 20, "2022-1": 10}
FACTS = Facts(
    redivisions=REGISTER,
    memberships=tuple(
        Membership(indeling, code, Niveau.PROVINCIE, PROVINCIE[code], "", "", "")
        for indeling, codes in CODES.items()
        for code in sorted(codes)
    ),
    inhabitants=tuple(
        Inhabitants(code, year, count, Indeling(year), "")
        for year in (2020, 2021)
        for code, count in {"GM0001": 100, "GM0002": 300, "GM0003": 600}.items()
    ),
    targets=tuple(
        NationalTarget(half, parse_half_year(half), total, "definitief", "", "")
        for half, total in TOTALS.items()
    ),
    gazetteer=(),
)
NIGHTS = {
    Indeling(2022): [
        Part("GM0001", "GM0010", PPM, 0),
        Part("GM0002", "GM0010", PPM, 0),
        Part("GM0003", "GM0003", PPM, 0),
    ]
}
SOURCE = Source("opgave", "Test", SourceStatus.OFFICIEEL, "")


def report(half: str, code: str, housed: int | None, **more: int | date | None) -> Reported:
    """Return what was published of one gemeente."""
    period = parse_half_year(half)
    day = more.pop("peildatum", period.eind)
    assert isinstance(day, date)
    blank = dict.fromkeys(("taakstelling", "achterstand", "voorsprong")) | more
    return Reported(code, period, day, gehuisvest=housed, bron="t.csv, row 2", **blank)


FULL = (
    report("2021-1", "GM0001", 3, achterstand=2, voorsprong=0),
    report("2021-1", "GM0002", 12, achterstand=0, voorsprong=1),
    report("2021-1", "GM0003", 20, achterstand=0, voorsprong=0),
    report("2021-2", "GM0001", 5),
    report("2021-2", "GM0002", 5),
    report("2021-2", "GM0003", 10),
    report("2022-1", "GM0010", 4),
    report("2022-1", "GM0003", 6),
)


def ledger(*rows: Reported, facts: Facts = FACTS) -> Ledger:
    """Return the ledger with these reports."""
    targets = taakstelling_observations(facts, CODES, first_year=2021)
    return make_ledger(targets, Reports(rows, SOURCE), NIGHTS, facts.memberships, facts.targets)


def cells(table: pa.Table, kenmerk: str) -> dict[tuple[str, str], Cell]:
    """Return value and status by half-year and code."""
    return {
        (f"{row['begin']:%Y}-{1 + (row['begin'].month > 6)}", row["code"]): (
            row["waarde"],
            row["status"],
        )
        for row in table.to_pylist()
        if row["kenmerk"] == kenmerk
    }


def test_a_region_is_the_sum_of_its_gemeenten() -> None:
    found = ledger(*FULL).figures

    assert cells(found, "achterstand")["2021-1", "PV20"] == (2, "opgeteld")
    assert cells(found, "voorsprong")["2021-1", "PV20"] == (1, "opgeteld")
    assert cells(found, "gehuisvest")["2021-1", "PV20"] == (15, "opgeteld")


def test_what_is_left_over_goes_on_and_through_the_merger() -> None:
    found = ledger(*FULL).figures

    assert cells(found, "achterstand")["2021-2", "GM0001"] == (3, "berekend")
    assert cells(found, "voorsprong")["2021-2", "GM0002"] == (1, "berekend")
    assert cells(found, "achterstand")["2022-1", "GM0010"] == (0, "opgeteld")
    assert cells(found, "voorsprong")["2022-1", "GM0010"] == (0, "opgeteld")


def test_opgave_and_saldo_of_every_level_follow_from_their_parts() -> None:
    found = with_balances(ledger(*FULL).figures)

    opgave, saldo = cells(found, "opgave"), cells(found, "saldo")
    assert opgave["2021-1", "GM0001"] == (6, "berekend")
    assert opgave["2021-1", "PV20"] == (17, "berekend")
    assert opgave["2021-1", "NL01"] == (41, "berekend")
    assert saldo["2021-1", "NL01"] == (6, "berekend")
    assert saldo["2021-1", "PV20"] == (2, "berekend")


def test_without_publications_only_the_target_is_known() -> None:
    found = with_balances(ledger().figures)

    assert cells(found, "taakstelling")["2021-1", "GM0001"] == (4, "berekend")
    for kenmerk in ("achterstand", "voorsprong", "gehuisvest", "opgave", "saldo"):
        assert set(cells(found, kenmerk).values()) == {(None, "ontbreekt_in_bron")}


def test_one_gemeente_without_realisation_makes_its_regions_unknown_and_is_named() -> None:
    found = ledger(*FULL[1:])

    housed = cells(found.figures, "gehuisvest")
    assert housed["2021-1", "PV20"] == (None, "ontbreekt_in_bron")
    assert housed["2021-1", "NL01"] == (None, "ontbreekt_in_bron")
    assert housed["2021-1", "PV21"] == (20, "opgeteld")
    assert [one.rule for one in found.findings] == ["no-realisation"]
    assert "GM0001" in found.findings[0].message


def test_a_published_target_goes_before_the_formula_and_is_reported() -> None:
    exchanged = (
        report("2021-1", "GM0001", 3, taakstelling=6, achterstand=2, voorsprong=0),
        report("2021-1", "GM0002", 12, taakstelling=10, achterstand=0, voorsprong=1),
        *FULL[2:],
    )

    found = ledger(*exchanged)

    target = cells(found.figures, "taakstelling")
    assert target["2021-1", "GM0001"] == (6, "waargenomen")
    assert target["2021-1", "PV20"] == (16, "opgeteld")
    assert target["2021-1", "NL01"] == (40, "waargenomen")
    assert [one.rule for one in found.findings] == ["target-not-by-formula"]
    assert "together +0 persons): GM0001 +2, GM0002 -2" in found.findings[0].message


def test_all_are_measured_at_the_newest_peildatum_of_the_half_year() -> None:
    march, april = date(2022, 3, 31), date(2022, 4, 30)
    running = (
        *FULL[:6],
        report("2022-1", "GM0010", 1, peildatum=march),
        report("2022-1", "GM0010", 3, peildatum=april),
        report("2022-1", "GM0003", 2, peildatum=march),
    )

    found = ledger(*running)

    period = parse_half_year("2022-1")
    assert found.pace[period].maanden == 4
    assert cells(found.figures, "gehuisvest")["2022-1", "GM0010"] == (3, "waargenomen")
    assert cells(found.figures, "gehuisvest")["2022-1", "GM0003"] == (None, "ontbreekt_in_bron")
    provisional = {
        row["code"] for row in found.figures.to_pylist() if row["voorlopig"] and row["waarde"]
    }
    assert provisional == {"GM0010", "PV20"}


def test_a_report_without_a_place_in_the_ledger_is_named_and_not_used() -> None:
    found = ledger(*FULL, report("2016-1", "GM0001", 3))

    assert [one.rule for one in found.findings] == ["report-outside-ledger"]
    assert found.figures == ledger(*FULL).figures


def national(**shortfalls: int) -> Facts:
    """Return the facts with a published achterstand at the start of half-years."""
    known = {name.removeprefix("x_").replace("_", "-"): count for name, count in shortfalls.items()}
    targets = [replace(one, achterstand=known.get(one.halfjaar)) for one in FACTS.targets]
    return replace(FACTS, targets=tuple(targets))


def test_two_published_shortfalls_tell_how_many_were_housed_in_the_country() -> None:
    found = with_balances(ledger(facts=national(x_2021_1=15, x_2021_2=8)).figures)

    assert cells(found, "achterstand")["2021-1", "NL01"] == (15, "waargenomen")
    assert cells(found, "voorsprong")["2021-1", "NL01"] == (0, "berekend")
    assert cells(found, "opgave")["2021-1", "NL01"] == (55, "berekend")
    assert cells(found, "gehuisvest")["2021-1", "NL01"] == (47, "berekend")
    assert cells(found, "saldo")["2021-1", "NL01"] == (8, "berekend")
    assert cells(found, "opgave")["2021-2", "NL01"] == (28, "berekend")
    assert cells(found, "gehuisvest")["2021-2", "NL01"] == (None, "ontbreekt_in_bron")


def test_sums_of_all_gemeenten_go_before_what_was_published_of_the_country() -> None:
    found = ledger(*FULL, facts=national(x_2021_1=15, x_2021_2=8)).figures

    assert cells(found, "achterstand")["2021-1", "NL01"] == (2, "opgeteld")
    assert cells(found, "gehuisvest")["2021-1", "NL01"] == (35, "opgeteld")


def test_targets_and_what_rests_on_reports_name_their_own_source() -> None:
    rows = with_balances(ledger(*FULL).figures).to_pylist()

    computed = {"taakstelling", "inwoners"}
    assert {row["bron"] for row in rows if row["kenmerk"] in computed} == {TAAKSTELLING_SOURCE.id}
    assert {row["bron"] for row in rows if row["kenmerk"] not in computed} == {SOURCE.id}


def test_the_parts_of_a_night_are_the_rows_of_a_crosswalk() -> None:
    night = pa.table(
        {
            "van_code": ["GM0001", "GM0001", "GM0002"],
            "naar_code": ["GM0002", "GM0003", "GM0002"],
            "gewicht_ppm": [600_000, 400_000, 0],
            "grens_ppm": [10, 10, 0],
        }
    )

    assert parts_of(night) == [
        Part("GM0001", "GM0002", 600_000, 10),
        Part("GM0001", "GM0003", 400_000, 10),
    ]
