"""Shapes of several indelingen as one TopoJSON topology: every shared line is written once.

Neighbours share their border, and indelingen share what did not change between them: a page with
six indelingen is hardly larger than one with a single one. Coordinates lie on a grid.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from spatial.errors import PreviewError
from spatial.preview.shapes import Shapes

GRID = 1e-4
"""Step of the grid in degrees: about 7 by 11 m."""

_SMALLEST_RING = 3

Point = tuple[int, int]
Ring = list[Point]


def topology(objects: Mapping[str, Shapes], grid: float = GRID) -> dict[str, Any]:
    """Return a TopoJSON topology with one geometry collection per object.

    Geometries have the region code as ``id`` and stand in the order of ``Shapes.codes``.

    Args:
        objects: shapes by the name under which the page asks for them.
        grid: step of the grid (degrees).

    Raises:
        PreviewError: a region is smaller than the grid can show.
    """
    rings = {
        name: [_polygons(shape, code, grid) for code, shape in _regions(shapes)]
        for name, shapes in objects.items()
    }
    every_ring = [
        ring for regions in rings.values() for region in regions for polygon in region
        for ring in polygon
    ]  # fmt: skip
    arcs = _Arcs(_junctions(every_ring))
    geometries = {
        name: {
            "type": "GeometryCollection",
            "geometries": [
                {
                    "type": "MultiPolygon",
                    "id": code,
                    "properties": {"naam": naam},
                    "arcs": [[arcs.of(ring) for ring in polygon] for polygon in region],
                }
                for code, naam, region in zip(
                    objects[name].codes, objects[name].namen, regions, strict=True
                )
            ],
        }
        for name, regions in rings.items()
    }
    return {
        "type": "Topology",
        "transform": {"scale": [grid, grid], "translate": [0, 0]},
        "objects": geometries,
        "arcs": [_deltas(arc) for arc in arcs.arcs],
    }


@dataclass(slots=True)
class _Arcs:
    """Arcs met so far, each once, whatever the direction in which a ring walks it."""

    junctions: set[Point]
    arcs: list[tuple[Point, ...]] = field(default_factory=list)
    known: dict[tuple[Point, ...], int] = field(default_factory=dict)

    def of(self, ring: Ring) -> list[int]:
        """Return the numbers of the arcs of a ring; ``~n`` walks arc n backwards."""
        starts = [index for index, point in enumerate(ring) if point in self.junctions]
        first = starts[0] if starts else ring.index(min(ring))
        turned = [*ring[first:], *ring[:first], ring[first]]
        cuts = [index - first for index in starts] or [0]
        ends = [*cuts[1:], len(ring)]
        return [
            self._number(tuple(turned[cut : end + 1])) for cut, end in zip(cuts, ends, strict=True)
        ]

    def _number(self, arc: tuple[Point, ...]) -> int:
        backwards = arc[::-1]
        if backwards < arc:
            return ~self._add(backwards)
        return self._add(arc)

    def _add(self, arc: tuple[Point, ...]) -> int:
        if arc not in self.known:
            self.known[arc] = len(self.arcs)
            self.arcs.append(arc)
        return self.known[arc]


def _junctions(rings: Iterable[Ring]) -> set[Point]:
    """Return the points where lines meet or part: some ring goes on there in another way."""
    neighbours: dict[Point, frozenset[Point]] = {}
    junctions: set[Point] = set()
    for ring in rings:
        around = zip(ring[-1:] + ring[:-1], ring, ring[1:] + ring[:1], strict=True)
        for before, point, after in around:
            pair = frozenset((before, after))
            if neighbours.setdefault(point, pair) != pair:
                junctions.add(point)
    return junctions


def _regions(shapes: Shapes) -> Iterable[tuple[str, BaseGeometry]]:
    return zip(shapes.codes, shapes.geometry, strict=True)


def _polygons(shape: BaseGeometry, code: str, grid: float) -> list[list[Ring]]:
    """Return the rings of every polygon on the grid; polygons that vanish there are left out."""
    polygons = []
    for part in shapely.get_parts(shape):
        outer = _on_grid(part.exterior.coords, grid)
        if len(outer) >= _SMALLEST_RING:
            holes = [_on_grid(hole.coords, grid) for hole in part.interiors]
            polygons.append([outer, *(hole for hole in holes if len(hole) >= _SMALLEST_RING)])
    if not polygons:
        message = f"region {code} is smaller than the grid of the map ({grid} degrees)"
        raise PreviewError(message)
    return polygons


def _on_grid(coordinates: Iterable[tuple[float, ...]], grid: float) -> Ring:
    """Return a ring on the grid, not closed, without points that fall together."""
    points = [(round(x / grid), round(y / grid)) for x, y, *_ in coordinates]
    return [point for before, point in pairwise(points) if point != before]


def _deltas(arc: tuple[Point, ...]) -> list[list[int]]:
    steps = zip(((0, 0), *arc), arc, strict=False)
    return [[x - x0, y - y0] for (x0, y0), (x, y) in steps]
