"""Figures and shapes in few characters: a page with five indicators holds ten thousands of them.

Numbers become whole steps of their last decimal, and bounds their distance to the number; where all
bounds lie equally far, that is written once. What has no number gets 0 in its place, and is told
apart by its status. Lists of whole numbers become text in the way of the encoded polylines of web
maps: five bits in a character, the sign in the lowest bit. ``pak.js`` takes it apart.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import Any

from spatial.domain.status import Status
from spatial.preview.classes import MISSING_SIGNS

UNSURE = MISSING_SIGNS[Status.NIET_VAST_TE_STELLEN]
"""Letter of the only status that has bounds without a number."""
_TENTHS = 10
_FIRST = 63
"""Code of the character for 0: from there on JSON leaves all but one of them as they are."""
_MORE = 32
"""Marks a character after which the number goes on."""

Number = float | int | None


def digits(numbers: Iterable[int]) -> str:
    """Write whole numbers as text without spaces: small ones take one character."""
    text = []
    for number in numbers:
        rest = 2 * number if number >= 0 else -2 * number - 1
        while rest >= _MORE:
            text.append(chr(_FIRST + _MORE + rest % _MORE))
            rest //= _MORE
        text.append(chr(_FIRST + rest))
    return "".join(text)


def packed_topology(topology: Mapping[str, Any]) -> dict[str, Any]:
    """Return a TopoJSON topology of regions in its short form.

    Returns:
        ``stap`` (degrees), ``bogen`` (the points of every arc, from the one before), ``namen`` (by
        code; the newest object that has it) and ``vormen`` by object: ``codes`` and ``bogen`` in
        their order, and the ``namen`` that are not those above.
    """
    objects = topology["objects"]
    namen = {
        shape["id"]: shape["properties"]["naam"]
        for entry in objects.values()
        for shape in entry["geometries"]
    }
    return {
        "stap": topology["transform"]["scale"][0],
        "bogen": [digits(chain.from_iterable(arc)) for arc in topology["arcs"]],
        "namen": namen,
        "vormen": {name: _packed_object(entry, namen) for name, entry in objects.items()},
    }


def _packed_object(entry: Mapping[str, Any], namen: Mapping[str, str]) -> dict[str, Any]:
    shapes = entry["geometries"]
    held = {shape["id"]: shape["properties"]["naam"] for shape in shapes}
    return {
        "codes": [shape["id"] for shape in shapes],
        "namen": {code: naam for code, naam in held.items() if namen[code] != naam},
        "bogen": [[[digits(ring) for ring in part] for part in shape["arcs"]] for shape in shapes],
    }


def packed(moment: dict[str, Any], decimals: int) -> dict[str, Any]:
    """Return the values of a moment (see ``panels.panel_values``) in their short form.

    Args:
        moment: with ``status``, ``waarden``, ``min``, ``max`` and, of circles, ``stralen`` (px).
        decimals: of values and bounds.
    """
    steps = [_steps(value, decimals) for value in moment["waarden"]]
    short: dict[str, Any] = {
        "waarden": digits(steps),
        "min": _apart(
            steps, [_steps(value, decimals) for value in moment["min"]], moment["status"]
        ),
        "max": _apart(
            [_steps(value, decimals) for value in moment["max"]], steps, moment["status"]
        ),
    }
    if "stralen" in moment:
        short["stralen"] = digits(round((radius or 0) * _TENTHS) for radius in moment["stralen"])
    return {**moment, **short}


def _steps(value: Number, decimals: int) -> int:
    return 0 if value is None else round(value * 10**decimals)


def _apart(high: Sequence[int], low: Sequence[int], signs: str) -> str | int:
    """Return how far bounds lie from the numbers; one number when they all do so equally far."""
    bounded = [sign == UNSURE or sign not in MISSING_SIGNS.values() for sign in signs]
    apart = [a - b if has else 0 for a, b, has in zip(high, low, bounded, strict=True)]
    same = {steps for steps, has in zip(apart, bounded, strict=True) if has}
    return digits(apart) if len(same) > 1 else next(iter(same), 0)
