"""Herkomst of a recoded count in words: the codes it comes from, with weights.

``GM0824; GM0788 x 0.423500`` is the whole of GM0824 and 42.35 % of GM0788.
"""

import re
from collections.abc import Iterable

from spatial.domain.crosswalk import PPM

type Terms = tuple[tuple[str, int], ...]
"""Codes, and which part of each in parts per million."""

_TERM = re.compile(r"([A-Z]{2}\d+)(?: x 0\.(\d{6}))?")


def terms_of(code: str, herkomst: str | None) -> Terms:
    """Return what a count consists of.

    Args:
        code: the gemeente that has it.
        herkomst: of an earlier recoding; another text tells how the source came by its number and
            is found there, so that the code itself stands for it.
    """
    found = [_TERM.fullmatch(term) for term in (herkomst or "").split("; ")]
    if not all(found):
        return ((code, PPM),)
    return tuple((term[1], int(term[2] or PPM)) for term in found if term)


def compose(parts: Iterable[tuple[Terms, int]]) -> str:
    """Return the herkomst of a sum: wholes first, then parts, both in order of code.

    Args:
        parts: what every contributor consists of, and which part of it is taken.
    """
    taken: dict[str, int] = {}
    for terms, ppm in parts:
        for code, own in terms:
            taken[code] = taken.get(code, 0) + (own * ppm + PPM // 2) // PPM
    ordered = sorted(taken.items(), key=lambda term: (term[1] < PPM, term[0]))
    return "; ".join(code if ppm >= PPM else f"{code} x 0.{ppm:06d}" for code, ppm in ordered)
