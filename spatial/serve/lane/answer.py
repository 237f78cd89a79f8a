"""One answer in memory: its bytes, its validators, and its bytes in each content coding."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from enum import StrEnum
from functools import lru_cache
from http import HTTPStatus
from typing import Protocol

import brotli
import zstandard
from isal import isal_zlib

type Header = tuple[bytes, bytes]
type Piece = bytes | memoryview
type Key = tuple[str, bytes, bytes, bytes]
"""All that an answer depends on, besides its content coding: path without the version, query, Accept,
Accept-Language."""

_VARY = b"Accept, Accept-Encoding, Accept-Language"
_SMALLEST = 1000
_BROTLI_QUALITY = 5
_ZSTD_LEVEL = 3
GZIP_BITS = 31
"""zlib's way to say: a gzip header around it."""

_COMPRESSIBLE = (
    b"text/", b"application/json", b"application/geo+json", b"application/ld+json", b"application/schema+json",
    b"application/problem+json", b"application/vnd.oai.openapi+json", b"application/javascript",
    b"application/vnd.mapbox-vector-tile", b"image/svg+xml", b"application/prs.coverage+json",
    b"application/vnd.cov+json", b"application/x-qgis-layer-definition", b"application/x-qgis-project",
)  # fmt: skip


class Form(StrEnum):
    """How much of a representation a client gets."""

    WHOLE = "whole"
    HEAD = "head"
    NOT_MODIFIED = "not modified"


@dataclass(frozen=True, slots=True)
class Ready:
    """An answer as it goes over the line.

    Attributes:
        status: HTTP status.
        head: its headers and the empty line after them; the status line and the date go before.
        parts: its body.
    """

    status: int
    head: bytes
    parts: Sequence[Piece]

    def saying(self, header: Header) -> "Ready":
        """Return it with one header more, as the last."""
        return Ready(self.status, self.head[:-2] + _lines([header]), self.parts)


@dataclass(slots=True)
class Body:
    """A representation as it is sent."""

    headers: list[Header]
    parts: list[Piece]
    etag: bytes
    _ready: dict[Form, Ready] = field(default_factory=dict, compare=False, repr=False)

    @property
    def content(self) -> bytes:
        """Its bytes, joined when first asked for."""
        return _joined(self.parts)

    def ready(self, form: Form) -> Ready:
        """Return what goes over the line."""
        known = self._ready.get(form)
        if known is None:
            known = self._ready[form] = self._written(form)
        return known

    def _written(self, form: Form) -> Ready:
        match form:
            case Form.WHOLE:
                return Ready(HTTPStatus.OK, _lines(self.headers), self.parts)
            case Form.HEAD:
                return Ready(HTTPStatus.OK, _lines(self.headers), ())
            case Form.NOT_MODIFIED:
                return Ready(HTTPStatus.NOT_MODIFIED, _lines(only_validators(self.headers)), ())


@dataclass(frozen=True, slots=True)
class Asked:
    """What was understood of a request.

    Attributes:
        key: of its answer in memory.
        coding: content coding that the client likes best.
        form: how much of it the client gets.
        etag: of the representation of which that was found.
        personal: the request told who asks.
        made: memory did not have the answer: it was made for this request.
    """

    key: Key
    coding: str
    form: Form
    etag: bytes
    personal: bool
    made: bool


class Quick(Protocol):
    """Who has answers at once; None: somebody else must look at the request."""

    def first(
        self, method: bytes, url: bytes, headers: Iterable[Header]
    ) -> tuple[Asked, Ready] | None:
        """Read a request: method in capitals, path and query, headers with names in lower case."""

    def remember(self, request: bytes, asked: Asked) -> None:
        """Remember what the bytes of a whole request ask."""

    def again(self, request: bytes) -> tuple[Asked, Ready] | None:
        """Answer bytes that were remembered."""


@dataclass(slots=True)
class Answer:
    """An answer, ready to be sent again.

    Attributes:
        status: HTTP status.
        headers: what it says, without length, coding and validators.
        parts: its bytes, not coded; of a new one they often lie in a file, or in what others use too.
        moment: when what it tells was last changed.
        tag: a strong validator without quotes and coding; empty: a digest of the bytes.
    """

    status: int
    headers: list[Header]
    parts: list[Piece]
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
    def content(self) -> bytes:
        """Its bytes, joined when first asked for."""
        return _joined(self.parts)

    def gather(self) -> None:
        """Take its bytes together in memory of its own: parts of something else keep that alive."""
        _joined(self.parts)

    @property
    def length(self) -> int:
        """Number of its bytes, not coded."""
        return sum(map(len, self.parts))

    @property
    def codable(self) -> bool:
        """Tell whether coding it makes sense."""
        named = dict(self.headers).get(b"content-type", b"")
        return self.length >= _SMALLEST and codable_type(named)

    @property
    def size(self) -> int:
        """Bytes that it keeps in memory."""
        return self.length + sum(
            len(part)
            for coding, body in self._bodies.items()
            if (b"content-encoding", coding.encode()) in body.headers
            for part in body.parts
        )

    def _made(self, coding: str) -> Body:
        coded = bool(coding) and self.codable
        parts = self.parts
        if coded:
            parts = [compressed(self.content, coding)]
        tag = self.tag or hashlib.blake2b(self.content, digest_size=12).hexdigest()
        etag = f'"{tag}-{coding}"' if coded else f'"{tag}"'
        headers = [
            *self.headers,
            (b"content-length", str(sum(map(len, parts))).encode()),
            (b"etag", etag.encode()),
            (b"last-modified", _written_moment(self.moment)),
            (b"vary", _VARY),
        ]
        if coded:
            headers.append((b"content-encoding", coding.encode()))
        return Body(headers, parts, etag.encode())


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


@lru_cache(maxsize=64)
def _written_moment(moment: datetime) -> bytes:
    return format_datetime(moment, usegmt=True).encode()


def _joined(parts: list[Piece]) -> bytes:
    """Join parts in their list, so that whoever shares it has the same bytes, and has them once."""
    match parts:
        case [bytes() as only]:
            return only
        case _:
            parts[:] = [whole := b"".join(tuple(parts))]
            return whole


def _lines(headers: Iterable[Header]) -> bytes:
    lines = [name + b": " + value + b"\r\n" for name, value in headers]
    return b"".join([*lines, b"\r\n"])
