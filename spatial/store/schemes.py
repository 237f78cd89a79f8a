"""The class schemes of a store: made once, kept beside the snapshots, read by every later build.

    <root>/stijlen/<collection>.json   per set of sources the scheme of every indicator

Figures of other sources have schemes of their own: examples never decide on the colours of facts.
A snapshot holds copies of what it used, so it can be read without this folder.
"""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from spatial.errors import StoreError
from spatial.store.catalogue import Collection, Contents, Kind

SCHEMES = "stijlen"
"""Folder of the store with the schemes, and of the maps of a snapshot with copies."""

type Entry = Mapping[str, Any]
"""The scheme of one indicator as JSON values."""
type Style = Mapping[str, Any]
"""The schemes of a collection, with title, sources, patterns and statuses."""
type Entries = Mapping[str, Entry]
"""Schemes by id of their indicator."""


def owners(contents: Contents) -> dict[str, Collection]:
    """Return the collections on whose values schemes are made, by ``Collection.basis``.

    The series in one indeling and the analyses use the schemes of what they are made of.
    """
    found: dict[str, Collection] = {}
    for collection in contents.collections:
        if collection.kind is not Kind.INDICATOREN:
            continue
        if collection.id == collection.basis or collection.basis not in found:
            found[collection.basis] = collection
    return found


def read_style(maps: Path, collection: Collection) -> Style:
    """Read the schemes that a snapshot holds for a collection, with the signs beside them.

    Args:
        maps: the folder of the maps of the snapshot.
        collection: of kind ``indicatoren``.

    Raises:
        StoreError: the file is missing or damaged.
    """
    try:
        found: Style = json.loads((maps / collection.stijl).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        message = f"{collection.stijl} of the snapshot cannot be read: {error}"
        raise StoreError(message) from error
    return found


def read_schemes(root: Path, contents: Contents) -> dict[str, Entries]:
    """Read the schemes that a store has for the collections of a snapshot, and their sources.

    Returns:
        Schemes by ``Collection.basis``; collections without any are left out.

    Raises:
        StoreError: a file of schemes is damaged.
    """
    found = {
        basis: read_entries(root, basis, _sources(contents, collection))
        for basis, collection in owners(contents).items()
    }
    return {basis: entries for basis, entries in found.items() if entries}


def read_entries(root: Path, basis: str, sources: Mapping[str, str]) -> Entries:
    """Read the schemes that a store has for figures of some sources; none when it has none.

    Args:
        root: the store.
        basis: whose they are.
        sources: status of every source by its id.

    Raises:
        StoreError: the file of schemes is damaged.
    """
    kept = _read(_file(root, basis))
    return next((series["indicatoren"] for series in kept if series["bronnen"] == sources), {})


def keep_schemes(root: Path, contents: Contents, schemes: Mapping[str, Entries]) -> None:
    """Keep schemes for later builds; what was kept for other sources or indicators stays.

    Args:
        root: the store.
        contents: of the snapshot that uses them.
        schemes: by ``Collection.basis``.

    Raises:
        StoreError: a file of schemes is damaged.
    """
    by_basis = owners(contents)
    for basis, entries in schemes.items():
        keep_entries(root, basis, _sources(contents, by_basis[basis]), entries)


def keep_entries(root: Path, basis: str, sources: Mapping[str, str], entries: Entries) -> None:
    """Keep schemes for figures of some sources, as ``keep_schemes`` does.

    Raises:
        StoreError: the file of schemes is damaged.
    """
    file = _file(root, basis)
    kept = _read(file)
    others = [series for series in kept if series["bronnen"] != sources]
    before = read_entries(root, basis, sources)
    series = [*others, {"bronnen": dict(sources), "indicatoren": {**before, **entries}}]
    if series[-1] not in kept:
        _write(file, {"collectie": basis, "reeksen": series})


def _sources(contents: Contents, collection: Collection) -> dict[str, str]:
    return {name: contents.source(name).status.value for name in sorted(collection.bronnen)}


def _file(root: Path, basis: str) -> Path:
    return root / SCHEMES / f"{basis}.json"


def _read(file: Path) -> list[dict[str, Any]]:
    try:
        series = json.loads(file.read_text(encoding="utf-8"))["reeksen"]
        return [{name: one[name] for name in ("bronnen", "indicatoren")} for one in series]
    except FileNotFoundError:
        return []
    except (OSError, ValueError, LookupError, TypeError) as error:
        message = (
            f"the class schemes in {file} cannot be read: {error!r}; put back the file, or delete "
            "it to have schemes made anew"
        )
        raise StoreError(message) from error


def _write(file: Path, document: Mapping[str, Any]) -> None:
    """Write a file in one rename: a build that is broken off leaves the old one."""
    file.parent.mkdir(parents=True, exist_ok=True)
    partial = file.with_name(f".{file.name}-{os.getpid()}")
    text = json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    partial.write_text(text, encoding="utf-8", newline="\n")
    partial.replace(file)
