import asyncio
from collections.abc import AsyncIterator, Iterator

import anyio
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.testclient import TestClient
from starlette.types import Message, Receive, Scope, Send

from spatial.serve.operate.limits import Limited, RequestLimits

LIMITS = RequestLimits(
    url_bytes=100, header_count=12, header_bytes=600, body_bytes=50, timeout_s=0.2
)


async def _length(request: Request) -> Response:
    return JSONResponse(len(await request.body()))


async def _slow(_request: Request) -> Response:
    await anyio.sleep(30)
    return JSONResponse("late")


async def _breaks(_request: Request) -> Response:
    message = "of another"
    raise TimeoutError(message)


async def _stream(_request: Request) -> Response:
    async def parts() -> AsyncIterator[bytes]:
        for part in (b"a", b"b"):
            yield part
            await anyio.sleep(0.2)

    return StreamingResponse(parts())


@pytest.fixture
def client() -> TestClient:
    app = Starlette(
        routes=[
            Route("/length", _length, methods=["GET", "POST"]),
            Route("/slow", _slow),
            Route("/stream", _stream),
            Route("/breaks", _breaks),
        ],
        middleware=[Middleware(Limited, limits=LIMITS)],
    )
    return TestClient(app)


def test_an_address_of_the_longest_length_is_answered(client: TestClient) -> None:
    assert client.get("/length?" + "a" * 93).status_code == 200


def test_a_longer_address_is_414(client: TestClient) -> None:
    answer = client.get("/length?" + "a" * 94)

    assert answer.status_code == 414
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"] == "an address is at most 100 bytes here"


@pytest.mark.parametrize(
    "headers", [{f"h{n}": "1" for n in range(12)}, {"h": "1" * 600}], ids=["many", "long"]
)
def test_too_many_or_too_long_headers_are_431(client: TestClient, headers: dict[str, str]) -> None:
    answer = client.get("/length", headers=headers)

    assert answer.status_code == 431
    assert answer.json()["detail"] == "a request has at most 12 headers of 600 bytes together here"


def test_a_body_of_the_greatest_size_reaches_the_application_whole(client: TestClient) -> None:
    assert client.post("/length", content=b"a" * 50).json() == 50


def test_a_larger_body_is_413_and_closes_the_connection(client: TestClient) -> None:
    answer = client.post("/length", content=b"a" * 51)

    assert (answer.status_code, answer.headers["connection"]) == (413, "close")


def test_a_larger_body_of_untold_length_is_413(client: TestClient) -> None:
    def parts() -> Iterator[bytes]:
        yield from [b"a" * 20] * 3

    assert client.post("/length", content=parts()).status_code == 413


def test_a_body_in_parts_reaches_the_application_whole(client: TestClient) -> None:
    assert client.post("/length", content=iter([b"a" * 20] * 2)).json() == 40


def test_a_length_that_is_no_number_is_413(client: TestClient) -> None:
    answer = client.post("/length", content=b"a", headers={"Content-Length": "-1"})

    assert answer.status_code == 413


def test_an_answer_that_does_not_come_in_time_is_503(client: TestClient) -> None:
    answer = client.get("/slow")

    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "10"
    assert answer.json()["detail"].startswith("there was no answer within 0.2 s")


def test_an_answer_that_has_begun_may_take_its_time(client: TestClient) -> None:
    assert client.get("/stream").text == "ab"


def test_a_timeout_inside_the_application_is_not_taken_for_ours(client: TestClient) -> None:
    with pytest.raises(TimeoutError, match="of another"):
        client.get("/breaks")


def _request(path: str) -> Scope:
    return {"type": "http", "method": "GET", "path": path, "query_string": b"", "headers": []}


async def _ask(app: Limited, path: str = "/") -> int:
    status = 0

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        nonlocal status
        status = message.get("status", status)

    await app(_request(path), receive, send)
    return status


async def _crowd(concurrency: int, asked: list[str]) -> list[int]:
    """Ask for everything at once; the first answers come after all have been asked."""
    everyone = asyncio.Event()

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        await everyone.wait()
        await JSONResponse("ok")(scope, receive, send)

    app = Limited(answer, RequestLimits(concurrency=concurrency))
    tasks = [asyncio.create_task(_ask(app, path)) for path in asked]
    await asyncio.sleep(0)
    everyone.set()
    first = list(await asyncio.gather(*tasks))
    return [*first, await _ask(app)]


def test_beyond_the_limit_at_one_time_the_answer_is_503_and_later_200_again() -> None:
    assert asyncio.run(_crowd(2, ["/"] * 3)) == [200, 200, 503, 200]


def test_a_busy_worker_still_says_that_it_lives() -> None:
    assert asyncio.run(_crowd(1, ["/", "/healthz"])) == [200, 200, 200]


def test_the_start_of_the_server_passes_by() -> None:
    seen: list[str] = []

    async def app(scope: Scope, _receive: Receive, _send: Send) -> None:
        seen.append(scope["type"])

    async def nothing() -> Message:
        return {}

    async def drop(_message: Message) -> None: ...

    asyncio.run(Limited(app, LIMITS)({"type": "lifespan"}, nothing, drop))

    assert seen == ["lifespan"]
