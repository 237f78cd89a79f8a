"""A page with several indicators, driven in a real browser without network."""

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from spatial.preview.assets import Assets
from spatial.preview.choice import Option, draw_choice
from spatial.preview.classes import CIRCLE, CIRCLE_BELOW
from spatial.preview.figures import View
from spatial.preview.maps import draw_series
from spatial.store.snapshot import Snapshot
from tests.contract.test_axe import _JUDGE, _TAGS
from tests.contract.webpage import Chromium, Window
from tests.preview.carried import CARRIED

pytestmark = pytest.mark.client

_ASSETS = Path(__file__).parents[2] / "assets"
COLLECTION = "ouderen-gemeente"
SHARE, COUNT, FLOW = "aandeelCorporatie", "personen", "aandeelVrijgekomenCorporatiewoningen"
_FILLS = "[...document.querySelectorAll('path.gebied')].map((path) => path.getAttribute('fill'))"
_NAMES = (
    "[...document.querySelectorAll('path.gebied')].map((path) => path.getAttribute('aria-label'))"
)
_CIRCLES = "document.querySelectorAll('path.stip').length"
_ROWS = """[...document.querySelectorAll('#tabel tr')].map(
    (row) => [...row.cells].map((cell) => cell.innerText.trim()))"""

Visit = Callable[..., Any]


@pytest.fixture(scope="module")
def visit(
    country: Snapshot,
    libraries: Assets,
    chromium: Chromium,
    tmp_path_factory: pytest.TempPathFactory,
) -> Visit:
    """Open a choice of three indicators, with a fragment behind its address, and act on it."""
    file = tmp_path_factory.mktemp("kaart") / "kaart.html"
    options = [Option(View(COLLECTION, indicator)) for indicator in (SHARE, COUNT, FLOW)]
    file.write_text(draw_choice(country, options, libraries), encoding="utf-8")

    def run(act: Callable[[Page], Any], fragment: str = "", window: Window | None = None) -> Any:
        return chromium.visit(f"file://{file}{fragment}", act, window)

    return run


@pytest.fixture
def look(chromium: Chromium, tmp_path: Path) -> Visit:
    """Open a page that a test made itself, and act on it."""

    def run(page: str, act: Callable[[Page], Any]) -> Any:
        (tmp_path / "kaart.html").write_text(page, encoding="utf-8")
        return chromium.visit(f"file://{tmp_path}/kaart.html", act)

    return run


def choose(page: Page, indicator: str) -> None:
    page.select_option("#onderwerp", indicator)


def seen(page: Page) -> dict[str, Any]:
    page.click("#tabel summary")
    return {
        "title": page.title(),
        "heading": page.inner_text("h1"),
        "fills": page.evaluate(_FILLS),
        "names": page.evaluate(_NAMES),
        "circles": page.evaluate(_CIRCLES),
        "legend": page.inner_text(".legenda"),
        "sentence": page.inner_text("#zin-nl-0"),
        "summary": page.inner_text("#stand-0"),
        "table": page.evaluate(_ROWS),
    }


@pytest.mark.parametrize(
    ("order", "chosen"),
    [
        ((COUNT, SHARE, FLOW), SHARE),
        ((SHARE, FLOW, COUNT), COUNT),
        ((SHARE, COUNT, FLOW), FLOW),
        ((SHARE, COUNT, FLOW), SHARE),
    ],
)
def test_a_chosen_indicator_looks_in_all_as_on_a_map_of_its_own(
    country: Snapshot, libraries: Assets, look: Visit, order: tuple[str, ...], chosen: str
) -> None:
    among = draw_choice(country, [Option(View(COLLECTION, name)) for name in order], libraries)

    def act(page: Page) -> dict[str, Any]:
        for name in (*(name for name in order if name != chosen), chosen):
            choose(page, name)
        return seen(page)

    alone = look(draw_series(country, COLLECTION, chosen, libraries), seen)
    assert look(among, act) == alone


@pytest.mark.parametrize("moment", [0, 3])
def test_a_table_made_in_the_page_is_the_one_that_the_document_has(
    country: Snapshot, libraries: Assets, look: Visit, moment: int
) -> None:
    options = [Option(View(CARRIED, indicator)) for indicator in (SHARE, COUNT)]

    def act(page: Page) -> tuple[Any, Any]:
        page.fill("#moment", str(moment))
        page.click("#tabel summary")
        before = page.evaluate(_ROWS)
        choose(page, COUNT)
        choose(page, SHARE)
        return before, page.evaluate(_ROWS)

    before, after = look(draw_choice(country, options, libraries), act)

    assert "Hoe de cijfers tot stand kwamen" in before[0]
    assert after == before


def test_arrow_keys_choose_and_the_slider_goes_on(visit: Visit) -> None:
    def act(page: Page) -> tuple[str, str, str]:
        page.focus("#onderwerp")
        page.keyboard.press("ArrowDown")
        heading = page.inner_text("h1")
        page.focus("#moment")
        page.keyboard.press("ArrowLeft")
        return heading, page.inner_text("#gekozen"), page.inner_text("#stand-0")[:11]

    assert visit(act) == (
        "Ouderen: aantal personen, per gemeente",
        "1 januari 2022",
        "7 gemeenten",
    )


def test_an_indicator_with_other_moments_shows_the_nearest_one(visit: Visit) -> None:
    def act(page: Page) -> list[tuple[str, str | None]]:
        shown = []
        page.fill("#moment", "0")
        for indicator in (FLOW, SHARE):
            choose(page, indicator)
            shown.append((page.inner_text("#gekozen"), page.get_attribute("#moment", "max")))
        return shown

    assert visit(act) == [("heel 2021", "1"), ("31 december 2021", "3")]


