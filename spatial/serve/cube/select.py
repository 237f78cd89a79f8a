"""Which cells a query asks for: whole rows and columns of matrices first, then cells."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from spatial.errors import QueryError
from spatial.serve.ask.query import Interval, Query
from spatial.serve.cql2.expression import Condition
from spatial.serve.cube.parts import divided
from spatial.serve.cube.views import Sides
from spatial.serve.matching.conditions import matching
from spatial.store.catalogue import WAARNEMINGEN
from spatial.store.cube.axes import Block
from spatial.store.cube.read import Positions

type Mask = npt.NDArray[np.bool_]

MOST_LOOKED_AT = 100_000_000
"""Cells that a condition on cells is held against at most; more takes seconds."""
_CHUNK = 1 << 18


@dataclass(frozen=True, slots=True)
class Part:
    """The rows and columns of the matrix of one group that may hold an answer.

    Attributes:
        block: the matrix.
        rows: which subjects, by their row in it; ascending.
        columns: which places, by their column in it; ascending.
    """

    block: Block
    rows: Positions
    columns: Positions

    @property
    def size(self) -> int:
        """Number of cells."""
        return len(self.rows) * len(self.columns)


@dataclass(frozen=True, slots=True)
class Selection:
    """The cells that a query asks for.

    Attributes:
        sides: the cube.
        parts: where they may be, in order.
        condition: what must hold of each cell besides; None: nothing.
    """

    sides: Sides
    parts: tuple[Part, ...]
    condition: Condition | None

    @property
    def looked_at(self) -> int:
        """Number of cells that may have to be looked at."""
        return sum(part.size for part in self.parts)

    def count(self) -> int:
        """Return the number of observations."""
        if self.condition is not None:
            return sum(len(found) for found in self.positions())
        return sum(_count(self.sides, part) for part in self.parts)

    def positions(self, after: int = -1) -> Iterator[Positions]:
        """Give the cells of all observations, in order.

        Args:
            after: only those that stand after this cell.
        """
        for part in self.parts:
            if part.block.offset + part.block.size > after + 1:
                yield from self._of_part(part, after)

    def _of_part(self, part: Part, after: int) -> Iterator[Positions]:
        states, width = self.sides.cube.states, len(part.block.columns)
        if not part.size:
            return
        at_once = max(1, _CHUNK // len(part.columns))
        first = np.searchsorted(part.rows, (after + 1 - part.block.offset) // width)
        for begin in range(int(first), len(part.rows), at_once):
            rows = part.rows[begin : begin + at_once] * width + part.block.offset
            for columns in _pieces(part.columns):
                found = (rows[:, None] + columns).reshape(-1)
                found = found[(found > after) & (states[found] != 0)]
                if self.condition is not None and len(found):
                    found = found[matching(self.condition, self.sides.cells(found))]
                if len(found):
                    yield found


def selected(sides: Sides, query: Query) -> Selection:
    """Find where the answer to a query is; the cells themselves are looked at later.

    Raises:
        QueryError: shapes cannot be compared as asked, or too many cells would have to be looked at.
    """
    known = sides.edition.fields(WAARNEMINGEN)
    asked = divided(query, known)
    subjects = np.ones(sides.subjects.count, dtype=bool)
    if asked.subjects is not None:
        subjects &= matching(asked.subjects, sides.subjects)
    places = np.ones(sides.places.count, dtype=bool)
    if asked.places is not None:
        places &= matching(asked.places, sides.places)
    if query.interval is not None:
        places &= _during(sides, query.interval)
    if query.box is not None:
        # a place without shape has -1: the last, which is always False
        places &= np.append(sides.shapes.intersecting(query.box), [False])[sides.shape_of]
    parts = tuple(_part(block, subjects, places) for block in sides.cube.axes.blocks)
    found = Selection(sides, tuple(part for part in parts if part.size), asked.cells)
    if found.condition is not None and found.looked_at > MOST_LOOKED_AT:
        message = (
            f"a condition on values would be held against {found.looked_at:,} cells, and at most "
            f"{MOST_LOOKED_AT:,} are allowed: choose groep, kenmerk, niveau or datetime as well"
        )
        raise QueryError(message)
    return found


def _part(block: Block, subjects: Mask, places: Mask) -> Part:
    rows = np.flatnonzero(subjects[block.first : block.first + block.rows])
    return Part(block, rows, np.flatnonzero(places[block.columns]))


def _during(sides: Sides, interval: Interval) -> Mask:
    axes = sides.cube.axes
    mask = np.ones(len(axes.begins), dtype=bool)
    if interval.begin is not None:
        mask &= axes.ends >= np.datetime64(interval.begin)
    if interval.eind is not None:
        mask &= axes.begins <= np.datetime64(interval.eind)
    return mask


def _count(sides: Sides, part: Part) -> int:
    if len(part.columns) == len(part.block.columns):
        return int(sides.cube.counts(part.block)[0][part.rows].sum())
    if len(part.rows) == part.block.rows:
        return int(sides.cube.counts(part.block)[1][part.columns].sum())
    states = sides.cube.matrix(part.block)
    return sum(int(np.count_nonzero(states[row][part.columns])) for row in part.rows.tolist())


def _pieces(columns: Positions) -> Iterator[Positions]:
    """Give columns in order; more than fit in memory many times are divided."""
    for begin in range(0, len(columns), _CHUNK):
        yield columns[begin : begin + _CHUNK]
