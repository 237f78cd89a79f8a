"""Proportional share, gap and location quotient of every member of a region (F2, F3).

    share  f = G d / D      gap  g - f      location quotient  (g / G) / (d / D)

with g and d of the group and the key in the member, G and D in the region. G is the figure that the
source itself gives; D is the sum over the members where all are known, so that the shares add up to G.
"""

import numpy as np

from spatial.analyse.fairshare.amounts import (
    MINIMUM,
    Amounts,
    Floats,
    Verdeling,
    computed,
    status_of,
    worst,
)

_SHARE_DECIMALS = 1
_QUOTIENT_DECIMALS = 2


def key_whole(verdeling: Verdeling) -> Amounts:
    """Return the key of every region: the sum of its members, or as published when one is unknown.

    The bounds of a sum are those that fit the published whole too; where the two cannot both be
    true, they span both.
    """
    members, published = verdeling.sleutel, verdeling.sleutel_geheel
    low, high = within(verdeling, members, published)
    status = worst(members.status, verdeling)
    complete = ~verdeling.anywhere(~members.known)
    return Amounts(
        np.where(complete, verdeling.sums(members.waarde), published.waarde),
        np.where(complete, status, published.status),
        np.where(complete, low, published.laag),
        np.where(complete, high, published.hoog),
    )


def within(verdeling: Verdeling, members: Amounts, published: Amounts) -> tuple[Floats, Floats]:
    """Return lowest and highest true sum of members that fits the published whole too."""
    low, high = verdeling.sums(members.laag), verdeling.sums(members.hoog)
    floor = np.where(published.known, published.laag, low)
    cap = np.where(published.known, published.hoog, high)
    apart = np.maximum(low, floor) > np.minimum(high, cap)
    least = np.where(apart, np.minimum(low, floor), np.maximum(low, floor))
    most = np.where(apart, np.maximum(high, cap), np.minimum(high, cap))
    return least, most


def proportional(verdeling: Verdeling) -> Amounts:
    """Return per member the part of the group that it would have by the key, to one decimal.

    A member of which the group is secret has one too: nothing of the member's own group goes in.

    Returns:
        Te_klein where the region's key is below the minimum; without a number where the region's
        group, its key or the member's key has none.
    """
    group, key, whole = _placed(verdeling)
    value, low, high = _share(group, key, whole)
    small = _below(whole.waarde, verdeling.minimum) | ~(whole.laag > 0)
    return computed((value, low, high), status_of(group, key, whole, small=small), _SHARE_DECIMALS)


def gap(verdeling: Verdeling) -> Amounts:
    """Return per member what it has above (or below) its proportional share, to one decimal."""
    group, key, whole = _placed(verdeling)
    value, low, high = _share(group, key, whole)
    mine = verdeling.groep
    small = _below(whole.waarde, verdeling.minimum) | ~(whole.laag > 0)
    status = status_of(mine, group, key, whole, small=small)
    numbers = (mine.waarde - value, mine.laag - high, mine.hoog - low)
    return computed(numbers, status, _SHARE_DECIMALS)


def quotient(verdeling: Verdeling) -> Amounts:
    """Return per member the location quotient, to two decimals; 1 is proportional.

    Returns:
        Te_klein where the member's or the region's key is below the minimum, or the region's group
        below ``MINIMUM``, or where one of them may be nothing at all.
    """
    group, key, whole = _placed(verdeling)
    mine = verdeling.groep
    small = _below(key.waarde, verdeling.minimum) | _below(whole.waarde, verdeling.minimum)
    small |= _below(group.waarde, MINIMUM)
    with np.errstate(divide="ignore", invalid="ignore"):
        small |= ~((group.laag > 0) & (key.laag > 0) & (whole.laag > 0))
        value = mine.waarde * whole.waarde / (group.waarde * key.waarde)
        low = mine.laag * whole.laag / (group.hoog * key.hoog)
        high = mine.hoog * whole.hoog / (group.laag * key.laag)
    status = status_of(mine, group, key, whole, small=small)
    return computed((value, low, high), status, _QUOTIENT_DECIMALS)


def _placed(verdeling: Verdeling) -> tuple[Amounts, Amounts, Amounts]:
    """Return per member: the group of its region, its own key, the key of its region."""
    owner = verdeling.owner
    return verdeling.groep_geheel.take(owner), verdeling.sleutel, key_whole(verdeling).take(owner)


def _share(group: Amounts, key: Amounts, whole: Amounts) -> tuple[Floats, Floats, Floats]:
    with np.errstate(divide="ignore", invalid="ignore"):
        return (
            group.waarde * key.waarde / whole.waarde,
            group.laag * key.laag / whole.hoog,
            group.hoog * np.minimum(key.hoog / whole.laag, 1.0),
        )


def _below(values: Floats, minimum: float) -> np.ndarray:
    """Tell where a number is too small; where there is none the status says why."""
    below: np.ndarray = values < minimum
    return below
