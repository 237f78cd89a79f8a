import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
import shapely

from spatial.domain.findings import Finding, Severity
from spatial.domain.regions import Niveau
from spatial.domain.status import Status
from spatial.errors import CheckFailedError, SourceError
from spatial.harmonise.kernel.levels import Way
from spatial.harmonise.series import carry_all
from spatial.pipeline import figures, land
from spatial.pipeline.build import Inputs, build_snapshot
from spatial.preview.styles import freeze_styles
from spatial.serve.config import drift
from spatial.settings import Settings
from spatial.store.schemes import owners, read_schemes
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
        "ouderen", "studenten", "uitstroom-detentie", "vergunninghouders", "taakstelling",
        "eerlijke-verdeling",
    )  # fmt: skip
    own = {f"{thema}-{niveau}" for thema in (*themes, "grenzen") for niveau in levels}
    carried = {
        f"{thema}-{niveau}-indeling-{year}"
        for thema in themes
        for niveau in levels
        for year in (2024, 2026)
    }

    analysed = {f"{thema}-opvallend-gemeente-indeling-2026" for thema in themes[:4]}
    analysed |= {
        f"{thema}-rang-gemeente-indeling-{year}" for thema in themes[:4] for year in (2024, 2026)
    }
    analysed |= {
        f"{thema}-vergelijking-{niveau}-indeling-2026" for thema in themes[:4] for niveau in levels
    }

    others = {"vergelijkbaar-gemeente", "herindelingen", "waarnemingen"}
    assert found == own | carried | analysed | others


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
    without = pa.array([status.value for status in Status if not status.has_value])
    unbounded = pa.array([status.value for status in Status if not status.has_bounds])
    for entry in snapshot.contents.layers:
        layer = snapshot.layer(entry)
        for indicator in entry.indicatoren:
            status = layer[f"{indicator}Status"]
            assert status.null_count == 0
            assert pc.is_null(layer[indicator]).equals(pc.is_in(status, without))
            for column in (f"{indicator}Min", f"{indicator}Max"):
                assert pc.is_null(layer[column]).equals(pc.is_in(status, unbounded))


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


@pytest.mark.client
def test_two_builds_of_the_same_input_are_byte_identical(example: Settings, tmp_path: Path) -> None:
    again = build_snapshot(replace(example, data=tmp_path), Inputs(), quiet).snapshot

    assert again.manifest["files"] == open_snapshot(example.data).manifest["files"]
    assert again.id == open_snapshot(example.data).id


def test_a_build_keeps_the_schemes_that_its_maps_use_beside_the_snapshots(
    example: Settings, snapshot: Snapshot
) -> None:
    kept = read_schemes(example.data, snapshot.contents)
    used = json.loads((snapshot.path / "kaart/stijlen/ouderen-gemeente.json").read_text("utf-8"))

    assert set(kept) == set(owners(snapshot.contents))
    for name, entry in kept["ouderen-gemeente"].items():
        assert entry.items() <= used["indicatoren"][name].items()
        assert (entry["versie"], entry["basis"]) == (1, "2023-12-31")
    assert freeze_styles(snapshot, kept).findings == []


def test_the_committed_configuration_is_what_the_catalogue_says(
    example: Settings, snapshot: Snapshot
) -> None:
    assert drift(example.config.read_text("utf-8"), snapshot.contents) == []


def test_a_missing_mirror_leaves_the_last_good_snapshot(example: Settings, tmp_path: Path) -> None:
    before = open_snapshot(example.data).id

    with pytest.raises(SourceError, match="boundaries"):
        build_snapshot(example, Inputs(tmp_path), quiet)

    assert open_snapshot(example.data).id == before


