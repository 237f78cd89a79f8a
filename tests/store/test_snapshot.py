import json
from pathlib import Path

import geopandas as gpd
import pyarrow as pa
import pytest

from spatial.errors import StoreError
from spatial.store.catalogue import Contents, from_json, to_json
from spatial.store.layers import read_layer, write_layer
from spatial.store.snapshot import Draft, draft, open_snapshot, prune, publish
from tests.miniland import miniland_snapshot, observations


def kill(half: Draft) -> None:
    half.add_text("a.txt", "half")
    raise KeyboardInterrupt


def test_two_builds_of_the_same_input_are_the_same_bytes(tmp_path: Path) -> None:
    one, other = (miniland_snapshot(tmp_path / name, observations()) for name in "ab")

    assert one.id == other.id
    assert one.manifest == other.manifest


def test_live_points_at_the_published_snapshot(tmp_path: Path) -> None:
    snapshot = miniland_snapshot(tmp_path)

    assert open_snapshot(tmp_path).path == snapshot.path


def test_an_interrupted_build_leaves_the_old_snapshot(tmp_path: Path) -> None:
    before = miniland_snapshot(tmp_path)

    with pytest.raises(KeyboardInterrupt), draft(tmp_path) as half:
        kill(half)

    assert open_snapshot(tmp_path).id == before.id
    assert [entry.name for entry in (tmp_path / "snapshots").iterdir()] == [before.id]


def test_what_a_killed_build_left_is_swept_by_the_next(tmp_path: Path) -> None:
    (tmp_path / "snapshots" / ".partial-old").mkdir(parents=True)

    snapshot = miniland_snapshot(tmp_path)

    assert [entry.name for entry in (tmp_path / "snapshots").iterdir()] == [snapshot.id]


def test_a_full_disk_is_said_and_the_last_good_one_stays(tmp_path: Path) -> None:
    before = miniland_snapshot(tmp_path)

    with (
        pytest.raises(StoreError, match=r"No space left.*the last good one is still live"),
        draft(tmp_path),
    ):
        raise OSError(28, "No space left on device")

    assert open_snapshot(tmp_path).id == before.id


def test_a_draft_without_manifest_is_never_published(tmp_path: Path) -> None:
    with draft(tmp_path) as unfinished, pytest.raises(StoreError, match="without manifest"):
        publish(unfinished, tmp_path)


def test_what_is_written_anew_between_two_sealings_is_in_the_manifest(tmp_path: Path) -> None:
    nothing = Contents((), ())
    with draft(tmp_path) as unfinished:
        unfinished.add_text("a.txt", "first")
        unfinished.add_layer("b.parquet", pa.table({"x": [1]}))
        unfinished.seal(nothing, {})
        unfinished.add_text("a.txt", "second")
        unfinished.add_layer("b.parquet", pa.table({"x": [2]}))
        unfinished.seal(nothing, {})
        snapshot = publish(unfinished, tmp_path)

    assert snapshot.verify() == []


def test_an_empty_store_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="run 'spatial build' first"):
        open_snapshot(tmp_path)


def test_a_snapshot_of_another_version_is_refused(tmp_path: Path) -> None:
    snapshot = miniland_snapshot(tmp_path)
    manifest = snapshot.path / "manifest.json"
    manifest.write_text(json.dumps({**snapshot.manifest, "schema_version": 0}))

    with pytest.raises(StoreError, match="schema version 0, this program reads 7"):
        open_snapshot(tmp_path)


def test_a_changed_byte_is_found(tmp_path: Path) -> None:
    snapshot = miniland_snapshot(tmp_path)
    (snapshot.path / "catalogue.json").write_text("{}")

    assert snapshot.verify() == ["catalogue.json"]


def test_a_broken_catalogue_is_an_error_of_the_store(tmp_path: Path) -> None:
    snapshot = miniland_snapshot(tmp_path)
    (snapshot.path / "catalogue.json").write_text("{")

    with pytest.raises(StoreError, match=r"catalogue.json of the snapshot cannot be read"):
        _ = open_snapshot(tmp_path).contents


def test_the_catalogue_survives_writing_and_reading(tmp_path: Path) -> None:
    contents = miniland_snapshot(tmp_path).contents

    assert from_json(json.loads(json.dumps(to_json(contents)))) == contents


def test_a_catalogue_with_an_unknown_member_is_refused() -> None:
    with pytest.raises(StoreError, match="cannot be read"):
        from_json({"collections": [], "sources": [{"naam": "x", "status": "officieel"}]})


def test_unknown_collections_and_sources_are_named(tmp_path: Path) -> None:
    contents = miniland_snapshot(tmp_path).contents

    with pytest.raises(StoreError, match="no collection 'studenten-land'"):
        contents.get("studenten-land")
    with pytest.raises(StoreError, match="no source 'x'"):
        contents.source("x")


def test_example_figures_and_schematic_boundaries_must_be_said(tmp_path: Path) -> None:
    snapshot = miniland_snapshot(tmp_path)
    notices = snapshot.contents.notices(snapshot.contents.get("ouderen-gemeente"))

    assert [text.split(":")[0] for text in notices] == ["Voorbeeldcijfers", "Schematische grenzen"]
    assert snapshot.manifest["example"] is True


def test_prune_keeps_the_live_one(tmp_path: Path) -> None:
    live = miniland_snapshot(tmp_path)
    for name in ("old1", "old2"):
        (tmp_path / "snapshots" / name).mkdir()

    assert prune(tmp_path, keep=1) == ["old1", "old2"]
    assert open_snapshot(tmp_path).id == live.id


def test_a_layer_is_geoparquet_that_others_read(tmp_path: Path) -> None:
    snapshot = miniland_snapshot(tmp_path)
    frame = gpd.read_parquet(snapshot.path / "ouderen-gemeente.parquet")

    assert frame.crs is not None
    assert frame.crs.to_epsg() == 28992
    assert set(frame.geom_type) == {"MultiPolygon"}
    assert frame.loc[frame["regioCode"] == "GM0002", "personen"].isna().all()
    assert set(frame.loc[frame["regioCode"] == "GM0002", "personenStatus"]) == {
        "geheim_of_onbekend"
    }


def test_a_table_without_shapes_is_plain_parquet(tmp_path: Path) -> None:
    table = pa.table({"a": [1, 2]})

    write_layer(table, tmp_path / "a.parquet")

    assert read_layer(tmp_path / "a.parquet").equals(table)


def test_a_missing_layer_is_an_error_of_the_store(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"layer a.parquet cannot be read"):
        read_layer(tmp_path / "a.parquet")
