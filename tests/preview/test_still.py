import re
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from xml.etree import ElementTree as ET

import matplotlib as mpl
import pytest
from shapely.geometry import LinearRing, Polygon

from spatial.preview.compare import comparison
from spatial.preview.drawing import Drawing
from spatial.preview.figures import View
from spatial.preview.maps import series_drawing
from spatial.preview.still import Sheet, StillForm, draw_still, still_of
from spatial.preview.still_ink import Words, rings
from spatial.store.snapshot import Snapshot
from tests.preview.carried import CARRIED
from tests.preview.country import HOSTILE

SHARE = View("ouderen-gemeente", "aandeelCorporatie", date(2021, 1, 1))
COUNT = View("ouderen-gemeente", "personen", date(2021, 1, 1))
SMALL = Sheet(600, 500, density=1)
_SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def share(country: Snapshot) -> Drawing:
    return series_drawing(country, SHARE)


@contextmanager
def settings_of_a_user() -> Iterator[None]:
    with mpl.rc_context():
        mpl.rc("font", family="serif", size=30)
        mpl.rc("hatch", linewidth=9)
        yield


def svg(drawing: Drawing, sheet: Sheet = SMALL) -> str:
    return still_of(drawing, sheet, StillForm.SVG).decode()


def said(text: str) -> str:
    tree = ET.fromstring(text)  # noqa: S314 - made here
    return " ".join("".join(line.itertext()) for line in tree.iter(f"{_SVG}text"))


def drawn(text: str) -> list[str]:
    """Fills of the areas on the map: collections, one per colour or pattern."""
    groups = re.findall(r'<g id="PathCollection_\d+">(.*?)</g>\s*(?=<g id|</g>)', text, re.DOTALL)
    return [fill for group in groups for fill in re.findall(r"fill: ([^;\"]+)", group)]


@pytest.mark.parametrize("form", StillForm)
@pytest.mark.parametrize("view", [SHARE, COUNT], ids=["classes", "circles"])
def test_two_calls_give_the_same_bytes(country: Snapshot, view: View, form: StillForm) -> None:
    assert draw_still(country, view, SMALL, form) == draw_still(country, view, SMALL, form)


def test_settings_of_the_user_change_nothing_and_stay(share: Drawing) -> None:
    with settings_of_a_user():
        other = svg(share)
        kept = mpl.rcParams["font.size"]

    assert other == svg(share)
    assert kept == 30


@pytest.mark.parametrize("density", [1, 2])
def test_a_png_has_the_size_of_its_sheet(share: Drawing, density: float) -> None:
    png = still_of(share, replace(SMALL, density=density), StillForm.PNG)

    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", png[16:24]) == (600 * density, 500 * density)


def test_values_have_the_colours_of_the_scheme_and_signs_have_none(share: Drawing) -> None:
    panel = share.panels[0]
    figures = panel.figures(panel.moments[0])
    values = [figure.value for figure in figures if figure.value is not None]

    fills = drawn(svg(share, replace(SMALL, bare=True)))

    colours = {fill for fill in fills if re.fullmatch("#[0-9a-f]{6}", fill) and fill != "#ffffff"}
    assert colours == {share.scheme.colour_of(value) for value in values}
    assert sum(fill.startswith("url(") for fill in fills) == 3
    assert fills.count("#ffffff") == 1


def test_a_still_says_what_it_shows_when_and_from_where(share: Drawing) -> None:
    text = said(svg(share))

    for part in (
        "Ouderen: aandeel in een corporatiewoning, per gemeente",
        "Het aandeel loopt van 10,0 % tot en met 40,0 %",
        "1 januari 2021",
        "geheim of onbekend",
        "gestreepte rand",
        "Voorbeeldcijfers: door de computer gemaakt",
        "CBS 85980NED, CC BY 4.0",
        "Schema, EUPL-1.2",
    ):
        assert part in text


def test_provisional_figures_are_called_so(country: Snapshot) -> None:
    view = replace(SHARE, peilmoment=date(2022, 12, 31))

    assert "Voorlopige cijfers" in said(svg(series_drawing(country, view)))


def test_a_thumbnail_says_only_that_its_figures_are_examples(share: Drawing) -> None:
    assert said(svg(share, Sheet(320, 240, bare=True))) == "Voorbeeldcijfers, schematische grenzen"


def test_a_picture_has_a_name_and_a_description(share: Drawing) -> None:
    tree = ET.fromstring(svg(share))  # noqa: S314 - made here

    assert tree.get("role") == "img"
    assert tree.findtext(f"{_SVG}title") == share.text.titel
    assert "10,0 % tot en met 40,0 %" in str(tree.findtext(f"{_SVG}desc"))


def test_a_hostile_title_stays_text(share: Drawing) -> None:
    hostile = replace(share, text=replace(share.text, titel=HOSTILE + r" $x$ \1"))

    tree = ET.fromstring(svg(hostile))  # noqa: S314 - made here

    assert tree.findtext(f"{_SVG}title") == HOSTILE + r" $x$ \1"
    assert list(tree.iter(f"{_SVG}script")) == []


def test_every_moment_stands_on_one_sheet_with_one_legend(country: Snapshot) -> None:
    series = series_drawing(country, replace(SHARE, peilmoment=None))

    text = said(svg(series, replace(SMALL, width=1200, every=True)))

    assert [text.count(moment.label) for moment in series.panels[0].moments] == [1, 1, 1, 1]
    assert text.count("Legenda") == 1


def test_two_views_stand_beside_each_other_under_their_titles(country: Snapshot) -> None:
    views = [replace(SHARE, regio=regio) for regio in ("PV20", "PV27")]

    text = said(svg(comparison(country, *views)))

    assert "Westland, 1 januari 2021" in text
    assert "Oostland, 1 januari 2021" in text


def test_recoded_counts_are_circles_with_an_edge_of_their_own(country: Snapshot) -> None:
    view = View(CARRIED, "personen", date(2021, 1, 1))

    text = svg(series_drawing(country, view), replace(SMALL, bare=True))

    circles = re.findall(r"fill: #2c7fb8;[^\"]*", text)
    assert len(circles) == 6
    assert sum("stroke-dasharray" in circle for circle in circles) == 1
    widths = [re.findall(r"stroke-width: ([\d.]+)", circle) for circle in circles]
    assert widths.count(max(widths)) == 2


def test_a_hole_is_wound_the_other_way_round_so_that_it_stays_open() -> None:
    ring = [(0, 0), (9, 0), (9, 9), (0, 9)]
    hole = [(3, 3), (6, 3), (6, 6), (3, 6)]

    found = [LinearRing(points).is_ccw for points in rings(Polygon(ring, [hole]))]

    assert sorted(found) == [False, True]


def test_text_is_broken_where_it_no_longer_fits() -> None:
    words = Words(10)

    assert words.lines("een twee drie", 1000) == ["een twee drie"]
    assert words.lines("een twee drie", 1) == ["een", "twee", "drie"]
