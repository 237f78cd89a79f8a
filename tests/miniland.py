"""A country small enough to check by hand, built in code and written with the real store.

Two provincies (PV20 west, PV21 east), each a row of squares of 10 by 10 km in RD:

    indeling 2020   GM0001 GM0002 | GM0003 GM0005 GM0004    (0005 is split: 60 % and 40 %)
    indeling 2021   GM0001 GM0002 | GM0003 GM0004           (0005 gone: to 0003 and 0004)
    indeling 2022   GM0010        | GM0003 GM0004           (0001 + 0002 merged into 0010)

GM0002 is confidential in every period. Figures are those of theme ouderen, three indicators.
"""

import atexit
import shutil
import tempfile
from collections.abc import Iterable
from datetime import date
from functools import cache
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from shapely.geometry import MultiPolygon, box

from spatial.domain.crosswalk import Gewichtmethode, SplitWeights
from spatial.domain.facts import Membership
from spatial.domain.indicators import Catalogue, Indicator, Thema, load_catalogue
from spatial.domain.periods import Period, moment, reporting_year
from spatial.domain.redivisions import Mutatie, Redivision
from spatial.domain.regions import LAND_CODE, LAND_NAAM, Indeling, Niveau, niveau_of
from spatial.domain.sources import Source, SourceStatus
from spatial.domain.status import Status, rounding_bounds
from spatial.join.attach import Provenance, attach
from spatial.join.layers import (
    boundaries_layer,
    map_shapes,
    memberships_layer,
    redivisions_layer,
)
from spatial.join.wide import pivot
from spatial.preview.styles import freeze_styles
from spatial.store.catalogue import Contents
from spatial.store.describe import (
    Subject,
    describe_boundaries,
    describe_indicators,
    describe_redivisions,
)
from spatial.store.memberships import MEMBERSHIPS_FILE
from spatial.store.snapshot import Snapshot, draft, open_snapshot, publish

FIGURES = Source(
    "85980NED", "Miniland, voorbeeldcijfers", SourceStatus.VOORBEELDCIJFERS, "EUPL-1.2"
)
SHAPES = Source("miniland", "Miniland, grenzen", SourceStatus.SCHEMATISCH, "EUPL-1.2")
YEARS = (Indeling(2020), Indeling(2021), Indeling(2022))
NAMES = {
    "GM0001": "'s-Hoek",
    "GM0002": "Klein, Dal en Berg",
    "GM0003": "Oost <b>",
    "GM0004": "Verre Oosten",
    "GM0005": "Splitsdorp",
    "GM0010": "Hoekdal",
}
REGISTER = (
    Redivision(
        date(2021, 1, 1), "GM0005", "Splitsdorp", "GM0003", "Oost <b>",
        mutatie=Mutatie.OPSPLITSING, geheel=False, aandeel=0.6, aandeel_grondslag="oppervlakte",
        zekerheid="zeker", opmerking="", bron="miniland",
    ),
    Redivision(
        date(2021, 1, 1), "GM0005", "Splitsdorp", "GM0004", "Verre Oosten",
        mutatie=Mutatie.OPSPLITSING, geheel=False, aandeel=0.4, aandeel_grondslag="oppervlakte",
        zekerheid="zeker", opmerking="", bron="miniland",
    ),
    Redivision(
        date(2022, 1, 1), "GM0001", "'s-Hoek", "GM0010", "Hoekdal",
        mutatie=Mutatie.FUSIE, geheel=True, aandeel=None, aandeel_grondslag="",
        zekerheid="zeker", opmerking="", bron="miniland",
    ),
    Redivision(
        date(2022, 1, 1), "GM0002", "Klein, Dal en Berg", "GM0010", "Hoekdal",
        mutatie=Mutatie.FUSIE, geheel=True, aandeel=None, aandeel_grondslag="",
        zekerheid="zeker", opmerking="", bron="miniland",
    ),
)  # fmt: skip
CODES = {
    Indeling(year): frozenset(codes)
    for year, codes in {
        2020: {"GM0001", "GM0002", "GM0003", "GM0004", "GM0005"},
        2021: {"GM0001", "GM0002", "GM0003", "GM0004"},
        2022: {"GM0010", "GM0003", "GM0004"},
    }.items()
}
SPLIT = SplitWeights(
    oude_code="GM0005",
    van_indeling=2020,
    ppm={"GM0003": 600_000, "GM0004": 400_000},
    grens_ppm={"GM0003": 10_000, "GM0004": 10_000},
    methode=Gewichtmethode.OPGEGEVEN,
    bron="adressen",
)
_X0, _Y0, _SIDE = 120_000, 480_000, 10_000
_SQUARES: dict[int, dict[str, tuple[float, float]]] = {
    2020: {
        "GM0001": (0, 1),
        "GM0002": (1, 2),
        "GM0003": (2, 3),
        "GM0004": (4, 5),
        "GM0005": (3, 4),
    },
    2021: {"GM0001": (0, 1), "GM0002": (1, 2), "GM0003": (2, 3.6), "GM0004": (3.6, 5)},
    2022: {"GM0010": (0, 2), "GM0003": (2, 3.6), "GM0004": (3.6, 5)},
}
_PROVINCE = {"GM0001": "PV20", "GM0002": "PV20", "GM0010": "PV20"}
_PERSONS = {"GM0001": 120, "GM0002": 5, "GM0003": 60, "GM0004": 200, "GM0005": 80, "GM0010": 125}


