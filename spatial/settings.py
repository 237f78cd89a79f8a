"""The environment, read once into frozen values; every setting stands in docs/configuration.md."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from spatial.errors import SettingsError

_PACKAGE = Path(__file__).parent
_PROJECT = _PACKAGE.parent
_MAX_PORT = 65_535


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
    """

    data: Path
    boundaries: Path
    config: Path
    assets: Path
    host: str
    port: int
    url: str


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
    port = _port(environment.get("SPATIAL_PORT", "5000"))
    return Settings(
        data=Path(environment.get("SPATIAL_DATA", "data")),
        boundaries=Path(environment.get("SPATIAL_BOUNDARIES", _own("boundaries"))),
        config=Path(environment.get("SPATIAL_CONFIG", _own("pygeoapi-config.yml"))),
        assets=Path(environment.get("SPATIAL_ASSETS", _own("assets"))),
        host=host,
        port=port,
        url=environment.get("SPATIAL_URL", f"http://{host}:{port}").rstrip("/"),
    )


def _own(name: str) -> Path:
    """Return a file of the project: beside the package in a checkout, inside it when installed."""
    return _PROJECT / name if (_PROJECT / name).exists() else _PACKAGE / name


def _port(text: str) -> int:
    if not text.isdigit() or not 0 < int(text) <= _MAX_PORT:
        message = f"SPATIAL_PORT must be a port number from 1 to {_MAX_PORT}, not {text!r}"
        raise SettingsError(message)
    return int(text)
