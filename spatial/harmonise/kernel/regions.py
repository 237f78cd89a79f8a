"""Counts added up to the regions of a level: a block of members, and a matrix of memberships."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from scipy.sparse import csr_array

from spatial.errors import RegisterError, UnknownRegionError
from spatial.harmonise.kernel.block import block_of, in_order, tally
from spatial.harmonise.kernel.table import ABSENT, HAS_VALUE, Labels, Places, Ranks, Rows
from spatial.harmonise.kernel.weights import Matrix


class Belonging(Protocol):
    """A member belongs to a region, in one indeling, such as ``domain.facts.Membership``."""

    @property
    def indeling(self) -> int:
        """The indeling for which it holds."""
        ...

    @property
    def niveau(self) -> str:
        """Level of the region."""
        ...

    @property
    def code(self) -> str:
        """Code of the region."""
        ...

    @property
    def gemeente(self) -> str:
        """Code of the member."""
        ...


@dataclass(frozen=True, slots=True)
class Naming:
    """What the members of a region are called in a herkomst.

    Attributes:
        enkelvoud: one of them.
        meervoud: more of them.
    """

    enkelvoud: str = "gemeente"
    meervoud: str = "gemeenten"

    def herkomst(self, count: int) -> str:
        """Say of how many members a sum is."""
        return f"opgeteld uit {count} {self.enkelvoud if count == 1 else self.meervoud}"


@dataclass(frozen=True, slots=True)
class Division:
    """How one level divides the members of one indeling.

    Attributes:
        niveau: the level.
        indeling: the indeling.
        regions: codes, sorted.
        members: codes, sorted.
        joins: regions by members, 1 where one belongs to the other.
    """

    niveau: str
    indeling: int
    regions: list[str]
    members: list[str]
    joins: Matrix

    @property
    def places(self) -> Places:
        """The regions."""
        return Places(self.niveau, self.indeling, self.regions)

    def positions(self, codes: list[str]) -> Ranks:
        """Return the position of each code among the members; -1 for another code."""
        place = {code: position for position, code in enumerate(self.members)}
        return np.array([place.get(code, -1) for code in codes], np.int32)

    def texts(self, naming: Naming) -> list[str]:
        """Return the herkomst of a sum per number of members."""
        most = int(self.joins.sum(axis=1).max())
        return [naming.herkomst(count) for count in range(most + 1)]


type Divisions = Mapping[int, Division]
"""The divisions of one level by indeling."""


def divisions_of(memberships: Iterable[Belonging], niveau: str) -> Divisions:
    """Return how a level divides the members of every indeling.

    Args:
        memberships: of any level.
        niveau: the level.

    Raises:
        RegisterError: there are no memberships of this level.
    """
    found: dict[int, dict[str, set[str]]] = {}
    for row in memberships:
        if row.niveau == niveau:
            found.setdefault(int(row.indeling), {}).setdefault(row.code, set()).add(row.gemeente)
    if not found:
        message = f"there are no memberships of level {niveau}; load them or leave the level out"
        raise RegisterError(message)
    return {year: _division(niveau, year, regions) for year, regions in sorted(found.items())}


def _division(niveau: str, indeling: int, regions: Mapping[str, set[str]]) -> Division:
    codes = sorted(regions)
    members = sorted(set().union(*regions.values()))
    place = {code: position for position, code in enumerate(members)}
    pairs = [(at, place[code]) for at, region in enumerate(codes) for code in regions[region]]
    rows, columns = np.array(pairs, np.int64).T
    shape = (len(codes), len(members))
    joins = csr_array((np.ones(len(pairs), np.int64), (rows, columns)), shape=shape)
    return Division(str(niveau), indeling, codes, members, joins)


def add_up(rows: Rows, codes: list[str], division: Division, labels: Labels) -> Rows:
    """Add counts of members up to the regions of a level; missing in, missing out.

    Args:
        rows: of one indeling, at least one; ``region`` is a position in ``codes``.
        codes: codes of the members.
        division: of that indeling.
        labels: what the other ranks stand for.

    Returns:
        Rows in order of cell, region and period, one per region and cell of which a member has a
        row; ``region`` is the position in the regions of the division, ``herkomst`` the one in its
        ``texts``. Status as of ``block.tally``.

    Raises:
        DuplicateKeyError: one member, cell and period, more than one row.
        UnknownRegionError: a member has figures, but no region of this level.
    """
    member = division.positions(codes)[rows.region]
    if (member < 0).any():
        lost = codes[int(rows.region[member < 0].min())]
        message = (
            f"{lost} has figures in the indeling of {division.indeling}, but no {division.niveau} "
            "there; complete the memberships of that indeling"
        )
        raise UnknownRegionError(message)
    block = block_of(replace(rows, region=member), len(division.members), labels.periods)
    found = tally(block, division.joins, np.zeros(len(division.regions), np.int64))
    numbers = np.stack([division.joins @ one for one in block.numbers])
    sizes = division.joins.sum(axis=1).astype(np.int32)
    at, column = np.nonzero(found.state != ABSENT)
    state = found.state[at, column]
    valued = HAS_VALUE[state]
    sums = Rows(
        block.cell[column],
        block.period[column],
        at.astype(np.int32),
        state,
        np.where(valued, numbers[:, at, column], 0),
        found.voorlopig[at, column],
        np.where(valued, sizes[at], -1).astype(np.int32),
    )
    return in_order(sums, labels, len(division.regions))
