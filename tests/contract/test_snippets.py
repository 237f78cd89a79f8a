"""What a page gives to copy works as it stands: each box runs against the running service."""

import html
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import httpx2
import mapbox_vector_tile
import pyogrio
import pytest

pytestmark = pytest.mark.client

COLLECTION = "ouderen-provincie"
FEATURES = 144


@pytest.fixture(scope="module")
def boxes(web: httpx2.Client) -> dict[str, str]:
    """Text of every box of the page of a collection, by the first word of its caption."""
    return _boxes(web.get(f"/collections/{COLLECTION}?f=html&lang=nl").text)


def _boxes(page: str) -> dict[str, str]:
    found = re.findall(
        r"<figcaption>(\w+).*?</figcaption>\s*<pre><code>(.*?)</code>", page, re.DOTALL
    )
    return {word: html.unescape(text) for word, text in found}


def _run(command: list[str], folder: Path) -> str:
    if shutil.which(command[0]) is None:
        pytest.skip(f"{command[0]} is not installed")
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_box_for_gdal_gives_a_geopackage_with_all_features(
    boxes: dict[str, str], tmp_path: Path
) -> None:
    _run(shlex.split(boxes["GDAL"]), tmp_path)

    found = pyogrio.read_info(tmp_path / f"{COLLECTION}.gpkg", layer=COLLECTION)

    assert found["features"] == FEATURES


def test_the_box_for_python_gives_a_layer_with_all_features(
    boxes: dict[str, str], tmp_path: Path
) -> None:
    program = f"{boxes['Python']}\nprint(len(laag), laag.crs.to_authority())"

    told = _run([sys.executable, "-W", "ignore", "-c", program], tmp_path)

    assert told.split("(")[0].strip() == str(FEATURES)
    assert "CRS84" in told or "4326" in told


def test_the_box_for_javascript_gives_the_features_of_a_year(
    boxes: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "laag.mjs").write_text(
        f"{boxes['JavaScript']}\nconsole.log(laag.features.length);", encoding="utf-8"
    )

    assert _run(["node", "laag.mjs"], tmp_path).strip() == "12"


def test_the_box_for_qgis_is_the_address_of_the_landing_page(
    boxes: dict[str, str], web: httpx2.Client
) -> None:
    links = web.get(boxes["QGIS"]).json()["links"]

    assert "data" in {link["rel"] for link in links}


@pytest.mark.parametrize("collection", [COLLECTION, "grenzen-land", "herindelingen"])
def test_every_example_of_a_filter_finds_something(web: httpx2.Client, collection: str) -> None:
    found = _boxes(web.get(f"/collections/{collection}/queryables?f=html&lang=nl").text)

    assert found
    for address in found.values():
        assert web.get(address).json()["numberMatched"] > 0, address


def test_every_download_of_a_collection_is_there(web: httpx2.Client) -> None:
    page = web.get(f"/collections/{COLLECTION}?f=html").text

    addresses = re.findall(r'href="([^"]*)" download', page)

    assert addresses
    for address in addresses:
        with web.stream("GET", html.unescape(address)) as answer:
            assert answer.status_code == 200, address


@pytest.mark.parametrize("collection", [COLLECTION, "grenzen-land", "herindelingen"])
def test_the_box_for_maplibre_names_tiles_with_regions(web: httpx2.Client, collection: str) -> None:
    box = _boxes(web.get(f"/collections/{collection}?f=html").text)["MapLibre"]
    document = web.get(_address(box)).raise_for_status().json()

    tile = document["tiles"][0].format(z=0, x=0, y=0)

    assert f'"source-layer": "{collection}"' in box
    assert [layer["id"] for layer in document["vector_layers"]] == [collection]
    assert mapbox_vector_tile.decode(web.get(tile).content)[collection]["features"]


@pytest.mark.parametrize("collection", [COLLECTION, "grenzen-land", "herindelingen"])
def test_the_box_for_openlayers_names_a_set_of_tiles(web: httpx2.Client, collection: str) -> None:
    box = _boxes(web.get(f"/collections/{collection}?f=html").text)["OpenLayers"]

    document = web.get(_address(box)).raise_for_status().json()

    assert document["dataType"] == "vector"
    assert "item" in {link["rel"] for link in document["links"]}


def _address(box: str) -> str:
    found = re.search(r'url: "([^"]*)"', box)
    assert found is not None
    return found[1]
