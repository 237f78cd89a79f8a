"""What OGC's own suite for Features 1 and 2 asserts, and what it should, on the running service.

Numbers are those of the suite (``ets-ogcapi-features10``): first three collections, at most four
``next`` links, shapes of the first hundred features. Beyond it: contents of datetime, equal places
in every reference system, media types, and honest answers to what is not offered.
"""

import re
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from typing import Any

import httpx2
import numpy as np
import pytest
import shapely
from pyproj import Transformer
from shapely.geometry import MultiPolygon, box, shape

CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
UNSUPPORTED = "http://www.opengis.net/def/crs/0/unsupported"
SERVICE_DESC = "application/vnd.oai.openapi+json;version=3.0"
GEOJSON = "application/geo+json"
CONF = "http://www.opengis.net/spec/ogcapi-features-{}/conf/{}".format
BOXES = ("-1.5,50,1.5,53", "-80,-5,-70,5", "177,65,-177,70", "-180,85,180,90", "-180,-90,180,-85")
# one of each kind, and the three that the suite itself would take
COLLECTIONS = (
    "ouderen-land", "ouderen-provincie", "ouderen-corop", "taakstelling-gemeente",
    "studenten-corop-indeling-2024", "grenzen-gemeente", "herindelingen",
)  # fmt: skip

type Document = dict[str, Any]
type Parameters = dict[str, Document]


def get(web: httpx2.Client, url: str, **params: str) -> Document:
    answer = web.get(url, params=params) if params else web.get(url)
    assert answer.status_code == 200, (url, answer.text)
    document: Document = answer.json()
    return document


def links(document: Document, rel: str) -> list[Document]:
    return [link for link in document["links"] if link["rel"] == rel]


def items(name: str) -> str:
    return f"/collections/{name}/items"


@cache
def moving(source: str, target: str) -> Transformer:
    return Transformer.from_crs(source, target)


def epsg(uri: str) -> str:
    return f"EPSG:{uri.rsplit('/', 1)[1]}"


def pages(web: httpx2.Client, url: str) -> Iterator[Document]:
    following = url
    while following:
        document = get(web, following)
        yield document
        following = next((link["href"] for link in links(document, "next")), "")


@pytest.fixture(scope="module")
def api(web: httpx2.Client) -> Document:
    address = links(get(web, "/"), "service-desc")[0]["href"]
    document: Document = web.get(address, headers={"accept": SERVICE_DESC}).json()
    return document


@pytest.fixture(params=COLLECTIONS)
def name(request: pytest.FixtureRequest) -> str:
    found: str = request.param
    return found


@pytest.fixture
def collection(web: httpx2.Client, name: str) -> Document:
    return get(web, f"/collections/{name}")


@pytest.fixture
def parameters(api: Document, name: str) -> Parameters:
    found = api["paths"][items(name)]["get"]["parameters"]
    whole = [
        api["components"]["parameters"][entry["$ref"].rsplit("/", 1)[1]]
        if "$ref" in entry
        else entry
        for entry in found
    ]
    return {entry["name"]: entry for entry in whole}


# the service


def test_01_03_the_landing_page_answers_over_http_1_1(web: httpx2.Client) -> None:
    answer = web.get("/", headers={"accept": "application/json"})

    assert (answer.http_version, answer.status_code) == ("HTTP/1.1", 200)


def test_04_05_the_landing_page_leads_to_everything(web: httpx2.Client) -> None:
    landing = get(web, "/")

    for rel in ("conformance", "data", "service-desc", "service-doc"):
        assert links(landing, rel), rel
        for link in links(landing, rel):
            assert web.get(link["href"]).status_code == 200
    assert [link["type"] for link in links(landing, "service-desc")].count(SERVICE_DESC) == 1


def test_06_the_api_document_is_openapi_3_0_and_self_contained(api: Document) -> None:
    """That it is valid is held where it is made."""
    assert api["openapi"].startswith("3.0")
    references = re.findall(r"'\$ref': '([^']*)'", str(api))
    assert references
    assert all(reference.startswith("#/") for reference in references)


def test_07_08_conformance_is_a_path_and_lists_the_core(web: httpx2.Client, api: Document) -> None:
    classes = get(web, "/conformance")["conformsTo"]

    assert "/conformance" in api["paths"]
    assert all(isinstance(entry, str) for entry in classes)
    assert len(set(classes)) == len(classes)
    assert {
        CONF("1/1.0", "core"), CONF("1/1.0", "geojson"), CONF("1/1.0", "oas30"),
        CONF("1/1.0", "html"), CONF("2/1.0", "crs"),
    } <= set(classes)  # fmt: skip


