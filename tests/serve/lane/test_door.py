"""Answers that are kept: validators, content codings, HEAD, and what is not kept."""

import asyncio
import gzip
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path

import brotli
import httpx2
import pytest
import zstandard
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send

from spatial.serve.app import Service, create_app
from spatial.serve.lane.relay import LARGEST
from spatial.serve.read.edition import Editions
from tests.serve.lane.behind import Behind, Made, door_before

ITEMS = "/collections/ouderen-gemeente/items"
DECODED: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.decompress,
    "br": brotli.decompress,
    "zstd": lambda content: zstandard.ZstdDecompressor().decompressobj().decompress(content),
}


@pytest.fixture
def fresh(root: Path, config: Path) -> TestClient:
    """Client of an application that nothing was asked yet."""
    return TestClient(create_app(Service(config, root, "http://testserver")))


def standing_before(behind: Behind, root: Path, memory_bytes: int = 1_000_000) -> TestClient:
    return TestClient(door_before(behind, root, memory_bytes))


def raw(client: TestClient, url: str, coding: str) -> tuple[httpx2.Headers, bytes]:
    with client.stream("GET", url, headers={"accept-encoding": coding}) as answer:
        return answer.headers, b"".join(answer.iter_raw())


@pytest.mark.parametrize("coding", DECODED)
@pytest.mark.parametrize("url", [ITEMS, "/collections", "/openapi?f=json", "/collections?f=html"])
def test_every_content_coding_says_the_same(client: TestClient, url: str, coding: str) -> None:
    _, plain = raw(client, url, "identity")

    headers, coded = raw(client, url, coding)

    assert headers["content-encoding"] == coding
    assert len(coded) < len(plain) / 2
    assert DECODED[coding](coded) == plain


def test_each_coding_has_a_validator_of_its_own(client: TestClient) -> None:
    tags = {raw(client, ITEMS, coding)[0]["etag"] for coding in (*DECODED, "identity")}

    assert len(tags) == 4
    assert all(tag.startswith('"') for tag in tags)


@pytest.mark.parametrize(
    "url",
    [ITEMS, f"{ITEMS}/GM0003-2021-01-01", "/", "/collections", "/kaart/", "/conformance?f=html"],
)
def test_a_copy_that_is_still_good_is_not_sent_again(client: TestClient, url: str) -> None:
    first = client.get(url)

    again = client.get(url, headers={"if-none-match": first.headers["etag"]})

    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert again.headers["cache-control"] == first.headers["cache-control"]
    assert "content-length" not in again.headers


@pytest.mark.parametrize(
    ("condition", "status"),
    [
        ({"if-none-match": '"other"'}, 200), ({"if-none-match": "*"}, 304),
        ({"if-modified-since": "Tue, 01 Jan 2099 00:00:00 GMT"}, 304),
        ({"if-modified-since": "Tue, 01 Jan 2019 00:00:00 GMT"}, 200),
        ({"if-modified-since": "gisteren"}, 200),
        ({"if-modified-since": "Tue, 01 Jan 2099 00:00:00"}, 304),
        ({"if-none-match": '"x"', "if-modified-since": "Tue, 01 Jan 2099 00:00:00 GMT"}, 200),
    ],
)  # fmt: skip
def test_conditions_are_read_as_http_says(
    client: TestClient, condition: dict[str, str], status: int
) -> None:
    assert client.get(ITEMS, headers=condition).status_code == status


def test_a_list_of_weak_validators_matches(client: TestClient) -> None:
    tag = client.get(ITEMS).headers["etag"]

    answer = client.get(ITEMS, headers={"if-none-match": f'"a", W/{tag}'})

    assert answer.status_code == 304


@pytest.mark.parametrize("url", [ITEMS, "/collections", "/?f=html", "/static/stijl.css", "/geen"])
def test_head_says_what_get_says(fresh: TestClient, url: str) -> None:
    head, get = fresh.head(url), fresh.get(url)

    assert head.content == b""
    assert head.status_code == get.status_code
    for name in ("content-type", "etag", "last-modified", "vary", "cache-control"):
        assert head.headers.get(name) == get.headers.get(name)


def test_two_workers_agree_on_validators(root: Path, config: Path) -> None:
    workers = [TestClient(create_app(Service(config, root, "http://testserver"))) for _ in range(2)]

    for url in (ITEMS, f"{ITEMS}/GM0003-2021-01-01", "/collections", "/openapi?f=json", "/"):
        for coding in (*DECODED, "identity"):
            tags = {raw(worker, url, coding)[0]["etag"] for worker in workers}
            assert len(tags) == 1, url


def test_an_answer_was_last_changed_when_its_snapshot_was_made(
    client: TestClient, root: Path
) -> None:
    moment = Editions(root).current.moment

    answer = client.get(ITEMS)

    assert answer.headers["last-modified"] == format_datetime(moment, usegmt=True)
    assert datetime.fromisoformat(answer.json()["timeStamp"]) == moment


def test_what_was_asked_before_is_not_made_again(root: Path) -> None:
    behind = Behind(lambda _: PlainTextResponse("x" * 2000))
    door = standing_before(behind, root)

    answers = [door.get("/a"), door.head("/a"), door.get("/a", headers={"accept-encoding": "br"})]

    assert behind.asked == ["GET"]
    assert [len(answer.content) for answer in answers] == [2000, 0, 2000]


