"""A door with an application of the test behind it."""

from collections.abc import Callable
from pathlib import Path

from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from spatial.serve.ask.query import Limits
from spatial.serve.lane.door import Door
from spatial.serve.lane.items import Items
from spatial.serve.read.edition import Editions

type Made = Callable[[Scope], Response]


class Behind:
    """An application that counts how often it is asked."""

    def __init__(self, made: Made) -> None:
        self.made = made
        self.asked: list[str] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.asked.append(scope["method"])
        await self.made(scope)(scope, receive, send)


def door_before(behind: ASGIApp, root: Path, memory_bytes: int = 1_000_000) -> Door:
    """Return a door that was asked nothing yet, over the store in ``root``."""
    items = Items("http://testserver", Limits(10, 10), [])
    return Door(behind, Editions(root), items, memory_bytes)
