"""The server: pygeoapi behind our door, and the maps beside it."""

import importlib
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from types import ModuleType

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from spatial.errors import SettingsError, StoreError
from spatial.serve.door import endpoints
from spatial.serve.door.amend import amend_pygeoapi
from spatial.serve.door.guard import Guard
from spatial.serve.door.headers import PageSize, SafeHeaders
from spatial.serve.door.openapi import OpenApi, limits_of
from spatial.serve.edition import open_editions
from spatial.serve.operate.health import health_routes
from spatial.serve.operate.host import OwnHost
from spatial.serve.operate.limits import Limited, RequestLimits
from spatial.serve.problems import as_problem, no_snapshot, problem
from spatial.serve.tiles.routes import tile_routes
from spatial.store.snapshot import LIVE, MAPS

_PYGEOAPI = "pygeoapi.starlette_app"
_STATIC = Path(__file__).parent / "static"
_ASSETS = Path(__file__).parents[2] / "assets"
_LIBRARIES = {"leaflet": "leaflet/dist", "swagger": "swagger-ui-dist"}
_NOT_OFFERED = ("processes", "jobs", "stac", "stac-api", "TileMatrixSets", "asyncapi", "admin")


@dataclass(frozen=True, slots=True)
class Service:
    """What is served.

    Attributes:
        config: pygeoapi configuration file.
        data: root of the store.
        url: address by which clients reach the service, without a slash at the end.
        assets: folder with the browser libraries that the pages use (``node_modules`` in it).
        limits: what one request may ask.
    """

    config: Path
    data: Path
    url: str
    assets: Path = _ASSETS
    limits: RequestLimits = field(default_factory=RequestLimits)


def create_app(service: Service) -> ASGIApp:
    """Build the ASGI application; reads the configuration and the catalogue, no features.

    Raises:
        SettingsError: the configuration file is not there.
    """
    if not service.config.is_file():
        message = f"there is no configuration {service.config}: run 'spatial config'"
        raise SettingsError(message)
    amend_pygeoapi()
    pygeoapi = _load_pygeoapi(service)
    editions = open_editions(Path(service.data))
    document = OpenApi(pygeoapi.CONFIG, editions, service.url)

    def route(path: str, endpoint: endpoints.Endpoint) -> Route:
        async def answer(request: Request) -> Response:
            found: Response = await pygeoapi.execute_from_starlette(
                endpoint, request, *request.path_params.values()
            )
            return found

        return Route(path, answer)

    pygeoapi.APP.add_exception_handler(StoreError, no_snapshot)
    pygeoapi.APP.add_exception_handler(HTTPException, as_problem)
    maps = StaticFiles(directory=service.data / LIVE / MAPS, html=True, check_dir=False)
    return Starlette(
        routes=[
            *health_routes(editions),
            route("/", endpoints.landing_page),
            route("/openapi", document.endpoint),
            route("/openapi.json", document.endpoint),
            route("/collections", endpoints.collections),
            route("/collections/{collection_id}", endpoints.collection),
            route("/collections/{collection_id}/schema", endpoints.schema(editions)),
            route("/collections/{collection_id}/queryables", endpoints.queryables(editions)),
            *tile_routes(editions, service.url),
            Route(f"/{MAPS}", lambda _: RedirectResponse(f"{service.url}/{MAPS}/")),
            Mount(f"/{MAPS}", maps),
            *_static_files(service.assets),
            *_not_offered(),
            Mount("/", pygeoapi.APP),
        ],
        middleware=[
            Middleware(SafeHeaders),
            Middleware(CORSMiddleware, allow_origins=["*"], expose_headers=["*"]),
            Middleware(Limited, limits=service.limits),
            Middleware(OwnHost, url=service.url),
            Middleware(GZipMiddleware, minimum_size=1000, compresslevel=5),
            Middleware(Guard, editions=editions, limits=limits_of(pygeoapi.CONFIG)),
            Middleware(PageSize),
        ],
        exception_handlers={StoreError: no_snapshot, HTTPException: as_problem},
    )


def _static_files(assets: Path) -> Iterator[Mount]:
    """Serve what the pages load: libraries as npm installed them, and our own files."""
    for name, folder in _LIBRARIES.items():
        files = StaticFiles(directory=assets / "node_modules" / folder, check_dir=False)
        yield Mount(f"/static/{name}", files)
    yield Mount("/static", StaticFiles(directory=_STATIC))


def _not_offered() -> Iterator[Route]:
    """Answer 404 for parts of pygeoapi that this service does not offer, also for their pages."""

    def refuse(request: Request) -> Response:
        return problem(HTTPStatus.NOT_FOUND, f"this service does not offer {request.url.path}")

    for part in _NOT_OFFERED:
        yield Route(f"/{part}", refuse)
        yield Route(f"/{part}/{{rest:path}}", refuse)


def _load_pygeoapi(service: Service) -> ModuleType:
    """Import pygeoapi's application anew; it takes its configuration when it is imported."""
    variables = {
        "PYGEOAPI_CONFIG": str(service.config),
        # empty: the document is made when it is asked for
        "PYGEOAPI_OPENAPI": os.devnull,
        "SPATIAL_DATA": str(service.data),
        "SPATIAL_URL": service.url,
    }
    with _environment(variables):
        sys.modules.pop(_PYGEOAPI, None)
        return importlib.import_module(_PYGEOAPI)


@contextmanager
def _environment(variables: Mapping[str, str]) -> Iterator[None]:
    # pygeoapi reads no other way; what was there is put back
    environment = os.environ  # noqa: TID251
    before = {name: environment.get(name) for name in variables}
    environment.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del environment[name]
            else:
                environment[name] = value
