"""Reference days, reporting years and half-years.

31 December belongs to the indeling of its own year, 1 January to the new one: the pair
(peilmoment, indeling) is a key, the calendar year is not.
"""

from dataclasses import dataclass
from datetime import date

from spatial.domain.regions import Indeling
from spatial.errors import ValueParseError

_JANUARY = (1, 1)
_DECEMBER = (12, 31)
_MONTHS = {"januari": _JANUARY, "december": _DECEMBER}


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A reference day (``begin == eind``) or an interval of days, both ends included."""

    begin: date
    eind: date

    def __post_init__(self) -> None:
        if self.eind < self.begin:
            message = f"a period cannot end ({self.eind}) before it begins ({self.begin})"
            raise ValueParseError(message)

    @property
    def is_moment(self) -> bool:
        """Tell whether this is one day."""
        return self.begin == self.eind

    @property
    def indeling(self) -> Indeling:
        """The indeling in which figures of this period are published."""
        return Indeling(self.eind.year)


def moment(day: date) -> Period:
    """Return the reference day as a period."""
    return Period(day, day)


def reporting_year(year: int) -> Period:
    """Return the year over which a flow is counted."""
    return Period(date(year, *_JANUARY), date(year, *_DECEMBER))


def parse_statline_title(title: str) -> Period:
    """Read a period as 85980NED titles it: '2023 januari' is the 1st, '2023 december' the 31st.

    Raises:
        ValueParseError: another title.
    """
    year, _, month = title.strip().rstrip("*").partition(" ")
    if not (year.isdigit() and len(year) == 4 and month in _MONTHS):  # noqa: PLR2004 - a year
        message = f"period {title!r} is not '<year> januari' or '<year> december'"
        raise ValueParseError(message)
    return moment(date(int(year), *_MONTHS[month]))


def parse_half_year(text: str) -> Period:
    """Read a half-year of the taakstelling: '2022-1' is 1 January up to 30 June 2022.

    Raises:
        ValueParseError: another text.
    """
    year, _, half = text.strip().partition("-")
    if not (year.isdigit() and half in {"1", "2"}):
        message = f"half-year {text!r} is not '<year>-1' or '<year>-2'"
        raise ValueParseError(message)
    if half == "1":
        return Period(date(int(year), *_JANUARY), date(int(year), 6, 30))
    return Period(date(int(year), 7, 1), date(int(year), *_DECEMBER))