def boundaries() -> gpd.GeoDataFrame:
    """Boundaries table of all years: land, provincie and gemeente."""
    rows = []
    for year, squares in _SQUARES.items():
        for code, (left, right) in squares.items():
            rows.append((Niveau.GEMEENTE.value, code, NAMES[code], year, _square(left, right)))
        rows.append((Niveau.PROVINCIE.value, "PV20", "Westland", year, _square(0, 2)))
        rows.append((Niveau.PROVINCIE.value, "PV21", "Oostland", year, _square(2, 5)))
        rows.append((Niveau.LAND.value, LAND_CODE, LAND_NAAM, year, _square(0, 5)))
    frame = pd.DataFrame(rows, columns=["niveau", "code", "naam", "indeling", "geometry"])
    frame["indeling"] = frame["indeling"].astype("int32")
    return gpd.GeoDataFrame(frame, geometry="geometry", crs=28992)


def _square(left: float, right: float) -> MultiPolygon:
    return MultiPolygon([box(_X0 + left * _SIDE, _Y0, _X0 + right * _SIDE, _Y0 + _SIDE, ccw=True)])


def memberships() -> list[Membership]:
    """Return the provincie of every gemeente, in every year."""
    return [
        Membership(
            Indeling(year),
            code,
            Niveau.PROVINCIE,
            _PROVINCE.get(code, "PV21"),
            "",
            "zeker",
            "miniland",
        )
        for year, squares in _SQUARES.items()
        for code in squares
    ]


def periods() -> list[Period]:
    """1 January and 31 December of every year."""
    return [moment(day) for year in YEARS for day in (date(year, 1, 1), date(year, 12, 31))]


def observation(
    entry: Indicator, code: str, period: Period, value: int | None
) -> dict[str, object]:
    """One row of the long table; no value is '.'."""
    low, high = (None, None) if value is None else rounding_bounds(value, 5)
    return {
        "bron": FIGURES.id,
        "groep": Thema.OUDEREN.value,
        "kenmerk": entry.kenmerk,
        "maat": entry.maat,
        "niveau": niveau_of(code).value,
        "code": code,
        "begin": period.begin,
        "eind": period.eind,
        "indeling": int(period.indeling),
        "waarde": value,
        "status": (Status.GEHEIM_OF_ONBEKEND if value is None else Status.WAARGENOMEN).value,
        "ondergrens": low,
        "bovengrens": high,
        "voorlopig": period.eind.year == YEARS[-1],
        "herkomst": None,
    }


OBSERVATION_SCHEMA = pa.schema(
    [
        ("bron", pa.string()), ("groep", pa.string()), ("kenmerk", pa.string()), ("maat", pa.string()),
        ("niveau", pa.string()), ("code", pa.string()), ("begin", pa.date32()), ("eind", pa.date32()),
        ("indeling", pa.int32()), ("waarde", pa.int64()), ("status", pa.string()),
        ("ondergrens", pa.int64()), ("bovengrens", pa.int64()), ("voorlopig", pa.bool_()),
        ("herkomst", pa.string()),
    ]
)  # fmt: skip


