"""Check a request before pygeoapi sees it, and name the media type of its answer after it."""

import re
from collections.abc import Iterable, Mapping, Sequence
from http import HTTPStatus
from urllib.parse import parse_qsl, urlencode

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from spatial.errors import NotAcceptableError, QueryError, StoreError
from spatial.serve.ask.offers import (
    EXECUTION,
    ITEM,
    ITEMS,
    JSON,
    OBSERVATIONS,
    Offer,
    form_of,
    offer_of,
    preferences,
)
from spatial.serve.ask.query import Limits, parse_document, parse_item, parse_items
from spatial.serve.door.posting import ITEMS_METHODS
from spatial.serve.operate.health import ALWAYS
from spatial.serve.problems import no_snapshot, problem
from spatial.serve.read.edition import Editions
from spatial.store.snapshot import MAPS

_METHODS = ("GET", "HEAD", "OPTIONS")
_POSTED = (*_METHODS, "POST")
_FOLDERS = ("/", f"/{MAPS}/")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")

type Pairs = list[tuple[str, str]]


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
        if refusal := _refused(scope):
            await refusal(scope, receive, send)
            return
        try:
            admitted, media_type = self._admitted(scope)
        except NotAcceptableError as error:
            await problem(HTTPStatus.NOT_ACCEPTABLE, str(error))(scope, receive, send)
        except QueryError as error:
            await problem(HTTPStatus.BAD_REQUEST, str(error))(scope, receive, send)
        except StoreError as error:
            await no_snapshot(Request(scope), error)(scope, receive, send)
        else:
            answer = send if media_type is None else _named(send, media_type)
            # a body of a GET has no meaning, and pygeoapi would read it as a filter
            body = receive if scope["method"] == "POST" else _without_body(receive)
            await self._app(admitted, body, answer)

    def _admitted(self, scope: Scope) -> tuple[Scope, str | None]:
        """Return the request as pygeoapi reads it rightly, and how its answer in JSON is named."""
        pairs = _pairs(scope["query_string"])
        for text in (scope["path"], *(part for pair in pairs for part in pair)):
            if _CONTROL.search(text) or "\ufffd" in text:
                message = f"the request holds a control character or is not UTF-8: {text!r}"
                raise QueryError(message)
        if any(name == "sortby" and " " in text for name, text in pairs):
            pairs = [(name, text.replace(" ", "+")) for name, text in pairs]
        given = Headers(scope=scope)
        wanted = {
            # pygeoapi divides by the weights
            name: ", ".join(preferences(",".join(given.getlist(name))))
            for name in ("accept", "accept-language")
            if name in given
        }
        media_type = None
        found = offer_of(scope["path"])
        if found is not None and scope["method"] != "OPTIONS":
            offer, places = found
            if scope["path"] not in ALWAYS:
                # without a snapshot there is nothing to say of anything
                _ = self._editions.current
            self._check(offer, places, pairs)
            form, named = form_of(offer, dict(pairs).get("f"), ",".join(given.getlist("accept")))
            # the body of an execute request may ask for another form than the headers do
            media_type = named if form == "json" and offer.path != EXECUTION else None
            # pygeoapi knows every JSON by the name of plain JSON only
            wanted["accept"] = JSON if form == "json" else named
        query = urlencode(pairs).encode("ascii")
        headers = _replaced(scope["headers"], wanted)
        return {**scope, "query_string": query, "headers": headers}, media_type

    def _check(self, offer: Offer, places: Mapping[str, str], pairs: Pairs) -> None:
        if offer.own:
            return
        if offer.path == ITEM:
            parse_item(pairs)
        elif offer.path == ITEMS:
            edition = self._editions.current
            if places["collectionId"] in edition:
                parse_items(pairs, edition.fields(places["collectionId"]), self._limits)
        else:
            parse_document(pairs, offer.parameters, tuple(offer.forms))


class OnlyOffered:
    """ASGI application: pygeoapi without its addresses for what this service does not offer."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http" or offer_of(scope["path"]) is not None:
            await self._app(scope, receive, send)
        else:
            refusal = problem(HTTPStatus.NOT_FOUND, f"this service does not offer {scope['path']}")
            await refusal(scope, receive, send)


def _refused(scope: Scope) -> Response | None:
    """Return the refusal of a request by its method or the outside of its address."""
    path: str = scope["path"]
    if scope["method"] not in (_POSTED if _is_execution(path) else _METHODS):
        refusal = problem(HTTPStatus.METHOD_NOT_ALLOWED, "this service can only be read")
        refusal.headers["Allow"] = ", ".join(_methods(path))
        return refusal
    if path.endswith("/") and not path.startswith(_FOLDERS[1:]) and path not in _FOLDERS:
        return problem(HTTPStatus.NOT_FOUND, f"no address ends in a slash: {path}")
    return None


def _methods(path: str) -> Sequence[str]:
    found = offer_of(path)
    if found and found[0].path in {ITEMS, OBSERVATIONS}:
        return ITEMS_METHODS
    return _POSTED if _is_execution(path) else _METHODS


def _is_execution(path: str) -> bool:
    found = offer_of(path)
    return found is not None and found[0].path == EXECUTION


def _pairs(query_string: bytes) -> Pairs:
    try:
        text = query_string.decode("ascii")
        return parse_qsl(text, keep_blank_values=True, errors="strict")
    except ValueError as error:
        message = f"the query is not UTF-8 in percent-encoding: {error}"
        raise QueryError(message) from error


def _replaced(
    headers: Iterable[tuple[bytes, bytes]], wanted: dict[str, str]
) -> Sequence[tuple[bytes, bytes]]:
    replaced = {name.encode("ascii"): text.encode("latin-1") for name, text in wanted.items()}
    kept = [(name, value) for name, value in headers if name not in replaced]
    return [*kept, *replaced.items()]


def _named(send: Send, media_type: str) -> Send:
    """Give an answer in JSON the name of what it is."""

    async def send_named(message: Message) -> None:
        if message["type"] == "http.response.start" and message["status"] == HTTPStatus.OK:
            MutableHeaders(scope=message)["content-type"] = media_type
        await send(message)

    return send_named


def _without_body(receive: Receive) -> Receive:
    """Hide the body."""
    told = False

    async def receive_nothing() -> Message:
        nonlocal told
        if told:
            return await receive()
        told = True
        return {"type": "http.request", "body": b"", "more_body": False}

    return receive_nothing
