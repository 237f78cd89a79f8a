"""Where every fetched file came from, when, and what its bytes are: a manifest per folder."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from spatial.domain.mirror import MANIFEST
from spatial.errors import SourceError

_VERSION = 1


@dataclass(frozen=True, slots=True)
class Entry:
    """One file.

    Attributes:
        path: from the folder; ends in ``.gz`` when it came packed.
        url: address that was asked.
        fetched: when it came (UTC, ISO 8601).
        size: bytes of the file.
        sha256: checksum of the file.
        content: checksum of the rows in it, unpacked; of the file when it is no table.
        etag: validator that came with it; empty: none.
        last_modified: the same, as a date.
        rows: rows or features in it; None when it is no table.
        next: address of the page after it, as the source gives it; empty: it is the last.
        licence: of this file, where it has one of its own.
    """

    path: str
    url: str
    fetched: str
    size: int
    sha256: str
    content: str
    etag: str = ""
    last_modified: str = ""
    rows: int | None = None
    next: str = ""
    licence: str = ""


_NAMES = {"size": "bytes", "content": "contentSha256", "last_modified": "lastModified"}
_OF_NAME = {name: attribute for attribute, name in _NAMES.items()}


@dataclass(frozen=True, slots=True)
class Manifest:
    """A folder of fetched files.

    Attributes:
        files: entry by path.
        about: the source in its own words: title, licence, version, what was asked of it.
        complete: whether all that was asked is there.
    """

    files: Mapping[str, Entry]
    about: Mapping[str, Any] = field(default_factory=dict)
    complete: bool = False


def read_manifest(folder: Path) -> Manifest | None:
    """Return the manifest of a folder; None when it has none.

    Raises:
        SourceError: it cannot be read.
    """
    path = folder / MANIFEST
    if not path.is_file():
        return None
    return parse_manifest(path.read_bytes(), str(path))


def parse_manifest(text: bytes, where: str) -> Manifest:
    """Read a manifest; a path in it that leads out of its folder is refused.

    Raises:
        SourceError: it cannot be read.
    """
    try:
        document = json.loads(text)
        entries = [_entry(row) for row in document["files"]]
        manifest = Manifest(
            {entry.path: entry for entry in entries}, document["about"], document["complete"]
        )
    except (ValueError, KeyError, TypeError) as error:
        message = f"{where} is not a manifest of fetched files: {error}"
        raise SourceError(message) from error
    for path in manifest.files:
        if Path(path).is_absolute() or ".." in Path(path).parts or "\\" in path:
            message = f"{where}: {path!r} leads out of the folder"
            raise SourceError(message)
    return manifest


def _entry(row: Mapping[str, Any]) -> Entry:
    return Entry(**{_OF_NAME.get(name, name): value for name, value in row.items()})


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write the manifest of a folder, whole or not at all, through to the disk."""
    document = {
        "schemaVersion": _VERSION,
        "complete": manifest.complete,
        "about": manifest.about,
        "files": [_row(manifest.files[path]) for path in sorted(manifest.files)],
    }
    path = folder / MANIFEST
    unfinished = path.with_name(f"{MANIFEST}.part")
    with unfinished.open("w", encoding="utf-8") as file:
        json.dump(document, file, ensure_ascii=False, indent=1)
        file.write("\n")
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)


def _row(entry: Entry) -> dict[str, Any]:
    values = {name: getattr(entry, name) for name in Entry.__slots__}
    return {
        _NAMES.get(name, name): value for name, value in values.items() if value not in {"", None}
    }
