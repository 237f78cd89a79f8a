"""Cells of a grid as a picture for a map: the class of every cell, in the projection of the page.

Cells keep their edges: a picture is made of classes, by the nearest cell, never of mixed colours.
"""

import base64
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt
import rasterio
from pyproj import Transformer
from rasterio.enums import Resampling
from rasterio.errors import RasterioError
from rasterio.io import MemoryFile
from rasterio.transform import from_bounds
from rasterio.warp import reproject

from spatial.domain.crs import CRS84, RD, WEB_MERCATOR
from spatial.errors import StoreError
from spatial.preview.basemap import Grid
from spatial.preview.classes import ClassScheme
from spatial.store.rasters.index import Band, Coverage

EMPTY = 0
"""Stands for a cell without a value; the classes begin at 1."""
MOST_CELLS = 5_000_000
"""Cells in all pictures of a page together; a finer grid is shown in blocks of cells."""
_MOST_DOTS = 2_000
_DOTS_PER_CELL = 2
"""Along a side, where a picture is turned: an edge lies within half of that."""
_EDGE_POINTS = 21

type Cells = npt.NDArray[np.uint8]
type Values = npt.NDArray[np.float32]
type Bounds = tuple[float, float, float, float]
"""Left, bottom, right, top."""


@dataclass(frozen=True)
class Picture:
    """The cells of one moment.

    Attributes:
        classes: ``EMPTY`` or the class from 1 of every cell shown, rows from north to south.
        bounds: of these cells (RD, m).
        counts: number of cells of the grid in each class.
        low: least value; None without cells.
        middle: at least half of the cells with a value have this or more; None without cells.
        high: greatest value; None without cells.
    """

    classes: Cells
    bounds: Bounds
    counts: tuple[int, ...]
    low: float | None
    middle: float | None
    high: float | None

    @property
    def cells(self) -> int:
        """Number of cells with a value."""
        return sum(self.counts)


@dataclass(frozen=True)
class Raster:
    """A coverage as a map shows it.

    Attributes:
        coverage: what it is.
        scheme: its classes.
        pictures: by peilmoment; all of them have the same bounds.
        block: side (m) of what is shown as one square; the grid, or a multiple of it.
    """

    coverage: Coverage
    scheme: ClassScheme
    pictures: Mapping[date, Picture]
    block: int

    @cached_property
    def band_of(self) -> Mapping[date, Band]:
        """The bands by peilmoment."""
        return {band.peilmoment: band for band in self.coverage.bands}

    def colours(self, day: date) -> npt.NDArray[np.uint8]:
        """Return red, green, blue and opacity of every square in RD."""
        return _palette(self.scheme)[self.pictures[day].classes]

    def address(self, day: date, grid: Grid) -> str:
        """Return the picture of a day in the projection of a page, as an address that holds it."""
        picture = self.pictures[day]
        cells = picture.classes if _is_rd(grid) else _turned(picture)
        return f"data:image/png;base64,{base64.b64encode(_png(cells, self.scheme)).decode()}"

    def corners(self, grid: Grid) -> list[list[float]]:
        """Return latitude and longitude of the south-west and north-east corner of a picture."""
        bounds = next(iter(self.pictures.values())).bounds
        crs, (left, bottom, right, top) = RD, bounds
        if not _is_rd(grid):
            crs, (left, bottom, right, top) = WEB_MERCATOR, _mercator(bounds)
        to_degrees = _transformer(crs.epsg, CRS84.epsg)
        degrees = [to_degrees.transform(*corner) for corner in ((left, bottom), (right, top))]
        return [[round(latitude, 7), round(longitude, 7)] for longitude, latitude in degrees]


def read_raster(
    folder: Path, coverage: Coverage, scheme: ClassScheme, days: Sequence[date]
) -> Raster:
    """Read the bands of some days as pictures, cut to where any of them has cells.

    Args:
        folder: of the snapshot.
        coverage: what is read.
        scheme: its classes.
        days: peilmomenten of its bands.

    Raises:
        StoreError: the file is damaged.
    """
    bands = [band for band in coverage.bands if band.peilmoment in days]
    rows, columns = coverage.shape
    factor = max(1, math.ceil(math.sqrt(len(bands) * rows * columns / MOST_CELLS)))
    shown = {}
    told = {}
    for band in bands:
        values = band_values(folder, coverage, band)
        told[band.peilmoment] = values[~np.isnan(values)]
        if factor > 1:
            values = band_values(folder, coverage, band, factor)
        shown[band.peilmoment] = _classed(values, scheme)
    window = _filled(list(shown.values()))
    bounds = _bounds(coverage, factor, window)
    pictures = {
        day: _picture(classes[window], bounds, told[day], scheme) for day, classes in shown.items()
    }
    return Raster(coverage, scheme, pictures, coverage.grid * factor)


