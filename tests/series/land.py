"""Cells of miniland, and how they are carried to its newest indeling."""

from collections.abc import Iterable
from datetime import date
from typing import Any

import pyarrow as pa

from spatial.domain.regions import Niveau
from spatial.domain.sources import Source, SourceStatus
from spatial.domain.status import Status
from spatial.domain.tables import CELLS
from spatial.harmonise.kernel.regions import Naming, divisions_of
from spatial.harmonise.series import make_way
from spatial.pipeline.recoding import Recoding
from spatial.pipeline.series.plan import SeriesPlan
from tests.miniland import CODES, REGISTER, SPLIT, YEARS, memberships

type Cell = int | Status

SOURCE = Source("miniland", "Miniland", SourceStatus.VOORBEELDCIJFERS, "EUPL-1.2")
RECODE = Recoding(REGISTER, CODES, [SPLIT])
_TYPES = {"date32[day]": pa.date32(), "string": pa.string()}
CELLS_SCHEMA = pa.schema(
    [(column.name, _TYPES.get(column.type, column.type)) for column in CELLS.columns]
)


def cell(code: str, found: Cell, **changes: Any) -> dict[str, Any]:
    """Return a cell of 1 January 2020; a status stands for one without a count."""
    return {
        "groep": "ouderen",
        "kenmerk": "totaal",
        "maat": "personen",
        "niveau": "provincie" if code.startswith("PV") else "gemeente",
        "code": code,
        "begin": date(2020, 1, 1),
        "eind": date(2020, 1, 1),
        "indeling": 2020,
        "waarde": None if isinstance(found, Status) else found,
        "status": str(found if isinstance(found, Status) else Status.WAARGENOMEN),
        "voorlopig": False,
    } | changes


def cells(*rows: dict[str, Any]) -> pa.Table:
    """Return ``CELLS``."""
    return pa.Table.from_pylist(list(rows), CELLS_SCHEMA)


def plan_of(*, most_rows: int = 100, nights: Iterable[int] = ()) -> SeriesPlan:
    """Return the plan to 2022; provincies have no figures of their own unless cells have them."""
    crosswalk, _ = RECODE.walk(range(YEARS[0], YEARS[-1] + 1), YEARS[-1])
    way = make_way(crosswalk, memberships(), (Niveau.PROVINCIE,))
    of_nights = tuple(RECODE.walk([year], CODES_AFTER[year])[0] for year in nights)
    return SeriesPlan(SOURCE, 5, Naming(), (), of_nights, (way,), most_rows)


CODES_AFTER = {int(year) - 1: year for year in YEARS}
DIVIDED = divisions_of(memberships(), Niveau.PROVINCIE)
