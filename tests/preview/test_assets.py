import json
from pathlib import Path

import pytest

from spatial.errors import PreviewError
from spatial.preview.assets import LEAFLET, SYNC, load_assets


def test_libraries_come_without_what_a_browser_would_fetch(library_folder: Path) -> None:
    assets = load_assets(library_folder)

    assert "url(" not in assets.leaflet_css
    assert "color: red" in assets.leaflet_css
    assert "width: 1px" in assets.leaflet_css
    assert "sourceMappingURL" not in assets.leaflet_js


def test_missing_libraries_say_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(PreviewError, match="run 'make setup'"):
        load_assets(tmp_path)


def test_another_version_than_the_lock_file_is_refused(library_folder: Path) -> None:
    manifest = library_folder / "node_modules" / LEAFLET / "package.json"
    manifest.write_text(json.dumps({"version": "2.0.0"}))

    with pytest.raises(PreviewError, match=r"leaflet is version 2.0.0, the lock file.*1.0.0"):
        load_assets(library_folder)


def test_a_broken_lock_file_is_refused(library_folder: Path) -> None:
    (library_folder / "package-lock.json").write_text("{")

    with pytest.raises(PreviewError, match="is not JSON"):
        load_assets(library_folder)


def test_a_library_that_would_end_its_script_is_refused(library_folder: Path) -> None:
    (library_folder / "node_modules" / SYNC / "L.Map.Sync.js").write_text("'</script>'")

    with pytest.raises(PreviewError, match="'</script' and cannot stand inside a page"):
        load_assets(library_folder)


def test_the_lock_file_names_no_registry_and_has_a_checksum_for_every_package() -> None:
    lock = json.loads((Path(__file__).parents[2] / "assets" / "package-lock.json").read_text())

    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert all(entry["integrity"].startswith("sha512-") for entry in packages.values())
    assert not any("resolved" in entry for entry in packages.values())
