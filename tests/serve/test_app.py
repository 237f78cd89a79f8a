import csv
import io
import json
import os
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from pyproj import Transformer
from starlette.testclient import TestClient

from spatial.domain.crs import OFFERED
from spatial.errors import SettingsError
from spatial.serve.app import Service, create_app
from spatial.serve.cql2.classes import FILTER_CLASSES
from tests.serve.conftest import Golden

ITEMS = "/collections/ouderen-gemeente/items"
RD = "http://www.opengis.net/def/crs/EPSG/0/28992"
ETRF2000 = "http://www.opengis.net/def/crs/EPSG/0/9067"
ETRS89 = "http://www.opengis.net/def/crs/EPSG/0/4258"


def items(client: TestClient, query: str) -> dict[str, Any]:
    answer = client.get(f"{ITEMS}?{query}")
    assert answer.status_code == 200, answer.text
    document: dict[str, Any] = json.loads(answer.text, parse_constant=pytest.fail)
    return document


def ids(document: dict[str, Any]) -> list[str]:
    return [feature["id"] for feature in document["features"]]


def test_the_first_page_is_as_expected(client: TestClient, golden: Golden) -> None:
    document = items(client, "limit=2&datetime=2020-01-01")

    document.pop("timeStamp")

    golden("items.json", document)


def test_one_feature_is_as_expected(client: TestClient, golden: Golden) -> None:
    golden("feature.json", client.get(f"{ITEMS}/GM0002-2020-01-01").json())


def test_the_collection_is_as_expected(client: TestClient, golden: Golden) -> None:
    document = client.get("/collections/ouderen-gemeente").json()

    description = document.pop("description")
    # how long files are is for the library that writes them
    lengths = [link.pop("length") for link in document["links"] if link["rel"] == "enclosure"]

    assert "Voorbeeldcijfers" in description
    assert min(lengths) > 0
    golden("collection.json", document)


def test_the_schema_is_as_expected(client: TestClient, golden: Golden) -> None:
    golden("schema.json", client.get("/collections/ouderen-gemeente/schema").json())


def test_the_schema_of_a_period_names_its_beginning_and_end(client: TestClient) -> None:
    document = client.get("/collections/grenzen-gemeente/schema").json()

    roles = {name: entry.get("x-ogc-role") for name, entry in document["properties"].items()}

    assert roles["peilmoment"] == "primary-interval-start"
    assert roles["geldigTotEnMet"] == "primary-interval-end"
    assert roles["geometry"] == "primary-geometry"


def test_queryables_have_titles_in_the_language_asked(client: TestClient) -> None:
    dutch, english = (
        client.get(f"/collections/ouderen-gemeente/queryables?lang={lang}").json()["properties"]
        for lang in ("nl", "en")
    )

    assert dutch["personen"]["title"] == "Personen"
    assert english["personen"]["title"] == "Persons"
    assert english["personen"]["x-ogc-unit"] == "{personen}"
    assert "geheim_of_onbekend" in english["personenStatus"]["enum"]


def test_statuses_have_titles_in_the_language_asked(client: TestClient) -> None:
    found = client.get("/collections/ouderen-gemeente/queryables?lang=en").json()

    titles = {entry["const"]: entry["title"] for entry in found["$defs"]["status"]["oneOf"]}
    assert found["properties"]["personenStatus"]["allOf"] == [{"$ref": "#/$defs/status"}]
    assert titles["geheim_of_onbekend"] == "confidential or unknown"


@pytest.mark.parametrize("part", ["schema", "queryables"])
@pytest.mark.parametrize("collection", ["ouderen-gemeente", "grenzen-gemeente", "herindelingen"])
def test_schemas_are_valid_and_allow_every_feature(
    client: TestClient, collection: str, part: str
) -> None:
    """But for what is missing: QGIS reads only a type of one word, which has no null."""
    schema = client.get(f"/collections/{collection}/{part}").json()
    Draft202012Validator.check_schema(schema)

    for feature in client.get(f"/collections/{collection}/items").json()["features"]:
        there = {name: cell for name, cell in feature["properties"].items() if cell is not None}
        assert Draft202012Validator(schema).is_valid(there)
    assert not Draft202012Validator(schema).is_valid({"onbekend": 1})


def test_queryables_are_what_a_request_may_name(client: TestClient) -> None:
    found = client.get("/collections/ouderen-gemeente/queryables").json()["properties"]

    for name, entry in found.items():
        if name != "geometry":
            value = {"integer": "1", "boolean": "true", "number": "1.5"}.get(entry["type"], "")
            value = entry.get("enum", [value or "2020-01-01"])[0]
            assert client.get(f"{ITEMS}?{name}={value}").status_code == 200


