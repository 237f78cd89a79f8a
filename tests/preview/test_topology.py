from typing import Any

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import Polygon, box
from shapely.geometry.base import BaseGeometry

from spatial.errors import PreviewError
from spatial.preview.shapes import Shapes
from spatial.preview.topology import GRID, topology


def shapes(*geometry: BaseGeometry) -> Shapes:
    codes = tuple(f"GM{place + 1:04d}" for place in range(len(geometry)))
    return Shapes(2022, codes, codes, geometry)


def decode(document: dict[str, Any], name: str) -> list[BaseGeometry]:
    """Read back what a browser would draw."""
    arcs = [_absolute(arc) for arc in document["arcs"]]
    grid = document["transform"]["scale"][0]
    found = []
    for geometry in document["objects"][name]["geometries"]:
        polygons = [
            Polygon(*_split([_ring(ring, arcs, grid) for ring in polygon]))
            for polygon in geometry["arcs"]
        ]
        found.append(shapely.union_all(polygons))
    return found


def _absolute(arc: list[list[int]]) -> list[tuple[int, int]]:
    points, x, y = [], 0, 0
    for dx, dy in arc:
        x, y = x + dx, y + dy
        points.append((x, y))
    return points


def _ring(numbers: list[int], arcs: Any, grid: float) -> list[tuple[float, float]]:
    points: list[tuple[int, int]] = []
    for number in numbers:
        arc = arcs[number] if number >= 0 else arcs[~number][::-1]
        assert not points or points[-1] == arc[0]
        points += arc[1:] if points else arc
    assert points[0] == points[-1]
    return [(x * grid, y * grid) for x, y in points]


def _split(rings: list[Any]) -> tuple[Any, list[Any]]:
    return rings[0], rings[1:]


@given(
    st.lists(st.floats(0.01, 0.2), min_size=1, max_size=5),
    st.lists(st.floats(0.01, 0.2), min_size=1, max_size=5),
)
def test_shapes_come_back_on_the_grid(widths: list[float], heights: list[float]) -> None:
    cells, x = [], 5.0
    for width in widths:
        y = 52.0
        for height in heights:
            cells.append(box(x, y, x + width, y + height))
            y += height
        x += width

    found = decode(topology({"nu": shapes(*cells)}), "nu")

    for before, after in zip(cells, found, strict=True):
        assert shapely.symmetric_difference(before, after).area <= 5 * GRID * before.length


def test_a_shared_border_is_written_once() -> None:
    left, right = box(5, 52, 5.1, 52.1), box(5.1, 52, 5.2, 52.1)

    document = topology({"nu": shapes(left, right)})

    assert len(document["arcs"]) == 3
    used = [
        number
        for geometry in document["objects"]["nu"]["geometries"]
        for number in geometry["arcs"][0][0]
    ]
    assert sorted(number if number >= 0 else ~number for number in used) in (
        [0, 0, 1, 2],
        [0, 1, 1, 2],
    )


def test_what_does_not_change_between_indelingen_is_written_once() -> None:
    one, two, three = (box(5 + step, 52, 6 + step, 53) for step in range(3))
    island = box(5, 54, 6, 54.5)
    before = shapes(one, two, three, island)
    after = shapes(shapely.union(one, two), three, island)

    together = topology({"2021": before, "2022": after})

    alone = topology({"2021": before})
    assert len(together["arcs"]) == len(alone["arcs"])
    assert decode(together, "2022")[0].equals(shapely.union(one, two))


def test_holes_and_islands_survive() -> None:
    shape = box(5, 52, 6, 53).difference(box(5.4, 52.4, 5.6, 52.6)) | box(7, 52, 7.5, 52.5)

    found = decode(topology({"nu": shapes(shape)}), "nu")[0]

    assert shapely.symmetric_difference(found, shape).area < 1e-9
    assert shapely.get_num_interior_rings(shapely.get_parts(found)).sum() == 1


def test_parts_smaller_than_the_grid_are_left_out() -> None:
    speck = box(7, 52, 7 + GRID / 10, 52 + GRID / 10)
    pinhole = box(5.4, 52.4, 5.4 + GRID / 10, 52.4 + GRID / 10)
    shape = box(5, 52, 6, 53).difference(pinhole) | speck

    document = topology({"nu": shapes(shape)})

    assert [len(polygon) for polygon in document["objects"]["nu"]["geometries"][0]["arcs"]] == [1]


def test_a_region_that_vanishes_on_the_grid_is_an_error_with_its_code() -> None:
    with pytest.raises(PreviewError, match="region GM0001 is smaller than the grid"):
        topology({"nu": shapes(box(5, 52, 5 + GRID / 10, 52 + GRID / 10))})
