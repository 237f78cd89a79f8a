"""The site with the documentation: whole, from no other host, for everybody, and to be searched from a folder."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from html.parser import HTMLParser
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import urlsplit

import pytest
from filelock import FileLock
from playwright.sync_api import Page

from docsite.links import BORROWED
from spatial.settings import Settings
from tests.contract.test_axe import axe, judged
from tests.contract.webpage import Chromium, Window
from tests.written import ROOT, SERVICE

pytestmark = pytest.mark.client

__all__ = ["axe"]  # a fixture

JUDGED = (
    "index.html",
    "leren/webkaart.html",
    "leren/planner.html",
    "kaarten.html",
    "snelheid.html",
    "naslag/opdrachten.html",
    "adr/0005-recoding-between-indelingen.html",
)
"""Pages with everything that a page may have: pictures, wide tables, programs, both languages."""
DESK, HAND = Window(), Window(width=400, height=800)
_LOADING = {  # what a browser fetches without being asked
    "script": "src", "img": "src", "iframe": "src", "source": "src", "audio": "src", "video": "src",
    "link": "href", "object": "data", "embed": "src", "use": "href",
}  # fmt: skip
_WORDS = {
    "vergunninghouder": "taakstelling.html",
    "recoding": "adr/0005",
    "gearceerd": "klassen.html",
}
"""A word, Dutch or English and not always as it is written there, and a page that has it."""


@pytest.fixture(scope="module")
def site(example: Settings, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of the site, as `make docs` makes it; processes of one run share it."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base) / "site"
    with FileLock(f"{folder}.lock"):
        if not folder.exists():
            kept = {name: text for name, text in os.environ.items() if name != "SPATIAL_URL"}
            done = subprocess.run(
                [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(folder)],
                cwd=ROOT,
                env={**kept, "SPATIAL_DATA": str(example.data), "NO_MKDOCS_2_WARNING": "1"},
                capture_output=True,
                text=True,
                check=False,
            )
            assert done.returncode == 0, done.stderr
    return folder


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
        pass


@pytest.fixture(scope="module")
def address(site: Path) -> Iterator[str]:
    """Address of the site on a web server."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(site))) as server:
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


class _Loads(HTMLParser):
    """Collects what a page fetches, where it leads, and its language."""

    def __init__(self) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.links: list[str] = []
        self.language = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "html":
            self.language = given["lang"]
        if tag in _LOADING:
            self.loads.append(given.get(_LOADING[tag], ""))
        if tag == "a":
            self.links.append(given.get("href", ""))


def read(path: Path) -> _Loads:
    found = _Loads()
    found.feed(path.read_text(encoding="utf-8"))
    return found


def pages_of(site: Path) -> list[Path]:
    return sorted(path for path in site.rglob("*.html") if "bron" not in path.parts)


def test_every_page_of_the_documentation_is_there(site: Path) -> None:
    own = [path.relative_to(ROOT / "docs") for path in (ROOT / "docs").rglob("*.md")]
    made = [Path("naslag/opdrachten.md"), Path("naslag/adressen.md"), *map(Path, BORROWED)]

    assert [path for path in (*own, *made) if not (site / path.with_suffix(".html")).exists()] == []


def test_nothing_of_the_site_comes_from_another_host(site: Path) -> None:
    foreign = {
        f"{path.relative_to(site)}: {address}"
        for path in pages_of(site)
        for address in read(path).loads
        if urlsplit(address).netloc
    }
    for path in (*site.rglob("*.css"), *site.glob("assets/javascripts/**/*.js")):
        text = path.read_text(encoding="utf-8")
        asked = re.findall(
            r"url\([\"']?(?:https?:)?//[^)]*|@import[^;]*//[^;]*|//unpkg[^\"]*", text
        )
        foreign |= {f"{path.relative_to(site)}: {address}" for address in asked}

    assert foreign == set()


def test_every_link_of_the_site_leads_somewhere(site: Path) -> None:
    lost = [
        f"{path.relative_to(site)}: {link}"
        for path in pages_of(site)
        for link in read(path).links
        if not link.startswith((SERVICE, "#", "https://", "http://"))
        if not (path.parent / urlsplit(link).path).exists()
    ]

    assert lost == []


def test_every_page_is_in_the_language_that_it_says(site: Path) -> None:
    for source in (ROOT / "docs").rglob("*.md"):
        said = re.findall(r"^lang: (\w+)$", source.read_text(encoding="utf-8"), re.MULTILINE)[0]
        page = site / source.relative_to(ROOT / "docs").with_suffix(".html")

        assert read(page).language == said, source


def test_a_part_in_another_language_says_so(site: Path) -> None:
    text = (site / "filter.html").read_text(encoding="utf-8")

    assert re.search(r'<div lang="en">\s*<h2 id="in-english">', text)


def test_the_reference_has_every_command_and_the_addresses_of_the_document(site: Path) -> None:
    commands = (site / "naslag" / "opdrachten.html").read_text(encoding="utf-8")
    addresses = (site / "naslag" / "adressen.html").read_text(encoding="utf-8")

    assert all(
        f'id="spatial-{name}"' in commands for name in ("build", "fetch-cbs", "export-postgis")
    )
    assert "GET /collections/{collectionId}/items" in addresses
    assert "POST /processes/vergelijk/execution" in addresses
    assert "ouderen-gemeente" not in re.sub(r"<nav.*?</nav>", "", addresses, flags=re.DOTALL)


@pytest.mark.parametrize(
    ("name", "window"),
    [
        *(pytest.param(name, DESK, id=f"{name}-desk") for name in JUDGED),
        *(pytest.param(name, HAND, id=f"{name}-hand") for name in JUDGED[:2]),
    ],
)
def test_a_page_has_no_violations(
    address: str, chromium: Chromium, axe: str, name: str, window: Window
) -> None:
    found = chromium.visit(f"{address}/{name}", lambda page: judged(page, axe), window)

    assert found == []


def test_no_page_falls_off_a_narrow_screen(site: Path, address: str, chromium: Chromium) -> None:
    names = [path.relative_to(site).as_posix() for path in pages_of(site)]
    names = [name for name in names if not name.startswith("adr/")]  # words and small tables

    def look(page: Page) -> list[str]:
        wide = []
        for name in names:
            page.goto(f"{address}/{name}", wait_until="domcontentloaded")
            if page.evaluate("document.documentElement.scrollWidth") > HAND.width:
                wide.append(name)
        return wide

    assert chromium.visit(f"{address}/index.html", look, HAND) == []


def test_words_are_found_from_a_folder_without_a_server(site: Path, chromium: Chromium) -> None:
    def search(page: Page) -> dict[str, list[str]]:
        found = {}
        for word in _WORDS:
            page.goto((site / "index.html").as_uri())
            page.locator(".md-search__input").press_sequentially(word)
            page.wait_for_selector(".md-search-result__link")
            found[word] = page.eval_on_selector_all(
                ".md-search-result__link", "(links) => links.map((link) => link.href)"
            )
        return found

    found = chromium.visit((site / "index.html").as_uri(), search)

    for word, place in _WORDS.items():
        assert any(place in address for address in found[word]), (word, found[word])
