"""What the lane makes at once, for those who see a request as it comes over the line."""

from pathlib import Path

import pytest
from starlette.testclient import TestClient

from spatial.serve.app import Service, create_app
from spatial.serve.lane.answer import Answer, Header, Ready
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


def test_what_was_made_at_once_is_in_memory_then(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = made(door, f"{ITEMS}?limit=3")

    def never(*_: object) -> Answer:
        pytest.fail("made again")

    monkeypatch.setattr(door._items, "prompt", never)

    assert first is not None
    again = made(door, f"{ITEMS}?limit=3")
    assert again is not None
    assert (again.head, b"".join(again.parts)) == (first.head, b"".join(first.parts))
    assert made(door, f"{ITEMS}?limit=3", method=b"HEAD") == Ready(200, first.head, ())


def test_many_pieces_are_joined_and_few_are_sent_as_they_are(door: Door) -> None:
    few = made(door, f"{ITEMS}?limit=20")
    many = made(door, f"{ITEMS}?limit=24&crs=http://www.opengis.net/def/crs/EPSG/0/28992")

    assert few is not None
    assert many is not None
    assert len(few.parts) > 1
    assert any(isinstance(part, memoryview) for part in few.parts)
    assert len(many.parts) == 1
