"""GeoParquet of a part of a layer, in any reference system."""

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from spatial.domain.crs import Crs
from spatial.store.files.content import Content
from spatial.store.layers import DICTIONARY_BYTES, geo_metadata


def write_geoparquet(content: Content, path: Path) -> None:
    """Write GeoParquet 1.1, or plain Parquet without a geometry; the same content, the same bytes.

    What must be said beside the figures stands in the metadata of the file, by name.
    """
    metadata = {name: text for name, text in content.about.items() if text}
    if content.placed:
        metadata["geo"] = geo_of(content.crs)
    schema: pa.Schema = content.schema.with_metadata(metadata)
    with pq.ParquetWriter(
        path, schema, compression="zstd", dictionary_pagesize_limit=DICTIONARY_BYTES
    ) as writer:
        for batch in content.batches:
            writer.write_batch(batch.replace_schema_metadata(metadata))


def geo_of(crs: Crs) -> str:
    """Return what makes a Parquet file with a column of WKB a GeoParquet file."""
    return json.dumps(geo_metadata(crs))
