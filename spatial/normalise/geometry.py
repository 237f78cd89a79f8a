"""Shapes into one form: EPSG:28992, finite, valid, MultiPolygon, outer rings counter-clockwise."""

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely
from pyproj.exceptions import ProjError

from spatial.domain.crs import RD, RD_BOUNDS
from spatial.domain.findings import Finding, Severity
from spatial.errors import CrsError, GeometryError

type Shapes = npt.NDArray[np.object_]
"""An array of shapely geometries; None where there is none."""

_MAX_AREA_CHANGE = 0.001
_POLYGONAL = (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON)


def to_rd(
    frame: gpd.GeoDataFrame, where: str, *, declared: bool
) -> tuple[gpd.GeoDataFrame, list[Finding]]:
    """Transform to EPSG:28992, longitude or easting first, and check that it is the Netherlands.

    PDOK answers a request in RD without a ``crs`` member, for which GeoJSON readers assume degrees.
    Such a file is taken as RD when all its coordinates lie there; a finding says so.

    Args:
        frame: shapes in the reference system that the file declares.
        where: file, for messages.
        declared: the reference system stands in the file and is not just its format's default.

    Raises:
        CrsError: no reference system, or coordinates that lie outside the Netherlands in it.
        GeometryError: a coordinate is not a finite number.
    """
    if frame.crs is None:
        message = f"{where}: the file declares no reference system; expected EPSG:28992 or CRS84"
        raise CrsError(message)
    _check_finite(frame, where)
    found = frame.crs.to_string()
    if frame.crs.to_epsg() == RD.epsg:
        _check_bounds(frame, frame, where)
        return frame, []
    if not declared and _outside(frame).sum() == 0:
        text = f"the file declares no reference system; its coordinates are EPSG:{RD.epsg}, read so"
        finding = Finding(Severity.WARNING, where, "", "declared-crs", text)
        return frame.set_crs(RD.epsg, allow_override=True), [finding]
    try:
        moved = frame.to_crs(RD.epsg)
    except ProjError as error:
        message = f"{where}: {found} cannot be transformed to EPSG:{RD.epsg}: {error}"
        raise CrsError(message) from error
    _check_bounds(moved, frame, where)
    text = f"transformed from {found} to EPSG:{RD.epsg} (within 0.25 m)"
    return moved, [Finding(Severity.INFO, where, "", "declared-crs", text)]


def clean_shapes(
    shapes: Shapes, codes: Sequence[str], where: str, severity: Severity
) -> tuple[Shapes, list[Finding]]:
    """Repair shapes and bring them into one form; each repair and each loss is a finding.

    Args:
        shapes: polygons and multipolygons in EPSG:28992; None or empty where missing.
        codes: region code of each.
        where: file and indeling, for messages.
        severity: how much a missing shape matters.

    Returns:
        Valid MultiPolygons in two dimensions, None where there is nothing left; and the findings.

    Raises:
        GeometryError: a shape is not a polygon.
    """
    flat: Shapes = shapely.force_2d(shapes)
    flat[shapely.is_empty(flat)] = None
    missing = shapely.is_missing(flat)
    wrong = ~missing & ~np.isin(shapely.get_type_id(flat), _POLYGONAL)
    if wrong.any():
        first = int(np.flatnonzero(wrong)[0])
        message = f"{where}: {codes[first]} is a {flat[first].geom_type}, expected a MultiPolygon"
        raise GeometryError(message)
    findings = [_missing(codes[i], where, severity) for i in np.flatnonzero(missing).tolist()]
    for i in np.flatnonzero(~missing & ~shapely.is_valid(flat)).tolist():
        flat[i], finding = _repaired(flat[i], codes[i], where)
        findings.append(finding)
    flat = shapely.orient_polygons(flat, exterior_cw=False)
    return as_multi(flat), findings


def as_multi(shapes: Shapes) -> Shapes:
    """Return every polygon as a MultiPolygon of one part; None stays None."""
    single = shapely.get_type_id(shapes) == shapely.GeometryType.POLYGON
    result = shapes.copy()
    result[single] = [shapely.multipolygons([polygon]) for polygon in shapes[single]]
    return result


def _repaired(shape: shapely.Geometry, code: str, where: str) -> tuple[object, Finding]:
    reason = shapely.is_valid_reason(shape)
    # 'structure' keeps what outer rings enclose; 'linework' would cut out doubly covered parts
    fixed = shapely.make_valid(shape, method="structure", keep_collapsed=False)
    if shapely.is_empty(fixed):
        text = f"invalid and beyond repair, left out: {reason}"
        return None, Finding(Severity.ERROR, where, code, "valid-geometry", text)
    before, after = float(shapely.area(shape)), float(shapely.area(fixed))
    change = abs(after - before) / before if before else float("inf")
    severity = Severity.ERROR if change > _MAX_AREA_CHANGE else Severity.WARNING
    text = f"repaired ({reason}); the area went from {before:.0f} to {after:.0f} m2"
    return fixed, Finding(severity, where, code, "valid-geometry", text)


def _missing(code: str, where: str, severity: Severity) -> Finding:
    text = "there is no shape, or an empty or unreadable one; the region is left out"
    return Finding(severity, where, code, "missing-geometry", text)


def _check_finite(frame: gpd.GeoDataFrame, where: str) -> None:
    shapes = np.asarray(frame.geometry.array)
    coordinates, owner = shapely.get_coordinates(shapes, return_index=True)
    infinite = ~np.isfinite(coordinates).all(axis=1)
    if infinite.any():
        code = frame["statcode"].iloc[int(owner[infinite][0])]
        message = f"{where}: {code} has {infinite.sum()} coordinates that are not finite numbers"
        raise GeometryError(message)


def _outside(frame: gpd.GeoDataFrame) -> npt.NDArray[np.bool_]:
    west, south, east, north = RD_BOUNDS
    box = shapely.bounds(np.asarray(frame.geometry.array))
    inside = (box[:, :2] >= (west, south)).all(axis=1) & (box[:, 2:] <= (east, north)).all(axis=1)
    outside: npt.NDArray[np.bool_] = ~inside & ~np.isnan(box).all(axis=1)
    return outside


def _check_bounds(rd: gpd.GeoDataFrame, read: gpd.GeoDataFrame, where: str) -> None:
    outside = _outside(rd)
    if not outside.any():
        return
    west, south, east, north = (round(float(value), 3) for value in read.total_bounds)
    message = (
        f"{where}: declares {read.crs} but {outside.sum()} of {len(read)} shapes lie "
        f"outside the Netherlands in it; its coordinates run from ({west}, {south}) to "
        f"({east}, {north}), expected {RD_BOUNDS} (EPSG:{RD.epsg}) or degrees, longitude first"
    )
    raise CrsError(message)
