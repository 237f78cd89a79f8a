"""The addresses of observations: pages, single ones, and files."""

import hashlib
import threading
from collections import OrderedDict
from dataclasses import dataclass
from email.utils import format_datetime
from http import HTTPStatus
from importlib.metadata import version
from typing import Any
from urllib.parse import urlencode

import numpy as np
import orjson
import pyarrow as pa
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from spatial.domain.formats import CSV, OBSERVATION_FORMATS, FileFormat
from spatial.serve.ask.negotiate import apart, language_of
from spatial.serve.ask.offers import HTML, JSON, OBSERVATION, OBSERVATIONS, form_of, offered
from spatial.serve.ask.query import Limits, parse_shown
from spatial.serve.cube.asked import Asked, parse_observation, parse_observations
from spatial.serve.cube.documents import Place, observation_document, page_document
from spatial.serve.cube.files import File, cells_of, pieces_of
from spatial.serve.cube.keyset import Page, page_of
from spatial.serve.cube.pages import controls_of, without_empty
from spatial.serve.cube.plain import sides_of
from spatial.serve.cube.select import Selection, selected
from spatial.serve.cube.views import Sides
from spatial.serve.problems import NotThereError, answering
from spatial.serve.processes.writing import Render
from spatial.serve.read.edition import Editions
from spatial.store.catalogue import WAARNEMINGEN
from spatial.store.cube.axes import key_of

