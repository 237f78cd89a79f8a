"""The tile matrix sets: how a level of detail divides the plane into tiles."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import morecantile
from morecantile.models import TileMatrix, TileMatrixSet

from spatial.domain.crs import RD, WEB_MERCATOR, Crs

EXTENT = 4096
"""Units along the side of a tile; shapes lie on whole units."""

BUFFER = 128
"""Units that a tile shows beyond its sides, so that an edge drawn there is cut nowhere in sight."""

_STANDARD_PIXEL_M = 0.00028
_RD_CELL_M = 3440.64
_RD_CORNER = (-285_401.92, 903_401.92)
_RD_LEVELS = 17


@dataclass(frozen=True, slots=True)
class Tile:
    """One tile: its level, its row from the top and its column from the left."""

    level: int
    row: int
    col: int


@dataclass(frozen=True, slots=True)
class Limits:
    """The tiles of one level in which something may lie; all ends included."""

    level: int
    first_row: int
    last_row: int
    first_col: int
    last_col: int


@dataclass(frozen=True, slots=True, eq=False)
class Scheme:
    """A tile matrix set, and how deep this service fills it.

    Attributes:
        matrices: its definition.
        crs: reference system of its coordinates, x (easting) first.
        deepest: last level with tiles; clients enlarge its tiles beyond. A unit is there less than
            a metre.
    """

    matrices: TileMatrixSet
    crs: Crs
    deepest: int

    @property
    def id(self) -> str:
        """Name in addresses."""
        return str(self.matrices.id)

    def unit(self, level: int) -> float:
        """Return the side of a unit of a tile in metres of the reference system."""
        matrix = self._matrix(level)
        return matrix.cellSize * matrix.tileWidth / EXTENT

    def origin(self, level: int) -> tuple[float, float]:
        """Return the upper left corner (x, y) of the first tile of a level."""
        x, y = self._matrix(level).pointOfOrigin
        return float(x), float(y)

    def holds(self, tile: Tile) -> bool:
        """Tell whether there is such a tile."""
        if not 0 <= tile.level <= self.deepest:
            return False
        matrix = self._matrix(tile.level)
        return 0 <= tile.row < matrix.matrixHeight and 0 <= tile.col < matrix.matrixWidth

    def limits(self, bounds: tuple[float, float, float, float]) -> Iterator[Limits]:
        """Return per level which tiles touch a rectangle (x and y, lower then upper corner)."""
        for level in range(self.deepest + 1):
            side = self.unit(level) * EXTENT
            left, top = self.origin(level)
            matrix = self._matrix(level)
            yield Limits(
                level,
                _within((top - bounds[3]) / side, matrix.matrixHeight),
                _within((top - bounds[1]) / side, matrix.matrixHeight),
                _within((bounds[0] - left) / side, matrix.matrixWidth),
                _within((bounds[2] - left) / side, matrix.matrixWidth),
            )

    def _matrix(self, level: int) -> TileMatrix:
        # both sets number their levels from 0 without a gap
        return self.matrices.tileMatrices[level]


def _within(place: float, count: int) -> int:
    return min(max(math.floor(place), 0), count - 1)


def _netherlands() -> TileMatrixSet:
    """Make the Dutch set, as Geonovum's guideline for tiling lays it down."""
    cells = [(level, _RD_CELL_M / 2**level) for level in range(_RD_LEVELS)]
    return TileMatrixSet.model_validate(
        {
            "id": "NetherlandsRDNewQuad",
            "title": "Amersfoort / RD New, Nederlandse richtlijn tiling",
            "orderedAxes": ["X", "Y"],
            "crs": RD.uri,
            "tileMatrices": [
                {
                    "id": str(level),
                    "scaleDenominator": cell / _STANDARD_PIXEL_M,
                    "cellSize": cell,
                    "cornerOfOrigin": "topLeft",
                    "pointOfOrigin": _RD_CORNER,
                    "tileWidth": 256,
                    "tileHeight": 256,
                    "matrixWidth": 2**level,
                    "matrixHeight": 2**level,
                }
                for level, cell in cells
            ],
        }
    )


WEB_MERCATOR_QUAD = Scheme(morecantile.tms.get("WebMercatorQuad"), WEB_MERCATOR, 14)
NETHERLANDS_QUAD = Scheme(_netherlands(), RD, 10)

SCHEMES = {scheme.id: scheme for scheme in (WEB_MERCATOR_QUAD, NETHERLANDS_QUAD)}
"""By name, the most used first."""
