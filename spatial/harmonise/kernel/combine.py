"""Gemeenten that come together or are divided: one dense block per old indeling.

The block is sources by cells. Sums are sums over the receivers of a sparse matrix (``block``); a
divided count is divided in whole numbers, and its parts are added.
"""

from collections.abc import Iterator

import numpy as np

from spatial.domain.crosswalk import PPM
from spatial.harmonise.kernel.block import Block, tally
from spatial.harmonise.kernel.herkomst import compose, terms_of
from spatial.harmonise.kernel.own import own_weights
from spatial.harmonise.kernel.plan import Plan
from spatial.harmonise.kernel.table import HAS_VALUE, Ints, Ranks
from spatial.harmonise.kernel.weights import Knot, divide, part_bounds

type Division = tuple[Ints, Ints, Ints]
"""Of one divided source: its rows in the knot, and weight and bound per receiver and column."""


def combine(block: Block, cells: Ranks, knot: Knot, plan: Plan) -> Block:
    """Recode gemeenten of one indeling that come together or are divided.

    Args:
        block: a line for every source of the knot; columns of the periods in its indeling.
        cells: rank of the cell of every column.
        knot: from that indeling.
        plan: all else; its texts grow.

    Returns:
        A line for every receiver of the knot.

    Raises:
        RegisterError: a weight of a cell contradicts the crosswalk.
    """
    divisions = dict(_divisions(cells, knot, plan))
    parts = knot.joins.sum(axis=1) - knot.wholes.sum(axis=1)
    state, voorlopig = tally(block, knot.joins, parts)
    numbers = _sums(block, knot, divisions)
    herkomst = np.full(state.shape, -1, np.int32)
    valued = HAS_VALUE[state]
    numbers[:, ~valued] = 0
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
    return Block(state, numbers, voorlopig, herkomst)


def _divisions(cells: Ranks, knot: Knot, plan: Plan) -> Iterator[tuple[int, Division]]:
    """Give every divided source with its weights."""
    occurring, column = np.unique(cells, return_inverse=True)
    for source in np.unique(knot.source[~knot.whole]).tolist():
        rows = np.flatnonzero(knot.source == source)
        code = knot.sources[source]
        own = own_weights(plan.owns, plan.walk, knot.step, code, occurring)
        if own is None:
            yield source, (rows, knot.ppm[rows][:, None], knot.grens[rows][:, None])
        else:
            yield source, (rows, own[0][:, column], own[1][:, column])


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
