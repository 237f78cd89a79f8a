"""The dimensions of a StatLine table: padded keys, their titles, and what those mean here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa

from spatial.domain.members import Dimensie, Members
from spatial.domain.periods import Period, parse_statline_title
from spatial.domain.regions import Indeling, niveau_of, parse_code
from spatial.domain.statline import CODES, PERIODE, PROVISIONAL
from spatial.errors import SchemaError, SourceError, UnknownRegionError, ValueParseError


@dataclass(frozen=True, slots=True)
class Keys:
    """A column of keys.

    Attributes:
        place: per row the place of its key in ``keys``.
        keys: the distinct keys, without the blanks with which they are padded.
    """

    place: np.ndarray
    keys: tuple[str, ...]

    def take(self, values: pa.Array) -> pa.Array:
        """Return per row the value of its key; ``values`` is in the order of ``keys``."""
        return values.take(pa.array(self.place))

    def text(self, values: Sequence[str]) -> pa.Array:
        """Return per row the text of its key."""
        return self.take(pa.array(values, pa.string()))

    def days(self, values: Sequence[date]) -> pa.Array:
        """Return per row the day of its key."""
        return self.take(pa.array(values, pa.date32()))

    def flags(self, values: Sequence[bool]) -> pa.Array:
        """Return per row the flag of its key."""
        return self.take(pa.array(values, pa.bool_()))


@dataclass(frozen=True, slots=True)
class Moment:
    """A period of the table: one day, and whether its figures are provisional."""

    period: Period
    voorlopig: bool


def column_of(rows: pa.Table, name: str) -> pa.Array:
    """Return a column in one piece."""
    column = rows.column(name).combine_chunks()
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


def keys_of(rows: pa.Table, name: str, where: str) -> Keys:
    """Return the keys of a dimension.

    Raises:
        SourceError: a row has no key.
    """
    encoded = column_of(rows, name)
    if not pa.types.is_dictionary(encoded.type):
        encoded = encoded.dictionary_encode()
    if encoded.null_count:
        message = f"{where}: {encoded.null_count} rows have no {name}"
        raise SourceError(message)
    present = np.unique(encoded.indices.to_numpy())
    renumbered = np.zeros(len(encoded.dictionary), dtype=np.int64)
    renumbered[present] = np.arange(len(present))
    keys = encoded.dictionary.take(pa.array(present)).to_pylist()
    return Keys(renumbered[encoded.indices.to_numpy()], tuple(key.strip() for key in keys))


def entries_of(
    keys: Keys, raw: Mapping[str, pa.Table], dimension: str, where: str
) -> list[dict[str, str]]:
    """Return the entry of each key in the code list of its dimension.

    Raises:
        SchemaError: there is no code list, or it has no Identifier or Title.
        SourceError: the code list lacks a key.
    """
    name = CODES[dimension]
    needed = ["Identifier", "Title", *(["Status"] if dimension == PERIODE else [])]
    if name not in raw or set(needed) - set(raw[name].column_names):
        found = raw[name].column_names if name in raw else "no such table"
        message = f"{where}: {name} must have {needed}, found {found}"
        raise SchemaError(message)
    entries = {
        row["Identifier"].strip(): {column: (row[column] or "").strip() for column in needed}
        for row in raw[name].select(needed).to_pylist()
    }
    missing = [key for key in keys.keys if key not in entries]
    if missing:
        message = f"{where}: {name} lacks {missing[:5]}, which stand in the observations"
        raise SourceError(message)
    return [entries[key] for key in keys.keys]


def members_of(
    entries: Sequence[Mapping[str, str]], members: Members, dimensie: Dimensie
) -> tuple[list[str], list[bool]]:
    """Return our name of each entry, and whether it is counted over a year.

    Raises:
        UnknownMemberError: a title is not known.
    """
    found = [members.titled(dimensie, entry["Title"]) for entry in entries]
    return [member.id for member in found], [member.stroom for member in found]


def moments_of(entries: Sequence[Mapping[str, str]], where: str) -> list[Moment]:
    """Return the day of each period.

    Raises:
        ValueParseError: a title or status that 85980NED does not have.
    """
    for entry in entries:
        if entry["Status"] not in PROVISIONAL:
            message = (
                f"{where}: period {entry['Title']!r} has status {entry['Status']!r}, "
                f"expected one of {sorted(PROVISIONAL)}"
            )
            raise ValueParseError(message)
    return [
        Moment(parse_statline_title(entry["Title"]), PROVISIONAL[entry["Status"]])
        for entry in entries
    ]


def niveaus_of(
    regio: Keys,
    periode: Keys,
    moments: Sequence[Moment],
    regions: Mapping[Indeling, frozenset[str]],
    where: str,
) -> list[str]:
    """Return the level of each region, after a check of every region against its indeling.

    Raises:
        UnknownRegionError: a code is not a region code, or not one of the indeling of its period.
    """
    pairs = np.bincount(
        regio.place * len(periode.keys) + periode.place,
        minlength=len(regio.keys) * len(periode.keys),
    ).reshape(len(regio.keys), len(periode.keys))
    for region, moment in np.argwhere(pairs):
        indeling = moments[moment].period.indeling
        code = parse_code(regio.keys[region])
        if code not in regions.get(indeling, frozenset()):
            message = (
                f"{where}: {code} on {moments[moment].period.eind} is not in the indeling of "
                f"{indeling}; is the figure of another indeling, or the list of codes incomplete?"
            )
            raise UnknownRegionError(message)
    return [niveau_of(code).value for code in regio.keys]


def starts_with(regio: Keys, prefixes: tuple[str, ...]) -> np.ndarray:
    """Tell per row whether its region code starts with one of the prefixes."""
    marked = np.array([key.startswith(prefixes) for key in regio.keys], dtype=np.bool_)
    rows: np.ndarray = marked[regio.place]
    return rows
