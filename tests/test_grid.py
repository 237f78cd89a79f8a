"""Weights from a population grid that the user names, on the schematic shapes."""

from pathlib import Path

import numpy as np
import pytest
import rasterio
from rasterio.transform import from_origin

from spatial.domain.crosswalk import PPM, Gewichtmethode, SplitWeights
from spatial.errors import SpatialError
from spatial.normalise.facts import read_facts
from spatial.pipeline.land import Land, read_land
from spatial.pipeline.recoding import Recoding, recoding, with_grid
from spatial.settings import read_settings


@pytest.fixture(scope="module")
def parts() -> tuple[Recoding, Land]:
    facts = read_facts(read_settings({}).boundaries)
    return recoding(facts), read_land(facts, None)[0]


def grid(path: Path, crs: str = "EPSG:28992") -> Path:
    """Write a grid of 500 m with more inhabitants to the south."""
    rows, columns = 640, 560
    people = np.repeat(np.arange(rows, dtype=np.float32)[:, None], columns, axis=1)
    profile = {
        "driver": "GTiff", "width": columns, "height": rows, "count": 1, "dtype": "float32",
        "crs": crs, "transform": from_origin(0, 625_000, 500, 500), "nodata": -1,
    }  # fmt: skip
    with rasterio.open(path, "w", **profile) as target:
        target.write(people, 1)
    return path


def found(recode: Recoding) -> dict[str, SplitWeights]:
    return {
        row.oude_code: row for row in recode.weights if row.methode is Gewichtmethode.DASYMETRISCH
    }


def test_a_grid_gives_weights_for_every_split_between_loaded_indelingen(
    parts: tuple[Recoding, Land], tmp_path: Path
) -> None:
    weights = found(with_grid(*parts, grid(tmp_path / "bevolking.tif")))

    assert weights.keys() == {"GM0053", "GM0788"}
    assert all(sum(row.ppm.values()) == PPM for row in weights.values())


def test_weights_of_a_grid_go_before_inhabitants_and_land(
    parts: tuple[Recoding, Land], tmp_path: Path
) -> None:
    recode = with_grid(*parts, grid(tmp_path / "bevolking.tif"))

    table, _ = recode.walk([2018], parts[1].indelingen[-1])

    methods = {row["methode"] for row in table.to_pylist() if row["van_code"] == "GM0788"}
    assert methods == {"dasymetrisch"}


def test_a_grid_in_degrees_is_refused(parts: tuple[Recoding, Land], tmp_path: Path) -> None:
    with pytest.raises(SpatialError, match="28992"):
        with_grid(*parts, grid(tmp_path / "graden.tif", "EPSG:4326"))
