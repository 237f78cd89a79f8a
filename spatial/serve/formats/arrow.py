"""A selection as record batches: types, missing values, shapes in the reference system asked."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import shapely

from spatial.serve.formats.selection import Selection
from spatial.serve.read.layer import Column, Rows
from spatial.store.files.content import Content, about, file_schema
from spatial.store.layers import GEOMETRY

WKT = "WKT"
"""Column of a CSV in which GDAL and QGIS look for shapes."""

_BATCH = 4096

type Geometries = npt.NDArray[np.object_]


def content_of(selection: Selection) -> Content:
    """Return a selection as the content of a file; rows are gathered while it is written."""
    question = selection.question
    fields = question.edition.fields(question.collection.id)
    schema = file_schema(
        [fields[name] for name in question.names],
        placed=question.placed,
        english=question.english,
    )
    spoken = about(question.edition.contents, question.collection, english=question.english)
    return Content(
        name=question.collection.id,
        schema=schema,
        batches=_batches(selection, schema),
        crs=question.query.crs,
        about={**spoken, "uitgave": question.edition.id},
        complete=bool((selection.layer.shape_of[selection.rows] >= 0).all()),
    )


def text_content(selection: Selection) -> tuple[pa.Schema, Iterator[pa.RecordBatch]]:
    """Return a selection for CSV: shapes, when asked, as text in the last column (x first)."""
    content = content_of(selection)
    if not content.placed:
        return content.schema, iter(content.batches)
    place = content.schema.get_field_index(GEOMETRY)
    schema = content.schema.set(place, pa.field(WKT, pa.string()))
    decimals = content.crs.decimals

    def written() -> Iterator[pa.RecordBatch]:
        for batch in content.batches:
            shapes = shapely.from_wkb(batch.column(place).to_numpy(zero_copy_only=False))
            texts = shapely.to_wkt(shapes, rounding_precision=decimals)
            arrays = [*batch.columns[:place], pa.array(texts, pa.string())]
            yield pa.RecordBatch.from_arrays(arrays, schema=schema)

    return schema, written()


def shapes_of(selection: Selection, rows: Rows) -> Geometries:
    """Return the shape of each row, x first; None without one."""
    places = selection.layer.shape_of[rows]
    found: Geometries = np.full(len(rows), None, dtype=object)
    there = places >= 0
    found[there] = selection.layer.shapes.placed(selection.question.query.crs)[places[there]]
    return found


def chunks(rows: Rows, size: int = _BATCH) -> Iterator[Rows]:
    """Return rows in parts that fit in memory many times."""
    return (rows[begin : begin + size] for begin in range(0, len(rows), size))


def _batches(selection: Selection, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    layer = selection.layer
    columns = {name: layer.columns[name] for name in selection.question.names}
    words = {
        name: pa.array(column.words, pa.string())
        for name, column in columns.items()
        if column.words is not None
    }
    for rows in chunks(selection.rows):
        arrays = [pa.array([layer.ids[row] for row in rows.tolist()], pa.string())]
        for name, column in columns.items():
            kind = schema.field(name).type
            arrays.append(_cells(column, rows, kind, words.get(name)))
        if GEOMETRY in schema.names:
            arrays.append(pa.array(shapely.to_wkb(shapes_of(selection, rows)), pa.binary()))
        yield pa.RecordBatch.from_arrays(arrays, schema=schema)


def _cells(column: Column, rows: Rows, kind: pa.DataType, words: pa.Array | None) -> pa.Array:
    cells, missing = column.cells[rows], column.missing[rows]
    if words is None:
        return pa.array(cells, mask=missing).cast(kind)
    return words.take(pa.array(cells, mask=missing)).cast(kind)
