"""Small tables as others publish them: the cells of a CSV file or of the first sheet of a workbook."""

import csv
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook

from spatial.errors import SchemaError, SourceError

MAX_BYTES = 20_000_000
"""Largest file that is opened (bytes)."""

MAX_UNPACKED = 200_000_000
"""Most that a workbook may hold when unpacked (bytes)."""

_LOOK = 4_000
"""Signs in which the delimiter is looked for: titles above the header may have none."""

type Cell = str | int | float | date
"""A cell: text without blanks around it, a number, or a day."""


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a file.

    Attributes:
        number: row as a person sees it: the first is 1.
        cells: its cells; rows may differ in length.
    """

    number: int
    cells: tuple[Cell, ...]


def read_sheet(path: Path) -> list[Line]:
    """Read a CSV file (UTF-8, comma or semicolon) or the first sheet of a workbook (.xlsx, .xlsm).

    Returns:
        The rows that have a cell with something in it, in order. In a CSV file every cell is a text.

    Raises:
        SourceError: the file is absent, empty, too large, or of another kind than its name says.
        SchemaError: a CSV file that is not UTF-8 or has unbalanced quotes.
    """
    _check_size(path)
    kind = path.suffix.lower()
    if kind == ".csv":
        lines = _csv_lines(path)
    elif kind in {".xlsx", ".xlsm"}:
        lines = _workbook_lines(path)
    else:
        message = f"{path.name}: {path.suffix!r} is not read; expected .csv, .xlsx or .xlsm"
        raise SourceError(message)
    return [line for line in lines if any(cell != "" for cell in line.cells)]


def _check_size(path: Path) -> None:
    if not path.is_file():
        message = f"{path}: there is no such file"
        raise SourceError(message)
    size = path.stat().st_size
    if not 0 < size <= MAX_BYTES:
        message = f"{path.name}: {size} bytes; expected more than 0 and at most {MAX_BYTES}"
        raise SourceError(message)


def _csv_lines(path: Path) -> list[Line]:
    try:
        text = path.read_text(encoding="utf-8-sig")
        head = text[:_LOOK]
        delimiter = ";" if head.count(";") > head.count(",") else ","
        reader = csv.reader(text.splitlines(keepends=True), delimiter=delimiter, strict=True)
        return [Line(reader.line_num, tuple(cell.strip() for cell in row)) for row in reader]
    except (UnicodeDecodeError, csv.Error) as error:
        message = f"{path.name} is not a CSV file in UTF-8: {error}"
        raise SchemaError(message) from error


def _workbook_lines(path: Path) -> list[Line]:
    try:
        with zipfile.ZipFile(path) as archive:
            size = sum(member.file_size for member in archive.infolist())
        if size > MAX_UNPACKED:
            message = f"{path.name}: {size} bytes when unpacked, more than {MAX_UNPACKED}"
            raise SourceError(message)
        with CalamineWorkbook.from_path(str(path)) as book:
            rows = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    except (zipfile.BadZipFile, CalamineError, OSError) as error:
        message = f"{path.name} is not a workbook that can be read: {error}"
        raise SourceError(message) from error
    return [Line(number, _plain(row)) for number, row in enumerate(rows, start=1)]


def _plain(row: Sequence[object]) -> tuple[Cell, ...]:
    return tuple(_cell(value) for value in row)


def _cell(value: object) -> Cell:
    """Return a cell of a workbook: days without a time, whole numbers as such, the rest as text."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, date | float) or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    return str(value).strip()
