"""A folder that is being fetched: whole or not there, and no byte asked twice that was whole.

What is underway stands in ``<folder>.part``. Each answer is written through to the disk, then noted
in the manifest, then given its name: whatever moment the process ends, the next one knows which
answers are whole. The folder itself is replaced when all of them are.
"""

import fcntl
import hashlib
import os
import re
import shutil
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from spatial.errors import FetchError
from spatial.fetch.http import Answer, Client, Request
from spatial.fetch.manifest import Entry, Manifest, read_manifest, write_manifest

_PART = re.compile(r"\.page-\d+(?=\.)")


@dataclass(frozen=True, slots=True)
class Found:
    """What the check of an answer found in it.

    Attributes:
        content: checksum of the rows in it, unpacked; empty: that of the file.
        rows: rows or features; None when it is no table.
        next: address of the page after it; empty: there is none.
    """

    content: str = ""
    rows: int | None = None
    next: str = ""


Check = Callable[[Path, Answer], Found]


@dataclass(frozen=True, slots=True)
class Wanted:
    """One answer that is wanted.

    Attributes:
        path: where it stands, from the folder; plus ``.gz`` when it is packed.
        url: its address.
        check: reads it; raises ``BrokenBodyError`` when it must be asked again.
        packed: keep it packed when it comes so.
        settled: the source says that it did not change, so what has no validator is not asked again.
        licence: of this file, where it has one of its own.
    """

    path: str
    url: str
    check: Check
    packed: bool = False
    settled: bool = False
    licence: str = ""


class Shelf:
    """One folder: as it was (``old``), and as it will be (``new``, in ``part``). Safe for threads."""

    def __init__(self, folder: Path, client: Client, asked: Mapping[str, Any]) -> None:
        """Take up what an earlier run left; see ``open_shelf``."""
        self.folder = folder
        self.part = folder.with_name(f"{folder.name}.part")
        self.client = client
        self.asked = dict(asked)
        self._lock = threading.Lock()
        self.old = _whole(folder)
        self.new: dict[str, Entry] = {}
        self._damaged = False
        self.part.mkdir(parents=True, exist_ok=True)
        left = read_manifest(self.part)
        if left is not None and left.about.get("asked") == self.asked:
            self.new = dict(left.files)
        elif any(self.part.iterdir()):
            self.client.progress.note(f"{self.part} was of another question and is given up")
            self.discard()

    def discard(self) -> None:
        """Give up what is underway."""
        self.new = {}
        shutil.rmtree(self.part)
        self.part.mkdir()

    def fetch(self, wanted: Wanted) -> Entry:
        """Return an answer that is whole on disk: from an earlier run, as it was, or asked now.

        Raises:
            FetchError: there is no such answer.
        """
        if (entry := self._left(wanted)) is not None:
            self.client.progress.page(kept=True)
            return entry
        known = self._known(wanted)
        if known is not None and wanted.settled and not (known.etag or known.last_modified):
            return self._taken_over(known)
        return self._asked(wanted, known)

    def recheck(self, wanted: Wanted) -> bool:
        """Ask again for an answer that an earlier run left; tell whether it still holds."""
        left = self._left(wanted)
        if left is None:
            return False
        with self._lock:
            self.new.pop(left.path)
        return self._asked(wanted, left).content == left.content

    def take_over(self, entry: Entry) -> Entry:
        """Keep a file of the folder as it was."""
        return self._taken_over(entry)

    def take_over_others(self) -> None:
        """Keep the files of the folder that nobody asked now."""
        asked = {_set_of(path) for path in self.new}
        for entry in (self.old.files if self.old else {}).values():
            if _set_of(entry.path) not in asked:
                self.take_over(entry)

    def add(self, entry: Entry, unfinished: Path) -> Entry:
        """Note a file that is whole on disk, then give it its name."""
        target = self.part / entry.path
        with self._lock:
            for path in (_plain(entry.path), f"{_plain(entry.path)}.gz"):
                if self.new.pop(path, None) is not None and path != entry.path:
                    (self.part / path).unlink(missing_ok=True)
            self.new[entry.path] = entry
            self._write()
            unfinished.replace(target)
        return entry

    def sink(self, path: str) -> Path:
        """Return the file to which an answer is written until it is whole; it is not there yet."""
        target = self._sink_of(path)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.unlink(missing_ok=True)  # it may be a link to a file of the folder as it was
        return target

    def _sink_of(self, path: str) -> Path:
        return self.part / f"{_plain(path)}.part"

    def changed(self) -> list[str]:
        """Return the paths of files that were there before, and now have other content."""
        before = {} if self.old is None else {_plain(e.path): e for e in self.old.files.values()}
        return sorted(
            _plain(entry.path)
            for entry in self.new.values()
            if (was := before.get(_plain(entry.path))) and was.content != entry.content
        )

    def finish(self, about: Mapping[str, Any]) -> bool:
        """Put the new folder in the place of the old one.

        Returns:
            Whether anything in it is new; if not, the old files stay and only the manifest is new.
        """
        checked = datetime.now(UTC).isoformat(timespec="seconds")
        about = {**about, "asked": self.asked, "checked": checked}
        same = self.old is not None and _contents(self.old.files) == _contents(self.new)
        if same and self.old is not None and not self._damaged:
            files = {path: self._refreshed(entry) for path, entry in self.old.files.items()}
            write_manifest(self.folder, Manifest(files, about, complete=True))
            shutil.rmtree(self.part)
            return False
        for path in self.part.rglob("*"):
            if path.is_file() and path.relative_to(self.part).as_posix() not in self.new:
                path.unlink()
        write_manifest(self.part, Manifest(self.new, about, complete=True))
        _swap(self.part, self.folder)
        return True

    def _refreshed(self, entry: Entry) -> Entry:
        found = next(new for new in self.new.values() if _plain(new.path) == _plain(entry.path))
        return replace(entry, etag=found.etag, last_modified=found.last_modified)

    def _left(self, wanted: Wanted) -> Entry | None:
        """Return the entry of an answer that an earlier run left whole, after a look at its bytes."""
        with self._lock:
            entry = _entry_of(self.new, wanted)
            if entry is None:
                return None
            target, sink = self.part / entry.path, self._sink_of(entry.path)
            if not target.is_file() and sink.is_file() and checksum(sink) == entry.sha256:
                sink.replace(target)
            if target.is_file() and checksum(target) == entry.sha256:
                return entry
            self.new.pop(entry.path)
            return None

    def _known(self, wanted: Wanted) -> Entry | None:
        """Return the entry of the same answer in the folder as it was, if its bytes are sound."""
        entry = None if self.old is None else _entry_of(self.old.files, wanted)
        if entry is None:
            return None
        path = self.folder / entry.path
        if path.is_file() and checksum(path) == entry.sha256:
            return entry
        self._damaged = True
        return None

    def _asked(self, wanted: Wanted, known: Entry | None) -> Entry:
        sink = self.sink(wanted.path)
        etag, changed = (known.etag, known.last_modified) if known else ("", "")
        request = Request(wanted.url, sink, wanted.packed, etag, changed)
        answer, found = self.client.get(request, wanted.check)
        if known is not None and (not answer.fresh or found is None):
            entry = self._taken_over(known)
        else:
            entry = self.add(_noted(wanted, answer, found or Found()), sink)
            self.client.progress.page(kept=False)
        return entry

    def _taken_over(self, entry: Entry) -> Entry:
        """Give a file of the old folder, or of this run, a place in the new one without copying."""
        self.client.progress.page(kept=True)
        if (self.part / entry.path).is_file():
            with self._lock:
                self.new[entry.path] = entry
                self._write()
            return entry
        source, sink = self.folder / entry.path, self.sink(entry.path)
        with suppress(OSError):
            os.link(source, sink)
        if not sink.is_file():  # a file system without links
            shutil.copyfile(source, sink)
        return self.add(entry, sink)

    def _write(self) -> None:
        write_manifest(self.part, Manifest(self.new, {"asked": self.asked}))


