"""Parameters of ``/collections/{id}/coverage``, parsed and checked; pure."""

import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from spatial.domain.crs import CRS84, RD, Crs
from spatial.errors import QueryError
from spatial.serve.ask.query import Box, Interval, box_of, parse_crs, parse_datetime, parse_document

_PARAMETERS = ("bbox", "bbox-crs", "datetime", "subset")
_TIME = "time"
# the draft names axes by their abbreviation; EPSG writes X and Y for the Dutch grid
_AXES: dict[str, tuple[Crs, str]] = {
    "E": (RD, "x"), "X": (RD, "x"), "N": (RD, "y"), "Y": (RD, "y"),
    "Lon": (CRS84, "x"), "Lat": (CRS84, "y"),
}  # fmt: skip
_PART = re.compile(r"([A-Za-z]+)\(([^()]*)\)(?:,(?=.)|$)")
_OPEN = "*"
_VALUE = r'"[^"]*"|[^":]+'
_RANGE = re.compile(rf"({_VALUE})(?::({_VALUE}))?")

type Pairs = Iterable[tuple[str, str]]
type Ends = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of a coverage.

    Attributes:
        box: cells that this box meets; an end may be infinite. None: all cells.
        interval: bands whose peilmoment lies in it; None: all bands.
    """

    box: Box | None = None
    interval: Interval | None = None

    @property
    def whole(self) -> bool:
        """Tell whether nothing is left out."""
        return self.box is None and self.interval is None


def parse_coverage(pairs: Pairs) -> Asked:
    """Read the query parameters; ``subset`` may stand there more than once.

    Args:
        pairs: names and values as decoded from the URL, without ``f`` and ``lang``.

    Raises:
        QueryError: a parameter is unknown, given twice, or has a value that is not allowed.
    """
    every = list(pairs)
    given = parse_document([pair for pair in every if pair[0] != "subset"], _PARAMETERS)
    axes = _axes([text for name, text in every if name == "subset"])
    times = axes.pop(_TIME, None)
    if times is not None and "datetime" in given:
        message = "datetime and subset=time(...) ask the same: give one of the two"
        raise QueryError(message)
    if axes and "bbox" in given:
        message = "bbox and a subset of places ask the same: give one of the two"
        raise QueryError(message)
    text = given.get("datetime") if times is None else _moments(times)
    interval = None if text is None else parse_datetime(text)
    return Asked(_box_of_axes(axes) if axes else _box(given), interval)


def _box(given: dict[str, str]) -> Box | None:
    if "bbox" not in given:
        if "bbox-crs" in given:
            message = "bbox-crs without bbox"
            raise QueryError(message)
        return None
    crs = parse_crs("bbox-crs", given["bbox-crs"]) if "bbox-crs" in given else CRS84
    return box_of([_number("bbox", part) for part in given["bbox"].split(",")], crs)


def _axes(texts: Iterable[str]) -> dict[str, Ends]:
    """Return the two ends per axis, as they are written; the same text twice for a point."""
    found: dict[str, Ends] = {}
    for text in texts:
        for axis, ends in _parts(text):
            if axis not in {*_AXES, _TIME}:
                message = f"subset: there is no axis {axis!r}, only {', '.join([*_AXES, _TIME])}"
                raise QueryError(message)
            if axis in found:
                message = f"subset names the axis {axis!r} twice"
                raise QueryError(message)
            found[axis] = ends
    return found


def _parts(text: str) -> Iterator[tuple[str, Ends]]:
    place = 0
    while place < len(text) or not text:
        part = _PART.match(text, place)
        ends = part and _RANGE.fullmatch(part[2])
        if not part or not ends:
            message = (
                f"subset={text!r} is not written as axis(low:high) or axis(point), such as "
                'E(110000:140000),N(480000:500000) or time("2020-01-01")'
            )
            raise QueryError(message)
        low, high = (None if end is None else end.strip().strip('"') for end in (ends[1], ends[2]))
        yield part[1], (low or "", low or "" if high is None else high)
        place = part.end()


def _moments(ends: Ends) -> str:
    low, high = (".." if end == _OPEN else end for end in ends)
    return low if low == high != ".." else f"{low}/{high}"


def _box_of_axes(axes: dict[str, Ends]) -> Box:
    systems = {_AXES[axis][0] for axis in axes}
    if len(systems) > 1:
        message = f"subset: {' and '.join(axes)} are of different reference systems"
        raise QueryError(message)
    ends = {"x": (-math.inf, math.inf), "y": (-math.inf, math.inf)}
    named: dict[str, str] = {}
    for axis, (low, high) in axes.items():
        direction = _AXES[axis][1]
        if direction in named:
            message = f"subset: {named[direction]} and {axis} are the same axis"
            raise QueryError(message)
        named[direction] = axis
        ends[direction] = _ends(axis, low, high)
    return Box(ends["x"][0], ends["y"][0], ends["x"][1], ends["y"][1], systems.pop())


def _ends(axis: str, low: str, high: str) -> tuple[float, float]:
    least = -math.inf if low == _OPEN else _number(f"subset {axis}", low)
    most = math.inf if high == _OPEN else _number(f"subset {axis}", high)
    if least > most:
        message = f"subset {axis}({low}:{high}) ends before it begins"
        raise QueryError(message)
    return least, most


def _number(name: str, text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        message = f"{name}: {text!r} is not a finite number"
        raise QueryError(message)
    return number
