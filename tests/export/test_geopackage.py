"""The commands that write layers and styles for QGIS."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from spatial.errors import SettingsError, UnknownMemberError
from spatial.export.geopackage import export_geopackage, export_style
from spatial.store.snapshot import Snapshot
from tests.preview.country import country_snapshot

SHOWN = ("ouderen-gemeente", "aandeelCorporatie")


@pytest.fixture(scope="module")
def country(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    return country_snapshot(tmp_path_factory.mktemp("country"))


def silent(_name: str, _done: float) -> None:
    return


def test_a_folder_gets_a_file_per_theme(country: Snapshot, tmp_path: Path) -> None:
    files = export_geopackage(country, (), tmp_path / "pakket", silent)

    themes = {collection.thema for collection in country.contents.collections}
    assert {path.stem for path in files} == themes
    assert all(path.is_file() for path in files)


def test_one_file_gets_the_layers_that_were_named(country: Snapshot, tmp_path: Path) -> None:
    (path,) = export_geopackage(country, ["ouderen-gemeente"], tmp_path / "een.gpkg", silent)

    with closing(sqlite3.connect(path)) as database:
        rows = database.execute("SELECT table_name FROM gpkg_geometry_columns")
        assert rows.fetchall() == [("ouderen-gemeente",)]


def test_a_layer_that_is_not_there_is_named(country: Snapshot, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="no layers geen: 'spatial info' lists"):
        export_geopackage(country, ["geen"], tmp_path / "een.gpkg", silent)


@pytest.mark.parametrize(
    ("name", "begins"), [("stijl.qml", "<!DOCTYPE qgis"), ("stijl.sld", "<?xml")]
)
def test_a_style_has_the_form_of_its_name(
    country: Snapshot, tmp_path: Path, name: str, begins: str
) -> None:
    export_style(country, SHOWN, tmp_path / name)

    assert (tmp_path / name).read_text(encoding="utf-8").startswith(begins)


def test_a_form_that_is_not_known_is_refused(country: Snapshot, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"it ends in \.qml or \.sld"):
        export_style(country, SHOWN, tmp_path / "stijl.css")


def test_an_indicator_without_scheme_is_named(country: Snapshot, tmp_path: Path) -> None:
    with pytest.raises(UnknownMemberError, match="no indicator 'geen'"):
        export_style(country, ("ouderen-gemeente", "geen"), tmp_path / "stijl.qml")
