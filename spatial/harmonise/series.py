"""One partition in one indeling: gemeenten carried, regions with them; a pure function and its plan.

A region that is the same land keeps the figure of the source, which is better than a sum; another
one is the sum of the carried gemeenten. A gemeente that changes provincie, or a region that is drawn
anew, breaks a regional series without any municipal split; the land of a region is therefore
compared through its gemeenten.
"""

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from spatial.domain.regions import LAND_CODE, Niveau
from spatial.harmonise.kernel.block import in_order
from spatial.harmonise.kernel.carry import batches, carry_rows
from spatial.harmonise.kernel.plan import Plan, make_plan
from spatial.harmonise.kernel.regions import Belonging, Division, Naming, add_up, divisions_of
from spatial.harmonise.kernel.table import (
    Flags,
    Labels,
    Places,
    Rows,
    decode,
    encode,
    joined,
    ranks,
)  # fmt: skip
from spatial.harmonise.kernel.weights import Walk, read_walk
from spatial.harmonise.same_land import Key, same_land

OWN_FIGURE = "regiocijfer van de bron"
"""Herkomst of a figure that the source gives for the region itself."""

REGIONS = (Niveau.PROVINCIE, Niveau.COROP, Niveau.VEILIGHEIDSREGIO)
"""The levels between land and gemeente."""


@dataclass(frozen=True, slots=True)
class Level:
    """A level of regions in the new indeling.

    Attributes:
        niveau: the level.
        division: of the new indeling; None for the land, which is never a sum, and for a level that
            has no memberships in it.
        same: (code, old indeling) of the regions that are the same land in the new indeling.
    """

    niveau: str
    division: Division | None
    same: frozenset[Key]


@dataclass(frozen=True, slots=True)
class Way:
    """All that carrying to one indeling needs, made once for all partitions; can be pickled.

    Attributes:
        walk: the crosswalk.
        levels: above the members, in the order in which they come out.
        naming: the level of the members, and what they are called in a herkomst.
    """

    walk: Walk
    levels: tuple[Level, ...]
    naming: Naming


def make_way(
    crosswalk: pa.Table,
    memberships: Iterable[Belonging],
    levels: Sequence[str] = REGIONS,
    naming: Naming | None = None,
) -> Way:
    """Return the way to one indeling.

    Args:
        crosswalk: ``CROSSWALK`` from every indeling of the figures to the new one, also from that one
            to itself when it has figures.
        memberships: which gemeente belongs to which region, per indeling.
        levels: the levels of regions, besides the land.
        naming: the level of the members, when it is another than gemeente.

    Raises:
        RegisterError: a level has no memberships, or see ``kernel.weights.read_walk``.
    """
    walk = read_walk(crosswalk)
    years = frozenset((LAND_CODE, year) for year in walk.steps)
    found = [Level(Niveau.LAND.value, None, years)]
    rows = list(memberships)
    for niveau in levels:
        mine = [row for row in rows if row.niveau == niveau]
        division = divisions_of(mine, niveau).get(walk.naar)
        found.append(Level(str(niveau), division, frozenset(same_land(mine, crosswalk))))
    return Way(walk, tuple(found), naming or Naming())


def carry_all(own: pa.Table, way: Way, cell_weights: pa.Table | None = None) -> pa.Table:
    """Return the figures of all levels in one indeling; missing in, missing out.

    A pure function of one partition (such as a group, or some kenmerken of it); text columns may be
    dictionary-encoded, which is faster.

    Args:
        own: ``OBSERVATIONS`` of all levels, in any order, each period in one indeling, mostly its own.
        way: to the new indeling.
        cell_weights: ``CELL_WEIGHTS``; see ``kernel.carry.carry``.

    Returns:
        ``OBSERVATIONS`` in the new indeling, level after level, the members last, each sorted by key.
        A region that is the same land in the indeling of the period keeps its own figure, which is
        preferred over a sum and so is exact also where a gemeente inside it was split; the others
        are sums of carried gemeenten. ``herkomst`` tells which. The land always keeps its own figure.
        Levels that the way does not have are left out.

    Raises:
        SpatialError: see ``kernel.carry.carry`` and ``kernel.regions.add_up``.
    """
    rows, labels = encode(own)
    levels, level_of = ranks(own["niveau"])

    def of_level(niveau: str) -> Rows:
        here = level_of == levels.index(niveau) if niveau in levels else np.zeros(0, np.bool_)
        return rows.take(np.flatnonzero(here))

    members = of_level(way.naming.enkelvoud)
    plan = make_plan(labels, members.region, way.walk, cell_weights)
    carried = [carry_rows(batch, plan) for batch in batches(members)]
    parts = [
        _region_figures(of_level(level.niveau), carried, level, (plan, way, own.schema))
        for level in way.levels
    ]
    places, texts = Places(way.naming.enkelvoud, way.walk.naar, way.walk.targets), list(plan.texts)
    parts += [decode(batch, labels, places, texts, own.schema) for batch in carried]
    return pa.concat_tables([own.schema.empty_table(), *parts])


def _region_figures(
    own: Rows, carried: Sequence[Rows], level: Level, by: tuple[Plan, Way, pa.Schema]
) -> pa.Table:
    """Return the figures of one level: kept from the source, else sums of carried members."""
    plan, way, like = by
    labels, division = plan.labels, level.division
    own_codes = len(labels.code)
    given = {
        (labels.code[at % own_codes], labels.indeling[at // own_codes])
        for at in np.unique(own.region).tolist()
    }
    keys = level.same & given
    if division is None:
        places, texts = Places(level.niveau, way.walk.naar, labels.code), []
        parts = []
    else:
        places, texts = division.places, division.texts(way.naming)
        parts = [_sums(batch, division, keys, plan) for batch in carried if batch.cell.size]
    parts.append(_kept(own, keys, places, (labels, len(texts))))
    rows = joined(parts)
    texts = [*texts, OWN_FIGURE, *labels.herkomst]
    return decode(in_order(rows, labels, len(places.codes)), labels, places, texts, like)


def _is_among(keys: Set[Key], codes: list[str], years: list[int]) -> Flags:
    """Tell of every year and code whether it is among the keys."""
    return np.array([[(code, year) in keys for code in codes] for year in years], np.bool_)


def _kept(own: Rows, keys: Set[Key], places: Places, by: tuple[Labels, int]) -> Rows:
    """Return the figures of the source itself for regions that are the same land."""
    labels, texts = by
    place = {code: position for position, code in enumerate(places.codes)}
    new = np.array([place.get(code, -1) for code in labels.code], np.int32)
    wanted = _is_among(keys, labels.code, labels.indeling).reshape(-1)
    rows = own.take(np.flatnonzero(wanted[own.region]))
    herkomst = texts + 1 + rows.herkomst  # OWN_FIGURE stands first, for a row without a text
    return replace(rows, region=new[rows.region % max(1, len(labels.code))], herkomst=herkomst)


def _sums(carried: Rows, division: Division, keys: Set[Key], plan: Plan) -> Rows:
    """Add up carried members, but not where the region keeps the figures of the source."""
    labels = plan.labels
    sums = add_up(carried, plan.walk.targets, division, labels)
    own = _is_among(keys, division.regions, labels.indeling)
    return sums.take(np.flatnonzero(~own[labels.indeling_of[sums.period], sums.region]))
