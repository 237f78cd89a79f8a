"""Snapshots in object storage: put there whole, brought here whole, checked before they are served.

    <origin>/snapshots/<id>/...   the files of a snapshot; its manifest is written as the last
    <origin>/live.json            which snapshot is live: replaced in one write

A server reads files that are mapped into memory, so it does not read from an origin: it follows one.
The live snapshot is brought to the store on disk, and a new one is swapped in as a build does it.
"""

import fcntl
import json
import logging
import os
import re
import shutil
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

import fsspec

from spatial.errors import SpatialError, StoreError
from spatial.store.snapshot import (
    LIVE,
    MANIFEST,
    SNAPSHOTS,
    Snapshot,
    digest_of,
    make_live,
    name_of,
    open_snapshot,
    prune,
)

type Step = Callable[[str, int, int], None]
"""Told which file is done, how many are, and how many there are."""

LIVE_OBJECT = "live.json"
_PULLING = ".pulling-"
_LOCK = ".pull.lock"
_KEEP = 3
_ID = re.compile(r"[0-9a-f]{16}")

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Origin:
    """A place where snapshots are kept for others.

    Attributes:
        url: its address: ``s3://bucket/prefix``, or another one that fsspec knows.
        files: what is read and written there, as fsspec does it.
        base: path of the address in it.
    """

    url: str
    files: Any
    base: str

    def path(self, name: str) -> str:
        """Return the path of an object."""
        return f"{self.base}/{name}"


def open_origin(url: str) -> Origin:
    """Open an origin; credentials and address of the service come from its own environment.

    Raises:
        StoreError: no driver is installed for it, or it is no address.
    """
    try:
        # what was listed before must not be remembered: others write there
        files, base = fsspec.url_to_fs(url, skip_instance_cache=True, use_listings_cache=False)
    except (ImportError, ValueError) as error:
        message = f"{url} cannot be opened: {error} (object storage: install the extra 's3')"
        raise StoreError(message) from error
    return Origin(url, files, base.rstrip("/"))


def push(snapshot: Snapshot, origin: Origin, step: Step) -> str:
    """Put a snapshot in an origin and make it live there; what is there already is not sent again.

    Args:
        snapshot: on disk; its files must be as its manifest says.
        origin: where to.
        step: told of every file.

    Returns:
        The id of the snapshot.

    Raises:
        StoreError: a file is damaged here, or the origin cannot be written.
    """
    if damaged := snapshot.verify():
        message = f"snapshot {snapshot.id} is damaged and was not sent: {damaged[0]}"
        raise StoreError(message)
    folder = f"{SNAPSHOTS}/{snapshot.id}"
    sizes = {name: (snapshot.path / name).stat().st_size for name in snapshot.manifest["files"]}
    with _told(origin, "written"):
        there = _sizes(origin, folder)
        for done, (name, size) in enumerate(sizes.items(), start=1):
            if there.get(name) != size:
                _put(origin, snapshot.path / name, f"{folder}/{name}")
            step(name, done, len(sizes))
        _put(origin, snapshot.path / MANIFEST, f"{folder}/{MANIFEST}")
        origin.files.pipe_file(origin.path(LIVE_OBJECT), _pointer(snapshot.id))
    return snapshot.id


def pull(origin: Origin, root: Path, step: Step) -> Snapshot:
    """Bring the live snapshot of an origin to a store, and make it live there.

    What was brought before, also by a pull that was broken off, and what other snapshots of the
    store have is not brought again. A file counts as there when its checksum is right.

    Args:
        origin: where from.
        root: the store.
        step: told of every file.

    Raises:
        StoreError: the origin cannot be read, has no snapshot, or has a damaged one; the one that
            was live still is.
    """
    with _told(origin, "read"):
        name = _live_of(origin)
        if not (root / SNAPSHOTS / name / MANIFEST).is_file():
            with _alone(root):
                _bring(origin, root, name, step)
    # of another version it cannot be served: then the one before stays live
    snapshot = open_snapshot(root / SNAPSHOTS / name)
    make_live(root, name)
    prune(root, keep=_KEEP)
    return snapshot


def follow(origin: Origin, root: Path, every_s: float, stopped: threading.Event) -> None:
    """Bring new snapshots until ``stopped``; what goes wrong is logged, and tried again later."""
    while not stopped.wait(every_s):
        try:
            with _told(origin, "read"):
                name = _live_of(origin)
            if (root / LIVE).resolve().name != name:
                pull(origin, root, lambda _name, _done, _all: None)
                log.info("snapshot %s was brought from %s", name, origin.url)
        except SpatialError:
            log.exception("no new snapshot from %s; the one before is still live", origin.url)


