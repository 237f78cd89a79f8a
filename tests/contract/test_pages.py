"""The pages of the running service: all collections, and drawn in a real browser."""

import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import httpx2
import pytest

from tests.contract.webpage import Chromium

_LIBRARIES = Path(__file__).parents[2] / "assets" / "node_modules"

Browser = Callable[[str], str]


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
    """Open an address and return the document after its scripts; any complaint fails the test."""
    for library in ("leaflet", "swagger-ui-dist"):
        if not (_LIBRARIES / library).is_dir():
            pytest.skip(f"browser library {library} is not there: run 'make setup'")

    return lambda address: chromium.visit(address, lambda page: page.content())


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_collection_has_pages_with_a_whole_table(web: httpx2.Client, language: str) -> None:
    for collection in web.get("/collections").json()["collections"]:
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

    document = browse(f"{service}/collections/ouderen-gemeente/items?{query}")

    assert len(re.findall(r"<path[^>]*gebied", document)) == 345
    assert document.count('<th scope="row">') == 345


def test_the_map_is_right_whatever_coordinates_are_asked(service: str, browse: Browser) -> None:
    crs = "http://www.opengis.net/def/crs/EPSG/0/28992"

    query = f"f=html&datetime=2022-01-01&crs={crs}"

    document = browse(f"{service}/collections/grenzen-provincie/items?{query}")

    paths = re.findall(r'<path[^>]*gebied[^>]* d="([^"]*)"', document)
    assert len(paths) == 12
    assert all(len(path) > 20 for path in paths)


def test_the_page_of_one_feature_draws_it(service: str, browse: Browser) -> None:
    document = browse(
        f"{service}/collections/ouderen-gemeente/items/GM0363-2022-01-01?f=html&lang=en"
    )

    assert len(re.findall(r"<path[^>]*gebied", document)) == 1
    assert "<h1>Amsterdam</h1>" in document


def test_the_documentation_lists_every_collection(
    service: str, web: httpx2.Client, browse: Browser
) -> None:
    ids = [entry["id"] for entry in web.get("/collections").json()["collections"]]

    document = browse(f"{service}/openapi?f=html")

    listed = set(re.findall(r'data-tag="([^"]*)"', document))
    assert set(ids) <= listed


def test_commands_can_be_copied(service: str, browse: Browser) -> None:
    document = browse(f"{service}/collections/ouderen-gemeente?f=html")

    assert len(re.findall(r'class="kopieer"', document)) == 5
