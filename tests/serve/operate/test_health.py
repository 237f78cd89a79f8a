from pathlib import Path

from starlette.testclient import TestClient

from spatial.serve.app import Service, create_app
from spatial.serve.read.edition import Edition


def test_a_living_process_says_ok(client: TestClient) -> None:
    answer = client.get("/healthz")

    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
    assert answer.headers["cache-control"] == "no-store"


def test_a_process_that_can_answer_names_its_snapshot(client: TestClient, edition: Edition) -> None:
    answer = client.get("/readyz")

    assert (answer.status_code, answer.json()["snapshot"]) == (200, edition.id)


def test_without_a_snapshot_the_process_lives_and_is_not_ready(
    tmp_path: Path, config: Path
) -> None:
    client = TestClient(create_app(Service(config, tmp_path, "http://testserver")))

    assert client.get("/healthz").status_code == 200
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.headers["content-type"] == "application/problem+json"
