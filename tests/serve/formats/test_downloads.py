"""Files of a whole selection hold exactly what the pages hold, whatever the format."""

import io
import json
import re
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pyogrio
import pyproj
import pytest
import shapely
from httpx2 import Response
from pyarrow import csv
from starlette.testclient import TestClient

from spatial.domain.crs import CRS84, OFFERED, RD, Crs
from spatial.domain.formats import FILE_FORMATS, FileFormat
from spatial.domain.status import Status
from spatial.serve.read.edition import Edition
from tests.serve.formats.conftest import HOSTILE
from tests.serve.formats.readers import READERS, Row, cells_of, properties

COLLECTION = "ouderen-gemeente"
ITEMS = f"/collections/{COLLECTION}/items"
EVERY = pytest.mark.parametrize("form", [entry.name for entry in FILE_FORMATS])
PLACED = pytest.mark.parametrize("form", ["geojson", "fgb", "gpkg", "parquet"])
NOTICE = "Voorbeeldcijfers: door de computer gemaakt"


def get(web: TestClient, url: str, **headers: str) -> Response:
    answer: Response = web.get(url, headers=headers)
    assert answer.status_code == 200, answer.text
    return answer


def paged(web: TestClient, query: str = "") -> list[dict[str, Any]]:
    """Return all features, page by page."""
    found: list[dict[str, Any]] = []
    while True:
        page = get(web, f"{ITEMS}?f=json&limit=3&offset={len(found)}{query}").json()
        found += page["features"]
        if len(found) >= page["numberMatched"]:
            return found


def read(answer: Response, form: str, folder: Path, edition: Edition) -> list[Row]:
    names = edition.fields(COLLECTION)
    return READERS[form](answer.content, folder, list(names.values()))


def flattened(features: list[dict[str, Any]]) -> list[Row]:
    return [{"id": feature["id"], **feature["properties"]} for feature in features]


def unguarded(row: Row) -> Row:
    """Take away the apostrophe that a CSV puts before what looks like a formula."""
    return {
        name: value[1:] if isinstance(value, str) and re.match(r"'[=+\-@\t]", value) else value
        for name, value in row.items()
    }


@EVERY
def test_a_file_holds_every_feature_of_every_page(
    web: TestClient, hostile: Edition, form: str, tmp_path: Path
) -> None:
    expected = flattened(paged(web))

    found = properties(read(get(web, f"{ITEMS}?f={form}"), form, tmp_path, hostile))

    assert len(expected) > 3
    if form == "csv":
        found = [unguarded(row) for row in found]
    if form == "fgb":
        # its spatial index keeps features in an order of its own
        expected.sort(key=lambda row: str(row["id"]))
    assert found == expected


@EVERY
def test_every_status_survives(
    web: TestClient, hostile: Edition, form: str, tmp_path: Path
) -> None:
    rows = read(get(web, f"{ITEMS}?f={form}"), form, tmp_path, hostile)

    found = {value for row in rows for name, value in row.items() if name.endswith("Status")}
    assert {status.value for status in Status} <= found


@EVERY
def test_a_value_without_number_is_no_number_and_has_no_bounds(
    web: TestClient, hostile: Edition, form: str, tmp_path: Path
) -> None:
    rows = read(get(web, f"{ITEMS}?f={form}"), form, tmp_path, hostile)

    silent = [row for row in rows if not Status(row["personenStatus"]).has_value]
    assert len(silent) > 2
    for row in silent:
        assert (row["personen"], row["personenMin"], row["personenMax"]) == (None, None, None)


@EVERY
@pytest.mark.parametrize(
    "query",
    [
        "&datetime=2022-01-01",
        "&datetime=2020-01-02/2021-06-01",
        "&bbox=4.85,52.3,5.0,52.4",
        "&indeling=2021&personenStatus=opgeteld",
        "&regioCode=GM9999",
        "&sortby=-personen,regioNaam",
        "&offset=2&limit=4",
    ],
)
def test_a_file_follows_the_selection(
    web: TestClient, hostile: Edition, form: str, query: str, tmp_path: Path
) -> None:
    # the pages say what matches; limit and offset are for the client to give
    if "limit" in query:
        expected = [feature["id"] for feature in paged(web)][2:6]
    else:
        expected = [feature["id"] for feature in paged(web, query)]

    rows = read(get(web, f"{ITEMS}?f={form}{query}"), form, tmp_path, hostile)

    found = [row["id"] for row in rows]
    assert (sorted(found), len(found)) == (sorted(expected), len(expected))
    if form != "fgb":
        assert found == expected


