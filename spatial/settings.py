"""The environment, read once into frozen values; every setting stands in docs/configuration.md."""

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from spatial.errors import SettingsError

_PACKAGE = Path(__file__).parent
_PROJECT = _PACKAGE.parent
_MAX_PORT = 65_535
_WHOLE_NUMBERS = {  # setting: (default, least, most)
    "SPATIAL_PORT": (5_000, 1, _MAX_PORT),
    "SPATIAL_WORKERS": (1, 1, 64),
    "SPATIAL_THREADS": (8, 1, 256),
    "SPATIAL_CONCURRENCY": (64, 1, 10_000),
    "SPATIAL_CONNECTIONS": (1_000, 1, 100_000),
    "SPATIAL_TIMEOUT_S": (30, 1, 3_600),
    "SPATIAL_GRACE_S": (30, 1, 3_600),
    "SPATIAL_KEEP_ALIVE_S": (5, 1, 3_600),
    "SPATIAL_MEMORY_MB": (64, 1, 65_536),
    "SPATIAL_ORIGIN_S": (60, 1, 86_400),
}
_SOURCES = {  # setting: default
    "SPATIAL_CBS_URL": "https://datasets.cbs.nl/odata/v1/CBS",
    "SPATIAL_CBS_V3_URL": "https://opendata.cbs.nl",
    "SPATIAL_PDOK_URL": "https://api.pdok.nl/cbs/gebiedsindelingen/ogc/v1",
    "SPATIAL_PDOK_SERVICE_URL": "https://service.pdok.nl/cbs/gebiedsindelingen",
}
METRICS = ("off", "local", "all")
_YES = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False, "": False}


@dataclass(frozen=True, slots=True)
class Settings:
    """Values of the ``SPATIAL_*`` variables.

    Attributes:
        data: store root: snapshots and the ``live`` pointer (``SPATIAL_DATA``).
        boundaries: folder with the project's fact tables (``SPATIAL_BOUNDARIES``).
        config: hand-written pygeoapi configuration (``SPATIAL_CONFIG``).
        assets: folder with the installed web assets (``SPATIAL_ASSETS``).
        host: address to listen on; loopback unless asked otherwise (``SPATIAL_HOST``).
        port: port to listen on (``SPATIAL_PORT``).
        url: address under which clients reach the service (``SPATIAL_URL``).
        workers: processes that answer (``SPATIAL_WORKERS``).
        threads: threads of a worker (``SPATIAL_THREADS``).
        concurrency: requests that a worker calculates for at one time (``SPATIAL_CONCURRENCY``).
        connections: open connections of a worker (``SPATIAL_CONNECTIONS``).
        timeout_s: seconds until an answer begins (``SPATIAL_TIMEOUT_S``).
        grace_s: seconds that running requests get at the end (``SPATIAL_GRACE_S``).
        keep_alive_s: seconds until an unused connection is closed (``SPATIAL_KEEP_ALIVE_S``).
        memory_mb: answers that a worker keeps, in MB (``SPATIAL_MEMORY_MB``).
        access_log: file of the access log, ``-``: standard output, None: no log
            (``SPATIAL_ACCESS_LOG``).
        metrics: who may read ``/metrics``: off, local, all (``SPATIAL_METRICS``).
        proxy_headers: whether ``X-Forwarded-For`` and ``-Proto`` are believed of
            ``trusted_proxies`` (``SPATIAL_PROXY_HEADERS``).
        trusted_proxies: addresses and networks of proxies (``SPATIAL_TRUSTED_PROXIES``).
        origin: address of snapshots that a server follows, ``s3://bucket/prefix``; empty: none
            (``SPATIAL_ORIGIN``).
        origin_s: seconds after which it looks for a new one (``SPATIAL_ORIGIN_S``).
        postgis: connection string of a database to export to; may hold a password, so it is never
            shown; empty: none (``SPATIAL_POSTGIS``).
        cbs_url: root of OData version 4 of CBS, with its catalogue (``SPATIAL_CBS_URL``).
        cbs_v3_url: server of OData version 3 of CBS (``SPATIAL_CBS_V3_URL``).
        pdok_url: root of the OGC API with boundaries (``SPATIAL_PDOK_URL``).
        pdok_service_url: root of WFS and downloads of boundaries (``SPATIAL_PDOK_SERVICE_URL``).
    """

    data: Path
    boundaries: Path
    config: Path
    assets: Path
    host: str
    port: int
    url: str
    workers: int
    threads: int
    concurrency: int
    connections: int
    timeout_s: int
    grace_s: int
    keep_alive_s: int
    memory_mb: int
    access_log: str | None
    metrics: str
    proxy_headers: bool
    trusted_proxies: tuple[str, ...]
    origin: str = ""
    origin_s: int = _WHOLE_NUMBERS["SPATIAL_ORIGIN_S"][0]
    postgis: str = field(default="", repr=False)
    cbs_url: str = _SOURCES["SPATIAL_CBS_URL"]
    cbs_v3_url: str = _SOURCES["SPATIAL_CBS_V3_URL"]
    pdok_url: str = _SOURCES["SPATIAL_PDOK_URL"]
    pdok_service_url: str = _SOURCES["SPATIAL_PDOK_SERVICE_URL"]


