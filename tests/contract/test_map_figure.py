"""The map that is shown saved as a picture, in a real browser without network."""

import re
import struct
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from playwright.sync_api import Page

from spatial.errors import PreviewError
from spatial.preview.assets import load_assets
from spatial.preview.compare import swipe
from spatial.preview.drawing import Drawing, Look
from spatial.preview.figures import View
from spatial.preview.maps import series_drawing
from spatial.preview.page import render_page
from spatial.store.snapshot import Snapshot
from tests.contract.webpage import Chromium
from tests.preview.country import HOSTILE

pytestmark = pytest.mark.client

_SVG = "{http://www.w3.org/2000/svg}"
_SHARE = View("ouderen-gemeente", "aandeelCorporatie")

Save = Callable[..., tuple[str, bytes]]


@pytest.fixture(scope="module")
def save(chromium: Chromium, tmp_path_factory: pytest.TempPathFactory) -> Save:
    """Save the picture of a page and return its name and bytes."""
    try:
        libraries = load_assets(Path(__file__).parents[2] / "assets")
    except PreviewError as error:
        pytest.skip(str(error))
    file = tmp_path_factory.mktemp("kaart") / "kaart.html"

    def run(drawing: Drawing, kind: str, act: Callable[[Page], Any] | None = None) -> Any:
        file.write_text(render_page(drawing, libraries), encoding="utf-8")

        def saved(page: Page) -> tuple[str, bytes]:
            if act:
                act(page)
            with page.expect_download() as download:
                page.click(f"#{kind}")
            return download.value.suggested_filename, Path(download.value.path()).read_bytes()

        return chromium.visit(f"file://{file}", saved)

    return run


def parsed(picture: tuple[str, bytes]) -> ET.Element:
    return ET.fromstring(picture[1])  # noqa: S314 - made by our own page


def said(tree: ET.Element) -> str:
    return " ".join(one.text or "" for one in tree.iter(f"{_SVG}text"))


def regions(tree: ET.Element) -> dict[str, str]:
    """Return the fill of every region by its name and value."""
    return {
        path.findtext(f"{_SVG}title") or "": path.get("fill") or ""
        for path in tree.iter(f"{_SVG}path")
        if path.find(f"{_SVG}title") is not None
    }


def test_a_picture_says_what_when_and_from_where(country: Snapshot, save: Save) -> None:
    picture = save(series_drawing(country, _SHARE), "svg", lambda page: page.click("#vorige"))

    text = said(parsed(picture))
    assert picture[0] == "ouderen-aandeel-in-een-corporatiewoning-per-gemeente-2022-01-01.svg"
    for part in (
        "Ouderen: aandeel in een corporatiewoning, per gemeente",
        "Het aandeel loopt van 10,0 % tot en met 50,0 %",
        "1 januari 2022, voorlopig, indeling 2022",
        "minder dan",
        "geheim of onbekend",
        "gestreepte rand",
        "Voorbeeldcijfers: door de computer gemaakt",
        "CBS 85980NED, CC BY 4.0",
    ):
        assert part in text


def test_a_picture_has_the_colours_and_patterns_of_the_map(country: Snapshot, save: Save) -> None:
    drawing = series_drawing(country, _SHARE)
    tree = parsed(save(drawing, "svg"))

    fills = regions(tree)
    patterns = {one.get("id") for one in tree.iter(f"{_SVG}pattern")}
    assert len(fills) == 7
    assert fills["Dorp GM0005: geheim of onbekend"] == "url(#patroon-g)"
    assert {fill[5:-1] for fill in fills.values() if fill.startswith("url")} <= patterns
    assert {fill for fill in fills.values() if fill.startswith("#")} <= set(drawing.colours)


def test_a_picture_stands_alone_and_can_run_nothing(country: Snapshot, save: Save) -> None:
    picture = save(series_drawing(country, _SHARE), "svg")

    text = picture[1].decode()
    assert any(name.startswith(HOSTILE) for name in regions(parsed(picture)))
    assert not re.search(r"<script|\son\w+=|tabindex|class=|<style", text)
    assert set(re.findall(r"https?://[^\"]*", text)) == {"http://www.w3.org/2000/svg"}


def test_a_png_has_two_dots_per_pixel(country: Snapshot, save: Save) -> None:
    drawing = series_drawing(country, replace(_SHARE, indicator_id="personen"))

    tree = parsed(save(drawing, "svg"))
    name, png = save(drawing, "png")

    assert name.endswith(".png")
    assert struct.unpack(">II", png[16:24]) == (
        2 * int(tree.get("width") or 0),
        2 * int(tree.get("height") or 0),
    )
    assert len(png) > 20_000


def test_a_picture_of_two_views_is_cut_where_the_divider_stands(
    country: Snapshot, save: Save
) -> None:
    days = date(2021, 12, 31), date(2022, 1, 1)
    drawing = swipe(country, *(replace(_SHARE, peilmoment=day) for day in days))

    tree = parsed(save(drawing, "svg", lambda page: page.press(".greep", "PageUp")))

    left, right = (one for one in tree.iterfind(f"{_SVG}svg") if one.find(f"{_SVG}g") is not None)
    widths = [float(one.get("width") or 0) for one in (left, right)]
    assert widths[0] / sum(widths) == pytest.approx(0.6)
    assert "31 december 2021, indeling 2021 | 1 januari 2022" in said(tree)


def test_a_picture_of_all_moments_has_every_small_map(country: Snapshot, save: Save) -> None:
    drawing = replace(series_drawing(country, _SHARE), look=Look(every=True))

    tree = parsed(save(drawing, "svg"))

    boxes = [one for one in tree.iterfind(f"{_SVG}svg") if float(one.get("width") or 0) > 100]
    assert len(boxes) == 4
    assert all(f"{day} 2021" in said(tree) for day in ("1 januari", "31 december"))