def table(rows: Iterable[dict[str, object]]) -> pa.Table:
    """Long rows as an observations table."""
    return pa.Table.from_pylist(list(rows), OBSERVATION_SCHEMA)


def indicators() -> tuple[Indicator, ...]:
    """Persons, households, and re-let dwellings (a flow)."""
    catalogue: Catalogue = load_catalogue()
    ids = ("personen", "huishoudens", "vrijgekomenCorporatiewoningen")
    return tuple(catalogue.get(i) for i in ids)


def observations() -> pa.Table:
    """Long table of theme ouderen: every region, every period; GM0002 is '.'."""
    persons, households, relet = indicators()
    rows = []
    for period in periods():
        for code in [*_SQUARES[period.indeling], "PV20", "PV21", LAND_CODE]:
            value = _value(code, period.indeling)
            rows.append(observation(persons, code, period, value))
            rows.append(observation(households, code, period, value and value // 10 * 5))
            if period.eind.month == 12:
                year = reporting_year(period.eind.year)
                rows.append(observation(relet, code, year, value and value // 50 * 5))
    return table(rows)


def _value(code: str, year: int) -> int | None:
    if code == "GM0002":
        return None
    if code in _PERSONS:
        return _PERSONS[code] + (0 if year == 2020 or code in _PROVINCE else 40)
    west, east = 125, 340
    return {"PV20": west, "PV21": east}.get(code, west + east)


def miniland_snapshot(root: Path, figures: pa.Table | None = None) -> Snapshot:
    """Publish a snapshot with all kinds of collections; ``root`` is the store.

    The usual figures in an empty store are a copy of what this process wrote once; with figures, or
    beside another snapshot, all is written anew.
    """
    if figures is not None or (root.exists() and any(root.iterdir())):
        return _written(root, observations() if figures is None else figures)
    shutil.copytree(_usual(), root, symlinks=True, dirs_exist_ok=True)
    return open_snapshot(root)


@cache
def _usual() -> Path:
    root = Path(tempfile.mkdtemp(prefix="miniland-"))
    atexit.register(shutil.rmtree, root)
    _written(root, observations())
    return root


def _written(root: Path, figures: pa.Table) -> Snapshot:
    shapes = boundaries()
    contents = []
    with draft(root) as draft_:
        for niveau in (Niveau.LAND, Niveau.PROVINCIE, Niveau.GEMEENTE):
            of_level = shapes[shapes["niveau"] == niveau.value].reset_index(drop=True)
            layer = boundaries_layer(of_level, SHAPES.status.value)
            draft_.add_layer(f"grenzen-{niveau}.parquet", layer)
            contents.append(describe_boundaries(layer, niveau, [SHAPES]))
            layer = _indicator_layer(figures, niveau, of_level)
            draft_.add_layer(f"{Thema.OUDEREN}-{niveau}.parquet", layer)
            contents.append(
                describe_indicators(
                    layer, Subject(Thema.OUDEREN, niveau), indicators(), [FIGURES, SHAPES]
                )
            )
        gemeenten = shapes[shapes["niveau"] == Niveau.GEMEENTE.value].reset_index(drop=True)
        events = redivisions_layer(REGISTER, gemeenten)
        draft_.add_layer("herindelingen.parquet", events)
        contents.append(describe_redivisions(events, [SHAPES]))
        draft_.add_layer("kaartgrenzen.parquet", map_shapes(shapes))
        draft_.add_layer(MEMBERSHIPS_FILE, memberships_layer(memberships(), shapes))
        draft_.add_text("kaart/index.html", "<!doctype html><title>kaart</title>")
        catalogue = Contents(tuple(contents), (FIGURES, SHAPES))
        sealed = draft_.seal(catalogue, {"land": "miniland"})
        for name, text in freeze_styles(sealed, {}).documents.items():
            draft_.add_text(f"kaart/{name}", text)
        draft_.seal(catalogue, {"land": "miniland"})
        return publish(draft_, root)


def _indicator_layer(rows: pa.Table, niveau: Niveau, of_level: gpd.GeoDataFrame) -> pa.Table:
    mine = rows.filter(pc.equal(rows["niveau"], niveau.value))
    wide, _ = pivot(
        mine, pd.DataFrame(of_level.drop(columns="geometry")), indicators(), niveau.value
    )
    return attach(wide, of_level, Provenance(FIGURES.id, FIGURES.status.value, SHAPES.status.value))
