"""``spatial serve`` as a process of its own, as a supervisor of the machine would start it."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2
import pytest
import yaml

_ROOT = Path(__file__).parents[2]
_PATIENCE_S = 60.0


def configured() -> set[str]:
    """Return the ids of the collections that the committed configuration names."""
    document = yaml.safe_load((_ROOT / "pygeoapi-config.yml").read_text(encoding="utf-8"))
    return {name for name, entry in document["resources"].items() if entry["type"] == "collection"}


@dataclass(frozen=True)
class Served:
    """A running service.

    Attributes:
        url: where it listens.
        process: the process that was started.
        log: what it wrote on its screen.
    """

    url: str
    process: subprocess.Popen[bytes]
    log: Path

    def workers(self) -> list[int]:
        """Return the processes that answer (with one worker: none besides the first)."""
        pid = self.process.pid
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
        return [int(child) for child in children if "spawn_main" in _command(child)]

    def wait_for(self, starts: int) -> None:
        """Wait until workers have started so many times since the beginning."""
        deadline = time.monotonic() + _PATIENCE_S
        while self.log.read_text().count("Application startup complete") < starts:
            if self.process.poll() is not None or time.monotonic() > deadline:
                pytest.fail(f"the service did not start:\n{self.log.read_text()}")
            time.sleep(0.05)

    def end(self) -> int:
        """Ask it to end; return its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=_PATIENCE_S)


def _command(pid: str) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text(encoding="utf-8")
    except OSError:
        return ""


def free_port() -> int:
    """Return a port of loopback that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@contextmanager
def serving(store: Path, log: Path, *options: str, **settings: str) -> Iterator[Served]:
    """Serve a store; the settings are environment variables without ``SPATIAL_``."""
    port = free_port()
    command = [sys.executable, "-m", "spatial", "serve", "--port", str(port), *options]
    variables = {f"SPATIAL_{name}": text for name, text in settings.items()}
    environment = {**os.environ, "SPATIAL_DATA": str(store), **variables}
    with (
        log.open("wb") as screen,
        subprocess.Popen(
            command, cwd=_ROOT, env=environment, stdout=screen, stderr=screen
        ) as process,
    ):
        served = Served(f"http://127.0.0.1:{port}", process, log)
        try:
            _wait_until_ready(served)
            yield served
        finally:
            if process.poll() is None:
                process.terminate()


def _wait_until_ready(served: Served) -> None:
    deadline = time.monotonic() + _PATIENCE_S
    while served.process.poll() is None and time.monotonic() < deadline:
        try:
            answer = httpx2.get(f"{served.url}/readyz", timeout=10.0)
        except httpx2.TransportError:
            time.sleep(0.05)
        else:
            assert answer.status_code == 200, answer.text
            return
    pytest.fail(f"the service did not start:\n{served.log.read_text()}")
