"""Observations as numbers, and back: what Arrow holds and what numpy works on.

Text becomes ranks in sorted labels, so that one whole number per row sorts as the declared key.
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from spatial.domain.status import WITH_VALUE, Status
from spatial.domain.tables import CELLS, OBSERVATIONS
from spatial.errors import DuplicateKeyError, SchemaError

type Ints = npt.NDArray[np.int64]
type Ranks = npt.NDArray[np.int32]
type States = npt.NDArray[np.int8]
type Flags = npt.NDArray[np.bool_]

STATES = tuple(Status)
"""A state is the position of its status here."""

ABSENT = -1
"""No such row in the source: a state of its own, never a zero."""

HAS_VALUE: Flags = np.array([*(status in WITH_VALUE for status in STATES), False])
"""Per state; the last one is for ``ABSENT``."""
_NUMBERS = ("waarde", "ondergrens", "bovengrens")
_WHOLE = (pa.int32(), pa.date32())
_CELL = ("groep", "kenmerk", "maat")
_RANKED = (*_CELL, "begin", "eind", "indeling", "niveau", "code", "bron", "herkomst")
_KEYLESS = replace(OBSERVATIONS, key=())
_KEYLESS_CELLS = replace(CELLS, key=())


@dataclass(frozen=True, slots=True)
class Rows:
    """Observations as numbers; every field has one entry per row.

    Attributes:
        cell: rank of (groep, kenmerk, maat).
        period: rank of (begin, eind).
        region: of the input: position in ``Labels.regions``; of the output: position of the new code.
        state: position in ``STATES``.
        numbers: count, lower and upper bound (3 by n); 0 where the state has no value.
        voorlopig: provisional.
        herkomst: position of the text; -1 without one.
    """

    cell: Ranks
    period: Ranks
    region: Ranks
    state: States
    numbers: Ints
    voorlopig: Flags
    herkomst: Ranks

    def take(self, rows: Ints | slice) -> "Rows":
        """Return the rows at these positions."""
        return Rows(
            self.cell[rows],
            self.period[rows],
            self.region[rows],
            self.state[rows],
            self.numbers[:, rows],
            self.voorlopig[rows],
            self.herkomst[rows],
        )


@dataclass(frozen=True, slots=True)
class Labels:
    """What the ranks stand for.

    Attributes:
        groep: sorted; likewise ``kenmerk``, ``maat``, ``begin``, ``eind``.
        regions: level and code of every region that has rows, sorted.
        bron: sources, sorted.
        bron_of: rank of the source of every cell; -1 for a cell without rows.
        indeling_of: the indeling of every period; -1 for a period without rows.
        herkomst: texts of the input, sorted.
    """

    groep: list[str]
    kenmerk: list[str]
    maat: list[str]
    begin: list[date]
    eind: list[date]
    regions: list[tuple[str, str]]
    bron: list[str]
    bron_of: Ranks
    indeling_of: Ranks
    herkomst: list[str]

    def of_cells(self) -> tuple[Ints, Ints, Ints]:
        """Return the ranks of groep, kenmerk and maat of every cell."""
        rest, maat = np.divmod(np.arange(len(self.bron_of)), max(1, len(self.maat)))
        groep, kenmerk = np.divmod(rest, max(1, len(self.kenmerk)))
        return groep, kenmerk, maat

    def of_periods(self) -> tuple[Ints, Ints]:
        """Return the ranks of begin and eind of every period."""
        begin, eind = np.divmod(np.arange(len(self.indeling_of)), max(1, len(self.eind)))
        return begin, eind

    def places(self, niveau: str) -> dict[str, int]:
        """Return the position of every code of one level among the regions."""
        return {code: at for at, (level, code) in enumerate(self.regions) if level == niveau}


@dataclass(frozen=True, slots=True)
class Places:
    """Regions that rows are about.

    Attributes:
        indeling: in which their codes are meant.
        regions: level and code, level after level.
    """

    indeling: int
    regions: list[tuple[str, str]]


def joined(parts: list[Rows]) -> Rows:
    """Return all rows of the parts, one after another."""
    return Rows(
        np.concatenate([part.cell for part in parts]),
        np.concatenate([part.period for part in parts]),
        np.concatenate([part.region for part in parts]),
        np.concatenate([part.state for part in parts]),
        np.concatenate([part.numbers for part in parts], axis=1),
        np.concatenate([part.voorlopig for part in parts]),
        np.concatenate([part.herkomst for part in parts]),
    )


def ranks(column: pa.ChunkedArray) -> tuple[list[Any], Ranks]:
    """Return the sorted distinct labels of a column, and per row the rank; -1 for an empty cell.

    A dictionary-encoded column is not read as text, and may hold labels that no row has.
    """
    if not len(column):
        return [], np.zeros(0, np.int32)
    if column.type in _WHOLE and not column.null_count:
        return _ranks_of_numbers(column)
    if not pa.types.is_dictionary(column.type):
        column = column.dictionary_encode()
    found = [(chunk, chunk.dictionary.to_pylist()) for chunk in column.chunks if len(chunk)]
    labels = sorted({label for _, known in found for label in known if label is not None})
    place = {label: rank for rank, label in enumerate(labels)}
    rank = np.empty(len(column), np.int32)
    first = 0
    for chunk, known in found:
        lookup = np.array([*(place.get(label, -1) for label in known), -1], np.int32)
        indices = chunk.indices.fill_null(len(known)) if chunk.null_count else chunk.indices
        np.take(lookup, indices.to_numpy(), out=rank[first : first + len(chunk)])
        first += len(chunk)
    return labels, rank


def _ranks_of_numbers(column: pa.ChunkedArray) -> tuple[list[Any], Ranks]:
    """Do as ``ranks`` for days or years, of which there are few."""
    numbers = column.cast(pa.int32()).to_numpy()
    first = numbers.min()
    occurs, rank = _numbered(numbers - first)
    return pa.array((occurs + first).astype(np.int32)).cast(column.type).to_pylist(), rank


def encode(observations: pa.Table, niveau: str | None = None) -> tuple[Rows, Labels]:
    """Return observations as numbers.

    Args:
        observations: ``OBSERVATIONS``.
        niveau: the level that all of them must have; None for any.

    Raises:
        SchemaError: not ``OBSERVATIONS``, another level, an unknown status, or a status that
            promises a number beside an empty cell (or the other way round).
        DuplicateKeyError: one cell has two sources, or one period two indelingen.
    """
    _KEYLESS.check(observations, "observations to recode")
    if niveau is not None:
        _check_niveau(observations, niveau)
    state = states_of(observations.column("status"))
    numbers = np.stack([_number(observations, name, HAS_VALUE[state]) for name in _NUMBERS])
    return _encoded(observations, state, numbers)


def encode_cells(cells: pa.Table, bron: str, half: int) -> tuple[Rows, Labels]:
    """Return cells as numbers, with the bounds of their rounding.

    Args:
        cells: ``CELLS``.
        bron: the source of all of them.
        half: how far a rounded count may be off; never below 0.

    Raises:
        SchemaError: as ``encode``.
        DuplicateKeyError: one period has two indelingen.
    """
    _KEYLESS_CELLS.check(cells, "cells of a partition")
    state = states_of(cells.column("status"))
    count = _number(cells, "waarde", HAS_VALUE[state])
    numbers = np.stack([count, np.maximum(count - half, 0), count + half])
    numbers[2, ~HAS_VALUE[state]] = 0
    rows, labels = _encoded(cells, state, numbers)
    return rows, replace(labels, bron=[bron])


def _encoded(table: pa.Table, state: States, numbers: Ints) -> tuple[Rows, Labels]:
    """Return a table as numbers; a column of texts that it does not have stays empty."""
    found = {name: ranks(table.column(name)) for name in _RANKED if name in table.column_names}
    none: tuple[list[Any], Ranks] = [], np.full(len(state), -1, np.int32)
    (groep, in_groep), (kenmerk, in_kenmerk), (maat, in_maat) = (found[name] for name in _CELL)
    (begin, in_begin), (eind, in_eind) = found["begin"], found["eind"]
    (niveau, in_niveau), (code, in_code) = found["niveau"], found["code"]
    herkomst, in_herkomst = found.get("herkomst", none)
    bron, in_bron = found.get("bron", ([], np.zeros(len(state), np.int32)))
    indeling, in_indeling = found["indeling"]
    cell = (in_groep * len(kenmerk) + in_kenmerk) * len(maat) + in_maat
    period = in_begin * len(eind) + in_eind
    occurs, region = _numbered(in_niveau * len(code) + in_code)
    regions = [(niveau[at // len(code)], code[at % len(code)]) for at in occurs.tolist()]
    bron_of = _only_one(cell, in_bron, len(groep) * len(kenmerk) * len(maat), "cell, source")
    year_of = _only_one(period, in_indeling, len(begin) * len(eind), "period, indeling")
    indeling_of = np.array([*indeling, -1], np.int32)[year_of]
    labels = Labels(
        groep, kenmerk, maat, begin, eind, regions, bron, bron_of, indeling_of, herkomst
    )
    voorlopig = table.column("voorlopig").to_numpy()
    return Rows(cell, period, region, state, numbers, voorlopig, in_herkomst), labels


def _numbered(keys: Ranks) -> tuple[Ints, Ranks]:
    """Return the keys that occur, ascending, and the position of every key among them."""
    if not len(keys):
        return np.zeros(0, np.int64), np.zeros(0, np.int32)
    counts = np.bincount(keys)
    occurs = np.flatnonzero(counts)
    place = np.zeros(len(counts), np.int32)
    place[occurs] = np.arange(len(occurs))
    return occurs, place[keys]


def decode(
    rows: Rows, labels: Labels, places: Places, texts: list[str], like: pa.Schema
) -> pa.Table:
    """Return rows as ``OBSERVATIONS`` of one indeling.

    Args:
        rows: with ``region`` a position in those of the places and ``herkomst`` one in ``texts``.
        labels: what the other ranks stand for.
        places: the regions.
        texts: the herkomsten.
        like: a text column is dictionary-encoded where it is in this schema.
    """
    columns = columns_of(rows, labels, places, texts)
    for name, column in columns.items():
        if pa.types.is_dictionary(column.type) and not pa.types.is_dictionary(
            like.field(name).type
        ):
            columns[name] = column.cast(pa.string())
    table = pa.table({name: columns[name] for name in OBSERVATIONS.names})
    _KEYLESS.check(table, "recoded observations")
    return table


def columns_of(rows: Rows, labels: Labels, places: Places, texts: list[str]) -> dict[str, pa.Array]:
    """Return the columns of ``OBSERVATIONS`` of one indeling; text dictionary-encoded.

    Args:
        rows: as of ``decode``; likewise the others.
        labels: what the other ranks stand for.
        places: the regions.
        texts: the herkomsten.
    """
    groep, kenmerk, maat = labels.of_cells()
    begin, eind = labels.of_periods()
    days = np.array(labels.begin, "datetime64[D]").astype(np.int32)[begin]
    last_days = np.array(labels.eind, "datetime64[D]").astype(np.int32)[eind]
    cells, regions = (_occurring(found, size) for found, size in (
        (rows.cell, len(labels.bron_of)), (rows.region, len(places.regions))
    ))  # fmt: skip
    count, empty = len(rows.cell), ~HAS_VALUE[rows.state]
    niveaus, codes = ([region[at] for region in places.regions] for at in (0, 1))
    return {
        "bron": text(labels.bron_of, labels.bron, cells),
        "groep": text(groep, labels.groep, cells),
        "kenmerk": text(kenmerk, labels.kenmerk, cells),
        "maat": text(maat, labels.maat, cells),
        "niveau": text(np.arange(len(niveaus)), niveaus, regions),
        "code": text(np.arange(len(codes)), codes, regions),
        "status": text(rows.state, [status.value for status in STATES]),
        "herkomst": text(rows.herkomst, texts),
        "begin": pa.array(days[rows.period]).view(pa.date32()),
        "eind": pa.array(last_days[rows.period]).view(pa.date32()),
        "indeling": pa.array(np.full(count, places.indeling, np.int32)),
        "voorlopig": pa.array(rows.voorlopig),
    } | {name: pa.array(rows.numbers[at], mask=empty) for at, name in enumerate(_NUMBERS)}


type _Things = tuple[Flags, Ranks]
"""Which of some things occur, and per row which one it is about."""


def _occurring(things: Ranks, size: int) -> _Things:
    occurs = np.zeros(size, np.bool_)
    occurs[things] = True
    return occurs, things


def text(
    index: Ranks | States | Ints, labels: list[str], of: _Things | None = None
) -> pa.DictionaryArray:
    """Return text of which the dictionary has the labels that occur, in order: the same bytes always.

    Args:
        index: position in the labels; -1 for an empty cell.
        labels: in any order; one may stand there more than once.
        of: which things the index is about; None when it is about rows.
    """
    used = np.zeros(len(labels) + 1, np.bool_)
    used[index if of is None else index[of[0]]] = True
    occurs = sorted({label for label, is_used in zip(labels, used, strict=False) if is_used})
    place = {label: at for at, label in enumerate(occurs)}
    lookup = np.array([*(place.get(label, -1) for label in labels), -1], np.int32)
    indices = lookup[index] if of is None else lookup[index][of[1]]
    array = pa.array(indices, mask=indices < 0) if used[-1] else pa.array(indices)
    return pa.DictionaryArray.from_arrays(array, pa.array(occurs, pa.string()))


def _check_niveau(observations: pa.Table, niveau: str) -> None:
    labels, rank = ranks(observations.column("niveau"))
    for position in np.flatnonzero(np.bincount(rank, minlength=len(labels))):
        if labels[position] != niveau:
            message = (
                f"observations of level {labels[position]!r} cannot be recoded, only those of "
                f"{str(niveau)!r}; filter first, and add up to the other levels afterwards"
            )
            raise SchemaError(message)


def states_of(column: pa.ChunkedArray) -> States:
    """Return the state of every row.

    Raises:
        SchemaError: a status that is none.
    """
    labels, rank = ranks(column)
    place = {status.value: position for position, status in enumerate(STATES)}
    if unknown := sorted(set(labels) - set(place)):
        message = f"status {unknown[0]!r} is not one of {sorted(place)}"
        raise SchemaError(message)
    return np.array([place[label] for label in labels], np.int8)[rank]


def _number(table: pa.Table, name: str, has_value: Flags) -> Ints:
    """Return a column of numbers; an empty cell is only filled where the state says so."""
    column = table.column(name)
    if not np.array_equal(column.is_valid().to_numpy(), has_value):
        message = (
            f"column {name!r} must hold a number exactly where the status has a value: "
            f"{int(has_value.sum())} such rows, {len(column) - column.null_count} numbers"
        )
        raise SchemaError(message)
    numbers: Ints = column.fill_null(0).to_numpy()
    return numbers


def _only_one(key: Ranks, rank: Ranks, size: int, what: str) -> Ranks:
    """Return the one rank that goes with every key; -1 for a key without rows."""
    only = np.full(size, -1, np.int32)
    only[key] = rank
    if (only[key] != rank).any():
        owner, owned = what.split(", ")
        message = f"one {owner} has more than one {owned}; recode them one at a time"
        raise DuplicateKeyError(message)
    return only
