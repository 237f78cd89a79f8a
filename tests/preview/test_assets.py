import json
from pathlib import Path

import pytest

from spatial.errors import PreviewError
from spatial.preview.assets import LEAFLET, SYNC, TOPOJSON, load_assets

_FILES = {
    f"{LEAFLET}/dist/leaflet.js": "var L;\n//# sourceMappingURL=leaflet.js.map",
    f"{LEAFLET}/dist/leaflet.css": (
        ".a {\n\tcolor: red;\n\tbehavior: url(#default#VML);\n\t}\n"
        ".b {\n\tbackground-image: url(images/layers.png);\n\twidth: 1px;\n\t}\n"
    ),
    f"{SYNC}/L.Map.Sync.js": "var sync;",
    f"{TOPOJSON}/dist/topojson-client.min.js": "var topojson;",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
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


def test_libraries_come_without_what_a_browser_would_fetch(folder: Path) -> None:
    assets = load_assets(folder)

    assert "url(" not in assets.leaflet_css
    assert "color: red" in assets.leaflet_css
    assert "width: 1px" in assets.leaflet_css
    assert "sourceMappingURL" not in assets.leaflet_js


def test_missing_libraries_say_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(PreviewError, match="run 'make setup'"):
        load_assets(tmp_path)


def test_another_version_than_the_lock_file_is_refused(folder: Path) -> None:
    manifest = folder / "node_modules" / LEAFLET / "package.json"
    manifest.write_text(json.dumps({"version": "2.0.0"}))

    with pytest.raises(PreviewError, match=r"leaflet is version 2.0.0, the lock file.*1.0.0"):
        load_assets(folder)


def test_a_broken_lock_file_is_refused(folder: Path) -> None:
    (folder / "package-lock.json").write_text("{")

    with pytest.raises(PreviewError, match="is not JSON"):
        load_assets(folder)


def test_a_library_that_would_end_its_script_is_refused(folder: Path) -> None:
    (folder / "node_modules" / SYNC / "L.Map.Sync.js").write_text("'</script>'")

    with pytest.raises(PreviewError, match="'</script' and cannot stand inside a page"):
        load_assets(folder)


def test_the_lock_file_names_no_registry_and_has_a_checksum_for_every_package() -> None:
    lock = json.loads((Path(__file__).parents[2] / "assets" / "package-lock.json").read_text())

    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert all(entry["integrity"].startswith("sha512-") for entry in packages.values())
    assert not any("resolved" in entry for entry in packages.values())
