"""A connection without a network: bytes go in, and what comes out is written down."""

import asyncio
from collections.abc import Iterable
from typing import Any

from starlette.types import ASGIApp
from uvicorn.config import Config
from uvicorn.server import ServerState

from spatial.serve.process.protocol import BoundedProtocol


class Wire(asyncio.Transport):
    """The server's end of a connection that goes nowhere."""

    def __init__(self, peer: str) -> None:
        super().__init__()
        self.peer = peer
        self.written = bytearray()
        self.closing = False

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        return (self.peer, 1) if name in {"peername", "sockname"} else default

    def write(self, data: bytes | bytearray | memoryview) -> None:
        if not self.closing:
            self.written += data

    def writelines(self, list_of_data: Iterable[bytes | bytearray | memoryview]) -> None:
        for data in list_of_data:
            self.write(data)

    def is_closing(self) -> bool:
        return self.closing

    def close(self) -> None:
        self.closing = True

    def pause_reading(self) -> None: ...

    def resume_reading(self) -> None: ...


class Talk:
    """A connection with a server, of which it is the first."""

    def __init__(self, app: ASGIApp, peer: str = "127.0.0.1") -> None:
        config = Config(
            app,
            http=BoundedProtocol,
            ws="none",
            lifespan="off",
            proxy_headers=False,
            log_level="critical",
        )
        state = ServerState()
        state.default_headers = [(b"date", b"today")]
        self._connect(config, state, peer)

    def _connect(self, config: Config, state: ServerState, peer: str) -> None:
        self.config, self.state = config, state
        self.line, self.wire = BoundedProtocol(config, state, {}), Wire(peer)
        self.line.connection_made(self.wire)

    def another(self, peer: str = "127.0.0.1") -> "Talk":
        """Return a second connection with the same server."""
        other = object.__new__(Talk)
        other._connect(self.config, self.state, peer)
        return other

    async def say(self, data: bytes) -> bytes:
        """Send something, and return what came back when nothing is under way any more."""
        before = len(self.wire.written)
        self.line.data_received(data)
        await self.rest()
        return bytes(self.wire.written[before:])

    async def rest(self) -> None:
        while self.state.tasks:
            await asyncio.wait(self.state.tasks)

    def end(self) -> None:
        self.line.connection_lost(ConnectionResetError())
