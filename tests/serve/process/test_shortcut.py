"""Answers from memory are what the layers around the application make of them."""

import asyncio
import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from spatial.serve.app import Service
from spatial.serve.process.operation import Audience, Operation
from spatial.serve.process.run import Threads, operated
from tests.serve.process.wire import Talk

ITEM = "/v1/collections/ouderen-gemeente/items/GM0003-2021-01-01"
PROXY, OTHER = "127.0.0.1", "198.51.100.9"
HSTS = b"strict-transport-security: max-age=31536000\r\n"
_LINES = (f"GET {ITEM}", f"HEAD {ITEM}", f"GET {ITEM}?f=json", "GET /v1/kwijt", "GET /healthz")
_HEADERS = (
    "X-Forwarded-Proto: https", "X-Forwarded-Proto: http", "X-Forwarded-For: 192.0.2.7", "X-Forwarded-For: 127.0.0.1",
    "X-Forwarded-For: 192.0.2.8, 10.0.0.1:80", 'User-Agent: "\x1b[2J', "Referer: https://kaart.nl/", "If-None-Match: *",
    "Accept-Encoding: gzip", "Connection: keep-alive",
)  # fmt: skip
_MOMENT = re.compile(r" \[[^]]*\]| \d+\.\d{6}$", re.MULTILINE)
_COUNT = re.compile(
    r"^spatial_(?:requests|lane)_total.*|^spatial_request_seconds_count.*", re.MULTILINE
)


@dataclass(frozen=True)
class Worker:
    """The application with all that can be around it."""

    app: Threads
    log: Path

    def said(self, asked: list[tuple[str, bytes]]) -> list[bytes]:
        """Ask over one connection per peer, each request by itself."""

        async def whole() -> list[bytes]:
            first = Talk(self.app, PROXY)
            lines = {PROXY: first, OTHER: first.another(OTHER)}
            found = [await lines[peer].say(request) for peer, request in asked]
            for line in lines.values():
                line.end()
            return found

        return asyncio.run(whole())

    def logged(self) -> str:
        """What was written since this was asked before, without moment and duration."""
        text = self.log.read_text("ascii")
        self.log.write_text("", "ascii")
        return _MOMENT.sub("", text)

    def counts(self) -> list[str]:
        """What was counted since the beginning; nothing is written about this."""
        found: list[str] = _COUNT.findall(TestClient(self.app).get("/metrics").text)
        self.logged()
        return found


@pytest.fixture(scope="module")
def workers(
    root: Path, config: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Worker, Worker]:
    """One that takes the short cut, and one that does not."""
    service = Service(config, root, "https://kaart.example")
    found = []
    for name in ("short", "long"):
        log = tmp_path_factory.mktemp("log") / f"{name}.log"
        around = Operation(metrics=Audience.ALL, access_log=str(log), trusted_proxies=(PROXY,))
        app = operated(service, around)
        assert isinstance(app, Threads)
        found.append(Worker(app, log))
    found[1].app.shortcut = None
    return found[0], found[1]


@st.composite
def requests(draw: st.DrawFn) -> tuple[str, bytes]:
    headers = draw(st.lists(st.sampled_from(_HEADERS), max_size=3, unique=True))
    lines = [f"{draw(st.sampled_from(_LINES))} HTTP/1.1", *headers, "", ""]
    return draw(st.sampled_from((PROXY, OTHER))), "\r\n".join(lines).encode()


@given(few=st.lists(requests(), min_size=1, max_size=4), times=st.integers(1, 3))
def test_the_short_cut_says_counts_and_writes_what_the_long_way_does(
    workers: tuple[Worker, Worker], few: list[tuple[str, bytes]], times: int
) -> None:
    short, long = workers

    assert short.said(few * times) == long.said(few * times)
    assert short.logged() == long.logged()
    assert short.counts() == long.counts()


def test_bytes_of_a_proxy_that_are_known_are_not_those_of_another(
    workers: tuple[Worker, Worker],
) -> None:
    request = f"GET {ITEM} HTTP/1.1\r\nX-Forwarded-Proto: https\r\n\r\n".encode()

    said = workers[0].said([(PROXY, request), (PROXY, request), (PROXY, request), (OTHER, request)])

    assert [HSTS in answer for answer in said] == [True, True, True, False]


def test_known_bytes_take_the_short_cut_with_everybody_around(
    workers: tuple[Worker, Worker],
) -> None:
    short, _ = workers
    request = f"GET {ITEM} HTTP/1.1\r\nX-Forwarded-For: 192.0.2.7\r\n\r\n".encode()

    async def whole() -> None:
        line = Talk(short.app, PROXY)
        first, _ = await line.say(request), await line.say(request)
        line.line.parser = None  # type: ignore[assignment]
        short.logged()

        assert await line.say(request) == first
        assert short.logged().startswith(f'192.0.2.7 - - "GET {ITEM} HTTP/1.1" 200 ')
        line.end()

    asyncio.run(whole())