def test_transactions_are_not_declared(web: httpx2.Client) -> None:
    assert not [entry for entry in get(web, "/conformance")["conformsTo"] if "features-4" in entry]


def test_09_10_the_list_of_collections_links_to_itself_and_other_forms(
    web: httpx2.Client, api: Document
) -> None:
    document = get(web, "/collections")

    assert "/collections" in api["paths"]
    assert document["collections"]
    assert document.get("crs", [CRS84])[0] == CRS84
    assert [link["type"] for link in links(document, "self")] == ["application/json"]
    assert "text/html" in {link["type"] for link in links(document, "alternate")}


# a collection


def test_11_12_a_collection_is_the_same_alone_and_in_the_list(
    web: httpx2.Client, collection: Document
) -> None:
    listed = {entry["id"]: entry for entry in get(web, "/collections")["collections"]}
    entry = listed[collection["id"]]

    for member in ("id", "title", "description", "extent", "itemType", "crs", "storageCrs"):
        assert entry[member] == collection[member]


def test_13_the_link_to_features_gives_geojson(web: httpx2.Client, collection: Document) -> None:
    found = [link for link in links(collection, "items") if link["type"] == GEOJSON]

    assert len(found) == 1
    for accept in (GEOJSON, "application/geo+json, application/json", "*/*"):
        answer = web.get(found[0]["href"], headers={"accept": accept})
        assert (answer.status_code, answer.headers["content-type"]) == (200, GEOJSON)


def test_14_16_18_parameters_are_defined_as_the_standard_has_them(parameters: Parameters) -> None:
    bbox, limit, moment = (parameters[key] for key in ("bbox", "limit", "datetime"))

    for entry in (bbox, limit, moment):
        assert entry["in"] == "query"
        assert not entry.get("required", False)
        assert (entry["style"], entry["explode"]) == ("form", False)
    schema = bbox["schema"]
    assert (schema["type"], schema["minItems"], schema["maxItems"]) == ("array", 4, 6)
    assert schema["items"]["type"] == "number"
    assert limit["schema"]["type"] == "integer"
    assert limit["schema"]["minimum"] <= limit["schema"]["default"] <= limit["schema"]["maximum"]
    assert moment["schema"]["type"] == "string"


def test_15_a_box_gives_only_what_touches_it(
    web: httpx2.Client, collection: Document, name: str
) -> None:
    own = collection["extent"]["spatial"]["bbox"][0]
    everything = get(web, f"{items(name)}?limit=1000")
    placeless = sum(entry["geometry"] is None for entry in everything["features"])

    within = get(web, f"{items(name)}?limit=100&bbox={','.join(map(str, own))}")

    assert within["numberMatched"] == everything["numberMatched"] - placeless
    assert all(
        shape(entry["geometry"]).intersects(box(*own))
        for entry in within["features"]
        if entry["geometry"]
    )
    for text in BOXES:
        assert get(web, f"{items(name)}?limit=10&bbox={text}")["features"] == []


@pytest.mark.parametrize("count", [1, 7, 100])
def test_17_a_limit_is_kept(web: httpx2.Client, name: str, count: int) -> None:
    document = get(web, f"{items(name)}?limit={count}&skipGeometry=true")

    assert len(document["features"]) == min(count, document["numberMatched"])


def test_19_every_form_of_a_moment_counts_the_same(
    web: httpx2.Client, collection: Document, name: str
) -> None:
    first, last = (text[:10] for text in collection["extent"]["temporal"]["interval"][0])
    whole = get(web, f"{items(name)}?resulttype=hits")["numberMatched"]

    def matched(text: str) -> int:
        number: int = get(web, f"{items(name)}?resulttype=hits&datetime={text}")["numberMatched"]
        return number

    for text in (
        f"{first}/{last}", f"{first}T00:00:00Z/{last}T23:59:59Z", f"../{last}", f"/{last}",
        f"{first}/..", f"{first}/", f"{first}%2F9999-12-31T00:00:00Z", f"{first}T/..", f"{first}T%2F..",
    ):  # fmt: skip
        assert matched(text) == whole, text
    instants = {matched(text) for text in (last, f"{last}T00:00:00Z", f"{last}T", f"{last}/{last}")}
    assert len(instants) == 1
    assert 0 < instants.pop() <= whole


