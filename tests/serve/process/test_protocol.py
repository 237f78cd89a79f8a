"""One connection at the level of bytes, against uvicorn with our protocol."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

import pytest
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.config import Config
from uvicorn.server import Server

from spatial.serve.process import protocol
from spatial.serve.process.onewrite import OneWrite

REQUEST = b"GET / HTTP/1.1\r\nHost: kaart\r\n\r\n"


@dataclass
class Line:
    """A connection of a client, and the server at the other end."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    server: Server

    async def answer(self) -> tuple[int, dict[str, str], bytes]:
        """Read one answer that tells its length."""
        head = await self.reader.readuntil(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").strip().split("\r\n")
        headers = dict(line.split(": ", 1) for line in lines)
        body = await self.reader.readexactly(int(headers["content-length"]))
        return int(first.split()[1]), headers, body


async def _hello(scope: Scope, receive: Receive, send: Send) -> None:
    await PlainTextResponse("hallo")(scope, receive, send)


def talk(
    conversation: Callable[[Line], Awaitable[None]], app: ASGIApp = _hello, most: int | None = None
) -> None:
    """Have a conversation with a server; whatever takes longer than ten seconds hangs."""

    async def whole() -> None:
        async with asyncio.timeout(10), _serving(app, most) as line:
            await conversation(line)

    asyncio.run(whole())


@asynccontextmanager
async def _serving(app: ASGIApp, most: int | None) -> AsyncIterator[Line]:
    config = Config(
        app,
        host="127.0.0.1",
        port=0,
        http=protocol.BoundedProtocol,
        ws="none",
        lifespan="off",
        proxy_headers=False,
        limit_concurrency=most,
        server_header=False,
        log_level="critical",
        timeout_graceful_shutdown=3,
    )
    server = Server(config)
    running = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        yield Line(reader, writer, server)
    finally:
        server.should_exit = True
        with suppress(ConnectionError):
            writer.close()
            await writer.wait_closed()
        await running


def test_two_requests_go_over_one_connection() -> None:
    async def conversation(line: Line) -> None:
        for _ in range(2):
            line.writer.write(REQUEST)
            status, headers, body = await line.answer()
            assert (status, body) == (200, b"hallo")
            assert "connection" not in headers

    talk(conversation)


def test_what_is_not_http_gets_a_problem_document() -> None:
    async def conversation(line: Line) -> None:
        line.writer.write(b"\x16\x03\x01 hallo\r\n\r\n")
        status, headers, body = await line.answer()
        assert status == 400
        assert headers["content-type"] == "application/problem+json"
        assert json.loads(body)["title"] == "Bad Request"
        assert await line.reader.read() == b""

    talk(conversation)


def test_headers_without_end_are_431() -> None:
    async def conversation(line: Line) -> None:
        line.writer.write(REQUEST[:-2])
        for _ in range(3):
            line.writer.write(b"a: " + b"b" * 16_000 + b"\r\n")
            await line.writer.drain()
            await asyncio.sleep(0.01)
        status, headers, _ = await line.answer()
        assert (status, headers["connection"]) == (431, "close")

    talk(conversation)


def test_headers_that_come_too_slowly_are_408(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protocol, "_HEADER_PATIENCE", 0.1)

    async def conversation(line: Line) -> None:
        line.writer.write(REQUEST[:-2])
        status, _, _ = await line.answer()
        assert status == 408

    talk(conversation)


def test_a_second_request_that_does_not_end_is_408_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protocol, "_HEADER_PATIENCE", 0.1)

    async def conversation(line: Line) -> None:
        line.writer.write(REQUEST)
        assert (await line.answer())[0] == 200
        line.writer.write(REQUEST[:-2])
        assert (await line.answer())[0] == 408

    talk(conversation)


def test_a_client_that_never_asks_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protocol, "_HEADER_PATIENCE", 0.1)

    async def conversation(line: Line) -> None:
        assert await line.reader.read() == b""

    talk(conversation)


def test_a_connection_too_many_is_503() -> None:
    async def conversation(line: Line) -> None:
        port = line.writer.get_extra_info("peername")[1]
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        status, headers, _ = await Line(reader, writer, line.server).answer()
        writer.close()
        assert (status, headers["retry-after"]) == (503, "1")

    talk(conversation, most=1)


