"""The embedded example behind a real server, as clients of the outside world meet it."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from spatial.errors import PreviewError
from spatial.preview.assets import Assets, load_assets
from spatial.serve.config import render, resources
from spatial.settings import Settings
from spatial.store.snapshot import Snapshot, open_snapshot
from tests.contract.traffic import Traffic, traffic_through
from tests.contract.webpage import Chromium, chromium_running
from tests.preview.country import country_snapshot

_SERVER = """
import sys
from pathlib import Path
from spatial.serve.app import Service
from spatial.serve.process.run import run
config, data, url, port = sys.argv[1:]
run(Service(Path(config), Path(data), url), host="127.0.0.1", port=int(port))
"""
_PATIENCE_S = 90.0

# runs in the Python of QGIS, which the project's own cannot import
collect_ignore_glob = ["qgis_*probe.py"]


@pytest.fixture(scope="session")
def libraries() -> Assets:
    """Browser libraries; without them what needs them is skipped."""
    try:
        return load_assets(Path(__file__).parents[2] / "assets")
    except PreviewError as error:
        pytest.skip(str(error))


@pytest.fixture(scope="session")
def country(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """Return a small country with maps, read only."""
    return country_snapshot(tmp_path_factory.mktemp("country"))


@pytest.fixture(scope="session")
def service(example: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a running server over the embedded example."""
    port = _free_port()
    url = f"http://127.0.0.1:{port}"
    config = tmp_path_factory.mktemp("service") / "pygeoapi-config.yml"
    text = example.config.read_text(encoding="utf-8")
    contents = open_snapshot(example.data).contents
    config.write_text(render(text, resources(contents)), encoding="utf-8")
    command = [sys.executable, "-c", _SERVER, str(config), str(example.data), url, str(port)]
    with subprocess.Popen(command, cwd=Path(__file__).parents[2]) as server:
        try:
            _wait_for(url, server)
            yield url
        finally:
            server.terminate()


@pytest.fixture(scope="session")
def web(service: str) -> Iterator[httpx2.Client]:
    """HTTP client of the running server."""
    with httpx2.Client(base_url=service, timeout=30.0) as client:
        yield client


@pytest.fixture(scope="session")
def traffic(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Traffic]:
    """A proxy that writes down what a client asks."""
    with traffic_through(tmp_path_factory.mktemp("traffic") / "requests.jsonl") as running:
        yield running


@pytest.fixture(scope="session")
def chromium() -> Iterator[Chromium]:
    """The browser of this machine; one for all tests."""
    with chromium_running() as running:
        yield running


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _wait_for(url: str, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _PATIENCE_S
    while server.poll() is None and time.monotonic() < deadline:
        try:
            httpx2.get(f"{url}/conformance")
        except httpx2.TransportError:
            time.sleep(0.05)
        else:
            return
    pytest.fail(f"the server did not answer within {_PATIENCE_S:.0f} s")
