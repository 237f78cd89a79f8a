"""Stores that tests share, built once for as long as nothing changes from which they are built."""

import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

from filelock import FileLock

ROOT = Path(__file__).parents[1]
KEPT = ROOT / ".cache" / "stores"
_FROM = ("spatial", "boundaries", "requirements", "pygeoapi-config.yml")
"""All that a build reads of the project."""


def store_of(
    name: str, target: Path, build: Callable[[Path], None], source: Path | None = None
) -> None:
    """Put a built store at a place of its own; the first one to ask builds it.

    Args:
        name: of the kind of store.
        target: folder to make; nothing happens to it that another run sees.
        build: builds into an empty folder.
        source: what it is built from, besides the project; None for nothing.
    """
    kept = KEPT / f"{name}-{_key(source)}"
    KEPT.mkdir(parents=True, exist_ok=True)
    with FileLock(KEPT / f"{name}.lock"):
        if not kept.exists():
            for older in KEPT.glob(f"{name}-*"):
                shutil.rmtree(older)
            unfinished = KEPT / f".{name}"
            shutil.rmtree(unfinished, ignore_errors=True)
            build(unfinished)
            unfinished.rename(kept)
        shutil.copytree(kept, target, symlinks=True, copy_function=_link_or_copy)


def _link_or_copy(source: str, target: str) -> None:
    """Link what no one writes to: files of a snapshot; copy the rest."""
    if "snapshots" in Path(source).relative_to(KEPT).parts:
        try:
            os.link(source, target)
        except OSError:  # another file system
            shutil.copy2(source, target)
    else:
        shutil.copy2(source, target)


def _key(source: Path | None) -> str:
    """Return another text as soon as another store could be built."""
    digest = hashlib.sha256()
    for path in _files([ROOT / name for name in _FROM]):
        digest.update(f"{path.relative_to(ROOT)}\0".encode())
        digest.update(path.read_bytes())
    for path in _files([source] if source else []):
        said = path.stat()
        digest.update(f"{path}\0{said.st_size}\0{said.st_mtime_ns}\0".encode())
    return digest.hexdigest()[:16]


def _files(places: list[Path]) -> Iterator[Path]:
    for place in places:
        found = place.rglob("*") if place.is_dir() else [place]
        yield from sorted(
            path for path in found if path.is_file() and path.suffix not in {".pyc", ".pyo"}
        )
