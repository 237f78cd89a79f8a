"""Start the processes that serve, replace one that dies, end them without cutting off an answer."""

import asyncio
import contextlib
import gc
import logging
import os
import signal
import socket
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from types import FrameType

import pyarrow as pa
from anyio.to_thread import current_default_thread_limiter
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.config import STARTUP_FAILURE, Config
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware
from uvicorn.server import Server
from uvicorn.supervisors import Multiprocess

from spatial.errors import SettingsError, SpatialError
from spatial.serve.app import Service, create_app
from spatial.serve.process.access import AccessLog
from spatial.serve.process.metrics import Metrics
from spatial.serve.process.operation import Audience, Operation
from spatial.serve.process.protocol import BoundedProtocol
from spatial.serve.process.shortcut import Around, Shortcut
from spatial.serve.process.transport import StrictTransport
from spatial.serve.read.edition import open_editions

_SHARED = "PROMETHEUS_MULTIPROC_DIR"
# a worker that does not answer its supervisor for so long is replaced, in seconds
_HUNG_AFTER = 30
_log = logging.getLogger("uvicorn.error")


def run(service: Service, *, host: str, port: int, operation: Operation | None = None) -> None:
    """Serve until SIGTERM or SIGINT; then finish what was begun, within ``grace_s``.

    With several workers SIGHUP replaces them one by one (an access log is then opened anew). A new
    snapshot needs no signal.

    Raises:
        SettingsError: the address cannot be listened on, or no worker could start.
    """
    operation = operation or Operation()
    with (
        _ends_by_signal(),
        _listen(host, port, operation.backlog) as listening,
        _shared_numbers(operation),
    ):
        config = _config(service, operation)
        if operation.workers == 1:
            Server(config).run([listening])
            return
        supervisor = Multiprocess(config, [listening])
        supervisor.run()
        if any(process.exitcode == STARTUP_FAILURE for process in supervisor.processes):
            message = "no worker could start: see the messages above"
            raise SettingsError(message)


def operated(service: Service, operation: Operation) -> ASGIApp:
    """Return the application of one worker with what was asked around it; called in the worker."""
    # Arrow's own allocator keeps what reading a layer took: about a quarter of this process
    pa.set_memory_pool(pa.system_memory_pool())
    # an answer is a thousand short-lived pieces without cycles: looking for cycles after every 700
    # of them took more time than making it, and a full search stopped everybody for 80 ms
    gc.set_threshold(100_000, 50, 1_000)
    application = create_app(service)
    app: ASGIApp = application
    proxies = operation.trusted_proxies
    metrics, log = None, None
    if proxies:
        app = StrictTransport(app)
    if operation.metrics is not Audience.OFF:
        shared = os.environ.get(_SHARED)  # noqa: TID251 - handed down by the supervisor
        editions = open_editions(Path(service.data))
        app = metrics = Metrics(app, editions, operation.metrics, shared)
    if operation.access_log:
        app = log = AccessLog(app, operation.access_log)
    if proxies:
        app = ProxyHeadersMiddleware(app, list(proxies))  # type: ignore[arg-type, assignment]
    # what memory has takes none of these steps
    shortcut = Shortcut(application.quick, Around(metrics, log, proxies))
    return Threads(app, operation.threads, shortcut)


class Threads:
    """ASGI middleware: a worker has so many threads, for the framework and for pygeoapi each."""

    def __init__(self, app: ASGIApp, threads: int, shortcut: Shortcut | None = None) -> None:
        self._app = app
        self._threads = threads
        # where ``protocol`` looks for it
        self.shortcut = shortcut

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or set up the event loop when the worker starts."""
        if scope["type"] == "lifespan":
            pool = ThreadPoolExecutor(self._threads, thread_name_prefix="answer")
            asyncio.get_running_loop().set_default_executor(pool)
            current_default_thread_limiter().total_tokens = self._threads
        await self._app(scope, receive, send)


def _application(service: Service, operation: Operation) -> ASGIApp:
    try:
        return operated(service, operation)
    except (SpatialError, OSError) as error:
        # the supervisor stops on this exit code, and would try again for ever on another
        _log.error("%s", error)
        sys.exit(STARTUP_FAILURE)


def _config(service: Service, operation: Operation) -> Config:
    return Config(
        partial(_application, service, operation),
        factory=True,
        workers=operation.workers,
        loop="uvloop",
        http=BoundedProtocol,
        ws="none",
        lifespan="on",
        # who is replaced and why is worth a line; one process has nothing to tell
        log_level="info" if operation.workers > 1 else "warning",
        access_log=False,
        proxy_headers=False,
        server_header=False,
        date_header=True,
        limit_concurrency=operation.connections,
        backlog=operation.backlog,
        timeout_keep_alive=operation.keep_alive_s,
        timeout_graceful_shutdown=operation.grace_s,
        timeout_worker_healthcheck=_HUNG_AFTER,
    )


@contextlib.contextmanager
def _ends_by_signal() -> Iterator[None]:
    """Let a signal to end unwind the stack, so that temporary files go, and be no failure.

    While it serves uvicorn takes these signals; when it is done it raises them again.
    """

    def end(_signal: int, _frame: FrameType | None) -> None:
        sys.exit(0)

    before = {number: signal.signal(number, end) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _listen(host: str, port: int, backlog: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=backlog)
    except OSError as error:
        message = f"cannot listen on {host} port {port}: {error.strerror or error}"
        raise SettingsError(message) from error


@contextlib.contextmanager
def _shared_numbers(operation: Operation) -> Iterator[None]:
    """Give the workers a folder to count in; the library takes it from the environment only."""
    if operation.metrics is Audience.OFF or operation.workers == 1:
        yield
        return
    environment = os.environ  # noqa: TID251
    with tempfile.TemporaryDirectory(prefix="spatial-metrics-") as folder:
        environment[_SHARED] = folder
        try:
            yield
        finally:
            del environment[_SHARED]
