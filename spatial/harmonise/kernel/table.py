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
from spatial.domain.tables import OBSERVATIONS
from spatial.errors import DuplicateKeyError, SchemaError

type Ints = npt.NDArray[np.int64]
type Ranks = npt.NDArray[np.int32]
type States = npt.NDArray[np.int8]
type Flags = npt.NDArray[np.bool_]

STATES = tuple(Status)
"""A state is the position of its status here."""

ABSENT = -1
"""No such row in the source: a state of its own, never a zero."""

HAS_VALUE: Flags = np.array([status in WITH_VALUE for status in STATES])
_NUMBERS = ("waarde", "ondergrens", "bovengrens")
_KEYLESS = replace(OBSERVATIONS, key=())


@dataclass(frozen=True, slots=True)
class Rows:
    """Observations as numbers; every field has one entry per row.

    Attributes:
        cell: rank of (groep, kenmerk, maat).
        period: rank of (begin, eind).
        region: of the input: rank of (indeling, code); of the output: position of the new code.
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
        groep: sorted; likewise ``kenmerk``, ``maat``, ``begin``, ``eind``, ``indeling``, ``code``.
        bron: sources, sorted.
        bron_of: rank of the source of every cell; -1 for a cell without rows.
        indeling_of: rank of the indeling of every period; -1 for a period without rows.
        herkomst: texts of the input, sorted.
    """

    groep: list[str]
    kenmerk: list[str]
    maat: list[str]
    begin: list[date]
    eind: list[date]
    indeling: list[int]
    code: list[str]
    bron: list[str]
    bron_of: Ranks
    indeling_of: Ranks
    herkomst: list[str]

    @property
    def periods(self) -> int:
        """How many ranks a period may have."""
        return len(self.begin) * len(self.eind)


@dataclass(frozen=True, slots=True)
class Places:
    """Regions that rows are about.

    Attributes:
        niveau: their level.
        indeling: in which their codes are meant.
        codes: sorted.
    """

    niveau: str
    indeling: int
    codes: list[str]


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
    if not pa.types.is_dictionary(column.type):
        column = column.dictionary_encode()
    array = column.unify_dictionaries().combine_chunks()
    found = array.dictionary.to_pylist()
    labels = sorted({label for label in found if label is not None})
    if found == labels:
        return labels, array.indices.cast(pa.int32()).fill_null(-1).to_numpy()
    place = {label: rank for rank, label in enumerate(labels)}
    lookup = np.array([*(place.get(label, -1) for label in found), -1], np.int32)
    return labels, lookup[array.indices.cast(pa.int32()).fill_null(len(found)).to_numpy()]


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
    groep, groep_rank = ranks(observations.column("groep"))
    kenmerk, kenmerk_rank = ranks(observations.column("kenmerk"))
    maat, maat_rank = ranks(observations.column("maat"))
    begin, begin_rank = ranks(observations.column("begin"))
    eind, eind_rank = ranks(observations.column("eind"))
    indeling, indeling_rank = ranks(observations.column("indeling"))
    code, code_rank = ranks(observations.column("code"))
    bron, bron_rank = ranks(observations.column("bron"))
    herkomst, herkomst_rank = ranks(observations.column("herkomst"))
    cell = (groep_rank * len(kenmerk) + kenmerk_rank) * len(maat) + maat_rank
    period = begin_rank * len(eind) + eind_rank
    state = states_of(observations.column("status"))
    rows = Rows(
        cell,
        period,
        indeling_rank * len(code) + code_rank,
        state,
        _numbers(observations, HAS_VALUE[state]),
        observations.column("voorlopig").to_numpy(),
        herkomst_rank,
    )
    bron_of = _only_one(cell, bron_rank, len(groep) * len(kenmerk) * len(maat), "cell, source")
    indeling_of = _only_one(period, indeling_rank, len(begin) * len(eind), "period, indeling")
    labels = Labels(
        groep, kenmerk, maat, begin, eind, indeling, code, bron, bron_of, indeling_of, herkomst
    )
    return rows, labels


def decode(
    rows: Rows, labels: Labels, places: Places, texts: list[str], like: pa.Schema
) -> pa.Table:
    """Return rows as ``OBSERVATIONS`` of one level and indeling.

    Args:
        rows: with ``region`` a position in the codes of the places and ``herkomst`` one in ``texts``.
        labels: what the other ranks stand for.
        places: the regions.
        texts: the herkomsten.
        like: a text column is dictionary-encoded where it is in this schema.
    """
    groep_kenmerk, maat = np.divmod(rows.cell, max(1, len(labels.maat)))
    groep, kenmerk = np.divmod(groep_kenmerk, max(1, len(labels.kenmerk)))
    begin, eind = np.divmod(rows.period, max(1, len(labels.eind)))
    count = len(rows.cell)
    empty = ~HAS_VALUE[rows.state]
    indexed = {
        "bron": (labels.bron_of[rows.cell], labels.bron),
        "groep": (groep, labels.groep),
        "kenmerk": (kenmerk, labels.kenmerk),
        "maat": (maat, labels.maat),
        "niveau": (np.zeros(count, np.int32), [places.niveau]),
        "code": (rows.region, places.codes),
        "status": (rows.state, [status.value for status in STATES]),
        "herkomst": (rows.herkomst, texts),
    }
    columns = {name: _text(*pair, like.field(name).type) for name, pair in indexed.items()}
    columns |= {name: pa.array(rows.numbers[row], mask=empty) for row, name in enumerate(_NUMBERS)}
    columns |= {
        "begin": pa.array(np.array(labels.begin, "datetime64[D]")[begin], pa.date32()),
        "eind": pa.array(np.array(labels.eind, "datetime64[D]")[eind], pa.date32()),
        "indeling": pa.array(np.full(count, places.indeling, np.int32)),
        "voorlopig": pa.array(rows.voorlopig),
    }
    table = pa.table({name: columns[name] for name in OBSERVATIONS.names})
    _KEYLESS.check(table, "recoded observations")
    return table


def _text(index: Ranks | States, labels: list[str], wanted: pa.DataType) -> pa.Array:
    indices = pa.array(index.astype(np.int32, copy=False), mask=index < 0)
    array = pa.DictionaryArray.from_arrays(indices, pa.array(labels, pa.string()))
    return array if pa.types.is_dictionary(wanted) else array.cast(pa.string())


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


def _numbers(observations: pa.Table, has_value: Flags) -> Ints:
    """Return count and bounds (3 by n); an empty cell is only filled where the state says so."""
    numbers = np.zeros((len(_NUMBERS), len(has_value)), np.int64)
    for row, name in enumerate(_NUMBERS):
        column = observations.column(name)
        if not np.array_equal(column.is_valid().to_numpy(), has_value):
            message = (
                f"column {name!r} must hold a number exactly where the status has a value: "
                f"{int(has_value.sum())} such rows, {len(column) - column.null_count} numbers"
            )
            raise SchemaError(message)
        numbers[row] = column.fill_null(0).to_numpy()
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