@EVERY
def test_only_the_properties_that_are_asked_are_in_the_file(
    web: TestClient, hostile: Edition, form: str, tmp_path: Path
) -> None:
    answer = get(web, f"{ITEMS}?f={form}&properties=regioCode,personen")

    asked = [hostile.fields(COLLECTION)[name] for name in ("regioCode", "personen")]
    if form == "xlsx":
        names = cells_of(answer.content, 1)[1]
    else:
        names = list(properties(READERS[form](answer.content, tmp_path, asked))[0])

    # CSV says what the figures are in its columns
    always = ["bronStatus", "grenzen"] if form == "csv" else []
    assert names == ["id", "regioCode", "personen", *always]


@PLACED
@pytest.mark.parametrize("crs", OFFERED, ids=lambda crs: crs.uri[-10:])
def test_shapes_are_in_the_reference_system_that_is_asked_x_first(
    web: TestClient, hostile: Edition, form: str, crs: Crs, tmp_path: Path
) -> None:
    layer = hostile.layer(COLLECTION)
    expected = shapely.total_bounds(layer.shapes.placed(crs))

    answer = get(web, f"{ITEMS}?f={form}&crs={crs.uri}")

    path = tmp_path / f"bestand.{form}"
    path.write_bytes(answer.content)
    if form == "parquet":
        table = pq.read_table(path)
        shapes = shapely.from_wkb(table["geometry"].to_pylist())
        said = json.loads(table.schema.metadata[b"geo"])["columns"]["geometry"]["crs"]
        found = pyproj.CRS.from_user_input(said)
    else:
        meta, _, wkb, _ = pyogrio.raw.read(path)
        shapes, found = shapely.from_wkb(wkb), pyproj.CRS.from_user_input(meta["crs"])
    assert answer.headers["Content-Crs"] == f"<{crs.uri}>"
    assert shapely.total_bounds(shapes) == pytest.approx(expected, rel=1e-7)
    assert {shape.geom_type for shape in shapes} == {"MultiPolygon"}
    assert found.equals(pyproj.CRS.from_epsg(crs.epsg), ignore_axis_order=True) or crs == CRS84
    assert found.is_geographic == (crs.decimals == 7)


def test_numbers_have_their_types_and_titles_in_a_geopackage(
    web: TestClient, tmp_path: Path
) -> None:
    path = tmp_path / "bestand.gpkg"
    path.write_bytes(get(web, f"{ITEMS}?f=gpkg").content)

    info = pyogrio.read_info(path)

    types = dict(zip(info["fields"].tolist(), info["ogr_types"], strict=True))
    assert info["layer_name"] == COLLECTION
    assert types["personen"] == "OFTInteger64"
    assert types["peilmoment"] == "OFTDate"
    assert types["personenStatus"] == "OFTString"
    assert info["ogr_subtypes"][info["fields"].tolist().index("voorlopig")] == "OFSTBoolean"
    assert b"Gemeentelijke indeling" in path.read_bytes()


def test_a_file_says_that_example_figures_are_example_figures(
    web: TestClient, tmp_path: Path
) -> None:
    answers = {
        entry.name: get(web, f"{ITEMS}?f={entry.name}&properties=personen").content
        for entry in FILE_FORMATS
    }
    for name in ("fgb", "gpkg"):
        (tmp_path / f"bestand.{name}").write_bytes(answers[name])
    metadata = pq.read_schema(io.BytesIO(answers["parquet"])).metadata

    said = {
        "geojson": json.loads(answers["geojson"])["meldingen"],
        "csv": answers["csv"].decode().replace("voorbeeldcijfers", NOTICE),
        "parquet": metadata[b"meldingen"].decode(),
        "xlsx": "\n".join(str(cell) for row in cells_of(answers["xlsx"], 2) for cell in row),
    } | {
        name: pyogrio.read_info(tmp_path / f"bestand.{name}")["layer_metadata"]["meldingen"]
        for name in ("fgb", "gpkg")
    }

    assert set(said) == set(READERS)
    assert {name for name, text in said.items() if NOTICE not in text} == set()


