"""Features as GeoJSON, encoded one after the other in one buffer."""

import mmap
from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from spatial.serve.read.fragments import Fragments, Offsets, Places
from spatial.store.answers import CLOSING, FEATURE, HEAD, OPENING, TAIL

_LARGE = pa.large_binary()


class Features:
    """Features, read only.

    Attributes:
        whole: each feature with the comma after it; without gaps.
        heads: the part of each until its geometry.
        tails: the part after its geometry, with the comma.
        placed: its geometry in CRS84 stands between the two; if not, ``whole`` is no GeoJSON.
    """

    def __init__(self, whole: Fragments, heads: Offsets, tails: Offsets) -> None:
        """Take features of which the head is so long, and the tail begins so far from the begin."""
        self.whole = whole
        self.heads = Fragments(whole.data, whole.begins, whole.begins + heads)
        self.tails = Fragments(whole.data, whole.begins + tails, whole.ends)
        self.placed = bool((tails > heads).any())

    @classmethod
    def of(cls, table: pa.Table) -> "Features":
        """Take the features that ``store.answers`` wrote."""
        whole = Fragments.of(table[FEATURE])
        heads, tails = (table[name].to_numpy().astype(np.int64) for name in (HEAD, TAIL))
        return cls(whole, heads, tails)

    @property
    def size(self) -> int:
        """Bytes of all features."""
        return len(self.whole.data)

    def cut(self, rows: Places, ends: npt.NDArray[np.int32], wanted: Sequence[int]) -> "Features":
        """Return some features with some of their properties, copied into a buffer of their own.

        Args:
            rows: which features, in the order of the answer.
            ends: where in its tail each property of each feature ends; a row per feature.
            wanted: places of the properties, in the order of the answer.
        """
        different, order = np.unique(rows, return_inverse=True)
        edges, taken = self._cut_marks(different, ends[different], list(_stretches(wanted)))
        cells = _cells(edges.reshape(-1), self.whole.data)
        found = cells.take(pa.array((order[:, None] * edges.shape[1] + taken).reshape(-1)))
        _, offsets, data = found.buffers()
        marks = np.frombuffer(offsets, np.int64)[: len(found) + 1 : len(taken)]
        whole = Fragments(memoryview(data), marks[:-1], marks[1:])
        begins = self.whole.begins[rows]
        return Features(whole, self.heads.ends[rows] - begins, self.tails.begins[rows] - begins)

    def apart(self) -> "Features":
        """Return the same in pages of their own, which the system has back when they are let go.

        Among all that a server keeps and drops, blocks of megabytes would leave holes in its memory.
        """
        pages = mmap.mmap(-1, max(self.size, 1), flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
        pages[: self.size] = self.whole.data
        data = memoryview(pages)[: self.size].toreadonly()
        begins = self.whole.begins
        whole = Fragments(data, begins, self.whole.ends)
        return Features(whole, self.heads.ends - begins, self.tails.begins - begins)

    def _cut_marks(
        self, rows: Places, ends: npt.NDArray[np.int32], stretches: Sequence[tuple[int, int]]
    ) -> tuple[Offsets, npt.NDArray[np.intp]]:
        """Divide features in cells that follow each other.

        Returns:
            Where each cell begins, a row per feature; and which of these are taken, in order.
        """
        tail, end = self.tails.begins[rows], self.whole.ends[rows]
        # until the tail; the comma that it begins with; the rest of its opening; what is between
        edges = [self.whole.begins[rows], tail, tail + 1, tail + len(OPENING)]
        marks: dict[tuple[int, int], list[Offsets]] = {}
        place = {stretch: len(edges) + 2 * nth for nth, stretch in enumerate(sorted(stretches))}
        taken = [0, 1, 2]
        for first, last in stretches:
            begin = tail + (ends[:, first - 1] + 1 if first else len(OPENING))
            # with the comma after it, if one follows and it has one
            more, own = (first, last) != stretches[-1], last < ends.shape[1] - 1
            marks[first, last] = [begin, tail + ends[:, last] + (more and own)]
            taken += [place[first, last]] if own or not more else [place[first, last], 1]
        for stretch in sorted(stretches):
            edges += marks[stretch]
        taken.append(len(edges))
        edges += [end - len(CLOSING), end]
        return np.stack(edges, axis=1), np.array(taken)


def _cells(edges: Offsets, data: memoryview) -> pa.Array:
    """Return cells that follow each other; the last one goes on to the end of the data."""
    offsets = np.append(edges, len(data)).astype(np.int64)
    buffers = [None, pa.py_buffer(offsets), pa.py_buffer(data)]
    return pa.LargeBinaryArray.from_buffers(_LARGE, len(edges), buffers)


def _stretches(places: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Give the first and last of places that follow each other.

    >>> list(_stretches([4, 5, 6, 1, 0]))
    [(4, 6), (1, 1), (0, 0)]
    """
    first = last = places[0]
    for place in places[1:]:
        if place != last + 1:
            yield first, last
            first = place
        last = place
    yield first, last
