"""How the OpenAPI document is served: made once per edition and language, when first asked for."""

import threading
from http import HTTPStatus
from typing import Any

from pygeoapi.api import API, APIRequest, openapi_

from spatial.serve.ask.offers import OPENAPI
from spatial.serve.config import limits_of
from spatial.serve.coverage.shelf import coverages_of
from spatial.serve.door.amend import to_json
from spatial.serve.door.endpoints import Answer
from spatial.serve.lane.version import API_VERSION
from spatial.serve.openapi.document import About, Offered, openapi_document
from spatial.serve.processes.offered import processes_of
from spatial.serve.read.edition import Editions


class OpenApi:
    """Endpoint of ``/openapi`` and ``/openapi.json``."""

    def __init__(self, config: dict[str, Any], editions: Editions, url: str) -> None:
        self._about = About(url, API_VERSION, config["metadata"])
        self._limits = limits_of(config)
        self._editions = editions
        self._lock = threading.Lock()
        self._texts: dict[tuple[str, str], str] = {}

    def endpoint(self, api: API, request: APIRequest) -> Answer:
        """Answer with the document, or with the page that shows it.

        Raises:
            StoreError: there is no snapshot.
        """
        if request.format == "html":
            page: Answer = openapi_(api, request)
            return page
        language = request.locale.language
        headers = request.get_response_headers(**api.api_headers)
        headers |= {"Content-Type": OPENAPI, "Content-Language": language}
        return headers, HTTPStatus.OK, self._text(language)

    def _text(self, language: str) -> str:
        edition = self._editions.current
        key = (edition.id, language)
        with self._lock:
            if key not in self._texts:
                processes = tuple(processes_of(edition.snapshot).values())
                coverages = tuple(coverages_of(edition).values())
                offered = Offered(edition.contents, processes, coverages)
                document = openapi_document(
                    self._about, offered, self._limits, english=language == "en"
                )
                older = [kept for kept in self._texts if kept[0] != edition.id]
                for kept in older:
                    del self._texts[kept]
                self._texts[key] = to_json(document)
            return self._texts[key]
