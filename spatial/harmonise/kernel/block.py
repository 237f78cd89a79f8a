"""Observations as dense blocks: regions by columns, a column for every period and cell.

Carrying takes whole lines of a block; adding up is one product with a sparse matrix, which says which
contributors come together, be they old gemeenten in a new one or gemeenten in a region. The same
matrix counts contributors by state, so that nothing that is missing becomes a number.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from spatial.domain.status import WITHHELD, Status
from spatial.errors import DuplicateKeyError
from spatial.harmonise.kernel.table import (
    ABSENT,
    HAS_VALUE,
    STATES,
    Flags,
    Ints,
    Labels,
    Ranks,
    Rows,
    States,
)
from spatial.harmonise.kernel.weights import Matrix

_MOST = 600_000
"""Places of a block: what is worked on stays in the processor's cache, and bounds the memory."""

_GEHEIM, _ONTBREEKT, _NVT, _GESCHAT, _OPGETELD = (
    STATES.index(status)
    for status in (
        Status.GEHEIM_OF_ONBEKEND,
        Status.ONTBREEKT_IN_BRON,
        Status.NIET_VAN_TOEPASSING,
        Status.GESCHAT,
        Status.OPGETELD,
    )
)
_BITS = 20
"""Counters share a whole number; a receiver has fewer than a million contributors."""
_COUNTER = (1 << _BITS) - 1


def _counters(*states: list[int]) -> Ints:
    """Return per state the ones to add up, a counter for each list of states."""
    ones = np.zeros(len(STATES) + 1, np.int64)
    for place, counted in enumerate(states):
        ones[counted] += 1 << (place * _BITS)
    ones[ABSENT] = 0
    return ones


_HERE_SECRET_MISSING = _counters(
    list(range(len(STATES))), [STATES.index(status) for status in WITHHELD], [_ONTBREEKT]
)
_IMPOSSIBLE_ESTIMATED = _counters([_NVT], [_GESCHAT])
_PROVISIONAL = 1 << (2 * _BITS)


@dataclass(frozen=True, slots=True)
class Columns:
    """What the columns of a block are about: every period with every cell, period after period.

    Attributes:
        cells: ranks of the cells, ascending.
        periods: ranks of the periods; those of one indeling stand together, indelingen ascending.
        years: the indeling of every period.
    """

    cells: Ranks
    periods: Ranks
    years: Ranks

    def of(self, year: int) -> slice:
        """Return the columns of the periods in one indeling."""
        first, last = np.searchsorted(self.years, [year, year + 1]).tolist()
        return slice(first * len(self.cells), last * len(self.cells))

    def only(self, year: int) -> "Columns":
        """Return the columns of the periods in one indeling."""
        here = self.years == year
        return Columns(self.cells, self.periods[here], self.years[here])

    def __len__(self) -> int:
        return len(self.cells) * len(self.periods)


@dataclass(frozen=True, slots=True)
class Block:
    """Observations, regions by columns.

    Attributes:
        state: ``ABSENT`` where there is no row.
        numbers: count and bounds (3 by regions by columns); 0 where the state has no value.
        voorlopig: provisional.
        herkomst: position of the text; -1 without one.
    """

    state: States
    numbers: Ints
    voorlopig: Flags
    herkomst: Ranks

    @staticmethod
    def empty(regions: int, columns: int) -> "Block":
        """Return a block without rows."""
        shape = (regions, columns)
        return Block(
            np.full(shape, ABSENT, np.int8),
            np.zeros((3, *shape), np.int64),
            np.zeros(shape, np.bool_),
            np.full(shape, -1, np.int32),
        )

    def take(self, regions: Ints, columns: slice) -> "Block":
        """Return the lines of some regions, in some columns."""
        return Block(
            self.state[regions, columns],
            self.numbers[:, regions, columns],
            self.voorlopig[regions, columns],
            self.herkomst[regions, columns],
        )

    def put(self, regions: Ints, columns: slice, lines: "Block") -> None:
        """Write the lines of some regions, in some columns."""
        self.state[regions, columns] = lines.state
        self.numbers[:, regions, columns] = lines.numbers
        self.voorlopig[regions, columns] = lines.voorlopig
        self.herkomst[regions, columns] = lines.herkomst


type Seen = dict[int, Flags]
"""By indeling, ascending: per region, whether it has rows of a period in it."""


def seen_of(rows: Rows, labels: Labels) -> Seen:
    """Return which regions have rows in which indeling."""
    periods = len(labels.indeling_of)
    shape = (len(labels.regions), periods)
    key = rows.region.astype(np.int64) * periods + rows.period
    there = np.bincount(key, minlength=shape[0] * shape[1]).reshape(shape) > 0
    years = sorted({int(year) for year in labels.indeling_of if year >= 0})
    return {year: there[:, labels.indeling_of == year].any(axis=1) for year in years}


def periods_of(rows: Rows, labels: Labels) -> tuple[Ranks, Ranks]:
    """Return the periods that rows are about and the indeling of each, in order of indeling."""
    periods = np.flatnonzero(np.bincount(rows.period)).astype(np.int32)
    years = labels.indeling_of[periods]
    order = np.argsort(years, kind="stable")
    return periods[order], years[order]


