"""An immutable snapshot folder: built beside the live one, checked, swapped in by one rename.

    <root>/snapshots/<id>/manifest.json   schema version, build parameters, sha256 of every file
    <root>/snapshots/<id>/catalogue.json  collections and sources
    <root>/snapshots/<id>/*.parquet       layers
    <root>/snapshots/<id>/antwoorden/*    features as the server answers them
    <root>/snapshots/<id>/bestanden/*     whole collections as files
    <root>/snapshots/<id>/kubus/*         all observations, to be mapped into memory (see ``cube``)
    <root>/snapshots/<id>/waarnemingen/*  the same as Parquet, a file per group
    <root>/snapshots/<id>/kaart/*.html    previews
    <root>/snapshots/<id>/dichtheid/*     densities as GeoTIFF (see ``rasters``)
    <root>/snapshots/<id>/reeksen/*       all cells in chosen indelingen, a folder per group
    <root>/live -> snapshots/<id>         replaced by one rename
    <root>/stijlen/*.json                 class schemes, kept from build to build

The id follows from the contents, so two builds of the same input are the same snapshot.
"""

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pyarrow as pa

from spatial.domain.sources import SourceStatus
from spatial.errors import StoreError
from spatial.store.answers import ANSWERS, open_features, open_shapes
from spatial.store.catalogue import Collection, Contents, from_json, to_json
from spatial.store.cube.read import Cube
from spatial.store.finish import write_products
from spatial.store.layers import read_layer, write_layer
from spatial.store.memberships import MEMBERSHIPS_FILE, Memberships, memberships_from

SCHEMA_VERSION = 7
MANIFEST = "manifest.json"
CATALOGUE = "catalogue.json"
LIVE = "live"
MAPS = "kaart"
SNAPSHOTS = "snapshots"
_PARTIAL = ".partial-"


@dataclass(frozen=True)
class Snapshot:
    """A finished snapshot, opened for reading."""

    path: Path
    manifest: Mapping[str, Any]

    @property
    def id(self) -> str:
        """Name of the snapshot: a digest of its contents."""
        return self.path.name

    @cached_property
    def contents(self) -> Contents:
        """Its collections and sources."""
        return from_json(_read_json(self.path / CATALOGUE))

    def layer(self, collection: Collection) -> pa.Table:
        """Read the layer of a collection (see ``store.layers``)."""
        return read_layer(self.path / collection.bestand)

    def features(self, collection: Collection) -> pa.Table:
        """Map the features of a collection as they are answered, once (see ``store.answers``)."""
        if collection.id not in self._mapped:
            self._mapped[collection.id] = open_features(self.path, collection)
        return self._mapped[collection.id]

    @cached_property
    def cube(self) -> Cube:
        """All observations, mapped into memory (see ``store.cube``)."""
        return Cube(self.path)

    def shapes(self) -> pa.Table:
        """Map the different shapes of all collections (see ``store.shapes``)."""
        return open_shapes(self.path)

    @cached_property
    def _mapped(self) -> dict[str, pa.Table]:
        """What ``features`` has given out: reading the head of a wide file takes its time."""
        return {}

    @cached_property
    def memberships(self) -> Memberships:
        """The gemeenten of every region, per indeling (see ``store.memberships``)."""
        return memberships_from(self.table(MEMBERSHIPS_FILE))

    def table(self, name: str) -> pa.Table:
        """Read another table of the snapshot by file name."""
        return read_layer(self.path / name)

    def verify(self) -> list[str]:
        """Return the files whose bytes are not those that the manifest names."""
        expected: Mapping[str, str] = self.manifest["files"]
        found = _digests(self.path)
        return sorted(name for name in {*expected, *found} if expected.get(name) != found.get(name))


def open_snapshot(path: Path) -> Snapshot:
    """Open a snapshot folder, or the live one of a store.

    Args:
        path: a snapshot folder, or a store root (folder with ``live`` in it).

    Raises:
        StoreError: there is none, or it was written by another version.
    """
    folder = (path / LIVE if (path / LIVE).exists() else path).resolve()
    if not (folder / MANIFEST).is_file():
        message = f"no snapshot in {path}: run 'spatial build' first"
        raise StoreError(message)
    manifest = _read_json(folder / MANIFEST)
    if manifest.get("schema_version") != SCHEMA_VERSION:
        message = (
            f"snapshot {folder.name} has schema version {manifest.get('schema_version')!r}, "
            f"this program reads {SCHEMA_VERSION}: run 'spatial build' again"
        )
        raise StoreError(message)
    return Snapshot(folder, manifest)


