"""Names, titles and ids that try to be markup or code: every page shows them as text."""

from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import quote

import pyarrow as pa
import pytest
from starlette.testclient import TestClient

from spatial.domain.sources import Source
from spatial.serve.app import Service, create_app
from spatial.store.catalogue import Collection, Contents, Field
from spatial.store.snapshot import Snapshot, draft, open_snapshot, publish

# FlatGeobuf names its layer as a file
pytestmark = pytest.mark.filterwarnings("ignore:Invalid layer name:RuntimeWarning")

TEXT = (
    "javascript:alert(1)</script></title></select></textarea></style>--><script>alert(1)</script>"
    "\" onmouseover=\"x' onfocus='x\n<img src=x onerror=alert(1)>{{ 7 * 7 }}&quot;><b>"
)
ID = "\"'><img src=x onerror=alert(1)>{{7*7}}&lt;"
"""What an address can hold: no slash and no line."""
NAMES = ("regioNaam", "oudeNaam", "nieuweNaam", "bron", "opmerking", "zekerheid")
PAGES = (
    "/",
    "/collections",
    "/collections/ouderen-gemeente{more}",
    "/collections/ouderen-gemeente{more}/schema",
    "/collections/ouderen-gemeente{more}/queryables",
    "/collections/ouderen-gemeente{more}/items",
    "/collections/ouderen-gemeente{more}/items?limit=3&offset=3",
    "/collections/ouderen-gemeente{more}/items/GM0003-2020-01-01{more}",
    "/collections/herindelingen{more}",
    "/collections/herindelingen{more}/items",
    "/conformance",
    "/openapi",
)

type Shape = list[tuple[str, tuple[str, ...]]]


class Markup(HTMLParser):
    """Elements with the names of their attributes, addresses, text, and text inside scripts."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.shape: Shape = []
        self.addresses: list[str] = []
        self.texts: list[str] = []
        self.code: list[str] = []
        self._within = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._within = tag
        self.shape.append((tag, tuple(name for name, _ in attrs)))
        for name, value in attrs:
            self.texts.append(value or "")
            if name in {"href", "src", "action", "formaction", "srcset", "data"}:
                self.addresses.append(value or "")

    def handle_endtag(self, tag: str) -> None:
        self._within = ""
        self.shape.append((f"/{tag}", ()))

    def handle_comment(self, data: str) -> None:
        self.shape.append((f"<!--{data}", ()))

    def handle_data(self, data: str) -> None:
        (self.code if self._within in {"script", "style"} else self.texts).append(data)


def hostile_snapshot(kind: Snapshot, root: Path) -> Snapshot:
    """Write a snapshot again with every name, title and id turned against the pages."""
    contents = kind.contents
    turned = Contents(
        tuple(_collection(entry) for entry in contents.collections),
        tuple(_source(source) for source in contents.sources),
    )
    with draft(root) as draft_:
        for before in contents.collections:
            draft_.add_layer(before.bestand, _layer(kind.layer(before)))
        draft_.seal(turned, {})
        return publish(draft_, root)


def _layer(layer: pa.Table) -> pa.Table:
    ids = [f"{text}{ID}" for text in layer["id"].to_pylist()]
    columns = {"id": ids} | {
        name: [TEXT if text is None else f"{text}{TEXT}" for text in layer[name].to_pylist()]
        for name in NAMES
        if name in layer.column_names
    }
    for name, values in columns.items():
        place = layer.column_names.index(name)
        field = layer.schema.field(place)
        layer = layer.set_column(place, field, pa.array(values, pa.string()).cast(field.type))
    return layer


def _collection(entry: Collection) -> Collection:
    return replace(
        entry,
        id=f"{entry.id}{ID}",
        titel_nl=f"{entry.titel_nl}{TEXT}",
        title_en=f"{entry.title_en}{TEXT}",
        beschrijving_nl=f"{entry.beschrijving_nl}{TEXT}",
        description_en=f"{entry.description_en}{TEXT}",
        trefwoorden=(*entry.trefwoorden, TEXT),
        velden=tuple(_field(field) for field in entry.velden),
        bronnen=tuple(f"{source}{TEXT}" for source in entry.bronnen),
    )


def _field(field: Field) -> Field:
    return replace(
        field,
        titel_nl=f"{field.titel_nl}{TEXT}",
        title_en=f"{field.title_en}{TEXT}",
        beschrijving_nl=f"{field.beschrijving_nl}{TEXT}",
        eenheid=field.eenheid if field.eenheid in {"", "%"} else TEXT,
        codes=(*field.codes, TEXT) if field.codes and not field.indicator else field.codes,
    )


def _source(source: Source) -> Source:
    return replace(source, id=f"{source.id}{TEXT}", titel=TEXT, licentie=TEXT, url=TEXT)


@pytest.fixture(scope="module")
def hostile(root: Path, config: Path, tmp_path_factory: pytest.TempPathFactory) -> TestClient:
    """Client of a service over miniland with hostile names."""
    folder = tmp_path_factory.mktemp("hostile")
    hostile_snapshot(open_snapshot(root), folder)
    return TestClient(create_app(Service(config, folder, "http://testserver")))


def marked(client: TestClient, page: str, more: str, language: str) -> Markup:
    path = page.format(more=quote(more, safe=""))
    answer = client.get(f"{path}{'&' if '?' in path else '?'}f=html&lang={language}")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html"), answer.text
    return Markup(answer.text)


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("page", PAGES)
def test_no_element_and_no_attribute_comes_from_a_name(
    client: TestClient, hostile: TestClient, page: str, language: str
) -> None:
    harmless = marked(client, page, "", language)

    assert marked(hostile, page, ID, language).shape == harmless.shape


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("page", PAGES)
def test_no_name_becomes_code_or_an_address_of_code(
    hostile: TestClient, page: str, language: str
) -> None:
    found = marked(hostile, page, ID, language)

    assert [text for text in found.code if text.strip()] == []
    for address in found.addresses:
        assert address.startswith(("/", "#", "http://testserver", "https://", "mailto:")), address


@pytest.mark.parametrize("page", [page for page in PAGES if "{" in page])
def test_a_hostile_name_is_read_as_it_is(hostile: TestClient, page: str) -> None:
    texts = marked(hostile, page, ID, "nl").texts

    assert any(TEXT in text for text in texts)


def test_a_collection_that_is_not_there_is_named_as_text(client: TestClient) -> None:
    def refusal(name: str) -> Markup:
        answer = client.get(f"/collections/{name}", headers={"Accept": "text/html"})
        assert answer.status_code == 404
        return Markup(answer.text)

    assert refusal(quote(ID, safe="")).shape == refusal("onbekend").shape
