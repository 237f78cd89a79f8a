"""Is the process alive, and can it answer: for supervisors and load balancers."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from spatial.serve.read.edition import Editions

ALIVE = "/healthz"
READY = "/readyz"
ALWAYS = frozenset({ALIVE, READY})
_NOW = {"Cache-Control": "no-store"}


def health_routes(editions: Editions) -> tuple[Route, ...]:
    """Return ``/healthz`` (the event loop turns) and ``/readyz`` (a snapshot can be read)."""

    async def alive(_request: Request) -> Response:
        return JSONResponse({"status": "ok"}, headers=_NOW)

    def ready(_request: Request) -> Response:
        # in a thread: reads from disk, and hangs with the threads when all of them hang;
        # without a snapshot the application answers 503 (StoreError)
        return JSONResponse({"status": "ok", "snapshot": editions.current.id}, headers=_NOW)

    return Route(ALIVE, alive), Route(READY, ready)
