"""Tiles and the documents about them, asked from the application over miniland."""

import json
from typing import Any

import mapbox_vector_tile
import pytest
import shapely
from shapely.geometry import shape
from starlette.testclient import TestClient

from spatial.serve.read.edition import Edition
from spatial.serve.tiles.documents import CONFORMANCE
from spatial.serve.tiles.matrices import SCHEMES

COLLECTION = "/collections/ouderen-gemeente"
MERCATOR = f"{COLLECTION}/tiles/WebMercatorQuad"
RD = f"{COLLECTION}/tiles/NetherlandsRDNewQuad"
WHOLE = shapely.box(0, 0, 4096, 4096)
FIRST = f"{MERCATOR}/0/0/0"


def document(client: TestClient, path: str) -> dict[str, Any]:
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = json.loads(answer.text, parse_constant=pytest.fail)
    return found


def features(client: TestClient, path: str) -> list[dict[str, Any]]:
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/vnd.mapbox-vector-tile"
    (layer,) = mapbox_vector_tile.decode(answer.content).values()
    found: list[dict[str, Any]] = layer["features"]
    return found


def refusal(client: TestClient, path: str) -> tuple[int, str]:
    answer = client.get(path)
    assert answer.headers["content-type"] == "application/problem+json"
    return answer.status_code, answer.json()["detail"]


def test_a_tile_has_one_layer_named_after_the_collection(client: TestClient) -> None:
    answer = client.get(FIRST)

    decoded = mapbox_vector_tile.decode(answer.content)

    assert list(decoded) == ["ouderen-gemeente"]
    assert decoded["ouderen-gemeente"]["version"] == 2
    assert decoded["ouderen-gemeente"]["extent"] == 4096


def test_a_tile_shows_the_newest_period_unless_another_is_asked(client: TestClient) -> None:
    newest = {feature["properties"]["id"] for feature in features(client, FIRST)}
    older = {
        feature["properties"]["id"] for feature in features(client, f"{FIRST}?datetime=2021-01-01")
    }

    assert newest == {"GM0003-2022-12-31", "GM0004-2022-12-31", "GM0010-2022-12-31"}
    assert older == {f"GM000{n}-2021-01-01" for n in (1, 2, 3, 4)}


def test_an_open_interval_shows_every_period(client: TestClient, edition: Edition) -> None:
    found = features(client, f"{FIRST}?datetime=../..")

    assert len(found) == edition.layer("ouderen-gemeente").count


def test_properties_are_those_of_the_items_without_what_is_missing(client: TestClient) -> None:
    items = document(client, f"{COLLECTION}/items?datetime=2020-01-01")["features"]

    tiled = features(client, f"{FIRST}?datetime=2020-01-01")

    assert {feature["properties"].pop("id"): feature["properties"] for feature in tiled} == {
        item["id"]: {name: value for name, value in item["properties"].items() if value is not None}
        for item in items
    }


def test_a_confidential_cell_has_its_status_and_no_number(client: TestClient) -> None:
    (found,) = [
        feature["properties"]
        for feature in features(client, f"{FIRST}?datetime=2020-01-01&properties=personen")
        if feature["properties"]["id"].startswith("GM0002")
    ]

    assert found == {"id": "GM0002-2020-01-01", "personenStatus": "geheim_of_onbekend"}


def test_chosen_properties_come_with_their_status(client: TestClient) -> None:
    found = features(client, f"{FIRST}?properties=regioNaam,personen")

    assert {name for feature in found for name in feature["properties"]} == {
        "id", "regioNaam", "personen", "personenStatus",
    }  # fmt: skip


def test_a_bound_alone_comes_with_its_status_too(client: TestClient) -> None:
    (found, *_) = features(client, f"{FIRST}?properties=personenMin")

    assert set(found["properties"]) == {"id", "personenMin", "personenStatus"}


def test_a_property_selects_features_as_in_items(client: TestClient) -> None:
    (found,) = features(client, f"{FIRST}?regioCode=GM0010")

    assert found["properties"]["id"] == "GM0010-2022-12-31"


def test_the_id_of_a_feature_in_a_tile_is_its_row_from_one(
    client: TestClient, edition: Edition
) -> None:
    layer = edition.layer("ouderen-gemeente")

    found = features(client, FIRST)

    assert {feature["id"]: feature["properties"]["id"] for feature in found} == {
        row + 1: layer.ids[row] for row in (feature["id"] - 1 for feature in found)
    }


def test_f_mvt_is_the_same_tile(client: TestClient) -> None:
    assert client.get(f"{FIRST}?f=mvt").content == client.get(FIRST).content


def test_a_tile_where_nothing_lies_is_204_without_a_body(client: TestClient) -> None:
    answer = client.get(f"{MERCATOR}/5/0/0")

    assert (answer.status_code, answer.content) == (204, b"")


