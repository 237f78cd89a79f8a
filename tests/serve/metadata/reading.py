"""STAC as pystac reads it, from the application and by schemas that are here."""

import json
from pathlib import Path
from typing import Any

import pystac
from pystac.stac_io import DefaultStacIO
from pystac.validation.stac_validator import JsonSchemaSTACValidator
from starlette.testclient import TestClient

BASE = "http://testserver"
_SCHEMAS = Path(__file__).with_name("stac")


class Served(DefaultStacIO):
    """Reads from an application instead of over the network."""

    def __init__(self, client: TestClient) -> None:
        super().__init__()
        self._client = client
        self.read: list[str] = []

    def read_text_from_href(self, href: str) -> str:
        self.read.append(href)
        answer = self._client.get(href.removeprefix(BASE))
        assert answer.status_code == 200, f"{href}: {answer.text}"
        return answer.text


def validator() -> JsonSchemaSTACValidator:
    """Return pystac's validator with the schemas of extensions, so that it fetches none."""
    found = JsonSchemaSTACValidator()
    for path in _SCHEMAS.glob("*.json"):
        name, _, version = path.stem.rpartition("-")
        address = f"https://stac-extensions.github.io/{name}/{version}/schema.json"
        found.schema_cache[address] = json.loads(path.read_text(encoding="utf-8"))
    return found


def documents(catalog: pystac.Catalog) -> list[pystac.STACObject]:
    """Return a catalogue and all that its links lead to."""
    found: list[pystac.STACObject] = []
    for root, _, items in catalog.walk():
        found += [root, *items]
    return found


def valid(document: pystac.STACObject) -> list[Any]:
    """Judge a document by the core and by every extension that it names; return the schemas."""
    return document.validate(validator())
