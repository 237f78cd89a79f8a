"""The page of all addresses of the API, from the OpenAPI document of the live snapshot."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

from spatial.serve.ask.offers import offer_of
from spatial.serve.config import limits_of
from spatial.serve.lane.version import API_VERSION
from spatial.serve.openapi.document import About, Offered, openapi_document
from spatial.serve.processes.offered import processes_of
from spatial.settings import Settings
from spatial.store.catalogue import WAARNEMINGEN
from spatial.store.snapshot import open_snapshot

type Part = dict[str, Any]

SHOWN = "ouderen-gemeente"
"""Stands for all collections: they have the same addresses, and other properties."""

_HEAD = """---
lang: nl
---
# Elk adres van de API

Gemaakt uit het OpenAPI-document van de dienst (versie {version}) als de site gemaakt wordt. Hoe de API werkt staat in
[De API](../api.md). Het document zelf, met elk kenmerk van elke collectie, is `/openapi.json`; in de browser
`/openapi?f=html`. `{{collectionId}}` staat voor elke collectie; elk kenmerk daarvan is bij `/items` ook een parameter.
Zet `/v1` voor het adres. Naast wat er staat kan elk antwoord 304 (niet veranderd), 400 of 406 zijn, of een andere
[fout](../api.md#fouten).
"""
_ALWAYS = ("304", "400", "406", "default")


@dataclass(frozen=True, slots=True)
class _Document:
    whole: Part

    def resolved(self, part: Part) -> Part:
        """Return a part, or what it refers to."""
        if "$ref" not in part:
            return part
        kind, name = part["$ref"].split("/")[-2:]
        found: Part = self.whole["components"][kind][name]
        return found


def addresses_page(settings: Settings) -> str:
    """Return the page (Markdown): of every address what it is, asks and answers.

    Raises:
        StoreError: there is no snapshot.
    """
    snapshot = open_snapshot(settings.data)
    config = yaml.safe_load(settings.config.read_text(encoding="utf-8"))
    about = About("/v1", API_VERSION, config["metadata"])
    offered = Offered(snapshot.contents, tuple(processes_of(snapshot).values()))
    whole = openapi_document(about, offered, limits_of(config), english=False)
    document = _Document(whole)
    parts = [_HEAD.format(version=API_VERSION)]
    for path, operations in whole["paths"].items():
        if shown := _shown(path):
            for method, operation in operations.items():
                parts += _section(document, f"{method.upper()} {shown}", path, operation)
    return "\n".join(parts)


def _shown(path: str) -> str:
    """Return a path as the page has it; empty when it is another collection's."""
    parts = path.split("/")
    if parts[1] != "collections" or len(parts) == len(["", "collections"]):
        return path
    if parts[2] == SHOWN:
        return "/".join(["", "collections", "{collectionId}", *parts[3:]])
    own = parts[2].startswith("{") or (parts[2] == WAARNEMINGEN and parts[3:])
    return path if own else ""


def _section(document: _Document, title: str, path: str, operation: Part) -> Iterator[str]:
    summary = operation["summary"].rpartition(": ")[2]
    yield f"## `{title}`\n\n{summary[:1].upper()}{summary[1:]}.\n"
    offer = offer_of(path)
    known = {*offer[0].parameters, *offer[0].pattern.groupindex} if offer else set()
    given = [document.resolved(entry) for entry in operation.get("parameters", [])]
    rows = [
        _asked(document, entry)
        for entry in given
        if entry["in"] == "path" or entry["name"] in known or "/processes/" in path
    ]
    if rows:
        yield "\n".join(["| parameter | wat | waarde |", "|---|---|---|", *rows, ""])
    answers = [
        _answered(status, document.resolved(entry))
        for status, entry in operation["responses"].items()
        if status not in _ALWAYS
    ]
    yield "\n".join(["| antwoord | wat | vorm |", "|---|---|---|", *answers, ""])


def _asked(document: _Document, entry: Part) -> str:
    schema = document.resolved(entry.get("schema", {}))
    must = " (verplicht)" if entry.get("required") and entry["in"] != "path" else ""
    told = _cell(entry.get("description", ""))
    return f"| `{entry['name']}`{must} | {told} | {_value(document, schema)} |"


def _value(document: _Document, schema: Part) -> str:
    """Return what a value may be: its choices when they are few, else its type and limits."""
    if len(choices := schema.get("enum", [])) in range(1, 13):
        said = ", ".join(f"`{choice}`" for choice in choices)
    elif schema.get("type") == "array":
        said = f"lijst van {_value(document, document.resolved(schema.get('items', {})))}"
    else:
        said = {"integer": "geheel getal", "number": "getal", "boolean": "`true` of `false`"}.get(
            schema.get("type", ""), "tekst"
        )
        bounds = [str(schema[edge]) for edge in ("minimum", "maximum") if edge in schema]
        said += f" ({' - '.join(bounds)})" if bounds else ""
    return f"{said}; anders `{schema['default']}`" if "default" in schema else said


def _answered(status: str, entry: Part) -> str:
    types = ", ".join(f"`{name}`" for name in entry.get("content", {}))
    return f"| {status} | {_cell(entry.get('description', ''))} | {types} |"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;")