def read_settings(environment: Mapping[str, str]) -> Settings:
    """Read the settings from an environment.

    Raises:
        SettingsError: a ``SPATIAL_*`` variable is unknown or has a value that cannot be used.
    """
    known = {f"SPATIAL_{name.upper()}" for name in Settings.__slots__} | {"SPATIAL_MIRROR"}
    unknown = sorted(
        name for name in environment if name.startswith("SPATIAL_") and name not in known
    )
    if unknown:
        message = f"unknown settings {unknown}; there are {sorted(known)}"
        raise SettingsError(message)
    host = environment.get("SPATIAL_HOST", "127.0.0.1")
    numbers = {name: _whole_number(environment, name) for name in _WHOLE_NUMBERS}
    port = numbers["SPATIAL_PORT"]
    return Settings(
        data=Path(environment.get("SPATIAL_DATA", "data")),
        boundaries=Path(environment.get("SPATIAL_BOUNDARIES", _own("boundaries"))),
        config=Path(environment.get("SPATIAL_CONFIG", _own("pygeoapi-config.yml"))),
        assets=Path(environment.get("SPATIAL_ASSETS", _own("assets"))),
        host=host,
        port=port,
        url=_url("SPATIAL_URL", environment.get("SPATIAL_URL") or _address(host, port)),
        workers=numbers["SPATIAL_WORKERS"],
        threads=numbers["SPATIAL_THREADS"],
        concurrency=numbers["SPATIAL_CONCURRENCY"],
        connections=numbers["SPATIAL_CONNECTIONS"],
        timeout_s=numbers["SPATIAL_TIMEOUT_S"],
        grace_s=numbers["SPATIAL_GRACE_S"],
        keep_alive_s=numbers["SPATIAL_KEEP_ALIVE_S"],
        memory_mb=numbers["SPATIAL_MEMORY_MB"],
        access_log=environment.get("SPATIAL_ACCESS_LOG") or None,
        metrics=_choice(environment, "SPATIAL_METRICS", METRICS),
        proxy_headers=_yes_or_no(environment, "SPATIAL_PROXY_HEADERS"),
        trusted_proxies=_networks(environment.get("SPATIAL_TRUSTED_PROXIES", "127.0.0.1")),
        origin=_origin(environment.get("SPATIAL_ORIGIN", "")),
        origin_s=numbers["SPATIAL_ORIGIN_S"],
        postgis=environment.get("SPATIAL_POSTGIS", ""),
        **{
            name.removeprefix("SPATIAL_").lower(): _url(name, environment.get(name) or default)
            for name, default in _SOURCES.items()
        },
    )


def _own(name: str) -> Path:
    """Return a file of the project: beside the package in a checkout, inside it when installed."""
    return _PROJECT / name if (_PROJECT / name).exists() else _PACKAGE / name


def _address(host: str, port: int) -> str:
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _url(name: str, text: str) -> str:
    """Check an address; a question mark in it would end up in links and questions."""
    try:
        parts = urlsplit(text)
    except ValueError as error:
        message = f"{name} is not an address: {text!r} ({error})"
        raise SettingsError(message) from error
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        message = f"{name} must be an address such as https://kaart.example.nl, not {text!r}"
        raise SettingsError(message)
    return text.rstrip("/")


def _origin(text: str) -> str:
    """Check the address of snapshots; a key of an account does not belong in it."""
    scheme, found, rest = text.partition("://")
    if text and (not found or not scheme or not rest.strip("/") or "@" in rest):
        message = (
            f"SPATIAL_ORIGIN must be an address such as s3://bucket/kaart, without a name or password, "
            f"not {text!r}"
        )
        raise SettingsError(message)
    return text.rstrip("/")


def _whole_number(environment: Mapping[str, str], name: str) -> int:
    default, least, most = _WHOLE_NUMBERS[name]
    text = environment.get(name, str(default))
    if not (text.isascii() and text.isdigit()) or not least <= int(text) <= most:
        what = "a port number" if name == "SPATIAL_PORT" else "a whole number"
        message = f"{name} must be {what} from {least} to {most}, not {text!r}"
        raise SettingsError(message)
    return int(text)


def _choice(environment: Mapping[str, str], name: str, choices: tuple[str, ...]) -> str:
    text = environment.get(name, choices[0])
    if text not in choices:
        message = f"{name} must be one of {', '.join(choices)}, not {text!r}"
        raise SettingsError(message)
    return text


def _yes_or_no(environment: Mapping[str, str], name: str) -> bool:
    text = environment.get(name, "")
    if text.lower() not in _YES:
        message = f"{name} must be 1 or 0, not {text!r}"
        raise SettingsError(message)
    return _YES[text.lower()]


def _networks(text: str) -> tuple[str, ...]:
    """Read addresses and networks; a name or '*' would let any client say who it is."""
    networks = tuple(part.strip() for part in text.split(",") if part.strip())
    for network in networks:
        try:
            ipaddress.ip_network(network)
        except ValueError as error:
            message = f"SPATIAL_TRUSTED_PROXIES: {error}"
            raise SettingsError(message) from error
    return networks
