"""Indicators that share a scale, so that choosing another one shows what changes, not another scale."""

from collections.abc import Mapping, Sequence
from functools import cache

from spatial.domain.indicators import GROEPEN
from spatial.domain.verdeling import Part, load_scheme, parts


def family_of(indicator_id: str, held: Sequence[str]) -> list[str]:
    """Return the indicators that have one scale: a measure of a fair distribution by every key.

    Args:
        indicator_id: one of them.
        held: indicators of its collection.
    """
    made = made_of()
    if indicator_id not in made:
        return [indicator_id]
    mine = made[indicator_id]
    return [
        name
        for name in held
        if name in made and (made[name].groep, made[name].maat) == (mine.groep, mine.maat)
    ]


@cache
def made_of() -> Mapping[str, Part]:
    """Return group, key and measure of every indicator of a fair distribution, by its id."""
    return parts([groep.value for groep in GROEPEN], load_scheme())
