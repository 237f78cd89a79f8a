"""The schematic indeling: a coverage that nests and looks like the country."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from spatial.domain.facts import Facts, GazetteerEntry, Membership
from spatial.domain.redivisions import Mutatie, Redivision
from spatial.domain.regions import Indeling, Niveau
from spatial.domain.tables import BOUNDARY_COLUMNS
from spatial.errors import GeometryError, RegisterError, UnknownRegionError
from spatial.example.borders import bent
from spatial.example.land import whole_cells
from spatial.example.power import nearest_site, power_cells
from spatial.example.schematic import schematic_gemeenten
from spatial.normalise.facts import code_sets, read_facts

YEARS = [Indeling(year) for year in range(2018, 2027)]
ISLANDS = ("GM0448", "GM0096", "GM0093", "GM0060", "GM0088")
MOVES = (Mutatie.FUSIE, Mutatie.OPSPLITSING)


@pytest.fixture(scope="module")
def facts() -> Facts:
    return read_facts(Path(__file__).parents[2] / "boundaries")


@pytest.fixture(scope="module")
def country(facts: Facts) -> gpd.GeoDataFrame:
    return schematic_gemeenten(facts, YEARS)


def of_year(country: gpd.GeoDataFrame, year: int) -> gpd.GeoSeries:
    rows = country[country["indeling"] == year]
    return gpd.GeoSeries(rows.set_index("code").geometry)


def test_the_table_is_the_declared_one(country: gpd.GeoDataFrame) -> None:
    assert tuple(country.columns) == BOUNDARY_COLUMNS
    assert country.crs == "EPSG:28992"
    assert set(country["niveau"]) == {"gemeente"}
    assert set(country.geom_type) == {"MultiPolygon"}


def test_every_indeling_has_its_codes_once(facts: Facts, country: gpd.GeoDataFrame) -> None:
    sets = code_sets(facts)

    for year in YEARS:
        assert sorted(sets[year]) == list(of_year(country, year).index)


@pytest.mark.parametrize("year", YEARS)
def test_there_are_no_gaps_overlaps_or_holes(country: gpd.GeoDataFrame, year: int) -> None:
    cells = of_year(country, year)

    assert shapely.coverage_is_valid(cells.to_numpy())
    assert cells.is_valid.all()
    assert shapely.get_num_interior_rings(shapely.get_parts(cells.to_numpy())).sum() == 0


def test_the_country_is_whole_but_for_its_islands(country: gpd.GeoDataFrame) -> None:
    pieces = shapely.get_parts(shapely.coverage_union_all(of_year(country, 2024).to_numpy()))

    assert len(pieces) == 11
    assert shapely.get_num_interior_rings(pieces).sum() == 0


def test_outer_rings_run_counter_clockwise(country: gpd.GeoDataFrame) -> None:
    rings = shapely.get_exterior_ring(shapely.get_parts(country.geometry.to_numpy()))

    assert shapely.is_ccw(rings).all()


def test_every_cell_contains_its_point(facts: Facts, country: gpd.GeoDataFrame) -> None:
    points = {row.code: shapely.Point(row.x_m, row.y_m) for row in facts.gazetteer}

    inside = [
        shape.contains(points[code])
        for code, shape in zip(country["code"], country.geometry, strict=True)
    ]

    assert all(inside)


@pytest.mark.parametrize("year", YEARS)
def test_nine_in_ten_cells_are_within_a_quarter_of_the_real_area(
    facts: Facts, country: gpd.GeoDataFrame, year: Indeling
) -> None:
    cells = of_year(country, year)
    measured = [
        row for row in facts.gazetteer if row.code in cells.index and same(facts, row, year)
    ]

    ratios = np.array([cells[row.code].area / 1e6 / row.land_km2 for row in measured])

    assert len(measured) > 340
    assert (np.abs(ratios - 1) <= 0.25).mean() >= 0.9


def same(facts: Facts, entry: GazetteerEntry, year: Indeling) -> bool:
    """Tell whether a code has in ``year`` the territory of which the area was measured."""
    first, last = sorted((year, entry.gemeten))
    return not any(
        row.nieuwe_code == entry.code
        and row.mutatie in MOVES
        and first < row.first_indeling <= last
        for row in facts.redivisions
    )


@pytest.mark.parametrize(
    ("new", "year", "old"),
    [
        ("GM1979", 2021, ("GM0003", "GM0010", "GM0024")),
        ("GM1963", 2019, ("GM0584", "GM0585", "GM0588", "GM0611", "GM0617")),
        ("GM0363", 2023, ("GM0363", "GM0457")),
        ("GM0014", 2019, ("GM0009", "GM0014", "GM0017")),
    ],
)
def test_a_merger_is_exactly_the_union(
    country: gpd.GeoDataFrame, new: str, year: int, old: Sequence[str]
) -> None:
    before = shapely.union_all([of_year(country, year - 1)[code] for code in old])

    assert of_year(country, year)[new].area == before.area
    assert of_year(country, year)[new].equals(before)


@pytest.mark.parametrize(("old", "year"), [("GM0788", 2021), ("GM0053", 2019)])
def test_a_split_follows_the_shares_of_the_register(
    facts: Facts, country: gpd.GeoDataFrame, old: str, year: int
) -> None:
    whole = of_year(country, year - 1)[old]

    for row in facts.redivisions:
        if row.oude_code == old:
            part = of_year(country, year)[row.nieuwe_code].intersection(whole)
            assert part.area / whole.area == pytest.approx(row.aandeel, abs=0.05)


def test_only_amsterdam_lies_in_two_pieces(country: gpd.GeoDataFrame) -> None:
    apart = country[shapely.get_num_geometries(country.geometry.to_numpy()) > 1]

    assert set(apart["code"]) == {"GM0363"}
    assert set(apart["indeling"]) == {2023, 2024, 2025, 2026}


def test_the_wadden_islands_touch_nothing(country: gpd.GeoDataFrame) -> None:
    cells = of_year(country, 2024)

    for code in ISLANDS:
        assert cells.drop(code).distance(cells[code]).min() > 1_000


def test_the_dam_square_is_in_amsterdam_in_every_indeling(country: gpd.GeoDataFrame) -> None:
    amsterdam = country[country["code"] == "GM0363"]

    assert len(amsterdam) == len(YEARS)
    assert amsterdam.contains(shapely.Point(121_400, 487_400)).all()


@pytest.mark.parametrize(
    ("x", "y"),
    [(150_000, 540_000), (141_000, 500_000), (50_000, 378_000), (140_000, 580_000)],
    ids=["IJsselmeer", "Markermeer", "Westerschelde", "Waddenzee"],
)
def test_large_waters_are_open(country: gpd.GeoDataFrame, x: int, y: int) -> None:
    assert not of_year(country, 2024).intersects(shapely.Point(x, y)).any()


def test_a_name_is_the_one_of_its_year(country: gpd.GeoDataFrame) -> None:
    names = country[country["code"] == "GM0164"].set_index("indeling")["naam"]

    assert names[2023] == "Hengelo"
    assert names[2024] == "Hengelo (O.)"


def test_the_country_is_light_and_on_whole_metres(country: gpd.GeoDataFrame) -> None:
    corners = shapely.get_coordinates(of_year(country, 2024).to_numpy())

    assert 342 * 20 < len(corners) < 20_000
    assert (corners == np.round(corners)).all()


def test_an_indeling_has_the_same_bytes_whatever_else_is_asked(
    facts: Facts, country: gpd.GeoDataFrame
) -> None:
    alone = schematic_gemeenten(facts, [Indeling(2019)])

    assert list(alone.to_wkb()["geometry"]) == [
        shape.wkb for shape in of_year(country, 2019).to_numpy()
    ]


def test_an_indeling_before_2018_is_refused(facts: Facts) -> None:
    with pytest.raises(UnknownRegionError, match="starts in 2018"):
        schematic_gemeenten(facts, [Indeling(2017)])


def entry(code: str, x_m: float, y_m: float) -> GazetteerEntry:
    first, last, measured = Indeling(2018), Indeling(2026), Indeling(2024)
    return GazetteerEntry(code, code, x_m, y_m, 100.0, first, last, measured)


def small(*gazetteer: GazetteerEntry, register: Sequence[Redivision] = ()) -> Facts:
    members = tuple(
        Membership(Indeling(2018), row.code, Niveau.PROVINCIE, "PV25", "Gelderland", "", "")
        for row in gazetteer
    )
    return Facts(tuple(register), members, (), (), gazetteer)


PAIR = (entry("GM0001", 180_000, 450_000), entry("GM0002", 190_000, 450_000))
MERGER = Redivision(
    date(2019, 1, 1), "GM0001", "GM0001", "GM0002", "GM0002",
    mutatie=Mutatie.FUSIE, geheel=True, aandeel=None, aandeel_grondslag="",
    zekerheid="", opmerking="", bron="",
)  # fmt: skip


def test_two_gemeenten_share_a_border() -> None:
    west, east = schematic_gemeenten(small(*PAIR), [Indeling(2018)]).geometry

    assert west.area / 1e6 == pytest.approx(100, rel=0.1)
    assert west.intersection(east).length > 1_000


def test_islands_alone_can_be_drawn() -> None:
    texel = schematic_gemeenten(small(entry("GM0448", 117_000, 566_500)), [Indeling(2018)])

    assert texel.area.sum() / 1e6 == pytest.approx(100, rel=0.01)


def test_a_gemeente_in_open_water_is_refused() -> None:
    with pytest.raises(GeometryError, match="GM0003 at \\(50000, 600000\\)"):
        schematic_gemeenten(small(*PAIR, entry("GM0003", 50_000, 600_000)), [Indeling(2018)])


def test_facts_without_2018_are_refused() -> None:
    with pytest.raises(UnknownRegionError, match="found 0"):
        schematic_gemeenten(small(), [Indeling(2018)])


def test_a_gemeente_that_grew_cannot_be_split() -> None:
    west = entry("GM0001", 180_000, 450_000)
    split = replace(
        MERGER, datum=date(2020, 1, 1), oude_code="GM0002", nieuwe_code="GM0003",
        mutatie=Mutatie.OPSPLITSING, geheel=False, aandeel=1.0,
    )  # fmt: skip

    with pytest.raises(RegisterError, match="it grew after 2018"):
        schematic_gemeenten(small(west, PAIR[1], register=[MERGER, split]), [Indeling(2020)])


def test_a_part_that_nothing_joins_cannot_be_drawn() -> None:
    split = replace(MERGER, nieuwe_code="GM0003", mutatie=Mutatie.OPSPLITSING, aandeel=1.0)

    with pytest.raises(RegisterError, match="nothing but the part of GM0001"):
        schematic_gemeenten(small(*PAIR, register=[split]), [Indeling(2019)])


def row_of_squares(*lefts: int) -> np.ndarray:
    return np.array([shapely.box(left, 0, left + 1_000, 1_000) for left in lefts], dtype=object)


def test_parts_apart_from_their_site_go_to_the_cells_they_border() -> None:
    faces = row_of_squares(0, 1_000, 2_000, 3_000)
    sites = np.array([(1.5, 0.5), (0.5, 0.5)])

    cells = whole_cells(faces, np.array([1, 0, 1, 0]), sites)

    assert [cell.area / 1e6 for cell in cells] == [3, 1]


def test_land_in_two_pieces_is_not_divided_as_one() -> None:
    faces = row_of_squares(0, 5_000)

    with pytest.raises(GeometryError, match="1 parts of the land border no cell"):
        whole_cells(faces, np.array([0, 0]), np.array([(0.5, 0.5)]))


def test_a_heavier_site_has_the_larger_cell() -> None:
    sites = np.array([(0.0, 0.0), (10.0, 0.0)])

    assert nearest_site(np.array([(5.5, 0.0)]), sites, np.array([0.0, 0.0]))[0] == 1
    assert nearest_site(np.array([(5.5, 0.0)]), sites, np.array([30.0, 0.0]))[0] == 0


def test_a_site_that_is_outweighed_has_an_empty_cell() -> None:
    sites = np.array([(0.0, 0.0), (1.0, 0.0), (12.0, 0.0)])

    cells = power_cells(sites, np.array([20.0, 0.0, 0.0]))

    assert shapely.is_empty(cells).tolist() == [False, True, False]


@given(
    st.lists(
        st.tuples(st.integers(0, 200), st.integers(0, 200), st.floats(0, 50)),
        min_size=4, max_size=12, unique_by=lambda site: site[:2],
    )
)  # fmt: skip
def test_power_cells_hold_what_is_nearest(places: list[tuple[int, int, float]]) -> None:
    table = np.array(places, dtype=float)
    cells = power_cells(table[:, :2], table[:, 2])
    spots = np.array([(x + 0.37, y + 0.21) for x in range(0, 200, 40) for y in range(0, 200, 40)])

    owners = nearest_site(spots, table[:, :2], table[:, 2])

    assert (shapely.distance(cells[owners], shapely.points(spots)) < 1e-6).all()


@given(st.integers(2_000, 20_000), st.integers(2_000, 20_000))
def test_bent_borders_leave_no_gap(width: int, height: int) -> None:
    west, east = shapely.box(0, 0, width, height), shapely.box(width, 0, 2 * width, height)
    cells = bent(np.array([west, east], dtype=object))

    assert shapely.coverage_is_valid(cells)
    assert shapely.is_valid(cells).all()
    assert len(shapely.get_coordinates(cells)) > 10
