"""When a feature is drawn: the temporal settings of a layer, for the temporal controller of QGIS.

A frame of a year has to show one state of every region, whatever day of the year the figures are of.
The fields themselves cannot say that: QGIS compares a date with a moment as text, so that 1 January
lies within the year before as well, and a duration of a year is 365.25 days to it. Expressions that
give moments are compared as moments, in every version and every time zone.
"""

import xml.etree.ElementTree as ET
from dataclasses import dataclass

from spatial.domain.indicators import Indicator, Soort, load_catalogue

_FROM_EXPRESSIONS = "4"
_MIDNIGHT, _LAST_SECOND = "0,0,0", "23,59,59"

type Day = tuple[int, int]
"""Month and day."""

FIRST_DAY: Day = (1, 1)
"""The day that is drawn of what is counted at moments."""
LAST_DAY: Day = (12, 31)
"""The day of what is counted over a year."""


@dataclass(frozen=True, slots=True)
class Validity:
    """The first and last moment at which a feature is drawn, as expressions; never where it is NULL.

    Attributes:
        begin: first moment.
        end: last moment, included.
        chosen: condition for the features that are drawn at some time; empty: all are.
    """

    begin: str
    end: str
    chosen: str = ""


def validity(begin: str, eind: str, day: Day | None = None) -> Validity:
    """Return when the features of a layer are drawn.

    Args:
        begin: date field in which the time of a feature begins.
        eind: date field in which it ends (included); the same field for a moment.
        day: of moments the one day of the year that is drawn, for the whole of its year; None: every
            feature is drawn from its begin to its end.
    """
    if begin != eind or day is None:
        return Validity(_moment(begin, _MIDNIGHT), _moment(eind, _LAST_SECOND))
    field = _quoted(begin)
    chosen = f"month({field}) = {day[0]} AND day({field}) = {day[1]}"
    first = f"make_datetime(year({field}),1,1,{_MIDNIGHT})"
    last = f"make_datetime(year({field}),12,31,{_LAST_SECOND})"
    return Validity(f"CASE WHEN {chosen} THEN {first} END", last, chosen)


def day_of(indicator: str) -> Day:
    """Return the day of the year at which an indicator is drawn.

    A stock is that of 1 January; what flows in a year, and what is made of it, is there on 31 December
    only.

    Raises:
        UnknownMemberError: the catalogue has no such indicator.
    """
    entry = load_catalogue().get(indicator)
    return LAST_DAY if _flows(entry) else FIRST_DAY


def temporal_element(shown: Validity | None) -> ET.Element:
    """Write ``<temporal>`` of a layer; None: it is drawn whatever the time."""
    element = ET.Element(
        "temporal",
        enabled="0" if shown is None else "1",
        mode=_FROM_EXPRESSIONS,
        startField="",
        endField="",
        startExpression="" if shown is None else shown.begin,
        endExpression="" if shown is None else shown.end,
        durationField="",
        fixedDuration="0",
        durationUnit="min",
        accumulate="0",
        limitMode="0",
    )
    fixed = ET.SubElement(element, "fixedRange")
    ET.SubElement(fixed, "start")
    ET.SubElement(fixed, "end")
    return element


def _flows(entry: Indicator) -> bool:
    """Tell whether an indicator is of a year, or made of what is."""
    if entry.soort.is_count or not entry.teller:
        return entry.soort is Soort.STROOM
    return _flows(load_catalogue().get(entry.teller))


def _moment(field: str, time: str) -> str:
    name = _quoted(field)
    return f"make_datetime(year({name}),month({name}),day({name}),{time})"


def _quoted(field: str) -> str:
    return f'"{field}"'
