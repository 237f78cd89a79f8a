"""Features that follow each other are one piece, and properties that are cut out are the asked ones."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spatial.serve.read.cuts import Cuts
from spatial.serve.read.edition import Edition
from spatial.serve.read.features import Features
from spatial.serve.read.fragments import Fragments
from spatial.serve.read.layer import Layer

CELLS = [b"", b"a", b"bc", b"def", b"", b"g"]


def fragments() -> Fragments:
    ends = np.cumsum([len(cell) for cell in CELLS])
    return Fragments(memoryview(b"".join(CELLS)), np.array([0, *ends[:-1]]), ends)


def told(features: Features, rows: np.ndarray) -> list[dict[str, object]]:
    text = b"".join(features.whole.runs(rows))
    found: list[dict[str, object]] = json.loads(b"[" + text[:-1] + b"]")
    return found


@given(st.lists(st.integers(0, len(CELLS) - 1)))
def test_runs_are_the_cells_in_the_order_asked(places: list[int]) -> None:
    runs = fragments().runs(np.array(places, dtype=np.intp))

    assert b"".join(runs) == b"".join(CELLS[place] for place in places)


def test_cells_that_follow_each_other_are_one_piece() -> None:
    runs = fragments().runs(np.array([1, 2, 3, 5, 0, 1]))

    assert [bytes(run) for run in runs] == [b"abcdef", b"g", b"a"]


@given(st.data())
def test_a_cut_has_the_rows_and_the_properties_in_the_order_asked(
    ouderen: Layer, data: st.DataObject
) -> None:
    rows = data.draw(st.lists(st.integers(0, ouderen.count - 1), min_size=1, max_size=9))
    names = data.draw(
        st.lists(st.sampled_from(list(ouderen.columns)), min_size=1, max_size=12, unique=True)
    )
    everything = told(ouderen.encoded, np.arange(ouderen.count))

    cut, places = ouderen.cut(np.array(rows), names)
    features = told(cut, places)

    assert [feature["id"] for feature in features] == [everything[row]["id"] for row in rows]
    for feature, row in zip(features, rows, strict=True):
        properties = everything[row]["properties"]
        assert isinstance(properties, dict)
        wanted = {name: properties[name] for name in names}
        assert json.dumps(feature) == json.dumps({**everything[row], "properties": wanted})


def test_who_asks_the_same_properties_again_gets_them_of_the_whole_layer(edition: Edition) -> None:
    collection = edition.collection("ouderen-gemeente")
    layer = Layer(collection, edition.snapshot.layer(collection), cuts=(cuts := Cuts()))
    rows, names = np.array([3, 7]), ["regioNaam"]

    first, _ = layer.cut(rows, names)
    before = cuts.size
    second, places = layer.cut(rows, names)
    third, _ = layer.cut(rows, names)

    assert (len(first.whole), before) == (2, 0)
    assert (len(second.whole), cuts.size) == (layer.count, second.size)
    assert third is second
    assert [bytes(tail) for tail in second.tails.pick(places.tolist())] == [
        bytes(tail) for tail in first.tails
    ]


def test_cuts_stay_within_their_bytes(edition: Edition) -> None:
    collection = edition.collection("ouderen-gemeente")
    cuts = Cuts(limit=10_000)
    layer = Layer(collection, edition.snapshot.layer(collection), cuts=cuts)
    every, rows = list(layer.columns), np.array([0])

    for names in (*([name] for name in every), every):
        layer.cut(rows, names)
        layer.cut(rows, names)

    assert 0 < cuts.size <= 10_000


def test_a_cut_that_would_take_half_of_the_room_is_made_of_the_asked_rows(edition: Edition) -> None:
    collection = edition.collection("ouderen-gemeente")
    cuts = Cuts(limit=1_000)
    layer = Layer(collection, edition.snapshot.layer(collection), cuts=cuts)

    for _ in range(3):
        cut, _ = layer.cut(np.array([0]), ["regioNaam"])
        assert len(cut.whole) == 1
    assert cuts.size == 0


@pytest.mark.parametrize("collection", ["ouderen-gemeente", "grenzen-gemeente", "herindelingen"])
def test_a_short_shape_stands_in_its_feature(edition: Edition, collection: str) -> None:
    layer = edition.layer(collection)

    features = told(layer.encoded, np.arange(layer.count))

    assert layer.encoded.placed
    for feature, place in zip(features, layer.shape_of, strict=True):
        assert (feature["geometry"] is None) == (place < 0)
