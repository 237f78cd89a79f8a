"""Which tables an export makes: types, keys, indexes, comments. Statements only; nothing is run here.

Every name goes through ``psycopg.sql``; text of the catalogue goes in as literal.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import pyarrow as pa
from psycopg import sql

from spatial.domain.crs import RD
from spatial.errors import StoreError
from spatial.store.catalogue import Collection, Contents, Field
from spatial.store.layers import GEOMETRY

ID = "id"
ORDER = "volgorde"
CATALOGUE = "catalogus"
SOURCES = "bronnen"
MAX_NAME_BYTES = 63
"""Longer names are cut off by PostgreSQL, silently."""

_SEARCHED = ("regioCode", "indeling")
_TYPES = {
    "int16": sql.SQL("smallint"),
    "int32": sql.SQL("integer"),
    "int64": sql.SQL("bigint"),
    "double": sql.SQL("double precision"),
    "bool": sql.SQL("boolean"),
    "date32[day]": sql.SQL("date"),
    # by code point, as the service sorts, whatever the language of the database
    "string": sql.SQL('text COLLATE "C"'),
    "large_string": sql.SQL('text COLLATE "C"'),
}
_OWN_COMMENTS = {
    ID: "Vaste sleutel van het object; ook in adressen van de service.",
    ORDER: "Volgorde waarin de service de objecten geeft, vanaf 1.",
    GEOMETRY: "Gebied in EPSG:28992 (RD: x en y in meter). Leeg: er is geen grens bij dit object.",
}
_CATALOGUE_COLUMNS = sql.SQL(
    'id text PRIMARY KEY, titel text, beschrijving text, thema text, niveau text, "beginVeld" text, '
    '"eindVeld" text, begin date, eind date, aantal bigint, indelingen integer[], bronnen text[], '
    "meldingen text[], snapshot text"
)
_SOURCE_COLUMNS = sql.SQL(
    "id text PRIMARY KEY, titel text, status text, licentie text, url text, sha256 text, melding text"
)
_INDEX_COMMENTS = {
    CATALOGUE: "De tabellen van dit schema: titel, periode, bronnen, meldingen en de snapshot.",
    SOURCES: "De bronnen van cijfers en grenzen: status, licentie, en wat erbij vermeld moet worden.",
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where tables are made.

    Attributes:
        schema: schema in which they are made.
        postgis: schema in which the extension PostGIS lives.
    """

    schema: str
    postgis: str

    def name(self, table: str) -> sql.Identifier:
        """Return the qualified name of a table."""
        return sql.Identifier(self.schema, table)


def layer_columns(collection: Collection) -> list[str]:
    """Return the columns of a table, in order: id, order, properties, geometry.

    Raises:
        StoreError: a name does not fit in PostgreSQL.
    """
    names = [ID, ORDER, *(field.naam for field in collection.velden), GEOMETRY]
    for name in (collection.id, *names):
        if len(name.encode()) > MAX_NAME_BYTES:
            message = (
                f"{collection.id}: PostgreSQL cannot hold the name {name!r}: longer than 63 bytes"
            )
            raise StoreError(message)
    return names


def create_layer(place: Place, collection: Collection, schema: pa.Schema) -> sql.Composed:
    """Return the statement that makes the table of a collection.

    Args:
        place: where.
        collection: its description.
        schema: Arrow types of its layer.

    Raises:
        StoreError: a column has a type without counterpart, or a name does not fit.
    """
    layer_columns(collection)
    parts: list[sql.Composable] = [
        sql.SQL('id text COLLATE "C" PRIMARY KEY'),
        sql.SQL("{} integer NOT NULL UNIQUE").format(sql.Identifier(ORDER)),
    ]
    for field in collection.velden:
        kind = str(schema.field(field.naam).type)
        if kind not in _TYPES:
            message = f"{collection.id}: column {field.naam!r} has type {kind}, unknown here"
            raise StoreError(message)
        parts.append(sql.SQL("{} {}").format(sql.Identifier(field.naam), _TYPES[kind]))
    parts.append(
        sql.SQL("{} {}(MultiPolygon, {})").format(
            sql.Identifier(GEOMETRY),
            sql.Identifier(place.postgis, "geometry"),
            sql.Literal(RD.epsg),
        )
    )
    return sql.SQL("CREATE TABLE {} ({})").format(
        place.name(collection.id), sql.SQL(", ").join(parts)
    )


def finish_layer(
    place: Place, collection: Collection, notices: list[str]
) -> Iterator[sql.Composed]:
    """Return the statements after the rows: indexes, comments, statistics for the planner."""
    table = place.name(collection.id)
    yield sql.SQL("CREATE INDEX ON {} USING gist ({})").format(table, sql.Identifier(GEOMETRY))
    present = {field.naam for field in collection.velden}
    for name in dict.fromkeys((collection.begin_veld, collection.eind_veld, *_SEARCHED)):
        if name in present:
            yield sql.SQL("CREATE INDEX ON {} ({})").format(table, sql.Identifier(name))
    spoken = [text for text in notices if text not in collection.beschrijving_nl]
    text = " ".join([f"{collection.titel_nl}.", collection.beschrijving_nl, *spoken])
    yield _comment(table, text)
    own = _OWN_COMMENTS.items()
    described = [(field.naam, _column_text(field)) for field in collection.velden]
    for name, text in (*own, *described):
        yield sql.SQL("COMMENT ON COLUMN {} IS {}").format(
            sql.Identifier(place.schema, collection.id, name), sql.Literal(text)
        )
    yield sql.SQL("ANALYZE {}").format(table)


def create_index_tables(place: Place) -> Iterator[sql.Composed]:
    """Return the statements that make ``catalogus`` and ``bronnen``."""
    for name, columns in ((CATALOGUE, _CATALOGUE_COLUMNS), (SOURCES, _SOURCE_COLUMNS)):
        yield sql.SQL("CREATE TABLE {} ({})").format(place.name(name), columns)
        yield _comment(place.name(name), _INDEX_COMMENTS[name])


def catalogue_row(collection: Collection, contents: Contents, snapshot: str) -> tuple[object, ...]:
    """Return the row of a collection in ``catalogus``."""
    return (
        collection.id,
        collection.titel_nl,
        collection.beschrijving_nl,
        collection.thema or None,
        collection.niveau or None,
        collection.begin_veld,
        collection.eind_veld,
        collection.begin,
        collection.eind,
        collection.aantal,
        list(collection.indelingen),
        list(collection.bronnen),
        contents.notices(collection),
        snapshot,
    )


def source_rows(contents: Contents) -> list[tuple[object, ...]]:
    """Return the rows of ``bronnen``."""
    return [
        (
            source.id,
            source.titel,
            source.status.value,
            source.licentie,
            source.url or None,
            source.sha256 or None,
            source.melding or None,
        )
        for source in contents.sources
    ]


def _comment(table: sql.Identifier, text: str) -> sql.Composed:
    return sql.SQL("COMMENT ON TABLE {} IS {}").format(table, sql.Literal(text))


def _column_text(field: Field) -> str:
    unit = f" ({field.eenheid})" if field.eenheid else ""
    codes = f"Een van: {', '.join(field.codes)}." if field.codes else ""
    parts = (f"{field.titel_nl}{unit}.", field.beschrijving_nl, codes)
    return " ".join(part for part in parts if part)
