"""A map page with a base map, whose tiles the test answers itself, and a map without room."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page, Route

from spatial.errors import PreviewError
from spatial.preview.assets import load_assets
from spatial.preview.basemap import HOST, RD, BaseMap
from spatial.preview.drawing import Look
from spatial.preview.figures import View
from spatial.preview.maps import series_drawing
from spatial.preview.page import render_page
from spatial.preview.shapes import to_rd
from tests.contract.webpage import Chromium, Window
from tests.preview.country import country_snapshot

pytestmark = pytest.mark.client

_TILE = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x00\x00\x00\x00:~\x9bU"
    b"\x00\x00\x00\nIDATx\x9cc\xf8\x0f\x00\x01\x01\x01\x00\x1b\xb6\xeeV\x00\x00\x00\x00IEND\xaeB`\x82"
)
_CENTRE = "[map_0.getCenter().lat, map_0.getCenter().lng, map_0.getZoom()]"

Visit = Callable[..., Any]


@pytest.fixture(scope="module")
def visit(chromium: Chromium, tmp_path_factory: pytest.TempPathFactory) -> Visit:
    """Open a page, with tiles answered when it has a base map, and act on it."""
    try:
        libraries = load_assets(Path(__file__).parents[2] / "assets")
    except PreviewError as error:
        pytest.skip(str(error))
    country = country_snapshot(tmp_path_factory.mktemp("country"))
    drawing = series_drawing(country, View("ouderen-gemeente", "aandeelCorporatie"))
    folder = tmp_path_factory.mktemp("kaart")
    looks = {
        "zonder": Look(),
        "met": Look(base=BaseMap.GRIJS),
        "rd": Look(base=BaseMap.GRIJS, grid=RD),
    }
    for name, look in looks.items():
        page = render_page(replace(drawing, look=look), libraries)
        (folder / f"{name}.html").write_text(page, encoding="utf-8")
    frame = '<iframe src="zonder.html" style="display:none" width="1280" height="900"></iframe>'
    (folder / "verstopt.html").write_text(frame, encoding="utf-8")

    def run(act: Callable[[Page], Any], name: str = "met") -> Any:
        def open_with_tiles(page: Page) -> Any:
            def answer(route: Route) -> None:
                route.fulfill(body=_TILE, content_type="image/png")

            page.route(f"{HOST}/**", answer)
            page.goto(f"file://{folder}/{name}.html", wait_until="networkidle")
            return act(page)

        host = HOST.removeprefix("https://")
        return chromium.visit("about:blank", open_with_tiles, Window(hosts=(host,)))

    return run


def test_tiles_lie_under_regions_that_let_them_through(visit: Visit) -> None:
    def act(page: Page) -> tuple[int, str | None, str]:
        tiles = page.locator(".leaflet-tile-pane img.leaflet-tile-loaded")
        opacity = page.locator("path.gebied").first.get_attribute("fill-opacity")
        return tiles.count(), opacity, page.inner_text(".leaflet-control-attribution")

    tiles, opacity, attribution = visit(act)

    assert tiles > 0
    assert opacity == "0.75"
    assert "BRT-achtergrondkaart, Kadaster (CC BY 4.0)" in attribution


def test_hexagons_have_no_base_map_and_regions_have_it_again(visit: Visit) -> None:
    def act(page: Page) -> list[bool]:
        seen = []
        for _ in range(2):
            page.click("#tegels")
            seen.append(page.locator(".leaflet-tile-pane img").count() > 0)
        return seen

    assert visit(act) == [False, True]


def test_a_picture_of_the_map_holds_no_tiles(visit: Visit) -> None:
    def act(page: Page) -> str:
        with page.expect_download() as download:
            page.click("#svg")
        return Path(download.value.path()).read_text(encoding="utf-8")

    picture = visit(act)

    assert HOST not in picture
    assert 'fill-opacity="0.75"' not in picture


@pytest.mark.parametrize("size", ["0px", "20px"])
def test_a_map_without_room_waits_until_it_has_some(visit: Visit, size: str) -> None:
    def act(page: Page) -> tuple[list[float], list[float]]:
        box = "document.querySelector('.folium-map').style"
        before: list[float] = page.evaluate(_CENTRE)
        page.evaluate(f"{box}.width = {box}.height = '{size}'")
        page.evaluate("window.dispatchEvent(new Event('resize'))")
        page.wait_for_timeout(200)
        page.click("#tegels")
        page.evaluate(f"{box}.width = {box}.height = ''")
        page.wait_for_timeout(200)
        return before, page.evaluate(_CENTRE)

    before, after = visit(act, "zonder")

    assert after == pytest.approx(before, abs=0.01)


def test_a_page_that_opens_hidden_shows_its_map_when_it_is_shown(visit: Visit) -> None:
    def act(page: Page) -> tuple[bool, list[float]]:
        frame = next(frame for frame in page.frames if frame is not page.main_frame)
        hidden = page.is_hidden("iframe")
        page.evaluate("document.querySelector('iframe').style.display = 'block'")
        page.wait_for_timeout(300)
        return hidden, frame.evaluate(_CENTRE)

    wanted = visit(lambda page: page.evaluate(_CENTRE), "zonder")
    hidden, found = visit(act, "verstopt")

    assert hidden
    assert found == pytest.approx(wanted, abs=0.3)


def test_rd_in_a_page_is_rd_within_half_a_metre_both_ways(visit: Visit) -> None:
    longitudes, latitudes = (
        axis.ravel() for axis in np.meshgrid(np.linspace(3.3, 7.3, 9), np.linspace(50.7, 53.6, 9))
    )
    script = """(places) => places.map(([lng, lat]) => {
        const there = L.CRS.RD.projection.project(L.latLng(lat, lng));
        const back = L.CRS.RD.projection.unproject(there);
        return [there.x, there.y, back.lng, back.lat];
    })"""
    places = np.column_stack([longitudes, latitudes])

    found = np.array(visit(lambda page: page.evaluate(script, places.tolist()), "rd"))

    expected = to_rd(places)
    assert np.abs(found[:, :2] - expected).max() < 0.5
    assert np.abs(to_rd(found[:, 2:]) - expected).max() < 0.5


def test_tiles_in_rd_are_those_that_lie_under_the_regions(visit: Visit) -> None:
    def act(page: Page) -> tuple[list[str], list[float]]:
        tiles = page.locator(".leaflet-tile-pane img.leaflet-tile-loaded").all()
        centre: list[float] = page.evaluate(
            "(() => { const p = map_0.getCenter(), q = L.CRS.RD.projection.project(p); return [q.x, q.y]; })()"
        )
        return [tile.get_attribute("src") or "" for tile in tiles], centre

    sources, (x, y) = visit(act, "rd")

    addresses = [source.split("/EPSG:28992/")[1].removesuffix(".png") for source in sources]
    zoom = int(addresses[0].split("/")[0])
    side = 256 * 3440.64 / 2**zoom
    middle = f"{zoom}/{int((x + 285401.92) // side)}/{int((903401.92 - y) // side)}"
    assert middle in addresses
