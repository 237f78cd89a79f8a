"""Pieces of JSON Schema (as OpenAPI 3.0 writes it) of the documents that processes give."""

from typing import Any

type Part = dict[str, Any]

TEXT: Part = {"type": "string"}
NUMBER: Part = {"type": "number"}
FLAG: Part = {"type": "boolean"}


def nullable(part: Part) -> Part:
    """Return a schema of which the value may be missing."""
    found = {**part, "nullable": True}
    if "enum" in found:
        found["enum"] = [*found["enum"], None]
    return found


def texts(*values: str) -> Part:
    """Return the schema of one of some texts."""
    return {"type": "string", "enum": list(values)}


def listed(part: Part) -> Part:
    """Return the schema of a list."""
    return {"type": "array", "items": part}


def object_of(**properties: Part) -> Part:
    """Return the schema of an object that has all of these members."""
    return {"type": "object", "required": list(properties), "properties": properties}


def with_sources(**properties: Part) -> Part:
    """Return the schema of an answer: its own members, and those that every answer has."""
    source = object_of(id=TEXT, titel=TEXT, status=TEXT, licentie=TEXT, url=nullable(TEXT))
    return object_of(
        proces=TEXT,
        snapshot=TEXT,
        **properties,
        bronnen=listed(source),
        meldingen=listed(object_of(nl=TEXT, en=TEXT)),
        links=listed(object_of(rel=TEXT, type=TEXT, title=TEXT, href=TEXT)),
    )
