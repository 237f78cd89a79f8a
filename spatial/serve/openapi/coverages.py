"""Coverages in the document: each with its own addresses."""

from collections.abc import Iterator, Sequence

from spatial.domain.crs import CRS84, RD
from spatial.serve.ask.offers import COLLECTION, COVERAGE, HTML, JSON, JSON_LD, offered
from spatial.serve.coverage.wording import file_name
from spatial.serve.openapi import parameters, responses
from spatial.serve.openapi.voice import Part, Voice, reference
from spatial.store.files.enclosures import FILES
from spatial.store.rasters.index import Coverage

_SCHEMA = f"{COLLECTION}/schema"
_FORMS = "f.coverage"
_BINARY: Part = {"type": "string", "format": "binary"}
_TEXT: Part = {"type": "string"}
_NUMBER: Part = {"type": "number"}
_REFUSED = {"400": "badRequest", "404": "notFound", "406": "notAcceptable", "default": "problem"}


def coverage_paths(coverages: Sequence[Coverage], said: Voice) -> Iterator[tuple[str, Part]]:
    """Give the addresses of every coverage: what it is, its field, its cells, its file."""
    of_document = parameters.references(offered(COLLECTION), None)
    of_schema = parameters.references(offered(_SCHEMA), None)
    of_cells = [reference("parameters", name) for name in _of_cells(said)]
    shared = [reference("parameters", name) for name in ("bbox-crs", "lang")]
    schema = responses.name_of(offered(_SCHEMA), None)
    for one in coverages:
        base = COLLECTION.replace("{collectionId}", one.id)
        title = said(one.title_nl, one.title_en)
        for path, name, words, asked, answer in (
            ("", "getCollection", ("beschrijving", "description"), of_document, "coverage"),
            ("/schema", "getSchema", ("kenmerk", "field"), of_schema, schema),
            ("/coverage", "getCoverage", ("cellen", "cells"), [*of_cells, *shared], "cells"),
            (
                f"/{FILES}/{file_name(one)}", "getRaster",
                ("het hele raster", "the whole raster"), [], "raster",
            ),
        ):  # fmt: skip
            refused = dict(_REFUSED)
            if path == "/coverage":
                refused["413"] = "problem"
            answers = {"200": answer, "304": "notModified", **refused}
            yield (
                f"{base}{path}",
                {
                    "get": {
                        "operationId": f"{name}.{one.id}",
                        "summary": f"{title}: {said(*words)}",
                        "tags": [one.id],
                        "parameters": asked,
                        "responses": {
                            status: reference("responses", component)
                            for status, component in sorted(answers.items())
                        },
                    }
                },
            )


def coverage_parameters(coverages: Sequence[Coverage], said: Voice) -> dict[str, Part]:
    """Return the parameters of cells by the name of their component; none without coverages."""
    return _of_cells(said) if coverages else {}


def coverage_responses(coverages: Sequence[Coverage], said: Voice) -> dict[str, Part]:
    """Return the answers by the name of their component; none without coverages."""
    if not coverages:
        return {}
    description = said("Wat gevraagd is.", "What was asked.")
    geotiff, *texts = (name for types in offered(COVERAGE).forms.values() for name in types)
    cells = {geotiff: _BINARY, **dict.fromkeys(texts, reference("schemas", "coverageJson"))}
    documents = {
        JSON: reference("schemas", "coverageCollection"),
        HTML: _TEXT,
        JSON_LD: {"type": "object"},
    }
    headers = {
        name: {"description": said(dutch, english), "schema": _TEXT}
        for name, dutch, english in (
            ("Content-Crs", "Stelsel van de cellen.", "Reference system of the cells."),
            (
                "Content-Bbox", "Links, onder, rechts, boven van het antwoord.",
                "Left, bottom, right, top of the answer.",
            ),
        )
    }  # fmt: skip
    return {
        "coverage": {"description": description, "content": _content(documents)},
        "cells": {"description": description, "content": _content(cells), "headers": headers},
        "raster": {
            "description": description,
            "content": _content({geotiff: _BINARY}),
            "headers": headers,
        },
    }


def coverage_schemas(coverages: Sequence[Coverage], collections: Part) -> dict[str, Part]:
    """Return the schemas by name, the list of collections among them; none without coverages.

    Args:
        coverages: what there is.
        collections: the schema of a list of features only.
    """
    if not coverages:
        return {}
    either: Part = {
        "type": "array",
        "items": {
            "anyOf": [
                reference("schemas", "collection"),
                reference("schemas", "coverageCollection"),
            ]
        },
    }
    return {
        "collections": {
            **collections,
            "properties": {**collections["properties"], "collections": either},
        },
        "coverageCollection": _collection(),
        "coverageJson": _coverage_json(),
    }


