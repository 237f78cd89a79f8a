"""What browsers are told with every answer, and how much a page shows when nobody said."""

import re
from http import HTTPStatus
from urllib.parse import parse_qs

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from spatial.serve.door.pages import PAGE_SIZE
from spatial.serve.lane.version import API_VERSION
from spatial.store.snapshot import MAPS

POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
ALWAYS: tuple[tuple[bytes, bytes], ...] = (
    (b"api-version", API_VERSION.encode()),
    # open data: pages of other sites may read every answer
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", b"*"),
    (b"referrer-policy", b"strict-origin-when-cross-origin"),
    (b"x-content-type-options", b"nosniff"),
)
"""What every answer says."""

FRESH = (b"cache-control", b"public, max-age=60, stale-while-revalidate=600")
"""What an answer says that changes with the snapshot only."""

_REPLACED = frozenset({b"x-powered-by", *(name for name, _ in ALWAYS)})
_DATA_POLICY = b"default-src 'none'; frame-ancestors 'none'"
_ITEMS = re.compile(r"/collections/[^/]+/items/?")


_HTML = b"text/html"
_FRAMES = (b"x-frame-options", b"DENY")
_PREFLIGHT = (
    (b"access-control-allow-methods", b"GET, HEAD, POST, OPTIONS"),
    (b"access-control-allow-headers", b"*"),
    (b"access-control-max-age", b"86400"),
)


def headers_of_data() -> list[tuple[bytes, bytes]]:
    """Return what an answer says that is no page and changes with the snapshot only."""
    return [*ALWAYS, FRESH, _FRAMES, (b"content-security-policy", _DATA_POLICY)]


class SafeHeaders:
    """ASGI middleware: headers that keep a browser within this service; no version of software.

    It also answers what a browser asks before a page of another site may send a filter.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if scope["method"] == "OPTIONS" and _is_preflight(scope):
            headers = [*ALWAYS, *_PREFLIGHT]
            await send({"type": "http.response.start", "status": 204, "headers": headers})
            await send({"type": "http.response.body", "body": b""})
            return

        async def send_safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": _safe(scope, message)}
            await send(message)

        await self._app(scope, receive, send_safely)


class PageSize:
    """ASGI middleware: a page of features in HTML is short, unless ``limit`` says otherwise.

    A thousand features, which suits programs, are tens of thousands of cells in a table.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "http" and _ITEMS.fullmatch(scope["path"]):
            asked = parse_qs(scope["query_string"].decode("ascii"), keep_blank_values=True)
            first = Headers(scope=scope).get("accept", "").partition(",")[0]
            html = asked["f"] == ["html"] if "f" in asked else first == _HTML.decode()
            if html and "limit" not in asked:
                more = b"&" if scope["query_string"] else b""
                query = scope["query_string"] + more + f"limit={PAGE_SIZE}".encode()
                scope = {**scope, "query_string": query}
        await self._app(scope, receive, send)


def _safe(scope: Scope, start: Message) -> list[tuple[bytes, bytes]]:
    told = dict(start["headers"])
    headers = [entry for entry in start["headers"] if entry[0] not in _REPLACED]
    headers += ALWAYS
    if b"cache-control" not in told and start["status"] == HTTPStatus.OK:
        headers.append(FRESH)
    # the maps carry a policy of their own, with the hashes of what they hold
    html = told.get(b"content-type", b"").startswith(_HTML)
    if not (html and _is_map(scope)):
        policy = POLICY.encode() if html else _DATA_POLICY
        headers += [_FRAMES, (b"content-security-policy", policy)]
    return headers


def _is_preflight(scope: Scope) -> bool:
    return b"access-control-request-method" in dict(scope["headers"])


def _is_map(scope: Scope) -> bool:
    path: str = scope["path"]
    return path == f"/{MAPS}" or path.startswith(f"/{MAPS}/")
