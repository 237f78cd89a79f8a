"""A snapshot with every status in it, written with the real store.

    indeling 2021   GM0001 ... GM0008 (squares of 10 by 10 km, west to east)
    indeling 2022   GM0001 + GM0002 merged into GM0010, the others as they were

Each gemeente has a status of its own, studenten are counted on 31 December only, and
``inwonersTaakstelling`` applies nowhere. A fair distribution has figures by inhabitants and by dwellings. GM0004 has done more than it had to. PV20 holds the four western squares, PV27 the others.
``tests.preview.carried`` has ouderen in the indeling of 2022.
"""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import shapely
from shapely.geometry import MultiPolygon, box

from spatial.domain.indicators import Indicator, Thema, load_catalogue
from spatial.domain.regions import Niveau
from spatial.domain.sources import Source, SourceStatus
from spatial.domain.status import OF_FIGURES, Status
from spatial.domain.taakstelling import Voortgang
from spatial.preview.styles import freeze_styles
from spatial.store.catalogue import Collection, Contents
from spatial.store.describe import Subject, describe_indicators
from spatial.store.snapshot import MAPS, Draft, Snapshot, draft, publish
from tests.preview.carried import carried_layer

FIGURES = Source("85980NED", "CBS 85980NED", SourceStatus.VOORBEELDCIJFERS, "CC BY 4.0")
SHAPES = Source("grenzen", "Schema", SourceStatus.SCHEMATISCH, "EUPL-1.2")
HOSTILE = "'s-Oord </script><script>alert(1)</script>"
STATUSES = dict(zip([f"GM000{i}" for i in range(1, 9)], OF_FIGURES, strict=True))
_NAMES = {"GM0003": HOSTILE, "PV20": "Westland", "PV27": "Oostland"}
_ORIGIN = (120_000, 480_000)
_SIDE = 10_000
_THEMES = {
    (Thema.OUDEREN, Niveau.GEMEENTE): (
        "personen",
        "aandeelCorporatie",
        "aandeelVrijgekomenCorporatiewoningen",
    ),
    (Thema.STUDENTEN, Niveau.GEMEENTE): ("personen", "aandeelCorporatie"),
    (Thema.OUDEREN, Niveau.PROVINCIE): ("personen", "aandeelCorporatie"),
    (Thema.TAAKSTELLING, Niveau.GEMEENTE): (
        "taakstelling",
        "inwonersTaakstelling",
        "opgave",
        "gehuisvest",
        "saldo",
        "realisatie",
    ),
    (Thema.EERLIJKE_VERDELING, Niveau.GEMEENTE): (
        "studentenInwonersVerschil",
        "studentenCorporatiewoningenVerschil",
        "studentenVrijgekomenVerschil",
        "studentenInwonersLocatiequotient",
        "studentenCorporatiewoningenLocatiequotient",
        "studentenVrijgekomenLocatiequotient",
    ),
}

Row = dict[str, Any]


def country_snapshot(root: Path) -> Snapshot:
    """Write and publish the country; ``root`` is the store."""
    with draft(root) as draft_:
        collections = [
            _add(draft_, thema, niveau, [load_catalogue().get(i) for i in ids])
            for (thema, niveau), ids in _THEMES.items()
        ]
        carried, layer = carried_layer(regions(Niveau.GEMEENTE, 2022), [FIGURES, SHAPES])
        draft_.add_layer(carried.bestand, layer)
        collections.append(carried)
        draft_.add_layer("kaartgrenzen.parquet", map_shapes())
        draft_.add_layer("tegelkaart.parquet", tiles())
        contents = Contents(tuple(collections), (FIGURES, SHAPES))
        sealed = draft_.seal(contents, {"land": "country"})
        for name, text in freeze_styles(sealed, {}).documents.items():
            draft_.add_text(f"{MAPS}/{name}", text)
        draft_.seal(contents, {"land": "country"})
        return publish(draft_, root)


def regions(niveau: Niveau, indeling: int) -> list[Row]:
    """Regions of an indeling with their square."""
    if niveau is Niveau.PROVINCIE:
        spans = {"PV20": (0, 4), "PV27": (4, 8)}
    else:
        spans = {code: (place, place + 1) for place, code in enumerate(STATUSES)}
        if indeling > 2021:
            del spans["GM0001"], spans["GM0002"]
            spans["GM0010"] = (0, 2)
    return [
        {
            "niveau": niveau.value,
            "code": code,
            "indeling": indeling,
            "naam": _NAMES.get(code, f"Dorp {code}"),
            "geometry": shapely.to_wkb(_square(*span)),
        }
        for code, span in sorted(spans.items())
    ]


def map_shapes() -> pa.Table:
    """Table of map shapes: both levels, both indelingen."""
    rows = [
        row
        for niveau in (Niveau.GEMEENTE, Niveau.PROVINCIE)
        for indeling in (2021, 2022)
        for row in regions(niveau, indeling)
    ]
    types = [pa.string(), pa.string(), pa.int32(), pa.string(), pa.binary()]
    return pa.Table.from_pylist(rows, pa.schema(list(zip(rows[0], types, strict=True))))


