"""Packs over miniland: what is asked, made, kept and sent; what is in one: ``tests/qgis``."""

import asyncio
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from starlette.requests import Request
from starlette.testclient import TestClient

from spatial.export.geopackage import export_geopackage
from spatial.serve.app import Service, create_app
from spatial.serve.formats.selection import FileLimits
from spatial.serve.formats.workshop import Workshop
from spatial.serve.qgis.packs import Asked, Pack, Packs
from spatial.serve.read.edition import Edition, Editions

PACK = "/qgis.gpkg?thema=ouderen"


@pytest.fixture(scope="module")
def served(root: Path, config: Path) -> Iterator[TestClient]:
    """A client whose application keeps one event loop, as a worker does."""
    with TestClient(create_app(Service(config, root, "http://testserver"))) as client:
        yield client


@pytest.fixture
def packs(root: Path) -> Packs:
    return Packs(Editions(root))


def asked(edition: Edition, theme: str = "ouderen", *, english: bool = False) -> Asked:
    return Asked(edition, theme, english)


def test_a_pack_is_the_file_of_the_export(
    served: TestClient, edition: Edition, tmp_path: Path
) -> None:
    files = export_geopackage(edition.snapshot, (), tmp_path, lambda _name, _done: None)

    for path in files:
        assert served.get(f"/qgis.gpkg?thema={path.stem}").content == path.read_bytes()
    assert {path.stem for path in files} == {"ouderen", "grenzen", "herindelingen"}


def test_it_is_a_file_by_its_own_type_and_name(served: TestClient) -> None:
    answer = served.get(PACK)

    assert answer.headers["content-type"] == "application/geopackage+sqlite3"
    assert answer.headers["content-disposition"] == 'attachment; filename="ouderen.gpkg"'
    assert answer.headers["content-language"] == "nl"
    assert answer.headers["content-length"] == str(len(answer.content))


def test_in_english_it_is_another_file(served: TestClient, tmp_path: Path) -> None:
    answer = served.get(f"{PACK}&lang=en")

    assert answer.headers["etag"] != served.get(PACK).headers["etag"]
    assert served.get(PACK, headers={"accept-language": "en"}).content == answer.content
    path = tmp_path / "map.gpkg"
    path.write_bytes(answer.content)
    with closing(sqlite3.connect(path)) as tables:
        said = {text for (text,) in tables.execute("SELECT identifier FROM gpkg_contents")}
    assert "Older people, municipalities" in said


def test_who_has_it_is_told_that_it_is_still_good(served: TestClient) -> None:
    told = served.get(PACK).headers

    for header in ({"if-none-match": told["etag"]}, {"if-modified-since": told["last-modified"]}):
        answer = served.get(PACK, headers=header)
        assert (answer.status_code, answer.content) == (304, b"")
        assert answer.headers["etag"] == told["etag"]


def test_a_download_that_was_broken_off_goes_on(served: TestClient) -> None:
    whole = served.get(PACK)
    headers = {"range": "bytes=1000-", "if-range": whole.headers["etag"]}

    rest = served.get(PACK, headers=headers)

    assert rest.status_code == 206
    assert whole.content[:1000] + rest.content == whole.content


def test_a_head_makes_nothing_and_says_how_long_what_is_made_is(
    root: Path, config: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with TestClient(create_app(Service(config, root, "http://testserver"))) as fresh:
        before = fresh.head(PACK)
        assert (before.status_code, list(tmp_path.iterdir())) == (200, [])
        whole = fresh.get(PACK)
        after = fresh.head(PACK)

    assert "content-length" not in before.headers
    assert before.headers["etag"] == after.headers["etag"] == whole.headers["etag"]
    assert after.headers["content-length"] == str(len(whole.content))


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("", "thema must be given"),
        ("?thema=appels", "'appels' is not one of grenzen, ouderen"),
        ("?thema=ouderen&thema=grenzen", "twice"),
        ("?thema=ouderen&lang=de", "de"),
        ("?thema=ouderen&crs=x", "crs"),
        ("?thema=ouderen&f=gpkg", "'f'"),
    ],
)
def test_what_cannot_be_asked_is_refused(served: TestClient, query: str, said: str) -> None:
    answer = served.get(f"/qgis.gpkg{query}")

    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert said in answer.json()["detail"]