def test_a_code_that_is_not_in_the_list_is_refused(client: TestClient) -> None:
    answer = client.get(f"{ITEMS}?personenStatus=bestaat-niet")

    assert answer.status_code == 400
    assert "geheim_of_onbekend" in answer.json()["detail"]


def test_etrf2000_has_the_coordinates_of_its_ensemble(client: TestClient) -> None:
    """Between the two EPSG knows no shift; a box in it selects the same as well."""
    ensemble, member = (
        client.get(f"{ITEMS}?limit=3&crs={crs}&bbox=52.31,4.9,52.33,4.95&bbox-crs={crs}")
        for crs in (ETRS89, ETRF2000)
    )

    assert member.headers["content-crs"] == f"<{ETRF2000}>"
    assert member.json()["features"] == ensemble.json()["features"] != []
    moved = Transformer.from_crs(4258, 9067).transform(52.0, 5.0)
    assert moved == pytest.approx((52.0, 5.0), abs=1e-9)


def test_the_list_of_collections_names_the_systems_of_all(client: TestClient) -> None:
    found = client.get("/collections").json()

    assert found["crs"] == [crs.uri for crs in OFFERED]
    assert all(entry["crs"] == found["crs"] for entry in found["collections"])


def test_a_collection_leads_to_its_licence_schema_and_queryables(client: TestClient) -> None:
    found = client.get("/collections/ouderen-gemeente").json()
    links = {link["rel"].rpartition("/")[2]: link["href"] for link in found["links"]}

    assert links["license"] == "https://creativecommons.org/licenses/by/4.0/deed.nl"
    for name in ("describedby", "schema", "queryables", "items"):
        assert client.get(links[name]).status_code == 200


@pytest.mark.parametrize(("query", "count"), [("limit=2", 2), ("offset=999", 0)])
def test_linked_data_has_the_properties_and_is_json_also_when_empty(
    client: TestClient, query: str, count: int
) -> None:
    answer = client.get(f"{ITEMS}?f=jsonld&{query}")
    document = answer.json()

    assert answer.headers["content-type"] == "application/ld+json"
    assert [entry["regioCode"][:2] for entry in document["features"]] == ["GM"] * count
    assert (document["numberMatched"], document["numberReturned"]) == (24, count)


def test_linked_data_of_a_feature_has_its_shape(client: TestClient) -> None:
    document = client.get(f"{ITEMS}/GM0001-2020-01-01?f=jsonld").json()

    assert "MULTIPOLYGON" in str(document["gsp:hasGeometry"])


def test_the_schema_is_also_a_page(client: TestClient) -> None:
    answer = client.get("/collections/ouderen-gemeente/schema?f=html")

    assert answer.headers["content-type"].startswith("text/html")


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("datetime=2020-01-01", 5), ("datetime=2022-01-01T00:00:00Z", 3), ("datetime=2021-06-01/..", 10),
        ("datetime=2021-01-01T/..", 14), ("datetime=../2020-12-31", 10), ("datetime=/2020-12-31", 10),
        ("datetime=2022-01-01/9999-12-31T00:00:00Z", 6), ("datetime=1900-01-01", 0),
        ("datetime=2050-01-01/..", 0), ("indeling=2020", 10), ("regioNaam=Hoekdal", 2),
        ("voorlopig=true", 6), ("peilmoment=2020-01-01", 5), ("personen=120", 4),
        ("bbox=4.9,52.31,4.95,52.33", 6), ("bbox=177,65,-177,70", 0), ("bbox=-180,-90,180,90", 24),
        (f"bbox=125000,481000,125001,481001&bbox-crs={RD}", 6),
        (f"bbox=52.31,4.9,52.33,4.95&bbox-crs={ETRS89}", 6),
        ("resulttype=hits", 24),
    ],
)  # fmt: skip
def test_every_condition_really_selects(client: TestClient, query: str, count: int) -> None:
    document = items(client, query)

    assert document["numberMatched"] == count
    assert document["numberReturned"] == len(document["features"])


def test_a_box_in_rd_is_straight_in_rd(client: TestClient) -> None:
    """Two moved corners would miss this strip along the northern edge."""
    query = f"bbox=120000,489999,170000,490001&bbox-crs={RD}&datetime=2020-01-01"

    assert items(client, query)["numberMatched"] == 5


