"""Weights of gemeenten that are divided, without a grid: from inhabitants, or from land.

In order of preference: the jump in inhabitants of the receivers on the day of the split; for a
merger read backward, the inhabitants of its parts; shares of land, only when asked for by name.
"""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

import geopandas as gpd

from spatial.domain.crosswalk import PPM, Gewichtmethode, SplitWeights
from spatial.domain.facts import Inhabitants
from spatial.domain.redivisions import Mutatie, Redivision
from spatial.domain.regions import Indeling
from spatial.harmonise.changes import Codes, receivers, reverse
from spatial.harmonise.crosswalk import weights_for
from spatial.harmonise.ppm import to_ppm
from spatial.harmonise.weigh.overlay import Pieces, cut

LAND_GRENS_PPM = 150_000
"""How far a share of land may be off as a share of people: in the splits of Haaren and Winsum it
differs by up to 14.6 points from the share of addresses. An experience, not a proof."""

COUNT_GRENS_PPM = 21_000
"""How far a share of inhabitants may be off as a share of something else: in the split of Haaren
the shares of addresses and of dwellings differ by up to 2.1 points. An experience, not a proof."""

type Counts = dict[tuple[str, int], int]
"""Inhabitants on 1 January by code and indeling of that year."""


def declared_weights(
    register: Iterable[Redivision], *, allow_area: bool = False
) -> list[SplitWeights]:
    """Return the weights that the register itself declares for its splits.

    Args:
        register: the register; shares of parts are scaled to the whole.
        allow_area: use shares of land (``aandeel_grondslag`` oppervlakte), method OPPERVLAKTE with
            bound ``LAND_GRENS_PPM``; people do not live by the hectare, so never unasked.

    Returns:
        One per split of which every part has a share, by code.
    """
    splits: dict[tuple[str, Indeling], list[Redivision]] = {}
    for row in register:
        if row.mutatie is Mutatie.OPSPLITSING:
            splits.setdefault((row.oude_code, row.first_indeling), []).append(row)
    found = []
    for (code, naar), rows in sorted(splits.items()):
        land = any(row.aandeel_grondslag == "oppervlakte" for row in rows)
        parts = {row.nieuwe_code: row.aandeel for row in rows if row.aandeel is not None}
        if len(parts) < max(len(rows), 2) or (land and not allow_area):
            continue
        ppm = to_ppm({part: Fraction(share) for part, share in parts.items()})
        methode = Gewichtmethode.OPPERVLAKTE if land else Gewichtmethode.OPGEGEVEN
        grens = LAND_GRENS_PPM if land else COUNT_GRENS_PPM
        bron = "aandeel van het land in het register" if land else "aandeel in het register"
        found.append(SplitWeights(code, naar - 1, ppm, dict.fromkeys(ppm, grens), methode, bron))
    return found


def inhabitants_weights(
    inhabitants: Iterable[Inhabitants],
    register: Sequence[Redivision],
    codes: Codes,
    splits: Sequence[SplitWeights],
) -> list[SplitWeights]:
    """Return weights for merged gemeenten read backward: the inhabitants of their parts.

    A part that was itself a part of a divided gemeente counts for what the weights of that split
    give it.

    Args:
        inhabitants: counts on 1 January; a year later than its indeling or earlier is ignored.
        register: the register of redivisions.
        codes: gemeentecodes of all indelingen.
        splits: weights of the forward splits.

    Returns:
        For every step of one year back: the weights of each gemeente with more than one part, at
        the latest year, up to that of the parts, for which all are counted on the same borders.
        Those of which this is not known are left out. Method OPGEGEVEN, bound ``COUNT_GRENS_PPM``.
    """
    counts = _counts(inhabitants)
    found = []
    for naar in sorted(codes)[1:]:
        forward = receivers(register, codes, naar)
        for code, parts in reverse(forward).items():
            if len(parts) == 1:
                continue
            share = _shares_of(code, (parts, naar), forward, splits)
            year = _latest(parts, naar - 1, counts, (register, codes))
            if share is None or year is None:
                continue
            people = {part: share[part] * counts[part, year] for part in parts}
            if not sum(people.values()):
                continue
            ppm = to_ppm(people)
            bron = f"inwoners van de delen op 1 januari {year}"
            grens = dict.fromkeys(ppm, COUNT_GRENS_PPM)
            found.append(SplitWeights(code, naar, ppm, grens, Gewichtmethode.OPGEGEVEN, bron))
    return found


def area_weights(
    old: gpd.GeoDataFrame, new: gpd.GeoDataFrame, codes: Iterable[str]
) -> list[SplitWeights]:
    """Return shares of land from shapes of like detail: the last resort, never unasked.

    Args:
        old: ``BOUNDARY_COLUMNS`` of the last indeling that has the codes.
        new: likewise of the next one.
        codes: gemeenten to divide.

    Returns:
        One per code: shares of its land that is in a receiver; method OPPERVLAKTE, bound
        ``LAND_GRENS_PPM`` and what was dropped as sliver.

    Raises:
        SchemaError: columns, reference system or number of indelingen are others.
        UnknownRegionError: the old shapes lack a code.
        GeometryError: the sets are not of like detail, or a gemeente has no land in the new one.
    """
    return [_of_land(pieces) for pieces in cut(old, new, codes)]


def _of_land(pieces: Pieces) -> SplitWeights:
    ppm = to_ppm({code: Fraction(shape.area) for code, shape in pieces.shapes.items()})
    grens = min(PPM, LAND_GRENS_PPM + round(pieces.dropped * PPM))
    return SplitWeights(
        pieces.code,
        pieces.indeling,
        ppm,
        dict.fromkeys(ppm, grens if len(ppm) > 1 else 0),
        Gewichtmethode.OPPERVLAKTE,
        "aandeel van het land, uit de grenzen",
    )


def _counts(inhabitants: Iterable[Inhabitants]) -> Counts:
    return {
        (row.gemeente, row.jaar): row.inwoners for row in inhabitants if row.jaar == row.indeling
    }


def _shares_of(
    code: str,
    step: tuple[Sequence[str], Indeling],
    forward: Mapping[str, tuple[str, ...]],
    splits: Sequence[SplitWeights],
) -> dict[str, Fraction] | None:
    """Return which part of each of the gemeenten before is in this one; None when not known."""
    parts, naar = step
    found = {}
    for part in parts:
        after = forward[part]
        if len(after) == 1:
            found[part] = Fraction(1)
            continue
        weights = weights_for(part, Indeling(naar - 1), after, splits)
        if weights is None:
            return None
        found[part] = Fraction(weights.ppm[code], PPM)
    return found


def _latest(
    parts: Sequence[str], last: int, counts: Counts, facts: tuple[Sequence[Redivision], Codes]
) -> int | None:
    """Return the last year in which all parts are counted on the borders of ``last``."""
    register, codes = facts
    year = last
    while not all((part, year) in counts for part in parts):
        if Indeling(year - 1) not in codes:
            return None
        before = receivers(register, codes, Indeling(year))
        sources = reverse(before)
        if any(not sources[part] == before.get(part) == (part,) for part in parts):
            return None
        year -= 1
    return year
