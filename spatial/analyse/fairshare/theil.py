"""Theil index of a group against a key, and how much of it lies between parts of the region (F5).

    T = sum p_i ln(p_i / q_i)      p = g / G, q = d / D over the members that count

T is 0 when every member has its proportional share. A member without any of the group counts with 0,
the limit of p ln p. A member that is secret, or of which the key is not known or 0, is left out of both
sums; how many there are is said. Bounds follow from T = sum [p ln(p / q) - p + q]: no term is negative,
and each is lowest where p = q, so that its ends lie at the ends of the boxes.
"""

from dataclasses import dataclass

import numpy as np

from spatial.analyse.fairshare.amounts import Amounts, Floats, Places

_SAFE = 1e-9


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the index.

    Attributes:
        waarde: from the published numbers; at least 0.
        laag: lowest value for true numbers inside the published bounds.
        hoog: highest value.
    """

    waarde: float
    laag: float
    hoog: float


@dataclass(frozen=True, slots=True)
class Theil:
    """The index over the members that count.

    Attributes:
        totaal: T.
        tussen: the part between the parts of the region; None when it has none.
        binnen: the part within them; ``tussen + binnen = totaal``.
        meegeteld: how many members count.
        weggelaten: how many were left out.
    """

    totaal: Part
    tussen: Part | None
    binnen: Part | None
    meegeteld: int
    weggelaten: int


def theil(group: Amounts, key: Amounts, parts: Places | None = None) -> Theil | None:
    """Return the index over members, with its decomposition when parts are given.

    Args:
        group: per member.
        key: per member.
        parts: per member the number of its part, 0 and up.

    Returns:
        None when fewer than two members count, or together they have none of the group.
    """
    counts = group.known & key.known & (key.laag > 0)
    if counts.sum() <= 1 or not group.waarde[counts].sum() > 0:
        return None
    inside = np.flatnonzero(counts)
    mine, yours = group.take(inside), key.take(inside)
    total = _index(mine, yours)
    between = within = None
    if parts is not None:
        part = parts[inside]
        between = _index(_added(mine, part), _added(yours, part))
        within = _rest(total, between)
    return Theil(total, between, within, len(inside), int((~counts).sum()))


def _index(group: Amounts, key: Amounts) -> Part:
    """Return T of all numbers together."""
    p, q = group.waarde / group.waarde.sum(), key.waarde / key.waarde.sum()
    value = max(float(_term(p, q).sum()), 0.0)
    (pl, pu), (ql, qu) = _box(group), _box(key)
    meet = (pl <= qu) & (ql <= pu)
    nearest = np.where(pl > qu, _term(pl, qu), _term(pu, ql))
    low = float(np.where(meet, 0.0, nearest).sum()) - _SAFE
    corners = [_term(a, b) for a in (pl, pu) for b in (ql, qu)]
    high = float(np.maximum.reduce(corners).sum()) + _SAFE
    return Part(value, max(min(low, value), 0.0), max(high, value))


def _rest(total: Part, between: Part) -> Part:
    """Return what remains of the total: the part within."""
    return Part(
        max(total.waarde - between.waarde, 0.0),
        max(total.laag - between.hoog, 0.0),
        max(total.hoog - between.laag, 0.0),
    )


def _term(p: Floats, q: Floats) -> Floats:
    """Return p ln(p / q) - p + q, with 0 ln 0 = 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.where(p > 0, p * np.log(p / q), 0.0)
    term: Floats = logs - p + q
    return term


def _box(amounts: Amounts) -> tuple[Floats, Floats]:
    """Return lowest and highest part of each number in the sum of all."""
    low, high = amounts.laag, amounts.hoog
    with np.errstate(divide="ignore", invalid="ignore"):
        least = np.where(low > 0, low / (low + (high.sum() - high)), 0.0)
        most = np.where(high > 0, high / (high + (low.sum() - low)), 0.0)
    return least, most


def _added(amounts: Amounts, part: Places) -> Amounts:
    """Add up per part of the region."""
    _numbers, place = np.unique(part, return_inverse=True)
    sums = [np.bincount(place, column) for column in (amounts.waarde, amounts.laag, amounts.hoog)]
    status = np.full(len(sums[0]), amounts.status[0])  # only the numbers are used
    return Amounts(sums[0], status, sums[1], sums[2])
