"""One answer in memory: its bytes, its validators, and its bytes in each content coding."""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from functools import cached_property

import brotli
import zstandard
from isal import isal_zlib

type Header = tuple[bytes, bytes]

_VARY = b"Accept, Accept-Encoding, Accept-Language"
_SMALLEST = 1000
_BROTLI_QUALITY = 5
_ZSTD_LEVEL = 3
GZIP_BITS = 31
"""zlib's way to say: a gzip header around it."""

_COMPRESSIBLE = (
    b"text/", b"application/json", b"application/geo+json", b"application/ld+json", b"application/schema+json",
    b"application/problem+json", b"application/vnd.oai.openapi+json", b"application/javascript",
    b"application/vnd.mapbox-vector-tile", b"image/svg+xml",
)  # fmt: skip


@dataclass(frozen=True)
class Body:
    """A representation as it is sent."""

    headers: list[Header]
    content: bytes
    etag: bytes

    @cached_property
    def head(self) -> bytes:
        """The headers as they go over the line, and the empty line after them."""
        lines = [name + b": " + value + b"\r\n" for name, value in self.headers]
        return b"".join([*lines, b"\r\n"])


type Quick = Callable[[bytes, Iterable[Header]], Body | None]
"""Gives what memory has for path and query, and headers with names in lower case."""


@dataclass(slots=True)
class Answer:
    """An answer, ready to be sent again.

    Attributes:
        status: HTTP status.
        headers: what it says, without length, coding and validators.
        content: its bytes, not coded.
        moment: when what it tells was last changed.
        tag: a strong validator without quotes and coding; empty: a digest of the bytes.
    """

    status: int
    headers: list[Header]
    content: bytes
    moment: datetime
    tag: str = ""
    _bodies: dict[str, Body] = field(default_factory=dict)

    def body(self, coding: str) -> Body:
        """Return the representation in a content coding, made when first asked for.

        A small one, and what is compressed already, is not coded.
        """
        known = self._bodies.get(coding)
        if known is None:
            known = self._bodies[coding] = self._made(coding)
        return known

    def has(self, coding: str) -> bool:
        """Tell whether a representation was made."""
        return coding in self._bodies

    @property
    def codable(self) -> bool:
        """Tell whether coding it makes sense."""
        named = dict(self.headers).get(b"content-type", b"")
        return len(self.content) >= _SMALLEST and codable_type(named)

    @property
    def size(self) -> int:
        """Bytes that it keeps in memory."""
        return len(self.content) + sum(
            len(body.content) for body in self._bodies.values() if body.content is not self.content
        )

    def _made(self, coding: str) -> Body:
        coded = bool(coding) and self.codable
        content = compressed(self.content, coding) if coded else self.content
        tag = self.tag or hashlib.blake2b(self.content, digest_size=12).hexdigest()
        etag = f'"{tag}-{coding}"' if coded else f'"{tag}"'
        headers = [
            *self.headers,
            (b"content-length", str(len(content)).encode()),
            (b"etag", etag.encode()),
            (b"last-modified", format_datetime(self.moment, usegmt=True).encode()),
            (b"vary", _VARY),
        ]
        if coded:
            headers.append((b"content-encoding", coding.encode()))
        return Body(headers, content, etag.encode())


def codable_type(media_type: bytes) -> bool:
    """Tell whether bytes of a media type become shorter when they are coded."""
    return media_type.startswith(_COMPRESSIBLE)


def compressed(content: bytes, coding: str) -> bytes:
    """Return bytes in a content coding."""
    match coding:
        case "br":
            found: bytes = brotli.compress(content, quality=_BROTLI_QUALITY)
            return found
        case "zstd":
            return zstandard.ZstdCompressor(level=_ZSTD_LEVEL).compress(content)
        case _:
            return bytes(isal_zlib.compress(content, isal_zlib.ISAL_BEST_SPEED, GZIP_BITS))


def not_modified(body: Body, moment: datetime, matches: bytes | None, since: bytes | None) -> bool:
    """Tell whether the client has this representation already (RFC 9110, 13.1).

    Args:
        body: what it would get.
        moment: when that was last changed.
        matches: ``If-None-Match``; when it is there ``since`` does not count.
        since: ``If-Modified-Since``.
    """
    if matches is not None:
        given = [tag.strip().removeprefix(b"W/") for tag in matches.split(b",")]
        return body.etag in given or given == [b"*"]
    if since is None:
        return False
    try:
        day = parsedate_to_datetime(since.decode("latin-1"))
    except ValueError:
        return False
    return moment <= (day if day.tzinfo else day.replace(tzinfo=UTC))


def only_validators(headers: Iterable[Header]) -> list[Header]:
    """Return the headers of a 304 answer."""
    return [entry for entry in headers if entry[0] not in {b"content-length", b"content-type"}]
