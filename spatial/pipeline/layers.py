"""Every layer of a snapshot, written and described one by one."""

from collections.abc import Iterator

import pyarrow as pa

from spatial.domain.findings import Finding
from spatial.domain.indicators import GROEPEN, Thema
from spatial.domain.regions import Indeling, Niveau
from spatial.join.attach import Provenance, attach
from spatial.join.layers import boundaries_layer, redivisions_layer
from spatial.join.origin import with_origin
from spatial.pipeline.comparison import comparison_layers
from spatial.pipeline.fairness import fairness_layers
from spatial.pipeline.observations import observation_layer
from spatial.pipeline.parts import Parts
from spatial.pipeline.ranks import rank_layers
from spatial.pipeline.remarkable import remarkable_layers
from spatial.pipeline.similar import similar_layers
from spatial.pipeline.wide import of_subject, wide_of
from spatial.store.catalogue import Collection
from spatial.store.describe import (
    Subject,
    describe_boundaries,
    describe_indicators,
    describe_redivisions,
)
from spatial.store.snapshot import Draft

type Written = tuple[Collection, list[Finding]]


def write_layers(draft: Draft, parts: Parts) -> Iterator[Written]:
    """Write indicators per theme and level, boundaries and redivisions; give each as it is done."""
    for thema in (*GROEPEN, Thema.TAAKSTELLING):
        for niveau in parts.land.levels:
            tables: dict[Indeling | None, pa.Table] = {None: parts.figures.own}
            tables |= {place: one.figures for place, one in parts.figures.carried.items()}
            for indeling, figures in tables.items():
                subject = Subject(thema, niveau, indeling)
                # a source may lack a theme, and one that began after an indeling has nothing in it
                if of_subject(subject, figures).num_rows:
                    yield _indicators(draft, parts, subject, figures)
    yield from rank_layers(draft, parts)
    yield from remarkable_layers(draft, parts)
    yield from similar_layers(draft, parts)
    yield from comparison_layers(draft, parts)
    boxes = []
    for niveau in parts.land.levels:
        layer = boundaries_layer(
            parts.land.of(niveau), parts.land.source.status.value, parts.figures.lineage
        )
        described = describe_boundaries(layer, niveau, [parts.land.source])
        boxes.append(described.bbox)
        yield _written(draft, layer, described)
    layer = redivisions_layer(
        parts.facts.redivisions, parts.land.of(Niveau.GEMEENTE), parts.figures.gewichten
    )
    yield _written(draft, layer, describe_redivisions(layer, [parts.land.source]))
    yield from ((collection, []) for collection in fairness_layers(draft, parts))
    yield observation_layer(draft, parts, _around(boxes)), []


def _indicators(draft: Draft, parts: Parts, subject: Subject, figures: pa.Table) -> Written:
    land, indicators = parts.land, parts.indicators(subject.thema)
    mine = of_subject(subject, figures)
    wide, findings = wide_of(parts, subject, figures)
    if subject.indeling:
        wide = with_origin(wide, mine, indicators)
    shapes = land.of(subject.niveau, subject.indeling)
    sources = parts.sources(subject.thema)
    status = parts.targets.status if subject.thema is Thema.TAAKSTELLING else sources[0].status
    provenance = Provenance(sources[0].id, status.value, land.source.status.value)
    layer = attach(wide, shapes, provenance)
    collection = describe_indicators(layer, subject, indicators, [*sources, land.source])
    draft.add_layer(collection.bestand, layer)
    return collection, findings


def _around(boxes: list[tuple[float, float, float, float]]) -> tuple[float, float, float, float]:
    west, south, east, north = zip(*boxes, strict=True)
    return min(west), min(south), max(east), max(north)


def _written(draft: Draft, layer: pa.Table, collection: Collection) -> Written:
    draft.add_layer(collection.bestand, layer)
    return collection, []
