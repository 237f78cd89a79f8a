"""Metadata of the whole example: DCAT-AP-NL by its rules, STAC by its schemas."""

import warnings
from pathlib import Path

import httpx2
import pystac
import pytest
from pyshacl import validate
from rdflib import Graph

from tests.serve.metadata.reading import documents, valid

pytestmark = pytest.mark.client

SHAPES = Path(__file__).parents[1] / "serve" / "metadata" / "dcat_ap_nl.ttl"


def test_the_whole_catalogue_has_what_dcat_ap_nl_asks(web: httpx2.Client) -> None:
    with warnings.catch_warnings():
        # of rdflib's own reader of JSON-LD
        warnings.filterwarnings("ignore", "ConjunctiveGraph", DeprecationWarning)
        graph = Graph().parse(data=web.get("/dcat").text, format="json-ld")

    conforms, _, report = validate(graph, shacl_graph=Graph().parse(SHAPES), inference="none")

    assert conforms, report


def test_a_client_that_knows_only_the_address_finds_and_accepts_every_item(
    service: str, web: httpx2.Client
) -> None:
    listed = web.get("/collections?f=json").json()["collections"]

    read = documents(pystac.Catalog.from_file(f"{service}/stac"))

    assert {entry["id"] for entry in listed} == {
        document.id for document in read if isinstance(document, pystac.Item)
    }
    assert all(valid(document) for document in read)
