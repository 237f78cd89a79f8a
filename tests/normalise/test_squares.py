"""Grids of inhabitants: GeoTIFF, and CBS vierkanten as a table."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import rasterio
from rasterio.transform import Affine, from_origin
from shapely.geometry import box

from spatial.domain.squares import Frame, whole_country
from spatial.errors import (
    CrsError,
    DuplicateKeyError,
    SchemaError,
    SourceError,
    SpatialError,
    ValueParseError,
)
from spatial.normalise.squares import read_inhabited

ORIGIN = from_origin(100_200, 400_300, 100, 100)
PEOPLE = np.array([[5.0, -1, 0], [7.5, 10, -1]], np.float32)


def geotiff(
    path: Path, people: np.ndarray = PEOPLE, transform: Affine = ORIGIN, crs: str = "EPSG:28992"
) -> Path:
    profile = {
        "driver": "GTiff", "height": people.shape[0], "width": people.shape[1], "count": 1,
        "dtype": people.dtype, "crs": crs, "transform": transform, "nodata": -1,
    }  # fmt: skip
    with rasterio.open(path, "w", **profile) as target:
        target.write(people, 1)
    return path


def people_of(found: tuple[Frame, pa.Table]) -> dict[int, float]:
    table = found[1]
    return dict(zip(table["cel"].to_pylist(), table["inwoners"].to_pylist(), strict=True))


def test_a_geotiff_gives_the_cells_in_which_somebody_is_counted(tmp_path: Path) -> None:
    found = read_inhabited(geotiff(tmp_path / "a.tif"))

    assert found[0] == Frame(100_200, 400_300, 100, 2, 3)
    assert people_of(found) == {0: 5.0, 3: 7.5, 4: 10.0}


def test_smaller_cells_are_put_together_on_the_grid_of_the_larger(tmp_path: Path) -> None:
    found = read_inhabited(geotiff(tmp_path / "a.tif"), 500)

    assert found[0] == Frame(100_000, 400_500, 500, 1, 1)
    assert people_of(found) == {0: 22.5}


def test_a_geotiff_of_many_blocks_keeps_everybody(tmp_path: Path) -> None:
    people = np.arange(300 * 300, dtype=np.float32).reshape(300, 300)
    path = tmp_path / "a.tif"
    profile = {
        "driver": "GTiff", "height": 300, "width": 300, "count": 1, "dtype": "float32",
        "crs": "EPSG:28992", "transform": from_origin(0, 400_000, 100, 100), "tiled": True,
        "blockxsize": 128, "blockysize": 128,
    }  # fmt: skip
    with rasterio.open(path, "w", **profile) as target:
        target.write(people, 1)

    _, table = read_inhabited(path)

    assert table["cel"].to_pylist() == list(range(1, 300 * 300))
    assert table["inwoners"].to_numpy().tolist() == people.ravel()[1:].tolist()


@pytest.mark.parametrize(
    ("change", "error", "said"),
    [
        ({"crs": "EPSG:4326"}, CrsError, "28992"),
        ({"transform": from_origin(100_200, 400_300, 100, 50)}, SourceError, "square cells"),
        ({"transform": from_origin(100_200, 400_300, 99.5, 99.5)}, SourceError, "whole metres"),
        ({"transform": from_origin(100_250, 400_300, 100, 100)}, SourceError, "multiple"),
        ({"people": np.zeros((2, 2), np.float32)}, SourceError, "nobody"),
        ({"people": np.full((2, 2), -5, np.float32)}, ValueParseError, "-5"),
    ],
)
def test_a_geotiff_that_cannot_be_used_is_refused(
    tmp_path: Path, change: dict[str, object], error: type[SpatialError], said: str
) -> None:
    path = geotiff(tmp_path / "a.tif", **change)  # type: ignore[arg-type]

    with pytest.raises(error, match=said):
        read_inhabited(path)


def test_cells_that_do_not_go_into_the_wanted_ones_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="250"):
        read_inhabited(geotiff(tmp_path / "a.tif"), 250)


def test_what_is_no_raster_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.tif").write_text("nothing")

    with pytest.raises(SourceError, match="cannot be read"):
        read_inhabited(tmp_path / "a.tif")


VIERKANTEN = pa.table(
    {
        "crs28992res500m": ["E1190N4780", "E1195N4780", "E1200N4780", "E1205N4780"],
        "aantal_inwoners": [120, -99997, -99995, 35],
        "aantal_mannen": [60, -99997, -99995, 20],
    }
)
HERE = {293 * 600 + 238: 120.0, 293 * 600 + 241: 35.0}
"""Row (625,000 - 478,500) / 500 from the north, of 600 columns; column 119,000 / 500."""


def in_form(folder: Path, form: str, table: pa.Table) -> Path:
    path = folder / f"vierkanten.{form}"
    if form == "parquet":
        pq.write_table(table, path)
    elif form == "csv":
        table.to_pandas().to_csv(path, index=False, sep=";")
    else:
        frame = table.to_pandas()
        shapes = [box(0, 0, 1, 1)] * len(frame)
        gpd.GeoDataFrame(frame, geometry=shapes, crs=28992).to_file(path)
    return path


@pytest.mark.parametrize("form", ["parquet", "csv", "gpkg"])
def test_vierkanten_of_cbs_are_found_by_their_code(tmp_path: Path, form: str) -> None:
    found = read_inhabited(in_form(tmp_path, form, VIERKANTEN))

    assert found[0] == whole_country(500)
    assert people_of(found) == HERE


def test_secret_and_empty_cells_have_nobody(tmp_path: Path) -> None:
    _, table = read_inhabited(in_form(tmp_path, "parquet", VIERKANTEN))

    assert table.num_rows == 2


@pytest.mark.parametrize("code", ["E119000N478000", "N4780E1190", "N478000E119000"])
def test_a_code_may_be_written_in_other_ways(tmp_path: Path, code: str) -> None:
    table = pa.table({"C28992R500": [code], "INW2014": [120]})

    found = read_inhabited(in_form(tmp_path, "parquet", table))

    assert people_of(found) == {293 * 600 + 238: 120.0}


def test_vierkanten_of_100_m_become_500_m(tmp_path: Path) -> None:
    table = pa.table(
        {"crs28992res100m": ["E1190N4780", "E1194N4784", "E1195N4780"], "inwoners": [10, 20, 40]}
    )

    found = read_inhabited(in_form(tmp_path, "csv", table), 500)

    assert people_of(found) == {293 * 600 + 238: 30.0, 293 * 600 + 239: 40.0}


@pytest.mark.parametrize(
    ("columns", "error", "said"),
    [
        ({"code": ["E1190N4780"], "inwoners": [1]}, SchemaError, "crs28992res500m"),
        ({"crs28992res500m": ["E1190N4780"], "mensen": [1]}, SchemaError, "aantal_inwoners"),
        ({"crs28992res500m": ["1190-4780"], "inwoners": [1]}, ValueParseError, "1190-4780"),
        ({"crs28992res500m": ["E1191N4780"], "inwoners": [1]}, ValueParseError, "corners"),
        ({"crs28992res500m": ["E9000N4780"], "inwoners": [1]}, ValueParseError, "corners"),
        ({"crs28992res500m": ["E1190N4780"], "inwoners": [-3]}, ValueParseError, "-3"),
        ({"crs28992res500m": ["E1190N4780"] * 2, "inwoners": [1, 2]}, DuplicateKeyError, "twice"),
        ({"crs28992res500m": ["E1190N4780"], "inwoners": [0]}, SourceError, "nobody"),
    ],
)
def test_a_table_that_cannot_be_used_is_refused(
    tmp_path: Path, columns: dict[str, list[object]], error: type[SpatialError], said: str
) -> None:
    path = in_form(tmp_path, "parquet", pa.table(columns))

    with pytest.raises(error, match=said):
        read_inhabited(path)


@pytest.mark.parametrize("form", ["parquet", "gpkg", "csv"])
def test_what_is_no_table_is_refused(tmp_path: Path, form: str) -> None:
    path = tmp_path / f"a.{form}"
    path.write_text("\x00nothing")

    with pytest.raises(SourceError):
        read_inhabited(path)
