"""The regions for which example figures are added up."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from spatial.domain.facts import Facts
from spatial.domain.regions import LAND_CODE, Indeling, Niveau
from spatial.errors import RegisterError
from spatial.example.atoms import Atoms, Counts

_LEVELS = (Niveau.PROVINCIE, Niveau.COROP)


@dataclass(frozen=True, slots=True)
class Regions:
    """The regions of one indeling.

    Attributes:
        codes: country, provincies, COROP areas, gemeenten; each level sorted by code.
        place: per level (rows) and piece (columns) the place of its region in ``codes``.
    """

    codes: tuple[str, ...]
    place: Counts

    def total(self, counts: Counts) -> Counts:
        """Add counts per piece up to counts per region."""
        repeated = np.broadcast_to(counts, self.place.shape).ravel()
        totals: Counts = np.bincount(self.place.ravel(), repeated).astype(np.int64)
        return totals


def regions_of(facts: Facts, atoms: Atoms, years: Sequence[int]) -> dict[Indeling, Regions]:
    """Return country, provincies, COROP areas and gemeenten of the indelingen of years.

    Raises:
        RegisterError: a gemeente has no region of a level.
    """
    above: dict[Indeling, dict[tuple[str, Niveau], str]] = {}
    for row in facts.memberships:
        above.setdefault(row.indeling, {})[row.gemeente, row.niveau] = row.code
    found = {}
    for indeling in map(Indeling, years):
        gemeenten = atoms.codes[indeling]
        table = above.get(indeling, {})
        lacking = [
            (code, level) for code in gemeenten for level in _LEVELS if (code, level) not in table
        ]
        if lacking:
            message = f"{lacking[0][0]} has no {lacking[0][1]} in the indeling of {indeling}"
            raise RegisterError(message)
        names = [[LAND_CODE] * len(gemeenten)]
        names += [[table[code, level] for code in gemeenten] for level in _LEVELS]
        names.append(list(gemeenten))
        regions = tuple(code for level in names for code in sorted(set(level)))
        places = {code: place for place, code in enumerate(regions)}
        place = np.array([[places[code] for code in level] for level in names], dtype=np.int64)
        found[indeling] = Regions(regions, place)
    return found
