"""Spread counts of gemeenten over the squares in which their inhabitants live.

In a gemeente with count ``V`` whose cells have ``p`` inhabitants each, a cell that is shown gets
``V * p / S``, with ``S`` the inhabitants of all its shown cells: so they sum to ``V``. Shown are the
most populous cells, as many as can be with at least the threshold in each. Of cells with as many
inhabitants all are shown or none. A count that is not there is not spread.
"""

from dataclasses import dataclass
from enum import IntEnum
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from spatial.domain.squares import SpreadRules
from spatial.harmonise.spread.owners import Numbers

type Floats = npt.NDArray[np.float64]
type Flags = npt.NDArray[np.bool_]


class Outcome(IntEnum):
    """What became of the count of a gemeente."""

    SPREAD = 0
    MISSING = 1
    TOO_SMALL = 2


@dataclass(frozen=True, slots=True)
class Ranking:
    """Inhabited cells by owner, and within one the most populous first.

    Attributes:
        cells: (n,) number of each cell in its frame.
        owner: (n,) place of its gemeente, ascending.
        starts: (gemeenten + 1,) first of each gemeente in ``cells``.
        people: (n,) inhabitants.
        share: (n,) inhabitants of the cell, of all in it and in the more populous cells of its owner.
        total: (n,) inhabitants of it and of the more populous cells of its owner.
        closes: (n,) the next cell of its owner has fewer inhabitants, or there is none.
    """

    cells: npt.NDArray[np.int64]
    owner: Numbers
    starts: npt.NDArray[np.int64]
    people: Floats
    share: Floats
    total: Floats
    closes: Flags


@dataclass(frozen=True, slots=True)
class Spread:
    """Counts in cells.

    Attributes:
        cells: (m,) the cells that are shown, ascending.
        owner: (m,) place of the gemeente of each.
        counts: (m,) what is in each, at least the threshold.
        outcome: (gemeenten,) an ``Outcome`` each.
        reach: (gemeenten,) part of the inhabitants in cells that are shown; 0 where nothing is.
    """

    cells: npt.NDArray[np.int64]
    owner: Numbers
    counts: Floats
    outcome: npt.NDArray[np.int8]
    reach: Floats


def rank(cells: npt.NDArray[np.int64], people: Floats, owner: Numbers, gemeenten: int) -> Ranking:
    """Order inhabited cells for ``spread``; once for all counts on the same boundaries.

    Args:
        cells: numbers of the cells, each once.
        people: inhabitants of each, above 0.
        owner: place of the gemeente of each; below 0: none, and the cell is left out.
        gemeenten: how many there are.
    """
    owned = np.flatnonzero(owner >= 0)
    order = owned[np.lexsort((cells[owned], -people[owned], owner[owned]))]
    ranked, counted = owner[order], people[order]
    starts = np.searchsorted(ranked, np.arange(gemeenten + 1))
    total = _running(counted, starts)
    next_people = np.append(counted[1:], 0.0)
    last = np.append(ranked[1:] != ranked[:-1], np.ones(min(len(ranked), 1), bool))
    return Ranking(
        cells=cells[order],
        owner=ranked,
        starts=starts,
        people=counted,
        share=counted / total,
        total=total,
        closes=last | (next_people < counted),
    )


def spread(ranking: Ranking, counts: Floats, rules: SpreadRules) -> Spread:
    """Spread one count per gemeente; see the module for how.

    Args:
        ranking: the cells.
        counts: (gemeenten,) the counts; NaN where there is none, whatever the reason.
        rules: what may be shown.
    """
    gemeenten = len(counts)
    missing = np.isnan(counts)
    # shares fall from cell to cell, so those that are large enough stand in front
    enough = counts[ranking.owner] * ranking.share >= rules.threshold
    shown = _up_to_last(enough & ranking.closes, ranking)
    seen = _total_at(shown, ranking)
    everyone = _total_at(np.diff(ranking.starts), ranking)
    reach = np.divide(seen, everyone, out=np.zeros(gemeenten), where=everyone > 0)
    small = (shown == 0) | (reach < rules.reach)
    shown[small | missing] = 0
    place = np.arange(len(ranking.cells)) - ranking.starts[ranking.owner]
    kept = np.flatnonzero(place < shown[ranking.owner])
    owner = ranking.owner[kept]
    amounts = counts[owner] * (ranking.people[kept] / seen[owner])
    order = np.argsort(ranking.cells[kept])
    outcome = np.where(missing, Outcome.MISSING, np.where(small, Outcome.TOO_SMALL, Outcome.SPREAD))
    return Spread(
        cells=ranking.cells[kept][order],
        owner=owner[order],
        # the last bit of a quotient may fall below what was allowed
        counts=np.maximum(amounts[order], rules.threshold),
        outcome=outcome.astype(np.int8),
        reach=np.where(outcome == Outcome.SPREAD, reach, 0.0),
    )


def _running(people: Floats, starts: npt.NDArray[np.int64]) -> Floats:
    """Add up from the first cell of every owner; apart, so that one owner does not blur the next."""
    total = np.empty_like(people)
    for begin, end in pairwise(starts.tolist()):
        np.cumsum(people[begin:end], out=total[begin:end])
    return total


def _up_to_last(marked: Flags, ranking: Ranking) -> npt.NDArray[np.int64]:
    """Return per gemeente how many cells there are up to the last one that is marked."""
    place = np.flatnonzero(marked)
    owner = ranking.owner[place]
    shown = np.zeros(len(ranking.starts) - 1, np.int64)
    # places ascend, so of each owner the last one stays
    shown[owner] = place - ranking.starts[owner] + 1
    return shown


def _total_at(shown: npt.NDArray[np.int64], ranking: Ranking) -> Floats:
    """Return per gemeente the inhabitants of its first cells, this many."""
    some = shown > 0
    total = np.zeros(len(shown))
    total[some] = ranking.total[ranking.starts[:-1][some] + shown[some] - 1]
    return total
