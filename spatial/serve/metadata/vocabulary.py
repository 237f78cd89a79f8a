"""Terms of others that the DCAT document uses, each with the class and the label that validators ask.

Lists of the Publications Office of the EU: data-theme, frequency, language, access-right,
dataset-status, distribution-status, planned-availability, country, file-type.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from spatial.domain.formats import CSV, FLATGEOBUF, GEOJSON_FILE, GEOPACKAGE, GEOPARQUET
from spatial.serve.metadata.files import COG

_EU = "http://publications.europa.eu/resource/authority/"
_IANA = "https://www.iana.org/assignments/media-types/"

CONTEXT: Mapping[str, Any] = {
    "adms": "http://www.w3.org/ns/adms#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcatap": "http://data.europa.eu/r5r/",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "geo": "http://www.opengis.net/ont/geosparql#",
    "prov": "http://www.w3.org/ns/prov#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "spdx": "http://spdx.org/rdf/terms#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    **{
        name: {"@container": "@language"}
        for name in (
            "adms:versionNotes", "dcat:keyword", "dct:description", "dct:title", "foaf:name",
            "rdfs:label", "skos:prefLabel", "vcard:fn",
        )
    },
    **{
        name: {"@type": "@id"}
        for name in (
            "adms:status", "dcat:accessService", "dcat:accessURL", "dcat:compressFormat",
            "dcat:contactPoint", "dcat:dataset", "dcat:distribution", "dcat:downloadURL",
            "dcat:endpointDescription", "dcat:endpointURL", "dcat:landingPage", "dcat:mediaType",
            "dcat:servesDataset", "dcat:service", "dcat:theme", "dcat:themeTaxonomy",
            "dcatap:availability", "dct:accessRights", "dct:accrualPeriodicity", "dct:conformsTo",
            "dct:creator", "dct:format", "dct:language", "dct:license", "dct:publisher",
            "dct:spatial", "foaf:homepage", "foaf:page", "prov:wasDerivedFrom", "skos:inScheme",
            "spdx:algorithm", "vcard:hasEmail", "vcard:hasURL",
        )
    },
    "dcat:bbox": {"@type": "geo:wktLiteral"},
    "dcat:byteSize": {"@type": "xsd:nonNegativeInteger"},
    "dcat:endDate": {"@type": "xsd:date"},
    "dcat:spatialResolutionInMeters": {"@type": "xsd:decimal"},
    "dcat:startDate": {"@type": "xsd:date"},
    "dcat:temporalResolution": {"@type": "xsd:duration"},
    "dct:modified": {"@type": "xsd:dateTime"},
    "spdx:checksumValue": {"@type": "xsd:hexBinary"},
}  # fmt: skip
"""Stands in the document itself: who reads it needs nothing from elsewhere."""


@dataclass(frozen=True, slots=True)
class Term:
    """One term of a list.

    Attributes:
        iri: its address.
        classes: what it is, as the profile expects at the place where it is used.
        nl: Dutch label; empty where the class asks for none.
        en: English label.
        scheme: the list, where the class asks for it.
    """

    iri: str
    classes: tuple[str, ...]
    nl: str = ""
    en: str = ""
    scheme: str = ""

    def node(self) -> dict[str, Any]:
        """Return its description: validators do not fetch the list."""
        found: dict[str, Any] = {"@id": self.iri, "@type": list(self.classes)}
        if self.nl:
            found["skos:prefLabel"] = {"nl": self.nl, "en": self.en}
        if self.scheme:
            found["skos:inScheme"] = self.scheme
        return found


THEMES = f"{_EU}data-theme"


def _concept(table: str, code: str, nl: str, en: str) -> Term:
    return Term(f"{_EU}{table}/{code}", ("skos:Concept",), nl, en, f"{_EU}{table}")


POPULATION = _concept("data-theme", "SOCI", "Bevolking en samenleving", "Population and society")
REGIONS = _concept("data-theme", "REGI", "Regio's en steden", "Regions and cities")
GOVERNMENT = _concept(
    "data-theme", "GOVE", "Overheid en publieke sector", "Government and public sector"
)
IN_DEVELOPMENT = _concept("dataset-status", "DEVELOP", "in ontwikkeling", "under development")
COMPLETED = _concept("dataset-status", "COMPLETED", "voltooid", "completed")
FILE_IN_DEVELOPMENT = _concept(
    "distribution-status", "DEVELOP", "in ontwikkeling", "under development"
)
FILE_COMPLETED = _concept("distribution-status", "COMPLETED", "voltooid", "completed")
EXPERIMENTAL = _concept("planned-availability", "EXPERIMENTAL", "experimenteel", "experimental")
AVAILABLE = _concept("planned-availability", "AVAILABLE", "beschikbaar", "available")
PUBLIC = Term(f"{_EU}access-right/PUBLIC", ("dct:RightsStatement",), "openbaar", "public")
YEARLY = Term(f"{_EU}frequency/ANNUAL", ("dct:Frequency",), "jaarlijks", "annual")
TWICE_A_YEAR = Term(f"{_EU}frequency/ANNUAL_2", ("dct:Frequency",), "halfjaarlijks", "semiannual")
DUTCH = Term(f"{_EU}language/NLD", ("dct:LinguisticSystem",), "Nederlands", "Dutch")
ENGLISH = Term(f"{_EU}language/ENG", ("dct:LinguisticSystem",), "Engels", "English")
NETHERLANDS = Term(f"{_EU}country/NLD", ("dct:Location",), "Nederland", "Netherlands")

SHA256 = "spdx:checksumAlgorithm_sha256"
FEATURES_STANDARD = "http://www.opengis.net/doc/IS/ogcapi-features-1/1.0"
FEATURES_INTERFACE = "http://www.opengis.net/def/interface/ogcapi-features"
COVERAGES_STANDARD = "https://docs.ogc.org/DRAFTS/19-087.html"
"""A draft: there is no published standard yet."""

_FILE_TYPES = {
    GEOJSON_FILE.media_type: "GEOJSON",
    CSV.media_type: "CSV",
    GEOPACKAGE.media_type: "GPKG",
    GEOPARQUET.media_type: "PARQUET",
    COG: "GEOTIFF",
}
_UNREGISTERED = frozenset({FLATGEOBUF.media_type})
"""Media types that IANA does not have; the profile allows no others."""
_NAMES = {COG: "image/tiff"}
"""A registered type without the parameters that we send it with."""


def file_type(media_type: str) -> Term | None:
    """Return the entry of the list of file types; None when it has none."""
    code = _FILE_TYPES.get(media_type)
    return Term(f"{_EU}file-type/{code}", ("dct:MediaTypeOrExtent",)) if code else None


def media_type_of(name: str) -> Term | None:
    """Return the entry of the register of media types; None when it is not registered."""
    if name in _UNREGISTERED:
        return None
    return Term(f"{_IANA}{_NAMES.get(name, name)}", ("dct:MediaType",))


def scheme_node() -> dict[str, Any]:
    """Return the description of the list of themes."""
    title = {"nl": "Thema's van gegevens (EU)", "en": "Data themes (EU)"}
    return {"@id": THEMES, "@type": "skos:ConceptScheme", "dct:title": title}