def test_the_address_holds_the_choice_and_shows_it_again(visit: Visit) -> None:
    def act(page: Page) -> str:
        choose(page, COUNT)
        page.click("#vorige")
        page.focus("path[aria-label^='Dorp GM0005']")
        page.wait_for_url("**regio**")
        fragment: str = page.evaluate("location.hash")
        return fragment

    def read(page: Page) -> tuple[str, str, str, int]:
        return (
            page.input_value("#onderwerp"),
            page.inner_text("#gekozen"),
            page.inner_text("#keuze"),
            page.evaluate(_CIRCLES),
        )

    fragment = visit(act)
    assert fragment == "#onderwerp=personen&moment=2022-01-01&regio=GM0005"
    assert visit(read, fragment) == (
        COUNT,
        "1 januari 2022",
        "Gekozen: Dorp GM0005 (GM0005), geheim of onbekend.",
        7,
    )


def test_a_region_stays_chosen_when_the_indicator_changes(visit: Visit) -> None:
    def act(page: Page) -> str:
        choose(page, COUNT)
        return page.inner_text("#keuze")

    said = visit(act, "#regio=GM0004")

    assert said.startswith("Gekozen: Dorp GM0004 (GM0004), 50")
    assert "personen" in said


def test_an_unknown_choice_in_the_address_shows_the_first(visit: Visit) -> None:
    said = visit(lambda page: page.input_value("#onderwerp"), '#onderwerp="]<script>')

    assert said == SHARE


def test_the_figures_that_are_saved_are_those_of_the_choice(visit: Visit) -> None:
    def act(page: Page) -> tuple[str, str]:
        choose(page, COUNT)
        with page.expect_download() as download:
            page.click("#csv")
        text = Path(download.value.path()).read_bytes().decode("utf-8-sig")
        return download.value.suggested_filename, text

    name, text = visit(act)

    rows = list(csv.DictReader(text.splitlines(), delimiter=";"))
    assert name == "ouderen-aantal-personen-per-gemeente-2022-12-31.csv"
    assert {row["eenheid"] for row in rows} == {"personen"}
    first = next(row for row in rows if row["regioCode"] == "GM0004")
    assert (first["waarde"], first["ondergrens"], first["bovengrens"]) == ("50", "48", "52")


def test_the_table_of_a_choice_sorts_and_leads_to_the_map(visit: Visit) -> None:
    def act(page: Page) -> str | None:
        choose(page, COUNT)
        page.click("#tabel summary")
        page.click("#tabel thead button:text('31 december 2022')")
        page.locator("#tabel tbody tr").first.focus()
        page.keyboard.press("Enter")
        return page.locator("path:focus").get_attribute("aria-label")

    assert visit(act) == "Dorp GM0010: 10\u00a0personen"


def test_a_stage_is_shown_and_saved_by_its_name(
    country: Snapshot, libraries: Assets, look: Visit
) -> None:
    def act(page: Page) -> tuple[str | None, str]:
        with page.expect_download() as download:
            page.click("#csv")
        text = Path(download.value.path()).read_bytes().decode("utf-8-sig")
        return page.get_attribute("path[aria-label^='Dorp GM0004']", "aria-label"), text

    label, text = look(draw_series(country, "taakstelling-gemeente", "voortgang", libraries), act)

    assert label == "Dorp GM0004: achter"
    rows = {row["regioCode"]: row for row in csv.DictReader(text.splitlines(), delimiter=";")}
    cells = [rows["GM0004"][name] for name in ("waarde", "ondergrens", "bovengrens", "status")]
    assert cells == ["achter", "", "", "berekend"]
    assert rows["GM0005"]["waarde"] == ""


def test_a_balance_below_0_is_a_circle_of_another_colour_also_among_all_moments(
    country: Snapshot, libraries: Assets, look: Visit
) -> None:
    def act(page: Page) -> tuple[list[str], list[str]]:
        large = page.eval_on_selector_all(
            "path.stip", "all => all.map((one) => one.getAttribute('fill'))"
        )
        page.click("#alle-perioden")
        small = page.eval_on_selector_all(
            "#veelvoud circle", "all => all.map((one) => getComputedStyle(one).fill)"
        )
        return large, small

    large, small = look(draw_series(country, "taakstelling-gemeente", "saldo", libraries), act)

    assert large.count(CIRCLE_BELOW) == 1
    assert set(large) <= {CIRCLE, CIRCLE_BELOW, "none"}
    assert small.count("rgb(240, 166, 60)") == 4


def test_hexagons_stay_hexagons_when_the_indicator_changes(visit: Visit) -> None:
    def act(page: Page) -> list[int]:
        page.click("#tegels")
        choose(page, COUNT)
        drawn: list[str] = page.evaluate(
            "[...document.querySelectorAll('path.gebied')].map((path) => path.getAttribute('d'))"
        )
        return [path.count("L") for path in drawn]

    assert visit(act) == [5] * 7


def test_axe_finds_nothing_after_a_choice(visit: Visit) -> None:
    def act(page: Page) -> list[Any]:
        choose(page, COUNT)
        page.click("#tabel summary")
        page.evaluate((_ASSETS / "node_modules/axe-core/axe.min.js").read_text(encoding="utf-8"))
        found: list[Any] = page.evaluate(_JUDGE, _TAGS)
        return found

    assert visit(act, "", Window(bypass=True)) == []


def test_a_choice_fits_on_a_narrow_screen(visit: Visit) -> None:
    narrow = Window(width=320, height=640)

    width = visit(lambda page: page.evaluate("document.documentElement.scrollWidth"), "", narrow)

    assert width <= narrow.width


def test_without_scripts_there_is_no_control_that_does_nothing(visit: Visit) -> None:
    shown = visit(lambda page: page.is_visible("#onderwerp"), "", Window(script=False))

    assert shown is False
