"""A table as CSV, plain or in a zip that is read as it is: no file is unpacked to the disk."""

import csv as plain_csv
import io
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any

import pyarrow as pa
from pyarrow import csv

from spatial.domain.statline import (
    CODES,
    DIMENSIONS,
    IGNORED_COLUMNS,
    MEASURE,
    PERIODE,
    PROPERTIES,
    UNTYPED,
)
from spatial.errors import SchemaError, SourceError
from spatial.normalise.intake.documents import about_of, code_list, code_lists, licence_name
from spatial.normalise.intake.v3 import Columns, columns_of, longer, measure_list
from spatial.normalise.intake.wire import KEYS, About, Piece, check_columns
from spatial.normalise.statline_rows import column_of

_BLOCK_BYTES = 4 << 20
_HEAD_BYTES = 1 << 20
_BOM = "\ufeff"
_FAULTS = (pa.ArrowInvalid, zipfile.BadZipFile, OSError, EOFError, RuntimeError)
"""What goes wrong in a file that is cut off or damaged; RuntimeError: a zip with a password."""


@dataclass(frozen=True, slots=True)
class _Header:
    """The first line of a file with rows."""

    delimiter: str
    names: tuple[str, ...]

    @property
    def is_long(self) -> bool:
        """Tell whether the rows are those of version 4."""
        return MEASURE in self.names


