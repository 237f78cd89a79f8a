"""The outermost door: every answer that may be kept is kept, coded once, and sent with validators.

A request takes the live edition once. What the lane can answer it answers; the rest is asked of the
application behind, whose answer is kept as well, unless it is large, says ``no-store`` or is not 200.
"""

import asyncio
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http import HTTPStatus

from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Receive, Scope, Send

from spatial.domain.formats import FILE_FORMATS
from spatial.errors import StoreError
from spatial.serve.ask.negotiate import coding_of, reads_gzip
from spatial.serve.ask.offers import GPKG
from spatial.serve.lane.answer import Answer, Key, not_modified, only_validators
from spatial.serve.lane.items import Items, wanted_of
from spatial.serve.lane.memory import Memory
from spatial.serve.lane.recall import Recall
from spatial.serve.lane.relay import Conditions, Relay
from spatial.serve.read.edition import Edition, Editions

_ANSWERED = frozenset({"GET", "HEAD"})
# hidden from the application behind: the door answers these itself, for all
_HIDDEN = frozenset({b"accept-encoding", b"if-none-match", b"if-modified-since"})
# files of a whole selection are made for each client: their makers answer HEAD and conditions
_FILE = re.compile(rb"(?:^|&)f=(?:%b)(?:&|$)" % b"|".join(f.name.encode() for f in FILE_FORMATS))
_SLOW_CODING = 100_000
_ONCE = 10_000
"""Questions of which is remembered that they were asked."""
_LONGEST = 8_192
"""Bytes of a query that is looked at here; the limits behind refuse a longer one."""


@dataclass(slots=True)
class _Desk:
    """Where the answers of one edition are kept and made."""

    edition: Edition
    memory: Memory
    making: dict[Key, asyncio.Event] = field(default_factory=dict)
    _once: dict[int, None] = field(default_factory=dict)

    def asked_before(self, key: Key) -> bool:
        """Tell whether a question was asked a while ago: most are asked once, and not worth keeping.

        Keys are told apart by a hash: once in a long while an answer is kept too early.
        """
        told = hash(key)
        if told in self._once:
            del self._once[told]
            return True
        self._once[told] = None
        if len(self._once) > _ONCE:
            del self._once[next(iter(self._once))]
        return False


@dataclass(slots=True)
class _Visit:
    """One request.

    Attributes:
        scope: of the request.
        receive: its body.
        send: to its client.
        key: all that the answer depends on, besides its content coding.
        told: its headers.
    """

    scope: Scope
    receive: Receive
    send: Send
    key: Key
    told: dict[bytes, bytes]

    @property
    def coding(self) -> str:
        """The content coding that the client likes best."""
        return coding_of(self.told.get(b"accept-encoding", b"").decode("latin-1"))

    @property
    def head(self) -> bool:
        """The client wants no body."""
        return bool(self.scope["method"] == "HEAD")