@pytest.mark.parametrize(
    "path",
    [
        f"{MERCATOR}/0/0/1",
        f"{MERCATOR}/0/1/0",
        f"{MERCATOR}/15/0/0",
        f"{MERCATOR}/-1/0/0",
        f"{MERCATOR}/0/0/x",
        f"{MERCATOR}/0/0/1.0",
        f"{MERCATOR}/9999999999/0/0",
        f"{RD}/11/0/0",
        f"{COLLECTION}/tiles/WorldCRS84Quad",
        f"{COLLECTION}/tiles/WorldCRS84Quad/0/0/0",
        "/collections/niets/tiles",
        "/collections/niets/tiles/WebMercatorQuad",
        "/collections/niets/tiles/WebMercatorQuad/0/0/0",
        "/tileMatrixSets/WorldCRS84Quad",
    ],
)
def test_what_is_not_there_is_404(client: TestClient, path: str) -> None:
    assert refusal(client, path)[0] == 404


@pytest.mark.parametrize(
    "query",
    [
        "f=html", "f=png", "f=", "lang=nl", "bbox=1,2,3,4", "limit=1", "sortby=regioNaam", "foo=1",
        "crs=x", "datetime=gisteren", "datetime=2022-01-01/2020-01-01", "properties=foo",
        "datetime=2020-01-01&datetime=2021-01-01", "f=mvt&f=mvt", "personen=veel", "skipGeometry=true",
    ],
)  # fmt: skip
def test_a_tile_with_a_parameter_that_is_not_allowed_is_400(client: TestClient, query: str) -> None:
    assert refusal(client, f"{FIRST}?{query}")[0] == 400


@pytest.mark.parametrize(
    "path",
    [
        f"{MERCATOR}?f=mvt",
        f"{MERCATOR}?lang=fr",
        f"{MERCATOR}?bbox=1,2,3,4",
        f"{RD}?f=tilejson",
        f"{COLLECTION}/tiles?f=tilejson",
        "/tileMatrixSets?foo=1",
        "/tileMatrixSets?f=html",
        "/tileMatrixSets/WebMercatorQuad?datetime=2020-01-01",
    ],
)
def test_a_document_with_a_parameter_that_is_not_allowed_is_400(
    client: TestClient, path: str
) -> None:
    assert refusal(client, path)[0] == 400


