import math
from datetime import date
from functools import cache
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Transformer

from spatial.domain.crs import CRS84, ETRS89, RD, WEB_MERCATOR, Crs
from spatial.serve.ask.query import Box, Interval
from spatial.serve.coverage.asked import Asked
from spatial.serve.coverage.block import Block, block_of
from spatial.store.rasters.index import Coverage
from tests.densities import COLUMNS, DAYS, GRID, LEFT, ROWS, TOP


@cache
def between(source: int, target: int) -> Transformer:
    return Transformer.from_crs(source, target, always_xy=True)


def block_in(coverage: Coverage, box: Box) -> Block:
    found = block_of(coverage, Asked(box))
    assert found is not None
    return found


def test_nothing_asked_is_all_cells_and_bands(coverage: Coverage) -> None:
    found = block_of(coverage, Asked())

    assert found is not None
    assert found.whole
    assert found.cells == 3 * ROWS * COLUMNS
    assert found.bounds == coverage.bbox


def test_a_box_takes_the_cells_that_it_meets(coverage: Coverage) -> None:
    found = block_in(coverage, Box(103_500.0, 490_500.0, 105_500.0, 491_500.0, RD))

    assert (found.column, found.columns) == (3, 3)
    assert (found.row, found.rows) == (8, 2)
    assert found.bounds == (103_000.0, 490_000.0, 106_000.0, 492_000.0)


def test_a_box_along_the_edges_of_cells_takes_no_others(coverage: Coverage) -> None:
    found = block_in(coverage, Box(103_000.0, 490_000.0, 105_000.0, 492_000.0, RD))

    assert found.bounds == (103_000.0, 490_000.0, 105_000.0, 492_000.0)


def test_a_point_takes_the_one_cell_that_it_lies_in(coverage: Coverage) -> None:
    found = block_in(coverage, Box(103_250.0, 490_750.0, 103_250.0, 490_750.0, RD))

    assert found.bounds == (103_000.0, 490_000.0, 104_000.0, 491_000.0)


def test_what_lies_outside_is_cut_off(coverage: Coverage) -> None:
    found = block_in(coverage, Box(-math.inf, 498_500.0, 101_500.0, math.inf, RD))

    assert found.bounds == (LEFT, 498_000.0, 102_000.0, TOP)


@pytest.mark.parametrize(
    "box",
    [
        Box(0.0, 300_000.0, LEFT - 1, 400_000.0, RD),
        Box(LEFT + COLUMNS * GRID, TOP - 100.0, LEFT + COLUMNS * GRID + 1, TOP, RD),
        Box(-80.0, -10.0, -70.0, 10.0, CRS84),
    ],
)
def test_a_box_elsewhere_takes_nothing(coverage: Coverage, box: Box) -> None:
    assert block_of(coverage, Asked(box)) is None


def test_a_box_around_the_world_takes_everything(coverage: Coverage) -> None:
    assert block_in(coverage, Box(-180.0, -90.0, 180.0, 90.0)).whole


def test_a_box_over_the_antimeridian_takes_what_lies_on_either_side(coverage: Coverage) -> None:
    assert block_in(coverage, Box(170.0, 50.0, 10.0, 54.0)).whole


@pytest.mark.parametrize(
    ("interval", "days"),
    [
        (Interval(DAYS[1], DAYS[1]), DAYS[1:2]),
        (Interval(date(2020, 6, 1), None), DAYS[1:]),
        (Interval(None, date(2021, 12, 31)), DAYS[:2]),
        (Interval(None, None), DAYS),
    ],
)
def test_an_interval_takes_the_bands_in_it(
    coverage: Coverage, interval: Interval, days: tuple[date, ...]
) -> None:
    found = block_of(coverage, Asked(interval=interval))

    assert found is not None
    assert tuple(band.peilmoment for band in found.bands) == days


def test_an_interval_without_bands_takes_nothing(coverage: Coverage) -> None:
    assert block_of(coverage, Asked(interval=Interval(date(2019, 1, 1), date(2019, 2, 1)))) is None


@given(
    easting=st.tuples(st.floats(100_001, 149_999), st.floats(100_001, 149_999)),
    northing=st.tuples(st.floats(470_001, 499_999), st.floats(470_001, 499_999)),
    crs=st.sampled_from([RD, CRS84, ETRS89, WEB_MERCATOR]),
)
def test_every_edge_of_a_box_lies_in_the_cells_that_it_takes(
    easting: tuple[float, float], northing: tuple[float, float], crs: Crs, coverage: Coverage
) -> None:
    there, back = between(RD.epsg, crs.epsg), between(crs.epsg, RD.epsg)
    (left, right), (bottom, top) = sorted(easting), sorted(northing)
    west, south = there.transform(left, bottom)
    east, north = there.transform(right, top)
    west, east = sorted((west, east))
    south, north = sorted((south, north))

    found = block_in(coverage, Box(west, south, east, north, crs))

    corners = [(west, south), (east, south), (east, north), (west, north), (west, south)]
    for (x_1, y_1), (x_2, y_2) in pairwise(corners):
        for part in (0.0, 0.3, 0.5, 0.9):
            x, y = back.transform(x_1 + part * (x_2 - x_1), y_1 + part * (y_2 - y_1))
            if LEFT <= x <= LEFT + COLUMNS * GRID and TOP - ROWS * GRID <= y <= TOP:
                slack = 2.0  # metres: an edge is moved by points on it
                assert found.bounds[0] - slack <= x <= found.bounds[2] + slack
                assert found.bounds[1] - slack <= y <= found.bounds[3] + slack
