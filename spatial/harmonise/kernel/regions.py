"""Counts added up to the regions of a level: a block of members, and a matrix of memberships."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from scipy.sparse import csr_array

from spatial.errors import RegisterError, UnknownRegionError
from spatial.harmonise.kernel.block import Block, sums_of
from spatial.harmonise.kernel.table import Ints, Places
from spatial.harmonise.kernel.weights import Matrix

type Key = tuple[str, int]
"""Code of a region, and an indeling."""


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
        return Places(self.indeling, [(self.niveau, code) for code in self.regions])

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


def add_up(block: Block, columns: slice, members: Ints, division: Division) -> Block:
    """Add counts of members up to the regions of a level; missing in, missing out.

    Args:
        block: with the members.
        columns: of one indeling, that of the division.
        members: line of every member of the division; see ``lines_of``.
        division: how they belong.

    Returns:
        A line for every region of the division, with the state of ``block.tally``; ``herkomst`` is
        a position in its ``texts``.
    """
    return sums_of(block.take(members, columns), division.joins)


def lines_of(codes: Iterable[str], places: Mapping[str, int]) -> Ints:
    """Return the line of every code; -1, the last one and without rows, for a code that has none."""
    return np.array([places.get(code, -1) for code in codes], np.int64)


def check_belongs(codes: Iterable[str], division: Division) -> None:
    """Refuse members that have figures, but no region of a level.

    Raises:
        UnknownRegionError: there is one.
    """
    if lost := sorted(set(codes) - set(division.members)):
        message = (
            f"{lost[0]} has figures in the indeling of {division.indeling}, but no {division.niveau} "
            "there; complete the memberships of that indeling"
        )
        raise UnknownRegionError(message)
