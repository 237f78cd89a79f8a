"""The addresses of coverages: what they are, their field, their cells and their whole file."""

import hashlib
from dataclasses import dataclass
from email.utils import format_datetime
from http import HTTPStatus
from importlib.metadata import version
from pathlib import Path
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Match, Route
from starlette.types import Scope

from spatial.domain.crs import RD
from spatial.errors import QueryError, SelectionTooLargeError
from spatial.serve.ask.negotiate import apart, language_of
from spatial.serve.ask.offers import (
    COLLECTION,
    COVERAGE,
    GEOTIFF,
    HTML,
    form_of,
    offered,
)
from spatial.serve.ask.query import parse_document, parse_shown
from spatial.serve.coverage.asked import parse_coverage
from spatial.serve.coverage.block import Block, block_of
from spatial.serve.coverage.cells import cells_of, geotiff
from spatial.serve.coverage.covjson import covjson
from spatial.serve.coverage.documents import (
    collection_document,
    linked_document,
    schema_document,
)
from spatial.serve.coverage.shelf import coverages_of
from spatial.serve.coverage.wording import Place, file_name
from spatial.serve.problems import Answer, NotThereError, answering, problem
from spatial.serve.processes.writing import Render
from spatial.serve.read.edition import Edition, Editions
from spatial.store.files.enclosures import FILES
from spatial.store.snapshot import MAPS

MOST_CELLS = {"GTiff": 20_000_000, "covjson": 1_000_000}
"""Values in one answer: 80 MB in memory as numbers, some 8 MB as text."""

_ID = "coverage_id"
_VERSION = version("aandachtsgroepen-in-kaart")


@dataclass(frozen=True, slots=True)
class _Visit:
    """One request for one coverage.

    Attributes:
        edition: that answers it.
        place: the coverage and the language.
        form: of the answer.
        media_type: under which it is sent.
        pairs: the other parameters.
    """

    edition: Edition
    place: Place
    form: str
    media_type: str
    pairs: list[tuple[str, str]]

    @property
    def path(self) -> Path:
        """Where the file of the coverage is."""
        return self.edition.snapshot.path / self.place.coverage.file


