"""Requests that memory answers, at the level of bytes: read in full, or known by their bytes."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.responses import PlainTextResponse, Response
from starlette.types import Scope

from spatial.serve.process import protocol
from spatial.serve.process.run import Threads
from spatial.serve.process.shortcut import Shortcut
from tests.serve.lane.behind import Behind, door_before
from tests.serve.process.wire import Talk

REQUEST = b"GET /a HTTP/1.1\r\nHost: kaart\r\n\r\n"
_DATE = re.compile(rb"date: [^\r]*")
_LINES = (
    b"GET /a",
    b"GET /v1/a",
    b"GET /b?c=d",
    b"HEAD /a",
    b"GET /empty",
    b"GET /gone",
    b"POST /a",
)
_HEADERS = (
    b"Accept-Encoding: gzip\r\n", b"If-None-Match: *\r\n", b'If-None-Match: "x"\r\n', b"Range: bytes=0-1\r\n",
    b"Connection: keep-alive\r\n", b"Connection: close\r\n", b"Connection: upgrade\r\nUpgrade: h2c\r\n",
    b"Expect: 100-continue\r\n", b"Authorization: Basic YTpi\r\n",
)  # fmt: skip
_BODIES = (b"\r\n", b"Content-Length: 0\r\n\r\n", b"Content-Length: 4\r\n\r\n\r\n\r\n",
           b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n")  # fmt: skip


def _made(scope: Scope) -> Response:
    if scope["path"] == "/gone":
        return PlainTextResponse("kwijt", 404)
    return PlainTextResponse("" if scope["path"] == "/empty" else "x" * 2_000)


async def _never(*_: object) -> None:
    pytest.fail("the application was asked")


def talk(
    root: Path, conversation: Callable[[Talk], Awaitable[None]], *, quick: bool = True
) -> None:
    """Have a conversation with a server that was asked nothing yet."""

    async def whole() -> None:
        door = door_before(Behind(_made), root)
        line = Talk(Threads(door, 2, Shortcut(door.quick) if quick else None))
        try:
            async with asyncio.timeout(10):
                await conversation(line)
        finally:
            line.end()

    asyncio.run(whole())


@st.composite
def requests(draw: st.DrawFn) -> bytes:
    """One request, from so few that the same is often drawn again."""
    before = draw(st.sampled_from((b"", b"", b"\r\n")))
    version = draw(st.sampled_from((b"1.1", b"1.1", b"1.1", b"1.0")))
    headers = draw(st.lists(st.sampled_from(_HEADERS), max_size=2))
    line = before + draw(st.sampled_from(_LINES)) + b" HTTP/" + version + b"\r\n"
    return b"".join([line, *headers, draw(st.sampled_from(_BODIES))])


@st.composite
def deliveries(draw: st.DrawFn) -> list[tuple[bytes, bool]]:
    """Pieces as they arrive, and whether the server comes to rest before the next."""
    few = draw(st.lists(requests(), min_size=1, max_size=3))
    asked = draw(st.lists(st.sampled_from(few), min_size=1, max_size=8))
    whole = b"".join(asked)
    ends = [len(b"".join(asked[:number])) for number in range(1, len(asked))]
    cuts = {end for end in ends if draw(st.integers(0, 3))}
    cuts |= set(draw(st.lists(st.integers(1, len(whole)), max_size=3)))
    places = sorted({0, len(whole), *cuts})
    return [(whole[start:end], draw(st.booleans())) for start, end in pairwise(places)]


def answered(root: Path, pieces: list[tuple[bytes, bool]], *, quick: bool) -> tuple[bytes, bool]:
    """Return what was written, and whether the connection was closed."""
    found: list[tuple[bytes, bool]] = []

    async def conversation(line: Talk) -> None:
        await line.say(REQUEST)
        for data, rests in pieces:
            line.line.data_received(data)
            if rests:
                await line.rest()
        await line.rest()
        found.append((_DATE.sub(b"", bytes(line.wire.written)), line.wire.closing))

    talk(root, conversation, quick=quick)
    return found[0]


@given(pieces=deliveries())
def test_whatever_is_asked_in_whatever_pieces_gets_the_same_bytes_with_memory_and_without(
    root: Path, pieces: list[tuple[bytes, bool]]
) -> None:
    assert answered(root, pieces, quick=True) == answered(root, pieces, quick=False)


def test_memory_answers_without_the_application(root: Path) -> None:
    async def conversation(line: Talk) -> None:
        first = await line.say(REQUEST)
        line.line.app = _never

        assert await line.say(REQUEST) == first
        assert await line.say(REQUEST[:-2] + b"Another: header\r\n\r\n") == first
        assert line.state.total_requests == 3

    talk(root, conversation)


@pytest.mark.parametrize(
    "request_",
    [
        REQUEST, b"HEAD" + REQUEST[3:], REQUEST[:-2] + b"If-None-Match: *\r\n\r\n",
        REQUEST[:-2] + b"Connection: keep-alive\r\nAccept-Encoding: br\r\n\r\n",
    ],
)  # fmt: skip
def test_bytes_that_were_answered_from_memory_are_not_read_again(
    root: Path, request_: bytes
) -> None:
    async def conversation(line: Talk) -> None:
        first, _ = await line.say(request_), await line.say(request_)
        line.line.parser = None  # type: ignore[assignment]

        assert await line.say(request_) == first

    talk(root, conversation)


def test_bytes_are_known_to_other_connections_of_the_worker(root: Path) -> None:
    async def conversation(line: Talk) -> None:
        first, _ = await line.say(REQUEST), await line.say(REQUEST)
        other = line.another()
        other.line.parser = None  # type: ignore[assignment]

        assert await other.say(REQUEST) == first
        other.end()

    talk(root, conversation)


def test_the_date_is_that_of_today(root: Path) -> None:
    async def conversation(line: Talk) -> None:
        first, _ = await line.say(REQUEST), await line.say(REQUEST)
        line.state.default_headers = [(b"date", b"tomorrow")]

        assert await line.say(REQUEST) == first.replace(b"today", b"tomorrow")

    talk(root, conversation)


def test_two_at_once_are_two(root: Path) -> None:
    async def conversation(line: Talk) -> None:
        first = await line.say(REQUEST)

        for _ in range(3):
            assert await line.say(REQUEST + REQUEST) == first + first

    talk(root, conversation)


def test_what_follows_half_a_request_is_the_rest_of_it(root: Path) -> None:
    async def conversation(line: Talk) -> None:
        first, _ = await line.say(REQUEST), await line.say(REQUEST)
        half, rest = REQUEST[:9], REQUEST[9:] + REQUEST

        assert await line.say(half) == b""
        assert await line.say(rest) == first + first
        # without that half it is no request
        assert (await line.say(rest)).startswith(b"HTTP/1.1 400 ")

    talk(root, conversation)


def test_a_body_that_comes_later_is_waited_for(root: Path) -> None:
    async def conversation(line: Talk) -> None:
        first = await line.say(REQUEST)

        for _ in range(3):
            assert await line.say(REQUEST[:-2] + b"Content-Length: 4\r\n\r\n") == first
            assert await line.say(b"body") == b""

    talk(root, conversation)


def test_an_old_client_gets_one_answer(root: Path) -> None:
    async def conversation(line: Talk) -> None:
        await line.say(REQUEST)

        request = b"GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"
        assert b"connection: close\r\n" in await line.say(request)
        assert line.wire.closing

    talk(root, conversation)


def test_the_same_bytes_as_a_body_are_a_body(root: Path) -> None:
    async def conversation(line: Talk) -> None:
        await line.say(REQUEST)
        first = await line.say(REQUEST)
        length = f"Content-Length: {len(REQUEST)}\r\n\r\n".encode()

        assert await line.say(b"GET /a HTTP/1.1\r\n" + length) == first
        assert await line.say(REQUEST) == b""
        assert await line.say(REQUEST) == first

    talk(root, conversation)


def test_at_the_end_known_bytes_are_answered_as_the_last(root: Path) -> None:
    async def conversation(line: Talk) -> None:
        await line.say(REQUEST)
        await line.say(REQUEST)
        line.line.shutdown()

        assert b"connection: close\r\n" in await line.say(REQUEST)
        assert line.wire.closing

    talk(root, conversation)


@pytest.mark.parametrize("times", [2, 3])
def test_a_connection_is_closed_when_it_was_not_used_for_a_while(root: Path, times: int) -> None:
    async def conversation(line: Talk) -> None:
        line.line.timeout_keep_alive = 0.3  # type: ignore[assignment]
        for _ in range(times):
            await line.say(REQUEST)
        # known by its bytes when it was asked twice before
        await asyncio.sleep(0.2)
        await line.say(REQUEST)

        await asyncio.sleep(0.2)
        assert not line.wire.closing
        await asyncio.sleep(0.2)
        assert line.wire.closing

    talk(root, conversation)


def test_known_bytes_begin_a_connection_in_time(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(protocol, "_HEADER_PATIENCE", 0.1)

    async def conversation(line: Talk) -> None:
        await line.say(REQUEST)
        await line.say(REQUEST)
        other = line.another()
        await other.say(REQUEST)

        await asyncio.sleep(0.2)

        assert not other.wire.closing
        other.end()

    talk(root, conversation)
