"""Observations as files, written while they are sent: the memory that takes does not grow with them."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Any

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.parquet as pq
import shapely

from spatial.domain.crs import CRS84, Crs
from spatial.domain.formats import ARROW, CSV, GEOJSON_FILE, GEOPARQUET, FileFormat
from spatial.errors import SelectionTooLargeError
from spatial.serve.cube.asked import Asked
from spatial.serve.cube.features import Texts, features, published_shapes, without_shapes
from spatial.serve.cube.keyset import page_of, place_of
from spatial.serve.cube.select import Selection
from spatial.serve.cube.views import Sides
from spatial.store.catalogue import WAARNEMINGEN, Collection
from spatial.store.cube.read import Positions
from spatial.store.cube.rows import ID
from spatial.store.files.columnar import geo_of
from spatial.store.files.content import about, file_schema
from spatial.store.files.delimited import csv_pieces
from spatial.store.layers import GEOMETRY

MOST = {GEOJSON_FILE.name: 250_000, CSV.name: 1_000_000}
"""Rows of a file at most, by the name of its format; of the others ``_MOST``."""
_MOST = 4_000_000
_BATCH = 16_384
_SHAPES, _POINT = 16_000_000, 32
"""Bytes of shapes in memory at one time, and of a point of them, as binary or as text."""
_WARNED = ("bronStatus",)
_WKT = "WKT"


@dataclass(frozen=True)
class File:
    """One file of observations.

    Attributes:
        sides: the cube.
        collection: what the observations are.
        asked: which, and how.
        cells: their cells, in order, some at a time.
        english: texts in English; otherwise in Dutch.
    """

    sides: Sides
    collection: Collection
    asked: Asked
    cells: Iterator[Positions]
    english: bool

    @property
    def names(self) -> tuple[str, ...]:
        """The properties in the file; that figures are example figures always stands with them."""
        known = tuple(field.naam for field in self.collection.velden)
        asked = self.asked.query.properties
        return (*asked, *(name for name in _WARNED if name not in asked)) if asked else known

    @property
    def crs(self) -> Crs:
        """Reference system of the shapes."""
        return self.asked.query.crs

    @cached_property
    def at_once(self) -> int:
        """Rows that are in memory at one time: few when each has a large shape."""
        if not self.asked.placed or not self.sides.shapes.count:
            return _BATCH
        points = shapely.get_num_coordinates(self.sides.shapes.placed(self.crs))
        return max(1, min(_BATCH, _SHAPES // (int(points.max()) * _POINT)))

    def schema(self) -> pa.Schema:
        """Return the columns, with their titles, and what must be said beside them."""
        fields = {field.naam: field for field in self.collection.velden}
        chosen = [fields[name] for name in self.names]
        schema = file_schema(chosen, placed=self.asked.placed, english=self.english)
        spoken = about(self.sides.edition.contents, self.collection, english=self.english)
        told = {**spoken, "uitgave": self.sides.edition.id}
        return schema.with_metadata({name: text for name, text in told.items() if text})

    def batches(self, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
        """Give the rows."""
        for positions in self.cells:
            for begin in range(0, len(positions), self.at_once):
                part = positions[begin : begin + self.at_once]
                found = self.sides.rows.batch(part, self.names)
                arrays = [found.column(name) for name in found.schema.names]
                if self.asked.placed:
                    arrays.append(pa.array(shapely.to_wkb(self.shapes(part)), pa.binary()))
                typed = [
                    array.cast(field.type) for array, field in zip(arrays, schema, strict=True)
                ]
                yield pa.RecordBatch.from_arrays(typed, schema=schema)

    def shapes(self, positions: Positions) -> Any:
        """Return the shape of each cell, x (longitude, easting) first; None without one."""
        places = self.sides.shape_of[self.sides.cube.places_at(positions)]
        found = np.full(len(places), None, dtype=object)
        there = places >= 0
        found[there] = self.sides.shapes.placed(self.crs)[places[there]]
        return found


def cells_of(selection: Selection, asked: Asked, form: FileFormat) -> Iterator[Positions]:
    """Find the cells of a file.

    Raises:
        SelectionTooLargeError: there are more than a file of this kind may have.
        QueryError: as ``keyset.page_of``.
    """
    most = MOST.get(form.name, _MOST)
    limit = asked.query.limit
    if limit > most and (count := selection.count()) > most:
        message = (
            f"the selection has {count:,} observations, a file of this kind at most {most:,}: narrow "
            "it with groep, kenmerk, niveau, datetime or limit, or take the files that are linked as "
            f"enclosure from /collections/{WAARNEMINGEN}"
        )
        raise SelectionTooLargeError(message)
    if asked.query.sort or limit <= most:
        page = page_of(selection, asked.query.sort, asked.cursor, min(limit, most))
        return iter([page.positions])
    after = -1 if asked.cursor is None else place_of(selection.sides, asked.cursor)
    return selection.positions(after)


def pieces_of(file: File, form: FileFormat) -> Iterator[bytes]:
    """Write a file piece by piece."""
    return _WRITERS[form.name](file)


def _csv(file: File) -> Iterator[bytes]:
    schema = file.schema()
    if not file.asked.placed:
        return csv_pieces(schema, file.batches(schema))
    place = schema.get_field_index(GEOMETRY)
    texts = schema.set(place, pa.field(_WKT, pa.string()))

    def written() -> Iterator[pa.RecordBatch]:
        for batch in file.batches(schema):
            shapes = shapely.from_wkb(batch.column(place).to_numpy(zero_copy_only=False))
            words = shapely.to_wkt(shapes, rounding_precision=file.crs.decimals)
            arrays = [*batch.columns[:place], pa.array(words, pa.string())]
            yield pa.RecordBatch.from_arrays(arrays, schema=texts)

    return csv_pieces(texts, written())


def _arrow(file: File) -> Iterator[bytes]:
    """Write texts by their place in a dictionary: they are most of the bytes otherwise."""
    schema = _placed_schema(file)
    for number, field in enumerate(schema):
        if pa.types.is_string(field.type) and field.name != ID:
            coded = pa.dictionary(pa.int32(), pa.string())
            schema = schema.set(number, field.with_type(coded))

    def opened(sink: Any) -> Any:
        return pa.ipc.new_stream(sink, schema)

    return _streamed(opened, file.batches(schema))


def _parquet(file: File) -> Iterator[bytes]:
    schema = _placed_schema(file)

    def opened(sink: Any) -> pq.ParquetWriter:
        return pq.ParquetWriter(sink, schema, compression="zstd")

    return _streamed(opened, file.batches(schema))


def _geojson(file: File) -> Iterator[bytes]:
    spoken = about(file.sides.edition.contents, file.collection, english=file.english)
    opening = {
        "type": "FeatureCollection",
        "name": file.collection.id,
        **({} if file.crs == CRS84 else {"crs": _named(file.crs)}),
        **{name: text for name, text in spoken.items() if text},
        "uitgave": file.sides.edition.id,
    }
    yield orjson.dumps(opening)[:-1] + b',"features":['
    found = chain.from_iterable(
        features(file.sides, positions, file.names, _texts(file)) for positions in file.cells
    )
    separator = b"\n"
    for chunk in _chunks(found, min(500, file.at_once)):
        yield separator + b",\n".join(orjson.dumps(feature) for feature in chunk)
        separator = b",\n"
    yield b"\n]}\n"


_WRITERS: dict[str, Callable[[File], Iterator[bytes]]] = {
    GEOJSON_FILE.name: _geojson,
    CSV.name: _csv,
    GEOPARQUET.name: _parquet,
    ARROW.name: _arrow,
}


def _texts(file: File) -> Texts:
    """Return how shapes are written: in a file x comes first, whatever the reference system says."""
    if not file.asked.placed:
        return without_shapes
    if not file.crs.lat_first:
        return lambda positions: published_shapes(file.sides, positions, file.crs)

    def turned(positions: Positions) -> list[orjson.Fragment | None]:
        def rounded(points: Any) -> Any:
            return points.round(file.crs.decimals)

        texts = shapely.to_geojson(shapely.transform(file.shapes(positions), rounded))
        return [None if text is None else orjson.Fragment(text) for text in texts.tolist()]

    return turned


def _placed_schema(file: File) -> pa.Schema:
    schema = file.schema()
    if not file.asked.placed:
        return schema
    return schema.with_metadata({**schema.metadata, b"geo": geo_of(file.crs)})


def _named(crs: Crs) -> dict[str, object]:
    return {"type": "name", "properties": {"name": f"urn:ogc:def:crs:EPSG::{crs.epsg}"}}


def _chunks(found: Iterable[Any], size: int) -> Iterator[list[Any]]:
    chunk: list[Any] = []
    for one in found:
        chunk.append(one)
        if len(chunk) == size:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


class _Pipe:
    """A file to write in whose bytes are taken out again while it is written."""

    closed = False

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self._written = 0

    def write(self, part: Any) -> int:
        """Take bytes."""
        self._parts.append(bytes(part))
        self._written += len(self._parts[-1])
        return len(self._parts[-1])

    def tell(self) -> int:
        """Return the bytes written so far."""
        return self._written

    def flush(self) -> None:
        """Do nothing: nothing is held back."""

    def close(self) -> None:
        """Do nothing: what was written can still be taken."""

    def taken(self) -> bytes:
        """Take out what was written."""
        whole = b"".join(self._parts)
        self._parts.clear()
        return whole


def _streamed(opened: Callable[[Any], Any], batches: Iterable[pa.RecordBatch]) -> Iterator[bytes]:
    pipe = _Pipe()
    with pa.PythonFile(pipe, mode="w") as sink, opened(sink) as writer:
        for batch in batches:
            writer.write_batch(batch)
            if piece := pipe.taken():
                yield piece
    if rest := pipe.taken():
        yield rest
