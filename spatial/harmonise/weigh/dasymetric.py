"""Weights of splits from a population grid: who lives on which side of the new border."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import rasterio
import shapely
from exactextract import exact_extract
from rasterio.errors import RasterioIOError
from rasterio.io import DatasetReader

from spatial.domain.crosswalk import PPM, Gewichtmethode, SplitWeights
from spatial.domain.crs import RD
from spatial.errors import CrsError, SourceError, ValueParseError
from spatial.harmonise.ppm import to_ppm
from spatial.harmonise.weigh.overlay import Pieces, cut

MAX_CELLS = 1_000_000
"""Cells of the grid read at a time, window by window; besides, the cells of one piece are held."""


@dataclass(frozen=True, slots=True)
class GridShares:
    """How the population of a grid in one gemeente is divided.

    Attributes:
        code: the gemeente that is divided.
        delen: share (0-1) by receiver, sums to 1; a cell on a border counts by its covered part.
        laag: share when nobody in cells on a border lives in this receiver, and all in the others.
        hoog: share when all of them live in this receiver, and nobody in the others.
        land: share of the land by receiver, to compare.
        indeling: indeling of the old code.
    """

    code: str
    delen: dict[str, float]
    laag: dict[str, float]
    hoog: dict[str, float]
    land: dict[str, float]
    indeling: int


@dataclass(frozen=True, slots=True)
class _People:
    """Population of a piece: by covered part, in cells wholly inside, in cells on a border."""

    spread: float
    inside: float
    border: float


def dasymetric_weights(
    old: gpd.GeoDataFrame, new: gpd.GeoDataFrame, grid: Path, codes: Iterable[str]
) -> list[SplitWeights]:
    """Return weights of splits from a population grid; arguments and errors as of ``shares``.

    Returns:
        One per code, method DASYMETRISCH. The bound holds wherever in a cell its people live, and
        adds the slivers that were left out; it does not cover how another group differs from the
        population of the grid.
    """
    return [
        _as_weights(row, pieces.dropped, grid.name)
        for row, pieces in _shares(cut(old, new, codes), grid)
    ]


def shares(
    old: gpd.GeoDataFrame, new: gpd.GeoDataFrame, grid: Path, codes: Iterable[str]
) -> list[GridShares]:
    """Return how the population of a grid is divided, beside the shares of land.

    Args:
        old: ``BOUNDARY_COLUMNS`` of the last indeling that has the codes.
        new: likewise of the next one, in like detail.
        grid: GeoTIFF (or what else rasterio reads) in EPSG:28992; the first band counts people per
            cell, nodata where nobody is counted (such as the secret cells of a CBS vierkant file).
        codes: gemeenten to divide.

    Returns:
        One per code, by code; before any rounding.

    Raises:
        SchemaError: columns, reference system or number of indelingen of the boundaries are others.
        UnknownRegionError: the old shapes lack a code.
        GeometryError: the sets are not of like detail, or a gemeente has no land in the new one.
        SourceError: the grid cannot be read, does not cover a gemeente, or has nobody in it.
        CrsError: the grid is in another reference system.
        ValueParseError: a cell counts less than nobody.
    """
    return [row for row, _ in _shares(cut(old, new, codes), grid)]


def _shares(cuts: list[Pieces], grid: Path) -> Iterator[tuple[GridShares, Pieces]]:
    try:
        with rasterio.open(grid) as raster:
            _check(raster, grid.name)
            for pieces in cuts:
                yield _divide(pieces, raster, grid.name), pieces
    except RasterioIOError as error:
        message = f"{grid.name} cannot be read as a grid: {error}"
        raise SourceError(message) from error


def _check(raster: DatasetReader, name: str) -> None:
    if raster.crs is None or raster.crs.to_epsg() != RD.epsg:
        message = f"{name} is in {raster.crs}, not in EPSG:{RD.epsg}; warp it first"
        raise CrsError(message)
    across, down = raster.transform.a, raster.transform.e
    if (raster.transform.b, raster.transform.d) != (0, 0) or not across > 0 > down:
        message = f"{name} is not north up; warp it to a grid along the axes of RD"
        raise SourceError(message)


def _divide(pieces: Pieces, raster: DatasetReader, name: str) -> GridShares:
    land = shapely.MultiPolygon(
        [part for shape in pieces.shapes.values() for part in shapely.get_parts(shape)]
    )
    if not shapely.box(*raster.bounds).covers(shapely.box(*land.bounds)):
        message = (
            f"{name} covers {tuple(raster.bounds)} (RD, m), which is not all of {pieces.code};"
            " take a grid of the whole country"
        )
        raise SourceError(message)
    people = {code: _people(shape, raster, name) for code, shape in pieces.shapes.items()}
    spread = sum(row.spread for row in people.values())
    if spread == 0:
        message = f"{name} has nobody in {pieces.code}: only nodata or zeros; take another grid"
        raise SourceError(message)
    inside = sum(row.inside for row in people.values())
    border = sum(row.border for row in people.values())
    area = sum(shape.area for shape in pieces.shapes.values())
    return GridShares(
        pieces.code,
        {code: row.spread / spread for code, row in people.items()},
        {code: _part(row.inside, inside + border - row.border) for code, row in people.items()},
        {code: _part(row.inside + row.border, inside + row.border) for code, row in people.items()},
        {code: shape.area / area for code, shape in pieces.shapes.items()},
        pieces.indeling,
    )


def _people(shape: shapely.MultiPolygon, raster: DatasetReader, name: str) -> _People:
    """Count the people of a piece; windows of the grid are read as they are needed."""
    frame = gpd.GeoDataFrame(geometry=[shape], crs=RD.epsg)
    cells = exact_extract(
        raster,
        frame,
        ["values", "coverage", "center_x", "center_y"],
        output="pandas",
        max_cells_in_memory=MAX_CELLS,
    ).iloc[0]
    values = np.asarray(cells["values"], np.float64)
    if (values < 0).any():
        message = f"{name} has cells of {values.min():g} people; give that sign as nodata"
        raise ValueParseError(message)
    coverage = np.asarray(cells["coverage"], np.float64)
    partly = coverage < 1
    # the coverage itself is in single precision, which shows in the ninth decimal of a share
    coverage[partly] = _covered(shape, cells["center_x"][partly], cells["center_y"][partly], raster)
    return _People(
        spread=float((values * coverage).sum()),
        inside=float(values[~partly].sum()),
        border=float(values[partly].sum()),
    )


def _covered(
    shape: shapely.MultiPolygon,
    x: npt.NDArray[np.float64],
    y: npt.NDArray[np.float64],
    raster: DatasetReader,
) -> npt.NDArray[np.float64]:
    """Return which part of each cell is covered, in double precision."""
    width, height = (size / 2 for size in raster.res)
    cells = shapely.box(x - width, y - height, x + width, y + height)
    covered: npt.NDArray[np.float64] = shapely.area(shapely.intersection(cells, shape))
    part: npt.NDArray[np.float64] = covered / (4 * width * height)
    return part


def _part(of: float, whole: float) -> float:
    return of / whole if whole > 0 else 0.0


def _as_weights(row: GridShares, dropped: float, name: str) -> SplitWeights:
    ppm = to_ppm({code: Fraction(share) for code, share in row.delen.items()})
    grens = {
        code: min(
            PPM,
            int(np.ceil(max(row.hoog[code] * PPM - weight, weight - row.laag[code] * PPM, 0.0)))
            + round(dropped * PPM),
        )
        for code, weight in ppm.items()
    }
    land = ", ".join(f"{code} {share:.1%}" for code, share in sorted(row.land.items()))
    bron = f"bevolkingsraster {name} (aandelen van het land: {land})"
    return SplitWeights(row.code, row.indeling, ppm, grens, Gewichtmethode.DASYMETRISCH, bron)
