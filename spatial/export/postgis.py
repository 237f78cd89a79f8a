"""Write the layers of a snapshot to PostgreSQL with PostGIS, whole or not at all.

Everything happens in one transaction: a new schema beside the old one is filled, indexed and
described; then the old one goes and the new one gets its name. Readers see the old tables until the
commit and the new ones after it; a reader in the middle of a transaction is waited for.
"""

import re
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass

import psycopg
from psycopg import sql

from spatial.errors import ExportError, SettingsError
from spatial.export.connect import Address, connected
from spatial.export.rows import csv_batches
from spatial.export.tables import (
    CATALOGUE,
    SOURCES,
    Place,
    catalogue_row,
    create_index_tables,
    create_layer,
    finish_layer,
    layer_columns,
    source_rows,
)
from spatial.store.catalogue import Collection, Contents
from spatial.store.snapshot import Snapshot

type Step = Callable[[str, float], None]

_SCHEMA = re.compile(r"(?!pg_)[a-z_][a-z0-9_]{0,62}", re.ASCII)
_TAKEN = ("public", "information_schema")
_MARK = "Aandachtsgroepen in kaart, snapshot "
_LOCK_TRIES = 20
_LOCK_PAUSE_S = 0.25
_LOCK_TIMEOUT = sql.SQL("SET LOCAL lock_timeout = '500ms'")
"""Shorter than PostgreSQL's deadlock_timeout (1 s): then we give way, never the reader."""


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked of an export.

    Attributes:
        schema: schema to make or replace; lower case letters, digits and ``_``.
        collections: ids of the collections to write; empty: all.
        roles: roles that may read the tables.
    """

    schema: str
    collections: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a schema name that needs care everywhere it is typed, or that is not ours."""
        if not _SCHEMA.fullmatch(self.schema) or self.schema in _TAKEN:
            message = (
                f"schema {self.schema!r} cannot be used: take a name of its own of at most 63 lower case "
                "letters, digits and '_', not public, information_schema or pg_..."
            )
            raise SettingsError(message)


@dataclass(frozen=True, slots=True)
class Written:
    """What an export wrote.

    Attributes:
        address: where.
        contents: the collections written, and all sources.
        rows: number of features.
        size: bytes of tables and indexes.
    """

    address: Address
    contents: Contents
    rows: int
    size: int


def export_postgis(dsn: str, snapshot: Snapshot, order: Order, step: Step) -> Written:
    """Write collections as tables (see ``tables``), with ``catalogus`` and ``bronnen``.

    Args:
        dsn: libpq connection string or URI.
        snapshot: the snapshot to write.
        order: schema, collections and roles.
        step: told what is being done and which part (0 to 1) is done.

    Raises:
        SettingsError: the DSN cannot be read.
        StoreError: the snapshot has no such collection, or is damaged.
        ExportError: the database cannot be reached or refuses something; nothing was changed.
    """
    contents = _chosen(snapshot.contents, order.collections)
    with connected(dsn) as (connection, address), connection.transaction():
        place = Place(f"nieuw_{secrets.token_hex(8)}", _postgis_schema(connection))
        _claim(connection, order.schema)
        connection.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(place.schema)))
        rows = _fill(connection, place, (snapshot, contents), step)
        step(f"grants, schema {order.schema}", 1.0)
        _describe(connection, place, snapshot.id, order.roles)
        size = _size(connection, place)
        _swap(connection, place.schema, order.schema)
    return Written(address, contents, rows, size)


def _chosen(contents: Contents, wanted: tuple[str, ...]) -> Contents:
    if not wanted:
        return Contents(contents.layers, contents.sources)
    layers = Contents(contents.layers, contents.sources)
    return Contents(tuple(layers.get(id_) for id_ in dict.fromkeys(wanted)), contents.sources)


def _postgis_schema(connection: psycopg.Connection) -> str:
    found = connection.execute(
        "SELECT n.nspname FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace "
        "WHERE e.extname = 'postgis'"
    ).fetchone()
    if found is None:
        message = (
            f"database {connection.info.dbname!r} has no PostGIS: its administrator must run "
            "CREATE EXTENSION postgis in it once"
        )
        raise ExportError(message)
    return str(found[0])


def _claim(connection: psycopg.Connection, schema: str) -> None:
    """Keep other exports to the schema out until the end; refuse a schema that is not ours."""
    free = connection.execute(
        "SELECT pg_try_advisory_xact_lock(hashtextextended('spatial export ' || %s, 0))", (schema,)
    ).fetchone()
    if free == (False,):
        message = f"another export to schema {schema} is running; nothing was changed"
        raise ExportError(message)
    found = connection.execute(
        "SELECT obj_description(oid, 'pg_namespace') FROM pg_namespace WHERE nspname = %s",
        (schema,),
    ).fetchone()
    if found is not None and not str(found[0]).startswith(_MARK):
        message = (
            f"schema {schema} is there and was not made by an export; choose another with --schema"
        )
        raise ExportError(message)


