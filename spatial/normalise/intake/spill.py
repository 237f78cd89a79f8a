"""Rows of one table set apart by group on disk, 16 bytes each, until all of them are there."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import BinaryIO

import numpy as np

from spatial.errors import DuplicateKeyError, SourceError
from spatial.normalise.statline_cells import OBSERVED
from spatial.normalise.statline_rows import Meaning, Rows

_RECORD = np.dtype([("key", "<u8"), ("waarde", "<i8")])
_FEW = 1 << 32
_WIDTHS = {"kenmerk": 16, "maat": 8, "regio": 24, "periode": 16}
"""Bits of each place in the key of a row; together 64."""
_WRITE_BYTES = 1 << 20
_CHUNK = 1 << 17
"""Rows that are given at a time; also the rows of a row group on disk."""


class _Order:
    """Names in their order; those that are the same have one rank.

    Attributes:
        names: the distinct names, sorted.
        ranks: by place, the rank of its name.
        places: by rank, a place that has this name (int32).
    """

    def __init__(self, names: Sequence[str]) -> None:
        """Sort names, which are given by place."""
        found = np.unique(np.array(names, dtype=np.str_), return_index=True, return_inverse=True)
        self.names: list[str] = found[0].tolist()
        self.places = found[1].astype(np.int32)
        self.ranks = found[2].astype(np.int64)


class Spill:
    """Files of rows, one per group; a group is known by our name for it."""

    def __init__(self, folder: Path, meaning: Meaning) -> None:
        """Start without rows.

        Args:
            folder: for the files; must be there.
            meaning: that which reads the rows.
        """
        self._folder, self._meaning = folder, meaning
        self._files: dict[str, BinaryIO] = {}

    def add(self, rows: Rows) -> None:
        """Set rows apart.

        Raises:
            SourceError: a dimension has more members than fit.
        """
        key = _packed([getattr(rows, name) for name in _WIDTHS])
        records = np.empty(len(rows), dtype=_RECORD)
        records["key"] = key
        records["waarde"] = np.where(rows.kind == OBSERVED, rows.waarde, -rows.kind)
        present = np.flatnonzero(np.bincount(rows.groep)).tolist()
        for place in present:
            name = self._meaning.lists.groep.meanings[place].id
            mine = records if len(present) == 1 else records[rows.groep == place]
            self._file(name).write(mine.tobytes())

    @property
    def groups(self) -> list[str]:
        """The groups of which there are rows, in order."""
        return sorted(self._files)

    def close(self) -> None:
        """Write what is in memory to the files, and close them; no rows come after."""
        for file in self._files.values():
            file.close()

    def take(self, groep: str) -> Iterator[Rows]:
        """Give the rows of a group in the order of kenmerk, maat, code and day; its file goes.

        They come ``_CHUNK`` at a time: of all of them no more than 40 bytes a row are in memory.

        Raises:
            DuplicateKeyError: two rows have the same key.
        """
        path = self._folder / f"{groep}.rows"
        records = np.fromfile(path, dtype=_RECORD)
        path.unlink()
        orders = {name: _Order(names) for name, names in self._names().items()}
        for begin in range(0, len(records), _CHUNK):
            keys = records["key"][begin : begin + _CHUNK]
            places = _unpacked(keys)
            keys[:] = _packed([orders[name].ranks[places[name]] for name in _WIDTHS])
        order = _sorted_order(records["key"])
        place, before = self._place_of(groep), None
        for begin in range(0, len(records), _CHUNK):
            chunk = records[order[begin : begin + _CHUNK]]
            self._refuse_twice(groep, chunk["key"], before, orders)
            before = chunk["key"][-1]
            ranks = _unpacked(chunk["key"])
            numbers = chunk["waarde"] >= 0
            yield Rows(
                groep=np.full(len(chunk), place, dtype=np.int32),
                **{name: orders[name].places[ranks[name]] for name in _WIDTHS},
                waarde=np.where(numbers, chunk["waarde"], 0),
                kind=np.where(numbers, OBSERVED, -chunk["waarde"]).astype(np.int8),
            )

    def _place_of(self, groep: str) -> int:
        return [member.id for member in self._meaning.lists.groep.meanings].index(groep)

    def _file(self, name: str) -> BinaryIO:
        if name not in self._files:
            path = self._folder / f"{name}.rows"
            self._files[name] = path.open("wb", buffering=_WRITE_BYTES)
        return self._files[name]

    def _names(self) -> dict[str, list[str]]:
        """Return by what the members of each dimension are ordered."""
        lists = self._meaning.lists
        return {
            "kenmerk": [member.id for member in lists.kenmerk.meanings],
            "maat": [member.id for member in lists.maat.meanings],
            "regio": [region.code for region in lists.regio.meanings],
            "periode": [entry.period.eind.isoformat() for entry in lists.periode.meanings],
        }

    def _refuse_twice(
        self, groep: str, key: np.ndarray, before: np.uint64 | None, orders: Mapping[str, _Order]
    ) -> None:
        """Refuse keys, of which ``before`` is the one in front of the first, when two are equal."""
        same = np.flatnonzero(key[1:] == key[:-1])
        if before == key[0]:
            same = np.zeros(1, dtype=np.int64)
        if not len(same):
            return
        ranks = _unpacked(key[same[:1]])
        where = ", ".join(f"{name}={orders[name].names[ranks[name][0]]}" for name in _WIDTHS)
        message = (
            f"{self._meaning.where}: groep={groep}, {where} stands there more than once; "
            "download the table again"
        )
        raise DuplicateKeyError(message)


def _sorted_order(key: np.ndarray) -> np.ndarray:
    """Return the order in which keys ascend, in 4 bytes a row where that is enough."""
    if (key[1:] > key[:-1]).all():
        order = np.arange(len(key), dtype=np.uint32 if len(key) < _FEW else np.int64)
    else:
        order = np.argsort(key).astype(np.uint32 if len(key) < _FEW else np.int64)
    return order


def _packed(columns: list[np.ndarray]) -> np.ndarray:
    """Return one number per row that orders as the columns do."""
    key = np.zeros(len(columns[0]), dtype=np.uint64)
    for (name, width), column in zip(_WIDTHS.items(), columns, strict=True):
        if len(column) and int(column.max()) >> width:
            message = f"{name} has more than {1 << width} members"
            raise SourceError(message)
        key = (key << np.uint64(width)) | column.astype(np.uint64)
    return key


def _unpacked(key: np.ndarray) -> dict[str, np.ndarray]:
    places: dict[str, np.ndarray] = {}
    rest = key.copy()
    for name, width in reversed(_WIDTHS.items()):
        places[name] = (rest & np.uint64((1 << width) - 1)).astype(np.int32)
        rest >>= np.uint64(width)
    return {name: places[name] for name in _WIDTHS}
