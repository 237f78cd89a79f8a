"""Every line of the monitor has one documented address for a gemeente, a regio and the land."""

import re
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from spatial.serve.app import Service, create_app
from spatial.settings import Settings

PAGE = Path(__file__).parents[1] / "docs" / "waar.md"
ADDRESSES = re.findall(r"\[(\w+)\]\((/v1/collections/[^)]+)\)", PAGE.read_text("utf-8"))
NUMBERS = {"peilmoment", "stroomBegin", "stroomEind", "periodeBegin", "periodeEind"}


@pytest.fixture(scope="module")
def client(example: Settings) -> TestClient:
    return TestClient(create_app(Service(example.config, example.data, "http://testserver")))


def test_the_page_has_every_line_at_three_levels() -> None:
    lines = [line for line in PAGE.read_text("utf-8").splitlines() if re.match(r"\| \d\. ", line)]

    assert len(lines) == 9
    assert all(
        [code for code, _ in ADDRESSES if f"[{code}]" in line] and line.count("](/v1/") == 3
        for line in lines
    )


@pytest.mark.parametrize(("code", "address"), ADDRESSES)
def test_an_address_answers_with_figures_of_its_region(
    client: TestClient, code: str, address: str
) -> None:
    answer = client.get(address)

    assert answer.status_code == 200, answer.text
    features = answer.json()["features"]
    asked = address.split("properties=")[1].split(",")
    assert features
    for feature in features:
        assert feature["id"].startswith(f"{code}-")
        assert set(asked) <= set(feature["properties"])
    figures = [name for name in asked if name not in NUMBERS]
    assert any(feature["properties"][name] is not None for feature in features for name in figures)
