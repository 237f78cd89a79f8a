"""The live snapshot as it is served: one edition answers a request from beginning to end."""

import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from spatial.errors import StoreError
from spatial.serve.layer import Layer
from spatial.serve.shapes import Pool
from spatial.store.catalogue import Collection, Contents, Field
from spatial.store.snapshot import LIVE, MANIFEST, Snapshot, open_snapshot


@dataclass(frozen=True, slots=True)
class Edition:
    """One snapshot with its layers, each loaded when first asked for; safe for threads.

    Attributes:
        snapshot: where it is read from; it never changes.
        moment: when it was made, to the second (UTC): ``Last-Modified`` and ``timeStamp``.
    """

    snapshot: Snapshot
    moment: datetime
    _pool: Pool
    _loaded: dict[str, Layer] = field(default_factory=dict)
    _lock: threading.RLock = field(default_factory=threading.RLock)

    @property
    def id(self) -> str:
        """Name of the snapshot."""
        return self.snapshot.id

    @property
    def contents(self) -> Contents:
        """Its collections and sources."""
        return self.snapshot.contents

    def collection(self, collection_id: str) -> Collection:
        """Return the description of a collection.

        Raises:
            StoreError: the snapshot has no such collection.
        """
        return self.contents.get(collection_id)

    def fields(self, collection_id: str) -> dict[str, Field]:
        """Return the properties of a collection by name, in order.

        Raises:
            StoreError: the snapshot has no such collection.
        """
        return {entry.naam: entry for entry in self.collection(collection_id).velden}

    def layer(self, collection_id: str) -> Layer:
        """Return a collection with its features.

        Raises:
            StoreError: the snapshot has no such collection, or its file is damaged.
        """
        with self._lock:
            if collection_id not in self._loaded:
                collection = self.collection(collection_id)
                features = self.snapshot.features(collection)
                self._loaded[collection_id] = Layer(collection, features, self._pool)
            return self._loaded[collection_id]


class Editions:
    """The editions of a store; follows ``live``."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._lock = threading.Lock()
        self._current: Edition | None = None

    @property
    def current(self) -> Edition:
        """The edition of the live snapshot; a request takes it once and keeps it.

        Raises:
            StoreError: there is no snapshot.
        """
        target = (self._root / LIVE).resolve()
        with self._lock:
            if self._current is None or self._current.snapshot.path != target:
                self._current = _open(self._root)
            return self._current


@cache
def open_editions(root: Path) -> Editions:
    """Return the editions of a store, the same object for the whole process."""
    return Editions(root)


def _open(root: Path) -> Edition:
    snapshot = open_snapshot(root)
    try:
        written = (snapshot.path / MANIFEST).stat().st_mtime
    except OSError as error:
        message = f"snapshot {snapshot.id} cannot be read: {error}"
        raise StoreError(message) from error
    return Edition(snapshot, datetime.fromtimestamp(int(written), UTC), Pool(snapshot.shapes()))
