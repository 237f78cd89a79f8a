"""A source on this machine: answers what it is told, counts what it is asked, and fails on command."""

import gzip
import json
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast
from urllib.parse import unquote

V4_ROOT = "/odata/v1/CBS"
V3_ROOT = "/ODataFeed/odata"


@dataclass
class Fault:
    """What goes wrong with one answer.

    Attributes:
        status: this status instead of the answer; 0: the answer's own.
        headers: added to the answer.
        body: instead of the answer's own.
        cut: bytes of the body that are sent, after a length that says all.
        chunk_s: seconds between pieces of 1,000 bytes.
    """

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes | None = None
    cut: int | None = None
    chunk_s: float = 0.0


@dataclass
class Source:
    """What is served: bodies and validators by path with query."""

    bodies: dict[str, bytes] = field(default_factory=dict)
    etags: dict[str, str] = field(default_factory=dict)
    faults: dict[str, list[Fault]] = field(default_factory=lambda: defaultdict(list))
    packed: bool = True
    validators: bool = True
    delay_s: float = 0.0
    url: str = ""
    asked: list[tuple[str, int]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)

    def full(self) -> Counter[str]:
        """Return how often each path was answered with a whole body."""
        return Counter(path for path, status in self.asked if status == 200)

    def put(self, path: str, document: Any) -> None:
        """Serve a document; its validator follows from its bytes."""
        body = document if isinstance(document, bytes) else json.dumps(document).encode()
        self.bodies[path] = body
        self.etags[path] = f'"{hash(body) & 0xFFFFFFFF:x}"'


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        source = cast("_Server", self.server).source
        path = unquote(self.path)
        headers = {name.lower(): value for name, value in self.headers.items()}
        source.headers.append({**headers, "port": str(self.client_address[1])})
        fault = source.faults[path].pop(0) if source.faults.get(path) else Fault()
        time.sleep(source.delay_s)
        body = fault.body if fault.body is not None else source.bodies.get(path)
        status = fault.status or (404 if body is None else 200)
        body = f"status {status}".encode() if fault.status or body is None else body
        headers = dict(fault.headers)
        if status == 200 and source.validators and path in source.etags:
            headers.setdefault("ETag", source.etags[path])
            if self.headers.get("If-None-Match") == headers["ETag"]:
                self._send(304, headers, b"", Fault())
                source.asked.append((path, 304))
                return
        if source.packed and "gzip" in self.headers.get("Accept-Encoding", "") and status == 200:
            body = gzip.compress(body, 1, mtime=0)
            headers["Content-Encoding"] = "gzip"
        if self._send(status, headers, body, fault):
            source.asked.append((path, status if fault.cut is None else -status))

    def _send(self, status: int, headers: dict[str, str], body: bytes, fault: Fault) -> bool:
        try:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            if status != 304:
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            for piece in _pieces(body[: fault.cut], fault.chunk_s):
                self.wfile.write(piece)
                self.wfile.flush()
            self.close_connection = self.close_connection or fault.cut is not None
        except OSError:
            self.close_connection = True
            return False
        return True

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


def _pieces(body: bytes, pause_s: float) -> Iterator[bytes]:
    size = 1_000 if pause_s else max(len(body), 1)
    for at in range(0, len(body), size):
        time.sleep(pause_s)
        yield body[at : at + size]


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    source: Source

    def handle_error(self, *_: Any) -> None:
        """Say nothing: clients here break off on purpose."""


