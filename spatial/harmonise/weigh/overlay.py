"""Land of gemeenten that are divided, cut along the borders of a later indeling."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from spatial.domain.crs import RD
from spatial.domain.regions import Indeling
from spatial.domain.tables import BOUNDARY_COLUMNS
from spatial.errors import GeometryError, SchemaError, UnknownRegionError

type Shapes = npt.NDArray[np.object_]
"""An array of shapely polygons and multipolygons."""

MAX_DIFFERENCE = 0.01
"""Sets are of like detail when for half of the codes in both less than this share of the land is
outside one of the two shapes. Measured on copies of CBS shapes: at most 0.005 in pairs of one
detail, 0.019 and more in others."""

SLIVER = 0.01
"""Parts below this share of the old gemeente are taken for the work of generalisation."""


@dataclass(frozen=True, slots=True)
class Pieces:
    """The land of one old gemeente by receiver.

    Attributes:
        code: the gemeente that is divided.
        indeling: indeling of the old shapes.
        shapes: receiver to multipolygon (EPSG:28992), by code; slivers left out.
        dropped: share of the old gemeente (0-1) in no receiver: slivers, and land that the new
            shapes do not have.
    """

    code: str
    indeling: Indeling
    shapes: dict[str, shapely.MultiPolygon]
    dropped: float


def cut(old: gpd.GeoDataFrame, new: gpd.GeoDataFrame, codes: Iterable[str]) -> list[Pieces]:
    """Cut old gemeenten along new borders.

    Args:
        old: ``BOUNDARY_COLUMNS`` of one indeling, level gemeente.
        new: likewise of another indeling, drawn in like detail.
        codes: old codes to cut.

    Returns:
        The pieces per code, in order of code.

    Raises:
        SchemaError: columns, reference system or number of indelingen are others.
        UnknownRegionError: the old shapes lack a code.
        GeometryError: the sets are not of like detail or have no code in common, or a gemeente has
            no land in the new shapes.
    """
    van, naar = _indeling_of(old), _indeling_of(new)
    wanted = sorted(set(codes))
    if lost := sorted(set(wanted) - set(old["code"])):
        message = f"the boundaries of {van} have no {', '.join(lost)} to cut"
        raise UnknownRegionError(message)
    difference = median_difference(old, new)
    if not difference < MAX_DIFFERENCE:
        message = (
            f"the boundaries of {van} and {naar} are not of like detail: half of the gemeenten that"
            f" are in both differ by {difference:.1%} of their land or more, where less than"
            f" {MAX_DIFFERENCE:.0%} was expected; take two sets of one generalisation"
        )
        raise GeometryError(message)
    return [_pieces(old, new, (code, van)) for code in wanted]


def median_difference(old: gpd.GeoDataFrame, new: gpd.GeoDataFrame) -> float:
    """Return the median of symmetric difference by area (0-2), over the codes in both sets.

    Raises:
        GeometryError: no code is in both.
    """
    both = old[["code", "geometry"]].merge(new[["code", "geometry"]], on="code")
    if both.empty:
        message = "no gemeente is in both sets of boundaries, so their detail cannot be compared"
        raise GeometryError(message)
    left: Shapes = both["geometry_x"].to_numpy()
    right: Shapes = both["geometry_y"].to_numpy()
    areas = shapely.area(shapely.symmetric_difference(left, right))
    return float(np.median(areas / shapely.area(left)))


def polygons_of(shape: shapely.Geometry) -> shapely.MultiPolygon:
    """Return the land of an intersection, without the lines and points where shapes only touch."""
    parts: Sequence[shapely.Geometry] = [shape]
    if isinstance(shape, shapely.GeometryCollection):
        parts = list(shape.geoms)
    surfaces = [part for part in parts if isinstance(part, shapely.Polygon | shapely.MultiPolygon)]
    return shapely.MultiPolygon(
        [part for part in shapely.get_parts(shapely.union_all(surfaces)) if not part.is_empty]
    )


def _pieces(old: gpd.GeoDataFrame, new: gpd.GeoDataFrame, which: tuple[str, Indeling]) -> Pieces:
    code, van = which
    whole = old.geometry[old["code"] == code].iloc[0]
    near = new.iloc[new.sindex.query(whole, predicate="intersects")].sort_values("code")
    land = [polygons_of(shape) for shape in shapely.intersection(whole, near.geometry.to_numpy())]
    kept = {
        receiver: shape
        for receiver, shape in zip(near["code"], land, strict=True)
        if shape.area >= SLIVER * whole.area
    }
    if not kept:
        message = f"{code} of {van} has no land in the new boundaries"
        raise GeometryError(message)
    found = sum(shape.area for shape in kept.values())
    return Pieces(code, van, kept, max(0.0, 1 - found / whole.area))


def _indeling_of(boundaries: gpd.GeoDataFrame) -> Indeling:
    if list(boundaries.columns) != list(BOUNDARY_COLUMNS) or boundaries.crs != RD.epsg:
        message = (
            f"expected boundaries with columns {list(BOUNDARY_COLUMNS)} in EPSG:{RD.epsg}, "
            f"got {list(boundaries.columns)} in {boundaries.crs}"
        )
        raise SchemaError(message)
    indelingen = sorted(set(boundaries["indeling"]))
    if len(indelingen) != 1:
        message = f"expected boundaries of one indeling, got {indelingen}"
        raise SchemaError(message)
    return Indeling(int(indelingen[0]))
