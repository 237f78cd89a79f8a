"""OGC API Features Part 1 and 2 on the embedded example, clause by clause."""

import json
import re
from datetime import datetime
from typing import Any

import httpx2
import pytest
from shapely.geometry import Point, box, shape

from spatial.domain.crs import CRS84, ETRS89, OFFERED, RD, Crs
from spatial.domain.status import WITH_VALUE, Status
from tests.contract.served import configured

COLLECTION = "/collections/ouderen-gemeente"
ITEMS = f"{COLLECTION}/items"
COUNTS = {"2018": 380, "2019": 355, "2021": 352, "2022": 345, "2023": 342}


def get(web: httpx2.Client, url: str) -> dict[str, Any]:
    answer = web.get(url)
    assert answer.status_code == 200, answer.text
    document: dict[str, Any] = json.loads(answer.text, parse_constant=pytest.fail)
    return document


@pytest.fixture(scope="module")
def collections(web: httpx2.Client) -> list[dict[str, Any]]:
    every: list[dict[str, Any]] = get(web, "/collections")["collections"]
    return [entry for entry in every if entry["itemType"] == "feature"]


@pytest.mark.parametrize(("year", "count"), COUNTS.items())
def test_a_year_has_exactly_the_gemeenten_of_its_first_january(
    web: httpx2.Client, year: str, count: int
) -> None:
    document = get(web, f"{ITEMS}?datetime={year}-01-01&limit=1000")

    properties = [feature["properties"] for feature in document["features"]]
    assert document["numberMatched"] == document["numberReturned"] == count == len(properties)
    assert len({entry["regioCode"] for entry in properties}) == count
    assert {(entry["indeling"], entry["peilmoment"]) for entry in properties} == {
        (int(year), f"{year}-01-01")
    }


def test_every_value_has_a_status_and_none_is_filled_in(web: httpx2.Client) -> None:
    document = get(web, f"{ITEMS}?datetime=2022-01-01&limit=1000&skipGeometry=true")

    for feature in document["features"]:
        properties = feature["properties"]
        for name in [name.removesuffix("Status") for name in properties if name.endswith("Status")]:
            if name == "bron":
                continue
            has_value = Status(properties[f"{name}Status"]) in WITH_VALUE
            bounds = [properties[f"{name}{suffix}"] for suffix in ("", "Min", "Max")]
            assert all((number is not None) == has_value for number in bounds), (name, properties)


def test_what_the_first_ten_features_lack_no_feature_has(web: httpx2.Client) -> None:
    """QGIS and GDAL infer types from these: a number that is missing in all becomes text."""
    features = get(web, f"{ITEMS}?limit=10&skipGeometry=true")["features"]

    lacking = [
        name
        for name in features[0]["properties"]
        if all(entry["properties"][name] is None for entry in features)
    ]
    assert len(lacking) < 10
    for name in lacking:
        first = get(web, f"{ITEMS}?limit=1&sortby={name}&properties={name}")["features"][0]
        assert first["properties"][name] is None


def test_amsterdam_lies_where_it_lies_in_metres(web: httpx2.Client) -> None:
    answer = web.get(f"{ITEMS}/GM0363-2022-01-01", params={"crs": RD.uri})

    assert answer.headers["content-crs"] == f"<{RD.uri}>"
    assert shape(answer.json()["geometry"]).contains(Point(121_400, 487_400))


def test_the_landing_page_has_the_links_that_clients_follow(web: httpx2.Client) -> None:
    links = {(link["rel"], link["type"]) for link in get(web, "/")["links"]}

    assert ("service-desc", "application/vnd.oai.openapi+json;version=3.0") in links
    assert {"conformance", "data", "self"} <= {rel for rel, _ in links}


def test_openapi_is_served_with_its_own_media_type(web: httpx2.Client) -> None:
    answer = web.get("/openapi", headers={"accept": "application/vnd.oai.openapi+json;version=3.0"})

    assert answer.headers["content-type"] == "application/vnd.oai.openapi+json;version=3.0"
    assert answer.json()["openapi"].startswith("3.0")
    assert {"/conformance", "/collections"} <= answer.json()["paths"].keys()


def test_every_collection_is_described_the_same_alone_and_in_the_list(
    web: httpx2.Client, collections: list[dict[str, Any]]
) -> None:
    assert {entry["id"] for entry in collections} == configured()
    for entry in collections:
        alone = get(web, f"/collections/{entry['id']}")
        assert {name: alone[name] for name in ("id", "title", "description", "extent")} == {
            name: entry[name] for name in ("id", "title", "description", "extent")
        }


def test_every_collection_answers_geojson_with_its_own_count(
    web: httpx2.Client, collections: list[dict[str, Any]]
) -> None:
    for entry in collections:
        answer = web.get(f"/collections/{entry['id']}/items?limit=2")
        document = answer.json()

        assert answer.headers["content-type"] == "application/geo+json"
        assert answer.headers["content-crs"] == f"<{CRS84.uri}>"
        assert document["numberReturned"] == len(document["features"]) > 0
        assert document["numberMatched"] >= document["numberReturned"]
        assert datetime.fromisoformat(document["timeStamp"]).tzinfo is not None
        assert {"self", "alternate", "collection"} <= {link["rel"] for link in document["links"]}


def test_every_collection_says_that_it_is_example_or_schematic(
    collections: list[dict[str, Any]],
) -> None:
    for entry in collections:
        assert re.search("Voorbeeldcijfers|Schematische|Gemeentelijke", entry["description"])
        assert entry["storageCrs"] == CRS84.uri
        assert entry["crs"] == [crs.uri for crs in OFFERED]