def _fill(
    connection: psycopg.Connection, place: Place, what: tuple[Snapshot, Contents], step: Step
) -> int:
    snapshot, contents = what
    total = sum(collection.aantal for collection in contents.collections) or 1
    done = 0
    for collection in contents.collections:
        step(collection.id, done / total)
        done += _copy(connection, place, snapshot, collection)
        for statement in finish_layer(place, collection, contents.notices(collection)):
            connection.execute(statement)
    for statement in create_index_tables(place):
        connection.execute(statement)
    _insert(
        connection,
        place.name(CATALOGUE),
        [catalogue_row(entry, contents, snapshot.id) for entry in contents.collections],
    )
    _insert(connection, place.name(SOURCES), source_rows(contents))
    return done


def _copy(
    connection: psycopg.Connection, place: Place, snapshot: Snapshot, collection: Collection
) -> int:
    layer = snapshot.layer(collection)
    connection.execute(create_layer(place, collection, layer.schema))
    names = sql.SQL(", ").join(sql.Identifier(name) for name in layer_columns(collection))
    statement = sql.SQL("COPY {} ({}) FROM STDIN WITH (FORMAT csv)").format(
        place.name(collection.id), names
    )
    count = 0
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for rows, text in csv_batches(layer, collection):
            copy.write(text)
            count += rows
    return count


def _insert(
    connection: psycopg.Connection, table: sql.Identifier, rows: list[tuple[object, ...]]
) -> None:
    holes = sql.SQL(", ").join(sql.Placeholder() * len(rows[0]))
    with connection.cursor() as cursor:
        cursor.executemany(sql.SQL("INSERT INTO {} VALUES ({})").format(table, holes), rows)


def _describe(
    connection: psycopg.Connection, place: Place, snapshot_id: str, roles: tuple[str, ...]
) -> None:
    schema = sql.Identifier(place.schema)
    text = (
        f"{_MARK}{snapshot_id}. Geschreven door 'spatial export postgis', die het schema in zijn geheel "
        "vervangt: eigen tabellen en views horen in een ander schema."
    )
    connection.execute(sql.SQL("COMMENT ON SCHEMA {} IS {}").format(schema, sql.Literal(text)))
    for role in roles:
        reader = sql.Identifier(role)
        connection.execute(sql.SQL("GRANT USAGE ON SCHEMA {} TO {}").format(schema, reader))
        connection.execute(
            sql.SQL("GRANT SELECT ON ALL TABLES IN SCHEMA {} TO {}").format(schema, reader)
        )


def _size(connection: psycopg.Connection, place: Place) -> int:
    found = connection.execute(
        "SELECT sum(pg_total_relation_size(c.oid))::bigint FROM pg_class c "
        "JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = %s AND c.relkind = 'r'",
        (place.schema,),
    ).fetchone()
    return int(found[0]) if found else 0


def _swap(connection: psycopg.Connection, new: str, schema: str) -> None:
    """Give the new schema its name; readers in a transaction are waited for, some seconds."""
    rename = sql.SQL("ALTER SCHEMA {} RENAME TO {}").format(
        sql.Identifier(new), sql.Identifier(schema)
    )
    for _ in range(_LOCK_TRIES):
        try:
            with connection.transaction():
                connection.execute(_LOCK_TIMEOUT)
                _drop(connection, schema)
                connection.execute(rename)
        except psycopg.errors.LockNotAvailable:
            time.sleep(_LOCK_PAUSE_S)
        else:
            return
    message = (
        f"readers keep the tables of schema {schema} in use; nothing was changed, try again later"
    )
    raise ExportError(message)


def _drop(connection: psycopg.Connection, schema: str) -> None:
    """Drop the schema of an earlier export; what others made in it or upon it stops the export."""
    found = connection.execute(
        "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
        "WHERE n.nspname = %s AND c.relkind = 'r' ORDER BY 1",
        (schema,),
    ).fetchall()
    if found:
        names = sql.SQL(", ").join(sql.Identifier(schema, str(row[0])) for row in found)
        connection.execute(sql.SQL("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE").format(names))
        connection.execute(sql.SQL("DROP TABLE {} RESTRICT").format(names))
    connection.execute(sql.SQL("DROP SCHEMA IF EXISTS {} RESTRICT").format(sql.Identifier(schema)))