class Door:
    """ASGI middleware.

    Attributes:
        quick: what it has in memory, for those who see requests before they are read.
    """

    def __init__(self, app: ASGIApp, editions: Editions, items: Items, memory_bytes: int) -> None:
        """Stand in front of ``app``, and keep up to ``memory_bytes`` of answers."""
        self._app = app
        self._editions = editions
        self._items = items
        self._memory_bytes = memory_bytes
        self._desk: _Desk | None = None
        self.quick = Recall(self._live_memory, self._prompt)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http" or scope["method"] not in _ANSWERED:
            post = scope["type"] == "http" and scope["method"] == "POST"
            coded = _coded(scope, dict(scope["headers"]), send) if post else send
            await self._app(scope, receive, coded)
            return
        told = dict(scope["headers"])
        try:
            desk = await self._desk_of_today()
        except StoreError:
            await self._app(scope, receive, send)
            return
        if b"range" in told or len(scope["query_string"]) > _LONGEST:
            await self._app(scope, receive, send)
            return
        if _is_file(scope):
            await self._app(_with_plain_tags(scope), receive, _coded(scope, told, send))
            return
        key = (
            scope["path"],
            scope["query_string"],
            told.get(b"accept", b""),
            told.get(b"accept-language", b""),
        )
        visit = _Visit(scope, receive, send, key, told)
        answer = desk.memory.get(key)
        if answer is None:
            answer = await self._made(desk, visit)
        else:
            _tell(scope, "hit")
        if answer is not None:
            await self._send(desk, visit, answer)

    def _live_memory(self) -> Memory | None:
        desk = self._desk
        return desk.memory if desk is not None and self._editions.is_live(desk.edition) else None

    def _prompt(self, key: Key) -> Answer | None:
        return None if self._desk is None else self._at_once(self._desk, key)

    def _at_once(self, desk: _Desk, key: Key) -> Answer | None:
        """Make an answer that keeps nobody waiting; it is kept when it is asked again."""
        if len(key[1]) > _LONGEST:
            return None
        answer = self._items.prompt(desk.edition, wanted_of(key))
        if answer is not None and desk.asked_before(key):
            answer.gather()
            desk.memory.keep(key, answer)
        return answer

    async def _desk_of_today(self) -> _Desk:
        edition = await self._editions.renewed()
        desk = self._desk
        if desk is None or desk.edition is not edition:
            desk = self._desk = _Desk(edition, Memory(self._memory_bytes))
        return desk

    async def _made(self, desk: _Desk, visit: _Visit) -> Answer | None:
        """Make an answer and keep it; None when it was sent already.

        Who asks what is being made for another waits for that.
        """
        if (busy := desk.making.get(visit.key)) is not None:
            await busy.wait()
            if (answer := desk.memory.get(visit.key)) is not None:
                _tell(visit.scope, "hit")
                return answer
        _tell(visit.scope, "miss")
        # what is coded took its time, and is kept
        if not visit.coding and (answer := self._at_once(desk, visit.key)) is not None:
            return answer
        done = desk.making[visit.key] = asyncio.Event()
        try:
            answer = await self._items.answer(desk.edition, wanted_of(visit.key))
            if answer is None:
                answer = await self._asked_behind(desk, visit)
            if answer is not None:
                desk.memory.keep(visit.key, answer)
            return answer
        finally:
            done.set()
            desk.making.pop(visit.key, None)

    async def _asked_behind(self, desk: _Desk, visit: _Visit) -> Answer | None:
        conditions = Conditions(
            visit.told.get(b"if-none-match"),
            visit.told.get(b"if-modified-since"),
            gzip=reads_gzip(visit.told.get(b"accept-encoding", b"").decode("latin-1")),
            head=visit.head,
        )
        relay = Relay(visit.send, conditions, desk.edition.moment)
        headers = [entry for entry in visit.scope["headers"] if entry[0] not in _HIDDEN]
        # the body is asked for HEAD too: its length and validator are those of GET
        scope = {**visit.scope, "method": "GET", "headers": headers}
        await self._app(scope, visit.receive, relay)
        return relay.kept

    async def _send(self, desk: _Desk, visit: _Visit, answer: Answer) -> None:
        coding = visit.coding
        if not answer.has(coding):
            if coding and answer.length > _SLOW_CODING:
                await run_in_threadpool(answer.body, coding)
            answer.body(coding)
            if coding:
                desk.memory.keep(visit.key, answer)
        body = answer.body(coding)
        headers, status, content = body.headers, answer.status, body.content
        matches, since = visit.told.get(b"if-none-match"), visit.told.get(b"if-modified-since")
        if not_modified(body, answer.moment, matches, since):
            headers, status, content = only_validators(headers), HTTPStatus.NOT_MODIFIED.value, b""
        await visit.send({"type": "http.response.start", "status": status, "headers": headers})
        content = b"" if visit.head else content
        await visit.send({"type": "http.response.body", "body": content})


def _is_file(scope: Scope) -> bool:
    """Tell whether the answer is a file that is made for who asks it."""
    path: str = scope["path"]
    of_collection = path.startswith("/collections/") and _FILE.search(scope["query_string"])
    return path == GPKG or bool(of_collection)


def _coded(scope: Scope, told: dict[bytes, bytes], send: Send) -> Send:
    """Code an answer that is not kept: to a question in a body, or a file of a whole selection."""
    accepted = told.get(b"accept-encoding", b"").decode("latin-1")
    head = scope["method"] == "HEAD"
    conditions = Conditions(None, None, gzip=reads_gzip(accepted), head=head, keep=False)
    return Relay(send, conditions, datetime.now(UTC))


def _with_plain_tags(scope: Scope) -> Scope:
    """Take off the coding that ``Relay`` names in a validator: who makes the file knows its own."""
    headers = [
        (name, value.replace(b'-gzip"', b'"') if name == b"if-none-match" else value)
        for name, value in scope["headers"]
    ]
    return {**scope, "headers": headers}


def _tell(scope: Scope, result: str) -> None:
    """Let the layers around know whether memory had the answer (see ``process.metrics``)."""
    if (state := scope.get("state")) is not None:
        state["lane"] = result
