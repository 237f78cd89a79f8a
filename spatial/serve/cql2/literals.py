"""Days, moments and geometries as a filter writes them."""

import json
import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from spatial.domain.crs import CRS84, ETRF2000, ETRS89, Crs
from spatial.serve.cql2.expression import Literal, Place
from spatial.serve.cql2.limits import finite, refusal, shown
from spatial.serve.days import parse_day

_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(?:\.\d{1,6})?[Zz]", re.ASCII)
_TYPES = (
    "Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon",
    "GeometryCollection",
)  # fmt: skip
_DEGREES = (CRS84, ETRS89, ETRF2000)
_HALF_TURN = 180.0


def day(text: Any) -> Literal:
    """Read the text of ``DATE``.

    Raises:
        QueryError: it is not a day.
    """
    if not isinstance(text, str) or not _DAY.fullmatch(text):
        raise refusal(f"DATE has a day such as '2022-01-01', not {shown(str(text))}")
    return Literal(parse_day("DATE", text).isoformat(), "date")


def moment(text: Any) -> Literal:
    """Read the text of ``TIMESTAMP``: in UTC, to the microsecond.

    Raises:
        QueryError: it is not a moment.
    """
    if isinstance(text, str) and _MOMENT.fullmatch(text):
        try:
            written = datetime.fromisoformat(text.upper().removesuffix("Z"))
        except ValueError as error:
            raise refusal(f"the moment {text!r} does not exist") from error
        return Literal(written.isoformat(timespec="microseconds"), "moment")
    raise refusal(f"TIMESTAMP has a moment such as '2022-01-01T00:00:00Z', not {shown(str(text))}")


def instant(text: str) -> Literal:
    """Read a text within ``INTERVAL``: a day or a moment.

    Raises:
        QueryError: it is neither.
    """
    return day(text) if _DAY.fullmatch(text) else moment(text)


def day_of(literal: Literal) -> Literal:
    """Return the day of a text or a moment; of a moment only its day counts, as it is written.

    Raises:
        QueryError: a text is not a day or a moment.
    """
    if literal.kind == "moment":
        return Literal(str(literal.value)[:10], "date")
    return Literal(parse_day("filter", str(literal.value)).isoformat(), "date")


def place_of(node: Any, crs: Crs) -> Place:
    """Read a geometry: as shapely has it, as GeoJSON, or as ``{"bbox": [...]}``.

    Args:
        node: with coordinates in the axis order of ``crs``.
        crs: reference system.

    Raises:
        QueryError: it is not a geometry, it is empty or not valid.
    """
    if isinstance(node, dict) and "bbox" in node:
        return Place(_box(node["bbox"], crs))
    shape = node if isinstance(node, shapely.Geometry) else _from_geojson(node)
    shape = shapely.force_2d(shape)
    if shapely.is_empty(shape) or shapely.is_empty(shapely.get_parts([shape])).any():
        raise refusal("a geometry without points")
    if not np.isfinite(shapely.get_coordinates(shape)).all():
        raise refusal("a geometry with a coordinate that is not finite")
    if not shapely.is_valid(shape):
        raise refusal(f"a geometry that is not valid: {shapely.is_valid_reason(shape)}")
    return Place(shapely.transform(shape, _turned) if crs.lat_first else shape)


def _turned(points: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return points[:, ::-1]


def _from_geojson(node: Any) -> shapely.Geometry:
    if not isinstance(node, dict) or node.get("type") not in _TYPES:
        raise refusal(f"a geometry has one of the types {', '.join(_TYPES)}")
    try:
        return shapely.from_geojson(json.dumps(node))
    except shapely.GEOSException as error:
        raise refusal(f"a {node['type']} that cannot be read: {error}") from error


def _box(numbers: Any, crs: Crs) -> shapely.Geometry:
    """Make the shape of a box; in degrees a west above its east crosses the antimeridian."""
    west, south, east, north = _corners(numbers, crs)
    if south > north or (west > east and crs not in _DEGREES):
        raise refusal(f"BBOX {numbers} has its upper corner below or left of its lower corner")
    if west > east:
        return shapely.union_all(
            [
                _rectangle(west, south, _HALF_TURN, north),
                _rectangle(-_HALF_TURN, south, east, north),
            ]
        )
    return _rectangle(west, south, east, north)


def _corners(numbers: Any, crs: Crs) -> Sequence[float]:
    if (
        not isinstance(numbers, list)
        or len(numbers) not in {4, 6}
        or any(isinstance(part, bool) or not isinstance(part, int | float) for part in numbers)
    ):
        raise refusal("BBOX has 4 or 6 numbers")
    half = len(numbers) // 2
    plain = [float(finite(number)) for number in numbers]
    lower, upper = plain[:2], plain[half : half + 2]
    if crs.lat_first:
        lower, upper = lower[::-1], upper[::-1]
    return *lower, *upper


def _rectangle(west: float, south: float, east: float, north: float) -> shapely.Geometry:
    """Return a polygon, or the line or point that a box without width or height is."""
    if west < east and south < north:
        return shapely.box(west, south, east, north)
    if (west, south) == (east, north):
        return shapely.Point(west, south)
    return shapely.LineString([(west, south), (east, north)])
