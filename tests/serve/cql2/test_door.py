import json
from typing import Any

import pytest
from starlette.testclient import TestClient

from spatial.serve.cql2.limits import MAX_JSON

ITEMS = "/collections/ouderen-gemeente/items"
SMALL: dict[str, Any] = {"op": "=", "args": [{"property": "personen"}, 60]}
RD_URI = "http://www.opengis.net/def/crs/EPSG/0/28992"


def ids(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [feature["id"] for feature in answer.json()["features"]]


def test_a_filter_in_the_address_is_evaluated(client: TestClient) -> None:
    written = "personen = 60 AND \"peilmoment\" >= '2020-01-01'"

    answer = client.get(ITEMS, params={"filter": written, "filter-lang": "cql2-text"})

    assert ids(answer) == ["GM0003-2020-12-31", "GM0003-2020-01-01"]
    assert answer.json()["numberMatched"] == 2


@pytest.mark.parametrize(
    "media_type",
    ["application/json", "application/query-cql-json", "Application/JSON; charset=UTF-8"],
)
def test_the_same_filter_in_json_can_be_posted_or_asked(
    client: TestClient, media_type: str
) -> None:
    headers = {"content-type": media_type}
    posted = client.post(ITEMS, content=json.dumps(SMALL, indent=1), headers=headers)
    asked = client.get(ITEMS, params={"filter": json.dumps(SMALL), "filter-lang": "cql2-json"})

    assert ids(posted) == ids(asked) == ids(client.get(f"{ITEMS}?personen=60")) != []
    assert posted.headers["content-type"] == "application/geo+json"


@pytest.mark.parametrize("media_type", ["application/query-cql-text", "text/plain"])
def test_cql2_text_can_be_posted(client: TestClient, media_type: str) -> None:
    headers = {"content-type": media_type}

    answer = client.post(ITEMS, content="personen\n= 60", headers=headers)

    assert ids(answer) == ["GM0003-2020-12-31", "GM0003-2020-01-01"]


def test_other_parameters_go_with_a_posted_filter_and_its_links_hold_it(client: TestClient) -> None:
    wide = {"op": ">", "args": [{"property": "personen"}, 60]}
    url = f"{ITEMS}?limit=2&datetime=2021-01-01&sortby=-personen&crs={RD_URI}"

    answer = client.post(url, json=wide)
    following = next(link["href"] for link in answer.json()["links"] if link["rel"] == "next")

    assert ids(answer) == ["GM0004-2021-01-01", "GM0001-2021-01-01"]
    assert answer.headers["content-crs"] == f"<{RD_URI}>"
    assert ids(client.get(following)) == ["GM0003-2021-01-01"]


def test_filter_crs_tells_where_its_geometries_are(client: TestClient) -> None:
    filter_ = "S_INTERSECTS(geometry, POINT(125000 485000)) AND indeling = 2021"

    found = client.get(ITEMS, params={"filter": filter_, "filter-crs": RD_URI})

    assert {feature_id[:6] for feature_id in ids(found)} == {"GM0001"}
    assert ids(client.get(ITEMS, params={"filter": filter_})) == []


def test_a_page_shows_what_a_filter_finds(client: TestClient) -> None:
    page = client.get(ITEMS, params={"filter": "personen = 60", "f": "html"})

    assert page.status_code == 200
    assert "filter=personen" in page.text


@pytest.mark.parametrize(
    "parameters",
    [
        {"filter": "personen = 'x'"}, {"filter": "x = 1"}, {"filter": ""}, {"filter": "(" * 500},
        {"filter": json.dumps(SMALL)}, {"filter": "personen = 1", "filter-lang": "cql2-json"},
        {"filter": "personen = 1", "filter-lang": "cql-text"}, {"filter-lang": "cql2-text"},
        {"filter": "personen = 1", "filter-crs": "EPSG:28992"}, {"filter-crs": RD_URI},
    ],
)  # fmt: skip
def test_a_filter_that_is_not_allowed_is_a_bad_request(
    client: TestClient, parameters: dict[str, str]
) -> None:
    answer = client.get(ITEMS, params=parameters)

    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert "filter" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("body", "media_type", "status"),
    [
        (b"", "application/json", 400), (b"  ", "application/json", 400),
        (b"{", "application/json", 400), (b"[]", "application/json", 400),
        (b"null", "application/json", 400), (b"\xff\xfe", "application/json", 400),
        (b"{}", "application/json", 400), (b"personen = 60", "application/json", 400),
        (b'{"op":"=","args":["\\ud800","\\u0000"]}', "application/json", 400),
        (b"personen =", "text/plain", 400), (b"{}", "", 415), (b"{}", "application/xml", 415),
        (b"{}", "application/json; charset=latin-1", 415), (b"a" * (MAX_JSON + 1), "text/plain", 413),
        (b"a" * 20_000, "text/plain", 400),
    ],
)  # fmt: skip
def test_a_body_that_is_no_filter_is_refused(
    client: TestClient, body: bytes, media_type: str, status: int
) -> None:
    headers = {"content-type": media_type} if media_type else {}

    answer = client.post(ITEMS, content=body, headers=headers)

    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_body_without_an_announced_length_is_limited_too(client: TestClient) -> None:
    answer = client.post(
        ITEMS, content=iter([b"a" * 40_000] * 3), headers={"content-type": "text/plain"}
    )

    assert answer.status_code == 413


def test_a_compressed_body_is_refused(client: TestClient) -> None:
    headers = {"content-type": "application/json", "content-encoding": "gzip"}

    assert client.post(ITEMS, content=b"{}", headers=headers).status_code == 415


def test_a_filter_both_in_the_address_and_the_body_is_refused(client: TestClient) -> None:
    answer = client.post(f"{ITEMS}?filter=personen=60", json=SMALL)

    assert answer.status_code == 400
    assert "given twice" in answer.json()["detail"]


def test_a_collection_that_is_not_there_has_nothing_to_filter(client: TestClient) -> None:
    assert client.post("/collections/onbekend/items", json=SMALL).status_code == 404


def test_a_browser_of_another_site_may_post_a_filter(client: TestClient) -> None:
    answer = client.options(
        ITEMS,
        headers={
            "origin": "https://kaart.example.org",
            "access-control-request-method": "POST",
            "access-control-request-headers": "content-type",
        },
    )

    assert answer.status_code == 204
    assert "POST" in answer.headers["access-control-allow-methods"]
