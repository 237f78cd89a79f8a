"""Subtract the cells of regions from others of the same regions: the rule that decides what is said.

The same rule as in a comparison of regions and in the collections that hold changes: values whose
intervals overlap have a difference with bounds and without a number.
"""

from collections.abc import Mapping, Sequence
from typing import Protocol

import pyarrow as pa

from spatial.analyse.change import difference, relative_change
from spatial.analyse.ratios import Cells
from spatial.compute.vergelijk import STEP, Verschil
from spatial.domain.status import Status


class Cell(Protocol):
    """A number with what it says; without number also without bounds."""

    @property
    def value(self) -> float | None:
        """The number."""

    @property
    def status(self) -> Status:
        """What kind of number it is."""

    @property
    def lower(self) -> float | None:
        """Lower bound."""

    @property
    def upper(self) -> float | None:
        """Upper bound."""


def subtract(
    of: Mapping[str, Cell], against: Mapping[str, Cell], *, relatief: bool = False
) -> dict[str, Verschil]:
    """Return the difference of every region that both sides have, by code.

    Args:
        of: cells by region code.
        against: what they are held against; the codes mean the same areas.
        relatief: in per cent of what it was (counts only), to one decimal; else in the unit of the
            cells, of shares percentage points.

    Returns:
        In the order of ``of``. A missing cell on either side gives its status, without number or
        bounds; see ``spatial.analyse.change``.
    """
    codes = [code for code in of if code in against]
    sides = _cells([of[code] for code in codes]), _cells([against[code] for code in codes])
    found = relative_change(*sides) if relatief else difference(*sides, step=STEP)
    columns = (found.waarde, found.status, found.ondergrens, found.bovengrens)
    rows = zip(*(column.to_pylist() for column in columns), strict=True)
    return {
        code: Verschil(value, Status(status), low, high)
        for code, (value, status, low, high) in zip(codes, rows, strict=True)
    }


def _cells(cells: Sequence[Cell]) -> Cells:
    return Cells(
        pa.array([cell.value for cell in cells], pa.float64()),
        pa.array([cell.status.value for cell in cells], pa.string()),
        pa.array([cell.lower for cell in cells], pa.float64()),
        pa.array([cell.upper for cell in cells], pa.float64()),
    )
