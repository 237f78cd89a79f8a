"""Schemas of the documents that the service answers."""

from spatial.serve.openapi.metadata import metadata_schemas
from spatial.serve.openapi.profiles import profile_schemas
from spatial.serve.openapi.voice import Groups, Part, Voice, reference
from spatial.store.catalogue import Field

_TEXT: Part = {"type": "string"}
_ADDRESS: Part = {"type": "string", "format": "uri"}


def schemas(groups: Groups, said: Voice) -> dict[str, Part]:
    """Return the schemas by name; features have one per group of collections."""
    found = {
        **_of_documents(),
        **_of_tiles(),
        **_of_styles(),
        **metadata_schemas(),
        **profile_schemas(),
        "geometry": _geometry(said),
    }
    for group, fields in groups.fields.items():
        properties = {
            entry.naam: reference("schemas", f"property.{groups.names[entry]}") for entry in fields
        }
        found[f"feature.{group}"] = _feature(properties)
        found[f"features.{group}"] = _features(group)
    for entry, name in groups.names.items():
        found[f"property.{name}"] = _property(entry, said)
    return found


def _of_documents() -> dict[str, Part]:
    return {
        "link": _object(
            ("href", "rel"),
            href=_TEXT, rel=_TEXT, type=_TEXT, title=_TEXT, hreflang=_TEXT,
            length={"type": "integer"},
        ),
        "links": _list(reference("schemas", "link")),
        "landingPage": _object(
            ("title", "description", "links"),
            title=_TEXT, description=_TEXT, links=reference("schemas", "links"),
        ),
        "conformance": _object(("conformsTo",), conformsTo=_list(_ADDRESS, minItems=1)),
        "collections": _object(
            ("collections", "links"),
            collections=_list(reference("schemas", "collection")),
            links=reference("schemas", "links"),
            crs=_list(_ADDRESS),
        ),
        "collection": _object(
            ("id", "title", "description", "links", "extent", "itemType", "crs", "storageCrs"),
            id=_TEXT, title=_TEXT, description=_TEXT, keywords=_list(_TEXT),
            links=reference("schemas", "links"),
            extent=reference("schemas", "extent"),
            itemType={"type": "string", "enum": ["feature"]},
            crs=_list(_TEXT, minItems=1),
            storageCrs=_ADDRESS,
        ),
        "extent": _object(
            ("spatial", "temporal"),
            spatial=_object(
                ("bbox",),
                bbox=_list(_list({"type": "number"}, minItems=4, maxItems=6), minItems=1),
                crs=_ADDRESS,
            ),
            temporal=_object(
                ("interval",),
                interval=_list(
                    _list({"type": "string", "format": "date-time", "nullable": True}, minItems=2),
                    minItems=1,
                ),
                trs=_ADDRESS,
            ),
        ),
        "schemaDocument": _object(
            ("$schema", "$id", "type", "title", "properties"),
            type={"type": "string", "enum": ["object"]},
            title=_TEXT,
            properties={"type": "object", "additionalProperties": {"type": "object"}},
            **{"$schema": _ADDRESS, "$id": _ADDRESS},
        ),
        "openapi": _object(
            ("openapi", "info", "paths"),
            openapi=_TEXT, info={"type": "object"}, paths={"type": "object"},
        ),
        "problem": _object(
            ("type", "title", "status", "detail"),
            type=_TEXT, title=_TEXT, status={"type": "integer", "minimum": 400, "maximum": 599},
            detail=_TEXT, code=_TEXT, description=_TEXT,
        ),
    }  # fmt: skip


def _of_tiles() -> dict[str, Part]:
    levels: Part = {
        "type": "array", "minItems": 1,
        "items": _object(
            ("id", "scaleDenominator", "cellSize", "tileWidth", "tileHeight"),
            id=_TEXT, scaleDenominator={"type": "number"}, cellSize={"type": "number"},
            tileWidth={"type": "integer"}, tileHeight={"type": "integer"},
        ),
    }  # fmt: skip
    head = ("title", "tileMatrixSetId", "crs", "dataType", "links")
    of_tileset = {
        "title": _TEXT, "tileMatrixSetId": _TEXT, "tileMatrixSetURI": _ADDRESS, "crs": _ADDRESS,
        "dataType": {"type": "string", "enum": ["vector"]}, "links": reference("schemas", "links"),
    }  # fmt: skip
    tilejson = _object(
        ("tilejson", "tiles", "vector_layers"),
        tilejson=_TEXT, tiles=_list(_TEXT, minItems=1), vector_layers=_list({"type": "object"}),
    )  # fmt: skip
    return {
        "tileMatrixSets": _object(
            ("tileMatrixSets", "links"),
            tileMatrixSets=_list(_object(("id", "links"), id=_TEXT)),
            links=reference("schemas", "links"),
        ),
        "tileMatrixSet": _object(("id", "crs", "tileMatrices"), id=_TEXT, tileMatrices=levels),
        "tilesets": _object(
            ("tilesets", "links"),
            tilesets=_list(_object(head, **of_tileset)),
            links=reference("schemas", "links"),
        ),
        "tileset": {"oneOf": [_object((*head, "layers"), **of_tileset), tilejson]},
        "health": _object(("status",), status=_TEXT, snapshot=_TEXT),
    }


