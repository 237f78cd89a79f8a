"""HTTP of one connection: what uvicorn leaves open is bounded, refusals are problem documents.

uvicorn with httptools has no limit on the length of headers, none on the time that a client takes
to send them or to read its answer, says no in plain text, and at the end of a worker closes waiting
connections on which a request may be under way. Everything else is uvicorn's own.

What memory has is sent from here, without a task and without a scope. When the bytes that came are
those of a request that was answered so before, they are not even parsed.
"""

import asyncio
from http import HTTPStatus
from typing import Any

from uvicorn._types import HTTPScope
from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import (
    STATUS_LINE,
    HttpToolsProtocol,
    RequestResponseCycle,
)
from uvicorn.server import ServerState

from spatial.serve.lane.answer import Asked, Ready
from spatial.serve.problems import problem
from spatial.serve.process.onewrite import OneWrite
from spatial.serve.process.shortcut import Shortcut

HEADER_BYTES = 32_768
# seconds: for the headers to arrive, for an answer to make progress, for a last request
_HEADER_PATIENCE = 10.0
_ANSWER_PATIENCE = 30.0
_LAST_REQUEST = 1.0


class BoundedProtocol(HttpToolsProtocol):
    """One connection, bounded in time and in what is held for it."""

    # None before the first request, which uvicorn does not declare
    scope: HTTPScope | None  # type: ignore[assignment]
    cycle: RequestResponseCycle | None  # type: ignore[assignment]
    _clock: asyncio.TimerHandle | None = None
    _stalled: asyncio.TimerHandle | None = None
    _pending = 0
    _ending = False
    # answered from memory: the request that is being read
    _answered = False
    # what was understood of it
    _asked: Asked | None = None
    # the parser is between two requests; how many began in what came last
    _between = True
    _begun = 0
    # when the last answer that did not wind the clock of uvicorn was sent
    _used = 0.0
    # the beginning of answers by status, with the date of this second
    _dated: list[tuple[bytes, bytes]] | None = None
    _shortcut: Shortcut | None = None

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._beginnings: dict[int, bytes] = {}
        self._shortcut = getattr(config.loaded_app, "shortcut", None)
        # uvicorn would count idle connections and refuse whoever asks next, in plain text
        self._most = config.limit_concurrency
        self.limit_concurrency = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin; beyond the limit the answer is that there is no room."""
        self._line = OneWrite(transport)
        super().connection_made(self._line)  # type: ignore[arg-type]
        if self._most is not None and len(self.connections) > self._most:
            self._say(HTTPStatus.SERVICE_UNAVAILABLE, "the service is busy: try again in a moment")
        else:
            self._clock = self.loop.call_later(_HEADER_PATIENCE, self._give_up)

    def data_received(self, data: bytes) -> None:
        """Take what came; a request of which the headers do not end is refused."""
        if self.transport.is_closing() or self._again(data):
            return
        whole, self._begun = self._between and self._rests, 0
        super().data_received(data)
        if self.scope is not None and "method" in self.scope:
            self._began_in_time()
            if self._ending and self.cycle is not None:
                # the task of this request has not run yet: it will say that this was the last one
                self.cycle.keep_alive = False
        else:
            self._headers_go_on(len(data))
        if whole and self._begun == 1 and self._between and self._answered:
            self._remember(data)

    @property
    def _rests(self) -> bool:
        """Nobody is being answered, and an answer could be sent."""
        busy = self.cycle is not None and not self.cycle.response_complete
        return not (busy or self._ending or self.flow.write_paused)

    def _again(self, data: bytes) -> bool:
        """Answer bytes that were a whole request before, and are now."""
        if self._shortcut is None or not self._between or not self._rests:
            return False
        ready = self._shortcut.again(self.client, data)
        if ready is None:
            return False
        self._began_in_time()
        self._send(ready)
        return True

    def _remember(self, data: bytes) -> None:
        if self._shortcut is not None and self._asked is not None:
            self._shortcut.remember(self.client, data, self._asked)

    def _began_in_time(self) -> None:
        if self._clock is not None:
            self._clock.cancel()
            self._clock = None
            self._pending = 0

    def _headers_go_on(self, size: int) -> None:
        self._pending += size
        if self._pending > HEADER_BYTES:
            self._say(
                HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
                f"a request line and headers are at most {HEADER_BYTES} bytes here",
            )
        elif self._clock is None:
            self._clock = self.loop.call_later(_HEADER_PATIENCE, self._give_up)

    def on_headers_complete(self) -> None:
        """Answer from memory at once, or let the application do it."""
        self._answered = self._from_memory()
        if not self._answered:
            super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Take a part of the body; who got an answer already need not have sent one."""
        if not self._answered:
            super().on_body(body)

    def on_message_begin(self) -> None:
        """Take the beginning of a request."""
        self._between = False
        self._begun += 1
        super().on_message_begin()

    def on_message_complete(self) -> None:
        """Take the end of the request."""
        self._between = True
        if not self._answered:
            super().on_message_complete()

    def _from_memory(self) -> bool:
        """Send what memory has, without a task and without a scope: that is most of the work."""
        if self._shortcut is None or self.scope is None or not self._rests:
            return False
        if not self.parser.should_keep_alive() or self.parser.get_http_version() != "1.1":
            return False
        method = self.parser.get_method()
        found = self._shortcut.first(method, self.url, self.headers, self.client)
        if found is None:
            return False
        self.scope["method"] = method.decode("ascii")
        self._asked, ready = found
        self._send(ready)
        return True

    def _send(self, ready: Ready) -> None:
        """Send an answer from memory, and wait for the next request."""
        self._line.send(self._beginning(ready.status) + ready.head, ready.parts)
        self.server_state.total_requests += 1
        # winding a clock for every answer takes more time than looking at it when it rings
        self._used = self.loop.time()
        if self.timeout_keep_alive_task is None:
            self.timeout_keep_alive_task = self.loop.call_later(
                self.timeout_keep_alive, self.timeout_keep_alive_handler
            )

    def _beginning(self, status: int) -> bytes:
        """Return the status line and what every answer of this second says."""
        said = self.server_state.default_headers
        if said is not self._dated:
            self._dated, self._beginnings = said, {}
        known = self._beginnings.get(status)
        if known is None:
            lines = [name + b": " + value + b"\r\n" for name, value in said]
            known = self._beginnings[status] = b"".join([STATUS_LINE[status], *lines])
        return known

    def on_response_complete(self) -> None:
        """Go on with the next request; an answer without a body has left by then."""
        self._line.flush()
        super().on_response_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        """End; no clock goes on."""
        for clock in (self._clock, self._stalled, self.timeout_keep_alive_task):
            if clock is not None:
                clock.cancel()
        super().connection_lost(exc)

    def send_400_response(self, msg: str) -> None:
        """Refuse what is not HTTP."""
        self._say(HTTPStatus.BAD_REQUEST, msg)

    def pause_writing(self) -> None:
        """Wait for a client that reads slowly, as long as it reads."""
        super().pause_writing()
        self._watch(self.transport.get_write_buffer_size())

    def resume_writing(self) -> None:
        """Go on."""
        if self._stalled is not None:
            self._stalled.cancel()
            self._stalled = None
        super().resume_writing()

    def timeout_keep_alive_handler(self) -> None:
        """Close a connection that is not used, also when its last answer is never read."""
        left = self._used + self.timeout_keep_alive - self.loop.time()
        if left > 0:
            self.timeout_keep_alive_task = self.loop.call_later(
                left, self.timeout_keep_alive_handler
            )
        else:
            self._close()

    def shutdown(self) -> None:
        """End the connection after the request that is running, or one that is under way."""
        self._ending = True
        if self.cycle is None or self.cycle.response_complete:
            self.loop.call_later(_LAST_REQUEST, self._close_when_idle)
        else:
            self.cycle.keep_alive = False

    def _close_when_idle(self) -> None:
        if self.cycle is None or self.cycle.response_complete:
            self._close()

    def _close(self) -> None:
        """Close; what is not read then is dropped after a while."""
        self.transport.close()
        if self._stalled is None:
            self._stalled = self.loop.call_later(_ANSWER_PATIENCE, self.transport.abort)

    def _watch(self, left: int) -> None:
        def look() -> None:
            now = self.transport.get_write_buffer_size()
            if now >= left:
                self.transport.abort()
            else:
                self._watch(now)

        self._stalled = self.loop.call_later(_ANSWER_PATIENCE, look)

    def _give_up(self) -> None:
        """Close: the client began no request, or one that did not end."""
        self._clock = None
        if self._pending:
            self._say(HTTPStatus.REQUEST_TIMEOUT, "the request did not arrive in time")
        else:
            self._close()

    def _say(self, status: HTTPStatus, detail: str) -> None:
        """Send a problem document of which the parser knows nothing, and close."""
        if self.transport.is_closing():
            return
        answer = problem(status, detail)
        lines = [STATUS_LINE[status], b"connection: close\r\n"]
        if status is HTTPStatus.SERVICE_UNAVAILABLE:
            lines.append(b"retry-after: 1\r\n")
        pairs = [*self.server_state.default_headers, *answer.raw_headers]
        lines += [name + b": " + value + b"\r\n" for name, value in pairs]
        self.transport.write(b"".join([*lines, b"\r\n", bytes(answer.body)]))
        self._close()
