"""The catalogue as DCAT-AP-NL 3.0: one JSON-LD graph that needs nothing from elsewhere.

What the profile asks is in https://docs.geostandaarden.nl/dcat/dcat-ap-nl30/. A snapshot is the version
of every data set in it.
"""

from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import quote

from spatial.domain.crs import OFFERED, RD
from spatial.domain.formats import FLATGEOBUF, GEOJSON_FILE
from spatial.serve.metadata import vocabulary as terms
from spatial.serve.metadata.datasets import Box, Dataset, Part, Subject
from spatial.serve.metadata.described import Described
from spatial.serve.metadata.files import COG, File

_STANDARDS = {FLATGEOBUF.media_type: "https://flatgeobuf.org"}
_THEMES = {
    Subject.PEOPLE: (terms.POPULATION, terms.REGIONS),
    Subject.DUTY: (terms.POPULATION, terms.REGIONS, terms.GOVERNMENT),
    Subject.BORDERS: (terms.REGIONS,),
}
_USED = (
    terms.POPULATION, terms.REGIONS, terms.GOVERNMENT, terms.IN_DEVELOPMENT, terms.COMPLETED,
    terms.FILE_IN_DEVELOPMENT, terms.FILE_COMPLETED, terms.EXPERIMENTAL, terms.AVAILABLE,
    terms.PUBLIC, terms.YEARLY, terms.TWICE_A_YEAR, terms.DUTCH, terms.ENGLISH, terms.NETHERLANDS,
)  # fmt: skip

type Node = dict[str, Any]


def dcat_document(edition: Described, only: str | None = None) -> Node:
    """Return the catalogue, or the part of it about one data set.

    Args:
        edition: what is described.
        only: id of a data set; None: all.
    """
    shown = [dataset for dataset in edition.datasets if only in {None, dataset.id}]
    graph = [_catalogue(edition, shown), _service(edition, shown)]
    for dataset in shown:
        ways = list(_distributions(edition, dataset))
        graph += [_dataset(edition, dataset, ways), *ways]
    graph += _shared(edition)
    graph += _described(graph)
    return {"@context": terms.CONTEXT, "@graph": graph}


def _catalogue(edition: Described, datasets: Iterable[Dataset]) -> Node:
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
        "dcat:dataset": [edition.address(dataset) for dataset in datasets],
    }


def _service(edition: Described, datasets: Iterable[Dataset]) -> Node:
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
        "dct:conformsTo": [terms.FEATURES_INTERFACE, terms.FEATURES_STANDARD],
        "dcat:theme": [terms.POPULATION.iri, terms.REGIONS.iri],
        "dcat:keyword": dict(owner.keywords),
        "dcat:endpointURL": f"{owner.url}/",
        "dcat:endpointDescription": f"{owner.url}/openapi?f=json",
        "foaf:page": f"{owner.url}/openapi?f=html",
        "dcat:landingPage": f"{owner.url}/",
        **_of_owner(edition),
        "dcat:servesDataset": [edition.address(dataset) for dataset in datasets],
    }


def _dataset(edition: Described, dataset: Dataset, ways: Iterable[Node]) -> Node:
    owner, here = edition.owner, edition.address(dataset)
    derived = [source.url for source in dataset.sources if source.url.startswith("http")]
    return {
        "@id": here,
        "@type": "dcat:Dataset",
        "dct:title": dataset.title,
        "dct:description": dataset.description,
        "dct:identifier": here,
        "dct:modified": edition.stamp,
        "dct:accessRights": terms.PUBLIC.iri,
        "dct:accrualPeriodicity": (terms.TWICE_A_YEAR if dataset.half_years else terms.YEARLY).iri,
        "dct:spatial": [terms.NETHERLANDS.iri, _box(dataset.bbox)],
        "dct:temporal": {
            "@type": "dct:PeriodOfTime",
            "dcat:startDate": dataset.begin.isoformat(),
            "dcat:endDate": dataset.eind.isoformat(),
        },
        "dct:conformsTo": _systems(dataset),
        "dct:provenance": {"@type": "dct:ProvenanceStatement", "rdfs:label": dataset.provenance},
        **({"prov:wasDerivedFrom": derived} if derived else {}),
        "dcat:theme": [term.iri for term in _THEMES[dataset.subject]],
        "dcat:keyword": {
            language: list(dict.fromkeys([*words, *owner.keywords[language]]))
            for language, words in dataset.keywords.items()
        },
        "dcat:version": edition.version,
        "adms:versionNotes": {
            "nl": f"Momentopname {edition.version} van {edition.stamp}",
            "en": f"Snapshot {edition.version} of {edition.stamp}",
        },
        "adms:status": (terms.IN_DEVELOPMENT if dataset.example else terms.COMPLETED).iri,
        "dcat:landingPage": f"{owner.url}/collections/{quote(dataset.main)}?f=html",
        "foaf:page": f"{owner.url}/openapi?f=html",
        **_of_owner(edition),
        "dcat:distribution": [node["@id"] for node in ways],
    }


