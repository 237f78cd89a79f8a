"""Which cells and bands of a coverage are asked: a block of whole cells; pure arithmetic."""

import math
from dataclasses import dataclass
from functools import cache

from pyproj import Transformer

from spatial.domain.crs import RD, Crs
from spatial.serve.ask.query import Box, Interval
from spatial.serve.coverage.asked import Asked
from spatial.store.rasters.index import Band, Coverage

_EDGE_POINTS = 21
"""Points on an edge of a box that is moved to another reference system: its corners are not enough."""
_TOUCH = 1e-6
"""Part of a cell by which a box must enter it."""

type Bounds = tuple[float, float, float, float]
"""Left, bottom, right, top."""


@dataclass(frozen=True, slots=True)
class Block:
    """A rectangle of cells, of some bands.

    Attributes:
        coverage: of which it is a part.
        bands: in order of peilmoment.
        row: first row, counted from the north.
        column: first column.
        rows: number of rows.
        columns: number of columns.
    """

    coverage: Coverage
    bands: tuple[Band, ...]
    row: int
    column: int
    rows: int
    columns: int

    @property
    def cells(self) -> int:
        """Number of its values."""
        return len(self.bands) * self.rows * self.columns

    @property
    def whole(self) -> bool:
        """Tell whether it is all of the coverage."""
        return (self.rows, self.columns) == self.coverage.shape and (
            self.bands == self.coverage.bands
        )

    @property
    def bounds(self) -> Bounds:
        """Left, bottom, right, top (m, RD)."""
        left, _, _, top = self.coverage.bbox
        grid = self.coverage.grid
        x, y = left + self.column * grid, top - self.row * grid
        return x, y - self.rows * grid, x + self.columns * grid, y


def block_of(coverage: Coverage, asked: Asked) -> Block | None:
    """Return what is asked of a coverage; None when nothing of it is.

    A box takes every cell that it meets. A box in another reference system takes the cells of the
    smallest rectangle in RD around it.
    """
    bands = tuple(band for band in coverage.bands if _within(band, asked.interval))
    rows, columns = coverage.shape
    cells: tuple[int, int, int, int] | None = (0, 0, rows, columns)
    if asked.box is not None:
        cells = _cells(coverage, asked.box)
    if not bands or cells is None:
        return None
    row, column, last_row, last_column = cells
    return Block(coverage, bands, row, column, last_row - row, last_column - column)


def degrees_of(coverage: Coverage, crs: Crs) -> Bounds:
    """Return the bounds of a coverage in another reference system, x first."""
    return _moved(coverage.bbox, RD, crs)


def _within(band: Band, interval: Interval | None) -> bool:
    if interval is None:
        return True
    begin, eind = interval.begin or band.peilmoment, interval.eind or band.peilmoment
    return begin <= band.peilmoment <= eind


def _cells(coverage: Coverage, box: Box) -> tuple[int, int, int, int] | None:
    """Return first row and column, and those after the last."""
    extent = degrees_of(coverage, box.crs)
    met = [cells for part in box.parts if (cells := _cells_of(coverage, part, extent, box.crs))]
    if not met:
        return None
    rows, columns, last_rows, last_columns = zip(*met, strict=True)
    return min(rows), min(columns), max(last_rows), max(last_columns)


def _cells_of(
    coverage: Coverage, part: Bounds, extent: Bounds, crs: Crs
) -> tuple[int, int, int, int] | None:
    clipped = _common(part, extent)
    if clipped is None:
        return None
    left, bottom, right, top = _moved(clipped, crs, RD)
    west, _, _, north = coverage.bbox
    grid = coverage.grid
    rows = _steps((north - top) / grid, (north - bottom) / grid, coverage.shape[0])
    columns = _steps((left - west) / grid, (right - west) / grid, coverage.shape[1])
    if rows is None or columns is None:
        return None
    return rows[0], columns[0], rows[1], columns[1]


def _steps(low: float, high: float, count: int) -> tuple[int, int] | None:
    """Return the first cell that a range meets, and the one after the last; a point meets one."""
    first = math.floor(low + _TOUCH)
    after = max(math.ceil(high - _TOUCH), first + 1)
    first, after = max(first, 0), min(after, count)
    return (first, after) if first < after else None


def _common(one: Bounds, other: Bounds) -> Bounds | None:
    left, bottom = max(one[0], other[0]), max(one[1], other[1])
    right, top = min(one[2], other[2]), min(one[3], other[3])
    return (left, bottom, right, top) if left <= right and bottom <= top else None


def _moved(bounds: Bounds, source: Crs, target: Crs) -> Bounds:
    if source.epsg == target.epsg:
        return bounds
    transformer = _transformer(source.epsg, target.epsg)
    left, bottom, right, top = transformer.transform_bounds(*bounds, densify_pts=_EDGE_POINTS)
    return left, bottom, right, top


@cache
def _transformer(source: int, target: int) -> Transformer:
    return Transformer.from_crs(source, target, always_xy=True)
