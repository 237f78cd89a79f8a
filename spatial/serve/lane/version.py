"""The major version in addresses: ``/v1`` is canonical, without it is the newest version."""

from starlette.types import ASGIApp, Receive, Scope, Send

API_VERSION = "1.0.0"
"""Of the interface (semver), as ``API-Version`` tells it; of the program it is another one."""

VERSION = f"v{API_VERSION.partition('.')[0]}"
_PREFIX = f"/{VERSION}"


class Versioned:
    """ASGI middleware: takes the version off the path, before anything looks at it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "http":
            path: str = scope["path"]
            if path == _PREFIX or path.startswith(f"{_PREFIX}/"):
                raw = scope.get("raw_path")
                plain = raw.removeprefix(_PREFIX.encode()) or b"/" if raw else raw
                scope = {**scope, "path": path.removeprefix(_PREFIX) or "/", "raw_path": plain}
        await self._app(scope, receive, send)
