"""All moments beside each other on a map page, in a real browser without network."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from spatial.errors import PreviewError
from spatial.preview.assets import Assets, load_assets
from spatial.preview.choice import Option, choice_drawing
from spatial.preview.drawing import Look
from spatial.preview.figures import View
from spatial.preview.page import render_page
from tests.contract.test_axe import _JUDGE, _TAGS
from tests.contract.webpage import Chromium, Window
from tests.preview.carried import CARRIED
from tests.preview.country import country_snapshot

pytestmark = pytest.mark.client

_ASSETS = Path(__file__).parents[2] / "assets"
_SHARE = View("ouderen-gemeente", "aandeelCorporatie")
_TOGGLE = "#alle-perioden"
_SMALL = "#veelvoud figure"
_FILLS = """(root) => [...root.querySelectorAll('path[fill]')].map((path) => path.getAttribute('fill'))"""

Visit = Callable[..., Any]


@pytest.fixture(scope="module")
def visit(chromium: Chromium, tmp_path_factory: pytest.TempPathFactory) -> Visit:
    """Open the series of one indicator, or a choice of some, and act on it."""
    try:
        libraries: Assets = load_assets(_ASSETS)
    except PreviewError as error:
        pytest.skip(str(error))
    country = country_snapshot(tmp_path_factory.mktemp("country"))
    folder = tmp_path_factory.mktemp("kaart")

    def run(
        act: Callable[[Page], Any],
        *views: View,
        every: bool = True,
        window: Window | None = None,
    ) -> Any:
        file = folder / "kaart.html"
        options = [Option(view) for view in views or (_SHARE,)]
        drawing = replace(choice_drawing(country, options), look=Look(every=every))
        page = render_page(drawing, libraries)
        file.write_text(page, encoding="utf-8")
        return chromium.visit(f"file://{file}", act, window)

    return run


def test_every_moment_has_a_small_map_with_its_name_and_what_it_counts(visit: Visit) -> None:
    def act(page: Page) -> list[str | None]:
        maps = page.locator(f"{_SMALL} svg[role=img]")
        return [one.get_attribute("aria-label") for one in maps.all()]

    names = visit(act)

    assert [name.split(". ")[0].rsplit(", ", 1)[1] for name in names] == [
        "1 januari 2021", "31 december 2021", "1 januari 2022", "31 december 2022",
    ]  # fmt: skip
    assert "8 gemeenten (indeling 2021): 4 met een cijfer" in names[0]


def test_a_small_map_has_the_colours_and_patterns_of_the_large_one(visit: Visit) -> None:
    def act(page: Page) -> tuple[list[str], list[str]]:
        small = page.locator(_SMALL).last.locator("svg").evaluate(_FILLS)
        page.click(_TOGGLE)
        large = page.locator(".leaflet-overlay-pane").first.evaluate(
            """(pane) => [...pane.querySelectorAll('path.gebied')].map((path) => path.getAttribute('fill'))"""
        )
        return small, large

    small, large = visit(act)

    assert sorted(small) == sorted(set(large))
    assert sum(fill.startswith("url(#patroon-") for fill in small) == 4


def test_the_button_takes_the_map_away_and_brings_it_back(visit: Visit) -> None:
    def act(page: Page) -> list[tuple[bool, bool]]:
        seen = []
        for _ in range(3):
            seen.append((page.is_visible(".folium-map"), page.locator(_SMALL).count() > 0))
            page.click(_TOGGLE)
        return seen

    assert visit(act, every=False) == [(True, False), (False, True), (True, True)]


def test_the_name_of_a_moment_leads_to_it_on_the_large_map(visit: Visit) -> None:
    def act(page: Page) -> tuple[str, bool, str]:
        page.locator(f"{_SMALL} button").nth(1).press("Enter")
        focused: str = page.evaluate("document.activeElement.id")
        return page.inner_text("#gekozen"), page.is_visible(".folium-map"), focused

    assert visit(act) == ("31 december 2021", True, "alle-perioden")


def test_on_paper_every_moment_stands_below_the_map(visit: Visit) -> None:
    def act(page: Page) -> tuple[bool, int]:
        page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
        page.emulate_media(media="print")
        visible = [one.is_visible() for one in page.locator(f"{_SMALL} svg").all()]
        return page.is_visible(".folium-map"), sum(visible)

    assert visit(act, every=False) == (True, 4)


def test_recoded_figures_keep_their_edge(visit: Visit) -> None:
    def act(page: Page) -> list[str]:
        first = page.locator(_SMALL).first.locator("path.rand")
        return [one.get_attribute("class") or "" for one in first.all()]

    found = visit(act, View(CARRIED, "aandeelCorporatie"))

    assert found == ["rand onder", "rand opgeteld", "rand onder", "rand geschat"]


def test_a_small_map_of_counts_shows_how_large_a_circle_is(visit: Visit) -> None:
    def act(page: Page) -> tuple[str, float, float]:
        svg = page.locator(_SMALL).last.locator("svg")
        sizes = svg.evaluate(
            "(svg) => [...svg.querySelectorAll('circle')].map((one) => Number(one.getAttribute('r')))"
        )
        return svg.locator("text").inner_html(), sizes[-1], max(sizes[:-1])

    number, example, largest = visit(act, View("ouderen-gemeente", "personen"))

    assert number == "50"
    assert example == largest


def test_hexagons_are_shown_on_small_maps_too(visit: Visit) -> None:
    def act(page: Page) -> list[int]:
        corners = "(svg) => svg.querySelector('path').getAttribute('d').match(/[ML]/g).length"
        counts = []
        for _ in range(2):
            counts.append(page.locator(_SMALL).last.locator("svg").evaluate(corners))
            page.click("#tegels")
        return counts

    plain, hexagons = visit(act)

    assert plain != hexagons
    assert hexagons % 7 == 0


def test_a_window_that_changes_while_the_map_is_away_leaves_the_map_whole(visit: Visit) -> None:
    def act(page: Page) -> tuple[float, float]:
        before = page.evaluate("map_0.getZoom()")
        page.set_viewport_size({"width": 700, "height": 500})
        page.evaluate("window.dispatchEvent(new Event('resize'))")
        page.set_viewport_size({"width": 1280, "height": 900})
        page.click(_TOGGLE)
        return before, page.evaluate("map_0.getZoom()")

    before, after = visit(act)

    assert after == pytest.approx(before, abs=0.5)


def test_axe_finds_nothing_in_small_maps(visit: Visit) -> None:
    def act(page: Page) -> list[Any]:
        page.evaluate((_ASSETS / "node_modules/axe-core/axe.min.js").read_text(encoding="utf-8"))
        found: list[Any] = page.evaluate(_JUDGE, _TAGS)
        return found

    assert visit(act, window=Window(bypass=True)) == []


def test_small_maps_fit_on_a_narrow_screen(visit: Visit) -> None:
    narrow = Window(width=320, height=640)

    assert visit(
        lambda page: page.evaluate("document.documentElement.scrollWidth"), window=narrow
    ) <= narrow.width  # fmt: skip


def test_small_maps_are_those_of_the_subject_that_is_chosen(visit: Visit) -> None:
    def act(page: Page) -> list[tuple[int, int]]:
        seen = []
        for subject in ("personen", "aandeelVrijgekomenCorporatiewoningen"):
            page.select_option("#onderwerp", subject)
            circles = page.locator("#veelvoud circle").count()
            seen.append((page.locator(_SMALL).count(), min(circles, 1)))
        return seen

    subjects = ("aandeelCorporatie", "personen", "aandeelVrijgekomenCorporatiewoningen")
    views = [View("ouderen-gemeente", name) for name in subjects]

    assert visit(act, *views) == [(4, 1), (2, 0)]


def test_that_all_moments_are_shown_is_in_the_address(visit: Visit) -> None:
    def act(page: Page) -> tuple[str, bool]:
        page.click(_TOGGLE)
        page.wait_for_url("**beeld=naast*")
        fragment: str = page.evaluate("location.hash")
        page.goto(f"{page.url.split('#')[0]}#")
        page.goto(f"{page.url.split('#')[0]}{fragment}")
        page.reload()
        return fragment, page.is_visible("#veelvoud")

    fragment, shown = visit(act, every=False)

    assert "beeld=naast" in fragment
    assert shown
