"""What one request may ask of a worker; more is refused with a problem document.

The order of the layers, from the socket inwards (``process.run.operated`` and ``app.create_app``):

1. trusted proxy headers, access log, metrics, HSTS: each is there only when it was asked for;
2. answers from memory (they read no body, take no thread and hold nothing: they need no limit);
3. ``Limited``: size of address, headers and body, requests at one time, time until an answer;
4. ``OwnHost``, and everything that calculates.

What the parser of HTTP itself must refuse (endless headers, clients that never finish) stands in
``process.protocol``.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from spatial.serve.operate.health import ALWAYS
from spatial.serve.problems import problem

_BODILESS = ("GET", "HEAD", "OPTIONS")


@dataclass(frozen=True, slots=True)
class RequestLimits:
    """Limits of one worker.

    Attributes:
        url_bytes: length of path and query.
        header_count: number of header lines.
        header_bytes: length of all names and values.
        body_bytes: length of a body, also one of which the length was not told.
        concurrency: requests that are worked on at the same time; answers from memory do not count.
        timeout_s: seconds until the answer begins. Work in a thread cannot be ended: it runs on
            and keeps its thread, but the client is told and the request counts no longer.
    """

    url_bytes: int = 8_192
    header_count: int = 100
    header_bytes: int = 16_384
    body_bytes: int = 65_536
    concurrency: int = 64
    timeout_s: float = 30.0


class Limited:
    """ASGI middleware: 413, 414, 431 and 503 problem documents for what is beyond the limits."""

    def __init__(self, app: ASGIApp, limits: RequestLimits) -> None:
        self._app = app
        self._limits = limits
        self._running = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
        elif refusal := _too_large(scope, self._limits):
            await _refuse(refusal, scope, receive, send)
        elif scope["path"] in ALWAYS:
            await self._app(scope, receive, send)
        elif self._running >= self._limits.concurrency:
            await _refuse(_BUSY, scope, receive, send)
        else:
            self._running += 1
            try:
                await self._in_time(scope, receive, send)
            finally:
                self._running -= 1

    async def _in_time(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or say after the time limit that there is no answer; a begun answer goes on."""
        started = False

        async def send_in_time(message: Message) -> None:
            nonlocal started
            if not started:
                started = True
                limit.reschedule(None)
            await send(message)

        limit = asyncio.timeout(self._limits.timeout_s)
        try:
            async with limit:
                if scope["method"] not in _BODILESS:
                    body = await _read(receive, self._limits.body_bytes)
                    if body is None:
                        await _refuse(_body_refusal(self._limits), scope, receive, send_in_time)
                        return
                    receive = _replay(body, receive)
                await self._app(scope, receive, send_in_time)
        except TimeoutError:
            if not limit.expired():
                raise
            seconds = f"{self._limits.timeout_s:g}"
            refusal = _Refusal(
                HTTPStatus.SERVICE_UNAVAILABLE,
                f"there was no answer within {seconds} s: ask for less, such as a smaller bbox",
                (("Retry-After", "10"),),
            )
            await _refuse(refusal, scope, receive, send)


@dataclass(frozen=True, slots=True)
class _Refusal:
    status: HTTPStatus
    detail: str
    headers: Sequence[tuple[str, str]] = ()


_BUSY = _Refusal(
    HTTPStatus.SERVICE_UNAVAILABLE,
    "the service is busy: try again in a moment",
    (("Retry-After", "1"),),
)


async def _refuse(refusal: _Refusal, scope: Scope, receive: Receive, send: Send) -> None:
    answer = problem(refusal.status, refusal.detail)
    answer.headers["Cache-Control"] = "no-store"
    for name, value in refusal.headers:
        answer.headers[name] = value
    await answer(scope, receive, send)


def _too_large(scope: Scope, limits: RequestLimits) -> _Refusal | None:
    address = scope.get("raw_path") or scope["path"].encode()
    if len(address) + len(scope["query_string"]) > limits.url_bytes:
        detail = f"an address is at most {limits.url_bytes} bytes here"
        return _Refusal(HTTPStatus.REQUEST_URI_TOO_LONG, detail)
    headers: Sequence[tuple[bytes, bytes]] = scope["headers"]
    size = sum(len(name) + len(value) for name, value in headers)
    if len(headers) > limits.header_count or size > limits.header_bytes:
        detail = (
            f"a request has at most {limits.header_count} headers "
            f"of {limits.header_bytes} bytes together here"
        )
        return _Refusal(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, detail)
    if scope["method"] in _BODILESS:
        return None
    lengths = [value for name, value in headers if name == b"content-length"]
    if any(not length.isdigit() or int(length) > limits.body_bytes for length in lengths):
        return _body_refusal(limits)
    return None


def _body_refusal(limits: RequestLimits) -> _Refusal:
    detail = f"a body is at most {limits.body_bytes} bytes here"
    # what is left of the body is not read: the connection cannot be used again
    return _Refusal(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, detail, (("Connection", "close"),))


async def _read(receive: Receive, limit: int) -> bytes | None:
    """Return the body, or None when it is longer than the limit."""
    body = bytearray()
    while True:
        message = await receive()
        body += message.get("body", b"")
        if len(body) > limit:
            return None
        if not message.get("more_body", False):
            return bytes(body)


def _replay(body: bytes, receive: Receive) -> Receive:
    told = False

    async def receive_again() -> Message:
        nonlocal told
        if told:
            return await receive()
        told = True
        return {"type": "http.request", "body": body, "more_body": False}

    return receive_again
