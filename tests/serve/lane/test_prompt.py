"""What the lane makes at once, for those who see a request as it comes over the line."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from spatial.serve.app import Service, create_app
from spatial.serve.lane.answer import Answer, Header, Piece, Ready
from spatial.serve.lane.door import Door

ITEMS = "/v1/collections/ouderen-gemeente/items"
PLAIN: list[Header] = [(b"accept", b"*/*")]


@pytest.fixture
def door(root: Path, config: Path) -> Door:
    """A door that knows the live edition and was asked nothing of it."""
    whole = create_app(Service(config, root, "http://testserver"))
    assert isinstance(whole.app, Door)
    assert TestClient(whole).get("/v1/conformance").status_code == 200
    return whole.app


def made(door: Door, url: str, *headers: Header, method: bytes = b"GET") -> Ready | None:
    found = door.quick.first(method, url.encode(), [*PLAIN, *headers])
    return found and found[1]


@pytest.mark.parametrize(
    "url",
    [
        ITEMS, f"{ITEMS}?limit=3", f"{ITEMS}?datetime=2020-01-01&limit=2&offset=1", f"{ITEMS}?sortby=-personen",
        f"{ITEMS}?properties=personen,regioNaam&limit=5", f"{ITEMS}?bbox=4.9,52.31,4.95,52.33",
        f"{ITEMS}?crs=http://www.opengis.net/def/crs/EPSG/0/28992&limit=3", f"{ITEMS}?skipGeometry=true",
        f"{ITEMS}?resulttype=hits", f"{ITEMS}/GM0003-2021-01-01", f"{ITEMS}?indeling=1999",
    ],
)  # fmt: skip
def test_features_that_were_never_asked_are_made_at_once(
    door: Door, root: Path, config: Path, url: str
) -> None:
    client = TestClient(create_app(Service(config, root, "http://testserver")))
    plain = client.get(url, headers={"accept": "*/*", "accept-encoding": "identity"})

    ready = made(door, url)

    assert ready is not None
    assert ready.status == 200
    assert b"".join(ready.parts) == plain.content
    for name in ("etag", "content-length", "content-type", "content-crs", "last-modified", "vary"):
        assert f"{name}: {plain.headers[name]}\r\n".encode() in ready.head


@pytest.mark.parametrize(
    ("url", "header"),
    [
        ("/v1/collections", (b"x", b"y")), (f"{ITEMS}?limit=0", (b"x", b"y")), (f"{ITEMS}?foo=1", (b"x", b"y")),
        (f"{ITEMS}?f=csv", (b"x", b"y")), (f"{ITEMS}?f=html", (b"x", b"y")), (f"{ITEMS}/geen", (b"x", b"y")),
        (f"{ITEMS}?filter=personen%3E1", (b"x", b"y")), (f"{ITEMS}?limit=3", (b"accept-encoding", b"gzip")),
        (f"{ITEMS}?limit=3", (b"range", b"bytes=0-1")), (f"{ITEMS}?limit=3", (b"accept", b"text/html")),
        ("/v1/collections/geen/items", (b"x", b"y")), (f"{ITEMS}?limit=3&regioNaam={'a' * 9000}", (b"x", b"y")),
    ],
)  # fmt: skip
def test_what_takes_time_or_is_not_for_the_lane_takes_the_long_way(
    door: Door, url: str, header: Header
) -> None:
    assert made(door, url, header) is None


def test_what_is_asked_twice_is_kept_and_what_is_asked_once_is_not(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    url, once = f"{ITEMS}?limit=3", f"{ITEMS}?limit=4"
    first, again = made(door, url), made(door, url)
    made(door, once)

    def never(*_: object) -> None:
        return None

    monkeypatch.setattr(door._items, "prompt", never)

    assert first is not None
    assert again is not None
    assert b"".join(again.parts) == b"".join(first.parts)
    assert made(door, url) == again
    assert made(door, url, method=b"HEAD") == Ready(200, first.head, ())
    assert made(door, once) is None


def test_the_bytes_of_what_is_not_kept_are_not_remembered(door: Door) -> None:
    request, url = b"GET /a HTTP/1.1", f"{ITEMS}?limit=3".encode()

    def remembered() -> Ready | None:
        found = door.quick.first(b"GET", url, PLAIN)
        assert found is not None
        door.quick.remember(request, found[0])
        again = door.quick.again(request)
        return again and again[1]

    # made, made and kept, from memory
    assert [remembered(), remembered()] == [None, None]
    assert remembered() == made(door, f"{ITEMS}?limit=3")


def test_only_the_last_questions_are_remembered(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("spatial.serve.lane.door._ONCE", 2)
    desk = door._desk
    assert desk is not None
    keys = [("/", str(number).encode(), b"", b"") for number in range(3)]

    assert [desk.asked_before(key) for key in keys] == [False, False, False]
    assert [desk.asked_before(key) for key in keys[::-1]] == [True, True, False]


def test_many_pieces_are_joined_and_few_are_sent_as_they_are(door: Door) -> None:
    few = made(door, f"{ITEMS}?limit=20")
    many = made(door, f"{ITEMS}?limit=24&crs=http://www.opengis.net/def/crs/EPSG/0/28992")

    assert few is not None
    assert many is not None
    assert len(few.parts) > 1
    assert any(isinstance(part, memoryview) for part in few.parts)
    assert len(many.parts) == 1


@pytest.mark.parametrize("more", ["", "&properties=personen"])
def test_an_answer_that_is_kept_has_bytes_of_its_own(door: Door, more: str) -> None:
    asked = [made(door, f"{ITEMS}?limit=3{more}") for _ in range(3)]

    assert asked[2] is not None
    assert [type(part) for part in asked[2].parts] == [bytes]


def test_an_answer_that_is_joined_is_in_memory_once() -> None:
    parts: list[Piece] = [b"a", memoryview(b"bc")[:1]]
    answer = Answer(200, [], parts, datetime(2024, 1, 1, tzinfo=UTC))
    body = answer.body("")

    assert body.content == b"ab"
    assert answer.parts == body.parts == [b"ab"]
    assert answer.content is body.content
