"""Pieces of an answer in one buffer, often a memory-mapped file."""

from collections.abc import Iterable, Iterator
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pyarrow as pa

type Offsets = npt.NDArray[np.int64]
type Places = npt.NDArray[np.intp]


class Fragments:
    """Cells of bytes, without copying them; read only.

    Attributes:
        data: where they lie.
        begins: where each cell begins in it.
        ends: where each cell ends.
    """

    def __init__(self, data: memoryview, begins: Offsets, ends: Offsets) -> None:
        self.data = data
        self.begins = begins
        self.ends = ends

    @classmethod
    def of(cls, column: pa.ChunkedArray) -> "Fragments":
        """Take the cells of a column of large binaries."""
        cells = column.combine_chunks() if column.num_chunks != 1 else column.chunk(0)
        _, ends, data = cells.buffers()
        offsets = np.frombuffer(ends, np.int64)[cells.offset : cells.offset + len(cells) + 1]
        return cls(memoryview(data if data is not None else b""), offsets[:-1], offsets[1:])

    def __len__(self) -> int:
        return len(self.begins)

    def __getitem__(self, place: int) -> memoryview:
        return self.data[self.begins[place] : self.ends[place]]

    def __iter__(self) -> Iterator[memoryview]:
        return (self.data[place] for place in self._places)

    def pick(self, places: Iterable[int]) -> list[memoryview]:
        """Return some cells."""
        data, where = self.data, self._places
        return [data[where[place]] for place in places]

    def runs(self, places: Places) -> list[memoryview]:
        """Return some cells of a column without gaps; those that follow each other are one piece."""
        if not len(places):
            return []
        breaks = np.flatnonzero(np.diff(places) != 1)
        firsts = self.begins[places[np.concatenate([[0], breaks + 1])]]
        lasts = self.ends[places[np.concatenate([breaks, [-1]])]]
        data = self.data
        return [data[begin:end] for begin, end in zip(firsts.tolist(), lasts.tolist(), strict=True)]

    @cached_property
    def _places(self) -> list[slice]:
        # made once: half of the work of cutting out a piece
        return list(map(slice, self.begins.tolist(), self.ends.tolist()))
