"""Requests as nobody should send them: none is an error of the service, each is told what is wrong.

Sent to the running server, over collections of different kinds and over the other documents.
"""

import re
from collections.abc import Mapping
from typing import Any

import httpx2
import pytest

COLLECTIONS = ("ouderen-gemeente", "grenzen-gemeente", "herindelingen")
ITEMS = "/collections/ouderen-gemeente/items"
ASK = "/processes/vergelijk/execution"
QUESTION = "codes=GM0363&indicatoren=ouderen:personen&peilmomenten=2022-01-01"
DOCUMENTS = (
    "/", "/conformance", "/openapi", "/openapi.json", "/collections",
    "/collections/ouderen-gemeente", "/collections/ouderen-gemeente/schema",
    "/collections/ouderen-gemeente/queryables", f"{ITEMS}/GM0363-2022-01-01",
    "/processes/vergelijk",
)  # fmt: skip
CRS = "http://www.opengis.net/def/crs"

REFUSED_ITEMS = (
    "bbox=", "bbox=1", "bbox=1,2,3", "bbox=1,2,3,4,5", "bbox=1,2,3,4,5,6,7", "bbox=a,b,c,d",
    "bbox=,,,", "bbox=nan,1,2,3", "bbox=inf,1,2,3", "bbox=-inf,1,2,3", "bbox=1e400,1,2,3",
    "bbox=4,53,5,52", "bbox=%5B1,2,3,4%5D", "bbox=4%2052%205%2053", "bbox=1,2,3,4%3Bdrop",
    "bbox=1,2,3,4,5,nan", "bbox=0x1,2,3,4",
    "bbox-crs=" + f"{CRS}/OGC/1.3/CRS84", f"bbox=1,2,3,4&bbox-crs={CRS}/0/unsupported",
    "bbox=1,2,3,4&bbox-crs=", "bbox=1,2,3,4&bbox-crs=EPSG:28992",
    f"bbox=5,4,3,6&bbox-crs={CRS}/EPSG/0/28992",
    "crs=", "crs=EPSG:28992", "crs=28992", f"crs={CRS}/0/unsupported", f"crs={CRS}/EPSG/0/99999",
    f"crs={CRS}/EPSG/0/28992/",
    "datetime=", "datetime=x", "datetime=99999999999", "datetime=2019", "datetime=2019-01",
    "datetime=2019-13-01", "datetime=2019-02-30", "datetime=2020-01-01/2019-01-01",
    "datetime=a/b/c", "datetime=2018-01-01/2019-01-01/2020-01-01", "datetime=..", "datetime=now",
    "datetime=2019-01-01T25:00:00Z", "datetime=2019-W01-1", "datetime=P1Y", "datetime=10000-01-01",
    "datetime=-0001-01-01", "datetime=2019-01-01/x", "datetime=20190101", "datetime=0000-01-01",
    "limit=", "limit=0", "limit=-1", "limit=abc", "limit=1.5", "limit=1e3", "limit=unlimited",
    "limit=true", "limit=99999999999999999999", "limit=0x10", "limit=%D9%A3", "limit=1,2", "limit",
    "limit=%205", "limit=1%00",
    "offset=", "offset=-1", "offset=abc", "offset=1.5", "offset=1e20",
    "offset=99999999999999999999",
    "resulttype=", "resulttype=foo", "resulttype=HITS", "resulttype=hits,results",
    "skipGeometry=", "skipGeometry=foo", "skipGeometry=1",
    "sortby=", "sortby=onbekend", "sortby=,", "sortby=-", "sortby=peilmoment,",
    "sortby=--peilmoment", "sortby=peilmoment;drop",
    "properties=", "properties=onbekend", "properties=,", "properties=peilmoment,,peilmoment",
    "properties=geometry",
    "peilmoment=", "peilmoment=x", "peilmoment=2019", "peilmoment=2019-02-30",
    "foo=1", "foo=", "=", "=1", "Limit=1", "BBOX=1,2,3,4", "limit%5B%5D=1", "q=x", "ids=1",
    "limit%20=1", "__proto__=1", "class=x",
    "f=", "f=png", "f=mvt", "f=NetCDF", "f=JSON", "f=json,html", "f=xml", "f=../json",
    "lang=", "lang=x", "lang=de", "lang=nl,en",
    "limit=1&limit=2", "f=json&f=json", "bbox=1,2,3,4&bbox=1,2,3,4", "lang=nl&lang=en",
    "datetime=2019-01-01&datetime=2020-01-01", "peilmoment=2019-01-01&peilmoment=2019-01-01",
    "lang=%00", "lang=%0d%0aX-Erbij:1", "peilmoment=%ff", "f=%c0%80", "f=%zz", "limit=%",
    "%00=1", "%ff=1", "limit=1;offset=2", "limit=1%26offset=2", "f=json%0a", "lang=nl%7f",
)  # fmt: skip
ALLOWED_ITEMS = (
    "", "&&&", "limit=1", "limit=%2B5", "limit=10001", "offset=999999999", "datetime=../..",
    "datetime=2022-01-01/..", "datetime=/2022-01-01", "datetime=2022-01-01T23:59:60Z",
    "datetime=2022-01-01T", "datetime=0001-01-01", "bbox=177,65,-177,70", "bbox=1,2,3,4,5,6",
    "bbox=-180,-90,180,90", "bbox=1e-320,2,3,4", "bbox=1,2,3,4&bbox-crs=" + f"{CRS}/OGC/1.3/CRS84",
    "skipGeometry=true&limit=2", "resulttype=hits",
)  # fmt: skip
REFUSED_QUESTIONS = (
    "", "codes=", "codes=GM0363", "foo=1", f"{QUESTION}&foo=1", f"{QUESTION}&limit=1",
    f"{QUESTION}&indeling=", f"{QUESTION}&indeling=1900", f"{QUESTION}&indeling=2024&indeling=2024",
    f"{QUESTION}&f=png", f"{QUESTION}&f=json&f=csv", f"{QUESTION}&lang=de", f"{QUESTION}&f=jsonld",
    QUESTION.replace("GM0363", "GM9999"), QUESTION.replace("GM0363", "GM0363%00"),
    QUESTION.replace("GM0363", "gm0363"), QUESTION.replace("GM0363", ","),
    QUESTION.replace("GM0363", ",".join(["GM0363"] * 51)), QUESTION.replace("GM0363", "x" * 500),
    QUESTION.replace("GM0363", "%F0%9F%98%80"), QUESTION.replace("GM0363", "GM%D9%A0363"),
    QUESTION.replace("ouderen:personen", "personen"), QUESTION.replace("ouderen:", "onbekend:"),
    QUESTION.replace("personen", "regioCode"), QUESTION.replace("personen", "__class__"),
    QUESTION.replace("2022-01-01", "2022"), QUESTION.replace("2022-01-01", "1900-01-01"),
    QUESTION.replace("2022-01-01", "2022-02-30"), QUESTION.replace("2022-01-01", ".."),
)  # fmt: skip
REFUSED_DOCUMENTS = (
    "foo=1", "foo=", "=", "limit=1", "bbox=1,2,3,4", "f=", "f=png", "f=csv", "f=JSON", "lang=",
    "lang=x", "lang=nl&lang=nl", "f=json&f=html", "f=json%00", "f=%ff", "lang=%0a", "ui=redoc",
)  # fmt: skip
NOT_THERE = (
    "/onbekend", "/Collections", "/collections/", "/collections//items",
    "/collections/onbekend", "/collections/onbekend/items", "/collections/onbekend/items/x",
    "/collections/onbekend/schema", "/collections/onbekend/queryables",
    "/collections/OUDEREN-GEMEENTE", "/collections/ouderen-gemeente%20",
    "/collections/ouderen-gemeente/", "/collections/ouderen-gemeente/onbekend",
    "/collections/ouderen-gemeente/items/", "/collections/ouderen-gemeente/coverage",
    "/collections/ouderen-gemeente/map", "/collections/ouderen-gemeente/position",
    "/collections/..%2f..%2fpyproject.toml", "/collections/%2e%2e%2f/items",
    "/collections/%3Cscript%3E", "/collections/%F0%9F%98%80",
    f"{ITEMS}/onbekend", f"{ITEMS}/a%2fb", f"{ITEMS}/..%2f..%2fx", f"{ITEMS}/%20", f"{ITEMS}/'",
    f"{ITEMS}/%22%3E%3Cscript%3E", f"{ITEMS}/{'x' * 3000}", f"{ITEMS}/GM0363-2022-01-01/",
    f"{ITEMS}/GM0363-2022-01-01/x", f"{ITEMS}/GM0363", f"{ITEMS}/gm0363-2022-01-01",
    f"{ITEMS}/%F0%9F%98%80", f"{ITEMS}/1%20OR%201=1",
    "/static/..%2f..%2fpyproject.toml", "/static/onbekend.js", "/static/..%5c..%5cx",
    "/kaart/..%2f..%2fcatalogue.json", "/kaart/onbekend.html", "/.git/config", "/.env", "/admin",
    "/admin/config", "/processes/", "/processes/hello-world", "/processes/x/execution", "/jobs",
    "/jobs/1/results", "/stac/a/b/c", "/stac-api", "/asyncapi", "/openapi.yaml", "/openapi/",
    "/conformance/", "/conformance/x", "/TileMatrixSets/foo",
)  # fmt: skip
REFUSED_PATHS = (
    f"{ITEMS}/%00", f"{ITEMS}/%0a", f"{ITEMS}/%ff", f"{ITEMS}/a%0d%0ab", "/collections/%00",
    "/collections/%00/items", "/collections/%ff", "/kaart/%00", "/static/%00", "/%00", "/%c0%ae",
)  # fmt: skip
REFUSED_HEADERS = (
    ("accept", "text/html;q=1.1.1"), ("accept", "text/html;q=2"), ("accept", "text/html;q="),
    ("accept", "text/html;q=-1"), ("accept", "text/html;q=x"), ("accept", "*/*;q=1.0000"),
    ("accept-language", "nl;q=1.1.1"), ("accept-language", "*;q=5"), ("accept-language", "en;q=,"),
)  # fmt: skip
ODD_HEADERS = (
    ("accept", "text/html;q=0"), ("accept", "*/*;q=0"), ("accept", ", ,;"), ("accept", ""),
    ("accept", "application/json;q=0.000, */*;q=0.001"), ("accept", "*/*, " * 500 + "*/*"),
    ("accept", "*"), ("accept", "application/*"), ("accept", "APPLICATION/JSON"),
    ("accept-language", "*;q=0"), ("accept-language", "xx"), ("accept-language", ""),
    ("accept-language", "nl_"), ("accept-language", "en-*, x-klingon"), ("accept-language", ";;;"),
    ("accept-language", "nl, " * 500 + "nl"), ("accept-language", "../../etc/passwd"),
    ("accept-encoding", "gzip;q=0"), ("accept-encoding", "x"), ("accept-encoding", "gzip;q=x"),
    ("accept-encoding", "identity;q=0, *;q=0"), ("if-none-match", '"'), ("if-none-match", "W/"),
    ("if-modified-since", "gisteren"), ("if-modified-since", "Thu, 99 Foo 9999 00:00:00 GMT"),
    ("origin", "null"), ("origin", "<script>"), ("referer", "%00"), ("user-agent", "x" * 2000),
    ("content-type", "x/y"), ("cookie", "a=b; " * 100 + "c=d"), ("x-http-method-override", "DELETE"),
    ("x-forwarded-for", "' OR 1=1"), ("authorization", "Basic !!!"), ("if-range", "x"),
    ("content-crs", "<x>"), ("accept-crs", "x"), ("expect", "x"),
)  # fmt: skip
NOT_ACCEPTED = ("application/xml", "image/png", "text/css, image/*", "application/pdf;q=0.5", "x")
BODIES: Mapping[str, tuple[dict[str, str], bytes]] = {
    "nothing": ({}, b""),
    "without type": ({"content-type": ""}, b"{}"),
    "not UTF-8": ({"content-type": "application/json"}, b"\xff\xfe"),
    "empty list": ({"content-type": "application/json"}, b"[]"),
    "no JSON": ({"content-type": "application/json"}, b"{"),
    "deep": ({"content-type": "application/json"}, b"[" * 20_000),
    "other type": ({"content-type": "application/xml"}, b"<a/>"),
    "a form": ({"content-type": "application/x-www-form-urlencoded"}, b"limit=1"),
    "a feature": ({"content-type": "application/geo+json"}, b'{"type":"Feature"}'),
    "large": ({"content-type": "application/json"}, b" " * 200_000),
}
HOSTILE = (
    '"><script>alert(1)</script>', "<img src=x onerror=alert(1)>", "javascript:alert(1)//<b>",
    '"};alert(1);//<i>', "</script><script>alert(1)", "' onmouseover='alert(1)'<u>",
)  # fmt: skip


