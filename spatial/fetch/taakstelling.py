"""Tables of the taakstelling and its realisation, from an address or a file; stored unchanged."""

import shutil
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from spatial.domain.mirror import TAAKSTELLING
from spatial.errors import FetchError
from spatial.fetch.http import Answer, BrokenBodyError, Client, joined
from spatial.fetch.manifest import Entry
from spatial.fetch.report import Fetched, refuse
from spatial.fetch.storage import Found, Shelf, Wanted, checksum, open_shelf

_STARTS = {".xlsx": (b"PK",), ".csv": ()}
_MARKUP = (b"<", b"{", b"PK", b"%PDF")


def fetch_taakstelling(
    client: Client, place: str, into: Path, licence: str = "", *, accept_changes: bool = False
) -> Fetched:
    """Fetch one table; those that are here already stay.

    Args:
        client: who asks.
        place: address (``http://``, ``https://``) or path of a CSV or XLSX file.
        into: root of the layout of ``domain.mirror``.
        licence: licence as its publisher names it; empty: not stated.
        accept_changes: replace a table of this name that has changed.

    Raises:
        SourceChangedError: the table that is here has changed; nothing is replaced.
        FetchError: it cannot be had, or is neither CSV nor XLSX.
    """
    remote = place.startswith(("http://", "https://"))
    name = (
        PurePosixPath(unquote(urlsplit(joined(place, "")).path)).name
        if remote
        else Path(place).name
    )
    if Path(name).suffix.lower() not in _STARTS:
        raise FetchError(f"{place}: {name!r} is neither .csv nor .xlsx")
    with open_shelf(into / TAAKSTELLING, client, {"place": place, "licence": licence}) as shelf:
        client.progress.begin(name, 1)
        if remote:
            shelf.fetch(Wanted(name, place, _check, licence=licence))
        else:
            _copy(shelf, Path(place), name, licence)
        changed = shelf.changed()
        if changed and not accept_changes:
            raise refuse(place, shelf.folder, [f"{path} is another" for path in changed])
        shelf.take_over_others()
        size, count = sum(entry.size for entry in shelf.new.values()), len(shelf.new)
        about = {"title": "Taakstelling huisvesting vergunninghouders"}
        renewed = shelf.finish(about)
        return Fetched(shelf.folder, 0, count, size, renewed, tuple(changed))


def _copy(shelf: Shelf, source: Path, name: str, licence: str) -> None:
    sink = shelf.sink(name)
    try:
        shutil.copyfile(source, sink)
    except OSError as error:
        raise FetchError(f"{source} cannot be read: {error}") from error
    try:
        _check_start(sink, name)
    except BrokenBodyError as error:
        raise FetchError(f"{source}: {error}") from error
    now = datetime.now(UTC).isoformat(timespec="seconds")
    total = checksum(sink)
    url = source.resolve().as_uri()
    shelf.add(Entry(name, url, now, sink.stat().st_size, total, total, licence=licence), sink)
    shelf.client.progress.page(kept=False)


def _check(path: Path, answer: Answer) -> Found:
    _check_start(path, PurePosixPath(unquote(urlsplit(answer.url).path)).name)
    return Found()


def _check_start(path: Path, name: str) -> None:
    """Refuse a page of HTML, or another thing that is not what its name says."""
    with path.open("rb") as file:
        head = file.read(64).removeprefix(b"\xef\xbb\xbf").lstrip()
    packed = Path(name).suffix.lower() == ".xlsx"
    if not head or (not head.startswith(b"PK") if packed else head.startswith(_MARKUP)):
        raise BrokenBodyError(f"is not {Path(name).suffix}: it starts with {head[:24]!r}")
