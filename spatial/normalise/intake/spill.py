"""Rows of one table set apart by group on disk, 16 bytes each, until all of them are there."""

from pathlib import Path
from typing import BinaryIO

import numpy as np

from spatial.errors import DuplicateKeyError, SourceError
from spatial.normalise.statline_cells import OBSERVED
from spatial.normalise.statline_rows import Meaning, Rows

_RECORD = np.dtype([("key", "<u8"), ("waarde", "<i8")])
_WIDTHS = {"kenmerk": 16, "maat": 8, "regio": 24, "periode": 16}
"""Bits of each place in the key of a row; together 64."""
_WRITE_BYTES = 1 << 20


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

    def take(self, groep: str) -> Rows:
        """Return the rows of a group in the order of kenmerk, maat, code and day; its file goes.

        Raises:
            DuplicateKeyError: two rows have the same key.
        """
        path = self._folder / f"{groep}.rows"
        records = np.fromfile(path, dtype=_RECORD)
        path.unlink()
        places = _unpacked(records["key"])
        names = self._names()
        ranks = {name: _ranks(names[name]) for name in _WIDTHS}
        key = _packed([ranks[name][places[name]] for name in _WIDTHS])
        waarde = records["waarde"].copy()
        if (key[1:] <= key[:-1]).any():
            order = np.argsort(key)
            key, waarde = key[order], waarde[order]
            places = {name: column[order] for name, column in places.items()}
            self._refuse_twice(groep, key, {name: places[name] for name in _WIDTHS})
        numbers = waarde >= 0
        return Rows(
            groep=np.full(len(key), self._place_of(groep), dtype=np.int32),
            **{name: column.astype(np.int32) for name, column in places.items()},
            waarde=np.where(numbers, waarde, 0),
            kind=np.where(numbers, OBSERVED, -waarde).astype(np.int8),
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

    def _refuse_twice(self, groep: str, key: np.ndarray, places: dict[str, np.ndarray]) -> None:
        same = np.flatnonzero(key[1:] == key[:-1])
        if not len(same):
            return
        names = self._names()
        row = int(same[0])
        where = ", ".join(f"{name}={names[name][places[name][row]]}" for name in _WIDTHS)
        message = (
            f"{self._meaning.where}: groep={groep}, {where} stands there more than once "
            f"({len(same)} such rows); download the table again"
        )
        raise DuplicateKeyError(message)


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


def _ranks(names: list[str]) -> np.ndarray:
    """Return the place of each name in the sorted list of distinct ones."""
    return np.unique(np.array(names, dtype=np.str_), return_inverse=True)[1].astype(np.int64)
