"""Features as they are answered: what the pieces say is what the layer says."""

from pathlib import Path

import orjson
import pyarrow as pa
import pytest
import shapely

from spatial.domain.crs import CRS84
from spatial.errors import StoreError
from spatial.serve.read.layer import Layer
from spatial.serve.read.shapes import Pool
from spatial.store.answers import ANSWERS, open_features, open_shapes, write_answers, write_shapes
from spatial.store.layers import GEOMETRY, read_layer, write_layer
from spatial.store.snapshot import Snapshot, open_snapshot
from tests.miniland import miniland_snapshot


@pytest.fixture
def snapshot(tmp_path: Path) -> Snapshot:
    return miniland_snapshot(tmp_path)


def test_joined_pieces_are_the_features_of_the_layer(snapshot: Snapshot) -> None:
    for collection in snapshot.contents.collections:
        names = [field.naam for field in collection.velden]
        rows = snapshot.layer(collection).to_pylist()
        layer = Layer(collection, snapshot.features(collection), Pool(snapshot.shapes()))

        features = [
            orjson.loads(bytes(head) + b"null" + bytes(tail)[:-1])
            for head, tail in zip(layer.encoded.heads, layer.encoded.tails, strict=True)
        ]

        assert [feature["id"] for feature in features] == [row["id"] for row in rows]
        for feature, row in zip(features, rows, strict=True):
            assert list(feature["properties"]) == names
            assert orjson.dumps(feature["properties"]) == orjson.dumps(
                {name: row[name] for name in names}
            )


def test_a_column_is_the_same_as_the_text(snapshot: Snapshot) -> None:
    for collection in snapshot.contents.collections:
        layer = Layer(collection, snapshot.features(collection), Pool(snapshot.shapes()))
        told = [orjson.loads(bytes(tail)[14:-2]) for tail in layer.encoded.tails]

        for name, column in layer.columns.items():
            assert column.pick(layer.shape_of * 0 + range(layer.count)) == [
                row[name] for row in told
            ]


def test_a_long_shape_stays_apart_from_its_features(tmp_path: Path) -> None:
    folder = miniland_snapshot(tmp_path).path
    contents = open_snapshot(tmp_path).contents
    collection = contents.get("grenzen-land")
    round_one = shapely.MultiPolygon([shapely.Point(155_000, 463_000).buffer(9_000, 64)])
    table = read_layer(folder / collection.bestand).drop_columns([GEOMETRY])
    shapes = pa.array([shapely.to_wkb(round_one)] * table.num_rows, pa.binary())
    other = tmp_path / "other"
    other.mkdir()
    write_layer(table.append_column(GEOMETRY, shapes), other / collection.bestand)

    [places] = write_shapes(other, [collection])
    write_answers(other, collection, read_layer(other / collection.bestand), places)
    layer = Layer(collection, open_features(other, collection), Pool(open_shapes(other)))
    text = b"".join(layer.encoded.whole)

    assert not layer.encoded.placed
    assert b"MultiPolygon" not in text
    assert len(layer.shapes.pieces(CRS84, [0])[0]) > 2_000


def test_files_that_are_gone_are_named(snapshot: Snapshot) -> None:
    collection = snapshot.contents.collections[0]
    for path in (snapshot.path / ANSWERS).iterdir():
        path.write_bytes(b"")

    with pytest.raises(StoreError, match=f"{collection.id}.arrow of the snapshot cannot be read"):
        open_features(snapshot.path, collection)
    with pytest.raises(StoreError, match=r"vormen.arrow of the snapshot cannot be read"):
        open_shapes(snapshot.path)
