"""Reading aids of a map page, driven in a real browser without network."""

import csv
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from spatial.preview.assets import Assets
from spatial.preview.drawing import Drawing, PageText
from spatial.preview.figures import View, read_series
from spatial.preview.former import former_of
from spatial.preview.maps import make_panel, series_title
from spatial.preview.page import render_page
from spatial.preview.styles import frozen_scheme
from spatial.store.snapshot import Snapshot
from tests.contract.test_axe import _JUDGE, _TAGS
from tests.contract.webpage import Chromium, Window
from tests.preview.country import HOSTILE
from tests.preview.test_former import MERGER

pytestmark = pytest.mark.client

_ASSETS = Path(__file__).parents[2] / "assets"
_ROWS = "#tabel tbody tr"
_CODES = f"[...document.querySelectorAll('{_ROWS}')].map((row) => row.dataset.code)"
_MARKED = "[...document.querySelectorAll('#tabel tr.aan')].map((row) => row.dataset.code)"
_OUTLINES = 'document.querySelectorAll(\'path[stroke="#000"][stroke-width="3"]\').length'

Act = Callable[[Page], Any]
Visit = Callable[..., Any]


@pytest.fixture(scope="module")
def visit(
    country: Snapshot,
    libraries: Assets,
    chromium: Chromium,
    tmp_path_factory: pytest.TempPathFactory,
) -> Visit:
    """Open the map of a share, with a fragment behind its address, and act on it."""
    file = tmp_path_factory.mktemp("kaart") / "kaart.html"
    view = View("ouderen-gemeente", "aandeelCorporatie")
    series = read_series(country, view)
    panel = replace(
        make_panel(country, view, series, series_title(series)), vroeger=former_of([MERGER])
    )
    text = PageText(panel.titel, series.indicator.definitie_nl)
    page = render_page(Drawing(text, (panel,), frozen_scheme(country, series)), libraries)
    file.write_text(page, encoding="utf-8")

    def run(act: Act, fragment: str = "", window: Window | None = None) -> Any:
        return chromium.visit(f"file://{file}{fragment}", act, window)

    return run


def sort_by(page: Page, heading: str, times: int = 1) -> list[str]:
    page.click("#tabel summary")
    for _ in range(times):
        page.click(f"#tabel thead button:text('{heading}')")
    codes: list[str] = page.evaluate(_CODES)
    return codes


@pytest.mark.parametrize("times", [1, 2])
def test_sorting_by_a_moment_puts_signs_after_numbers_in_both_directions(
    visit: Visit, times: int
) -> None:
    codes = visit(lambda page: sort_by(page, "1 januari 2021", times))

    numbers, signs = codes[:4], codes[4:]
    assert numbers == [f"GM000{place}" for place in range(1, 5)][:: 1 if times == 1 else -1]
    assert sorted(signs[:-1]) == [f"GM000{place}" for place in range(5, 9)]
    assert signs[-1] == "GM0010"


def test_a_heading_says_how_the_table_is_sorted(visit: Visit) -> None:
    def act(page: Page) -> list[str | None]:
        sort_by(page, "Code", 2)
        headings = page.locator("#tabel thead th").all()
        return [heading.get_attribute("aria-sort") for heading in headings]

    assert visit(act)[:3] == [None, "descending", None]


def test_sorting_by_code_sorts_codes(visit: Visit) -> None:
    codes = visit(lambda page: sort_by(page, "Code"))

    assert codes == sorted(codes)


def test_a_row_under_focus_is_outlined_on_the_map_and_arrows_go_on(visit: Visit) -> None:
    def act(page: Page) -> tuple[int, list[str], list[str]]:
        page.click("#tabel summary")
        before = page.evaluate(_OUTLINES)
        codes = page.evaluate(_CODES)
        page.locator(_ROWS).nth(3).focus()
        page.keyboard.press("ArrowDown")
        return page.evaluate(_OUTLINES) - before, page.evaluate(_MARKED), codes

    outlines, marked, codes = visit(act)

    assert (outlines, marked) == (1, [codes[4]])


def test_a_region_under_focus_lights_its_row(visit: Visit) -> None:
    def act(page: Page) -> list[str]:
        page.focus("path[aria-label^='Dorp GM0005']")
        marked: list[str] = page.evaluate(_MARKED)
        return marked

    assert visit(act) == ["GM0005"]


def test_enter_on_a_row_goes_to_its_region(visit: Visit) -> None:
    def act(page: Page) -> str | None:
        page.click("#tabel summary")
        page.focus(f"{_ROWS}[data-code=GM0004]")
        page.keyboard.press("Enter")
        return page.locator("path:focus").get_attribute("aria-label")

    assert "Dorp GM0004" in visit(act)


def test_the_address_holds_moment_and_region_and_shows_them_again(visit: Visit) -> None:
    def choose(page: Page) -> str:
        page.click("#vorige")
        page.focus("path[aria-label^='Dorp GM0005']")
        page.wait_for_url("**regio**")
        fragment: str = page.evaluate("location.hash")
        return fragment

    def read(page: Page) -> tuple[str, str, list[str]]:
        chosen = page.inner_text("#keuze")
        return page.inner_text("#gekozen"), chosen, page.evaluate(_MARKED)

    fragment = visit(choose)
    assert fragment == "#moment=2022-01-01&regio=GM0005"
    assert visit(read, fragment) == (
        "1 januari 2022",
        "Gekozen: Dorp GM0005 (GM0005), geheim of onbekend.",
        ["GM0005"],
    )