@pytest.mark.parametrize(
    "made",
    [
        lambda _: PlainTextResponse("x", headers={"cache-control": "no-store"}),
        lambda _: PlainTextResponse("x", 404),
        lambda _: PlainTextResponse("x", headers={"set-cookie": "a=b"}),
        lambda _: PlainTextResponse("x" * (LARGEST + 1)),
        lambda _: StreamingResponse(iter([b"x" * 1_000_000] * 9), media_type="image/png"),
    ],
    ids=["no-store", "not found", "cookie", "large", "long stream"],
)
def test_what_must_not_or_cannot_be_kept_is_asked_again(root: Path, made: Made) -> None:
    behind = Behind(made)
    door = standing_before(behind, root)

    first, again = door.get("/a"), door.get("/a")

    assert len(behind.asked) == 2
    assert first.content == again.content != b""


def test_a_long_stream_is_sent_on_and_coded_on_the_way(root: Path) -> None:
    behind = Behind(
        lambda _: StreamingResponse(
            iter([b"naam,waarde\n" * 100_000] * 9), media_type="text/csv", headers={"etag": '"a"'}
        )
    )
    door = standing_before(behind, root)

    headers, coded = raw(door, "/a", "gzip")

    assert headers["content-encoding"] == "gzip"
    assert headers["etag"] == '"a-gzip"'
    assert len(coded) < 200_000
    assert gzip.decompress(coded) == b"naam,waarde\n" * 900_000


def test_the_answer_to_a_question_in_a_body_is_coded_and_not_kept(root: Path) -> None:
    behind = Behind(lambda _: PlainTextResponse("naam,waarde\n" * 1000))
    door = standing_before(behind, root)

    answers = [door.post("/a", headers={"accept-encoding": "gzip"}) for _ in range(2)]

    assert behind.asked == ["POST", "POST"]
    assert {answer.headers["content-encoding"] for answer in answers} == {"gzip"}
    assert answers[0].text == "naam,waarde\n" * 1000


def test_a_large_file_that_the_client_has_is_not_sent(root: Path) -> None:
    moment = format_datetime(datetime(2026, 1, 1, tzinfo=UTC), usegmt=True)
    told = {"etag": '"a"', "last-modified": moment}
    behind = Behind(lambda _: Response(b"x" * (LARGEST + 1), headers=told))
    door = standing_before(behind, root)

    answer = door.get("/a", headers={"if-none-match": '"a"'})
    head = door.head("/a")

    assert (answer.status_code, answer.content) == (304, b"")
    assert (head.status_code, head.content) == (200, b"")


def test_a_part_of_a_file_is_left_to_who_has_it(root: Path) -> None:
    behind = Behind(lambda scope: PlainTextResponse(dict(scope["headers"])[b"range"], 206))
    door = standing_before(behind, root)

    assert door.get("/a", headers={"range": "bytes=0-1"}).text == "bytes=0-1"


def test_the_longest_unused_answers_go_first(root: Path) -> None:
    behind = Behind(lambda _: PlainTextResponse("x" * 400))
    door = standing_before(behind, root, memory_bytes=1_000)

    for path in ("/a", "/b", "/a", "/c", "/a"):
        door.get(path, headers={"accept-encoding": "identity"})
    door.get("/b", headers={"accept-encoding": "identity"})

    assert len(behind.asked) == 4


def test_the_same_question_of_many_is_answered_once(root: Path) -> None:
    async def slow(scope: Scope, receive: Receive, send: Send) -> None:
        asked.append(scope["path"])
        await asyncio.sleep(0.05)
        await PlainTextResponse("x")(scope, receive, send)

    async def seen(scope: Scope, receive: Receive, send: Send) -> None:
        state: dict[str, str] = {}
        await door({**scope, "state": state}, receive, send)
        told.append(state["lane"])

    async def crowd() -> list[int]:
        transport = httpx2.ASGITransport(seen)
        async with httpx2.AsyncClient(transport=transport, base_url="http://testserver") as client:
            answers = await asyncio.gather(*(client.get("/a") for _ in range(8)))
        return [answer.status_code for answer in answers]

    asked: list[str] = []
    told: list[str] = []
    door = door_before(slow, root, 1_000)

    assert asyncio.run(crowd()) == [200] * 8
    assert asked == ["/a"]
    assert sorted(told) == ["hit"] * 7 + ["miss"]


def test_an_address_may_name_the_version(client: TestClient) -> None:
    with_version, without = client.get(f"/v1{ITEMS}?limit=1"), client.get(f"{ITEMS}?limit=1")

    assert with_version.content == without.content
    assert client.get("/v1").json() == client.get("/").json()
    assert client.get("/v2").status_code == 404


def test_a_file_is_coded_on_the_way_and_known_again(client: TestClient) -> None:
    url = f"{ITEMS}?f=csv"
    headers, coded = raw(client, url, "gzip")

    again = client.get(url, headers={"accept-encoding": "gzip", "if-none-match": headers["etag"]})
    head = client.head(url)

    assert headers["content-encoding"] == "gzip"
    assert gzip.decompress(coded).startswith(b'"id"')
    assert (again.status_code, again.content) == (304, b"")
    assert (head.status_code, head.content) == (200, b"")
