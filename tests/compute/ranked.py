"""Miniland on 1 January 2020 with its similar gemeenten, of which GM0005 has none."""

from pathlib import Path

import pyarrow as pa

from spatial.domain.regions import Niveau
from spatial.domain.sources import SourceStatus
from spatial.join.attach import Provenance, attach
from spatial.store.describe_analysis import describe_similar
from spatial.store.snapshot import Snapshot
from tests.compute.divided import DAY, divided_snapshot
from tests.miniland import FIGURES, NAMES, SHAPES, boundaries

SIMILAR = {
    "GM0001": "GM0003 0.50; GM0002 1.25",
    "GM0002": "GM0001 1.25; GM0003 1.50",
    "GM0003": "GM0001 0.50; GM0004 0.75",
    "GM0004": "GM0003 0.75; GM0001 0.80",
    "GM0005": None,
}


def ranked_snapshot(root: Path) -> Snapshot:
    """Publish the snapshot; ``root`` is the store."""
    shapes = boundaries()
    mine = (shapes["indeling"] == DAY.year) & (shapes["niveau"] == Niveau.GEMEENTE.value)
    rows = [
        {
            "id": f"{code}-{DAY.year}",
            "regioCode": code,
            "regioNaam": NAMES[code],
            "niveau": Niveau.GEMEENTE.value,
            "indeling": DAY.year,
            "peilmoment": DAY,
            "vergelijkbaar": said,
            "vergelijkbaarNamen": said and "; ".join(NAMES[part[:6]] for part in said.split("; ")),
            "kenmerken": "huishoudens; huishoudens per km2",
            "reden": None if said else "een van de kenmerken ontbreekt",
        }
        for code, said in SIMILAR.items()
    ]
    table = pa.Table.from_pylist(rows)
    table = table.set_column(4, "indeling", table["indeling"].cast(pa.int32()))
    provenance = Provenance(
        FIGURES.id, SourceStatus.VOORBEELDCIJFERS.value, SourceStatus.SCHEMATISCH.value
    )
    layer = attach(table, shapes[mine].reset_index(drop=True), provenance)
    return divided_snapshot(root, [(describe_similar(layer, [FIGURES, SHAPES]), layer)])
