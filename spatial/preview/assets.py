"""The browser libraries that every map carries inside, as npm installed them from the lock file.

npm checks the sha512 of each package when it installs; here only the versions are compared with
the lock file, so that a stale folder is found before a map is written.
"""

import json
import re
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from spatial.errors import PreviewError

LEAFLET = "leaflet"
SYNC = "leaflet.sync"
TOPOJSON = "topojson-client"

_OWN_SCRIPTS = (
    "rd.js", "cellen.js", "pak.js", "kaart.js", "zinnen.js", "keuze.js", "rijen.js", "tabel.js", "zoek.js", "veelvoud.js",
    "schuif.js", "ondergrond.js", "profiel.js", "delen.js", "bewaar.js", "csv.js", "figuur.js",
)  # fmt: skip
"""The map before the others: they add to it, and hear of a choice in this order."""

_REMOTE = re.compile(r"[^{};]*:\s*url\((?!['\"]?data:)[^)]*\)[^;}]*;?")
_SOURCE_MAP = re.compile(r"^[ \t]*//# sourceMappingURL=.*$", re.MULTILINE)
_END_TAG = re.compile(r"</(script|style)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Assets:
    """Texts that go into a page; none of them loads anything.

    Attributes:
        leaflet_js: the map library.
        leaflet_css: its style sheet, without rules that load images (markers, layer control).
        sync_js: keeps two maps together.
        topojson_js: turns shared arcs into shapes.
        own_js: behaviour of this project's maps.
        own_css: their looks.
    """

    leaflet_js: str
    leaflet_css: str
    sync_js: str
    topojson_js: str
    own_js: str
    own_css: str


def load_assets(folder: Path) -> Assets:
    """Read the browser libraries.

    Args:
        folder: holds ``package-lock.json`` and, after set-up, ``node_modules``.

    Raises:
        PreviewError: a package is missing, has another version than the lock file, or holds text
            that cannot stand inside a page.
    """
    locked = _read_json(folder / "package-lock.json").get("packages", {})
    for name in (LEAFLET, SYNC, TOPOJSON):
        _check_version(folder, name, locked)
    modules = folder / "node_modules"
    return Assets(
        leaflet_js=_script(modules / LEAFLET / "dist" / "leaflet.js"),
        leaflet_css=_style(modules / LEAFLET / "dist" / "leaflet.css"),
        sync_js=_script(modules / SYNC / "L.Map.Sync.js"),
        topojson_js=_script(modules / TOPOJSON / "dist" / "topojson-client.min.js"),
        own_js=own_script(),
        own_css=_own("kaart.css"),
    )


def own_script() -> str:
    """Return the behaviour of this project's maps, as one script."""
    return "".join(map(_own, _OWN_SCRIPTS))


def served_script() -> str:
    """Return what shows the links of a page that only hold where the service is."""
    return _own("dienst.js")


def _own(name: str) -> str:
    return (files("spatial.preview") / "static" / name).read_text(encoding="utf-8")


def _check_version(folder: Path, name: str, locked: dict[str, Any]) -> None:
    wanted = locked.get(f"node_modules/{name}", {}).get("version")
    found = _read_json(folder / "node_modules" / name / "package.json").get("version")
    if wanted is None or found != wanted:
        message = (
            f"browser library {name} is version {found}, the lock file in {folder} says {wanted}: "
            "run 'make setup'"
        )
        raise PreviewError(message)


def _script(path: Path) -> str:
    return _inlinable(path, _SOURCE_MAP.sub("", _read(path)))


def _style(path: Path) -> str:
    return _inlinable(path, _REMOTE.sub("", _read(path)))


def _inlinable(path: Path, text: str) -> str:
    if found := _END_TAG.search(text):
        message = f"{path.name} holds {found[0]!r} and cannot stand inside a page"
        raise PreviewError(message)
    return text


def _read_json(path: Path) -> dict[str, Any]:
    try:
        document: dict[str, Any] = json.loads(_read(path))
    except ValueError as error:
        message = f"{path} is not JSON ({error}): run 'make setup'"
        raise PreviewError(message) from error
    return document


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        message = f"browser library {path} cannot be read ({error.strerror}): run 'make setup'"
        raise PreviewError(message) from error