def test_a_client_that_takes_no_geopackage_gets_none(served: TestClient) -> None:
    assert served.get(PACK, headers={"accept": "text/html"}).status_code == 406


def test_pages_and_documents_lead_to_packs(served: TestClient, edition: Edition) -> None:
    landing, collection = (
        [
            link
            for link in served.get(f"{path}?f=json").json()["links"]
            if "/qgis.gpkg" in link["href"]
        ]
        for path in ("/", "/collections/grenzen-gemeente")
    )

    assert {link["href"].partition("=")[2] for link in landing} == {
        layer.thema or layer.kind for layer in edition.contents.layers
    }
    assert [link["href"] for link in collection] == ["http://testserver/qgis.gpkg?thema=grenzen"]
    assert '<option value="ouderen">' in served.get("/?f=html").text
    for path in ("/collections", "/collections/ouderen-gemeente"):
        assert "/qgis.gpkg?thema=ouderen&amp;lang=nl" in served.get(f"{path}?f=html").text


def test_those_who_ask_the_same_at_once_wait_for_one_file(packs: Packs, edition: Edition) -> None:
    async def both() -> list[Pack]:
        return list(await asyncio.gather(*(packs.pack(asked(edition)) for _ in range(3))))

    assert len(set(map(id, asyncio.run(both())))) == 1


def test_the_last_few_are_kept_and_others_are_gone_when_nobody_has_them(
    packs: Packs, edition: Edition
) -> None:
    async def three() -> tuple[Path, Path, bool]:
        first = await packs.pack(asked(edition, "grenzen"))
        path = first.path
        await packs.pack(asked(edition, "herindelingen"))
        last = await packs.pack(asked(edition, "ouderen"))
        held = path.exists()
        del first
        return path, last.path, held

    gone, kept, held = asyncio.run(three())

    assert held
    assert not gone.parent.exists()
    assert kept.exists()


def test_one_is_made_at_a_time_and_a_long_queue_is_refused(
    packs: Packs, monkeypatch: pytest.MonkeyPatch
) -> None:
    running, most, lock = 0, 0, threading.Lock()
    make = Workshop.make

    async def counted(self: Workshop, name: str, write: Any) -> Path:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        try:
            return await make(self, name, write)
        finally:
            running -= 1

    monkeypatch.setattr(Workshop, "make", counted)
    themes = [
        (theme, english)
        for theme in ("grenzen", "herindelingen", "ouderen")
        for english in (False, True)
    ]

    async def all_at_once() -> list[int]:
        answers = [packs.answer(request(theme, english=english)) for theme, english in themes]
        return [answer.status_code for answer in await asyncio.gather(*answers)]

    codes = asyncio.run(all_at_once())

    assert codes == [200] * 4 + [503] * 2
    assert most == 1


def test_one_that_is_too_large_is_refused(root: Path) -> None:
    rows = Packs(Editions(root), FileLimits(features=10))
    size = Packs(Editions(root), FileLimits(size=1000))

    answers = [asyncio.run(packs.answer(request("ouderen"))) for packs in (rows, size)]

    assert [answer.status_code for answer in answers] == [413, 413]
    assert b"features" in answers[0].body
    assert b"more than 1,000 bytes" in answers[1].body


def test_one_that_cannot_be_written_is_said_and_leaves_nothing(
    packs: Packs, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr("spatial.qgis.pack._content", lambda *_, **__: _full())

    answer = asyncio.run(packs.answer(request("ouderen")))

    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert list(tmp_path.iterdir()) == []


def _full() -> Any:
    raise OSError(28, "No space left on device")


def request(theme: str, *, english: bool = False) -> Request:
    query = f"thema={theme}&lang={'en' if english else 'nl'}"
    return Request(
        {
            "type": "http", "method": "GET", "path": "/qgis.gpkg", "headers": [],
            "query_string": query.encode(), "scheme": "http", "server": ("testserver", 80),
        }
    )  # fmt: skip
