import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import rasterio
from rasterio.io import MemoryFile

from spatial.domain.crs import RD
from spatial.errors import StoreError
from spatial.serve.ask.query import Box, Interval
from spatial.serve.coverage.asked import Asked
from spatial.serve.coverage.block import Block, block_of
from spatial.serve.coverage.cells import cells_of, geotiff
from spatial.serve.coverage.covjson import covjson
from spatial.serve.coverage.wording import Place
from spatial.store.rasters.index import Coverage
from tests.densities import DAYS, EMPTY_ROW, NODATA, value_of, values


@pytest.fixture
def block(coverage: Coverage) -> Block:
    """Bands 2 and 3, rows 4 to 6, columns 10 to 13; row 5 has no values."""
    box = Box(110_000.0, 493_000.0, 114_000.0, 496_000.0, RD)
    found = block_of(coverage, Asked(box, Interval(DAYS[1], DAYS[2])))
    assert found is not None
    return found


def test_cells_come_from_their_place_with_nothing_where_there_is_none(
    snapshot_folder: Path, block: Block
) -> None:
    cells = cells_of(snapshot_folder, block)

    assert cells.shape == (2, 3, 4)
    assert cells[0, 0, 0] == value_of(2, 4, 10)
    assert cells[1, 2, 3] == value_of(3, 6, 13)
    assert np.isnan(cells[:, EMPTY_ROW - 4]).all()


def test_a_geotiff_lies_where_its_cells_lie_and_says_what_the_file_says(
    snapshot_folder: Path, block: Block
) -> None:
    with MemoryFile(geotiff(snapshot_folder, block)) as memory, memory.open() as found:
        assert found.crs.to_epsg() == 28992
        assert tuple(found.bounds) == block.bounds
        assert found.nodata == NODATA
        assert found.descriptions == ("1 januari 2021", "1 januari 2022")
        assert found.units == ("personen per km2",) * 2
        assert found.tags()["melding"].startswith("Voorbeeldcijfers")
        assert found.tags(1)["methode"] == "geschat"
        assert (found.read() == np.stack([values(2), values(3)])[:, 4:7, 10:14]).all()


def test_the_same_question_gives_the_same_bytes(snapshot_folder: Path, block: Block) -> None:
    assert geotiff(snapshot_folder, block) == geotiff(snapshot_folder, block)


def test_a_large_geotiff_is_tiled(tmp_path: Path, coverage: Coverage) -> None:
    with rasterio.open(
        tmp_path / "large.tif", "w", driver="GTiff", width=300, height=280, count=1,
        dtype="float32", crs=28992, nodata=NODATA,
        transform=rasterio.transform.from_origin(0, 500_000, 500, 500),
    ) as target:  # fmt: skip
        target.write(np.ones((280, 300), np.float32), 1)
    large = replace(coverage, file="large.tif", shape=(280, 300), bands=coverage.bands[:1])

    content = geotiff(tmp_path, Block(large, large.bands, 0, 0, 280, 300))

    with MemoryFile(content) as memory, memory.open() as found:
        assert found.block_shapes == [(256, 256)]


def test_coverage_json_names_its_axes_in_rd_and_its_parameter_in_two_languages(
    snapshot_folder: Path, block: Block, coverage: Coverage
) -> None:
    cells = cells_of(snapshot_folder, block)

    found = json.loads(covjson(block, cells, Place("https://e.org", coverage, english=False)))

    assert found["domain"]["axes"] == {
        "x": {"start": 110_500.0, "stop": 113_500.0, "num": 4},
        "y": {"start": 495_500.0, "stop": 493_500.0, "num": 3},
        "t": {"values": ["2021-01-01", "2022-01-01"]},
    }
    assert found["domain"]["referencing"][0]["system"]["id"] == RD.uri
    parameter = found["parameters"]["personen"]
    assert parameter["observedProperty"]["label"] == {
        "nl": "Ouderen per km2",
        "en": "Older people per km2",
    }
    assert parameter["unit"]["label"] == {"nl": "personen per km2", "en": "persons per km2"}
    assert "Voorbeeldcijfers" in parameter["description"]["nl"]


def test_coverage_json_has_the_values_of_every_band_and_null_where_there_is_none(
    snapshot_folder: Path, block: Block, coverage: Coverage
) -> None:
    cells = cells_of(snapshot_folder, block)

    found = json.loads(covjson(block, cells, Place("https://e.org", coverage, english=False)))

    [(name, written)] = found["ranges"].items()
    assert name == "personen"
    assert (written["axisNames"], written["shape"]) == (["t", "y", "x"], [2, 3, 4])
    assert written["values"][:4] == [value_of(2, 4, column) for column in range(10, 14)]
    assert written["values"][4:8] == [None] * 4
    assert written["values"][-1] == value_of(3, 6, 13)


def test_a_file_that_is_no_raster_is_named(tmp_path: Path, block: Block) -> None:
    path = tmp_path / block.coverage.file
    path.parent.mkdir()
    path.write_bytes(b"not a raster")

    with pytest.raises(StoreError, match=block.coverage.file):
        cells_of(tmp_path, block)


def test_a_file_with_other_cells_than_its_index_says_is_refused(
    snapshot_folder: Path, coverage: Coverage
) -> None:
    other = replace(coverage, shape=(1, 1))

    with pytest.raises(StoreError, match="not those of its index"):
        cells_of(snapshot_folder, Block(other, other.bands, 0, 0, 1, 1))
