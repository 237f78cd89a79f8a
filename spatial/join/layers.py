"""Layers without indicators: the boundaries themselves, redivisions, and shapes for maps."""

from collections.abc import Mapping, Sequence
from datetime import date

import geopandas as gpd
import numpy as np
import pyarrow as pa
import shapely

from spatial.domain.facts import Membership
from spatial.domain.redivisions import Gewicht, Lineage, Redivision
from spatial.domain.regions import LAND_CODE, Niveau
from spatial.domain.tables import MEMBERSHIPS
from spatial.join.attach import check_boundaries, complete_first, encode_shapes

_M2_PER_KM2 = 1_000_000
_GRID_M = 0.01
_DUST_M2 = 10_000
_NO_LINEAGE = Lineage(None, "", "")


def boundaries_layer(
    boundaries: gpd.GeoDataFrame, grenzen: str, lineage: Mapping[str, Lineage] | None = None
) -> pa.Table:
    """Return the ``grenzen-<niveau>`` layer: one row per region and indeling.

    Args:
        boundaries: boundaries table of one level.
        grenzen: status of the boundaries: ``officieel`` or ``schematisch``.
        lineage: by gemeentecode; regions of another level have none.

    Returns:
        ``id`` (``<code>-<year>-01-01``), ``regioCode``, ``regioNaam``, ``niveau``, ``indeling``,
        ``peilmoment`` (1 January), ``geldigTotEnMet`` (31 December), ``oppervlakteKm2`` (area of
        the shape, km2, 2 decimals), ``laatsteDag`` (of the code; missing while it exists),
        ``opvolgers`` and ``voorgangers`` (codes with shares; missing without any), ``grenzen``,
        ``geometry`` (WKB, EPSG:28992); the most complete rows first, the others by year and code.
    """
    check_boundaries(boundaries)
    frame = boundaries.sort_values(["indeling", "code"], kind="stable", ignore_index=True)
    years = [int(year) for year in frame["indeling"]]
    area = np.round(frame.geometry.area.to_numpy() / _M2_PER_KM2, 2)
    lives = [(lineage or {}).get(code, _NO_LINEAGE) for code in frame["code"]]
    ids = [f"{code}-{year}-01-01" for code, year in zip(frame["code"], years, strict=True)]
    table = pa.table(
        {
            "id": pa.array(ids, pa.string()),
            "regioCode": pa.array(frame["code"], pa.string()),
            "regioNaam": pa.array(frame["naam"], pa.string()),
            "niveau": pa.array(frame["niveau"], pa.string()),
            "indeling": pa.array(years, pa.int32()),
            "peilmoment": pa.array([date(year, 1, 1) for year in years], pa.date32()),
            "geldigTotEnMet": pa.array([date(year, 12, 31) for year in years], pa.date32()),
            "oppervlakteKm2": pa.array(area, pa.float64()),
            "laatsteDag": pa.array([life.laatste_dag for life in lives], pa.date32()),
            "opvolgers": pa.array([life.opvolgers or None for life in lives], pa.string()),
            "voorgangers": pa.array([life.voorgangers or None for life in lives], pa.string()),
            "grenzen": pa.array([grenzen] * len(frame), pa.string()),
            "geometry": encode_shapes(frame),
        }
    )
    return complete_first(table)


def redivisions_layer(
    register: Sequence[Redivision],
    gemeenten: gpd.GeoDataFrame,
    weights: Mapping[tuple[str, str], Gewicht] | None = None,
) -> pa.Table:
    """Return the ``herindelingen`` layer: the rows of the register, shares first, by day and codes.

    Args:
        register: the redivisions.
        gemeenten: boundaries table of the gemeenten.
        weights: by old and new code, the general weight with which counts are carried.

    Returns:
        The columns of the register, ``gewicht`` (0-1) and ``gewichtMethode`` (missing for a boundary
        correction, which carries nothing), and ``geometry``: the area concerned, which is the old gemeente
        in the last indeling before the day, and for a part of it what the new gemeente then covers;
        missing when these indelingen are not loaded, or when shapes show no such part.
    """
    check_boundaries(gemeenten)
    rows = sorted(register, key=_publication_key)
    shapes = _areas_concerned(rows, gemeenten)
    carried = [(weights or {}).get((row.oude_code, row.nieuwe_code)) for row in rows]
    return pa.table(
        {
            "id": pa.array(
                [f"{r.oude_code}-{r.nieuwe_code}-{r.datum.isoformat()}" for r in rows], pa.string()
            ),
            "datum": pa.array([row.datum for row in rows], pa.date32()),
            "oudeCode": pa.array([row.oude_code for row in rows], pa.string()),
            "oudeNaam": pa.array([row.oude_naam for row in rows], pa.string()),
            "nieuweCode": pa.array([row.nieuwe_code for row in rows], pa.string()),
            "nieuweNaam": pa.array([row.nieuwe_naam for row in rows], pa.string()),
            "mutatie": pa.array([row.mutatie.value for row in rows], pa.string()),
            "geheel": pa.array([row.geheel for row in rows], pa.bool_()),
            "aandeel": pa.array([row.aandeel for row in rows], pa.float64()),
            "aandeelGrondslag": pa.array(
                [row.aandeel_grondslag or None for row in rows], pa.string()
            ),
            "gewicht": pa.array([entry and entry.deel for entry in carried], pa.float64()),
            "gewichtMethode": pa.array([entry and entry.methode for entry in carried], pa.string()),
            "zekerheid": pa.array([row.zekerheid for row in rows], pa.string()),
            "opmerking": pa.array([row.opmerking or None for row in rows], pa.string()),
            "bron": pa.array([row.bron for row in rows], pa.string()),
            "geometry": shapes,
        }
    )


