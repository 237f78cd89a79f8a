"""Densities of a small country, in which GM0002 is confidential, and of the example."""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
import rasterio
from rasterio.features import geometry_mask
from rasterio.transform import from_origin
from rio_cogeo.cogeo import cog_validate
from shapely import from_wkb

from spatial.domain.facts import Facts
from spatial.domain.findings import Finding
from spatial.domain.indicators import Thema, load_catalogue
from spatial.domain.sources import SourceStatus
from spatial.domain.squares import SpreadRules
from spatial.domain.status import Status
from spatial.errors import ExportError, SettingsError, SpatialError
from spatial.exporting import cog
from spatial.normalise.facts import read_facts
from spatial.pipeline.density.make import (
    DensityOrder,
    GridFile,
    build_densities,
    export_densities,
)
from spatial.pipeline.density.write import Densities, Layers
from spatial.settings import Settings, read_settings
from spatial.store.rasters.index import Coverage, read_coverages, read_index
from spatial.store.snapshot import Snapshot, open_snapshot
from tests.miniland import FIGURES, boundaries, miniland_snapshot, observations, table

SIDE = 300
"""Ten kilometres are no whole number of these: there are cells on every border."""


@dataclass(frozen=True)
class Spreading:
    """A snapshot, a grid, and a folder to write in."""

    snapshot: Snapshot
    facts: Facts
    grid: Path
    out: Path

    @property
    def layers(self) -> Layers:
        return Layers(self.snapshot.path, self.snapshot.contents)

    def export(
        self, *indicators: str, collection: str = "ouderen-gemeente", threshold: float = 10
    ) -> tuple[tuple[Coverage, ...], list[Finding]]:
        rules = SpreadRules(threshold, reach=0)
        order = DensityOrder(collection, indicators, GridFile(self.grid), rules)
        return export_densities(self.layers, self.facts, order, self.out, quiet)

    def persons(self) -> Coverage:
        (coverage,), _ = self.export("personen")
        return coverage


def quiet(_step: str, _done: float) -> None:
    """Ignore progress."""


def geotiff(path: Path, people: np.ndarray, side: float) -> Path:
    """A grid that begins somewhat west and north of miniland."""
    profile = {
        "driver": "GTiff", "height": people.shape[0], "width": people.shape[1], "count": 1,
        "dtype": "float32", "crs": "EPSG:28992", "nodata": -1,
        "transform": from_origin(119_400, 490_800, side, SIDE),
    }  # fmt: skip
    with rasterio.open(path, "w", **profile) as target:
        target.write(people.astype(np.float32), 1)
    return path