def check_problem(answer: httpx2.Response, *statuses: int) -> None:
    assert answer.status_code in statuses, (answer.status_code, answer.text[:300])
    assert answer.headers["content-type"] == "application/problem+json"
    document: dict[str, Any] = answer.json()
    assert document["status"] == answer.status_code
    assert document["title"]
    assert document["detail"]
    assert "Traceback" not in answer.text
    assert answer.headers["api-version"]


@pytest.mark.parametrize("collection", COLLECTIONS)
@pytest.mark.parametrize("query", REFUSED_ITEMS)
def test_parameters_that_are_not_allowed_are_a_bad_request(
    web: httpx2.Client, collection: str, query: str
) -> None:
    check_problem(web.get(f"/collections/{collection}/items?{query}"), 400)


@pytest.mark.parametrize("collection", COLLECTIONS)
@pytest.mark.parametrize("query", ALLOWED_ITEMS)
def test_odd_parameters_that_have_a_meaning_are_answered(
    web: httpx2.Client, collection: str, query: str
) -> None:
    answer = web.get(f"/collections/{collection}/items?{query}")

    assert answer.status_code == 200, answer.text[:300]
    assert answer.json()["type"] == "FeatureCollection"


@pytest.mark.parametrize("path", DOCUMENTS)
@pytest.mark.parametrize("query", REFUSED_DOCUMENTS)
def test_other_documents_refuse_what_they_do_not_know(
    web: httpx2.Client, path: str, query: str
) -> None:
    check_problem(web.get(f"{path}?{query}"), 400)


