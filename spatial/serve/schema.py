"""The properties of a collection as JSON Schema, as OGC API Features Part 3 and 5 write them."""

from collections.abc import Iterable
from typing import Any

from spatial.domain.status import Status
from spatial.store.catalogue import Collection, Field

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_STATUSES = frozenset(status.value for status in Status)
_UNITS = {"%": "%", "km2": "km2"}


def schema_document(collection: Collection, address: str, *, english: bool) -> dict[str, Any]:
    """Return what every feature carries: its id, its shape and its properties.

    Args:
        collection: the collection.
        address: where the document is found.
        english: titles in English; otherwise in Dutch.
    """
    title = "Feature id" if english else "Id van de feature"
    identifier = {"type": "string", "title": title, "x-ogc-role": "id", "readOnly": True}
    return _document(collection, address, {"id": identifier}, english=english)


def queryables_document(collection: Collection, address: str, *, english: bool) -> dict[str, Any]:
    """Return by what features are selected: their properties and their shape."""
    return _document(collection, address, {}, english=english)


def _document(
    collection: Collection, address: str, first: dict[str, Any], *, english: bool
) -> dict[str, Any]:
    properties = property_schemas(collection.velden, english=english)
    for name, role in time_roles(collection).items():
        properties[name]["x-ogc-role"] = role
    geometry = {"title": "Shape" if english else "Vorm", **geometry_schema()}
    return {
        "$schema": _DIALECT,
        "$id": address,
        "title": collection.title_en if english else collection.titel_nl,
        "description": collection.description_en if english else collection.beschrijving_nl,
        "type": "object",
        "properties": {**first, "geometry": geometry, **properties},
        "additionalProperties": False,
    } | _definitions(properties, english=english)


def property_schemas(
    fields: Iterable[Field], *, english: bool = False
) -> dict[str, dict[str, Any]]:
    """Return a schema per property, in order: type, title, description, unit and code list.

    ``type`` is one word although values may be null: QGIS reads a list of types as text.
    """
    return {
        field.naam: _schema(field, place, english=english)
        for place, field in enumerate(fields, start=1)
    }


def geometry_schema() -> dict[str, str]:
    """Return the schema of the geometry."""
    return {"format": "geometry-multipolygon", "x-ogc-role": "primary-geometry"}


def time_roles(collection: Collection) -> dict[str, str]:
    """Return which properties are the time of a feature, by their role."""
    if collection.begin_veld == collection.eind_veld:
        return {collection.begin_veld: "primary-instant"}
    return {
        collection.begin_veld: "primary-interval-start",
        collection.eind_veld: "primary-interval-end",
    }


def _schema(field: Field, place: int, *, english: bool) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "string" if field.type == "date" else field.type}
    if field.type == "date":
        schema["format"] = "date"
    schema["title"] = field.title_en if english else field.titel_nl
    if field.beschrijving_nl:
        schema["description"] = field.beschrijving_nl
    if field.eenheid:
        # UCUM, which is meant where no x-ogc-unitLang stands, writes what is counted between braces
        schema["x-ogc-unit"] = _UNITS.get(field.eenheid, f"{{{field.eenheid}}}")
    if field.codes:
        schema["enum"] = list(field.codes)
    schema["x-ogc-propertySeq"] = place
    return schema


def _definitions(properties: dict[str, dict[str, Any]], *, english: bool) -> dict[str, Any]:
    """Give the codes of statuses their titles, once for all properties that have them."""
    used: set[str] = set()
    for schema in properties.values():
        if schema.get("enum", [""])[0] in _STATUSES:
            schema["allOf"] = [{"$ref": "#/$defs/status"}]
            used.update(schema["enum"])
    titles = [
        {"const": status.value, "title": status.label_en if english else status.label_nl}
        for status in Status
        if status.value in used
    ]
    return {"$defs": {"status": {"oneOf": titles}}} if used else {}