def _of_styles() -> dict[str, Part]:
    spoken = _object(("nl", "en"), nl=_TEXT, en=_TEXT)
    labels = _object(("nl", "en"), nl=_list(_TEXT), en=_list(_TEXT))
    number: Part = {"type": "number"}
    pair: Part = {**_list(number, minItems=2, maxItems=2), "nullable": True}
    colour: Part = {"type": "string", "pattern": "^#[0-9a-f]{6}$"}
    head = ("titel", "versie", "basis", "eenheid", "bereik", "spreiding", "gekozen", "soort")
    every: Part = {
        "titel": spoken, "versie": {"type": "integer", "minimum": 1},
        "basis": {"type": "string", "format": "date"}, "eenheid": _TEXT,
        "bereik": pair, "spreiding": pair, "gekozen": {"type": "boolean"},
        "midden": number, "middenNaam": spoken,
    }  # fmt: skip
    classes = _object(
        (*head, "grenzen", "kleuren", "labels"), **every,
        soort={"type": "string", "enum": ["klassen"]},
        grenzen=_list(number), kleuren=_list(colour, minItems=1), labels=labels,
    )  # fmt: skip
    circles = _object(
        (*head, "top", "straal", "kleur", "rand", "voorbeelden"), **every,
        soort={"type": "string", "enum": ["cirkels"]},
        top=number, straal=number, onder={"type": "boolean"}, kleur=colour, kleurOnder=colour,
        rand=colour,
        voorbeelden=_list(_list(number, minItems=2, maxItems=2)),
    )  # fmt: skip
    sign = _object(
        ("status", "soort", "tekening", "labels"),
        status=_TEXT, soort={"type": "string", "enum": ["patroon", "rand"]}, tekening=_TEXT,
        patroon=_TEXT, lijn=colour, vlak=colour, labels=spoken,
    )  # fmt: skip
    whole: Part = {
        "collectie": _TEXT, "titel": spoken, "bronnen": _list(_TEXT),
        "patronen": {"type": "object", "additionalProperties": _TEXT},
        "statussen": _list(sign), "links": reference("schemas", "links"),
    }  # fmt: skip
    scheme = reference("schemas", "classScheme")
    entry = _object(
        ("id", "titel", "indicatoren", "links"),
        id=_TEXT, titel=spoken, indicatoren=_list(_TEXT), links=reference("schemas", "links"),
    )  # fmt: skip
    return {
        "classScheme": {"oneOf": [classes, circles]},
        "styles": _object(
            ("styles", "links"), styles=_list(entry), links=reference("schemas", "links")
        ),
        "style": _object(
            (*whole, "indicatoren"),
            **whole,
            indicatoren={"type": "object", "additionalProperties": scheme},
        ),
        "styleOfIndicator": _object(
            (*whole, "indicator", "schema"), **whole, indicator=_TEXT, schema=scheme
        ),
    }


def _geometry(said: Voice) -> Part:
    position = _list({"type": "number"}, minItems=2, maxItems=2)
    ring = _list(position, minItems=4)
    return _object(
        ("type", "coordinates"),
        type={"type": "string", "enum": ["MultiPolygon"]},
        coordinates=_list(_list(ring, minItems=1)),
    ) | {
        "nullable": True,
        "description": said("Leeg als er geen vorm is.", "Empty when there is no shape."),
    }


def _feature(properties: Part) -> Part:
    return _object(
        ("type", "id", "geometry", "properties"),
        type={"type": "string", "enum": ["Feature"]},
        id=_TEXT,
        geometry=reference("schemas", "geometry"),
        properties=_object((), **properties) | {"additionalProperties": False},
        links=reference("schemas", "links"),
    )


def _features(group: str) -> Part:
    count: Part = {"type": "integer", "minimum": 0}
    return _object(
        ("type", "features", "numberMatched", "numberReturned", "timeStamp", "links"),
        type={"type": "string", "enum": ["FeatureCollection"]},
        features=_list(reference("schemas", f"feature.{group}")),
        numberMatched=count,
        numberReturned=count,
        timeStamp={"type": "string", "format": "date-time"},
        links=reference("schemas", "links"),
    )


def _property(entry: Field, said: Voice) -> Part:
    """Describe a property in an answer, where its value may be missing."""
    schema: Part = {"type": "string" if entry.type == "date" else entry.type, "nullable": True}
    if entry.type == "date":
        schema["format"] = "date"
    if entry.codes:
        schema["enum"] = [*entry.codes, None]
    return {"title": said.title(entry), **schema}


def _object(required: tuple[str, ...], /, **properties: Part) -> Part:
    schema: Part = {"type": "object", "properties": properties}
    return {**schema, "required": list(required)} if required else schema


def _list(items: Part, **limits: int) -> Part:
    return {"type": "array", "items": items, **limits}