@pytest.fixture(scope="module")
def grid(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Forty villages in the land, and nobody elsewhere."""
    draws = np.random.default_rng(3)
    people = np.full((40, 174), -1.0)
    for row, column in zip(draws.integers(2, 36, 40), draws.integers(2, 168, 40), strict=True):
        people[row, column] = draws.integers(50, 900)
    return geotiff(tmp_path_factory.mktemp("grid") / "inwoners.tif", people, SIDE)


@pytest.fixture
def spreading(tmp_path: Path, grid: Path) -> Spreading:
    facts = read_facts(read_settings({}).boundaries)
    return Spreading(miniland_snapshot(tmp_path / "store"), facts, grid, tmp_path / "out")


def inside(code: str, year: int, raster: rasterio.DatasetReader, *, touched: bool) -> np.ndarray:
    """Cells with their middle in a gemeente, or all that it touches."""
    shapes = boundaries()
    shape = shapes[(shapes["code"] == code) & (shapes["indeling"] == year)].geometry
    mask: np.ndarray = geometry_mask(
        shape, raster.shape, raster.transform, all_touched=touched, invert=True
    )
    return mask


def test_there_is_a_band_for_every_peilmoment_on_its_own_boundaries(spreading: Spreading) -> None:
    coverage = spreading.persons()

    moments = [(band.peilmoment.isoformat(), band.indeling) for band in coverage.bands]
    assert coverage.id == "ouderen-personen-dichtheid-300m"
    assert moments == [
        (f"{year}-{day}", year) for year in (2020, 2021, 2022) for day in ("01-01", "12-31")
    ]


@pytest.mark.parametrize(
    ("band", "year", "counts"),
    [
        (1, 2020, {"GM0001": 120, "GM0003": 60, "GM0004": 200, "GM0005": 80}),
        (3, 2021, {"GM0001": 120, "GM0003": 100, "GM0004": 240}),
        (5, 2022, {"GM0010": 125, "GM0003": 100, "GM0004": 240}),
    ],
)
def test_the_cells_of_a_gemeente_sum_to_its_count(
    spreading: Spreading, band: int, year: int, counts: dict[str, int]
) -> None:
    coverage = spreading.persons()

    with rasterio.open(spreading.out / coverage.file) as raster:
        values = raster.read(band, masked=True).filled(0).astype(np.float64) * 0.09
        # the borders run between the middles of cells, so a middle is in the gemeente of its cell
        sums = {code: values[inside(code, year, raster, touched=False)].sum() for code in counts}

    assert sums == pytest.approx(counts, rel=1e-6)
    assert values.sum() == pytest.approx(sum(counts.values()), rel=1e-6)


def test_nothing_is_shown_of_a_confidential_gemeente_nor_does_it_change_its_neighbours(
    spreading: Spreading, tmp_path: Path
) -> None:
    told = replace(
        spreading,
        snapshot=miniland_snapshot(tmp_path / "told", with_count("GM0002", 900)),
        out=tmp_path / "told-out",
    )

    secret, open_ = spreading.persons(), told.persons()

    with rasterio.open(spreading.out / secret.file) as raster:
        hidden = raster.read(1, masked=True)
        own = inside("GM0002", 2020, raster, touched=False)
    with rasterio.open(told.out / open_.file) as raster:
        shown = raster.read(1, masked=True)
    assert hidden.mask[own].all()
    assert not shown.mask[own].all()
    np.testing.assert_array_equal(hidden.filled()[~own], shown.filled()[~own])
    assert secret.bands[0].statuses == {Status.WAARGENOMEN: 4, Status.GEHEIM_OF_ONBEKEND: 1}


def with_count(code: str, value: int) -> pa.Table:
    """The figures of miniland with another count of persons in one gemeente."""
    rows = observations().to_pylist()
    for row in rows:
        if row["code"] == code and row["maat"] == "personen":
            row |= {"waarde": value, "ondergrens": value - 2, "bovengrens": value + 2}
            row["status"] = Status.WAARGENOMEN.value
    return table(rows)


def test_no_cell_holds_fewer_than_the_threshold(spreading: Spreading) -> None:
    coverage = spreading.persons()

    assert min(band.minimum or 0 for band in coverage.bands) >= 10 / 0.09 * (1 - 1e-7)


def test_a_gemeente_with_too_few_is_too_small_and_a_band_without_cells_stays(
    spreading: Spreading,
) -> None:
    (coverage,), _ = spreading.export("personen", threshold=220)

    assert [band.cells > 0 for band in coverage.bands] == [False, False, True, True, True, True]
    assert coverage.bands[0].statuses == {Status.TE_KLEIN: 4, Status.GEHEIM_OF_ONBEKEND: 1}
    assert coverage.bands[0].minimum is None


def test_what_nothing_may_be_shown_of_is_an_error_alone_and_a_finding_among_others(
    spreading: Spreading,
) -> None:
    flow = "vrijgekomenCorporatiewoningen"

    with pytest.raises(ExportError, match="may be shown"):
        spreading.export(flow, threshold=50)
    written, findings = spreading.export(threshold=50)

    assert [entry.indicator for entry in written] == ["personen", "huishoudens"]
    assert [(entry.key, entry.rule) for entry in findings[:1]] == [(flow, "no-density")]


def test_a_flow_has_bands_for_the_days_on_which_it_ends(spreading: Spreading) -> None:
    (coverage,), _ = spreading.export("vrijgekomenCorporatiewoningen")

    assert coverage.id == "ouderen-vrijgekomen-corporatiewoningen-dichtheid-300m"
    assert {(band.peilmoment.month, band.peilmoment.day) for band in coverage.bands} == {(12, 31)}


def test_bands_and_file_say_what_they_are(spreading: Spreading) -> None:
    named = GridFile(spreading.grid, title="Vierkanten van miniland", licence="CC BY 4.0")
    order = DensityOrder("ouderen-gemeente", ("personen",), named)

    (coverage,), _ = export_densities(
        spreading.layers, spreading.facts, order, spreading.out, quiet
    )

    with rasterio.open(spreading.out / coverage.file) as raster:
        tags, last = raster.tags(), raster.tags(6)
        assert raster.descriptions[0] == "Ouderen: personen per km2, 1-1-2020"
        assert set(raster.units) == {"personen per km2"}
    assert (last["PEILMOMENT"], last["INDELING"], last["VOORLOPIG"]) == ("2022-12-31", "2022", "ja")
    assert last["STATUS_WAARGENOMEN"] == "3"
    assert tags["BRON"].endswith("Vierkanten van miniland")
    assert tags["LICENTIE"].endswith("CC BY 4.0")
    assert tags["MELDING"].startswith("Voorbeeldcijfers")


def test_an_estimated_count_is_named_in_its_band(spreading: Spreading, tmp_path: Path) -> None:
    rows = observations().to_pylist()
    for row in rows:
        if row["code"] == "GM0003":
            row["status"] = Status.GESCHAT.value
    spreading = replace(spreading, snapshot=miniland_snapshot(tmp_path / "carried", table(rows)))

    coverage = spreading.persons()

    with rasterio.open(spreading.out / coverage.file) as raster:
        assert raster.tags(1)["GESCHAT"] == "GM0003"
    assert coverage.bands[0].statuses[Status.GESCHAT] == 1


def test_a_folder_keeps_an_index_of_all_that_was_written_there(spreading: Spreading) -> None:
    for name in ("personen", "huishoudens"):
        spreading.export(name)

    found = read_index(spreading.out / "index.json")

    assert [entry.indicator for entry in found] == ["huishoudens", "personen"]
    assert all((spreading.out / entry.file).stat().st_size == entry.size for entry in found)


@pytest.mark.parametrize(
    ("collection", "indicator", "said"),
    [
        ("ouderen-provincie", "personen", "only figures of gemeenten"),
        ("grenzen-gemeente", "personen", "only figures of gemeenten"),
        ("ouderen-gemeente", "aandeelKoop", "no indicator aandeelKoop"),
        ("ouderen-gemeente", "personn", "no indicator 'personn'"),
        ("ouderen-dorp", "personen", "no collection"),
    ],
)
def test_what_cannot_be_spread_is_refused(
    spreading: Spreading, collection: str, indicator: str, said: str
) -> None:
    with pytest.raises(SpatialError, match=said):
        spreading.export(indicator, collection=collection)


def test_grenzen_have_no_counts_to_spread(spreading: Spreading) -> None:
    with pytest.raises(ExportError, match="no counts"):
        spreading.export(collection="grenzen-gemeente")


def test_a_share_is_not_spread(spreading: Spreading) -> None:
    share = load_catalogue().get("personenPerHuishouden")
    collection = spreading.snapshot.contents.get("ouderen-gemeente")
    with_share = replace(collection, indicatoren=(*collection.indicatoren, share.id))
    densities = Densities(spreading.layers, GridFile(spreading.grid).read())

    with pytest.raises(ExportError, match="has no density"):
        densities.write(with_share, share, spreading.out)


def real_layers(snapshot: Snapshot) -> Layers:
    """Its layers, as if the figures were those of CBS."""
    sources = [
        replace(source, status=SourceStatus.OFFICIEEL) if source.id == FIGURES.id else source
        for source in snapshot.contents.sources
    ]
    return Layers(snapshot.path, replace(snapshot.contents, sources=tuple(sources)))


def test_real_figures_are_never_spread_over_an_example_grid(spreading: Spreading) -> None:
    layers = real_layers(spreading.snapshot)
    order = DensityOrder("ouderen-gemeente")

    with pytest.raises(ExportError, match="--grid"):
        export_densities(layers, spreading.facts, order, spreading.out, quiet)

    assert build_densities(layers, spreading.facts, None) == ((), [])


def test_a_build_with_real_figures_spreads_them_over_the_grid_that_was_named(
    spreading: Spreading,
) -> None:
    layers = real_layers(spreading.snapshot)

    written, _ = build_densities(layers, spreading.facts, spreading.grid)

    told = [(entry.indicator, entry.voorbeeld, entry.grid) for entry in written]
    assert told == [("personen", False, SIDE), ("huishoudens", False, SIDE)]
    assert read_coverages(layers.folder) == tuple(sorted(written, key=lambda entry: entry.id))


def test_a_build_makes_cells_of_500_m_of_smaller_ones(spreading: Spreading, tmp_path: Path) -> None:
    path = tmp_path / "vierkanten.csv"
    path.write_text("crs28992res100m,aantal_inwoners\nE1210N4810,400\nE1211N4811,300\n")

    written, findings = build_densities(spreading.layers, spreading.facts, path)

    assert {entry.grid for entry in written} == {500}
    assert {band.cells for entry in written for band in entry.bands} == {1}
    assert {entry.rule for entry in findings} == {"grid-covers"}


def test_a_grid_on_which_nothing_may_be_shown_is_told_and_stops_no_build(
    spreading: Spreading, tmp_path: Path
) -> None:
    sea = np.zeros((40, 200))
    sea[:, -1] = 100

    written, findings = build_densities(
        spreading.layers, spreading.facts, geotiff(tmp_path / "zee.tif", sea, SIDE)
    )

    assert written == ()
    assert {entry.rule for entry in findings} == {"no-density", "grid-covers", "grid-fits"}


def test_a_grid_that_is_only_fit_for_weights_is_told_and_stops_no_build(
    spreading: Spreading, tmp_path: Path
) -> None:
    oblong = geotiff(tmp_path / "lang.tif", np.ones((2, 2)), 2 * SIDE)

    written, findings = build_densities(spreading.layers, spreading.facts, oblong)

    assert written == ()
    assert [entry.rule for entry in findings] == ["no-density"]


def test_the_command_writes_what_it_says(
    spreading: Spreading, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SPATIAL_DATA", str(spreading.snapshot.path))

    cog(
        "ouderen-gemeente",
        spreading.out,
        ["personen", "vrijgekomenCorporatiewoningen"],
        spreading.grid,
        threshold=50,
        reach=0,
    )

    out, err = capsys.readouterr()
    assert "ouderen-personen-dichtheid-300m.tif: 6 bands" in out
    assert "Voorbeeldcijfers" in out
    assert "no-density" in err
    assert (spreading.out / "ouderen-personen-dichtheid-300m.tif").is_file()


def test_the_command_refuses_facts_about_a_grid_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="--grid"):
        cog("ouderen-gemeente", tmp_path, cell=500)


@pytest.fixture(scope="module")
def made(example: Settings) -> tuple[Snapshot, tuple[Coverage, ...]]:
    snapshot = open_snapshot(example.data)
    return snapshot, read_coverages(snapshot.path)


def test_the_example_has_densities_of_persons_and_households(
    made: tuple[Snapshot, tuple[Coverage, ...]],
) -> None:
    snapshot, coverages = made

    assert [entry.id for entry in coverages] == [
        "ouderen-huishoudens-dichtheid-500m", "ouderen-personen-dichtheid-500m",
    ]  # fmt: skip
    assert all(entry.voorbeeld and entry.notices_nl for entry in coverages)
    files = snapshot.manifest["files"]
    assert {entry.file: entry.sha256 for entry in coverages}.items() <= files.items()


def test_every_example_raster_is_cloud_optimised_and_as_the_index_says(
    made: tuple[Snapshot, tuple[Coverage, ...]],
) -> None:
    snapshot, coverages = made
    for entry in coverages:
        path = snapshot.path / entry.file

        assert cog_validate(path, strict=True, quiet=True) == (True, [], [])
        with rasterio.open(path) as raster:
            assert tuple(raster.bounds) == entry.bbox
            assert raster.shape == entry.shape
            assert raster.descriptions == tuple(band.label for band in entry.bands)
            shown = raster.read(1, masked=True).compressed().astype(np.float64)
        assert shown.mean() == pytest.approx(entry.bands[0].mean)


def test_the_example_raster_holds_every_older_person_of_every_gemeente_that_is_shown(
    made: tuple[Snapshot, tuple[Coverage, ...]],
) -> None:
    snapshot, coverages = made
    entry = next(entry for entry in coverages if entry.indicator == "personen")
    layer = snapshot.layer(snapshot.contents.get(f"{Thema.OUDEREN}-gemeente"))
    for band in (entry.bands[0], entry.bands[-1]):
        rows = layer.filter(pc.equal(layer["peilmoment"], pa.scalar(band.peilmoment)))
        with rasterio.open(snapshot.path / entry.file) as raster:
            values = raster.read(band.index, masked=True).filled(0).astype(np.float64)

        assert band.statuses == {Status.WAARGENOMEN: rows.num_rows}
        assert values.sum() * 0.25 == pytest.approx(pc.sum(rows["personen"]).as_py(), rel=1e-6)


def test_the_example_raster_lies_on_the_land(
    made: tuple[Snapshot, tuple[Coverage, ...]],
) -> None:
    snapshot, coverages = made
    layer = snapshot.layer(snapshot.contents.get("grenzen-gemeente"))
    rows = layer.filter(pc.equal(layer["indeling"], coverages[0].bands[0].indeling))
    shapes = from_wkb(rows["geometry"].to_numpy())
    with rasterio.open(snapshot.path / coverages[0].file) as raster:
        sea = geometry_mask(shapes, raster.shape, raster.transform, all_touched=True)
        hidden = raster.read(1, masked=True).mask

    assert hidden[sea].all()
