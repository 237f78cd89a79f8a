"""Put numbers on shapes: every row keeps its region's polygon of its own indeling."""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import shapely

from spatial.domain.crs import RD
from spatial.domain.tables import BOUNDARY_COLUMNS
from spatial.errors import CrsError, SchemaError, UnknownRegionError

_COMPLETE_FIRST = 20
"""Clients read types from the first 10 (QGIS) or 20 (GDAL) features."""


@dataclass(frozen=True, slots=True)
class Provenance:
    """What every feature says of its sources.

    Attributes:
        bron: id of the source of the figures.
        bron_status: its status, such as ``voorbeeldcijfers``.
        grenzen: status of the boundaries: ``officieel`` or ``schematisch``.
    """

    bron: str
    bron_status: str
    grenzen: str


def attach(wide: pa.Table, boundaries: gpd.GeoDataFrame, provenance: Provenance) -> pa.Table:
    """Join shapes on (region code, indeling) and put complete rows first.

    Args:
        wide: ``regioCode``, ``indeling``, ``peilmoment`` and indicator columns; n rows.
        boundaries: boundaries table of the level (easting, northing in metres, EPSG:28992).
        provenance: named on every row.

    Returns:
        n rows: ``wide``, then ``bron``, ``bronStatus``, ``grenzen`` and ``geometry`` (WKB,
        EPSG:28992). The first rows are those with the fewest missing
        values, the others follow by period and code.

    Raises:
        CrsError: the boundaries are not in EPSG:28992.
        SchemaError: the boundaries lack a column.
        UnknownRegionError: a row has no shape in its indeling.
    """
    check_boundaries(boundaries)
    n = wide.num_rows
    table = (
        wide.append_column("bron", pa.array([provenance.bron] * n, pa.string()))
        .append_column("bronStatus", pa.array([provenance.bron_status] * n, pa.string()))
        .append_column("grenzen", pa.array([provenance.grenzen] * n, pa.string()))
        .append_column("geometry", _shapes(wide, boundaries))
    )
    return complete_first(table)


def check_boundaries(boundaries: gpd.GeoDataFrame) -> None:
    """Refuse a frame that is not a boundaries table.

    Raises:
        SchemaError: a column is missing.
        CrsError: it is not in EPSG:28992.
    """
    missing = [name for name in BOUNDARY_COLUMNS if name not in boundaries.columns]
    if missing:
        message = f"the boundaries table lacks columns {missing}"
        raise SchemaError(message)
    if boundaries.crs is None or boundaries.crs.to_epsg() != RD.epsg:
        message = f"boundaries must be in EPSG:{RD.epsg}, not {boundaries.crs}"
        raise CrsError(message)


def encode_shapes(boundaries: gpd.GeoDataFrame) -> pa.Array:
    """Return the shapes as WKB (EPSG:28992), missing shapes as null."""
    return pa.array(shapely.to_wkb(boundaries.geometry.to_numpy(), include_srid=False), pa.binary())


def _shapes(wide: pa.Table, boundaries: gpd.GeoDataFrame) -> pa.Array:
    keys = pd.MultiIndex.from_arrays([boundaries["code"], boundaries["indeling"]])
    wanted = pd.MultiIndex.from_arrays(
        [wide["regioCode"].to_pylist(), wide["indeling"].to_numpy()],
    )
    places = keys.get_indexer(wanted)
    if (places < 0).any():
        code, indeling = wanted[int(np.argmin(places))]
        message = f"region {code} has no boundary in indeling {indeling}"
        raise UnknownRegionError(message)
    return encode_shapes(boundaries).take(pa.array(places))


def complete_first(layer: pa.Table) -> pa.Table:
    """Put the rows with the fewest missing values in front; the others keep their order."""
    missing = np.zeros(layer.num_rows, dtype=np.int64)
    for column in layer.columns:
        missing += pc.is_null(column).to_numpy(zero_copy_only=False)
    complete = np.argsort(missing, kind="stable")[:_COMPLETE_FIRST]
    rest = np.setdiff1d(np.arange(layer.num_rows), complete)
    return layer.take(pa.array(np.concatenate([complete, rest])))
