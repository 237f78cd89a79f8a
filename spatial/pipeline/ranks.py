"""Layers with the place of every gemeente among all, as a range, from the rates as published."""

from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from spatial.analyse.benchmark import Ranks, rank
from spatial.domain.aspects import Aspect
from spatial.domain.findings import Finding
from spatial.domain.indicators import GROEPEN, Indicator
from spatial.domain.regions import Niveau
from spatial.join.attach import complete_first
from spatial.pipeline.parts import Parts
from spatial.store.catalogue import Collection
from spatial.store.describe import Subject
from spatial.store.describe_analysis import describe_ranks, rank_columns
from spatial.store.layers import read_layer
from spatial.store.snapshot import Draft

RANKED = (
    "personenPer1000Inwoners",
    "aandeelEenpersoons",
    "aandeelCorporatie",
    "aandeelOverigeHuur",
    "aandeelKoop",
    "aandeelVrijgekomenCorporatiewoningen",
)
"""The main rates: how many there are, how they live, and what comes free for them."""

_REGION = ("id", "regioCode", "regioNaam", "niveau", "indeling", "peilmoment")
_TAIL = ("voorlopig", "bron", "bronStatus", "grenzen", "geometry")


def rank_layers(draft: Draft, parts: Parts) -> Iterator[tuple[Collection, list[Finding]]]:
    """Write ``<thema>-rang-gemeente-indeling-<jaar>`` for every series in one indeling.

    Args:
        draft: holds the layers of the figures of the themes in those indelingen.
        parts: catalogue, sources and the indelingen.
    """
    for thema in GROEPEN:
        rates = [entry for entry in parts.catalogue.of(thema) if entry.id in RANKED]
        counts = [parts.catalogue.get(i) for r in rates for i in (r.teller, r.noemer)]
        for indeling in parts.figures.carried:
            path = draft.folder / f"{Subject(thema, Niveau.GEMEENTE, indeling).id}.parquet"
            if rates and path.exists():
                layer = rank_layer(read_layer(path), rates)
                subject = Subject(thema, Niveau.GEMEENTE, indeling, Aspect.RANG)
                sources = [*parts.sources_of(thema, counts), parts.land.source]
                collection = describe_ranks(layer, subject, rates, sources)
                draft.add_layer(collection.bestand, layer)
                yield collection, []


def rank_layer(figures: pa.Table, rates: Sequence[Indicator]) -> pa.Table:
    """Rank the regions at every moment.

    Args:
        figures: a layer of one level in one indeling, with the rates.
        rates: what is ranked; a higher value comes first.

    Returns:
        One row per region and moment: region, then of each rate the figure itself and the columns of
        ``rank_columns`` (missing without a figure), then source and shape.
    """
    rows = figures.sort_by([("peilmoment", "ascending"), ("regioCode", "ascending")])
    columns = {name: rows[name] for name in _REGION}
    for entry in rates:
        columns |= {name: rows[name] for name in entry.columns}
        columns |= dict(zip(rank_columns(entry), _ranks(rows, entry), strict=True))
    columns |= {name: rows[name] for name in _TAIL}
    by_code = pa.table(columns).sort_by([("regioCode", "ascending"), ("peilmoment", "ascending")])
    return complete_first(by_code)


def _ranks(rows: pa.Table, rate: Indicator) -> tuple[pa.Array, ...]:
    """Return first and last place, number of places, and both ends of the percentile."""
    low, high = (
        rows[name].cast(pa.float64()).fill_null(np.nan).to_numpy() for name in rate.columns[2:]
    )
    sizes = pc.value_counts(rows["peilmoment"]).field("counts").to_numpy()
    ends = np.cumsum(sizes)
    found: list[Ranks] = [
        rank(low[end - size : end], high[end - size : end])
        for size, end in zip(sizes, ends, strict=True)
    ]
    none = np.isnan(low)
    places = (np.concatenate([getattr(r, name) for r in found]) for name in ("eerste", "laatste"))
    shares = (
        np.concatenate([getattr(r, name) for r in found])
        for name in ("percentiel_min", "percentiel_max")
    )
    return (
        *(pa.array(values, mask=none) for values in places),
        pa.array(np.repeat([r.van for r in found], sizes)),
        *(pa.array(values, from_pandas=True) for values in shares),
    )
