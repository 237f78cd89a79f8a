"""Checks on a boundaries table: the expected codes, and regions that neither overlap nor gape."""

from collections.abc import Iterator

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from spatial.domain.findings import Finding, Severity
from spatial.normalise.geometry import Shapes

_M2_PER_HA = 10_000.0
_THIN_M = 20.0
"""Mean width (m) below which a hole is a crack between neighbours, however long; water is wider."""


type _Measured = tuple[list[str], npt.NDArray[np.float64], npt.NDArray[np.float64]]
"""Key, area (ha) and mean width (m) of each overlap or gap."""


def check_codes(frame: gpd.GeoDataFrame, expected: frozenset[str]) -> list[Finding]:
    """Compare the codes of one level and indeling with those that it should have.

    Args:
        frame: ``BOUNDARY_COLUMNS`` of one level and one indeling.
        expected: the codes of that level in that indeling.

    Returns:
        One error per missing and per unknown code; none when the sets are equal.
    """
    found = frozenset(frame["code"])
    years = ", ".join(str(year) for year in sorted(set(frame["indeling"])))
    where = f"grenzen {years}".strip()
    missing = "the indeling has this code, the boundaries do not"
    unknown = "the boundaries have this code, the indeling does not"
    findings = [
        Finding(Severity.ERROR, where, code, "missing-code", missing) for code in expected - found
    ] + [Finding(Severity.ERROR, where, code, "unknown-code", unknown) for code in found - expected]
    return sorted(findings, key=lambda finding: finding.key)


def check_coverage(
    frame: gpd.GeoDataFrame,
    *,
    tolerance_m: float = 1.0,
    max_overlap_ha: float = 25.0,
    max_gap_ha: float = 5.0,
) -> list[Finding]:
    """Look for overlaps and gaps between the regions of each level and indeling.

    A gap is a hole in the union of the regions that is no larger than ``max_gap_ha``, or that is so
    thin that it cannot be water. Larger holes are water: the files leave out large open water.

    Args:
        frame: ``BOUNDARY_COLUMNS``, EPSG:28992.
        tolerance_m: overlaps and gaps of a smaller mean width (m) are dust: only information.
        max_overlap_ha: overlap of two regions (ha) that is an error.
        max_gap_ha: thin gap (ha) that is an error.

    Returns:
        Per level and indeling one finding with number, total and largest of the overlaps and one of
        the gaps, and one error for each that is too large; nothing for a clean coverage.
    """
    findings: list[Finding] = []
    for (niveau, indeling), group in frame.groupby(["niveau", "indeling"]):
        where = f"grenzen {niveau} {indeling}"
        shapes: Shapes = np.asarray(group.geometry.array)
        overlaps = _overlaps(shapes, group["code"].tolist())
        findings += _report(where, "overlap", overlaps, tolerance_m, max_overlap_ha)
        findings += _report(where, "gap", _gaps(shapes, max_gap_ha), tolerance_m, max_gap_ha)
    return findings


def _overlaps(shapes: Shapes, codes: list[str]) -> _Measured:
    """Measure the overlap of each pair of regions of which the coverage is not right."""
    wrong = ~shapely.is_empty(shapely.coverage_invalid_edges(shapes))
    left, right = shapely.STRtree(shapes).query(shapes[wrong], predicate="intersects")
    left = np.flatnonzero(wrong)[left]
    pairs = sorted({(min(i, j), max(i, j)) for i, j in zip(left, right, strict=True) if i != j})
    if not pairs:
        return [], np.empty(0), np.empty(0)
    first, second = np.array(pairs).T
    common = shapely.intersection(shapes[first], shapes[second])
    real = shapely.area(common) > 0
    keys = [f"{codes[i]} {codes[j]}" for i, j in zip(first[real], second[real], strict=True)]
    return keys, *_measure(common[real])


def _gaps(shapes: Shapes, max_gap_ha: float) -> _Measured:
    """Measure the holes in the union that are too small or too thin to be water."""
    parts = shapely.get_parts(shapely.union_all(shapes))
    rings = [ring for part in parts for ring in part.interiors]
    holes: Shapes = np.asarray(shapely.polygons(np.array(rings, dtype=object)))
    areas, widths = _measure(holes)
    gap = (areas <= max_gap_ha) | (widths < _THIN_M)
    points = shapely.point_on_surface(holes[gap])
    keys = [f"x={point.x:.0f} y={point.y:.0f}" for point in points]
    return keys, areas[gap], widths[gap]


def _measure(shapes: Shapes) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return area (ha) and mean width (m): twice the area by the perimeter, as of a strip."""
    areas, lengths = shapely.area(shapes), shapely.length(shapes)
    widths = np.divide(2 * areas, lengths, out=np.zeros_like(areas), where=lengths > 0)
    return areas / _M2_PER_HA, widths


def _report(
    where: str, rule: str, found: _Measured, tolerance_m: float, max_ha: float
) -> Iterator[Finding]:
    keys, areas, widths = found
    if not keys:
        return
    largest = int(np.argmax(areas))
    severity = Severity.WARNING if (widths >= tolerance_m).any() else Severity.INFO
    text = f"{len(keys)} of together {areas.sum():.4f} ha; the largest is {areas[largest]:.4f} ha"
    yield Finding(severity, where, keys[largest], rule, text)
    for i in np.flatnonzero((areas > max_ha) & (widths >= tolerance_m)).tolist():
        text = f"{areas[i]:.1f} ha, more than {max_ha:g} ha; mean width {widths[i]:.1f} m"
        yield Finding(Severity.ERROR, where, keys[i], rule, text)
