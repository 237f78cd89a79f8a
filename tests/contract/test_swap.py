"""New snapshots and dying workers while clients read: nothing fails, nothing is mixed.

SPATIAL_ may only name settings, so the time of the soak is ``SOAK_S`` (seconds, 3 by default):

    SOAK_S=60 python -m pytest tests/contract/test_swap.py
"""

import http.client
import itertools
import json
import os
import re
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from spatial.store.snapshot import LIVE
from tests.contract.served import Served, serving
from tests.miniland import miniland_snapshot, observations

pytestmark = pytest.mark.client

SOAK_S = float(os.environ.get("SOAK_S", "3"))
CONNECTIONS = 8
ITEMS = "/collections/ouderen-gemeente/items"
ADDRESSES = (
    f"{ITEMS}?limit=1000",
    f"{ITEMS}?limit=1000&crs=http://www.opengis.net/def/crs/EPSG/0/28992",
    f"{ITEMS}?limit=5&offset=3&datetime=2020-01-01",
    f"{ITEMS}/GM0003-2021-01-01",
    "/collections/ouderen-provincie/items?sortby=-personen",
    "/collections/ouderen-land/items?f=csv",
)
_STAMP = re.compile(rb'"timeStamp": ?"[^"]*",?|"href": ?"[^"]*"')

type Answers = dict[str, bytes]


@dataclass
class Tally:
    """What the clients saw."""

    answers: Counter[str] = field(default_factory=Counter)
    retried: int = 0
    wrong: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def snapshots(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, str]:
    """A store, with the names of two snapshots in it; every number differs between the two."""
    root = tmp_path_factory.mktemp("swap")
    figures = observations()
    more = figures
    for name in ("waarde", "ondergrens", "bovengrens"):
        at = more.schema.get_field_index(name)
        raised = pc.cast(pc.add(more[name], 10_000), pa.int64())
        more = more.set_column(at, more.schema.field(at), raised)
    return root, miniland_snapshot(root, figures).id, miniland_snapshot(root, more).id


