"""What browsers are told with every answer, and how much a page shows when nobody said."""

import re
from importlib.metadata import version
from urllib.parse import parse_qs

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from spatial.serve.door.pages import PAGE_SIZE
from spatial.store.snapshot import MAPS

POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
VERSION = version("aandachtsgroepen-in-kaart")
"""Of the interface, as ``API-Version`` tells it (semver)."""

_DATA_POLICY = "default-src 'none'; frame-ancestors 'none'"
_HTML = "text/html"
_ITEMS = re.compile(r"/collections/[^/]+/items/?")


class SafeHeaders:
    """ASGI middleware: headers that keep a browser within this service; no version of software."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["API-Version"] = VERSION
                headers["X-Content-Type-Options"] = "nosniff"
                headers["Referrer-Policy"] = "strict-origin-when-cross-origin"
                if "X-Powered-By" in headers:
                    del headers["X-Powered-By"]
                # the maps carry a policy of their own, with the hashes of what they hold
                if not _is_map(scope):
                    html = headers.get("content-type", "").startswith(_HTML)
                    headers["X-Frame-Options"] = "DENY"
                    headers["Content-Security-Policy"] = POLICY if html else _DATA_POLICY
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
            html = asked["f"] == ["html"] if "f" in asked else first == _HTML
            if html and "limit" not in asked:
                more = b"&" if scope["query_string"] else b""
                query = scope["query_string"] + more + f"limit={PAGE_SIZE}".encode()
                scope = {**scope, "query_string": query}
        await self._app(scope, receive, send)


def _is_map(scope: Scope) -> bool:
    path: str = scope["path"]
    return path == f"/{MAPS}" or path.startswith(f"/{MAPS}/")
