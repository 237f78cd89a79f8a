"""Rasters as GDAL and rasterio read them over the network, and their pages in a browser."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import numpy as np
import pytest
import rasterio
from rasterio.windows import Window

from tests.contract.served import Served, serving
from tests.densities import COLUMNS, GRID, NAME, NODATA, ROWS, TOP, steep
from tests.preview.dense import WEST, dense_country

pytestmark = pytest.mark.client

QUICK = {"CPL_VSIL_CURL_ALLOWED_EXTENSIONS": ".tif", "GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR"}
LATEST = "1 januari 2022"
_QGIS_PYTHON = "/usr/bin/python3"
_QGIS_PROBE = f"""
import json, sys
from qgis.core import QgsApplication, QgsPointXY, QgsRasterLayer
app = QgsApplication([], False)
app.initQgis()
layer = QgsRasterLayer(sys.argv[1], "raster", "gdal")
value, _ = layer.dataProvider().sample(QgsPointXY({WEST + 20_500}, {TOP - 10_500}), 3)
_, filled = layer.dataProvider().sample(QgsPointXY({WEST + 500}, {TOP - 500}), 3)
print(json.dumps({{
    "valid": layer.isValid(), "crs": layer.crs().authid(), "bands": layer.bandCount(),
    "value": value, "empty": not filled,
}}))
"""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A service over a country with a density."""
    store = tmp_path_factory.mktemp("dense")
    dense_country(store)
    with serving(store, store / "log", "--access-log", "-") as running:
        yield running


@pytest.fixture(scope="module")
def base(served: Served) -> str:
    return f"{served.url}/collections/{NAME}"


@pytest.fixture(scope="module")
def file(base: str) -> str:
    """Address of the whole file, as the collection names it."""
    links = httpx2.get(base, params={"f": "json"}).json()["links"]
    [found] = [link for link in links if link["rel"] == "enclosure"]
    assert found["type"] == "image/tiff; application=geotiff"
    return str(found["href"])


def gdalinfo(source: str) -> dict[str, Any]:
    program = shutil.which("gdalinfo")
    if program is None:
        pytest.skip("gdalinfo is not installed (package gdal-bin)")
    answer = subprocess.run(
        [program, "-json", source], check=True, capture_output=True, text=True, timeout=60
    )
    assert "ERROR" not in answer.stderr
    found: dict[str, Any] = json.loads(answer.stdout)
    return found


def test_gdal_opens_the_file_at_its_address(file: str) -> None:
    found = gdalinfo(f"/vsicurl/{file}")

    assert found["size"] == [COLUMNS, ROWS]
    assert found["geoTransform"] == [WEST, GRID, 0.0, TOP, 0.0, -GRID]
    assert found["coordinateSystem"]["wkt"].rstrip().endswith('ID["EPSG",28992]]')
    assert [band["noDataValue"] for band in found["bands"]] == [NODATA] * 3
    assert found["bands"][2]["description"] == LATEST
    assert found["bands"][2]["unit"] == "personen per km2"


def test_rasterio_reads_a_window_of_it_with_parts_of_the_file(file: str, served: Served) -> None:
    with rasterio.Env(**QUICK), rasterio.open(file) as raster:
        found = raster.read(3, window=Window(20, 10, 4, 3))

    assert (found == steep(3)[10:13, 20:24]).all()
    lines = [line for line in served.log.read_text().splitlines() if f"{NAME}.tif" in line]
    assert any('" 206 ' in line for line in lines)


@pytest.mark.parametrize(
    "query",
    [
        "subset=E(140000:144000),N(487000:490000)",
        "bbox=140000,487000,144000,490000&bbox-crs=http://www.opengis.net/def/crs/EPSG/0/28992",
    ],
)
def test_gdal_and_rasterio_read_a_part_of_one_year(base: str, tmp_path: Path, query: str) -> None:
    answer = httpx2.get(f"{base}/coverage?f=GTiff&datetime=2022-01-01&{query}")
    part = tmp_path / "deel.tif"
    part.write_bytes(answer.raise_for_status().content)

    said = gdalinfo(str(part))

    assert said["size"] == [4, 3]
    assert said["geoTransform"] == [140_000.0, GRID, 0.0, 490_000.0, 0.0, -GRID]
    assert said["bands"][0]["noDataValue"] == NODATA
    assert said["bands"][0]["description"] == LATEST
    with rasterio.open(part) as raster:
        assert raster.crs.to_epsg() == 28992
        assert (raster.read(1) == steep(3)[10:13, 20:24]).all()


def test_gdal_reads_an_answer_without_fetching_it_first(base: str) -> None:
    found = gdalinfo(f"/vsicurl_streaming/{base}/coverage?datetime=2021-01-01")

    assert found["size"] == [COLUMNS, ROWS]
    assert len(found["bands"]) == 1


def test_both_forms_have_the_same_values(base: str) -> None:
    text = httpx2.get(f"{base}/coverage?f=covjson&datetime=2021-01-01/2022-01-01").json()

    [values] = text["ranges"].values()
    cells = np.array(values["values"], dtype=float).reshape(values["shape"])
    for place, band in enumerate((2, 3)):
        expected = np.where(steep(band) == NODATA, np.nan, steep(band))
        assert np.array_equal(cells[place], expected, equal_nan=True)


def test_gdal_does_not_take_it_for_a_layer_of_features(served: Served) -> None:
    program = shutil.which("ogrinfo")
    if program is None:
        pytest.skip("ogrinfo is not installed (package gdal-bin)")

    answer = subprocess.run(
        [program, "-ro", f"OAPIF:{served.url}"],
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert "ouderen-gemeente" in answer.stdout
    assert NAME not in answer.stdout
    assert "ERROR" not in answer.stderr


def test_qgis_opens_the_file_at_its_address(file: str, tmp_path: Path) -> None:
    present = shutil.which(_QGIS_PYTHON) and not subprocess.run(
        [_QGIS_PYTHON, "-c", "import qgis.core"], check=False, capture_output=True
    ).returncode  # fmt: skip
    if not present:
        pytest.skip("the Python of QGIS is not installed (package python3-qgis)")
    environment = {"QT_QPA_PLATFORM": "offscreen", "HOME": str(tmp_path)}

    answer = subprocess.run(
        [_QGIS_PYTHON, "-c", _QGIS_PROBE, f"/vsicurl/{file}"],
        check=True, capture_output=True, text=True, timeout=120, env=environment,
    )  # fmt: skip

    found = json.loads(answer.stdout.splitlines()[-1])
    assert found == {
        "valid": True,
        "crs": "EPSG:28992",
        "bands": 3,
        "value": float(steep(3)[10, 20]),
        "empty": True,
    }