class Draft:
    """A snapshot being written; becomes real only through ``publish``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._digests: dict[str, str] = {}
        self._described: Contents | None = None

    def add_layer(self, name: str, table: pa.Table) -> None:
        """Write one table as (Geo)Parquet."""
        self._digests.pop(name, None)
        write_layer(table, self.folder / name)

    def add_text(self, name: str, text: str) -> None:
        """Write one text file in UTF-8; its folder is made when it is not there."""
        self.add_bytes(name, text.encode())

    def add_bytes(self, name: str, content: bytes) -> None:
        """Write one file, such as a picture; its folder is made when it is not there."""
        self._digests.pop(name, None)
        target = self.folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)

    def seal(self, contents: Contents, parameters: Mapping[str, Any]) -> Snapshot:
        """Write answers, files and catalogue, and the manifest over all files there are now.

        A draft may be sealed again when texts were added: what is there already stays as it is.

        Args:
            contents: collections and sources.
            parameters: how it was built; no clock, no machine: they make the id.
        """
        if not (self.folder / ANSWERS).exists():
            write_products(self.folder, contents)
        if contents is not self._described:
            self.add_text(CATALOGUE, _json(to_json(contents)))
            self._described = contents
        manifest = {
            "schema_version": SCHEMA_VERSION,
            "parameters": dict(parameters),
            "example": any(s.status is SourceStatus.VOORBEELDCIJFERS for s in contents.sources),
            "files": _digests(self.folder, self._digests),
        }
        self.add_text(MANIFEST, _json(manifest))
        return Snapshot(self.folder, manifest)


@contextmanager
def draft(root: Path) -> Iterator[Draft]:
    """Give a folder to write a snapshot in; it is gone afterwards unless it was published.

    Raises:
        StoreError: the store cannot be written (no permission, disk full).
    """
    snapshots = root / SNAPSHOTS
    try:
        snapshots.mkdir(parents=True, exist_ok=True)
        for stale in snapshots.glob(f"{_PARTIAL}*"):
            shutil.rmtree(stale, ignore_errors=True)
        folder = Path(tempfile.mkdtemp(prefix=_PARTIAL, dir=snapshots))
        try:
            yield Draft(folder)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    except OSError as error:
        message = (
            f"the snapshot cannot be written in {root}: {error}; the last good one is still live"
        )
        raise StoreError(message) from error


def publish(finished: Draft, root: Path) -> Snapshot:
    """Give a sealed draft its name and make it live by one rename.

    Raises:
        StoreError: the draft was not sealed.
    """
    manifest = finished.folder / MANIFEST
    if not manifest.is_file():
        message = "a draft without manifest cannot be published"
        raise StoreError(message)
    name = name_of(manifest.read_bytes())
    target = root / SNAPSHOTS / name
    finished.folder.chmod(0o755)
    if not target.exists():
        finished.folder.replace(target)
    return open_snapshot(make_live(root, name))


def name_of(manifest: bytes) -> str:
    """Return the id of the snapshot that has this manifest."""
    return hashlib.sha256(manifest).hexdigest()[:16]


def make_live(root: Path, name: str) -> Path:
    """Point ``live`` to a snapshot of a store, in one rename; return its folder."""
    pointer = root / f".{LIVE}-{name}-{os.getpid()}"
    pointer.symlink_to(Path(SNAPSHOTS) / name)
    pointer.replace(root / LIVE)
    return root / SNAPSHOTS / name


def prune(root: Path, *, keep: int) -> list[str]:
    """Delete all but the ``keep`` newest snapshots and the live one; return the deleted ids."""
    live = (root / LIVE).resolve()
    folders = [entry for entry in (root / SNAPSHOTS).iterdir() if entry.resolve() != live]
    folders.sort(key=lambda entry: entry.stat().st_mtime_ns, reverse=True)
    old = folders[max(keep - 1, 0) :]
    for folder in old:
        shutil.rmtree(folder)
    return sorted(folder.name for folder in old)


def _digests(folder: Path, known: dict[str, str] | None = None) -> dict[str, str]:
    """Return the digest of every file; those that are known are not read, new ones are added."""
    digests = {} if known is None else known
    files = sorted(
        entry for entry in folder.rglob("*") if entry.is_file() and entry.name != MANIFEST
    )
    for entry in files:
        name = str(entry.relative_to(folder))
        if name not in digests:
            digests[name] = digest_of(entry)
    return dict(digests)


def digest_of(path: Path) -> str:
    """Return the checksum of a file (sha256)."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _json(document: Mapping[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _read_json(path: Path) -> dict[str, Any]:
    try:
        document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        message = f"{path.name} of the snapshot cannot be read: {error}"
        raise StoreError(message) from error
    return document