def test_an_error_finding_stops_the_build(
    example: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = open_snapshot(example.data).id
    monkeypatch.setattr(land, "check_codes", _unknown_code)

    with pytest.raises(CheckFailedError, match="nothing was published; the first: error: grenzen"):
        build_snapshot(example, Inputs(), quiet)

    assert open_snapshot(example.data).id == before


def _unknown_code(*_args: object) -> list[Finding]:
    return [Finding(Severity.ERROR, "grenzen", "GM9999", "codes", "unknown")]


def test_findings_are_kept_with_the_snapshot(snapshot: Snapshot) -> None:
    findings = json.loads((snapshot.path / "bevindingen.json").read_text("utf-8"))

    assert all({"severity", "where", "key", "rule", "message"} == set(entry) for entry in findings)


DIVIDED = {"GM1966", "GM1969", "GM0757", "GM0824", "GM0855", "GM0865"}


@pytest.mark.parametrize("thema", ["ouderen", "studenten", "uitstroom-detentie"])
def test_in_2024_exactly_the_receivers_of_splits_are_estimated(
    snapshot: Snapshot, thema: str
) -> None:
    entry = snapshot.contents.get(f"{thema}-gemeente-indeling-2024")
    layer = snapshot.layer(entry)
    estimated: set[tuple[str, int]] = set()
    for indicator in entry.indicatoren:
        rows = layer.filter(pc.equal(layer[f"{indicator}Status"], "geschat"))
        years = pc.year(rows["peilmoment"]).to_pylist()
        estimated |= set(zip(rows["regioCode"].to_pylist(), years, strict=True))

    assert {code for code, _ in estimated} == DIVIDED
    assert {year for code, year in estimated if code in {"GM1966", "GM1969"}} == {2018}
    assert max(year for _, year in estimated) == 2020


def test_totals_in_one_indeling_are_those_of_the_own_indelingen_to_the_unit(
    snapshot: Snapshot,
) -> None:
    own = snapshot.layer(snapshot.contents.get("ouderen-gemeente"))
    carried = snapshot.layer(snapshot.contents.get("ouderen-gemeente-indeling-2024"))

    assert _total_per_day(carried) == _total_per_day(own)


def _total_per_day(layer: pa.Table) -> dict[object, int]:
    rows = layer.group_by("peilmoment").aggregate([("personen", "sum")]).to_pylist()
    return {row["peilmoment"]: row["personen_sum"] for row in rows}


def test_a_region_that_kept_its_land_keeps_the_figure_of_the_source(snapshot: Snapshot) -> None:
    layer = snapshot.layer(snapshot.contents.get("ouderen-provincie-indeling-2024"))
    summed = layer.filter(pc.equal(layer["personenStatus"], "opgeteld"))

    assert set(summed["regioCode"].to_pylist()) == {"PV26", "PV28"}  # Vijfheerenlanden, 2019
    assert set(pc.year(summed["peilmoment"]).to_pylist()) == {2018}


def test_a_carried_row_says_what_it_was_made_of(snapshot: Snapshot) -> None:
    layer = snapshot.layer(snapshot.contents.get("ouderen-gemeente-indeling-2024"))
    rows = {row["id"]: row for row in layer.to_pylist()}

    assert rows["GM0363-2018-01-01"]["herkomst"] == "GM0363; GM0457"
    assert rows["GM0363-2018-01-01"]["methode"] == "opgeteld"
    assert rows["GM0824-2018-01-01"]["herkomst"].startswith("GM0824; GM0788 x 0.")


def test_a_retired_code_lists_its_years_last_day_and_successors(snapshot: Snapshot) -> None:
    layer = snapshot.layer(snapshot.contents.get("grenzen-gemeente"))
    rows = layer.filter(pc.equal(layer["regioCode"], "GM0788")).to_pylist()

    assert sorted(row["indeling"] for row in rows) == [2018, 2019, 2020]
    parts = dict(part.split() for part in rows[0]["opvolgers"].split("; "))
    assert str(rows[0]["laatsteDag"]) == "2020-12-31"
    assert parts.keys() == {"GM0757", "GM0824", "GM0855", "GM0865"}
    assert sum(float(part) for part in parts.values()) == pytest.approx(1, abs=1e-9)


def test_the_disclosure_audit_of_the_example_finds_nothing(snapshot: Snapshot) -> None:
    findings = json.loads((snapshot.path / "bevindingen.json").read_text("utf-8"))
    audit = [entry for entry in findings if entry["rule"] == "disclosure"]

    assert [entry["severity"] for entry in audit] == ["info"]
    assert ": 0 say more than the source" in audit[0]["message"]


@pytest.mark.client
def test_a_planted_sum_over_a_secret_gemeente_stops_the_build(
    example: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A sum of a merger of two that fills in for the secret one says more than the source."""
    monkeypatch.setattr(figures, "carry_all", _filling_in)

    with pytest.raises(CheckFailedError, match="errors, nothing was published; the first: error"):
        build_snapshot(example, Inputs(), quiet)


def test_a_redivision_has_the_weight_with_which_counts_go(snapshot: Snapshot) -> None:
    rows = snapshot.layer(snapshot.contents.get("herindelingen")).to_pylist()
    of_haaren = {row["nieuweCode"]: row for row in rows if row["oudeCode"] == "GM0788"}
    weesp = next(row for row in rows if row["oudeCode"] == "GM0457")

    assert sum(row["gewicht"] for row in of_haaren.values()) == pytest.approx(1)
    assert {row["gewichtMethode"] for row in of_haaren.values()} == {"opgegeven"}
    assert (weesp["gewicht"], weesp["gewichtMethode"]) == (1.0, "exact")
    assert str(weesp["datum"]) == "2022-03-24"
    assert all(row["geometry"] for row in [*of_haaren.values(), weesp])


PLANTED = ("uitstroom-detentie", 2024)


def _filling_in(observations: pa.Table, way: Way, cells: pa.Table | None) -> pa.Table:
    """Carry as it should be, but once take a secret part of Purmerend for nothing."""
    carried = carry_all(observations, way, cells)
    if (observations["groep"][0].as_py(), way.walk.naar) != PLANTED:
        return carried
    known = _of_old_purmerend(observations, carried)
    secret = pc.and_(
        pc.equal(carried["code"], "GM0439"), pc.equal(carried["status"], "geheim_of_onbekend")
    )
    places = np.flatnonzero(pc.and_(secret, pc.is_valid(known)).to_numpy(zero_copy_only=False))
    planted = pa.array(np.isin(np.arange(carried.num_rows), places[:1]))
    columns = {"waarde": known, "ondergrens": pc.subtract(known, 2), "bovengrens": pc.add(known, 2)}
    columns["status"] = pa.array(["opgeteld"] * carried.num_rows)
    for name, values in columns.items():
        place = carried.column_names.index(name)
        old = carried[name].cast(pa.string()) if name == "status" else carried[name]
        carried = carried.set_column(place, name, pc.if_else(planted, values, old))
    return carried


def _of_old_purmerend(observations: pa.Table, carried: pa.Table) -> pa.Array:
    keys = ("kenmerk", "maat", "eind")
    old = observations.filter(pc.equal(observations["code"], "GM0439"))
    rows = zip(*(old[name].to_pylist() for name in (*keys, "waarde")), strict=True)
    known = {row[:3]: row[3] for row in rows}
    wanted = zip(*(carried[name].to_pylist() for name in keys), strict=True)
    return pa.array([known.get(key) for key in wanted], pa.int64())


def test_the_observations_of_a_group_are_those_of_its_layer(snapshot: Snapshot) -> None:
    cube, niveau = snapshot.cube, Niveau.GEMEENTE
    layer = snapshot.layer(snapshot.contents.get("ouderen-gemeente"))
    rows = layer.filter(pc.equal(layer["peilmoment"], pa.scalar(date(2022, 1, 1)))).to_pylist()

    places, cells = cube.map(("ouderen", "totaal", "personen"), niveau, date(2022, 1, 1))
    codes = cube.axes.places["code"].take(pa.array(places)).to_pylist()
    found = dict(zip(codes, cells.cells(), strict=True))

    assert found.keys() == {row["regioCode"] for row in rows}
    for row in rows:
        cell = found[row["regioCode"]]
        assert cell is not None
        assert (cell.waarde, cell.status) == (row["personen"], row["personenStatus"])
        assert (cell.minimum, cell.maximum) == (row["personenMin"], row["personenMax"])
