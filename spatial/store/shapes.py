"""The different shapes of a snapshot, written once: in every reference system, as WKB and as GeoJSON.

A table has one row per shape and two columns per reference system, see ``wkb_column`` and
``text_column``.
"""

from collections.abc import Sequence
from functools import cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import shapely
from pyproj import Transformer

from spatial.domain.crs import OFFERED, RD, Crs

type Geometries = npt.NDArray[np.object_]
type Points = npt.NDArray[np.float64]


def wkb_column(crs: Crs) -> str:
    """Name the column with WKB in ``crs``, x (longitude, easting) first."""
    return f"wkb {crs.epsg}"


def text_column(crs: Crs) -> str:
    """Name the column with GeoJSON geometries in the axis order and decimals of ``crs``."""
    return f"geojson {crs.epsg} {'yx' if crs.lat_first else 'xy'}"


def shape_table(wkb: Sequence[bytes]) -> pa.Table:
    """Write shapes in all reference systems that are offered.

    Args:
        wkb: MultiPolygons in EPSG:28992 (easting, northing in metres), outer rings counter-clockwise.
    """
    shapes = np.asarray(shapely.from_wkb(list(wkb)), dtype=object)
    columns: dict[str, pa.Array] = {}
    for crs in OFFERED:
        moved = _moved(shapes, crs)
        columns.setdefault(wkb_column(crs), _binary(shapely.to_wkb(moved).tolist()))
        columns.setdefault(text_column(crs), _binary(_texts(moved, crs)))
    return pa.table(columns)


def _moved(shapes: Geometries, crs: Crs) -> Geometries:
    if crs == RD or not len(shapes):
        return shapes
    transformer = _transformer(crs)

    def moved(points: Points) -> Points:
        return np.column_stack(transformer.transform(points[:, 0], points[:, 1]))

    found: Geometries = shapely.transform(shapes, moved)
    return found


def _texts(shapes: Geometries, crs: Crs) -> list[bytes]:
    def rounded(points: Points) -> Points:
        return np.round(points[:, ::-1] if crs.lat_first else points, crs.decimals)

    if not len(shapes):
        return []
    texts: list[str] = shapely.to_geojson(shapely.transform(shapes, rounded)).tolist()
    return [text.encode() for text in texts]


def _binary(cells: Sequence[bytes]) -> pa.Array:
    return pa.array(cells, pa.large_binary())


@cache
def _transformer(crs: Crs) -> Transformer:
    return Transformer.from_crs(RD.epsg, crs.epsg, always_xy=True)
