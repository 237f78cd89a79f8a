"""Write densities as a cloud-optimised GeoTIFF: tiles, overviews, statistics, and who made it of what.

Cells that show something are few, so bands travel as cells and values; strip by strip they become a
tiled file, and that becomes the file with overviews. Memory follows a strip and the cells, not the
frame. The same bands give the same bytes (with the same GDAL).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import numpy.typing as npt
import rasterio
import rasterio.shutil
from rasterio._err import CPLE_BaseError  # what a copy raises; it has no public name
from rasterio.errors import RasterioError
from rasterio.io import DatasetWriter
from rasterio.transform import from_origin
from rasterio.windows import Window

from spatial.domain.crs import RD
from spatial.domain.squares import Frame
from spatial.errors import StoreError

NODATA = -9999.0
"""Value of a cell that shows nothing."""
BLOCK = 256
"""Side of a tile (cells)."""
_COG = {
    "driver": "COG",
    # read by every reader there is, browsers too; zstd would be a tenth smaller
    "COMPRESS": "DEFLATE",
    "LEVEL": "6",
    "PREDICTOR": "YES",
    "BLOCKSIZE": str(BLOCK),
    # one year is read, not all of them
    "INTERLEAVE": "BAND",
    # of the cells that show something: never less in an overview than the threshold allows
    "OVERVIEW_RESAMPLING": "AVERAGE",
    "STATISTICS": "YES",
}


@dataclass(frozen=True, slots=True)
class BandValues:
    """One band to write.

    Attributes:
        cells: numbers of the cells that show something, ascending.
        values: what each shows.
        description: what the band is, in Dutch.
        unit: such as ``personen per km2``.
        tags: further facts.
    """

    cells: npt.NDArray[np.int64]
    values: npt.NDArray[np.float32]
    description: str
    unit: str
    tags: Mapping[str, str] = field(default_factory=dict)


def write_cog(
    path: Path, frame: Frame, bands: Sequence[BandValues], tags: Mapping[str, str]
) -> None:
    """Write a cloud-optimised GeoTIFF in EPSG:28992, float32, in whole or not at all.

    Args:
        path: file to write; its folder exists. What is there already is replaced.
        frame: the cells.
        bands: at least one, in order.
        tags: facts about the whole file.

    Raises:
        StoreError: the file cannot be written.
    """
    try:
        # GDAL makes overviews and statistics on one processor: so the bytes are always the same
        with (
            TemporaryDirectory(dir=path.parent, prefix=f".{path.name}.") as folder,
            rasterio.Env(GDAL_NUM_THREADS="1"),
        ):
            tiled, finished = Path(folder, "tiled.tif"), Path(folder, path.name)
            with rasterio.open(tiled, "w", **_profile(frame, len(bands))) as target:
                _describe(target, bands, tags)
                for number, band in enumerate(bands, 1):
                    for window, values in _strips(frame, band):
                        target.write(values, number, window=window)
            rasterio.shutil.copy(tiled, finished, **_COG)
            finished.replace(path)
    except (OSError, RasterioError, CPLE_BaseError) as error:
        message = f"{path.name} cannot be written: {error}"
        raise StoreError(message) from error


def _profile(frame: Frame, bands: int) -> dict[str, object]:
    return {
        "driver": "GTiff",
        "width": frame.columns,
        "height": frame.rows,
        "count": bands,
        "dtype": "float32",
        "crs": RD.epsg,
        "transform": from_origin(frame.left, frame.top, frame.side, frame.side),
        "nodata": NODATA,
        "tiled": True,
        "blockxsize": BLOCK,
        "blockysize": BLOCK,
        "interleave": "band",
        "BIGTIFF": "IF_SAFER",
        "SPARSE_OK": True,  # a tile without a cell takes no room
    }


def _describe(target: DatasetWriter, bands: Sequence[BandValues], tags: Mapping[str, str]) -> None:
    target.update_tags(**tags)
    for number, band in enumerate(bands, 1):
        target.set_band_description(number, band.description)
        target.set_band_unit(number, band.unit)
        target.update_tags(number, **band.tags)


def _strips(frame: Frame, band: BandValues) -> Iterator[tuple[Window, npt.NDArray[np.float32]]]:
    """Give the rows of tiles in which something is shown."""
    for top in range(0, frame.rows, BLOCK):
        rows = min(BLOCK, frame.rows - top)
        first = top * frame.columns
        begin, end = np.searchsorted(band.cells, [first, first + rows * frame.columns])
        if begin == end:
            continue
        strip = np.full(rows * frame.columns, NODATA, np.float32)
        strip[band.cells[begin:end] - first] = band.values[begin:end]
        yield Window(0, top, frame.columns, rows), strip.reshape(rows, frame.columns)
