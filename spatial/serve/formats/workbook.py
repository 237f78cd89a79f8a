"""A selection as an Excel workbook: the values, and what must be known to read them."""

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import xlsxwriter

from spatial.domain.status import Status
from spatial.errors import SelectionTooLargeError
from spatial.serve.formats.arrow import chunks
from spatial.serve.formats.selection import Selection
from spatial.serve.read.layer import Rows
from spatial.store.catalogue import Field
from spatial.store.files.content import ID, about

_OPTIONS = {
    "constant_memory": True,
    # texts are texts, whatever they look like
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
    "default_date_format": "yyyy-mm-dd",
}
_ROWS = 500
_TOO_LONG = -2
_HEADERS = 2
_LABELS = {
    "titel": ("Titel", "Title"),
    "beschrijving": ("Beschrijving", "Description"),
    "meldingen": ("Let op", "Note"),
    "bronnen": ("Bronnen en licenties", "Sources and licences"),
}


def write_workbook(selection: Selection, path: Path, address: str) -> None:
    """Write two sheets; the same selection gives the same bytes.

    The first has titles in row 1, property names in row 2, and then the features: numbers as
    numbers, days as days; a value that is not there shows the sign of its status as text.

    Args:
        selection: what to write.
        path: file to write.
        address: link that gives the same file again.

    Raises:
        SelectionTooLargeError: a text is longer than a cell can be.
    """
    question = selection.question
    moment = question.edition.moment.replace(tzinfo=None)
    with xlsxwriter.Workbook(path, {**_OPTIONS, "tmpdir": str(path.parent)}) as book:
        book.set_properties({"title": question.collection.titel_nl, "created": moment})
        _write_values(book, selection)
        _write_explanation(book, selection, address)


def _write_values(book: Any, selection: Selection) -> None:
    question = selection.question
    fields = question.edition.fields(question.collection.id)
    sheet = book.add_worksheet("Values" if question.english else "Waarden")
    sheet.freeze_panes(_HEADERS, 1)
    shown = [fields[name] for name in question.names]
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    titles = [field.title_en if question.english else field.titel_nl for field in shown]
    for column, title in enumerate([ID, *titles]):
        sheet.write_string(0, column, title, bold)
    for column, name in enumerate([ID, *question.names]):
        sheet.write_string(1, column, name)
    for row, cells in enumerate(_rows(selection, shown, fields), _HEADERS):
        for column, cell in enumerate(cells):
            _write(sheet, row, column, cell)
    sheet.autofilter(1, 0, 1 + len(selection.rows), len(shown))


def _rows(
    selection: Selection, shown: list[Field], fields: Mapping[str, Field]
) -> Iterator[tuple[object, ...]]:
    """Return the cells of each feature; days as ``date``, signs of missing values as text."""
    ids = selection.layer.ids
    for rows in chunks(selection.rows, _ROWS):
        columns = [_column(selection, rows, field, fields) for field in shown]
        yield from zip([ids[row] for row in rows.tolist()], *columns, strict=True)


def _column(
    selection: Selection, rows: Rows, field: Field, fields: Mapping[str, Field]
) -> list[object]:
    columns = selection.layer.columns
    cells = columns[field.naam].pick(rows)
    if field.type == "date":
        return [date.fromisoformat(str(cell)) if cell else None for cell in cells]
    status = f"{field.naam}Status"
    if not field.indicator or status not in fields:
        return cells
    states = columns[status].pick(rows)
    return [
        Status(str(state)).teken if cell is None and state else cell
        for cell, state in zip(cells, states, strict=True)
    ]


def _write(sheet: Any, row: int, column: int, cell: object) -> None:
    match cell:
        case None | "":
            return
        case bool():
            sheet.write_boolean(row, column, cell)
        case int() | float():
            sheet.write_number(row, column, cell)
        case date():
            sheet.write_datetime(row, column, cell)
        case _:
            if sheet.write_string(row, column, str(cell)) == _TOO_LONG:
                message = "a text is too long for a cell of a workbook: ask for f=csv"
                raise SelectionTooLargeError(message)


def _write_explanation(book: Any, selection: Selection, address: str) -> None:
    question = selection.question
    sheet = book.add_worksheet("Explanation" if question.english else "Toelichting")
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 3, 40)
    bold = book.add_format({"bold": True})
    row = 0
    for name, value in _lines(selection, address):
        sheet.write_string(row, 0, name, bold)
        sheet.write_string(row, 1, value)
        row += 1
    row += 1
    heads = ("Sign", "Status", "Meaning", "Has a number") if question.english else (
        "Teken", "Status", "Betekenis", "Heeft een getal"
    )  # fmt: skip
    for column, head in enumerate(heads):
        sheet.write_string(row, column, head, bold)
    yes, no = ("yes", "no") if question.english else ("ja", "nee")
    for status in Status:
        row += 1
        label = status.label_en if question.english else status.label_nl
        cells = (status.teken, status.value, label, yes if status.has_value else no)
        for column, cell in enumerate(cells):
            sheet.write_string(row, column, cell)


def _lines(selection: Selection, address: str) -> Iterator[tuple[str, str]]:
    question = selection.question
    spoken = about(question.edition.contents, question.collection, english=question.english)
    for name, (dutch, english) in _LABELS.items():
        if spoken[name]:
            yield (english if question.english else dutch), spoken[name]
    yield ("Features", str(len(selection.rows)))
    yield ("Edition" if question.english else "Uitgave"), question.edition.id
    yield ("Get it again" if question.english else "Opnieuw ophalen"), address
