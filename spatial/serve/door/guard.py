"""Check a request before pygeoapi sees it, and name the media type of features after it."""

import re
from collections.abc import Sequence
from http import HTTPStatus
from urllib.parse import parse_qsl, urlencode

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from spatial.errors import QueryError, StoreError
from spatial.serve.edition import Editions
from spatial.serve.problems import no_snapshot, problem
from spatial.serve.query import Limits, parse_document, parse_item, parse_items

GEOJSON = "application/geo+json"
_JSON = "application/json"
_METHODS = ("GET", "HEAD", "OPTIONS")
_DOCUMENT = re.compile(r"/(?:(conformance|openapi|collections)(?:/.*)?)?")
_COLLECTION = re.compile(r"/collections/([^/]+)/(items|schema|queryables)(?:/(.+))?")
_EXTRA = {"queryables": ("properties", "profile"), "openapi": ("ui",)}
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_CHOICE = re.compile(r"\s*([^\s;,]+)((?:\s*;\s*[^;,]+)*)\s*")
_QUALITY = re.compile(r";\s*q=([^;,]*)", re.IGNORECASE)
_QUALITY_VALUE = re.compile(r"(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\s*", re.ASCII)


class Guard:
    """ASGI middleware: what is not allowed becomes a 400, 405 or 503 problem document."""

    def __init__(self, app: ASGIApp, editions: Editions, limits: Limits) -> None:
        self._app = app
        self._editions = editions
        self._limits = limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if scope["method"] not in _METHODS:
            refusal = problem(HTTPStatus.METHOD_NOT_ALLOWED, "this service can only be read")
            refusal.headers["Allow"] = ", ".join(_METHODS)
            await refusal(scope, receive, send)
            return
        try:
            admitted = self._admitted(scope)
        except QueryError as error:
            await problem(HTTPStatus.BAD_REQUEST, str(error))(scope, receive, send)
        except StoreError as error:
            await no_snapshot(Request(scope), error)(scope, receive, send)
        else:
            await self._app(admitted, _without_body(receive), _with_media_type(scope, send))

    def _admitted(self, scope: Scope) -> Scope:
        """Return the request with its preferences in a form that pygeoapi reads rightly."""
        pairs = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        for text in (scope["path"], *(part for pair in pairs for part in pair)):
            if _CONTROL.search(text):
                message = f"the request holds a control character: {text!r}"
                raise QueryError(message)
        if scope["method"] != "OPTIONS":
            self._check(scope["path"], pairs)
        if any(name == "sortby" and " " in text for name, text in pairs):
            pairs = [(name, text.replace(" ", "+")) for name, text in pairs]
        query = urlencode(pairs).encode("ascii")
        return {**scope, "query_string": query, "headers": _plain_preferences(scope["headers"])}

    def _check(self, path: str, pairs: Sequence[tuple[str, str]]) -> None:
        match = _COLLECTION.fullmatch(path.rstrip("/"))
        if match is not None and match[2] == "items":
            known = {entry.id: entry for entry in self._editions.current.contents.collections}
            if match[1] not in known:
                return
            if match[3] is None:
                fields = {field.naam: field for field in known[match[1]].velden}
                parse_items(pairs, fields, self._limits)
            else:
                parse_item(pairs)
        elif document := _DOCUMENT.fullmatch(path):
            extra = _EXTRA.get(match[2] if match else document[1] or "", ())
            parse_document(pairs, ("f", "lang", *extra))


def preferences(header: str) -> list[str]:
    """Return the values of an Accept header, most wanted first, without those that are refused.

    Raises:
        QueryError: a weight is not a number from 0 to 1 with at most three decimals.
    """
    wanted = []
    for part in header.split(","):
        match = _CHOICE.fullmatch(part)
        if match is None:
            continue
        quality = _QUALITY.search(match[2])
        if quality and not _QUALITY_VALUE.fullmatch(quality[1]):
            message = f"{quality[1]!r} is not a weight from 0 to 1 in {header!r}"
            raise QueryError(message)
        wanted.append((float(quality[1]) if quality else 1.0, match[1]))
    ordered = sorted((choice for choice in wanted if choice[0] > 0), key=lambda choice: -choice[0])
    return [value for _, value in ordered]


def _plain_preferences(headers: Sequence[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """Write the Accept headers in order and without weights; pygeoapi divides by the weight."""
    answer = []
    for name, value in headers:
        if name in {b"accept", b"accept-language"}:
            wanted = preferences(value.decode("latin-1"))
            # pygeoapi knows GeoJSON by the name of JSON only
            known = [_JSON if choice == GEOJSON else choice for choice in wanted]
            answer.append((name, ", ".join(known).encode("latin-1")))
        else:
            answer.append((name, value))
    return answer


def _with_media_type(scope: Scope, send: Send) -> Send:
    """Name features ``application/geo+json``, unless the client can only show JSON.

    A browser downloads what it cannot show: it and clients that ask for plain JSON get that.
    """
    match = _COLLECTION.fullmatch(scope["path"].rstrip("/"))
    accept = Headers(scope=scope).get("accept", GEOJSON)
    if match is None or match[2] != "items" or not (GEOJSON in accept or not _shows_json(accept)):
        return send

    async def send_named(message: Message) -> None:
        if message["type"] == "http.response.start" and message["status"] == HTTPStatus.OK:
            headers = MutableHeaders(scope=message)
            if headers.get("content-type", "").partition(";")[0] == _JSON:
                headers["content-type"] = GEOJSON
        await send(message)

    return send_named


def _shows_json(accept: str) -> bool:
    return _JSON in accept or "text/html" in accept


def _without_body(receive: Receive) -> Receive:
    """Hide the body: on a GET it has no meaning, and pygeoapi would read it as a filter."""
    told = False

    async def receive_nothing() -> Message:
        nonlocal told
        if told:
            return await receive()
        told = True
        return {"type": "http.request", "body": b"", "more_body": False}

    return receive_nothing
