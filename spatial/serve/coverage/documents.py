"""What a coverage is, as documents: its place among the collections, its field, and JSON-LD."""

from typing import Any

from spatial.domain.crs import CRS84, RD
from spatial.serve.ask.offers import COVERAGE_JSON, GEOTIFF, HTML, JSON, JSON_LD, SCHEMA
from spatial.serve.coverage.block import degrees_of
from spatial.serve.coverage.wording import Place, unit_code
from spatial.serve.metadata.densities import density_id
from spatial.serve.metadata.links import part_links
from spatial.store.rasters.index import Coverage

_CONF = "http://www.opengis.net/spec/ogcapi-coverages-1/1.0/conf"
CONFORMANCE = tuple(
    f"{_CONF}/{name}" for name in ("core", "subsetting", "geotiff", "coveragejson", "oas30")
)
"""Of the draft: there is no published standard yet."""
_REL = "http://www.opengis.net/def/rel/ogc/1.0"
_DAYS = "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian"
_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_LICENCE = "https://creativecommons.org/licenses/by/4.0/deed.nl"

type Document = dict[str, Any]
type Link = dict[str, Any]


def collection_document(place: Place) -> Document:
    """Return what a coverage is, with its grid, as OGC API Common Part 2 describes domains."""
    coverage = place.coverage
    return {
        "id": coverage.id,
        "title": place.title,
        "description": place.description,
        "keywords": list(keywords(coverage)),
        "links": links_of(place),
        "extent": _extent(coverage),
        "itemType": "coverage",
        # the name by which GDAL and QGIS see that it is no layer of features
        "layerDataType": "Coverage",
        "crs": [RD.uri],
        "storageCrs": RD.uri,
    }


def schema_document(place: Place) -> Document:
    """Return the one field of a coverage as JSON Schema (OGC API Common Part 3)."""
    coverage = place.coverage
    return {
        "$schema": _DIALECT,
        "$id": f"{place.address}/schema",
        "title": place.title,
        "description": place.description,
        "type": "object",
        "properties": {
            coverage.indicator: {
                "type": "number",
                "title": f"{place.title} ({place.unit})",
                "description": place.description,
                "x-ogc-unit": unit_code(coverage),
                "x-ogc-propertySeq": 1,
                "x-ogc-variableType": "continuous",
            }
        },
        "additionalProperties": False,
    }


def linked_document(place: Place) -> Document:
    """Return a coverage as a data set of schema.org (JSON-LD)."""
    coverage = place.coverage
    west, south, east, north = degrees_of(coverage, CRS84)
    first, last = (coverage.bands[at].peilmoment.isoformat() for at in (0, -1))
    return {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "@id": place.address,
        "url": place.address,
        "name": place.title,
        "description": place.description,
        "inLanguage": place.language,
        "license": _LICENCE,
        "keywords": ", ".join(keywords(coverage)),
        "temporalCoverage": f"{first}/{last}",
        "spatialCoverage": {
            "@type": "Place",
            "geo": {"@type": "GeoShape", "box": f"{south},{west} {north},{east}"},
        },
        "distribution": [
            {
                "@type": "DataDownload",
                "contentUrl": place.file,
                "encodingFormat": GEOTIFF,
                "contentSize": coverage.size,
            }
        ],
    }


def keywords(coverage: Coverage) -> tuple[str, ...]:
    """Return what one may look for."""
    return (coverage.thema, coverage.indicator, "dichtheid", "raster", f"{coverage.grid} m")


def links_of(place: Place) -> list[Link]:
    """Return the links of a coverage: to itself in other forms, its field, cells and whole file."""
    here, said = place.address, place.said
    return [
        _link("self", JSON, said("Dit document als JSON", "This document as JSON"), f"{here}?f=json"),
        _link(
            "alternate", HTML,
            said("Dit document als webpagina", "This document as HTML"), f"{here}?f=html",
        ),
        _link(
            "alternate", JSON_LD,
            said("Dit document als RDF (JSON-LD)", "This document as RDF (JSON-LD)"),
            f"{here}?f=jsonld",
        ),
        _link(
            f"{_REL}/schema", SCHEMA, said("Het kenmerk", "The field"), f"{here}/schema?f=json"
        ),
        _link("describedby", SCHEMA, said("Het kenmerk", "The field"), f"{here}/schema?f=json"),
        _link(
            f"{_REL}/coverage", GEOTIFF,
            said("De cellen als GeoTIFF", "The cells as GeoTIFF"), f"{here}/coverage?f=GTiff",
        ),
        _link(
            f"{_REL}/coverage", COVERAGE_JSON,
            said("De cellen als CoverageJSON", "The cells as CoverageJSON"),
            f"{here}/coverage?f=covjson",
        ),
        _link(
            "enclosure", GEOTIFF,
            said(
                "Het hele raster: GeoTIFF, te openen zonder op te halen",
                "The whole raster: GeoTIFF, to be opened without fetching it",
            ),
            place.file,
        ) | {"length": place.coverage.size},
        *part_links(place.url, density_id(place.coverage), place.coverage.id, english=place.english),
        _link("license", HTML, "CC BY 4.0", _LICENCE),
    ]  # fmt: skip


def _extent(coverage: Coverage) -> Document:
    rows, columns = coverage.shape
    left, bottom, right, top = coverage.bbox
    half = coverage.grid / 2
    west, south, east, north = degrees_of(coverage, CRS84)
    days = [band.peilmoment.isoformat() for band in coverage.bands]
    first, last = (f"{days[at]}T00:00:00Z" for at in (0, -1))
    return {
        "spatial": {
            "bbox": [[round(degree, 7) for degree in (west, south, east, north)]],
            "crs": CRS84.uri,
            "storageCrsBbox": [[left, bottom, right, top]],
            "grid": [
                {
                    "cellsCount": columns,
                    "resolution": coverage.grid,
                    "firstCoordinate": left + half,
                },
                {"cellsCount": rows, "resolution": -coverage.grid, "firstCoordinate": top - half},
            ],
        },
        "temporal": {
            "interval": [[first, last]],
            "trs": _DAYS,
            "grid": {"cellsCount": len(days), "coordinates": days},
        },
    }


def _link(rel: str, media_type: str, title: str, href: str) -> Link:
    return {"rel": rel, "type": media_type, "title": title, "href": href}
