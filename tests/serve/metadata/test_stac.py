"""STAC of miniland with a coverage: valid, true to the files, and to be walked from the root."""

import hashlib
from pathlib import Path
from typing import Any

import pystac
import pytest
import rasterio
from openapi_schema_validator import OAS30Validator
from pystac.errors import STACValidationError
from pystac.validation import validate_dict
from starlette.testclient import TestClient

from spatial.store.rasters.index import Coverage
from tests.serve.metadata.reading import BASE, Served, documents, valid, validator

ITEM = "/stac/ouderen/ouderen-gemeente"
SPATIAL = "/stac/ouderen-dichtheid/ouderen-personen-dichtheid-1000m"


@pytest.fixture(scope="module")
def catalog(client: TestClient) -> pystac.Catalog:
    return pystac.Catalog.from_file(f"{BASE}/stac", stac_io=Served(client))


@pytest.fixture(scope="module")
def every(catalog: pystac.Catalog) -> list[pystac.STACObject]:
    return documents(catalog)


@pytest.fixture(scope="module")
def raster(client: TestClient) -> dict[str, Any]:
    found: dict[str, Any] = client.get(SPATIAL).json()
    return found


def test_every_document_is_valid_by_the_core_and_by_the_extensions_that_it_names(
    every: list[pystac.STACObject],
) -> None:
    judged = {schema for document in every for schema in valid(document)}

    assert {schema.rpartition("/")[0].rpartition("/")[0].rpartition("/")[2] for schema in judged} >= {
        "file", "projection", "raster",
    }  # fmt: skip
    assert sum("schemas.stacspec.org/v1.1.0" in schema for schema in judged) == 3


@pytest.mark.parametrize("name", ["file:size", "proj:shape", "raster:bands"])
def test_a_document_that_is_wrong_is_found_out(raster: dict[str, Any], name: str) -> None:
    broken = {**raster, "assets": {"cog": {**raster["assets"]["cog"], name: "x"}}}

    with pytest.raises(STACValidationError):
        validate_dict(broken, validator=validator())


def test_from_the_root_one_comes_to_every_collection_and_coverage(
    client: TestClient, every: list[pystac.STACObject], coverage: Coverage
) -> None:
    listed = client.get("/collections", params={"f": "json"}).json()["collections"]

    items = {document.id for document in every if isinstance(document, pystac.Item)}

    assert items == {entry["id"] for entry in listed}
    assert coverage.id in items


def test_every_link_is_absolute_and_those_of_the_service_are_answered(
    client: TestClient, every: list[pystac.STACObject]
) -> None:
    addresses = {link.get_absolute_href() for document in every for link in document.links}

    for address in addresses:
        assert address is not None
        assert address.startswith(("https://creativecommons.org", f"{BASE}/"))
        if address.startswith(BASE):
            assert client.get(address.removeprefix(BASE)).status_code == 200, address


def test_size_and_checksum_are_those_of_the_bytes_that_are_sent(
    client: TestClient, every: list[pystac.STACObject]
) -> None:
    measured = 0
    for item in (document for document in every if isinstance(document, pystac.Item)):
        for asset in item.assets.values():
            answer = client.get(asset.href.removeprefix(BASE))
            assert (
                answer.headers["content-type"].partition(";")[0]
                == str(asset.media_type).partition(";")[0]
            )
            if "file:size" in asset.extra_fields:
                assert asset.extra_fields["file:size"] == len(answer.content)
                digest = hashlib.sha256(answer.content).hexdigest()
                assert asset.extra_fields["file:checksum"] == f"1220{digest}"
                measured += 1

    assert measured > 15


def test_a_raster_is_described_as_it_is(
    raster: dict[str, Any], covered: tuple[Path, Coverage]
) -> None:
    asset, coverage = raster["assets"]["cog"], covered[1]

    with rasterio.open((covered[0] / "live").resolve() / coverage.file) as file:
        assert asset["proj:code"] == f"EPSG:{file.crs.to_epsg()}"
        assert asset["proj:transform"] == list(file.transform)[:6]
        assert asset["proj:shape"] == list(file.shape)
        assert asset["proj:bbox"] == list(file.bounds)
        for number, band in enumerate(asset["bands"]):
            assert band["data_type"] == file.dtypes[number]
            assert band["nodata"] == file.nodatavals[number]
            assert band["unit"] == file.units[number]
        assert len(asset["bands"]) == len(asset["raster:bands"]) == file.count


def test_every_band_says_which_day_it_is_and_what_became_of_the_gemeenten(
    raster: dict[str, Any], coverage: Coverage
) -> None:
    bands = raster["assets"]["cog"]["bands"]

    assert [band["name"] for band in bands] == ["2020-01-01", "2021-01-01", "2022-01-01"]
    assert bands[0]["datetime"] == "2020-01-01T00:00:00Z"
    assert raster["properties"]["datetime"] is None
    assert raster["properties"]["start_datetime"] == "2020-01-01T00:00:00Z"
    for band, known in zip(bands, coverage.bands, strict=True):
        assert band["aandachtsgroepen:indeling"] == known.indeling
        assert band["aandachtsgroepen:statussen"] == {
            status.value: count for status, count in known.statuses.items()
        }
        assert band["statistics"]["maximum"] == known.maximum


