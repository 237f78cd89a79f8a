import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from pyogrio import list_layers, read_info
from pyogrio.raw import read_arrow

from spatial.errors import StoreError
from spatial.qgis.geopackage import LayerStyle, add_styles
from spatial.qgis.pack import layer_styles, write_pack
from spatial.store.snapshot import Snapshot

IDS = ("ouderen-gemeente", "taakstelling-gemeente", "ouderen-provincie")


def silent(_name: str, _done: float) -> None:
    return


def packed(country: Snapshot, path: Path, *, english: bool = False) -> Path:
    layers = [country.contents.get(name) for name in IDS]
    write_pack(country, layers, path, silent, english=english)
    return path


@pytest.fixture(scope="module")
def pack(country: Snapshot, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return packed(country, tmp_path_factory.mktemp("pack") / "kaart.gpkg")


@pytest.fixture(scope="module")
def tables(pack: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(pack)) as database:
        yield database


def test_every_collection_is_a_layer_with_all_its_rows(country: Snapshot, pack: Path) -> None:
    found = {str(name): read_info(pack, layer=str(name)) for name, _ in list_layers(pack)}

    assert {name: info["features"] for name, info in found.items() if name in IDS} == {
        name: country.contents.get(name).aantal for name in IDS
    }
    assert {found[name]["geometry_type"] for name in IDS} == {"MultiPolygon"}
    assert {found[name]["crs"] for name in IDS} == {"EPSG:28992"}


def test_days_are_days_and_what_is_missing_stays_missing(country: Snapshot, pack: Path) -> None:
    _, table = read_arrow(pack, layer="ouderen-gemeente")
    whole = pa.table(table)

    held = country.layer(country.contents.get("ouderen-gemeente"))
    assert whole.schema.field("peilmoment").type == pa.date32()
    assert whole["personen"].null_count == held["personen"].null_count > 0
    assert whole["personenStatus"].to_pylist() == held["personenStatus"].to_pylist()


def test_fields_have_their_titles_as_aliases(tables: sqlite3.Connection) -> None:
    rows = tables.execute(
        "SELECT column_name, name FROM gpkg_data_columns WHERE table_name = 'ouderen-gemeente'"
    )

    titles: dict[str, str] = dict(rows.fetchall())

    assert titles["regioNaam"] == "Regionaam"
    assert titles["aandeelCorporatie"] == "Aandeel in een corporatiewoning"


def test_every_layer_has_one_default_style(tables: sqlite3.Connection) -> None:
    rows = tables.execute(
        "SELECT f_table_name, f_geometry_column, f_table_schema, sum(useAsDefault) "
        "FROM layer_styles GROUP BY 1, 2, 3"
    )

    shapes = tables.execute("SELECT table_name, column_name FROM gpkg_geometry_columns")
    expected = sorted((name, column, "", 1) for name, column in shapes)
    assert sorted(rows.fetchall()) == expected
    assert [name for name, *_ in expected] == sorted(IDS)


def test_the_table_of_styles_is_listed_as_attributes(tables: sqlite3.Connection) -> None:
    row = tables.execute(
        "SELECT data_type, last_change FROM gpkg_contents WHERE table_name = 'layer_styles'"
    )

    assert row.fetchone() == ("attributes", "1970-01-01T00:00:00.000Z")


def test_shapes_are_indexed(tables: sqlite3.Connection) -> None:
    rows = tables.execute(
        "SELECT table_name FROM gpkg_extensions WHERE extension_name = 'gpkg_rtree_index'"
    )

    assert {name for (name,) in rows} == set(IDS)


def test_sources_licences_and_notices_are_metadata_of_a_layer(tables: sqlite3.Connection) -> None:
    rows = tables.execute(
        "SELECT metadata FROM gpkg_metadata JOIN gpkg_metadata_reference ON md_file_id = id "
        "WHERE table_name = 'ouderen-gemeente'"
    )

    said = " ".join(text for (text,) in rows)

    assert "Voorbeeldcijfers" in said
    assert "CC BY 4.0" in said


def test_the_same_snapshot_gives_the_same_bytes(
    country: Snapshot, pack: Path, tmp_path: Path
) -> None:
    again = packed(country, tmp_path / "anders.gpkg")

    assert again.read_bytes() == pack.read_bytes()


def test_a_pack_speaks_english(country: Snapshot, tmp_path: Path) -> None:
    path = packed(country, tmp_path / "map.gpkg", english=True)

    with closing(sqlite3.connect(path)) as database:
        names = {name for (name,) in database.execute("SELECT styleName FROM layer_styles")}
    assert "Share in a housing-association dwelling (%)" in names


def test_a_style_with_classes_is_in_front_of_circles(country: Snapshot) -> None:
    first, *others = layer_styles(country, country.contents.get("ouderen-gemeente"))

    assert (first.name, first.default) == ("Aandeel in een corporatiewoning (%)", True)
    assert "Personen" in {style.name for style in others}
    assert not any(style.default for style in others)


def test_a_file_that_cannot_be_written_is_a_named_error_and_leaves_nothing(
    country: Snapshot, tmp_path: Path
) -> None:
    (tmp_path / "map.gpkg").mkdir()

    with pytest.raises(StoreError, match=r"map\.gpkg cannot be written"):
        packed(country, tmp_path / "map.gpkg")

    assert [entry.name for entry in tmp_path.iterdir()] == ["map.gpkg"]


def test_styles_are_added_once(pack: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.gpkg"
    copy.write_bytes(pack.read_bytes())

    with pytest.raises(StoreError, match=r"styles cannot be added to copy\.gpkg"):
        add_styles(copy, [LayerStyle("ouderen-gemeente", "x", "<qgis/>", default=False)])


def test_schemes_that_are_damaged_are_a_named_error(country: Snapshot, tmp_path: Path) -> None:
    collection = country.contents.get("ouderen-gemeente")
    broken = tmp_path / "kaart" / collection.stijl
    broken.parent.mkdir(parents=True)
    broken.write_text("{", encoding="utf-8")
    catalogue: dict[str, Any] = json.loads((country.path / "catalogue.json").read_text("utf-8"))
    (tmp_path / "catalogue.json").write_text(json.dumps(catalogue), encoding="utf-8")

    with pytest.raises(StoreError, match="cannot be read"):
        list(layer_styles(Snapshot(tmp_path, {}), collection))
