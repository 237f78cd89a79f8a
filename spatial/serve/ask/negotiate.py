"""What a client prefers: a language and a content coding, by their weights."""

import re
from collections.abc import Iterable
from functools import lru_cache

from spatial.errors import QueryError
from spatial.serve.ask.offers import preferences, weighted
from spatial.serve.ask.query import LANGUAGES

CODINGS = ("br", "zstd", "gzip")
"""Content codings that we write, the best first."""


def apart(pairs: Iterable[tuple[str, str]]) -> tuple[dict[str, str], list[tuple[str, str]]]:
    """Take ``f`` and ``lang``, which say how an answer is shown, apart from the other parameters.

    Raises:
        QueryError: one of the two is given twice.
    """
    shown: dict[str, str] = {}
    others = []
    for name, text in pairs:
        if name not in {"f", "lang"}:
            others.append((name, text))
        elif name in shown:
            message = f"the parameter {name!r} is given twice"
            raise QueryError(message)
        else:
            shown[name] = text
    return shown, others


@lru_cache(maxsize=256)
def coding_of(header: str) -> str:
    """Choose the content coding for an Accept-Encoding header; empty is none.

    A weight that is none counts as a refusal: a body that is not coded is always right.
    """
    weights = _codings(header)
    other = weights.get("*", 0.0)
    best = max(CODINGS, key=lambda coding: weights.get(coding, other))
    weight = weights.get(best, other)
    return best if weight > 0 and weight >= weights.get("identity", 0.0) else ""


@lru_cache(maxsize=256)
def reads_gzip(header: str) -> bool:
    """Tell whether a client takes gzip, the one coding that is made while an answer is sent."""
    weights = _codings(header)
    return weights.get("gzip", weights.get("*", 0.0)) > 0


def _codings(header: str) -> dict[str, float]:
    try:
        return {value.lower(): weight for weight, value in weighted(header)}
    except QueryError:
        return {}


@lru_cache(maxsize=256)
def language_of(header: str) -> str:
    """Choose the language for an Accept-Language header: Dutch unless English is wanted more.

    Raises:
        QueryError: a weight is not one.
    """
    for tag in preferences(header):
        primary = re.split(r"[-_]", tag, maxsplit=1)[0].lower()
        if primary in LANGUAGES:
            return primary
    return LANGUAGES[0]
