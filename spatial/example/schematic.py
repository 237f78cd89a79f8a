"""The schematic indeling: cells made from place and area, nested through the redivisions."""

import logging
from collections.abc import Mapping, Sequence

import geopandas as gpd
import shapely

from spatial.domain.facts import Facts
from spatial.domain.regions import Indeling, Niveau
from spatial.domain.sources import Source, SourceStatus
from spatial.domain.tables import BOUNDARY_COLUMNS
from spatial.errors import UnknownRegionError
from spatial.example.drawing import draw
from spatial.example.mosaic import (
    BASIS,
    Atom,
    basis_codes,
    compositions,
    name_in,
    places_of,
    splits_after,
)

log = logging.getLogger(__name__)

SCHEMATIC_SOURCE = Source(
    "schematische-indeling",
    "Schematische gemeentelijke indeling (uit plaats en oppervlakte van gemeenten)",
    SourceStatus.SCHEMATISCH,
    "EUPL-1.2",
)

type _Outline = tuple[shapely.Polygon, ...]


def schematic_gemeenten(facts: Facts, indelingen: Sequence[Indeling]) -> gpd.GeoDataFrame:
    """Draw the gemeenten of some indelingen.

    The cells of 2018 are fitted to point and land area of the gazetteer; those of later years are
    unions of them, so a merger conserves area exactly. Boundary corrections are left out. The same
    facts give the same coordinates, whichever indelingen are asked for.

    Args:
        facts: register, memberships of 2018 and gazetteer.
        indelingen: years from 2018 on, at least one.

    Returns:
        niveau ('gemeente'), code, naam (as in that indeling), indeling, geometry (MultiPolygon,
        EPSG:28992, whole metres, valid, outer rings counter-clockwise, shared borders vertex for
        vertex); ordered by indeling and code.

    Raises:
        UnknownRegionError: an indeling before 2018, or a code without a point.
        GeometryError: a point lies in the open water of the scheme, or too near to another.
        RegisterError: a gemeente is split that grew after 2018.
    """
    if early := sorted(year for year in indelingen if year < BASIS):
        message = f"the schematic indeling starts in {BASIS}; there is none for {early}"
        raise UnknownRegionError(message)
    by_indeling = compositions(facts, _atoms(facts), _last(facts, indelingen))
    cells = draw(places_of(facts, by_indeling))
    rows = _rows(facts, cells, {year: by_indeling[year] for year in sorted(set(indelingen))})
    log.info("drew %d cells for %d gemeenten of all years", len(cells), len(rows))
    return gpd.GeoDataFrame(
        rows, columns=list(BOUNDARY_COLUMNS), geometry="geometry", crs="EPSG:28992"
    )


def _atoms(facts: Facts) -> list[Atom]:
    splits = splits_after(facts)
    return [
        Atom(code, receiver)
        for code in basis_codes(facts)
        for receiver in [row.nieuwe_code for row in splits.get(code, [])] or [""]
    ]


def _last(facts: Facts, indelingen: Sequence[Indeling]) -> Indeling:
    """Return the newest indeling of the register or asked for: atoms must not depend on the ask."""
    return max([BASIS, *indelingen, *(row.first_indeling for row in facts.redivisions)])


def _rows(
    facts: Facts,
    cells: Mapping[Atom, shapely.Polygon],
    by_indeling: Mapping[Indeling, Mapping[Atom, str]],
) -> list[tuple[str, str, str, int, shapely.MultiPolygon]]:
    joined: dict[_Outline, shapely.MultiPolygon] = {}
    rows = []
    for indeling, composition in by_indeling.items():
        members: dict[str, list[shapely.Polygon]] = {}
        for atom, code in composition.items():
            members.setdefault(code, []).append(cells[atom])
        for code in sorted(members):
            outline = tuple(members[code])
            if outline not in joined:
                joined[outline] = _union(outline)
            naam = name_in(facts, code, indeling)
            rows.append((Niveau.GEMEENTE.value, code, naam, int(indeling), joined[outline]))
    return rows


def _union(outline: _Outline) -> shapely.MultiPolygon:
    """Join cells of a coverage without touching their vertices."""
    union = shapely.normalize(shapely.coverage_union_all(outline))
    return shapely.MultiPolygon(
        shapely.get_parts(shapely.orient_polygons(union, exterior_cw=False)).tolist()
    )
