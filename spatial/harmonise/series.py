"""One partition in one indeling: gemeenten carried, regions with them; a pure function and its plan.

A region that is the same land keeps the figure of the source, which is better than a sum; another
one is the sum of the carried gemeenten. A gemeente that changes provincie, or a region that is drawn
anew, breaks a regional series without any municipal split; the land of a region is therefore
compared through its gemeenten.
"""

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from spatial.domain.regions import LAND_CODE, Niveau
from spatial.harmonise.kernel.carry import batches, carry_rows
from spatial.harmonise.kernel.plan import Plan, make_plan
from spatial.harmonise.kernel.regions import Belonging, Division, Naming, add_up, divisions_of
from spatial.harmonise.kernel.table import (
    Flags,
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
        own: ``OBSERVATIONS`` of all levels, each period in one indeling, mostly its own.
        way: to the new indeling.
        cell_weights: ``CELL_WEIGHTS``; see ``kernel.carry.carry``.

    Returns:
        ``OBSERVATIONS`` in the new indeling, level after level, the members last and sorted by key.
        A region that is the same land in the indeling of the period keeps its own figure, which is
        preferred over a sum and so is exact also where a gemeente inside it was split; the others
        are sums of carried gemeenten. ``herkomst`` tells which. The land always keeps its own figure.
        Levels that the way does not have are left out.

    Raises:
        SpatialError: see ``kernel.carry.carry`` and ``kernel.regions.add_up``.
    """
    members = _of_level(own, way.naming.enkelvoud)
    rows, labels = encode(members, way.naming.enkelvoud)
    plan = make_plan(labels, rows.region, way.walk, cell_weights)
    carried = [carry_rows(batch, plan) for batch in batches(rows)]
    parts = []
    for level in way.levels:
        figures = _of_level(own, level.niveau)
        keys = level.same & _keys(figures)
        parts.append(_kept(figures, keys, way.walk.naar))
        division = level.division
        if division is not None and rows.cell.size:
            sums = [_sums(batch, division, keys, plan) for batch in carried]
            texts = division.texts(way.naming)
            parts.append(decode(joined(sums), labels, division.places, texts, own.schema))
    places = Places(way.naming.enkelvoud, way.walk.naar, way.walk.targets)
    texts = list(plan.texts)
    parts += [decode(batch, labels, places, texts, own.schema) for batch in carried]
    return pa.concat_tables([part.cast(own.schema) for part in parts])


def _of_level(own: pa.Table, niveau: str) -> pa.Table:
    return own.filter(pc.equal(own["niveau"], niveau))


def _keys(figures: pa.Table) -> set[Key]:
    """Return the (region, indeling) for which there are figures."""
    codes, code = ranks(figures["code"])
    years, year = ranks(figures["indeling"])
    found = np.unique(year.astype(np.int64) * max(1, len(codes)) + code)
    return {(codes[at % len(codes)], years[at // len(codes)]) for at in found.tolist()}


def _is_among(keys: Set[Key], codes: list[str], years: list[int]) -> Flags:
    """Tell of every year and code whether it is among the keys."""
    return np.array([[(code, year) in keys for code in codes] for year in years], np.bool_)


def _kept(figures: pa.Table, keys: Set[Key], naar: int) -> pa.Table:
    """Return the figures of the source itself for regions that are the same land."""
    codes, code = ranks(figures["code"])
    years, year = ranks(figures["indeling"])
    if not len(code):
        return figures
    rows = figures.filter(pa.array(_is_among(keys, codes, years)[year, code]))
    herkomst = pc.coalesce(rows["herkomst"].cast(pa.string()), pa.scalar(OWN_FIGURE))
    herkomst = herkomst.cast(figures.schema.field("herkomst").type)
    place = rows.column_names.index
    rows = rows.set_column(
        place("indeling"), "indeling", pa.repeat(pa.scalar(naar, pa.int32()), rows.num_rows)
    )
    return rows.set_column(place("herkomst"), "herkomst", herkomst)


def _sums(carried: Rows, division: Division, keys: Set[Key], plan: Plan) -> Rows:
    """Add up carried members, but not where the region keeps the figures of the source."""
    labels = plan.labels
    sums = add_up(carried, plan.walk.targets, division, labels)
    own = _is_among(keys, division.regions, labels.indeling)
    return sums.take(np.flatnonzero(~own[labels.indeling_of[sums.period], sums.region]))
