"""Class schemes, asked from the application over miniland."""

import json
from typing import Any

import pytest
from openapi_schema_validator import OAS30Validator
from starlette.testclient import TestClient

from spatial.serve.read.edition import Edition
from spatial.store.schemes import owners

STYLE = "/styles/ouderen-gemeente"


def document(client: TestClient, path: str) -> dict[str, Any]:
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/json"
    found: dict[str, Any] = answer.json()
    return found


def test_the_list_names_every_collection_with_schemes_and_links_to_them(
    client: TestClient, edition: Edition
) -> None:
    listed = document(client, "/styles")["styles"]

    assert {entry["id"] for entry in listed} == set(owners(edition.contents))
    for entry in listed:
        path = entry["links"][0]["href"].removeprefix("http://testserver")
        assert set(document(client, path)["indicatoren"]) == set(entry["indicatoren"])


def test_a_scheme_is_that_of_the_maps(client: TestClient, edition: Edition) -> None:
    path = edition.snapshot.path / "kaart" / "stijlen" / "ouderen-gemeente.json"
    held = json.loads(path.read_text(encoding="utf-8"))

    found = document(client, f"{STYLE}/personen")

    assert found["indicator"] == "personen"
    assert found["schema"] == held["indicatoren"]["personen"]
    assert found["statussen"] == held["statussen"]
    assert found["links"][0]["href"] == f"http://testserver{STYLE}/personen"


def test_a_collection_links_to_its_schemes(client: TestClient) -> None:
    links = document(client, "/collections/ouderen-gemeente")["links"]

    (link,) = (link for link in links if link["rel"] == "style")
    assert link["href"] == f"http://testserver{STYLE}"


def test_a_collection_without_indicators_has_no_such_link(client: TestClient) -> None:
    links = document(client, "/collections/herindelingen")["links"]

    assert "style" not in {link["rel"] for link in links}


@pytest.mark.parametrize("path", ["/styles", STYLE, f"{STYLE}/personen"])
def test_an_answer_has_a_validator_and_is_not_sent_twice(client: TestClient, path: str) -> None:
    first = client.get(path)

    again = client.get(path, headers={"If-None-Match": first.headers["etag"]})

    items = client.get("/collections/ouderen-gemeente/items")
    assert again.status_code == 304
    assert first.headers["cache-control"] == items.headers["cache-control"]


@pytest.mark.parametrize(
    "path", ["/styles/geen", f"{STYLE}/geen", "/styles/herindelingen", "/styles/..%2f..%2fmanifest"]
)
def test_what_is_not_there_is_a_problem(client: TestClient, path: str) -> None:
    answer = client.get(path)

    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("query", ["f=html", "limit=1", "lang=en"])
def test_what_is_not_offered_is_refused(client: TestClient, query: str) -> None:
    assert client.get(f"{STYLE}?{query}").status_code == 400


@pytest.mark.parametrize(
    ("path", "name"),
    [("/styles", "styles"), (STYLE, "style"), (f"{STYLE}/personen", "styleOfIndicator")],
)
def test_an_answer_is_what_the_openapi_document_says(
    client: TestClient, path: str, name: str
) -> None:
    schemas = client.get("/openapi").json()["components"]["schemas"]

    schema = {**schemas[name], "components": {"schemas": schemas}}

    OAS30Validator(schema).validate(document(client, path))


@pytest.mark.parametrize(
    ("form", "media_type", "begins"),
    [
        ("qml", "application/x-qgis-layer-settings", "<!DOCTYPE qgis"),
        ("sld", "application/vnd.ogc.sld+xml", "<?xml"),
    ],
)
def test_a_scheme_is_a_style_file_too(
    client: TestClient, form: str, media_type: str, begins: str
) -> None:
    path = f"{STYLE}/personen"
    links = {link.get("type"): link["href"] for link in document(client, path)["links"]}

    answer = client.get(links[media_type].removeprefix("http://testserver"))

    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == media_type
    assert answer.headers["content-disposition"].endswith(f'ouderen-gemeente-personen.{form}"')
    assert answer.text.startswith(begins)
    assert "oppervlakte van de cirkel" in answer.text
    known = {"If-None-Match": answer.headers["etag"]}
    assert client.get(f"{path}?f={form}", headers=known).status_code == 304
    assert client.get(path, headers={"Accept": media_type}).text == answer.text


def test_a_style_file_speaks_english_when_asked(client: TestClient) -> None:
    asked = client.get(f"{STYLE}/personen?f=qml&lang=en")
    preferred = client.get(f"{STYLE}/personen?f=qml", headers={"Accept-Language": "en"})

    assert "area of the circle" in asked.text
    assert preferred.text == asked.text
    assert asked.headers["content-language"] == "en"


def test_a_style_of_a_layer_of_the_service_looks_nothing_up(
    client: TestClient, edition: Edition
) -> None:
    text = client.get(f"{STYLE}/personen?f=qml").text

    day = edition.collection("ouderen-gemeente").eind.isoformat()
    assert f"&quot;peilmoment&quot; = '{day}'" in text
    assert "maximum(" not in text
