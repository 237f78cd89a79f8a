"""Gemeenten that stand out with their neighbours: local Moran on rates, careful at every step.

Exploratory. Rates are standardised with the empirical Bayes of Marshall (1991), as Assunção and Reis
(1999) do for Moran; chances are two-sided, hold for every true count behind the rounded ones, and
are held against the false discovery rate of Benjamini and Hochberg.
"""

from dataclasses import dataclass

import numpy as np
from esda import fdr

from spatial.analyse.contiguity import Contiguity
from spatial.analyse.permutation import draws, reached
from spatial.domain.remarkable import Opvallend
from spatial.errors import SchemaError

PERMUTATIONS = 19_999
"""With 342 gemeenten fewer than 13,680 could never find just one: 2 / (n + 1) must be under 0.05 / 342."""
SEED = 85_980
ALPHA = 0.05
_SURROUNDINGS = 3
"""Two regions that touch only each other, such as two islands, have no surroundings to stand out in."""


@dataclass(frozen=True, slots=True)
class Bounded:
    """Numbers of n regions with what rounding allows; NaN in all three without a figure."""

    waarde: np.ndarray
    ondergrens: np.ndarray
    bovengrens: np.ndarray


@dataclass(frozen=True, slots=True)
class Method:
    """How to test.

    Attributes:
        permutations: number of random draws.
        seed: of the draws.
        alpha: false discovery rate.
    """

    permutations: int = PERMUTATIONS
    seed: int = SEED
    alpha: float = ALPHA


@dataclass(frozen=True, slots=True)
class Smoothed:
    """Rates drawn towards the mean, the more the smaller the region.

    Attributes:
        gemiddelde: rate of all regions together.
        variantie: variance between regions beyond chance, at least 0.
        gewicht: (n,) part (0-1) of its distance to the mean that a region keeps; NaN without a figure.
        fout: (n,) standard deviation of a rate around the mean, of both kinds of variance; NaN in
            the same places.
    """

    gemiddelde: float
    variantie: float
    gewicht: np.ndarray
    fout: np.ndarray

    def of(self, rates: np.ndarray) -> np.ndarray:
        """Return rates (n,) drawn towards the mean."""
        drawn: np.ndarray = self.gemiddelde + self.gewicht * (rates - self.gemiddelde)
        return drawn


@dataclass(frozen=True, slots=True)
class Remarkable:
    """The outcome of one rate at one moment.

    Attributes:
        klasse: (n,) of ``Opvallend``.
        kans: (n,) two-sided chance, the highest that the bounds allow; NaN where not tested.
        gladgestreken: smoothed rates, teller / noemer; the bounds are those of the figures of the
            region itself, with the mean and variance as they are.
        getoetst: number of regions tested.
        ontbreekt: number dropped because they have no figure.
        geen_buren: number dropped because they have no neighbour with a figure, or only each other.
    """

    klasse: list[Opvallend]
    kans: np.ndarray
    gladgestreken: Bounded
    getoetst: int
    ontbreekt: int
    geen_buren: int


def smooth(teller: np.ndarray, noemer: np.ndarray) -> Smoothed:
    """Return the empirical Bayes estimate of rates (Marshall 1991), its variance cut off at 0.

    Without variance between the regions beyond chance all smoothed rates are the mean.

    Args:
        teller: (n,) counts; NaN without a figure.
        noemer: (n,) the populations they are part of, above 0 where there is a count.
    """
    valued = ~(np.isnan(teller) | np.isnan(noemer))
    kept, found = np.full(len(teller), np.nan), np.full(len(teller), np.nan)
    if not valued.any() or not teller[valued].sum():
        kept[valued], found[valued] = 0.0, 0.0
        return Smoothed(0.0, 0.0, kept, found)
    counts, population = teller[valued], noemer[valued]
    raw = counts / population
    mean = counts.sum() / population.sum()
    spread = (population * (raw - mean) ** 2).sum() / population.sum()
    between = max(0.0, spread - mean / population.mean())
    within = mean / population
    kept[valued] = between / (between + within)
    found[valued] = np.sqrt(between + within)
    return Smoothed(float(mean), float(between), kept, found)


