"""Disclosure audit: do our figures say more about a secret cell than the source's own figures do?

Rule D5. The source's rounding intervals, signs, hierarchy and parts-to-total equations leave every
cell a range. A figure of ours (a sum, a recoded count, a share with bounds) may not shrink the range
of a cell that the source did not publish. Ranges are computed and forgotten: the report names
figures, never a range, nor the cell behind it.

The proof goes in three steps, each only for what the one before left open: (1) the boxes by interval
propagation already imply the figure; (2) a linear program shows that the source's equations imply it;
(3) linear programs give the ranges of the secret cells near it, with and without.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from scipy.sparse.csgraph import connected_components

from spatial.analyse.disclosure.attack import Limits, Solver, Suspects, Verdict, judge
from spatial.analyse.disclosure.cells import Grid, PartsRule, equations, grid_of
from spatial.analyse.disclosure.figures import SHARES, Claims, Land, claims, land_of
from spatial.analyse.disclosure.report import AuditReport, Leak
from spatial.analyse.disclosure.system import (
    TOLERANCE,
    Box,
    Marks,
    System,
    activity,
    propagate,
    stack,
)
from spatial.domain.crosswalk import CROSSWALK
from spatial.domain.facts import Membership
from spatial.domain.regions import Indeling, Niveau
from spatial.domain.status import WITH_VALUE
from spatial.domain.tables import OBSERVATIONS

PARTS = (
    PartsRule(
        "totaal", ("eenpersoons", "meerpersoons", "institutioneel", "samenstelling_onbekend")
    ),
    PartsRule("totaal", ("corporatie", "overige_huur", "koop", "eigendom_onbekend")),
    PartsRule("totaal", ("geslacht_mannen", "geslacht_vrouwen")),
    PartsRule(
        "totaal",
        ("leeftijd_tot_18", "leeftijd_18_tot_27", "leeftijd_27_tot_65", "leeftijd_vanaf_65"),
    ),
    PartsRule("huur", ("corporatie", "overige_huur")),
    PartsRule(
        "huur",
        (
            "huur_tot_kwaliteitskortingsgrens",
            "huur_tot_lage_aftoppingsgrens",
            "huur_tot_hoge_aftoppingsgrens",
            "huur_tot_liberalisatiegrens",
            "huur_boven_liberalisatiegrens",
            "huur_onbekend",
        ),
    ),
)
"""What adds up inside one region of table 85980NED."""


@dataclass(frozen=True, slots=True)
class Structure:
    """How cells hang together.

    Attributes:
        memberships: region of every gemeente per indeling and level; level land needs none.
        crosswalk: ``CROSSWALK``, with rows for every pair (published indeling, indeling of a figure).
        parts: what adds up inside one region.
    """

    memberships: Sequence[Membership]
    crosswalk: pa.Table
    parts: Sequence[PartsRule] = PARTS


@dataclass(frozen=True, slots=True)
class _Placed:
    """Rows of the figures of one table, over gemeenten and over whole regions.

    Attributes:
        base: per published indeling, the rows over gemeenten.
        covers: the same rows, written with published regions.
    """

    base: list[Claims] = field(default_factory=list)
    covers: list[Claims] = field(default_factory=list)

    def figures(self) -> int:
        """Return how many figures there are."""
        return len(np.unique(np.concatenate([[], *(entry.figure for entry in self.base)])))

    def over(self, grid: Grid) -> "_Placed":
        """Return the rows over places in the grid."""
        return _Placed(
            [entry.placed(grid) for entry in self.base],
            [entry.placed(grid) for entry in self.covers],
        )


def audit(
    published: pa.Table,
    derived: pa.Table,
    structure: Structure,
    *,
    shares: pa.Table | None = None,
    limits: Limits | None = None,
) -> AuditReport:
    """Hold every figure of ours against what the source's own figures leave unsaid.

    Args:
        published: ``OBSERVATIONS``, only figures of the source itself, all levels.
        derived: ``OBSERVATIONS``, our counts: sums, recoded counts, recoded sums. Rows without a
            value say nothing and are passed over.
        structure: memberships, crosswalk and what adds up.
        shares: ``SHARES`` that we publish with bounds.
        limits: how far the solver goes.

    Raises:
        SchemaError: a table is not the declared one, or ``published`` holds figures of ours.
        RegisterError, UnknownRegionError: a figure cannot be followed back to published cells.
    """
    OBSERVATIONS.check(published, "published figures")
    OBSERVATIONS.check(derived, "derived figures")
    CROSSWALK.check(structure.crosswalk, "crosswalk")
    tables = [derived.filter(_valued(derived))]
    if shares is not None:
        SHARES.check(shares, "shares")
        tables.append(shares)
    land = _land(published, structure)
    grid, base = equations(grid_of(published, _codes(land)), land.parents, structure.parts)
    found: list[_Placed] = []
    for table in tables:
        grid, placed = _placed(grid, land, table)
        found.append(placed)
    return _judged(grid, base, tables, found, limits or Limits())


def _judged(
    grid: Grid,
    base: System,
    tables: Sequence[pa.Table],
    found: Sequence[_Placed],
    limits: Limits,
) -> AuditReport:
    """Propagate, keep the rows that are not implied, and give those to the solver."""
    known = propagate(base, grid.box)
    sound = base.take(np.setdiff1d(np.arange(base.rows), known.contradicted))
    placed = [entry.over(grid) for entry in found]
    suspects = _open_rows(placed, tables, known.box)
    solver = Solver(limits)
    filled = _filled(placed, tables, grid)
    verdicts = dict.fromkeys(filled, Verdict.FILLS)
    verdicts |= judge(sound, known.box, grid.secret, suspects, solver)
    undecided = [place for place in filled if verdicts[place] is Verdict.UNDECIDED]
    verdicts |= dict.fromkeys(undecided, Verdict.FILLS)
    held = sum(entry.figures() for entry in found)
    return AuditReport(
        leaks=tuple(_leak(tables, place, verdicts[place]) for place in sorted(verdicts)),
        secret_cells=int(grid.secret.sum()),
        equations=base.rows,
        components=_components(base, len(grid.keys)),
        contradicted=len(known.contradicted),
        figures=held,
        outside=sum(table.num_rows for table in tables) - held,
        suspects=len(np.unique(suspects.figure)),
        programs=solver.solved,
        settled=known.settled,
    )


def _leak(tables: Sequence[pa.Table], place: int, verdict: Verdict) -> Leak:
    """Name the figure at a place in the tables, taken one after the other."""
    kind = 0 if place < tables[0].num_rows else 1
    row = tables[kind].slice(place - kind * tables[0].num_rows, 1).to_pylist()[0]
    names = ("groep", "kenmerk", "maat", "niveau", "code", "begin", "eind", "indeling")
    noemer = f"{row['noemer_kenmerk']} {row['noemer_maat']}" if "noemer_kenmerk" in row else ""
    return Leak(verdict, **{name: row[name] for name in names}, noemer=noemer)


def _valued(derived: pa.Table) -> pa.ChunkedArray:
    names = pa.array(sorted(status.value for status in WITH_VALUE), pa.string())
    return pc.is_in(derived.column("status").cast(pa.string()), names)


def _land(published: pa.Table, structure: Structure) -> Land:
    """Return regions and crosswalk; a gemeente with figures is part of its land."""
    levels: dict[Indeling, dict[str, dict[str, str]]] = {}
    for row in structure.memberships:
        regions = levels.setdefault(row.indeling, {}).setdefault(row.niveau.value, {})
        regions[row.gemeente] = row.code
    mine = published.filter(pc.equal(published.column("niveau"), Niveau.GEMEENTE.value))
    gemeenten: dict[Indeling, list[str]] = {}
    for entry in mine.group_by(["indeling", "code"]).aggregate([]).to_pylist():
        gemeenten.setdefault(Indeling(entry["indeling"]), []).append(entry["code"])
    return land_of(levels, structure.crosswalk, gemeenten)


def _codes(land: Land) -> list[str]:
    """Return every region code that an equation or a footprint may need."""
    codes: set[str] = set()
    for levels in land.parents.values():
        for regions in levels.values():
            codes.update(regions, regions.values())
    for receivers in land.crosswalk.values():
        for sources in receivers.values():
            codes.update(sources)
    return sorted(codes)


def _placed(grid: Grid, land: Land, figures: pa.Table) -> tuple[Grid, _Placed]:
    """Follow the figures of a table back; return the grid with every cell that they need."""
    found = _Placed()
    for base, covers in claims(grid, land, figures):
        found.base.append(base)
        found.covers.extend(covers)
    keys = [entry.system.cols for entry in (*found.base, *found.covers)]
    return grid.with_cells(np.concatenate([grid.keys[:0], *keys])), found


def _open_rows(found: Sequence[_Placed], tables: Sequence[pa.Table], box: Box) -> Suspects:
    """Return the rows that the boxes do not imply, however they are written.

    Figures are numbered over the tables, taken one after the other.
    """
    none = np.zeros(0, dtype=np.int64)
    systems, figures, before = [], [none], 0
    for placed, table in zip(found, tables, strict=True):
        proven = [entry.half[_implied(entry.system, box)] for entry in placed.covers]
        settled = np.concatenate([none, *proven])
        for entry in placed.base:
            doubtful = ~_implied(entry.system, box) & ~np.isin(entry.half, settled)
            rest = entry.take(np.flatnonzero(doubtful))
            systems.append(rest.system)
            figures.append(rest.figure + before)
        before += table.num_rows
    return Suspects(stack(systems), np.concatenate(figures))


def _filled(found: Sequence[_Placed], tables: Sequence[pa.Table], grid: Grid) -> list[int]:
    """Return the figures that have a value although a part of them is secret (rule D2).

    A figure that is the sum of published cells, such as whole regions, is not one; a count then has
    exactly their bounds. A count with other bounds was made in another way.
    """
    filled, before = [], 0
    for placed, table in zip(found, tables, strict=True):
        ratios = "noemer_kenmerk" in table.column_names
        proven = [
            entry.half[~_any(entry.system, ~grid.known) & (_exact(entry.system, grid.box) | ratios)]
            for entry in placed.covers
        ]
        plain = np.concatenate([np.zeros(0, dtype=np.int64), *proven])
        for entry in placed.base:
            doubtful = _any(entry.system, grid.secret) & ~np.isin(entry.half, plain)
            filled += (entry.figure[doubtful] + before).tolist()
        before += table.num_rows
    return sorted(set(filled))


def _any(system: System, marked: Marks) -> Marks:
    """Tell per row whether one of its cells is marked."""
    marks: Marks = np.logical_or.reduceat(marked[system.cols], system.starts[:-1])
    return marks


def _exact(system: System, box: Box) -> Marks:
    """Tell per row whether its bound is just what the boxes give."""
    low, high = activity(system, box)
    above = np.isfinite(system.upper) & np.isclose(high, system.upper, rtol=0, atol=TOLERANCE)
    below = np.isfinite(system.lower) & np.isclose(low, system.lower, rtol=0, atol=TOLERANCE)
    exact: Marks = above | below
    return exact


def _implied(system: System, box: Box) -> Marks:
    low, high = activity(system, box)
    return (low >= system.lower - TOLERANCE) & (high <= system.upper + TOLERANCE)


def _components(system: System, unknowns: int) -> int:
    """Return in how many groups the equations fall."""
    if not system.rows:
        return 0
    size = system.rows + unknowns
    starts = np.concatenate([system.starts, np.full(unknowns, system.starts[-1])])
    edges = System(starts, system.cols + system.rows, system.coef, *np.zeros((2, size)))
    nodes = edges.matrix(size)
    _count, labels = connected_components(nodes, directed=False)
    return len(np.unique(labels[: system.rows]))
