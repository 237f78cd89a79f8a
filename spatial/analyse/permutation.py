"""How often a sum over neighbours is reached when the other values are dealt out at random.

The conditional permutation of local statistics (Anselin 1995): the value of a region stays, its
neighbours get values of other regions. All regions share the same random draws, as in esda. Of a
draw of k + 1 regions, the first k that are not the region itself are a draw from the others; so one
table of running sums serves every region, and the work does not grow with their number.
"""

import numpy as np

from spatial.analyse.contiguity import Contiguity

_TIE = 1e-9


def draws(regions: int, width: int, permutations: int, seed: int) -> np.ndarray:
    """Draw regions without replacement; the same arguments give the same draws.

    Args:
        regions: from how many.
        width: how many each time, at most ``regions``.
        permutations: how many times.
        seed: of the random numbers.

    Returns:
        (width, permutations) places; every ordered choice is as likely as any other.
    """
    random = np.random.default_rng(seed)
    drawn = np.empty((width, permutations), dtype=np.int64)
    for number in range(width):
        # a place among those that are left becomes a place among all by stepping over the drawn
        place = random.integers(0, regions - number, permutations)
        for earlier in np.sort(drawn[:number], axis=0):
            place += place >= earlier
        drawn[number] = place
    return drawn


def reached(
    values: np.ndarray, sums: np.ndarray, neighbours: Contiguity, drawn: np.ndarray
) -> np.ndarray:
    """Count for each region the draws in which its neighbours sum to at least a given sum.

    Args:
        values: (n,) what is dealt out.
        sums: (n,) what must be reached.
        neighbours: of the n regions; those without neighbours count 0.
        drawn: from ``draws``, with a width of at least one more than the most neighbours, or n.

    Returns:
        (n,) counts; a sum that differs by rounding only counts as reached.
    """
    running = np.cumsum(values[drawn], axis=0)
    threshold = sums - _TIE * (1 + np.abs(sums))
    degree = neighbours.aantal
    counts = np.zeros(len(values), dtype=np.int64)
    for k in np.unique(degree[degree > 0]):
        mine = np.flatnonzero(degree == k)
        of_k = np.sort(running[k - 1])
        counts[mine] = len(of_k) - np.searchsorted(of_k, threshold[mine], side="left")
        # draws in which the region itself is among the first k: one more is needed in its place
        order, times = np.nonzero(degree[drawn[:k]] == k)
        itself = drawn[order, times]
        before = running[k - 1, times] >= threshold[itself]
        after = running[k, times] - values[itself] >= threshold[itself]
        counts += np.bincount(itself, weights=after, minlength=len(values)).astype(np.int64)
        counts -= np.bincount(itself, weights=before, minlength=len(values)).astype(np.int64)
    return counts