def _areas_concerned(rows: Sequence[Redivision], gemeenten: gpd.GeoDataFrame) -> pa.Array:
    keys = zip(gemeenten["code"], gemeenten["indeling"].astype(int), strict=True)
    shapes = dict(zip(keys, gemeenten.geometry, strict=True))
    areas: list[bytes | None] = []
    for row in rows:
        old = shapes.get((row.oude_code, row.first_indeling - 1))
        new = None if row.geheel else shapes.get((row.nieuwe_code, int(row.first_indeling)))
        area = old if row.geheel or old is None else _part(old, new)
        areas.append(None if area is None else shapely.to_wkb(area, include_srid=False))
    return pa.array(areas, pa.binary())


def _part(old: shapely.Geometry, new: shapely.Geometry | None) -> shapely.Geometry | None:
    """Return what an old gemeente has in common with a new one, without the dust of drawing."""
    if new is None:
        return None
    pieces = shapely.get_parts(shapely.intersection(old, new, grid_size=_GRID_M))
    pieces = pieces[shapely.area(pieces) > _DUST_M2]
    if not len(pieces):
        return None
    whole: shapely.Geometry = shapely.orient_polygons(shapely.MultiPolygon(list(pieces)))
    return whole


def _publication_key(row: Redivision) -> tuple[bool, date, str, str]:
    """Rows with a share come first: clients read the type of a column from the first rows."""
    return row.aandeel is None, row.datum, row.oude_code, row.nieuwe_code


def memberships_layer(memberships: Sequence[Membership], boundaries: gpd.GeoDataFrame) -> pa.Table:
    """Return the table ``lidmaatschappen``: the gemeenten of every region that is loaded.

    Args:
        memberships: of provincie, COROP-gebied and veiligheidsregio.
        boundaries: boundaries table of all levels: other regions and indelingen are left out.

    Returns:
        ``MEMBERSHIPS``, by indeling, level, code and gemeente; the land has all gemeenten.
    """
    keys = zip(boundaries["indeling"].astype(int), boundaries["code"], strict=True)
    loaded = set(keys)
    rows = {
        (int(row.indeling), row.niveau.value, row.code, row.gemeente)
        for row in memberships
        if (int(row.indeling), row.code) in loaded
    }
    whole = Niveau.LAND.value
    prefix = Niveau.GEMEENTE.prefix
    rows |= {
        (year, whole, LAND_CODE, code)
        for year, code in loaded
        if code.startswith(prefix) and (year, LAND_CODE) in loaded
    }
    types = (pa.int32(), pa.string(), pa.string(), pa.string())
    columns = zip(*sorted(rows), strict=True) if rows else ((),) * len(types)
    arrays = [pa.array(cells, type_) for cells, type_ in zip(columns, types, strict=True)]
    return pa.table(arrays, names=MEMBERSHIPS.names)


def map_shapes(generalised: gpd.GeoDataFrame) -> pa.Table:
    """Return the table ``kaartgrenzen``: generalised shapes of all levels for previews."""
    check_boundaries(generalised)
    frame = generalised.sort_values(
        ["niveau", "indeling", "code"], kind="stable", ignore_index=True
    )
    return pa.table(
        {
            "niveau": pa.array(frame["niveau"], pa.string()),
            "code": pa.array(frame["code"], pa.string()),
            "indeling": pa.array(frame["indeling"], pa.int32()),
            "naam": pa.array(frame["naam"], pa.string()),
            "geometry": encode_shapes(frame),
        }
    )
