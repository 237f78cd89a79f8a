"""Opgave and saldo from their parts, in whatever indeling the parts are; never recoded themselves."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from spatial.analyse.ledger.cells import ABSENT, Cell, balance
from spatial.analyse.ledger.observations import TARGET, cell_of, row_of
from spatial.domain.indicators import Thema
from spatial.domain.periods import Period
from spatial.domain.regions import Niveau

OPGAVE, SALDO = "opgave", "saldo"
_KEY = ("niveau", "code", "begin", "eind", "indeling")
_PARTS = (TARGET, "achterstand", "voorsprong", "gehuisvest")


def with_balances(figures: pa.Table) -> pa.Table:
    """Append opgave and saldo of every region and half-year that has their parts.

    Args:
        figures: ``OBSERVATIONS``; those of other groups stay as they are.

    Returns:
        The table with rows of kenmerk ``opgave`` (taakstelling + achterstand - voorsprong) and
        ``saldo`` (opgave - gehuisvest), persons, which may be below 0. Berekend, or geschat when a
        part is; without a count in every part none, with the worst status of the parts.
    """
    mine = figures.filter(
        pc.and_(
            pc.equal(figures["groep"], Thema.TAAKSTELLING.value),
            pc.is_in(figures["kenmerk"], pa.array(_PARTS)),
        )
    )
    regions: dict[tuple[Any, ...], dict[str, dict[str, Any]]] = {}
    for row in mine.to_pylist():
        regions.setdefault(tuple(row[name] for name in _KEY), {})[row["kenmerk"]] = row
    rows = [row for key, parts in regions.items() for row in _balances(key, parts)]
    return pa.concat_tables([figures, pa.Table.from_pylist(rows, schema=figures.schema)])


def _balances(key: tuple[Any, ...], parts: dict[str, dict[str, Any]]) -> Iterator[dict[str, Any]]:
    niveau, code, begin, eind, indeling = key
    cells = {name: cell_of(row) for name, row in parts.items()}
    task, short, ahead, housed = (cells.get(name, ABSENT) for name in _PARTS)
    opgave = balance([task, short], [ahead])
    saldo = balance([opgave], [housed])
    bron = parts["gehuisvest"]["bron"] if "gehuisvest" in parts else parts[TARGET]["bron"]
    said = {OPGAVE: "taakstelling + achterstand - voorsprong", SALDO: "opgave - gehuisvest"}
    for kenmerk, cell in ((OPGAVE, opgave), (SALDO, saldo)):
        place = (kenmerk, Niveau(niveau), code, Period(begin, eind))
        yield row_of(place, _named(cell, said[kenmerk]), bron, indeling)


def _named(cell: Cell, herkomst: str) -> Cell:
    return cell if cell.waarde is None else replace(cell, herkomst=herkomst)