def tiles() -> pa.Table:
    """Table of hexagons, in a row from west to east; GM0010 has that of GM0002."""
    places = {code: place for place, code in enumerate(STATUSES)} | {"GM0010": 1}
    x, y = _ORIGIN
    step = _SIDE // 2
    rows = []
    for code, place in sorted(places.items()):
        east, north = x + (2 * place + 1) * step, y + step
        corners = ((1, -1), (1, 1), (0, 2), (-1, 1), (-1, -1), (0, -2))
        ring = [(east + dx * step, north + dy * step / 2) for dx, dy in corners]
        shape = MultiPolygon([shapely.Polygon(ring)])
        rows.append({"code": code, "kolom": place, "rij": 0, "geometry": shapely.to_wkb(shape)})
    return pa.Table.from_pylist(rows)


def _square(left: float, right: float) -> MultiPolygon:
    x, y = _ORIGIN
    return MultiPolygon([box(x + left * _SIDE, y, x + right * _SIDE, y + _SIDE, ccw=True)])


def _add(
    draft_: Draft, thema: Thema, niveau: Niveau, indicators: Sequence[Indicator]
) -> Collection:
    rows = [
        _row(region, day, indicators, halves=thema is Thema.TAAKSTELLING)
        for indeling in (2021, 2022)
        for day in _days(indeling, thema)
        for region in regions(niveau, indeling)
    ]
    layer = pa.Table.from_pylist(rows, _schema(rows[0], indicators))
    draft_.add_layer(f"{thema}-{niveau}.parquet", layer)
    return describe_indicators(layer, Subject(thema, niveau), indicators, [FIGURES, SHAPES])


def _days(indeling: int, thema: Thema) -> list[date]:
    begin, july, end = date(indeling, 1, 1), date(indeling, 7, 1), date(indeling, 12, 31)
    return {Thema.TAAKSTELLING: [begin, july], Thema.STUDENTEN: [end]}.get(thema, [begin, end])


def _row(region: Row, day: date, indicators: Sequence[Indicator], *, halves: bool) -> Row:
    row: Row = {
        "id": f"{region['code']}-{day}",
        "regioCode": region["code"],
        "regioNaam": region["naam"],
        "niveau": region["niveau"],
        "indeling": region["indeling"],
        "peilmoment": day,
    }
    if halves:
        row |= {"periodeBegin": day, "periodeEind": day.replace(month=day.month + 5, day=30)}
    for indicator in indicators:
        row |= _cells(indicator, region["code"], day)
    if halves:
        row |= _ledger(row, region["code"], day)
    return row | {
        "voorlopig": day.year > 2021,
        "bron": FIGURES.id,
        "bronStatus": FIGURES.status.value,
        "grenzen": SHAPES.status.value,
        "geometry": region["geometry"],
    }


def _cells(indicator: Indicator, code: str, day: date) -> Row:
    value, status, lower, upper = indicator.columns
    kind = STATUSES.get(code, Status.WAARGENOMEN)
    flow_on_1_january = "rijgekomen" in indicator.id and day.month == 1
    if flow_on_1_january or indicator.id == "inwonersTaakstelling":
        kind = Status.NIET_VAN_TOEPASSING
    if indicator.id.startswith("studentenVrijgekomen"):
        kind = Status.ONTBREEKT_IN_BRON
    if not kind.has_value:
        return {value: None, status: kind.value, lower: None, upper: None}
    number = 10 * int(code[-1]) + 10 * (day.year - 2021)
    if (indicator.id, code) == ("saldo", "GM0004"):
        number = -number
    shift = 2 if indicator.soort.is_count else 0.44
    return {value: number, status: kind.value, lower: number - shift, upper: number + shift}


def _ledger(row: Row, code: str, day: date) -> Row:
    """How far each is; GM0002 has a balance that allows more than one answer."""
    stages = {
        "GM0001": Voortgang.VOLDAAN,
        "GM0003": Voortgang.OP_SCHEMA,
        "GM0004": Voortgang.ACHTER,
    }
    stage = stages.get(code, Voortgang.NIET_TE_BEPALEN)
    months = 3 if day == date(2022, 7, 1) else 6
    return {
        "voortgang": (Voortgang.ACHTER if code == "GM0010" else stage).value,
        "maanden": months,
        "cumulatiefSinds": date(2021, 1, 1) if row["saldo"] is not None else None,
    }


def _schema(row: Row, indicators: Sequence[Indicator]) -> pa.Schema:
    types: dict[str, pa.DataType] = {
        "indeling": pa.int32(),
        "geometry": pa.binary(),
        "cumulatiefSinds": pa.date32(),
    }
    for indicator in indicators:
        number = pa.int64() if indicator.soort.is_count else pa.float64()
        value, _, lower, upper = indicator.columns
        types |= dict.fromkeys((value, lower, upper), number)
    plain = {str: pa.string(), date: pa.date32(), bool: pa.bool_(), int: pa.int64()}
    return pa.schema([(name, types.get(name) or plain[type(cell)]) for name, cell in row.items()])
