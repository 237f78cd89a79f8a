"""Time and memory of fetching a table page by page: ``python -m benchmarks.fetch``.

A server in another process gives pages of the true shape, packed, each after a pause as a far source
takes it. Fetched with one and with more connections, again when nothing changed, and as a script
does it that follows the links and keeps all rows in memory; in turn, each in a process of its own.
"""

import argparse
import gzip
import json
import multiprocessing
import resource
import statistics
import sys
import tempfile
import time
import zlib
from collections.abc import Callable
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, cast
from urllib.request import urlopen

from benchmarks.cbs_like import SCALES, Table, table_at
from benchmarks.cbs_wire import page_body, pages
from spatial.domain.statline import OBSERVATIONS_SET, TABLE_ID
from spatial.fetch.http import Client, Limits
from spatial.fetch.odata import fetch_table
from spatial.fetch.statline import table_v4

PATH = f"/odata/v1/CBS/{TABLE_ID}"
_IN_MEMORY, _MOST_IN_MEMORY = "in memory, one by one", 0.1  # 2 GB at this scale


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        """Answer with a file, packed, after a pause; or say that it still holds."""
        server = cast("_Server", self.server)
        name = self.path.removeprefix(PATH).strip("/") or "index"
        body = (server.folder / name.replace("?", "@")).read_bytes()
        time.sleep(server.pause_s)
        tag = f'"{zlib.crc32(body):x}"'
        if self.headers.get("If-None-Match") == tag:
            self.send_response(304)
            self.end_headers()
            return
        packed = "gzip" in self.headers.get("Accept-Encoding", "")
        body = body if packed else gzip.decompress(body)
        self.send_response(200)
        self.send_header("ETag", tag)
        self.send_header("Content-Length", str(len(body)))
        if packed:
            self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    folder: Path
    pause_s: float


def write_source(table: Table, folder: Path, root: str, page_rows: int) -> int:
    """Write what the server gives, packed; return the number of pages."""
    codes = table.code_lists()
    names = ["Properties", "Dimensions", *codes, OBSERVATIONS_SET]
    documents: dict[str, Any] = {name: {"value": rows.to_pylist()} for name, rows in codes.items()}
    documents["index"] = {"value": [{"name": name} for name in names]}
    documents["Dimensions"] = {"value": []}
    documents["Properties"] = {"Title": table.about.titel, "ObservationCount": table.shape.rows}
    for name, document in documents.items():
        (folder / name).write_bytes(gzip.compress(json.dumps(document).encode(), 6, mtime=0))
    count = -(-table.shape.rows // page_rows)
    for number, rows in enumerate(pages(table.blocks(), page_rows)):
        link = f"{root}{PATH}/{OBSERVATIONS_SET}?$skip={(number + 1) * page_rows}"
        body = page_body(rows, link if number + 1 < count else "")
        skip = f"@$skip={number * page_rows}" if number else ""
        path = folder / f"{OBSERVATIONS_SET}{skip}"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(gzip.compress(body, 1, mtime=0))
    return count


def _serve(folder: Path, pause_s: float, told: Connection) -> None:
    server = _Server(("127.0.0.1", 0), _Handler)
    server.folder, server.pause_s = folder, pause_s
    told.send(server.server_address[1])
    server.serve_forever()


def fetched(root: str, into: Path, connections: int) -> int:
    """Fetch as the command does; return the number of rows."""
    client = Client("benchmark/1", Limits(connections=connections))
    return fetch_table(client, table_v4(f"{root}/odata/v1/CBS", TABLE_ID), into).rows


def in_memory(root: str) -> int:
    """Follow the links and keep every row in memory; return the number of rows."""
    url, rows = f"{root}{PATH}/{OBSERVATIONS_SET}", []
    while url:
        with urlopen(url) as answer:  # noqa: S310 - our own server
            page = json.load(answer)
        rows += page["value"]
        url = page.get("@odata.nextLink", "")
    return len(rows)


def _measured(work: Callable[[], int], told: Connection) -> None:
    begin = time.perf_counter()
    rows = work()
    wall = time.perf_counter() - begin
    usage = resource.getrusage(resource.RUSAGE_SELF)
    told.send((rows, wall, usage.ru_utime + usage.ru_stime, _peak_mb()))


def _peak_mb() -> float:
    """Return the most memory of this process; ``ru_maxrss`` would count the one that started it."""
    status = Path("/proc/self/status").read_text("ascii").splitlines()
    kb = next(line.split()[1] for line in status if line.startswith("VmHWM:"))
    return int(kb) / 1_000


def measure(work: Callable[[], int]) -> tuple[int, float, float, float]:
    """Return rows, elapsed seconds, CPU seconds and peak MB of work in a process of its own."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=_measured, args=(work, there))
    process.start()
    found: tuple[int, float, float, float] = here.recv()
    process.join()
    return found


def main(arguments: list[str] | None = None) -> None:
    """Measure in turn, round by round, and print the medians."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=float, choices=sorted(SCALES), default=0.1)
    parser.add_argument("--page-rows", type=int, default=10_000)
    parser.add_argument("--pause", type=float, default=0.1, help="seconds until an answer begins")
    parser.add_argument("--rounds", type=int, default=2)
    options = parser.parse_args(arguments)
    context = multiprocessing.get_context("fork")
    with tempfile.TemporaryDirectory(prefix="fetch-") as name:
        folder = Path(name) / "source"
        folder.mkdir()
        here, there = context.Pipe()
        server = context.Process(target=_serve, args=(folder, options.pause, there), daemon=True)
        server.start()
        root = f"http://127.0.0.1:{here.recv()}"
        count = write_source(table_at(options.scale), folder, root, options.page_rows)
        sys.stdout.write(f"{count} pages of {options.page_rows:,} rows, pause {options.pause} s\n")
        found: dict[str, list[tuple[int, float, float, float]]] = {}
        for turn in range(options.rounds):
            cases = _cases(root, Path(name) / str(turn))
            if options.scale > _MOST_IN_MEMORY:
                del cases[_IN_MEMORY]
            for case, work in cases.items():
                found.setdefault(case, []).append(measure(work))
        server.terminate()
    sys.stdout.write(f"{'case':<28}{'rows':>12}{'wall s':>9}{'cpu s':>9}{'peak MB':>9}\n")
    for case, runs in found.items():
        rows, *numbers = (statistics.median(values) for values in zip(*runs, strict=True))
        wall, cpu, peak = numbers
        sys.stdout.write(f"{case:<28}{rows:>12,.0f}{wall:>9.1f}{cpu:>9.1f}{peak:>9.0f}\n")


def _cases(root: str, into: Path) -> dict[str, Callable[[], int]]:
    return {
        _IN_MEMORY: partial(in_memory, root),
        "1 connection": partial(fetched, root, into / "1", 1),
        "4 connections": partial(fetched, root, into / "4", 4),
        "8 connections": partial(fetched, root, into / "8", 8),
        "again, nothing changed": partial(fetched, root, into / "4", 4),
    }


if __name__ == "__main__":
    main()
