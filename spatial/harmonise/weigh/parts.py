"""Parts of a divided count, measured with error: the nearest division, and how far it may be off."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from spatial.domain.crosswalk import PPM
from spatial.harmonise.kernel.table import Flags, Ints

type Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Parts:
    """What each receiver may have of a count (receivers by k), and the count itself (k).

    Attributes:
        point: measured parts; may be negative.
        lowest: lowest possible parts, at least 0.
        highest: highest possible parts.
        spread: how uncertain each part is (its variance, up to a factor); above 0.
        total: the count.
        total_lowest: its lower bound.
        total_highest: its upper bound.
    """

    point: Ints
    lowest: Ints
    highest: Ints
    spread: Ints
    total: Ints
    total_lowest: Ints
    total_highest: Ints


def weigh(parts: Parts) -> tuple[Ints, Ints, Flags]:
    """Return weights and their bounds (receivers by k), and which of the k can be divided so.

    The weights sum to 1,000,000. Every true whole division within the bounds of the parts and of
    the count has weights within the bounds of the weights.
    """
    rest_lowest = parts.lowest.sum(axis=0) - parts.lowest
    rest_highest = parts.highest.sum(axis=0) - parts.highest
    low, with_low = _smallest_share(parts.lowest, rest_highest, parts)
    with_high, high = _smallest_share(rest_lowest, parts.highest, parts)
    possible = (
        (parts.total > 0)
        & (parts.lowest <= parts.highest).all(axis=0)
        & (parts.lowest.sum(axis=0) <= parts.total_highest)
        & (parts.highest.sum(axis=0) >= parts.total_lowest)
    )
    nearest = nearest_division(parts.point, parts.spread, parts.total)
    ppm = np.floor(nearest / np.maximum(parts.total, 1) * PPM).astype(np.int64)
    ppm[ppm.argmax(axis=0), np.arange(ppm.shape[1])] += PPM - ppm.sum(axis=0)
    lowest = low * PPM // np.maximum(low + with_low, 1)
    highest = -(-high * PPM // np.maximum(high + with_high, 1))
    grens = np.maximum(np.maximum(highest - ppm, ppm - lowest), 0)
    return ppm, grens, possible


def _smallest_share(lowest: Ints, highest_rest: Ints, parts: Parts) -> tuple[Ints, Ints]:
    """Return the part and the rest that make the smallest share which the total allows."""
    part = np.maximum(lowest, parts.total_lowest - highest_rest)
    return part, np.minimum(highest_rest, parts.total_highest - part)


def nearest_division(point: Ints, spread: Ints, total: Ints) -> Floats:
    """Return the parts of at least 0 that sum to a total and lie nearest to measured ones.

    Args:
        point: receivers by k measured parts; may be negative.
        spread: receivers by k, how uncertain each is; above 0.
        total: k totals, at least 0.

    Returns:
        Receivers by k parts: the projection on the simplex, by weighted least squares.
    """
    order = np.argsort(-point / spread, axis=0, kind="stable")
    points = np.take_along_axis(point, order, 0)
    spreads = np.take_along_axis(spread, order, 0)
    excess = (points.cumsum(axis=0) - total) / spreads.cumsum(axis=0)
    taking_part = np.maximum((points > excess * spreads).sum(axis=0), 1)
    level = np.take_along_axis(excess, taking_part[None, :] - 1, 0)
    parts: Floats = np.maximum(point - level * spread, 0.0)
    return parts
