"""What memory gives to those who see a request as it comes over the line."""

import gzip
import time
from pathlib import Path

import pytest
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient

from spatial.serve.lane import recall
from spatial.serve.lane.answer import Asked, Form, Header, Ready
from spatial.serve.lane.door import Door
from spatial.serve.read.edition import LOOK_EVERY_S
from tests.miniland import miniland_snapshot, observations
from tests.serve.lane.behind import Behind, door_before

ASKED = [(b"accept", b"*/*"), (b"accept-encoding", b"gzip")]
REQUEST = b"GET /a?b=1 HTTP/1.1\r\n\r\n"


def warm(root: Path, memory_bytes: int = 1_000_000) -> Door:
    """A door that was asked one question, with a long answer."""
    behind = Behind(lambda _: PlainTextResponse("x" * 2000, headers={"x-say": "a"}))
    door = door_before(behind, root, memory_bytes)
    ask(door, "/a?b=1")
    return door


def ask(door: Door, url: str) -> str:
    """Ask the long way; return the validator."""
    headers = {"accept": "*/*", "accept-encoding": "gzip"}
    return TestClient(door).get(url, headers=headers).headers["etag"]


def read(door: Door, *more: Header, method: bytes = b"GET") -> tuple[Asked, Ready]:
    found = door.quick.first(method, b"/v1/a?b=1", [*ASKED, *more])
    assert found is not None
    return found


def test_memory_is_asked_at_once_when_nothing_has_to_be_thought_about(root: Path) -> None:
    _, ready = read(warm(root))

    assert ready.status == 200
    assert gzip.decompress(b"".join(ready.parts)) == b"x" * 2000
    assert b"x-say: a\r\n" in ready.head
    assert ready.head.endswith(b"\r\n\r\n")


def test_what_was_never_asked_is_not_in_memory(root: Path) -> None:
    door = door_before(Behind(lambda _: PlainTextResponse("x")), root)

    assert door.quick.first(b"GET", b"/a", ASKED) is None


def test_who_wants_no_body_gets_the_headers_of_the_whole(root: Path) -> None:
    door = warm(root)

    _, ready = read(door, method=b"HEAD")

    assert ready == Ready(200, read(door)[1].head, ())


def test_a_copy_that_is_still_good_is_not_sent_again(root: Path) -> None:
    door = warm(root)
    tag = ask(door, "/a?b=1").encode()

    asked, ready = read(door, (b"if-none-match", tag))

    assert (asked.form, ready.status, ready.parts) == (Form.NOT_MODIFIED, 304, ())
    assert b"etag: " + tag in ready.head
    assert b"content-length" not in ready.head


@pytest.mark.parametrize(
    ("url", "header"),
    [
        (b"/a?b=1", (b"range", b"bytes=0-1")), (b"/a?b=1", (b"expect", b"100-continue")),
        (b"/a?b=1", (b"connection", b"upgrade")), (b"/a?b=1", (b"accept-encoding", b"zstd")),
        (b"/%61?b=1", (b"x", b"y")), (b"/a?b=2", (b"x", b"y")), (b"/a?b=1", (b"accept", b"text/html")),
    ],
)  # fmt: skip
def test_anything_else_takes_the_long_way(
    root: Path, url: bytes, header: tuple[bytes, bytes]
) -> None:
    assert warm(root).quick.first(b"GET", url, [*ASKED, header]) is None


def test_a_question_in_a_body_takes_the_long_way(root: Path) -> None:
    assert warm(root).quick.first(b"POST", b"/a?b=1", ASKED) is None


def test_memory_of_an_older_snapshot_is_not_asked(tmp_path: Path) -> None:
    miniland_snapshot(tmp_path)
    door = warm(tmp_path)
    door.quick.remember(REQUEST, read(door)[0])

    miniland_snapshot(tmp_path, observations().slice(0, 60))
    time.sleep(2 * LOOK_EVERY_S)

    assert door.quick.first(b"GET", b"/a?b=1", ASKED) is None
    assert door.quick.again(REQUEST) is None


def test_what_was_understood_of_an_older_snapshot_is_forgotten(tmp_path: Path) -> None:
    miniland_snapshot(tmp_path)
    door = warm(tmp_path)
    door.quick.remember(REQUEST, read(door)[0])

    miniland_snapshot(tmp_path, observations().slice(0, 60))
    time.sleep(2 * LOOK_EVERY_S)
    ask(door, "/a?b=1")
    read(door)

    assert door.quick.again(REQUEST) is None


def test_bytes_that_were_understood_get_the_same_answer(root: Path) -> None:
    door = warm(root)
    found = read(door)

    door.quick.remember(REQUEST, found[0])

    assert door.quick.again(REQUEST) == found
    assert door.quick.again(REQUEST + b"\r\n") is None


def test_an_answer_that_is_not_in_memory_any_more_is_made_anew(root: Path) -> None:
    door = warm(root, memory_bytes=3_000)
    door.quick.remember(REQUEST, read(door)[0])

    ask(door, "/other")

    assert door.quick.again(REQUEST) is None


@pytest.mark.parametrize("name", [b"authorization", b"cookie"])
def test_who_asked_is_not_kept(root: Path, name: bytes) -> None:
    door = warm(root)

    asked, _ = read(door, (name, b"secret"))
    door.quick.remember(REQUEST, asked)

    assert door.quick.again(REQUEST) is None


def test_a_long_request_is_not_kept(root: Path) -> None:
    door, request = warm(root), b"x" * (recall.LONGEST_REQUEST + 1)

    door.quick.remember(request, read(door)[0])

    assert door.quick.again(request) is None


def test_of_many_requests_the_last_are_kept(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recall, "_MOST_REQUESTS", 2)
    door = warm(root)
    found = read(door)

    for request in (b"1", b"2", b"3"):
        door.quick.remember(request, found[0])

    assert [door.quick.again(request) for request in (b"1", b"2", b"3")] == [None, found, found]


def test_what_was_made_for_one_request_is_not_remembered_with_it(root: Path) -> None:
    door = door_before(Behind(lambda _: PlainTextResponse("x")), root)
    ask(door, "/a")
    url = b"/collections/ouderen-gemeente/items?limit=3"

    # made, made and kept, from memory
    for made in (True, True, False):
        found = door.quick.first(b"GET", url, [])
        assert found is not None
        assert found[0].made is made
        door.quick.remember(REQUEST, found[0])
        assert (door.quick.again(REQUEST) is None) is made


def test_an_answer_that_is_asked_again_is_one_piece(root: Path) -> None:
    door = door_before(Behind(lambda _: PlainTextResponse("x")), root)
    ask(door, "/a")
    url = b"/collections/ouderen-gemeente/items?limit=3"

    found = [door.quick.first(b"GET", url, []) for _ in range(2)]
    first, again = (ready for _, ready in filter(None, found))

    assert len(first.parts) > 1
    assert list(again.parts) == [b"".join(first.parts)]
    assert again.head == first.head
