"""Hand out files of a whole selection: ``/collections/{id}/items`` in a file format."""

import logging
import re
from collections.abc import Callable, Iterator
from email.utils import format_datetime, parsedate_to_datetime
from http import HTTPStatus
from pathlib import Path
from urllib.parse import parse_qsl

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import FileResponse, Response, StreamingResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from spatial.domain.formats import CSV, FLATGEOBUF, GEOJSON_FILE, GEOPACKAGE, GEOPARQUET, WORKBOOK
from spatial.errors import QueryError, SelectionTooLargeError, StoreError
from spatial.serve.formats.arrow import content_of, text_content
from spatial.serve.formats.features import geojson_pieces
from spatial.serve.formats.question import Question, form_of, question
from spatial.serve.formats.selection import FileLimits, Selection, selected
from spatial.serve.formats.workbook import write_workbook
from spatial.serve.formats.workshop import Workshop
from spatial.serve.problems import no_snapshot, problem
from spatial.serve.read.edition import Editions
from spatial.store.catalogue import WAARNEMINGEN
from spatial.store.files.columnar import write_geoparquet
from spatial.store.files.delimited import csv_pieces
from spatial.store.files.vector import write_flatgeobuf, write_geopackage

log = logging.getLogger(__name__)

_ITEMS = re.compile(rf"/collections/(?!{WAARNEMINGEN}/)([^/]+)/items/?")
_METHODS = ("GET", "HEAD")
_RETRY_S = 5

type Described = dict[str, str]
type Writer = Callable[[Selection, Path, str], None]
type Pieces = Callable[[Selection, str], Iterator[bytes]]

_PIECES: dict[str, Pieces] = {
    GEOJSON_FILE.name: geojson_pieces,
    CSV.name: lambda selection, _: csv_pieces(*text_content(selection)),
}
_WRITERS: dict[str, Writer] = {
    FLATGEOBUF.name: lambda selection, path, _: write_flatgeobuf(content_of(selection), path),
    GEOPACKAGE.name: lambda selection, path, _: write_geopackage(
        content_of(selection), path, selection.question.edition.moment
    ),
    GEOPARQUET.name: lambda selection, path, _: write_geoparquet(content_of(selection), path),
    WORKBOOK.name: write_workbook,
}


class Downloads:
    """ASGI middleware: answers what asks for a file; passes on what asks for a page.

    CSV and GeoJSON are sent while they are written. The other formats are written to a temporary
    file, a few at a time, that is gone when it is sent or the client is.
    """

    def __init__(
        self, app: ASGIApp, editions: Editions, url: str, limits: FileLimits | None = None
    ) -> None:
        self._app = app
        self._editions = editions
        self._url = url
        self._limits = limits or FileLimits()
        self._workshop = Workshop(self._limits)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        match = _ITEMS.fullmatch(scope["path"]) if scope["type"] == "http" else None
        if match is None or scope["method"] not in _METHODS:
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        pairs = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        form = form_of(pairs, headers.get("accept", ""))
        if form is None:
            await self._app(scope, receive, send)
            return
        try:
            edition = self._editions.current
            if match[1] not in {entry.id for entry in edition.contents.collections}:
                message = f"there is no collection {match[1]!r}"
                await problem(HTTPStatus.NOT_FOUND, message)(scope, receive, send)
                return
            language = headers.get("accept-language", "")
            asked = question(edition, match[1], form, pairs, language)
            await self._answer(asked, scope, receive, send)
        except SelectionTooLargeError as error:
            too_large = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
            await problem(too_large, str(error))(scope, receive, send)
        except QueryError as error:
            await problem(HTTPStatus.BAD_REQUEST, str(error))(scope, receive, send)
        except StoreError as error:
            await no_snapshot(Request(scope), error)(scope, receive, send)

    async def _answer(self, asked: Question, scope: Scope, receive: Receive, send: Send) -> None:
        described = _described(asked)
        if known(Headers(scope=scope), described):
            await Response(None, HTTPStatus.NOT_MODIFIED, described)(scope, receive, send)
            return
        selection = await run_in_threadpool(selected, asked, self._limits)
        if scope["method"] == "HEAD":
            response = Response(None, HTTPStatus.OK, described)
            # how long it is is known when it is written
            del response.headers["Content-Length"]
            await response(scope, receive, send)
        elif asked.form.name in _PIECES:
            pieces = _PIECES[asked.form.name](selection, asked.address(self._url))
            await StreamingResponse(pieces, HTTPStatus.OK, described)(scope, receive, send)
        else:
            await self._hand(selection, described, scope, receive, send)

    async def _hand(
        self, selection: Selection, described: Described, scope: Scope, receive: Receive, send: Send
    ) -> None:
        if self._workshop.full:
            detail = "enough files are being made at this moment: try again"
            await unavailable(detail)(scope, receive, send)
            return
        question = selection.question
        write, address = _WRITERS[question.form.name], question.address(self._url)
        try:
            path = await self._workshop.make(
                question.filename, lambda path: write(selection, path, address)
            )
        except (OSError, StoreError):
            log.exception("a file could not be written: %s", address)
            await unavailable("the file cannot be written now")(scope, receive, send)
            return
        try:
            # a part would have to be cut from a file that is made anew for each part
            whole = {**scope, "headers": _without_range(scope)}
            await FileResponse(path, headers=described)(whole, receive, send)
        finally:
            self._workshop.discard(path)


def unavailable(detail: str) -> Response:
    """Return an answer that says to try again."""
    answer = problem(HTTPStatus.SERVICE_UNAVAILABLE, detail)
    answer.headers["Retry-After"] = str(_RETRY_S)
    return answer


def _described(asked: Question) -> Described:
    media_type = asked.form.media_type
    described = {
        "Content-Type": f"{media_type}; charset=utf-8" if asked.form == CSV else media_type,
        "Content-Disposition": f'attachment; filename="{asked.filename}"',
        "Content-Language": "en" if asked.english else "nl",
        "ETag": asked.etag,
        "Last-Modified": format_datetime(asked.edition.moment, usegmt=True),
        "Cache-Control": "public, no-cache",
        "Vary": "Accept, Accept-Language",
        "Accept-Ranges": "none",
    }
    if asked.placed:
        described["Content-Crs"] = f"<{asked.query.crs.uri}>"
    return described


def known(headers: Headers, described: Described) -> bool:
    """Tell whether the client has this file already, by the validators that it would get."""
    if "if-none-match" in headers:
        tags = [tag.strip().removeprefix("W/") for tag in headers["if-none-match"].split(",")]
        return "*" in tags or described["ETag"] in tags
    try:
        since = parsedate_to_datetime(headers["if-modified-since"])
        return parsedate_to_datetime(described["Last-Modified"]) <= since
    except (KeyError, TypeError, ValueError):
        return False


def _without_range(scope: Scope) -> list[tuple[bytes, bytes]]:
    return [(name, value) for name, value in scope["headers"] if name != b"range"]
