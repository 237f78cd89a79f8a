"""The code lists of a StatLine table: padded keys, their titles, and what those mean here.

A key is looked up once, when a row first has it; from then on it is a place in a row of meanings.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from spatial.domain.members import Dimensie, Member, Members
from spatial.domain.periods import Period, parse_statline_title
from spatial.domain.regions import niveau_of, parse_code
from spatial.domain.statline import CODES, GROEP, KENMERK, MEASURE, PERIODE, PROVISIONAL, REGIO
from spatial.errors import SchemaError, SourceError, UnknownMemberError, ValueParseError

type Entry = Mapping[str, str]
"""One row of a code list: Identifier, Title, for periods also Status; without padding."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A period of the table: one day, and whether its figures are provisional."""

    period: Period
    voorlopig: bool


@dataclass(frozen=True, slots=True)
class Region:
    """A region of the table; the level is empty for levels that are not served."""

    code: str
    niveau: str


class Dimension[T]:
    """The keys of one dimension and their meaning, in the order in which rows have them.

    Attributes:
        meanings: what each key means; a place is an index in this list.
    """

    def __init__(
        self, name: str, entries: Mapping[str, Entry] | None, read: Callable[[Entry], T]
    ) -> None:
        """Start without a key.

        Args:
            name: the column.
            entries: the code list; None where the key itself says what it means.
            read: what an entry means; may raise ``SpatialError``.
        """
        self.meanings: list[T] = []
        self._name, self._entries, self._read = name, entries, read
        self._places: dict[str, int] = {}

    def places(self, column: pa.Array, where: str) -> np.ndarray:
        """Return the place of the key of each row.

        Args:
            column: keys as text, padded or not, dictionary-encoded or not.
            where: file or table, for messages.

        Raises:
            SourceError: a row has no key, or one that the code list lacks.
            SpatialError: a key means nothing here.
        """
        encoded = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
        if encoded.null_count:
            message = f"{where}: {encoded.null_count} rows have no {self._name}"
            raise SourceError(message)
        indices = encoded.indices.to_numpy()
        keys = encoded.dictionary.to_pylist()
        present = np.bincount(indices, minlength=len(keys)) > 0
        table = np.zeros(len(keys), dtype=np.int32)
        for number in np.flatnonzero(present).tolist():
            table[number] = self._place(keys[number], where)
        rows: np.ndarray = table[indices]
        return rows

    def _place(self, raw: str, where: str) -> int:
        if raw not in self._places:
            key = raw.strip()
            if key not in self._places:
                self._places[key] = self._add(key, where)
            self._places[raw] = self._places[key]
        return self._places[raw]

    def _add(self, key: str, where: str) -> int:
        entries = {key: {"Identifier": key}} if self._entries is None else self._entries
        if key not in entries:
            message = (
                f"{where}: the code list of {self._name} lacks {key!r}, which stands in the rows"
            )
            raise SourceError(message)
        self.meanings.append(self._read(entries[key]))
        return len(self.meanings) - 1


@dataclass(frozen=True, slots=True)
class Lists:
    """The dimensions of the table.

    Attributes:
        maat: the measures.
        groep: the aandachtsgroepen.
        kenmerk: what is counted of a group.
        regio: the regions, which their code itself describes.
        periode: the peilmomenten.
    """

    maat: Dimension[Member]
    groep: Dimension[Member]
    kenmerk: Dimension[Member]
    regio: Dimension[Region]
    periode: Dimension[Moment]


def lists_of(raw: Mapping[str, pa.Table], members: Members, where: str) -> Lists:
    """Read the code lists of a table.

    Args:
        raw: entity set to table, see ``spatial.domain.statline``; text may be padded.
        members: the groups, kenmerken and measures that are known.
        where: file or table, for messages.

    Raises:
        SchemaError: a code list is absent, or lacks Identifier, Title or (of periods) Status.
    """
    entries = {name: _entries_of(raw, name, where) for name in CODES if name != REGIO}

    def members_of(name: str, dimensie: Dimensie) -> Dimension[Member]:
        known = {member.titel: member for member in members.of(dimensie)}
        return Dimension(name, entries[name], _titled(known, dimensie, entries[name]))

    return Lists(
        maat=members_of(MEASURE, Dimensie.MAAT),
        groep=members_of(GROEP, Dimensie.GROEP),
        kenmerk=members_of(KENMERK, Dimensie.KENMERK),
        regio=Dimension(REGIO, None, _region_reader(members.regios_overgeslagen)),
        periode=Dimension(PERIODE, entries[PERIODE], _moment_reader(where)),
    )


def _entries_of(raw: Mapping[str, pa.Table], dimension: str, where: str) -> dict[str, Entry]:
    name = CODES[dimension]
    needed = ["Identifier", "Title", *(["Status"] if dimension == PERIODE else [])]
    if name not in raw or set(needed) - set(raw[name].column_names):
        found = raw[name].column_names if name in raw else "no such table"
        message = f"{where}: {name} must have {needed}, found {found}"
        raise SchemaError(message)
    return {
        row["Identifier"].strip(): {column: (row[column] or "").strip() for column in needed}
        for row in raw[name].select(needed).to_pylist()
    }


def _titled(
    known: Mapping[str, Member], dimensie: Dimensie, entries: Mapping[str, Entry]
) -> Callable[[Entry], Member]:
    """Return a reader of titles; one that is not known names all that are not."""

    def read(entry: Entry) -> Member:
        if entry["Title"] in known:
            return known[entry["Title"]]
        titles = dict.fromkeys(row["Title"] for row in entries.values())
        others = [title for title in titles if title not in known and title != entry["Title"]]
        message = (
            f"{dimensie} {entry['Title']!r} of 85980NED is not known; add it to "
            "spatial/domain/members.toml or to a file of further members (--members)"
        )
        if others:
            message += f"; of the code list these {len(others)} are not known either: {others}"
        raise UnknownMemberError(message)

    return read


def _region_reader(skipped: tuple[str, ...]) -> Callable[[Entry], Region]:
    def read(entry: Entry) -> Region:
        if entry["Identifier"].startswith(skipped):
            return Region(entry["Identifier"], "")
        code = parse_code(entry["Identifier"])
        return Region(code, niveau_of(code).value)

    return read


def _moment_reader(where: str) -> Callable[[Entry], Moment]:
    def read(entry: Entry) -> Moment:
        if entry["Status"] not in PROVISIONAL:
            message = (
                f"{where}: period {entry['Title']!r} has status {entry['Status']!r}, "
                f"expected one of {sorted(PROVISIONAL)}"
            )
            raise ValueParseError(message)
        return Moment(parse_statline_title(entry["Title"]), PROVISIONAL[entry["Status"]])

    return read
