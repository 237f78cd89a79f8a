"""The server: the fast lane, our door, pygeoapi behind it, and the maps beside it."""

import mimetypes
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from spatial.errors import StoreError
from spatial.serve.ask.query import Limits
from spatial.serve.coverage.routes import coverage_routes
from spatial.serve.cube.partitions import partition_routes
from spatial.serve.cube.routes import Sizes, observation_routes
from spatial.serve.door import endpoints
from spatial.serve.door.amend import amend_pygeoapi
from spatial.serve.door.core import Core
from spatial.serve.door.guard import Guard, OnlyOffered
from spatial.serve.door.headers import PageSize, SafeHeaders, headers_of_data
from spatial.serve.door.openapi import OpenApi
from spatial.serve.door.pages import PAGE_SIZE
from spatial.serve.door.posting import Posting
from spatial.serve.formats.downloads import Downloads
from spatial.serve.formats.enclosures import enclosure_routes
from spatial.serve.lane.door import Door
from spatial.serve.lane.items import Items
from spatial.serve.lane.version import Versioned
from spatial.serve.metadata.routes import metadata_routes
from spatial.serve.operate.health import health_routes
from spatial.serve.operate.host import OwnHost
from spatial.serve.operate.limits import Limited, RequestLimits
from spatial.serve.problems import as_problem, no_snapshot
from spatial.serve.processes.routes import process_routes
from spatial.serve.profiel.routes import profile_routes
from spatial.serve.qgis.packs import pack_routes
from spatial.serve.qgis.routes import qgis_routes
from spatial.serve.read.edition import Editions
from spatial.serve.styles.routes import style_routes
from spatial.serve.tiles.routes import tile_routes
from spatial.store.snapshot import LIVE, MAPS

_STATIC = Path(__file__).parent / "static"
_ASSETS = Path(__file__).parents[2] / "assets"
_LIBRARIES = {"leaflet": "leaflet/dist", "swagger": "swagger-ui-dist"}


@dataclass(frozen=True, slots=True)
class Service:
    """What is served.

    Attributes:
        config: pygeoapi configuration file.
        data: root of the store.
        url: address by which clients reach the service, without a slash at the end.
        assets: folder with the browser libraries that the pages use (``node_modules`` in it).
        limits: what one request may ask.
        memory_bytes: how much of its answers a worker keeps.
    """

    config: Path
    data: Path
    url: str
    assets: Path = _ASSETS
    limits: RequestLimits = field(default_factory=RequestLimits)
    memory_bytes: int = 64_000_000


def create_app(service: Service) -> Versioned:
    """Build the ASGI application; reads the hand-written configuration, no features.

    Raises:
        SettingsError: the configuration file is not there.
    """
    amend_pygeoapi()
    core = Core(service.config, service.data, service.url)
    editions = Editions(service.data, core.serve)
    items = Items(service.url, core.limits, headers_of_data())
    behind = _behind(service, core, editions)
    door = Door(behind, editions, items, service.memory_bytes)
    return Versioned(door, door.quick)


def _behind(service: Service, core: Core, editions: Editions) -> ASGIApp:
    """Build what answers that which the lane does not."""
    sizes = Sizes(core.limits, Limits(PAGE_SIZE, core.limits.maximum))
    document = OpenApi(core.config, editions, service.url)

    def route(path: str, endpoint: endpoints.Endpoint) -> Route:
        async def answer(request: Request) -> Response:
            found: Response = await core.module.execute_from_starlette(
                endpoint, request, *request.path_params.values()
            )
            return found

        return Route(path, answer)

    handlers = {StoreError: no_snapshot, HTTPException: as_problem}
    for error, handler in handlers.items():
        core.module.APP.add_exception_handler(error, handler)
    # Python knows this type since 3.13
    mimetypes.add_type("image/webp", ".webp")
    maps = StaticFiles(directory=service.data / LIVE / MAPS, html=True, check_dir=False)
    return Starlette(
        routes=[
            *health_routes(editions),
            route("/", endpoints.landing_page(editions)),
            route("/openapi", document.endpoint),
            route("/openapi.json", document.endpoint),
            route("/conformance", endpoints.conformance(editions)),
            route("/collections", endpoints.collections(editions)),
            *coverage_routes(editions, core.page, service.url),
            route("/collections/{collection_id}", endpoints.collection(editions)),
            route("/collections/{collection_id}/schema", endpoints.schema(editions)),
            route("/collections/{collection_id}/queryables", endpoints.queryables(editions)),
            *observation_routes(editions, core.page, service.url, sizes),
            *partition_routes(editions),
            *tile_routes(editions, service.url),
            *style_routes(editions, service.url),
            *qgis_routes(editions, core.config["metadata"], service.url),
            *pack_routes(editions),
            *metadata_routes(editions, core.config["metadata"], service.url),
            *process_routes(editions, core.page, service.url),
            *profile_routes(editions, core.page, service.url),
            Route(f"/{MAPS}", lambda _: RedirectResponse(f"{service.url}/{MAPS}/")),
            Mount(f"/{MAPS}", maps),
            *enclosure_routes(editions),
            *_static_files(service.assets),
            Mount("/", OnlyOffered(core.app)),
        ],
        middleware=[
            Middleware(SafeHeaders),
            Middleware(Limited, limits=service.limits),
            Middleware(OwnHost, url=service.url),
            Middleware(Posting),
            Middleware(Guard, editions=editions, limits=core.limits),
            Middleware(Downloads, editions=editions, url=service.url),
            Middleware(PageSize),
        ],
        exception_handlers=handlers,
    )


def _static_files(assets: Path) -> Iterator[Mount]:
    """Serve what the pages load: libraries as npm installed them, and our own files."""
    for name, folder in _LIBRARIES.items():
        files = StaticFiles(directory=assets / "node_modules" / folder, check_dir=False)
        yield Mount(f"/static/{name}", files)
    yield Mount("/static/profiel", StaticFiles(packages=[("spatial.compute.profiel", "static")]))
    yield Mount("/static", StaticFiles(directory=_STATIC))
