"""The service's own HTML pages, as the application sends them."""

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from spatial.domain.status import Status
from spatial.serve.app import Service, create_app
from spatial.serve.door.headers import POLICY
from spatial.serve.door.pages import Visit, level_of, link_of, mark_of
from spatial.serve.read.edition import Edition

COLLECTION = "/collections/ouderen-gemeente"
ITEMS = f"{COLLECTION}/items"
PAGES = (
    "/",
    "/collections",
    COLLECTION,
    f"{COLLECTION}/schema",
    f"{COLLECTION}/queryables",
    ITEMS,
    f"{ITEMS}/GM0003-2020-01-01",
    "/collections/herindelingen",
    "/collections/herindelingen/items",
    "/collections/grenzen-gemeente/items",
    "/conformance",
    "/openapi",
)
_LOADS = {"script": "src", "img": "src", "iframe": "src", "link": "href", "use": "href"}


class Loads(HTMLParser):
    """Collect what a page loads, and where it holds code or style of its own."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.inline: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        address = values.get(_LOADS.get(tag, ""))
        if address:
            self.addresses.append(address)
        if tag == "style" or (tag == "script" and not address):
            self.inline.append(tag)
        self.inline += [name for name in values if name == "style" or name.startswith("on")]


def page(client: TestClient, path: str, language: str = "nl") -> str:
    answer = client.get(path, params={"f": "html", "lang": language})
    assert answer.status_code == 200, answer.text
    return answer.text


def query(path: str, language: str) -> str:
    return f"{path}{'&' if '?' in path else '?'}f=html&lang={language}"


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_in_its_language_and_loads_nothing_from_elsewhere(
    client: TestClient, path: str, language: str
) -> None:
    answer = client.get(query(path, language))

    assert answer.status_code == 200, answer.text
    assert f'<html lang="{language}">' in answer.text
    loads = Loads(answer.text)
    assert loads.inline == []
    for address in loads.addresses:
        assert re.match(r"/static/|http://testserver[/?]", address), address


@pytest.mark.parametrize("path", [*PAGES, "/collections/onbekend"])
def test_a_page_may_only_use_what_is_its_own(client: TestClient, path: str) -> None:
    headers = client.get(query(path, "nl")).headers

    assert headers["content-security-policy"] == POLICY
    assert "unsafe" not in POLICY
    assert headers["x-content-type-options"] == "nosniff"
    assert "referrer-policy" in headers


def test_no_answer_tells_the_version_of_software(client: TestClient) -> None:
    for path in ("/", ITEMS, f"{ITEMS}?f=html", "/collections/onbekend"):
        assert "x-powered-by" not in client.get(path).headers


def test_the_maps_keep_the_policy_that_they_carry(client: TestClient) -> None:
    headers = client.get("/kaart/").headers

    assert "content-security-policy" not in headers
    assert headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("path", PAGES)
def test_every_own_file_and_page_that_a_page_names_is_there(client: TestClient, path: str) -> None:
    text = client.get(query(path, "en")).text

    for address in set(re.findall(r'(?:src|href)="(/[^"]*)"', text)):
        if not address.startswith(("/static/leaflet", "/static/swagger")):
            assert client.get(address.replace("&amp;", "&")).status_code == 200, address


@pytest.mark.parametrize(
    ("accept", "language"),
    [("nl", "nl"), ("en-GB,en;q=0.9", "en"), ("fr", "nl"), ("", "nl"), ("en;q=0.5, nl", "nl")],
)
def test_the_language_follows_the_browser_and_is_dutch_otherwise(
    client: TestClient, accept: str, language: str
) -> None:
    text = client.get("/?f=html", headers={"Accept-Language": accept}).text

    assert f'<html lang="{language}">' in text


def test_the_other_language_is_one_link_away_with_the_same_question(client: TestClient) -> None:
    text = client.get(f"{ITEMS}?f=html&limit=8&offset=8&lang=nl").text

    switch = re.search(r'href="([^"]*)" lang="en"', text)

    assert switch is not None
    english = client.get(switch[1].replace("&amp;", "&")).text
    assert "9 to 16 of 24" in english


@pytest.mark.parametrize("path", [ITEMS, f"{ITEMS}/GM0003-2020-01-01"])
def test_a_name_with_markup_stays_text(client: TestClient, path: str) -> None:
    text = page(client, path)

    assert "Oost &lt;b&gt;" in text
    assert "<b>" not in text.replace("<li><b>", "")


@pytest.mark.parametrize(
    "hostile", ['"><script>alert(1)</script>', "'onmouseover='alert(1)", "javascript:alert(1)"]
)
def test_what_is_asked_comes_back_as_text_only(client: TestClient, hostile: str) -> None:
    parameters = {"f": "html", "regioNaam": hostile}

    text = client.get(ITEMS, params=parameters).text

    assert "Geen enkele feature voldoet" in text
    assert Loads(text).inline == []
    assert 'href="javascript:' not in text


def test_a_confidential_figure_is_a_dot_with_its_meaning_in_words(client: TestClient) -> None:
    text = client.get(f"{ITEMS}?f=html&regioCode=GM0002&datetime=2020-01-01").text

    row = text[text.index("<tbody>") : text.index("</tbody>")]

    assert '<span class="teken" aria-hidden="true">.</span>' in row
    assert '<span class="verborgen"> geheim of onbekend</span>' in row
    assert '<td class="getal">0' not in row


def test_a_figure_of_a_feature_stands_with_status_and_bounds(client: TestClient) -> None:
    text = page(client, f"{ITEMS}/GM0001-2020-01-01")

    cells = re.findall(r"<td[^>]*>(.*?)</td>", text[text.index('scope="row">Personen<') :])

    assert cells[:5] == ["120", "personen", "waargenomen", "118", "122"]


def test_the_table_has_every_sign_in_its_legend() -> None:
    signs = ["", "Σ", "≈", "=", ".", "", "-", "<", "?"]

    assert [mark_of(status) for status in Status] == signs


def test_a_page_of_features_is_short_unless_a_limit_is_asked(client: TestClient) -> None:
    browser = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}

    for answer in (client.get(f"{ITEMS}?f=html"), client.get(ITEMS, headers=browser)):
        assert "limit=50" in answer.text
    assert "limit=50" not in client.get(f"{ITEMS}?f=html&limit=8").text
    assert client.get(f"{ITEMS}?f=json").json()["numberReturned"] == 24


@pytest.mark.parametrize("language", ["nl", "en"])
def test_pages_lead_forward_and_backward_in_the_same_language(
    client: TestClient, language: str
) -> None:
    text = client.get(f"{ITEMS}?f=html&limit=8&offset=8&lang={language}").text

    links = dict(re.findall(r'<a rel="(prev|next)" href="([^"]*)"', text))

    assert sorted(links) == ["next", "prev"]
    for address in links.values():
        assert f'<html lang="{language}">' in client.get(address.replace("&amp;", "&")).text


@pytest.mark.parametrize(
    "selection", ["properties=personen", "skipGeometry=true", "properties=regioCode"]
)
def test_a_selection_of_properties_is_a_page_too(client: TestClient, selection: str) -> None:
    assert client.get(f"{ITEMS}?f=html&{selection}").status_code == 200


@pytest.mark.parametrize(
    ("language", "heading"), [("nl", "Dit kan niet"), ("en", "This cannot be had")]
)
def test_a_refusal_in_a_page_is_in_the_language_asked(
    client: TestClient, language: str, heading: str
) -> None:
    accepted = {"Accept": "text/html", "Accept-Language": language}

    answer = client.get("/collections/onbekend", headers=accepted)

    assert answer.status_code == 404
    assert f'<html lang="{language}">' in answer.text
    assert f"<h1>{heading}</h1>" in answer.text
    assert '<p lang="en"><code>Collection not found</code></p>' in answer.text


@pytest.mark.parametrize(
    "path", ["/jobs", "/jobs/1", "/stac-api/search", "/TileMatrixSets", "/asyncapi"]
)
def test_what_is_not_offered_is_not_found(client: TestClient, path: str) -> None:
    answer = client.get(path, params={"f": "html"})

    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("part", ["coverage", "map", "tiles", "position", "instances"])
def test_a_part_that_a_collection_lacks_is_refused_in_a_page_of_ours(
    client: TestClient, part: str
) -> None:
    answer = client.get(f"{COLLECTION}/{part}?f=html")

    assert 400 <= answer.status_code < 500
    assert not [address for address in Loads(answer.text).addresses if "//" in address]


def test_pages_say_that_figures_are_examples(client: TestClient) -> None:
    assert "Voorbeeldcijfers: door de computer gemaakt" in page(client, "/")
    assert "Example figures: made by a computer" in page(client, ITEMS, "en")


def test_a_collection_is_ready_to_copy_for_every_client(client: TestClient) -> None:
    text = page(client, COLLECTION)

    for start in (
        "ogr2ogr -f GPKG",
        "gpd.read_file(",
        "st_read(",
        "await fetch(",
        "kaart.addSource(",
        "new ol.source.OGCVectorTile(",
    ):
        assert start in text
    assert "http://testserver/</code>" in text
    assert f"http://testserver{COLLECTION}/tiles/WebMercatorQuad?f=tilejson&amp;" in text


def test_collections_are_grouped_by_subject(client: TestClient, edition: Edition) -> None:
    text = page(client, "/collections")

    assert {"Ouderen", "Grenzen", "Herindelingen"} <= set(
        re.findall(r'<h2 id="[^"]*">([^<]*)', text)
    )
    for collection in edition.contents.collections:
        assert f"/collections/{collection.id}?f=html" in text


def test_a_page_without_a_snapshot_is_unavailable(config: Path, tmp_path: Path) -> None:
    empty = TestClient(create_app(Service(config, tmp_path, "http://leeg")))

    for path in ("/?f=html", "/collections?f=html", f"{COLLECTION}/schema?f=html"):
        assert empty.get(path).status_code == 503


def test_a_service_under_a_path_links_to_its_own_files() -> None:
    visit = Visit("https://host.example/kaart", english=False)

    assert visit.file("static/stijl.css") == "/kaart/static/stijl.css"
    assert visit.page("collections") == "/kaart/collections?f=html&lang=nl"


def test_numbers_and_truths_are_written_in_the_language() -> None:
    dutch, english = Visit("", english=False), Visit("", english=True)

    assert (dutch.number(1234.5), english.number(1234.5)) == ("1.234,5", "1,234.5")
    assert (dutch.value(value=True), english.value(value=False)) == ("ja", "no")
    assert dutch.value(None) == ""


def test_a_document_without_the_form_asked_is_an_error() -> None:
    with pytest.raises(LookupError, match="text/csv"):
        link_of({"links": []}, "text/csv")


def test_a_collection_that_compares_is_named_so_among_those_of_its_theme(edition: Edition) -> None:
    figures = edition.contents.get("ouderen-gemeente")
    compared = replace(figures, id="ouderen-vergelijking-gemeente-indeling-2026")

    assert level_of(figures, Visit("", english=False)) == "gemeenten"
    assert level_of(compared, Visit("", english=False)) == "vergelijking: gemeenten, indeling 2026"
