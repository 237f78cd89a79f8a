"""The live snapshot as it is served: one edition answers a request from beginning to end."""

import logging
import os
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from starlette.concurrency import run_in_threadpool

from spatial.errors import StoreError
from spatial.serve.read.cuts import Cuts
from spatial.serve.read.layer import Layer
from spatial.serve.read.shapes import Pool
from spatial.store.catalogue import Collection, Contents, Field
from spatial.store.snapshot import LIVE, MANIFEST, Snapshot, open_snapshot

type Prepare = Callable[["Edition"], None]

LOOK_EVERY_S = 0.05
"""Seconds after which memory, asked thousands of times a second, looks for a new snapshot."""

log = logging.getLogger(__name__)


class Edition:
    """One snapshot with its layers, each opened when first asked for; safe for threads.

    Attributes:
        snapshot: where it is read from; it never changes.
        moment: when it was made, to the second (UTC): ``Last-Modified`` and ``timeStamp``.
        stamp: the same as documents write it.
        pool: the shapes of all its layers.
    """

    def __init__(self, snapshot: Snapshot, moment: datetime) -> None:
        self.snapshot = snapshot
        self.moment = moment
        self.stamp = moment.strftime("%Y-%m-%dT%H:%M:%SZ")
        self.pool = Pool(snapshot.shapes())
        self._cuts = Cuts()
        self._collections = {entry.id: entry for entry in snapshot.contents.collections}
        self._fields: dict[str, dict[str, Field]] = {}
        self._loaded: dict[str, Layer] = {}
        self._lock = threading.RLock()

    @property
    def id(self) -> str:
        """Name of the snapshot."""
        return self.snapshot.id

    @property
    def contents(self) -> Contents:
        """Its collections and sources."""
        return self.snapshot.contents

    def __contains__(self, collection_id: object) -> bool:
        return collection_id in self._collections

    def collection(self, collection_id: str) -> Collection:
        """Return the description of a collection.

        Raises:
            StoreError: the snapshot has no such collection.
        """
        found = self._collections.get(collection_id)
        return self.contents.get(collection_id) if found is None else found

    def fields(self, collection_id: str) -> dict[str, Field]:
        """Return the properties of a collection by name, in order.

        Raises:
            StoreError: the snapshot has no such collection.
        """
        known = self._fields.get(collection_id)
        if known is None:
            velden = self.collection(collection_id).velden
            known = self._fields[collection_id] = {entry.naam: entry for entry in velden}
        return known

    def layer(self, collection_id: str) -> Layer:
        """Return a collection with its features.

        Raises:
            StoreError: the snapshot has no such collection, or its file is damaged.
        """
        known = self._loaded.get(collection_id)
        if known is not None:
            return known
        with self._lock:
            if collection_id not in self._loaded:
                collection = self.collection(collection_id)
                features = self.snapshot.features(collection)
                self._loaded[collection_id] = Layer(collection, features, self.pool, self._cuts)
            return self._loaded[collection_id]


class Editions:
    """The editions of a store; follows ``live``."""

    def __init__(self, root: Path, prepare: Prepare | None = None) -> None:
        """Follow the store in ``root``; ``prepare`` is done with each edition before it is served."""
        self._root = root
        self._live = str(root / LIVE)
        self._prepare = prepare
        self._lock = threading.Lock()
        self._current: Edition | None = None
        self._target = ""
        self._seen = ""
        self._look_again = 0.0

    @property
    def current(self) -> Edition:
        """The edition of the live snapshot; a request takes it once and keeps it.

        While a newer one is being prepared it is still the one before.

        Raises:
            StoreError: there is no snapshot.
        """
        target = self._pointed()
        if self._current is not None and (target == self._target or self._lock.locked()):
            return self._current
        with self._lock:
            return self._renew(target)

    def is_live(self, edition: Edition) -> bool:
        """Tell whether an edition is the live one; a newer one is looked for now and then."""
        now = time.monotonic()
        if now > self._look_again:
            self._seen, self._look_again = self._pointed(), now + LOOK_EVERY_S
        return self._current is edition and self._seen == self._target

    async def renewed(self) -> Edition:
        """Return ``current``; a new edition is prepared in a thread, and others do not wait for it.

        Raises:
            StoreError: there is no snapshot.
        """
        if self._current is not None and self._pointed() == self._target:
            return self._current
        return await run_in_threadpool(lambda: self.current)

    def _pointed(self) -> str:
        try:
            return os.readlink(self._live)  # noqa: PTH115 - asked for every request; ten times as quick
        except OSError:
            # a snapshot folder by itself, or none
            return ""

    def _renew(self, target: str) -> Edition:
        if self._current is not None and target == self._target:
            return self._current
        try:
            edition = opened(self._root / target)
            if self._prepare is not None:
                self._prepare(edition)
        except StoreError:
            if self._current is None:
                raise
            log.exception("the new snapshot cannot be read; the one before is still served")
            self._target = target
            return self._current
        log.info("snapshot %s is served", edition.id)
        self._current, self._target = edition, target
        return edition


@lru_cache(maxsize=4)
def open_editions(root: Path) -> Editions:
    """Return the editions of a store, or of one snapshot of it; the last few are the same objects.

    pygeoapi names a snapshot by its folder: those of long ago are let go, with their layers.
    """
    return Editions(root)


@lru_cache(maxsize=2)
def opened(path: Path) -> Edition:
    """Open a snapshot folder, the same object for the whole process while it is the newest.

    Raises:
        StoreError: it is not a snapshot.
    """
    snapshot = open_snapshot(path)
    try:
        written = (snapshot.path / MANIFEST).stat().st_mtime
    except OSError as error:
        message = f"snapshot {snapshot.id} cannot be read: {error}"
        raise StoreError(message) from error
    return Edition(snapshot, datetime.fromtimestamp(int(written), UTC))
