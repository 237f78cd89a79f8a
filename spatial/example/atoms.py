"""Pieces of the country that no redivision divides further, with their inhabitants over time.

Figures that are made per piece and then added up agree over levels, mergers and splits.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from spatial.domain.facts import Facts
from spatial.domain.redivisions import Redivision, events_of
from spatial.domain.regions import Indeling
from spatial.errors import RegisterError

Floats = np.ndarray[tuple[int, ...], np.dtype[np.float64]]
Counts = np.ndarray[tuple[int, ...], np.dtype[np.int64]]


@dataclass(frozen=True, slots=True)
class Atoms:
    """The pieces, sorted by the codes that they have had.

    Attributes:
        codes: gemeentecode of every piece, per indeling.
        herkomst: the first code of every piece.
        jaren: years on whose 1 January inhabitants are known, ascending.
        inwoners: inhabitants per piece (rows) and such year (columns); fractions of persons.
    """

    codes: Mapping[Indeling, tuple[str, ...]]
    herkomst: tuple[str, ...]
    jaren: tuple[int, ...]
    inwoners: Floats

    def population(self, days: Sequence[date]) -> Floats:
        """Return inhabitants per piece (rows) and day (columns), on straight lines between years."""
        moments = years_of(days)
        return np.stack([np.interp(moments, self.jaren, row) for row in self.inwoners])


def years_of(days: Sequence[date]) -> Floats:
    """Return days as decimal years: 1 January 2022 is 2022.0."""
    return np.array(
        [
            day.year + (day.timetuple().tm_yday - 1) / date(day.year, 12, 31).timetuple().tm_yday
            for day in days
        ]
    )


def trace(facts: Facts, codes: Mapping[Indeling, frozenset[str]], years: Sequence[int]) -> Atoms:
    """Follow every gemeente through the register.

    The parts of a split gemeente get inhabitants by the share in the register (of its area: these
    are example figures); those of a merged one keep the proportion of their last separate figures,
    and count as equal when there are none.

    Args:
        facts: register and inhabitants.
        codes: gemeentecodes of every indeling.
        years: years that must be covered, ascending.

    Raises:
        RegisterError: an indeling in between has no codes, the register does not lead to its codes,
            a part of a split has no share, or a gemeente has no inhabitants.
    """
    counted = {row.indeling for row in facts.inhabitants if row.indeling in codes}
    span = range(min(counted | set(years)), max(counted | set(years)) + 1)
    missing = [year for year in span if year not in codes]
    if missing or not counted:
        message = f"the example needs inhabitants, and gemeentecodes of all of {span}; no codes of {missing}"
        raise RegisterError(message)
    paths: dict[tuple[str, ...], float] = {(code,): 1.0 for code in codes[Indeling(span[0])]}
    for year in span[1:]:
        paths = _step(paths, events_of(facts.redivisions, Indeling(year)))
        ends = {path[-1] for path in paths}
        if ends != codes[Indeling(year)]:
            differing = sorted(ends ^ codes[Indeling(year)])[:5]
            message = f"the register does not lead to the indeling of {year}: {differing}"
            raise RegisterError(message)
    order = sorted(paths)
    columns = list(zip(*order, strict=True))
    by_indeling = {Indeling(year): columns[place] for place, year in enumerate(span)}
    weights = np.array([paths[path] for path in order])
    jaren, inwoners = _inhabitants(facts, by_indeling, weights)
    return Atoms(by_indeling, columns[0], jaren, inwoners)


def _step(
    paths: Mapping[tuple[str, ...], float], events: Sequence[Redivision]
) -> dict[tuple[str, ...], float]:
    """Lead every path one indeling further; a split makes more paths of it."""
    successors: dict[str, list[tuple[str, float]]] = {}
    for row in events:
        if row.mutatie.retires_code:
            successors.setdefault(row.oude_code, []).append((row.nieuwe_code, _share(row)))
    longer = {}
    for path, weight in paths.items():
        following = sorted(successors.get(path[-1], [(path[-1], 1.0)]))
        whole = sum(share for _, share in following)
        for code, share in following:
            longer[(*path, code)] = weight * share / whole
    return longer


def _share(row: Redivision) -> float:
    if row.geheel:
        return 1.0
    if not row.aandeel:
        message = f"the part of {row.oude_code} that went to {row.nieuwe_code} has no share in the register"
        raise RegisterError(message)
    return row.aandeel


def _inhabitants(
    facts: Facts, codes: Mapping[Indeling, tuple[str, ...]], weights: Floats
) -> tuple[tuple[int, ...], Floats]:
    """Divide the inhabitants of gemeenten over their pieces, year after year."""
    tables: dict[tuple[int, Indeling], dict[str, int]] = {}
    for row in facts.inhabitants:
        if row.indeling in codes:
            tables.setdefault((row.jaar, row.indeling), {})[row.gemeente] = row.inwoners
    columns = []
    for (jaar, indeling), counted in sorted(tables.items()):
        if lacking := set(codes[indeling]) - set(counted):
            message = f"no inhabitants of {sorted(lacking)[:5]} on 1 January {jaar}"
            raise RegisterError(message)
        names, place = np.unique(codes[indeling], return_inverse=True)
        totals = np.array([counted[name] for name in names.tolist()], dtype=np.float64)
        sums = np.bincount(place, weights)
        weights = totals[place] * weights / sums[place]
        columns.append(weights)
    return tuple(jaar for jaar, _ in sorted(tables)), np.stack(columns, axis=1)
