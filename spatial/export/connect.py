"""Open a PostgreSQL database; every refusal becomes one clear line, and no password is ever in it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

import psycopg
from psycopg.conninfo import conninfo_to_dict

from spatial.errors import ExportError, SettingsError

_PATIENCE_S = 10
_SECRETS = ("password", "sslpassword")
_TLS = ("sslmode", "sslrootcert", "sslcert", "sslkey")


@dataclass(frozen=True, slots=True)
class Address:
    """Where a database is, without any secret.

    Attributes:
        host: name, IP address, or folder of the Unix socket.
        port: port number.
        dbname: name of the database.
        user: role with which it was opened.
        tls: libpq's settings for TLS, as far as they were given.
    """

    host: str
    port: int
    dbname: str
    user: str
    tls: Mapping[str, str] = field(default_factory=dict)


@contextmanager
def connected(dsn: str) -> Iterator[tuple[psycopg.Connection, Address]]:
    """Open a database and close it again; errors of the server while it is open are worded here too.

    Args:
        dsn: libpq connection string or URI; what it leaves out comes from libpq's own places
            (``PGPASSWORD``, ``~/.pgpass``, ``PGSERVICE``).

    Raises:
        SettingsError: there is no DSN, or it cannot be read as one.
        ExportError: the database cannot be reached or refuses something.
    """
    given = _parsed(dsn)
    secrets = [str(given[key]) for key in _SECRETS if given.get(key)]
    wanted: dict[str, str | int | None] = {
        "connect_timeout": _PATIENCE_S,
        "application_name": "spatial export",
        **given,
        "client_encoding": "utf8",
    }
    try:
        # autocommit: the transactions are those that the code names
        with psycopg.connect(autocommit=True, **wanted) as connection:  # type: ignore[arg-type]
            yield connection, _address(connection, given)
    except psycopg.Error as error:
        raise ExportError(_worded(error, secrets)) from None


def _parsed(dsn: str) -> dict[str, str | int | None]:
    if not dsn.strip():
        message = "no database given: use --dsn or SPATIAL_POSTGIS, such as 'host=db dbname=kaart user=bouwer'"
        raise SettingsError(message)
    try:
        given = conninfo_to_dict(dsn)
    except psycopg.Error:
        given = None
    # libpq's own message repeats parts of the string, and an unescaped '@' puts them in the host
    if given is None or "@" in str(given.get("host") or ""):
        message = (
            "the DSN cannot be read: write 'host=... dbname=... user=...' or "
            "postgresql://user@host/dbname, with '@', ':' and '/' in a value percent-encoded"
        )
        raise SettingsError(message) from None
    return given


def _address(connection: psycopg.Connection, given: Mapping[str, object]) -> Address:
    info = connection.info
    tls = {key: str(given[key]) for key in _TLS if given.get(key)}
    return Address(info.host, info.port, info.dbname, info.user, tls)


def _worded(error: psycopg.Error, secrets: list[str]) -> str:
    text = " ".join((error.diag.message_primary or str(error)).split())
    more = " ".join(part for part in (error.diag.message_detail, error.diag.message_hint) if part)
    for secret in secrets:
        text, more = text.replace(secret, "***"), more.replace(secret, "***")
    kind = "cannot be reached" if isinstance(error, psycopg.OperationalError) else "refused"
    if error.sqlstate and not error.sqlstate.startswith("08"):
        kind = f"refused ({error.sqlstate})"
    return f"the database {kind}: {text}{f' ({more})' if more else ''}; nothing was changed in it"
