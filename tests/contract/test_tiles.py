"""Vector tiles of the running service, as decoders and map libraries read them."""

import re
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx2
import mapbox_vector_tile
import numpy as np
import pandas as pd
import pyogrio
import pytest
import rasterio
import shapely
from playwright.sync_api import Page, Route
from rasterio.errors import NotGeoreferencedWarning
from shapely.geometry import shape

from tests.contract.webpage import Chromium

pytestmark = pytest.mark.client

ROOT = Path(__file__).parents[2]
LIBRARIES = tuple(
    ROOT / "assets" / "node_modules" / name / "dist" for name in ("maplibre-gl", "ol", "proj4")
)
TYPES = {".mjs": "text/javascript", ".js": "text/javascript", ".css": "text/css"}
ITEMS = "/collections/ouderen-gemeente/items?limit=1000"
TILES = "/collections/ouderen-gemeente/tiles"
RD = "http://www.opengis.net/def/crs/EPSG/0/28992"
DAY = "datetime=2022-01-01"
GREEN, BLUE = (0xA1, 0xDA, 0xB4), (0x22, 0x5E, 0xA8)

type Properties = dict[str, dict[str, Any]]
type Pixels = np.ndarray[Any, np.dtype[np.uint8]]


@pytest.fixture(scope="module")
def items(web: httpx2.Client) -> Properties:
    """Properties that have a value, of the items of one day."""
    found = web.get(f"{ITEMS}&{DAY}&skipGeometry=true").json()["features"]
    return {
        item["id"]: {name: value for name, value in item["properties"].items() if value is not None}
        for item in found
    }


def decoded(body: bytes) -> list[dict[str, Any]]:
    """Features of a tile; y goes down, as the format has it."""
    layers = mapbox_vector_tile.decode(body, default_options={"y_coord_down": True})
    return [feature for layer in layers.values() for feature in layer["features"]]


def tiles_of(web: httpx2.Client, scheme: str, level: int) -> Iterator[tuple[int, int, bytes]]:
    limits = web.get(f"{TILES}/{scheme}").json()["tileMatrixSetLimits"][level]
    for row in range(limits["minTileRow"], limits["maxTileRow"] + 1):
        for col in range(limits["minTileCol"], limits["maxTileCol"] + 1):
            answer = web.get(f"{TILES}/{scheme}/{level}/{row}/{col}?{DAY}&properties=regioCode")
            assert answer.status_code in {200, 204}
            yield row, col, answer.content


@pytest.mark.parametrize("scheme", ["WebMercatorQuad", "NetherlandsRDNewQuad"])
def test_the_first_tile_holds_every_region_and_value_of_the_items(
    web: httpx2.Client, items: Properties, scheme: str
) -> None:
    features = decoded(web.get(f"{TILES}/{scheme}/0/0/0?{DAY}").content)

    assert {feature["properties"].pop("id"): feature["properties"] for feature in features} == items


def test_gdal_reads_regions_and_values_of_the_items(
    web: httpx2.Client, items: Properties, tmp_path: Path
) -> None:
    path = tmp_path / "0" / "0" / "0.mvt"
    path.parent.mkdir(parents=True)
    path.write_bytes(web.get(f"{TILES}/WebMercatorQuad/0/0/0?{DAY}").content)

    frame = pyogrio.read_dataframe(f"MVT:{path}", layer="ouderen-gemeente")

    values = frame.drop(columns=["geometry", "mvt_id"]).set_index("id")
    read = {
        region: {name: value for name, value in row.items() if pd.notna(value)}
        for region, row in values.astype(object).to_dict("index").items()
    }
    assert read == items
    assert set(frame.geom_type) <= {"Polygon", "MultiPolygon"}
    west, south, east, north = frame.total_bounds
    assert 360_000 < west < east < 830_000
    assert 6_560_000 < south < north < 7_090_000


def test_areas_in_tiles_add_up_to_those_of_the_shapes(web: httpx2.Client) -> None:
    level, unit = 4, 3440.64 / 2**4 / 16
    shapes = web.get(f"{ITEMS}&{DAY}&crs={RD}&properties=regioCode").json()["features"]
    added: dict[str, float] = {}

    for _, _, body in tiles_of(web, "NetherlandsRDNewQuad", level):
        for feature in decoded(body):
            part = shapely.intersection(shape(feature["geometry"]), shapely.box(0, 0, 4096, 4096))
            key = feature["properties"]["id"]
            added[key] = added.get(key, 0.0) + shapely.area(part) * unit**2

    assert set(added) == {item["id"] for item in shapes}
    for item in shapes:
        whole = shape(item["geometry"])
        # rounding to whole units moves an edge by half a unit at most
        assert abs(added[item["id"]] - whole.area) < whole.length * unit / 2