def remarkable(
    teller: Bounded, noemer: Bounded, neighbours: Contiguity, method: Method | None = None
) -> Remarkable:
    """Tell which regions stand out, alone or with their neighbours.

    Regions without a figure are dropped first, then those that have no neighbour left or only each
    other; what was dropped is not among the values that are dealt out. A region is remarkable when the sum of its
    neighbours is, even with every count at the end of its bounds that makes it least so, and its own
    rate is surely above or below the mean.

    Args:
        teller: (n,) counts.
        noemer: (n,) populations, with a lower bound above 0 where there is a figure.
        neighbours: of the n regions.
        method: how to test.

    Raises:
        SchemaError: the figures are not of the regions of ``neighbours``.
    """
    if not len(teller.waarde) == len(noemer.waarde) == len(neighbours.codes):
        message = (
            f"{len(teller.waarde)} rates do not go with the neighbours of "
            f"{len(neighbours.codes)} regions"
        )
        raise SchemaError(message)
    method = method or Method()
    valued = ~(np.isnan(teller.waarde) | np.isnan(noemer.waarde))
    linked = neighbours.among(valued).samenhang >= _SURROUNDINGS
    tested = valued.copy()
    tested[valued] = linked
    smoothed, rates = smooth(teller.waarde, noemer.waarde), _divided(teller, noemer)
    classes = np.full(len(valued), Opvallend.ONTBREEKT, dtype=object)
    classes[valued] = Opvallend.GEEN_BUREN
    chance = np.full(len(valued), np.nan)
    classes[tested] = Opvallend.GEEN_VERSCHIL
    if smoothed.variantie > 0 and tested.any():
        scores = _scores(rates, smoothed, tested)
        among = neighbours.among(tested)
        chance[tested], high = _chances(scores, among, method)
        classes[tested] = _classes(scores, chance[tested], high, method.alpha)
    return Remarkable(
        klasse=[Opvallend(entry) for entry in classes],
        kans=chance,
        gladgestreken=Bounded(
            *(smoothed.of(values) for values in (rates.waarde, rates.ondergrens, rates.bovengrens))
        ),
        getoetst=int(tested.sum()),
        ontbreekt=int((~valued).sum()),
        geen_buren=int((valued & ~tested).sum()),
    )


@dataclass(frozen=True, slots=True)
class _Scores:
    """Standardised rates of the tested regions around their mean, with their bounds."""

    laagst: np.ndarray
    hoogst: np.ndarray


def _divided(teller: Bounded, noemer: Bounded) -> Bounded:
    """Return the rates with every bound that the counts allow."""
    return Bounded(
        teller.waarde / noemer.waarde,
        teller.ondergrens / noemer.bovengrens,
        teller.bovengrens / noemer.ondergrens,
    )


def _scores(rates: Bounded, smoothed: Smoothed, tested: np.ndarray) -> _Scores:
    middle, lowest, highest = (
        (values[tested] - smoothed.gemiddelde) / smoothed.fout[tested]
        for values in (rates.waarde, rates.ondergrens, rates.bovengrens)
    )
    return _Scores(lowest - middle.mean(), highest - middle.mean())


def _chances(
    scores: _Scores, neighbours: Contiguity, method: Method
) -> tuple[np.ndarray, np.ndarray]:
    """Return the two-sided chance of each region, and whether it is for high neighbours.

    For high neighbours they are at their lowest and all that is dealt out is at its highest, and
    the other way round: no true values give a higher chance with the same draws.
    """
    regions, degree = len(scores.laagst), neighbours.aantal
    drawn = draws(regions, int(degree.max()) + 1, method.permutations, method.seed)
    lowest = np.bincount(neighbours.van, scores.laagst[neighbours.naar], minlength=regions)
    highest = np.bincount(neighbours.van, scores.hoogst[neighbours.naar], minlength=regions)
    above = reached(scores.hoogst, lowest, neighbours, drawn)
    below = reached(-scores.laagst, -highest, neighbours, drawn)
    chance = 2 * (np.minimum(above, below) + 1) / (method.permutations + 1)
    return np.minimum(1.0, chance), above < below


def _classes(scores: _Scores, chance: np.ndarray, high: np.ndarray, alpha: float) -> np.ndarray:
    flagged = chance < fdr(chance, alpha)
    classes = np.full(len(chance), Opvallend.NIET_OPVALLEND, dtype=object)
    surely_high, surely_low = scores.laagst > 0, scores.hoogst < 0
    classes[flagged & surely_high & high] = Opvallend.HOOG_BIJ_HOOG
    classes[flagged & surely_high & ~high] = Opvallend.HOOG_BIJ_LAAG
    classes[flagged & surely_low & high] = Opvallend.LAAG_BIJ_HOOG
    classes[flagged & surely_low & ~high] = Opvallend.LAAG_BIJ_LAAG
    return classes