@contextmanager
def open_shelf(folder: Path, client: Client, asked: Mapping[str, Any]) -> Iterator[Shelf]:
    """Open a folder to fetch into, and see that nobody else does.

    Args:
        folder: the folder; what is in it stays until all that is asked is whole.
        client: who asks.
        asked: what is asked of the source; what is underway for another question is given up.

    Raises:
        FetchError: another process is fetching into it, or it was not made by a fetch.
    """
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        lock = folder.with_name(f"{folder.name}.lock").open("w")
    except OSError as error:
        raise FetchError(f"{folder} cannot be written: {error}") from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise FetchError(f"{folder}: another process is fetching into it") from error
        try:
            _recover(folder)
            yield Shelf(folder, client, asked)
        except OSError as error:
            raise FetchError(f"{folder} cannot be written: {error}") from error


def checksum(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _noted(wanted: Wanted, answer: Answer, found: Found) -> Entry:
    return Entry(
        path=f"{wanted.path}.gz" if answer.gzip else wanted.path,
        url=wanted.url,
        fetched=datetime.now(UTC).isoformat(timespec="seconds"),
        size=answer.size,
        sha256=answer.sha256,
        content=found.content or answer.sha256,
        etag=answer.headers.get("etag", ""),
        last_modified=answer.headers.get("last-modified", ""),
        rows=found.rows,
        next=found.next,
        licence=wanted.licence,
    )


def _whole(folder: Path) -> Manifest | None:
    manifest = read_manifest(folder)
    if manifest is None and folder.is_dir() and any(folder.iterdir()):
        message = f"{folder} has files and no manifest, so no fetch made it; choose another folder"
        raise FetchError(message)
    return manifest


def _entry_of(files: Mapping[str, Entry], wanted: Wanted) -> Entry | None:
    entry = files.get(wanted.path) or files.get(f"{wanted.path}.gz")
    return entry if entry is not None and entry.url == wanted.url else None


def _contents(files: Mapping[str, Entry]) -> dict[str, tuple[str, str]]:
    return {_plain(entry.path): (entry.url, entry.content) for entry in files.values()}


def _set_of(path: str) -> str:
    """Return the path of the first file of a set in more answers; of another file its own."""
    return _PART.sub("", _plain(path))


def _plain(path: str) -> str:
    return path.removesuffix(".gz")


def _swap(part: Path, folder: Path) -> None:
    """Replace a folder by its successor; a kill between the renames is mended by ``_recover``."""
    old = folder.with_name(f"{folder.name}.old")
    if folder.is_dir():
        folder.rename(old)
    part.rename(folder)
    parent = os.open(folder.parent, os.O_RDONLY)
    try:
        os.fsync(parent)
    finally:
        os.close(parent)
    shutil.rmtree(old, ignore_errors=True)


def _recover(folder: Path) -> None:
    """Finish a replacement that was broken off."""
    old, part = (folder.with_name(f"{folder.name}.{end}") for end in ("old", "part"))
    if not old.is_dir():
        return
    if not folder.is_dir():
        finished = read_manifest(part)
        (part if finished is not None and finished.complete else old).rename(folder)
    shutil.rmtree(old, ignore_errors=True)
