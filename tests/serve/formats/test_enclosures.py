"""Files of whole collections: made by the build, linked, and handed out in parts."""

import gzip
import hashlib
import io
from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq
import pyogrio
import pytest
from starlette.testclient import TestClient

from spatial.serve.formats.enclosures import enclosures
from spatial.serve.read.edition import Edition
from spatial.store.files.enclosures import enclosures_of
from tests.serve.formats.readers import from_csv, from_flatgeobuf, from_parquet, properties

COLLECTION = "ouderen-gemeente"
FILES = f"/collections/{COLLECTION}/bestanden"


def test_every_link_leads_to_a_file_of_its_type_and_length(
    web: TestClient, hostile: Edition
) -> None:
    for collection in hostile.contents.collections:
        links = enclosures(hostile, collection, "http://testserver")

        assert [link["rel"] for link in links] == ["enclosure"] * 3
        for link in links:
            answer = web.get(str(link["href"]), headers={"Accept-Encoding": "identity"})
            assert answer.status_code == 200
            assert answer.headers["Content-Type"] == link["type"]
            assert len(answer.content) == link["length"]


def test_titles_are_in_the_language_that_is_asked(hostile: Edition) -> None:
    collection = hostile.collection(COLLECTION)

    dutch, english = (
        [link["title"] for link in enclosures(hostile, collection, "", english=english)]
        for english in (False, True)
    )

    assert dutch[1] == "Hele collectie als GeoParquet (EPSG:28992)"
    assert english[1] == "Whole collection as GeoParquet (EPSG:28992)"


def test_a_collection_carried_to_one_indeling_has_no_file_with_repeated_shapes(
    hostile: Edition,
) -> None:
    carried = replace(hostile.collection(COLLECTION), id=f"{COLLECTION}-indeling-2024")

    names = [entry.name for entry in enclosures_of(carried)]

    assert names == ["ouderen-gemeente.parquet", "ouderen-gemeente-indeling-2024.csv.gz"]


def test_the_three_files_hold_the_same_features(
    web: TestClient, hostile: Edition, tmp_path: Path
) -> None:
    fields = list(hostile.fields(COLLECTION).values())
    names = {"id", *hostile.fields(COLLECTION)}
    fgb = from_flatgeobuf(web.get(f"{FILES}/{COLLECTION}.fgb").content, tmp_path, fields)
    parquet = from_parquet(web.get(f"{FILES}/{COLLECTION}.parquet").content, tmp_path, fields)
    packed = gzip.decompress(web.get(f"{FILES}/{COLLECTION}.csv.gz").content)

    rows = [{name: row[name] for name in row if name in names} for row in parquet]
    unlike = [row["id"] for row in from_csv(packed, tmp_path, fields) if row not in rows]

    assert properties(fgb) == sorted(rows, key=lambda row: str(row["id"]))
    # only names that look like a formula are written otherwise
    assert {row["id"] for row in rows if row["regioNaam"][0] in "=+-@\t"} == set(unlike)


def test_the_flatgeobuf_is_in_degrees_and_says_what_it_is(web: TestClient, tmp_path: Path) -> None:
    path = tmp_path / "bestand.fgb"
    path.write_bytes(web.get(f"{FILES}/{COLLECTION}.fgb").content)

    info = pyogrio.read_info(path)

    west, south, east, north = info["total_bounds"]
    assert info["crs"] == "EPSG:4326"
    assert (3 < west < east < 8, 50 < south < north < 54) == (True, True)
    assert info["capabilities"]["fast_spatial_filter"]
    assert "Voorbeeldcijfers" in info["layer_metadata"]["meldingen"]


def test_a_part_of_a_file_is_given(web: TestClient) -> None:
    url = f"{FILES}/{COLLECTION}.parquet"
    whole = web.get(url)

    part = web.get(url, headers={"Range": "bytes=4-11"})

    assert (part.status_code, part.content) == (206, whole.content[4:12])
    assert whole.headers["Accept-Ranges"] == "bytes"
    assert pq.read_schema(io.BytesIO(whole.content)).metadata[b"geo"]


def test_who_has_the_file_is_told_so(web: TestClient) -> None:
    url = f"{FILES}/{COLLECTION}.csv.gz"
    first = web.get(url)

    again = web.get(url, headers={"If-None-Match": first.headers["ETag"]})

    assert first.headers["ETag"] == f'"{hashlib.sha256(first.content).hexdigest()[:32]}"'
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    "path",
    [
        "/collections/ouderen-gemeente/bestanden/manifest.json",
        "/collections/ouderen-gemeente/bestanden/ouderen-land.fgb",
        "/collections/ouderen-gemeente/bestanden/..%2fmanifest.json",
        "/collections/ouderen-gemeente/bestanden/%2e%2e%2f%2e%2e%2flive",
        "/collections/geheim/bestanden/ouderen-land.fgb",
        "/collections/../bestanden/ouderen-land.fgb",
    ],
)
def test_no_other_file_is_given(web: TestClient, path: str) -> None:
    assert web.get(path).status_code in {400, 404}


def test_a_file_of_a_whole_collection_has_no_parameters(web: TestClient) -> None:
    answer = web.get(f"{FILES}/{COLLECTION}.fgb?limit=1")

    assert answer.status_code == 400
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_a_part_of_a_file_that_is_known_is_not_sent_again(web: TestClient) -> None:
    url = f"{FILES}/{COLLECTION}.fgb"
    tag = web.get(url, headers={"Range": "bytes=0-9"}).headers["ETag"]

    again = web.get(url, headers={"Range": "bytes=0-9", "If-None-Match": tag})

    assert (again.status_code, again.content) == (304, b"")
