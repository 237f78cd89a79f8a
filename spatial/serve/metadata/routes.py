"""The addresses of metadata for other catalogues; each document is made once per snapshot."""

import threading
from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from spatial.serve.ask.offers import DATASET, DCAT, JSON_LD, Offer, form_of, offered
from spatial.serve.metadata.dcat import Described, dcat_document
from spatial.serve.metadata.families import families_of, family_id
from spatial.serve.metadata.owner import Metadata, owner_of
from spatial.serve.problems import problem
from spatial.serve.processes.documents import link
from spatial.serve.read.edition import Edition, Editions
from spatial.store.catalogue import Collection

type Answer = Callable[[Request], Response]


class _MissingError(Exception):
    """There is nothing at this address."""


class Documents:
    """The documents of whatever edition is live."""

    def __init__(self, editions: Editions, metadata: Metadata, url: str) -> None:
        self._editions = editions
        self._owner = owner_of(metadata, url)
        self._lock = threading.Lock()
        self._edition: Edition | None = None
        self._kept: dict[str, bytes] = {}

    def catalogue(self, request: Request) -> Response:
        """Answer ``/dcat``."""
        return self._dcat(request, offered(DCAT), None)

    def dataset(self, request: Request) -> Response:
        """Answer ``/dcat/{datasetId}``."""
        name = request.path_params["dataset"]
        if name not in {family.id for family in families_of(self._editions.current.contents)}:
            message = f"there is no data set {name!r}; {self._owner.url}{DCAT} lists them all"
            raise _MissingError(message)
        return self._dcat(request, offered(DATASET), name)

    def _dcat(self, request: Request, offer: Offer, only: str | None) -> Response:
        edition = self._editions.current

        def document() -> Any:
            return dcat_document(Described(edition.snapshot, edition.moment, self._owner), only)

        _, media_type = form_of(
            offer, request.query_params.get("f"), request.headers.get("accept", "")
        )
        return Response(self._once(edition, only or "", document), media_type=media_type)

    def _once(self, edition: Edition, key: str, document: Callable[[], Any]) -> bytes:
        with self._lock:
            if self._edition is not edition:
                self._edition, self._kept = edition, {}
            if key not in self._kept:
                self._kept[key] = orjson.dumps(document())
            return self._kept[key]


def metadata_routes(editions: Editions, metadata: Metadata, url: str) -> list[Route]:
    """Return the routes of metadata.

    Args:
        editions: the store.
        metadata: the part of that name of the configuration.
        url: address by which clients reach the service, without a slash at the end.
    """
    documents = Documents(editions, metadata, url)
    return [
        Route(DCAT, _answering(documents.catalogue)),
        Route(f"{DCAT}/{{dataset}}", _answering(documents.dataset)),
    ]


def catalogue_links(url: str, *, english: bool) -> list[dict[str, str]]:
    """Return the links of the landing page to the metadata."""
    title = "Metadata as DCAT-AP-NL" if english else "Metagegevens als DCAT-AP-NL"
    return [link("describedby", JSON_LD, title, f"{url}{DCAT}")]


def collection_links(url: str, collection: Collection, *, english: bool) -> list[dict[str, str]]:
    """Return the links of a collection to the metadata of the data set that it is a part of."""
    title = "Metadata as DCAT-AP-NL" if english else "Metagegevens als DCAT-AP-NL"
    return [link("describedby", JSON_LD, title, f"{url}{DCAT}/{quote(family_id(collection))}")]


def _answering(answer: Answer) -> Answer:
    """Turn what is not there into a problem document; runs in a thread, as all that is not async."""

    def endpoint(request: Request) -> Response:
        try:
            return answer(request)
        except _MissingError as error:
            return problem(HTTPStatus.NOT_FOUND, str(error))

    return endpoint
