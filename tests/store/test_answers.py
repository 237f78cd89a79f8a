"""Features as they are answered: what the pieces say is what the layer says."""

from pathlib import Path

import orjson
import pytest

from spatial.errors import StoreError
from spatial.serve.read.layer import Layer
from spatial.serve.read.shapes import Pool
from spatial.store.answers import ANSWERS, open_features, open_shapes
from spatial.store.snapshot import Snapshot
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
            for head, tail in zip(layer.heads, layer.tails, strict=True)
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
        told = [orjson.loads(bytes(tail)[14:-2]) for tail in layer.tails]

        for name, column in layer.columns.items():
            assert column.pick(layer.shape_of * 0 + range(layer.count)) == [
                row[name] for row in told
            ]


def test_files_that_are_gone_are_named(snapshot: Snapshot) -> None:
    collection = snapshot.contents.collections[0]
    for path in (snapshot.path / ANSWERS).iterdir():
        path.write_bytes(b"")

    with pytest.raises(StoreError, match=f"{collection.id}.arrow of the snapshot cannot be read"):
        open_features(snapshot.path, collection)
    with pytest.raises(StoreError, match=r"vormen.arrow of the snapshot cannot be read"):
        open_shapes(snapshot.path)
