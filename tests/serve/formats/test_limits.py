"""What keeps files from taking the service down: size, number at once, clients that go away."""

import asyncio
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient
from starlette.types import Message, Scope

from spatial.errors import StoreError
from spatial.serve.formats import downloads, workbook
from spatial.serve.formats.downloads import Downloads
from spatial.serve.formats.selection import FileLimits, Selection
from spatial.serve.read.edition import Editions, open_editions

ITEMS = "/collections/ouderen-gemeente/items"
PASSED_ON = PlainTextResponse("pagina")
FILES = ("gpkg", "fgb", "parquet", "xlsx")


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Folder of temporary files; nothing may be left in it."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    yield tmp_path
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def editions(store: Path) -> Editions:
    return open_editions(store)


def client(editions: Editions, limits: FileLimits | None = None) -> TestClient:
    return TestClient(Downloads(PASSED_ON, editions, "http://testserver", limits))


@pytest.mark.parametrize(
    ("limits", "form", "what"),
    [
        (FileLimits(features=5), "csv", "features"),
        (FileLimits(size=100), "geojson", "bytes"),
        (FileLimits(size=100), "gpkg", "bytes"),
        (FileLimits(cells=100), "xlsx", "cells"),
    ],
)
def test_a_selection_that_is_too_large_is_refused_with_what_to_do(
    editions: Editions, limits: FileLimits, form: str, what: str
) -> None:
    web = client(editions, limits)

    answer, head = web.get(f"{ITEMS}?f={form}"), web.head(f"{ITEMS}?f={form}")

    assert (answer.status_code, head.status_code) == (413, 413)
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert what in answer.json()["detail"]
    assert "narrow it with datetime, bbox, properties or limit" in answer.json()["detail"]


def test_a_part_that_is_small_enough_is_given(editions: Editions) -> None:
    web = client(editions, FileLimits(features=5))

    assert web.get(f"{ITEMS}?f=csv&limit=5").status_code == 200


def test_shapes_count_for_the_size_only_when_they_are_in_the_file(editions: Editions) -> None:
    layer = editions.current.layer("ouderen-gemeente")
    web = client(editions, FileLimits(size=layer.count * 2 * 8))

    url = f"{ITEMS}?f=parquet&properties=personen"

    assert web.get(url).status_code == 413
    assert web.get(f"{url}&skipGeometry=true").status_code == 200


def test_a_text_that_does_not_fit_in_a_cell_is_refused(
    editions: Editions, monkeypatch: pytest.MonkeyPatch, temporary: Path
) -> None:
    # the library refuses what is longer than this itself
    monkeypatch.setattr(workbook, "_TOO_LONG", 0)

    answer = client(editions).get(f"{ITEMS}?f=xlsx")

    assert answer.status_code == 413
    assert "f=csv" in answer.json()["detail"]
    assert temporary.is_dir()


@pytest.mark.parametrize("limits", [FileLimits(writing=1), FileLimits(handing=1)])
def test_who_comes_while_enough_files_are_made_is_asked_to_come_back(
    editions: Editions, limits: FileLimits, monkeypatch: pytest.MonkeyPatch, temporary: Path
) -> None:
    begun, finish = threading.Event(), threading.Event()

    def slowly(_selection: Selection, path: Path, _address: str) -> None:
        begun.set()
        finish.wait(10)
        path.write_bytes(b"klaar")

    monkeypatch.setitem(downloads._WRITERS, "gpkg", slowly)
    app = Downloads(PASSED_ON, editions, "http://testserver", limits)

    async def both() -> tuple[list[Message], list[Message]]:
        first = asyncio.create_task(exchange(app, "gpkg"))
        await asyncio.to_thread(begun.wait, 10)
        second = await exchange(app, "parquet")
        finish.set()
        return await first, second

    first, second = asyncio.run(both())

    assert (first[0]["status"], second[0]["status"]) == (200, 503)
    assert dict(second[0]["headers"])[b"retry-after"] == b"5"
    assert asyncio.run(exchange(app, "parquet"))[0]["status"] == 200
    assert temporary.is_dir()


@pytest.mark.parametrize("form", FILES)
def test_nothing_is_left_of_a_file_that_was_sent(
    editions: Editions, form: str, temporary: Path
) -> None:
    assert client(editions).get(f"{ITEMS}?f={form}").status_code == 200
    assert temporary.is_dir()


@pytest.mark.parametrize("form", FILES)
def test_nothing_is_left_of_a_file_whose_client_went_away(
    editions: Editions, form: str, temporary: Path
) -> None:
    app = Downloads(PASSED_ON, editions, "http://testserver")

    async def leave(message: Message) -> None:
        if message["type"] == "http.response.body":
            raise OSError("connection lost")

    with pytest.raises((OSError, ExceptionGroup)):
        asyncio.run(exchange(app, form, leave))

    assert app._workshop.idle
    assert list(temporary.iterdir()) == []


