"""What every address offers: its parameters and the forms of its answer; pure.

The door refuses everything else and the OpenAPI document says the same, from this one table.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType

from spatial.domain.formats import (
    CSV,
    FILE_FORMATS,
    FLATGEOBUF,
    GEOPACKAGE,
    GEOPARQUET,
    OBSERVATION_FORMATS,
)
from spatial.errors import NotAcceptableError, QueryError
from spatial.store.catalogue import WAARNEMINGEN

GEOJSON = "application/geo+json"
JSON = "application/json"
HTML = "text/html"
JSON_LD = "application/ld+json"
GZIP = "application/gzip"
MVT = "application/vnd.mapbox-vector-tile"
SCHEMA = "application/schema+json"
QML = "application/x-qgis-layer-settings"
SLD = "application/vnd.ogc.sld+xml"
QLR_TYPE = "application/x-qgis-layer-definition"
QGS_TYPE = "application/x-qgis-project"
QGZ_TYPE = "application/zip"
GEOTIFF = "image/tiff; application=geotiff"
COVERAGE_JSON = "application/prs.coverage+json"
OPENAPI = "application/vnd.oai.openapi+json;version=3.0"
COLLECTION = "/collections/{collectionId}"
ITEMS = f"{COLLECTION}/items"
ITEM = f"{ITEMS}/{{featureId}}"
SCHEMES = "/tileMatrixSets"
TILESETS = f"{COLLECTION}/tiles"
TILESET = f"{TILESETS}/{{tileMatrixSetId}}"
COVERAGE = f"{COLLECTION}/coverage"
TILE = f"{TILESET}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}"
OBSERVATIONS = f"/collections/{WAARNEMINGEN}/items"
OBSERVATION = f"{OBSERVATIONS}/{{observationId}}"
PARTITION = f"/collections/{WAARNEMINGEN}/bestanden/{{folder}}/{{file}}"
ENCLOSURE = f"{COLLECTION}/bestanden/{{file}}"
PROCESSES = "/processes"
PROCESS = f"{PROCESSES}/{{processId}}"
EXECUTION = f"{PROCESS}/execution"
PROFILES = "/profiel"
PROFILE = f"{PROFILES}/{{profielId}}"
STYLES = "/styles"
STYLE = f"{STYLES}/{{styleId}}"
STYLE_OF_ONE = f"{STYLE}/{{indicatorId}}"
DCAT = "/dcat"
DATASET = f"{DCAT}/{{datasetId}}"
STAC = "/stac"
STAC_COLLECTION = f"{STAC}/{{datasetId}}"
STAC_ITEM = f"{STAC_COLLECTION}/{{stacItemId}}"
QLR = f"{COLLECTION}/qgis.qlr"
QGS = "/qgis.qgs"
QGZ = "/qgis.qgz"
GPKG = "/qgis.gpkg"
OF_QGIS = (QLR, QGS, QGZ)
HEALTH = ("/healthz", "/readyz")

_SHOWN = ("f", "lang")
_CHOICE = re.compile(r"\s*([^\s;,]+)((?:\s*;\s*[^;,]+)*)\s*")
_QUALITY = re.compile(r";\s*q=([^;,]*)", re.IGNORECASE)
_QUALITY_VALUE = re.compile(r"(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\s*", re.ASCII)
_PLACE = re.compile(r"\\\{(\w+)\\\}")


@dataclass(frozen=True, slots=True)
class Offer:
    """One address, or one per collection or feature.

    Attributes:
        path: as OpenAPI writes it, with names between braces.
        forms: per value of ``f`` the media types it answers to; the first form is the default, the
            first type is the name under which it is sent.
        parameters: names of its query parameters, without the properties of a collection.
        own: its own route checks them, not the door.
    """

    path: str
    forms: Mapping[str, tuple[str, ...]]
    parameters: tuple[str, ...] = _SHOWN
    own: bool = False
    pattern: re.Pattern[str] = field(init=False)

    def __post_init__(self) -> None:
        pattern = re.compile(_PLACE.sub(r"(?P<\1>[^/]+)", re.escape(self.path)))
        object.__setattr__(self, "pattern", pattern)


_TILED = ("datetime", "filter", "filter-crs", "filter-lang", "properties")
_JSON: Mapping[str, tuple[str, ...]] = {"json": (JSON,)}
_GRAPH: Mapping[str, tuple[str, ...]] = {"jsonld": (JSON_LD, JSON)}
_PAGE: Mapping[str, tuple[str, ...]] = {"json": (JSON,), "html": (HTML,)}
_LINKED: Mapping[str, tuple[str, ...]] = {**_PAGE, "jsonld": (JSON_LD,)}
_FEATURES: Mapping[str, tuple[str, ...]] = {
    "json": (GEOJSON, JSON),
    "html": (HTML,),
    "jsonld": (JSON_LD,),
}
_FILES: Mapping[str, tuple[str, ...]] = {entry.name: (entry.media_type,) for entry in FILE_FORMATS}
_OBSERVATION_FILES: Mapping[str, tuple[str, ...]] = {
    entry.name: (entry.media_type,) for entry in OBSERVATION_FORMATS
}
_PREBUILT = (FLATGEOBUF.media_type, GEOPARQUET.media_type, GZIP, GEOTIFF)
_CELLS: Mapping[str, tuple[str, ...]] = {
    "GTiff": (GEOTIFF,),
    # the second is the name of the OGC standard; browsers show the third
    "covjson": (COVERAGE_JSON, "application/vnd.cov+json", JSON),
}
_SCHEMA: Mapping[str, tuple[str, ...]] = {"json": (SCHEMA, JSON), "html": (HTML,)}
_ANSWER: Mapping[str, tuple[str, ...]] = {
    "json": (JSON,),
    "geojson": (GEOJSON,),
    "csv": (CSV.media_type,),
    "html": (HTML,),
}

OFFERS = (
    Offer("/", _LINKED),
    Offer("/conformance", _PAGE),
    Offer("/openapi", {"json": (OPENAPI, JSON), "html": (HTML,)}),
    Offer("/openapi.json", {"json": (OPENAPI, JSON)}),
    Offer("/collections", _LINKED),
    Offer(COLLECTION, _LINKED),
    Offer(
        OBSERVATIONS,
        {"json": (GEOJSON, JSON), "html": (HTML,), **_OBSERVATION_FILES},
        (
            "bbox", "bbox-crs", "crs", "cursor", "datetime", *_SHOWN, "filter", "filter-crs",
            "filter-lang", "geometrie", "limit", "properties", "resulttype", "skipGeometry", "sortby",
        ),
        own=True,
    ),
    Offer(OBSERVATION, {"json": (GEOJSON, JSON), "html": (HTML,)}, ("crs", *_SHOWN), own=True),
    Offer(PARTITION, {"file": (GEOPARQUET.media_type,)}, (), own=True),
    Offer(
        ITEMS,
        {**_FEATURES, **_FILES},
        (
            "bbox", "bbox-crs", "crs", "datetime", *_SHOWN, "filter", "filter-crs", "filter-lang",
            "geometrie", "limit", "offset", "properties", "resulttype", "skipGeometry", "sortby",
        ),
    ),
    Offer(ITEM, _FEATURES, ("crs", *_SHOWN)),
    Offer(f"{COLLECTION}/schema", _SCHEMA),
    Offer(f"{COLLECTION}/queryables", _SCHEMA),
    Offer(SCHEMES, _JSON, own=True),
    Offer(f"{SCHEMES}/{{tileMatrixSetId}}", _JSON, own=True),
    Offer(TILESETS, _JSON, (*_SHOWN, *_TILED), own=True),
    Offer(TILESET, {**_JSON, "tilejson": (JSON,)}, (*_SHOWN, *_TILED), own=True),
    Offer(TILE, {"mvt": (MVT,)}, ("f", *_TILED), own=True),
    Offer(COVERAGE, _CELLS, ("bbox", "bbox-crs", "datetime", *_SHOWN, "subset"), own=True),
    Offer(ENCLOSURE, {"file": _PREBUILT}, (), own=True),
    Offer(PROCESSES, _PAGE, (*_SHOWN, "limit", "offset"), own=True),
    Offer(PROCESS, _PAGE, own=True),
    Offer(EXECUTION, _ANSWER, own=True),
    Offer(PROFILES, _PAGE, (*_SHOWN, "q")),
    Offer(PROFILE, _PAGE, (*_SHOWN, "indeling")),
    *(Offer(path, _JSON, ("f",)) for path in (STYLES, STYLE)),
    Offer(STYLE_OF_ONE, {**_JSON, "qml": (QML,), "sld": (SLD,)}),
    *(Offer(path, _GRAPH, ("f",)) for path in (DCAT, DATASET)),
    *(Offer(path, _JSON) for path in (STAC, STAC_COLLECTION)),
    Offer(STAC_ITEM, {"json": (GEOJSON, JSON)}),
    Offer(QLR, {"qlr": (QLR_TYPE,)}, ("crs", "indicator", "lang", "peilmoment")),
    Offer(QGS, {"qgs": (QGS_TYPE,)}, ("crs", "lang", "thema")),
    Offer(QGZ, {"qgz": (QGZ_TYPE,)}, ("crs", "lang", "thema")),
    Offer(GPKG, {"gpkg": (GEOPACKAGE.media_type,)}, ("lang", "thema")),
    *(Offer(path, _JSON, ()) for path in HEALTH),
)  # fmt: skip


@lru_cache(maxsize=256)
def offer_of(path: str) -> tuple[Offer, Mapping[str, str]] | None:
    """Return what an address offers, with what stands in the places of its names."""
    for offer in OFFERS:
        if match := offer.pattern.fullmatch(path):
            return offer, MappingProxyType(match.groupdict())
    return None


def offered(path: str) -> Offer:
    """Return what is offered at a path as it is written here.

    Raises:
        KeyError: nothing is.
    """
    return {offer.path: offer for offer in OFFERS}[path]


def form_of(offer: Offer, asked: str | None, accept: str) -> tuple[str, str]:
    """Choose the form of an answer and the media type under which it is sent.

    Args:
        offer: the address.
        asked: value of ``f``, which wins; None without one.
        accept: the Accept header; empty without one.

    Raises:
        QueryError: the address has no such form, or a weight is malformed.
        NotAcceptableError: it has no form that the client accepts.
    """
    wanted = preferences(accept)
    if asked is not None:
        if asked not in offer.forms:
            message = f"f={asked!r} is not one of {', '.join(offer.forms)}"
            raise QueryError(message)
        return asked, _name(offer.forms[asked], wanted)
    if not wanted:
        return next((form, types[0]) for form, types in offer.forms.items())
    for choice in wanted:
        for form, types in offer.forms.items():
            for media_type in types:
                if _fits(choice, media_type):
                    return form, media_type
    every = [media_type for types in offer.forms.values() for media_type in types]
    message = f"this address answers as {', '.join(every)}; not as {accept!r}"
    raise NotAcceptableError(message)


def preferences(header: str) -> list[str]:
    """Return the values of an Accept header, most wanted first, without those that are refused.

    Raises:
        QueryError: a weight is not a number from 0 to 1 with at most three decimals.
    """
    wanted = [choice for choice in weighted(header) if choice[0] > 0]
    return [value for _, value in sorted(wanted, key=lambda choice: -choice[0])]


def weighted(header: str) -> list[tuple[float, str]]:
    """Return the values of an Accept header with their weights, as they stand there.

    Raises:
        QueryError: as ``preferences``.
    """
    wanted = []
    for part in header.split(","):
        match = _CHOICE.fullmatch(part)
        if match is None:
            continue
        quality = _QUALITY.search(match[2])
        if quality and not _QUALITY_VALUE.fullmatch(quality[1]):
            message = f"{quality[1]!r} is not a weight from 0 to 1 in {header!r}"
            raise QueryError(message)
        wanted.append((float(quality[1]) if quality else 1.0, match[1]))
    return wanted


def _name(types: tuple[str, ...], wanted: list[str]) -> str:
    """Name a form as the client knows it: a browser downloads what it cannot show."""
    for media_type in types:
        if media_type.partition(";")[0] in wanted:
            return media_type
    return types[-1] if HTML in wanted else types[0]


def _fits(choice: str, media_type: str) -> bool:
    kind, _, rest = choice.lower().partition("/")
    own_kind, _, own_rest = media_type.partition(";")[0].partition("/")
    return choice == "*" or (kind in {"*", own_kind} and rest in {"*", own_rest})
