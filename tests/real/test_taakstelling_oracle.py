"""The formula of the law against figures that were computed apart and published."""

import csv
from pathlib import Path

import pytest

from spatial.analyse.taakstelling import taakstelling_observations
from spatial.domain.periods import parse_half_year
from spatial.normalise.facts import code_sets, read_facts

type Cells = dict[tuple[str, str], tuple[int | None, str]]

FACTS = Path(__file__).parents[2] / "boundaries"


@pytest.fixture(scope="module")
def cells() -> Cells:
    """Value and status of every taakstelling, by first day of the half-year and code."""
    facts = read_facts(FACTS)
    table = taakstelling_observations(facts, code_sets(facts))
    return {
        (str(row["begin"]), row["code"]): (row["waarde"], row["status"])
        for row in table.to_pylist()
        if row["kenmerk"] == "taakstelling"
    }


def oracle(shared_facts: Path) -> list[tuple[str, str, str]]:
    """Return first day, code and figure of the half-years since 2018."""
    path = shared_facts / "taakstelling_berekend.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = [(parse_half_year(row["period"]).begin, row) for row in csv.DictReader(file)]
    return [
        (str(begin), row["gemeente_code"], row["taakstelling"])
        for begin, row in rows
        if begin.year >= 2018
    ]


def test_every_gemeente_has_the_figure_of_the_formula(cells: Cells, shared_facts: Path) -> None:
    expected = oracle(shared_facts)

    assert len(expected) == 2420
    for begin, code, figure in expected:
        assert cells[begin, code][0] == (int(figure) if figure else None)


def test_only_the_receivers_of_haaren_miss_a_figure_that_the_others_have(cells: Cells) -> None:
    missing = {
        code
        for (begin, code), (value, _) in cells.items()
        if begin == "2021-07-01" and code.startswith("GM") and value is None
    }

    assert missing == {"GM0757", "GM0824", "GM0855", "GM0865"}
    assert cells["2021-07-01", "PV30"] == (None, "ontbreekt_in_bron")


def test_the_published_88_of_krimpenerwaard_is_twice_the_first_half_of_2021(cells: Cells) -> None:
    first, second = cells["2021-01-01", "GM1931"], cells["2021-07-01", "GM1931"]

    assert (first, second) == ((44, "geschat"), (36, "berekend"))
    assert 2 * (first[0] or 0) == 88


def test_the_country_keeps_its_published_total_where_gemeenten_have_none(cells: Cells) -> None:
    assert cells["2018-01-01", "NL01"] == (13_000, "waargenomen")
    assert cells["2018-01-01", "GM0363"] == (None, "ontbreekt_in_bron")


@pytest.mark.parametrize(
    ("begin", "total", "shares"), [("2022-01-01", 10_000, 10_167), ("2025-07-01", 13_000, 13_164)]
)
def test_the_sum_of_rounded_up_shares_is_more_than_the_total(
    cells: Cells, begin: str, total: int, shares: int
) -> None:
    provincies = [
        value for (day, code), (value, _) in cells.items() if day == begin and code[:2] == "PV"
    ]

    assert sum(value or 0 for value in provincies) == shares
    assert cells[begin, "NL01"][0] == total
