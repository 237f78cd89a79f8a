"""OWSLib, the Python client of OGC services."""

import pytest
from owslib.ogcapi.features import Features

from tests.contract.served import configured

LAYER = "ouderen-gemeente"


@pytest.fixture(scope="module")
def features(service: str) -> Features:
    return Features(f"{service}/")


def test_it_finds_the_collections(features: Features) -> None:
    assert set(features.feature_collections()) == configured()
    assert features.collection(LAYER)["title"] == "Ouderen per gemeente"


def test_it_reads_conformance_and_the_api_document(features: Features) -> None:
    assert any(
        uri.endswith("features-1/1.0/conf/core") for uri in features.conformance()["conformsTo"]
    )
    assert features.api()["openapi"].startswith("3.0")


def test_it_reads_queryables_and_schema(features: Features) -> None:
    queryables = features.collection_queryables(LAYER)["properties"]
    schema = features.collection_schema(LAYER)["properties"]

    assert queryables["personen"]["title"] == schema["personen"]["title"] == "Personen"
    assert schema["geometry"]["format"] == "geometry-multipolygon"


def test_it_pages_and_selects(features: Features) -> None:
    page = features.collection_items(LAYER, limit=5, offset=5, datetime_="2022-01-01")
    hague = features.collection_items(LAYER, regioNaam="'s-Gravenhage", indeling=2022)
    boxed = features.collection_items(LAYER, bbox=[4.8, 52.2, 5.2, 52.5], limit=1)

    assert (page["numberMatched"], page["numberReturned"]) == (345, 5)
    assert {entry["properties"]["regioCode"] for entry in hague["features"]} == {"GM0518"}
    assert 0 < boxed["numberMatched"] < 1000


def test_it_selects_a_period(features: Features) -> None:
    whole = features.collection_items(LAYER, datetime_="2018-01-01/2018-12-31", limit=1)

    assert whole["numberMatched"] == 2 * 380


def test_it_reads_one_feature(features: Features) -> None:
    feature = features.collection_item(LAYER, "GM0363-2022-01-01")

    assert feature["properties"]["regioNaam"] == "Amsterdam"


@pytest.mark.parametrize(("year", "count"), [(2018, 380), (2019, 355), (2021, 352), (2023, 342)])
def test_it_counts_a_day_in_every_form(features: Features, year: int, count: int) -> None:
    for text in (f"{year}-01-01", f"{year}-01-01T00:00:00Z", f"{year}-01-01/{year}-01-01"):
        answer = features.collection_items(LAYER, datetime_=text, limit=1)

        assert answer["numberMatched"] == count


def test_it_sends_filters(features: Features) -> None:
    text = "personen > 20000 AND peilmoment = DATE('2022-01-01')"
    found = features.collection_items(LAYER, filter=text, limit=1000)
    year = features.collection_items(LAYER, datetime_="2022-01-01", limit=1000)

    expected = [
        entry["id"] for entry in year["features"] if (entry["properties"]["personen"] or 0) > 20_000
    ]
    assert [entry["id"] for entry in found["features"]] == expected
    assert 0 < found["numberMatched"] == len(expected) < 345


def test_it_pages_to_the_end(features: Features) -> None:
    seen: list[str] = []
    while True:
        page = features.collection_items(
            LAYER, datetime_="2019-01-01", limit=100, offset=len(seen), skipGeometry="true"
        )
        seen += [entry["id"] for entry in page["features"]]
        if not any(link["rel"] == "next" for link in page["links"]):
            break

    assert len(seen) == len(set(seen)) == page["numberMatched"] == 355