def band_values(folder: Path, coverage: Coverage, band: Band, factor: int = 1) -> Values:
    """Return the values of a band, NaN where there is none.

    Args:
        folder: of the snapshot.
        coverage: what is read.
        band: of it.
        factor: cells along the side of a square; its value is the mean of those that have one.

    Raises:
        StoreError: the file is damaged.
    """
    rows, columns = (-(-side // factor) for side in coverage.shape)
    try:
        with rasterio.open(folder / coverage.file) as source:
            values = source.read(
                band.index, masked=True, out_shape=(rows, columns), resampling=Resampling.average
            )
    except RasterioError as error:
        message = f"{coverage.file} of the snapshot cannot be read: {error}"
        raise StoreError(message) from error
    found: Values = values.astype(np.float32).filled(np.nan)
    return found


def _classed(values: Values, scheme: ClassScheme) -> Cells:
    breaks = np.array(scheme.breaks, dtype=np.float64)
    classes = np.searchsorted(breaks, values.astype(np.float64), side="right") + 1
    return np.where(np.isnan(values), EMPTY, classes).astype(np.uint8)


def _picture(classes: Cells, bounds: Bounds, values: Values, scheme: ClassScheme) -> Picture:
    found = np.bincount(_classed(values, scheme), minlength=len(scheme.colours) + 1)
    counts = tuple(int(count) for count in found[1:])
    if not len(values):
        return Picture(classes, bounds, counts, None, None, None)
    middle = float(np.partition(values, len(values) // 2)[len(values) // 2])
    return Picture(classes, bounds, counts, float(values.min()), middle, float(values.max()))


def _filled(pictures: Sequence[Cells]) -> tuple[slice, slice]:
    """Return the rows and columns in which any picture has cells; all of them when none has."""
    filled = np.any([cells != EMPTY for cells in pictures], axis=0)
    if not filled.any():
        return slice(0, filled.shape[0]), slice(0, filled.shape[1])
    rows, columns = np.flatnonzero(filled.any(axis=1)), np.flatnonzero(filled.any(axis=0))
    return slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)


def _bounds(coverage: Coverage, factor: int, window: tuple[slice, slice]) -> Bounds:
    left, bottom, right, top = coverage.bbox
    rows, columns = (-(-side // factor) for side in coverage.shape)
    # the last square may be cut off by the edge of the grid: all of them are that much smaller
    wide, high = (right - left) / columns, (top - bottom) / rows
    down, across = window
    return (
        left + across.start * wide, top - down.stop * high,
        left + across.stop * wide, top - down.start * high,
    )  # fmt: skip


def _turned(picture: Picture) -> Cells:
    """Return the classes in web mercator, each dot that of the cell it lies in."""
    rows, columns = picture.classes.shape
    bounds = _mercator(picture.bounds)
    scale = min(_DOTS_PER_CELL, _MOST_DOTS / max(rows, columns))
    turned = np.zeros((max(1, round(rows * scale)), max(1, round(columns * scale))), np.uint8)
    reproject(
        picture.classes, turned,
        src_transform=from_bounds(*picture.bounds, columns, rows), src_crs=RD.epsg,
        dst_transform=from_bounds(*bounds, turned.shape[1], turned.shape[0]),
        dst_crs=WEB_MERCATOR.epsg, resampling=Resampling.nearest,
    )  # fmt: skip
    return turned


def _png(cells: Cells, scheme: ClassScheme) -> bytes:
    rows, columns = cells.shape
    colours = dict(enumerate(map(tuple, _palette(scheme).tolist())))
    with MemoryFile() as memory:
        with memory.open(
            driver="PNG", width=columns, height=rows, count=1, dtype="uint8", nbits=4, zlevel=6,
            # without a place rasterio warns; where it lies the page knows
            transform=from_bounds(0, 0, columns, rows, columns, rows),
        ) as target:  # fmt: skip
            target.write(cells, 1)
            target.write_colormap(1, colours)
        content: bytes = memory.read()
    return content


def _palette(scheme: ClassScheme) -> npt.NDArray[np.uint8]:
    colours = [(0, 0, 0, 0), *((*bytes.fromhex(colour[1:]), 255) for colour in scheme.colours)]
    return np.array(colours, dtype=np.uint8)


def _mercator(bounds: Bounds) -> Bounds:
    transformer = _transformer(RD.epsg, WEB_MERCATOR.epsg)
    left, bottom, right, top = transformer.transform_bounds(*bounds, densify_pts=_EDGE_POINTS)
    return left, bottom, right, top


@cache
def _transformer(source: int, target: int) -> Transformer:
    return Transformer.from_crs(source, target, always_xy=True)


def _is_rd(grid: Grid) -> bool:
    return grid.crs == "RD"