@pytest.mark.parametrize(
    "fragment", ["#tabel", "#moment=1999-01-01&regio=GM9999", '#regio="]<script>', "#regio=%E0"]
)
def test_an_address_that_says_nothing_known_shows_the_newest_moment(
    visit: Visit, fragment: str
) -> None:
    def read(page: Page) -> tuple[str, bool]:
        return page.inner_text("#gekozen"), page.is_visible("#keuze")

    assert visit(read, fragment) == ("31 december 2022", False)


def saved(page: Page) -> tuple[str, str]:
    with page.expect_download() as download:
        page.click("#csv")
    path = download.value.path()
    return download.value.suggested_filename, Path(path).read_bytes().decode("utf-8-sig")


def test_the_figures_shown_are_saved_with_status_and_bounds(visit: Visit) -> None:
    name, text = visit(saved, "#moment=2021-01-01")

    rows = list(csv.DictReader(text.splitlines(), delimiter=";"))
    assert name == "ouderen-aandeel-in-een-corporatiewoning-per-gemeente-2021-01-01.csv"
    assert [row["regioCode"] for row in rows] == [f"GM000{place}" for place in range(1, 9)]
    first, secret = rows[0], rows[4]
    assert (first["waarde"], first["ondergrens"], first["bovengrens"]) == ("10", "9,5", "10,5")
    assert first["status"] == "waargenomen"
    assert [secret[name] for name in ("waarde", "ondergrens", "bovengrens", "status")] == [
        "", "", "", "geheim of onbekend",
    ]  # fmt: skip
    assert rows[2]["regioNaam"] == HOSTILE
    assert "Voorbeeldcijfers" in first["melding"]


@pytest.mark.parametrize("start", ["=", "+", "-", "@"])
def test_a_name_that_looks_like_a_formula_is_saved_as_text(visit: Visit, start: str) -> None:
    def act(page: Page) -> str:
        page.evaluate(
            "(name) => { kaart.vormenVan('gemeente-2022').features[0].properties.naam = name; }",
            f"{start}cmd;|'x'!A1",
        )
        return saved(page)[1]

    rows = list(csv.DictReader(visit(act).splitlines(), delimiter=";"))

    assert rows[0]["regioNaam"] == f"'{start}cmd;|'x'!A1"


def test_axe_finds_nothing_in_the_page_with_its_table_open(visit: Visit) -> None:
    def act(page: Page) -> list[Any]:
        sort_by(page, "Code")
        page.focus(f"{_ROWS}[data-code=GM0004]")
        page.evaluate((_ASSETS / "node_modules/axe-core/axe.min.js").read_text(encoding="utf-8"))
        found: list[Any] = page.evaluate(_JUDGE, _TAGS)
        return found

    assert visit(act, "#regio=GM0005", Window(bypass=True)) == []


def test_nothing_of_a_map_page_falls_off_a_narrow_screen(visit: Visit) -> None:
    narrow = Window(width=320, height=640)

    width = visit(
        lambda page: page.evaluate("document.documentElement.scrollWidth"), "#regio=GM0005", narrow
    )

    assert width <= narrow.width


def test_sentences_are_those_of_the_moment_shown(visit: Visit) -> None:
    def read(page: Page) -> list[str]:
        return [page.inner_text(f"#zin-nl-{place}") for place in (0, 1)]

    newest, first = visit(read), visit(read, "#moment=2021-01-01")

    assert "10,0 % tot en met 50,0 %; in ten minste de helft van de 3 gemeenten" in newest[0]
    assert "10,0 % tot en met 40,0 %; in ten minste de helft van de 4 gemeenten" in first[0]
    assert [said[1].split("is")[0] for said in (newest, first)] == [
        "In 1 van de 7 gemeenten ",
        "In 1 van de 8 gemeenten ",
    ]


def searched(page: Page, question: str) -> tuple[str, str | None]:
    page.fill("#zoek", question)
    page.keyboard.press("Enter")
    focused = page.locator("path:focus")
    label = focused.get_attribute("aria-label") if focused.count() else None
    return page.inner_text("#zoek-antwoord"), label and label.split(":")[0]


@pytest.mark.parametrize("question", ["dorp gm0005", "GM0005", "Dorp GM0005 (GM0005)"])
def test_a_name_or_code_leads_to_its_region(visit: Visit, question: str) -> None:
    assert visit(lambda page: searched(page, question)) == ("", "Dorp GM0005")


def test_a_retired_code_leads_to_what_it_became_and_says_so(visit: Visit) -> None:
    said = "Dorp GM0001 is per 1 januari 2022 deel van Dorp GM0010."

    assert visit(lambda page: searched(page, "gm0001")) == (said, "Dorp GM0010")


@pytest.mark.parametrize(
    ("question", "answer"),
    [("dorp", "8 regio\u2019s beginnen zo: kies er een."), ("Atlantis", "Geen regio gevonden")],
)
def test_a_question_without_one_answer_says_why(visit: Visit, question: str, answer: str) -> None:
    said, focused = visit(lambda page: searched(page, question))

    assert said.startswith(answer)
    assert focused is None


def test_on_paper_the_table_stands_open_and_controls_are_gone(visit: Visit) -> None:
    def act(page: Page) -> tuple[list[bool], bool, bool]:
        page.emulate_media(media="print")
        table, legend = page.locator("#tabel table"), page.locator(".legenda")
        opened = [table.is_visible()]
        for event in ("beforeprint", "afterprint"):
            page.evaluate("(name) => window.dispatchEvent(new Event(name))", event)
            opened.append(table.is_visible())
        return opened, legend.is_visible(), page.is_visible("#afspelen")

    assert visit(act) == ([False, True, False], True, False)
