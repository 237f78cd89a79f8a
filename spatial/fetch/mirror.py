"""A folder of fetched sources as a source itself: on this machine, or behind an address."""

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

from spatial.domain.mirror import CBS, MANIFEST
from spatial.errors import FetchError, NotThereError
from spatial.fetch.http import Answer, BrokenBodyError, Client, Request
from spatial.fetch.manifest import Entry, Manifest, parse_manifest
from spatial.fetch.report import Fetched, refuse
from spatial.fetch.storage import Found, Shelf, checksum, open_shelf

SUMS = "SHA256SUMS"


@dataclass(frozen=True, slots=True)
class Mirror:
    """A mirror.

    Attributes:
        place: folder, or address that starts with ``http://`` or ``https://``.
        folder: folder in it that is wanted, such as ``boundaries`` or ``cbs/85980NED``.
    """

    place: str
    folder: str

    @property
    def remote(self) -> bool:
        """Whether it is behind an address."""
        return self.place.startswith(("http://", "https://"))

    def url(self, path: str) -> str:
        """Return the address of a file in it."""
        if self.remote:
            return f"{self.place.rstrip('/')}/{quote(path)}"
        return (Path(self.place) / path).resolve().as_uri()

    def read(self, client: Client, path: str, sink: Path, sha256: str = "") -> Answer | None:
        """Bring a file of the mirror into ``sink``; None when it is a copy of a file here.

        Raises:
            NotThereError: it has no such file.
            FetchError: it cannot be had, or its bytes have another checksum.
        """
        if self.remote:
            return client.get(Request(self.url(path), sink), _sum_check(sha256))[0]
        source = Path(self.place) / path
        if not source.is_file():
            raise NotThereError(f"{source}: there is no such file")
        try:
            shutil.copyfile(source, sink)
        except OSError as error:
            raise FetchError(f"{source} cannot be copied: {error}") from error
        if sha256 and checksum(sink) != sha256:
            raise FetchError(f"{source}: the bytes are not those of the manifest")
        return None


def fetch_mirror(
    client: Client,
    mirror: Mirror,
    into: Path,
    keep: Callable[[str], bool] = lambda _path: True,
    *,
    accept_changes: bool = False,
) -> Fetched:
    """Fetch one folder from a mirror: every file with the checksum that its manifest names.

    Args:
        client: who asks.
        mirror: the mirror, and the folder in it.
        into: root of the layout of ``domain.mirror``.
        keep: which paths are wanted.
        accept_changes: replace what is here when it is another.

    Raises:
        NotThereError: the mirror has no such folder.
        SourceChangedError: what is here is another; nothing is replaced.
        FetchError: a file is absent, or not the one that the manifest names.
    """
    manifest, folder = _manifest(client, mirror, into), mirror.folder
    asked = manifest.about.get("asked", {"mirror": mirror.place})
    with open_shelf(into / folder, client, asked) as shelf:
        wanted = [entry for path, entry in sorted(manifest.files.items()) if keep(path)]
        if not wanted:
            raise NotThereError(f"{mirror.url(folder)}: has none of the files that are wanted")
        client.progress.begin(f"{folder} from a mirror", len(wanted))
        for entry in wanted:
            _bring(shelf, mirror, entry)
        changed = shelf.changed()
        if changed and not accept_changes:
            raise refuse(mirror.url(folder), shelf.folder, _said(changed))
        if not folder.startswith(f"{CBS}/"):
            shelf.take_over_others()
        rows = sum(entry.rows or 0 for entry in wanted)
        size, count = sum(entry.size for entry in shelf.new.values()), len(shelf.new)
        about = {name: value for name, value in manifest.about.items() if name != "checked"}
        renewed = shelf.finish({**about, "via": mirror.place})
        return Fetched(shelf.folder, rows, count, size, renewed, tuple(_said(changed)))


def _bring(shelf: Shelf, mirror: Mirror, entry: Entry) -> None:
    left = shelf.new.get(entry.path)
    here = shelf.part / entry.path
    if (
        left is not None
        and left.sha256 == entry.sha256
        and here.is_file()
        and checksum(here) == entry.sha256
    ):
        shelf.client.progress.page(kept=True)
        return
    old = None if shelf.old is None else shelf.old.files.get(entry.path)
    before = shelf.folder / entry.path
    sound = old is not None and old.sha256 == entry.sha256 and before.is_file()
    if old is not None and sound and checksum(before) == entry.sha256:
        shelf.take_over(old)
        return
    sink = shelf.sink(entry.path)
    mirror.read(shelf.client, f"{mirror.folder}/{entry.path}", sink, entry.sha256)
    shelf.add(replace(entry, size=sink.stat().st_size), sink)
    shelf.client.progress.page(kept=False)


def _manifest(client: Client, mirror: Mirror, into: Path) -> Manifest:
    """Return the manifest of a folder; of one that was not fetched: its files in ``SHA256SUMS``."""
    folder = mirror.folder
    into.mkdir(parents=True, exist_ok=True)
    sink = into / ".manifest.part"
    try:
        for path in (f"{folder}/{MANIFEST}", SUMS):
            try:
                mirror.read(client, path, sink)
            except NotThereError:
                continue
            if path == SUMS:
                return _listed(mirror, sink.read_text("utf-8"))
            manifest = parse_manifest(sink.read_bytes(), mirror.url(path))
            if not manifest.complete:
                raise FetchError(f"{mirror.url(path)}: the folder is not whole")
            return manifest
    finally:
        sink.unlink(missing_ok=True)
    message = f"{mirror.url(folder)}: has no {MANIFEST}, and the mirror has no {SUMS}"
    raise NotThereError(message)


def _listed(mirror: Mirror, sums: str) -> Manifest:
    folder, now = mirror.folder, datetime.now(UTC).isoformat(timespec="seconds")
    files = {}
    for line in sums.splitlines():
        digest, _, rest = line.partition(" ")
        path = rest.lstrip(" *").removeprefix("./")
        if path.startswith(f"{folder}/") and "/" not in path.removeprefix(f"{folder}/"):
            name = path.removeprefix(f"{folder}/")
            files[name] = Entry(name, mirror.url(path), now, 0, digest, digest)
    about: Mapping[str, str] = {"title": folder, "licence": ""}
    return Manifest(files, about, complete=True)


def _sum_check(sha256: str) -> Callable[[Path, Answer], Found]:
    def check(_path: Path, answer: Answer) -> Found:
        if sha256 and answer.sha256 != sha256:
            raise BrokenBodyError("the bytes are not those of the manifest")
        return Found()

    return check


def _said(changed: list[str]) -> list[str]:
    return [f"{len(changed)} files are others, such as {changed[0]}"] if changed else []
