"""The cube opened for reading: mapped into memory, so that it costs the pages that are looked at."""

import json
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from spatial.domain.regions import Niveau
from spatial.errors import StoreError
from spatial.store.cube.axes import Axes, Block, Key
from spatial.store.cube.states import (
    STATUSES,
    VALUED,
    States,
    own_bounds_of,
    provisional_of,
    status_of,
)
from spatial.store.cube.write import (
    BOUND_AT,
    BOUND_HIGH,
    BOUND_LOW,
    COLUMNS,
    CUBE,
    INDEX,
    PLACES,
    STATES,
    SUBJECTS,
    VALUES,
)

type Positions = npt.NDArray[np.int64]
type Numbers = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Cell:
    """One observation, without what its key says.

    Attributes:
        waarde: the number; None when the status has none.
        status: see ``spatial.domain.status``.
        minimum: lowest possible count; None as ``waarde``.
        maximum: highest possible count; None as ``waarde``.
        voorlopig: provisional according to the source.
    """

    waarde: int | None
    status: str
    minimum: int | None
    maximum: int | None
    voorlopig: bool


@dataclass(frozen=True, slots=True)
class Cells:
    """Cells beside each other.

    Attributes:
        states: see ``states``.
        values: the numbers; 0 where there is none.
        low: lowest possible counts, as ``values``.
        high: highest possible counts, as ``values``.
    """

    states: States
    values: Numbers
    low: Numbers
    high: Numbers

    @property
    def valued(self) -> npt.NDArray[np.bool_]:
        """Tell of each whether it holds a number, and bounds."""
        valued: npt.NDArray[np.bool_] = VALUED[status_of(self.states)]
        return valued

    def cells(self) -> list[Cell | None]:
        """Return them one by one; None where the source has no row."""
        columns = (self.states, self.values, self.low, self.high, self.valued)
        rows = zip(*(column.tolist() for column in columns), strict=True)
        return [
            _cell(state, (value, low, high) if valued else (None, None, None))
            for state, value, low, high, valued in rows
        ]


