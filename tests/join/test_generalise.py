import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.affinity import translate
from shapely.geometry import MultiPolygon, Point, Polygon, box
from shapely.geometry.base import BaseGeometry

from spatial.errors import GeometryError, SchemaError
from spatial.join.generalise import generalise
from spatial.join.repair import repair_coverage
from tests.miniland import boundaries

X, Y = 120_000, 480_000


def table(*shapes: BaseGeometry) -> gpd.GeoDataFrame:
    codes = [f"GM{number:04}" for number in range(1, len(shapes) + 1)]
    columns = {"niveau": "gemeente", "code": codes, "naam": codes, "indeling": 2023}
    return gpd.GeoDataFrame(columns, geometry=list(shapes), crs=28992)


def halves(border: list[tuple[float, float]]) -> gpd.GeoDataFrame:
    """Two regions on either side of a border that runs from south to north."""
    west = Polygon([(X, Y + 10_000), (X, Y), *border])
    east = Polygon([(X + 10_000, Y), (X + 10_000, Y + 10_000), *reversed(border)])
    return table(west, east)


def wavy(offsets: list[float]) -> gpd.GeoDataFrame:
    steps = np.linspace(0, 10_000, len(offsets) + 2)
    places = [0.0, *offsets, 0.0]
    return halves([(X + 5_000 + dx, Y + dy) for dx, dy in zip(places, steps, strict=True)])


@settings(max_examples=40)
@given(st.lists(st.floats(-900, 900), min_size=2, max_size=40), st.sampled_from([50, 500, 3_000]))
def test_a_shared_border_stays_shared(offsets: list[float], tolerance_m: float) -> None:
    result = generalise(wavy(offsets), tolerance_m)

    shapes = result.geometry.to_numpy()
    assert shapely.coverage_is_valid(shapes)
    assert shapely.is_valid(shapes).all()
    assert shapely.area(shapes).sum() == pytest.approx(1e8)


def test_detail_below_the_tolerance_goes() -> None:
    fine = wavy([20.0 * (-1) ** n for n in range(60)])

    result = generalise(fine, 500.0)

    assert result.count_coordinates().sum() < fine.count_coordinates().sum() / 3
    assert result["code"].tolist() == ["GM0001", "GM0002"]


def test_islands_stay() -> None:
    island = Point(X + 20_000, Y).buffer(30)
    shape = MultiPolygon([box(X, Y, X + 10_000, Y + 10_000), island])

    (result,) = generalise(table(shape), 2_000.0).geometry

    assert shapely.get_num_geometries(result) == 2


def test_results_are_multipolygons_with_outer_rings_counter_clockwise() -> None:
    result = generalise(boundaries(), 100.0)

    rings = shapely.get_exterior_ring(shapely.get_parts(result.geometry.to_numpy()))
    assert set(result.geom_type) == {"MultiPolygon"}
    assert shapely.is_ccw(rings).all()


def test_rows_keep_their_order_and_index() -> None:
    shuffled = boundaries().iloc[::-1]

    result = generalise(shuffled, 100.0)

    assert result.drop(columns="geometry").equals(shuffled.drop(columns="geometry"))


def test_a_negative_tolerance_is_refused() -> None:
    with pytest.raises(GeometryError, match="a tolerance of -1 m is not possible"):
        generalise(boundaries(), -1)


def test_degrees_are_refused() -> None:
    with pytest.raises(SchemaError, match="in EPSG:28992, got"):
        generalise(boundaries().to_crs(4326), 100.0)


def test_a_repair_is_said_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    generalise(table(box(X, Y, X + 110, Y + 100), box(X + 100, Y, X + 200, Y + 100)), 1.0)

    assert "grenzen gemeente 2023: made into a coverage" in caplog.text


def test_a_coverage_is_left_as_it_is() -> None:
    before = boundaries()

    after, findings = repair_coverage(before)

    assert findings == []
    assert (before.geometry.to_wkb() == after.geometry.to_wkb()).all()


@settings(max_examples=40)
@given(st.integers(0, 400), st.integers(-400, 400))
def test_overlapping_regions_become_a_coverage_of_the_same_land(dx: int, dy: int) -> None:
    square = box(X, Y, X + 1_000, Y + 1_000)
    before = table(square, translate(square, 600 + dx, dy), translate(square, 300, 800))

    after, _ = repair_coverage(before)

    shapes = after.geometry.to_numpy()
    assert shapely.coverage_is_valid(shapes)
    land = before.geometry.union_all()
    assert after.geometry.union_all().symmetric_difference(land).area < 20 * 1_000
    assert shapely.area(shapes).sum() == pytest.approx(after.geometry.union_all().area)


def test_an_overlap_goes_to_the_smallest_region() -> None:
    enclave = box(X + 100, Y + 100, X + 200, Y + 200)

    after, findings = repair_coverage(table(box(X, Y, X + 1_000, Y + 1_000), enclave))

    assert after.geometry.area.tolist() == [990_000, 10_000]
    assert "changed by 1.00 ha in all" in findings[0].message


def test_a_thin_gap_goes_to_the_neighbour_with_the_longest_border() -> None:
    low, high = box(X, Y, X + 100, Y + 300), box(X, Y + 300, X + 100, Y + 1_000)
    right = box(X + 104, Y, X + 204, Y + 1_000)
    lids = box(X, Y - 50, X + 204, Y), box(X, Y + 1_000, X + 204, Y + 1_050)

    after, _ = repair_coverage(table(low, high, right, *lids))

    assert after.geometry.area.tolist() == [30_000, 70_000, 104_000, 10_200, 10_200]


def test_wide_holes_are_water_and_stay() -> None:
    lake = box(X + 400, Y + 400, X + 500, Y + 500)
    crack = box(X + 100, Y + 100, X + 900, Y + 101)

    after, _ = repair_coverage(table(box(X, Y, X + 1_000, Y + 1_000) - lake - crack))

    (shape,) = after.geometry
    assert shape.area == 990_000
    assert shapely.get_num_interior_rings(shapely.get_parts(shape)).tolist() == [1]


def test_a_region_wholly_under_others_is_refused() -> None:
    left, right = box(X, Y, X + 100, Y + 100), box(X + 100, Y, X + 200, Y + 100)

    with pytest.raises(GeometryError, match="GM0003 lie wholly under other regions"):
        repair_coverage(table(left, right, left | right))
