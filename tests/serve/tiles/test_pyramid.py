"""Shapes per level: what holds for every tile of every collection."""

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.affinity import translate

from spatial.serve.read.edition import Edition
from spatial.serve.read.layer import Layer
from spatial.serve.tiles.matrices import (
    BUFFER,
    EXTENT,
    NETHERLANDS_QUAD,
    SCHEMES,
    WEB_MERCATOR_QUAD,
    Scheme,
    Tile,
)
from spatial.serve.tiles.pyramid import Geometries, Pyramid, generalise

LEVELS = range(10)
COLLECTIONS = ("ouderen-gemeente", "grenzen-provincie", "herindelingen")


def tiles_of(pyramid: Pyramid, scheme: Scheme, level: int) -> Iterator[Tile]:
    (limits,) = [found for found in scheme.limits(pyramid.bounds(scheme)) if found.level == level]
    for row in range(limits.first_row, limits.last_row + 1):
        for col in range(limits.first_col, limits.last_col + 1):
            yield Tile(level, row, col)


def in_units(layer: Layer, scheme: Scheme, level: int) -> Geometries:
    """Every shape as it is, in units of a level from the corner of the set."""
    corner, unit = np.array(scheme.origin(level)), scheme.unit(level)
    placed: Geometries = shapely.transform(
        layer.shapes.placed(scheme.crs),
        lambda points: (points - corner) * np.array([1 / unit, -1 / unit]),
    )
    return placed


@pytest.mark.parametrize("scheme", SCHEMES.values(), ids=list(SCHEMES))
@pytest.mark.parametrize("collection_id", COLLECTIONS)
@pytest.mark.parametrize("level", LEVELS)
def test_the_tiles_of_a_level_together_show_every_feature_whole(
    edition: Edition, collection_id: str, scheme: Scheme, level: int
) -> None:
    layer = edition.layer(collection_id)
    pyramid = Pyramid(layer)
    rows = np.flatnonzero(layer.shape_of >= 0)
    parts: dict[int, list[shapely.Polygon]] = {row: [] for row in rows.tolist()}

    for tile in tiles_of(pyramid, scheme, level):
        cut = pyramid.cut(scheme, tile, rows)
        own = shapely.intersection(cut.shapes, shapely.box(0, 0, EXTENT, EXTENT))
        corner = tile.col * EXTENT, tile.row * EXTENT
        moved = [translate(part, *corner) for part in own]
        for row, shape in zip(cut.rows.tolist(), moved, strict=True):
            parts[row].append(shape)

    whole = in_units(layer, scheme, level)
    for row, pieces in parts.items():
        shown, shape = shapely.union_all(pieces), whole[layer.shape_of[row]]
        # to the unit, and a shape smaller than one becomes one
        assert shapely.covers(shapely.buffer(shown, 1.5), shape)
        assert shapely.covers(shapely.buffer(shape, 1.5), shown)
        assert sum(shapely.area(pieces)) == pytest.approx(shapely.area(shown))


@pytest.mark.parametrize("scheme", SCHEMES.values(), ids=list(SCHEMES))
def test_shapes_of_a_tile_are_valid_on_whole_units_and_rightly_wound(
    edition: Edition, scheme: Scheme
) -> None:
    layer = edition.layer("grenzen-gemeente")
    pyramid = Pyramid(layer)
    rows = np.arange(layer.count)

    cuts = [
        pyramid.cut(scheme, tile, rows)
        for level in LEVELS
        for tile in tiles_of(pyramid, scheme, level)
    ]

    for cut in cuts:
        assert shapely.is_valid(cut.shapes).all()
        points = shapely.get_coordinates(cut.shapes)
        assert (points == np.round(points)).all()
        assert points.min() >= -BUFFER
        assert points.max() <= EXTENT + BUFFER
        outer = shapely.get_exterior_ring(shapely.get_parts(cut.shapes))
        # y goes down: clockwise as it is seen is counterclockwise in numbers
        assert shapely.is_ccw(outer).all()


def test_features_of_a_tile_keep_the_order_of_the_layer(edition: Edition) -> None:
    layer = edition.layer("ouderen-gemeente")

    cut = Pyramid(layer).cut(WEB_MERCATOR_QUAD, Tile(0, 0, 0), np.arange(layer.count))

    assert cut.rows.tolist() == list(range(layer.count))


def test_a_feature_without_a_shape_is_in_no_tile(edition: Edition) -> None:
    layer = edition.layer("herindelingen")
    without = np.flatnonzero(layer.shape_of < 0)

    cut = Pyramid(layer).cut(NETHERLANDS_QUAD, Tile(0, 0, 0), np.arange(layer.count))

    assert not set(without.tolist()) & set(cut.rows.tolist())


cuts = st.lists(st.integers(1, 999), min_size=1, max_size=6, unique=True).map(sorted)


@given(across=cuts, down=cuts, level=st.integers(0, 10))
def test_generalised_neighbours_neither_gape_nor_overlap(
    across: list[int], down: list[int], level: int
) -> None:
    x, y = [0, *across, 1000], [0, *down, 1000]
    mosaic = np.array(
        [
            shapely.box(1e5 + left * 100, 4e5 + low * 100, 1e5 + right * 100, 4e5 + high * 100)
            for left, right in pairwise(x)
            for low, high in pairwise(y)
        ],
        dtype=object,
    )

    made = generalise(mosaic, NETHERLANDS_QUAD, level)

    together = shapely.union_all(made)
    assert shapely.is_valid(made).all()
    assert not shapely.is_empty(made).any()
    assert len(shapely.get_parts(together)) == 1
    assert not shapely.get_num_interior_rings(shapely.get_parts(together)).any()


def test_shapes_that_overlap_are_generalised_by_themselves() -> None:
    shapes = np.array(
        [shapely.box(0, 0, 9000, 9000), shapely.box(5000, 0, 9000, 9000)], dtype=object
    )

    made = generalise(shapes, NETHERLANDS_QUAD, 5)

    assert shapely.is_valid(made).all()
    assert shapely.covers(made[0], made[1])


def test_a_shape_of_less_than_a_unit_is_one_unit_square() -> None:
    shapes = np.array([shapely.box(150_000, 450_000, 150_020, 450_020)], dtype=object)

    (made,) = generalise(shapes, NETHERLANDS_QUAD, 0)

    assert shapely.area(made) == 1
    assert (
        shapely.distance(
            made, shapely.Point((150_010 + 285_401.92) / 215.04, (903_401.92 - 450_010) / 215.04)
        )
        == 0
    )
