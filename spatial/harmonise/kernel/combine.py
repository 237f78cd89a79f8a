"""Gemeenten that come together or are divided: one dense block per old indeling.

The block is sources by cells. Sums are sums over the receivers of a sparse matrix; the same
matrix counts contributors by state, so that nothing that is missing becomes a number.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from spatial.domain.crosswalk import PPM
from spatial.domain.status import WITHHELD, Status
from spatial.errors import DuplicateKeyError
from spatial.harmonise.kernel.herkomst import compose, terms_of
from spatial.harmonise.kernel.own import own_weights
from spatial.harmonise.kernel.plan import Plan
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
from spatial.harmonise.kernel.weights import Knot, divide, part_bounds

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
_SECRET = [STATES.index(status) for status in WITHHELD]


TWICE = "observations to recode hold one gemeente, cell and period more than once"


@dataclass(frozen=True, slots=True)
class Block:
    """Observations of one old indeling, sources by columns.

    Attributes:
        cell: per column, rank of the cell.
        period: per column, rank of the period.
        state: ``ABSENT`` where the source has no row.
        numbers: count and bounds (3 by sources by columns).
        voorlopig: provisional.
        herkomst: position of the text; -1 without one.
    """

    cell: Ranks
    period: Ranks
    state: States
    numbers: Ints
    voorlopig: Flags
    herkomst: Ranks


type Division = tuple[Ints, Ints, Ints]
"""Of one divided source: its rows in the knot, and weight and bound per receiver and column."""


def combine(rows: Rows, knot: Knot, plan: Plan) -> Rows:
    """Recode gemeenten of one indeling that come together or are divided.

    Args:
        rows: of these only, at least one; ``region`` is the position in the sources of the knot.
        knot: from their indeling.
        plan: all else; its texts grow.

    Returns:
        The rows of the receivers. A receiver of which no contributor has a row has none.

    Raises:
        DuplicateKeyError: one gemeente, cell and period, more than one row.
        RegisterError: a weight of a cell contradicts the crosswalk.
    """
    block = _block(rows, len(knot.sources), plan.labels)
    divisions = dict(_divisions(block, knot, plan))
    state = _states(block, knot)
    numbers = _sums(block, knot, divisions)
    voorlopig = knot.joins @ block.voorlopig.astype(np.int64)
    herkomst = np.full(state.shape, -1, np.int32)
    valued = (state != ABSENT) & HAS_VALUE[state]
    alike = (block.herkomst < 0).all() and all(
        weights.shape[1] == 1 for _, weights, _ in divisions.values()
    )
    for receiver in np.flatnonzero(valued.any(axis=1)).tolist():
        here = np.flatnonzero(valued[receiver])
        usual = (knot.step.van, receiver)
        if alike and usual in plan.usual:
            herkomst[receiver, here] = plan.usual[usual]
            continue
        recipe = _recipe(block, knot, divisions, receiver, here[:1] if alike else here)
        herkomst[receiver, here] = _write(recipe, knot, receiver, plan)
        if alike:
            plan.usual[usual] = int(herkomst[receiver, here[0]])
    at, column = np.nonzero(state != ABSENT)
    found = state[at, column]
    return Rows(
        block.cell[column],
        block.period[column],
        knot.receivers[at].astype(np.int32),
        found,
        np.where(HAS_VALUE[found], numbers[:, at, column], 0),
        voorlopig[at, column] > 0,
        herkomst[at, column],
    )


def _block(rows: Rows, sources: int, labels: Labels) -> Block:
    key = rows.cell.astype(np.int64) * labels.periods + rows.period
    first = key.min()
    columns = np.flatnonzero(np.bincount(key - first))
    lookup = np.zeros(columns[-1] + 1, np.int64)
    lookup[columns] = np.arange(len(columns))
    at = (rows.region, lookup[key - first])
    shape = (sources, len(columns))
    state = np.full(shape, ABSENT, np.int8)
    state[at] = rows.state
    if int((state != ABSENT).sum()) != len(key):
        raise DuplicateKeyError(TWICE)
    numbers = np.zeros((len(rows.numbers), *shape), np.int64)
    numbers[:, at[0], at[1]] = rows.numbers
    voorlopig = np.zeros(shape, np.bool_)
    voorlopig[at] = rows.voorlopig
    herkomst = np.full(shape, -1, np.int32)
    herkomst[at] = rows.herkomst
    cell, period = np.divmod(columns + first, labels.periods)
    return Block(
        cell.astype(np.int32), period.astype(np.int32), state, numbers, voorlopig, herkomst
    )


def _divisions(block: Block, knot: Knot, plan: Plan) -> Iterator[tuple[int, Division]]:
    """Give every divided source with its weights."""
    cells, column = np.unique(block.cell, return_inverse=True)
    for source in np.unique(knot.source[~knot.whole]).tolist():
        rows = np.flatnonzero(knot.source == source)
        code = knot.sources[source]
        own = own_weights(plan.owns, plan.walk, knot.step, code, cells)
        if own is None:
            yield source, (rows, knot.ppm[rows][:, None], knot.grens[rows][:, None])
        else:
            yield source, (rows, own[0][:, column], own[1][:, column])


def _states(block: Block, knot: Knot) -> States:
    """Return the state of every receiver and column, by the conventions of sums over regions."""

    def count(mask: Flags) -> Ints:
        return knot.joins @ mask.astype(np.int64)

    contributors = knot.joins.sum(axis=1)[:, None]
    parts = contributors - knot.wholes.sum(axis=1)[:, None]
    here = count(block.state != ABSENT)
    secret = count(np.isin(block.state, _SECRET))
    missing = count(block.state == _ONTBREEKT)
    impossible = count(block.state == _NVT)
    estimated = count(block.state == _GESCHAT) + parts
    state = np.select(
        [
            here == 0,
            secret > 0,
            (here < contributors) | (missing > 0),
            impossible == contributors,
            impossible > 0,
            estimated > 0,
        ],
        [ABSENT, _GEHEIM, _ONTBREEKT, _NVT, _ONTBREEKT, _GESCHAT],
        _OPGETELD,
    )
    return state.astype(np.int8)


def _sums(block: Block, knot: Knot, divisions: dict[int, Division]) -> Ints:
    """Return count and bounds of every receiver and column; missing counts as 0 here."""
    sums = np.stack([knot.wholes @ numbers for numbers in block.numbers])
    for source, (rows, ppm, grens) in divisions.items():
        count, lower, upper = block.numbers[:, source]
        lowest, highest = part_bounds(lower, upper, ppm, grens)
        sums[:, knot.receiver[rows]] += np.stack([divide(count, ppm), lowest, highest])
    return sums


def _recipe(
    block: Block, knot: Knot, divisions: dict[int, Division], receiver: int, columns: Ints
) -> Ints:
    """Return per column the weight of every contributor, and below these its herkomst."""
    rows = _contributors(knot, receiver)
    sources = knot.source[rows]
    ppm = np.full((len(rows), len(columns)), PPM, np.int64)
    for position, (row, source) in enumerate(zip(rows, sources.tolist(), strict=True)):
        if source in divisions:
            own_rows, weights, _ = divisions[source]
            own = weights[np.searchsorted(own_rows, row)]
            ppm[position] = own if len(own) == 1 else own[columns]
    return np.concatenate([ppm, block.herkomst[np.ix_(sources, columns)]])


def _write(recipe: Ints, knot: Knot, receiver: int, plan: Plan) -> Ranks:
    """Return per column the position of its text; most columns have the same."""
    kinds, kind = recipe[:, :1], np.zeros(recipe.shape[1], np.int64)
    if (recipe != kinds).any():
        kinds, kind = np.unique(recipe, axis=1, return_inverse=True)
    codes = [knot.sources[source] for source in knot.source[_contributors(knot, receiver)]]
    written = []
    for column in kinds.T.tolist():
        texts = [plan.labels.herkomst[at] if at >= 0 else None for at in column[len(codes) :]]
        terms = map(terms_of, codes, texts)
        written.append(plan.text(compose(zip(terms, column, strict=False))))
    return np.array(written, np.int32)[kind]


def _contributors(knot: Knot, receiver: int) -> Ints:
    """Return the rows that lead to a receiver."""
    return np.flatnonzero(knot.receiver == receiver)
