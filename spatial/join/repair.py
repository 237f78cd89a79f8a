"""Regions that overlap or gape made into a coverage: neighbours that share every border point."""

import logging
from collections import defaultdict
from collections.abc import Iterator
from typing import cast

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from spatial.domain.crs import RD
from spatial.domain.findings import Finding, Severity
from spatial.domain.tables import BOUNDARY_COLUMNS
from spatial.errors import GeometryError, SchemaError

log = logging.getLogger(__name__)

type Shapes = npt.NDArray[np.object_]
"""An array of shapely polygons and multipolygons."""

GRID_M = 0.01
"""Grid (m) to which a coverage is snapped when it has to be repaired; CBS publishes centimetres."""

GAP_WIDTH_M = 10.0
"""Mean width (m) below which a hole between regions is closed; water is wider."""

_NOBODY = -1


def repair_coverage(boundaries: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, list[Finding]]:
    """Give every piece of land to one region, per level and indeling.

    All borders are noded on a grid of ``GRID_M``, which cuts the land into faces. A face in one
    region is that region's. A face in more goes to the smallest of them, so that an enclave drawn
    over its surroundings stays. A face in none is closed when it is thinner than ``GAP_WIDTH_M``:
    it goes to the neighbour with the longest common border. Wider holes are water and stay.
    Groups that are a coverage without such holes are returned as they came.

    Args:
        boundaries: ``BOUNDARY_COLUMNS``, EPSG:28992, valid polygons.

    Returns:
        The same rows, MultiPolygons with outer rings counter-clockwise, in the order in which they
        came; and a finding for each group that was changed, with the area that changed hands.

    Raises:
        SchemaError: columns or reference system are others.
        GeometryError: a region has no land left, because others cover it wholly.
    """
    check_boundaries(boundaries)
    findings: list[Finding] = []
    repaired = np.asarray(boundaries.geometry.array).copy()
    for (niveau, indeling), rows in groups(boundaries):
        shapes: Shapes = repaired[rows]
        if not needs_repair(shapes):
            continue
        where = f"grenzen {niveau} {indeling}"
        whole = _partition(shapes)
        lost = boundaries["code"].to_numpy()[rows][shapely.is_empty(whole)]
        if len(lost):
            message = f"{where}: {', '.join(lost)} lie wholly under other regions"
            raise GeometryError(message)
        moved_ha = np.abs(shapely.area(whole) - shapely.area(shapes)).sum() / 10_000
        text = f"made into a coverage; the areas of its regions changed by {moved_ha:.2f} ha in all"
        findings.append(Finding(Severity.WARNING, where, "", "coverage", text))
        repaired[rows] = as_multi(whole)
    return with_shapes(boundaries, repaired), findings


def as_coverage(boundaries: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Repair as ``repair_coverage`` does; the findings go to the log.

    Raises:
        SchemaError: columns or reference system are others.
        GeometryError: a region has no land left, because others cover it wholly.
    """
    coverage, findings = repair_coverage(boundaries)
    for finding in findings:
        log.warning("%s: %s", finding.where, finding.message)
    return coverage


def check_boundaries(boundaries: gpd.GeoDataFrame) -> None:
    """Refuse a table that is not the boundaries table.

    Raises:
        SchemaError: columns or reference system are others.
    """
    if list(boundaries.columns) != list(BOUNDARY_COLUMNS) or boundaries.crs != RD.epsg:
        message = (
            f"expected boundaries with columns {list(BOUNDARY_COLUMNS)} in EPSG:{RD.epsg}, "
            f"got {list(boundaries.columns)} in {boundaries.crs}"
        )
        raise SchemaError(message)


def groups(boundaries: gpd.GeoDataFrame) -> Iterator[tuple[tuple[str, int], npt.NDArray[np.intp]]]:
    """Give the row numbers of each level and indeling."""
    rows = boundaries[["niveau", "indeling"]].reset_index(drop=True)
    for (niveau, indeling), group in rows.groupby(["niveau", "indeling"]):
        yield (str(niveau), cast("int", indeling)), group.index.to_numpy()


def needs_repair(shapes: Shapes) -> bool:
    """Tell whether regions overlap, do not share their border points, or leave thin holes."""
    if not shapely.coverage_is_valid(shapes):
        return True
    parts = shapely.get_parts(shapely.coverage_union_all(shapes))
    rings = [ring for part in parts for ring in part.interiors]
    holes: Shapes = np.asarray(shapely.polygons(np.array(rings, dtype=object)))
    return bool((_mean_width(holes) < GAP_WIDTH_M).any())


def as_multi(shapes: Shapes) -> Shapes:
    """Return MultiPolygons with outer rings counter-clockwise."""
    oriented = shapely.orient_polygons(shapes, exterior_cw=False)
    single = shapely.get_type_id(oriented) == shapely.GeometryType.POLYGON
    oriented[single] = [shapely.multipolygons([polygon]) for polygon in oriented[single]]
    return oriented


def with_shapes(boundaries: gpd.GeoDataFrame, shapes: Shapes) -> gpd.GeoDataFrame:
    """Return the same rows with other shapes."""
    geometry = gpd.GeoSeries(shapes, index=boundaries.index, crs=RD.epsg)
    return boundaries.set_geometry(geometry)


def _partition(shapes: Shapes) -> Shapes:
    """Cut the land into faces and put them together again by owner."""
    lines = shapely.union_all(shapely.boundary(shapes), grid_size=GRID_M)
    faces: Shapes = shapely.get_parts(shapely.polygonize(shapely.get_parts(lines)))
    owner = _owners(faces, shapes)
    _close_gaps(faces, owner)
    members = pd.Series(np.arange(len(faces))).groupby(owner).indices
    return np.array(
        [
            shapely.coverage_union_all(faces[members.get(region, [])])
            for region in range(len(shapes))
        ],
        dtype=object,
    )


def _owners(faces: Shapes, shapes: Shapes) -> npt.NDArray[np.intp]:
    """Return the region in which each face lies, the smallest when there are more."""
    face, region = shapely.STRtree(shapes).query(
        shapely.point_on_surface(faces), predicate="within"
    )
    large_first = np.lexsort((-region, -shapely.area(shapes)[region]))
    owner = np.full(len(faces), _NOBODY)
    owner[face[large_first]] = region[large_first]
    return owner


def _close_gaps(faces: Shapes, owner: npt.NDArray[np.intp]) -> None:
    """Give each thin face without owner to the neighbour with the longest common border."""
    free = np.flatnonzero(owner == _NOBODY)
    gaps = free[_mean_width(faces[free]) < GAP_WIDTH_M]
    which, other = shapely.STRtree(faces).query(faces[gaps], predicate="touches")
    owned = owner[other] != _NOBODY
    gap, face = gaps[which[owned]], other[owned]
    common = shapely.intersection(shapely.boundary(faces[gap]), shapely.boundary(faces[face]))
    lengths: dict[tuple[int, int], float] = defaultdict(float)
    for key, length in zip(zip(gap, owner[face], strict=True), shapely.length(common), strict=True):
        lengths[key] += length
    # the longest border is written last; of equal ones that of the first region
    for number, region in sorted(lengths, key=lambda key: (lengths[key], -key[1])):
        owner[number] = region


def _mean_width(shapes: Shapes) -> npt.NDArray[np.float64]:
    """Return the mean width (m): twice the area by the perimeter, as of a strip."""
    return 2 * shapely.area(shapes) / shapely.length(shapes)
