"""The frozen classes of densities: made on a first publication, kept for all later ones.

People live close together in few places: equal steps would put nearly all cells in one class, so
the steps grow (1, 2, 5, 10, ...), between the values that most cells have.
"""

import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from spatial.domain.sources import SourceStatus
from spatial.errors import StoreError
from spatial.preview.classes import MAX_CLASSES, ClassScheme, chosen_classes
from spatial.preview.raster import band_values
from spatial.preview.schemes import Frozen, as_json, from_json
from spatial.preview.styles import english_labels
from spatial.store.rasters.index import Coverage, read_coverages
from spatial.store.schemes import keep_entries, read_entries
from spatial.store.snapshot import MAPS, Snapshot

_STEPS = (1, 2, 5)
_RANGE = (10, 99)
"""Percentiles between which the breaks lie."""


def freeze_densities(snapshot: Snapshot, root: Path, *, renew: bool = False) -> dict[str, str]:
    """Return the schemes of all densities: those that the store kept, and new ones that it now keeps.

    Args:
        snapshot: holds the coverages.
        root: of the store.
        renew: make all of them anew, each with a higher version.

    Returns:
        JSON by file name, beside the maps.

    Raises:
        StoreError: a scheme that was kept, or a coverage, is damaged.
    """
    documents = {}
    for coverage in read_coverages(snapshot.path):
        sources = _sources(coverage)
        entry = read_entries(root, coverage.id, sources).get(coverage.indicator)
        before = None if entry is None else from_json(entry)
        if before is None or renew or before.eenheid != coverage.unit:
            version = 1 if before is None else before.versie + 1
            frozen = freeze_density(snapshot.path, coverage, version)
        else:
            frozen = before
        if frozen.bereik is not None:
            keep_entries(root, coverage.id, sources, {coverage.indicator: as_json(frozen)})
        documents[scheme_file(coverage)] = _document(coverage, frozen)
    return documents


def freeze_density(folder: Path, coverage: Coverage, version: int = 1) -> Frozen:
    """Make the scheme of a density on all cells of all its bands.

    Args:
        folder: of the snapshot.
        coverage: the density.
        version: of the scheme.

    Raises:
        StoreError: the coverage is damaged.
    """
    every = [band_values(folder, coverage, band) for band in coverage.bands]
    values = np.concatenate([cells[~np.isnan(cells)] for cells in every])
    between = tuple(np.percentile(values, _RANGE).tolist()) if len(values) else None
    return Frozen(
        version,
        coverage.bands[-1].peilmoment,
        (float(values.min()), float(values.max())) if len(values) else None,
        None,
        gekozen=False,
        eenheid=coverage.unit,
        scheme=chosen_classes(() if between is None else growing_breaks(between[0], between[1])),
    )


def growing_breaks(low: float, high: float) -> tuple[float, ...]:
    """Return readable breaks in a range that grow by about two each time; at most six.

    Args:
        low: above 0.
        high: not below it.
    """
    first, last = (math.floor(math.log10(end)) for end in (low, high))
    every = [
        step * 10.0**power for power in range(first, last + 1) for step in _STEPS
        if low < step * 10.0**power <= high
    ]  # fmt: skip
    most = MAX_CLASSES - 1
    if len(every) <= most:
        return tuple(every)
    places = np.linspace(0, len(every) - 1, most).round().astype(int)
    return tuple(every[place] for place in places)


def density_scheme(snapshot: Snapshot, coverage: Coverage) -> ClassScheme:
    """Return the scheme of a density: that of the snapshot.

    Raises:
        StoreError: the snapshot has none, or it is damaged.
    """
    path = snapshot.path / MAPS / scheme_file(coverage)
    try:
        entry = json.loads(path.read_text(encoding="utf-8"))["indicatoren"][coverage.indicator]
    except (OSError, ValueError, LookupError, TypeError) as error:
        message = f"the scheme of {coverage.id} cannot be read from {path.name}: {error!r}"
        raise StoreError(message) from error
    scheme = from_json(entry).scheme
    if not isinstance(scheme, ClassScheme):
        message = f"the scheme of {coverage.id} in {path.name} has no classes"
        raise StoreError(message)
    return scheme


def scheme_file(coverage: Coverage) -> str:
    """Name the file beside the maps with the scheme of a density."""
    return f"stijlen/{coverage.id}.json"


def _sources(coverage: Coverage) -> Mapping[str, str]:
    status = SourceStatus.VOORBEELDCIJFERS if coverage.voorbeeld else SourceStatus.OFFICIEEL
    return {coverage.source: status.value}


def _document(coverage: Coverage, frozen: Frozen) -> str:
    titles = {"nl": coverage.title_nl, "en": coverage.title_en}
    entry: dict[str, Any] = {"titel": titles, **as_json(frozen), "soort": "klassen"}
    if isinstance(frozen.scheme, ClassScheme):
        labels: Mapping[str, Sequence[str]] = {
            "nl": frozen.scheme.labels(),
            "en": english_labels(frozen.scheme),
        }
        entry["labels"] = labels
    document = {
        "collectie": coverage.id,
        "titel": titles,
        "bronnen": [coverage.source],
        "indicatoren": {coverage.indicator: entry},
    }
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")) + "\n"
