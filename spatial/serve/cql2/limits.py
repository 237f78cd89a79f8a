"""How much a filter may be, and which characters and numbers it may hold."""

import math
import re

from spatial.errors import QueryError

MAX_TEXT = 8_192
"""Characters of a filter in CQL2 text."""
MAX_JSON = 65_536
"""Characters of a filter in CQL2 JSON, and bytes of a request body."""
MAX_DEPTH = 100
"""Levels of an expression: QGIS nests one for every OR."""
MAX_STEPS = 50
"""Operators in a row between two AND or OR."""
MAX_VERTICES = 5_000
"""Points of all geometries together."""
MAX_RELATIONS = 10
"""Spatial functions: each may take tens of milliseconds."""

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_SHOWN = 60


def refusal(text: str) -> QueryError:
    """Say what is wrong with the filter."""
    return QueryError(f"filter: {text}")


def shown(text: str) -> str:
    """Quote a part of a filter, not too much of it."""
    return repr(text if len(text) <= _SHOWN else f"{text[:_SHOWN]}...")


def checked_text(text: str, most: int) -> str:
    """Return the text.

    Raises:
        QueryError: it is empty, too long, or holds a control character or half a character.
    """
    if not text.strip():
        raise refusal("there is no expression")
    if len(text) > most:
        raise refusal(f"an expression of {len(text)} characters is longer than {most}")
    plain_text(text)
    return text


def plain_text(text: str) -> str:
    """Return the text.

    Raises:
        QueryError: it holds a control character or half a character.
    """
    if found := _CONTROL.search(text):
        raise refusal(f"the character {found[0]!a} is not allowed")
    return text


def finite(number: float) -> float:
    """Return the number.

    Raises:
        QueryError: it is not one, or too large to count with.
    """
    try:
        whole = math.isfinite(float(number))
    except OverflowError:
        whole = False
    if not whole:
        raise refusal("a number is not finite or too large")
    return number
