import re
from typing import Any

import pytest
from openapi_spec_validator import validate
from rasterio.io import MemoryFile
from starlette.testclient import TestClient

from spatial.domain.crs import RD
from spatial.serve.coverage import routes
from spatial.serve.coverage.documents import CONFORMANCE
from spatial.store.rasters.index import Coverage
from tests.densities import COLUMNS, NAME, NOTICE, ROWS, value_of

BASE = f"/collections/{NAME}"
CELLS = f"{BASE}/coverage"
FILE = f"{BASE}/bestanden/{NAME}.tif"


def document(client: TestClient, path: str) -> dict[str, Any]:
    found: dict[str, Any] = client.get(path).json()
    return found


def test_it_stands_among_the_collections_as_it_stands_by_itself(client: TestClient) -> None:
    every = document(client, "/collections?f=json")["collections"]

    assert [entry for entry in every if entry["id"] == NAME] == [document(client, f"{BASE}?f=json")]


def test_it_is_a_data_set_among_the_others_for_search_engines(client: TestClient) -> None:
    every = document(client, "/collections?f=jsonld")["dataset"]

    assert [entry for entry in every if entry["@id"].endswith(NAME)] == [
        document(client, f"{BASE}?f=jsonld")
    ]


def test_it_says_where_it_lies_in_degrees_and_in_its_own_system(client: TestClient) -> None:
    found = document(client, f"{BASE}?f=json")

    assert found["extent"]["spatial"]["storageCrsBbox"] == [[100_000, 470_000, 150_000, 500_000]]
    assert found["extent"]["spatial"]["bbox"][0] == pytest.approx(
        [4.58, 52.22, 5.31, 52.49], abs=0.01
    )
    assert [axis["cellsCount"] for axis in found["extent"]["spatial"]["grid"]] == [COLUMNS, ROWS]
    assert found["extent"]["temporal"]["grid"]["coordinates"][0] == "2020-01-01"
    assert found["storageCrs"] == RD.uri
    assert NOTICE in found["description"]


def test_every_link_of_it_leads_somewhere(client: TestClient) -> None:
    for link in document(client, f"{BASE}?f=json")["links"]:
        if link["href"].startswith("http://testserver"):
            answer = client.get(link["href"])
            assert answer.status_code == 200, link
            assert answer.headers["content-type"].startswith(link["type"]), link


def test_its_schema_has_one_field_with_a_unit(client: TestClient) -> None:
    answer = client.get(f"{BASE}/schema", headers={"Accept-Language": "en"})

    assert answer.headers["content-type"] == "application/schema+json"
    field = answer.json()["properties"]["personen"]
    assert (field["title"], field["x-ogc-unit"]) == (
        "Older people per km2 (persons per km2)",
        "{personen}/km2",
    )


@pytest.mark.parametrize("path", [BASE, f"{BASE}/schema", "/collections", "/"])
@pytest.mark.parametrize("language", ["nl", "en"])
def test_pages_name_it_in_both_languages(client: TestClient, path: str, language: str) -> None:
    answer = client.get(path, params={"f": "html", "lang": language})

    assert answer.status_code == 200
    assert ("Older people per km2" if language == "en" else "Ouderen per km2") in answer.text


def test_its_page_says_that_figures_are_an_example(client: TestClient) -> None:
    assert NOTICE in client.get(BASE, params={"f": "html"}).text


def test_all_of_it_is_the_file_itself(client: TestClient, coverage: Coverage) -> None:
    whole, file = client.get(CELLS), client.get(FILE)

    assert whole.content == file.content
    assert len(file.content) == coverage.size
    assert whole.headers["etag"] == file.headers["etag"]


def test_a_part_of_it_is_a_geotiff_of_those_cells(client: TestClient) -> None:
    answer = client.get(CELLS, params={"datetime": "2021-01-01", "subset": "E(110000),N(495500)"})

    assert answer.headers["content-crs"] == f"<{RD.uri}>"
    assert answer.headers["content-bbox"] == "110000,495000,111000,496000"
    with MemoryFile(answer.content) as memory, memory.open() as found:
        assert found.read().tolist() == [[[value_of(2, 4, 10)]]]


