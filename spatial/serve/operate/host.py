"""Whatever host a client names, addresses in answers are ours."""

from urllib.parse import urlsplit

from starlette.types import ASGIApp, Receive, Scope, Send


class OwnHost:
    """ASGI middleware: the host and scheme of a request become those of the service's address.

    Links are made from the setting, but redirects (of a folder, of a slash too many) are made by
    the framework from the ``Host`` header, which a client or a cache in between may have forged.
    """

    def __init__(self, app: ASGIApp, url: str) -> None:
        self._app = app
        parts = urlsplit(url)
        self._scheme = parts.scheme
        self._host = (b"host", parts.netloc.encode("idna"))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "http":
            headers = [pair for pair in scope["headers"] if pair[0] != b"host"]
            scope = {**scope, "scheme": self._scheme, "headers": [self._host, *headers]}
        await self._app(scope, receive, send)
