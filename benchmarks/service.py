"""Answers a second of our service and of its peers, in interleaved rounds of wrk on one machine.

    python -m benchmarks.service --store data [--rounds 3] [--seconds 5] [--peer nginx ...]

Every server has one worker and stands idle while another is asked. A figure is the median of the
rounds. Wanted from Debian: ``wrk``, and what ``benchmarks.peers`` names.
"""

import argparse
import re
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from shutil import which

from benchmarks.peers import BOX, COLLECTION, DAY, PEERS, Peer, Year, fetch
from spatial.domain.crs import RD
from spatial.errors import SettingsError, SpatialError
from tests.contract.postgres import free_port, wait_for

BOUNDARIES = "grenzen-gemeente"
# the peers that need no column by which a day is found
_OF_FILES = ("pygeoapi-geojson", "nginx", "nginx-static")
_EIGHT = (
    "personen", "huishoudens", "woonruimten", "huishoudensCorporatie", "huishoudensKoop", "aandeelCorporatie",
    "aandeelKoop", "aandeelOverigeHuur",
)  # fmt: skip
# each request asks for another number of features at most: the answer is new, and the same size; and
# no run begins where another did
_PAGE = """
math.randomseed(os.time())
local n = math.random(9000)
request = function()
  n = n + 1
  return wrk.format("GET", (string.gsub(wrk.path, "limit=1000", "limit=" .. (1000 + n % 9000))))
end
"""
# each request asks for another moment of the day: nothing that was found before can be used
_MOMENT = """
math.randomseed(os.time())
local n = math.random(80000) * 1000
request = function()
  n = n + 1
  local second = math.floor(n / 1000)
  local moment = string.format("T%02d:%02d:%02d.%03dZ",
    math.floor(second / 3600), math.floor(second / 60) % 60, second % 60, n % 1000)
  return wrk.format("GET", (string.gsub(wrk.path, "datetime=[0-9-]+", "%0" .. moment)))
end
"""
_RATE = re.compile(r"Requests/sec:\s+([\d.]+)")
_LATENCY = re.compile(r"(50|99)%\s+([\d.]+)(us|ms|s)\b")
_MS = {"us": 0.001, "ms": 1.0, "s": 1000.0}


@dataclass(frozen=True, slots=True)
class Run:
    """What wrk saw.

    Attributes:
        rate: answers a second.
        p50: ms within which half of them came.
        p99: ms within which 99 % came.
    """

    rate: float
    p50: float
    p99: float


@dataclass(frozen=True, slots=True)
class Case:
    """A question to all servers that can be asked it.

    Attributes:
        name: in the table.
        urls: address by server.
        otherwise: a script by which the same is never asked twice; empty: always ask the same.
        gzip: the client reads gzip.
    """

    name: str
    urls: Mapping[str, str]
    otherwise: str = ""
    gzip: bool = False


def cases(service: str, year: Year, peers: Mapping[str, Peer], chosen: str) -> list[Case]:
    """Return the questions.

    Args:
        service: address of ours.
        year: the features that the peers serve.
        peers: the running ones.
        chosen: the properties that they have; empty: all.
    """
    items = f"{service}/collections/{year.collection}/items"
    some = f"&properties={chosen}" if chosen else ""
    ours = {
        "year": f"{items}?datetime={DAY}{some}&limit=1000",
        "item": f"{items}/{year.id}",
        "ten": f"{items}?datetime={DAY}{some}&limit=10",
        "bbox": f"{items}?datetime={DAY}{some}&bbox={BOX}&limit=1000",
    }

    def asked(of: str) -> dict[str, str]:
        return {"ours": ours[of], **{name: getattr(peer, of) for name, peer in peers.items()}}

    servers = {name: url for name, url in asked("year").items() if "nginx" not in name}
    rd = {
        name: f"{url}&crs={RD.uri}"
        for name, url in servers.items()
        if name == "ours" or "pygeoapi" in name
    }
    found = [
        Case("whole year", asked("year")),
        Case("whole year, each time new", servers, otherwise=_PAGE),
        Case("whole year, each time another moment", {"ours": ours["year"]}, otherwise=_MOMENT),
        Case("whole year, gzip", asked("year"), gzip=True),
        Case("whole year, EPSG:28992", rd),
        Case("ten features", asked("ten")),
        Case("a box (24)", asked("bbox")),
    ]
    # a single feature has all properties
    return found if chosen else [*found, Case("one feature", asked("item"))]


