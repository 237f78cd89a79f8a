from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pytest
import rasterio
from rasterio.transform import Affine
from shapely.geometry import MultiPolygon, Polygon, box

from spatial.domain.crosswalk import PPM, Gewichtmethode
from spatial.domain.tables import BOUNDARY_COLUMNS
from spatial.errors import CrsError, GeometryError, SourceError, UnknownRegionError, ValueParseError
from spatial.harmonise.weigh.dasymetric import dasymetric_weights, shares

CELL = 100
X0, Y0 = 100_000, 400_000
CODE = "GM0005"

type Grid = Callable[..., Path]


def square(left: float, right: float, bottom: float = 0, top: float = 4) -> Polygon:
    return box(X0 + left * CELL, Y0 + bottom * CELL, X0 + right * CELL, Y0 + top * CELL)


def land(indeling: int, **shapes: Polygon) -> gpd.GeoDataFrame:
    shapes |= {f"GM009{n}": square(n, n + 1, 10, 11) for n in range(5)}
    rows = [
        ("gemeente", code, code, indeling, MultiPolygon([shape])) for code, shape in shapes.items()
    ]
    return gpd.GeoDataFrame(rows, columns=list(BOUNDARY_COLUMNS), crs=28992)


OLD = land(2020, GM0005=square(0, 8))
ALONG_CELLS = land(2021, GM0003=square(0, 2), GM0004=square(2, 8))
THROUGH_CELLS = land(2021, GM0003=square(0, 2.25), GM0004=square(2.25, 8))


@pytest.fixture
def grid(tmp_path: Path) -> Grid:
    def write(
        values: npt.ArrayLike,
        *,
        crs: str | None = "EPSG:28992",
        nodata: float | None = None,
        transform: Affine | None = None,
    ) -> Path:
        cells = np.asarray(values, np.float64)
        path = tmp_path / "bevolking.tif"
        profile = {
            "driver": "GTiff", "count": 1, "dtype": "float64", "nodata": nodata, "crs": crs,
            "height": cells.shape[0], "width": cells.shape[1],
            "transform": transform or Affine(CELL, 0, X0, 0, -CELL, Y0 + cells.shape[0] * CELL),
        }  # fmt: skip
        with rasterio.open(path, "w", **profile) as raster:
            raster.write(cells, 1)
        return path

    return write


def west_only(people: float = 10) -> npt.NDArray[np.float64]:
    cells = np.zeros((4, 8))
    cells[:, :1] = people
    return cells


def test_people_are_counted_where_they_live(grid: Grid) -> None:
    cells = west_only()
    cells[:, 7] = 30

    (found,) = shares(OLD, ALONG_CELLS, grid(cells), [CODE])

    assert found.delen == {"GM0003": 0.25, "GM0004": 0.75}


def test_shares_of_land_are_beside_those_of_people(grid: Grid) -> None:
    (found,) = shares(OLD, ALONG_CELLS, grid(west_only()), [CODE])

    assert found.delen == {"GM0003": 1, "GM0004": 0}
    assert found.land == pytest.approx({"GM0003": 0.25, "GM0004": 0.75})


def test_a_border_along_cells_leaves_nothing_open(grid: Grid) -> None:
    (found,) = dasymetric_weights(OLD, ALONG_CELLS, grid(np.ones((4, 8))), [CODE])

    assert found.ppm == {"GM0003": 250_000, "GM0004": 750_000}
    assert found.grens_ppm == {"GM0003": 0, "GM0004": 0}
    assert found.methode is Gewichtmethode.DASYMETRISCH
    assert "bevolking.tif" in found.bron
    assert "GM0003 25.0%" in found.bron


def test_a_cell_on_the_border_counts_by_its_covered_part(grid: Grid) -> None:
    (found,) = shares(OLD, THROUGH_CELLS, grid(np.ones((4, 8))), [CODE])

    assert found.delen["GM0003"] == pytest.approx(2.25 / 8, abs=1e-12)


