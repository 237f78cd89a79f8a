"""Which subjects and places rows are about, batch by batch: their codes, and what the codes mean."""

from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from spatial.domain.regions import Niveau
from spatial.errors import StoreError
from spatial.store.cube.axes import Axes, Block

type Codes = npt.NDArray[np.int64]
type Batches = Callable[[], Iterator[pa.RecordBatch]]

SUBJECT = ("groep", "kenmerk", "maat", "bron")
PLACE = ("niveau", "code", "begin", "eind", "indeling")
_LEVEL = {niveau.value: rank for rank, niveau in enumerate(Niveau)}


class Vocabulary:
    """Codes for combinations of values, in the order in which they are first met."""

    def __init__(self) -> None:
        """Know no combination yet."""
        self._codes: dict[tuple[Any, ...], int] = {}

    @property
    def words(self) -> list[tuple[Any, ...]]:
        """The combinations, by their code."""
        return list(self._codes)

    def codes(self, batch: pa.RecordBatch, names: tuple[str, ...]) -> Codes:
        """Return the code of every row.

        Raises:
            StoreError: a cell is empty.
        """
        combined = np.zeros(batch.num_rows, np.int64)
        dictionaries = []
        for name in names:
            column = batch.column(name)
            if column.null_count:
                message = f"observations: column {name!r} has {column.null_count} empty cells"
                raise StoreError(message)
            encoded = column if _is_coded(column) else column.dictionary_encode()
            words = encoded.dictionary.to_pylist()
            combined = combined * len(words) + encoded.indices.to_numpy(zero_copy_only=False)
            dictionaries.append(words)
        different = pa.array(combined).dictionary_encode()
        known = self._known(different.dictionary.to_numpy(), dictionaries)
        codes: Codes = known[different.indices.to_numpy()]
        return codes

    def _known(self, combined: Codes, dictionaries: list[list[Any]]) -> Codes:
        shape = tuple(len(words) for words in dictionaries)
        if not len(combined):
            return np.zeros(0, np.int64)
        places = np.unravel_index(combined, shape)
        rows = zip(
            *([words[at] for at in part.tolist()] for words, part in zip(dictionaries, places, strict=True)),
            strict=True,
        )  # fmt: skip
        return np.array([self._codes.setdefault(row, len(self._codes)) for row in rows], np.int64)


class Gathered:
    """All subjects and places of rows, and how codes become places in the axes.

    Attributes:
        rows: number of rows.
        axes: the dictionaries of the cube.
    """

    def __init__(self, batches: Batches, regions: pa.Table, rounding: Mapping[str, int]) -> None:
        """Read all rows once.

        Args:
            batches: gives the rows from the beginning; they name their source (``bron``).
            regions: ``niveau``, ``code``, ``indeling``, ``naam`` and ``grens``.
            rounding: by source: to what its counts are rounded.

        Raises:
            StoreError: a cell is empty, a level or source is not known, or one subject has two.
        """
        self._subjects, self._places = Vocabulary(), Vocabulary()
        self.rows = 0
        seen: dict[str, set[int]] = {}
        for batch in batches():
            self.rows += batch.num_rows
            subjects, places = self.codes(batch)
            words = self._subjects.words
            groups = np.array([groep for groep, *_ in words])[subjects]
            for groep in pc.unique(pa.array(groups)).to_pylist():
                found = pc.unique(pa.array(places[groups == groep])).to_pylist()
                seen.setdefault(groep, set()).update(found)
        self._order(seen, regions, rounding)

    def codes(self, batch: pa.RecordBatch) -> tuple[Codes, Codes]:
        """Return the codes of subject and place of every row."""
        return self._subjects.codes(batch, SUBJECT), self._places.codes(batch, PLACE)

    def positions(self, batch: pa.RecordBatch) -> tuple[Codes, Codes]:
        """Return the cell of every row, and its subject among all subjects."""
        subjects, places = self.codes(batch)
        rows, columns = self._row_of[subjects], self._column_of[places]
        at = np.empty(batch.num_rows, np.int64)
        groups = self._group_of[rows]
        for number in np.unique(groups).tolist():
            block = self.axes.blocks[number]
            mine = groups == number
            local = np.searchsorted(block.columns, columns[mine])
            at[mine] = block.offset + (rows[mine] - block.first) * len(block.columns) + local
        return at, rows

    def _order(
        self, seen: dict[str, set[int]], regions: pa.Table, rounding: Mapping[str, int]
    ) -> None:
        subjects, places = self._subjects.words, self._places.words
        by_key = sorted(range(len(subjects)), key=subjects.__getitem__)
        by_place = sorted(range(len(places)), key=lambda code: _place_order(places[code]))
        self._row_of, self._column_of = _inverse(by_key), _inverse(by_place)
        ordered = [subjects[code] for code in by_key]
        _refuse_two_sources(ordered)
        blocks: list[Block] = []
        for groep in sorted(seen):
            columns = np.sort(self._column_of[sorted(seen[groep])])
            count = sum(subject[0] == groep for subject in ordered)
            before = blocks[-1] if blocks else None
            first = before.first + before.rows if before else 0
            blocks.append(Block(groep, first, count, columns, _end(before)))
        self._group_of = np.repeat(np.arange(len(blocks)), [block.rows for block in blocks])
        self.axes = Axes(
            _subject_table(ordered, rounding),
            _place_table([places[code] for code in by_place], regions),
            tuple(blocks),
        )


