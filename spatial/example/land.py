"""Land and its division: from points and areas to one noded coverage of cells (m, EPSG:28992)."""

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray

from spatial.errors import GeometryError
from spatial.example.power import Floats, Shapes, grow, power_cells

_FRAME_KM = (0, 290, 300, 640)
_CLOSING_KM = 4.0
_OPENING_KM = 1.2
_SMALLEST_LAND_KM2 = 8.0
_SMALLEST_WATER_KM2 = 300.0
_TOLERANCE_KM = 0.15
_GRID_M = 1.0
_ARC_SEGMENTS = 6


def land_of(sites: Floats, areas: Floats, water: shapely.Geometry) -> tuple[Shapes, Floats]:
    """Grow land around sites, with a rounded coast, outside the water.

    Args:
        sites: easting and northing (km), n rows.
        areas: wanted area around each site (km2).
        water: where there is no land (km).

    Returns:
        The pieces of land (km), each with at least one site; and weights of the sites to divide them
        with.
    """
    room = shapely.difference(shapely.box(*_FRAME_KM), water)
    shapes = np.full(len(sites), shapely.Polygon(), dtype=object)
    weights = np.zeros(len(sites))
    for piece, numbers in pieces_with_sites(shapely.get_parts(room), sites):
        fit = grow(sites[numbers], areas[numbers], piece)
        shapes[numbers], weights[numbers] = fit.shapes, fit.weights
    return _rounded(shapely.union_all(shapes), water), weights


def pieces_with_sites(
    pieces: Shapes, sites: Floats
) -> list[tuple[shapely.Polygon, NDArray[np.intp]]]:
    """Return the pieces that contain a site, each with the numbers of its sites."""
    tree = shapely.STRtree(pieces)
    site, piece = tree.query(shapely.points(sites), predicate="within")
    return [(pieces[number], np.sort(site[piece == number])) for number in np.unique(piece)]


def _rounded(land: shapely.Geometry, water: shapely.Geometry) -> Shapes:
    closed = _buffered(_buffered(land, _CLOSING_KM), -_CLOSING_KM)
    dry = shapely.difference(closed, water)
    opened = _buffered(_buffered(dry, -_OPENING_KM), _OPENING_KM)
    smooth = shapely.get_parts(shapely.simplify(opened, _TOLERANCE_KM))
    large = smooth[shapely.area(smooth) > _SMALLEST_LAND_KM2]
    return np.array([_without_ponds(piece) for piece in large], dtype=object)


def _buffered(land: shapely.Geometry, distance_km: float) -> shapely.Geometry:
    return shapely.buffer(land, distance_km, quad_segs=_ARC_SEGMENTS)


def _without_ponds(piece: shapely.Polygon) -> shapely.Polygon:
    lakes = [ring for ring in piece.interiors if shapely.Polygon(ring).area > _SMALLEST_WATER_KM2]
    return shapely.Polygon(piece.exterior, lakes)


def cell_lines(sites: Floats, weights: Floats, land: shapely.Polygon) -> shapely.Geometry:
    """Return the borders of the cells within a piece of land, and its own border (km)."""
    cells = power_cells(sites, weights)
    inner = shapely.intersection(shapely.union_all(shapely.boundary(cells)), land)
    return shapely.union(inner, shapely.boundary(land))


def faces_between(lines: Sequence[shapely.Geometry], land: shapely.Polygon) -> Shapes:
    """Node lines (km) on a grid of a metre and return the faces (m) between them on the land (km)."""
    metres = shapely.transform(np.array(lines, dtype=object), lambda xy: xy * 1000)
    noded = shapely.union_all(metres, grid_size=_GRID_M)
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(noded)))
    return faces[shapely.contains(land, shapely.points(middles_km(faces)))]


def middles_km(faces: Shapes) -> Floats:
    """Return a place (km) inside each face (m)."""
    middles: Floats = shapely.get_coordinates(shapely.point_on_surface(faces)) / 1000
    return middles


def whole_cells(faces: Shapes, owners: NDArray[np.intp], sites: Floats) -> Shapes:
    """Join faces to one cell per site; what lies apart goes to the neighbour it borders most.

    Args:
        faces: faces of one piece of land (m).
        owners: number of the site of each face.
        sites: easting and northing (km) of every site of this piece.

    Returns:
        One polygon per site (m).

    Raises:
        GeometryError: some faces do not hang together with the others.
    """
    cells = np.full(len(sites), shapely.Polygon(), dtype=object)
    loose: list[shapely.Polygon] = []
    for number, site in enumerate(sites):
        parts = shapely.get_parts(shapely.coverage_union_all(faces[owners == number]))
        distance = shapely.distance(parts, shapely.Point(site * 1000))
        main = int(np.argmin(distance))
        cells[number] = parts[main]
        loose.extend(np.delete(parts, main))
    while loose:
        waiting = _attached(cells, loose)
        if len(waiting) == len(loose):
            message = f"{len(loose)} parts of the land border no cell; is it in one piece?"
            raise GeometryError(message)
        loose = waiting
    return cells


def _attached(cells: Shapes, loose: list[shapely.Polygon]) -> list[shapely.Polygon]:
    """Give each loose part to the cell with the longest common border; return what has none yet."""
    waiting = []
    for part in loose:
        common = shapely.length(shapely.intersection(shapely.boundary(cells), part.boundary))
        best = int(np.argmax(common))
        if common[best] > 0:
            cells[best] = shapely.coverage_union(cells[best], part)
        else:
            waiting.append(part)
    return waiting