def blocks_of(rows: Rows, labels: Labels) -> Iterator[tuple[Columns, Block]]:
    """Give the rows as blocks of some whole cells, in order of cell.

    Every region of the labels has a line, and below them there is one without rows: position -1
    stands for a region that is not there.

    Raises:
        DuplicateKeyError: one region, cell and period, more than one row.
    """
    if not len(rows.cell):
        return
    cells, order = rows.cell, None
    if (cells[1:] < cells[:-1]).any():
        order = np.argsort(cells, kind="stable")
        cells = cells[order]
    starts = np.append(np.flatnonzero(np.diff(cells, prepend=-1)), len(cells))
    periods, years = periods_of(rows, labels)
    at_a_time = max(1, _MOST // (len(labels.regions) * len(periods)))
    for first in range(0, len(starts) - 1, at_a_time):
        begins = starts[first : first + at_a_time + 1]
        columns = Columns(cells[begins[:-1][begins[:-1] < begins[-1]]], periods, years)
        here = slice(int(begins[0]), int(begins[-1]))
        yield columns, _block(rows.take(here if order is None else order[here]), columns, labels)


def _block(rows: Rows, columns: Columns, labels: Labels) -> Block:
    block = Block.empty(len(labels.regions) + 1, len(columns))
    of_cell = np.zeros(int(columns.cells[-1]) + 1, np.int64)
    of_cell[columns.cells] = np.arange(len(columns.cells))
    of_period = np.zeros(int(columns.periods.max()) + 1, np.int64)
    of_period[columns.periods] = np.arange(len(columns.periods)) * len(columns.cells)
    at = rows.region.astype(np.int64) * len(columns)
    at += of_period[rows.period]
    at += of_cell[rows.cell]
    block.state.reshape(-1)[at] = rows.state
    if np.count_nonzero(block.state != ABSENT) != len(at):
        message = "observations hold one region, cell and period more than once"
        raise DuplicateKeyError(message)
    for filled, given in zip(block.numbers, rows.numbers, strict=True):
        filled.reshape(-1)[at] = given
    block.voorlopig.reshape(-1)[at] = rows.voorlopig
    if rows.herkomst.max() >= 0:
        block.herkomst.reshape(-1)[at] = rows.herkomst
    return block


def rows_of(block: Block, columns: Columns, first: int = 0) -> Rows:
    """Return a block as rows, in order of cell, region and period.

    Args:
        block: the block.
        columns: what its columns are about.
        first: ``region`` of the first line.
    """
    order = np.argsort(columns.periods, kind="stable")
    sizes = (len(columns.cells), len(block.state), len(order))

    def turned(lines: np.ndarray) -> np.ndarray:
        """Return one number per cell, region and period, in this order."""
        shaped = lines.reshape(sizes[1], sizes[2], sizes[0])
        if (order != np.arange(len(order))).any():
            shaped = shaped[:, order]
        return shaped.transpose(2, 0, 1).reshape(-1)

    state = turned(block.state)
    here = state != ABSENT
    at = slice(None) if here.all() else np.flatnonzero(here)
    places = np.arange(first, first + sizes[1], dtype=np.int32)
    return Rows(
        np.broadcast_to(columns.cells[:, None, None], sizes).reshape(-1)[at],
        np.broadcast_to(columns.periods[order][None, None, :], sizes).reshape(-1)[at],
        np.broadcast_to(places[None, :, None], sizes).reshape(-1)[at],
        state[at],
        np.stack([turned(numbers)[at] for numbers in block.numbers]),
        turned(block.voorlopig)[at],
        turned(block.herkomst)[at],
    )


def tally(block: Block, joins: Matrix, parts: Ints) -> tuple[States, Flags]:
    """Return the state of every receiver and column; missing in, missing out.

    Args:
        block: the contributors.
        joins: receivers by contributors, 1 where they belong together.
        parts: per receiver, how many contributors give only a part: it is an estimate.

    Returns:
        State and whether a contributor is provisional. One contributor that is secret makes the
        receiver geheim_of_onbekend; else one that is absent (without a row, or by its status) makes
        it ontbreekt_in_bron. One that is not applicable is not taken for zero: beside values it
        makes the receiver ontbreekt_in_bron; when none is applicable, the receiver is not either.
        With an estimate in it, it is geschat; else opgeteld. ``ABSENT`` where no contributor has a
        row.
    """
    first = joins @ _HERE_SECRET_MISSING[block.state]
    second = joins @ (_IMPOSSIBLE_ESTIMATED[block.state] + _PROVISIONAL * block.voorlopig)
    contributors = joins.sum(axis=1)[:, None]
    here, secret, missing = (first >> place & _COUNTER for place in (0, _BITS, 2 * _BITS))
    impossible, estimated, provisional = (
        second >> place & _COUNTER for place in (0, _BITS, 2 * _BITS)
    )
    state = np.select(
        [
            here == 0,
            secret > 0,
            (here < contributors) | (missing > 0),
            impossible == contributors,
            impossible > 0,
            estimated + parts[:, None] > 0,
        ],
        [ABSENT, _GEHEIM, _ONTBREEKT, _NVT, _ONTBREEKT, _GESCHAT],
        _OPGETELD,
    )
    return state.astype(np.int8), provisional > 0


def sums_of(block: Block, joins: Matrix) -> Block:
    """Return contributors added up; the herkomst is how many there are, where there is a value."""
    state, voorlopig = tally(block, joins, np.zeros(joins.shape[0], np.int64))
    numbers = np.stack([joins @ one for one in block.numbers])
    valued = HAS_VALUE[state]
    numbers[:, ~valued] = 0
    sizes = joins.sum(axis=1).astype(np.int32)[:, None]
    return Block(state, numbers, voorlopig, np.where(valued, sizes, np.int32(-1)))
