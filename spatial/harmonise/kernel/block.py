"""Rows as a dense block, regions by columns; sums and states of a sparse matrix over it.

One matrix says which contributors come together, be they old gemeenten in a new one or gemeenten in
a region. The same matrix counts contributors by state, so that nothing that is missing becomes a
number.
"""

from dataclasses import dataclass

import numpy as np

from spatial.domain.status import WITHHELD, Status
from spatial.errors import DuplicateKeyError
from spatial.harmonise.kernel.table import ABSENT, STATES, Flags, Ints, Labels, Ranks, Rows, States
from spatial.harmonise.kernel.weights import Matrix

TWICE = "observations hold one region, cell and period more than once"

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
class Block:
    """Observations, regions by columns.

    Attributes:
        cell: per column, rank of the cell.
        period: per column, rank of the period.
        state: ``ABSENT`` where there is no row.
        numbers: count and bounds (3 by regions by columns).
        voorlopig: provisional.
        herkomst: position of the text; -1 without one.
    """

    cell: Ranks
    period: Ranks
    state: States
    numbers: Ints
    voorlopig: Flags
    herkomst: Ranks


@dataclass(frozen=True, slots=True)
class Tally:
    """What became of every receiver and column.

    Attributes:
        state: by the conventions of sums; ``ABSENT`` where no contributor has a row.
        voorlopig: whether a contributor is provisional.
    """

    state: States
    voorlopig: Flags


def block_of(rows: Rows, regions: int, periods: int) -> Block:
    """Return rows as a block.

    Args:
        rows: at least one; ``region`` is the position in the block.
        regions: how many there are.
        periods: how many ranks a period may have.

    Raises:
        DuplicateKeyError: one region, cell and period, more than one row.
    """
    key = rows.cell.astype(np.int64) * periods + rows.period
    first = key.min()
    columns = np.flatnonzero(np.bincount(key - first))
    lookup = np.zeros(columns[-1] + 1, np.int64)
    lookup[columns] = np.arange(len(columns))
    shape = (regions, len(columns))
    at = rows.region.astype(np.int64) * len(columns) + lookup[key - first]
    state = np.full(shape, ABSENT, np.int8)
    state.reshape(-1)[at] = rows.state
    if int((state != ABSENT).sum()) != len(key):
        raise DuplicateKeyError(TWICE)
    numbers = np.zeros((len(rows.numbers), *shape), np.int64)
    for filled, given in zip(numbers, rows.numbers, strict=True):
        filled.reshape(-1)[at] = given
    voorlopig = np.zeros(shape, np.bool_)
    voorlopig.reshape(-1)[at] = rows.voorlopig
    herkomst = np.full(shape, -1, np.int32)
    herkomst.reshape(-1)[at] = rows.herkomst
    cell, period = np.divmod(columns + first, periods)
    return Block(
        cell.astype(np.int32), period.astype(np.int32), state, numbers, voorlopig, herkomst
    )


def tally(block: Block, joins: Matrix, parts: Ints) -> Tally:
    """Return the state of every receiver and column; missing in, missing out.

    Args:
        block: the contributors.
        joins: receivers by contributors, 1 where they belong together.
        parts: per receiver, how many contributors give only a part: it is an estimate.

    Returns:
        One contributor that is secret makes the receiver geheim_of_onbekend; else one that is absent
        (without a row, or by its status) makes it ontbreekt_in_bron. One that is not applicable is
        not taken for zero: beside values it makes the receiver ontbreekt_in_bron; when none is
        applicable, the receiver is not either. With an estimate in it, it is geschat; else opgeteld.
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
    return Tally(state.astype(np.int8), provisional > 0)


def in_order(rows: Rows, labels: Labels, regions: int) -> Rows:
    """Return the rows in order of cell, region and period.

    Args:
        rows: with ``region`` a position.
        labels: what the other ranks stand for.
        regions: how many positions there are.

    Raises:
        DuplicateKeyError: two rows have the same key.
    """
    key = (rows.cell.astype(np.int64) * regions + rows.region) * labels.periods + rows.period
    if (key[1:] > key[:-1]).all():
        return rows
    order = np.argsort(key)
    if (np.diff(key[order]) == 0).any():
        raise DuplicateKeyError(TWICE)
    return rows.take(order)
