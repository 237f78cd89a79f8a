"""Documents that pygeoapi makes and we complete: landing page, schema, queryables."""

import json
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import pygeoapi.api as core_api
from pygeoapi.api import API, APIRequest, itemtypes

from spatial.domain.crs import OFFERED
from spatial.serve.ask.offers import GEOJSON, JSON_LD, SCHEMA
from spatial.serve.coverage.documents import CONFORMANCE, collection_document, linked_document
from spatial.serve.coverage.shelf import coverages_of
from spatial.serve.coverage.wording import Place
from spatial.serve.cube.partitions import partition_links
from spatial.serve.door.amend import OFFERED_CLASSES, to_json
from spatial.serve.formats.enclosures import enclosures
from spatial.serve.metadata.links import catalogue_links, collection_links
from spatial.serve.processes.documents import list_link
from spatial.serve.profiel.routes import profiles_link
from spatial.serve.qgis.packs import pack_link, pack_links
from spatial.serve.qgis.routes import layer_link, project_link
from spatial.serve.read.edition import Edition, Editions
from spatial.serve.schema import queryables_document, schema_document
from spatial.serve.styles.routes import style_link
from spatial.serve.tiles.documents import schemes_link, tilesets_link
from spatial.store.catalogue import Kind

_OWN = ("/processes", "/tiling-schemes", "/job-list")
"""Links that pygeoapi gives and this service does not have, or names itself."""

type Answer = tuple[dict[str, Any], int, str]
type Endpoint = Callable[..., Answer]


def landing_page(editions: Editions) -> Endpoint:
    """Make the endpoint of ``/``: with links to all that is beside the collections."""

    def endpoint(api: API, request: APIRequest) -> Answer:
        headers, status, content = core_api.landing_page(api, request)
        if request.format in {None, "json"}:
            document = json.loads(content)
            own = [link for link in document["links"] if not link["rel"].endswith(_OWN)]
            english = _english(request)
            document["links"] = [*own, *_landing_links(editions.current, api, english=english)]
            content = to_json(document)
        return headers, status, content

    return endpoint


def _landing_links(edition: Edition, api: API, *, english: bool) -> list[dict[str, str]]:
    """Link to maps, processes, profiles and metadata; tile matrix sets are named as they are here."""
    return [
        schemes_link(api.base_url),
        list_link(api.base_url, english=english),
        profiles_link(api.base_url, english=english),
        project_link(api.base_url, english=english),
        *pack_links(api.base_url, edition.contents, english=english),
        *catalogue_links(api.base_url, english=english),
        {
            "rel": "related",
            "type": "text/html",
            "title": "Maps and comparisons" if english else "Kaarten en vergelijkingen",
            "href": f"{api.base_url}/kaart/",
        },
    ]


def conformance(editions: Editions) -> Endpoint:
    """Make the endpoint of ``/conformance``: of coverages only where the snapshot has one."""

    def endpoint(api: API, request: APIRequest) -> Answer:
        classes = {*core_api.CONFORMANCE_CLASSES, *OFFERED_CLASSES}
        if coverages_of(editions.current):
            classes.update(CONFORMANCE)
        document = {"conformsTo": sorted(classes)}
        headers = request.get_response_headers(**api.api_headers)
        if request.format == "html":
            template, locale = "conformance.html", request.locale
            page = core_api.render_j2_template(api.tpl_config, None, template, document, locale)
            return headers, HTTPStatus.OK, page
        return headers, HTTPStatus.OK, to_json(document)

    return endpoint


def collections(editions: Editions) -> Endpoint:
    """Make the endpoint of ``/collections``: with coverages, and the reference systems."""

    def endpoint(api: API, request: APIRequest) -> Answer:
        headers, status, content = core_api.describe_collections(api, request)
        if status == HTTPStatus.OK and request.format != "html":
            document = json.loads(content)
            edition, english = editions.current, _english(request)
            rasters = [Place(api.base_url, one, english) for one in coverages_of(edition).values()]
            if "collections" in document:
                for entry in document["collections"]:
                    _complete(entry, edition, api, request)
                document["collections"] += map(collection_document, rasters)
                document["crs"] = [crs.uri for crs in OFFERED]
                content = to_json(document)
            elif "dataset" in document:
                document["dataset"] += map(linked_document, rasters)
                content = to_json(document)
        return headers, status, content

    return endpoint


