"""Miniland is a row of squares of 10 km in RD from (120000, 480000): GM0001 west, GM0004 east."""

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from spatial.domain.crs import CRS84, ETRS89, OFFERED, RD, WEB_MERCATOR, Crs
from spatial.errors import QueryError
from spatial.serve.ask.query import Box, Query
from spatial.serve.cql2.check import check
from spatial.serve.cql2.expression import Condition
from spatial.serve.cql2.read import TEXT, read_filter
from spatial.serve.matching.conditions import matching
from spatial.serve.matching.select import select
from spatial.serve.read.edition import Edition
from spatial.serve.read.layer import Layer

_NAMES = (
    "INTERSECTS", "EQUALS", "DISJOINT", "TOUCHES", "WITHIN", "OVERLAPS", "CROSSES", "CONTAINS",
)  # fmt: skip
_COLLECTION = "GEOMETRYCOLLECTION(POINT(125000 485000), GEOMETRYCOLLECTION(POINT(165000 485000)))"


@pytest.fixture(scope="session")
def squares(edition: Edition) -> Layer:
    return edition.layer("grenzen-gemeente")


def codes(layer: Layer, written: str, crs: Crs = RD) -> set[str]:
    fields = {field.naam: field for field in layer.collection.velden}
    condition = read_filter(f"indeling = 2021 AND ({written})", TEXT, fields, crs)
    return {layer.ids[row][5] for row in select(layer, Query(filter=condition))}


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("S_INTERSECTS(geometry, POINT(125000 485000))", "1"),
        ("S_INTERSECTS(geometry, POINT Z (125000 485000 7))", "1"),
        ("S_INTERSECTS(POINT(125000 485000), geometry)", "1"),
        ("S_INTERSECTS(geometry, MULTIPOINT((125000 485000), (135000 485000)))", "12"),
        ("S_INTERSECTS(geometry, LINESTRING(125000 485000, 145000 485000))", "123"),
        ("S_INTERSECTS(geometry, MULTILINESTRING((125000 485000, 126000 485000)))", "1"),
        ("S_INTERSECTS(geometry, BBOX(121000, 481000, 131000, 482000))", "12"),
        ("S_INTERSECTS(geometry, BBOX(121000, 481000, 0, 131000, 482000, 9))", "12"),
        ("S_INTERSECTS(geometry, BBOX(125000, 485000, 125000, 485000))", "1"),
        ("S_INTERSECTS(geometry, BBOX(125000, 485000, 135000, 485000))", "12"),
        (f"S_INTERSECTS(geometry, {_COLLECTION})", "14"),
        ("S_DISJOINT(geometry, POINT(125000 485000))", "234"),
        ("S_WITHIN(geometry, BBOX(119000, 479000, 141000, 491000))", "12"),
        ("S_CONTAINS(BBOX(119000, 479000, 141000, 491000), geometry)", "12"),
        ("S_CONTAINS(geometry, POINT(125000 485000))", "1"),
        ("S_WITHIN(POINT(125000 485000), geometry)", "1"),
        ("S_OVERLAPS(geometry, BBOX(125000, 479000, 141000, 491000))", "13"),
        ("S_CROSSES(geometry, LINESTRING(125000 485000, 135000 495000))", "1"),
        ("S_CROSSES(LINESTRING(125000 485000, 135000 495000), geometry)", "1"),
        ("S_TOUCHES(geometry, BBOX(130000, 480000, 140000, 490000))", "13"),
        ("S_EQUALS(geometry, BBOX(130000, 480000, 140000, 490000))", "2"),
        ("S_EQUALS(geometry, geometry)", "1234"),
        ("S_WITHIN(geometry, geometry)", "1234"),
        ("S_TOUCHES(geometry, geometry)", ""),
        ("geometry IS NOT NULL", "1234"),
        ("POINT(1 1) IS NULL", ""),
        ("S_CROSSES(LINESTRING(0 0, 2 2), LINESTRING(0 2, 2 0))", "1234"),
        ("S_DISJOINT(POINT(0 0), BBOX(0, 0, 1, 1))", ""),
        ("NOT S_INTERSECTS(geometry, POINT(125000 485000))", "234"),
        ("S_INTERSECTS(geometry, POINT(125000 485000)) OR regioNaam = 'Hoekdal'", "1"),
    ],
)
def test_shapes_are_related_to_what_is_written(squares: Layer, written: str, expected: str) -> None:
    assert codes(squares, written) == set(expected)


