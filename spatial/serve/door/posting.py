"""A filter in the body of a request: the features of ``POST /items`` are those of a GET with it.

So every door behind this one knows a filter by one way only, and the links of the answer, which a
client follows by GET, hold it too.
"""

import re
from http import HTTPStatus
from urllib.parse import urlencode

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from spatial.serve.ask.offers import ITEMS, OBSERVATIONS, offer_of
from spatial.serve.cql2.limits import MAX_JSON
from spatial.serve.cql2.read import FILTER_TYPES
from spatial.serve.problems import problem

ITEMS_METHODS = ("GET", "HEAD", "OPTIONS", "POST")
"""Methods of ``/items``."""

# to QGIS a POST here means that features can be added: it would let the layer be edited
_TOLD = tuple(method for method in ITEMS_METHODS if method != "POST")

# in JSON a line break only stands between two parts, in CQL2 text nowhere that matters
_LINE_BREAKS = re.compile(r"[\t\r\n]+")
_UTF8 = {"", "utf-8", "utf8"}


class _RefusedError(Exception):
    def __init__(self, status: HTTPStatus, detail: str) -> None:
        super().__init__(detail)
        self.status = status


class Posting:
    """ASGI middleware: ``POST /items`` becomes a GET, and ``OPTIONS /items`` tells how to read."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http" or not _is_items(scope["path"]):
            await self._app(scope, receive, send)
        elif scope["method"] == "OPTIONS":
            await self._app(scope, receive, _allowing(send))
        elif scope["method"] == "POST":
            try:
                read = await _as_get(scope, receive)
            except _RefusedError as error:
                await problem(error.status, str(error))(scope, receive, send)
            else:
                await self._app(read, receive, send)
        else:
            await self._app(scope, receive, send)


def _is_items(path: str) -> bool:
    found = offer_of(path)
    return found is not None and found[0].path in {ITEMS, OBSERVATIONS}


def _allowing(send: Send) -> Send:
    async def send_allowing(message: Message) -> None:
        if message["type"] == "http.response.start" and message["status"] == HTTPStatus.OK:
            MutableHeaders(scope=message)["allow"] = ", ".join(_TOLD)
        await send(message)

    return send_allowing


async def _as_get(scope: Scope, receive: Receive) -> Scope:
    language = _language(Headers(scope=scope))
    text = _decoded(await _body(Headers(scope=scope), receive))
    # a filter in the address too is then given twice, which the next door refuses
    added = urlencode({"filter": text, "filter-lang": language}).encode("ascii")
    query = scope["query_string"] + b"&" + added if scope["query_string"] else added
    return {**scope, "method": "GET", "query_string": query}


def _language(headers: Headers) -> str:
    media_type, _, rest = headers.get("content-type", "").partition(";")
    language = FILTER_TYPES.get(media_type.strip().lower())
    charset = rest.strip().lower().removeprefix("charset=").strip('"')
    if (
        language is None
        or charset not in _UTF8
        or headers.get("content-encoding", "identity") != ("identity")
    ):
        message = f"the body is a filter in one of {', '.join(FILTER_TYPES)}, in UTF-8, as it is"
        raise _RefusedError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, message)
    return language


async def _body(headers: Headers, receive: Receive) -> bytes:
    told = headers.get("content-length", "0")
    body = b""
    more = True
    while more:
        if len(body) > MAX_JSON or (told.isdecimal() and int(told[:9]) > MAX_JSON):
            message = f"a filter has at most {MAX_JSON} bytes"
            raise _RefusedError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, message)
        part = await receive()
        if part["type"] == "http.disconnect":
            raise _RefusedError(HTTPStatus.BAD_REQUEST, "the body was not sent to its end")
        body += part.get("body", b"")
        more = part.get("more_body", False) or len(body) > MAX_JSON
    return body


def _decoded(body: bytes) -> str:
    if not body.strip():
        raise _RefusedError(HTTPStatus.BAD_REQUEST, "the body is empty: it holds the filter")
    try:
        return _LINE_BREAKS.sub(" ", body.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise _RefusedError(HTTPStatus.BAD_REQUEST, f"the body is not UTF-8: {error}") from error
