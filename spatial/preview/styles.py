"""The frozen scheme of every indicator: one truth for previews, pages of the service and web maps.

A scheme is made on all published values of a collection, each in its own indeling, when they are
first published; later builds read it. The series in one indeling use the same, so a value has one
colour wherever and whenever it is shown.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import pyarrow as pa

from spatial.domain.findings import Finding, Severity
from spatial.domain.indicators import Indicator, load_catalogue
from spatial.domain.status import Status
from spatial.errors import StoreError
from spatial.preview.classes import (
    CIRCLE,
    CIRCLE_BELOW,
    CIRCLE_EDGE,
    MISSING_SIGNS,
    PATTERN_INK,
    PATTERN_PAPER,
    ClassScheme,
    SymbolScale,
)
from spatial.preview.families import family_of
from spatial.preview.figures import Series
from spatial.preview.middles import middle_name
from spatial.preview.progress import SCHEME
from spatial.preview.schemes import Frozen, as_json, check, freeze, from_json, pooled
from spatial.preview.wording import decimals_of
from spatial.store.catalogue import Collection
from spatial.store.schemes import Entries, owners
from spatial.store.snapshot import MAPS, Snapshot

_PATTERNS = {
    Status.GEHEIM_OF_ONBEKEND: "schuin gearceerd",
    Status.NIET_VAN_TOEPASSING: "leeg",
    Status.ONTBREEKT_IN_BRON: "liggende lijnen",
    Status.TE_KLEIN: "stippen",
    Status.NIET_VAST_TE_STELLEN: "gekruist gearceerd",
}
_EDGES = {Status.OPGETELD: "dikke rand", Status.GESCHAT: "gestreepte rand"}


@dataclass(slots=True)
class Styles:
    """The schemes of a snapshot.

    Attributes:
        documents: JSON by file name, beside the maps.
        schemes: what to keep for later builds, by ``Collection.basis``; without indicators that had
            no value yet.
        findings: values outside a scheme, and schemes that no longer fitted the catalogue.
    """

    documents: dict[str, str] = field(default_factory=dict)
    schemes: dict[str, Entries] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


def freeze_styles(
    snapshot: Snapshot, kept: Mapping[str, Entries], *, renew: bool = False
) -> Styles:
    """Return the schemes of all indicators: those that were kept, and new ones for the others.

    The series in one indeling have no file: they use that of the collection they are made of.

    Args:
        snapshot: holds the values.
        kept: schemes of earlier builds, by ``Collection.basis``.
        renew: make all of them anew, each with a higher version.

    Raises:
        StoreError: a scheme that was kept is damaged.
    """
    styles = Styles()
    catalogue = load_catalogue()
    for basis, collection in owners(snapshot.contents).items():
        layer = snapshot.layer(collection)
        frozen = {}
        for indicator in map(catalogue.get, collection.indicatoren):
            entry = kept.get(basis, {}).get(indicator.id)
            before = None if entry is None else from_json(entry)
            values = _published(layer, indicator)
            family = family_of(indicator.id, collection.indicatoren)
            pool = [value for name in family for value in _published(layer, catalogue.get(name))]
            frozen[indicator.id] = one = _current(collection, indicator, pool, before, renew=renew)
            styles.findings += _noticed(collection, indicator, values, (before, one), renew=renew)
        styles.documents[collection.stijl] = _document(collection, frozen)
        styles.schemes[basis] = {
            name: as_json(one) for name, one in frozen.items() if one.bereik is not None
        }
    return styles


def frozen_scheme(snapshot: Snapshot, *series: Series) -> ClassScheme | SymbolScale:
    """Return the scheme of these series, whatever part of them is shown and in which indeling.

    Args:
        snapshot: holds the schemes of their collections.
        series: of one kind and unit; different ones share a scheme that spans theirs.

    Raises:
        StoreError: the snapshot has no scheme for them, or it is damaged.
    """
    if series[0].namen:
        return SCHEME
    pairs = dict.fromkeys((one.collection.stijl, one.indicator.id) for one in series)
    found = [_read(snapshot, file, name) for file, name in pairs]
    return pooled(series[0].indicator, found)


def _current(
    collection: Collection,
    indicator: Indicator,
    values: Sequence[float],
    before: Frozen | None,
    *,
    renew: bool,
) -> Frozen:
    if before is None:
        return freeze(indicator, values, collection.eind)
    if before.fits(indicator) and not renew:
        return before
    return freeze(indicator, values, collection.eind, before.versie + 1)


def _noticed(
    collection: Collection,
    indicator: Indicator,
    values: Sequence[float],
    versions: tuple[Frozen | None, Frozen],
    *,
    renew: bool,
) -> list[Finding]:
    before, now = versions
    if before is None or renew:
        return []
    if before is now:
        return check(collection.id, indicator, now, values)
    message = (
        f"the catalogue says otherwise since version {before.versie}: now version {now.versie}"
    )
    return [Finding(Severity.INFO, collection.id, indicator.id, "scheme-renewed", message)]


def _read(snapshot: Snapshot, file: str, indicator_id: str) -> Frozen:
    path = snapshot.path / MAPS / file
    try:
        entry = json.loads(path.read_text(encoding="utf-8"))["indicatoren"][indicator_id]
    except (OSError, ValueError, LookupError, TypeError) as error:
        message = f"the scheme of {indicator_id!r} cannot be read from {file}: {error!r}"
        raise StoreError(message) from error
    return from_json(entry)


def _document(collection: Collection, frozen: Mapping[str, Frozen]) -> str:
    catalogue = load_catalogue()
    document = {
        "collectie": collection.id,
        "titel": {"nl": collection.titel_nl, "en": collection.title_en},
        "bronnen": list(collection.bronnen),
        "patronen": {status.value: sign for status, sign in MISSING_SIGNS.items()},
        "statussen": _statuses(),
        "indicatoren": {name: _entry(catalogue.get(name), one) for name, one in frozen.items()},
    }
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")) + "\n"


def _entry(indicator: Indicator, frozen: Frozen) -> dict[str, Any]:
    scheme = frozen.scheme
    described = _classes(scheme) if isinstance(scheme, ClassScheme) else _circles(scheme)
    titles = {"titel": {"nl": indicator.titel_nl, "en": indicator.title_en}}
    return {**titles, **as_json(frozen), **described, **_middle(indicator)}


def _middle(indicator: Indicator) -> dict[str, Any]:
    """Name the value that is neither above nor below."""
    names = middle_name(indicator)
    if names is None:
        return {}
    return {"midden": indicator.midden, "middenNaam": {"nl": names[0], "en": names[1]}}


def _statuses() -> list[dict[str, Any]]:
    """Describe how a figure is drawn that has no number, or that was carried over."""
    missing = [
        {
            "status": status.value,
            "soort": "patroon",
            "patroon": MISSING_SIGNS[status],
            "tekening": drawn,
            "lijn": PATTERN_PAPER if drawn == "leeg" else PATTERN_INK,
            "vlak": PATTERN_PAPER,
        }
        for status, drawn in _PATTERNS.items()
    ]
    edges = [
        {"status": status.value, "soort": "rand", "tekening": drawn}
        for status, drawn in _EDGES.items()
    ]
    return [
        {**entry, "labels": {"nl": status.label_nl, "en": status.label_en}}
        for entry in (*missing, *edges)
        for status in [Status(entry["status"])]
    ]


def _classes(scheme: ClassScheme) -> dict[str, Any]:
    return {
        "soort": "klassen",
        "labels": {"nl": scheme.labels(), "en": english_labels(scheme)},
    }


def _circles(scheme: SymbolScale) -> dict[str, Any]:
    return {
        "soort": "cirkels",
        "kleur": CIRCLE,
        "kleurOnder": CIRCLE_BELOW,
        "rand": CIRCLE_EDGE,
        "voorbeelden": [[value, scheme.radius_of(value)] for value in scheme.examples()],
    }


def english_labels(scheme: ClassScheme) -> list[str]:
    """Return the English label of every class; those in Dutch are ``ClassScheme.labels``."""
    if not scheme.breaks:
        return ["all values"]
    ends = [f"{value:,.{scheme.decimals}f}" for value in scheme.breaks]
    inner = [f"{low} to {high}" for low, high in pairwise(ends)]
    return [f"less than {ends[0]}", *inner, f"{ends[-1]} and more"]


def _published(layer: pa.Table, indicator: Indicator) -> list[float]:
    """Return all values of an indicator as they are shown: rounded, none for what is missing."""
    decimals = decimals_of(indicator.afronding)
    cells = layer[indicator.id].drop_null().to_pylist()
    return [round(value, decimals) for value in cells]
