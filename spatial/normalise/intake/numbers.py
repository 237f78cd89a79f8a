"""Row numbers of a table that comes in pieces: which were seen, in a few bits per row."""

import numpy as np

from spatial.errors import SourceError

V3_LIMIT = 10_000
_BLOCK = 1 << 20


class RowNumbers:
    """The row numbers seen so far; pieces may come in any order.

    Attributes:
        count: how many rows were seen.
    """

    def __init__(self, where: str) -> None:
        """Start without a row; ``where`` is the file or table, for messages."""
        self.count = 0
        self._where = where
        self._blocks: dict[int, np.ndarray] = {}

    def add(self, numbers: np.ndarray) -> None:
        """Note the numbers of a piece.

        Raises:
            SourceError: a number is negative, or was seen before.
        """
        if not len(numbers):
            return
        ordered = np.sort(numbers.astype(np.int64, copy=False))
        twice = ordered[:-1][np.diff(ordered) == 0]
        if len(twice):
            self._refuse(int(twice[0]))
        if ordered[0] < 0:
            message = f"{self._where}: row number {ordered[0]} is below 0"
            raise SourceError(message)
        blocks = ordered // _BLOCK
        edges = np.flatnonzero(np.diff(blocks)) + 1
        for part in np.split(ordered, edges):
            self._add_block(int(part[0] // _BLOCK), part % _BLOCK)
        self.count += len(numbers)

    def check(self, *, expected: int | None, next_link: str = "") -> None:
        """Refuse a download that stopped halfway.

        Args:
            expected: how many rows there are (ObservationCount of version 4); None when the source
                does not tell.
            next_link: address of a page after the last that was read; empty: there is none.

        Raises:
            SourceError: there are more pages, rows are missing, or there are exactly 10,000 rows
                (where version 3 stops) and nobody said that this is all.
        """
        problem = ""
        if next_link:
            problem = f"the last page read points to another one ({next_link})"
        elif expected is not None and self.count != expected:
            problem = f"{self.count} rows, but the source has {expected}{self._gap()}"
        elif expected is None and self.count == V3_LIMIT:
            problem = "exactly 10,000 rows, where version 3 stops; say how many rows there are"
        if problem:
            message = f"{self._where}: {problem}; download the table again"
            raise SourceError(message)

    def _add_block(self, block: int, places: np.ndarray) -> None:
        seen = np.zeros(_BLOCK, dtype=bool)
        if block in self._blocks:
            seen[:] = np.unpackbits(self._blocks[block]).view(bool)
            again = places[seen[places]]
            if len(again):
                self._refuse(block * _BLOCK + int(again[0]))
        seen[places] = True
        self._blocks[block] = np.packbits(seen)

    def _gap(self) -> str:
        """Say after which number the first gap is, when there is one."""
        before = None
        for block in sorted(self._blocks):
            places = np.flatnonzero(np.unpackbits(self._blocks[block])) + block * _BLOCK
            if before is not None:
                places = np.concatenate([[before], places])
            steps = np.flatnonzero(np.diff(places) > 1)
            if len(steps):
                return f", the first gap is after row number {places[steps[0]]}"
            before = places[-1]
        return ""

    def _refuse(self, number: int) -> None:
        message = f"{self._where}: row number {number} stands there twice; download the table again"
        raise SourceError(message)
