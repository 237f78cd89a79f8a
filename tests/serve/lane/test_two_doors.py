"""What the lane answers is what pygeoapi answers: URL by URL, headers too, and errors."""

import json
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from spatial.domain.crs import OFFERED
from spatial.serve.app import Service, create_app
from spatial.serve.lane.door import Door
from spatial.serve.lane.version import Versioned

ITEMS = "/collections/ouderen-gemeente/items"
_SAME = (
    "content-type", "content-crs", "content-language", "cache-control", "access-control-allow-origin",
    "x-content-type-options", "referrer-policy",
)  # fmt: skip
_QUERIES = [
    "", "limit=2", "limit=3&offset=4", "limit=24", "limit=12&offset=12", "offset=30", "limit=50000",
    "resulttype=hits", "resulttype=hits&limit=5&offset=10", "skipGeometry=true", "f=json&lang=en",
    "properties=personen,personenStatus", "properties=regioNaam&limit=2&offset=2", "sortby=-personen",
    "sortby=regioNaam,-peilmoment&limit=4", "datetime=2020-01-01", "datetime=../2020-12-31&limit=3",
    "bbox=4.9,52.31,4.95,52.33", "regioNaam=Hoekdal", "regioNaam=Oost%20%3Cb%3E&limit=1",
    "indeling=2020&limit=2&lang=nl", "personen=120",
    *(f"crs={crs.uri}&limit=3" for crs in OFFERED),
]  # fmt: skip
_WRONG = [
    "foo=1", "limit=0", "limit=x", "limit=1&limit=2", "bbox=1,2,3", "datetime=x", "crs=", "lang=x", "f=x",
    "sortby=x", "properties=x", "offset=-1", "regioNaam=%00", "resulttype=x", "indeling=x",
]  # fmt: skip
_HEADERS = [
    {}, {"accept": "application/geo+json"}, {"accept": "application/json"}, {"accept": "*/*"},
    {"accept": "text/html;q=0.1, application/json"}, {"accept-language": "en"},
    {"accept-language": "de, en;q=0.5, nl;q=0.1"}, {"accept-language": "de"}, {"accept-language": "en-US,en"},
]  # fmt: skip


@pytest.fixture(scope="module")
def doors(root: Path, config: Path) -> tuple[TestClient, TestClient]:
    """The whole service, and what stands behind its lane."""
    whole = create_app(Service(config, root, "http://testserver"))
    assert isinstance(whole, Versioned)
    assert isinstance(whole.app, Door)
    return TestClient(whole), TestClient(whole.app._app)


def compare(doors: tuple[TestClient, TestClient], url: str, headers: dict[str, str]) -> int:
    lane, behind = (door.get(url, headers=headers) for door in doors)

    assert lane.status_code == behind.status_code
    assert {name: lane.headers.get(name) for name in _SAME} == {
        name: behind.headers.get(name) for name in _SAME
    }
    assert plain(lane.text) == plain(behind.text)
    return lane.status_code


def plain(text: str) -> object:
    """Links have no order of members; everything else is compared as it is written."""
    document = json.loads(text)
    assert text.startswith("{")
    return document


@pytest.mark.parametrize("query", _QUERIES)
def test_a_page_is_the_same(doors: tuple[TestClient, TestClient], query: str) -> None:
    assert compare(doors, f"{ITEMS}?{query}", {}) == 200


@pytest.mark.parametrize("headers", _HEADERS)
@pytest.mark.parametrize("url", [f"{ITEMS}?limit=1", f"{ITEMS}/GM0002-2020-01-01"])
def test_preferences_are_read_the_same(
    doors: tuple[TestClient, TestClient], url: str, headers: dict[str, str]
) -> None:
    assert compare(doors, url, headers) == 200


@pytest.mark.parametrize("query", _WRONG)
def test_an_error_is_the_same(doors: tuple[TestClient, TestClient], query: str) -> None:
    assert compare(doors, f"{ITEMS}?{query}", {}) == 400


@pytest.mark.parametrize(
    "url",
    [
        "/collections/geen/items", f"{ITEMS}/geen", "/collections/geen/items/x",
        f"{ITEMS}/GM0002-2020-01-01?limit=1", f"{ITEMS}/GM0002-2020-01-01?crs=x",
    ],
)  # fmt: skip
def test_what_is_not_there_is_the_same(doors: tuple[TestClient, TestClient], url: str) -> None:
    assert compare(doors, url, {}) in {400, 404}


@pytest.mark.parametrize("crs", OFFERED)
def test_a_feature_is_the_same_in_every_system(
    doors: tuple[TestClient, TestClient], crs: object
) -> None:
    uri = getattr(crs, "uri", "")

    assert compare(doors, f"{ITEMS}/GM0003-2021-01-01?crs={uri}", {}) == 200


@pytest.mark.parametrize(
    "collection", ["grenzen-land", "grenzen-gemeente", "ouderen-provincie", "herindelingen"]
)
def test_other_collections_are_the_same(
    doors: tuple[TestClient, TestClient], collection: str
) -> None:
    assert compare(doors, f"/collections/{collection}/items", {}) == 200


def test_the_lane_answers_without_pygeoapi(
    doors: tuple[TestClient, TestClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: object, **__: object) -> None:
        pytest.fail("pygeoapi was asked")

    monkeypatch.setattr("spatial.serve.provider.LayerProvider.query", never)
    monkeypatch.setattr("spatial.serve.provider.LayerProvider.get", never)

    for url in (f"{ITEMS}?limit=7", f"{ITEMS}/GM0003-2021-01-01"):
        assert doors[0].get(url).status_code == 200