class Cube:
    """All observations of a snapshot; read only and safe for threads.

    Attributes:
        axes: its dictionaries.
        rows: number of observations.
        values: int32 of every cell, in order.
        states: state of every cell.
    """

    def __init__(self, folder: Path) -> None:
        """Map the cube of a snapshot folder.

        Raises:
            StoreError: it is not there, damaged, or written by another version.
        """
        try:
            self._open(folder / CUBE)
        except (OSError, ValueError, LookupError, TypeError, pa.ArrowException) as error:
            message = f"the cube of the snapshot cannot be read: {error}"
            raise StoreError(message) from error

    def _open(self, folder: Path) -> None:
        index = json.loads((folder / INDEX).read_text(encoding="utf-8"))
        if index["statussen"] != list(STATUSES):
            message = f"it has the statuses {index['statussen']}"
            raise ValueError(message)
        self.rows: int = index["rijen"]
        columns: Positions = np.load(folder / COLUMNS)
        self.axes = Axes(
            _table(folder / SUBJECTS), _table(folder / PLACES), _blocks(index, columns)
        )
        self.values: Numbers = _mapped(folder / VALUES)
        self.states: States = _mapped(folder / STATES)
        self._bound_at: Positions = _mapped(folder / BOUND_AT)
        self._bound_low: Numbers = _mapped(folder / BOUND_LOW)
        self._bound_high: Numbers = _mapped(folder / BOUND_HIGH)
        size = sum(block.size for block in self.axes.blocks)
        if len(self.values) != size or len(self.states) != size:
            message = f"it has {len(self.values)} values and {len(self.states)} states, not {size}"
            raise ValueError(message)

    def position(self, key: Key) -> int | None:
        """Return where a cell stands; None when the cube has no place for it."""
        subject = self.axes.subject_of.get(key[:3])
        places = self.axes.places_of.get(key.code)
        if subject is None or places is None:
            return None
        axes = self.axes
        for place in places:
            if (
                axes.begins[place] == np.datetime64(key.begin)
                and axes.ends[place] == np.datetime64(key.eind)
                and axes.indelingen[place] == key.indeling
            ):
                return self._at(subject, place)
        return None

    def cell(self, key: Key) -> Cell | None:
        """Return one observation; None when the source has no such row."""
        position = self.position(key)
        if position is None:
            return None
        return self.take(np.array([position])).cells()[0]

    def series(self, groep: str, kenmerk: str, maat: str, code: str) -> dict[Key, Cell]:
        """Return all periods of one region, by time; those of which the source has no row are left out."""
        subject = self.axes.subject_of.get((groep, kenmerk, maat))
        places = self.axes.places_of.get(code)
        block = self.axes.block_of(groep)
        if subject is None or places is None or block is None:
            return {}
        first, last = np.searchsorted(block.columns, [places.start, places.stop])
        begin = self._row(block, subject)
        cells = self.take(np.arange(begin + first, begin + last)).cells()
        mine = block.columns[first:last].tolist()
        axes = self.axes
        return {
            Key(
                groep, kenmerk, maat, code,
                axes.begins[place].item(), axes.ends[place].item(), int(axes.indelingen[place]),
            ): cell
            for place, cell in zip(mine, cells, strict=True)
            if cell is not None
        }  # fmt: skip

    def map(
        self, subject: tuple[str, str, str], niveau: Niveau, begin: date, eind: date | None = None
    ) -> tuple[Positions, Cells]:
        """Return one subject for all regions of a level in a period.

        Args:
            subject: groep, kenmerk, maat.
            niveau: the level.
            begin: peilmoment, or first day of a flow.
            eind: last day of a flow; None: the peilmoment.

        Returns:
            The places, and their cells; a region of which the source has no row is there too.
        """
        row, block = self.axes.subject_of.get(subject), self.axes.block_of(subject[0])
        if row is None or block is None:
            return np.zeros(0, np.int64), self.take(np.zeros(0, np.int64))
        axes, days = self.axes, (np.datetime64(begin), np.datetime64(eind or begin))
        level = list(Niveau).index(niveau)
        wanted = (axes.begins == days[0]) & (axes.ends == days[1]) & (axes.levels == level)
        places = np.flatnonzero(wanted[block.columns])
        return block.columns[places], self.take(self._row(block, row) + places)

    def take(self, positions: Positions) -> Cells:
        """Return cells by where they stand, with their bounds."""
        states, values = self.states[positions], self.values[positions]
        half = self.axes.halves[self.subjects_at(positions)]
        low, high = np.maximum(values - half, 0), values + half
        own = np.flatnonzero(own_bounds_of(states))
        if len(own):
            found = np.searchsorted(self._bound_at, positions[own])
            low[own], high[own] = self._bound_low[found], self._bound_high[found]
        return Cells(states, values, low, high)

    def subjects_at(self, positions: Positions) -> Positions:
        """Return the subject of each cell."""
        numbers, local = self._local(positions)
        widths = self._widths[numbers]
        return self._firsts[numbers] + local // widths

    def places_at(self, positions: Positions) -> Positions:
        """Return the place of each cell."""
        numbers, local = self._local(positions)
        columns = local % self._widths[numbers]
        return self._columns[self._column_starts[numbers] + columns]

    def counts(self, block: Block) -> tuple[Positions, Positions]:
        """Return how many observations each subject and each place of a group has."""
        known = self._counts.get(block.groep)
        if known is None:
            states = self.matrix(block)
            by_row = np.zeros(block.rows, np.int64)
            by_column = np.zeros(len(block.columns), np.int64)
            for row in range(block.rows):
                there = states[row] != 0
                by_row[row] = np.count_nonzero(there)
                by_column += there
            known = self._counts[block.groep] = (by_row, by_column)
        return known

    def matrix(self, block: Block) -> States:
        """Return the states of a group: a row per subject, a column per place."""
        part = self.states[block.offset : block.offset + block.size]
        return part.reshape(block.rows, len(block.columns))

    def _at(self, subject: int, place: int) -> int | None:
        for block in self.axes.blocks:
            if block.first <= subject < block.first + block.rows:
                column = int(np.searchsorted(block.columns, place))
                if column < len(block.columns) and block.columns[column] == place:
                    return self._row(block, subject) + column
        return None

    def _row(self, block: Block, subject: int) -> int:
        return block.offset + (subject - block.first) * len(block.columns)

    def _local(self, positions: Positions) -> tuple[Positions, Positions]:
        """Return the group of each cell, and where in its matrix it stands."""
        numbers = np.searchsorted(self._offsets, positions, side="right") - 1
        return numbers, positions - self._offsets[numbers]

    @cached_property
    def _counts(self) -> dict[str, tuple[Positions, Positions]]:
        return {}

    @cached_property
    def _offsets(self) -> Positions:
        return np.array([block.offset for block in self.axes.blocks], np.int64)

    @cached_property
    def _firsts(self) -> Positions:
        return np.array([block.first for block in self.axes.blocks], np.int64)

    @cached_property
    def _widths(self) -> Positions:
        return np.array([len(block.columns) for block in self.axes.blocks], np.int64)

    @cached_property
    def _columns(self) -> Positions:
        return np.concatenate([np.zeros(0, np.int64), *(b.columns for b in self.axes.blocks)])

    @cached_property
    def _column_starts(self) -> Positions:
        return np.concatenate([[0], np.cumsum(self._widths)[:-1]]).astype(np.int64)


def _cell(state: int, numbers: tuple[int | None, int | None, int | None]) -> Cell | None:
    if not state:
        return None
    states = np.array([state], np.uint8)
    status = STATUSES[int(status_of(states)[0]) - 1]
    value, low, high = numbers
    return Cell(value, status, low, high, voorlopig=bool(provisional_of(states)[0]))


def _blocks(index: dict[str, Any], columns: Positions) -> tuple[Block, ...]:
    blocks: list[Block] = []
    first = offset = begin = 0
    for entry in index["groepen"]:
        own = columns[begin : begin + entry["plaatsen"]]
        block = Block(entry["groep"], first, entry["onderwerpen"], own, offset)
        blocks.append(block)
        first, offset, begin = first + block.rows, offset + block.size, begin + len(own)
    return tuple(blocks)


def _table(path: Path) -> pa.Table:
    with pa.memory_map(str(path)) as source:
        return pa.ipc.open_file(source).read_all()


def _mapped(path: Path) -> Any:
    # as a plain array on the map: a ``memmap`` costs a finalizer for every part that is cut from it
    return np.load(path) if _is_empty(path) else np.asarray(np.load(path, mmap_mode="r"))


def _is_empty(path: Path) -> bool:
    """Tell whether an array has no cells: nothing of it can be mapped."""
    with path.open("rb") as file:
        np.lib.format.read_magic(file)
        shape, _, _ = np.lib.format.read_array_header_1_0(file)
    return shape == (0,)
