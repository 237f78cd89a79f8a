"""The ledger as observations of all levels: targets by formula or as published, and what follows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from spatial.analyse.ledger.accounts import MONTHS, Account, Books, Part, keep_books
from spatial.analyse.ledger.cells import Cell, total
from spatial.analyse.ledger.country import keep_country
from spatial.analyse.ledger.entries import gather_entries
from spatial.domain.facts import Membership, NationalTarget
from spatial.domain.findings import Finding
from spatial.domain.indicators import Thema
from spatial.domain.periods import Period
from spatial.domain.regions import LAND_CODE, Indeling, Niveau
from spatial.domain.status import Status
from spatial.domain.taakstelling import Pace, Reports
from spatial.domain.tables import OBSERVATIONS

TARGET = "taakstelling"
MAAT = "personen"
KENMERKEN = {
    "achterstand": "achterstand",
    "voorsprong": "voorsprong",
    "gehuisvest": "gehuisvest",
    "taakstellingCumulatief": "taakstelling_cumulatief",
    "gehuisvestCumulatief": "gehuisvest_cumulatief",
}
"""Kenmerken that the ledger adds to the long table, and the part of an account that each one is."""

type _Place = tuple[str, Niveau, str, Period]
"""Kenmerk, level, region code and half-year."""


@dataclass(frozen=True, slots=True)
class Ledger:
    """The taakstelling of all levels and half-years.

    Attributes:
        figures: ``OBSERVATIONS`` of group ``taakstelling``, sorted by key.
        pace: by half-year, how many months are counted and since when is added up.
        findings: see ``gather_entries``.
    """

    figures: pa.Table
    pace: Mapping[Period, Pace]
    findings: tuple[Finding, ...]


def make_ledger(
    targets: pa.Table,
    reports: Reports,
    nights: Mapping[Indeling, Sequence[Part]],
    memberships: Sequence[Membership],
    national: Iterable[NationalTarget],
) -> Ledger:
    """Work out carry-over, realisation and sums of every gemeente, region and the country.

    Args:
        targets: ``OBSERVATIONS`` of ``taakstelling_observations``.
        reports: what was published per gemeente; a published target goes before the formula, a
            published carry-over before the one that follows from the half-year before.
        nights: by new indeling, how the gemeenten of the one before are in those of that one.
        memberships: which gemeente belongs to which region, per indeling.
        national: totals, with the achterstand at their start where that was published.

    Returns:
        The rows of ``targets`` with published targets in them, and those of ``KENMERKEN`` (persons).
        A region is the sum of its gemeenten; for the country see ``keep_country``. One unknown part
        makes a sum unknown.

    Raises:
        RegisterError: see ``keep_books``.
    """
    cells, origin = _read(targets)
    formula: dict[Period, dict[str, Cell]] = {}
    for (kenmerk, niveau, code, period), cell in cells.items():
        if kenmerk == TARGET and niveau is Niveau.GEMEENTE:
            formula.setdefault(period, {})[code] = cell
    known = gather_entries(formula, reports.rows)
    books = keep_books(known.entries, nights, known.months)
    national_targets = {period: cells[TARGET, Niveau.LAND, LAND_CODE, period] for period in formula}
    country = keep_country(national_targets, books, national, known.months)
    regions = _regions(memberships)
    _replace_targets(cells, books, regions)
    cells |= _ledger_cells(books, country, regions)
    origin |= dict.fromkeys(KENMERKEN, reports.source.id)
    rows = [row_of(place, cell, origin[place[0]]) for place, cell in cells.items()]
    figures = pa.Table.from_pylist(rows, schema=targets.schema)
    figures = figures.sort_by([(name, "ascending") for name in OBSERVATIONS.key])
    OBSERVATIONS.check(figures, "ledger of the taakstelling")
    pace = {
        period: Pace(known.months.get(period, MONTHS), since)
        for period, since in books.sinds.items()
    }
    return Ledger(figures, pace, known.findings)


def parts_of(night: pa.Table) -> list[Part]:
    """Return a crosswalk between two indelingen that follow each other as parts."""
    rows = night.select(["van_code", "naar_code", "gewicht_ppm", "grens_ppm"]).to_pylist()
    return [
        Part(row["van_code"], row["naar_code"], row["gewicht_ppm"], row["grens_ppm"])
        for row in rows
        if row["gewicht_ppm"] or row["grens_ppm"]
    ]


def cell_of(row: Mapping[str, Any]) -> Cell:
    """Return a row of the long table as a cell."""
    return Cell(
        row["waarde"],
        Status(row["status"]),
        row["herkomst"],
        row["ondergrens"],
        row["bovengrens"],
        row["voorlopig"],
    )


def row_of(place: _Place, cell: Cell, bron: str, indeling: int | None = None) -> dict[str, Any]:
    """Return a cell as a row of the long table, in the indeling of the half-year or another one."""
    kenmerk, niveau, code, period = place
    return {
        "bron": bron,
        "groep": Thema.TAAKSTELLING.value,
        "kenmerk": kenmerk,
        "maat": MAAT,
        "niveau": niveau.value,
        "code": code,
        "begin": period.begin,
        "eind": period.eind,
        "indeling": int(period.indeling if indeling is None else indeling),
        "waarde": cell.waarde,
        "status": cell.status.value,
        "ondergrens": cell.ondergrens,
        "bovengrens": cell.bovengrens,
        "voorlopig": cell.voorlopig,
        "herkomst": cell.herkomst,
    }


def _read(targets: pa.Table) -> tuple[dict[_Place, Cell], dict[str, str]]:
    """Return every cell by its place, and the source of every kenmerk."""
    cells, origin = {}, {}
    for row in targets.to_pylist():
        period = Period(row["begin"], row["eind"])
        cells[row["kenmerk"], Niveau(row["niveau"]), row["code"], period] = cell_of(row)
        origin[row["kenmerk"]] = row["bron"]
    return cells, origin


type _Regions = Mapping[Indeling, Mapping[tuple[Niveau, str], Sequence[str]]]


def _regions(memberships: Iterable[Membership]) -> _Regions:
    found: dict[Indeling, dict[tuple[Niveau, str], list[str]]] = {}
    for row in memberships:
        regions = found.setdefault(row.indeling, {})
        regions.setdefault((row.niveau, row.code), []).append(row.gemeente)
    return found


def _replace_targets(cells: dict[_Place, Cell], books: Books, regions: _Regions) -> None:
    """Put published targets in the place of the formula, and add up their regions anew."""
    for period, accounts in books.accounts.items():
        changed = set()
        for code, account in accounts.items():
            place = (TARGET, Niveau.GEMEENTE, code, period)
            if cells[place] != account.taakstelling:
                cells[place] = account.taakstelling
                changed.add(code)
        for (niveau, code), members in regions.get(period.indeling, {}).items():
            if changed.intersection(members):
                parts = [accounts[member].taakstelling for member in members]
                cells[TARGET, niveau, code, period] = total(parts, _counted(members))


def _ledger_cells(
    books: Books, country: Mapping[Period, Account], regions: _Regions
) -> dict[_Place, Cell]:
    """Return the cells of ``KENMERKEN`` of every level."""
    cells: dict[_Place, Cell] = {}
    for period, accounts in books.accounts.items():
        for kenmerk, name in KENMERKEN.items():
            land: Cell = getattr(country[period], name)
            cells[kenmerk, Niveau.LAND, LAND_CODE, period] = land
            own: dict[str, Cell] = {code: getattr(one, name) for code, one in accounts.items()}
            for code, cell in own.items():
                cells[kenmerk, Niveau.GEMEENTE, code, period] = cell
            for (niveau, code), members in regions.get(period.indeling, {}).items():
                parts = [own[member] for member in members]
                cells[kenmerk, niveau, code, period] = total(parts, _counted(members))
    return cells


def _counted(members: Sequence[str]) -> str:
    unit = "gemeente" if len(members) == 1 else "gemeenten"
    return f"opgeteld uit {len(members)} {unit}"
