"""Shapes for one map scale: fewer points, the same borders on both sides."""

import geopandas as gpd
import numpy as np
import shapely

from spatial.errors import GeometryError
from spatial.join.repair import Shapes, as_coverage, as_multi, groups, with_shapes


def generalise(boundaries: gpd.GeoDataFrame, tolerance_m: float) -> gpd.GeoDataFrame:
    """Simplify per level and indeling; a border that regions share stays shared.

    Regions that are not a coverage are made into one first (``join.repair``), with a warning in the
    log. Every part of every region stays, so islands do.

    Args:
        boundaries: ``BOUNDARY_COLUMNS``, EPSG:28992, valid polygons.
        tolerance_m: detail that may be lost: triangles smaller than its square go.

    Returns:
        The same rows in the same order, valid MultiPolygons, outer rings counter-clockwise.

    Raises:
        SchemaError: columns or reference system are others.
        GeometryError: the tolerance is negative, or a region has no land of its own.
    """
    if not tolerance_m >= 0:
        message = f"a tolerance of {tolerance_m} m is not possible; expected 0 or more"
        raise GeometryError(message)
    coverage = as_coverage(boundaries)
    shapes: Shapes = np.asarray(coverage.geometry.array).copy()
    for _, rows in groups(coverage):
        shapes[rows] = as_multi(shapely.coverage_simplify(shapes[rows], tolerance_m))
    return with_shapes(coverage, shapes)
