"""OWSLib, the Python client of OGC services."""

import pytest
from owslib.ogcapi.features import Features

LAYER = "ouderen-gemeente"


@pytest.fixture(scope="module")
def features(service: str) -> Features:
    return Features(f"{service}/")


def test_it_finds_the_collections(features: Features) -> None:
    assert len(features.feature_collections()) == 81
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
