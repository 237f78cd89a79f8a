"""The addresses of metadata for other catalogues; each document is made once per snapshot."""

import threading
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from spatial.serve.ask.negotiate import language_of
from spatial.serve.ask.offers import (
    DATASET,
    DCAT,
    STAC,
    STAC_COLLECTION,
    STAC_ITEM,
    form_of,
    offered,
)
from spatial.serve.metadata.dcat import dcat_document
from spatial.serve.metadata.described import described
from spatial.serve.metadata.owner import Metadata, Owner, owner_of
from spatial.serve.problems import NotThereError, answering
from spatial.serve.read.edition import Edition, Editions

type Document = dict[str, Any]


class _Shelf:
    """The documents of one edition, made when they are first asked for."""

    def __init__(self, edition: Edition, owner: Owner) -> None:
        self.edition = edition
        self.described = described(edition, owner)
        self._dcat: dict[str | None, bytes] = {}
        self._stac: dict[bool, dict[str, bytes]] = {}

    def dcat(self, only: str | None) -> bytes:
        """Return the document of one data set, or of all."""
        if only not in self._dcat:
            self._dcat[only] = orjson.dumps(dcat_document(self.described, only))
        return self._dcat[only]

    def stac(self, *, english: bool) -> dict[str, bytes]:
        """Return all documents of STAC by their path below ``/stac``."""
        if english not in self._stac:
            from spatial.serve.metadata.stac import Writer  # noqa: PLC0415 - slow to load

            writer = Writer(self.described, english=english)
            self._stac[english] = {
                path: orjson.dumps(document) for path, document in writer.documents()
            }
        return self._stac[english]


class Documents:
    """The documents of whatever edition is live."""

    def __init__(self, editions: Editions, owner: Owner) -> None:
        self._editions = editions
        self._owner = owner
        self._lock = threading.Lock()
        self._live: _Shelf | None = None

    def catalogue(self, request: Request) -> Response:
        """Answer ``/dcat``."""
        return self._dcat(request, DCAT, None)

    def dataset(self, request: Request) -> Response:
        """Answer ``/dcat/{datasetId}``."""
        return self._dcat(request, DATASET, request.path_params["dataset"])

    def stac(self, request: Request) -> Response:
        """Answer ``/stac``."""
        return self._stac(request, STAC, "")

    def collection(self, request: Request) -> Response:
        """Answer ``/stac/{datasetId}``."""
        return self._stac(request, STAC_COLLECTION, request.path_params["dataset"])

    def item(self, request: Request) -> Response:
        """Answer ``/stac/{datasetId}/{stacItemId}``."""
        places = request.path_params
        return self._stac(request, STAC_ITEM, f"{places['dataset']}/{places['item']}")

    def _dcat(self, request: Request, path: str, only: str | None) -> Response:
        with self._lock:
            shelf = self._shelf()
            if only is not None and only not in {one.id for one in shelf.described.datasets}:
                message = f"there is no data set {only!r}; {self._owner.url}{DCAT} lists them all"
                raise NotThereError(message)
            body = shelf.dcat(only)
        return Response(body, media_type=_media_type(request, path))

    def _stac(self, request: Request, path: str, name: str) -> Response:
        given = request.query_params.get("lang")
        language = given or language_of(request.headers.get("accept-language", ""))
        with self._lock:
            found = self._shelf().stac(english=language == "en").get(name)
        if found is None:
            message = f"STAC has no {name!r} here; {self._owner.url}{STAC} leads to all"
            raise NotThereError(message)
        told = {"Content-Language": language}
        return Response(found, headers=told, media_type=_media_type(request, path))

    def _shelf(self) -> _Shelf:
        edition = self._editions.current
        if self._live is None or self._live.edition is not edition:
            self._live = _Shelf(edition, self._owner)
        return self._live


def metadata_routes(editions: Editions, metadata: Metadata, url: str) -> list[Route]:
    """Return the routes of metadata.

    Args:
        editions: the store.
        metadata: the part of that name of the configuration.
        url: address by which clients reach the service, without a slash at the end.
    """
    documents = Documents(editions, owner_of(metadata, url))
    return [
        Route(DCAT, answering(documents.catalogue)),
        Route(f"{DCAT}/{{dataset}}", answering(documents.dataset)),
        Route(STAC, answering(documents.stac)),
        Route(f"{STAC}/{{dataset}}", answering(documents.collection)),
        Route(f"{STAC}/{{dataset}}/{{item}}", answering(documents.item)),
    ]


def _media_type(request: Request, path: str) -> str:
    """Return the name under which the client knows the document; the door has checked the rest."""
    accept = request.headers.get("accept", "")
    return form_of(offered(path), request.query_params.get("f"), accept)[1]