def test_a_raster_lies_where_its_item_says(raster: dict[str, Any]) -> None:
    west, south, east, north = raster["bbox"]

    assert 4.5 < west < east < 5.5
    assert 52.1 < south < north < 52.6
    assert raster["geometry"]["coordinates"][0][0] == [west, south]


def test_what_is_made_up_says_so(client: TestClient) -> None:
    for path in ("/stac/ouderen", ITEM, SPATIAL):
        document = client.get(path).json()
        said = document.get("properties", document)

        assert said["aandachtsgroepen:example"] is True
        assert "oorbeeldcijfers" in said["description"]


def test_a_density_names_who_made_the_figures_that_were_spread(client: TestClient) -> None:
    document = client.get("/stac/ouderen-dichtheid").json()

    roles = {entry["name"]: entry["roles"] for entry in document["providers"]}

    assert roles["Miniland, voorbeeldcijfers"] == ["producer", "licensor"]
    assert roles["Aandachtsgroepen in kaart"] == ["processor", "host"]
    assert document["title"].endswith("(voorbeeldcijfers, schematische grenzen)")


def test_a_document_is_in_the_language_asked_and_so_is_what_it_leads_to(
    client: TestClient,
) -> None:
    asked = client.get("/stac/ouderen", params={"lang": "en"})
    preferred = client.get("/stac/ouderen", headers={"Accept-Language": "en"})

    assert asked.headers["content-language"] == "en"
    assert asked.json() == preferred.json()
    assert asked.json()["title"].startswith("Older people")
    items = [link for link in asked.json()["links"] if link["rel"] == "item"]
    assert all(link["href"].endswith("?lang=en") for link in items)
    title = client.get(items[0]["href"].removeprefix(BASE)).json()["properties"]["title"]
    assert title == "Older people, the Netherlands"


@pytest.mark.parametrize(
    ("path", "media_type"),
    [("/stac", "application/json"), ("/stac/ouderen", "application/json"), (ITEM, "application/geo+json")],
)  # fmt: skip
def test_a_document_has_its_media_type_and_a_validator(
    client: TestClient, path: str, media_type: str
) -> None:
    first = client.get(path)

    again = client.get(path, headers={"If-None-Match": first.headers["etag"]})

    assert first.headers["content-type"] == media_type
    assert again.status_code == 304


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/stac/geen", 404), ("/stac/ouderen/geen", 404), ("/stac/grenzen/ouderen-gemeente", 404),
        ("/stac/", 404), ("/stac?f=html", 400), ("/stac?limit=1", 400), ("/stac?lang=fr", 400),
        (f"{ITEM}?f=geojson", 400),
    ],
)  # fmt: skip
def test_what_is_not_there_or_not_offered_is_a_problem(
    client: TestClient, path: str, status: int
) -> None:
    answer = client.get(path)

    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("path", "address"),
    [
        ("/", "/stac"),
        ("/collections/ouderen-gemeente", ITEM),
        ("/collections/ouderen-personen-dichtheid-1000m", SPATIAL),
    ],
)
def test_the_service_its_collections_and_coverages_lead_to_it(
    client: TestClient, path: str, address: str
) -> None:
    links = client.get(path, params={"f": "json"}).json()["links"]

    (found,) = (link for link in links if link["href"] == f"{BASE}{address}")
    assert found["rel"] == "describedby"
    assert found["title"] == "Metagegevens als STAC"


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/stac", "stacCatalog"), ("/stac/ouderen", "stacCollection"),
        ("/stac/ouderen-dichtheid", "stacCollection"), (ITEM, "stacItem"), (SPATIAL, "stacItem"),
        ("/dcat", "dcat"),
    ],
)  # fmt: skip
def test_a_document_is_what_the_openapi_document_says(
    client: TestClient, path: str, name: str
) -> None:
    schemas = client.get("/openapi").json()["components"]["schemas"]

    schema = {**schemas[name], "components": {"schemas": schemas}}

    OAS30Validator(schema).validate(client.get(path).json())


@pytest.mark.parametrize(
    ("path", "dataset"),
    [
        ("/collections/ouderen-gemeente", "ouderen"),
        ("/collections/ouderen-personen-dichtheid-1000m", "ouderen-dichtheid"),
    ],
)
def test_the_page_of_a_collection_leads_to_its_metadata(
    client: TestClient, path: str, dataset: str
) -> None:
    page = client.get(path, params={"f": "html", "lang": "en"}).text

    name = path.rpartition("/")[2]
    for address in (f"/dcat/{dataset}?f=jsonld", f"/stac/{dataset}/{name}?lang=en"):
        assert f'<a href="{address}">' in page
        assert client.get(address).status_code == 200
