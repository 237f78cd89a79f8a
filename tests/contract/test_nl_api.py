"""The MUST rules of the Dutch API Design Rules and their geospatial module, on the running service.

Each test bears the name of its rule (Logius, https://logius-standaarden.github.io/API-Design-Rules).
"""

import re
from typing import Any

import httpx2
import pytest

from spatial.domain.crs import CRS84, ETRF2000, ETRS89, OFFERED, RD

COLLECTION = "/collections/ouderen-gemeente"
ITEMS = f"{COLLECTION}/items"
ITEM = f"{ITEMS}/GM0363-2022-01-01"
EXECUTION = "/processes/vergelijk/execution"
ASK = f"{EXECUTION}?codes=GM0363&indicatoren=ouderen:personen&peilmomenten=2022-01-01"
ANSWERS = (
    "/", "/conformance", "/openapi", "/openapi.json", "/collections", COLLECTION,
    f"{COLLECTION}/schema", f"{COLLECTION}/queryables", f"{ITEMS}?limit=1", ITEM, "/kaart/",
    "/tileMatrixSets", f"{COLLECTION}/tiles", "/healthz", "/static/stijl.css", "/?f=html",
    "/styles", "/styles/ouderen-gemeente", "/styles/ouderen-gemeente/aandeelCorporatie",
    "/processes", "/processes/vergelijk", "/processes/eerlijke-verdeling", ASK, f"{ASK}&f=csv", f"{ASK}&f=html",
    "/profiel", "/profiel?f=html&q=weesp", "/profiel/GM0363", "/profiel/GM0457?f=html",
    "/dcat", "/dcat/ouderen", "/stac", "/stac/ouderen", "/stac/ouderen/ouderen-gemeente",
    f"{COLLECTION}/qgis.qlr", "/qgis.qgs?thema=grenzen", "/qgis.qgz?thema=grenzen",
    "/qgis.gpkg?thema=herindelingen",
)  # fmt: skip
FILES = ("/kaart", "/static")
PROBLEMS = {
    "/onbekend": 404, "/collections/onbekend": 404, f"{ITEMS}/onbekend": 404, "/static/x.js": 404,
    f"{ITEMS}?foo=1": 400, "/?f=xml": 400, "/collections/": 404, f"{ITEMS}?limit=0": 400,
    "/processes/onbekend": 404, EXECUTION: 400, "/jobs/1": 404,
    "/profiel/onbekend": 404, "/dcat/onbekend": 404, "/dcat?f=ttl": 400, "/stac/onbekend": 404, "/profiel/GM0363?indeling=1": 400,
    f"{COLLECTION}/qgis.qlr?indicator=x": 400, "/qgis.qgs?thema=x": 400, "/qgis.gpkg": 400, "/collections/x/qgis.qlr": 404,
    f"{COLLECTION}/tiles/x": 404, "/kaart/onbekend": 404, f"{ITEMS}?x={'x' * 9_000}": 414,
}  # fmt: skip
NOT_OURS = {"bbox-crs", "filter-lang", "filter-crs"}
"""Parameters that OGC names; the geospatial module allows them."""


@pytest.fixture(scope="module")
def document(web: httpx2.Client) -> dict[str, Any]:
    found: dict[str, Any] = web.get("/openapi.json").json()
    return found


@pytest.mark.parametrize("path", [*ANSWERS, *PROBLEMS])
def test_version_header(web: httpx2.Client, path: str, document: dict[str, Any]) -> None:
    assert web.get(path).headers["api-version"] == document["info"]["version"]


@pytest.mark.parametrize("method", ["PUT", "OPTIONS", "HEAD"])
def test_version_header_for_other_methods(web: httpx2.Client, method: str) -> None:
    assert web.request(method, ITEM).headers["api-version"]


def test_semver(document: dict[str, Any]) -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+", document["info"]["version"])


@pytest.mark.parametrize("path", [path for path in ANSWERS if path != "/kaart/"])
def test_uri_version(web: httpx2.Client, path: str) -> None:
    answer = web.get(f"/v1{path}")

    assert answer.status_code == 200
    assert answer.url.path.startswith("/v1/")


@pytest.mark.parametrize(
    "path", ["/collections", "/conformance", "/openapi", COLLECTION, ITEMS, f"{COLLECTION}/schema"]
)
def test_no_trailing_slash(web: httpx2.Client, path: str) -> None:
    assert web.get(f"{path}/").status_code == 404


def test_path_segments_kebab_case(document: dict[str, Any]) -> None:
    """But for what OGC API Tiles names, which has to be so, and names of files."""
    named = {"tileMatrixSets", "openapi.json", "qgis.qlr", "qgis.qgs", "qgis.qgz", "qgis.gpkg"}
    for path in document["paths"]:
        segments = [part for part in path.split("/")[1:] if "{" not in part]
        own = [part for part in segments if part not in named and not part.endswith(".tif")]
        assert all(re.fullmatch(r"([a-z0-9]+(-[a-z0-9]+)*)?", part) for part in own), path


def test_query_keys_camel_case(document: dict[str, Any]) -> None:
    names = {
        entry["name"]
        for entry in document["components"]["parameters"].values()
        if entry["in"] == "query"
    }

    assert [n for n in names - NOT_OURS if not re.fullmatch(r"[a-z][a-zA-Z0-9]*", n)] == []


@pytest.mark.parametrize(("path", "status"), PROBLEMS.items())
def test_problem_details(web: httpx2.Client, path: str, status: int) -> None:
    answer = web.get(path)
    problem = answer.json()

    assert answer.headers["content-type"] == "application/problem+json"
    assert (answer.status_code, problem["status"]) == (status, status)
    assert problem["title"]
    assert problem["detail"]


