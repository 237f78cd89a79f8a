"""The catalogue as DCAT-AP-NL 3.0: one JSON-LD graph that needs nothing from elsewhere.

What the profile asks is in https://docs.geostandaarden.nl/dcat/dcat-ap-nl30/. A data set is a family
of collections; a snapshot is its version.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

from spatial.domain.crs import OFFERED
from spatial.domain.formats import FLATGEOBUF, GEOJSON_FILE
from spatial.domain.indicators import Thema
from spatial.serve.ask.offers import DCAT
from spatial.serve.metadata import vocabulary as terms
from spatial.serve.metadata.families import Family, families_of
from spatial.serve.metadata.files import File, files_of
from spatial.serve.metadata.owner import Owner, Spoken
from spatial.store.catalogue import Collection, Kind
from spatial.store.snapshot import Snapshot

_HALF_YEARS = frozenset({Thema.TAAKSTELLING})
_STANDARDS = {FLATGEOBUF.media_type: "https://flatgeobuf.org"}
_USED = (
    terms.POPULATION, terms.REGIONS, terms.GOVERNMENT, terms.IN_DEVELOPMENT, terms.COMPLETED,
    terms.FILE_IN_DEVELOPMENT, terms.FILE_COMPLETED, terms.EXPERIMENTAL, terms.AVAILABLE,
    terms.PUBLIC, terms.YEARLY, terms.TWICE_A_YEAR, terms.DUTCH, terms.ENGLISH, terms.NETHERLANDS,
)  # fmt: skip

type Node = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Described:
    """What is described.

    Attributes:
        snapshot: the collections and files.
        moment: when it was made.
        owner: who publishes it.
    """

    snapshot: Snapshot
    moment: datetime
    owner: Owner

    @property
    def stamp(self) -> str:
        """The moment as XML Schema writes it."""
        return self.moment.strftime("%Y-%m-%dT%H:%M:%SZ")

    @property
    def catalogue(self) -> str:
        """Address of the catalogue itself, which is not its document."""
        return f"{self.owner.url}{DCAT}#catalogus"

    @property
    def service(self) -> str:
        """Address of the data service."""
        return f"{self.owner.url}{DCAT}#dienst"

    @property
    def publisher(self) -> str:
        """Address of the publisher: its own, or one in this document."""
        if self.owner.registered:
            return self.owner.publisher_url
        return f"{self.owner.url}{DCAT}#uitgever"

    @property
    def contact(self) -> str:
        """Address of the contact point."""
        return f"{self.owner.url}{DCAT}#contact"

    def dataset(self, family: Family) -> str:
        """Return the address of a data set; that of the document about it."""
        return f"{self.owner.url}{DCAT}/{quote(family.id)}"


def dcat_document(edition: Described, only: str | None = None) -> Node:
    """Return the catalogue, or the part of it about one data set.

    Args:
        edition: what is described.
        only: id of a family; None: all.
    """
    every = families_of(edition.snapshot.contents)
    shown = [family for family in every if only in {None, family.id}]
    graph = [_catalogue(edition, shown), _service(edition, shown)]
    for family in shown:
        graph.append(_dataset(edition, family))
        graph += _distributions(edition, family)
    graph += _shared(edition)
    graph += _described(graph)
    return {"@context": terms.CONTEXT, "@graph": graph}


def _catalogue(edition: Described, families: Iterable[Family]) -> Node:
    owner = edition.owner
    return {
        "@id": edition.catalogue,
        "@type": "dcat:Catalog",
        "dct:title": owner.title,
        "dct:description": owner.description,
        "dct:modified": edition.stamp,
        "dct:license": owner.licence_url,
        "dct:spatial": terms.NETHERLANDS.iri,
        "foaf:homepage": f"{owner.url}/",
        "dcat:themeTaxonomy": terms.THEMES,
        **_of_owner(edition),
        "dcat:service": edition.service,
        "dcat:dataset": [edition.dataset(family) for family in families],
    }


def _service(edition: Described, families: Iterable[Family]) -> Node:
    owner = edition.owner
    return {
        "@id": edition.service,
        "@type": "dcat:DataService",
        "dct:title": {
            language: f"{title} (OGC API)" for language, title in sorted(owner.title.items())
        },
        "dct:description": owner.description,
        "dct:identifier": edition.service,
        "dct:modified": edition.stamp,
        "dct:license": owner.licence_url,
        "dct:accessRights": terms.PUBLIC.iri,
        "dct:conformsTo": terms.FEATURES_STANDARD,
        "dcat:theme": [terms.POPULATION.iri, terms.REGIONS.iri],
        "dcat:keyword": dict(owner.keywords),
        "dcat:endpointURL": f"{owner.url}/",
        "dcat:endpointDescription": f"{owner.url}/openapi?f=json",
        "foaf:page": f"{owner.url}/openapi?f=html",
        "dcat:landingPage": f"{owner.url}/",
        **_of_owner(edition),
        "dcat:servesDataset": [edition.dataset(family) for family in families],
    }


def _dataset(edition: Described, family: Family) -> Node:
    owner, here = edition.owner, edition.dataset(family)
    finest = f"{owner.url}/collections/{quote(family.finest.id)}?f=html"
    half_years = family.thema in _HALF_YEARS or family.kind is Kind.WAARNEMINGEN
    derived = [source.url for source in family.sources if source.url.startswith("http")]
    return {
        "@id": here,
        "@type": "dcat:Dataset",
        "dct:title": family.title,
        "dct:description": family.description,
        "dct:identifier": here,
        "dct:modified": edition.stamp,
        "dct:accessRights": terms.PUBLIC.iri,
        "dct:accrualPeriodicity": (terms.TWICE_A_YEAR if half_years else terms.YEARLY).iri,
        "dct:spatial": [terms.NETHERLANDS.iri, _box(family)],
        "dct:temporal": {
            "@type": "dct:PeriodOfTime",
            "dcat:startDate": min(entry.begin for entry in family.collections).isoformat(),
            "dcat:endDate": max(entry.eind for entry in family.collections).isoformat(),
        },
        "dct:conformsTo": [crs.uri for crs in OFFERED],
        "dct:provenance": {
            "@type": "dct:ProvenanceStatement",
            "rdfs:label": _provenance(family),
        },
        **({"prov:wasDerivedFrom": derived} if derived else {}),
        "dcat:theme": [term.iri for term in _themes(family)],
        "dcat:keyword": _keywords(owner, family),
        "dcat:version": edition.snapshot.id,
        "adms:versionNotes": {
            "nl": f"Momentopname {edition.snapshot.id} van {edition.stamp}",
            "en": f"Snapshot {edition.snapshot.id} of {edition.stamp}",
        },
        "adms:status": (terms.IN_DEVELOPMENT if family.example else terms.COMPLETED).iri,
        "dcat:landingPage": finest,
        "foaf:page": f"{owner.url}/openapi?f=html",
        **_of_owner(edition),
        "dcat:distribution": [node["@id"] for node in _distributions(edition, family)],
    }


def _distributions(edition: Described, family: Family) -> Iterator[Node]:
    for collection in family.collections:
        yield _through_api(edition, family, collection)
        for file in files_of(edition.snapshot, collection):
            yield _as_file(edition, family, collection, file)


def _through_api(edition: Described, family: Family, collection: Collection) -> Node:
    title = {
        "nl": f"{collection.titel_nl}: OGC API Features",
        "en": f"{collection.title_en}: OGC API Features",
    }
    return {
        **_distribution(edition, family, collection, title),
        "@id": f"{edition.dataset(family)}#{collection.id}",
        "dct:description": _about(family, collection),
        "dcat:accessService": edition.service,
        **_form(GEOJSON_FILE.media_type),
        "dct:conformsTo": [_schema(edition, collection), terms.FEATURES_STANDARD],
    }


def _as_file(edition: Described, family: Family, collection: Collection, file: File) -> Node:
    title = {
        "nl": f"{collection.titel_nl}: {file.title_nl}",
        "en": f"{collection.title_en}: {file.title_en}",
    }
    node = {
        **_distribution(edition, family, collection, title),
        "@id": f"{edition.dataset(family)}#{collection.id}-{file.key}",
        "dcat:downloadURL": f"{edition.owner.url}{file.href}",
        **_form(file.media_type),
        "dct:conformsTo": [_schema(edition, collection)],
    }
    if file.media_type in _STANDARDS:
        node["dct:conformsTo"].append(_STANDARDS[file.media_type])
    if packed := terms.media_type_of(file.packed) if file.packed else None:
        node["dcat:compressFormat"] = packed.iri
    if file.size is not None:
        node["dcat:byteSize"] = str(file.size)
        node["spdx:checksum"] = {
            "@type": "spdx:Checksum",
            "spdx:algorithm": terms.SHA256,
            "spdx:checksumValue": file.sha256,
        }
    return node


def _distribution(
    edition: Described, family: Family, collection: Collection, title: Spoken
) -> Node:
    """Return what every way to a collection has."""
    return {
        "@type": "dcat:Distribution",
        "dct:title": title,
        "dct:license": edition.owner.licence_url,
        "dct:language": [terms.DUTCH.iri, terms.ENGLISH.iri],
        "dct:modified": edition.stamp,
        "dcat:accessURL": f"{edition.owner.url}/collections/{quote(collection.id)}",
        "adms:status": (terms.FILE_IN_DEVELOPMENT if family.example else terms.FILE_COMPLETED).iri,
        "dcatap:availability": (terms.EXPERIMENTAL if family.example else terms.AVAILABLE).iri,
        **({"dct:description": family.notices} if family.example else {}),
    }


def _about(family: Family, collection: Collection) -> Spoken:
    """Describe a collection; its Dutch description has the notices already, mostly."""
    texts = {"nl": collection.beschrijving_nl, "en": collection.description_en}
    return {
        language: text
        if family.notices[language] in text
        else f"{text} {family.notices[language]}".strip()
        for language, text in texts.items()
    }


def _form(media_type: str) -> Node:
    found: Node = {}
    if kind := terms.file_type(media_type):
        found["dct:format"] = kind.iri
    if registered := terms.media_type_of(media_type):
        found["dcat:mediaType"] = registered.iri
    return found


def _schema(edition: Described, collection: Collection) -> str:
    return f"{edition.owner.url}/collections/{quote(collection.id)}/schema"


def _box(family: Family) -> Node:
    west, south, east, north = family.bbox
    corners = ((west, south), (east, south), (east, north), (west, north), (west, south))
    ring = ", ".join(f"{x} {y}" for x, y in corners)
    return {"@type": "dct:Location", "dcat:bbox": f"POLYGON(({ring}))"}


def _themes(family: Family) -> tuple[terms.Term, ...]:
    if not family.thema and family.kind in {Kind.GRENZEN, Kind.HERINDELINGEN}:
        return (terms.REGIONS,)
    if family.thema == Thema.TAAKSTELLING:
        return (terms.POPULATION, terms.REGIONS, terms.GOVERNMENT)
    return (terms.POPULATION, terms.REGIONS)


def _keywords(owner: Owner, family: Family) -> Mapping[str, list[str]]:
    """Return the words of the collections, and those of the service."""
    own = [word for entry in family.collections for word in entry.trefwoorden]
    title_en = [Thema(family.thema).title_en.lower()] if family.thema else []
    if family.example:
        own.append("voorbeeld")
        title_en.append("example")
    return {
        "nl": list(dict.fromkeys([*own, *owner.keywords["nl"]])),
        "en": list(dict.fromkeys([*title_en, *owner.keywords["en"]])),
    }


def _provenance(family: Family) -> Spoken:
    """Name the sources with their licence, what they hold for, and what must be said of them."""
    nl = [
        f"{source.titel} ({source.licentie}). {source.melding}".strip() for source in family.sources
    ]
    en = [
        f"{source.titel} ({source.licentie}). {source.notice_en}".strip()
        for source in family.sources
    ]
    return {"nl": " ".join(nl), "en": " ".join(en)}


def _of_owner(edition: Described) -> Node:
    return {
        "dct:publisher": edition.publisher,
        "dct:creator": edition.publisher,
        "dcat:contactPoint": edition.contact,
        "dct:language": [terms.DUTCH.iri, terms.ENGLISH.iri],
    }


def _shared(edition: Described) -> Iterator[Node]:
    """Describe who publishes and answers, once."""
    owner = edition.owner
    yield {"@id": edition.publisher, "@type": "foaf:Agent", "foaf:name": owner.publisher}
    yield {
        "@id": edition.contact,
        "@type": "vcard:Kind",
        "vcard:fn": owner.contact,
        "vcard:hasEmail": f"mailto:{owner.contact_email}",
        "vcard:hasURL": owner.contact_url,
    }
    yield {
        "@id": owner.licence_url,
        "@type": "dct:LicenseDocument",
        "rdfs:label": {"nl": owner.licence, "en": owner.licence},
    }
    yield terms.scheme_node()


_CLASSES = {
    "dct:conformsTo": "dct:Standard",
    "dcat:landingPage": "foaf:Document",
    "foaf:homepage": "foaf:Document",
    "foaf:page": "foaf:Document",
    "dcat:mediaType": "dct:MediaType",
    "dcat:compressFormat": "dct:MediaType",
    "dct:format": "dct:MediaTypeOrExtent",
}


def _described(graph: Iterable[Node]) -> Iterator[Node]:
    """Describe what the other nodes point to, so that a validator knows what it is."""
    known = {term.iri: term for term in _USED}
    pointed: set[str] = set()
    classes: dict[str, set[str]] = {}
    for node in graph:
        for name, value in node.items():
            for one in value if isinstance(value, list) else [value]:
                if not isinstance(one, str):
                    continue
                if one in known:
                    pointed.add(one)
                elif name in _CLASSES:
                    classes.setdefault(one, set()).add(_CLASSES[name])
    yield from (known[iri].node() for iri in sorted(pointed))
    yield from ({"@id": iri, "@type": sorted(found)} for iri, found in sorted(classes.items()))
