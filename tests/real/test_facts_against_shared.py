"""Our fact tables against real code sets and against the public facts they were made of."""

import csv
import json
from pathlib import Path

import pytest

from spatial.domain.facts import Facts
from spatial.domain.regions import Indeling, Niveau
from spatial.normalise.facts import code_sets, read_facts

LEVELS = {
    "provincie": Niveau.PROVINCIE,
    "coropgebied": Niveau.COROP,
    "veiligheidsregio": Niveau.VEILIGHEIDSREGIO,
}


@pytest.fixture(scope="module")
def facts() -> Facts:
    return read_facts(Path(__file__).parents[2] / "boundaries")


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.mark.parametrize("year", range(2016, 2026))
def test_the_register_gives_the_codes_of_the_real_boundaries(
    facts: Facts, mirror: Path, year: int
) -> None:
    path = mirror / "boundaries" / f"gemeente_gegeneraliseerd_{year}.geojson"
    features = json.loads(path.read_text(encoding="utf-8"))["features"]

    real = {feature["properties"]["statcode"] for feature in features}

    assert code_sets(facts)[Indeling(year)] == real


def test_memberships_are_those_of_the_public_facts(facts: Facts, shared_facts: Path) -> None:
    public = {
        (int(row["year"]), row["gemeente_code"], LEVELS[row["region_type"]], row["region_code"])
        for row in rows_of(shared_facts / "gemeente_regio.csv")
        if row["region_type"] in LEVELS
    }

    ours = {(row.indeling, row.gemeente, row.niveau, row.code) for row in facts.memberships}

    assert {row for row in ours if row[0] < 2026} == public
    assert {row[1:] for row in ours if row[0] == 2026} == {
        row[1:] for row in ours if row[0] == 2025
    }


def test_inhabitants_are_those_of_the_public_facts(facts: Facts, shared_facts: Path) -> None:
    public = {
        (row["gemeente_code"], int(row["year"]), int(row["inhabitants"]))
        for row in rows_of(shared_facts / "bevolking_gemeente.csv")
    }

    assert {(row.gemeente, row.jaar, row.inwoners) for row in facts.inhabitants} == public


def test_the_register_has_every_public_redivision(facts: Facts, shared_facts: Path) -> None:
    public = {
        (row["date"], row["old_code"], row["new_code"], row["area_share"])
        for row in rows_of(shared_facts / "gemeente_mutaties.csv")
    }

    ours = {
        (str(row.datum), row.oude_code, row.nieuwe_code, str(row.aandeel or ""))
        for row in facts.redivisions
    }

    assert ours == public


def test_definitive_targets_are_those_of_the_public_facts(facts: Facts, shared_facts: Path) -> None:
    public = {
        row["period"]: int(row["national_total"])
        for row in rows_of(shared_facts / "taakstelling.csv")
        if row["status"] == "definitive"
    }

    ours = {row.halfjaar: row.totaal for row in facts.targets if row.zekerheid == "definitief"}

    assert ours == public
