"""The pages of the running service: all collections, and drawn in a real browser."""

import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import httpx2
import pytest
from playwright.sync_api import Page

from spatial.domain.status import OF_FIGURES, Status
from tests.contract.webpage import Chromium

pytestmark = pytest.mark.client

_LIBRARIES = Path(__file__).parents[2] / "assets" / "node_modules"
_ROOMS = Path(__file__).parents[2] / "spatial"

Browser = Callable[[str, str], str]


class Cells(HTMLParser):
    """Count the cells of every row of a table's body."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.rows: list[int] = []
        self.feed(text)

    def handle_starttag(self, tag: str, _attrs: list[tuple[str, str | None]]) -> None:
        if tag == "tr":
            self.rows.append(0)
        if tag in {"th", "td"}:
            self.rows[-1] += 1


@pytest.fixture(scope="module")
def browse(chromium: Chromium) -> Browser:
    """Open an address, wait for a part that its scripts make, and return the document."""
    for library in ("leaflet", "swagger-ui-dist"):
        if not (_LIBRARIES / library).is_dir():
            pytest.skip(f"browser library {library} is not there: run 'make setup'")

    def run(address: str, part: str) -> str:
        def read(page: Page) -> str:
            page.wait_for_selector(part, state="attached")
            return page.content()

        return chromium.visit(address, read)

    return run


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_collection_has_pages_with_a_whole_table(web: httpx2.Client, language: str) -> None:
    for collection in web.get("/collections").json()["collections"]:
        if collection["itemType"] != "feature":
            continue
        path = f"/collections/{collection['id']}"
        question = f"?f=html&lang={language}"
        items = web.get(f"{path}/items{question}&limit=2")
        first = web.get(f"{path}/items?limit=1&skipGeometry=true").json()["features"][0]["id"]

        rows = Cells(items.text).rows
        assert (items.status_code, len(rows), len(set(rows))) == (200, 3, 1), path
        for page in (path, f"{path}/items/{first}", f"{path}/schema", f"{path}/queryables"):
            assert web.get(f"{page}{question}").status_code == 200, page


def test_the_page_of_features_draws_every_region_of_its_table(
    service: str, browse: Browser
) -> None:
    query = "f=html&datetime=2022-01-01&limit=500"

    document = browse(f"{service}/collections/ouderen-gemeente/items?{query}", "path.gekleurd")

    assert len(re.findall(r"<path[^>]*gebied", document)) == 345
    assert document.count('<th scope="row">') == 345


def test_the_map_is_right_whatever_coordinates_are_asked(service: str, browse: Browser) -> None:
    crs = "http://www.opengis.net/def/crs/EPSG/0/28992"

    query = f"f=html&datetime=2022-01-01&crs={crs}"

    document = browse(f"{service}/collections/grenzen-provincie/items?{query}", "path.gebied")

    paths = re.findall(r'<path[^>]*gebied[^>]* d="([^"]*)"', document)
    assert len(paths) == 12
    assert all(len(path) > 20 for path in paths)


def test_the_page_of_one_feature_draws_it(service: str, browse: Browser) -> None:
    document = browse(
        f"{service}/collections/ouderen-gemeente/items/GM0363-2022-01-01?f=html&lang=en",
        "path.gebied",
    )

    assert len(re.findall(r"<path[^>]*gebied", document)) == 1
    assert "<h1>Amsterdam</h1>" in document


def test_the_documentation_lists_every_collection(
    service: str, web: httpx2.Client, browse: Browser
) -> None:
    ids = [entry["id"] for entry in web.get("/collections").json()["collections"]]

    document = browse(f"{service}/openapi?f=html", "[data-tag]")

    listed = set(re.findall(r'data-tag="([^"]*)"', document))
    assert set(ids) <= listed


def test_commands_can_be_copied(service: str, browse: Browser) -> None:
    document = browse(f"{service}/collections/ouderen-gemeente?f=html", ".kopieer")

    assert len(re.findall(r'class="kopieer"', document)) == 7


SHARES = "/collections/uitstroom-detentie-gemeente"
SHARE = "aandeelEenpersoons"


def fills(page: Page) -> list[str]:
    page.wait_for_selector("path.gekleurd", state="attached")
    drawn: list[str] = page.evaluate(
        "[...document.querySelectorAll('path.gekleurd')].map((vorm) => vorm.getAttribute('fill'))"
    )
    return drawn


def labels(page: Page) -> list[str]:
    page.wait_for_selector("#legenda li", state="visible")
    return page.locator("#legenda li").all_inner_texts()


def test_a_page_paints_values_and_signs_as_the_frozen_scheme_says(
    service: str, web: httpx2.Client, chromium: Chromium
) -> None:
    query = f"datetime=2022-01-01&limit=500&properties={SHARE},{SHARE}Status"
    scheme = web.get("/kaart/stijlen/uitstroom-detentie-gemeente.json").json()["indicatoren"][SHARE]
    expected = []
    for feature in web.get(f"{SHARES}/items?{query}").json()["features"]:
        value = feature["properties"][SHARE]
        if value is None:
            expected.append(f"url(#patroon-{feature['properties'][f'{SHARE}Status']})")
        else:
            place = sum(1 for limit in scheme["grenzen"] if limit <= value)
            expected.append(scheme["kleuren"][place])

    drawn = chromium.visit(
        f"{service}{SHARES}/items?f=html&datetime=2022-01-01&limit=500#{SHARE}", fills
    )

    assert len(set(expected)) > 4
    assert sorted(drawn) == sorted(expected)


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_legend_is_the_same_in_every_period_and_has_every_sign(
    service: str, chromium: Chromium, language: str
) -> None:
    pages = [
        f"{service}{SHARES}/items?f=html&lang={language}&datetime={year}-01-01&limit=500#{SHARE}"
        for year in (2019, 2022)
    ]

    first, last = (chromium.visit(page, labels) for page in pages)

    signs = [s for s in OF_FIGURES if not s.has_value or s in {Status.OPGETELD, Status.GESCHAT}]
    assert first == last
    for status in signs:
        assert (status.label_nl if language == "nl" else status.label_en) in first


def test_a_count_is_a_circle_and_the_address_remembers_the_choice(
    service: str, chromium: Chromium
) -> None:
    def choose(page: Page) -> tuple[int, str]:
        page.select_option("#indicator", "personen")
        page.wait_for_selector("path.stip", state="attached")
        return page.locator("path.stip").count(), page.url

    circles, address = chromium.visit(
        f"{service}/collections/ouderen-provincie/items?f=html&datetime=2022-01-01", choose
    )

    assert circles == 12
    assert address.endswith("#personen")


def test_patterns_of_signs_are_those_of_the_previews() -> None:
    found = []
    for room, name in (("preview", "patronen.html"), ("serve", "_kaart.html")):
        text = (_ROOMS / room / "templates" / name).read_text(encoding="utf-8")
        found.append(sorted(re.findall(r'<pattern id="[^"]*"(.*?)</pattern>', text)))

    assert found[0] == found[1]
