"""Weights of a split from the jump in inhabitants of its receivers, with a bound for growth."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from spatial.domain.crosswalk import PPM, Gewichtmethode, SplitWeights
from spatial.domain.facts import Inhabitants
from spatial.domain.redivisions import Redivision
from spatial.domain.regions import Indeling
from spatial.harmonise.changes import Codes, Graph, receivers, reverse
from spatial.harmonise.ppm import to_ppm

CENTRAL = (0.025, 0.975)
"""Quantiles of the growth of unchanged gemeenten between which that of a receiver is taken to be."""

_ENOUGH = 2
"""Unchanged gemeenten below which no spread of growth can be measured."""


@dataclass(frozen=True, slots=True)
class _Growth:
    """Yearly growth of the gemeenten that did not change: factor, lowest and highest."""

    middle: float
    low: float
    high: float


def inhabitants_jump(
    inhabitants: Iterable[Inhabitants], register: Sequence[Redivision], codes: Codes
) -> list[SplitWeights]:
    """Return weights of splits from inhabitants the year before and the year after.

    What a receiver has more than it would have grown to by itself is the part that it received. The
    parts sum to the divided gemeente grown likewise: what is left over goes to the receivers by the
    square of their size, because the natural growth of a large one is the least sure (least
    squares). A small receiver is then known well, and a large one by what the small ones leave.

    Args:
        inhabitants: counts on 1 January; one on other borders than those of its year is ignored.
        register: the register of redivisions.
        codes: gemeentecodes of all indelingen.

    Returns:
        One per split of which source and receivers, with all that came into them, are counted
        before and after, and no receiver takes part in another split that year; by year and code.
        Method OPGEGEVEN; the bound is what the growth of 95 % of the unchanged gemeenten leaves
        open.
    """
    counts = {
        (row.gemeente, row.jaar): row.inwoners for row in inhabitants if row.jaar == row.indeling
    }
    found = []
    for naar in sorted(codes)[1:]:
        forward = receivers(register, codes, naar)
        growth = _growth(forward, naar, counts)
        for code, parts in forward.items():
            if len(parts) == 1 or growth is None:
                continue
            known = _before_and_after((code, naar), forward, counts)
            if known is not None:
                found.append(_weights((code, naar), known, counts[code, naar - 1], growth))
    return found


def _growth(forward: Graph, naar: Indeling, counts: dict[tuple[str, int], int]) -> _Growth | None:
    sources = reverse(forward)
    factors = [
        counts[code, naar] / counts[code, naar - 1]
        for code, parts in forward.items()
        if parts == sources.get(code) == (code,)
        and counts.get((code, naar - 1), 0) > 0
        and (code, naar) in counts
    ]
    if len(factors) < _ENOUGH:
        return None
    low, high = np.quantile(factors, CENTRAL)
    return _Growth(float(np.median(factors)), float(low), float(high))


def _before_and_after(
    split: tuple[str, Indeling], forward: Graph, counts: dict[tuple[str, int], int]
) -> dict[str, tuple[int, int]] | None:
    """Return inhabitants by receiver, before (of all that came in but the split) and after."""
    code, naar = split
    sources = reverse(forward)
    found = {}
    for part in forward[code]:
        others = [source for source in sources[part] if source != code]
        before = [counts.get((source, naar - 1)) for source in (code, *others)]
        after = counts.get((part, naar))
        if any(len(forward[source]) > 1 for source in others) or after is None or None in before:
            return None
        found[part] = (sum(number or 0 for number in before[1:]), after)
    return found


def _weights(
    split: tuple[str, Indeling],
    known: dict[str, tuple[int, int]],
    people: int,
    growth: _Growth,
) -> SplitWeights:
    code, naar = split
    before, after = np.array(list(known.values()), np.float64).T
    jump = after - before * growth.middle
    total = people * growth.middle
    size = before**2 if before.any() else np.ones_like(before)
    part = jump + (total - jump.sum()) * size / size.sum()
    lowest, highest = after - before * growth.high, after - before * growth.low
    # what the others leave of the whole bounds a part too
    low = np.maximum(lowest, people * growth.low - (highest.sum() - highest))
    high = np.minimum(highest, people * growth.high - (lowest.sum() - lowest))
    ppm = to_ppm(
        {name: Fraction(max(float(value), 0.0)) for name, value in zip(known, part, strict=True)}
    )
    weight = np.array([ppm[name] for name in known])
    bound = np.maximum(high / total * PPM - weight, weight - low / total * PPM)
    grens = np.clip(np.ceil(bound), 1, PPM).astype(np.int64).tolist()
    return SplitWeights(
        code,
        Indeling(naar - 1),
        ppm,
        dict(zip(known, grens, strict=True)),
        Gewichtmethode.OPGEGEVEN,
        f"sprong in inwoners {naar - 1}-{naar}",
    )