def collection(editions: Editions) -> Endpoint:
    """Make the endpoint of ``/collections/{id}``."""

    def endpoint(api: API, request: APIRequest, collection_id: str) -> Answer:
        headers, status, content = core_api.describe_collections(api, request, collection_id)
        if status == HTTPStatus.OK and request.format != "html":
            document = json.loads(content)
            if "itemType" in document:
                _complete(document, editions.current, api, request)
                content = to_json(document)
        return headers, status, content

    return endpoint


def schema(editions: Editions) -> Endpoint:
    """Make the endpoint of ``/schema``: what pygeoapi knows is the types."""

    def endpoint(api: API, request: APIRequest, collection_id: str) -> Answer:
        answer: Answer = core_api.get_collection_schema(api, request, collection_id)
        if not _is_json(answer, request):
            return answer
        address = f"{api.base_url}/collections/{collection_id}/schema"
        entry = editions.current.collection(collection_id)
        document = schema_document(entry, address, english=_english(request))
        return answer[0], answer[1], to_json(document)

    return endpoint


def queryables(editions: Editions) -> Endpoint:
    """Make the endpoint of ``/queryables``, as that of ``/schema``."""

    def endpoint(api: API, request: APIRequest, collection_id: str) -> Answer:
        answer: Answer = itemtypes.get_collection_queryables(api, request, collection_id)
        if not _is_json(answer, request):
            return answer
        address = f"{api.base_url}/collections/{collection_id}/queryables"
        entry = editions.current.collection(collection_id)
        document = queryables_document(entry, address, english=_english(request))
        return answer[0], answer[1], to_json(document)

    return endpoint


def _is_json(answer: Answer, request: APIRequest) -> bool:
    return answer[1] == HTTPStatus.OK and request.format in {None, "json"}


def _complete(entry: dict[str, Any], edition: Edition, api: API, request: APIRequest) -> None:
    """Link to the schema by the name that GDAL follows, to the tiles, and to files of all of it.

    GDAL puts the id of a feature behind the address of the features, so that has no query.
    """
    for link in entry["links"]:
        if link["rel"] == "items" and link["type"] == GEOJSON:
            link["href"] = link["href"].removesuffix("?f=json")
    entry["links"].append(
        {
            "rel": "describedby",
            "type": SCHEMA,
            "title": "Properties" if _english(request) else "Kenmerken",
            "href": f"{api.base_url}/collections/{entry['id']}/schema?f=json",
        }
    )
    collection_ = edition.collection(entry["id"])
    entry["links"] += collection_links(api.base_url, collection_, english=_english(request))
    if collection_.layered:
        entry["links"].append(tilesets_link(api.base_url, entry["id"]))
    else:
        _of_observations(entry, edition, api, english=_english(request))
        return
    if collection_.kind is Kind.INDICATOREN:
        entry["links"].append(style_link(api.base_url, collection_, english=_english(request)))
    entry["links"].append(layer_link(api.base_url, collection_, english=_english(request)))
    entry["links"].append(pack_link(api.base_url, collection_, english=_english(request)))
    entry["links"] += enclosures(edition, collection_, api.base_url, english=_english(request))


def _of_observations(entry: dict[str, Any], edition: Edition, api: API, *, english: bool) -> None:
    """Link to the files of all observations; they are not had as JSON-LD."""
    entry["links"] = [
        link for link in entry["links"] if link["type"] != JSON_LD or link["rel"] != "items"
    ]
    entry["links"] += partition_links(edition, api.base_url, english=english)


def _english(request: APIRequest) -> bool:
    english: bool = request.locale.language == "en"
    return english
