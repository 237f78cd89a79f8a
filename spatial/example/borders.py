"""Bend straight borders a little, the same way on both sides, so that cells look like gemeenten."""

from itertools import pairwise

import numpy as np
import shapely
from numpy.typing import NDArray

from spatial.example.power import Floats, Shapes

_STEP_M = 1_300.0
_MOST_PIECES = 8
_SWING = 0.05
_LENS = 0.2
_PRIMES = (73_856_093, 19_349_663, 83_492_791, 49_979_687)

type Segment = tuple[float, float, float, float]


def bent(cells: Shapes) -> Shapes:
    """Return the cells with bent borders.

    A border is bent only within a lens around it that no other border enters: what was a coverage
    without gaps and overlaps stays one.

    Args:
        cells: polygons on whole metres with identical vertices along shared borders.

    Returns:
        The polygons, in the same order, on whole metres.
    """
    segments = sorted({segment for cell in cells for segment in _segments(cell)})
    free = _free(np.array(segments).reshape(-1, 4))
    curves = {
        segment: _curve(segment) for segment, is_free in zip(segments, free, strict=True) if is_free
    }
    return np.array([_bent_cell(cell, curves) for cell in cells], dtype=object)


def _segments(cell: shapely.Polygon) -> list[Segment]:
    found = []
    for ring in shapely.get_rings(cell):
        corners = shapely.get_coordinates(ring)
        found += [_one_way(*pair) for pair in pairwise(corners)]
    return found


def _one_way(begin: Floats, end: Floats) -> Segment:
    """Return a segment in the direction that does not depend on the cell."""
    first, second = sorted((tuple(begin.tolist()), tuple(end.tolist())))
    return first[0], first[1], second[0], second[1]


def _free(segments: Floats) -> NDArray[np.bool_]:
    """Tell which segments are long enough and have a lens that no other lens enters."""
    begin, end = segments[:, :2], segments[:, 2:]
    along = end - begin
    across = np.column_stack([-along[:, 1], along[:, 0]]) * _LENS / 2
    middle = (begin + end) / 2
    corners = np.stack([begin, middle + across, end, middle - across], axis=1)
    lenses = np.asarray(shapely.polygons(corners), dtype=object)
    free: NDArray[np.bool_] = np.hypot(*along.T) >= _STEP_M
    first, second = shapely.STRtree(lenses).query(lenses, predicate="intersects")
    first, second = first[first < second], second[first < second]
    entered = shapely.area(shapely.intersection(lenses[first], lenses[second])) > 0
    free[first[entered]] = False
    free[second[entered]] = False
    return free


def _curve(segment: Segment) -> list[tuple[float, float]]:
    """Return the corners between the ends: two waves whose heights follow from the ends."""
    begin, end = np.array(segment[:2]), np.array(segment[2:])
    along = end - begin
    count = min(_MOST_PIECES, int(np.hypot(*along) // _STEP_M) + 1)
    place = np.arange(1, count) / count
    number = sum(int(value) * prime for value, prime in zip(segment, _PRIMES, strict=True)) % 65_521
    one, two = (number % 251) / 125 - 1, (number // 251) / 130 - 1
    height = _SWING * (one * np.sin(np.pi * place) + two / 2 * np.sin(2 * np.pi * place)) / 1.5
    corners = np.round(
        begin + place[:, None] * along + height[:, None] * np.array([-along[1], along[0]])
    )
    return [(float(x), float(y)) for x, y in corners]


def _bent_cell(
    cell: shapely.Polygon, curves: dict[Segment, list[tuple[float, float]]]
) -> shapely.Polygon:
    rings = [_bent_ring(shapely.get_coordinates(ring), curves) for ring in shapely.get_rings(cell)]
    return shapely.Polygon(rings[0], rings[1:])


def _bent_ring(
    corners: Floats, curves: dict[Segment, list[tuple[float, float]]]
) -> list[tuple[float, float]]:
    ring: list[tuple[float, float]] = []
    for begin, end in pairwise(corners):
        segment = _one_way(begin, end)
        between = curves.get(segment, [])
        ring.append((float(begin[0]), float(begin[1])))
        ring.extend(between if segment[:2] == tuple(begin.tolist()) else between[::-1])
    return ring
