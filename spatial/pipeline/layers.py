"""Every layer of a snapshot, written and described one by one."""

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from spatial.analyse.ratios import add_shares
from spatial.analyse.taakstelling import TAAKSTELLING_SOURCE
from spatial.domain.facts import Facts
from spatial.domain.findings import Finding
from spatial.domain.indicators import Catalogue, Thema
from spatial.domain.regions import Niveau
from spatial.example.figures import EXAMPLE_SOURCE
from spatial.join.attach import Provenance, attach
from spatial.join.layers import boundaries_layer, redivisions_layer
from spatial.join.origin import with_origin
from spatial.join.wide import pivot
from spatial.pipeline.figures import Figures
from spatial.pipeline.land import Land
from spatial.store.catalogue import Collection
from spatial.store.describe import (
    Subject,
    describe_boundaries,
    describe_indicators,
    describe_redivisions,
)
from spatial.store.snapshot import Draft

type Written = tuple[Collection, list[Finding]]


@dataclass(frozen=True, slots=True)
class Parts:
    """All that layers are made of."""

    facts: Facts
    catalogue: Catalogue
    land: Land
    figures: Figures


def write_layers(draft: Draft, parts: Parts) -> Iterator[Written]:
    """Write indicators per theme and level, boundaries and redivisions; give each as it is done."""
    for thema in Thema:
        for niveau in parts.land.levels:
            yield _indicators(draft, parts, Subject(thema, niveau), parts.figures.own)
            for indeling, carried in parts.figures.carried.items():
                subject = Subject(thema, niveau, indeling)
                # a theme that began after an indeling has nothing in it
                if _figures_of(subject, carried.figures).num_rows:
                    yield _indicators(draft, parts, subject, carried.figures)
    for niveau in parts.land.levels:
        layer = boundaries_layer(
            parts.land.of(niveau), parts.land.source.status.value, parts.figures.lineage
        )
        yield _written(draft, layer, describe_boundaries(layer, niveau, [parts.land.source]))
    layer = redivisions_layer(
        parts.facts.redivisions, parts.land.of(Niveau.GEMEENTE), parts.figures.gewichten
    )
    yield _written(draft, layer, describe_redivisions(layer, [parts.land.source]))


def _indicators(draft: Draft, parts: Parts, subject: Subject, figures: pa.Table) -> Written:
    land, indicators = parts.land, parts.catalogue.of(subject.thema)
    source = TAAKSTELLING_SOURCE if subject.thema is Thema.TAAKSTELLING else EXAMPLE_SOURCE
    mine = _figures_of(subject, figures)
    shapes = land.of(subject.niveau, subject.indeling)
    regions = pd.DataFrame(shapes.drop(columns="geometry"))
    wide, findings = pivot(mine, regions, indicators, subject.id)
    voorlopig = wide["voorlopig"]
    wide = add_shares(wide.drop_columns("voorlopig"), indicators).append_column(
        "voorlopig", voorlopig
    )
    if subject.indeling:
        wide = with_origin(wide, mine, indicators)
    layer = attach(
        wide, shapes, Provenance(source.id, source.status.value, land.source.status.value)
    )
    collection = describe_indicators(layer, subject, indicators, [source, land.source])
    draft.add_layer(collection.bestand, layer)
    return collection, findings


def _figures_of(subject: Subject, figures: pa.Table) -> pa.Table:
    return figures.filter(
        pc.and_(
            pc.equal(figures["groep"], subject.thema.value),
            pc.equal(figures["niveau"], subject.niveau.value),
        )
    )


def _written(draft: Draft, layer: pa.Table, collection: Collection) -> Written:
    draft.add_layer(collection.bestand, layer)
    return collection, []