@pytest.mark.parametrize("query", REFUSED_QUESTIONS)
def test_questions_that_cannot_be_answered_are_a_bad_request(
    web: httpx2.Client, query: str
) -> None:
    check_problem(web.get(f"{ASK}?{query}"), 400)


@pytest.mark.parametrize("query", ["limit=0", "limit=x", "offset=-1", "limit=1&limit=1", "foo=1"])
def test_a_list_of_processes_has_no_other_pages(web: httpx2.Client, query: str) -> None:
    check_problem(web.get(f"/processes?{query}"), 400)


@pytest.mark.parametrize("body", BODIES)
def test_what_is_sent_to_a_process_and_is_no_question_is_refused(
    web: httpx2.Client, body: str
) -> None:
    headers, content = BODIES[body]

    check_problem(web.post(ASK, headers=headers, content=content), 400, 413, 415)


@pytest.mark.parametrize("path", NOT_THERE)
def test_what_is_not_there_is_not_found(web: httpx2.Client, path: str) -> None:
    check_problem(web.get(path), 404)


@pytest.mark.parametrize("path", REFUSED_PATHS)
def test_an_address_with_characters_that_have_no_meaning_is_a_bad_request(
    web: httpx2.Client, path: str
) -> None:
    check_problem(web.get(path), 400)


