"""Schemas of the documents for other catalogues; their own standards say the rest."""

from spatial.serve.openapi.voice import Part, reference

_TEXT: Part = {"type": "string"}
_FREE: Part = {"type": "object"}


def metadata_schemas() -> dict[str, Part]:
    """Return the schemas of DCAT and STAC, by name."""
    links = reference("schemas", "links")
    named: Part = {"id": _TEXT, "title": _TEXT, "description": _TEXT, "links": links}
    return {
        "dcat": _object(
            **{"@context": _FREE, "@graph": {"type": "array", "minItems": 1, "items": _FREE}}
        ),
        "stacCatalog": _object(type=_only("Catalog"), stac_version=_TEXT, **named),
        "stacCollection": _object(
            type=_only("Collection"),
            stac_version=_TEXT,
            **named,
            license=_TEXT,
            extent=_FREE,
            keywords={"type": "array", "items": _TEXT},
            providers={"type": "array", "items": _FREE},
        ),
        "stacItem": _object(
            type=_only("Feature"),
            stac_version=_TEXT,
            stac_extensions={"type": "array", "items": {"type": "string", "format": "uri"}},
            id=_TEXT,
            collection=_TEXT,
            bbox={"type": "array", "minItems": 4, "maxItems": 4, "items": {"type": "number"}},
            geometry=_FREE,
            properties=_FREE,
            assets={"type": "object", "additionalProperties": {"type": "object"}},
            links=links,
        ),
    }


def _only(value: str) -> Part:
    return {"type": "string", "enum": [value]}


def _object(**properties: Part) -> Part:
    return {"type": "object", "required": list(properties), "properties": properties}
