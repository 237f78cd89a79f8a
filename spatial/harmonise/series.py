"""One partition in one indeling: gemeenten carried, regions with them; a pure function and its plan.

A region that is the same land keeps the figure of the source, which is better than a sum; another
one is the sum of the carried gemeenten. A gemeente that changes provincie, or a region that is drawn
anew, breaks a regional series without any municipal split; the land of a region is therefore
compared through its gemeenten.
"""

from collections.abc import Iterable, Sequence

import pyarrow as pa

from spatial.domain.regions import LAND_CODE, Niveau
from spatial.harmonise.kernel.levels import Level, Way, carry_levels
from spatial.harmonise.kernel.regions import Belonging, Naming, divisions_of
from spatial.harmonise.kernel.table import decode, encode
from spatial.harmonise.kernel.weights import read_walk
from spatial.harmonise.same_land import same_land

REGIONS = (Niveau.PROVINCIE, Niveau.COROP, Niveau.VEILIGHEIDSREGIO)
"""The levels between land and gemeente."""


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

    A pure function of one partition (such as a group); text columns may be dictionary-encoded, which
    is faster.

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
        SpatialError: see ``kernel.levels.carry_levels``.
    """
    rows, labels = encode(own)
    found = carry_levels(rows, labels, way, cell_weights)
    if found is None:
        return own.schema.empty_table()
    return decode(found.rows, found.labels, found.places, found.texts, own.schema)