@pytest.mark.parametrize("path", ["/", ITEMS, "/collections", f"{ITEMS}/GM0363-2022-01-01"])
@pytest.mark.parametrize(("name", "value"), REFUSED_HEADERS)
def test_a_weight_that_is_none_is_a_bad_request(
    web: httpx2.Client, path: str, name: str, value: str
) -> None:
    check_problem(web.get(path, headers={name: value}), 400)


@pytest.mark.parametrize("path", ["/", f"{ITEMS}?limit=1", "/collections"])
@pytest.mark.parametrize(("name", "value"), ODD_HEADERS)
def test_odd_headers_are_answered(web: httpx2.Client, path: str, name: str, value: str) -> None:
    assert web.get(path, headers={name: value}).status_code == 200


@pytest.mark.parametrize("path", [*DOCUMENTS, ITEMS])
@pytest.mark.parametrize("accept", NOT_ACCEPTED)
def test_a_form_that_nothing_has_is_not_acceptable(
    web: httpx2.Client, path: str, accept: str
) -> None:
    check_problem(web.get(path, headers={"accept": accept}), 406)


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE", "PROPFIND"])
@pytest.mark.parametrize("path", ["/", "/collections", ITEMS, f"{ITEMS}/GM0363-2022-01-01"])
def test_a_method_that_is_not_offered_is_told_which_are(
    web: httpx2.Client, method: str, path: str
) -> None:
    answer = web.request(method, path)

    check_problem(answer, 405)
    assert "GET" in answer.headers["allow"]


