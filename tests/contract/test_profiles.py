"""Profiles in a real browser: found from a map, read without a script, printed, and on a narrow screen."""

from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page

from spatial.preview.profile import draw_profile
from spatial.settings import Settings
from spatial.store.snapshot import MAPS, open_snapshot
from tests.contract.webpage import Chromium, Window

pytestmark = pytest.mark.client

_AXE = Path(__file__).parents[2] / "assets" / "node_modules" / "axe-core" / "axe.min.js"
_JUDGE = """
async () => (await axe.run(document)).violations.map((found) => [found.id, found.help])
"""
MAP = "/kaart/ouderen-gemeente.html"


def test_who_looks_for_weesp_on_a_map_comes_to_its_profile(
    service: str, chromium: Chromium
) -> None:
    def look(page: Page) -> str:
        page.fill("#zoek", "Weesp")
        page.press("#zoek", "Enter")
        page.click("#profiel a")
        return page.inner_text("h1") + page.inner_text(".einde")

    said = chromium.visit(f"{service}{MAP}", look)

    assert said == "Weesp gemeente GM0457Weesp is per 24 maart 2022 deel van Amsterdam (GM0363)."


def test_what_is_chosen_on_a_map_leads_to_its_profile(service: str, chromium: Chromium) -> None:
    address = chromium.visit(
        f"{service}{MAP}#regio=GM0599", lambda page: page.get_attribute("#profiel a", "href")
    )

    assert address == f"{urlsplit(service).path}/profiel/GM0599?f=html&lang=nl"


def test_the_gallery_leads_to_the_profiles(service: str, chromium: Chromium) -> None:
    def follow(page: Page) -> str:
        page.click(".dienst a")
        return page.inner_text("h1")

    assert chromium.visit(f"{service}/kaart/", follow) == "Profielen"


def test_a_map_in_a_file_leads_nowhere(example: Settings, chromium: Chromium) -> None:
    folder = open_snapshot(example.data).path / MAPS
    for name in ("ouderen-gemeente.html", "index.html"):
        shown = chromium.visit(
            (folder / name).as_uri(),
            lambda page: page.locator("#profiel a, .dienst a").filter(visible=True).count(),
        )

        assert shown == 0


def test_a_profile_reads_the_same_without_scripts(service: str, chromium: Chromium) -> None:
    address = f"{service}/profiel/GM0363?f=html&lang=nl"

    texts = [
        chromium.visit(address, lambda page: page.inner_text("main"), Window(script=script))
        for script in (True, False)
    ]

    assert texts[0] == texts[1]
    assert "163.460" in texts[0]


def test_every_chart_has_a_text_and_stays_within_its_card(service: str, chromium: Chromium) -> None:
    measure = """
    () => [...document.querySelectorAll(".reeks")].map((kaart) => {
      const tekening = kaart.querySelector("svg");
      const buiten = kaart.getBoundingClientRect(), binnen = tekening.getBoundingClientRect();
      return [tekening.querySelector("title").textContent.length, buiten.right - binnen.right];
    })
    """

    found = chromium.visit(
        f"{service}/profiel/GM0363?f=html", lambda page: page.evaluate(measure), Window(width=320)
    )

    assert len(found) > 250
    assert min(length for length, _ in found) > 20
    assert min(room for _, room in found) >= 0


def test_a_profile_in_a_file_is_whole_without_network(
    example: Settings, chromium: Chromium, tmp_path: Path
) -> None:
    def judge(page: Page) -> list[list[str]]:
        page.evaluate(_AXE.read_text(encoding="utf-8"))
        found: list[list[str]] = page.evaluate(_JUDGE)
        return found

    file = tmp_path / "amsterdam.html"
    text = draw_profile(open_snapshot(example.data), "GM0363", 2026)
    file.write_text(text, encoding="utf-8")

    found = chromium.visit(file.as_uri(), judge, Window(bypass=True))

    assert len(text.encode()) < 1_500_000
    assert found == []


def test_on_paper_what_can_be_clicked_is_gone_and_charts_are_whole(
    service: str, chromium: Chromium
) -> None:
    def print_(page: Page) -> list[int]:
        page.emulate_media(media="print")
        places = (".profiel nav", ".profiel details:not([open])", ".grafiek")
        return [page.locator(place).filter(visible=True).count() for place in places]

    links, closed, charts = chromium.visit(f"{service}/profiel/GM0363?f=html", print_)

    assert (links, closed) == (0, 0)
    assert charts > 250
