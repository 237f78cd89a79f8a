"""What the OpenAPI document says of processes, and that answers are so."""

from datetime import date
from typing import Any

import pytest
from openapi_schema_validator import OAS30Validator
from starlette.testclient import TestClient

from spatial.compute.forms import document_of
from spatial.compute.offer import parse_onderwerp
from spatial.compute.vergelijk import Vraag, compare
from spatial.serve.read.edition import Edition

PROCESSES = ("vergelijk", "eerlijke-verdeling")


@pytest.fixture(scope="module")
def document(client: TestClient) -> dict[str, Any]:
    found: dict[str, Any] = client.get("/openapi").json()
    return found


def schema(document: dict[str, Any], name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}", "components": document["components"]}


@pytest.mark.parametrize("process", PROCESSES)
def test_an_answer_is_what_its_schema_says(
    client: TestClient, document: dict[str, Any], process: str
) -> None:
    example = client.get(f"/processes/{process}").json()["example"]
    answer = client.post(f"/processes/{process}/execution", json=example).json()

    assert list(OAS30Validator(schema(document, f"answer.{process}")).iter_errors(answer)) == []


@pytest.mark.parametrize("process", PROCESSES)
def test_the_example_of_a_body_is_what_its_schema_says(
    client: TestClient, document: dict[str, Any], process: str
) -> None:
    operation = document["paths"][f"/processes/{process}/execution"]["post"]
    body = operation["requestBody"]["content"]["application/json"]["example"]

    assert list(OAS30Validator(schema(document, f"execute.{process}")).iter_errors(body)) == []
    assert client.post(f"/processes/{process}/execution", json=body).status_code == 200


@pytest.mark.parametrize(
    "inputs", [{}, {"codes": "GM0003"}, {"codes": ["x"]}, {"codes": ["GM0003"] * 51}, {"foo": 1}]
)
def test_a_body_that_is_refused_is_not_what_its_schema_says(
    client: TestClient, document: dict[str, Any], inputs: dict[str, object]
) -> None:
    example = client.get("/processes/vergelijk").json()["example"]["inputs"]
    body = {"inputs": {**example, **inputs} if inputs else {}}

    assert not OAS30Validator(schema(document, "execute.vergelijk")).is_valid(body)
    assert client.post("/processes/vergelijk/execution", json=body).status_code == 400


@pytest.mark.parametrize("process", PROCESSES)
def test_every_input_is_a_parameter_with_the_same_schema(
    client: TestClient, document: dict[str, Any], process: str
) -> None:
    described = client.get(f"/processes/{process}").json()["inputs"]

    for name, entry in described.items():
        parameter = document["components"]["parameters"][f"{process}.{name}"]
        assert parameter["schema"] == entry["schema"]
        assert parameter["required"] == bool(entry["minOccurs"])


def test_a_process_gives_what_the_command_gives(client: TestClient, edition: Edition) -> None:
    vraag = Vraag(("GM0003", "GM0004"), (parse_onderwerp("ouderen:personen"),), (date(2020, 1, 1),))

    answer = client.get(
        "/processes/vergelijk/execution?codes=GM0003,GM0004&indicatoren=ouderen:personen"
        "&peilmomenten=2020-01-01"
    ).json()

    del answer["links"]
    assert answer == document_of(compare(edition.snapshot, vraag))
