"""The tables that travel between rooms: column names, types, keys; checked at every door.

Types are Arrow's names. The check takes any table that looks like ``pyarrow.Table``: this room is
plain Python.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from spatial.errors import DuplicateKeyError, SchemaError


class ArrowLike(Protocol):
    """What the check needs of a ``pyarrow.Table``."""

    schema: Any
    num_rows: int
    column_names: list[str]
    column: Callable[..., Any]
    group_by: Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Attributes:
        name: as it travels.
        type: Arrow's name of the type.
        required: no missing cells.
        meaning: unit, and what a missing cell means.
    """

    name: str
    type: str
    required: bool
    meaning: str


@dataclass(frozen=True, slots=True)
class Table:
    """A declared table: its columns in order and the columns that are its key."""

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]

    @property
    def names(self) -> list[str]:
        """Column names in order."""
        return [column.name for column in self.columns]

    def check(self, table: ArrowLike, where: str) -> None:
        """Refuse a table that is not the declared one.

        Args:
            table: an Arrow table.
            where: the room or file it comes from, for the message.

        Raises:
            SchemaError: columns, their order or types differ, or a required cell is missing.
            DuplicateKeyError: two rows have the same key.
        """
        if table.column_names != self.names:
            raise SchemaError(self._difference(table.column_names, where))
        for column in self.columns:
            found = _plain(str(table.schema.field(column.name).type))
            if found != column.type:
                message = (
                    f"{where}: column {column.name!r} of {self.name} is {found}, not {column.type}"
                )
                raise SchemaError(message)
            missing = table.column(column.name).null_count
            if column.required and missing:
                message = (
                    f"{where}: column {column.name!r} of {self.name} has {missing} empty cells"
                )
                raise SchemaError(message)
        if self.key and table.num_rows:
            self._check_key(table, where)

    def _check_key(self, table: ArrowLike, where: str) -> None:
        # one thread: sharing this work among more costs twice the time of all
        groups = table.group_by(list(self.key), use_threads=False).aggregate([([], "count_all")])
        if groups.num_rows == table.num_rows:
            return
        twice = next(row for row in groups.to_pylist() if row["count_all"] > 1)
        key = ", ".join(f"{name}={twice[name]}" for name in self.key)
        message = f"{where}: {self.name} has {twice['count_all']} rows with {key}"
        raise DuplicateKeyError(message)

    def _difference(self, found: Sequence[str], where: str) -> str:
        missing = [name for name in self.names if name not in found]
        unknown = [name for name in found if name not in self.names]
        if missing or unknown:
            return f"{where}: {self.name} lacks columns {missing} and has unknown columns {unknown}"
        return f"{where}: the columns of {self.name} are in another order: {list(found)}"


def _plain(arrow_type: str) -> str:
    """Return the value type of a dictionary-encoded column, else the type itself."""
    if arrow_type.startswith("dictionary<values="):
        return arrow_type.removeprefix("dictionary<values=").split(",", 1)[0]
    return arrow_type


def columns(rows: Iterable[tuple[str, str, bool, str]]) -> tuple[Column, ...]:
    """Return the columns of rows (name, type, required, meaning)."""
    return tuple(Column(*row) for row in rows)


OBSERVATIONS = Table(
    "observations",
    columns(
        [
            ("bron", "string", True, "id of the source"),
            ("groep", "string", True, "thema or 'taakstelling'"),
            ("kenmerk", "string", True, "member as in the catalogue"),
            ("maat", "string", True, "personen, huishoudens or woonruimten"),
            ("niveau", "string", True, "level of the region"),
            ("code", "string", True, "region code, not padded"),
            ("begin", "date32[day]", True, "peilmoment, or first day of a flow"),
            ("eind", "date32[day]", True, "peilmoment, or last day of a flow (included)"),
            ("indeling", "int32", True, "indeling in which the code is meant"),
            ("waarde", "int64", False, "the count; missing when the status has no value"),
            ("status", "string", True, "see spatial.domain.status"),
            ("ondergrens", "int64", False, "lowest possible true count; missing as waarde"),
            ("bovengrens", "int64", False, "highest possible true count; missing as waarde"),
            ("voorlopig", "bool", True, "provisional according to the source"),
            ("herkomst", "string", False, "source codes and weights of a recoded value"),
        ],
    ),
    key=("groep", "kenmerk", "maat", "code", "begin", "eind", "indeling"),
)
"""The long table: one row per group, kenmerk, measure, region and period."""

_OF_CELLS = {
    "groep": ("string", True, "aandachtsgroep; on disk the name of the folder"),
    "kenmerk": ("string", True, "member as in the list of members"),
    "status": ("string", True, "waargenomen, geheim_of_onbekend or niet_van_toepassing"),
}
_DERIVED = {"bron", "ondergrens", "bovengrens", "herkomst"}
CELLS = Table(
    "cells",
    tuple(
        Column(column.name, *_OF_CELLS[column.name]) if column.name in _OF_CELLS else column
        for column in OBSERVATIONS.columns
        if column.name not in _DERIVED
    ),
    key=OBSERVATIONS.key,
)
"""All cells of a source as read: ``OBSERVATIONS`` without what follows from the rest (source, bounds
by rounding, herkomst). Text is dictionary-encoded in Arrow. On disk: ``CELLS_FOLDER``."""

CELLS_FOLDER = "cells"
"""Folder with one Parquet file per group, ``groep=<id>/part-0.parquet``, and ``manifest.json``: id of
the table, number of rows, and sha256 and rows of every file. Row groups hold one kenmerk and maat
after another."""

SERIES = Table(
    "series",
    columns(
        [
            *(
                (column.name, column.type, column.required, column.meaning)
                for column in OBSERVATIONS.columns
                if column.name != "bron"
            ),
            ("aandeel", "double", False, "per cent of the total of the same region and period"),
            ("aandeel_status", "string", True, "see spatial.domain.status"),
            ("aandeel_ondergrens", "double", False, "lowest possible share; missing as aandeel"),
            ("aandeel_bovengrens", "double", False, "highest possible share; missing as aandeel"),
        ]
    ),
    key=OBSERVATIONS.key,
)
"""All cells of a source in chosen indelingen, at every level, with shares. Text is dictionary-encoded in
Arrow. On disk: ``SERIES_FOLDER``."""

SERIES_FOLDER = "reeksen"
"""Folder with one Parquet file per group, ``groep=<id>/part-0.parquet``, and ``manifest.json``: rows,
sha256 and fingerprint of every file. Row groups hold some kenmerken in one indeling."""

MEMBERSHIPS = Table(
    "memberships",
    columns(
        [
            ("indeling", "int32", True, "indeling for which it holds"),
            ("niveau", "string", True, "level of the region, above gemeente"),
            ("code", "string", True, "code of the region"),
            ("gemeente", "string", True, "gemeentecode"),
        ],
    ),
    key=("indeling", "code", "gemeente"),
)
"""Which gemeenten make up a region: one row per indeling, region and gemeente."""

INHABITED = Table(
    "inhabited squares",
    columns(
        [
            ("cel", "int64", True, "number of the cell in its frame (spatial.domain.squares)"),
            ("inwoners", "double", True, "people who live in it, above 0"),
        ]
    ),
    key=("cel",),
)
"""The squares of a grid in which somebody is counted, ascending; of the others nothing is known."""

BOUNDARY_COLUMNS = ("niveau", "code", "naam", "indeling", "geometry")
"""Columns of a boundaries GeoDataFrame; geometry is a valid MultiPolygon in EPSG:28992 (easting,
northing in metres), outer rings counter-clockwise; the key is (code, indeling)."""
