"""Counts and times for Prometheus, over all workers, at ``/metrics``.

    spatial_requests_total{route, method, status}
    spatial_request_seconds{route}          histogram, until the whole answer was handed over
    spatial_lane_total{result}              answers from memory: hit, miss
    spatial_snapshot_info{snapshot} 1       what is live

Labels are bounded: a route is a kind of address, never an address. With several workers each keeps
its numbers in a file of a shared folder (``PROMETHEUS_MULTIPROC_DIR``, set by ``process.run``), and
whoever is asked adds them up; the numbers of a worker that ended stay counted.
"""

import ipaddress
import time
from collections.abc import Iterator
from http import HTTPStatus

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from spatial.errors import StoreError
from spatial.serve.problems import problem
from spatial.serve.process.operation import Audience
from spatial.serve.read.edition import Editions

METRICS = "/metrics"
# a layer that answers from memory says so here: scope["state"]["lane"] = "hit" or "miss"
LANE = "lane"
_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS"})
_FIRST = frozenset(
    {"conformance", "openapi", "openapi.json", "kaart", "static", "tileMatrixSets"}
    | {"healthz", "readyz", "metrics"}
)
_OF_COLLECTION = frozenset(
    {"items", "schema", "queryables", "sortables", "tiles", "map", "search", "files"}
)
_FORWARDED = frozenset({b"x-forwarded-for", b"forwarded", b"x-real-ip"})


class Metrics:
    """ASGI middleware: counts answers, and gives the counts at ``/metrics``.

    Args:
        app: what answers.
        editions: where the name of the live snapshot comes from.
        audience: ``local``: only a client on this machine that no proxy stands before;
            ``all``: whoever reaches the port.
        shared: folder in which the workers keep their numbers; None when there is one worker.
    """

    def __init__(
        self, app: ASGIApp, editions: Editions, audience: Audience, shared: str | None = None
    ) -> None:
        self._app = app
        self._audience = audience
        self._shared = shared
        self._live = _Live(editions)
        registry = CollectorRegistry()
        self._registry = registry
        self._requests = Counter(
            "spatial_requests", "Answers.", ("route", "method", "status"), registry=registry
        )
        self._seconds = Histogram(
            "spatial_request_seconds",
            "Time until the whole answer was handed over.",
            ("route",),
            buckets=_BUCKETS,
            registry=registry,
        )
        lane = Counter(
            "spatial_lane", "Requests that memory answered or not.", ("result",), registry=registry
        )
        self._lanes = {result: lane.labels(result) for result in ("hit", "miss")}
        self._counters: dict[tuple[str, str, int], Counter] = {}
        self._timers: dict[str, Histogram] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if scope["path"] == METRICS:
            await self._answer(scope)(scope, receive, send)
            return
        began = time.perf_counter()
        status = HTTPStatus.INTERNAL_SERVER_ERROR.value

        async def send_seen(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, send_seen)
        finally:
            self._count(scope, status, time.perf_counter() - began)

    def _count(self, scope: Scope, status: int, seconds: float) -> None:
        lane = scope.get("state", {}).get(LANE, "")
        self.count((route_of(scope["path"]), scope["method"], status), seconds, lane)

    def count(self, answer: tuple[str, str, int], seconds: float, lane: str = "") -> None:
        """Count an answer.

        Args:
            answer: route, method and status.
            seconds: until it was handed over.
            lane: ``hit`` or ``miss``; empty: memory was not asked.
        """
        route, method, status = answer
        key = (route, method if method in _METHODS else "other", status)
        counter = self._counters.get(key)
        if counter is None:
            counter = self._counters[key] = self._requests.labels(*key)
            self._timers[route] = self._seconds.labels(route)
        counter.inc()
        self._timers[route].observe(seconds)
        if lane:
            self._lanes[lane].inc()

    def _answer(self, scope: Scope) -> Response:
        if self._audience is Audience.LOCAL and not _is_local(scope):
            return problem(HTTPStatus.NOT_FOUND, f"this service does not offer {METRICS}")
        registry = CollectorRegistry()
        if self._shared:
            MultiProcessCollector(registry, self._shared)  # type: ignore[no-untyped-call]
        else:
            registry.register(self._registry)
        registry.register(self._live)
        return PlainTextResponse(
            generate_latest(registry),
            headers={"Cache-Control": "no-store"},
            media_type="text/plain; version=0.0.4",
        )


class _Live(Collector):
    """Which snapshot is live."""

    def __init__(self, editions: Editions) -> None:
        self._editions = editions

    def collect(self) -> Iterator[GaugeMetricFamily]:
        family = GaugeMetricFamily(
            "spatial_snapshot_info", "The snapshot that is live.", labels=("snapshot",)
        )
        try:
            family.add_metric((self._editions.current.id,), 1.0)
        except StoreError:
            family.add_metric(("",), 0.0)
        yield family


def route_of(path: str) -> str:
    """Return the kind of an address; there are about twenty.

    >>> route_of("/v1/collections/ouderen-gemeente/items/GM0363-2022-01-01")
    'item'
    >>> route_of("/wp-login.php")
    'other'
    """
    parts = path.split("/", 5)[1:]
    if parts and parts[0] == "v1":
        del parts[0]
    if not parts or not parts[0]:
        return "landing"
    if parts[0] != "collections":
        return parts[0] if parts[0] in _FIRST else "other"
    names = ("collections", "collection")
    if len(parts) <= len(names):
        return names[len(parts) - 1]
    if parts[2] not in _OF_COLLECTION:
        return "other"
    return "item" if parts[2] == "items" and len(parts) > len(names) + 1 else parts[2]


def _is_local(scope: Scope) -> bool:
    """Tell whether the client is on this machine itself, not behind a proxy on it."""
    if any(name in _FORWARDED for name, _ in scope["headers"]):
        return False
    client = scope.get("client")
    try:
        return client is not None and ipaddress.ip_address(client[0]).is_loopback
    except ValueError:
        return False