def test_a_workbook_has_titles_in_the_language_asked_and_the_link_that_gives_it_again(
    web: TestClient,
) -> None:
    query = "f=xlsx&datetime=2022-01-01&lang=en"
    answer = get(web, f"{ITEMS}?{query}")

    titles, names, *_ = cells_of(answer.content, 1)
    explanation = dict(row[:2] for row in cells_of(answer.content, 2) if len(row) == 2)

    assert (titles[1], names[1]) == ("Region code", "regioCode")
    assert explanation["Note"].startswith("Example figures: made by a computer")
    assert get(web, explanation["Get it again"]).content == answer.content


@pytest.mark.parametrize("entry", FILE_FORMATS, ids=lambda entry: entry.name)
def test_a_file_is_described_by_its_headers(web: TestClient, entry: FileFormat) -> None:
    headers = get(web, f"{ITEMS}?f={entry.name}&datetime=2021-01-01/..").headers

    charset = "; charset=utf-8" if entry.name == "csv" else ""
    assert headers["Content-Type"] == f"{entry.media_type}{charset}"
    name = f"{COLLECTION}-2021-01-01_open{entry.extension}"
    assert headers["Content-Disposition"] == f'attachment; filename="{name}"'
    assert re.fullmatch(r'"[0-9a-f]{32}(-br|-gzip|-zstd)?"', headers["ETag"])
    assert headers["Last-Modified"].endswith("GMT")


@pytest.mark.parametrize(
    "entry", [entry for entry in FILE_FORMATS if entry.name != "geojson"], ids=lambda e: e.name
)
def test_a_format_is_found_by_the_accept_header(web: TestClient, entry: FileFormat) -> None:
    asked = f"image/webp, {entry.media_type};q=0.9, text/html;q=0.1"
    answer = get(web, ITEMS, Accept=asked)

    assert answer.headers["Content-Type"].startswith(entry.media_type)
    assert "Accept" in answer.headers["Vary"]


@pytest.mark.parametrize("accept", ["*/*", "text/html, text/csv;q=0.5", "application/geo+json"])
def test_who_asks_for_a_page_gets_a_page(web: TestClient, accept: str) -> None:
    answer = get(web, ITEMS, Accept=accept)

    assert "Content-Disposition" not in answer.headers


@EVERY
def test_the_same_question_gives_the_same_bytes(web: TestClient, form: str) -> None:
    url = f"{ITEMS}?f={form}&crs={RD.uri}"

    first, second = get(web, url), get(web, url)

    assert first.content == second.content
    assert first.headers["ETag"] == second.headers["ETag"]


def test_another_question_has_another_tag(web: TestClient) -> None:
    queries = ["f=csv", "f=csv&geometrie=wkt", "f=gpkg", "f=gpkg&lang=en", f"f=gpkg&crs={RD.uri}"]

    tags = {get(web, f"{ITEMS}?{query}").headers["ETag"] for query in queries}

    assert len(tags) == len(queries)


@pytest.mark.parametrize("header", ["If-None-Match", "If-Modified-Since"])
def test_who_has_the_file_is_told_so(web: TestClient, header: str) -> None:
    first = get(web, f"{ITEMS}?f=gpkg").headers
    known = {
        "If-None-Match": f'"x", W/{first["ETag"]}',
        "If-Modified-Since": first["Last-Modified"],
    }

    answer = web.get(f"{ITEMS}?f=gpkg", headers={header: known[header]})

    assert (answer.status_code, answer.content) == (304, b"")
    assert answer.headers["ETag"] == first["ETag"]


@pytest.mark.parametrize("since", ["gisteren", "Sat, 01 Jan 2000 00:00:00 GMT"])
def test_who_has_an_older_file_gets_the_new_one(web: TestClient, since: str) -> None:
    answer = web.get(f"{ITEMS}?f=csv", headers={"If-Modified-Since": since})

    assert answer.status_code == 200


