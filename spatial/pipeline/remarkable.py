"""Layers that tell which gemeenten stand out with their neighbours, from the rates as published."""

from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from spatial.analyse.contiguity import Contiguity, contiguity
from spatial.analyse.hotspots import ALPHA, PERMUTATIONS, SEED, Bounded, Remarkable, remarkable
from spatial.domain.aspects import Aspect
from spatial.domain.findings import Finding
from spatial.domain.indicators import GROEPEN, Indicator
from spatial.domain.regions import Niveau
from spatial.domain.status import WITH_VALUE, Status
from spatial.errors import UnknownRegionError
from spatial.join.attach import complete_first
from spatial.pipeline.parts import Parts
from spatial.store.catalogue import Collection
from spatial.store.describe import Subject
from spatial.store.describe_analysis import describe_remarkable, remarkable_columns
from spatial.store.layers import read_layer
from spatial.store.snapshot import Draft

RATES = ("personenPer1000Inwoners", "aandeelCorporatie")
"""The indicators that are looked at: how many there are, and how they are housed."""

TOETS = (
    f"Moran per gemeente; buren: Queen; {PERMUTATIONS} trekkingen, zaad {SEED}; tweezijdig; "
    f"false discovery rate {ALPHA}; verkennend"
)
_REGION = ("id", "regioCode", "regioNaam", "niveau", "indeling", "peilmoment")
_TAIL = ("voorlopig", "bron", "bronStatus", "grenzen", "geometry")
_HAS_VALUE = pa.array([status.value for status in WITH_VALUE], pa.string())


def remarkable_layers(draft: Draft, parts: Parts) -> Iterator[tuple[Collection, list[Finding]]]:
    """Write ``<thema>-opvallend-gemeente-indeling-<jaar>`` for the newest indeling.

    Args:
        draft: holds the layers of the figures of the themes in that indeling.
        parts: shapes, catalogue and sources.

    Raises:
        UnknownRegionError: a layer has other gemeenten than the shapes.
    """
    newest = parts.land.indelingen[-1]
    neighbours = contiguity(parts.land.of(Niveau.GEMEENTE, newest))
    for thema in GROEPEN:
        path = draft.folder / f"{Subject(thema, Niveau.GEMEENTE, newest).id}.parquet"
        rates = [entry for entry in parts.catalogue.of(thema) if entry.id in RATES]
        if rates and path.exists():
            layer = remarkable_layer(read_layer(path), rates, neighbours)
            subject = Subject(thema, Niveau.GEMEENTE, newest, Aspect.OPVALLEND)
            counts = [parts.catalogue.get(i) for r in rates for i in (r.teller, r.noemer)]
            sources = [*parts.sources_of(thema, counts), parts.land.source]
            collection = describe_remarkable(layer, subject, rates, sources)
            draft.add_layer(collection.bestand, layer)
            yield collection, []


def remarkable_layer(
    figures: pa.Table, rates: Sequence[Indicator], neighbours: Contiguity
) -> pa.Table:
    """Test every rate at every moment.

    Args:
        figures: a layer of gemeenten in one indeling, with the counts of the rates and the rates.
        rates: shares or ratios.
        neighbours: of all gemeenten of that indeling.

    Returns:
        One row per gemeente and moment: region, then of each rate the figure itself and the columns
        of ``remarkable_columns``, then how it was tested, source and shape.

    Raises:
        UnknownRegionError: a moment has other gemeenten than ``neighbours``.
    """
    rows = figures.sort_by([("peilmoment", "ascending"), ("regioCode", "ascending")])
    moments = len(pc.unique(rows["peilmoment"]))
    if rows["regioCode"].to_pylist() != list(neighbours.codes) * moments:
        message = "the figures are not of the gemeenten of which the neighbours are known"
        raise UnknownRegionError(message)
    columns = {name: rows[name] for name in _REGION}
    for entry in rates:
        columns |= {name: rows[name] for name in entry.columns}
        outcomes = _outcomes(rows, entry, neighbours)
        columns |= _columns(entry, outcomes, rows[entry.columns[1]])
    columns["toets"] = pa.array([TOETS] * rows.num_rows, pa.string())
    columns |= {name: rows[name] for name in _TAIL}
    return complete_first(
        pa.table(columns).sort_by([("regioCode", "ascending"), ("peilmoment", "ascending")])
    )


def _outcomes(rows: pa.Table, rate: Indicator, neighbours: Contiguity) -> list[Remarkable]:
    """Return the outcome of each moment; a moment has as many rows as there are regions."""
    size = len(neighbours.codes)
    without = pc.invert(pc.is_in(rows[rate.columns[1]], _HAS_VALUE))
    outcomes = []
    for start in range(0, rows.num_rows, size):
        part, missing = rows.slice(start, size), without.slice(start, size)
        teller, noemer = (_bounded(part, name, missing) for name in (rate.teller, rate.noemer))
        outcomes.append(remarkable(teller, noemer, neighbours))
    return outcomes


def _bounded(rows: pa.Table, indicator_id: str, missing: pa.ChunkedArray) -> Bounded:
    names = (indicator_id, f"{indicator_id}Min", f"{indicator_id}Max")
    return Bounded(*(_numbers(rows[name], missing) for name in names))


def _numbers(column: pa.ChunkedArray, missing: pa.ChunkedArray) -> np.ndarray:
    kept = pc.if_else(missing, None, column).cast(pa.float64())
    numbers: np.ndarray = kept.fill_null(np.nan).to_numpy()
    return numbers


def _columns(
    entry: Indicator, outcomes: Sequence[Remarkable], status: pa.ChunkedArray
) -> dict[str, pa.Array]:
    """Return what was found of a rate, by column; what has no figure keeps the sign for it."""
    value, low, high = (
        np.concatenate([getattr(found.gladgestreken, name) for found in outcomes]) * entry.factor
        for name in ("waarde", "ondergrens", "bovengrens")
    )
    step = entry.afronding
    valued = pc.is_in(status, _HAS_VALUE)
    sizes = [len(found.klasse) for found in outcomes]
    found = (
        _decimal(np.round(value / step), step),
        pc.if_else(valued, Status.GESCHAT.value, status),
        _decimal(np.floor(low / step), step),
        _decimal(np.ceil(high / step), step),
        pa.array([str(klasse) for found in outcomes for klasse in found.klasse], pa.string()),
        pa.array(np.concatenate([found.kans for found in outcomes]), from_pandas=True),
        *(
            pa.array(np.repeat([getattr(found, name) for found in outcomes], sizes), pa.int64())
            for name in ("getoetst", "ontbreekt", "geen_buren")
        ),
    )
    return dict(zip(remarkable_columns(entry), found, strict=True))


def _decimal(steps: np.ndarray, step: float) -> pa.Array:
    """Return steps as numbers with the decimals of a step; NaN becomes null."""
    return pa.array(steps / round(1 / step) if step < 1 else steps * step, from_pandas=True)