@pytest.mark.parametrize(
    ("crs", "first"),
    [(RD, [130000.0, 480000.0]), (ETRS89, [52.3073973, 5.0206374])],
)
def test_coordinates_are_in_the_system_asked(
    client: TestClient, crs: str, first: list[float]
) -> None:
    for url in (f"{ITEMS}?limit=1&crs={crs}", f"{ITEMS}/GM0001-2020-12-31?crs={crs}"):
        answer = client.get(url)
        document = answer.json()
        feature = document["features"][0] if "features" in document else document

        assert answer.headers["content-crs"] == f"<{crs}>"
        assert feature["geometry"]["coordinates"][0][0][0] == pytest.approx(first, abs=1e-6)


def test_pages_are_linked_forward_and_backward_without_an_empty_one(client: TestClient) -> None:
    links = {link["rel"]: link["href"] for link in items(client, "limit=8&offset=8")["links"]}
    last = {link["rel"]: link["href"] for link in client.get(links["next"]).json()["links"]}

    assert "offset=0" in links["prev"]
    assert "offset=8" in links["self"]
    assert "offset=16" in links["next"]
    assert "next" not in last


def test_the_page_in_html_has_no_link_to_an_empty_page_either(client: TestClient) -> None:
    more, last = (client.get(f"{ITEMS}?f=html&limit=8&offset={at}").text for at in (8, 16))

    assert "offset=16" in more
    assert "offset=24" not in last


def test_properties_and_order_are_chosen(client: TestClient) -> None:
    query = "sortby=-personen&limit=1&properties=personen,regioCode&skipGeometry=true"

    feature = items(client, query)["features"][0]

    assert feature["properties"] == {"personen": 240, "regioCode": "GM0004"}
    assert feature["geometry"] is None


def test_a_name_with_angle_brackets_is_not_corrupted_in_json_nor_live_in_html(
    client: TestClient,
) -> None:
    feature = client.get(f"{ITEMS}/GM0003-2020-01-01").json()
    page = client.get(f"{ITEMS}/GM0003-2020-01-01?f=html").text

    assert feature["properties"]["regioNaam"] == "Oost <b>"
    assert "Oost <b>" not in page


def test_csv_has_an_empty_cell_and_its_status_for_a_confidential_value(client: TestClient) -> None:
    answer = client.get(f"{ITEMS}?f=csv&regioCode=GM0002&datetime=2020-01-01")

    row = next(csv.DictReader(io.StringIO(answer.text)))

    assert answer.headers["content-type"].startswith("text/csv")
    assert (row["personen"], row["personenMin"], row["personenMax"]) == ("", "", "")
    assert row["personenStatus"] == "geheim_of_onbekend"


def test_an_unknown_feature_or_collection_is_not_found(client: TestClient) -> None:
    assert client.get(f"{ITEMS}/GM9999-2020-01-01").status_code == 404
    assert client.get("/collections/onbekend/items").status_code == 404
    assert client.get("/collections/onbekend/schema").status_code == 404


def test_the_landing_page_leads_to_the_maps_in_json_and_html(client: TestClient) -> None:
    links = client.get("/").json()["links"]
    page = client.get("/?f=html&lang=en").text

    assert ("related", "http://testserver/kaart/") in [
        (link["rel"], link["href"]) for link in links
    ]
    assert 'href="http://testserver/kaart/"' in page
    assert "Maps and comparisons" in page
    assert client.get("/kaart").text == client.get("/kaart/").text
    assert "<title>kaart</title>" in client.get("/kaart/").text


def test_every_link_of_the_landing_page_works(client: TestClient) -> None:
    for link in client.get("/").json()["links"]:
        assert client.get(link["href"]).status_code == 200, link


def test_conformance_claims_what_is_there_and_nothing_else(client: TestClient) -> None:
    claimed = client.get("/conformance").json()["conformsTo"]

    assert "http://www.opengis.net/spec/ogcapi-features-5/1.0/conf/schemas" in claimed
    assert set(FILTER_CLASSES) < set(claimed)
    assert len(claimed) == len(set(claimed))
    assert not [uri for uri in claimed if "array" in uri or "features-4" in uri]


def test_two_applications_live_side_by_side(root: Path, config: Path, client: TestClient) -> None:
    other = TestClient(create_app(Service(config, root, "http://elders")))

    assert "http://elders/collections" in other.get("/").text
    assert "http://testserver/collections" in client.get("/").text


def test_the_environment_is_left_as_it_was(
    root: Path, config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SPATIAL_URL", "http://van-de-gebruiker")
    monkeypatch.delenv("PYGEOAPI_CONFIG", raising=False)

    create_app(Service(config, root, "http://elders"))

    assert os.environ["SPATIAL_URL"] == "http://van-de-gebruiker"
    assert "PYGEOAPI_CONFIG" not in os.environ


def test_a_configuration_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="there is no configuration"):
        create_app(Service(tmp_path / "x.yml", tmp_path, "http://x"))
