"""Example realisation and carry-over of the taakstelling: made by the computer, published as such.

No complete table per gemeente was found in public. The targets themselves are not made here.
"""

import hashlib
from collections.abc import Mapping
from datetime import date, timedelta

from spatial.domain.periods import Period
from spatial.domain.sources import Source, SourceStatus
from spatial.domain.taakstelling import Reported, Reports

EXAMPLE_REALISATION_SOURCE = Source(
    "taakstelling-realisatie",
    "Realisatie, achterstand en voorsprong bij de taakstelling (voorbeeldcijfers)",
    SourceStatus.VOORBEELDCIJFERS,
    "EUPL-1.2",
    geldt_voor="gehuisvest, achterstand en voorsprong, en alles wat daarop rust",
    holds_for="what was housed, carried over, and all that rests on it",
)

_SAID = "voorbeeldcijfer"
_COUNTED = 3
"""Months that are counted of the newest half-year: it is shown as not over yet."""

_SHORT, _AHEAD = 0.80, 0.97
"""Part of the gemeenten that begin with a shortfall, and up to where with a head start below their
target; the rest begins with one above it."""

type Targets = Mapping[Period, Mapping[str, int | None]]


def example_reports(targets: Targets) -> Reports:
    """Make realisation for every half-year with targets, the same to the byte for the same targets.

    Args:
        targets: by half-year and gemeentecode, the target; None where the formula gives none. All
            half-years from the first to the last.

    Returns:
        Of every gemeente as many persons housed as a pace of its own gives, in whole persons; of the
        newest half-year only its first three months. A shortfall or a head start at the start of every
        series, also of one gemeente that had no target in the half-year before. No targets.
    """
    periods = sorted(targets)
    started = [period for period in periods if _has_targets(targets[period])]
    rows: list[Reported] = []
    for period in started:
        newest = period == started[-1]
        before = periods[periods.index(period) - 1] if period != periods[0] else None
        earlier = targets[before] if before else {}
        begins = not _has_targets(earlier)
        for code in sorted(targets[period]):
            size = _size(code, period, targets)
            opens = begins or (code in earlier and earlier[code] is None)
            short, ahead = _start(code, size) if opens else (None, None)
            months = _COUNTED if newest else 2 * _COUNTED
            rows.append(
                Reported(
                    gemeente=code,
                    period=period,
                    peildatum=_month_end(period, months),
                    taakstelling=None,
                    achterstand=short,
                    voorsprong=ahead,
                    gehuisvest=_housed(code, period, size * months / (2 * _COUNTED)),
                    bron=_SAID,
                )
            )
    return Reports(tuple(rows), EXAMPLE_REALISATION_SOURCE)


def _has_targets(targets: Mapping[str, int | None]) -> bool:
    return any(target is not None for target in targets.values())


def _size(code: str, period: Period, targets: Targets) -> int:
    """Return the target of a gemeente, or the next one that it has."""
    later = (targets[one].get(code) for one in sorted(targets) if one >= period)
    return next((target for target in later if target is not None), 0)


def _start(code: str, size: int) -> tuple[int, int]:
    """Return a shortfall and a head start; one of both is 0."""
    kind, part = _draw(code, "begin"), _draw(code, "deel")
    if kind < _SHORT:
        return int(size * 0.6 * part), 0
    if kind < _AHEAD:
        return 0, int(size * 0.4 * part)
    return 0, int(size * (1.2 + 0.6 * part)) + 1


def _housed(code: str, period: Period, share: float) -> int:
    pace = 0.84 + 0.4 * _draw(code, "tempo") + 0.3 * (_draw(code, str(period.begin)) - 0.5)
    return int(share * pace + _draw(code, f"rest {period.begin}"))


def _month_end(period: Period, months: int) -> date:
    """Return the last day of the first months of a half-year."""
    begin = period.begin
    after = begin.month + months
    return date(begin.year + (after > 12), after - 12 * (after > 12), 1) - timedelta(days=1)  # noqa: PLR2004 - months of a year


def _draw(*words: str) -> float:
    """Return a number from 0 up to 1 that these words always give."""
    digest = hashlib.sha256(" ".join(words).encode()).digest()
    return int.from_bytes(digest[:6], "big") / (1 << 48)
