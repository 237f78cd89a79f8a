"""Dutch wording of numbers, days and periods, the same in map, legend, tooltip and table."""

import math
from datetime import date

_MONTHS = (
    "januari", "februari", "maart", "april", "mei", "juni",
    "juli", "augustus", "september", "oktober", "november", "december",
)  # fmt: skip
_DUTCH = str.maketrans(",.", ".,")
_JULY = 7
_HALF_YEAR = 6


def dutch_number(value: float, decimals: int) -> str:
    """Write a number the Dutch way: 1.234,5; what rounds to 0 has no sign."""
    return f"{round(value, decimals) + 0.0:,.{decimals}f}".translate(_DUTCH)


def dutch_date(day: date) -> str:
    """Write a day: 1 januari 2022."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def dutch_half_year(begin: date, months: int | None = None) -> str:
    """Name the half-year that begins on a day: 1e halfjaar 2022.

    Args:
        begin: its first day.
        months: how many are counted, which is said when it is not over; None: all of them.
    """
    name = f"{'1e' if begin.month < _JULY else '2e'} halfjaar {begin.year}"
    if months is None or months == _HALF_YEAR:
        return name
    return f"{name}, {months} van {_HALF_YEAR} maanden"


def decimals_of(rounding: float) -> int:
    """Tell how many decimals a rounding base leaves: 5 leaves none, 0.1 leaves one."""
    return max(0, -math.floor(math.log10(rounding)))


def with_unit(text: str, unit: str) -> str:
    """Put the unit behind a number that is already written."""
    return f"{text} {unit}" if unit else text


def capitalised(text: str) -> str:
    """Start a sentence."""
    return text[:1].upper() + text[1:]
