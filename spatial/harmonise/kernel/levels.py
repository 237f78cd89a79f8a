"""All levels in one indeling, block after block: members carried, regions kept or added up from them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from spatial.errors import DuplicateKeyError
from spatial.harmonise.kernel.block import (
    Block,
    Columns,
    Seen,
    blocks_of,
    rows_of,
    seen_of,
    sums_of,
)
from spatial.harmonise.kernel.carry import carry_block
from spatial.harmonise.kernel.plan import Plan, make_plan
from spatial.harmonise.kernel.regions import (
    Division,
    Divisions,
    Key,
    Naming,
    add_up,
    check_belongs,
    lines_of,
)
from spatial.harmonise.kernel.table import ABSENT, Ints, Labels, Places, Ranks, Rows, joined
from spatial.harmonise.kernel.weights import Matrix, Walk

OWN_FIGURE = "regiocijfer van de bron"
"""Herkomst of a figure that the source gives for the region itself."""


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


@dataclass(frozen=True, slots=True)
class Carried:
    """Rows of all levels in one indeling.

    Attributes:
        rows: level after level, the members last; each in order of cell, region and period.
        labels: what their ranks stand for.
        places: their regions.
        texts: their herkomsten.
    """

    rows: Rows
    labels: Labels
    places: Places
    texts: list[str]


def carry_levels(
    rows: Rows,
    labels: Labels,
    way: Way,
    cell_weights: pa.Table | None = None,
    summed: Sequence[Divisions] = (),
) -> Carried | None:
    """Carry rows of all levels to one indeling.

    Args:
        rows: in any order.
        labels: what their ranks stand for.
        way: to the indeling.
        cell_weights: ``CELL_WEIGHTS``; see ``kernel.carry.carry``.
        summed: levels of which there are no rows; added up in the indelingen in which they are
            divided, and from there on as figures of the source.

    Returns:
        What there is in the new indeling; None of no rows.

    Raises:
        DuplicateKeyError: one region, cell and period, more than one row; or rows of a level that is
            added up.
        UnknownRegionError: a member has figures, but no region of a level.
        SpatialError: see ``kernel.carry.carry``.
    """
    if not len(rows.cell):
        return None
    seen, adds = seen_of(rows, labels), []
    for divisions in summed:
        labels, seen, add = _to_add(labels, seen, divisions, way.naming)
        adds.append(add)
    plan = make_plan(labels, seen, way.naming.enkelvoud, way.walk, cell_weights)
    levels = [_bound(level, plan, seen, way) for level in way.levels]
    regions = [region for level in levels for region in level.regions]
    first = np.cumsum([0, *(len(level.regions) for level in levels)]).tolist()
    parts: list[list[Rows]] = [[] for _ in first]
    for columns, block in blocks_of(rows, labels):
        for add in adds:
            add(block, columns)
        carried = carry_block(block, columns, plan)
        found = [*(_lines(block, carried, columns, level) for level in levels), carried]
        for lines, at, part in zip(found, first, parts, strict=True):
            part.append(rows_of(lines, columns, at))
    done = joined([one for part in parts for one in part])
    regions += [(way.naming.enkelvoud, code) for code in way.walk.targets]
    return Carried(done, labels, Places(way.walk.naar, regions), list(plan.texts))


type _Add = Callable[[Block, Columns], None]


def _to_add(
    labels: Labels, seen: Seen, divisions: Divisions, naming: Naming
) -> tuple[Labels, Seen, _Add]:
    """Give the regions of a level lines of their own, and return what fills these."""
    niveau = next(iter(divisions.values())).niveau
    if labels.places(niveau):
        message = f"level {niveau} is to be added up, but there are figures of it"
        raise DuplicateKeyError(message)
    members, first = labels.places(naming.enkelvoud), len(labels.regions)
    years = [year for year in seen if year in divisions]
    codes = sorted({code for year in years for code in divisions[year].regions})
    line = {code: first + at for at, code in enumerate(codes)}
    known = {year: np.append(here, np.zeros(len(codes), np.bool_)) for year, here in seen.items()}
    most = max((int(divisions[year].joins.sum(axis=1).max()) for year in years), default=0)
    texts = [naming.herkomst(count) for count in range(most + 1)]
    todo = []
    for year in years:
        division, here = divisions[year], seen[year]
        check_belongs((code for code, at in members.items() if here[at]), division)
        lines, own = lines_of(division.members, members), lines_of(division.regions, line)
        counted = np.append(here, False)[lines]
        known[year][own] = division.joins @ counted.astype(np.int64) > 0
        todo.append((year, division, lines, own))
    told = np.array([*(len(labels.herkomst) + at for at in range(most + 1)), -1], np.int32)

    def add(block: Block, columns: Columns) -> None:
        for year, division, lines, own in todo:
            here = columns.of(year)
            sums = add_up(block, here, lines, division)
            block.put(own, here, replace(sums, herkomst=told[sums.herkomst]))

    regions = [*labels.regions, *((niveau, code) for code in codes)]
    wider = replace(labels, regions=regions, herkomst=[*labels.herkomst, *texts])
    return wider, known, add


@dataclass(frozen=True, slots=True)
class _Bound:
    """A level, with the lines of a partition.

    Attributes:
        regions: level and code of its regions.
        kept: per old indeling, the lines and the positions of the regions that keep their figures.
        rest: per old indeling, the positions of those that do not.
        own: position of the herkomst of a figure that is kept and has no other.
        sums: what is added up, if anything.
    """

    regions: list[tuple[str, str]]
    kept: Mapping[int, tuple[Ints, Ints]]
    rest: Mapping[int, Ints]
    own: int
    sums: "_Sums | None"


@dataclass(frozen=True, slots=True)
class _Sums:
    """What a level adds up.

    Attributes:
        division: the level in the new indeling.
        summed: positions of the regions that are not kept in every old indeling.
        members: lines of the carried members in these.
        joins: those regions by these members.
        told: position of the herkomst by number of members; -1 after the last.
        lost: carried members that are in no region, by code.
    """

    division: Division
    summed: Ints
    members: Ints
    joins: Matrix
    told: Ranks
    lost: Mapping[str, int]


def _bound(level: Level, plan: Plan, seen: Seen, way: Way) -> _Bound:
    own, division = plan.labels.places(level.niveau), level.division
    codes = division.regions if division else sorted(own)
    position = {code: at for at, code in enumerate(codes)}
    kept, rest = {}, {}
    for year, here in seen.items():
        same = [code for code, line in own.items() if here[line] and (code, year) in level.same]
        regions = np.array([position[code] for code in same], np.int64)
        kept[year] = (np.array([own[code] for code in same], np.int64), regions)
        rest[year] = np.setdiff1d(np.arange(len(codes)), regions)
    summed = np.unique(np.concatenate(list(rest.values())))
    sums = None if division is None else _sums(division, summed, plan, way)
    regions_of = [(level.niveau, code) for code in codes]
    return _Bound(regions_of, kept, rest, plan.text(OWN_FIGURE), sums)


def _sums(division: Division, summed: Ints, plan: Plan, way: Way) -> _Sums:
    target = {code: at for at, code in enumerate(way.walk.targets)}
    joins = division.joins[summed]
    used = np.flatnonzero(joins.sum(axis=0))
    members = lines_of((division.members[at] for at in used.tolist()), target)
    lost = {code: target[code] for code in set(target) - set(division.members)}
    told = [plan.text(text) for text in division.texts(way.naming)]
    return _Sums(division, summed, members, joins[:, used], np.array([*told, -1], np.int32), lost)


def _lines(block: Block, carried: Block, columns: Columns, level: _Bound) -> Block:
    """Return the figures of one level: kept from the source, else sums of carried members."""
    lines = Block.empty(len(level.regions), len(columns))
    for year, (own, regions) in level.kept.items():
        here = columns.of(year)
        given = block.take(own, here)
        told = np.where(given.herkomst < 0, np.int32(level.own), given.herkomst)
        lines.put(regions, here, replace(given, herkomst=told))
    sums = level.sums
    if sums is None:
        return lines
    lost = (code for code, at in sums.lost.items() if (carried.state[at] != ABSENT).any())
    check_belongs(lost, sums.division)
    if len(sums.summed):
        found = sums_of(carried.take(sums.members, slice(0, len(columns))), sums.joins)
        found = replace(found, herkomst=sums.told[found.herkomst])
        for year, rest in level.rest.items():
            here = columns.of(year)
            lines.put(rest, here, found.take(np.searchsorted(sums.summed, rest), here))
    return lines
