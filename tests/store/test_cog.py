"""Densities as cloud-optimised GeoTIFF, judged by rio-cogeo and read back by GDAL."""

import resource
import signal
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import rasterio
from rasterio.io import DatasetReader
from rio_cogeo.cogeo import cog_validate

from spatial.domain.squares import Frame
from spatial.errors import StoreError
from spatial.store.rasters.cog import BLOCK, NODATA, BandValues, write_cog

FRAME = Frame(10_000, 600_000, 500, 700, 520)
UNIT = "personen per km2"


def band(description: str, seed: int, cells: int = 4000) -> BandValues:
    draws = np.random.default_rng(seed)
    places = np.sort(draws.choice(FRAME.size, cells, replace=False)).astype(np.int64)
    values = draws.uniform(40, 9000, cells).astype(np.float32)
    return BandValues(places, values, description, UNIT, {"PEILMOMENT": f"2022-01-0{seed}"})


NOTHING = np.zeros(0, np.int64)
EMPTY = BandValues(NOTHING, NOTHING.astype(np.float32), "leeg", UNIT)
BANDS = (band("eerste", 1), band("tweede", 2), EMPTY)


def written(folder: Path, bands: Sequence[BandValues] = BANDS) -> Path:
    path = folder / "dichtheid.tif"
    write_cog(path, FRAME, bands, {"BRON": "miniland"})
    return path


def full(one: BandValues) -> np.ndarray:
    values = np.full(FRAME.size, NODATA, np.float32)
    values[one.cells] = one.values
    return values.reshape(FRAME.shape)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("cog"))


@pytest.fixture
def raster(path: Path) -> DatasetReader:
    return rasterio.open(path)


def test_it_is_a_cloud_optimised_geotiff(path: Path) -> None:
    valid, errors, warnings = cog_validate(path, strict=True, quiet=True)

    assert (valid, errors, warnings) == (True, [], [])


def test_every_cell_comes_back_as_it_was(raster: DatasetReader) -> None:
    np.testing.assert_array_equal(raster.read(), np.stack([full(one) for one in BANDS]))


def test_it_lies_where_its_frame_says(raster: DatasetReader) -> None:
    assert raster.crs.to_epsg() == 28992
    assert tuple(raster.bounds) == FRAME.bbox
    assert raster.res == (500, 500)
    assert raster.block_shapes == [(BLOCK, BLOCK)] * 3


def test_bands_say_what_they_are(raster: DatasetReader) -> None:
    assert raster.descriptions == ("eerste", "tweede", "leeg")
    assert raster.units == (UNIT,) * 3
    assert raster.nodata == NODATA
    assert raster.tags(2)["PEILMOMENT"] == "2022-01-02"
    assert raster.tags()["BRON"] == "miniland"


def test_statistics_are_those_of_the_cells_that_show_something(raster: DatasetReader) -> None:
    tags, values = raster.tags(1), BANDS[0].values.astype(np.float64)

    found = [float(tags[f"STATISTICS_{name}"]) for name in ("MINIMUM", "MAXIMUM", "MEAN")]

    assert found == pytest.approx([values.min(), values.max(), values.mean()], rel=1e-6)


def test_an_overview_never_shows_less_than_the_least_cell(
    path: Path, raster: DatasetReader
) -> None:
    assert raster.overviews(1) == [2, 4]

    with rasterio.open(path, overview_level=0) as half:
        shown = half.read(1, masked=True)

    assert float(shown.min()) >= float(BANDS[0].values.min())


def test_the_same_cells_are_the_same_bytes(tmp_path: Path, path: Path) -> None:
    assert written(tmp_path).read_bytes() == path.read_bytes()


def test_nothing_else_is_left_in_the_folder(path: Path) -> None:
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]


def test_a_file_that_cannot_be_written_is_a_named_error_and_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "dichtheid.tif").mkdir()

    with pytest.raises(StoreError, match=r"dichtheid\.tif cannot be written"):
        written(tmp_path)

    assert [entry.name for entry in tmp_path.iterdir()] == ["dichtheid.tif"]


def test_too_large_a_file_is_a_named_error(tmp_path: Path) -> None:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, before[1]))
    try:
        with pytest.raises(StoreError, match=r"dichtheid\.tif cannot be written"):
            written(tmp_path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)
