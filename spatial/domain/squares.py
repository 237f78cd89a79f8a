"""Square cells along the axes of RD, as in the vierkanten of CBS, and the rules of a density on them."""

from dataclasses import dataclass

from spatial.domain.crs import RD_BOUNDS

_KM2 = 1_000_000


@dataclass(frozen=True, slots=True)
class Frame:
    """A rectangle of square cells in EPSG:28992, numbered from the north-west, row by row.

    Attributes:
        left: easting of the west side (m).
        top: northing of the north side (m).
        side: side of a cell (whole m).
        rows: from north to south.
        columns: from west to east.
    """

    left: float
    top: float
    side: int
    rows: int
    columns: int

    @property
    def bbox(self) -> tuple[float, float, float, float]:
        """Left, bottom, right, top (m)."""
        bottom = self.top - self.rows * self.side
        return self.left, bottom, self.left + self.columns * self.side, self.top

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return self.rows, self.columns

    @property
    def size(self) -> int:
        """Number of cells."""
        return self.rows * self.columns

    @property
    def cell_km2(self) -> float:
        """Area of a cell (km2)."""
        return self.side * self.side / _KM2


def whole_country(side: int) -> Frame:
    """Return the cells of a side (m, a divisor of 25 km) over all of the Netherlands.

    >>> whole_country(500).shape
    (650, 600)
    """
    left, bottom, right, top = RD_BOUNDS
    return Frame(left, top, side, round((top - bottom) / side), round((right - left) / side))


@dataclass(frozen=True, slots=True)
class SpreadRules:
    """What a cell must hold to be shown.

    Attributes:
        threshold: least of the count that a shown cell has; what would be in smaller cells goes to
            the larger ones of the same gemeente.
        reach: least part (0-1) of the inhabitants of a gemeente in its shown cells; below it too much
            would have been moved, and nothing is shown.
    """

    threshold: float = 10.0
    reach: float = 0.5