class Delimited:
    """The rows of a table in one CSV file; code lists stand in the zip, or beside it."""

    def __init__(self, path: Path, table: str, dimensions: tuple[str, ...] = DIMENSIONS) -> None:
        """Read the header and what the table says of itself.

        Args:
            path: a CSV file, or a zip with one CSV file of rows (and code lists as CSV).
            table: identifier of the table.
            dimensions: the columns with keys, besides the measure.

        Raises:
            SchemaError: the columns are not those of the table.
            SourceError: the file cannot be read.
        """
        self._path, self._dimensions = path, dimensions
        with self._opened(self._rows_name()) as stream:
            self._header = _header_of(stream, path.name)
        self._wide: Columns | None = None
        if self._header.is_long:
            check_columns(list(self._header.names), path.name, dimensions)
        else:
            self._wide = columns_of(path.parent, dimensions)
            _check_wide(self._header, self._wide, path.name)
        self._about = self._told(about_of(path.parent, table))

    @property
    def about(self) -> About:
        """What the table says of itself."""
        return self._about

    def codes(self) -> Mapping[str, pa.Table]:
        """Return the code lists: of the zip, else those in the folder of the file."""
        lists = code_lists(self._path.parent)
        for name in set(CODES.values()) & set(self._members()):
            rows = self._small(name)
            lists[name] = code_list(rows, name, statuses=name == CODES[PERIODE])
        if self._wide is not None:
            lists[CODES[MEASURE]] = measure_list(self._wide)
        return lists

    def pieces(self) -> Iterator[Piece]:
        """Give the rows, some megabytes at a time.

        Raises:
            SourceError: the file is cut off or damaged, or a row has another number of cells.
        """
        with self._opened(self._rows_name()) as stream:
            try:
                reader = csv.open_csv(pa.PythonFile(stream, mode="r"), **self._options())
                for batch in reader:
                    if batch.num_rows:
                        yield self._piece(pa.Table.from_batches([batch]))
            except _FAULTS as error:
                message = f"{self._path.name} cannot be read: {error}; download it again"
                raise SourceError(message) from error

    def _piece(self, rows: pa.Table) -> Piece:
        name = self._path.name
        number = "Id" if self._wide is None else "ID"
        numbers = column_of(rows, number).to_numpy()
        if self._wide is None:
            return Piece(name, rows, numbers)
        wide = {column: column_of(rows, column) for column in rows.column_names}
        typed = UNTYPED.lower() not in self._rows_name().lower()
        return Piece(name, longer(wide, numbers, self._wide, typed=typed), numbers)

    def _options(self) -> dict[str, Any]:
        """Return how the rows are read: keys and values as encoded text, so that signs survive."""
        number = "Id" if self._wide is None else "ID"
        names = [name for name in self._header.names if name not in IGNORED_COLUMNS]
        return {
            "read_options": csv.ReadOptions(block_size=_BLOCK_BYTES),
            "parse_options": csv.ParseOptions(delimiter=self._header.delimiter),
            "convert_options": csv.ConvertOptions(
                column_types={name: pa.int64() if name == number else KEYS for name in names},
                include_columns=names,
                strings_can_be_null=False,
            ),
        }

    def _members(self) -> dict[str, str]:
        """Return the CSV files of the zip by their entity set; none for a plain file."""
        if self._path.suffix.lower() != ".zip":
            return {}
        try:
            with zipfile.ZipFile(self._path) as archive:
                names = [name for name in archive.namelist() if name.lower().endswith(".csv")]
        except _FAULTS as error:
            message = f"{self._path.name} is no whole zip file: {error}; download it again"
            raise SourceError(message) from error
        return {Path(name).stem: name for name in names}

    def _rows_name(self) -> str:
        """Return the file with the rows: the one that is no code list and no description."""
        if self._path.suffix.lower() != ".zip":
            return self._path.name
        members = self._members()
        small = {PROPERTIES, "Dimensions", "MeasureGroups", *CODES.values()}
        small |= {f"{name}Groups" for name in self._dimensions}
        rows = [name for stem, name in members.items() if stem not in small]
        if len(rows) != 1:
            message = f"{self._path.name}: expected one CSV file with rows in the zip, found {sorted(rows)}"
            raise SourceError(message)
        return rows[0]

    @contextmanager
    def _opened(self, name: str) -> Iterator[IO[bytes]]:
        try:
            if self._path.suffix.lower() != ".zip":
                with self._path.open("rb") as stream:
                    yield stream
                return
            with zipfile.ZipFile(self._path) as archive, archive.open(name) as stream:
                yield stream
        except _FAULTS as error:
            message = f"{self._path.name} cannot be read: {error}; download it again"
            raise SourceError(message) from error

    def _small(self, name: str) -> list[dict[str, Any]]:
        """Return the rows of a small CSV file of the zip."""
        with self._opened(self._members()[name]) as stream:
            text = io.TextIOWrapper(stream, encoding="utf-8-sig", newline="").read()
        header = text.partition("\n")[0]
        delimiter = ";" if header.count(";") >= header.count(",") else ","
        return list(plain_csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter))

    def _told(self, beside: About) -> About:
        """Add what the properties in the zip say."""
        if PROPERTIES not in self._members():
            return beside
        rows = self._small(PROPERTIES)
        if rows and "Name" in rows[0] and "Value" in rows[0]:
            told = {row["Name"]: row["Value"] for row in rows}
        else:
            told = rows[0] if rows else {}
        count = told.get("ObservationCount", "")
        return replace(
            beside,
            titel=told.get("Title") or beside.titel,
            modified=told.get("ObservationsModified") or told.get("Modified") or beside.modified,
            licence=licence_name(told.get("License") or beside.licence),
            rows=int(count) if count.isdigit() else beside.rows,
        )


def _header_of(stream: IO[bytes], where: str) -> _Header:
    """Read the first line; ``;`` or ``,`` stands between the names."""
    line = stream.readline(_HEAD_BYTES).decode("utf-8", "replace").removeprefix(_BOM).strip()
    delimiter = ";" if line.count(";") >= line.count(",") else ","
    names = next(plain_csv.reader([line], delimiter=delimiter), [])
    if len(names) < len(DIMENSIONS) or len(set(names)) != len(names):
        message = f"{where}: the first line is no header of a table: {line[:80]!r}"
        raise SchemaError(message)
    return _Header(delimiter, tuple(names))


def _check_wide(header: _Header, columns: Columns, where: str) -> None:
    wanted = {"ID", *columns.dimensions, *columns.measures}
    missing, unknown = wanted - set(header.names), set(header.names) - wanted
    if missing or unknown:
        message = f"{where}: the rows lack {sorted(missing)} and have unknown {sorted(unknown)}"
        raise SchemaError(message)
