"""A country to draw, and browser libraries that are only names."""

import json
from importlib.resources import files
from pathlib import Path

import pytest

from spatial.preview.assets import LEAFLET, SYNC, TOPOJSON, Assets, own_script
from spatial.store.snapshot import Snapshot
from tests.preview.country import country_snapshot

_FILES = {
    f"{LEAFLET}/dist/leaflet.js": "var L;\n//# sourceMappingURL=leaflet.js.map",
    f"{LEAFLET}/dist/leaflet.css": (
        ".a {\n\tcolor: red;\n\tbehavior: url(#default#VML);\n\t}\n"
        ".b {\n\tbackground-image: url(images/layers.png);\n\twidth: 1px;\n\t}\n"
    ),
    f"{SYNC}/L.Map.Sync.js": "var sync;",
    f"{TOPOJSON}/dist/topojson-client.min.js": "var topojson;",
}


@pytest.fixture(scope="session")
def country(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """The snapshot of ``tests.preview.country``."""
    return country_snapshot(tmp_path_factory.mktemp("country"))


@pytest.fixture(scope="session")
def libraries() -> Assets:
    """Our own script and style, without the installed libraries around them."""
    own: Path = Path(str(files("spatial.preview"))) / "static"
    return Assets(
        leaflet_js="var L;",
        leaflet_css=".leaflet-pane{}",
        sync_js="var sync;",
        topojson_js="var topojson;",
        own_js=own_script(),
        own_css=(own / "kaart.css").read_text(encoding="utf-8"),
    )


@pytest.fixture
def library_folder(tmp_path: Path) -> Path:
    """Installed libraries of the right versions, each a line long."""
    packages = {}
    for name in (LEAFLET, SYNC, TOPOJSON):
        packages[f"node_modules/{name}"] = {"version": "1.0.0"}
        manifest = tmp_path / "node_modules" / name / "package.json"
        manifest.parent.mkdir(parents=True)
        manifest.write_text(json.dumps({"version": "1.0.0"}))
    (tmp_path / "package-lock.json").write_text(json.dumps({"packages": packages}))
    for name, text in _FILES.items():
        target = tmp_path / "node_modules" / name
        target.parent.mkdir(exist_ok=True)
        target.write_text(text)
    return tmp_path