@pytest.mark.parametrize("path", [*DOCUMENTS, "/processes/x/execution"])
@pytest.mark.parametrize("body", BODIES)
def test_what_is_sent_to_a_document_is_refused(web: httpx2.Client, path: str, body: str) -> None:
    headers, content = BODIES[body]

    check_problem(web.post(path, headers=headers, content=content), 404, 405, 413)


@pytest.mark.parametrize("body", BODIES)
def test_what_is_sent_to_items_and_is_no_filter_is_refused(web: httpx2.Client, body: str) -> None:
    headers, content = BODIES[body]

    check_problem(web.post(ITEMS, headers=headers, content=content), 400, 405, 413, 415)


@pytest.mark.parametrize("content", [b"\xff\xfe", b"{}", b"[" * 5_000])
def test_the_body_of_a_question_has_no_meaning(web: httpx2.Client, content: bytes) -> None:
    answer = web.request("GET", f"{ITEMS}?limit=1", content=content)

    assert answer.status_code == 200


@pytest.mark.parametrize("path", ["/", ITEMS, f"{ITEMS}/x"])
def test_an_address_without_end_is_too_long(web: httpx2.Client, path: str) -> None:
    check_problem(web.get(f"{path}?regioNaam={'x' * 9_000}"), 414)


@pytest.mark.parametrize("hostile", HOSTILE)
@pytest.mark.parametrize(
    "path",
    [
        ITEMS, "/", "/collections", "/openapi", "/conformance", "/collections/ouderen-gemeente",
        f"{ITEMS}/GM0363-2022-01-01", "/collections/ouderen-gemeente/schema", "/processes",
        "/processes/vergelijk", ASK,
    ],
)  # fmt: skip
def test_markup_in_a_parameter_comes_back_as_text(
    web: httpx2.Client, path: str, hostile: str
) -> None:
    parameters = (
        "f", "lang", "regioNaam", "sortby", "crs", "datetime", "uri", "limit", "codes", "indeling",
        hostile,
    )  # fmt: skip
    for name in parameters:
        check_harmless(web.get(path, params={name: hostile}, headers={"accept": "text/html"}))
    for name in ("regioNaam", "codes"):
        check_harmless(web.get(path, params={"f": "html", name: hostile}))


@pytest.mark.parametrize("hostile", HOSTILE)
@pytest.mark.parametrize(
    "path",
    [
        "/{}", "/collections/{}", "/collections/{}/items", f"{ITEMS}/{{}}", "/kaart/{}",
        "/static/{}", "/collections/{}/schema", "/processes/{}",
    ],
)  # fmt: skip
def test_markup_in_an_address_comes_back_as_text(
    web: httpx2.Client, path: str, hostile: str
) -> None:
    coded = "".join(f"%{byte:02x}" for byte in hostile.encode())
    answer = web.get(path.format(coded), headers={"accept": "text/html"})

    assert 400 <= answer.status_code < 500
    check_harmless(answer)


def check_harmless(answer: httpx2.Response) -> None:
    assert answer.status_code < 500
    for hostile in HOSTILE:
        assert hostile not in answer.text
    assert not re.search(r"""(?:href|src)=["']?javascript:""", answer.text)
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "default-src" in answer.headers["content-security-policy"]
