"""Ranks that hold whatever the true values are, and the regions that are most alike.

A rank from rounded figures is a range: from first to last place that the bounds allow. Likeness is
the distance between regions in named variables, each in standard deviations of its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from spatial.errors import SchemaError

_PER_CENT_TENTHS = 1000


@dataclass(frozen=True, slots=True)
class Ranks:
    """The place of every region among those with a value; 1 is the highest value.

    Attributes:
        eerste: first place (int64) that the bounds allow; 0 where there is no value.
        laatste: last place that the bounds allow; 0 where there is no value.
        percentiel_min: per cent of the other ranked regions that is certainly lower, one decimal,
            rounded down; NaN where there is no value or no other region.
        percentiel_max: per cent that may be lower, rounded up; NaN in the same places.
        van: how many regions have a place.
    """

    eerste: np.ndarray
    laatste: np.ndarray
    percentiel_min: np.ndarray
    percentiel_max: np.ndarray
    van: int


@dataclass(frozen=True, slots=True)
class Alike:
    """The regions most like each region.

    Attributes:
        buren: (n, k) places in the given order, nearest first; -1 where there is none.
        afstand: (n, k) distance in standard deviations; NaN where there is none.
        vergeleken: (n,) False for a region that lacks a variable: it has no neighbours and is none.
    """

    buren: np.ndarray
    afstand: np.ndarray
    vergeleken: np.ndarray


def rank(ondergrens: np.ndarray, bovengrens: np.ndarray) -> Ranks:
    """Rank regions by what is certain of their values.

    The true rank (1 + the number of regions with a higher true value) lies between ``eerste`` and
    ``laatste`` for every set of true values within the bounds, and nothing here depends on where
    in its bounds a value lies.

    Args:
        ondergrens: lowest possible true value (double) of each region; NaN without a value.
        bovengrens: highest possible true value; NaN in the same places.

    Raises:
        SchemaError: the arrays differ in length or in where they have a value, or a lower bound is
            above its upper bound.
    """
    valued = ~np.isnan(ondergrens)
    _check_bounds(ondergrens, bovengrens)
    low, high = np.sort(ondergrens[valued]), np.sort(bovengrens[valued])
    count = len(low)
    certainly_higher = count - np.searchsorted(low, bovengrens[valued], side="right")
    certainly_lower = np.searchsorted(high, ondergrens[valued], side="left")
    first, last = np.zeros(len(valued), dtype=np.int64), np.zeros(len(valued), dtype=np.int64)
    first[valued] = 1 + certainly_higher
    last[valued] = count - certainly_lower
    under, over = np.full(len(valued), np.nan), np.full(len(valued), np.nan)
    if count > 1:
        under[valued] = _PER_CENT_TENTHS * certainly_lower // (count - 1) / 10
        over[valued] = -(-_PER_CENT_TENTHS * (count - 1 - certainly_higher) // (count - 1)) / 10
    return Ranks(first, last, under, over, count)


def _check_bounds(low: np.ndarray, high: np.ndarray) -> None:
    if low.shape != high.shape or (np.isnan(low) != np.isnan(high)).any():
        message = "lower and upper bounds are not of the same regions"
        raise SchemaError(message)
    if (low > high).any():
        message = f"a lower bound is above its upper bound, first in row {np.argmax(low > high)}"
        raise SchemaError(message)


def alike(codes: Sequence[str], variables: np.ndarray, *, k: int = 10) -> Alike:
    """Find the k regions nearest to each region in standardised variables.

    Every variable becomes a z-score over the regions that have them all (standard deviation of the
    population, so independent of its unit); the distance is Euclidean. A variable that is the same
    everywhere does not count. Equal distances stand in the order of their codes.

    Args:
        codes: unique region codes.
        variables: (n, m) doubles, one column per variable; NaN where a region lacks one.
        k: how many; fewer when there are fewer other regions.

    Raises:
        SchemaError: codes and variables are not of the same regions, or a code stands twice.
    """
    if variables.ndim != 2 or len(codes) != len(variables) or len(set(codes)) != len(codes):  # noqa: PLR2004 - rows and columns
        message = f"{len(codes)} codes do not go with variables of shape {variables.shape}"
        raise SchemaError(message)
    compared = np.isfinite(variables).all(axis=1)
    places = np.flatnonzero(compared)
    places = places[np.argsort(np.array(codes, dtype=object)[places], kind="stable")]
    neighbours = np.full((len(codes), k), -1, dtype=np.int64)
    distances = np.full((len(codes), k), np.nan)
    if len(places) > 1:
        scores = standard_scores(variables[places])
        apart = np.sqrt(((scores[:, None, :] - scores[None, :, :]) ** 2).sum(axis=2))
        # what differs by less than the last digits of a double is the same distance
        apart = np.round(apart, 9)
        np.fill_diagonal(apart, np.inf)
        nearest = np.argsort(apart, axis=1, kind="stable")[:, : min(k, len(places) - 1)]
        width = nearest.shape[1]
        neighbours[places, :width] = places[nearest]
        distances[places, :width] = np.take_along_axis(apart, nearest, axis=1)
    return Alike(neighbours, distances, compared)


def standard_scores(variables: np.ndarray) -> np.ndarray:
    """Return (value - mean) / standard deviation per column; 0 for a column without spread.

    Args:
        variables: (n, m) doubles without NaN.
    """
    spread = variables.std(axis=0)
    centred = variables - variables.mean(axis=0)
    level = np.abs(variables).max(axis=0) * len(variables) * np.finfo(float).eps
    scores: np.ndarray = np.divide(
        centred, spread, out=np.zeros_like(centred), where=spread > level
    )
    return scores
