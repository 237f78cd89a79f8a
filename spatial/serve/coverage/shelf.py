"""The coverages of an edition, read when first asked for."""

from functools import lru_cache
from pathlib import Path

from spatial.serve.read.edition import Edition
from spatial.store.rasters.index import Coverage, read_coverages


def coverages_of(edition: Edition) -> dict[str, Coverage]:
    """Return the coverages of an edition by id; none when it was built without.

    Raises:
        StoreError: their index is damaged.
    """
    return {entry.id: entry for entry in _read(edition.snapshot.path)}


@lru_cache(maxsize=4)
def _read(snapshot: Path) -> tuple[Coverage, ...]:
    """Read an index once: a snapshot never changes."""
    return read_coverages(snapshot)
