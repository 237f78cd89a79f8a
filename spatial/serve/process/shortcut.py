"""Answers from memory as those around the application would have made, counted and written them.

The protocol of a connection sends such an answer without going through the layers of
``run.operated``. What these add to it, count and write down is done here, by their own code; what
follows from the request alone is found once, when the request is read, and remembered with it.
"""

import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass

from starlette.types import Scope
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from spatial.serve.lane.answer import Asked, Header, Quick, Ready
from spatial.serve.process.access import AccessLog, Line, line_of
from spatial.serve.process.metrics import Metrics, route_of
from spatial.serve.process.transport import strictly

type Peer = tuple[str, int] | None
"""Address and port at the other end of a connection."""


@dataclass(frozen=True, slots=True)
class Around:
    """Who stands around the application.

    Attributes:
        metrics: counts.
        log: writes down.
        trusted_proxies: addresses and networks of the proxies that are believed.
    """

    metrics: Metrics | None = None
    log: AccessLog | None = None
    trusted_proxies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Noted(Asked):
    """What was understood of a request, and what those around make of it.

    Attributes:
        method: in capitals.
        route: kind of its address.
        strict: it came by https, as a trusted proxy told.
        line: of the access log.
    """

    method: str
    route: str
    strict: bool
    line: Line | None


class Shortcut:
    """What memory has, seen by all."""

    def __init__(self, quick: Quick, around: Around | None = None) -> None:
        """Give what ``quick`` has."""
        self._quick = quick
        self._around = around or Around()
        self._seen = self._around != Around()
        proxies = list(self._around.trusted_proxies)
        self._proxies = ProxyHeadersMiddleware(_nothing, proxies) if proxies else None
        # the same bytes of another peer are written down otherwise, or not believed
        self._of_peer = bool(self._around.log or proxies)

    def first(
        self, method: bytes, url: bytes, headers: Iterable[Header], peer: Peer
    ) -> tuple[Asked, Ready] | None:
        """Return what is asked and its answer, which is then sent; None: another must look at it.

        Args:
            method: in capitals.
            url: path and query as they came over the line.
            headers: names in lower case.
            peer: who is at the other end.
        """
        began = time.perf_counter()
        found = self._quick.first(method, url, headers)
        if found is None or not self._seen:
            return found
        asked, ready = found
        noted = self._noted(asked, ready, _scope(method, url, headers, peer))
        return noted, self._shown(noted, ready, began, "miss" if asked.made else "hit")

    def remember(self, peer: Peer, request: bytes, asked: Asked) -> None:
        """Remember what bytes ask: one whole request, and no more, on a connection at rest."""
        self._quick.remember(self._key(peer, request), asked)

    def again(self, peer: Peer, request: bytes) -> Ready | None:
        """Return the answer to bytes that were remembered, which is then sent."""
        if not self._seen:
            plain = self._quick.again(request)
            return None if plain is None else plain[1]
        began = time.perf_counter()
        found = self._quick.again(self._key(peer, request))
        if found is None:
            return None
        asked, ready = found
        return self._shown(asked, ready, began, "hit") if isinstance(asked, _Noted) else ready

    def _key(self, peer: Peer, request: bytes) -> bytes:
        return b"%b %b" % (peer[0].encode(), request) if self._of_peer and peer else request

    def _noted(self, asked: Asked, ready: Ready, scope: Scope) -> _Noted:
        if self._proxies is not None:
            # it writes into the scope who the client is, and awaits nothing
            with suppress(StopIteration):
                self._proxies(scope, _nothing, _nothing).send(None)  # type: ignore[arg-type]
        strict = self._proxies is not None and scope["scheme"] == "https"
        line = None
        if self._around.log is not None:
            line = line_of(scope, (ready.status, sum(len(part) for part in ready.parts)))
        return _Noted(
            asked.key,
            asked.coding,
            asked.form,
            asked.etag,
            asked.personal,
            asked.made,
            scope["method"],
            route_of(scope["path"]),
            strict,
            line,
        )

    def _shown(self, noted: _Noted, ready: Ready, began: float, lane: str) -> Ready:
        seconds = time.perf_counter() - began
        if self._around.metrics is not None:
            self._around.metrics.count((noted.route, noted.method, ready.status), seconds, lane)
        if self._around.log is not None and noted.line is not None:
            self._around.log.write(noted.line, seconds)
        return strictly(ready) if noted.strict else ready


def _scope(method: bytes, url: bytes, headers: Iterable[Header], peer: Peer) -> Scope:
    path, _, query = url.partition(b"?")
    return {
        "type": "http",
        "http_version": "1.1",
        "method": method.decode("ascii"),
        "scheme": "http",
        "client": peer,
        "path": path.decode("ascii"),
        "raw_path": path,
        "query_string": query,
        "headers": headers,
    }


async def _nothing(*_: object) -> None: ...
