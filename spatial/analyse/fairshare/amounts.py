"""Numbers with status and bounds as numpy columns, and regions with the members they consist of.

A number without value is NaN, and so are its bounds; nothing here ever puts another number there.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from spatial.analyse.statuses import HAS_VALUE, PLACE, STATUSES
from spatial.domain.status import WORST_LAST, Status
from spatial.errors import SchemaError

type Floats = np.ndarray[tuple[int], np.dtype[np.float64]]
type Places = np.ndarray[tuple[int], np.dtype[np.int64]]
type Marks = np.ndarray[tuple[int], np.dtype[np.bool_]]

MINIMUM = 50
"""A denominator below this gives no ratio (rule D7)."""


@dataclass(frozen=True, slots=True)
class Amounts:
    """A column of n numbers that do not travel alone.

    Attributes:
        waarde: the number; NaN when the status has no value.
        status: place of the status in ``Status``.
        laag: lowest possible true number; NaN as ``waarde``.
        hoog: highest possible true number; NaN as ``waarde``.
    """

    waarde: Floats
    status: Places
    laag: Floats
    hoog: Floats

    def __len__(self) -> int:
        return len(self.waarde)

    def take(self, places: Places) -> "Amounts":
        """Return the numbers at these places, in this order."""
        return Amounts(
            self.waarde[places], self.status[places], self.laag[places], self.hoog[places]
        )

    def has(self, *statuses: Status) -> Marks:
        """Tell where the status is one of these."""
        marks: Marks = np.isin(self.status, [PLACE[status] for status in statuses])
        return marks

    @property
    def known(self) -> Marks:
        """Tell where there is a number."""
        return HAS_VALUE[self.status]

    def statuses(self) -> list[Status]:
        """Return the status of every number."""
        return [STATUSES[place] for place in self.status.tolist()]


@dataclass(frozen=True, slots=True)
class Verdeling:
    """Regions (n) with their members (m): numbers of a group, and of the key by which to divide.

    Attributes:
        starts: members of region i are ``starts[i]`` up to ``starts[i + 1]``; n + 1 places, and
            every region has a member.
        groep: of the group per member (m).
        sleutel: of the key per member (m), in any unit.
        groep_geheel: of the group per region (n), as published.
        sleutel_geheel: of the key per region (n), as published.
        minimum: a smaller number of the key is too small to divide by; 0 for a key that is measured
            rather than counted.
    """

    starts: Places
    groep: Amounts
    sleutel: Amounts
    groep_geheel: Amounts
    sleutel_geheel: Amounts
    minimum: float = MINIMUM

    @property
    def owner(self) -> Places:
        """The region of every member."""
        return np.repeat(np.arange(len(self.starts) - 1), np.diff(self.starts))

    def sums(self, per_member: Floats) -> Floats:
        """Add up per region."""
        sums: Floats = np.add.reduceat(per_member, self.starts[:-1])
        return sums

    def anywhere(self, per_member: Marks) -> Marks:
        """Tell per region whether one of its members is marked."""
        marks: Marks = np.logical_or.reduceat(per_member, self.starts[:-1])
        return marks


def amounts(table: pa.Table, columns: Sequence[str]) -> Amounts:
    """Read a number from the four columns of a wide table.

    Args:
        table: has the columns.
        columns: value, status, lower and upper bound.

    Raises:
        SchemaError: a column is not there, or a status is not one of ours.
    """
    missing = [name for name in columns if name not in table.column_names]
    if missing:
        message = f"fair share needs columns {missing}, which the table does not have"
        raise SchemaError(message)
    value, status, low, high = (table.column(name) for name in columns)
    names = pa.array([entry.value for entry in STATUSES], pa.string())
    places = pc.index_in(status.cast(pa.string()), names)
    if places.null_count:
        message = f"column {columns[1]!r} has a status that is none of {names.to_pylist()}"
        raise SchemaError(message)
    found = places.to_numpy().astype(np.int64)
    numbers = [np.where(HAS_VALUE[found], _floats(column), np.nan) for column in (value, low, high)]
    return Amounts(numbers[0], found, numbers[1], numbers[2])


def exact(values: Floats, status: Status = Status.BEREKEND) -> Amounts:
    """Return numbers that are known exactly: their bounds are the number itself."""
    return Amounts(values, np.full(len(values), PLACE[status]), values.copy(), values.copy())


def absent(count: int, status: Status = Status.ONTBREEKT_IN_BRON) -> Amounts:
    """Return so many numbers that are not there."""
    nothing = np.full(count, np.nan)
    return Amounts(nothing, np.full(count, PLACE[status]), nothing.copy(), nothing.copy())


def computed(numbers: tuple[Floats, Floats, Floats], status: Places, decimals: int) -> Amounts:
    """Return results as they are published: rounded, with bounds rounded outward.

    Args:
        numbers: value, lower and upper bound.
        status: of each; where it has no value, the numbers are dropped.
        decimals: of the published number.
    """
    value, low, high = numbers
    scale = 10.0**decimals
    known = HAS_VALUE[status]
    with np.errstate(invalid="ignore"):
        rounded = np.floor(value * scale + 0.5) / scale
        below = np.floor(low * scale + _GRAIN) / scale
        above = np.ceil(high * scale - _GRAIN) / scale
    return Amounts(
        np.where(known, rounded, np.nan),
        status,
        np.where(known, below, np.nan),
        np.where(known, above, np.nan),
    )


_GRAIN = 1e-7
"""Of the last published digit: what floating point may be off, far below what rounding hides."""


def status_of(*parts: Amounts, small: Marks | None = None) -> Places:
    """Return the status of a result: that of its worst part, else berekend (geschat if a part is).

    Args:
        parts: n numbers each.
        small: where the denominator is too small for a ratio.
    """
    status = np.full(len(parts[0]), PLACE[Status.BEREKEND])
    for part in parts:
        status[part.has(Status.GESCHAT)] = PLACE[Status.GESCHAT]
    if small is not None:
        status[small] = PLACE[Status.TE_KLEIN]
    for missing in WORST_LAST:
        for part in parts:
            status[part.has(missing)] = PLACE[missing]
    return status


def marked(status: Places, where: Marks, with_status: Status) -> Places:
    """Return statuses with another one where marked."""
    return np.where(where, PLACE[with_status], status)


def worst(per_member: Places, verdeling: Verdeling) -> Places:
    """Return per region the status of its worst member."""
    status = np.full(len(verdeling.starts) - 1, PLACE[Status.BEREKEND])
    for entry in (Status.GESCHAT, *WORST_LAST):
        there = verdeling.anywhere(per_member == PLACE[entry])
        status[there] = PLACE[entry]
    return status


def _floats(column: pa.ChunkedArray) -> Floats:
    numbers: Floats = column.cast(pa.float64()).to_numpy().astype(np.float64)
    return numbers
