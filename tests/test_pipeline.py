import json
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pytest
import shapely

from spatial import pipeline
from spatial.domain.findings import Finding, Severity
from spatial.errors import CheckFailedError, SourceError, SpatialError
from spatial.serve.config import drift
from spatial.settings import Settings
from spatial.store.snapshot import Snapshot, open_snapshot

INDELINGEN = {2018: 380, 2019: 355, 2020: 355, 2021: 352, 2022: 345, 2023: 342}


@pytest.fixture(scope="module")
def snapshot(example: Settings) -> Snapshot:
    return open_snapshot(example.data)


def quiet(_step: str, _done: float) -> None:
    """Ignore progress."""


def test_every_theme_is_there_at_every_level(snapshot: Snapshot) -> None:
    found = {entry.id for entry in snapshot.contents.collections}
    levels = ("land", "provincie", "corop", "veiligheidsregio", "gemeente")
    themes = (
        "ouderen",
        "studenten",
        "uitstroom-detentie",
        "vergunninghouders",
        "taakstelling",
        "grenzen",
    )

    assert found == {f"{thema}-{niveau}" for thema in themes for niveau in levels} | {
        "herindelingen"
    }


@pytest.mark.parametrize(("year", "count"), INDELINGEN.items())
def test_1_january_has_exactly_the_gemeenten_of_its_indeling(
    snapshot: Snapshot, year: int, count: int
) -> None:
    layer = snapshot.layer(snapshot.contents.get("ouderen-gemeente"))
    rows = layer.filter(
        pc.equal(layer["id"], pc.binary_join_element_wise(layer["regioCode"], f"{year}-01-01", "-"))
    )

    assert rows.num_rows == count
    assert pc.unique(rows["indeling"]).to_pylist() == [year]


def test_every_value_has_a_status_and_a_status_without_value_has_no_number(
    snapshot: Snapshot,
) -> None:
    without = ["geheim_of_onbekend", "niet_van_toepassing", "ontbreekt_in_bron", "te_klein"]
    for entry in snapshot.contents.collections:
        layer = snapshot.layer(entry)
        for indicator in entry.indicatoren:
            absent = pc.is_in(layer[f"{indicator}Status"], pa.array(without))
            assert layer[f"{indicator}Status"].null_count == 0
            for column in (indicator, f"{indicator}Min", f"{indicator}Max"):
                assert pc.is_null(layer[column]).equals(absent)


def test_example_figures_show_confidential_cells(snapshot: Snapshot) -> None:
    layer = snapshot.layer(snapshot.contents.get("vergunninghouders-gemeente"))
    statuses = pc.value_counts(layer["personenStatus"]).to_pylist()

    assert {"geheim_of_onbekend", "waargenomen"} <= {entry["values"] for entry in statuses}


def test_the_first_features_are_complete_for_clients_that_guess_types(snapshot: Snapshot) -> None:
    first = snapshot.layer(snapshot.contents.get("ouderen-gemeente")).slice(0, 20)
    assert [name for name in first.column_names if first[name].null_count] == []


def test_amsterdam_holds_its_own_centre_in_rd(snapshot: Snapshot) -> None:
    layer = snapshot.layer(snapshot.contents.get("grenzen-gemeente"))
    rows = layer.filter(pc.equal(layer["regioCode"], "GM0363")).to_pylist()

    assert len(rows) == 9
    assert all(
        shapely.from_wkb(row["geometry"]).contains(shapely.Point(121400, 487400)) for row in rows
    )


def test_two_builds_of_the_same_input_are_byte_identical(example: Settings, tmp_path: Path) -> None:
    again = pipeline.build(replace(example, data=tmp_path), None, quiet).snapshot

    assert again.manifest["files"] == open_snapshot(example.data).manifest["files"]
    assert again.id == open_snapshot(example.data).id


def test_the_committed_configuration_is_what_the_catalogue_says(
    example: Settings, snapshot: Snapshot
) -> None:
    assert drift(example.config.read_text("utf-8"), snapshot.contents) == []


def test_a_missing_mirror_leaves_the_last_good_snapshot(example: Settings, tmp_path: Path) -> None:
    before = open_snapshot(example.data).id

    with pytest.raises(SourceError, match="boundaries"):
        pipeline.build(example, tmp_path, quiet)

    assert open_snapshot(example.data).id == before


def test_an_error_finding_stops_the_build(
    example: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = open_snapshot(example.data).id
    monkeypatch.setattr(pipeline, "check_codes", _unknown_code)

    with pytest.raises(CheckFailedError, match="nothing was published; the first: error: grenzen"):
        pipeline.build(example, None, quiet)

    assert open_snapshot(example.data).id == before


def _unknown_code(*_args: object) -> list[Finding]:
    return [Finding(Severity.ERROR, "grenzen", "GM9999", "codes", "unknown")]


def test_a_step_that_fails_leaves_nothing_half_written(example: Settings) -> None:
    before = sorted(path.name for path in (example.data / "snapshots").iterdir())

    def stop(step: str, _done: float) -> None:
        if step == "maps":
            raise SpatialError("stopped")

    with pytest.raises(SpatialError, match="stopped"):
        pipeline.build(example, None, stop)

    assert sorted(path.name for path in (example.data / "snapshots").iterdir()) == before


def test_findings_are_kept_with_the_snapshot(snapshot: Snapshot) -> None:
    findings = json.loads((snapshot.path / "bevindingen.json").read_text("utf-8"))

    assert all({"severity", "where", "key", "rule", "message"} == set(entry) for entry in findings)
