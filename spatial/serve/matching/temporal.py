"""Relations of time: instants and intervals with both ends included."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from spatial.serve.cql2.expression import Literal, Property, Span, Temporal
from spatial.serve.matching.texts import texts
from spatial.serve.matching.truth import Mask, Truth, known
from spatial.serve.read.layer import Matched

type Moments = npt.NDArray[np.int64]

_UNITS = {"date": "datetime64[D]", "moment": "datetime64[us]"}
_ALWAYS, _NEVER = np.iinfo(np.int64).min + 1, np.iinfo(np.int64).max


class _Times(NamedTuple):
    begin: Moments
    eind: Moments
    missing: Mask


_RELATIONS: dict[str, Callable[[_Times, _Times], Mask]] = {
    "after": lambda a, b: a.begin > b.eind,
    "before": lambda a, b: a.eind < b.begin,
    "disjoint": lambda a, b: (a.begin > b.eind) | (a.eind < b.begin),
    "intersects": lambda a, b: (a.begin <= b.eind) & (a.eind >= b.begin),
    "equals": lambda a, b: (a.begin == b.begin) & (a.eind == b.eind),
    "contains": lambda a, b: (a.begin < b.begin) & (a.eind > b.eind),
    "during": lambda a, b: (a.begin > b.begin) & (a.eind < b.eind),
    "finishedby": lambda a, b: (a.begin < b.begin) & (a.eind == b.eind),
    "finishes": lambda a, b: (a.begin > b.begin) & (a.eind == b.eind),
    "meets": lambda a, b: a.eind == b.begin,
    "metby": lambda a, b: a.begin == b.eind,
    "overlappedby": lambda a, b: (a.begin > b.begin) & (a.begin < b.eind) & (a.eind > b.eind),
    "overlaps": lambda a, b: (a.begin < b.begin) & (a.eind > b.begin) & (a.eind < b.eind),
    "startedby": lambda a, b: (a.begin == b.begin) & (a.eind > b.eind),
    "starts": lambda a, b: (a.begin == b.begin) & (a.eind < b.eind),
}


def relate_times(condition: Temporal, layer: Matched) -> Truth:
    """Tell of each feature whether its times are so related; unknown where an end is missing."""
    left, right = _times(condition.left, layer), _times(condition.right, layer)
    missing = left.missing | right.missing
    return known(_RELATIONS[condition.op](left, right), missing)


def _times(span: Span, layer: Matched) -> _Times:
    begin, no_begin = _ends(span.begin, _ALWAYS, layer)
    eind, no_eind = _ends(span.eind, _NEVER, layer)
    return _Times(begin, eind, no_begin | no_eind)


def _ends(end: Literal | Property | None, unbounded: int, layer: Matched) -> tuple[Moments, Mask]:
    """Return days or microseconds since 1970, and where there are none."""
    if end is None:
        return np.array([unbounded]), np.zeros(1, dtype=bool)
    found = texts(end, layer)
    table = np.array([*found.words, "1970-01-01"], dtype=_UNITS[end.kind]).astype(np.int64)
    return table[found.places], found.places < 0
