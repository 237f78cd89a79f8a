"""Files for QGIS, asked from the application over miniland; what QGIS makes of them: ``tests/contract``."""

import io
import xml.etree.ElementTree as ET
import zipfile

import pytest
from starlette.testclient import TestClient

from spatial.serve.read.edition import Edition
from spatial.store.catalogue import Kind

LAYER = "/collections/ouderen-gemeente/qgis.qlr"
RD = "http://www.opengis.net/def/crs/EPSG/0/28992"


def opened(client: TestClient, path: str) -> ET.Element:
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    return ET.fromstring(answer.text)  # noqa: S314 - written by us


def sources(root: ET.Element) -> list[str]:
    return [entry.text or "" for entry in root.iter("datasource")]


def refused(client: TestClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    detail: str = answer.json()["detail"]
    return detail


def test_a_layer_definition_is_a_file_by_its_own_type_and_name(client: TestClient) -> None:
    answer = client.get(LAYER)

    assert answer.headers["content-type"] == "application/x-qgis-layer-definition"
    assert answer.headers["content-disposition"] == 'attachment; filename="ouderen-gemeente.qlr"'
    assert answer.text.startswith("<!DOCTYPE qgis-layer-definition>")


def test_who_has_it_is_told_that_it_is_still_good(client: TestClient) -> None:
    tag = client.get(LAYER).headers["etag"]

    assert client.get(LAYER, headers={"if-none-match": tag}).status_code == 304


def test_its_layers_are_the_newest_moment_and_all_of_them(client: TestClient) -> None:
    root = opened(client, LAYER)

    newest, whole = sources(root)
    assert "url='http://testserver/'" in newest
    assert "pageSize='1000'" in newest
    assert "filter='\"peilmoment\" = \\'2022-12-31\\''" in newest
    assert "filter" not in whole
    checked = [entry.get("checked") for entry in root.iter("layer-tree-layer")]
    assert checked == ["Qt::Checked", "Qt::Unchecked"]
    clocks = [entry.get("enabled") for entry in root.findall("maplayers/maplayer/temporal")]
    assert clocks == ["0", "1"]


def test_every_layer_has_what_the_list_of_layers_calls(client: TestClient) -> None:
    for path in (LAYER, "/qgis.qgs"):
        root = opened(client, path)

        called = [entry.get("id", "") for entry in root.iter("layer-tree-layer")]
        assert sorted(called) == sorted(e.findtext("id", "") for e in root.iter("maplayer"))
        assert len(set(called)) == len(called) > 1


def test_a_reference_system_has_a_number_above_zero(client: TestClient) -> None:
    """QGIS reads no system without."""
    for system in opened(client, "/qgis.qgs").iter("spatialrefsys"):
        assert int(system.findtext("srsid", "0")) > 0
        assert system.findtext("authid") in {"EPSG:4326", "EPSG:28992"}


def test_fields_are_called_by_their_titles(client: TestClient, edition: Edition) -> None:
    layer = opened(client, LAYER).find("maplayers/maplayer")
    assert layer is not None

    names = {entry.get("field"): entry.get("name") for entry in layer.findall("aliases/alias")}

    for field in edition.collection("ouderen-gemeente").velden:
        assert names[field.naam] == field.titel_nl


@pytest.mark.parametrize("path", [LAYER, "/qgis.qgs?thema=ouderen"])
def test_what_must_be_said_of_the_figures_is_in_every_layer(client: TestClient, path: str) -> None:
    for layer in opened(client, path).iter("resourceMetadata"):
        assert "Voorbeeldcijfers" in layer.findtext("abstract", "")
        assert layer.findtext("license") == "EUPL-1.2"


def test_and_in_a_project(client: TestClient) -> None:
    text = opened(client, "/qgis.qgs?thema=ouderen").findtext("projectMetadata/abstract", "")

    assert "Voorbeeldcijfers" in text


def test_one_indicator_is_drawn_and_the_others_are_styles(
    client: TestClient, edition: Edition
) -> None:
    collection = edition.collection("ouderen-gemeente")

    root = opened(client, f"{LAYER}?indicator=huishoudens")

    manager = root.find("maplayers/maplayer/map-layer-style-manager")
    assert manager is not None
    assert manager.get("current") == "Huishoudens"
    assert len(manager) == len(collection.indicatoren)
    # the one that is drawn stands in the layer itself
    assert [len(style) for style in manager] == [0] + [1] * (len(manager) - 1)


def test_a_rule_asks_nothing_of_the_whole_layer(client: TestClient) -> None:
    """QGIS waits for itself when a rule of a layer of a service has an aggregate."""
    text = client.get(LAYER).text

    assert not any(word in text for word in ("maximum(", "aggregate(", "concatenate"))
    assert "@map_start_time IS NOT NULL OR" in text


def test_one_moment_is_one_layer_that_does_not_follow_the_time(client: TestClient) -> None:
    root = opened(client, f"{LAYER}?peilmoment=2021-12-31")

    (source,) = sources(root)
    assert "2021-12-31" in source
    assert [entry.get("enabled") for entry in root.iter("temporal")].count("1") == 0


def test_boundary_changes_are_one_layer(client: TestClient) -> None:
    assert len(sources(opened(client, "/collections/herindelingen/qgis.qlr"))) == 1


def test_in_metres_the_source_and_the_layer_say_so(client: TestClient) -> None:
    root = opened(client, f"{LAYER}?crs={RD}")

    assert all("srsname='EPSG:28992'" in source for source in sources(root))
    assert root.findtext("maplayers/maplayer/srs/spatialrefsys/authid") == "EPSG:28992"


def test_in_english_names_and_titles_are_english(client: TestClient) -> None:
    answer = client.get(LAYER, headers={"accept-language": "en"})
    root = opened(client, f"{LAYER}?lang=en")

    assert answer.headers["content-language"] == "en"
    assert (
        root.findtext("maplayers/maplayer/resourceMetadata/title") == "Older people, municipalities"
    )
    assert 'name="Persons"' in answer.text


def test_a_project_has_the_series_in_their_own_indeling_and_the_boundaries(
    client: TestClient, edition: Edition
) -> None:
    root = opened(client, "/qgis.qgs")

    for collection in edition.contents.layers:
        whole = collection.id in {f"{collection.thema}-{collection.niveau}", "herindelingen"}
        stands = any(f"typename='{collection.id}'" in source for source in sources(root))
        assert stands == (whole or collection.kind is Kind.GRENZEN)


def test_a_project_opens_on_the_newest_day_of_all_figures_in_metres(client: TestClient) -> None:
    root = opened(client, "/qgis.qgs")

    clock = root.find("properties/TemporalControllerWidget")
    assert clock is not None
    assert [
        clock.findtext(name) for name in ("NavigationMode", "StartDateTime", "EndDateTime")
    ] == [
        "2",
        "2022-12-31T00:00:00Z",
        "2022-12-31T23:59:59Z",
    ]
    assert root.findtext("projectCrs/spatialrefsys/authid") == "EPSG:28992"
    # miniland is 50 by 20 km
    edges = [float(edge.text or "nan") for edge in root.findall("mapcanvas/extent/*")]
    assert 0 < edges[0] < edges[2] < 280_000
    assert 300_000 < edges[1] < edges[3] < 630_000


def test_a_project_without_figures_opens_on_all_times(client: TestClient) -> None:
    clock = opened(client, "/qgis.qgs?thema=herindelingen").find(
        "properties/TemporalControllerWidget"
    )

    assert clock is not None
    assert clock.findtext("NavigationMode") == "0"


def test_a_project_of_a_theme_has_all_of_it(client: TestClient, edition: Edition) -> None:
    root = opened(client, "/qgis.qgs?thema=ouderen")

    held = [entry.id for entry in edition.contents.layers if entry.thema == "ouderen"]
    assert len(sources(root)) == len(held)
    assert root.findtext("title", "").endswith(": Ouderen")


def test_the_pack_holds_the_project(client: TestClient) -> None:
    answer = client.get("/qgis.qgz")

    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.namelist() == ["aandachtsgroepen.qgs"]
        assert archive.read("aandachtsgroepen.qgs").decode() == client.get("/qgis.qgs").text
    assert answer.headers["content-type"] == "application/zip"


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("indicator=appels", "'appels'"),
        ("peilmoment=2021-02-03", "2021-12-31"),
        ("peilmoment=morgen", "'morgen'"),
        ("crs=http://www.opengis.net/def/crs/EPSG/0/3857", "CRS84"),
        ("kleur=rood", "kleur"),
        ("lang=de", "de"),
        ("peilmoment=2021-12-31&peilmoment=2021-12-31", "twice"),
    ],
)
def test_what_is_not_there_is_refused(client: TestClient, query: str, said: str) -> None:
    assert said in refused(client, f"{LAYER}?{query}")


def test_an_unknown_theme_is_refused_with_those_there_are(client: TestClient) -> None:
    assert "ouderen" in refused(client, "/qgis.qgs?thema=appels")


@pytest.mark.parametrize("name", ["appels", "waarnemingen"])
def test_what_is_no_layer_is_not_found(client: TestClient, name: str) -> None:
    answer = client.get(f"/collections/{name}/qgis.qlr")

    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


def test_collections_and_the_landing_page_link_to_them(client: TestClient) -> None:
    types = {"application/x-qgis-layer-definition", "application/x-qgis-project"}
    for path in ("/collections/ouderen-gemeente", "/"):
        links = client.get(path, headers={"accept": "application/json"}).json()["links"]
        (link,) = [link for link in links if link.get("type") in types]
        assert client.get(link["href"].removeprefix("http://testserver")).status_code == 200
    page = client.get("/collections/ouderen-gemeente?f=html").text
    assert "/collections/ouderen-gemeente/qgis.qlr" in page
    assert "/qgis.qgs" in client.get("/?f=html").text
