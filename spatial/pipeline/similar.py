"""The layer of similar gemeenten: the ten most like each, in every indeling."""

from collections.abc import Iterator
from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from spatial.analyse.benchmark import Alike, alike
from spatial.domain.findings import Finding
from spatial.domain.indicators import BEVOLKING
from spatial.domain.regions import Indeling, Niveau
from spatial.harmonise.inhabitants import INHABITANTS_SOURCE
from spatial.join.attach import Provenance, attach
from spatial.pipeline.parts import Parts
from spatial.store.catalogue import Collection
from spatial.store.describe_analysis import describe_similar
from spatial.store.snapshot import Draft

CELLS = {
    "inwoners": ("totaal", "personen"),
    "huishoudens": ("totaal", "huishoudens"),
    "woonruimten": ("totaal", "woonruimten"),
    "corporatiewoningen": ("corporatie", "woonruimten"),
}
"""Kenmerk and maat of the counts of which the variables are made."""

NO_FIGURES = "geen cijfers over de bevolking in deze indeling"
INCOMPLETE = "een van de kenmerken ontbreekt"
_M2_PER_KM2 = 1e6


def similar_layers(draft: Draft, parts: Parts) -> Iterator[tuple[Collection, list[Finding]]]:
    """Write ``vergelijkbaar-gemeente``: every gemeente of every indeling, with those most like it."""
    tables = [_of_indeling(parts, indeling) for indeling in parts.land.indelingen]
    counted = parts.figures.found.population_source
    sources = [*([counted] if counted else []), INHABITANTS_SOURCE]
    provenance = Provenance(sources[0].id, sources[0].status.value, parts.land.source.status.value)
    layer = attach(pa.concat_tables(tables), parts.land.of(Niveau.GEMEENTE), provenance)
    collection = describe_similar(layer, [*sources, parts.land.source])
    draft.add_layer(collection.bestand, layer)
    yield collection, []


def variables_of(counts: pd.DataFrame, shapes: gpd.GeoDataFrame) -> dict[str, np.ndarray]:
    """Return the variables in which gemeenten are compared, by name.

    Size and density are logarithms: twice as many is as far everywhere. A variable that no gemeente
    has, or not every gemeente with households, is left out for all of them.

    Args:
        counts: rows by gemeentecode, a column per key of ``CELLS``; NaN without a figure.
        shapes: ``geometry`` (EPSG:28992, metres) of the same gemeenten in the same order.
    """
    area = shapes.geometry.area.to_numpy() / _M2_PER_KM2
    with np.errstate(divide="ignore", invalid="ignore"):
        found = {
            "huishoudens": np.log(counts["huishoudens"].to_numpy()),
            "huishoudens per km2": np.log(counts["huishoudens"].to_numpy() / area),
            "aandeel corporatiewoningen": (
                counts["corporatiewoningen"] / counts["woonruimten"]
            ).to_numpy(),
            "inwoners per huishouden": (counts["inwoners"] / counts["huishoudens"]).to_numpy(),
        }
    has_households = np.isfinite(found["huishoudens"])
    return {
        name: values
        for name, values in found.items()
        if has_households.any() and np.isfinite(values[has_households]).all()
    }


def similar_table(shapes: gpd.GeoDataFrame, counts: pd.DataFrame, day: date) -> pa.Table:
    """Return a row per gemeente of one indeling, with the ten most like it or why there are none.

    Args:
        shapes: ``code``, ``naam``, ``indeling`` and ``geometry`` (EPSG:28992, metres) of one indeling,
            sorted by code.
        counts: rows by gemeentecode, a column per key of ``CELLS``; NaN without a figure.
        day: of the counts.
    """
    codes, names = shapes["code"].tolist(), shapes["naam"].tolist()
    indeling = int(shapes["indeling"].iloc[0])
    variables = variables_of(counts.loc[codes], shapes)
    none = np.full((len(codes), 1), np.nan)
    values = np.column_stack(list(variables.values())) if variables else none
    found = alike(codes, values)
    reason = INCOMPLETE if variables else NO_FIGURES
    size = len(codes)
    return pa.table(
        {
            "id": pa.array([f"{code}-{indeling}" for code in codes], pa.string()),
            "regioCode": pa.array(codes, pa.string()),
            "regioNaam": pa.array(names, pa.string()),
            "niveau": pa.array([Niveau.GEMEENTE.value] * size, pa.string()),
            "indeling": pa.array([indeling] * size, pa.int32()),
            "peilmoment": pa.array([day] * size, pa.date32()),
            "vergelijkbaar": pa.array(_said(found, codes), pa.string()),
            "vergelijkbaarNamen": pa.array(_named(found, names), pa.string()),
            "kenmerken": pa.array(["; ".join(variables) or None] * size, pa.string()),
            "reden": pa.array(
                [None if is_in else reason for is_in in found.vergeleken], pa.string()
            ),
        }
    )


def _of_indeling(parts: Parts, indeling: Indeling) -> pa.Table:
    shapes = parts.land.of(Niveau.GEMEENTE, indeling).sort_values("code", ignore_index=True)
    day, counts = _counts(parts, indeling, shapes["code"].tolist())
    return similar_table(shapes, counts, day)


def _counts(parts: Parts, indeling: Indeling, codes: list[str]) -> tuple[date, pd.DataFrame]:
    """Return the counts nearest to the first day of an indeling, and their day.

    Those of that day on its own borders; else the newest that were carried to the indeling.
    """
    day = date(indeling, 1, 1)
    own = _population(parts.figures.own, indeling)
    carried = parts.figures.carried.get(indeling)
    rows = own.filter(pc.equal(own["eind"], pa.scalar(day)))
    if not rows.num_rows and carried is not None:
        rows = _population(carried.figures, indeling)
        newest = pc.max(rows.filter(pc.equal(rows["maat"], "huishoudens"))["eind"])
        rows = rows.filter(pc.equal(rows["eind"], newest))
        day = newest.as_py() or day
    frame = rows.select(["code", "kenmerk", "maat", "waarde"]).to_pandas()
    counts = pd.DataFrame(index=codes)
    for name, (kenmerk, maat) in CELLS.items():
        cells = frame[(frame["kenmerk"] == kenmerk) & (frame["maat"] == maat)]
        counts[name] = cells.set_index("code")["waarde"].reindex(codes).to_numpy(dtype=float)
    return day, counts


def _population(figures: pa.Table, indeling: Indeling) -> pa.Table:
    chosen = pc.and_(
        pc.and_(
            pc.equal(figures["groep"], BEVOLKING),
            pc.equal(figures["niveau"], Niveau.GEMEENTE.value),
        ),
        pc.equal(figures["indeling"], int(indeling)),
    )
    return figures.filter(chosen)


def _said(found: Alike, codes: list[str]) -> list[str | None]:
    """Write neighbours as ``GM0344 0.42; GM0599 0.57``: code and distance, nearest first."""
    return [
        "; ".join(
            f"{codes[place]} {apart:.2f}"
            for place, apart in zip(places, distances, strict=True)
            if place >= 0
        )
        or None
        for places, distances in zip(found.buren.tolist(), found.afstand.tolist(), strict=True)
    ]


def _named(found: Alike, names: list[str]) -> list[str | None]:
    return [
        "; ".join(names[place] for place in places if place >= 0) or None
        for places in found.buren.tolist()
    ]