class CoverageRoute(Route):
    """An address below a collection that is a coverage; others have the same address."""

    def __init__(self, path: str, endpoint: Answer, editions: Editions) -> None:
        super().__init__(path, endpoint)
        self._editions = editions

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Tell whether a request is for a coverage of the live edition."""
        match, found = super().matches(scope)
        if match is Match.NONE:
            return match, found
        known = coverages_of(self._editions.current)
        return (match, found) if found["path_params"][_ID] in known else (Match.NONE, {})


class Coverages:
    """Everything about coverages, for whatever edition is live."""

    def __init__(self, editions: Editions, render: Render, url: str) -> None:
        """Answer from ``editions``; pages are made by ``render``, addresses begin with ``url``."""
        self._editions = editions
        self._render = render
        self._url = url

    def collection(self, request: Request) -> Response:
        """Answer ``/collections/{id}``."""
        visit = self._visit(request, COLLECTION)
        parse_document(visit.pairs, ())
        if visit.form == "html":
            map_file = f"{MAPS}/{visit.place.coverage.id}.html"
            drawn = map_file in visit.edition.snapshot.manifest["files"]
            document = {**collection_document(visit.place), "kaart": drawn}
            return self._page("dekkingen/dekking.html", document, visit)
        if visit.form == "jsonld":
            return _document(linked_document(visit.place), visit)
        return _document(collection_document(visit.place), visit)

    def schema(self, request: Request) -> Response:
        """Answer ``/collections/{id}/schema``."""
        visit = self._visit(request, f"{COLLECTION}/schema")
        parse_document(visit.pairs, ())
        document = schema_document(visit.place)
        if visit.form == "html":
            return self._page("dekkingen/kenmerk.html", document, visit)
        return _document(document, visit)

    def cells(self, request: Request) -> Response:
        """Answer ``/collections/{id}/coverage``: the file itself when all of it is asked as such."""
        visit = self._visit(request, COVERAGE)
        asked = parse_coverage(visit.pairs)
        block = block_of(visit.place.coverage, asked)
        if block is None:
            raise NotThereError(_nothing(visit.place))
        headers = _headers(visit, block)
        if visit.form == "GTiff" and block.whole:
            return _file(request, visit, headers)
        _check_size(block, visit.form)
        if (known := _not_modified(request, headers)) is not None:
            return known
        folder = visit.edition.snapshot.path
        if visit.form == "covjson":
            content = covjson(block, cells_of(folder, block), visit.place)
        else:
            content = geotiff(folder, block)
        return Response(content, HTTPStatus.OK, headers)

    def file(self, request: Request) -> Response:
        """Answer ``/collections/{id}/bestanden/{id}.tif``; parts of it (``Range``) too."""
        if request.query_params:
            message = "a file of a whole coverage has no parameters"
            raise QueryError(message)
        edition = self._editions.current
        coverage = coverages_of(edition)[request.path_params[_ID]]
        if request.path_params["name"] != file_name(coverage):
            message = f"there is no file {request.path_params['name']!r} of {coverage.id!r}"
            raise NotThereError(message)
        visit = _Visit(edition, Place(self._url, coverage, english=False), "GTiff", GEOTIFF, [])
        return _file(request, visit, _whole_headers(visit))

    def _visit(self, request: Request, path: str) -> _Visit:
        """Read form and language; the guard has put the headers in order."""
        shown, pairs = apart(request.query_params.multi_items())
        offer = offered(path)
        parse_shown(shown, tuple(offer.forms))
        form, named = form_of(offer, shown.get("f"), request.headers.get("accept", ""))
        language = shown.get("lang") or language_of(request.headers.get("accept-language", ""))
        edition = self._editions.current
        coverage = coverages_of(edition)[request.path_params[_ID]]
        return _Visit(edition, Place(self._url, coverage, language == "en"), form, named, pairs)

    def _page(self, template: str, data: dict[str, Any], visit: _Visit) -> Response:
        place = visit.place
        shown = {**data, "place": place, "coverage": place.coverage}
        text = self._render(template, shown, place.language)
        return Response(text, headers={"Content-Language": place.language}, media_type=HTML)


def coverage_routes(editions: Editions, render: Render, url: str) -> list[Route]:
    """Return the routes of coverages; they stand before those of other collections.

    Args:
        editions: the store.
        render: makes pages.
        url: address by which clients reach the service, without a slash at the end.
    """
    found = Coverages(editions, render, url)
    base = f"/collections/{{{_ID}}}"
    of_coverages = [
        CoverageRoute(path, answering(answer), editions)
        for path, answer in (
            (base, found.collection),
            (f"{base}/schema", found.schema),
            (f"{base}/coverage", found.cells),
            (f"{base}/{FILES}/{{name}}", found.file),
        )
    ]
    return [*of_coverages, Route(f"{base}/coverage", _no_coverage)]


def _no_coverage(request: Request) -> Response:
    message = f"there is no coverage {request.path_params[_ID]!r}"
    return problem(HTTPStatus.NOT_FOUND, message)


def _nothing(place: Place) -> str:
    coverage = place.coverage
    left, bottom, right, top = coverage.bbox
    days = ", ".join(band.peilmoment.isoformat() for band in coverage.bands)
    return (
        f"nothing of {coverage.id} lies there: it has cells between E {left:.0f} and {right:.0f}, "
        f"N {bottom:.0f} and {top:.0f} (EPSG:28992), at {days}"
    )


def _check_size(block: Block, form: str) -> None:
    most = MOST_CELLS[form]
    if block.cells > most:
        message = (
            f"the answer would hold {block.cells} values, and f={form} gives at most {most}: "
            "choose a datetime, a smaller bbox or subset"
            + (", or f=GTiff" if form == "covjson" else ", or take the whole file (no parameters)")
        )
        raise SelectionTooLargeError(message)


def _headers(visit: _Visit, block: Block) -> dict[str, str]:
    """Return what an answer with cells says of itself."""
    coverage = block.coverage
    if visit.form == "GTiff" and block.whole:
        return _whole_headers(visit)
    told = [coverage.sha256, coverage.id, visit.media_type, visit.place.url, _VERSION]
    asked = [band.index for band in block.bands], block.bounds
    tag = hashlib.sha256("\n".join([*told, repr(asked)]).encode()).hexdigest()
    headers = {
        **_common_headers(visit, block.bounds),
        "Content-Type": visit.media_type,
        "ETag": f'"{tag[:32]}"',
        "Vary": "Accept",
    }
    if visit.form == "GTiff":
        headers["Content-Disposition"] = f'attachment; filename="{file_name(coverage)}"'
    return headers


def _whole_headers(visit: _Visit) -> dict[str, str]:
    coverage = visit.place.coverage
    return {
        **_common_headers(visit, coverage.bbox),
        "Content-Type": GEOTIFF,
        "Content-Disposition": f'attachment; filename="{file_name(coverage)}"',
        "ETag": f'"{coverage.sha256[:32]}"',
    }


def _common_headers(visit: _Visit, bounds: tuple[float, float, float, float]) -> dict[str, str]:
    return {
        "Content-Crs": f"<{RD.uri}>",
        "Content-Bbox": ",".join(f"{bound:.10g}" for bound in bounds),
        "Last-Modified": format_datetime(visit.edition.moment, usegmt=True),
        "Cache-Control": "public, no-cache",
    }


def _file(request: Request, visit: _Visit, headers: dict[str, str]) -> Response:
    if (known := _not_modified(request, headers)) is not None:
        return known
    return FileResponse(visit.path, headers=headers, media_type=GEOTIFF)


def _not_modified(request: Request, headers: dict[str, str]) -> Response | None:
    known = request.headers.get("if-none-match", "")
    if headers["ETag"] in {tag.strip().removeprefix("W/") for tag in known.split(",")}:
        return Response(None, HTTPStatus.NOT_MODIFIED, headers)
    return None


def _document(document: dict[str, Any], visit: _Visit) -> Response:
    headers = {"Content-Language": visit.place.language}
    return Response(orjson.dumps(document), HTTPStatus.OK, headers, visit.media_type)
