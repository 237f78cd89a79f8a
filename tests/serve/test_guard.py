from pathlib import Path

import pytest
from starlette.testclient import TestClient

from spatial.errors import QueryError
from spatial.serve.app import Service, create_app
from spatial.serve.ask.offers import preferences

ITEMS = "/collections/ouderen-gemeente/items"


@pytest.mark.parametrize(
    ("header", "wanted"),
    [
        ("text/html;q=0.5, application/geo+json", ["application/geo+json", "text/html"]),
        ("nl;q=0, en", ["en"]),
        ("*;q=0", []),
        ("text/html;level=1;q=0.3, */*; q=0.4", ["*/*", "text/html"]),
        ("a/b, c/d", ["a/b", "c/d"]),
        ("", []),
    ],
)
def test_preferences_are_ordered_by_weight(header: str, wanted: list[str]) -> None:
    assert preferences(header) == wanted


@pytest.mark.parametrize("header", ["a/b;q=1.1.1", "a/b;q=2", "a/b;q=", "a/b;q=-1", "a/b;q=x"])
def test_a_weight_that_is_none_is_refused(header: str) -> None:
    with pytest.raises(QueryError, match="is not a weight"):
        preferences(header)


@pytest.mark.parametrize(
    "url",
    [
        f"{ITEMS}?foo=1", f"{ITEMS}?limit=1&limit=2", f"{ITEMS}?datetime=99999999999",
        f"{ITEMS}?bbox=nan,1,2,3", f"{ITEMS}?offset=1e20", f"{ITEMS}?resulttype=foo",
        f"{ITEMS}?indeling=abc", f"{ITEMS}?indeling=", f"{ITEMS}?regioNaam=%00", f"{ITEMS}/%00",
        f"{ITEMS}?filter=indeling%3D%27x%27", f"{ITEMS}?filter=", f"{ITEMS}?crs=", f"{ITEMS}?f=png",
        f"{ITEMS}/GM0003-2020-01-01?limit=1", "/?foo=1", "/conformance?f=png", "/collections?lang=x",
        "/collections/ouderen-gemeente?foo=1", "/collections/ouderen-gemeente/schema?foo=1",
        "/collections/ouderen-gemeente/queryables?foo=1", "/openapi?foo=1", "/kaart/%00",
    ],
)  # fmt: skip
def test_what_is_not_allowed_gets_a_problem_document(client: TestClient, url: str) -> None:
    answer = client.get(url)

    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"] == answer.json()["description"] != ""


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("url", [f"{ITEMS}/GM0003-2020-01-01", "/", "/processes/vergelijk"])
def test_nothing_can_be_written(client: TestClient, method: str, url: str) -> None:
    answer = client.request(method, url)

    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, HEAD, OPTIONS"


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_to_features_only_a_filter_can_be_sent(client: TestClient, method: str) -> None:
    answer = client.request(method, ITEMS)

    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, HEAD, OPTIONS, POST"


@pytest.mark.parametrize("url", ["/", ITEMS, "/collections", "/kaart/"])
@pytest.mark.parametrize(
    "headers",
    [
        {"accept": "text/html;q=0"}, {"accept": "*/*;q=0"}, {"accept-language": "*;q=0"},
        {"accept-language": "xx, y" * 50}, {"accept": ", ,;"}, {"accept-language": "nl_"},
    ],
)  # fmt: skip
def test_odd_preferences_are_answered(
    client: TestClient, url: str, headers: dict[str, str]
) -> None:
    assert client.get(url, headers=headers).status_code == 200


def test_a_malformed_weight_is_a_bad_request(client: TestClient) -> None:
    assert client.get("/", headers={"accept": "text/html;q=1.1.1"}).status_code == 400


