"""Miniland on 1 January 2020, with a group and everything that it can be divided by.

    PV20   GM0001 100 households of the group   GM0002 confidential       the provincie itself: 110
    PV21   GM0003 300   GM0004 200   GM0005 60                            the provincie itself: 560

Re-let dwellings are known over the year, on 31 December; GM0005 has a small key.
"""

from collections.abc import Iterable
from datetime import date
from pathlib import Path

import geopandas as gpd
import pyarrow as pa

from spatial.domain.indicators import Thema, load_catalogue
from spatial.domain.regions import Indeling, Niveau
from spatial.domain.status import Status, rounding_bounds
from spatial.join.attach import Provenance, attach
from spatial.join.layers import boundaries_layer, memberships_layer
from spatial.store.catalogue import Collection, Contents
from spatial.store.describe import Subject, describe_boundaries, describe_indicators
from spatial.store.memberships import MEMBERSHIPS_FILE
from spatial.store.snapshot import Snapshot, draft, publish
from tests.miniland import FIGURES, SHAPES, boundaries, memberships

DAY, YEAR_END = date(2020, 1, 1), date(2020, 12, 31)
SECRET, ABSENT = Status.GEHEIM_OF_ONBEKEND, Status.ONTBREEKT_IN_BRON
type Cell = int | Status
CODES = ("GM0001", "GM0002", "GM0003", "GM0004", "GM0005", "PV20", "PV21", "NL01")
STOCKS: dict[str, tuple[int, tuple[Cell, ...]]] = {
    "huishoudens": (5, (100, SECRET, 300, 200, 60, 110, 560, 670)),
    "personen": (5, (150, SECRET, 400, 300, 90, 160, 790, 950)),
    "inwoners": (1, (4000, 400, 9000, 7000, 3000, 4400, 19000, 23400)),
    "huishoudensAlle": (5, (2000, 200, 4500, 3500, 45, 2200, 8045, 10245)),
    "woonruimtenAlle": (5, (ABSENT,) * 8),
    "corporatiewoningenAlle": (5, (600, 60, 1500, 900, 300, 660, 2700, 3360)),
}
FLOWS: dict[str, tuple[int, tuple[Cell, ...]]] = {
    "vrijgekomenCorporatiewoningenAlle": (5, (60, 55, 150, 90, 100, 115, 340, 455)),
}


def divided_snapshot(root: Path, more: Iterable[tuple[Collection, pa.Table]] = ()) -> Snapshot:
    """Publish the snapshot, with more layers if need be; ``root`` is the store."""
    shapes = boundaries()
    shapes = shapes[shapes["indeling"] == Indeling(DAY.year)].reset_index(drop=True)
    entries = [load_catalogue().get(name) for name in (*STOCKS, *FLOWS)]
    contents = []
    with draft(root) as draft_:
        for niveau in (Niveau.LAND, Niveau.PROVINCIE, Niveau.GEMEENTE):
            mine = shapes[shapes["niveau"] == niveau.value].reset_index(drop=True)
            layer = boundaries_layer(mine, SHAPES.status.value)
            draft_.add_layer(f"grenzen-{niveau}.parquet", layer)
            contents.append(describe_boundaries(layer, niveau, [SHAPES]))
            said = Provenance(FIGURES.id, FIGURES.status.value, SHAPES.status.value)
            layer = attach(_wide(mine), mine, said)
            subject = Subject(Thema.OUDEREN, niveau)
            described = describe_indicators(layer, subject, entries, [FIGURES, SHAPES])
            draft_.add_layer(described.bestand, layer)
            contents.append(described)
        for described, layer in more:
            draft_.add_layer(described.bestand, layer)
            contents.append(described)
        draft_.add_layer(MEMBERSHIPS_FILE, memberships_layer(memberships(), boundaries()))
        draft_.seal(Contents(tuple(contents), (FIGURES, SHAPES)), {"land": "miniland"})
        return publish(draft_, root)


def _wide(regions: gpd.GeoDataFrame) -> pa.Table:
    """Return both days of the regions of one level."""
    rows = [
        {
            "id": f"{region.code}-{day}",
            "regioCode": region.code,
            "regioNaam": region.naam,
            "niveau": region.niveau,
            "indeling": region.indeling,
            "peilmoment": day,
            **_numbers(CODES.index(str(region.code)), day),
            "voorlopig": False,
        }
        for region in regions.itertuples()
        for day in (DAY, YEAR_END)
    ]
    counts = [
        (name, pa.string() if name.endswith("Status") else pa.int64())
        for entry in (*STOCKS, *FLOWS)
        for name in load_catalogue().get(entry).columns
    ]
    first = [("id", pa.string()), ("regioCode", pa.string()), ("regioNaam", pa.string())]
    first += [("niveau", pa.string()), ("indeling", pa.int32()), ("peilmoment", pa.date32())]
    return pa.Table.from_pylist(rows, pa.schema([*first, *counts, ("voorlopig", pa.bool_())]))


def _numbers(place: int, day: date) -> dict[str, object]:
    found: dict[str, object] = {}
    for name, (base, cells) in (STOCKS | FLOWS).items():
        none = name in FLOWS and day != YEAR_END
        cell = Status.NIET_VAN_TOEPASSING if none else cells[place]
        value, status, low, high = load_catalogue().get(name).columns
        if isinstance(cell, Status):
            found |= {status: cell.value}
        else:
            least, most = rounding_bounds(cell, base)
            found |= {value: cell, status: "waargenomen", low: least, high: most}
    return found
