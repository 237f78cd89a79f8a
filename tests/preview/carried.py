"""The country of ``tests.preview.country`` with all periods in the indeling of 2022.

GM0010   summed from GM0001 and GM0002 until 2022
GM0003   estimated until 2022: itself and a quarter of GM0002
GM0004   its personen are summed by the source; its shares have observed counts
GM0005   confidential until 2022
others   as they were
"""

from datetime import date
from typing import Any

import pyarrow as pa

from spatial.domain.indicators import Indicator, Thema, load_catalogue
from spatial.domain.regions import Indeling, Niveau
from spatial.domain.sources import Source
from spatial.domain.status import Status
from spatial.join.origin import with_origin
from spatial.store.catalogue import Collection
from spatial.store.describe import Subject, describe_indicators

_YEAR = Indeling(2022)
SUBJECT = Subject(Thema.OUDEREN, Niveau.GEMEENTE, _YEAR)
CARRIED = SUBJECT.id
INDICATORS = tuple(
    load_catalogue().get(name)
    for name in ("personen", "huishoudens", "huishoudensCorporatie", "aandeelCorporatie")
)
DAYS = (date(2021, 1, 1), date(2021, 12, 31), date(2022, 1, 1), date(2022, 12, 31))
_SUMMED = ("GM0001; GM0002", Status.OPGETELD)
_ESTIMATED = ("GM0003; GM0002 x 0.250000", Status.GESCHAT)
_CHANGED = {"GM0010": _SUMMED, "GM0003": _ESTIMATED}

Row = dict[str, Any]


def carried_layer(regions: list[Row], sources: list[Source]) -> tuple[Collection, pa.Table]:
    """Return the collection and its layer.

    Args:
        regions: gemeenten of 2022 with ``code``, ``naam`` and ``geometry``.
        sources: of figures and shapes.
    """
    rows = [_row(region, day, sources) for day in DAYS for region in regions]
    wide = with_origin(pa.Table.from_pylist(rows, _schema()), _observations(rows), INDICATORS)
    return describe_indicators(wide, SUBJECT, INDICATORS, sources), wide


def _row(region: Row, day: date, sources: list[Source]) -> Row:
    row: Row = {
        "id": f"{region['code']}-{day}",
        "regioCode": region["code"],
        "regioNaam": region["naam"],
        "niveau": "gemeente",
        "indeling": _YEAR,
        "peilmoment": day,
    }
    for indicator in INDICATORS:
        row |= _cells(indicator, region["code"], day)
    figures, shapes = sources
    return row | {
        "voorlopig": False,
        "bron": figures.id,
        "bronStatus": figures.status.value,
        "grenzen": shapes.status.value,
        "geometry": region["geometry"],
    }


def _cells(indicator: Indicator, code: str, day: date) -> Row:
    value, name, lower, upper = indicator.columns
    status = _CHANGED[code][1] if _changed(code, day) else Status.WAARGENOMEN
    if code == "GM0004" and indicator.id == "personen":
        status = Status.OPGETELD
    if not indicator.soort.is_count and status is not Status.GESCHAT:
        status = Status.BEREKEND
    if code == "GM0005" and day.year < _YEAR:
        return {value: None, name: Status.GEHEIM_OF_ONBEKEND.value, lower: None, upper: None}
    number = 10 * int(code[-1]) + 10
    return {value: number, name: status.value, lower: number - 1, upper: number + 1}


def _changed(code: str, day: date) -> bool:
    return code in _CHANGED and day.year < _YEAR


def _observations(rows: list[Row]) -> pa.Table:
    first = INDICATORS[0]
    return pa.Table.from_pylist(
        [
            {
                "kenmerk": first.kenmerk,
                "maat": first.maat,
                "code": row["regioCode"],
                "begin": row["peilmoment"],
                "eind": row["peilmoment"],
                "herkomst": _herkomst(row["regioCode"], row["peilmoment"]),
            }
            for row in rows
        ]
    )


def _herkomst(code: str, day: date) -> str | None:
    return _CHANGED[code][0] if _changed(code, day) else None


def _schema() -> pa.Schema:
    text, day, flag = pa.string(), pa.date32(), pa.bool_()
    fields = [("id", text), ("regioCode", text), ("regioNaam", text), ("niveau", text)]
    fields += [("indeling", pa.int32()), ("peilmoment", day)]
    for indicator in INDICATORS:
        number = pa.int64() if indicator.soort.is_count else pa.float64()
        value, status, lower, upper = indicator.columns
        fields += [(value, number), (status, text), (lower, number), (upper, number)]
    tail = [("bron", text), ("bronStatus", text), ("grenzen", text), ("geometry", pa.binary())]
    return pa.schema([*fields, ("voorlopig", flag), *tail])
