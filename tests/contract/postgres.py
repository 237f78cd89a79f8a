"""A private PostgreSQL with PostGIS in a temporary folder, and plain pygeoapi over a configuration.

Uses the programs of Debian's packages (``postgresql``, ``postgresql-<n>-postgis-3``); no cluster of
the system is touched. PostgreSQL refuses to run as root: then it runs as user ``postgres``.
"""

import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2
import psycopg

from spatial.errors import CheckFailedError, SettingsError

_ROOT = Path(__file__).parents[2]
_USER = "bouwer"
_WITH_POSTGIS = "met_postgis"
_PATIENCE_S = 60.0
_QUICK = "-c listen_addresses=127.0.0.1 -c fsync=off -c full_page_writes=off"


@dataclass(frozen=True, slots=True)
class Cluster:
    """A running server that listens on a Unix socket and the loopback address.

    Attributes:
        folder: folder of the socket.
        port: its port, also in the name of the socket.
        password: of the one role, which may do everything.
    """

    folder: Path
    port: int
    password: str

    def dsn(self, dbname: str) -> str:
        return (
            f"host={self.folder} port={self.port} user={_USER} password={self.password} "
            f"dbname={dbname}"
        )

    def create_database(self, *, postgis: bool = True) -> str:
        """Make a database of a new name and return its DSN."""
        name = f"kaart_{secrets.token_hex(4)}"
        self._create(name, _WITH_POSTGIS if postgis else "template1")
        return self.dsn(name)

    def prepare(self) -> None:
        """Make the database that those with PostGIS are copies of: copying is much faster."""
        self._create(_WITH_POSTGIS, "template1")
        with psycopg.connect(self.dsn(_WITH_POSTGIS), autocommit=True) as connection:
            connection.execute("CREATE EXTENSION postgis")

    def _create(self, name: str, template: str) -> None:
        words = (psycopg.sql.Identifier(word) for word in (name, template))
        query = psycopg.sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(*words)
        with psycopg.connect(self.dsn("postgres"), autocommit=True) as connection:
            connection.execute(query)


@contextmanager
def private_cluster() -> Iterator[Cluster]:
    """Start a server and stop it again.

    Raises:
        SettingsError: PostgreSQL or PostGIS is not installed.
    """
    programs = _programs()
    folder = Path(tempfile.mkdtemp(prefix="kaart-pg-", dir="/tmp"))
    password = secrets.token_hex(8)
    (folder / "password").write_text(password)
    if os.geteuid() == 0:
        for path in (folder, folder / "password"):
            shutil.chown(path, "postgres")
    port = free_port()
    data = ["-D", str(folder / "data")]
    options = f"-k {folder} -p {port} {_QUICK}"
    try:
        _run(
            [programs / "initdb", *data, "-U", _USER, "-E", "UTF8", "--locale=C.UTF-8"],
            ["-A", "scram-sha-256", f"--pwfile={folder / 'password'}"],
        )
        _run([programs / "pg_ctl", *data, "-w", "-l", folder / "log", "-o", options, "start"])
        try:
            cluster = Cluster(folder, port, password)
            cluster.prepare()
            yield cluster
        finally:
            _run([programs / "pg_ctl", *data, "-w", "-m", "immediate", "stop"])
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def plain_pygeoapi(config: Path, password: str) -> Iterator[str]:
    """Serve a configuration with pygeoapi as it comes, in a process of its own; gives the address."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    openapi = config.with_suffix(".openapi.json")
    environment = {
        **os.environ,
        "PGPASSWORD": password,
        "PYGEOAPI_CONFIG": str(config),
        "PYGEOAPI_OPENAPI": str(openapi),
        "SPATIAL_URL": url,
    }
    pygeoapi = [sys.executable, "-c", "from pygeoapi import cli; cli()"]
    for words in (
        ["config", "validate", "-c", str(config)],
        ["openapi", "generate", str(config), "--format", "json", "--output-file", str(openapi)],
    ):
        done = subprocess.run([*pygeoapi, *words], env=environment, capture_output=True, text=True, check=False, timeout=_PATIENCE_S)  # fmt: skip
        assert done.returncode == 0, f"{words[0]}: {done.stdout} {done.stderr}"
    serve = [
        "-m",
        "uvicorn",
        "pygeoapi.starlette_app:APP",
        "--port",
        str(port),
        "--log-level",
        "error",
    ]
    with subprocess.Popen([sys.executable, *serve], env=environment, cwd=config.parent) as server:
        try:
            wait_for(f"{url}/conformance", server)
            yield url
        finally:
            server.terminate()


def free_port() -> int:
    """Return a port of the loopback address that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _programs() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not found:
        message = "PostgreSQL is not installed (Debian: postgresql-postgis)"
        raise SettingsError(message)
    programs = found[-1].parent
    version = programs.parent.name
    if not Path(f"/usr/share/postgresql/{version}/extension/postgis.control").is_file():
        message = f"PostGIS is not installed (Debian: postgresql-{version}-postgis-3)"
        raise SettingsError(message)
    return programs


def _run(*words: list[Path | str]) -> None:
    command = [str(word) for part in words for word in part]
    if os.geteuid() == 0:
        command = ["runuser", "-u", "postgres", "--", *command]
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True, cwd="/", timeout=_PATIENCE_S)


def wait_for(url: str, server: subprocess.Popen[bytes]) -> None:
    """Return when the server answers at an address; fail when it ends or takes too long."""
    deadline = time.monotonic() + _PATIENCE_S
    while server.poll() is None and time.monotonic() < deadline:
        try:
            httpx2.get(url)
        except httpx2.TransportError:
            time.sleep(0.1)
        else:
            return
    message = f"{url} does not answer"
    raise CheckFailedError(message)
