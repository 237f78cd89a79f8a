"""Write and read one layer: an Arrow table with one geometry column, as GeoParquet.

The geometry column is WKB in EPSG:28992 (easting, northing in metres). A shape that stands in many
rows is stored once: Parquet keeps a dictionary of the column, as large as it needs to be.
"""

import json
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from pyproj import CRS

from spatial.domain.crs import CRS84, RD, Crs
from spatial.errors import StoreError

GEOMETRY = "geometry"
DICTIONARY_BYTES = 1 << 28
"""So large may the different shapes of a file be before they are repeated in it."""


def write_layer(table: pa.Table, path: Path) -> None:
    """Write a layer; the same table gives the same bytes.

    Args:
        table: any columns; if there is one named ``geometry`` it holds WKB in EPSG:28992 (missing:
            the feature has no shape) and the file is GeoParquet.
        path: file to write; its folder exists.
    """
    if GEOMETRY in table.column_names:
        metadata = {**(table.schema.metadata or {}), b"geo": json.dumps(geo_metadata(RD)).encode()}
        table = table.replace_schema_metadata(metadata)
    pq.write_table(
        table,
        path,
        compression="zstd",
        dictionary_pagesize_limit=DICTIONARY_BYTES,
        row_group_size=1 << 20,
    )


def read_layer(path: Path, *, placed: bool = True) -> pa.Table:
    """Read a layer; the geometry column comes back dictionary-encoded.

    Args:
        path: file of the layer.
        placed: with the geometry column, if there is one; without it reading takes half the time.

    Raises:
        StoreError: the file is missing or not Parquet.
    """
    try:
        names = pq.read_schema(path).names
        if not placed:
            return pq.read_table(path, columns=[name for name in names if name != GEOMETRY])
        dictionary = [GEOMETRY] if GEOMETRY in names else []
        return pq.read_table(path, read_dictionary=dictionary)
    except (OSError, pa.ArrowException) as error:
        message = f"layer {path.name} cannot be read: {error}"
        raise StoreError(message) from error


def read_columns(path: Path, columns: Sequence[str]) -> pa.Table:
    """Read some columns of a layer, in this order; a name that the layer does not have is left out.

    The geometry column comes back dictionary-encoded.

    Raises:
        StoreError: the file is missing or not Parquet.
    """
    try:
        there = set(pq.read_schema(path).names)
        wanted = [name for name in dict.fromkeys(columns) if name in there]
        dictionary = [name for name in wanted if name == GEOMETRY]
        return pq.read_table(path, columns=wanted, read_dictionary=dictionary)
    except (OSError, pa.ArrowException) as error:
        message = f"layer {path.name} cannot be read: {error}"
        raise StoreError(message) from error


def geo_metadata(crs: Crs) -> dict[str, object]:
    """Return the ``geo`` member of GeoParquet 1.1 for MultiPolygons in ``crs``, x first."""
    system = CRS.from_user_input("OGC:CRS84") if crs == CRS84 else CRS.from_epsg(crs.epsg)
    column = {
        "encoding": "WKB",
        "geometry_types": ["MultiPolygon"],
        "crs": system.to_json_dict(),
        "orientation": "counterclockwise",
        "edges": "planar",
    }
    return {"version": "1.1.0", "primary_column": GEOMETRY, "columns": {GEOMETRY: column}}
