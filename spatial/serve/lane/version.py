"""The major version in addresses: ``/v1`` is canonical, without it is the newest version."""

from starlette.types import ASGIApp, Receive, Scope, Send

from spatial.serve.lane.answer import Quick

API_VERSION = "1.0.0"
"""Of the interface (semver), as ``API-Version`` tells it; of the program it is another one."""

VERSION = f"v{API_VERSION.partition('.')[0]}"
_PREFIX = f"/{VERSION}"


def unversioned(path: str) -> str:
    """Take the version off a path.

    >>> unversioned("/v1/collections"), unversioned("/v1"), unversioned("/v12")
    ('/collections', '/', '/v12')
    """
    if path == _PREFIX or path.startswith(f"{_PREFIX}/"):
        return path.removeprefix(_PREFIX) or "/"
    return path


class Versioned:
    """ASGI middleware: takes the version off the path, before anything looks at it.

    Attributes:
        app: what stands behind it.
        quick: asks memory without it.
    """

    def __init__(self, app: ASGIApp, quick: Quick) -> None:
        self.app = app
        self.quick = quick

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "http":
            path: str = scope["path"]
            plain = unversioned(path)
            if plain != path:
                raw = scope.get("raw_path")
                raw = raw.removeprefix(_PREFIX.encode()) or b"/" if raw else raw
                scope = {**scope, "path": plain, "raw_path": raw}
        await self.app(scope, receive, send)