@pytest.mark.parametrize(
    ("point", "crs"),
    [
        ("POINT(4.93 52.32)", CRS84),
        ("POINT(52.32 4.93)", ETRS89),
        ("POINT(548805 6856500)", WEB_MERCATOR),
        ("POINT(124000 481000)", RD),
    ],
)
def test_coordinates_are_in_the_axis_order_of_their_reference_system(
    squares: Layer, point: str, crs: Crs
) -> None:
    assert codes(squares, f"S_INTERSECTS(geometry, {point})", crs) == {"1"}


@pytest.mark.parametrize("crs", OFFERED, ids=lambda crs: crs.uri.rpartition("/")[2])
def test_a_published_shape_equals_itself_and_touches_its_neighbours(
    squares: Layer, crs: Crs
) -> None:
    row = squares.row_of["GM0002-2021-01-01"]
    place = int(squares.shape_of[row])
    published = shapely.from_geojson(squares.shapes.texts(crs, [place])[place]).wkt

    assert codes(squares, f"S_EQUALS(geometry, {published})", crs) == {"2"}
    assert codes(squares, f"S_WITHIN(geometry, {published})", crs) == {"2"}
    assert codes(squares, f"S_TOUCHES(geometry, {published})", crs) >= {"1"}


@given(
    west=st.integers(110_000, 170_000),
    south=st.integers(470_000, 490_000),
    width=st.integers(1, 60_000),
    height=st.integers(1, 20_000),
)
def test_every_relation_is_what_shapely_finds_one_by_one(
    squares: Layer, west: int, south: int, width: int, height: int
) -> None:
    box = (west, south, west + width, south + height)
    shapes = squares.shapes.placed(RD)
    fields = {field.naam: field for field in squares.collection.velden}

    for name in _NAMES:
        written = f"S_{name}(geometry, BBOX{box})"
        mask = matching(read_filter(written, TEXT, fields, RD), squares)
        relation = getattr(shapely, name.lower())

        assert mask.tolist() == [
            bool(relation(shapes[place], shapely.box(*box))) for place in squares.shape_of
        ]


def test_a_box_in_the_filter_finds_what_bbox_finds(squares: Layer) -> None:
    fields = {field.naam: field for field in squares.collection.velden}
    written = "S_INTERSECTS(geometry, BBOX(4.9, 52.31, 4.95, 52.33))"

    filtered = select(squares, Query(filter=read_filter(written, TEXT, fields, CRS84)))

    assert filtered.tolist() == select(squares, Query(box=Box(4.9, 52.31, 4.95, 52.33))).tolist()


def test_a_box_over_the_antimeridian_has_two_parts_in_degrees_only(squares: Layer) -> None:
    assert codes(squares, "S_INTERSECTS(geometry, BBOX(177, 50, 5, 54))", CRS84) >= {"1"}
    assert codes(squares, "S_INTERSECTS(geometry, BBOX(177, 50, -177, 54))", CRS84) == set()
    with pytest.raises(QueryError, match="left of"):
        codes(squares, "S_INTERSECTS(geometry, BBOX(2, 1, 1, 2))", RD)


def test_what_shapely_cannot_compare_is_a_bad_request(
    squares: Layer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        message = "TopologyException"
        raise shapely.GEOSException(message)

    monkeypatch.setitem(matching.__globals__["_TRUTHS"], type(_related()), fail)

    with pytest.raises(QueryError, match="cannot be compared: TopologyException"):
        matching(_related(), squares)


def _related() -> Condition:
    tree = {"op": "s_equals", "args": [{"property": "geometry"}, {"property": "geometry"}]}
    return check(tree, {}, RD)
