"""Numbers, days and periods in words, in Dutch or English."""

import math
from dataclasses import dataclass
from datetime import date
from functools import cache

from markupsafe import escape

from spatial.compute.profiel.reeksen import Moment
from spatial.domain.status import Status

_MONTHS = (
    ("januari", "January"), ("februari", "February"), ("maart", "March"), ("april", "April"),
    ("mei", "May"), ("juni", "June"), ("juli", "July"), ("augustus", "August"),
    ("september", "September"), ("oktober", "October"), ("november", "November"),
    ("december", "December"),
)  # fmt: skip
_SHORT = {"maart": "mrt"}
_LETTERS = 3
_JULY = 7
_TH = 4
_TEENS = range(11, 14)
_ENDINGS = ("th", "st", "nd", "rd")


@dataclass(frozen=True, slots=True)
class Taal:
    """The language of a page.

    Attributes:
        english: in English; otherwise in Dutch.
    """

    english: bool

    @property
    def tag(self) -> str:
        """Language tag."""
        return self.text("nl", "en")

    def text(self, dutch: str, english: str) -> str:
        """Choose a wording."""
        return english if self.english else dutch

    def number(self, value: float, decimals: int, *, plus: bool = False) -> str:
        """Write a number: 1.234,5 in Dutch, 1,234.5 in English; a minus is a real one."""
        text = f"{value:+,.{decimals}f}" if plus else f"{value:,.{decimals}f}"
        if value < 0:
            text = text.replace("-", "\u2212")
        if self.english:
            return text
        # quicker than a translation, for the thousands of numbers of a page
        return text.replace(",", " ").replace(".", ",").replace(" ", ".")

    def bounds(self, low: float, high: float, decimals: int) -> str:
        """Write bounds, rounded away from the number between them."""
        scale = 10**decimals
        least = math.floor(round(low * scale, 6)) / scale
        most = math.ceil(round(high * scale, 6)) / scale
        between = self.text("tot", "to")
        return f"{self.number(least, decimals)} {between} {self.number(most, decimals)}"

    def figure(self, value: float | None, status: Status, decimals: int) -> str:
        """Write a number with the sign of its status, and the words of that for who cannot see it.

        Returns:
            HTML: digits, and markup of ours.
        """
        sign = _sign_of(status, english=self.english)
        return sign if value is None else self.number(value, decimals) + sign

    def day(self, day: date) -> str:
        """Write a day: 1 januari 2022."""
        return f"{day.day} {self.text(*_MONTHS[day.month - 1])} {day.year}"

    def short_day(self, day: date) -> str:
        """Write a day: 1 jan 2022."""
        month = self.text(*_MONTHS[day.month - 1])
        return f"{day.day} {_SHORT.get(month, month[:_LETTERS])} {day.year}"

    def moment(self, moment: Moment, *, flow: bool = False) -> str:
        """Name a moment: a day, a half-year, or the year of a flow."""
        half = 1 if moment.dag.month < _JULY else 2
        if moment.eind is not None:
            ordinal = self.text(
                f"{half}e halfjaar", "first half of" if half == 1 else "second half of"
            )
            return f"{ordinal} {moment.dag.year}"
        if flow:
            return f"{self.text('heel', 'all of')} {moment.dag.year}"
        return self.day(moment.dag)

    def brief(self, moment: Moment, *, flow: bool) -> str:
        """Name a moment in few letters in a sentence."""
        if flow or moment.eind is not None:
            return self.moment(moment, flow=flow)
        return self.short_day(moment.dag)

    def short_moment(self, moment: Moment) -> str:
        """Name a moment above a column."""
        if moment.eind is None:
            return self.short_day(moment.dag)
        half = 1 if moment.dag.month < _JULY else 2
        return f"{moment.dag.year}-{half}"

    def ordinal(self, place: int) -> str:
        """Write a place: 12e, or 12th."""
        if not self.english:
            return f"{place}e"
        last = place % 10
        plain = place % 100 in _TEENS or last >= _TH
        return f"{place}{_ENDINGS[0] if plain else _ENDINGS[last]}"


@cache
def _sign_of(status: Status, *, english: bool) -> str:
    """Return the sign of a status with its words, as HTML; observed has none."""
    if status is Status.WAARGENOMEN:
        return ""
    words = status.label_en if english else status.label_nl
    if not status.merk:
        return f'<span class="zacht">{words}</span>'
    sign = f'<span class="teken" aria-hidden="true">{escape(status.merk)}</span>'
    return f'{sign}<span class="verborgen"> {words}</span>'


@cache
def decimals_of(rounding: float) -> int:
    """Tell how many decimals a rounding base leaves: 5 leaves none, 0.1 leaves one."""
    return max(0, -math.floor(math.log10(rounding)))