def test_19_a_duration_is_understood_or_refused(web: httpx2.Client, name: str) -> None:
    answer = web.get(f"{items(name)}?datetime=2019-01-01/P2D&limit=1")

    assert answer.status_code in {200, 400}


@pytest.mark.parametrize(
    "query",
    [
        "limit=unlimited", "limit=0", "limit=-1", "unknown=1", "bbox=1,2,3", "bbox=a,b,c,d",
        "bbox=5,53,4,52", "datetime=yesterday", "datetime=2022-02-30", "datetime=2022/2019",
        "datetime=../..x", "offset=-1", "f=nothing", f"crs={UNSUPPORTED}",
        f"bbox=4,51,5,52&bbox-crs={UNSUPPORTED}", "crs=EPSG:28992",
    ],
)  # fmt: skip
def test_20_21_what_is_not_allowed_is_refused_with_a_reason(
    web: httpx2.Client, name: str, query: str
) -> None:
    answer = web.get(f"{items(name)}?{query}")

    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"]


def test_21_no_parameter_may_be_just_anything(parameters: Parameters) -> None:
    assert not [
        key for key, entry in parameters.items() if "additionalProperties" in entry["schema"]
    ]


def test_22_26_a_page_says_what_it_is_and_the_pages_are_the_whole(
    web: httpx2.Client, api: Document, parameters: Parameters, name: str
) -> None:
    limit = parameters["limit"]["schema"]
    first = get(web, items(name))

    seen: list[str] = []
    for document in pages(web, items(name)):
        assert document["type"] == "FeatureCollection"
        assert [link["type"] for link in links(document, "self")] == [GEOJSON]
        assert "text/html" in {link["type"] for link in links(document, "alternate")}
        assert datetime.fromisoformat(document["timeStamp"]).tzinfo is not None
        assert document["numberReturned"] == len(document["features"])
        seen += [feature["id"] for feature in document["features"]]

    assert len(seen) == len(set(seen)) == first["numberMatched"]
    assert first["numberMatched"] <= limit["default"] + 4 * limit["maximum"]
    assert items(name) in api["paths"]


def test_23_shapes_are_multipolygons_in_degrees_by_the_right_hand(
    web: httpx2.Client, name: str
) -> None:
    features = get(web, f"{items(name)}?limit=100")["features"]

    for feature in features:
        if feature["geometry"] is None:
            assert name == "herindelingen"
            continue
        whole = shape(feature["geometry"])
        assert isinstance(whole, MultiPolygon)
        assert box(-180, -90, 180, 90).contains(whole)
        assert all(part.exterior.is_ccw for part in whole.geoms)
        assert not any(ring.is_ccw for part in whole.geoms for ring in part.interiors)
        numbers = shapely.get_coordinates(whole)
        assert np.array_equal(numbers, numbers.round(7))


def test_27_29_a_feature_links_to_itself_other_forms_and_its_collection(
    web: httpx2.Client, name: str
) -> None:
    listed = get(web, f"{items(name)}?limit=1")["features"][0]

    answer = web.get(f"{items(name)}/{listed['id']}")
    feature = answer.json()

    assert answer.headers["content-type"] == GEOJSON
    assert {key: feature[key] for key in listed} == listed
    assert [link["type"] for link in links(feature, "self")] == [GEOJSON]
    assert "text/html" in {link["type"] for link in links(feature, "alternate")}
    assert links(feature, "collection")[0]["href"].endswith(f"/collections/{name}")
    for link in feature["links"]:
        assert web.get(link["href"]).status_code == 200, link


@pytest.mark.parametrize(
    "path", ["/collections/{}x", "/collections/{}x/items", "/collections/{}/items/none"]
)
def test_what_is_not_there_is_not_found(web: httpx2.Client, name: str, path: str) -> None:
    answer = web.get(path.format(name))

    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


# reference systems


def test_crs_01_03_systems_are_named_and_include_degrees_and_the_stored(
    collection: Document,
) -> None:
    for uri in (*collection["crs"], collection["storageCrs"]):
        assert re.fullmatch(r"http://www\.opengis\.net/def/crs/(OGC/1\.3/CRS84|EPSG/0/\d+)", uri)
    assert collection["crs"][0] == CRS84
    assert collection["storageCrs"] in collection["crs"]


