"""The whole document; self-contained, exact, and made from the catalogue alone."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from spatial.compute.profiel.answer import indelingen_of
from spatial.qgis.chosen import themes_of
from spatial.serve.ask.offers import (
    COLLECTION,
    COVERAGE,
    DATASET,
    DCAT,
    ENCLOSURE,
    EXECUTION,
    GPKG,
    HEALTH,
    ITEM,
    ITEMS,
    OBSERVATION,
    OBSERVATIONS,
    OFFERS,
    PARTITION,
    PROCESS,
    PROCESSES,
    PROFILE,
    PROFILES,
    QGS,
    QGZ,
    QLR,
    SCHEMES,
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
from spatial.serve.ask.query import Limits
from spatial.serve.cql2.limits import MAX_TEXT
from spatial.serve.cql2.read import FILTER_TYPES, JSON, TEXT
from spatial.serve.metadata.densities import density_id
from spatial.serve.metadata.families import family_ids
from spatial.serve.openapi import parameters, responses
from spatial.serve.openapi.coverages import (
    coverage_parameters,
    coverage_paths,
    coverage_responses,
    coverage_schemas,
)
from spatial.serve.openapi.parameters import INDELING_OF_PROFILE, property_references
from spatial.serve.openapi.processes import (
    process_parameters,
    process_paths,
    process_responses,
    process_schemas,
)
from spatial.serve.openapi.qgis import qgis_parameters
from spatial.serve.openapi.schemas import schemas
from spatial.serve.openapi.voice import Groups, Part, Voice, grouped, reference
from spatial.serve.processes.process import Process
from spatial.store.catalogue import Collection, Contents
from spatial.store.rasters.index import Coverage
from spatial.store.schemes import owners

_POSTED = ("features waarvoor een voorwaarde waar is", "features for which a condition is true")
_BODIES: dict[str, Part] = {
    JSON: {
        "type": "object",
        "required": ["op", "args"],
        "properties": {"op": {"type": "string"}, "args": {"type": "array", "items": {}}},
        "example": {"op": "=", "args": [{"property": "indeling"}, 2022]},
    },
    TEXT: {"type": "string", "minLength": 1, "maxLength": MAX_TEXT, "example": "indeling = 2022"},
}
_PER_COLLECTION = (COLLECTION, ITEMS, ITEM)
_OF_OBSERVATIONS = (OBSERVATIONS, OBSERVATION, PARTITION)
_SPELLED_OUT = (*_PER_COLLECTION, *_OF_OBSERVATIONS, EXECUTION, COVERAGE)
_POSTED_TO = (ITEMS, OBSERVATIONS)
_SERVICE = ("dienst", "service")
_SUMMARIES = {
    "/": ("getLandingPage", "Begin van de dienst", "Landing page"),
    "/conformance": ("getConformance", "Conformiteitsklassen", "Conformance classes"),
    "/openapi": ("getOpenApi", "Dit document", "This document"),
    "/openapi.json": ("getOpenApiJson", "Dit document", "This document"),
    "/collections": ("getCollections", "Alle collecties", "All collections"),
    COLLECTION: ("getCollection", "Beschrijving", "Description"),
    ITEMS: ("getFeatures", "Features", "Features"),
    ITEM: ("getFeature", "Een feature", "One feature"),
    OBSERVATIONS: ("getFeatures", "Waarnemingen", "Observations"),
    OBSERVATION: ("getFeature", "Een waarneming", "One observation"),
    PARTITION: ("getPart", "Parquet van een groep", "Parquet of one group"),
    f"{COLLECTION}/schema": ("getSchema", "Kenmerken van een collectie", "Properties"),
    f"{COLLECTION}/queryables": (
        "getQueryables",
        "Kenmerken waarop gekozen kan worden",
        "Properties to select by",
    ),
    SCHEMES: ("getTileMatrixSets", "Indelingen in tegels", "Tile matrix sets"),
    f"{SCHEMES}/{{tileMatrixSetId}}": ("getTileMatrixSet", "Een indeling", "One tile matrix set"),
    TILESETS: ("getTilesets", "Tegels van een collectie", "Tilesets of a collection"),
    TILESET: ("getTileset", "Tegels in een indeling", "Tileset, also as TileJSON"),
    TILE: (
        "getTile",
        "Een tegel; elk kenmerk van de collectie is ook een parameter",
        "One tile; every property of the collection is a parameter too",
    ),
    ENCLOSURE: ("getFile", "Bestand van een hele collectie", "File of a whole collection"),
    PROCESSES: ("getProcesses", "Vragen aan de dienst", "Processes"),
    PROCESS: ("getProcess", "Beschrijving van een vraag", "Description of a process"),
    PROFILES: ("getProfiles", "Lijst van profielen", "List of profiles"),
    PROFILE: (
        "getProfile",
        "Alle cijfers van een gemeente of regio, ook van vroeger",
        "All figures of a municipality or region, also of before",
    ),
    STYLES: ("getStyles", "Klassen en kleuren van de kaarten", "Classes and colours of the maps"),
    STYLE: (
        "getStyle",
        "Klassen en kleuren van een collectie",
        "Classes and colours of a collection",
    ),
    STYLE_OF_ONE: (
        "getStyleOfIndicator",
        "Klassen en kleuren van een indicator",
        "Classes and colours of one indicator",
    ),
    DCAT: ("getDcat", "Metagegevens als DCAT-AP-NL", "Metadata as DCAT-AP-NL"),
    DATASET: (
        "getDataset",
        "Metagegevens van een gegevensverzameling",
        "Metadata of one data set",
    ),
    STAC: ("getStac", "Bestanden als STAC-catalogus", "Files as a STAC catalogue"),
    STAC_COLLECTION: (
        "getStacCollection",
        "Bestanden van een gegevensverzameling",
        "Files of one data set",
    ),
    STAC_ITEM: ("getStacItem", "Bestanden van een collectie", "Files of one collection"),
    QLR: ("getQgisLayer", "Laag voor QGIS (.qlr)", "Layer for QGIS (.qlr)"),
    QGS: ("getQgisProject", "Project voor QGIS (.qgs)", "Project for QGIS (.qgs)"),
    QGZ: ("getQgisPack", "Project voor QGIS (.qgz)", "Project for QGIS (.qgz)"),
    GPKG: (
        "getQgisGeoPackage",
        "Alle lagen van een thema met hun stijlen (GeoPackage)",
        "All layers of a theme with their styles (GeoPackage)",
    ),
    HEALTH[0]: ("getHealth", "Leeft het proces?", "Is the process alive?"),
    HEALTH[1]: ("getReadiness", "Kan het antwoorden?", "Can it answer?"),
}


@dataclass(frozen=True, slots=True)
class About:
    """What the document says of the service.

    Attributes:
        url: address of the service, without a slash at the end.
        version: of the interface (semver).
        metadata: the part of that name of a pygeoapi configuration.
    """

    url: str
    version: str
    metadata: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Offered:
    """What a snapshot offers: its catalogue, coverages, and the processes answered from it."""

    contents: Contents
    processes: tuple[Process, ...] = ()
    coverages: tuple[Coverage, ...] = ()


def openapi_document(about: About, offered: Offered, limits: Limits, *, english: bool) -> Part:
    """Return the OpenAPI 3.0 document.

    Args:
        about: the service.
        offered: what the snapshot offers.
        limits: page sizes.
        english: texts in English; otherwise in Dutch.
    """
    said = Voice(english)
    contents, processes = offered.contents, offered.processes
    coverages = offered.coverages
    groups = grouped(contents.collections)
    described = schemas(groups, said)
    return {
        "openapi": "3.0.3",
        "info": _info(about, said),
        "servers": [{"url": about.url}],
        "tags": [
            {"name": said(*_SERVICE)},
            *(
                {"name": collection.id, "description": said.title(collection)}
                for collection in contents.collections
            ),
            *(
                {"name": one.id, "description": said(one.title_nl, one.title_en)}
                for one in coverages
            ),
        ],
        "paths": {
            **dict(_paths(contents, groups, said)),
            **dict(process_paths(processes, said)),
            **dict(coverage_paths(coverages, said)),
        },
        "components": {
            "parameters": {
                **_parameters(offered, groups, limits, said),
                **process_parameters(processes, said),
                **coverage_parameters(coverages, said),
            },
            "responses": {
                **responses.responses(groups, said),
                **process_responses(processes, said),
                **coverage_responses(coverages, said),
            },
            "schemas": {
                **described,
                **process_schemas(processes),
                **coverage_schemas(coverages, described["collections"]),
            },
        },
    }


def _info(about: About, said: Voice) -> Part:
    identification = about.metadata["identification"]
    language = said("nl", "en")
    contact = about.metadata["contact"]
    licence = about.metadata["license"]
    return {
        "title": identification["title"][language],
        "description": identification["description"][language],
        "version": about.version,
        "contact": {name: contact[name] for name in ("name", "url", "email")},
        "license": {name: licence[name] for name in ("name", "url")},
    }


def _parameters(offered: Offered, groups: Groups, limits: Limits, said: Voice) -> Part:
    found = parameters.parameters(groups, limits, said)
    found["collectionId"]["schema"]["enum"] = [entry.id for entry in offered.contents.collections]
    years = map(str, indelingen_of(offered.contents))
    found[INDELING_OF_PROFILE]["schema"]["enum"] = ["eigen", *years]
    styles = owners(offered.contents)
    if styles:
        found["styleId"]["schema"]["enum"] = list(styles)
    found["datasetId"]["schema"]["enum"] = [
        *family_ids(offered.contents),
        *dict.fromkeys(density_id(entry) for entry in offered.coverages),
    ]
    found |= qgis_parameters(themes_of(offered.contents), said)
    if offered.processes:
        found["processId"]["schema"]["enum"] = [process.id for process in offered.processes]
    return found


def _paths(contents: Contents, groups: Groups, said: Voice) -> Iterator[tuple[str, Part]]:
    for offer in OFFERS:
        if offer.path not in _SPELLED_OUT:
            yield offer.path, {"get": _operation(offer, said)}
    for collection in contents.collections:
        group = groups.group_of[collection.id]
        own = _PER_COLLECTION if collection.layered else (COLLECTION, *_OF_OBSERVATIONS)
        for offer in OFFERS:
            if offer.path in own:
                path = offer.path.replace("{collectionId}", collection.id)
                operations = {"get": _operation_of(collection, offer, groups, said)}
                if offer.path in _POSTED_TO:
                    operations["post"] = _posted(
                        operations["get"], collection, (offer, group), said
                    )
                yield path, operations


def _operation(offer: Offer, said: Voice) -> Part:
    name, *summary = _SUMMARIES[offer.path]
    places = [reference("parameters", place) for place in offer.pattern.groupindex]
    return {
        "operationId": name,
        "summary": said(*summary),
        "tags": [said(*_SERVICE)],
        "parameters": [*places, *parameters.references(offer, None)],
        "responses": responses.references(offer, None),
    }


def _operation_of(collection: Collection, offer: Offer, groups: Groups, said: Voice) -> Part:
    name, *summary = _SUMMARIES[offer.path]
    group = groups.group_of[collection.id]
    asked: list[Part] = parameters.references(offer, group)
    if offer.path != COLLECTION:
        # the collection stands in the path itself
        places = [place for place in offer.pattern.groupindex if place != "collectionId"]
        asked = [*(reference("parameters", place) for place in places), *asked]
    if offer.path in _POSTED_TO:
        asked += property_references(group, groups)
    return {
        "operationId": f"{name}.{collection.id}",
        "summary": f"{said.title(collection)}: {said(*summary).lower()}",
        "tags": [collection.id],
        "parameters": asked,
        "responses": responses.references(offer, group),
    }


def _posted(
    operation: Part, collection: Collection, shown_as: tuple[Offer, str], said: Voice
) -> Part:
    """Return the same operation with the filter in the body.

    The properties stand with GET only: as parameters beside a filter they say nothing new, and
    twice they are most of the document.
    """
    shown = parameters.references(*shown_as)
    filters = [reference("parameters", name) for name in ("filter", "filter-lang")]
    kept = [entry for entry in shown if entry not in filters]
    return {
        **operation,
        "operationId": f"filterFeatures.{collection.id}",
        "summary": f"{said.title(collection)}: {said(*_POSTED)}",
        "parameters": kept,
        "requestBody": {
            "required": True,
            "content": {
                media_type: {"schema": _BODIES[language]}
                for media_type, language in FILTER_TYPES.items()
            },
        },
        "responses": {
            **{
                status: found for status, found in operation["responses"].items() if status != "304"
            },
            **{status: reference("responses", "problem") for status in ("413", "415")},
        },
    }
