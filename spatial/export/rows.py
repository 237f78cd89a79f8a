"""A layer as PostgreSQL's COPY reads it: CSV in which an empty unquoted cell is NULL."""

import io
from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv
import shapely

from spatial.domain.crs import RD
from spatial.export.tables import ORDER, layer_columns
from spatial.store.catalogue import Collection
from spatial.store.layers import GEOMETRY

_BATCH = 2000
_LITTLE_ENDIAN = 1
_OPTIONS = pacsv.WriteOptions(include_header=False, quoting_style="needed")


def csv_batches(layer: pa.Table, collection: Collection) -> Iterator[tuple[int, bytes]]:
    """Give the layer in pieces.

    Args:
        layer: the layer as the store reads it (geometry: WKB in EPSG:28992).
        collection: its description.

    Yields:
        Number of rows, and their CSV in the columns of ``layer_columns``; geometry as EWKB in
        hexadecimals with its SRID. Missing stays missing: text is always quoted, also when empty.
    """
    order = pa.array(np.arange(1, layer.num_rows + 1, dtype=np.int32))
    columns = layer_columns(collection)
    numbered = layer.append_column(ORDER, order).select(columns)
    encoded = numbered[GEOMETRY].unify_dictionaries().combine_chunks()
    shapes = _ewkb(encoded.dictionary)
    place = columns.index(GEOMETRY)
    for begin in range(0, layer.num_rows, _BATCH):
        cells = shapes.take(encoded.indices.slice(begin, _BATCH))
        piece = numbered.slice(begin, _BATCH).set_column(place, GEOMETRY, cells)
        text = io.BytesIO()
        pacsv.write_csv(piece, text, _OPTIONS)
        yield piece.num_rows, text.getvalue()


def _ewkb(wkb: pa.Array) -> pa.Array:
    shapes = shapely.set_srid(shapely.from_wkb(wkb.to_numpy(zero_copy_only=False)), RD.epsg)
    texts = shapely.to_wkb(shapes, hex=True, include_srid=True, byte_order=_LITTLE_ENDIAN)
    return pa.array(texts.tolist(), pa.string())