def test_crs_04_06_every_system_is_answered_and_named(
    web: httpx2.Client, collection: Document, name: str
) -> None:
    identifier = get(web, f"{items(name)}?limit=1")["features"][0]["id"]

    for address in (items(name), f"{items(name)}/{identifier}"):
        short = {"limit": "1"} if address == items(name) else {}
        assert web.get(address, params=short).headers["content-crs"] == f"<{CRS84}>"
        for uri in collection["crs"]:
            answer = web.get(address, params={**short, "crs": uri})
            assert (answer.status_code, answer.headers["content-crs"]) == (200, f"<{uri}>")
        assert web.get(address, params={"crs": UNSUPPORTED}).status_code == 400


def test_crs_07_every_system_names_the_same_places(
    web: httpx2.Client, collection: Document, name: str
) -> None:
    def corners(uri: str) -> Any:
        document = get(web, items(name), limit="5", crs=uri)
        shapes = [shape(entry["geometry"]) for entry in document["features"] if entry["geometry"]]
        return shapely.get_coordinates(shapes)

    degrees = corners(CRS84)
    for uri in collection["crs"][1:]:
        # by the axis order of the authority, as the standard has it
        back = moving(epsg(uri), "OGC:CRS84")
        moved = np.column_stack(back.transform(*corners(uri).T))
        assert np.abs(moved - degrees).max() < 2e-5, uri


def test_crs_08_10_a_box_means_the_same_in_every_system(
    web: httpx2.Client, collection: Document, name: str
) -> None:
    bounds = (4.5, 52.0, 5.5, 52.6)
    text = ",".join(map(str, bounds))
    ring = box(*bounds).segmentize(0.01)
    plain = {f["id"] for f in get(web, f"{items(name)}?limit=1000&bbox={text}")["features"]}

    same = get(web, items(name), limit="1000", bbox=text, **{"bbox-crs": CRS84})

    assert {feature["id"] for feature in same["features"]} == plain
    for uri in collection["crs"][1:]:
        there = moving("OGC:CRS84", epsg(uri))
        corners = np.column_stack(there.transform(*shapely.get_coordinates(ring).T))
        around = ",".join(str(number) for number in (*corners.min(axis=0), *corners.max(axis=0)))
        answer = get(web, items(name), limit="1000", bbox=around, **{"bbox-crs": uri})
        # a rectangle of another system is a little larger
        assert plain <= {feature["id"] for feature in answer["features"]}


# beyond the suite


def test_properties_have_the_types_that_queryables_and_schema_say(
    web: httpx2.Client, name: str
) -> None:
    kinds: dict[str, Any] = {"integer": int, "number": (int, float), "string": str, "boolean": bool}
    queryables = get(web, f"/collections/{name}/queryables")["properties"]
    schema = get(web, f"/collections/{name}/schema")["properties"]
    features = get(web, f"{items(name)}?limit=1000&skipGeometry=true")["features"]

    for key, entry in schema.items():
        if "type" not in entry or key == "id":
            continue
        assert entry["title"]
        assert queryables[key]["type"] == entry["type"]
        values = [feature["properties"][key] for feature in features]
        assert all(isinstance(value, kinds[entry["type"]]) for value in values if value is not None)


def test_an_answer_can_be_kept_and_checked(web: httpx2.Client, name: str) -> None:
    answer = web.get(f"{items(name)}?limit=5")

    again = web.get(f"{items(name)}?limit=5", headers={"if-none-match": answer.headers["etag"]})

    assert (again.status_code, again.content) == (304, b"")
    assert "max-age" in answer.headers["cache-control"]
    assert answer.headers["last-modified"]


def test_head_is_get_without_a_body(web: httpx2.Client, name: str) -> None:
    full, head = web.get(f"{items(name)}?limit=5"), web.head(f"{items(name)}?limit=5")

    assert (head.status_code, head.content) == (200, b"")
    for header in ("content-type", "content-length", "content-crs", "etag"):
        assert head.headers[header] == full.headers[header]


def test_a_page_of_another_origin_may_read_it(web: httpx2.Client, name: str) -> None:
    origin = {"origin": "https://kaart.example"}
    preflight = {**origin, "access-control-request-method": "GET"}

    answer = web.get(f"{items(name)}?limit=1", headers=origin)

    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["access-control-expose-headers"]
    assert web.request("OPTIONS", items(name), headers=preflight).status_code in {200, 204}


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_it_can_only_be_read(web: httpx2.Client, name: str, method: str) -> None:
    answer = web.request(method, items(name))

    assert answer.status_code == 405
    assert "GET" in answer.headers["allow"]