def test_a_tile_of_too_many_values_is_refused_with_what_to_do(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("spatial.serve.tiles.routes.CELLS", 3)

    status, detail = refusal(client, f"{FIRST}?datetime=2020-12-31")

    assert status == 400
    assert "shorter datetime, or properties" in detail


def test_the_tile_matrix_sets_are_listed(client: TestClient) -> None:
    listed = document(client, "/tileMatrixSets")["tileMatrixSets"]

    assert [entry["id"] for entry in listed] == list(SCHEMES)
    for entry in listed:
        (link,) = entry["links"]
        assert document(client, link["href"])["id"] == entry["id"]


def test_the_dutch_tile_matrix_set_is_that_of_the_guideline(client: TestClient) -> None:
    found = document(client, "/tileMatrixSets/NetherlandsRDNewQuad")

    assert found["crs"] == "http://www.opengis.net/def/crs/EPSG/0/28992"
    assert [matrix["id"] for matrix in found["tileMatrices"]] == [str(n) for n in range(17)]
    assert all(
        matrix["pointOfOrigin"] == [-285401.92, 903401.92]
        and matrix["cornerOfOrigin"] == "topLeft"
        and matrix["cellSize"] == 3440.64 / 2 ** int(matrix["id"])
        and matrix["scaleDenominator"] == pytest.approx(matrix["cellSize"] / 0.00028)
        and matrix["tileWidth"] == matrix["tileHeight"] == 256
        and matrix["matrixWidth"] == matrix["matrixHeight"] == 2 ** int(matrix["id"])
        for matrix in found["tileMatrices"]
    )


def test_the_tilesets_of_a_collection_are_listed(client: TestClient) -> None:
    listed = document(client, f"{COLLECTION}/tiles")["tilesets"]

    assert [entry["tileMatrixSetId"] for entry in listed] == list(SCHEMES)
    for entry in listed:
        links = {link["rel"]: link["href"] for link in entry["links"]}
        assert document(client, links["self"])["tileMatrixSetId"] == entry["tileMatrixSetId"]


@pytest.mark.parametrize("scheme", list(SCHEMES))
def test_a_tileset_names_its_tile_matrix_set_and_its_tiles(client: TestClient, scheme: str) -> None:
    found = document(client, f"{COLLECTION}/tiles/{scheme}")
    links = {link["rel"].rpartition("/")[2]: link for link in found["links"]}

    assert document(client, links["tiling-scheme"]["href"])["crs"] == found["crs"]
    assert links["item"]["templated"] is True
    assert links["item"]["type"] == "application/vnd.mapbox-vector-tile"
    assert features(client, links["item"]["href"].format(tileMatrix=0, tileRow=0, tileCol=0))


@pytest.mark.parametrize("scheme", list(SCHEMES))
def test_outside_the_limits_of_a_tileset_lies_nothing(client: TestClient, scheme: str) -> None:
    found = document(client, f"{COLLECTION}/tiles/{scheme}")
    limits = found["tileMatrixSetLimits"]
    (level,) = [entry for entry in limits if entry["tileMatrix"] == "7"]

    ring = [
        (level["minTileRow"] - 1, level["minTileCol"]),
        (level["maxTileRow"] + 1, level["maxTileCol"]),
        (level["minTileRow"], level["minTileCol"] - 1),
        (level["maxTileRow"], level["maxTileCol"] + 1),
    ]

    assert [entry["tileMatrix"] for entry in limits] == [
        str(n) for n in range(SCHEMES[scheme].deepest + 1)
    ]
    for row, col in ring:
        answer = client.get(f"{COLLECTION}/tiles/{scheme}/7/{row}/{col}?datetime=../..")
        # the margin of a tile may reach what lies in the next one
        for layer in mapbox_vector_tile.decode(answer.content).values():
            shapes = [shape(feature["geometry"]) for feature in layer["features"]]
            assert not shapely.area(shapely.intersection(shapes, WHOLE)).any()


def test_a_tileset_describes_the_properties_in_its_layer(client: TestClient) -> None:
    (layer,) = document(client, f"{MERCATOR}?properties=personen&lang=en")["layers"]

    properties = layer["propertiesSchema"]["properties"]
    assert layer["id"] == "ouderen-gemeente"
    assert list(properties) == ["id", "personen", "personenStatus"]
    assert properties["personen"]["type"] == "integer"
    assert properties["personen"]["title"] == "Persons"


def test_a_tileset_says_which_period_it_shows(client: TestClient) -> None:
    dutch = document(client, MERCATOR)["description"]
    english = document(client, f"{MERCATOR}?lang=en")["description"]
    every = document(client, f"{MERCATOR}?datetime=../..")["description"]

    assert dutch.startswith("Features op 2022-12-31; ")
    assert english.startswith("Features on 2022-12-31; ")
    assert "2022" not in every
    assert "Voorbeeldcijfers" in every


def test_a_tileset_speaks_the_language_of_the_client(client: TestClient) -> None:
    answer = client.get(MERCATOR, headers={"accept-language": "en-GB, nl;q=0.5"})

    assert answer.json()["title"] == document(client, f"{MERCATOR}?lang=en")["title"]


def test_tilejson_is_of_version_3(client: TestClient) -> None:
    found = document(client, f"{MERCATOR}?f=tilejson")

    assert found["tilejson"] == "3.0.0"
    assert found["tiles"] == [f"http://testserver{MERCATOR}/{{z}}/{{y}}/{{x}}"]
    assert (found["minzoom"], found["maxzoom"]) == (0, 14)
    west, south, east, north = found["bounds"]
    longitude, latitude, zoom = found["center"]
    assert west < longitude < east
    assert south < latitude < north
    assert 0 <= zoom <= 14
    (layer,) = found["vector_layers"]
    assert layer["id"] == "ouderen-gemeente"
    assert layer["fields"]["id"] == "id"
    assert "Miniland" in found["attribution"]


def test_tilejson_keeps_what_was_asked_in_the_addresses_of_its_tiles(client: TestClient) -> None:
    found = document(client, f"{MERCATOR}?f=tilejson&datetime=2020-01-01/..&properties=personen")

    (address,) = found["tiles"]
    tiled = features(client, address.format(z=0, y=0, x=0))
    assert found["vector_layers"][0]["fields"].keys() == {"id", "personen", "personenStatus"}
    assert len(tiled) > 4
    assert all(
        set(feature["properties"]) <= {"id", "personen", "personenStatus"} for feature in tiled
    )


def test_collections_link_to_their_tiles(client: TestClient) -> None:
    one = document(client, f"{COLLECTION}?f=json")
    every = document(client, "/collections?f=json")["collections"]

    for collection in [one, *every]:
        (link,) = [link for link in collection["links"] if link["rel"].endswith("tilesets-vector")]
        assert document(client, link["href"])["tilesets"]


def test_the_landing_page_links_to_the_tile_matrix_sets(client: TestClient) -> None:
    links = document(client, "/?f=json")["links"]

    (link,) = [link for link in links if link["rel"].endswith("tiling-schemes")]
    assert document(client, link["href"])["tileMatrixSets"]


def test_the_conformance_of_tiles_is_declared(client: TestClient) -> None:
    declared = document(client, "/conformance?f=json")["conformsTo"]

    assert set(CONFORMANCE) <= set(declared)


@pytest.mark.parametrize("kind", ["grenzen-land", "grenzen-provincie", "herindelingen"])
@pytest.mark.parametrize("scheme", list(SCHEMES))
def test_every_kind_of_collection_has_tiles(client: TestClient, kind: str, scheme: str) -> None:
    assert features(client, f"/collections/{kind}/tiles/{scheme}/0/0/0?datetime=../..")