@EVERY
def test_head_gives_the_headers_without_a_body(web: TestClient, form: str) -> None:
    whole = get(web, f"{ITEMS}?f={form}")

    answer = web.head(f"{ITEMS}?f={form}")

    left_out = {"content-length", "content-encoding", "vary"}
    assert (answer.status_code, answer.content) == (200, b"")
    assert {n: v for n, v in answer.headers.items() if n not in left_out} == {
        n: v for n, v in whole.headers.items() if n not in left_out
    }


def test_shapes_in_a_csv_are_asked_for_and_are_text(web: TestClient, hostile: Edition) -> None:
    url = f"{ITEMS}?f=csv&crs={RD.uri}"

    table = csv.read_csv(
        io.BytesIO(get(web, f"{url}&geometrie=wkt").content),
        parse_options=csv.ParseOptions(newlines_in_values=True),
    )

    layer = hostile.layer(COLLECTION)
    assert table.column_names[-1] == "WKT"
    found = shapely.from_wkt(table["WKT"].to_pylist())
    assert shapely.equals_exact(found, layer.shapes.placed(RD)[layer.shape_of]).all()
    assert "WKT" not in get(web, url).text


@pytest.mark.parametrize("form", ["geojson", "gpkg", "fgb", "parquet"])
def test_without_shapes_there_are_none(
    web: TestClient, hostile: Edition, form: str, tmp_path: Path
) -> None:
    answer = get(web, f"{ITEMS}?f={form}&skipGeometry=true")

    rows = read(answer, form, tmp_path, hostile)
    assert len(rows) == hostile.layer(COLLECTION).count
    assert "Content-Crs" not in answer.headers
    if form == "gpkg":
        assert pyogrio.read_info(tmp_path / "bestand.gpkg")["geometry_type"] is None
    if form == "parquet":
        assert b"geo" not in pq.read_schema(io.BytesIO(answer.content)).metadata
    if form == "geojson":
        assert {f["geometry"] for f in json.loads(answer.content)["features"]} == {None}


def test_names_that_look_like_formulas_are_texts_in_a_csv(web: TestClient) -> None:
    text = get(web, f"{ITEMS}?f=csv&properties=regioNaam").text

    for name in HOSTILE.values():
        written = name.replace('"', '""')
        assert (f'"\'{written}"' if name[0] in "=+-@\t" else f'"{written}"') in text


def test_names_that_look_like_formulas_are_texts_in_a_workbook(web: TestClient) -> None:
    content = get(web, f"{ITEMS}?f=xlsx&properties=regioNaam").content

    names = {row[1] for row in cells_of(content, 1)[2:]}
    assert names == set(HOSTILE.values())


@pytest.mark.parametrize(
    ("query", "word"),
    [
        ("f=shp", "shp"),
        ("f=csv&foo=bar", "foo"),
        ("f=csv&f=csv", "twice"),
        ("f=gpkg&bbox=1,2,3", "bbox"),
        ("f=gpkg&limit=0", "limit"),
        ("f=fgb&resulttype=hits", "resulttype"),
        ("f=gpkg&geometrie=wkt", "geometrie"),
        ("f=csv&geometrie=svg", "geometrie"),
        ("f=csv&geometrie=wkt&skipGeometry=true", "geometrie"),
        ("f=parquet&crs=EPSG:28992", "crs"),
        ("f=xlsx&lang=xx", "lang"),
    ],
)
def test_what_a_file_does_not_have_is_refused(web: TestClient, query: str, word: str) -> None:
    answer = web.get(f"{ITEMS}?{query}")

    assert answer.status_code == 400, answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert word in answer.json()["detail"]


@EVERY
def test_a_collection_that_is_not_there_has_no_file(web: TestClient, form: str) -> None:
    answer = web.get(f"/collections/geheim/items?f={form}")

    assert answer.status_code == 404
    assert answer.json()["code"] == "NotFound"


@pytest.mark.parametrize(
    "path", ["/", "/collections", "/conformance", f"{ITEMS}/GM0003-2020-01-01"]
)
def test_other_documents_are_no_files(web: TestClient, path: str) -> None:
    assert web.get(f"{path}?f=gpkg").status_code == 400
