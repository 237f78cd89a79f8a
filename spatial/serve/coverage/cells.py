"""Cells of a block, read from its GeoTIFF, and the block as a GeoTIFF of its own.

rasterio brings GDAL: it is loaded when the first cells are asked, not when the server starts.
"""

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from spatial.errors import StoreError
from spatial.serve.coverage.block import Block

type Cells = npt.NDArray[np.float32]
"""Values by band, row from the north and column; NaN is missing."""

_TILE = 256


def cells_of(folder: Path, block: Block) -> Cells:
    """Return the cells of a block.

    Args:
        folder: of the snapshot.
        block: what is asked.

    Raises:
        StoreError: the file is damaged or is not what the index says.
    """
    cells, _ = _read(folder, block)
    nodata = np.float32(block.coverage.nodata)
    return np.where(cells == nodata, np.float32(np.nan), cells)


def geotiff(folder: Path, block: Block) -> bytes:
    """Return a block as a GeoTIFF, with what its bands say of themselves.

    Raises:
        StoreError: as ``cells_of``.
    """
    from rasterio.io import MemoryFile  # noqa: PLC0415 - brings GDAL

    cells, told = _read(folder, block)
    with MemoryFile() as memory:
        with memory.open(**told["profile"]) as target:
            target.write(cells)
            target.update_tags(**told["tags"])
            for place, band in enumerate(told["bands"], start=1):
                target.set_band_description(place, band["description"])
                target.set_band_unit(place, band["unit"])
                target.update_tags(place, **band["tags"])
        content: bytes = memory.read()
    return content


def _read(folder: Path, block: Block) -> tuple[Cells, dict[str, Any]]:
    import rasterio  # noqa: PLC0415 - brings GDAL
    from rasterio.errors import RasterioError  # noqa: PLC0415 - the same
    from rasterio.windows import Window  # noqa: PLC0415 - the same

    path = folder / block.coverage.file
    window = Window(block.column, block.row, block.columns, block.rows)
    numbers = [band.index for band in block.bands]
    try:
        with rasterio.open(path) as source:
            if source.shape != block.coverage.shape:
                message = f"{block.coverage.file} has {source.shape} cells, not those of its index"
                raise StoreError(message)
            cells: Cells = source.read(numbers, window=window, out_dtype=np.float32)
            told = {
                "tags": source.tags(),
                "profile": _profile(source, window, block),
                "bands": [
                    {
                        "description": source.descriptions[number - 1],
                        "unit": source.units[number - 1] or "",
                        # those of the whole band are not those of a part of it
                        "tags": {
                            name: text
                            for name, text in source.tags(number).items()
                            if not name.startswith("STATISTICS_")
                        },
                    }
                    for number in numbers
                ],
            }
    except RasterioError as error:
        message = f"{block.coverage.file} of the snapshot cannot be read: {error}"
        raise StoreError(message) from error
    return cells, told


def _profile(source: Any, window: Any, block: Block) -> dict[str, Any]:
    # deflate: every reader has it
    profile: dict[str, Any] = {
        "driver": "GTiff",
        "dtype": "float32",
        "count": len(block.bands),
        "height": block.rows,
        "width": block.columns,
        "crs": source.crs,
        "transform": source.window_transform(window),
        "nodata": source.nodata,
        "interleave": "band",
        "compress": "deflate",
        "predictor": 3,
    }
    if min(block.rows, block.columns) >= _TILE:
        profile |= {"tiled": True, "blockxsize": _TILE, "blockysize": _TILE}
    return profile
