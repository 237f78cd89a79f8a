"""Power diagrams: cells around points that are fitted to wanted areas.

A power diagram is a Voronoi diagram in which every point has a weight (km2): a heavier point gets a
larger cell. All coordinates here are kilometres, which keeps the squares of the lifting well
conditioned.
"""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.spatial import ConvexHull

Floats = NDArray[np.float64]
Shapes = NDArray[np.object_]

_FAR_KM = 2_000.0
_INSIDE = 0.85
_GROW_STEP = 0.45
_SETTLE_STEP = 0.2
_RADIUS_STEP = 0.6
_RADIUS_RANGE = (0.85, 1.9)
_DISC_SEGMENTS = 6
_GROW_ROUNDS = 50
_SETTLE_ROUNDS = 50


@dataclass(frozen=True, slots=True)
class Fit:
    """What was found for a set of sites.

    Attributes:
        weights: weight of each site (km2).
        shapes: the cells within disc and room, one polygon each.
    """

    weights: Floats
    shapes: Shapes


def power_cells(sites: Floats, weights: Floats) -> Shapes:
    """Return the cells of a power diagram.

    Args:
        sites: easting and northing (km), n rows, within 1,000 km of the first.
        weights: weight of each site (km2).

    Returns:
        n convex polygons with identical vertices along shared edges, an empty one for a site that
        its neighbours outweigh.
    """
    facets, corners = _lower_hull(sites, weights)
    return _polygons(facets, corners, len(sites))


def neighbours(sites: Floats, weights: Floats) -> NDArray[np.intp]:
    """Return the pairs (i < j) of sites whose cells share an edge, in order (see ``power_cells``)."""
    count = len(sites)
    facets, _ = _lower_hull(sites, weights)
    first, second = np.sort(facets[:, [0, 1, 1, 2, 2, 0]].reshape(-1, 2), axis=1).T
    inside = second < count
    numbers = np.unique(first[inside] * count + second[inside])
    return np.column_stack(np.divmod(numbers, count))


def _lower_hull(sites: Floats, weights: Floats) -> tuple[NDArray[np.intp], Floats]:
    """Return the triples of sites whose cells meet, and the corner (km) in which they do.

    Beside the sites there is a ring of eight far points, numbered after them.
    """
    count = len(sites)
    origin = sites.mean(axis=0)
    ring = _FAR_KM * np.array(
        [[1, 0], [1, 1], [0, 1], [-1, 1], [-1, 0], [-1, -1], [0, -1], [1, -1]]
    )
    points = np.vstack([sites - origin, ring])
    lifted = (points**2).sum(axis=1)
    lifted[:count] -= weights
    hull = ConvexHull(np.column_stack([points, lifted]))
    lower = hull.equations[:, 2] < 0
    facets, planes = hull.simplices[lower].astype(np.intp), hull.equations[lower]
    corners = planes[:, :2] / (-2 * planes[:, 2:3]) + origin
    return facets, corners


def _polygons(facets: NDArray[np.intp], corners: Floats, count: int) -> Shapes:
    """Order the corners around each site."""
    owner, corner = facets.ravel(), np.repeat(np.arange(len(facets)), 3)
    owner, corner = owner[owner < count], corner[owner < count]
    sizes = np.bincount(owner, minlength=count)
    middle = (
        np.column_stack(
            [np.bincount(owner, weights=corners[corner, axis], minlength=count) for axis in (0, 1)]
        )
        / np.maximum(sizes, 1)[:, None]
    )
    offset = corners[corner] - middle[owner]
    order = np.lexsort((np.arctan2(offset[:, 1], offset[:, 0]), owner))
    shapes = np.full(count, shapely.Polygon(), dtype=object)
    filled = np.flatnonzero(sizes)
    number = np.searchsorted(filled, owner[order])
    shapes[filled] = shapely.polygons(shapely.linearrings(corners[corner[order]], indices=number))
    return shapes


