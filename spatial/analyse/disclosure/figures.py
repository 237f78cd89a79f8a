"""What our own figures say about the published cells: one or two rows per figure.

A count of ours says that a weighted sum of published gemeenten lies within its bounds; a share says
the same of its part against its whole. A figure is followed back to the gemeenten of the indeling in
which the source published, through memberships and crosswalk.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from spatial.analyse.disclosure.cells import Grid, Parents
from spatial.analyse.disclosure.system import Floats, Places, System, ranges, stack
from spatial.domain.crosswalk import PPM
from spatial.domain.regions import LAND_CODE, Indeling, Niveau, niveau_of
from spatial.domain.tables import Table, columns
from spatial.errors import RegisterError, UnknownRegionError

type Weights = Mapping[str, tuple[int, int]]
"""Per published gemeente: which part of it counts, in parts per million, and how far that may be off."""

_ALL = 100.0
"""Per cent."""

SHARES = Table(
    "shares",
    columns(
        [
            ("groep", "string", True, "thema"),
            ("kenmerk", "string", True, "member of the part"),
            ("maat", "string", True, "measure of the part"),
            ("noemer_kenmerk", "string", True, "member of the whole"),
            ("noemer_maat", "string", True, "measure of the whole"),
            ("niveau", "string", True, "level of the region"),
            ("code", "string", True, "region code"),
            ("begin", "date32[day]", True, "as in observations"),
            ("eind", "date32[day]", True, "as in observations"),
            ("indeling", "int32", True, "indeling in which the code is meant"),
            ("ondergrens", "double", True, "lowest possible share, per cent"),
            ("bovengrens", "double", True, "highest possible share, per cent"),
        ]
    ),
    key=(
        "groep",
        "kenmerk",
        "maat",
        "noemer_kenmerk",
        "noemer_maat",
        "code",
        "begin",
        "eind",
        "indeling",
    ),
)
"""Shares that are published with bounds; a share without a value has no row."""


@dataclass(frozen=True, slots=True)
class Land:
    """The regions of every indeling, and what became of its gemeenten.

    Attributes:
        parents: per indeling and level, the region of every gemeente.
        crosswalk: per pair of indelingen (from, to) and new gemeente: the old ones and their parts.
    """

    parents: Parents
    crosswalk: Mapping[tuple[Indeling, Indeling], Mapping[str, Weights]]

    def footprint(self, published: Indeling, indeling: Indeling, code: str) -> Weights:
        """Return the gemeenten of the published indeling that make up a region of another.

        Raises:
            RegisterError: there is no crosswalk between the two.
            UnknownRegionError: the indeling has no such region.
        """
        sources = self._sources(published, indeling)
        level = niveau_of(code)
        if level is Niveau.GEMEENTE:
            receivers = [code] if code in sources else []
        else:
            regions = self.parents.get(indeling, {}).get(level.value, {})
            receivers = [gemeente for gemeente, region in regions.items() if region == code]
        if not receivers or not all(gemeente in sources for gemeente in receivers):
            message = (
                f"{code} of indeling {indeling} cannot be followed back to gemeenten of "
                f"{published}; complete the memberships or the crosswalk"
            )
            raise UnknownRegionError(message)
        total: dict[str, tuple[int, int]] = {}
        for gemeente in receivers:
            for source, (part, bound) in sources[gemeente].items():
                before = total.get(source, (0, 0))
                total[source] = (before[0] + part, before[1] + bound)
        return total

    def _sources(self, published: Indeling, indeling: Indeling) -> Mapping[str, Weights]:
        if published == indeling:
            gemeenten = self.parents.get(indeling, {}).get(Niveau.LAND.value, {})
            return {gemeente: {gemeente: (PPM, 0)} for gemeente in gemeenten}
        if (published, indeling) not in self.crosswalk:
            message = f"the crosswalk has no rows from {published} to {indeling}; add them"
            raise RegisterError(message)
        return self.crosswalk[published, indeling]


@dataclass(frozen=True, slots=True)
class Reach:
    """Footprints, compressed: entries of footprint i are ``starts[i]`` up to ``starts[i + 1]``.

    Attributes:
        starts: one more than there are footprints.
        codes: place of a region code, per entry.
        least: lowest part of that region that can be meant, per entry.
        most: highest part.
    """

    starts: Places
    codes: Places
    least: Floats
    most: Floats


@dataclass(frozen=True, slots=True)
class Claims:
    """What figures say, as rows over cell keys.

    Attributes:
        system: rows; its columns are cell keys, until ``placed`` gives them their places.
        half: identity of each row: the same for two ways to write the same half of a figure.
        figure: place of the figure of each row, in the table of its kind.
    """

    system: System
    half: Places
    figure: Places

    def placed(self, grid: Grid) -> "Claims":
        """Return the same rows over places in the grid."""
        system = self.system
        cols = grid.find(system.cols)
        rows = System(system.starts, cols, system.coef, system.lower, system.upper)
        return Claims(rows, self.half, self.figure)

    def take(self, rows: Places) -> "Claims":
        """Return some of the rows."""
        return Claims(self.system.take(rows), self.half[rows], self.figure[rows])


def land_of(
    memberships: Mapping[Indeling, Mapping[str, Mapping[str, str]]],
    crosswalk: pa.Table,
    gemeenten: Mapping[Indeling, Sequence[str]],
) -> Land:
    """Return the regions of every indeling with level land added, and the crosswalk by receiver.

    Args:
        memberships: per indeling and level, the region of every gemeente.
        crosswalk: ``CROSSWALK``.
        gemeenten: per indeling the gemeenten that have figures.
    """
    found: dict[tuple[Indeling, Indeling], dict[str, dict[str, tuple[int, int]]]] = {}
    for row in crosswalk.to_pylist():
        pair = Indeling(row["van_indeling"]), Indeling(row["naar_indeling"])
        sources = found.setdefault(pair, {}).setdefault(row["naar_code"], {})
        sources[row["van_code"]] = row["gewicht_ppm"], row["grens_ppm"]
    known: dict[Indeling, set[str]] = {year: set(codes) for year, codes in gemeenten.items()}
    for year, levels in memberships.items():
        known.setdefault(year, set()).update(*levels.values())
    for (_old, year), receivers in found.items():
        known.setdefault(year, set()).update(receivers)
    parents = {
        year: {**memberships.get(year, {}), Niveau.LAND.value: dict.fromkeys(codes, LAND_CODE)}
        for year, codes in known.items()
    }
    return Land(parents, found)


def claims(grid: Grid, land: Land, figures: pa.Table) -> Iterator[tuple[Claims, list[Claims]]]:
    """Follow figures back to published cells, per indeling in which the source published them.

    Args:
        grid: the published cells.
        land: regions and crosswalk.
        figures: rows of ``OBSERVATIONS`` with bounds, or of ``SHARES``.

    Yields:
        The rows over gemeenten, and the same rows written with published regions where a whole region
        is part of the figure: those only serve to see that a figure says nothing new.

    Raises:
        RegisterError, UnknownRegionError: a figure cannot be followed back.
    """
    there = np.unique(grid.keys[: grid.published] // grid.axes.codes)
    for year in sorted(grid.axes.indelingen()):
        mine = _rows(grid, there, figures, year)
        if not len(mine.rows):
            continue
        feet, which = _footprints(land, Indeling(year), figures.take(pa.array(mine.rows)))
        covers = []
        for covered, numbers in _covers(land.parents[Indeling(year)], feet, which):
            some = np.flatnonzero(numbers >= 0)
            if len(some):
                reach = _reach(grid, covered)
                covers.append(_claims(grid, mine.take(some), reach, numbers[some]))
        yield _claims(grid, mine, _reach(grid, feet), which), covers


def _footprints(land: Land, published: Indeling, figures: pa.Table) -> tuple[list[Weights], Places]:
    """Return the different footprints, and which one each figure has."""
    regions = pa.table(
        {"indeling": figures.column("indeling"), "code": figures.column("code").cast(pa.string())}
    )
    unique = regions.group_by(["indeling", "code"]).aggregate([]).to_pylist()
    number = {(row["indeling"], row["code"]): place for place, row in enumerate(unique)}
    feet = [land.footprint(published, Indeling(year), code) for year, code in number]
    years, codes = (regions.column(name).combine_chunks() for name in ("indeling", "code"))
    names = pc.binary_join_element_wise(pc.cast(years, pa.string()), codes, " ")
    labels = pa.array([f"{year} {code}" for year, code in number], pa.string())
    return feet, pc.index_in(names, labels).to_numpy().astype(np.int64)


def _covers(
    levels: Mapping[str, Mapping[str, str]], feet: Sequence[Weights], which: Places
) -> Iterator[tuple[list[Weights], Places]]:
    """Write footprints with whole regions of one level instead of their gemeenten, where they can."""
    for regions in levels.values():
        members: dict[str, set[str]] = {}
        for gemeente, region in regions.items():
            members.setdefault(region, set()).add(gemeente)
        covered: list[Weights] = []
        numbers = np.full(len(feet), -1, dtype=np.int64)
        for place, foot in enumerate(feet):
            whole = {code for code, (part, _bound) in foot.items() if part >= PPM}
            inside = {regions[code] for code in whole if code in regions}
            taken = {region for region in inside if members[region] <= whole}
            if taken:
                rest = {code: part for code, part in foot.items() if regions.get(code) not in taken}
                numbers[place] = len(covered)
                covered.append({**rest, **dict.fromkeys(taken, (PPM, 0))})
        yield covered, numbers[which]


def _reach(grid: Grid, feet: Sequence[Weights]) -> Reach:
    sizes = [len(foot) for foot in feet]
    codes = [code for foot in feet for code in foot]
    parts = np.array([part for foot in feet for part in foot.values()], dtype=np.int64)
    part, bound = parts.reshape(-1, 2).T
    bound = np.where(part >= PPM, 0, bound)
    return Reach(
        np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64),
        grid.axes.code_places(codes),
        np.clip(part - bound, 0, PPM) / PPM,
        np.clip(part + bound, 0, PPM) / PPM,
    )


@dataclass(frozen=True, slots=True)
class _Rows:
    """Some figures of one table, seen from one published indeling.

    Attributes:
        figures: all rows of the table.
        published: that indeling.
        rows: places of the figures concerned.
        part: per figure of the table the slice of its cells.
        whole: of a share, the slice of the whole that it is a part of.
    """

    figures: pa.Table
    published: int
    rows: Places
    part: Places
    whole: Places | None

    def take(self, wanted: Places) -> "_Rows":
        return _Rows(self.figures, self.published, self.rows[wanted], self.part, self.whole)

    def bound(self, name: str) -> Floats:
        numbers: Floats = self.figures.column(name).cast(pa.float64()).to_numpy()[self.rows]
        return numbers


@dataclass(frozen=True, slots=True)
class _Side:
    """Cells of the part or of the whole: figure, key, lowest and highest weight, per entry."""

    figure: Places
    keys: Places
    least: Floats
    most: Floats


def _rows(grid: Grid, there: Places, figures: pa.Table, published: int) -> _Rows:
    """Return the figures of which the source published the cells in this indeling."""
    axes = grid.axes
    part, whole = axes.slices(figures, indeling=published), None
    known = (part >= 0) & np.isin(part // axes.codes, there)
    if "noemer_kenmerk" in figures.column_names:
        other = figures.drop_columns(["kenmerk", "maat"]).rename_columns(
            {"noemer_kenmerk": "kenmerk", "noemer_maat": "maat"}
        )
        whole = axes.slices(other, indeling=published)
        known &= (whole >= 0) & np.isin(whole // axes.codes, there)
    return _Rows(figures, published, np.flatnonzero(known), part, whole)


def _claims(grid: Grid, mine: _Rows, reach: Reach, which: Places) -> Claims:
    lower, upper = mine.bound("ondergrens"), mine.bound("bovengrens")
    endless = np.full(len(lower), np.inf)
    part = _side(grid, reach, which, mine.part[mine.rows])
    if mine.whole is None:
        most = _half((part.figure,), (part.keys,), (part.least,), (-endless, upper))
        least = _half((part.figure,), (part.keys,), (part.most,), (lower, endless))
    else:
        whole = _side(grid, reach, which, mine.whole[mine.rows])
        owners, keys = (part.figure, whole.figure), (part.keys, whole.keys)
        # That a part is not more than its whole is no news: 100 per cent is no bound of ours.
        high = np.where(upper >= _ALL, np.inf, 0.0)
        above = (part.least, -whole.most * upper[whole.figure] / _ALL)
        below = (part.most, -whole.least * lower[whole.figure] / _ALL)
        most = _half(owners, keys, above, (-endless, high))
        least = _half(owners, keys, below, (np.zeros(len(lower)), endless))
    figure = np.concatenate([mine.rows[most[1]], mine.rows[least[1]]])
    half = 2 * (mine.published * mine.figures.num_rows + figure) + np.repeat(
        [0, 1], [len(most[1]), len(least[1])]
    )
    return Claims(stack([most[0], least[0]]), half, figure)


def _side(grid: Grid, reach: Reach, which: Places, slices: Places) -> _Side:
    """Spread figures over the cells of their footprints.

    An estimate over cells that are all published is a function of them, whatever the weight: the
    weight then is anything between none and all. With a cell that is secret the weight counts.
    """
    sizes = np.diff(reach.starts)[which]
    entries = ranges(reach.starts[which], sizes)
    figure = np.repeat(np.arange(len(which), dtype=np.int64), sizes)
    keys = slices[figure] + reach.codes[entries]
    least, most = reach.least[entries], reach.most[entries]
    place = grid.find(keys)
    unknown = np.bincount(figure, weights=(place < 0) | ~grid.known[place], minlength=len(which))
    free = (unknown[figure] == 0) & (least < 1.0)
    return _Side(figure, keys, np.where(free, 0.0, least), np.where(free, 1.0, most))


def _half(
    owners: Sequence[Places],
    keys: Sequence[Places],
    coefs: Sequence[Floats],
    bounds: tuple[Floats, Floats],
) -> tuple[System, Places]:
    """Return one row per figure that has entries, and which figures these are."""
    owner, coef = np.concatenate(owners), np.concatenate(coefs)
    kept = np.flatnonzero(coef != 0.0)
    kept = kept[np.argsort(owner[kept], kind="stable")]
    figures, sizes = np.unique(owner[kept], return_counts=True)
    starts = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    lower, upper = bounds
    cols = np.concatenate(keys)[kept]
    return System(starts, cols, coef[kept], lower[figures], upper[figures]), figures
