"""The tile grid of the real fact tables, and the rules of who follows whom in a made-up country."""

from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
import shapely

from spatial.domain.facts import Facts, GazetteerEntry, Inhabitants
from spatial.domain.redivisions import Mutatie, Redivision
from spatial.domain.regions import Indeling
from spatial.join.hexagons import hexagon_map, stems_of
from spatial.normalise.facts import read_facts


@pytest.fixture(scope="module")
def facts() -> Facts:
    return read_facts(Path(__file__).parents[2] / "boundaries")


@pytest.fixture(scope="module")
def tiles(facts: Facts) -> pa.Table:
    return hexagon_map(facts)


def cells(tiles: pa.Table) -> dict[str, tuple[int, int]]:
    columns = (tiles[name].to_pylist() for name in ("code", "kolom", "rij"))
    return {code: (column, row) for code, column, row in zip(*columns, strict=True)}


def entry(code: str, first: int, last: int) -> GazetteerEntry:
    number = int(code[-1])
    years = Indeling(first), Indeling(last), Indeling(first)
    return GazetteerEntry(code, code, 10_000.0 * number, 10_000.0 * (number % 2), 100, *years)


def merged(old: str, new: str) -> Redivision:
    return Redivision(
        date(2021, 1, 1), old, old, new, new, Mutatie.FUSIE, aandeel=None, aandeel_grondslag="",
        geheel=True, zekerheid="hoog", opmerking="", bron="test",
    )  # fmt: skip


def people(code: str, inwoners: int) -> Inhabitants:
    return Inhabitants(code, 2020, inwoners, Indeling(2020), "test")


def country(*new: str) -> Facts:
    """GM0001 (small) and GM0002 (large) until 2020, the new gemeenten from 2021, GM0003 always."""
    entries = [
        entry("GM0001", 2020, 2020),
        entry("GM0002", 2020, 2020),
        entry("GM0003", 2020, 2021),
    ]
    register = [merged(old, code) for old in ("GM0001", "GM0002") for code in new]
    entries += [entry(code, 2021, 2021) for code in new]
    inhabitants = (people("GM0001", 100), people("GM0002", 900), people("GM0003", 500))
    return Facts(tuple(register), (), inhabitants, (), tuple(entries))


def test_a_merged_gemeente_takes_the_place_of_its_largest_part() -> None:
    stems = stems_of(country("GM0007"))

    assert stems["GM0007"] == "GM0002"
    assert stems["GM0003"] == "GM0003"


def test_two_gemeenten_out_of_the_same_parts_take_a_place_each() -> None:
    stems = stems_of(country("GM0007", "GM0008"))

    assert {stems["GM0007"], stems["GM0008"]} == {"GM0001", "GM0002"}


def test_a_gemeente_without_a_free_part_gets_a_place_of_its_own() -> None:
    stems = stems_of(country("GM0007", "GM0008", "GM0009"))

    assert stems["GM0009"] == "GM0009"


def test_no_two_gemeenten_of_one_indeling_have_the_same_hexagon(
    facts: Facts, tiles: pa.Table
) -> None:
    place = cells(tiles)

    for year in range(2016, 2027):
        held = [place[e.code] for e in facts.gazetteer if e.eerste <= year <= e.laatste]
        assert len(held) == len(set(held)) > 300


def test_every_gemeente_of_the_gazetteer_has_a_hexagon(facts: Facts, tiles: pa.Table) -> None:
    assert tiles["code"].to_pylist() == sorted(entry.code for entry in facts.gazetteer)


def test_hexagons_are_equal_valid_and_do_not_overlap(tiles: pa.Table) -> None:
    shapes = shapely.from_wkb(np.array(sorted(set(tiles["geometry"].to_pylist()))))

    assert shapely.is_valid(shapes).all()
    assert np.ptp(shapely.area(shapes)) < 1e-4 * shapely.area(shapes).mean()
    whole = shapely.union_all(shapes).area
    assert whole == pytest.approx(shapely.area(shapes).sum(), rel=1e-6)


def test_gemeenten_stay_near_where_they_are(facts: Facts, tiles: pa.Table) -> None:
    shapes = shapely.centroid(shapely.from_wkb(tiles["geometry"].to_numpy(zero_copy_only=False)))
    where = dict(zip(tiles["code"].to_pylist(), shapes, strict=True))
    newest = [e for e in facts.gazetteer if e.laatste == max(g.laatste for g in facts.gazetteer)]
    moved = [np.hypot(where[e.code].x - e.x_m, where[e.code].y - e.y_m) for e in newest]

    assert np.mean(moved) < 12_000
    assert max(moved) < 40_000


def test_the_same_facts_give_the_same_hexagons(facts: Facts, tiles: pa.Table) -> None:
    assert hexagon_map(facts).equals(tiles)
