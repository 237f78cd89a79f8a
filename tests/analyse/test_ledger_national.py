"""The carry-over of the country over 2021 and 2022, from the published facts of this project."""

from functools import cache
from pathlib import Path

from spatial.analyse.ledger.balances import with_balances
from spatial.analyse.ledger.observations import make_ledger, parts_of
from spatial.analyse.taakstelling import TAAKSTELLING_SOURCE, taakstelling_observations
from spatial.domain.regions import Indeling
from spatial.domain.taakstelling import Reports
from spatial.normalise.facts import code_sets, read_facts
from spatial.pipeline.recoding import recoding

FACTS = Path(__file__).parents[2] / "boundaries"

type Row = dict[str, tuple[int | None, str]]


@cache
def country() -> dict[str, Row]:
    """Return value and status by first day of the half-year and kenmerk, without any reports."""
    facts = read_facts(FACTS)
    recode = recoding(facts)
    nights = {
        Indeling(year): parts_of(recode.walk([year - 1], Indeling(year))[0])
        for year in range(2019, 2027)
    }
    targets = taakstelling_observations(facts, code_sets(facts))
    reports = Reports((), TAAKSTELLING_SOURCE)
    ledger = make_ledger(targets, reports, nights, facts.memberships, facts.targets)
    rows: dict[str, Row] = {}
    for row in with_balances(ledger.figures).to_pylist():
        if row["code"] == "NL01":
            cell = row["waarde"], row["status"]
            rows.setdefault(str(row["begin"]), {})[row["kenmerk"]] = cell
    return rows


def test_the_opgave_of_the_first_half_of_2022_is_as_published() -> None:
    first = country()["2022-01-01"]

    assert first["taakstelling"] == (10_000, "waargenomen")
    assert first["achterstand"] == (3_728, "waargenomen")
    assert first["opgave"] == (13_728, "berekend")


def test_what_was_housed_follows_from_the_shortfall_that_was_left() -> None:
    first, second = country()["2022-01-01"], country()["2022-07-01"]

    assert first["gehuisvest"] == (11_895, "berekend")
    assert first["saldo"] == (1_833, "berekend")
    assert second["achterstand"] == (1_833, "waargenomen")
    assert second["opgave"] == (15_333, "berekend")


def test_the_shortfall_of_july_2021_leads_to_that_of_january_2022() -> None:
    row = country()["2021-07-01"]

    assert row["achterstand"] == (5_580, "waargenomen")
    assert row["gehuisvest"] == (12_852, "berekend")
    assert row["saldo"] == (3_728, "berekend")


def test_after_the_last_published_shortfall_nothing_is_filled_in() -> None:
    assert country()["2022-07-01"]["gehuisvest"] == (None, "ontbreekt_in_bron")
    assert country()["2023-01-01"]["opgave"] == (None, "ontbreekt_in_bron")