def test_the_body_of_a_get_is_not_read_as_a_filter(client: TestClient) -> None:
    answer = client.request("GET", f"{ITEMS}?limit=1", content=b"\xff\xfe")

    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        (None, "application/geo+json"),
        ("*/*", "application/geo+json"),
        ("application/geo+json", "application/geo+json"),
        ("application/geo+json, application/json", "application/geo+json"),
        ("application/geo+json, text/html;q=0.5", "application/geo+json"),
        ("application/json", "application/json"),
    ],
)
@pytest.mark.parametrize("url", [f"{ITEMS}?limit=1", f"{ITEMS}/GM0003-2020-01-01"])
def test_features_are_geojson_unless_only_json_will_do(
    client: TestClient, url: str, accept: str | None, media_type: str
) -> None:
    headers = {} if accept is None else {"accept": accept}

    assert client.get(url, headers=headers).headers["content-type"] == media_type


def test_a_browser_that_asks_for_json_is_shown_json(client: TestClient) -> None:
    answer = client.get(f"{ITEMS}?limit=1&f=json", headers={"accept": "text/html,*/*;q=0.8"})

    assert answer.headers["content-type"] == "application/json"


@pytest.mark.parametrize(
    ("url", "accept"),
    [
        (ITEMS, "application/xml"), ("/", "text/csv"), ("/collections", "image/png, text/css"),
        ("/conformance", "application/ld+json"), ("/openapi.json", "text/html"),
    ],
)  # fmt: skip
def test_a_client_that_accepts_no_form_of_an_address_is_told_which_there_are(
    client: TestClient, url: str, accept: str
) -> None:
    answer = client.get(url, headers={"accept": accept})

    assert answer.status_code == 406
    assert answer.headers["content-type"] == "application/problem+json"
    assert "application/" in answer.json()["detail"]


@pytest.mark.parametrize(
    "url",
    ["/collections/", f"{ITEMS}/", "/conformance/", "/openapi/", "/collections/ouderen-gemeente/"],
)
def test_no_address_ends_in_a_slash(client: TestClient, url: str) -> None:
    answer = client.get(url, follow_redirects=False)

    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    "url",
    ["/bestaat-niet", "/collections/x", "/collections/x/items", f"{ITEMS}/x", "/static/x.js"],
)
def test_what_is_not_there_is_a_problem_document_too(client: TestClient, url: str) -> None:
    answer = client.get(url)

    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert {"status", "title", "detail"} <= answer.json().keys()


def test_a_browser_is_told_on_a_page_what_is_not_there(client: TestClient) -> None:
    answer = client.get("/collections/x", headers={"accept": "text/html,*/*;q=0.8"})

    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("text/html")


def test_an_undecoded_plus_sorts_upward(client: TestClient) -> None:
    answer = client.get(f"{ITEMS}?sortby=+personen,-regioCode&limit=1&properties=personen")

    assert answer.json()["features"][0]["properties"] == {"personen": 60}


def test_a_question_before_there_is_a_snapshot_is_unavailable_and_not_an_error(
    config: Path, tmp_path: Path
) -> None:
    empty = TestClient(create_app(Service(config, tmp_path, "http://leeg")))

    answer = empty.get(f"{ITEMS}?limit=1")

    assert answer.status_code == 503
    assert "spatial build" in answer.json()["detail"]


def test_options_tells_that_features_can_be_read(client: TestClient) -> None:
    """A POST among them lets QGIS think that features can be added."""
    answer = client.options(ITEMS)

    assert answer.status_code == 200
    assert answer.headers["allow"] == "GET, HEAD, OPTIONS"


@pytest.mark.parametrize("url", [f"{ITEMS}?limit=1", f"{ITEMS}?foo=1"])
def test_web_maps_of_other_sites_may_read_answers_and_problems(
    client: TestClient, url: str
) -> None:
    answer = client.get(url, headers={"origin": "https://kaart.example.org"})

    assert answer.headers["access-control-allow-origin"] == "*"


def test_what_is_not_a_request_passes(client: TestClient) -> None:
    with client as started:
        assert started.get("/conformance").status_code == 200
