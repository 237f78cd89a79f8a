"""Answers: every media type that is sent, with the schema of what is in it."""

from spatial.domain.formats import ARROW, CSV, FILE_FORMATS, GEOJSON_FILE
from spatial.serve.ask.offers import (
    COLLECTION,
    DATASET,
    DCAT,
    ENCLOSURE,
    EXECUTION,
    GEOJSON,
    GEOTIFF,
    GPKG,
    GZIP,
    HEALTH,
    HTML,
    ITEM,
    ITEMS,
    JSON_LD,
    MVT,
    OBSERVATION,
    OBSERVATIONS,
    PARTITION,
    PROCESS,
    PROCESSES,
    PROFILE,
    PROFILES,
    QGS,
    QGS_TYPE,
    QGZ,
    QGZ_TYPE,
    QLR,
    QLR_TYPE,
    QML,
    SCHEMES,
    SLD,
    STAC,
    STAC_COLLECTION,
    STAC_ITEM,
    STYLE,
    STYLE_OF_ONE,
    STYLES,
    TILE,
    TILESET,
    TILESETS,
    Offer,
)
from spatial.serve.openapi.voice import Groups, Part, Voice, reference
from spatial.serve.problems import MEDIA_TYPE
from spatial.store.catalogue import WAARNEMINGEN

_SCHEMAS = {
    "/": "landingPage",
    "/conformance": "conformance",
    "/openapi": "openapi",
    "/openapi.json": "openapi",
    "/collections": "collections",
    COLLECTION: "collection",
    SCHEMES: "tileMatrixSets",
    f"{SCHEMES}/{{tileMatrixSetId}}": "tileMatrixSet",
    TILESETS: "tilesets",
    TILESET: "tileset",
    TILE: "tile",
    ENCLOSURE: "file",
    PARTITION: "file",
    PROCESSES: "processes",
    PROCESS: "process",
    PROFILES: "profiles",
    PROFILE: "profile",
    STYLES: "styles",
    STYLE: "style",
    STYLE_OF_ONE: "styleOfIndicator",
    **dict.fromkeys((DCAT, DATASET), "dcat"),
    STAC: "stacCatalog",
    STAC_COLLECTION: "stacCollection",
    STAC_ITEM: "stacItem",
    QLR: "qgisLayer",
    QGS: "qgisProject",
    QGZ: "qgisPack",
    GPKG: "qgisGeoPackage",
    **dict.fromkeys(HEALTH, "health"),
}
_FEATURES = {
    ITEMS: "features",
    ITEM: "feature",
    OBSERVATIONS: "features",
    OBSERVATION: "feature",
}
_OBSERVED = (OBSERVATIONS, OBSERVATION)
_BINARY: Part = {"type": "string", "format": "binary"}
_OPAQUE: dict[str, Part] = {
    **{entry.media_type: _BINARY for entry in (*FILE_FORMATS, ARROW) if entry != GEOJSON_FILE},
    GEOTIFF: _BINARY,
    GZIP: _BINARY,
    HTML: {"type": "string"},
    JSON_LD: {"type": "object"},
    MVT: _BINARY,
    QML: {"type": "string"},
    SLD: {"type": "string"},
    QLR_TYPE: {"type": "string"},
    QGS_TYPE: {"type": "string"},
    QGZ_TYPE: _BINARY,
    CSV.media_type: {"type": "string"},
}


def responses(groups: Groups, said: Voice) -> dict[str, Part]:
    """Return the answers by the name of their component."""
    found: dict[str, Part] = {
        "problem": _problem(said("Dit kan niet.", "This cannot be done.")),
        "badRequest": _problem(
            said(
                "Een parameter is onbekend, dubbel of heeft een waarde die niet mag.",
                "A parameter is unknown, given twice or has a value that is not allowed.",
            )
        ),
        "notFound": _problem(said("Dit is er niet.", "This is not there.")),
        "notAcceptable": _problem(
            said("Geen vorm die Accept toelaat.", "No form that Accept allows.")
        ),
        "nothing": {"description": said("Hier ligt niets.", "Nothing lies here.")},
        "notModified": {"description": said("Niet veranderd.", "Not modified.")},
    }
    for offer in groups.offers:
        if offer.path == EXECUTION:
            # every process has an answer of its own
            continue
        for group in _groups_of(offer, groups):
            found[name_of(offer, group)] = _answer(offer, group, said)
    return found


def _groups_of(offer: Offer, groups: Groups) -> list[str | None]:
    """Return the groups of collections that an address is of; None: of all together."""
    if offer.path not in _FEATURES:
        return [None]
    return [
        group for group in groups.fields if (group == WAARNEMINGEN) == (offer.path in _OBSERVED)
    ]


def references(offer: Offer, group: str | None) -> dict[str, Part]:
    """Return the answers of one operation by status."""
    names = {
        "200": name_of(offer, group),
        "304": "notModified",
        "400": "badRequest",
        "406": "notAcceptable",
        "default": "problem",
    }
    if "{" in offer.path:
        names["404"] = "notFound"
    if offer.path == TILE:
        names["204"] = "nothing"
    return {status: reference("responses", name) for status, name in sorted(names.items())}


def name_of(offer: Offer, group: str | None) -> str:
    """Return the name of the answer of an address, for a group of collections where it has one."""
    schema = _schema_of(offer)
    if offer.path in _FEATURES:
        return f"{schema}.{group}"
    # two addresses of one document need not have the same forms
    return ".".join([schema, *offer.forms])


def _schema_of(offer: Offer) -> str:
    return _FEATURES.get(offer.path) or _SCHEMAS.get(offer.path, "schemaDocument")


def _answer(offer: Offer, group: str | None, said: Voice) -> Part:
    content: Part = {}
    schema = _schema_of(offer)
    named = f"{schema}.{group}" if group else schema
    for types in offer.forms.values():
        for media_type in types:
            shown = _OPAQUE.get(media_type) or reference("schemas", named)
            content[media_type] = {"schema": shown}
    answer: Part = {"description": said("Wat gevraagd is.", "What was asked."), "content": content}
    if GEOJSON in content:
        text = said("Stelsel van de coordinaten.", "Reference system of the coordinates.")
        answer["headers"] = {"Content-Crs": {"description": text, "schema": {"type": "string"}}}
    return answer


def _problem(description: str) -> Part:
    problem = {"schema": reference("schemas", "problem")}
    page = {"schema": {"type": "string"}}
    return {"description": description, "content": {MEDIA_TYPE: problem, HTML: page}}