@contextmanager
def serving(source: Source) -> Iterator[Source]:
    """Serve a source on a free port while the block runs."""
    server = _Server(("127.0.0.1", 0), _Handler)
    server.source = source
    source.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield source
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@dataclass
class Table4:
    """A table of OData version 4, small and whole."""

    id: str = "85980NED"
    rows: int = 95
    page: int = 10
    modified: str = "2024-07-12T02:00:00+02:00"
    members: dict[str, str] = field(default_factory=lambda: {"GM0003": "Appingedam"})
    first: int = 1

    def on(self, source: Source) -> str:
        """Serve the table; return the address of its root."""
        root = f"{V4_ROOT}/{self.id}"
        context = {"@odata.context": f"{source.url}{root}/$metadata"}
        codes = [{"Identifier": key, "Title": title} for key, title in self.members.items()]
        sets = {
            "Dimensions": [{"Identifier": "RegioS", "Title": "Regio's", "Kind": "GeoDimension"}],
            "MeasureCodes": [{"Identifier": "M000352", "Title": "Personen", "Unit": "aantal"}],
            "MeasureGroups": [],
            "RegioSCodes": codes,
            "RegioSGroups": [],
        }
        names = ["Properties", *sets, "Observations"]
        source.put(root, {**context, "value": [{"name": name, "url": name} for name in names]})
        for name, rows in sets.items():
            source.put(f"{root}/{name}", {**context, "value": rows})
        source.put(f"{root}/Properties", {**context, **self._properties()})
        for skip in range(0, max(self.rows, 1), self.page):
            self._put_page(source, f"{root}/Observations", context, skip)
        return f"{source.url}{V4_ROOT}"

    def page_path(self, number: int) -> str:
        """Return the path of a page, from 1."""
        query = f"?$skip={(number - 1) * self.page}" if number > 1 else ""
        return f"{V4_ROOT}/{self.id}/Observations{query}"

    def path(self, name: str) -> str:
        """Return the path of an entity set."""
        return f"{V4_ROOT}/{self.id}/{name}"

    def _properties(self) -> dict[str, Any]:
        return {
            "Identifier": self.id,
            "Title": "Aandachtsgroepen volkshuisvesting",
            "Modified": self.modified,
            "ObservationCount": self.rows,
            "License": "https://creativecommons.org/licenses/by/4.0/",
        }

    def _put_page(self, source: Source, path: str, context: dict[str, str], skip: int) -> None:
        ids = range(skip, min(skip + self.page, self.rows))
        rows = [{"Id": i, "Measure": "M000352", "Value": self.first + i} for i in ids]
        document: dict[str, Any] = {**context, "value": rows}
        if skip + self.page < self.rows:
            document["@odata.nextLink"] = f"{source.url}{path}?$skip={skip + self.page}"
        source.put(f"{path}?$skip={skip}" if skip else path, document)


@dataclass
class Table3:
    """A table of OData version 3: padded keys, text in every cell, pages of a few rows."""

    id: str = "85980NED"
    rows: int = 25
    page: int = 10

    def on(self, source: Source) -> str:
        """Serve the table; return the address of its server."""
        root = f"{V3_ROOT}/{self.id}"
        sets = {
            "TableInfos": [
                {"ID": 0, "Title": "Een tabel", "Modified": "2024", "RecordCount": self.rows}
            ],
            "DataProperties": [{"odata.type": "Cbs.OData.GeoDimension", "Key": "RegioS"}],
            "CategoryGroups": [],
            "RegioS": [{"Key": "NL01  ", "Title": "Nederland"}],
        }
        data_sets = ("UntypedDataSet", "TypedDataSet")
        names = [
            {"name": name, "url": f"{source.url}{root}/{name}"} for name in (*sets, *data_sets)
        ]
        source.put(f"{root}?$format=json", {"odata.metadata": "", "value": names})
        for name, rows in sets.items():
            source.put(f"{root}/{name}?$format=json", {"odata.metadata": "", "value": rows})
        for name in data_sets:
            for skip in range(0, self.rows, self.page):
                self._put_page(source, f"{root}/{name}?$format=json", skip, typed=name[0] == "T")
        return source.url

    def _put_page(self, source: Source, path: str, skip: int, *, typed: bool) -> None:
        rows = [
            {"ID": i, "RegioS": "NL01  ", "Personen_1": None if typed else "         ."}
            for i in range(skip, min(skip + self.page, self.rows))
        ]
        document: dict[str, Any] = {"odata.metadata": "", "value": rows}
        if skip + self.page < self.rows:
            document["odata.nextLink"] = f"{source.url}{path}&$skip={skip + self.page}"
        source.put(f"{path}&$skip={skip}" if skip else path, document)


RD = "http://www.opengis.net/def/crs/EPSG/0/28992"
OGC_ROOT = "/cbs/gebiedsindelingen/ogc/v1"
SERVICE_ROOT = "/cbs/gebiedsindelingen"


def regions(rubriek: str, year: int, count: int = 2, **more: Any) -> dict[str, Any]:
    """Return regions as PDOK gives them: squares beside each other in RD."""
    features = [
        {
            "type": "Feature",
            "id": place,
            "properties": {
                "statcode": f"GM{place:04}",
                "jrstatcode": f"{year}GM{place:04}",
                "statnaam": f"Gemeente {place}",
                "rubriek": rubriek,
                "jaarcode": year,
            },
            "geometry": {"type": "MultiPolygon", "coordinates": [[_square(place)]]},
        }
        for place in range(1, count + 1)
    ]
    return {"type": "FeatureCollection", "features": features, **more}


def _square(place: int) -> list[list[float]]:
    x, y = 150_000.0 + 1_000 * place, 450_000.0
    return [[x, y], [x + 1_000, y], [x + 1_000, y + 1_000], [x, y + 1_000], [x, y]]


def ogc_path(rubriek: str, year: int) -> str:
    """Return the path of one kind of region in one year at the OGC API."""
    query = f"f=json&limit=1000&jaarcode={year}&crs={RD}"
    return f"{OGC_ROOT}/collections/{rubriek}_gegeneraliseerd/items?{query}"
