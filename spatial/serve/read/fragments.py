"""Pieces of an answer in one memory-mapped buffer."""

from collections.abc import Iterable, Iterator
from itertools import pairwise

import numpy as np
import pyarrow as pa


class Fragments:
    """The cells of a binary column, without copying them; read only."""

    def __init__(self, column: pa.ChunkedArray) -> None:
        cells = column.combine_chunks() if column.num_chunks != 1 else column.chunk(0)
        _, ends, data = cells.buffers()
        offsets = np.frombuffer(ends, np.int64)[cells.offset : cells.offset + len(cells) + 1]
        # made once: half of the work of cutting out a piece
        self._places = [slice(begin, end) for begin, end in pairwise(offsets.tolist())]
        self._data = memoryview(data) if data is not None else memoryview(b"")

    def __len__(self) -> int:
        return len(self._places)

    def __getitem__(self, place: int) -> memoryview:
        return self._data[self._places[place]]

    def __iter__(self) -> Iterator[memoryview]:
        return (self._data[place] for place in self._places)

    def pick(self, places: Iterable[int]) -> list[memoryview]:
        """Return some cells."""
        data, where = self._data, self._places
        return [data[where[place]] for place in places]