@pytest.mark.parametrize(
    ("crs", "bbox"),
    [
        ("http://www.opengis.net/def/crs/OGC/1.3/CRS84", "4.7503,52.3478,4.7764,52.3637"),
        ("http://www.opengis.net/def/crs/EPSG/0/4258", "52.3478,4.7503,52.3637,4.7764"),
        ("http://www.opengis.net/def/crs/EPSG/0/3857", "528790,6863300,531700,6866150"),
        (RD.uri, "111600,484600,113400,486400"),
    ],
)
def test_a_box_may_be_in_every_system_that_is_spoken(
    client: TestClient, crs: str, bbox: str
) -> None:
    asked = {"f": "covjson", "datetime": "2020-01-01", "bbox": bbox, "bbox-crs": crs}

    axes = client.get(CELLS, params=asked).json()["domain"]["axes"]

    assert axes["x"] == {"start": 111_500.0, "stop": 113_500.0, "num": 3}
    assert axes["y"] == {"start": 486_500.0, "stop": 484_500.0, "num": 3}


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("image/tiff", "image/tiff; application=geotiff"),
        ("application/prs.coverage+json", "application/prs.coverage+json"),
        ("application/vnd.cov+json", "application/vnd.cov+json"),
        ("application/json", "application/json"),
        ("*/*", "image/tiff; application=geotiff"),
    ],
)
def test_the_form_of_cells_is_that_which_is_accepted(
    client: TestClient, accept: str, media_type: str
) -> None:
    answer = client.get(CELLS, params={"datetime": "2020-01-01"}, headers={"Accept": accept})

    assert answer.headers["content-type"] == media_type


def test_what_nobody_can_have_is_not_acceptable(client: TestClient) -> None:
    assert client.get(CELLS, headers={"Accept": "application/x-netcdf"}).status_code == 406


@pytest.mark.parametrize(
    "query",
    ["limit=1", "f=png", "subset=E(1", "bbox=1,2,3", "datetime=gisteren", "f=GTiff&f=covjson"],
)
def test_a_question_that_cannot_be_read_is_refused(client: TestClient, query: str) -> None:
    answer = client.get(f"{CELLS}?{query}")

    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("query", ["bbox=0,0,1,1", "datetime=1999-01-01"])
def test_what_has_no_cells_is_not_there_and_says_what_is(client: TestClient, query: str) -> None:
    answer = client.get(f"{CELLS}?{query}")

    assert answer.status_code == 404
    assert "E 100000 and 150000" in answer.json()["detail"]


@pytest.mark.parametrize("form", ["GTiff", "covjson"])
def test_an_answer_that_is_too_large_says_what_to_ask_instead(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    monkeypatch.setitem(routes.MOST_CELLS, form, 10)

    answer = client.get(CELLS, params={"f": form, "datetime": "2021-01-01"})

    assert answer.status_code == 413
    assert "choose a datetime, a smaller bbox" in answer.json()["detail"]


@pytest.mark.parametrize("query", ["", "?datetime=2020-01-01", "?f=covjson&datetime=2020-01-01"])
def test_a_copy_that_is_still_good_is_not_sent_again(client: TestClient, query: str) -> None:
    known = client.get(CELLS + query).headers["etag"]

    answer = client.get(CELLS + query, headers={"If-None-Match": known})

    assert (answer.status_code, answer.content) == (304, b"")


@pytest.mark.parametrize("path", [CELLS, FILE])
def test_a_part_of_the_file_may_be_asked(client: TestClient, path: str) -> None:
    answer = client.get(path, headers={"Range": "bytes=0-3"})

    assert answer.status_code == 206
    assert answer.content in {b"II*\x00", b"II+\x00"}


def test_its_length_is_told_without_sending_it(client: TestClient, coverage: Coverage) -> None:
    answer = client.head(FILE)

    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["content-length"] == str(coverage.size)
    assert answer.headers["accept-ranges"] == "bytes"


@pytest.mark.parametrize(
    "path", [f"{BASE}/items", f"{BASE}/tiles", f"{BASE}/queryables", f"{BASE}/bestanden/x.tif"]
)
def test_what_a_coverage_does_not_have_is_not_there(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_a_layer_has_no_cells(client: TestClient) -> None:
    assert client.get("/collections/ouderen-gemeente/coverage").status_code == 404


def test_conformance_is_claimed_where_there_is_one(client: TestClient) -> None:
    assert set(CONFORMANCE) <= set(document(client, "/conformance?f=json")["conformsTo"])


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_document_of_the_api_describes_it(client: TestClient, language: str) -> None:
    found = document(client, f"/openapi?lang={language}")

    validate(found)
    assert {BASE, f"{BASE}/schema", CELLS, FILE} <= found["paths"].keys()
    text = client.get("/openapi").text
    used = set(re.findall(r'"\$ref":"#/components/(\w+)/([^"]+)"', text))
    named = {(kind, name) for kind, parts in found["components"].items() for name in parts}
    assert used == named
