import json
import math
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from spatial.domain.crs import CRS84, ETRS89, OFFERED, RD, WEB_MERCATOR, Crs
from spatial.errors import StoreError
from spatial.serve.read.edition import Edition, Editions, open_editions
from spatial.serve.read.layer import Layer
from spatial.store.snapshot import draft, publish
from tests.miniland import FIGURES, SHAPES, miniland_snapshot


def corner(layer: Layer, crs: Crs) -> tuple[float, ...]:
    """First point of the shape of GM0001 in 2020."""
    place = layer.shape_of[layer.row_of["GM0001-2020-01-01"]]
    shape = json.loads(layer.shapes.texts(crs, [place])[place])
    assert shape["type"] == "MultiPolygon"
    return tuple(shape["coordinates"][0][0][0])


def test_coordinates_have_the_axis_order_and_decimals_of_their_system(ouderen: Layer) -> None:
    assert corner(ouderen, RD) == (130_000.0, 480_000.0)
    assert corner(ouderen, CRS84) == pytest.approx((5.0206375, 52.3073973), abs=2e-7)
    assert corner(ouderen, ETRS89) == pytest.approx((52.3073973, 5.0206375), abs=2e-7)
    northing = 6_378_137 * math.log(math.tan(math.pi / 4 + math.radians(52.3073973) / 2))
    easting = 6_378_137 * math.radians(5.0206375)
    assert corner(ouderen, WEB_MERCATOR) == pytest.approx((easting, northing), abs=0.05)


@pytest.mark.parametrize("crs", OFFERED)
def test_no_coordinate_has_more_decimals_than_its_system_offers(ouderen: Layer, crs: Crs) -> None:
    for number in corner(ouderen, crs):
        assert number == round(number, crs.decimals)


def test_equal_shapes_are_kept_once(ouderen: Layer) -> None:
    first, second = (ouderen.row_of[f"GM0001-{day}"] for day in ("2020-01-01", "2020-12-31"))

    assert ouderen.shape_of[first] == ouderen.shape_of[second]


def test_a_shape_is_written_once_for_all_collections(edition: Edition) -> None:
    collections = [edition.snapshot.layer(entry) for entry in edition.contents.collections]
    different = {
        wkb for table in collections for wkb in table["geometry"].drop_null().unique().to_pylist()
    }

    assert edition.snapshot.shapes().num_rows == len(different)


def test_shapes_of_a_file_and_of_a_table_are_the_same(edition: Edition, ouderen: Layer) -> None:
    collection = edition.collection("ouderen-gemeente")
    made = Layer(collection, edition.snapshot.layer(collection))

    for crs in OFFERED:
        for mine, theirs in zip(made.shape_of, ouderen.shape_of, strict=True):
            assert made.shapes.pieces(crs, [mine]) == ouderen.shapes.pieces(crs, [theirs])


def test_threads_share_one_layer(root: Path) -> None:
    fresh = Editions(root).current

    with ThreadPoolExecutor(8) as pool:
        loaded = list(pool.map(fresh.layer, ["ouderen-gemeente"] * 16))

    assert len({id(layer) for layer in loaded}) == 1


def test_missing_values_are_none_whatever_the_type(ouderen: Layer) -> None:
    row = ouderen.row_of["GM0002-2020-01-01"]
    cells = {name: column.pick(np.array([row])) for name, column in ouderen.columns.items()}

    assert cells["personen"] == cells["personenMin"] == cells["personenMax"] == [None]
    assert cells["personenStatus"] == ["geheim_of_onbekend"]


def test_a_new_live_snapshot_is_picked_up_without_restart(tmp_path: Path) -> None:
    first = miniland_snapshot(tmp_path)
    editions = Editions(tmp_path)
    before = editions.current.layer("grenzen-land")

    with draft(tmp_path) as new:
        new.add_layer(before.collection.bestand, first.layer(before.collection).slice(0, 1))
        contents = replace(first.contents, collections=(before.collection,))
        new.seal(contents, {"land": "nieuw"})
        publish(new, tmp_path)

    assert editions.current.layer("grenzen-land").count == 1
    with pytest.raises(StoreError, match="ouderen-gemeente"):
        editions.current.layer("ouderen-gemeente")


def test_a_layer_without_a_column_that_the_catalogue_names_is_refused(edition: Edition) -> None:
    collection = edition.collection("grenzen-land")
    table = edition.snapshot.layer(collection).drop_columns(["oppervlakteKm2"])

    with pytest.raises(
        StoreError, match=r"grenzen-land.parquet lacks columns \['oppervlakteKm2'\]"
    ):
        Layer(collection, table)


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_a_number_that_is_not_finite_is_refused(edition: Edition, number: float) -> None:
    collection = edition.collection("grenzen-land")
    table = edition.snapshot.layer(collection)
    place = table.column_names.index("oppervlakteKm2")
    broken = table.set_column(place, "oppervlakteKm2", pa.array([number] * table.num_rows))

    with pytest.raises(StoreError, match="oppervlakteKm2 holds NaN or infinity"):
        Layer(collection, broken)


def test_a_column_with_only_missing_texts_is_read(edition: Edition) -> None:
    collection = edition.collection("grenzen-land")
    table = edition.snapshot.layer(collection)
    place = table.column_names.index("regioNaam")
    empty = table.set_column(place, "regioNaam", pa.nulls(table.num_rows, pa.string()))

    layer = Layer(collection, empty)

    assert layer.columns["regioNaam"].pick(layer.shape_of) == [None] * layer.count


def test_an_empty_store_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="run 'spatial build' first"):
        _ = Editions(tmp_path).current


def test_one_store_has_one_cache(root: Path, edition: Edition) -> None:
    assert open_editions(root) is open_editions(root)
    assert {source.id for source in edition.contents.sources} == {FIGURES.id, SHAPES.id}
