"""The peilmomenten of a collection, and which of them are one layer. No QGIS here.

A layer shows one peilmoment, or a series that the time controller walks through. In a series no two
peilmomenten may be about the same time: 31 December 2021 and 1 January 2022 are never in one.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from functools import reduce
from math import gcd
from typing import Dict, Iterable, List, Sequence, Tuple

FIELD = "peilmoment"
STATUS_FIELD = "bronStatus"
EXAMPLE = "voorbeeldcijfers"
_YEAR = 12
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Moment:
    """One peilmoment of a collection.

    Attributes:
        day: the day itself.
        regions: how many regions have a row.
        figures: how many of them have a number for the indicator.
    """

    day: date
    regions: int
    figures: int


@dataclass(frozen=True)
class Moments:
    """What a collection has of an indicator, over time.

    Attributes:
        all: its peilmomenten, ascending.
        example: whether a figure or the indicator's source is made up.
    """

    all: Tuple[Moment, ...]
    example: bool

    def of_year(self, year: int | None) -> Tuple[Moment, ...]:
        """Return the peilmomenten in a year; of all years for None."""
        return tuple(entry for entry in self.all if year in (None, entry.day.year))


@dataclass(frozen=True)
class Period:
    """What a layer shows.

    Attributes:
        days: its peilmomenten, ascending; one: a single moment, more: a series.
        months: months from one to the next in a series; 0 for a single moment.
        whole: whether the collection has no other peilmomenten.
    """

    days: Tuple[date, ...]
    months: int = 0
    whole: bool = False

    @property
    def series(self) -> bool:
        """Tell whether there is something to walk through."""
        return len(self.days) > 1

    @property
    def yearly(self) -> bool:
        """Tell whether it has the same day of every year."""
        return len({(day.month, day.day) for day in self.days}) == 1

    @property
    def key(self) -> str:
        """Return what a layer remembers, to be found again among other peilmomenten."""
        if not self.series:
            return self.days[0].isoformat()
        return f"*-{self.days[0]:%m-%d}" if self.yearly else "*"

    @property
    def drawn(self) -> str:
        """Return the expression for the rows that are drawn; empty: all of the layer.

        Of a series that is the newest peilmoment, as long as the time controller does not choose.
        """
        if not self.series:
            return ""
        return f"@map_start_time IS NOT NULL OR \"{FIELD}\" = '{self.days[-1].isoformat()}'"

    @property
    def begin(self) -> date:
        """Return the first day of the first peilmoment's time: of its year, or its own day."""
        first = self.days[0]
        return date(first.year, 1, 1) if self.yearly else first

    @property
    def end(self) -> date:
        """Return the last day of the last peilmoment's time."""
        last = self.days[-1]
        return date(last.year, _YEAR, 31) if self.yearly else _later(last, self.months) - _ONE_DAY

    @property
    def times(self) -> Tuple[str, str]:
        """Return the expressions for the first and last moment of a row's time, for the time controller.

        A yearly figure is shown in its calendar year, of whichever day it is; another one until the
        next. They are moments: QGIS compares a date with a moment as text, by which 1 January would
        lie in the year before as well. And no service can work them out, so QGIS reads the layer
        once, not once for every step.
        """
        year, month = f'year("{FIELD}")', f'month("{FIELD}")'
        if self.yearly:
            return (
                f"make_datetime({year}, 1, 1, 0, 0, 0)",
                f"make_datetime({year}, {_YEAR}, 31, 23, 59, 59)",
            )
        past = f"({month} + {self.months - 1})"
        following = f"{year} + {past} // {_YEAR}, {past} % {_YEAR} + 1"
        return (
            f"make_datetime({year}, {month}, 1, 0, 0, 0)",
            f"make_datetime({following}, 1, 0, 0, 0) - to_interval('1 second')",
        )

    @property
    def subset(self) -> str:
        """Return the expression that selects it from the collection; empty: all there is."""
        if self.whole:
            return ""
        return " OR ".join(f"\"{FIELD}\" = '{day.isoformat()}'" for day in self.days)


def read_moments(text: str, indicator: str) -> Moments:
    """Read the peilmomenten from the rows of a collection.

    Args:
        text: CSV with the columns ``peilmoment``, ``bronStatus`` and the indicator; an empty cell
            has no number.
        indicator: its column.

    Raises:
        KeyError: a column is missing.
        ValueError: a day is not a date.
    """
    regions: Dict[str, int] = defaultdict(int)
    figures: Dict[str, int] = defaultdict(int)
    sources = set()
    for row in csv.DictReader(text.splitlines()):
        regions[row[FIELD]] += 1
        figures[row[FIELD]] += row[indicator] != ""
        sources.add(row[STATUS_FIELD])
    found = (
        Moment(date.fromisoformat(day), regions[day], figures[day])
        for day in sorted(regions)
        if day
    )
    return Moments(tuple(found), EXAMPLE in sources)


def periods(moments: Moments, year: int | None = None) -> Tuple[Period, ...]:
    """Return what a layer can show: series first, then single peilmomenten, the newest first.

    Args:
        moments: what the collection has.
        year: the year chosen; None: all.
    """
    days = [entry.day for entry in moments.of_year(year) if entry.figures]
    everything = len(moments.all)
    series = [
        Period(tuple(group), _step(group), len(group) == everything)
        for group in _groups(days)
        if len(group) > 1
    ]
    single = [Period((entry.day,), 0, everything == 1) for entry in reversed(moments.of_year(year))]
    return (*series, *single)


def found_again(key: str, moments: Moments) -> Period | None:
    """Return the period of a layer among (newer) peilmomenten; None: it is not there any more."""
    for period in periods(moments):
        if period.key == key:
            return period
    return None


def _groups(days: Sequence[date]) -> Iterable[List[date]]:
    """Split days into series: all of them when each begins a month, else by the day of the year."""
    if all(day.day == 1 for day in days):
        return [list(days)]
    groups: Dict[Tuple[int, int], List[date]] = defaultdict(list)
    for day in days:
        groups[day.month, day.day].append(day)
    return groups.values()


def _step(days: Sequence[date]) -> int:
    numbers = [day.year * _YEAR + day.month for day in days]
    return reduce(gcd, (later - first for first, later in zip(numbers, numbers[1:])), 0)


def _later(day: date, months: int) -> date:
    """Return the first day of the month so many months later."""
    years, month = divmod(day.month - 1 + months, _YEAR)
    return date(day.year + years, month + 1, 1)