def _bring(origin: Origin, root: Path, name: str, step: Step) -> None:
    folder = f"{SNAPSHOTS}/{name}"
    content: bytes = origin.files.cat_file(origin.path(f"{folder}/{MANIFEST}"))
    if name_of(content) != name:
        message = f"{origin.url}: the manifest of snapshot {name} is damaged"
        raise StoreError(message)
    files = _files_of(content, origin)
    partial = root / SNAPSHOTS / f"{_PULLING}{name}"
    for stale in (root / SNAPSHOTS).glob(f"{_PULLING}*"):
        if stale != partial:
            shutil.rmtree(stale, ignore_errors=True)
    partial.mkdir(parents=True, exist_ok=True)
    known = _known(root)
    for count, (path, digest) in enumerate(files.items(), start=1):
        _bring_file(origin, f"{folder}/{path}", partial / path, (digest, known.get(digest)))
        step(path, count, len(files))
    for entry in [entry for entry in partial.rglob("*") if entry.is_file()]:
        if str(entry.relative_to(partial)) not in files:
            entry.unlink()
    (partial / MANIFEST).write_bytes(content)
    partial.chmod(0o755)
    partial.replace(root / SNAPSHOTS / name)


def _bring_file(origin: Origin, source: str, target: Path, wanted: tuple[str, Path | None]) -> None:
    """Bring one file; a copy that is here already will do when its checksum is right."""
    digest, here = wanted
    if target.is_file() and digest_of(target) == digest:
        return
    target.unlink(missing_ok=True)
    target.parent.mkdir(parents=True, exist_ok=True)
    if here is not None and digest_of(here) == digest:
        try:
            os.link(here, target)
        except OSError:
            # not on this disk, or not allowed
            shutil.copyfile(here, target)
        return
    origin.files.get_file(origin.path(source), str(target))
    if digest_of(target) != digest:
        target.unlink()
        message = f"{origin.url}: {source} is not what its manifest says"
        raise StoreError(message)


def _files_of(content: bytes, origin: Origin) -> dict[str, str]:
    """Return the checksums of a manifest, of files that lie in its own folder."""
    files: dict[str, str] = json.loads(content)["files"]
    for name in files:
        parts = PurePosixPath(name).parts
        if not parts or ".." in parts or PurePosixPath(name).is_absolute() or name == MANIFEST:
            message = f"{origin.url}: the manifest names a file outside its snapshot: {name!r}"
            raise StoreError(message)
    return files


def _known(root: Path) -> dict[str, Path]:
    """Return files of the snapshots that are here, by their checksum as their manifests say."""
    found: dict[str, Path] = {}
    for manifest in (root / SNAPSHOTS).glob(f"*/{MANIFEST}"):
        files: Mapping[str, str] = json.loads(manifest.read_text(encoding="utf-8"))["files"]
        found |= {digest: manifest.parent / name for name, digest in files.items()}
    return found


def _live_of(origin: Origin) -> str:
    try:
        found = json.loads(origin.files.cat_file(origin.path(LIVE_OBJECT)))["snapshot"]
    except FileNotFoundError as error:
        message = f"there is no snapshot in {origin.url}: run 'spatial push' first"
        raise StoreError(message) from error
    if not isinstance(found, str) or not _ID.fullmatch(found):
        message = f"{origin.url}: {LIVE_OBJECT} names no snapshot"
        raise StoreError(message)
    return found


def _sizes(origin: Origin, folder: str) -> dict[str, int]:
    """Return the sizes of the objects of a snapshot that are there already."""
    base = origin.path(folder)
    found = origin.files.find(base, detail=True)
    return {path.partition(f"{folder}/")[2]: entry["size"] for path, entry in found.items()}


def _put(origin: Origin, file: Path, name: str) -> None:
    target = origin.path(name)
    origin.files.makedirs(target.rpartition("/")[0], exist_ok=True)
    origin.files.put_file(str(file), target)


def _pointer(name: str) -> bytes:
    return (json.dumps({"snapshot": name}) + "\n").encode()


@contextmanager
def _told(origin: Origin, how: str) -> Iterator[None]:
    """Turn what drivers raise into an error of the store."""
    try:
        yield
    except SpatialError:
        raise
    except Exception as error:
        # every driver has errors of its own
        message = f"{origin.url} cannot be {how}: {type(error).__name__}: {error}"
        raise StoreError(message) from error


@contextmanager
def _alone(root: Path) -> Iterator[None]:
    """Keep other pulls into the same store waiting."""
    root.mkdir(parents=True, exist_ok=True)
    with (root / _LOCK).open("wb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
