"""What is put around the application of a worker; tests/contract runs it for real."""

import asyncio
import os
import socket
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest
from anyio.to_thread import current_default_thread_limiter
from starlette.testclient import TestClient
from starlette.types import Message, Receive, Scope, Send
from uvicorn.config import STARTUP_FAILURE, Config
from uvicorn.server import Server
from uvicorn.supervisors import Multiprocess

from spatial.errors import SettingsError
from spatial.serve.app import Service
from spatial.serve.process import run as process
from spatial.serve.process.operation import Audience, Operation
from spatial.serve.process.run import operated, run


@pytest.fixture
def service(root: Path, config: Path) -> Service:
    return Service(config, root, "https://kaart.example")


def proxied(service: Service, operation: Operation, address: str = "127.0.0.1") -> TestClient:
    """Client behind a proxy that says it got the request by https from elsewhere."""
    headers = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.7"}
    return TestClient(operated(service, operation), client=(address, 1), headers=headers)


def test_by_default_nothing_is_counted_or_told_and_nobody_is_trusted(service: Service) -> None:
    client = proxied(service, Operation())

    assert client.get("/metrics").status_code == 404
    assert "strict-transport-security" not in client.get("/healthz").headers


def test_a_trusted_proxy_says_that_a_request_came_by_https(service: Service) -> None:
    operation = Operation(trusted_proxies=("127.0.0.1",))

    assert "strict-transport-security" in proxied(service, operation).get("/healthz").headers


def test_another_proxy_is_not_believed(service: Service) -> None:
    client = proxied(service, Operation(trusted_proxies=("10.0.0.0/8",)))

    assert "strict-transport-security" not in client.get("/healthz").headers


@pytest.mark.parametrize(
    ("address", "logged"), [("127.0.0.1", "192.0.2.7"), ("198.51.100.9", "198.51.100.9")]
)
def test_the_log_names_the_client_that_a_trusted_proxy_names(
    service: Service, tmp_path: Path, address: str, logged: str
) -> None:
    log = tmp_path / "access.log"
    operation = Operation(trusted_proxies=("127.0.0.1",), access_log=str(log))

    proxied(service, operation, address).get("/healthz")

    assert log.read_text().startswith(f"{logged} - - [")


def test_asked_for_metrics_are_there(service: Service) -> None:
    client = TestClient(operated(service, Operation(metrics=Audience.ALL)))

    assert "spatial_snapshot_info" in client.get("/metrics").text


def test_a_worker_has_as_many_threads_as_was_asked() -> None:
    names: set[str] = set()
    tokens: list[float] = []

    def work() -> None:
        names.add(threading.current_thread().name)
        time.sleep(0.01)

    async def app(_scope: Scope, _receive: Receive, _send: Send) -> None:
        tokens.append(current_default_thread_limiter().total_tokens)
        await asyncio.gather(*(asyncio.to_thread(work) for _ in range(6)))

    async def nothing() -> Message:
        return {}

    async def drop(_message: Message) -> None: ...

    asyncio.run(process.Threads(app, 2)({"type": "lifespan"}, nothing, drop))

    assert (len(names), tokens) == (2, [2])


def test_no_answer_tells_what_software_made_it(service: Service) -> None:
    client = TestClient(operated(service, Operation()))

    for address in ("/", "/collections", "/kwijt", "/openapi"):
        headers = client.get(address, headers={"Accept": "application/json"}).headers
        assert not {"server", "x-powered-by"} & set(headers)


@pytest.mark.parametrize(
    "path", ["/admin/config", "/admin/config/resources", "/jobs", "/processes/x"]
)
@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE", "POST"])
def test_nothing_can_be_administered_from_outside(service: Service, path: str, method: str) -> None:
    assert TestClient(operated(service, Operation())).request(method, path).status_code in {
        404,
        405,
    }


def test_a_port_that_is_taken_is_a_clear_error(service: Service) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(SettingsError, match=f"cannot listen on 127.0.0.1 port {port}: "):
            run(service, host="127.0.0.1", port=port)


def test_one_worker_is_this_process(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    served: list[Config] = []
    monkeypatch.setattr(Server, "run", lambda self, _sockets: served.append(self.config))

    run(service, host="::1", port=0)

    config = served[0]
    assert (config.loop, config.server_header, config.ws) == ("uvloop", False, "none")
    config.load()
    assert TestClient(config.loaded_app).get("/healthz").status_code == 200


def test_a_worker_that_cannot_start_ends_with_the_code_that_stops_the_supervisor(
    service: Service, tmp_path: Path
) -> None:
    broken = replace(service, config=tmp_path / "kwijt.yml")

    with pytest.raises(SystemExit) as ended:
        process._application(broken, Operation())

    assert ended.value.code == STARTUP_FAILURE


class _Ended:
    exitcode = STARTUP_FAILURE


def test_no_worker_that_can_start_is_an_error(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Multiprocess, "__init__", lambda self, *_: setattr(self, "processes", []))
    monkeypatch.setattr(Multiprocess, "run", lambda self: self.processes.append(_Ended()))

    with pytest.raises(SettingsError, match="no worker could start"):
        run(service, host="127.0.0.1", port=0, operation=Operation(workers=2))


def test_workers_that_count_have_a_folder_for_it_as_long_as_they_run(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    folders: list[str] = []
    monkeypatch.setattr(Multiprocess, "__init__", lambda self, *_: setattr(self, "processes", []))
    monkeypatch.setattr(
        Multiprocess, "run", lambda _: folders.append(os.environ["PROMETHEUS_MULTIPROC_DIR"])
    )

    run(
        service,
        host="127.0.0.1",
        port=0,
        operation=Operation(workers=2, metrics=Audience.LOCAL),
    )

    assert not Path(folders[0]).exists()
    assert "PROMETHEUS_MULTIPROC_DIR" not in os.environ
