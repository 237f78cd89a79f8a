"""The addresses of tiles and of the documents about them."""

import re
import threading
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from spatial.errors import QueryError
from spatial.serve.ask.query import LANGUAGES, parse_document
from spatial.serve.matching.select import select
from spatial.serve.problems import NotThereError, answering
from spatial.serve.read.edition import Edition, Editions
from spatial.serve.tiles.asked import JSON_FORMAT, MVT, TILEJSON, Asked, parse_tile, split_shown
from spatial.serve.tiles.documents import (
    MVT_TYPE,
    Tileset,
    scheme_document,
    scheme_list,
    tilejson_document,
    tileset_document,
    tileset_list,
)
from spatial.serve.tiles.encode import encode_tile
from spatial.serve.tiles.matrices import SCHEMES, WEB_MERCATOR_QUAD, Scheme, Tile
from spatial.serve.tiles.pyramid import Pyramid
from spatial.store.catalogue import Collection

CELLS = 1_000_000
"""Values that one tile holds at most."""

_NUMBER = re.compile(r"\d{1,9}", re.ASCII)


class Tiler:
    """Tiles of one edition; the lane in front keeps those that were made."""

    def __init__(self, edition: Edition) -> None:
        self.edition = edition
        self._pyramids: dict[str, Pyramid] = {}
        self._lock = threading.Lock()

    def pyramid(self, collection_id: str) -> Pyramid:
        """Return the shapes of a collection."""
        with self._lock:
            if collection_id not in self._pyramids:
                self._pyramids[collection_id] = Pyramid(self.edition.layer(collection_id))
            return self._pyramids[collection_id]

    def tile(self, scheme: Scheme, tile: Tile, asked: Asked) -> bytes:
        """Make a tile; empty when nothing lies in it.

        Raises:
            QueryError: it would hold too many values.
        """
        pyramid = self.pyramid(asked.collection.id)
        cut = pyramid.cut(scheme, tile, select(pyramid.layer, asked.query))
        cells = len(cut.rows) * len(asked.fields)
        if cells > CELLS:
            message = (
                f"the tile would hold {cells} values, and at most {CELLS} are allowed: "
                "choose a shorter datetime, or properties"
            )
            raise QueryError(message)
        return encode_tile(pyramid.layer, cut, [field.naam for field in asked.fields])


class Tiles:
    """Everything about tiles, for whatever edition is live."""

    def __init__(self, editions: Editions, url: str) -> None:
        self._editions = editions
        self._url = url
        self._live: Tiler | None = None

    def schemes(self, request: Request) -> Response:
        """Answer ``/tileMatrixSets``."""
        _check_plain(request)
        return JSONResponse(scheme_list(self._url))

    def scheme(self, request: Request) -> Response:
        """Answer ``/tileMatrixSets/{id}``."""
        _check_plain(request)
        return JSONResponse(scheme_document(_scheme(request)))

    def tilesets(self, request: Request) -> Response:
        """Answer ``/collections/{id}/tiles``."""
        edition = self._tiler().edition
        shown, others = split_shown(request.query_params.multi_items(), (JSON_FORMAT,))
        asked = parse_tile(others, _collection(request, edition))
        english = _english(request, shown)
        tilesets = [
            self._tileset(edition, asked, scheme, english=english) for scheme in SCHEMES.values()
        ]
        return JSONResponse(tileset_list(tilesets))

    def tileset(self, request: Request) -> Response:
        """Answer ``/collections/{id}/tiles/{tms}``, also as TileJSON."""
        tiler, scheme = self._tiler(), _scheme(request)
        formats = (JSON_FORMAT, TILEJSON) if scheme is WEB_MERCATOR_QUAD else (JSON_FORMAT,)
        shown, others = split_shown(request.query_params.multi_items(), formats)
        asked = parse_tile(others, _collection(request, tiler.edition))
        tileset = self._tileset(tiler.edition, asked, scheme, english=_english(request, shown))
        if shown.get("f") == TILEJSON:
            return JSONResponse(tilejson_document(tileset))
        limits = scheme.limits(tiler.pyramid(asked.collection.id).bounds(scheme))
        return JSONResponse(tileset_document(tileset, list(limits)))

    def tile(self, request: Request) -> Response:
        """Answer ``/collections/{id}/tiles/{tms}/{level}/{row}/{col}``; 204 where nothing lies."""
        tiler, scheme = self._tiler(), _scheme(request)
        collection, tile = _collection(request, tiler.edition), _tile(request, scheme)
        shown, others = split_shown(request.query_params.multi_items(), (MVT,))
        if "lang" in shown:
            message = "tiles have no parameter 'lang': names stand in them as they are"
            raise QueryError(message)
        body = tiler.tile(scheme, tile, parse_tile(others, collection))
        if not body:
            return Response(status_code=HTTPStatus.NO_CONTENT)
        return Response(body, media_type=MVT_TYPE)

    def _tiler(self) -> Tiler:
        edition = self._editions.current
        live = self._live
        if live is None or live.edition is not edition:
            # two threads may both make one; the last is kept
            live = self._live = Tiler(edition)
        return live

    def _tileset(self, edition: Edition, asked: Asked, scheme: Scheme, *, english: bool) -> Tileset:
        return Tileset(self._url, edition.contents, scheme, asked, english)


def tile_routes(editions: Editions, url: str) -> list[Route]:
    """Return the routes of tiles.

    Args:
        editions: the store.
        url: address by which clients reach the service, without a slash at the end.
    """
    tiles = Tiles(editions, url)
    base = "/collections/{collection_id}/tiles"
    return [
        Route("/tileMatrixSets", answering(tiles.schemes)),
        Route("/tileMatrixSets/{scheme}", answering(tiles.scheme)),
        Route(base, answering(tiles.tilesets)),
        Route(f"{base}/{{scheme}}", answering(tiles.tileset)),
        Route(f"{base}/{{scheme}}/{{level}}/{{row}}/{{col}}", answering(tiles.tile)),
    ]


def _check_plain(request: Request) -> None:
    _, others = split_shown(request.query_params.multi_items(), (JSON_FORMAT,))
    parse_document(others, ())


def _scheme(request: Request) -> Scheme:
    name = request.path_params["scheme"]
    if name not in SCHEMES:
        message = f"there is no tile matrix set {name!r}, only {', '.join(SCHEMES)}"
        raise NotThereError(message)
    return SCHEMES[name]


def _collection(request: Request, edition: Edition) -> Collection:
    name = request.path_params["collection_id"]
    for collection in edition.contents.layers:
        if collection.id == name:
            return collection
    message = f"there is no collection {name!r}"
    raise NotThereError(message)


def _tile(request: Request, scheme: Scheme) -> Tile:
    texts = [request.path_params[name] for name in ("level", "row", "col")]
    if all(_NUMBER.fullmatch(text) for text in texts):
        tile = Tile(*(int(text) for text in texts))
        if scheme.holds(tile):
            return tile
    message = (
        f"{scheme.id} has no tile {'/'.join(texts)} here: levels go from 0 to {scheme.deepest}"
    )
    raise NotThereError(message)


def _english(request: Request, shown: dict[str, str]) -> bool:
    if "lang" in shown:
        return shown["lang"] == "en"
    # the door has put them in order, without weights
    wanted = request.headers.get("accept-language", "").lower().split(",")
    spoken = [tag.strip().partition("-")[0] for tag in wanted]
    return next((tag == "en" for tag in spoken if tag in LANGUAGES), False)