def test_the_bound_holds_wherever_in_their_cell_people_live(grid: Grid) -> None:
    (found,) = dasymetric_weights(OLD, THROUGH_CELLS, grid(np.ones((4, 8))), [CODE])

    lowest, highest = (
        found.ppm["GM0003"] - found.grens_ppm["GM0003"],
        found.ppm["GM0003"] + found.grens_ppm["GM0003"],
    )
    assert lowest <= PPM * 2 / 8
    assert highest >= PPM * 3 / 8


def test_cells_without_data_count_nobody(grid: Grid) -> None:
    cells = np.ones((4, 8))
    cells[:, 1], cells[:, 2:6] = -99_997, np.nan

    (found,) = shares(OLD, ALONG_CELLS, grid(cells, nodata=-99_997), [CODE])

    assert found.delen == pytest.approx({"GM0003": 1 / 3, "GM0004": 2 / 3})


def test_a_receiver_with_nodata_only_gets_nothing(grid: Grid) -> None:
    cells = np.ones((4, 8))
    cells[:, :2] = -1

    (found,) = dasymetric_weights(OLD, ALONG_CELLS, grid(cells, nodata=-1), [CODE])

    assert found.ppm == {"GM0003": 0, "GM0004": PPM}


@pytest.mark.parametrize("cells", [np.full((4, 8), -1), np.zeros((4, 8))])
def test_a_grid_with_nobody_is_refused(grid: Grid, cells: npt.NDArray[np.float64]) -> None:
    with pytest.raises(SourceError, match="has nobody in GM0005"):
        shares(OLD, ALONG_CELLS, grid(cells, nodata=-1), [CODE])


def test_a_negative_count_is_refused(grid: Grid) -> None:
    with pytest.raises(ValueParseError, match="cells of -99997 people; give that sign as nodata"):
        shares(OLD, ALONG_CELLS, grid(west_only(-99_997)), [CODE])


def test_a_grid_that_does_not_cover_the_gemeente_is_refused(grid: Grid) -> None:
    with pytest.raises(SourceError, match="is not all of GM0005"):
        shares(OLD, ALONG_CELLS, grid(np.ones((4, 7))), [CODE])


@pytest.mark.parametrize("crs", ["EPSG:3035", None])
@pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")
def test_a_grid_in_another_reference_system_is_refused(grid: Grid, crs: str | None) -> None:
    with pytest.raises(CrsError, match="not in EPSG:28992"):
        shares(OLD, ALONG_CELLS, grid(np.ones((4, 8)), crs=crs), [CODE])


def test_a_rotated_grid_is_refused(grid: Grid) -> None:
    turned = Affine(CELL, 10, X0, 10, -CELL, Y0 + 4 * CELL)

    with pytest.raises(SourceError, match="not north up"):
        shares(OLD, ALONG_CELLS, grid(np.ones((4, 8)), transform=turned), [CODE])


def test_a_file_that_is_no_grid_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "notes.tif"
    path.write_text("no grid", encoding="utf-8")

    with pytest.raises(SourceError, match=r"notes\.tif cannot be read as a grid"):
        shares(OLD, ALONG_CELLS, path, [CODE])


def test_slivers_are_left_out_and_in_the_bound(grid: Grid) -> None:
    new = land(2021, GM0003=square(0, 7.96), GM0004=square(7.96, 8))

    (found,) = dasymetric_weights(OLD, new, grid(np.ones((4, 8))), [CODE])

    assert found.ppm == {"GM0003": PPM}
    assert found.grens_ppm == {"GM0003": 5_000}


def test_shapes_of_unlike_detail_are_refused(grid: Grid) -> None:
    drawn = land(2021, GM0003=square(0, 8))
    coarse = drawn.set_geometry(drawn.geometry.buffer(5))

    with pytest.raises(GeometryError, match="not of like detail"):
        shares(OLD, coarse, grid(np.ones((4, 8))), [CODE])


def test_an_unknown_code_is_an_error(grid: Grid) -> None:
    with pytest.raises(UnknownRegionError, match="have no GM0042"):
        shares(OLD, ALONG_CELLS, grid(np.ones((4, 8))), ["GM0042"])