def test_neighbours_in_a_tile_do_not_gape(web: httpx2.Client) -> None:
    body = web.get(f"{TILES}/NetherlandsRDNewQuad/5/14/15?{DAY}&properties=regioCode").content

    parts = [shape(feature["geometry"]) for feature in decoded(body)]

    together = shapely.union_all(parts)
    closed = shapely.buffer(shapely.buffer(together, 4), -4)
    assert len(parts) > 5
    # what closes when the edges are moved by a quarter of a pixel was a gap between neighbours
    assert shapely.area(closed) - shapely.area(together) < 1e-3 * shapely.area(together)


def snippet(heading: str, service: str) -> str:
    """Take an example from the documentation; a test can reach the map that it makes."""
    text = (ROOT / "docs" / "tegels.md").read_text(encoding="utf-8")
    found = re.search(rf"## {heading}.*?```html\n(.*?)```", text, re.DOTALL)
    assert found is not None
    code = re.sub(r"new (ol\.)?Map\(", r"window.kaart = new \1Map(", found[1], count=1)
    return code.replace("http://127.0.0.1:5000", service)


def shown(chromium: Chromium, service: str, code: str, look: Callable[[Page], Any]) -> Any:
    """Open a page with a map on the host of the service, with the libraries of this project."""

    def serve(route: Route) -> None:
        name = urlsplit(route.request.url).path.rpartition("/")[2]
        if name == "kaart.html":
            head = '<link rel="icon" href="data:,"><link rel="stylesheet" href="maplibre-gl.css">'
            page = f"<!doctype html><meta charset=utf-8>{head}<body style='margin:0'>{code}"
            route.fulfill(body=page, content_type="text/html")
            return
        (path,) = [folder / name for folder in LIBRARIES if (folder / name).is_file()]
        route.fulfill(body=path.read_bytes(), content_type=TYPES[path.suffix])

    def act(page: Page) -> Any:
        page.route(f"{service}/proef/*", serve)
        page.goto(f"{service}/proef/kaart.html", wait_until="networkidle")
        return look(page)

    return chromium.visit(f"{service}/tileMatrixSets?f=json", act)


def pixels(page: Page) -> Pixels:
    picture = page.screenshot()
    with warnings.catch_warnings():
        # a picture lies nowhere on earth
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        with rasterio.MemoryFile(picture) as file, file.open() as bands:
            found: Pixels = bands.read()[:3]
    return found


def share(picture: Pixels, colour: tuple[int, int, int]) -> float:
    """Share of a picture that has one colour."""
    away = np.abs(picture.astype(int) - np.array(colour)[:, None, None]).max(axis=0)
    return float((away <= 3).mean())


def test_maplibre_draws_the_tiles_of_the_example(
    chromium: Chromium, service: str, items: Properties
) -> None:
    def look(page: Page) -> tuple[dict[str, Any], Pixels]:
        page.wait_for_function("() => window.kaart && kaart.loaded() && kaart.areTilesLoaded()")
        drawn = page.evaluate(
            "() => Object.fromEntries(kaart.queryRenderedFeatures({layers: ['gemeenten']})"
            ".map((feature) => [feature.id, feature.properties]))"
        )
        return drawn, pixels(page)

    drawn, picture = shown(chromium, service, snippet("MapLibre", service), look)

    assert drawn == {
        region: {
            name: value
            for name, value in {"id": region, **values}.items()
            if name in {"id", "regioNaam", "personen", "personenStatus"}
        }
        for region, values in items.items()
    }
    assert share(picture, GREEN) > 0.003
    assert share(picture, BLUE) > 0.003


@pytest.mark.parametrize("scheme", ["NetherlandsRDNewQuad", "WebMercatorQuad"])
def test_openlayers_draws_the_tiles_of_the_example(
    chromium: Chromium, service: str, items: Properties, scheme: str
) -> None:
    code = snippet("OpenLayers", service)
    if scheme == "WebMercatorQuad":
        code = code.replace("NetherlandsRDNewQuad", scheme).replace("EPSG:28992", "EPSG:3857")
        code = code.replace(
            "[155000, 463000], resolution: 600", "[590000, 6830000], resolution: 1000"
        )

    def look(page: Page) -> tuple[dict[str, Any], Pixels]:
        page.wait_for_function("() => window.kaart && !kaart.getLoadingOrNotReady()")
        drawn = page.evaluate(
            "() => Object.fromEntries(kaart.getLayers().item(0)"
            ".getFeaturesInExtent(kaart.getView().calculateExtent())"
            ".map((feature) => [feature.getId(), feature.get('personen') ?? null]))"
        )
        return drawn, pixels(page)

    drawn, picture = shown(chromium, service, code, look)

    assert drawn == {region: values.get("personen") for region, values in items.items()}
    assert share(picture, GREEN) > 0.01
    assert share(picture, BLUE) > 0.01
