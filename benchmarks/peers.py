"""Other servers over the same features, each started on a loopback port for as long as it is asked.

    python -m benchmarks.peers --service http://127.0.0.1:5000 --store data [--peer mapserver ...]

starts each in turn and counts its features. Nothing is installed in the system: a peer that lacks a
Debian package says which; ``tipg`` comes from PyPI into a throw-away virtual environment.
"""

import argparse
import gzip
import json
import os
import socket
import subprocess
import sys
import tempfile
import venv
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import which
from typing import Any
from urllib.parse import quote

import geopandas as gpd
import httpx2
from psycopg.conninfo import conninfo_to_dict

from benchmarks.peer_files import MAPFILE, MAPSERVER_CONF, NGINX, NGINX_FASTCGI, NGINX_FILES
from spatial.domain.crs import CRS84, RD
from spatial.errors import CheckFailedError, SettingsError, SpatialError
from spatial.export.config import postgis_resources
from spatial.export.postgis import Order, Written, export_postgis
from spatial.serve.config import render, resources
from spatial.settings import read_settings
from spatial.store.snapshot import Snapshot, open_snapshot
from tests.contract.postgres import free_port, plain_pygeoapi, private_cluster, wait_for

COLLECTION = "ouderen-gemeente"
DAY = "2019-01-01"
BOX = "4.8,52.2,5.2,52.5"
_SCHEMA = "aandachtsgroepen"
_FILES = ("year", "item", "ten", "bbox")


@dataclass(frozen=True, slots=True)
class Year:
    """One year of gemeenten as our service gives it, in files.

    Attributes:
        folder: holds ``year.json``, ``item.json``, ``ten.json`` and ``bbox.json``: our answers.
        id: id of one feature.
        snapshot: the snapshot that was served.
        collection: whose features these are.
    """

    folder: Path
    id: str
    snapshot: Snapshot
    collection: str


@dataclass(frozen=True, slots=True)
class Peer:
    """A running server.

    Attributes:
        name: what it is.
        year: address of the gemeenten of one day.
        item: address of one of them.
        ten: address of ten of them.
        bbox: address of those in a box.
    """

    name: str
    year: str
    item: str
    ten: str
    bbox: str


def fetch(
    service: str, store: Path, folder: Path, collection: str = COLLECTION, properties: str = ""
) -> Year:
    """Write the answers of our running service to files.

    Args:
        service: address of the service.
        store: root of the store that it serves.
        folder: where the files are written.
        collection: what is compared.
        properties: names with commas between; empty: all.
    """
    items = f"{service}/collections/{collection}/items"
    chosen = f"&properties={properties}" if properties else ""
    wanted = {
        "year": f"{items}?datetime={DAY}{chosen}&limit=1000",
        "ten": f"{items}?datetime={DAY}{chosen}&limit=10",
        "bbox": f"{items}?datetime={DAY}{chosen}&bbox={BOX}&limit=1000",
    }
    headers = {"Accept": "application/geo+json"}
    with httpx2.Client(headers=headers, timeout=60, follow_redirects=True) as client:
        bodies = {name: client.get(url).raise_for_status().content for name, url in wanted.items()}
        id_ = str(json.loads(bodies["ten"])["features"][0]["id"])
        bodies["item"] = client.get(f"{items}/{id_}").raise_for_status().content
    for name, body in bodies.items():
        (folder / f"{name}.json").write_bytes(body)
        (folder / f"{name}.json.gz").write_bytes(gzip.compress(body, 6))
    return Year(folder, id_, open_snapshot(store), collection)


@contextmanager
def pygeoapi_geojson(year: Year) -> Iterator[Peer]:
    """Plain pygeoapi with its GeoJSON provider, under uvicorn with one worker."""
    data = str(year.folder / "year.json")
    provider = {
        "type": "feature",
        "name": "GeoJSON",
        "data": data,
        "id_field": "id",
        "crs": [CRS84.uri, RD.uri],
        "storage_crs": CRS84.uri,
    }
    contents = year.snapshot.contents
    described = {year.collection: {**resources(contents)[year.collection], "providers": [provider]}}
    with plain_pygeoapi(_configuration(year, "geojson", described), "") as url:
        yield _features(
            "pygeoapi GeoJSON", f"{url}/collections/{year.collection}/items", year, "f=json"
        )


