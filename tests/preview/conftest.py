"""A country to draw, and browser libraries that are only names."""

from importlib.resources import files
from pathlib import Path

import pytest

from spatial.preview.assets import Assets
from spatial.store.snapshot import Snapshot
from tests.preview.country import country_snapshot


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
        own_js=(own / "kaart.js").read_text(encoding="utf-8"),
        own_css=(own / "kaart.css").read_text(encoding="utf-8"),
    )
