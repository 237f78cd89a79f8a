"""Documents that pygeoapi makes and we complete: landing page, schema, queryables."""

import json
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import pygeoapi.api as core_api
from pygeoapi.api import API, APIRequest, itemtypes

from spatial.serve.door.amend import to_json
from spatial.serve.edition import Editions
from spatial.serve.schema import geometry_schema, property_schemas, time_roles

_NOT_OFFERED = ("/processes", "/tiling-schemes")

type Answer = tuple[dict[str, Any], int, str]
type Endpoint = Callable[..., Answer]


def landing_page(api: API, request: APIRequest) -> Answer:
    """Add a link to the maps, and drop those to processes and tiles: there are none."""
    headers, status, content = core_api.landing_page(api, request)
    if request.format in {None, "json"}:
        document = json.loads(content)
        document["links"] = [
            link for link in document["links"] if not link["rel"].endswith(_NOT_OFFERED)
        ]
        document["links"].append(
            {
                "rel": "related",
                "type": "text/html",
                "title": "Maps and comparisons"
                if _english(request)
                else "Kaarten en vergelijkingen",
                "href": f"{api.base_url}/kaart/",
            }
        )
        content = to_json(document)
    return headers, status, content


def schema(editions: Editions) -> Endpoint:
    """Make the endpoint of ``/schema``: titles in the language asked, geometry type, time roles."""

    def endpoint(api: API, request: APIRequest, collection_id: str) -> Answer:
        return _described(core_api.get_collection_schema, editions, api, request, collection_id)

    return endpoint


def queryables(editions: Editions) -> Endpoint:
    """Make the endpoint of ``/queryables``: as the schema; pygeoapi copies only the types."""

    def endpoint(api: API, request: APIRequest, collection_id: str) -> Answer:
        return _described(
            itemtypes.get_collection_queryables, editions, api, request, collection_id
        )

    return endpoint


def _described(
    original: Endpoint, editions: Editions, api: API, request: APIRequest, collection_id: str
) -> Answer:
    headers, status, content = original(api, request, collection_id)
    if status != HTTPStatus.OK or request.format not in {None, "json"}:
        return headers, status, content
    document = json.loads(content)
    collection = editions.current.collection(collection_id)
    described = property_schemas(collection.velden, english=_english(request))
    roles = time_roles(collection)
    for name, entry in document["properties"].items():
        entry.update(geometry_schema() if name == "geometry" else described[name])
        if name in roles:
            entry["x-ogc-role"] = roles[name]
    return headers, status, to_json(document)


def _english(request: APIRequest) -> bool:
    english: bool = request.locale.language == "en"
    return english
