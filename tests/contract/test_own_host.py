"""Nothing of a page or a map comes from elsewhere, and its policy allows nothing else."""

import base64
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import httpx2
import pytest

pytestmark = pytest.mark.client

ITEMS = "/collections/ouderen-gemeente/items"
PAGES = (
    "/",
    "/collections",
    "/collections/ouderen-gemeente",
    "/collections/ouderen-gemeente/schema",
    "/collections/ouderen-gemeente/queryables",
    ITEMS,
    f"{ITEMS}/GM0363-2022-01-01",
    "/collections/herindelingen",
    "/collections/herindelingen/items",
    "/collections/grenzen-gemeente/items",
    "/conformance",
    "/openapi",
    "/collections/onbekend",
)
MAPS = (
    "/kaart/ouderen-gemeente.html",
    "/kaart/schuif-jaren.html",
    "/kaart/taakstelling-gemeente.html",
)
GALLERIES = ("/kaart/", "/kaart/en/")
OWN_PICTURES = {("'none'",), ("blob:",)}
"""What a map page makes itself: nothing else may be shown in it."""
NAMESPACES = ("http://www.w3.org/1999/xhtml", "http://www.w3.org/2000/svg")
_ADDRESSES = {"src", "href", "xlink:href", "action", "formaction", "data", "poster", "background"}
_PROGRAMS = {"", "text/javascript", "module"}
_IN_STYLE = re.compile(r"""(?:url\(\s*|@import\s+(?!url))["']?([^"')\s;]+)""")
# a program that names another host where it loads something
_LOADS = re.compile(
    r"""(?:\bimport|\bimportScripts|\bfetch|\.open|sendBeacon|\bWorker|EventSource|WebSocket"""
    r"""|\.src|\.href)\s*[=(]\s*(?:"GET"\s*,\s*)?["'`](?:https?:|wss?:)?//"""
)


@dataclass
class Page(HTMLParser):
    """What a document loads, and the code and style that stand in it."""

    text: str
    loaded: list[str] = field(default_factory=list)
    scripts: list[str] = field(default_factory=list)
    styles: list[str] = field(default_factory=list)
    blocked: list[str] = field(default_factory=list)
    policy: str = ""

    def __post_init__(self) -> None:
        super().__init__()
        self._within: list[str] | None = None
        self.feed(self.text)
        self.close()
        for style in self.styles:
            self.loaded += _IN_STYLE.findall(style)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag != "a":
            self.loaded += [values[name] for name in _ADDRESSES & values.keys()]
        self.loaded += [part.split()[0] for part in values.get("srcset", "").split(",") if part]
        self.loaded += _IN_STYLE.findall(values.get("style", ""))
        self.blocked += [name for name in values if name == "style" or name.startswith("on")]
        if values.get("http-equiv") == "Content-Security-Policy":
            self.policy = values["content"]
        if tag == "style":
            self._within = self.styles
        if tag == "script" and "src" not in values and values.get("type", "") in _PROGRAMS:
            self._within = self.scripts
        if self._within is not None:
            self._within.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag in {"script", "style"}:
            self._within = None

    def handle_data(self, data: str) -> None:
        if self._within is not None:
            self._within[-1] += data


def read(web: httpx2.Client, path: str, language: str) -> httpx2.Response:
    answer = web.get(path, params={"f": "html", "lang": language})
    assert answer.headers["content-type"].startswith("text/html")
    return answer


def elsewhere(addresses: list[str], page: str) -> Iterator[str]:
    """Give the addresses that are on another host than the page that loads them."""
    for address in addresses:
        found = urlsplit(urljoin(page, address))
        if found.scheme != "data" and found.netloc != urlsplit(page).netloc:
            yield address


def directives(policy: str) -> dict[str, list[str]]:
    parts = [part.split() for part in policy.split(";")]
    return {name: sources for name, *sources in parts}


def hashes_of(texts: list[str]) -> set[str]:
    digests = [hashlib.sha256(text.encode()).digest() for text in texts]
    return {f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests}


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("path", PAGES)
def test_a_page_and_its_files_load_nothing_from_another_host(
    web: httpx2.Client, path: str, language: str
) -> None:
    answer = read(web, path, language)
    here = str(answer.url)
    page = Page(answer.text)

    assert page.loaded
    assert list(elsewhere(page.loaded, here)) == []
    for address in page.loaded:
        file = urljoin(here, address)
        if urlsplit(file).path.endswith(".css"):
            assert list(elsewhere(_IN_STYLE.findall(web.get(file).text), file)) == [], file
        if urlsplit(file).path.endswith(".js"):
            assert _LOADS.findall(web.get(file).text) == [], file


@pytest.mark.parametrize("name", ["features", "kopieer", "openapi"])
def test_our_own_programs_name_no_other_host(web: httpx2.Client, name: str) -> None:
    text = web.get(f"/static/{name}.js").raise_for_status().text

    assert set(re.findall(r"""\w+://[^\s"'`]*""", text)) <= set(NAMESPACES)


@pytest.mark.parametrize("path", MAPS)
def test_a_map_loads_nothing_at_all(web: httpx2.Client, path: str) -> None:
    page = Page(web.get(path).raise_for_status().text)

    assert [address for address in page.loaded if not address.startswith(("data:", "#"))] == []
    assert [found for text in page.scripts for found in _LOADS.findall(text)] == []


@pytest.mark.parametrize("path", GALLERIES)
def test_a_gallery_loads_its_own_pictures_only(web: httpx2.Client, path: str) -> None:
    answer = web.get(path).raise_for_status()
    page = Page(answer.text)

    assert [found for text in page.scripts for found in _LOADS.findall(text)] == []
    assert list(elsewhere(page.loaded, str(answer.url))) == []
    assert [address for address in page.loaded if address.endswith(".webp")]


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("path", PAGES)
def test_the_policy_of_a_page_names_only_the_service_itself(
    web: httpx2.Client, path: str, language: str
) -> None:
    answer = read(web, path, language)
    allowed = directives(answer.headers["content-security-policy"])
    page = Page(answer.text)

    assert allowed["default-src"] == allowed["script-src"] == allowed["style-src"] == ["'self'"]
    assert {source for sources in allowed.values() for source in sources} <= {
        "'self'",
        "'none'",
        "data:",
    }
    assert "data:" not in allowed["script-src"] + allowed["object-src"]
    assert (page.scripts, page.styles, page.blocked, page.policy) == ([], [], [], "")


@pytest.mark.parametrize(
    ("path", "pictures"),
    [(path, OWN_PICTURES) for path in MAPS]
    + [(path, {("'none'",), ("'self'", "data:")}) for path in GALLERIES],
)
def test_the_policy_of_a_map_names_the_hashes_of_what_is_in_it_and_nothing_else(
    web: httpx2.Client, path: str, pictures: set[tuple[str, ...]]
) -> None:
    page = Page(web.get(path).raise_for_status().text)

    allowed = directives(page.policy)

    assert set(allowed.pop("script-src", [])) == hashes_of(page.scripts)
    assert set(allowed.pop("style-src")) == hashes_of(page.styles)
    assert {tuple(sources) for sources in allowed.values()} == pictures
    assert page.blocked == []
    assert page.styles
