"""The shapes of a collection per level of detail, on the whole units of its tiles."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry import MultiPolygon
from shapely.geometry.base import BaseGeometry

from spatial.serve.read.layer import Layer, Rows
from spatial.serve.tiles.kept import Kept
from spatial.serve.tiles.matrices import BUFFER, EXTENT, Scheme, Tile

type Geometries = npt.NDArray[np.object_]
type Numbers = npt.NDArray[np.float64]

_VERTICES = 2_000_000


@dataclass(frozen=True, slots=True, eq=False)
class Coverage:
    """Shapes that lie beside each other, generalised for one level; none is empty.

    Attributes:
        shapes: in units of the level from the corner of the whole set, x to the right, y down.
        bounds: of each: left, top, right, bottom.
    """

    shapes: Geometries
    bounds: Numbers


@dataclass(frozen=True, slots=True, eq=False)
class Cut:
    """What a tile shows.

    Attributes:
        rows: row of each feature in its layer.
        shapes: polygons and multipolygons in units of the tile, y down, outer rings clockwise as
            they are seen.
    """

    rows: Rows
    shapes: Geometries


class Pyramid:
    """The shapes of one layer; what was generalised is kept as long as it fits."""

    def __init__(self, layer: Layer) -> None:
        self.layer = layer
        self._sets, self._set_of = _sets(layer)
        self._coverages: Kept[Coverage] = Kept(
            _VERTICES, lambda made: int(shapely.get_num_coordinates(made.shapes).sum())
        )

    def bounds(self, scheme: Scheme) -> tuple[float, float, float, float]:
        """Return the rectangle around all shapes (x and y, lower then upper corner)."""
        x_min, y_min, x_max, y_max = shapely.total_bounds(self.layer.shapes.placed(scheme.crs))
        return float(x_min), float(y_min), float(x_max), float(y_max)

    def cut(self, scheme: Scheme, tile: Tile, rows: Rows) -> Cut:
        """Return which of these features lie in a tile or its margin, and their part of it."""
        found_rows, found = [], []
        for which, places in enumerate(self._sets):
            mine = rows[(self._set_of[rows] == which) & (self.layer.shape_of[rows] >= 0)]
            if not len(mine):
                continue
            coverage = self._coverage(scheme, tile.level, which)
            at = np.searchsorted(places, self.layer.shape_of[mine])
            hit, shapes = _clip(coverage, at, _frame(tile))
            found_rows.append(mine[hit])
            found.append(shapes)
        if not found:
            return Cut(np.array([], dtype=np.intp), np.array([], dtype=object))
        together, shapes = np.concatenate(found_rows), np.concatenate(found)
        order = np.argsort(together)
        corner = np.array([tile.col * EXTENT, tile.row * EXTENT], dtype=np.float64)
        local = shapely.transform(shapes[order], lambda points: points - corner)
        return Cut(together[order], shapely.orient_polygons(local))

    def _coverage(self, scheme: Scheme, level: int, which: int) -> Coverage:
        def make() -> Coverage:
            shapes = self.layer.shapes.placed(scheme.crs)[self._sets[which]]
            made = generalise(shapes, scheme, level)
            return Coverage(made, shapely.bounds(made))

        return self._coverages.get((scheme.id, level, which), make)


def generalise(shapes: Geometries, scheme: Scheme, level: int) -> Geometries:
    """Leave out what cannot be seen at a level, and place the rest on whole units.

    Neighbours keep the edge they share. A shape of less than a unit becomes one unit square: a
    region is never left out.

    Args:
        shapes: valid polygons that lie beside each other, in metres, x first. Where they overlap
            each is generalised by itself.
        scheme: tile matrix set.
        level: level of detail.

    Returns:
        Valid shapes in units from the corner of the set, x to the right, y down.
    """
    unit = scheme.unit(level)
    if shapely.coverage_is_valid(shapes):
        simple = shapely.coverage_simplify(shapes, unit / 2)
    else:
        simple = shapely.simplify(shapes, unit / 2)
    corner = np.array(scheme.origin(level))
    scale = np.array([1 / unit, -1 / unit])
    placed = shapely.transform(simple, lambda points: (points - corner) * scale)
    made: Geometries = shapely.set_precision(placed, 1.0)
    lost = shapely.is_empty(made)
    if lost.any():
        x, y = np.floor(shapely.get_coordinates(shapely.point_on_surface(placed[lost]))).T
        made[lost] = shapely.box(x, y, x + 1, y + 1)
    return made


def _sets(layer: Layer) -> tuple[list[Rows], Rows]:
    """Return the different sets of shapes of features that begin on one day, and each row's set."""
    known: dict[bytes, int] = {}
    sets: list[Rows] = []
    set_of = np.full(layer.count, -1, dtype=np.intp)
    days, day_of = np.unique(layer.begin, return_inverse=True)
    for day in range(len(days)):
        rows = np.flatnonzero(day_of == day)
        places = np.unique(layer.shape_of[rows])
        places = places[places >= 0]
        if not len(places):
            continue
        which = known.setdefault(places.tobytes(), len(sets))
        if which == len(sets):
            sets.append(places)
        set_of[rows] = which
    return sets, set_of


def _frame(tile: Tile) -> tuple[int, int, int, int]:
    """Return a tile with its margin: left, top, right, bottom in units of its level."""
    left, top = tile.col * EXTENT, tile.row * EXTENT
    return left - BUFFER, top - BUFFER, left + EXTENT + BUFFER, top + EXTENT + BUFFER


def _clip(
    coverage: Coverage, at: Rows, frame: tuple[int, int, int, int]
) -> tuple[npt.NDArray[np.bool_], Geometries]:
    """Return which of the shapes at these places lie in a frame, and their part of it."""
    left, top, right, bottom = frame
    bounds = coverage.bounds[at]
    hit = (
        (bounds[:, 0] < right)
        & (bounds[:, 2] > left)
        & (bounds[:, 1] < bottom)
        & (bounds[:, 3] > top)
    )
    shapes, bounds = coverage.shapes[at[hit]], bounds[hit]
    across = (
        (bounds[:, 0] < left)
        | (bounds[:, 2] > right)
        | (bounds[:, 1] < top)
        | (bounds[:, 3] > bottom)
    )
    if across.any():
        parts = shapely.intersection(shapes[across], shapely.box(*frame), grid_size=1.0)
        shapes[across] = [_surface(part) for part in parts]
        seen = ~shapely.is_empty(shapes)
        hit[np.flatnonzero(hit)[~seen]] = False
        shapes = shapes[seen]
    return hit, shapes


def _surface(part: BaseGeometry) -> BaseGeometry:
    """Leave out the points and lines in which a shape only touches the frame."""
    if part.geom_type in {"Polygon", "MultiPolygon"}:
        return part
    return MultiPolygon(
        [piece for piece in shapely.get_parts(part) if piece.geom_type == "Polygon"]
    )
