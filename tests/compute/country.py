"""Miniland with what comparisons need: lives of codes, and a series in the indeling of 2022.

In the series GM0010 is the sum of GM0001 and GM0002, which is confidential, so it has no number until
2022; GM0003 and GM0004 have the figures of ``miniland``.
"""

from datetime import date
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from spatial.domain.indicators import Thema
from spatial.domain.redivisions import Lineage
from spatial.domain.regions import Indeling, Niveau
from spatial.join.attach import Provenance, attach
from spatial.join.layers import boundaries_layer, memberships_layer, redivisions_layer
from spatial.join.wide import pivot
from spatial.store.catalogue import Collection, Contents
from spatial.store.describe import (
    Subject,
    describe_boundaries,
    describe_indicators,
    describe_redivisions,
)
from spatial.store.memberships import MEMBERSHIPS_FILE
from spatial.store.snapshot import Draft, Snapshot, draft, publish
from tests.miniland import (
    FIGURES,
    REGISTER,
    SHAPES,
    boundaries,
    indicators,
    memberships,
    observation,
    observations,
    periods,
    table,
)

SERIES = Indeling(2022)
LIVES = {
    "GM0005": Lineage(date(2020, 12, 31), "GM0003 0.600000; GM0004 0.400000", ""),
    "GM0001": Lineage(date(2021, 12, 31), "GM0010 1.000000", ""),
    "GM0002": Lineage(date(2021, 12, 31), "GM0010 1.000000", ""),
    "GM0010": Lineage(None, "", "GM0001 1.000000; GM0002 1.000000"),
}


def country_snapshot(root: Path) -> Snapshot:
    """Publish the snapshot; ``root`` is the store."""
    shapes, figures = boundaries(), observations()
    with draft(root) as draft_:
        contents = []
        for niveau in (Niveau.LAND, Niveau.PROVINCIE, Niveau.GEMEENTE):
            mine = _of(shapes, niveau)
            layer = boundaries_layer(mine, SHAPES.status.value, LIVES)
            draft_.add_layer(f"grenzen-{niveau}.parquet", layer)
            contents.append(describe_boundaries(layer, niveau, [SHAPES]))
            rows = figures.filter(pc.equal(figures["niveau"], niveau.value))
            contents.append(_indicators(draft_, Subject(Thema.OUDEREN, niveau), rows, mine))
        gemeenten = _of(shapes, Niveau.GEMEENTE)
        subject = Subject(Thema.OUDEREN, Niveau.GEMEENTE, SERIES)
        of_year = gemeenten[gemeenten["indeling"] == SERIES].reset_index(drop=True)
        contents.append(_indicators(draft_, subject, _series(), of_year))
        events = redivisions_layer(REGISTER, gemeenten)
        draft_.add_layer("herindelingen.parquet", events)
        contents.append(describe_redivisions(events, [SHAPES]))
        draft_.add_layer(MEMBERSHIPS_FILE, memberships_layer(memberships(), shapes))
        draft_.seal(Contents(tuple(contents), (FIGURES, SHAPES)), {"land": "miniland"})
        return publish(draft_, root)


def _of(shapes: gpd.GeoDataFrame, niveau: Niveau) -> gpd.GeoDataFrame:
    found: gpd.GeoDataFrame = shapes[shapes["niveau"] == niveau.value].reset_index(drop=True)
    return found


def _series() -> pa.Table:
    persons = indicators()[0]
    rows = [
        {**observation(persons, code, period, value), "indeling": int(SERIES)}
        for period in periods()
        for code, value in (
            ("GM0010", 125 if period.eind.year == SERIES else None),
            ("GM0003", 100),
            ("GM0004", 200 + 5 * (period.eind.year - 2020)),
        )
    ]
    return table(rows)


def _indicators(
    draft_: Draft, subject: Subject, rows: pa.Table, shapes: gpd.GeoDataFrame
) -> Collection:
    regions = pd.DataFrame(shapes.drop(columns="geometry"))
    wide, _ = pivot(rows, regions, indicators(), subject.id)
    if subject.indeling:
        empty = pa.nulls(wide.num_rows, pa.string())
        status = pa.array(["waargenomen"] * wide.num_rows, pa.string())
        wide = wide.append_column("methode", status).append_column("herkomst", empty)
    said = Provenance(FIGURES.id, FIGURES.status.value, SHAPES.status.value)
    layer = attach(wide, shapes, said)
    collection = describe_indicators(layer, subject, indicators(), [FIGURES, SHAPES])
    draft_.add_layer(collection.bestand, layer)
    return collection
