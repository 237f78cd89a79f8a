"""What is added to an answer that went over a safe connection."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from spatial.serve.lane.answer import Ready

_HSTS = (b"strict-transport-security", b"max-age=31536000")


class StrictTransport:
    """ASGI middleware: HSTS on what came by https, as a trusted proxy told; never on plain http."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http" or scope["scheme"] != "https":
            await self._app(scope, receive, send)
            return

        async def send_strictly(message: Message) -> None:
            if message["type"] == "http.response.start":
                # the headers may belong to an answer that is kept: they are copied
                message = {**message, "headers": [*message.get("headers", ()), _HSTS]}
            await send(message)

        await self._app(scope, receive, send_strictly)


def strictly(ready: Ready) -> Ready:
    """Return an answer from memory with HSTS."""
    return ready.saying(_HSTS)
