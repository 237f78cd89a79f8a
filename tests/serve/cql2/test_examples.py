"""Every example of docs/filter.md is answered by the small country."""

import re
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from spatial.serve.cql2 import limits

ITEMS = "/collections/ouderen-gemeente/items"
_PAGE = (Path(__file__).parents[3] / "docs" / "filter.md").read_text(encoding="utf-8")
_BLOCKS = dict(re.findall(r"```(\w+)\n(.*?)```", _PAGE, re.DOTALL))


@pytest.mark.parametrize("example", _BLOCKS["cql2"].splitlines())
def test_an_example_in_text_is_answered(client: TestClient, example: str) -> None:
    answer = client.get(ITEMS, params={"filter": example, "resulttype": "hits"})

    assert answer.status_code == 200, answer.text
    assert answer.json()["numberMatched"] < 24


def test_the_example_in_json_finds_what_it_says_in_text(client: TestClient) -> None:
    posted = client.post(
        ITEMS, content=_BLOCKS["json"], headers={"content-type": "application/json"}
    )
    text = "personen > 100 AND S_INTERSECTS(geometry, BBOX(4.5, 52, 6, 53))"

    found = [feature["id"] for feature in posted.json()["features"]]
    asked = client.get(ITEMS, params={"filter": text}).json()["features"]

    assert found == [feature["id"] for feature in asked] != []


def test_the_limits_on_the_page_are_those_that_hold() -> None:
    for number in (
        "MAX_TEXT",
        "MAX_JSON",
        "MAX_DEPTH",
        "MAX_STEPS",
        "MAX_VERTICES",
        "MAX_RELATIONS",
    ):
        assert f"{getattr(limits, number):,}".replace(",", ".") in _PAGE
