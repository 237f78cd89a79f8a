"""The country of ``tests.preview.country`` with a density on it, and its frozen classes."""

from pathlib import Path

from spatial.preview.density_schemes import freeze_densities
from spatial.store.rasters.index import Coverage
from spatial.store.snapshot import MAPS, Snapshot
from tests.densities import steep, write_coverage
from tests.preview.country import country_snapshot

WEST = 120_000.0
"""Where the squares of the country begin (m, RD)."""


def dense_country(root: Path) -> tuple[Snapshot, Coverage]:
    """Write and publish the country; ``root`` is the store."""
    snapshot = country_snapshot(root)
    coverage = write_coverage(snapshot.path, WEST, steep)
    for name, text in freeze_densities(snapshot, root).items():
        (snapshot.path / MAPS / name).write_text(text, encoding="utf-8")
    return snapshot, coverage
