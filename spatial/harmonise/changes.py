"""What became of each gemeente between two indelingen: the graph, its components, their kind.

The graph is made of yearly steps, in both directions; nothing here needs a shape or a number.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from spatial.domain.crosswalk import Samenhang
from spatial.domain.facts import Inhabitants
from spatial.domain.findings import Finding, Severity
from spatial.domain.redivisions import Mutatie, Redivision, advance, events_of
from spatial.domain.regions import Indeling
from spatial.errors import RegisterError, UnknownRegionError

type Codes = Mapping[Indeling, frozenset[str]]
"""The gemeentecodes of each indeling, as ``normalise.facts.code_sets`` gives them."""

type Graph = dict[str, tuple[str, ...]]
"""Receivers (sorted) of every code of the first indeling (ascending)."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Below both, a part that changes hands is a grenscorrectie: noted, never estimated.

    Attributes:
        share: of the old gemeente (0-1).
        inhabitants: of the part, on average.
    """

    share: float = 0.001
    inhabitants: int = 50


@dataclass(frozen=True, slots=True)
class Component:
    """Gemeenten of two indelingen that are joined by redivisions, and what happened to them.

    Attributes:
        oud: codes in the indeling of departure, ascending.
        nieuw: codes in the indeling of arrival, ascending.
        samenhang: opsplitsing when an old code has more than one receiver in this direction, also
            where that is a fusie read backward.
    """

    oud: tuple[str, ...]
    nieuw: tuple[str, ...]
    samenhang: Samenhang


def codes_on(day: date, register: Iterable[Redivision], codes: Codes) -> frozenset[str]:
    """Return the gemeentecodes in force on a day, events within the year included.

    This is the law of that day, not how CBS counts: its figures of 31 December 2022 are in the
    indeling of 2022, so still have GM0457 (Weesp), which had gone on 24 March. For the codes of a
    figure take ``codes[day.year]``.

    Raises:
        UnknownRegionError: no codes are known of that year.
        RegisterError: the register retires a code that is not there.
    """
    of_year = _codes_of(codes, Indeling(day.year))
    following = Indeling(day.year + 1)
    so_far = [row for row in events_of(register, following) if row.datum <= day]
    return advance(of_year, so_far, following)


def receivers(register: Iterable[Redivision], codes: Codes, naar: Indeling) -> Graph:
    """Return what each gemeente became in the step of one year to ``naar``.

    Raises:
        UnknownRegionError: no codes are known of that year or the year before.
        RegisterError: a code appears or goes without a row of the register that says so.
    """
    old, new = _codes_of(codes, Indeling(naar - 1)), _codes_of(codes, naar)
    found: dict[str, set[str]] = {}
    for row in events_of(register, naar):
        if row.mutatie.retires_code:
            found.setdefault(row.oude_code, set()).add(row.nieuwe_code)
    graph = {code: tuple(sorted(found.get(code, {code}))) for code in sorted(old)}
    reached = {code for parts in graph.values() for code in parts}
    if (difference := reached ^ new) or (difference := found.keys() - old):
        message = (
            f"codes and register differ for the step from {naar - 1} to {naar} in"
            f" {sorted(difference)}; complete the register of redivisions"
        )
        raise RegisterError(message)
    return graph


def yearly_steps(
    register: Sequence[Redivision], codes: Codes, van: Indeling, naar: Indeling
) -> list[tuple[Indeling, Graph]]:
    """Return the graph of each year on the way, in order, with the indeling in which it starts.

    Raises:
        UnknownRegionError: no codes are known of an indeling on the way.
        RegisterError: codes and register contradict each other.
    """
    _codes_of(codes, van)
    if van <= naar:
        years = [Indeling(year) for year in range(van + 1, naar + 1)]
        return [(Indeling(year - 1), receivers(register, codes, year)) for year in years]
    years = [Indeling(year) for year in range(van, naar, -1)]
    return [(year, reverse(receivers(register, codes, year))) for year in years]


def reverse(graph: Graph) -> Graph:
    """Return the same graph read backward."""
    sources: dict[str, list[str]] = {}
    for old, parts in graph.items():
        for new in parts:
            sources.setdefault(new, []).append(old)
    return {new: tuple(sorted(sources[new])) for new in sorted(sources)}


def graph_between(
    register: Sequence[Redivision], codes: Codes, van: Indeling, naar: Indeling
) -> Graph:
    """Return which gemeenten of ``naar`` hold land of each gemeente of ``van``, either direction.

    Raises:
        UnknownRegionError: no codes are known of an indeling on the way.
        RegisterError: codes and register contradict each other.
    """
    graph: Graph = {code: (code,) for code in sorted(_codes_of(codes, van))}
    for _, step in yearly_steps(register, codes, van, naar):
        graph = {
            code: tuple(sorted({after for part in parts for after in step[part]}))
            for code, parts in graph.items()
        }
    return graph


def components(
    register: Sequence[Redivision], codes: Codes, van: Indeling, naar: Indeling
) -> list[Component]:
    """Return the connected components of the graph between two indelingen, by lowest old code.

    Raises:
        UnknownRegionError: no codes are known of an indeling on the way.
        RegisterError: codes and register contradict each other.
    """
    graph = graph_between(register, codes, van, naar)
    news = sorted({new for parts in graph.values() for new in parts})
    place = {code: len(graph) + position for position, code in enumerate(news)}
    edges = [(at, place[new]) for at, parts in enumerate(graph.values()) for new in parts]
    size = len(graph) + len(news)
    rows, columns = np.array(edges, np.int64).reshape(-1, 2).T
    links = coo_array((np.ones(len(edges)), (rows, columns)), shape=(size, size))
    _, label = connected_components(links, directed=False)
    old: dict[int, list[str]] = {}
    new: dict[int, list[str]] = {}
    for position, code in enumerate(graph):
        old.setdefault(int(label[position]), []).append(code)
    for code in news:
        new.setdefault(int(label[place[code]]), []).append(code)
    kinds = _kinds(register, van, naar)
    return [
        Component(tuple(old[key]), tuple(new[key]), _samenhang((old[key], new[key]), graph, kinds))
        for key in old
    ]


def noted_corrections(
    register: Iterable[Redivision], van: Indeling, naar: Indeling
) -> list[Finding]:
    """Return the grenscorrecties between two indelingen: facts to know, not to estimate with."""
    return [
        Finding(
            Severity.INFO,
            f"herindelingen {van}-{naar}",
            row.oude_code,
            "grenscorrectie",
            f"on {row.datum} a strip of {row.oude_naam} went to {row.nieuwe_code}"
            f" {row.nieuwe_naam}; figures are not adjusted for it",
        )
        for row in sorted(register, key=lambda row: (row.datum, row.oude_code, row.nieuwe_code))
        if row.mutatie is Mutatie.GRENSCORRECTIE
        and min(van, naar) < row.first_indeling <= max(van, naar)
    ]


def with_corrections(
    register: Sequence[Redivision],
    inhabitants: Iterable[Inhabitants],
    thresholds: Thresholds | None = None,
) -> tuple[Redivision, ...]:
    """Return the register with parts of splits below both thresholds made grenscorrecties.

    A part of which the share, or the last count of inhabitants before its day, is not known stays
    what it was. The shares of the other parts stay too: who uses them scales them.

    Args:
        register: the register.
        inhabitants: counts, of any years and in any order.
        thresholds: None for a share of 0.1 % and 50 inhabitants.
    """
    limits = thresholds or Thresholds()
    counts = sorted(inhabitants, key=lambda row: (row.jaar, row.indeling))

    def is_minor(row: Redivision) -> bool:
        known = [
            count.inwoners
            for count in counts
            if count.gemeente == row.oude_code and count.indeling < row.first_indeling
        ]
        if row.mutatie is not Mutatie.OPSPLITSING or row.aandeel is None or not known:
            return False
        people = Fraction(row.aandeel) * known[-1]
        return row.aandeel < limits.share and people < limits.inhabitants

    return tuple(
        replace(row, mutatie=Mutatie.GRENSCORRECTIE) if is_minor(row) else row for row in register
    )


def _codes_of(codes: Codes, indeling: Indeling) -> frozenset[str]:
    if indeling not in codes:
        message = f"no gemeentecodes are known of {indeling}; known are {sorted(codes)}"
        raise UnknownRegionError(message)
    return codes[indeling]


def _kinds(
    register: Iterable[Redivision], van: Indeling, naar: Indeling
) -> dict[Mutatie, frozenset[str]]:
    """Return the codes that were renamed or corrected on the way."""
    kinds: dict[Mutatie, set[str]] = {Mutatie.HERNOEMING: set(), Mutatie.GRENSCORRECTIE: set()}
    for row in register:
        on_the_way = min(van, naar) < row.first_indeling <= max(van, naar)
        if on_the_way and row.mutatie in kinds:
            kinds[row.mutatie] |= {row.oude_code, row.nieuwe_code}
    return {kind: frozenset(codes) for kind, codes in kinds.items()}


def _samenhang(
    members: tuple[list[str], list[str]], graph: Graph, kinds: Mapping[Mutatie, frozenset[str]]
) -> Samenhang:
    old, new = members
    everyone = {*old, *new}
    if any(len(graph[code]) > 1 for code in old):
        return Samenhang.OPSPLITSING
    if len(old) > 1:
        return Samenhang.FUSIE
    if old != new:
        return Samenhang.HERCODEERD
    if everyone & kinds[Mutatie.GRENSCORRECTIE]:
        return Samenhang.GRENSCORRECTIE
    return Samenhang.HERNOEMD if everyone & kinds[Mutatie.HERNOEMING] else Samenhang.ONGEWIJZIGD
