"""The taakstelling and realisation per gemeente, read from a table as it is published.

Columns, in any order, titles above the header allowed: ``halfjaar``, ``gemeentecode`` or ``gemeente``
(the name), and one or more of ``taakstelling``, ``achterstand``, ``voorsprong``, ``gehuisvest``;
``peildatum`` when a half-year is not over; ``bron`` and ``opmerking`` as one likes. See ``docs/taakstelling.md``.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from spatial.domain.facts import Facts
from spatial.domain.findings import Finding, Severity
from spatial.domain.periods import Period, parse_half_year
from spatial.domain.regions import Indeling, Niveau
from spatial.domain.taakstelling import Reported
from spatial.errors import (
    DuplicateKeyError,
    SchemaError,
    SourceError,
    UnknownRegionError,
    ValueParseError,
)
from spatial.normalise.sheets import Cell, Line, read_sheet

HALF_YEAR, CODE, NAME, DAY = "halfjaar", "gemeentecode", "gemeente", "peildatum"
SOURCE, REMARK = "bron", "opmerking"
AMOUNTS = ("taakstelling", "achterstand", "voorsprong", "gehuisvest")
COLUMNS = (HALF_YEAR, CODE, NAME, *AMOUNTS, DAY, SOURCE, REMARK)
UNKNOWN = "."
"""Said to be unknown; so is a blank."""

_HEADER_WITHIN = 20
_ROMAN = re.compile(r"(\d{4})\s*-\s*(I{1,2}|[12])")
_THOUSANDS = re.compile(r"\d{1,3}(\.\d{3})+")

type Codes = Mapping[Indeling, frozenset[str]]


@dataclass(frozen=True, slots=True)
class _Row:
    """One row under the header: cells by column, '' where there is none."""

    file: str
    number: int
    cells: Mapping[str, Cell]

    def __str__(self) -> str:
        return f"{self.file}, row {self.number}"

    def complaint(self, column: str, expected: str) -> str:
        """Return the message for a cell that is not what it should be."""
        return f"{self}: column {column!r} has {str(self.cells[column])!r}, not {expected}"


class Places:
    """Gemeenten by code and by name, in the indeling of a half-year."""

    def __init__(self, facts: Facts, codes: Codes) -> None:
        """Take the names from the gazetteer and the register.

        Args:
            facts: gazetteer and redivisions.
            codes: gemeentecodes of every indeling.
        """
        self._codes = codes
        self._named: dict[str, set[str]] = {}
        names = [(entry.naam, entry.code) for entry in facts.gazetteer]
        for row in facts.redivisions:
            names += [(row.oude_naam, row.oude_code), (row.nieuwe_naam, row.nieuwe_code)]
        for name, code in names:
            self._named.setdefault(_folded(name), set()).add(code)

    def find(self, row: _Row, indeling: Indeling) -> str:
        """Return the gemeentecode of a row.

        Raises:
            UnknownRegionError: neither code nor name is one of that indeling, or they contradict.
        """
        here = self._codes.get(indeling, frozenset())
        code, name = _written_code(row.cells[CODE]), str(row.cells[NAME])
        named = self._named.get(_folded(name), set()) & here if name else set()
        if code:
            if code not in here:
                message = row.complaint(CODE, f"a gemeente of the indeling of {indeling}")
                raise UnknownRegionError(message)
            if named and code not in named:
                message = row.complaint(NAME, f"the name of {code}; that is {', '.join(named)}")
                raise UnknownRegionError(message)
            return code
        if len(named) != 1:
            message = row.complaint(NAME, f"the name of one gemeente of the indeling of {indeling}")
            raise UnknownRegionError(message)
        return next(iter(named))


def read_taakstelling(
    paths: Iterable[Path], facts: Facts, codes: Codes
) -> tuple[tuple[Reported, ...], list[Finding]]:
    """Read files with the taakstelling, its carry-over and its realisation.

    Args:
        paths: CSV files or workbooks; what a later one says of a gemeente, half-year and peildatum
            replaces what an earlier one says.
        facts: names of gemeenten.
        codes: gemeentecodes of every indeling.

    Returns:
        One row per gemeente, half-year and peildatum, in order; counts are persons, None where a cell
        is blank or '.'. Of achterstand and voorsprong a number makes a blank in the other 0. And per
        file what it replaced.

    Raises:
        SourceError, SchemaError: a file is not a table with these columns.
        ValueParseError: a cell holds no such half-year, count or day.
        UnknownRegionError: a gemeente that the indeling of the half-year does not have.
        DuplicateKeyError: one file says the same twice.
    """
    places = Places(facts, codes)
    found: dict[tuple[str, Period, date], Reported] = {}
    findings = []
    for path in paths:
        own = _read(path, places)
        if twice := own.keys() & found.keys():
            message = f"{len(twice)} rows replace those of an earlier file"
            findings.append(Finding(Severity.INFO, path.name, "", "taakstelling-replaced", message))
        found |= own
    return tuple(found[key] for key in sorted(found)), findings


def _read(path: Path, places: Places) -> dict[tuple[str, Period, date], Reported]:
    found: dict[tuple[str, Period, date], Reported] = {}
    first: dict[tuple[str, Period, date], int] = {}
    for row in _rows(path):
        report = _report(row, places)
        key = (report.gemeente, report.period, report.peildatum)
        if key in found:
            message = (
                f"{row}: {report.gemeente} in half-year {row.cells[HALF_YEAR]} up to "
                f"{report.peildatum} is already in row {first[key]}"
            )
            raise DuplicateKeyError(message)
        found[key], first[key] = report, row.number
    if not found:
        message = f"{path.name}: there are no rows under the header"
        raise SourceError(message)
    return found


def _rows(path: Path) -> Iterator[_Row]:
    lines = read_sheet(path)
    top = next(
        (place for place, line in enumerate(lines[:_HEADER_WITHIN]) if _is_header(line)), None
    )
    if top is None:
        message = (
            f"{path.name}: no header with a column {HALF_YEAR!r} in the first {_HEADER_WITHIN} rows; "
            f"the columns are {', '.join(COLUMNS)}"
        )
        raise SchemaError(message)
    names = [str(cell).casefold() for cell in lines[top].cells]
    _check_header(path.name, names)
    for line in lines[top + 1 :]:
        cells = dict(zip(names, line.cells, strict=False))
        surplus = [cell for cell in line.cells[len(names) :] if cell != ""]
        if surplus or cells.get("", "") != "":
            message = (
                f"{path.name}, row {line.number}: a cell without a column: {surplus or cells['']}"
            )
            raise SchemaError(message)
        yield _Row(path.name, line.number, {name: cells.get(name, "") for name in COLUMNS})


def _is_header(line: Line) -> bool:
    return any(str(cell).casefold() == HALF_YEAR for cell in line.cells)


def _check_header(file: str, names: list[str]) -> None:
    given = [name for name in names if name]
    unknown = sorted(set(given) - set(COLUMNS))
    twice = sorted({name for name in given if given.count(name) > 1})
    if unknown or twice:
        message = f"{file}: columns {unknown + twice} are unknown or there twice; known are {', '.join(COLUMNS)}"
        raise SchemaError(message)
    if not {CODE, NAME} & set(given) or not set(AMOUNTS) & set(given):
        message = f"{file}: a column {CODE} or {NAME} is needed, and one of {', '.join(AMOUNTS)}"
        raise SchemaError(message)


def _report(row: _Row, places: Places) -> Reported:
    period = _half_year(row)
    counts = {name: _count(row, name) for name in AMOUNTS}
    short, ahead = counts["achterstand"], counts["voorsprong"]
    if short and ahead:
        message = row.complaint("voorsprong", f"0 beside an achterstand of {short}: one is set off")
        raise ValueParseError(message)
    if ahead is not None and row.cells["achterstand"] == "":
        short = 0
    elif short is not None and row.cells["voorsprong"] == "":
        ahead = 0
    return Reported(
        gemeente=places.find(row, period.indeling),
        period=period,
        peildatum=_day(row, period),
        taakstelling=counts["taakstelling"],
        achterstand=short,
        voorsprong=ahead,
        gehuisvest=counts["gehuisvest"],
        bron=f"{row} ({row.cells[SOURCE]})" if row.cells[SOURCE] else str(row),
    )


def _half_year(row: _Row) -> Period:
    match = _ROMAN.fullmatch(str(row.cells[HALF_YEAR]).upper())
    if match is None:
        raise ValueParseError(row.complaint(HALF_YEAR, "a half-year such as 2022-1 or 2022-II"))
    half = {"I": "1", "II": "2"}.get(match[2], match[2])
    return parse_half_year(f"{match[1]}-{half}")


def _count(row: _Row, column: str) -> int | None:
    """Return a count of at least 0; None for a blank or '.'."""
    cell = row.cells[column]
    if cell in {"", UNKNOWN}:
        return None
    text = str(cell)
    if isinstance(cell, str) and _THOUSANDS.fullmatch(text):
        text = text.replace(".", "")
    if not (text.isascii() and text.isdigit()):
        expected = "a whole number of persons such as 12 or 1.234, a blank or '.'"
        raise ValueParseError(row.complaint(column, expected))
    return int(text)


def _day(row: _Row, period: Period) -> date:
    """Return the last day that is counted: the end of a month in the half-year, else its own end."""
    cell = row.cells[DAY]
    if cell == "":
        return period.eind
    day = cell if isinstance(cell, date) else _parsed(str(cell))
    if day is None or not period.begin < day <= period.eind or (day + timedelta(days=1)).day != 1:
        expected = f"the last day of a month from {period.begin} up to {period.eind}"
        raise ValueParseError(row.complaint(DAY, expected))
    return day


def _parsed(text: str) -> date | None:
    for form in ("%Y-%m-%d", "%d-%m-%Y"):
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    return None


def _written_code(cell: Cell) -> str:
    """Return a gemeentecode as CBS writes it: 'GM0003' for 'GM0003 ', '0003', '3' and 3."""
    text = str(cell).strip().upper()
    digits = text.removeprefix(Niveau.GEMEENTE.prefix)
    return f"{Niveau.GEMEENTE.prefix}{digits.zfill(4)}" if digits.isdigit() else text


def _folded(name: str) -> str:
    """Return a name as names are compared: without accents, case, and blanks at the ends."""
    letters = unicodedata.normalize("NFD", name.strip()).casefold()
    return "".join(sign for sign in letters if unicodedata.category(sign) != "Mn")
