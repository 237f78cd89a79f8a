"""Draw the atoms: land around the places, divided into cells, with bent borders (m, EPSG:28992)."""

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray

from spatial.errors import GeometryError
from spatial.example.borders import bent
from spatial.example.land import (
    cell_lines,
    faces_between,
    land_of,
    middles_km,
    pieces_with_sites,
    whole_cells,
)
from spatial.example.mosaic import Atom, Place
from spatial.example.power import Floats, Shapes, nearest_site, settle
from spatial.example.waters import ISLANDS, open_water

_PART_OFFSET = 0.35


def draw(places: Sequence[Place]) -> dict[Atom, shapely.Polygon]:
    """Draw every place once, those that are split in parts.

    Args:
        places: the gemeenten of the basis.

    Returns:
        One polygon per atom, on whole metres; together a coverage without gaps and overlaps, and
        every place inside its own cell.

    Raises:
        GeometryError: a place lies in the open water of the scheme, or too near to another.
    """
    mainland = [place for place in places if place.code not in ISLANDS]
    islands = [place for place in places if place.code in ISLANDS]
    drawn = _mainland(mainland) if mainland else {}
    for place in islands:
        ellipse = ISLANDS[place.code].shape(place.x_km, place.y_km, place.area_km2)
        drawn[Atom(place.code)] = shapely.transform(ellipse, lambda xy: np.round(xy * 1000))
    cells = dict(zip(drawn, bent(np.array(list(drawn.values()), dtype=object)), strict=True))
    _check_places(places, cells)
    return cells


def _mainland(places: Sequence[Place]) -> dict[Atom, shapely.Polygon]:
    sites = np.array([(place.x_km, place.y_km) for place in places])
    areas = np.array([place.area_km2 for place in places])
    pieces, weights = land_of(sites, areas, open_water())
    drawn: dict[Atom, shapely.Polygon] = {}
    for land, numbers in pieces_with_sites(pieces, sites):
        fit = settle(sites[numbers], areas[numbers], land, weights[numbers])
        here = [places[number] for number in numbers]
        drawn |= _divided(here, land, fit.weights, fit.shapes)
    return drawn


def _divided(
    places: Sequence[Place], land: shapely.Polygon, weights: Floats, shapes: Shapes
) -> dict[Atom, shapely.Polygon]:
    """Divide one piece of land among its places, and split places among their receivers."""
    sites = np.array([(place.x_km, place.y_km) for place in places])
    cuts = {
        number: _cut(place, shapes[number]) for number, place in enumerate(places) if place.parts
    }
    lines = [cell_lines(sites, weights, land)]
    lines += [cell_lines(*cut, shapes[number]) for number, cut in cuts.items()]
    faces = faces_between(lines, land)
    middles = middles_km(faces)
    place_of = nearest_site(middles, sites, weights)
    part_of = np.zeros(len(faces), dtype=np.intp)
    for number, cut in cuts.items():
        inside = place_of == number
        part_of[inside] = nearest_site(middles[inside], *cut)
    return _joined(places, faces, (place_of, part_of), cuts)


def _joined(
    places: Sequence[Place],
    faces: Shapes,
    owner: tuple[NDArray[np.intp], NDArray[np.intp]],
    cuts: dict[int, tuple[Floats, Floats]],
) -> dict[Atom, shapely.Polygon]:
    atoms: list[Atom] = []
    sites: list[tuple[float, float]] = []
    number_of = np.zeros(len(faces), dtype=np.intp)
    for number, place in enumerate(places):
        receivers = [part.receiver for part in place.parts] or [""]
        spots = cuts[number][0].tolist() if number in cuts else [(place.x_km, place.y_km)]
        for part, (receiver, spot) in enumerate(zip(receivers, spots, strict=True)):
            number_of[(owner[0] == number) & (owner[1] == part)] = len(atoms)
            atoms.append(Atom(place.code, receiver))
            sites.append(spot)
    cells = whole_cells(faces, number_of, np.array(sites))
    return dict(zip(atoms, cells, strict=True))


def _cut(place: Place, cell: shapely.Polygon) -> tuple[Floats, Floats]:
    """Return sites and weights that cut a cell into parts, each towards its receiver."""
    middle = np.array([place.x_km, place.y_km])
    ahead = np.array([(part.x_km, part.y_km) for part in place.parts]) - middle
    reach = _PART_OFFSET * (place.area_km2 / np.pi) ** 0.5
    distance = np.maximum(np.hypot(*ahead.T), reach)
    sites = middle + reach * ahead / distance[:, None]
    areas = np.array([part.area_km2 for part in place.parts])
    return sites, settle(sites, areas, cell, np.zeros(len(sites)), hold=False).weights


def _check_places(places: Sequence[Place], cells: dict[Atom, shapely.Polygon]) -> None:
    outlines: dict[str, list[shapely.Polygon]] = {}
    for atom, cell in cells.items():
        outlines.setdefault(atom.code, []).append(cell)
    for place in places:
        point = shapely.Point(place.x_km * 1000, place.y_km * 1000)
        if not any(cell.covers(point) for cell in outlines.get(place.code, [])):
            message = (
                f"{place.code} at ({point.x:.0f}, {point.y:.0f}) has no cell around its point: it"
                " lies in the open water of the scheme, or too near to another gemeente"
            )
            raise GeometryError(message)
