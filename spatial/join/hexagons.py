"""One hexagon per gemeente: places as near as can be to where the gemeenten lie, fixed for all years.

A gemeente that is new takes the hexagon of the largest gemeente that came into it, so the hexagon of
a code never moves and gemeenten that never existed together may have the same one.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
import pyarrow as pa
import shapely
from scipy.optimize import linear_sum_assignment
from scipy.spatial import Delaunay

from spatial.domain.facts import Facts, GazetteerEntry
from spatial.domain.redivisions import Redivision

TILES = pa.schema(
    [
        ("code", pa.string()),
        ("kolom", pa.int32()),
        ("rij", pa.int32()),
        ("geometry", pa.binary()),
    ]
)
"""Row 0 is the southernmost; odd rows lie half a hexagon to the east. Polygons in EPSG:28992."""

_M2_PER_KM2 = 1e6
_LARGEST_SIDE_M = 10_000.0
_SHRINK = 0.99
_SPARE = 1.2
"""Hexagons to choose from, per gemeente: a few stay empty, so that coasts keep their shape."""
_REACH = 1.1
"""A hexagon is on land when its middle lies this close to a gemeente (radius of a disc as large)."""
_APART = 4.0
"""What two neighbours that are one hexagon further apart cost, in squared hexagon widths."""
_CLOSE = 2.1
"""Places are changed with hexagons this close, in widths."""
_MORE_THAN_ROUNDING = 1e-9
_ROUNDS = 40
"""Most rounds of changing places."""
_WARPS = 20
"""How often places are chosen anew, each time around where the last ones drew their surroundings."""
_SMOOTH = 2
"""How many steps of neighbours draw along."""

type _Cell = tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Grid:
    """Hexagons with a point upwards.

    Attributes:
        side_m: length of a side (m).
    """

    side_m: float

    @property
    def width_m(self) -> float:
        """Distance between the middles of two neighbours (m)."""
        return float(np.sqrt(3)) * self.side_m

    def middle(self, cell: _Cell) -> tuple[float, float]:
        """Return the middle of a hexagon (easting, northing in m)."""
        column, row = cell
        return self.width_m * (column + 0.5 * (row % 2)), 1.5 * self.side_m * row

    def polygon(self, cell: _Cell) -> shapely.MultiPolygon:
        """Return a hexagon (EPSG:28992, right-hand rule); neighbours have their corners in common."""
        column, row = cell
        half = self.width_m / 2
        x = half * (2 * column + row % 2)
        corners = ((1, -1), (1, 1), (0, 2), (-1, 1), (-1, -1), (0, -2))
        ring = [
            (round(x + dx * half, 1), round(self.side_m * (1.5 * row + dy / 2), 1))
            for dx, dy in corners
        ]
        return shapely.MultiPolygon([shapely.Polygon(ring)])


def hexagon_map(facts: Facts) -> pa.Table:
    """Return the hexagon of every gemeente of the gazetteer, whichever indelingen have it.

    Returns:
        ``TILES``, sorted by code; no two gemeenten of one indeling have the same hexagon.
    """
    stems = stems_of(facts)
    newest = {stem: code for code, stem in _oldest_first(facts.gazetteer, stems)}
    entries = {entry.code: entry for entry in facts.gazetteer}
    names = sorted(newest)
    grid, cells = _placed([entries[newest[name]] for name in names], facts.gazetteer)
    place = dict(zip(names, cells, strict=True))
    codes = sorted(stems)
    chosen = [place[stems[code]] for code in codes]
    return pa.table(
        {
            "code": codes,
            "kolom": pa.array([column for column, _ in chosen], pa.int32()),
            "rij": pa.array([row for _, row in chosen], pa.int32()),
            "geometry": [shapely.to_wkb(grid.polygon(cell)) for cell in chosen],
        },
        schema=TILES,
    )


def stems_of(facts: Facts) -> dict[str, str]:
    """Return the code of which every gemeente has the hexagon, itself or one that came before it.

    A new gemeente follows the one with most inhabitants among those that became it, unless another
    gemeente of the same time already does.
    """
    entries = {entry.code: entry for entry in facts.gazetteer}
    inhabitants = _inhabitants(facts)
    parts = _parts(facts.redivisions, entries)
    stems: dict[str, str] = {}
    taken: dict[str, list[GazetteerEntry]] = {}
    for entry in sorted(facts.gazetteer, key=lambda e: (e.eerste, e.code)):
        before = sorted(parts.get(entry.code, ()), key=lambda c: (-inhabitants.get(c, 0), c))
        free = (stems[c] for c in before if c in stems and _is_free(taken[stems[c]], entry))
        stem = next(free, entry.code)
        stems[entry.code] = stem
        taken.setdefault(stem, []).append(entry)
    return stems


def _oldest_first(
    gazetteer: Iterable[GazetteerEntry], stems: Mapping[str, str]
) -> list[tuple[str, str]]:
    ordered = sorted(gazetteer, key=lambda entry: (entry.laatste, entry.code))
    return [(entry.code, stems[entry.code]) for entry in ordered]


def _inhabitants(facts: Facts) -> dict[str, int]:
    """Return the newest known inhabitants by code."""
    ordered = sorted(facts.inhabitants, key=lambda row: (row.jaar, row.indeling))
    return {row.gemeente: row.inwoners for row in ordered}


def _parts(
    register: Iterable[Redivision], entries: Mapping[str, GazetteerEntry]
) -> dict[str, list[str]]:
    """Return the gemeenten that came into a gemeente when its code was new."""
    parts: dict[str, list[str]] = {}
    for row in register:
        new = entries.get(row.nieuwe_code)
        if new is not None and row.oude_code != new.code and row.first_indeling == new.eerste:
            parts.setdefault(new.code, []).append(row.oude_code)
    return parts


def _is_free(taken: Iterable[GazetteerEntry], entry: GazetteerEntry) -> bool:
    return all(other.laatste < entry.eerste or entry.laatste < other.eerste for other in taken)


def _placed(
    wanted: Sequence[GazetteerEntry], land: Sequence[GazetteerEntry]
) -> tuple[_Grid, list[_Cell]]:
    """Choose a hexagon for each of the gemeenten, among those that lie on land."""
    grid, cells = _candidates(len(wanted), land)
    middles = np.array([grid.middle(cell) for cell in cells]) / grid.width_m
    points = np.array([(entry.x_m, entry.y_m) for entry in wanted]) / grid.width_m
    neighbours = _neighbours(points)
    chosen, far = _assigned(points, middles)
    for _ in range(_WARPS):
        shift = _smoothed(middles[chosen] - points, neighbours)
        chosen, far = _assigned(points + shift, middles)
    _bring_together(chosen, far, middles, neighbours)
    return grid, [cells[place] for place in chosen]


def _assigned(points: np.ndarray, middles: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the middle of every point, least squares, and all squared distances."""
    far = ((points[:, None, :] - middles[None, :, :]) ** 2).sum(axis=2)
    _, chosen = linear_sum_assignment(far)
    return chosen, far