@pytest.fixture(scope="module")
def served(
    snapshots: tuple[Path, str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    log = tmp_path_factory.mktemp("log") / "serve.log"
    with serving(snapshots[0], log, "--workers", "2", "--metrics", "local") as running:
        running.wait_for(2)
        yield running


@pytest.fixture(scope="module")
def expected(served: Served, snapshots: tuple[Path, str, str]) -> dict[str, Answers]:
    """What each snapshot answers when nothing else happens."""
    root, *names = snapshots
    found: dict[str, Answers] = {}
    for name in names:
        make_live(root, name)
        with closing(Client(served.url)) as client:
            found[name] = {address: client.get(address)[1] for address in ADDRESSES}
    first, second = names
    for address in ADDRESSES:
        assert found[first][address] != found[second][address]
    return found


class Client:
    """A connection that stays open; HTTP lets it ask again when that was closed while idle."""

    def __init__(self, url: str) -> None:
        self._place = urlsplit(url).netloc
        self._line = http.client.HTTPConnection(self._place, timeout=30)
        self.retried = 0

    def close(self) -> None:
        """Close the connection."""
        self._line.close()

    def get(self, address: str) -> tuple[int, bytes]:
        """Return status and body, without what may differ between two answers of one snapshot."""
        used = self._line.sock is not None
        try:
            return self._ask(address)
        except (http.client.RemoteDisconnected, ConnectionError):
            if not used:
                raise
            self.retried += 1
            self._line.close()
            return self._ask(address)

    def _ask(self, address: str) -> tuple[int, bytes]:
        self._line.request("GET", address)
        answer = self._line.getresponse()
        return answer.status, _STAMP.sub(b"", answer.read())


def make_live(root: Path, name: str) -> None:
    """Publish a snapshot that is there, the way the store does: by one rename."""
    pointer = root / f".{LIVE}-{name}"
    pointer.symlink_to(Path("snapshots") / name)
    pointer.replace(root / LIVE)


def read_until(
    ended: threading.Event, served: Served, expected: dict[str, Answers], tally: Tally
) -> None:
    with closing(Client(served.url)) as client:
        for address in itertools.cycle(ADDRESSES):
            if ended.is_set():
                break
            try:
                status, body = client.get(address)
            except (http.client.HTTPException, OSError) as error:
                tally.wrong.append(f"{address}: {error!r}")
                client.close()
                continue
            names = [name for name, answers in expected.items() if answers[address] == body]
            if status == 200 and len(names) == 1:
                tally.answers[names[0]] += 1
            else:
                tally.wrong.append(f"{address}: {status} {body[:300]!r}")
        tally.retried += client.retried


def soak(
    served: Served, root: Path, expected: dict[str, Answers], disturb: Callable[[], None]
) -> Tally:
    """Read over eight connections while snapshots change and, after a third, something happens."""
    tally, ended = Tally(), threading.Event()
    readers = [
        threading.Thread(target=read_until, args=(ended, served, expected, tally))
        for _ in range(CONNECTIONS)
    ]
    for reader in readers:
        reader.start()
    began, told = time.monotonic(), False
    for name in itertools.cycle(expected):
        make_live(root, name)
        time.sleep(0.3)
        if not told and time.monotonic() - began > SOAK_S / 3:
            disturb()
            told = True
        if time.monotonic() - began > SOAK_S:
            break
    ended.set()
    for reader in readers:
        reader.join()
    return tally


def end_one(served: Served, how: signal.Signals) -> Callable[[], None]:
    """Return what ends a worker."""
    return lambda: os.kill(served.workers()[0], how)


def test_no_answer_fails_or_is_mixed_while_snapshots_change_and_a_worker_ends(
    served: Served, snapshots: tuple[Path, str, str], expected: dict[str, Answers]
) -> None:
    before = served.workers()

    tally = soak(served, snapshots[0], expected, end_one(served, signal.SIGTERM))

    print(dict(tally.answers), "retried", tally.retried)  # noqa: T201
    assert tally.wrong == []
    assert set(tally.answers) == set(expected)
    served.wait_for(3)
    assert len(served.workers()) == 2
    assert served.workers() != before


def test_a_worker_that_is_killed_is_replaced_and_the_others_answer(
    served: Served, snapshots: tuple[Path, str, str], expected: dict[str, Answers]
) -> None:
    starts = served.log.read_text().count("Application startup complete")
    before = served.workers()

    tally = soak(served, snapshots[0], expected, end_one(served, signal.SIGKILL))

    # what that worker was answering breaks; a connection carries one request at a time
    assert len(tally.wrong) <= CONNECTIONS
    assert set(tally.answers) == set(expected)
    served.wait_for(starts + 1)
    assert len(served.workers()) == 2
    assert served.workers() != before


def test_all_workers_are_replaced_on_sighup_and_no_answer_fails_or_is_mixed(
    snapshots: tuple[Path, str, str], expected: dict[str, Answers], tmp_path: Path
) -> None:
    # nobody counts or logs here: the workers know requests by their bytes
    with serving(snapshots[0], tmp_path / "serve.log", "--workers", "2") as served:
        served.wait_for(2)
        before = served.workers()

        tally = soak(
            served, snapshots[0], expected, lambda: served.process.send_signal(signal.SIGHUP)
        )

        served.wait_for(4)
        assert tally.wrong == []
        assert set(tally.answers) == set(expected)
        assert not set(before) & set(settled(served, 2))
        assert served.end() == 0


def test_an_access_log_that_was_moved_is_opened_anew_on_sighup(
    snapshots: tuple[Path, str, str], tmp_path: Path
) -> None:
    log, moved = tmp_path / "access.log", tmp_path / "access.log.1"
    options = ("--workers", "2", "--access-log", str(log))
    with serving(snapshots[0], tmp_path / "serve.log", *options) as served:
        served.wait_for(2)
        ask(served, "/conformance")
        log.rename(moved)

        served.process.send_signal(signal.SIGHUP)
        served.wait_for(4)
        settled(served, 2)
        ask(served, "/collections")

        assert comes_to_say(moved, '"GET /conformance HTTP/1.1" 200')
        assert comes_to_say(log, '"GET /collections HTTP/1.1" 200')


def comes_to_say(log: Path, line: str) -> bool:
    """Tell whether a line comes in a log: it is written after the answer was sent."""
    deadline = time.monotonic() + 30
    while line not in log.read_text() and time.monotonic() < deadline:
        time.sleep(0.05)
    return line in log.read_text()


def settled(served: Served, number: int) -> list[int]:
    """Return the workers when there are so many again."""
    deadline = time.monotonic() + 30
    while len(served.workers()) != number and time.monotonic() < deadline:
        time.sleep(0.05)
    return served.workers()


def ask(served: Served, address: str) -> bytes:
    """Ask over a connection of its own."""
    with closing(Client(served.url)) as client:
        return client.get(address)[1]


def test_all_workers_name_the_same_snapshot(
    served: Served, snapshots: tuple[Path, str, str]
) -> None:
    root, first, second = snapshots

    for name in (first, second, first):
        make_live(root, name)
        answers = [json.loads(ask(served, "/readyz")) for _ in range(8)]
        assert {answer["snapshot"] for answer in answers} == {name}


def test_the_metrics_add_up_the_workers_also_those_that_ended(served: Served) -> None:
    def counted() -> float:
        text = ask(served, "/metrics").decode()
        found = re.search(r'requests_total\{method="GET",route="item",status="200"\} (\S+)', text)
        return float(found[1]) if found else 0.0

    before = counted()
    for _ in range(10):
        ask(served, f"{ITEMS}/GM0003-2021-01-01")

    assert counted() == before + 10