def test_a_client_that_stops_reading_is_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protocol, "_ANSWER_PATIENCE", 0.2)

    async def large(scope: Scope, receive: Receive, send: Send) -> None:
        await PlainTextResponse(b"a" * 30_000_000)(scope, receive, send)

    async def conversation(line: Line) -> None:
        line.writer.write(REQUEST)
        while not line.server.server_state.connections:
            await asyncio.sleep(0.01)
        while line.server.server_state.connections:
            await asyncio.sleep(0.05)

    talk(conversation, large)


def test_a_client_that_reads_slowly_gets_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protocol, "_ANSWER_PATIENCE", 0.2)

    async def large(scope: Scope, receive: Receive, send: Send) -> None:
        await PlainTextResponse(b"a" * 20_000_000)(scope, receive, send)

    async def conversation(line: Line) -> None:
        line.writer.write(REQUEST)
        await line.reader.readuntil(b"\r\n\r\n")
        size = 0
        while size < 20_000_000:
            size += len(await line.reader.readexactly(1_000_000))
            await asyncio.sleep(0.03)

    talk(conversation, large)


def test_at_the_end_a_request_under_way_is_answered_and_the_last(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(protocol, "_LAST_REQUEST", 0.5)

    async def conversation(line: Line) -> None:
        line.writer.write(REQUEST)
        await line.answer()
        line.server.should_exit = True
        await asyncio.sleep(0.2)
        line.writer.write(REQUEST)
        status, headers, _ = await line.answer()
        assert (status, headers["connection"]) == (200, "close")
        assert await line.reader.read() == b""

    talk(conversation)


def test_at_the_end_a_connection_without_request_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protocol, "_LAST_REQUEST", 0.1)

    async def conversation(line: Line) -> None:
        line.server.should_exit = True
        assert await line.reader.read() == b""

    talk(conversation)


def test_at_the_end_a_running_request_is_finished() -> None:
    asked = asyncio.Event()

    async def slow(scope: Scope, receive: Receive, send: Send) -> None:
        asked.set()
        await asyncio.sleep(0.4)
        await _hello(scope, receive, send)

    async def conversation(line: Line) -> None:
        line.writer.write(REQUEST)
        await asked.wait()
        line.server.should_exit = True
        status, headers, body = await line.answer()
        assert (status, headers["connection"], body) == (200, "close", b"hallo")

    talk(conversation, slow)


class Wire(asyncio.Transport):
    """Writes down what is written in one go."""

    def __init__(self) -> None:
        super().__init__()
        self.written: list[list[bytes]] = []

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.written.append([bytes(data)])

    def writelines(self, list_of_data: Iterable[bytes | bytearray | memoryview]) -> None:
        self.written.append([bytes(data) for data in list_of_data])

    def close(self) -> None:
        self.written.append([])


def test_head_and_body_leave_in_one_write() -> None:
    wire = Wire()

    line = OneWrite(wire)
    for data in (b"HTTP/1.1 200 OK\r\n\r\n", b"a", b"b", b"HTTP/1.1 304 \r\n\r\n"):
        line.write(data)
    line.flush()
    line.write(b"HTTP/1.1 408 \r\n\r\n")
    line.close()

    assert wire.written == [
        [b"HTTP/1.1 200 OK\r\n\r\n", b"a"], [b"b"], [b"HTTP/1.1 304 \r\n\r\n"],
        [b"HTTP/1.1 408 \r\n\r\n"], [],
    ]  # fmt: skip


@pytest.mark.parametrize(("size", "pieces"), [(0, 1), (32_768, 1), (32_769, 2)])
def test_a_small_body_is_copied_behind_its_head_and_a_large_one_is_not(
    size: int, pieces: int
) -> None:
    wire, body = Wire(), b"a" * size
    line = OneWrite(wire)
    line.write(b"HTTP/1.1 304 \r\n\r\n")

    line.send(b"HTTP/1.1 200 OK\r\n\r\n", [body])

    before, answer = wire.written
    assert before == [b"HTTP/1.1 304 \r\n\r\n"]
    assert b"".join(answer) == b"HTTP/1.1 200 OK\r\n\r\n" + body
    assert len(answer) == pieces


@pytest.mark.parametrize("method", [b"HEAD", b"GET"])
def test_an_answer_without_a_body_leaves_too(method: bytes) -> None:
    async def nothing(scope: Scope, receive: Receive, send: Send) -> None:
        await PlainTextResponse("" if method == b"GET" else "hallo")(scope, receive, send)

    async def conversation(line: Line) -> None:
        for _ in range(2):
            line.writer.write(method + REQUEST[3:])
            head = await line.reader.readuntil(b"\r\n\r\n")
            assert head.startswith(b"HTTP/1.1 200")

    talk(conversation, nothing)
