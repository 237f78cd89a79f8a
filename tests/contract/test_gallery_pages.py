"""Every page of the standard set, opened from disk in a real browser with the network cut."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from spatial.domain.status import Status
from spatial.preview.classes import MISSING_SIGNS
from spatial.preview.entries import ENTRIES
from spatial.preview.gallery import ENGLISH, INDEX
from spatial.preview.legend import LAND
from spatial.settings import Settings
from spatial.store.rasters.index import read_coverages
from spatial.store.snapshot import open_snapshot
from tests.contract.test_axe import _JUDGE, _TAGS, axe
from tests.contract.webpage import Chromium

__all__ = ["axe"]

pytestmark = pytest.mark.client

MAPS = tuple(entry.bestand for entry in ENTRIES)
LISTS = (INDEX, ENGLISH)
WIDTHS = (1280, 400)
_MISSING = {
    status.label_nl: f"url(#patroon-{sign})"
    for status, sign in MISSING_SIGNS.items()
    if status is not Status.NIET_VAST_TE_STELLEN
}
_DRAWN = """(soort) => [...document.querySelectorAll(soort)].map((gebied) => ({
  fill: gebied.getAttribute("fill"),
  area: gebied.getBBox().width * gebied.getBBox().height,
}))"""
_KEY = """() => [...document.querySelectorAll(".legenda li")].map((regel) => ({
  fill: regel.querySelector("rect, circle").getAttribute("fill"),
  class: regel.querySelector("rect") !== null,
  label: regel.innerText.trim(),
}))"""
_WIDE = "document.documentElement.scrollWidth"


@pytest.fixture(scope="module")
def folder(example: Settings) -> Path:
    """Folder of the standard set of the example."""
    return open_snapshot(example.data).path / "kaart"


def judged(page: Page, axe: str) -> list[Any]:
    """Return at every width what axe finds, and a page that is wider than the screen."""
    page.evaluate(axe)
    found: list[Any] = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        found += [(width, one) for one in page.evaluate(_JUDGE, _TAGS)]
        found += [(width, "falls off")] if page.evaluate(_WIDE) > width else []
    return found


def test_the_example_has_every_page_of_the_standard_set(folder: Path) -> None:
    densities = {f"{entry.id}.html" for entry in read_coverages(folder.parent)}
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*.html")}

    assert there == {*MAPS, *LISTS, *densities}


@pytest.mark.parametrize("name", LISTS)
def test_a_list_opens_from_disk_for_everybody(
    folder: Path, chromium: Chromium, axe: str, name: str
) -> None:
    def look(page: Page) -> list[Any]:
        return judged(page, axe)

    assert chromium.visit((folder / name).as_uri(), look) == []


@pytest.mark.parametrize("name", MAPS)
def test_a_map_opens_from_disk_for_everybody_and_its_legend_names_all_that_is_drawn(
    folder: Path, chromium: Chromium, axe: str, name: str
) -> None:
    def look(page: Page) -> tuple[list[Any], list[Any], list[Any], list[Any]]:
        page.context.set_offline(True)
        page.wait_for_selector("html[data-klaar=ja]", state="attached")
        drawn = [page.evaluate(_DRAWN, kind) for kind in ("path.gebied", "path.stip")]
        return judged(page, axe), *drawn, page.evaluate(_KEY)

    violations, regions, circles, key = chromium.visit((folder / name).as_uri(), look)

    assert violations == []
    assert regions
    assert all(region["area"] > 0 for region in regions)
    patterns = {line["label"]: line["fill"] for line in key if line["fill"].startswith("url(")}
    assert _MISSING.items() <= patterns.items()
    assert len(set(patterns.values())) == len(patterns)
    assert len({line["label"] for line in key}) == len(key)
    ground = {LAND} if circles else set()
    assert {region["fill"] for region in regions} <= {line["fill"] for line in key} | ground
    named = {line["fill"] for line in key if not line["class"]}
    assert {circle["fill"] for circle in circles} - {"none"} <= named