def _distributions(edition: Described, dataset: Dataset) -> Iterator[Node]:
    for part in dataset.parts:
        yield _through_api(edition, dataset, part)
        for file in part.files:
            yield _as_file(edition, dataset, part, file)


def _through_api(edition: Described, dataset: Dataset, part: Part) -> Node:
    name, standard, form = "Features", terms.FEATURES_STANDARD, GEOJSON_FILE.media_type
    if part.coverage:
        name, standard, form = "Coverages", terms.COVERAGES_STANDARD, COG
    title = {language: f"{text}: OGC API {name}" for language, text in part.title.items()}
    return {
        **_distribution(edition, dataset, part),
        "@id": f"{edition.address(dataset)}#{quote(part.id)}",
        "dct:title": title,
        "dct:description": part.description,
        "dcat:accessService": edition.service,
        **_form(form),
        "dct:conformsTo": [_schema(edition, part), standard],
    }


def _as_file(edition: Described, dataset: Dataset, part: Part, file: File) -> Node:
    kinds = {"nl": file.title_nl, "en": file.title_en}
    node = {
        **_distribution(edition, dataset, part),
        "@id": f"{edition.address(dataset)}#{quote(part.id)}-{quote(file.key)}",
        "dct:title": {
            language: f"{text}: {kinds[language]}" for language, text in part.title.items()
        },
        "dcat:downloadURL": f"{edition.owner.url}{file.href}",
        **_form(file.media_type),
        "dct:conformsTo": [_schema(edition, part)],
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


def _distribution(edition: Described, dataset: Dataset, part: Part) -> Node:
    """Return what every way to a collection has."""
    made_up = dataset.example
    node: Node = {
        "@type": "dcat:Distribution",
        "dct:license": edition.owner.licence_url,
        "dct:language": [terms.DUTCH.iri, terms.ENGLISH.iri],
        "dct:modified": edition.stamp,
        "dcat:accessURL": f"{edition.owner.url}/collections/{quote(part.id)}",
        "adms:status": (terms.FILE_IN_DEVELOPMENT if made_up else terms.FILE_COMPLETED).iri,
        "dcatap:availability": (terms.EXPERIMENTAL if made_up else terms.AVAILABLE).iri,
    }
    if made_up:
        node["dct:description"] = dataset.notices
    if part.coverage:
        node["dcat:spatialResolutionInMeters"] = str(part.coverage.grid)
    return node


def _form(media_type: str) -> Node:
    found: Node = {}
    if kind := terms.file_type(media_type):
        found["dct:format"] = kind.iri
    if registered := terms.media_type_of(media_type):
        found["dcat:mediaType"] = registered.iri
    return found


def _schema(edition: Described, part: Part) -> str:
    return f"{edition.owner.url}/collections/{quote(part.id)}/schema"


def _systems(dataset: Dataset) -> list[str]:
    """Return the reference systems in which it can be had."""
    if all(part.coverage for part in dataset.parts):
        return [RD.uri]
    return [crs.uri for crs in OFFERED]


def _box(bbox: Box) -> Node:
    west, south, east, north = bbox
    corners = ((west, south), (east, south), (east, north), (west, north), (west, south))
    ring = ", ".join(f"{x} {y}" for x, y in corners)
    return {"@type": "dct:Location", "dcat:bbox": f"POLYGON(({ring}))"}


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