def grow(sites: Floats, areas: Floats, room: shapely.Geometry) -> Fit:
    """Find cells with the wanted areas that are limited to discs: land where there was none.

    Weights and radii are relaxed together: a cell that is too small gets a larger weight, and a
    larger disc. Weights are held back so that every site stays in its own cell.

    Args:
        sites: easting and northing (km), n rows, no two alike, all inside ``room``.
        areas: wanted area of each cell (km2).
        room: the area (km) that cells may occupy.

    Returns:
        The fit after a fixed number of rounds; nothing guarantees that the areas are reached.
    """
    equal = np.sqrt(areas / np.pi)
    lowest, highest = (factor * equal for factor in _RADIUS_RANGE)
    radii, weights = 1.15 * equal, np.zeros(len(sites))
    shapely.prepare(room)
    shapes = _limited(_in_discs(power_cells(sites, weights), sites, radii), sites, room)
    for _ in range(_GROW_ROUNDS):
        lack = areas - shapely.area(shapes)
        radii = np.clip(radii + _RADIUS_STEP * lack / (2 * np.pi * radii), lowest, highest)
        change = _GROW_STEP * np.clip(lack, -areas / 2, areas / 2)
        weights, cells = _reweighted(sites, weights + change, hold=True)
        shapes = _limited(_in_discs(cells, sites, radii), sites, room)
    return Fit(weights, shapes)


def settle(
    sites: Floats, areas: Floats, land: shapely.Geometry, weights: Floats, *, hold: bool = True
) -> Fit:
    """Find cells with the wanted areas that divide the given land.

    Args:
        sites: easting and northing (km), n rows, no two alike, all inside ``land``.
        areas: wanted area of each cell (km2).
        land: the area (km) that the cells divide.
        weights: weights to start from (km2).
        hold: hold weights back so that every site stays in its own cell.

    Returns:
        The fit after a fixed number of rounds; nothing guarantees that the areas are reached.
    """
    wanted = areas * (shapely.area(land) / areas.sum())
    shapely.prepare(land)
    shapes = _limited(power_cells(sites, weights), sites, land)
    for _ in range(_SETTLE_ROUNDS):
        lack = wanted - shapely.area(shapes)
        change = _SETTLE_STEP * np.clip(lack, -areas / 2, areas / 2)
        weights, cells = _reweighted(sites, weights + change, hold=hold)
        shapes = _limited(cells, sites, land)
    return Fit(weights, shapes)


def _reweighted(sites: Floats, weights: Floats, *, hold: bool) -> tuple[Floats, Shapes]:
    """Return the weights, held back where needed, with their cells."""
    if hold:
        weights = _held_back(sites, weights, neighbours(sites, weights))
    return weights, power_cells(sites, weights)


def _held_back(sites: Floats, weights: Floats, pairs: NDArray[np.intp]) -> Floats:
    """Lessen differences between neighbours that would put a site outside its cell."""
    first, second = pairs.T
    squares = ((sites[first] - sites[second]) ** 2).sum(axis=1)
    weights = weights.copy()
    for _ in range(3):
        difference = weights[first] - weights[second]
        excess = np.maximum(np.abs(difference) - _INSIDE * squares, 0)
        np.subtract.at(weights, np.where(difference > 0, first, second), excess / 2)
    return weights


def _in_discs(cells: Shapes, sites: Floats, radii: Floats) -> Shapes:
    discs = shapely.buffer(shapely.points(sites), radii, quad_segs=_DISC_SEGMENTS)
    return np.asarray(shapely.intersection(cells, discs), dtype=object)


def _limited(cells: Shapes, sites: Floats, room: shapely.Geometry) -> Shapes:
    """Return what a cell may occupy: in the room, in one piece around its site."""
    points, shapes = np.asarray(shapely.points(sites), dtype=object), cells.copy()
    edge = np.flatnonzero(~shapely.contains_properly(room, shapes))
    shapes[edge] = shapely.intersection(shapes[edge], room)
    for number in np.flatnonzero(shapely.get_num_geometries(shapes) > 1):
        pieces = shapely.get_parts(shapes[number])
        shapes[number] = pieces[np.argmin(shapely.distance(pieces, points[number]))]
    return shapes


def nearest_site(places: Floats, sites: Floats, weights: Floats) -> NDArray[np.intp]:
    """Return the number of the site in whose cell each place (km) lies."""
    squares = ((places[:, None, :] - sites[None, :, :]) ** 2).sum(axis=2)
    return np.argmin(squares - weights[None, :], axis=1)
