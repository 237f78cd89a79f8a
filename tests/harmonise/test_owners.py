from itertools import pairwise

import geopandas as gpd
import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import MultiPolygon, Polygon, box

from spatial.domain.squares import Frame
from spatial.harmonise.spread.owners import NOBODY, owners_of

FRAME = Frame(left=100_000, top=400_500, side=100, rows=5, columns=8)


def gemeenten(*shapes: Polygon) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(geometry=[MultiPolygon([shape]) for shape in shapes], crs=28992)


def columns(left: float, right: float) -> Polygon:
    """All rows of the frame between two columns."""
    return box(100_000 + left * 100, 400_000, 100_000 + right * 100, 400_500)


def test_a_cell_on_a_border_belongs_to_the_gemeente_that_covers_most_of_it() -> None:
    owner = owners_of(gemeenten(columns(0, 2.4), columns(2.4, 5.6), columns(5.6, 8)), FRAME)

    assert owner.reshape(FRAME.shape).tolist() == [[0, 0, 1, 1, 1, 1, 2, 2]] * 5


def test_of_equal_parts_the_first_has_the_cell() -> None:
    owner = owners_of(gemeenten(columns(0, 2.5), columns(2.5, 8)), FRAME)

    assert owner.reshape(FRAME.shape)[0].tolist() == [0, 0, 0, 1, 1, 1, 1, 1]


def test_a_cell_on_the_coast_is_land_and_one_in_the_sea_is_of_nobody() -> None:
    owner = owners_of(gemeenten(columns(1.9, 3)), FRAME)

    assert owner.reshape(FRAME.shape)[0].tolist() == [NOBODY, 0, 0, *[NOBODY] * 5]


def test_land_outside_the_frame_does_no_harm() -> None:
    owner = owners_of(gemeenten(columns(-3, 1), columns(7, 20)), FRAME)

    assert owner.reshape(FRAME.shape)[4].tolist() == [0, *[NOBODY] * 6, 1]


@given(st.lists(st.integers(0, 800), max_size=6))
def test_of_land_without_gaps_every_cell_has_one_owner_and_they_stand_in_order(
    cuts: list[int],
) -> None:
    edges = sorted({0, 800, *cuts})
    shapes = [columns(a / 100, b / 100) for a, b in pairwise(edges)]

    owner = owners_of(gemeenten(*shapes), FRAME).reshape(FRAME.shape)

    assert (owner != NOBODY).all()
    assert (np.diff(owner, axis=1) >= 0).all()
    assert (owner == owner[0]).all()
