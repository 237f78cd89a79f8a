"""Layers without indicators: the boundaries themselves, redivisions, and shapes for maps."""

from collections.abc import Sequence
from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa

from spatial.domain.redivisions import Redivision
from spatial.join.attach import check_boundaries, encode_shapes

_M2_PER_KM2 = 1_000_000


def boundaries_layer(boundaries: gpd.GeoDataFrame, grenzen: str) -> pa.Table:
    """Return the ``grenzen-<niveau>`` layer: one row per region and indeling, by code and year.

    Args:
        boundaries: boundaries table of one level.
        grenzen: status of the boundaries: ``officieel`` or ``schematisch``.

    Returns:
        ``id`` (``<code>-<year>-01-01``), ``regioCode``, ``regioNaam``, ``niveau``, ``indeling``,
        ``peilmoment`` (1 January), ``geldigTotEnMet`` (31 December), ``oppervlakteKm2`` (area of
        the shape, km2, 2 decimals), ``grenzen``, ``geometry`` (WKB, EPSG:28992).
    """
    check_boundaries(boundaries)
    frame = boundaries.sort_values(["code", "indeling"], kind="stable", ignore_index=True)
    years = [int(year) for year in frame["indeling"]]
    area = np.round(frame.geometry.area.to_numpy() / _M2_PER_KM2, 2)
    return pa.table(
        {
            "id": pa.array(
                [f"{code}-{year}-01-01" for code, year in zip(frame["code"], years, strict=True)]
            ),
            "regioCode": pa.array(frame["code"], pa.string()),
            "regioNaam": pa.array(frame["naam"], pa.string()),
            "niveau": pa.array(frame["niveau"], pa.string()),
            "indeling": pa.array(years, pa.int32()),
            "peilmoment": pa.array([date(year, 1, 1) for year in years], pa.date32()),
            "geldigTotEnMet": pa.array([date(year, 12, 31) for year in years], pa.date32()),
            "oppervlakteKm2": pa.array(area, pa.float64()),
            "grenzen": pa.array([grenzen] * len(frame), pa.string()),
            "geometry": encode_shapes(frame),
        }
    )


def redivisions_layer(register: Sequence[Redivision], gemeenten: gpd.GeoDataFrame) -> pa.Table:
    """Return the ``herindelingen`` layer: the rows of the register, shares first, by day and codes.

    Args:
        register: the redivisions.
        gemeenten: boundaries table of the gemeenten.

    Returns:
        The columns of the register and ``geometry``: the shape of the old gemeente in the last
        indeling before the day; missing when that indeling is not loaded.
    """
    check_boundaries(gemeenten)
    rows = sorted(register, key=_publication_key)
    keys = pd.MultiIndex.from_arrays([gemeenten["code"], gemeenten["indeling"]])
    before = [(row.oude_code, row.first_indeling - 1) for row in rows]
    places = (
        keys.get_indexer(pd.MultiIndex.from_tuples(before)) if rows else np.empty(0, dtype=np.int64)
    )
    shapes = encode_shapes(gemeenten)
    found = pa.array([None if place < 0 else int(place) for place in places], pa.int64())
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
            "zekerheid": pa.array([row.zekerheid for row in rows], pa.string()),
            "opmerking": pa.array([row.opmerking or None for row in rows], pa.string()),
            "bron": pa.array([row.bron for row in rows], pa.string()),
            "geometry": shapes.take(found),
        }
    )


def _publication_key(row: Redivision) -> tuple[bool, date, str, str]:
    """Rows with a share come first: clients read the type of a column from the first rows."""
    return row.aandeel is None, row.datum, row.oude_code, row.nieuwe_code


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