@pytest.mark.parametrize("path", [path for path in ANSWERS if not path.startswith(FILES)])
def test_invalid_input(web: httpx2.Client, path: str) -> None:
    glue = "&" if "?" in path else "?"

    assert web.get(f"{path}{glue}onbekend=1").status_code == 400


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("path", ["/", "/collections", ITEMS, ITEM, "/processes", EXECUTION])
def test_http_methods(web: httpx2.Client, method: str, path: str) -> None:
    answer = web.request(method, path)

    assert answer.status_code == 405
    assert {"GET", "HEAD", "OPTIONS"} <= set(answer.headers["allow"].split(", "))
    assert answer.headers["content-type"] == "application/problem+json"


def test_content_negotiation(web: httpx2.Client) -> None:
    assert web.get(ITEMS, headers={"accept": "application/xml"}).status_code == 406


@pytest.mark.parametrize("path", ["/openapi.json", "/v1/openapi.json"])
def test_publish_openapi(web: httpx2.Client, path: str) -> None:
    answer = web.get(path, headers={"origin": "https://elders.example.org"})

    assert answer.json()["openapi"].startswith("3.0")
    assert answer.headers["access-control-allow-origin"] == "*"


def test_doc_openapi_contact(document: dict[str, Any]) -> None:
    contact = document["info"]["contact"]

    assert contact["name"]
    assert "@" in contact["email"]
    assert contact["url"].startswith("http")


def test_doc_language_and_interface_language(web: httpx2.Client, document: dict[str, Any]) -> None:
    answer = web.get("/collections")

    assert answer.headers["content-language"] == "nl"
    assert "huisvesting" in document["info"]["description"]
    assert document["paths"]["/collections"]["get"]["summary"] == "Alle collecties"


def test_date_time(web: httpx2.Client) -> None:
    feature = web.get(ITEM).json()

    assert feature["properties"]["peilmoment"] == "2022-01-01"


@pytest.mark.parametrize("path", [path for path in (*ANSWERS, *PROBLEMS) if "kaart" not in path])
def test_transport_security_headers(web: httpx2.Client, path: str) -> None:
    headers = web.get(path).headers

    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert "server" not in headers
    assert "x-powered-by" not in headers


@pytest.mark.parametrize("path", [ITEM, f"{ITEMS}?foo=1", "/collections/onbekend"])
def test_transport_cors(web: httpx2.Client, path: str) -> None:
    answer = web.get(path, headers={"origin": "https://elders.example.org"})

    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["access-control-expose-headers"]


def test_geo_crs_list_and_storage_crs(web: httpx2.Client) -> None:
    found = web.get("/collections").json()

    assert found["crs"] == [crs.uri for crs in OFFERED]
    for entry in found["collections"]:
        # a grid of squares has one system: moved, they would be no squares
        own = RD if entry["itemType"] == "coverage" else CRS84
        assert entry["storageCrs"] == own.uri == entry["crs"][0]


def test_geo_preferred_crs_and_ensemble_member_crs(web: httpx2.Client) -> None:
    assert {RD.uri, ETRS89.uri, ETRF2000.uri} <= set(web.get(COLLECTION).json()["crs"])


@pytest.mark.parametrize("path", [f"{ITEMS}?limit=1", f"{ITEM}?"])
@pytest.mark.parametrize("crs", [crs.uri for crs in OFFERED])
def test_geo_crs_parameter_and_content_crs(web: httpx2.Client, path: str, crs: str) -> None:
    assert web.get(f"{path}&crs={crs}").headers["content-crs"] == f"<{crs}>"


@pytest.mark.parametrize("path", [f"{ITEMS}?limit=1", ITEM])
def test_geo_default_crs(web: httpx2.Client, path: str) -> None:
    assert web.get(path).headers["content-crs"] == f"<{CRS84.uri}>"


@pytest.mark.parametrize("name", ["crs", "bbox-crs", "filter-crs"])
def test_geo_unknown_crs_is_a_bad_request(web: httpx2.Client, name: str) -> None:
    query = {"bbox": "4,52,5,53", "filter": "indeling=2022", name: f"{CRS84.uri}x"}

    assert web.get(ITEMS, params=query).status_code == 400


def test_geo_filter_crs(web: httpx2.Client) -> None:
    spatial = {
        RD.uri: "S_INTERSECTS(geometry, POINT(121400 487400))",
        CRS84.uri: "S_INTERSECTS(geometry, POINT(4.9 52.37))",
    }
    found = [
        web.get(ITEMS, params={"filter": text, "filter-crs": crs, "datetime": "2022-01-01"}).json()
        for crs, text in spatial.items()
    ]

    assert [[entry["id"] for entry in answer["features"]] for answer in found] == [
        ["GM0363-2022-01-01"]
    ] * 2


@pytest.mark.parametrize("path", [f"{ITEMS}?limit=1", ITEM])
def test_geo_geojson_response(web: httpx2.Client, path: str) -> None:
    answer = web.get(path, headers={"accept": "application/geo+json"})

    assert answer.headers["content-type"] == "application/geo+json"


@pytest.mark.parametrize(("crs", "decimals"), [(CRS84.uri, 7), (RD.uri, 3), (ETRF2000.uri, 7)])
def test_geo_number_of_decimals(web: httpx2.Client, crs: str, decimals: int) -> None:
    text = web.get(f"{ITEM}?crs={crs}").text

    found = re.findall(r"[\[,]-?\d+\.(\d+)", text.partition('"coordinates"')[2])
    assert 0 < max(len(fraction) for fraction in found) <= decimals