@contextmanager
def pygeoapi_postgis(year: Year) -> Iterator[Peer]:
    """Plain pygeoapi with its PostgreSQL provider over an export, under uvicorn with one worker."""
    with _exported(year) as (dsn, written):
        described = postgis_resources(written.contents, written.address, _SCHEMA)
        password = str(conninfo_to_dict(dsn)["password"])
        with plain_pygeoapi(_configuration(year, "postgis", described), password) as url:
            items = f"{url}/collections/{year.collection}/items"
            yield _features("pygeoapi PostgreSQL", items, year, f"f=json&datetime={DAY}")


@contextmanager
def nginx(year: Year) -> Iterator[Peer]:
    """Nginx with one worker; our bytes as files (gzip: made for each answer)."""
    with _nginx(year, NGINX_FILES.format(folder=year.folder, gzip="gzip on")) as url:
        yield Peer("nginx", *(f"{url}/{name}.json" for name in _FILES))


@contextmanager
def nginx_static(year: Year) -> Iterator[Peer]:
    """Nginx with one worker; our bytes as files, with ready-made gzip files beside them."""
    with _nginx(year, NGINX_FILES.format(folder=year.folder, gzip="gzip_static on")) as url:
        yield Peer("nginx gzip_static", *(f"{url}/{name}.json" for name in _FILES))


@contextmanager
def tipg(year: Year) -> Iterator[Peer]:
    """Tipg over an export, under uvicorn with one worker."""
    folder = year.folder / "tipg"
    venv.create(folder, with_pip=True)
    python = str(folder / "bin" / "python")
    _do([python, "-m", "pip", "install", "-q", "tipg", "uvicorn", "uvloop", "httptools"], "tipg")
    with _exported(year) as (dsn, _):
        given = conninfo_to_dict(dsn)
        environment = {
            **_tipg_database(given),
            "TIPG_DB_SCHEMAS": f'["{_SCHEMA}"]',
            "TIPG_MAX_FEATURES_PER_QUERY": "10000",
        }
        port = free_port()
        items = f"http://127.0.0.1:{port}/collections/{_SCHEMA}.{year.collection}/items"
        command = [python, "-m", "uvicorn", "tipg.main:app", "--port", str(port)]
        with _running([*command, "--log-level", "error"], f"{items}?limit=1", environment):
            yield _features("tipg", items, year, f"f=geojson&peilmoment={DAY}")


@contextmanager
def mapserver(year: Year) -> Iterator[Peer]:
    """MapServer's OGC API over a GeoPackage: one FastCGI process behind nginx."""
    program = which("mapserv") or "/usr/lib/cgi-bin/mapserv"
    if not Path(program).is_file():
        message = "MapServer is not installed (Debian: cgi-mapserver)"
        raise SettingsError(message)
    gpkg, mapfile = year.folder / "year.gpkg", year.folder / "kaart.map"
    conf, channel = year.folder / "mapserver.conf", year.folder / "mapserver.sock"
    gpd.read_file(year.folder / "year.json").to_file(gpkg, layer="year")
    mapfile.write_text(MAPFILE.format(name=year.collection, gpkg=gpkg))
    conf.write_text(MAPSERVER_CONF.format(mapfile=mapfile))
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(channel))
        channel.chmod(0o777)
        listening.listen(128)
        environment = {"MAPSERVER_CONFIG_FILE": str(conf)}
        # FastCGI: a process that finds a listening socket as its standard input
        with subprocess.Popen([program], stdin=listening.fileno(), env=environment) as server:
            try:
                with _nginx(year, NGINX_FASTCGI.format(socket=channel)) as url:
                    items = f"{url}/kaart/ogcapi/collections/{year.collection}/items"
                    yield _features("MapServer", items, year, "f=json")
            finally:
                server.terminate()


