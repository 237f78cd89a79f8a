"""Pages for everybody: axe-core finds nothing, and a keyboard reaches everything."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.contract.webpage import Chromium, Window

pytestmark = pytest.mark.client

_AXE = Path(__file__).parents[2] / "assets" / "node_modules" / "axe-core" / "axe.min.js"
_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_JUDGE = """
async (tags) => (await axe.run(document, { runOnly: { type: "tag", values: tags } })).violations
  .map((found) => [found.id, found.help, found.nodes.map((node) => node.html.slice(0, 200))])
"""
_READY = """
() => (!document.querySelector("#kaart") || document.querySelector("path.gebied"))
  && (!document.querySelector("#swagger") || document.querySelector("[data-tag]"))
"""
_FOCUS = """
() => {
  const aan = document.activeElement;
  if (aan === document.body || aan === null) return null;
  const vorm = getComputedStyle(aan);
  const vak = aan.getBoundingClientRect();
  return {
    wat: aan.outerHTML.slice(0, 120),
    rand: vorm.outlineStyle !== "none" && parseFloat(vorm.outlineWidth) > 0,
    zichtbaar: vak.width > 0 && vak.height > 0 && vak.right > 0 && vak.left < innerWidth,
  };
}
"""
_CONTROLS = """
() => [...document.querySelectorAll("a[href], button, select, input, summary, [tabindex='0']")]
  .filter((deel) => deel.checkVisibility() && deel.type !== "hidden" && !deel.disabled).length
"""
COLLECTION = "/collections/ouderen-gemeente"
ASKED = (
    "/processes/vergelijk/execution?codes=GM0363,GM0599,GM0003,NL01"
    "&indicatoren=ouderen:personen,ouderen:aandeelCorporatie&peilmomenten=2018-01-01,2022-01-01"
)
DIVIDED = "/processes/eerlijke-verdeling/execution?regio=PV26&groep=ouderen&peilmoment=2022-01-01"
PROFILE = "/profiel/GM0363"
PAGES = (
    "/",
    "/collections",
    COLLECTION,
    f"{COLLECTION}/items",
    f"{COLLECTION}/items?datetime=2022-01-01&limit=100",
    f"{COLLECTION}/items/GM0363-2022-01-01",
    f"{COLLECTION}/schema",
    f"{COLLECTION}/queryables",
    "/collections/herindelingen/items",
    "/collections/grenzen-gemeente",
    "/collections/onbekend",
    "/conformance",
    "/openapi",
    "/processes",
    "/processes/vergelijk",
    "/processes/vergelijk/execution",
    ASKED,
    "/processes/eerlijke-verdeling",
    DIVIDED,
    "/profiel",
    "/profiel?q=weesp",
    "/profiel/GM0457?indeling=2026",
    PROFILE,
)
WALKED = (
    "/",
    COLLECTION,
    f"{COLLECTION}/items?datetime=2022-01-01&limit=10",
    "/collections",
    "/processes/vergelijk",
    ASKED,
    "/profiel?q=weesp",
    "/profiel/VR13?indeling=2026",
)


def address(service: str, path: str, language: str) -> str:
    return f"{service}{path}{'&' if '?' in path else '?'}f=html&lang={language}"


@pytest.fixture(scope="module")
def axe() -> str:
    if not _AXE.is_file():
        pytest.skip("axe-core is not there: run 'make setup'")
    return _AXE.read_text(encoding="utf-8")


def judged(page: Page, axe: str) -> list[Any]:
    """Return the violations on a page that is open."""
    page.evaluate(axe)
    found: list[Any] = page.evaluate(_JUDGE, _TAGS)
    return found


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("path", [*PAGES, "/kaart/"])
def test_a_page_has_no_violations(
    service: str, chromium: Chromium, axe: str, path: str, language: str
) -> None:
    def judge(page: Page) -> list[Any]:
        page.wait_for_function(_READY)
        return judged(page, axe)

    maps = f"{service}/kaart/{'en/' if language == 'en' else ''}"
    where = maps if path == "/kaart/" else address(service, path, language)
    assert chromium.visit(where, judge) == []


@pytest.mark.parametrize("path", PAGES)
def test_nothing_of_a_page_falls_off_a_narrow_screen(
    service: str, chromium: Chromium, path: str
) -> None:
    narrow = Window(width=320, height=640)

    width = chromium.visit(
        address(service, path, "nl"),
        lambda page: page.evaluate("document.documentElement.scrollWidth"),
        narrow,
    )

    assert width <= narrow.width


@pytest.mark.parametrize("path", WALKED)
def test_a_keyboard_reaches_every_control_and_shows_where_it_is(
    service: str, chromium: Chromium, path: str
) -> None:
    def walk(page: Page) -> tuple[int, list[dict[str, Any]]]:
        page.wait_for_function(_READY)
        wanted: int = page.evaluate(_CONTROLS)
        stops = []
        for _ in range(wanted + 1):
            page.keyboard.press("Tab")
            if stop := page.evaluate(_FOCUS):
                stops.append(stop)
        return wanted, stops

    wanted, stops = chromium.visit(address(service, path, "nl"), walk)

    assert len(stops) >= wanted
    assert [stop["wat"] for stop in stops if not (stop["rand"] and stop["zichtbaar"])] == []
