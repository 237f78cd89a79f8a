"""Rows of a linear system over unknown whole numbers, and the box they leave each of them.

A row says ``ondergrens <= sum(coef * x) <= bovengrens``. A box is the lowest and highest whole number
that an unknown can be; ``inf`` is no upper bound. Propagation only ever cuts off what no solution has.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

type Floats = np.ndarray[tuple[int], np.dtype[np.float64]]
type Places = np.ndarray[tuple[int], np.dtype[np.int64]]
type Marks = np.ndarray[tuple[int], np.dtype[np.bool_]]

TOLERANCE = 1e-6
"""Slack for coefficients that are fractions; counts themselves are whole."""

_ROUNDS = 500


@dataclass(frozen=True, slots=True)
class System:
    """Rows, compressed: entries of row i are ``starts[i]`` up to ``starts[i + 1]``.

    Attributes:
        starts: one more than there are rows.
        cols: which unknown, per entry.
        coef: coefficient, per entry; never 0.
        lower: per row; ``-inf`` is no bound.
        upper: per row; ``inf`` is no bound.
    """

    starts: Places
    cols: Places
    coef: Floats
    lower: Floats
    upper: Floats

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return len(self.lower)

    def sizes(self) -> Places:
        """Return the number of entries of each row."""
        return np.diff(self.starts)

    def matrix(self, unknowns: int) -> "csr_array[np.float64, tuple[int, int]]":
        """Return the coefficients, one row per row and one column per unknown."""
        parts = (self.coef, self.cols, self.starts)
        return csr_array(parts, shape=(self.rows, unknowns), dtype=np.float64)

    def take(self, rows: Places) -> "System":
        """Return the rows at these places, in this order."""
        sizes = self.sizes()[rows]
        entries = ranges(self.starts[rows], sizes)
        starts = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
        return System(
            starts, self.cols[entries], self.coef[entries], self.lower[rows], self.upper[rows]
        )


@dataclass(frozen=True, slots=True)
class Box:
    """What each unknown can be: lowest and highest whole number."""

    low: Floats
    high: Floats


@dataclass(frozen=True, slots=True)
class Propagated:
    """What propagation gave.

    Attributes:
        box: the boxes when nothing changed any more.
        contradicted: rows that no value inside the boxes satisfies; they were left out.
        settled: False when the last round still changed a box (the boxes hold, but could be smaller).
    """

    box: Box
    contradicted: Places
    settled: bool


def ranges(starts: Places, sizes: Places) -> Places:
    """Return ``starts[i], starts[i] + 1, ...`` (``sizes[i]`` of them) for every i, end to end."""
    ends = np.cumsum(sizes)
    total = int(ends[-1]) if len(ends) else 0
    places: Places = np.arange(total, dtype=np.int64) + np.repeat(starts - (ends - sizes), sizes)
    return places


def stack(systems: Sequence[System]) -> System:
    """Return the rows of all systems, one after the other."""
    sizes = np.concatenate([np.zeros(0, dtype=np.int64), *(system.sizes() for system in systems)])
    none = np.zeros(0)
    return System(
        np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64),
        np.concatenate([none.astype(np.int64), *(system.cols for system in systems)]),
        np.concatenate([none, *(system.coef for system in systems)]),
        np.concatenate([none, *(system.lower for system in systems)]),
        np.concatenate([none, *(system.upper for system in systems)]),
    )


def activity(system: System, box: Box) -> tuple[Floats, Floats]:
    """Return the lowest and highest sum that each row can reach inside the boxes."""
    low, high = _terms(system.coef, system.cols, box)
    return _sum(low, system.starts), _sum(high, system.starts)


def propagate(system: System, box: Box) -> Propagated:
    """Shrink the boxes until no row can shrink them further.

    Rows that contradict each other are left out and reported, and the boxes are made anew without
    them: real figures need not add up, and a contradiction must not pass for knowledge.
    """
    out = np.zeros(system.rows, dtype=bool)
    while True:
        found, guilty, settled = _fixed_point(system, box, out)
        if not guilty.any():
            return Propagated(found, np.flatnonzero(out), settled)
        out |= guilty


def rows_of(system: System, unknowns: int) -> tuple[Places, Places]:
    """Return, compressed, in which rows each unknown occurs: starts, and rows."""
    owner = np.repeat(np.arange(system.rows, dtype=np.int64), system.sizes())
    order = np.argsort(system.cols, kind="stable")
    counts = np.bincount(system.cols, minlength=unknowns)
    return np.concatenate([[0], np.cumsum(counts)]).astype(np.int64), owner[order]


def _fixed_point(system: System, box: Box, out: Marks) -> tuple[Box, Marks, bool]:
    """Return the boxes, the rows that turned out to contradict, and whether it settled."""
    low, high = box.low.copy(), box.high.copy()
    starts, owners = rows_of(system, len(low))
    guilty = np.zeros(system.rows, dtype=bool)
    active = np.flatnonzero(~out)
    for _round in range(_ROUNDS):
        part = system.take(active)
        floor, cap = _proposals(part, Box(low, high))
        new_low, new_high = low.copy(), high.copy()
        np.maximum.at(new_low, part.cols, floor)
        np.minimum.at(new_high, part.cols, cap)
        crossed = new_low > new_high
        if crossed.any():
            blame = crossed[part.cols] & ((floor > low[part.cols]) | (cap < high[part.cols]))
            guilty[active[np.unique(_row_of_entry(part)[blame])]] = True
            new_low[crossed], new_high[crossed] = low[crossed], high[crossed]
        changed = np.flatnonzero((new_low > low) | (new_high < high))
        low, high = new_low, new_high
        if not len(changed):
            return Box(low, high), guilty, True
        touched = owners[ranges(starts[changed], np.diff(starts)[changed])]
        active = np.unique(touched)
        active = active[~(out | guilty)[active]]
    return Box(low, high), guilty, False


def _row_of_entry(system: System) -> Places:
    return np.repeat(np.arange(system.rows, dtype=np.int64), system.sizes())


def _terms(coef: Floats, cols: Places, box: Box) -> tuple[Floats, Floats]:
    low, high = coef * box.low[cols], coef * box.high[cols]
    positive = coef > 0
    return np.where(positive, low, high), np.where(positive, high, low)


def _sum(terms: Floats, starts: Places) -> Floats:
    """Add up per row; every row has entries, so that reduceat may be used."""
    sums: Floats = np.add.reduceat(terms, starts[:-1]) if len(starts) > 1 else np.empty(0)
    return sums


def _proposals(part: System, box: Box) -> tuple[Floats, Floats]:
    """Return the box that each entry's own row leaves its unknown."""
    low, high = _terms(part.coef, part.cols, box)
    sizes = part.sizes()
    least = np.repeat(part.upper, sizes) - _others(low, part)
    most = np.repeat(part.lower, sizes) - _others(high, part)
    positive = part.coef > 0
    cap = np.where(positive, least, most) / part.coef
    floor = np.where(positive, most, least) / part.coef
    return np.ceil(floor - TOLERANCE), np.floor(cap + TOLERANCE)


def _others(terms: Floats, part: System) -> Floats:
    """Return per entry the sum of the other entries of its row; infinite when one of them is."""
    endless = np.isinf(terms)
    finite = np.where(endless, 0.0, terms)
    sizes = part.sizes()
    rest = np.repeat(_sum(finite, part.starts), sizes) - finite
    open_ends = np.repeat(_sum(endless.astype(np.float64), part.starts), sizes) - endless
    sign = np.repeat(_sum(np.where(endless, terms, 0.0), part.starts), sizes)
    result: Floats = np.where(open_ends > 0, sign, rest)
    return result
