"""One page of OData: read as far as a fetch must know it, and no further."""

import hashlib
import re
import threading
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec

from spatial.errors import FetchError
from spatial.fetch.http import Answer, BrokenBodyError, joined
from spatial.fetch.storage import Check, Found

_BOM = b"\xef\xbb\xbf"
_GZIP = 31
_ONE_PAGE = threading.Lock()
"""Memory holds one page at a time, however many are under way: reading them side by side is no faster."""
_CHUNK = 1 << 20
_SKIP = re.compile(r"((?:\$|%24)skip=)(\d+)(?=&|$)", re.IGNORECASE)


class _Page4(msgspec.Struct):
    value: list[msgspec.Raw]
    next: str | None = msgspec.field(default=None, name="@odata.nextLink")


class _Page3(msgspec.Struct):
    value: list[msgspec.Raw]
    next: str | None = msgspec.field(default=None, name="odata.nextLink")


_DECODERS: dict[str, msgspec.json.Decoder[_Page3] | msgspec.json.Decoder[_Page4]] = {
    "@odata.nextLink": msgspec.json.Decoder(_Page4),
    "odata.nextLink": msgspec.json.Decoder(_Page3),
}


def page_check(next_link: str, max_bytes: int) -> Check:
    """Return a check of pages: valid JSON to the end, with rows, and the address of the next page.

    Args:
        next_link: what the address of the next page is called.
        max_bytes: most bytes of a page, unpacked.
    """
    decoder = _DECODERS[next_link]

    def check(path: Path, answer: Answer) -> Found:
        with _ONE_PAGE:
            return read(path, answer)

    def read(path: Path, answer: Answer) -> Found:
        body = unpacked(path, max_bytes, gzip=answer.gzip)
        try:
            page = decoder.decode(body.removeprefix(_BOM))
        except msgspec.DecodeError as error:
            raise BrokenBodyError(_not_json(body, error)) from error
        if page.value and not bytes(page.value[0]).startswith(b"{"):
            raise BrokenBodyError("the rows under 'value' are no objects")
        to = next_address(answer.url, page.next or "")
        return Found(_sum_of_rows(body, page.value), len(page.value), to)

    return check


def _sum_of_rows(body: bytes, rows: list[msgspec.Raw]) -> str:
    """Return the checksum of all rows: what stands around them may name the host that answered."""
    if not rows:
        return hashlib.sha256().hexdigest()
    begin, last = body.find(bytes(rows[0])), bytes(rows[-1])
    end = body.rfind(last) + len(last)
    return hashlib.sha256(memoryview(body)[begin:end]).hexdigest()


def next_address(url: str, link: str) -> str:
    """Return the address of the next page, as a page names it; empty: there is none.

    Raises:
        FetchError: it is on another host, or under another scheme.
    """
    to = joined(url, link) if link else ""
    if to and urlsplit(to)[:2] != urlsplit(url)[:2]:
        message = f"{url}: its next page is on another host or scheme: {to}"
        raise FetchError(message)
    return to


def document_check(max_bytes: int) -> Check:
    """Return a check of one JSON object, such as Properties."""

    def check(path: Path, answer: Answer) -> Found:
        body = unpacked(path, max_bytes, gzip=answer.gzip)
        try:
            msgspec.json.decode(body.removeprefix(_BOM), type=dict[str, Any])
        except msgspec.DecodeError as error:
            raise BrokenBodyError(_not_json(body, error)) from error
        return Found(hashlib.sha256(body).hexdigest())

    return check


def read_json(path: Path) -> dict[str, Any]:
    """Return a JSON object that passed its check."""
    document: dict[str, Any] = msgspec.json.decode(path.read_bytes().removeprefix(_BOM))
    return document


def unpacked(path: Path, max_bytes: int, *, gzip: bool) -> bytes:
    """Return the bytes in a file.

    Args:
        path: the file.
        max_bytes: most bytes, so that a small file cannot fill the memory.
        gzip: whether it is packed.

    Raises:
        BrokenBodyError: it is not packed as it says, or not to the end.
        FetchError: it holds more.
    """
    if not gzip:
        if path.stat().st_size > max_bytes:
            raise _too_large(path, max_bytes)
        return path.read_bytes()
    parts, size, machine = [], 0, zlib.decompressobj(_GZIP)
    with path.open("rb") as file:
        while packed := file.read(_CHUNK):
            try:
                part = machine.decompress(packed, max_bytes + 1 - size)
            except zlib.error as error:
                raise BrokenBodyError(f"the body cannot be unpacked: {error}") from error
            size += len(part)
            if size > max_bytes:
                raise _too_large(path, max_bytes)
            parts.append(part)
    if not machine.eof:
        raise BrokenBodyError(f"the packed body breaks off after {size} bytes unpacked")
    return b"".join(parts)


def _too_large(path: Path, max_bytes: int) -> FetchError:
    return FetchError(f"{path.name.removesuffix('.part')}: more than {max_bytes} bytes, unpacked")


def _not_json(body: bytes, error: Exception) -> str:
    start = " ".join(body[:60].decode("utf-8", "replace").split())
    return f"the body is not a page of JSON ({error}); it starts with {start!r}"


@dataclass(frozen=True, slots=True)
class Stride:
    """Pages of one size behind ``$skip``: the address of each is known before the one before it came.

    Attributes:
        link: address of the second page.
        rows: rows of a page.
        pages: how many pages there are.
    """

    link: str
    rows: int
    pages: int

    def url(self, number: int) -> str:
        """Return the address of page ``number``, from 2."""
        return _SKIP.sub(lambda match: f"{match[1]}{(number - 1) * self.rows}", self.link)


def stride_of(first: Found, total: int | None) -> Stride | None:
    """Return the pages behind a first page, if they can be known.

    Args:
        first: the first page.
        total: rows of all pages together; None when the source does not say.
    """
    match = _SKIP.search(first.next)
    if match is None or not total or not first.rows or int(match[2]) != first.rows:
        return None
    return Stride(first.next, first.rows, -(-total // first.rows))