def measured(case: Case, url: str, seconds: int, folder: Path) -> Run:
    """Ask one server for some seconds over eight connections.

    Raises:
        SpatialError: wrk is not there, or an answer was not 200.
    """
    program = which("wrk")
    if program is None:
        message = "wrk is not installed (Debian: wrk)"
        raise SettingsError(message)
    command = [program, "-t1", "-c8", f"-d{seconds}", "--latency", "--timeout", "30s"]
    if case.gzip:
        command += ["-H", "Accept-Encoding: gzip"]
    if case.otherwise:
        script = folder / "otherwise.lua"
        script.write_text(case.otherwise)
        command += ["-s", str(script)]
    done = subprocess.run([*command, url], capture_output=True, text=True, check=True)
    if "Non-2xx" in done.stdout:
        message = f"{url} was refused: {done.stdout}"
        raise SettingsError(message)
    rate = _RATE.search(done.stdout)
    times = {which: float(time) * _MS[unit] for which, time, unit in _LATENCY.findall(done.stdout)}
    return Run(float(rate[1]) if rate else 0.0, times.get("50", 0.0), times.get("99", 0.0))


def table(found: Mapping[tuple[str, str], list[Run]], names: list[str]) -> Iterator[str]:
    """Write a line per question: medians, and how many times a peer we are."""
    yield "| question | " + " | ".join(names) + " |"
    yield "|---" * (len(names) + 1) + "|"
    for case in dict.fromkeys(case for case, _ in found):
        ours = statistics.median(run.rate for run in found[case, "ours"])
        cells = []
        for name in names:
            runs = found.get((case, name))
            if runs is None:
                cells.append("")
                continue
            rate, p50, p99 = (
                statistics.median(getattr(run, what) for run in runs)
                for what in ("rate", "p50", "p99")
            )
            ratio = "" if name == "ours" else f", {ours / rate:.3g} x"
            cells.append(f"{rate:,.4g} [{p50:.2f} / {p99:.2f}]{ratio}")
        yield f"| {case} | " + " | ".join(cells) + " |"


@contextmanager
def our_service(store: Path) -> Iterator[str]:
    """Our service with one worker, as `spatial serve` starts it."""
    port = free_port()
    command = [sys.executable, "-m", "spatial", "serve", "--port", str(port)]
    environment = {"SPATIAL_DATA": str(store.resolve()), "PATH": "/usr/bin:/bin"}
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) as server:
        try:
            url = f"http://127.0.0.1:{port}/v1"
            wait_for(f"{url}/conformance", server)
            yield url
        finally:
            server.terminate()


def compared(options: argparse.Namespace, collection: str, chosen: str) -> Iterator[str]:
    """Start everything over the features of a collection, and ask round by round."""
    with tempfile.TemporaryDirectory() as name, ExitStack() as running:
        folder = Path(name)
        # nginx may run as somebody else
        folder.chmod(0o755)
        service = running.enter_context(our_service(options.store))
        year = fetch(service, options.store, folder, collection, chosen)
        peers: dict[str, Peer] = {}
        for peer in options.peer or (_OF_FILES if collection == BOUNDARIES or chosen else PEERS):
            own = folder / peer
            own.mkdir()
            for file in folder.glob("*.json*"):
                (own / file.name).hardlink_to(file)
            try:
                peers[peer] = running.enter_context(PEERS[peer](replace(year, folder=own)))
            except SpatialError as error:
                yield f"{peer}: not here: {error}"
        size = (folder / "year.json").stat().st_size // 1000
        what = f"{collection}, some properties" if chosen else collection
        yield f"\n{what}: 355 gemeenten, {size} kB; answers a second [p50 / p99 in ms], ours against it\n"
        found: dict[tuple[str, str], list[Run]] = {}
        for _ in range(options.rounds):
            for case in cases(service, year, peers, chosen):
                for server, url in case.urls.items():
                    run = measured(case, url, options.seconds, folder)
                    found.setdefault((case.name, server), []).append(run)
        yield from table(found, ["ours", *peers])


def main(arguments: list[str] | None = None) -> None:
    """Compare at three sizes: boundaries, eight indicators, all properties."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--store", type=Path, default=Path("data"), help="root of the store")
    parser.add_argument("--rounds", type=int, default=3, help="rounds over all servers")
    parser.add_argument("--seconds", type=int, default=5, help="seconds per server and question")
    parser.add_argument("--peer", action="append", choices=sorted(PEERS), help="default: all")
    options = parser.parse_args(arguments)
    columns = ["regioCode", "regioNaam", "indeling", "peilmoment"]
    for name in _EIGHT:
        columns += [name, f"{name}Status", f"{name}Min", f"{name}Max"]
    for collection, chosen in (
        (BOUNDARIES, ""),
        (COLLECTION, ""),
        (COLLECTION, ",".join(columns)),
    ):
        for line in compared(options, collection, chosen):
            sys.stdout.write(f"{line}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
