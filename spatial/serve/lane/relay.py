"""The answer of the application behind: kept when it may be, else sent on as it comes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus

from isal import isal_zlib
from starlette.types import Message, Send

from spatial.serve.lane.answer import (
    GZIP_BITS,
    Answer,
    Body,
    Header,
    codable_type,
    not_modified,
    only_validators,
)

LARGEST = 8_000_000
"""Bytes of the largest answer that is kept."""

_OWN = frozenset({b"content-length", b"etag", b"last-modified", b"vary"})


@dataclass(frozen=True, slots=True)
class Conditions:
    """What the client said of its copy and of what it reads.

    Attributes:
        matches: ``If-None-Match``, or None.
        since: ``If-Modified-Since``, or None.
        gzip: it reads gzip.
        head: it wants no body.
        keep: the answer may be kept: its address says all that was asked.
    """

    matches: bytes | None
    since: bytes | None
    gzip: bool
    head: bool
    keep: bool = True


class Relay:
    """Takes the messages of an application in place of the client.

    Attributes:
        kept: what may be kept; None when it was sent on.
    """

    def __init__(self, send: Send, conditions: Conditions, moment: datetime) -> None:
        """Send on to ``send``; an answer that names no time was last changed at ``moment``."""
        self._send = send
        self._conditions = conditions
        self._moment = moment
        self._start: Message | None = None
        self._parts: list[bytes] = []
        self._size = 0
        self._passing = False
        self._silent = False
        self._packer: isal_zlib.Compress | None = None
        self.kept: Answer | None = None

    async def __call__(self, message: Message) -> None:
        """Take a message."""
        if message["type"] == "http.response.start":
            self._start = message
            if not self._conditions.keep or not _may_keep(message):
                await self._pass_on()
            return
        if message["type"] != "http.response.body":
            return
        body, more = message.get("body", b""), message.get("more_body", False)
        if self._passing:
            await self._forward(body, more=more)
            return
        self._parts.append(body)
        self._size += len(body)
        if self._size > LARGEST:
            await self._pass_on()
            await self._forward(b"".join(self._parts), more=more)
        elif not more and self._start is not None:
            self.kept = self._answer(self._start)

    def _answer(self, start: Message) -> Answer:
        told = dict(start["headers"])
        headers = [entry for entry in start["headers"] if entry[0] not in _OWN]
        tag = told.get(b"etag", b"").strip(b'"').decode("latin-1")
        moment = _moment(told, self._moment)
        return Answer(start["status"], headers, [b"".join(self._parts)], moment, tag)

    async def _pass_on(self) -> None:
        """Send the head of the answer; a copy that is still good is said to be."""
        start = self._start or {}
        self._passing = True
        told = dict(start["headers"])
        headers, status = list(start["headers"]), start["status"]
        if status == HTTPStatus.OK and b"etag" in told:
            moment = _moment(told, self._moment)
            have = Body(headers, [], told[b"etag"])
            if not_modified(have, moment, self._conditions.matches, self._conditions.since):
                headers, status = only_validators(headers), HTTPStatus.NOT_MODIFIED.value
                self._silent = True
        if not self._silent and self._conditions.gzip and self._packs(told, status):
            self._packer = isal_zlib.compressobj(isal_zlib.ISAL_BEST_SPEED, wbits=GZIP_BITS)
            headers = _packed(headers)
        await self._send({"type": "http.response.start", "status": status, "headers": headers})

    def _packs(self, told: Mapping[bytes, bytes], status: int) -> bool:
        return (
            status == HTTPStatus.OK
            and b"content-encoding" not in told
            and codable_type(told.get(b"content-type", b""))
        )

    async def _forward(self, body: bytes, *, more: bool) -> None:
        if self._packer is not None:
            body = self._packer.compress(body) + (b"" if more else self._packer.flush())
        if self._silent or self._conditions.head:
            body = b""
        await self._send({"type": "http.response.body", "body": body, "more_body": more})


def _may_keep(start: Message) -> bool:
    told = dict(start["headers"])
    return (
        start["status"] == HTTPStatus.OK
        and b"content-encoding" not in told
        and b"set-cookie" not in told
        and b"no-store" not in told.get(b"cache-control", b"")
        and int(told.get(b"content-length", b"0")) <= LARGEST
    )


def _moment(told: Mapping[bytes, bytes], otherwise: datetime) -> datetime:
    said = told.get(b"last-modified")
    if said is None:
        return otherwise
    return parsedate_to_datetime(said.decode("latin-1")).astimezone(UTC)


def _packed(headers: list[Header]) -> list[Header]:
    """Return the headers of a body that is compressed while it is sent."""
    kept = [entry for entry in headers if entry[0] not in {b"content-length", b"etag"}]
    tags = [value for name, value in headers if name == b"etag"]
    named = [(b"etag", tag.removesuffix(b'"') + b'-gzip"') for tag in tags]
    return [*kept, *named, (b"content-encoding", b"gzip"), (b"vary", b"Accept-Encoding")]