def _of_cells(said: Voice) -> dict[str, Part]:
    forms = offered(COVERAGE).forms
    texts: dict[str, tuple[str, str, Part]] = {
        _FORMS: (
            "f",
            said(
                "Vorm van het antwoord; gaat voor de Accept-header.",
                "Form of the answer; goes before the Accept header.",
            ),
            {"type": "string", "enum": list(forms), "default": next(iter(forms))},
        ),
        "bbox.coverage": (
            "bbox",
            said(
                "Alleen cellen die dit vak raken; vier getallen.",
                "Only cells that meet this box; four numbers.",
            ),
            {"type": "array", "minItems": 4, "maxItems": 6, "items": _NUMBER},
        ),
        "datetime.coverage": (
            "datetime",
            said(
                "Alleen banden van dit peilmoment of deze periode: 2022-01-01, "
                "2018-01-01/2022-12-31.",
                "Only bands of this reference date or period: 2022-01-01, 2018-01-01/2022-12-31.",
            ),
            {"type": "string", "minLength": 2},
        ),
        "subset": (
            "subset",
            said(
                "Assen E en N (RD), of Lat en Lon, en time: E(110000:140000),N(480000:500000), "
                'time("2022-01-01"); * is een open einde.',
                "Axes E and N (RD), or Lat and Lon, and time: E(110000:140000),N(480000:500000), "
                'time("2022-01-01"); * is an open end.',
            ),
            {
                "type": "array",
                "minItems": 1,
                "items": {"type": "string", "pattern": r"^[A-Za-z]+\([^()]+\)$"},
            },
        ),
    }
    return {
        component: {
            "name": name,
            "in": "query",
            "description": text,
            "required": False,
            "style": "form",
            "explode": False,
            "schema": schema,
        }
        for component, (name, text, schema) in texts.items()
    }


def _collection() -> Part:
    axis: Part = {
        "type": "object",
        "required": ["cellsCount", "resolution", "firstCoordinate"],
        "properties": {
            "cellsCount": {"type": "integer", "minimum": 1},
            "resolution": _NUMBER,
            "firstCoordinate": _NUMBER,
        },
    }
    box: Part = {"type": "array", "items": {"type": "array", "items": _NUMBER, "minItems": 4}}
    spatial: Part = {
        "type": "object",
        "required": ["bbox", "crs", "storageCrsBbox", "grid"],
        "properties": {
            "bbox": box,
            "crs": {"type": "string", "enum": [CRS84.uri]},
            "storageCrsBbox": box,
            "grid": {"type": "array", "items": axis, "minItems": 2, "maxItems": 2},
        },
    }
    days: Part = {"type": "array", "items": {"type": "string", "format": "date"}}
    temporal: Part = {
        "type": "object",
        "required": ["interval", "trs", "grid"],
        "properties": {
            "interval": {"type": "array", "items": {"type": "array", "items": _TEXT}},
            "trs": _TEXT,
            "grid": {
                "type": "object",
                "properties": {"cellsCount": {"type": "integer"}, "coordinates": days},
            },
        },
    }
    uris: Part = {"type": "string", "enum": [RD.uri]}
    properties: Part = {
        "id": _TEXT, "title": _TEXT, "description": _TEXT,
        "keywords": {"type": "array", "items": _TEXT},
        "links": reference("schemas", "links"),
        "extent": {
            "type": "object",
            "required": ["spatial", "temporal"],
            "properties": {"spatial": spatial, "temporal": temporal},
        },
        "itemType": {"type": "string", "enum": ["coverage"]},
        "layerDataType": {"type": "string", "enum": ["Coverage"]},
        "crs": {"type": "array", "items": uris, "minItems": 1},
        "storageCrs": uris,
    }  # fmt: skip
    return {"type": "object", "required": list(properties), "properties": properties}


def _coverage_json() -> Part:
    members: Part = {
        "type": {"type": "string", "enum": ["Coverage"]},
        "id": _TEXT,
        "domain": {"type": "object"},
        "parameters": {"type": "object", "additionalProperties": {"type": "object"}},
        "ranges": {
            "type": "object",
            "additionalProperties": {
                "type": "object",
                "required": ["type", "dataType", "axisNames", "shape", "values"],
                "properties": {
                    "type": {"type": "string", "enum": ["NdArray"]},
                    "dataType": {"type": "string", "enum": ["float"]},
                    "axisNames": {"type": "array", "items": _TEXT},
                    "shape": {"type": "array", "items": {"type": "integer", "minimum": 1}},
                    "values": {"type": "array", "items": {**_NUMBER, "nullable": True}},
                },
            },
        },
    }
    return {"type": "object", "required": list(members), "properties": members}


def _content(schemas: dict[str, Part]) -> Part:
    return {media_type: {"schema": schema} for media_type, schema in schemas.items()}
