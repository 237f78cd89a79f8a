"""Which gemeente a square belongs to: a square on a border belongs wholly to one of them."""

import geopandas as gpd
import numpy as np
import numpy.typing as npt
from exactextract import exact_extract
from exactextract.raster import NumPyRasterSource

from spatial.domain.crs import RD
from spatial.domain.squares import Frame

MAX_CELLS = 1_000_000
"""Cells of the frame held per window, besides those of one gemeente."""

NOBODY = -1
"""Owner of a square without land of any gemeente."""

type Numbers = npt.NDArray[np.int32]


def owners_of(gemeenten: gpd.GeoDataFrame, frame: Frame) -> Numbers:
    """Return the owner of every cell of a frame: the gemeente that covers most of it.

    Args:
        gemeenten: column geometry (polygons, EPSG:28992), a row per gemeente, in order of code.
        frame: the cells.

    Returns:
        (cells of the frame,) number of the row of the owner, or ``NOBODY``. Covered parts are exact
        (exactextract); of equal parts the lowest code has the cell.
    """
    owner = np.full(frame.size, NOBODY, np.int32)
    most = np.zeros(frame.size, np.float32)
    left, bottom, right, top = frame.bbox
    # only the place of a cell is asked; one value, seen everywhere, takes no memory
    cells = np.broadcast_to(np.int8(0), frame.shape)
    raster = NumPyRasterSource(cells, left, bottom, right, top)
    covered = exact_extract(
        raster,
        gpd.GeoDataFrame(geometry=gemeenten.geometry.to_numpy(), crs=RD.epsg),
        ["cell_id", "coverage"],
        output="pandas",
        max_cells_in_memory=MAX_CELLS,
    )
    for number, (ids, parts) in enumerate(
        zip(covered["cell_id"], covered["coverage"], strict=True)
    ):
        larger = parts > most[ids]
        owner[ids[larger]] = number
        most[ids[larger]] = parts[larger]
    return owner
