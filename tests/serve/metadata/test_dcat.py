"""The DCAT document of miniland: what the profile asks, and that all it says of files is true."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pyshacl import validate
from rdflib import DCAT, DCTERMS, RDF, Graph, Literal, Namespace, URIRef
from starlette.testclient import TestClient

from spatial.domain.sources import SourceStatus
from spatial.serve.metadata.dcat import dcat_document
from spatial.serve.metadata.described import Described
from spatial.serve.metadata.families import families_of
from spatial.serve.metadata.owner import owner_of
from spatial.serve.read.edition import Edition
from spatial.store.snapshot import Snapshot

# of rdflib's own reader of JSON-LD
pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph:DeprecationWarning")

SHAPES = Path(__file__).with_name("dcat_ap_nl.ttl")
ADMS = Namespace("http://www.w3.org/ns/adms#")
SPDX = Namespace("http://spdx.org/rdf/terms#")
EU = "http://publications.europa.eu/resource/authority"
BASE = "http://testserver"
METADATA: dict[str, Any] = {
    "identification": {"title": "Kaart", "description": "Cijfers", "keywords": ["wonen"]},
    "license": {"name": "CC BY 4.0", "url": "https://e.org/by"},
    "contact": {"name": "Beheer", "email": "a@e.org", "url": "https://e.org"},
    "provider": {
        "name": "Gemeente",
        "url": "https://identifier.overheid.nl/tooi/id/gemeente/gm0363",
    },
}


@pytest.fixture(scope="module")
def shapes() -> Graph:
    return Graph().parse(SHAPES)


@pytest.fixture(scope="module")
def graph(client: TestClient) -> Graph:
    return read(client, "/dcat")


def read(client: TestClient, path: str) -> Graph:
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/ld+json"
    return Graph().parse(data=answer.text, format="json-ld")


def faults(graph: Graph, shapes: Graph) -> str:
    conforms, _, text = validate(graph, shacl_graph=shapes, inference="none")
    return "" if conforms else str(text)


def files(graph: Graph) -> Iterator[tuple[URIRef, str]]:
    for node, _, address in graph.triples((None, DCAT.downloadURL, None)):
        assert isinstance(node, URIRef)
        yield node, str(address).removeprefix(BASE)


def test_it_has_what_dcat_ap_nl_asks(graph: Graph, shapes: Graph) -> None:
    assert faults(graph, shapes) == ""


def test_a_data_set_by_itself_has_what_dcat_ap_nl_asks(client: TestClient, shapes: Graph) -> None:
    alone = read(client, "/dcat/ouderen")

    assert faults(alone, shapes) == ""
    assert list(alone.subjects(RDF.type, DCAT.Dataset)) == [URIRef(f"{BASE}/dcat/ouderen")]


@pytest.mark.parametrize(
    ("predicate", "of"),
    [
        (DCTERMS.accessRights, DCAT.Dataset),
        (DCTERMS.publisher, DCAT.Catalog),
        (DCTERMS.license, DCAT.Distribution),
        (DCAT.endpointDescription, DCAT.DataService),
        (DCAT.contactPoint, DCAT.Dataset),
    ],
)
def test_a_document_that_lacks_something_is_found_out(
    client: TestClient, shapes: Graph, predicate: URIRef, of: URIRef
) -> None:
    short = read(client, "/dcat/ouderen")
    node = next(short.subjects(RDF.type, of))

    short.remove((node, predicate, None))

    assert str(predicate).rpartition("/")[2].rpartition("#")[2] in faults(short, shapes)


def test_it_needs_nothing_from_elsewhere(client: TestClient) -> None:
    context = client.get("/dcat").json()["@context"]

    assert isinstance(context, dict)
    assert "@import" not in json.dumps(context)


def test_every_collection_can_be_had_through_the_service_and_as_a_file(
    client: TestClient, graph: Graph
) -> None:
    served = {
        str(graph.value(node, DCAT.accessURL))
        for node in graph.subjects(DCAT.accessService, URIRef(f"{BASE}/dcat#dienst"))
    }

    listed = client.get("/collections", params={"f": "json"}).json()["collections"]
    every = {f"{BASE}/collections/{entry['id']}" for entry in listed}
    assert served == every
    assert {str(graph.value(node, DCAT.accessURL)) for node, _ in files(graph)} == every


def test_size_and_checksum_are_those_of_the_bytes_that_are_sent(
    client: TestClient, graph: Graph
) -> None:
    measured = 0
    for node, path in files(graph):
        size, checksum = graph.value(node, DCAT.byteSize), graph.value(node, SPDX.checksum)
        if size is None:
            continue
        body = client.get(path).content
        assert len(body) == int(str(size))
        digest = str(graph.value(checksum, SPDX.checksumValue))
        assert hashlib.sha256(body).hexdigest() == digest.lower()
        measured += 1

    assert measured > 15


def test_every_address_of_the_service_is_answered(client: TestClient, graph: Graph) -> None:
    told = (
        DCAT.accessURL, DCAT.downloadURL, DCAT.landingPage, DCAT.endpointURL,
        DCAT.endpointDescription, DCTERMS.conformsTo, DCAT.dataset,
    )  # fmt: skip
    addresses = {str(one) for predicate in told for one in graph.objects(None, predicate)}

    for address in addresses:
        if address.startswith(BASE):
            assert client.get(address.removeprefix(BASE)).status_code == 200, address


def test_an_example_cannot_pass_for_real_data(graph: Graph) -> None:
    node = URIRef(f"{BASE}/dcat/ouderen")

    assert set(graph.objects(node, DCTERMS.title)) == {
        Literal("Ouderen (voorbeeldcijfers, schematische grenzen)", lang="nl"),
        Literal("Older people (example figures, schematic boundaries)", lang="en"),
    }
    assert graph.value(node, ADMS.status) == URIRef(f"{EU}/dataset-status/DEVELOP")
    for text in graph.objects(node, DCTERMS.description):
        assert "Voorbeeldcijfers:" in str(text) or "Example figures:" in str(text)
    for part in graph.objects(node, DCAT.distribution):
        assert graph.value(part, ADMS.status) == URIRef(f"{EU}/distribution-status/DEVELOP")
        said = " ".join(str(text) for text in graph.objects(part, DCTERMS.description))
        assert "Voorbeeldcijfers:" in said
        assert "Example figures:" in said


def test_real_data_is_called_complete_and_no_example(edition: Edition, shapes: Graph) -> None:
    contents = edition.contents
    official = [replace(source, status=SourceStatus.OFFICIEEL) for source in contents.sources]
    snapshot = Snapshot(edition.snapshot.path, edition.snapshot.manifest)
    # as if another build had written it
    vars(snapshot)["contents"] = replace(contents, sources=tuple(official))

    described = Described(
        tuple(families_of(snapshot)), snapshot.id, edition.moment, owner_of(METADATA, BASE)
    )

    text = json.dumps(dcat_document(described))
    assert faults(Graph().parse(data=text, format="json-ld"), shapes) == ""
    assert "/dataset-status/COMPLETED" in text
    assert "/planned-availability/AVAILABLE" in text
    assert "DEVELOP" not in text
    assert all("voorbeeld" not in dataset.title["nl"] for dataset in described.datasets)


def test_a_publisher_with_an_address_in_a_register_is_named_by_it() -> None:
    owner = owner_of(METADATA, "https://kaart.example.nl")

    assert owner.registered
    assert owner.keywords == {"nl": ["wonen"], "en": ["wonen"]}
    assert owner.title == {"nl": "Kaart", "en": "Kaart"}


@pytest.mark.parametrize("path", ["/dcat", "/dcat/ouderen"])
def test_it_has_a_validator_and_is_not_sent_twice(client: TestClient, path: str) -> None:
    first = client.get(path)

    again = client.get(path, headers={"If-None-Match": first.headers["etag"]})

    assert again.status_code == 304


@pytest.mark.parametrize(
    ("query", "headers", "status", "media_type"),
    [
        ("", {"Accept": "application/ld+json"}, 200, "application/ld+json"),
        ("", {"Accept": "application/json"}, 200, "application/json"),
        ("?f=jsonld", {"Accept": "text/html,*/*;q=0.8"}, 200, "application/json"),
        ("", {"Accept": "text/turtle"}, 406, "application/problem+json"),
        ("?f=ttl", {}, 400, "application/problem+json"),
        ("?lang=en", {}, 400, "application/problem+json"),
    ],
)
def test_it_is_answered_in_the_forms_that_it_has(
    client: TestClient, query: str, headers: dict[str, str], status: int, media_type: str
) -> None:
    answer = client.get(f"/dcat{query}", headers=headers)

    assert answer.status_code == status
    assert answer.headers["content-type"] == media_type


def test_a_data_set_that_is_not_there_is_a_problem(client: TestClient) -> None:
    answer = client.get("/dcat/geen")

    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("path", "address"),
    [("/", "/dcat"), ("/collections/ouderen-gemeente", "/dcat/ouderen")],
)
def test_the_service_and_its_collections_lead_to_it(
    client: TestClient, path: str, address: str
) -> None:
    links = client.get(path, params={"f": "json", "lang": "en"}).json()["links"]

    (found,) = (
        link for link in links if link["type"] == "application/ld+json" and "/dcat" in link["href"]
    )
    assert found["rel"] == "describedby"
    assert found["title"] == "Metadata as DCAT-AP-NL"
    assert found["href"] == f"{BASE}{address}"


@pytest.mark.parametrize(("language", "words"), [("nl", "Metagegevens"), ("en", "Metadata")])
def test_the_page_leads_to_it(client: TestClient, language: str, words: str) -> None:
    page = client.get("/", params={"f": "html", "lang": language}).text

    assert f'type="application/ld+json">{words} (DCAT-AP-NL)</a>' in page
