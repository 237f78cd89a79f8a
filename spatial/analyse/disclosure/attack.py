"""What someone with a solver can find out: exact ranges by linear programming (HiGHS).

Used for the few figures of which the boxes do not prove that they say nothing new. A figure that the
source's own equations already imply narrows nothing, whatever stands beside it: two programs prove
that. Only for the others the range of every secret cell near it is solved with and without.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from spatial.analyse.disclosure.system import (
    Box,
    Floats,
    Marks,
    Places,
    System,
    propagate,
    ranges,
    rows_of,
    stack,
)

_INFEASIBLE = 2
_UNBOUNDED = (3, 4)
_SLACK = 1e-5


class Verdict(StrEnum):
    """Why a figure may not be published.

    It narrows what a secret cell can be; it has a value although a part of it is secret, even where
    that narrows nothing (rules D1 and D2); it cannot be true beside the source's own figures; or the
    limits were reached before it was proven harmless.
    """

    NARROWS = "narrows"
    FILLS = "fills"
    CONTRADICTS = "contradicts"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True)
class Limits:
    """How far the solver goes; what it could not decide counts as a leak of its own kind.

    Attributes:
        unknowns: most cells in one program; a larger component is cut around the figure.
        cells: most secret cells tried per figure.
        programs: most programs in all.
        seconds: most time for one program.
    """

    unknowns: int = 6000
    cells: int = 100
    programs: int = 2000
    seconds: float = 10.0


class LimitReachedError(Exception):
    """A limit was reached before the question was answered; caught in this module."""


class ContradictionError(Exception):
    """No numbers satisfy the rows; caught in this module."""


@dataclass(slots=True)
class Solver:
    """Counts the programs that were solved.

    Attributes:
        limits: how far it goes.
        solved: programs so far.
    """

    limits: Limits
    solved: int = field(default=0)

    def extreme(self, system: System, box: Box, objective: Floats) -> float:
        """Return the lowest sum of the objective over the rows and boxes.

        Raises:
            LimitReachedError: too many programs, or out of time.
            ContradictionError: no numbers satisfy the rows.
        """
        if self.solved >= self.limits.programs:
            raise LimitReachedError
        self.solved += 1
        matrix = system.matrix(len(box.low))
        answer = milp(
            objective,
            bounds=Bounds(box.low, box.high),
            constraints=LinearConstraint(matrix, system.lower, system.upper),
            options={"time_limit": self.limits.seconds},
        )
        if answer.status == _INFEASIBLE:
            raise ContradictionError
        if answer.status in _UNBOUNDED:
            return -np.inf
        if answer.status != 0:
            raise LimitReachedError
        return float(answer.fun)

    def range_of(self, system: System, box: Box, cell: int) -> tuple[float, float]:
        """Return the lowest and highest whole number that a cell can be."""
        objective = np.zeros(len(box.low))
        objective[cell] = 1.0
        low = np.ceil(self.extreme(system, box, objective) - _SLACK)
        high = np.floor(-self.extreme(system, box, -objective) + _SLACK)
        return max(low, float(box.low[cell])), min(high, float(box.high[cell]))

    def implied(self, system: System, box: Box, row: System) -> bool:
        """Tell whether the rows imply one more row."""
        objective = np.zeros(len(box.low))
        objective[row.cols] = row.coef
        above, below = row.upper[0], row.lower[0]
        if np.isfinite(above) and -self.extreme(system, box, -objective) > above + _SLACK:
            return False
        return not np.isfinite(below) or self.extreme(system, box, objective) >= below - _SLACK


@dataclass(frozen=True, slots=True)
class _Near:
    """The part of the system around a figure, with its own numbering of the unknowns.

    Attributes:
        system: rows of which all unknowns are here.
        box: of each unknown here.
        secret: which of them the source did not publish.
        unknowns: place of each in the whole system, ascending.
        complete: nothing outside is connected to it.
    """

    system: System
    box: Box
    secret: Marks
    unknowns: Places
    complete: bool


@dataclass(frozen=True, slots=True)
class Suspects:
    """Rows of our figures that the boxes do not imply, and the figure of each row."""

    system: System
    figure: Places

    def of(self, figures: Sequence[int]) -> System:
        """Return the rows of these figures."""
        return self.system.take(np.flatnonzero(np.isin(self.figure, figures)))


def judge(
    base: System, box: Box, secret: Marks, suspects: Suspects, solver: Solver
) -> dict[int, Verdict]:
    """Return the figures that say more than the source, or of which that is not excluded.

    Each is tried alone first; those that cut the source's own space but narrow no secret cell alone
    are then tried together.

    Args:
        base: equations of the source.
        box: what they leave each cell.
        secret: cells that the source did not publish.
        suspects: rows of our figures.
        solver: counts and limits.
    """
    if not len(suspects.figure):
        return {}
    surroundings = _Surroundings(base, box, secret, rows_of(base, len(box.low)))
    verdicts: dict[int, Verdict] = {}
    cutting: list[int] = []
    for figure in np.unique(suspects.figure).tolist():
        near = surroundings.of(suspects.of([figure]).cols, solver.limits.unknowns)
        verdict, implied = _alone(near, suspects.of([figure]), solver)
        if verdict is not None:
            verdicts[figure] = verdict
        elif not implied:
            cutting.append(figure)
    if len(cutting) > 1:
        near = surroundings.of(suspects.of(cutting).cols, solver.limits.unknowns)
        together = _tried(near, suspects.of(cutting), solver)
        verdicts |= {} if together is None else dict.fromkeys(cutting, together)
    return verdicts


@dataclass(frozen=True, slots=True)
class _Surroundings:
    """The whole system, and in which rows each unknown occurs."""

    system: System
    box: Box
    secret: Marks
    index: tuple[Places, Places]

    def of(self, cells: Places, most: int) -> _Near:
        """Return what is connected to these cells, step by step, up to so many unknowns."""
        unknowns = np.unique(cells)
        complete = False
        while not complete:
            rows = self._touching(unknowns)
            wider = np.union1d(unknowns, self.system.take(rows).cols)
            complete = len(wider) == len(unknowns)
            if len(wider) > most:
                break
            unknowns = wider
        return self._cut(unknowns, complete=complete)

    def _touching(self, unknowns: Places) -> Places:
        starts, owners = self.index
        return np.unique(owners[ranges(starts[unknowns], np.diff(starts)[unknowns])])

    def _cut(self, unknowns: Places, *, complete: bool) -> _Near:
        rows = self.system.take(self._touching(unknowns))
        inside = np.isin(rows.cols, unknowns)
        if rows.rows:
            rows = rows.take(np.flatnonzero(np.logical_and.reduceat(inside, rows.starts[:-1])))
        box = Box(self.box.low[unknowns], self.box.high[unknowns])
        return _Near(_local(rows, unknowns), box, self.secret[unknowns], unknowns, complete)


def _local(rows: System, unknowns: Places) -> System:
    cols = np.searchsorted(unknowns, rows.cols)
    return System(rows.starts, cols, rows.coef, rows.lower, rows.upper)


def _alone(near: _Near, rows: System, solver: Solver) -> tuple[Verdict | None, bool]:
    """Return the verdict on one figure, and whether the source implies it."""
    try:
        local = _local(rows, near.unknowns)
        each = (local.take(np.array([row])) for row in range(local.rows))
        if all(solver.implied(near.system, near.box, row) for row in each):
            return None, True
    except (LimitReachedError, ContradictionError):
        return Verdict.UNDECIDED, False
    return _tried(near, rows, solver), False


def _tried(near: _Near, rows: System, solver: Solver) -> Verdict | None:
    """Solve the range of every secret cell here, with and without these rows."""
    local = _local(rows, near.unknowns)
    both = stack([near.system, local])
    with_ours = propagate(both, near.box)
    if len(with_ours.contradicted):
        return Verdict.CONTRADICTS
    cells = _in_order(near, local, with_ours.box)
    try:
        for cell in cells[: solver.limits.cells].tolist():
            after = solver.range_of(both, with_ours.box, cell)
            if after == (near.box.low[cell], near.box.high[cell]):
                continue
            before = solver.range_of(near.system, near.box, cell)
            if after[0] > before[0] or after[1] < before[1]:
                return Verdict.NARROWS
    except LimitReachedError:
        return Verdict.UNDECIDED
    except ContradictionError:
        return Verdict.CONTRADICTS
    every = near.complete and len(cells) <= solver.limits.cells
    return None if every else Verdict.UNDECIDED


def _in_order(near: _Near, ours: System, box: Box) -> Places:
    """Return the secret cells: those that propagation narrows, those of the figure, the others."""
    narrowed = (box.low > near.box.low) | (box.high < near.box.high)
    own = np.isin(np.arange(len(near.unknowns)), ours.cols)
    cells = np.flatnonzero(near.secret)
    order: Places = cells[np.argsort(-2 * narrowed[cells] - own[cells].astype(int), kind="stable")]
    return order
