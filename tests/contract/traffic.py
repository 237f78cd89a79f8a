"""A forward proxy in a process of its own that writes down what a client really asks.

Some clients hold on to the interpreter while they wait, so a thread of the test would not answer.
Run as a program it takes a port and a file, to which it adds one line of JSON per request. A client
that is one long program can begin a new chapter by getting ``/chapter/NAME`` from the proxy itself.
"""

import http.client
import json
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from subprocess import PIPE, Popen
from urllib.parse import parse_qs, urlsplit

_HOP = {"connection", "keep-alive", "proxy-connection", "transfer-encoding"}


@dataclass(frozen=True, slots=True)
class Request:
    """One request as it passed by."""

    method: str
    url: str
    accept: str
    chapter: str

    @property
    def path(self) -> str:
        """Path below the version of the API, which may be left out."""
        return urlsplit(self.url).path.removeprefix("/v1")

    @property
    def query(self) -> dict[str, str]:
        pairs = parse_qs(urlsplit(self.url).query, keep_blank_values=True)
        return {name: ",".join(values) for name, values in pairs.items()}


@dataclass(frozen=True, slots=True)
class Traffic:
    """A running proxy and what passed through it."""

    host: str
    port: int
    log: Path

    @property
    def address(self) -> str:
        return f"{self.host}:{self.port}"

    def asked(self, chapter: str | None = None, since: int = 0) -> list[Request]:
        """Return the requests of one chapter, or of all, from a place in the log on."""
        lines = self.log.read_text(encoding="utf-8").splitlines()[since:]
        requests = [Request(**json.loads(line)) for line in lines]
        return [request for request in requests if chapter in {None, request.chapter}]

    def count(self) -> int:
        return len(self.log.read_text(encoding="utf-8").splitlines())


@contextmanager
def traffic_through(log: Path) -> Iterator[Traffic]:
    """Start a proxy that writes to the log, and stop it afterwards."""
    log.touch()
    command = [sys.executable, __file__, str(log)]
    with Popen(command, stdout=PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield Traffic("127.0.0.1", int(process.stdout.readline()), log)
        finally:
            process.terminate()


class _Recorder(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    log = Path()
    chapter = ""
    lock = threading.Lock()

    def do_GET(self) -> None:
        if self.path.startswith("/chapter/"):
            _Recorder.chapter = self.path.removeprefix("/chapter/")
            self._answer(204, [], b"")
            return
        length = int(self.headers.get("content-length", "0"))
        body = self.rfile.read(length)
        self._write_down()
        target = urlsplit(self.path)
        headers = {name: text for name, text in self.headers.items() if name.lower() not in _HOP}
        upstream = http.client.HTTPConnection(target.netloc, timeout=60)
        upstream.request(self.command, f"{target.path or '/'}?{target.query}".rstrip("?"),
                         body, headers)  # fmt: skip
        answer = upstream.getresponse()
        self._answer(answer.status, answer.getheaders(), answer.read())
        upstream.close()

    do_HEAD = do_OPTIONS = do_POST = do_GET  # noqa: N815 - the names that http.server calls

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
        pass

    def _write_down(self) -> None:
        line = {"method": self.command, "url": self.path, "chapter": self.chapter,
                "accept": self.headers.get("accept", "")}  # fmt: skip
        with self.lock, self.log.open("a", encoding="utf-8") as log:
            log.write(json.dumps(line) + "\n")

    def _answer(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        self.send_response_only(status)
        for name, text in headers:
            if name.lower() not in _HOP | {"content-length"}:
                self.send_header(name, text)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


def main(log: str) -> None:
    """Serve on a free port, which is written to standard output, until the process is ended."""
    _Recorder.log = Path(log)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Recorder)
    sys.stdout.write(f"{server.server_address[1]}\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    main(sys.argv[1])