PEERS: Mapping[str, Callable[[Year], Any]] = {
    "pygeoapi-geojson": pygeoapi_geojson,
    "pygeoapi-postgis": pygeoapi_postgis,
    "nginx": nginx,
    "nginx-static": nginx_static,
    "tipg": tipg,
    "mapserver": mapserver,
}


def counts(peer: Peer) -> dict[str, int]:
    """Return the number of features in each answer of a peer."""
    found = {}
    with httpx2.Client(timeout=60, headers={"Accept-Encoding": "identity"}) as client:
        for name in _FILES:
            document = client.get(getattr(peer, name)).raise_for_status().json()
            found[name] = len(document["features"]) if "features" in document else 1
    return found


def _features(name: str, items: str, year: Year, more: str) -> Peer:
    form = more.split("&", maxsplit=1)[0]
    return Peer(
        name,
        year=f"{items}?{more}&limit=1000",
        item=f"{items}/{quote(year.id)}?{form}",
        ten=f"{items}?{more}&limit=10",
        bbox=f"{items}?{more}&bbox={BOX}&limit=1000",
    )


def _configuration(year: Year, name: str, described: Mapping[str, Any]) -> Path:
    config = year.folder / f"{name}.yml"
    config.write_text(render(read_settings({}).config.read_text("utf-8"), described), "utf-8")
    return config


@contextmanager
def _exported(year: Year) -> Iterator[tuple[str, Written]]:
    """Give the DSN of a private database with the collection in it."""
    with private_cluster() as cluster:
        dsn = cluster.create_database()
        order = Order(_SCHEMA, (year.collection,))
        yield dsn, export_postgis(dsn, year.snapshot, order, lambda _step, _done: None)


def _tipg_database(given: Mapping[str, Any]) -> dict[str, str]:
    place = f"127.0.0.1:{given['port']}/{given['dbname']}"
    return {"DATABASE_URL": f"postgresql://{given['user']}:{given['password']}@{place}"}


@contextmanager
def _nginx(year: Year, location: str) -> Iterator[str]:
    program = which("nginx") or which("nginx", path="/usr/sbin")
    if program is None:
        message = "nginx is not installed (Debian: nginx-light)"
        raise SettingsError(message)
    port = free_port()
    user = "user root;" if os.geteuid() == 0 else ""
    config = year.folder / "nginx.conf"
    config.write_text(NGINX.format(user=user, folder=year.folder, port=port, location=location))
    url = f"http://127.0.0.1:{port}"
    with _running([program, "-c", str(config), "-p", str(year.folder)], url, {}):
        yield url


@contextmanager
def _running(command: list[str], url: str, environment: Mapping[str, str]) -> Iterator[None]:
    with subprocess.Popen(command, env=environment, cwd="/") as server:
        try:
            wait_for(url, server)
            yield
        finally:
            server.terminate()


def _do(command: list[str], what: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    if done.returncode:
        message = f"{what} cannot be installed: {done.stderr.strip().splitlines()[-1:]}"
        raise CheckFailedError(message)


def main(arguments: list[str] | None = None) -> None:
    """Start each peer in turn and count what it gives."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--service", default="http://127.0.0.1:5000", help="our running service")
    parser.add_argument("--store", type=Path, default=Path("data"), help="the store it serves")
    parser.add_argument("--peer", action="append", choices=sorted(PEERS), help="default: all")
    options = parser.parse_args(arguments)
    for name in options.peer or PEERS:
        with tempfile.TemporaryDirectory() as folder:
            try:
                year = fetch(options.service, options.store, Path(folder))
                with PEERS[name](year) as peer:
                    sys.stdout.write(f"{peer.name:22}{counts(peer)}\n")
            except SpatialError as error:
                sys.stdout.write(f"{name:22}not here: {error}\n")


if __name__ == "__main__":
    main()