def _end(block: Block | None) -> int:
    return block.offset + block.size if block else 0


def _inverse(order: list[int]) -> Codes:
    inverse = np.empty(len(order), np.int64)
    inverse[order] = np.arange(len(order))
    return inverse


def _place_order(place: tuple[Any, ...]) -> tuple[Any, ...]:
    if place[0] not in _LEVEL:
        message = f"observations: {place[0]!r} is not a level of region"
        raise StoreError(message)
    return (_LEVEL[place[0]], *place[1:])


def _refuse_two_sources(subjects: list[tuple[Any, ...]]) -> None:
    for one, other in pairwise(subjects):
        if one[:3] == other[:3]:
            what = ", ".join(one[:3])
            message = f"observations: {what} comes from two sources: {one[3]} and {other[3]}"
            raise StoreError(message)


def _subject_table(subjects: list[tuple[Any, ...]], rounding: Mapping[str, int]) -> pa.Table:
    if unknown := sorted({bron for *_, bron in subjects} - rounding.keys()):
        message = f"observations: to what the counts of {unknown} are rounded is not known"
        raise StoreError(message)
    halves = [(rounding[bron] - 1) // 2 for *_, bron in subjects]
    columns = {
        name: pa.array([subject[at] for subject in subjects], pa.string())
        for at, name in enumerate(SUBJECT)
    }
    return pa.table({**columns, "half": pa.array(halves, pa.int32())})


def _place_table(places: list[tuple[Any, ...]], regions: pa.Table) -> pa.Table:
    names = ("niveau", "code", "indeling", "naam", "grens")
    rows = zip(*(regions[name].to_pylist() for name in names), strict=True)
    known = {(niveau, code, indeling): said for niveau, code, indeling, *said in rows}
    said = [known.get((place[0], place[1], place[4]), (None, None)) for place in places]
    types = (pa.string(), pa.string(), pa.date32(), pa.date32(), pa.int32())
    columns = {
        name: pa.array([place[at] for place in places], kind)
        for at, (name, kind) in enumerate(zip(PLACE, types, strict=True))
    }
    columns["naam"] = pa.array([naam for naam, _ in said], pa.string())
    columns["grens"] = pa.array([grens for _, grens in said], pa.string())
    return pa.table(columns)


def _is_coded(column: pa.Array) -> bool:
    return bool(pa.types.is_dictionary(column.type))