def _smoothed(shift: np.ndarray, neighbours: Sequence[np.ndarray]) -> np.ndarray:
    """Let every point go where its surroundings go: a crowded part of the map unfolds as a whole."""
    for _ in range(_SMOOTH):
        shift = np.array(
            [
                (shift[place] + shift[around].sum(axis=0)) / (1 + len(around))
                for place, around in enumerate(neighbours)
            ]
        )
    return shift


def _candidates(count: int, land: Sequence[GazetteerEntry]) -> tuple[_Grid, list[_Cell]]:
    """Return the largest grid with enough hexagons on land, and those hexagons."""
    points = np.array([(entry.x_m, entry.y_m) for entry in land])
    reach = _REACH * np.sqrt(np.array([entry.land_km2 for entry in land]) * _M2_PER_KM2 / np.pi)
    grid = _Grid(_LARGEST_SIDE_M)
    while len(cells := _on_land(grid, points, reach)) < _SPARE * count:
        grid = _Grid(grid.side_m * _SHRINK)
    return grid, cells


def _on_land(grid: _Grid, points: np.ndarray, reach: np.ndarray) -> list[_Cell]:
    low, high = points.min(axis=0) - reach.max(), points.max(axis=0) + reach.max()
    columns = range(int(low[0] // grid.width_m), int(high[0] // grid.width_m) + 2)
    rows = range(int(low[1] // (1.5 * grid.side_m)), int(high[1] // (1.5 * grid.side_m)) + 2)
    cells = list(product(columns, rows))
    middles = np.array([grid.middle(cell) for cell in cells])
    far = np.hypot(*(middles[:, None, axis] - points[None, :, axis] for axis in (0, 1)))
    near = (far <= reach).any(axis=1)
    return [cell for cell, is_near in zip(cells, near, strict=True) if is_near]


def _neighbours(points: np.ndarray) -> list[np.ndarray]:
    """Return the places of the neighbours of every point: no third point lies between (Gabriel)."""
    pairs = np.unique(
        np.sort(Delaunay(points).simplices[:, [[0, 1], [1, 2], [0, 2]]].reshape(-1, 2)), axis=0
    )
    middle = points[pairs].mean(axis=1)
    radius = np.hypot(*(points[pairs[:, 0]] - points[pairs[:, 1]]).T) / 2
    nearest = np.hypot(*(middle[:, None, axis] - points[None, :, axis] for axis in (0, 1))).min(
        axis=1
    )
    pairs = pairs[nearest >= radius * (1 - _MORE_THAN_ROUNDING)]
    both = np.concatenate([pairs, pairs[:, ::-1]])
    return [np.sort(both[both[:, 0] == place, 1]) for place in range(len(points))]


@dataclass(slots=True)
class _Board:
    """Who holds which hexagon, and what that costs.

    Attributes:
        chosen: hexagon of every gemeente.
        holder: gemeente of every hexagon; -1 where there is none.
        far: cost of a gemeente on a hexagon.
        apart: cost of two neighbours on two hexagons.
        neighbours: of every gemeente.
    """

    chosen: np.ndarray
    holder: np.ndarray
    far: np.ndarray
    apart: np.ndarray
    neighbours: Sequence[np.ndarray]

    def improve(self, one: int, to: int) -> bool:
        """Let a gemeente change places with a hexagon when that is better; tell whether it did."""
        here, other = self.chosen[one], self.holder[to]
        concerned = [one] if other < 0 else [one, other]
        before = sum(map(self._cost, concerned))
        self._exchange(one, to)
        if sum(map(self._cost, concerned)) < before - _MORE_THAN_ROUNDING:
            return True
        self._exchange(one, here)
        return False

    def _cost(self, who: int) -> float:
        here = self.chosen[who]
        around = self.apart[here, self.chosen[self.neighbours[who]]]
        return float(self.far[who, here] + around.sum())

    def _exchange(self, one: int, to: int) -> None:
        here, other = self.chosen[one], self.holder[to]
        self.chosen[one], self.holder[to], self.holder[here] = to, one, other
        if other >= 0:
            self.chosen[other] = here


def _bring_together(
    chosen: np.ndarray, far: np.ndarray, middles: np.ndarray, neighbours: Sequence[np.ndarray]
) -> None:
    """Let hexagons that are close change places, and move to empty ones, while that is better."""
    apart = np.hypot(*(middles[:, None, axis] - middles[None, :, axis] for axis in (0, 1)))
    holder = np.full(len(middles), -1)
    holder[chosen] = np.arange(len(chosen))
    board = _Board(chosen, holder, far, _APART * np.maximum(apart - 1, 0), neighbours)
    close = [np.flatnonzero((row < _CLOSE) & (row > 0)) for row in apart]
    for _ in range(_ROUNDS):
        moves = [board.improve(one, to) for one in range(len(chosen)) for to in close[chosen[one]]]
        if not any(moves):
            return