@pytest.mark.parametrize("form", ["gpkg", "csv"])
def test_a_request_that_is_cancelled_leaves_nothing(
    editions: Editions, form: str, temporary: Path
) -> None:
    app = Downloads(PASSED_ON, editions, "http://testserver")

    async def cancelled() -> None:
        sent = asyncio.Event()

        async def wait_forever(message: Message) -> None:
            if message["type"] == "http.response.body":
                sent.set()
                await asyncio.Event().wait()

        task = asyncio.create_task(exchange(app, form, wait_forever))
        await sent.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(cancelled())

    assert app._workshop.idle
    assert list(temporary.iterdir()) == []


@pytest.mark.parametrize("error", [OSError(28, "No space left"), StoreError("kapot")])
def test_a_file_that_cannot_be_written_is_a_503(
    editions: Editions, error: Exception, monkeypatch: pytest.MonkeyPatch, temporary: Path
) -> None:
    def fail(*_: Any) -> None:
        raise error

    monkeypatch.setitem(downloads._WRITERS, "gpkg", fail)

    answer = client(editions).get(f"{ITEMS}?f=gpkg")

    assert answer.status_code == 503
    assert "No space" not in answer.text
    assert temporary.is_dir()


def test_without_a_snapshot_there_are_no_files(tmp_path: Path) -> None:
    answer = client(Editions(tmp_path)).get(f"{ITEMS}?f=csv")

    assert answer.status_code == 503
    assert answer.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("method", ["POST", "OPTIONS"])
def test_only_reading_gives_files(editions: Editions, method: str) -> None:
    answer = client(editions).request(method, f"{ITEMS}?f=csv")

    assert answer.text == "pagina"


def test_a_part_of_a_file_that_is_made_anew_is_not_given(editions: Editions) -> None:
    answer = client(editions).get(f"{ITEMS}?f=fgb", headers={"Range": "bytes=0-9"})

    assert (answer.status_code, answer.headers["Accept-Ranges"]) == (200, "none")
    assert answer.content.startswith(b"fgb")


def test_a_lost_client_of_a_stream_is_no_error_of_the_service(editions: Editions) -> None:
    web = client(editions)

    with web.stream("GET", f"{ITEMS}?f=geojson") as answer:
        begin = next(answer.iter_bytes(10))

    assert begin == b'{"type":"F'


async def exchange(app: Downloads, form: str, send: Any = None) -> list[Message]:
    """Ask for a file as a server does; return what was sent."""
    sent: list[Message] = []

    async def receive() -> Message:
        await asyncio.Event().wait()
        raise AssertionError

    async def keep(message: Message) -> None:
        sent.append(message)

    scope: Scope = {
        "type": "http",
        "method": "GET",
        "path": ITEMS,
        "query_string": f"f={form}".encode(),
        "headers": [],
        "asgi": {"spec_version": "2.3"},
    }
    await app(scope, receive, send or keep)
    return sent


@pytest.mark.parametrize("form", ["gpkg", "csv"])
def test_a_head_writes_no_file(editions: Editions, form: str, temporary: Path) -> None:
    answer = client(editions).head(f"{ITEMS}?f={form}")

    assert (answer.status_code, answer.content) == (200, b"")
    assert "Content-Length" not in answer.headers
    assert temporary.is_dir()


@pytest.mark.parametrize("since", ["gisteren", "Sat, 01 Jan 2000 00:00:00 GMT", None])
def test_what_is_known_is_not_written_again(editions: Editions, since: str | None) -> None:
    web = client(editions)
    first = web.head(f"{ITEMS}?f=gpkg").headers
    same = {"If-Modified-Since": since or first["Last-Modified"]}

    statuses = [
        web.get(f"{ITEMS}?f=gpkg", headers=headers).status_code
        for headers in (same, {"If-None-Match": f'"x", W/{first["ETag"]}'}, {"If-None-Match": "*"})
    ]

    assert statuses == [200 if since else 304, 304, 304]


def test_a_request_that_ends_while_its_file_is_written_leaves_nothing(
    editions: Editions, monkeypatch: pytest.MonkeyPatch, temporary: Path
) -> None:
    begun, finish = threading.Event(), threading.Event()

    def slowly(_selection: Selection, path: Path, _address: str) -> None:
        begun.set()
        finish.wait(10)
        path.write_bytes(b"klaar")

    monkeypatch.setitem(downloads._WRITERS, "gpkg", slowly)
    app = Downloads(PASSED_ON, editions, "http://testserver")

    async def ended() -> tuple[bool, bool]:
        task = asyncio.create_task(exchange(app, "gpkg"))
        await asyncio.to_thread(begun.wait, 10)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        # the thread keeps its place as long as it writes
        busy = not app._workshop.idle
        finish.set()
        while not app._workshop.idle:
            await asyncio.sleep(0.01)
        return busy, app._workshop.idle

    assert asyncio.run(ended()) == (True, True)
    assert list(temporary.iterdir()) == []


@pytest.mark.parametrize(
    ("accept", "status"), [("text/csv", 200), ("image/webp", None), ("*/*", None), ("", None)]
)
def test_only_what_asks_for_a_file_is_answered_with_one(
    editions: Editions, accept: str, status: int | None
) -> None:
    answer = client(editions).get(ITEMS, headers={"Accept": accept})

    assert (answer.text == "pagina") is (status is None)
