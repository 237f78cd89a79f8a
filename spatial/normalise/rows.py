"""Read a small CSV file with declared columns; every complaint names file, row and rule."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from spatial.domain.regions import Indeling, Niveau, niveau_of, parse_code
from spatial.errors import DuplicateKeyError, SchemaError, UnknownRegionError, ValueParseError


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a CSV file.

    Attributes:
        file: name of the file, for messages.
        number: line of the file on which the row ends; the header is line 1.
        cells: text per column, without blanks around it.
    """

    file: str
    number: int
    cells: dict[str, str]

    def __str__(self) -> str:
        return f"{self.file}, row {self.number}"

    def text(self, column: str) -> str:
        """Return a text that must not be empty.

        Raises:
            ValueParseError: the cell is empty.
        """
        if not self.cells[column]:
            raise ValueParseError(self.complaint(column, "a text"))
        return self.cells[column]

    def whole(self, column: str) -> int:
        """Return a whole number of at least 0.

        Raises:
            ValueParseError: the cell is something else.
        """
        text = self.cells[column]
        if not (text.isascii() and text.isdigit()):
            raise ValueParseError(self.complaint(column, "a whole number such as 12001"))
        return int(text)

    def positive(self, column: str) -> float:
        """Return a decimal number above 0, with a point.

        Raises:
            ValueParseError: the cell is something else.
        """
        text = self.cells[column]
        if not text.isascii() or not text.replace(".", "", 1).isdigit() or not float(text):
            raise ValueParseError(self.complaint(column, "a number above 0 such as 24.2"))
        return float(text)

    def day(self, column: str) -> date:
        """Return a date.

        Raises:
            ValueParseError: the cell is not an ISO date.
        """
        try:
            return date.fromisoformat(self.cells[column])
        except ValueError as error:
            raise ValueParseError(self.complaint(column, "a date such as 2022-03-24")) from error

    def indeling(self, column: str) -> Indeling:
        """Return a year of an indeling.

        Raises:
            ValueParseError: the cell is not a whole number.
        """
        return Indeling(self.whole(column))

    def code(self, column: str, niveau: Niveau = Niveau.GEMEENTE) -> str:
        """Return a region code of one level.

        Raises:
            UnknownRegionError: the cell is not such a code.
        """
        try:
            code = parse_code(self.cells[column])
        except UnknownRegionError as error:
            message = f"{self}: column {column!r}: {error}"
            raise UnknownRegionError(message) from error
        if niveau_of(code) is not niveau:
            message = f"{self}: column {column!r} has {code!r}, which is not a {niveau}"
            raise UnknownRegionError(message)
        return code

    def choice(self, column: str, allowed: Iterable[str]) -> str:
        """Return a text of a closed set.

        Raises:
            ValueParseError: the cell is not one of ``allowed``.
        """
        options = list(allowed)
        if self.cells[column] not in options:
            raise ValueParseError(self.complaint(column, " or ".join(options)))
        return self.cells[column]

    def complaint(self, column: str, expected: str) -> str:
        """Return the message for a cell that is not what it should be."""
        return f"{self}: column {column!r} has {self.cells[column]!r}, not {expected}"


def read_rows(path: Path, columns: Sequence[str], key: Sequence[str]) -> list[Row]:
    """Read a CSV file (UTF-8, comma, header) that must have exactly these columns.

    Args:
        path: the file.
        columns: names of the columns, in any order.
        key: the columns that together are unique.

    Returns:
        The rows in the order of the file.

    Raises:
        SchemaError: the file is absent or not UTF-8, columns are missing or unknown, or a row has
            another number of cells than the header.
        DuplicateKeyError: two rows have the same key.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            rows = list(_rows(path.name, lines, columns))
    except OSError as error:
        message = f"cannot read fact table {path}: {error.strerror}"
        raise SchemaError(message) from error
    except (UnicodeDecodeError, csv.Error) as error:
        message = f"{path.name} is not a CSV file in UTF-8: {error}"
        raise SchemaError(message) from error
    _check_key(rows, key)
    return rows


def _rows(file: str, lines: Iterable[str], columns: Sequence[str]) -> Iterator[Row]:
    reader = csv.reader(lines, strict=True)
    header = next(reader, [])
    missing = [name for name in columns if name not in header]
    unknown = [name for name in header if name not in columns]
    if missing or unknown or len(header) != len(columns):
        message = (
            f"{file}: expected the columns {', '.join(columns)} once each;"
            f" missing {missing}, unknown {unknown}"
        )
        raise SchemaError(message)
    for cells in reader:
        if len(cells) != len(header):
            message = (
                f"{file}, row {reader.line_num}: {len(cells)} cells under {len(header)} columns"
            )
            raise SchemaError(message)
        texts = (cell.strip() for cell in cells)
        yield Row(file, reader.line_num, dict(zip(header, texts, strict=True)))


def _check_key(rows: Iterable[Row], key: Sequence[str]) -> None:
    seen: dict[tuple[str, ...], int] = {}
    for row in rows:
        values = tuple(row.cells[name] for name in key)
        first = seen.setdefault(values, row.number)
        if first != row.number:
            pairs = ", ".join(f"{name}={value}" for name, value in zip(key, values, strict=True))
            message = f"{row}: {pairs} is already in row {first}; the key may occur once"
            raise DuplicateKeyError(message)
