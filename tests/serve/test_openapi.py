"""The OpenAPI document of miniland, as the application answers it and as it is made."""

import json
import re
from dataclasses import replace
from typing import Any

import pytest
from openapi_schema_validator import OAS30Validator
from openapi_spec_validator import validate
from starlette.testclient import TestClient

from spatial.serve.ask.offers import COVERAGE, OBSERVATION, OBSERVATIONS, OFFERS, OPENAPI, PARTITION
from spatial.serve.ask.query import Limits
from spatial.serve.lane.version import API_VERSION
from spatial.serve.openapi.document import About, Offered, openapi_document
from spatial.serve.openapi.voice import grouped
from spatial.serve.read.edition import Edition
from spatial.store.catalogue import Contents

ITEMS = "/collections/ouderen-gemeente/items"


@pytest.fixture(scope="module")
def document(client: TestClient) -> dict[str, Any]:
    found: dict[str, Any] = client.get("/openapi").json()
    return found


def made(contents: Contents) -> dict[str, Any]:
    metadata = {
        "identification": {
            "title": {"nl": "Kaart", "en": "Map"},
            "description": {"nl": "Cijfers", "en": "Figures"},
        },
        "contact": {"name": "Beheer", "url": "https://e.org", "email": "a@e.org"},
        "license": {"name": "CC BY 4.0", "url": "https://e.org/by"},
    }
    return openapi_document(
        About("https://e.org/v1", "1.2.3", metadata),
        Offered(contents),
        Limits(10, 100),
        english=False,
    )


def resolved(document: dict[str, Any], part: dict[str, Any]) -> dict[str, Any]:
    if "$ref" not in part:
        return part
    _, kind, name = part["$ref"].removeprefix("#/").split("/")
    found: dict[str, Any] = document["components"][kind][name]
    return found


def asked(document: dict[str, Any], path: str) -> dict[str, dict[str, Any]]:
    parameters = document["paths"][path]["get"]["parameters"]
    return {entry["name"]: entry for entry in (resolved(document, part) for part in parameters)}


@pytest.mark.parametrize("language", ["nl", "en"])
def test_it_is_valid_in_both_languages(client: TestClient, language: str) -> None:
    answer = client.get(f"/openapi?lang={language}")

    assert answer.headers["content-language"] == language
    validate(answer.json())


def test_it_points_to_nothing_outside_itself(document: dict[str, Any]) -> None:
    pointers = set(re.findall(r'"\$ref": "([^"]+)"', json.dumps(document)))

    assert pointers
    assert all(pointer.startswith("#/components/") for pointer in pointers)


def test_it_has_no_component_that_nothing_uses(document: dict[str, Any]) -> None:
    pointers = set(re.findall(r'"\$ref": "#/components/(\w+)/([^"]+)"', json.dumps(document)))

    named = {(kind, name) for kind, parts in document["components"].items() for name in parts}
    assert named - pointers == set()


def test_it_has_every_address_that_is_offered_and_no_other(document: dict[str, Any]) -> None:
    collections = {entry["name"] for entry in document["tags"][1:]}
    each = {"/collections/{collectionId}" + rest for rest in ("", "/items", "/items/{featureId}")}

    spelled_out = {path.replace("{collectionId}", name) for path in each for name in collections}
    # miniland has no observations and no coverages
    observed = {OBSERVATIONS, OBSERVATION, PARTITION, COVERAGE}
    asked = "/processes/{processId}/execution"
    processes = document["components"]["parameters"]["processId"]["schema"]["enum"]
    spelled_out |= {asked.replace("{processId}", name) for name in processes}
    assert (
        document["paths"].keys()
        == {offer.path for offer in OFFERS} - each - {asked} - observed | spelled_out
    )


def test_qgis_reads_how_large_a_page_may_be(document: dict[str, Any]) -> None:
    schema = document["components"]["parameters"]["limit"]["schema"]

    assert schema == {"type": "integer", "minimum": 1, "maximum": 10_000, "default": 1000}


def test_qgis_and_gdal_find_every_property_as_a_parameter_with_its_type(
    client: TestClient, document: dict[str, Any]
) -> None:
    parameters = asked(document, ITEMS)
    properties = client.get("/collections/ouderen-gemeente/schema").json()["properties"]

    for name in properties.keys() - {"geometry", "id"}:
        parameter = parameters[name]
        assert (parameter["in"], parameter["style"], parameter["explode"]) == (
            "query",
            "form",
            False,
        )
        assert parameter["schema"]["type"] == properties[name]["type"]
        assert parameter["schema"].get("format") == properties[name].get("format")
        assert parameter["schema"].get("enum") == properties[name].get("enum")


def test_the_parameters_of_part_1_are_written_as_it_asks(document: dict[str, Any]) -> None:
    parameters = asked(document, ITEMS)
    box, moment = parameters["bbox"], parameters["datetime"]

    assert {box["required"], moment["required"], box["explode"], moment["explode"]} == {False}
    assert {"type": "array", "minItems": 4, "maxItems": 6}.items() <= box["schema"].items()
    assert box["schema"]["items"] == {"type": "number"}
    assert moment["schema"]["type"] == "string"
    assert '"additionalProperties": true' not in json.dumps(document)


def test_it_says_who_answers_for_it_and_under_which_licence(document: dict[str, Any]) -> None:
    info = document["info"]

    assert info["version"] == API_VERSION
    assert re.fullmatch(r"\d+\.\d+\.\d+", info["version"])
    assert info["contact"].keys() == {"name", "url", "email"}
    assert info["license"]["name"] == "CC BY 4.0"
    assert document["servers"] == [{"url": "http://testserver"}]


@pytest.mark.parametrize("path", ["/openapi?f=json", "/openapi.json"])
def test_it_is_answered_under_both_addresses_with_its_own_media_type(
    client: TestClient, path: str, document: dict[str, Any]
) -> None:
    answer = client.get(path)

    assert answer.headers["content-type"] == OPENAPI
    assert answer.json() == document


def test_a_browser_is_shown_json(client: TestClient) -> None:
    answer = client.get("/openapi?f=json", headers={"accept": "text/html,*/*;q=0.8"})

    assert answer.headers["content-type"] == "application/json"


def test_it_is_made_once(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    first = client.get("/openapi").text
    monkeypatch.setattr("spatial.serve.door.openapi.openapi_document", None)

    assert client.get("/openapi").text == first
    assert client.get("/openapi?f=html").headers["content-type"].startswith("text/html")


def test_one_name_with_two_meanings_has_two_components(edition: Edition) -> None:
    first, second = edition.contents.collections[:2]
    changed = replace(second.velden[0], type="integer")
    other = replace(second, velden=(changed, *second.velden[1:]))

    contents = replace(edition.contents, collections=(first, other))
    document = made(contents)

    name = changed.naam
    assert grouped(contents.collections).names[changed] == f"{name}.2"
    assert asked(document, f"/collections/{first.id}/items")[name]["schema"] == {"type": "string"}
    assert asked(document, f"/collections/{other.id}/items")[name]["schema"]["type"] == "integer"
    validate(document)


def test_a_profile_is_as_the_document_describes_it(
    client: TestClient, document: dict[str, Any]
) -> None:
    for path, described in (("/profiel", "profiles"), ("/profiel/GM0002", "profile")):
        schema = {
            "components": document["components"],
            "$ref": f"#/components/schemas/{described}",
        }
        answer = client.get(path).json()

        assert list(OAS30Validator(schema).iter_errors(answer)) == []
