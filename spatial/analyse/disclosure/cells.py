"""The published cells as unknown whole numbers, and the equations that the source itself implies.

A cell is (groep, kenmerk, maat, begin, eind, indeling, code). Cells of two moments, or of two
indelingen, are never linked: 31 December on the old borders and 1 January on the new ones are two
populations. Persons and households are not linked either.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from spatial.analyse.disclosure.system import Box, Floats, Marks, Places, System
from spatial.domain.regions import Indeling
from spatial.domain.status import Status
from spatial.domain.tables import OBSERVATIONS
from spatial.errors import SchemaError

type Parents = Mapping[Indeling, Mapping[str, Mapping[str, str]]]
"""Per indeling and level (with ``land``): the region of every gemeente."""

SECRET = (Status.GEHEIM_OF_ONBEKEND, Status.TE_KLEIN)
_SLICE = ("groep", "kenmerk", "maat", "begin", "eind", "indeling")
_OURS = (Status.OPGETELD, Status.GESCHAT, Status.BEREKEND)


@dataclass(frozen=True, slots=True)
class PartsRule:
    """Within one region the parts add up to the total; a blank part is 0.

    Attributes:
        totaal: kenmerk of the whole.
        delen: kenmerken of the parts; together they are the whole.
    """

    totaal: str
    delen: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Axes:
    """The values of each column of the key; a cell is one whole number made of its places.

    Attributes:
        values: per column of the slice, and of the code, the values that occur.
        strides: what one place further adds to the key, per column.
    """

    values: tuple[pa.Array, ...]
    strides: tuple[int, ...]

    @property
    def codes(self) -> int:
        """How many region codes there are: the stride of a slice."""
        return len(self.values[-1])

    def place(self, column: str, value: object) -> int:
        """Return the place of a value in its column; -1 when no published cell has it."""
        axis = self.values[_SLICE.index(column)]
        return int(axis.index(pa.scalar(value, axis.type)).as_py())

    def stride(self, column: str) -> int:
        """Return what one place further in this column adds to a key."""
        return self.strides[_SLICE.index(column)]

    def indelingen(self) -> list[int]:
        """Return the indelingen in which something is published."""
        years: list[int] = self.values[_SLICE.index("indeling")].to_pylist()
        return years

    def code_places(self, codes: Sequence[str]) -> Places:
        """Return the places of region codes; -1 for one that is not known."""
        return _places(pa.array(codes, pa.string()), self.values[-1])

    def slices(self, table: pa.Table, *, indeling: int | None = None) -> Places:
        """Return the key of each row with code place 0; -1 when nothing is published there.

        Args:
            table: has the columns of the slice.
            indeling: read the rows as if they were of this indeling.
        """
        keys = np.zeros(table.num_rows, dtype=np.int64)
        unknown = np.zeros(table.num_rows, dtype=bool)
        for name, axis, stride in zip(_SLICE, self.values, self.strides, strict=False):
            if name == "indeling" and indeling is not None:
                keys += self.place(name, indeling) * stride
                continue
            places = _places(table.column(name), axis)
            unknown |= places < 0
            keys += places * stride
        return np.where(unknown, -1, keys)


@dataclass(frozen=True, slots=True)
class Grid:
    """All cells: those that are published, and those that an equation needs beside them.

    Attributes:
        axes: how keys are made.
        keys: key of each unknown.
        order: places of the keys, sorted by key.
        box: what the published figure alone says of it.
        secret: the source published a sign instead of a number.
        known: the source published a number, or that there cannot be one.
        published: how many of the unknowns have a row; the rest has none, and may be anything.
    """

    axes: Axes
    keys: Places
    order: Places
    box: Box
    secret: Marks
    known: Marks
    published: int

    def find(self, keys: Places) -> Places:
        """Return the place of each cell; -1 when there is none."""
        at = np.searchsorted(self.keys, keys, sorter=self.order)
        found = self.order[np.minimum(at, len(self.order) - 1)]
        return np.where(self.keys[found] == keys, found, -1)

    def with_cells(self, keys: Places) -> "Grid":
        """Return a grid that has these cells too: absent from the source, so 0 or more."""
        new = np.unique(keys[self.find(keys) < 0])
        zeros, no = np.zeros(len(new)), np.zeros(len(new), dtype=bool)
        keys = np.concatenate([self.keys, new])
        return Grid(
            self.axes,
            keys,
            np.argsort(keys, kind="stable"),
            Box(
                np.concatenate([self.box.low, zeros]),
                np.concatenate([self.box.high, zeros + np.inf]),
            ),
            np.concatenate([self.secret, no]),
            np.concatenate([self.known, no]),
            self.published,
        )


def grid_of(published: pa.Table, codes: Sequence[str]) -> Grid:
    """Return the cells of the source.

    Args:
        published: ``OBSERVATIONS``, only figures of the source itself.
        codes: region codes that an equation may need, published or not.

    Raises:
        SchemaError: a figure is not of the source itself, or has a value without bounds.
    """
    statuses = published.column("status").cast(pa.string())
    _refuse_ours(statuses)
    axes = _axes(published, codes)
    keys = axes.slices(published) + _places(published.column("code"), axes.values[-1])
    observed = _is(statuses, (Status.WAARGENOMEN,))
    impossible = _is(statuses, (Status.NIET_VAN_TOEPASSING,))
    low, high = (_numbers(published, name) for name in ("ondergrens", "bovengrens"))
    if np.isnan(low[observed]).any() or np.isnan(high[observed]).any():
        message = "published figures: a value without bounds; every waargenomen cell needs both"
        raise SchemaError(message)
    box = Box(
        np.where(observed, np.maximum(low, 0.0), 0.0),
        np.where(observed, high, np.where(impossible, 0.0, np.inf)),
    )
    order = np.argsort(keys, kind="stable")
    return Grid(axes, keys, order, box, _is(statuses, SECRET), observed | impossible, len(keys))


def equations(grid: Grid, parents: Parents, parts: Sequence[PartsRule]) -> tuple[Grid, System]:
    """Return the equations of the source: hierarchy, and parts to total.

    Args:
        grid: the published cells.
        parents: per indeling and level, the region of every gemeente.
        parts: what adds up inside one region.

    Returns:
        The grid with the cells that the equations need beside the published ones, and one row per
        equation. A region without a row in the source has no equation, nor has one of which no part
        has a row.
    """
    pieces = [*_hierarchy(grid, parents), *_composition(grid, parts)]
    pieces = [piece for piece in pieces if piece.shape[0]]
    flat = np.concatenate([grid.keys[:0], *(piece.ravel() for piece in pieces)])
    grid = grid.with_cells(flat)
    sizes = np.concatenate([grid.keys[:0], *(np.full(*piece.shape) for piece in pieces)])
    starts = np.concatenate([[0], np.cumsum(sizes)])
    coef = np.ones(len(flat))
    coef[starts[:-1]] = -1.0
    zeros = np.zeros(len(sizes))
    return grid, System(starts, grid.find(flat), coef, zeros, zeros.copy())


def _hierarchy(grid: Grid, parents: Parents) -> list[np.ndarray]:
    """Return per region and indeling its keys, total first: one row per slice of that indeling."""
    axes = grid.axes
    slices = np.unique(grid.keys // axes.codes)
    indeling_of = slices % len(axes.values[_SLICE.index("indeling")])
    pieces = []
    for indeling, levels in parents.items():
        here = slices[indeling_of == axes.place("indeling", int(indeling))] * axes.codes
        if not len(here):
            continue
        for total, children in _families(levels):
            places = axes.code_places([total, *children])
            pieces.append(_with_rows(grid, here[:, None] + places[None, :]))
    return pieces


def _families(levels: Mapping[str, Mapping[str, str]]) -> list[tuple[str, list[str]]]:
    """Return every region with its gemeenten, and with its regions of a level that nests in it."""
    families = []
    for upper in levels.values():
        families += _grouped(upper)
        for lower in levels.values():
            if lower is not upper and (nested := _nested(lower, upper)):
                families += _grouped(nested)
    return families


def _nested(lower: Mapping[str, str], upper: Mapping[str, str]) -> dict[str, str]:
    """Return the upper region of each lower one; nothing when one lies in two."""
    pairs = {(region, upper.get(gemeente, "")) for gemeente, region in lower.items()}
    regions = dict(pairs)
    complete = len(pairs) == len(regions) and upper.keys() <= lower.keys()
    return regions if complete and len(regions) > len(set(regions.values())) else {}


def _grouped(parent: Mapping[str, str]) -> list[tuple[str, list[str]]]:
    families: dict[str, list[str]] = {}
    for child, total in sorted(parent.items()):
        families.setdefault(total, []).append(child)
    return list(families.items())


def _composition(grid: Grid, parts: Sequence[PartsRule]) -> list[np.ndarray]:
    """Return per rule the keys, total first: one row per cell of the total."""
    axes, stride = grid.axes, grid.axes.stride("kenmerk")
    kenmerk_of = (grid.keys // stride) % len(axes.values[_SLICE.index("kenmerk")])
    pieces = []
    for rule in parts:
        total = axes.place("kenmerk", rule.totaal)
        places = np.array([axes.place("kenmerk", part) for part in rule.delen])
        if total < 0 or (places < 0).any():
            continue
        keys = grid.keys[kenmerk_of == total]
        offsets = np.concatenate([[0], (places - total) * stride])
        pieces.append(_with_rows(grid, keys[:, None] + offsets[None, :]))
    return pieces


def _with_rows(grid: Grid, keys: np.ndarray) -> np.ndarray:
    """Keep the equations of which the total and at least one part have a row in the source."""
    there = grid.find(keys.ravel()).reshape(keys.shape) >= 0
    kept: np.ndarray = keys[there[:, 0] & there[:, 1:].any(axis=1)]
    return kept


def _axes(published: pa.Table, codes: Sequence[str]) -> Axes:
    axes = [pc.unique(published.column(name).combine_chunks()) for name in _SLICE]
    axes = [
        axis.cast(axis.type.value_type) if pa.types.is_dictionary(axis.type) else axis
        for axis in axes
    ]
    seen = published.column("code").cast(pa.string()).unique()
    axes.append(pc.unique(pa.concat_arrays([seen, pa.array(codes, pa.string())])))
    lengths = [len(axis) for axis in axes]
    strides = [reduce(lambda a, b: a * b, lengths[at + 1 :], 1) for at in range(len(lengths))]
    return Axes(tuple(axes), tuple(strides))


def _places(column: pa.ChunkedArray | pa.Array, axis: pa.Array) -> Places:
    plain = column.cast(axis.type)
    places: Places = pc.fill_null(pc.index_in(plain, axis), -1).to_numpy().astype(np.int64)
    return places


def _is(statuses: pa.ChunkedArray, wanted: Sequence[Status]) -> Marks:
    names = pa.array([status.value for status in wanted], pa.string())
    marks: Marks = pc.is_in(statuses, names).to_numpy().astype(bool)
    return marks


def _numbers(table: pa.Table, name: str) -> Floats:
    numbers: Floats = table.column(name).cast(pa.float64()).to_numpy().astype(np.float64)
    return numbers


def _refuse_ours(statuses: pa.ChunkedArray) -> None:
    ours = sorted(set(statuses.unique().to_pylist()) & {status.value for status in _OURS})
    if ours:
        message = (
            f"published figures: {OBSERVATIONS.name} with status {', '.join(ours)} are not of the "
            "source itself; give them as derived"
        )
        raise SchemaError(message)
