"""Figures of a moment in few characters: a page with five indicators holds ten thousands of them.

Numbers become whole steps of their last decimal, and bounds their distance to the number; where all
bounds lie equally far, that is written once. ``kaart.js`` takes it apart. What has no number gets 0
in its place, and is told apart by its status.
"""

from collections.abc import Sequence
from typing import Any

from spatial.domain.status import Status
from spatial.preview.classes import MISSING_SIGNS

UNSURE = MISSING_SIGNS[Status.NIET_VAST_TE_STELLEN]
"""Letter of the only status that has bounds without a number."""
_TENTHS = 10

Number = float | int | None


def packed(moment: dict[str, Any], decimals: int) -> dict[str, Any]:
    """Return the values of a moment (see ``panels.panel_values``) in their short form.

    Args:
        moment: with ``status``, ``waarden``, ``min``, ``max`` and, of circles, ``stralen`` (px).
        decimals: of values and bounds.
    """
    steps = [_steps(value, decimals) for value in moment["waarden"]]
    short = {
        "waarden": steps,
        "min": _apart(
            steps, [_steps(value, decimals) for value in moment["min"]], moment["status"]
        ),
        "max": _apart(
            [_steps(value, decimals) for value in moment["max"]], steps, moment["status"]
        ),
    }
    if "stralen" in moment:
        short["stralen"] = [round((radius or 0) * _TENTHS) for radius in moment["stralen"]]
    return {**moment, **short}


def _steps(value: Number, decimals: int) -> int:
    return 0 if value is None else round(value * 10**decimals)


def _apart(high: Sequence[int], low: Sequence[int], signs: str) -> list[int] | int:
    """Return how far bounds lie from the numbers; one number when they all do so equally far."""
    bounded = [sign == UNSURE or sign not in MISSING_SIGNS.values() for sign in signs]
    apart = [a - b if has else 0 for a, b, has in zip(high, low, bounded, strict=True)]
    same = {steps for steps, has in zip(apart, bounded, strict=True) if has}
    return apart if len(same) > 1 else next(iter(same), 0)