def test_every_declared_property_is_there_and_no_other(
    web: httpx2.Client, collections: list[dict[str, Any]]
) -> None:
    for entry in collections:
        path = f"/collections/{entry['id']}"
        # the id stands beside the properties of a feature, as does its geometry
        declared = get(web, f"{path}/schema")["properties"].keys() - {"geometry", "id"}
        feature = get(web, f"{path}/items?limit=1")["features"][0]

        assert feature["properties"].keys() == declared


def test_pages_give_every_feature_once(web: httpx2.Client) -> None:
    document = get(web, f"{ITEMS}?limit=100&datetime=2019-01-01&properties=regioCode")
    seen = [feature["id"] for feature in document["features"]]
    while following := [link["href"] for link in document["links"] if link["rel"] == "next"]:
        document = get(web, following[0])
        seen += [feature["id"] for feature in document["features"]]

    assert len(seen) == len(set(seen)) == document["numberMatched"] == 355


def test_every_link_of_a_page_works(web: httpx2.Client) -> None:
    for link in get(web, f"{ITEMS}?indeling=2022&limit=5&offset=5")["links"]:
        assert web.get(link["href"]).status_code == 200, link


@pytest.mark.parametrize(
    "bbox",
    ["-1.5,50,1.5,53", "-80,-5,-70,5", "177,65,-177,70", "-180,85,180,90", "-180,-90,180,-85"],
)
def test_a_box_elsewhere_is_empty_and_allowed(web: httpx2.Client, bbox: str) -> None:
    assert get(web, f"{ITEMS}?bbox={bbox}")["numberMatched"] == 0


def test_a_box_gives_all_and_only_what_intersects_it(web: httpx2.Client) -> None:
    window = box(4.8, 52.2, 5.2, 52.5)
    everything = get(web, f"{ITEMS}?datetime=2022-01-01")["features"]

    found = get(web, f"{ITEMS}?datetime=2022-01-01&bbox=4.8,52.2,5.2,52.5")["features"]

    expected = {entry["id"] for entry in everything if shape(entry["geometry"]).intersects(window)}
    assert {entry["id"] for entry in found} == expected
    assert 5 < len(expected) < 60


@pytest.mark.parametrize("crs", OFFERED)
def test_the_own_extent_in_every_system_gives_every_feature(web: httpx2.Client, crs: Crs) -> None:
    features = get(web, f"{ITEMS}?datetime=2022-01-01&crs={crs.uri}")["features"]
    bounds = [shape(feature["geometry"]).bounds for feature in features]
    corners = [*(min(values) for values in list(zip(*bounds, strict=True))[:2]),
               *(max(values) for values in list(zip(*bounds, strict=True))[2:])]  # fmt: skip
    bbox = ",".join(str(corner) for corner in corners)

    answer = web.get(f"{ITEMS}?datetime=2022-01-01&limit=10&bbox={bbox}&bbox-crs={crs.uri}")

    assert answer.json()["numberMatched"] == 345


@pytest.mark.parametrize("crs", OFFERED)
def test_the_answer_names_its_system(web: httpx2.Client, crs: Crs) -> None:
    for url in (f"{ITEMS}?limit=1&crs={crs.uri}", f"{ITEMS}/GM0363-2022-01-01?crs={crs.uri}"):
        assert web.get(url).headers["content-crs"] == f"<{crs.uri}>"


def test_latitude_comes_first_where_its_authority_says_so(web: httpx2.Client) -> None:
    def first(crs: Crs) -> list[float]:
        document = get(web, f"{ITEMS}/GM0363-2022-01-01?crs={crs.uri}")
        point: list[float] = document["geometry"]["coordinates"][0][0][0]
        return point

    assert first(ETRS89) == pytest.approx(first(CRS84)[::-1], abs=2e-7)


@pytest.mark.parametrize("name", ["crs", "bbox-crs"])
@pytest.mark.parametrize("path", [ITEMS, f"{ITEMS}/GM0363-2022-01-01"])
def test_another_system_is_refused(web: httpx2.Client, name: str, path: str) -> None:
    unsupported = "http://www.opengis.net/def/crs/0/unsupported"

    assert web.get(f"{path}?{name}={unsupported}&bbox=4,51,5,52").status_code == 400


@pytest.mark.parametrize("query", ["limit=unlimited", "unknown=1", "limit=0", "offset=-1"])
def test_a_parameter_that_is_not_allowed_is_refused(web: httpx2.Client, query: str) -> None:
    answer = web.get(f"{ITEMS}?{query}")

    assert (answer.status_code, answer.headers["content-type"]) == (400, "application/problem+json")


def test_large_answers_travel_compressed(web: httpx2.Client) -> None:
    answer = web.get(f"{ITEMS}?limit=100", headers={"accept-encoding": "gzip"})

    assert answer.headers["content-encoding"] == "gzip"
    assert "Accept-Encoding" in answer.headers["vary"]
    assert answer.json()["numberReturned"] == 100


def test_the_maps_are_served_beside_the_features(web: httpx2.Client) -> None:
    answer = web.get("/kaart/")

    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/html")


def test_a_picture_of_a_map_is_served_as_what_it_is_and_may_be_kept(web: httpx2.Client) -> None:
    answer = web.get("/kaart/beeld/ouderen-gemeente.webp")

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "image/webp"
    assert "max-age" in answer.headers["cache-control"]
    assert answer.headers["etag"]
