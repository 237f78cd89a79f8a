"""Process ``eerlijke-verdeling`` over miniland: the answers themselves are tested with ``compute``."""

import csv
import io

import pytest
from starlette.testclient import TestClient

ASK = "/processes/eerlijke-verdeling/execution"
QUERY = "regio=PV21&groep=ouderen&peilmoment=2021-01-01&sleutel=oppervlakte"


def test_every_part_of_the_region_stands_in_the_answer(client: TestClient) -> None:
    found = client.get(f"{ASK}?{QUERY}").json()

    (key,) = found["sleutels"]
    assert [member["code"] for member in key["leden"]] == ["GM0003", "GM0004"]
    assert sum(member["toewijzing"] for member in key["leden"]) == found["regio"]["groep"]["waarde"]


def test_without_a_key_it_is_divided_by_each(client: TestClient) -> None:
    found = client.get(f"{ASK}?regio=PV21&groep=ouderen&peilmoment=2021-01-01").json()

    assert len(found["sleutels"]) == 6
    assert found["vraag"]["sleutel"] == [entry["sleutel"] for entry in found["sleutels"]]


def test_the_question_of_an_answer_can_be_sent_as_it_stands(client: TestClient) -> None:
    found = client.get(f"{ASK}?{QUERY}").json()

    again = client.post(ASK, json={"inputs": found["vraag"]})

    assert again.json() == found


def test_the_map_has_a_shape_and_the_same_numbers_for_every_part(client: TestClient) -> None:
    found = client.get(f"{ASK}?{QUERY}&f=geojson").json()
    (key,) = client.get(f"{ASK}?{QUERY}").json()["sleutels"]

    for feature, member in zip(found["features"], key["leden"], strict=True):
        properties = feature["properties"]
        assert feature["geometry"]["type"] == "MultiPolygon"
        assert properties["regioCode"] == member["code"]
        assert properties["oppervlakteToewijzing"] == member["toewijzing"]
        assert properties["oppervlakteLocatiequotient"] == member["locatiequotient"]["waarde"]
        assert properties["groepStatus"] == member["groep"]["status"]


def test_csv_has_a_line_per_key_and_part(client: TestClient) -> None:
    text = client.get(f"{ASK}?{QUERY}&f=csv").text

    lines = list(csv.DictReader(io.StringIO(text)))

    assert [line["regioCode"] for line in lines] == ["GM0003", "GM0004"]


@pytest.mark.parametrize(("language", "word"), [("nl", "Te verplaatsen"), ("en", "To be moved")])
def test_a_page_shows_the_index_and_every_part(
    client: TestClient, language: str, word: str
) -> None:
    page = client.get(f"{ASK}?{QUERY}&f=html&lang={language}").text

    assert word in page
    assert "GM0004" in page


@pytest.mark.parametrize(
    ("query", "name"),
    [
        (QUERY.replace("PV21", "PV99"), "regio"),
        (QUERY.replace("PV21", "GM0003"), "regio"),
        (QUERY.replace("ouderen", "taakstelling"), "groep"),
        (QUERY.replace("2021-01-01", "2021-02-01"), "peilmoment"),
        (QUERY.replace("oppervlakte", "x"), "sleutel"),
        (f"{QUERY}&leden=provincie", "leden"),
        (f"{QUERY}&leden=land", "leden"),
        (f"{QUERY}&hoeveelheid=x", "hoeveelheid"),
        (f"{QUERY}&indeling=2021", "indeling"),
    ],
)
def test_an_input_that_cannot_be_answered_is_named(
    client: TestClient, query: str, name: str
) -> None:
    answer = client.get(f"{ASK}?{query}")

    assert answer.status_code == 400
    assert answer.json()["detail"].startswith(f"{name}: ")
