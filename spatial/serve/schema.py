"""The properties of a collection as JSON Schema, as OGC API Features Part 5 writes them."""

from collections.abc import Iterable
from typing import Any

from spatial.store.catalogue import Collection, Field


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
        schema["x-ogc-unit"] = field.eenheid
    if field.codes:
        schema["enum"] = list(field.codes)
    schema["x-ogc-propertySeq"] = place
    return schema
