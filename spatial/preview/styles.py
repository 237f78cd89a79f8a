"""The frozen scheme of every indicator: one truth for previews, pages of the service and web maps.

A scheme follows from all published values of a collection, each in its own indeling; the series in
one indeling use the same, so a value has one colour wherever and whenever it is shown.
"""

import json
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any

import pyarrow as pa

from spatial.domain.indicators import Indicator, load_catalogue
from spatial.preview.classes import (
    CIRCLE,
    CIRCLE_EDGE,
    MISSING_SIGNS,
    ClassScheme,
    SymbolScale,
    class_scheme,
    diverging,
    frozen_classes,
    symbol_scale,
)
from spatial.preview.figures import Series
from spatial.preview.wording import decimals_of
from spatial.store.catalogue import Collection, Kind
from spatial.store.snapshot import Snapshot


def frozen_scheme(snapshot: Snapshot, *series: Series) -> ClassScheme | SymbolScale:
    """Return the scheme of these series, whatever part of them is shown and in which indeling.

    Args:
        snapshot: holds their collections.
        series: of one kind and unit; their values are pooled.
    """
    pairs = dict.fromkeys((_basis(snapshot, one.collection), one.indicator) for one in series)
    values = [
        value
        for collection, indicator in pairs
        for value in _published(snapshot.layer(collection), indicator)
    ]
    return _scheme(series[0].indicator, values)


def frozen_styles(snapshot: Snapshot) -> dict[str, str]:
    """Return the scheme of every indicator as JSON, by file name: one file per collection.

    The series in one indeling have no file: they use that of the collection they are made of.
    """
    return dict(_files(snapshot))


def _files(snapshot: Snapshot) -> Iterator[tuple[str, str]]:
    for collection in snapshot.contents.collections:
        if collection.kind is Kind.INDICATOREN and _basis(snapshot, collection) is collection:
            yield collection.stijl, _document(collection, snapshot.layer(collection))


def _document(collection: Collection, layer: pa.Table) -> str:
    catalogue = load_catalogue()
    entries = {}
    for indicator in map(catalogue.get, collection.indicatoren):
        scheme = _scheme(indicator, _published(layer, indicator))
        described = _classes(scheme) if isinstance(scheme, ClassScheme) else _circles(scheme)
        middle = {} if indicator.midden is None else {"midden": indicator.midden}
        entries[indicator.id] = {"eenheid": indicator.eenheid, **described, **middle}
    document = {
        "collectie": collection.id,
        "patronen": {status.value: sign for status, sign in MISSING_SIGNS.items()},
        "indicatoren": entries,
    }
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")) + "\n"


def _classes(scheme: ClassScheme) -> dict[str, Any]:
    return {
        "soort": "klassen",
        "grenzen": list(scheme.breaks),
        "kleuren": list(scheme.colours),
        "labels": {"nl": scheme.labels(), "en": _english_labels(scheme)},
    }


def _circles(scheme: SymbolScale) -> dict[str, Any]:
    return {
        "soort": "cirkels",
        "top": scheme.top,
        "straal": scheme.radius_px,
        "kleur": CIRCLE,
        "rand": CIRCLE_EDGE,
        "voorbeelden": [[value, scheme.radius_of(value)] for value in scheme.examples()],
    }


def _english_labels(scheme: ClassScheme) -> list[str]:
    if not scheme.breaks:
        return ["all values"]
    ends = [f"{value:,.{scheme.decimals}f}" for value in scheme.breaks]
    inner = [f"{low} to {high}" for low, high in pairwise(ends)]
    return [f"less than {ends[0]}", *inner, f"{ends[-1]} and more"]


def _scheme(indicator: Indicator, values: Iterable[float]) -> ClassScheme | SymbolScale:
    if indicator.cirkels:
        return symbol_scale(values)
    if indicator.klassen:
        return frozen_classes(indicator.klassen)
    return class_scheme(values) if indicator.midden is None else diverging(values)


def _published(layer: pa.Table, indicator: Indicator) -> list[float]:
    """Return all values of an indicator as they are shown: rounded, none for what is missing."""
    decimals = decimals_of(indicator.afronding)
    cells = layer[indicator.id].drop_null().to_pylist()
    return [round(value, decimals) for value in cells]


def _basis(snapshot: Snapshot, collection: Collection) -> Collection:
    held = {entry.id: entry for entry in snapshot.contents.collections}
    return held.get(collection.basis, collection)
