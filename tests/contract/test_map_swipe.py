"""Two views over each other with a divider, in a real browser without network."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from spatial.errors import PreviewError
from spatial.preview.assets import load_assets
from spatial.preview.compare import swipe
from spatial.preview.figures import View
from spatial.preview.page import render_page
from tests.contract.test_axe import _JUDGE, _TAGS
from tests.contract.webpage import Chromium, Window
from tests.preview.country import country_snapshot

pytestmark = pytest.mark.client

_ASSETS = Path(__file__).parents[2] / "assets"
_GRIP = ".greep"
_THEN, _NOW = "31 december 2021", "1 januari 2022"
_PLANE = """(share) => {
  const box = document.querySelector('.folium-map').getBoundingClientRect();
  const path = document.querySelector('path.gebied').getBoundingClientRect();
  const hit = document.elementFromPoint(box.left + share * box.width, path.top + path.height / 2);
  return hit.closest('.leaflet-pane').className.match(/vlak./)[0];
}"""

Visit = Callable[..., Any]


@pytest.fixture(scope="module")
def visit(chromium: Chromium, tmp_path_factory: pytest.TempPathFactory) -> Visit:
    """Open two days over each other, with a fragment behind the address, and act on it."""
    try:
        libraries = load_assets(_ASSETS)
    except PreviewError as error:
        pytest.skip(str(error))
    country = country_snapshot(tmp_path_factory.mktemp("country"))
    file = tmp_path_factory.mktemp("kaart") / "kaart.html"
    view = View("ouderen-gemeente", "aandeelCorporatie", date(2021, 12, 31))
    later = replace(view, peilmoment=date(2022, 1, 1))
    page = render_page(swipe(country, view, later), libraries)
    file.write_text(page, encoding="utf-8")

    def run(act: Callable[[Page], Any], fragment: str = "", window: Window | None = None) -> Any:
        return chromium.visit(f"file://{file}{fragment}", act, window)

    return run


def value(page: Page) -> float:
    return float(page.get_attribute(_GRIP, "aria-valuenow") or "nan")


def planes(page: Page) -> tuple[str, str]:
    """Return which view lies a quarter and three quarters across the map."""
    return page.evaluate(_PLANE, 0.25), page.evaluate(_PLANE, 0.75)


def test_the_first_view_lies_left_of_the_divider_and_the_second_right(visit: Visit) -> None:
    def act(page: Page) -> list[Any]:
        page.focus(_GRIP)
        seen = [planes(page)]
        for key in ("Home", "End"):
            page.keyboard.press(key)
            seen.append(planes(page))
        return seen

    assert visit(act) == [("vlak0", "vlak1"), ("vlak1", "vlak1"), ("vlak0", "vlak0")]


def test_keys_move_the_divider_and_its_text_says_where_it_is(visit: Visit) -> None:
    def act(page: Page) -> tuple[list[float], str | None]:
        page.focus(_GRIP)
        seen = []
        for key in ("ArrowLeft", "PageDown", "ArrowUp", "PageUp"):
            page.keyboard.press(key)
            seen.append(value(page))
        return seen, page.get_attribute(_GRIP, "aria-valuetext")

    moved, text = visit(act)

    assert moved == [48, 38, 40, 50]
    assert text == f"links {_THEN}, 50 % van de kaart; rechts {_NOW}, 50 %"


def test_the_divider_follows_the_pointer_and_the_map_stays(visit: Visit) -> None:
    def act(page: Page) -> tuple[float, bool]:
        centre = "map_0.getCenter().toString()"
        before = page.evaluate(centre)
        box = page.locator(".folium-map").bounding_box()
        assert box
        middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        page.mouse.move(*middle)
        page.mouse.down()
        page.mouse.move(middle[0] - box["width"] / 4, middle[1], steps=3)
        page.mouse.up()
        page.mouse.move(*middle)
        return value(page), page.evaluate(centre) == before

    assert visit(act) == (25, True)


def test_the_divider_stays_in_its_place_when_the_map_moves(visit: Visit) -> None:
    def act(page: Page) -> tuple[str, str]:
        page.evaluate("map_0.panBy([60, 0], {animate: false})")
        page.evaluate("map_0.setZoom(map_0.getZoom() + 0.4, {animate: false})")
        return page.evaluate(_PLANE, 0.47), page.evaluate(_PLANE, 0.53)

    # the grip itself lies within 22 px of the line
    assert visit(act) == ("vlak0", "vlak1")


@pytest.mark.parametrize(
    ("plane", "code", "key"), [("vlak0", "GM0008", "Home"), ("vlak1", "GM0010", "End")]
)
def test_a_region_that_gets_focus_is_not_covered(
    visit: Visit, plane: str, code: str, key: str
) -> None:
    def act(page: Page) -> tuple[float, float, float]:
        page.focus(_GRIP)
        page.keyboard.press(key)
        page.focus(f".leaflet-{plane}-pane path[aria-label^='Dorp {code}']")
        line = page.evaluate("document.querySelector('.greep').getBoundingClientRect()")
        box = page.locator("path:focus").bounding_box()
        assert box
        return line["x"] + line["width"] / 2, box["x"], box["x"] + box["width"]

    line, left, right = visit(act)

    assert (line > right) if plane == "vlak0" else (line < left)


def test_where_the_divider_stands_is_in_the_address(visit: Visit) -> None:
    def move(page: Page) -> str:
        page.focus(_GRIP)
        page.keyboard.press("PageUp")
        page.wait_for_url("**schuif=60*")
        fragment: str = page.evaluate("location.hash")
        return fragment

    assert visit(value, visit(move)) == 60
    assert visit(value, "#schuif=400") == 50


def test_both_views_share_one_legend_and_have_their_own_table(visit: Visit) -> None:
    def act(page: Page) -> tuple[int, int, list[str]]:
        counted = page.locator(".legenda").count(), page.locator("#tabel table").count()
        return *counted, page.locator(".stand b").all_inner_texts()

    assert visit(act) == (1, 2, [f"{_THEN}:", f"{_NOW}:"])


def test_axe_finds_nothing_in_a_map_with_a_divider(visit: Visit) -> None:
    def act(page: Page) -> list[Any]:
        page.evaluate((_ASSETS / "node_modules/axe-core/axe.min.js").read_text(encoding="utf-8"))
        found: list[Any] = page.evaluate(_JUDGE, _TAGS)
        return found

    assert visit(act, window=Window(bypass=True)) == []


def test_nothing_falls_off_a_narrow_screen(visit: Visit) -> None:
    narrow = Window(width=320, height=640)

    width = visit(lambda page: page.evaluate("document.documentElement.scrollWidth"), "", narrow)

    assert width <= narrow.width