_FILES = {entry.name: entry for entry in OBSERVATION_FORMATS}
_VERSION = version("aandachtsgroepen-in-kaart")
_COUNTED = 1_000
"""Selections of which the number of observations is remembered."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """How many observations there are when nothing is asked, and at most.

    Attributes:
        document: in a document for programs.
        page: on a page for people.
    """

    document: Limits
    page: Limits


class Desk:
    """The observations of one edition, and how many some selections have; safe for threads."""

    def __init__(self, sides: Sides) -> None:
        """Answer from a cube."""
        self.sides = sides
        self._counts: OrderedDict[str, int] = OrderedDict()
        self._lock = threading.Lock()

    def count(self, selection: Selection, asked: Asked) -> int:
        """Return the number of observations of a selection: the same on all of its pages."""
        key = urlencode(sorted(pair for pair in asked.rest if pair[0] not in {"limit", "sortby"}))
        with self._lock:
            known = self._counts.get(key)
        if known is None:
            known = selection.count()
            with self._lock:
                self._counts[key] = known
                if len(self._counts) > _COUNTED:
                    self._counts.popitem(last=False)
        return known


class ObservationRoutes:
    """Everything about observations, for whatever edition is live."""

    def __init__(self, editions: Editions, render: Render, url: str, sizes: Sizes) -> None:
        """Answer from ``editions``; pages are made by ``render``, addresses begin with ``url``."""
        self._editions = editions
        self._render = render
        self._url = url
        self._sizes = sizes
        self._live: Desk | None = None

    def items(self, request: Request) -> Response:
        """Answer ``/collections/waarnemingen/items``."""
        desk = self._desk()
        form, place, pairs = self._asked(request, desk, OBSERVATIONS)
        limits = self._sizes.document
        if form == "html":
            pairs, limits = without_empty(pairs), self._sizes.page
        asked = parse_observations(pairs, form, desk.sides.edition.fields(WAARNEMINGEN), limits)
        if form in _FILES:
            return _file(request, desk, asked, _FILES[form], place)
        selection = selected(desk.sides, asked.query)
        matched = desk.count(selection, asked)
        if asked.query.hits:
            page = Page(np.zeros(0, np.int64), None)
        else:
            page = page_of(selection, asked.query.sort, asked.cursor, asked.query.limit)
        document = page_document(desk.sides, asked, page, matched, place)
        if form == "html":
            first = urlencode([("f", "html"), ("lang", place.language), *asked.rest])
            controls = controls_of(desk.sides, place.collection)
            data = {**document, "controls": controls, "first": first}
            return self._page("waarnemingen/index.html", data, place)
        return _json(document, place, asked.query.crs.uri)

    def item(self, request: Request) -> Response:
        """Answer ``/collections/waarnemingen/items/{id}``."""
        desk = self._desk()
        form, place, pairs = self._asked(request, desk, OBSERVATION)
        crs = parse_observation(pairs)
        name = request.path_params["name"]
        key = key_of(name)
        cube = desk.sides.cube
        position = None if key is None else cube.position(key)
        if key is None or position is None or not cube.states[position]:
            message = f"there is no observation {name!r}"
            raise NotThereError(message)
        document = observation_document(desk.sides, (key, position), crs, place)
        if form == "html":
            return self._page("collections/items/item.html", document, place)
        return _json(document, place, crs.uri)

    def _desk(self) -> Desk:
        edition = self._editions.current
        live = self._live
        if live is None or live.sides.edition is not edition:
            if WAARNEMINGEN not in edition:
                message = (
                    f"there is no collection {WAARNEMINGEN!r}: the snapshot has no observations"
                )
                raise NotThereError(message)
            # two threads may both make one; the last is kept
            live = self._live = Desk(sides_of(edition))
        return live

    def _asked(
        self, request: Request, desk: Desk, path: str
    ) -> tuple[str, Place, list[tuple[str, str]]]:
        """Read form and language; the guard has put the headers in order."""
        shown, pairs = apart(request.query_params.multi_items())
        offer = offered(path)
        parse_shown(shown, tuple(offer.forms))
        form, _ = form_of(offer, shown.get("f"), request.headers.get("accept", ""))
        language = shown.get("lang") or language_of(request.headers.get("accept-language", ""))
        collection = desk.sides.edition.collection(WAARNEMINGEN)
        return form, Place(self._url, collection, language == "en"), pairs

    def _page(self, template: str, data: dict[str, Any], place: Place) -> Response:
        text = self._render(template, data, place.language)
        return Response(text, headers={"Content-Language": place.language}, media_type=HTML)


def observation_routes(editions: Editions, render: Render, url: str, sizes: Sizes) -> list[Route]:
    """Return the routes of observations.

    Args:
        editions: the store.
        render: makes pages.
        url: address by which clients reach the service, without a slash at the end.
        sizes: page sizes.
    """
    found = ObservationRoutes(editions, render, url, sizes)
    base = f"/collections/{WAARNEMINGEN}/items"
    return [
        Route(base, answering(found.items)),
        Route(f"{base}/{{name}}", answering(found.item)),
    ]


def _file(request: Request, desk: Desk, asked: Asked, form: FileFormat, place: Place) -> Response:
    edition = desk.sides.edition
    told = [edition.id, form.name, str(place.english), _VERSION, pa.__version__]
    digest = hashlib.sha256("\n".join([*told, urlencode(sorted(asked.pairs))]).encode())
    headers = {
        "Content-Type": f"{form.media_type}; charset=utf-8" if form == CSV else form.media_type,
        "Content-Disposition": f'attachment; filename="{WAARNEMINGEN}{form.extension}"',
        "Content-Language": place.language,
        "ETag": f'"{digest.hexdigest()[:32]}"',
        "Last-Modified": format_datetime(edition.moment, usegmt=True),
        "Cache-Control": "public, no-cache",
        "Vary": "Accept, Accept-Language",
        "Accept-Ranges": "none",
    }
    if asked.placed:
        headers["Content-Crs"] = f"<{asked.query.crs.uri}>"
    known = request.headers.get("if-none-match", "")
    if headers["ETag"] in {tag.strip().removeprefix("W/") for tag in known.split(",")}:
        return Response(None, HTTPStatus.NOT_MODIFIED, headers)
    cells = cells_of(selected(desk.sides, asked.query), asked, form)
    if request.method == "HEAD":
        response = Response(None, HTTPStatus.OK, headers)
        # how long it is is known when it is written
        del response.headers["Content-Length"]
        return response
    file = File(desk.sides, place.collection, asked, cells, place.english)
    return StreamingResponse(pieces_of(file, form), HTTPStatus.OK, headers)


def _json(document: dict[str, Any], place: Place, crs: str) -> Response:
    headers = {"Content-Language": place.language, "Content-Crs": f"<{crs}>"}
    return Response(orjson.dumps(document), HTTPStatus.OK, headers, JSON)
