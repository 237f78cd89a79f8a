"""What a file holds: the columns, their titles, and what must be said beside the figures."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from spatial.domain.crs import Crs
from spatial.domain.status import Status
from spatial.store.catalogue import Collection, Contents, Field
from spatial.store.layers import GEOMETRY

ID = "id"
_TYPES = {
    "string": pa.string(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
}
_OGR_TITLE = "GDAL:OGR:alternative_name"
_OGR_COMMENT = "GDAL:OGR:comment"


@dataclass(frozen=True, slots=True)
class Content:
    """One file to be written.

    Attributes:
        name: of the layer.
        schema: ``id``, the properties, and ``geometry`` (WKB, x first) unless there is none.
        batches: the rows.
        crs: reference system of the geometry.
        about: what must be said beside the figures, by name (see ``about``).
        complete: every row has a shape.
    """

    name: str
    schema: pa.Schema
    batches: Iterable[pa.RecordBatch]
    crs: Crs
    about: dict[str, str]
    complete: bool

    @property
    def placed(self) -> bool:
        """Tell whether there is a geometry at all."""
        return GEOMETRY in self.schema.names

    def reader(self) -> pa.RecordBatchReader:
        """Return the rows as a stream."""
        return pa.RecordBatchReader.from_batches(self.schema, self.batches)


def file_schema(
    fields: Sequence[Field], *, placed: bool = True, english: bool = False
) -> pa.Schema:
    """Return the columns of a file; titles travel with them, in a form that GDAL writes on.

    Args:
        fields: the properties, in order.
        placed: with a geometry.
        english: titles in English; otherwise in Dutch.
    """
    columns = [pa.field(ID, pa.string())]
    seen: set[str] = set()
    for field in fields:
        title = field.title_en if english else field.titel_nl
        # GeoPackage allows a title once
        title = f"{title} ({field.naam})" if title in seen else title
        seen.add(title)
        metadata = {_OGR_TITLE: title}
        if comment := " ".join(part for part in (field.beschrijving_nl, _unit(field)) if part):
            metadata[_OGR_COMMENT] = comment
        columns.append(pa.field(field.naam, _TYPES[field.type], metadata=metadata))
    if placed:
        columns.append(pa.field(GEOMETRY, pa.binary()))
    return pa.schema(columns)


def about(contents: Contents, collection: Collection, *, english: bool = False) -> dict[str, str]:
    """Return what must be said beside the figures of a collection, by name.

    ``meldingen`` says that example figures are example figures; it is empty when there is nothing
    to warn of.
    """
    sources = [contents.source(source_id) for source_id in collection.bronnen]
    notices = dict.fromkeys(source.notice_en if english else source.melding for source in sources)
    return {
        "collectie": collection.id,
        "titel": collection.title_en if english else collection.titel_nl,
        "beschrijving": collection.description_en if english else collection.beschrijving_nl,
        "meldingen": " ".join(notice for notice in notices if notice),
        "bronnen": "; ".join(
            f"{source.titel} ({', '.join(part for part in (source.licentie, source.url) if part)})"
            for source in sources
        ),
        "statussen": "; ".join(
            f"{status} = {status.label_en if english else status.label_nl}" for status in Status
        ),
    }


def batches_of(table: pa.Table, schema: pa.Schema, size: int = 4096) -> Iterator[pa.RecordBatch]:
    """Return the rows of a table in the columns of a schema."""
    for begin in range(0, table.num_rows, size):
        piece = table.slice(begin, size)
        arrays: list[Any] = [
            piece[name].cast(schema.field(name).type).combine_chunks() for name in schema.names
        ]
        yield pa.RecordBatch.from_arrays(arrays, schema=schema)


def _unit(field: Field) -> str:
    return f"[{field.eenheid}]" if field.eenheid else ""
