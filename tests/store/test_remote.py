"""Snapshots that are kept elsewhere: whole there, whole here, and the last good one while that fails."""

import json
import shutil
import threading
from pathlib import Path

import pytest

from spatial.errors import StoreError
from spatial.serve.read.edition import Editions
from spatial.store.remote import LIVE_OBJECT, Origin, follow, open_origin, pull, push
from spatial.store.snapshot import LIVE, MANIFEST, SNAPSHOTS, Snapshot, name_of, open_snapshot
from tests.miniland import miniland_snapshot, observations


def quiet(_name: str, _done: int, _all: int) -> None:
    """Ignore progress."""


class Heard:
    """The files that were told."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def __call__(self, name: str, _done: int, _all: int) -> None:
        self.names.append(name)


@pytest.fixture
def first(tmp_path: Path) -> Snapshot:
    """A snapshot of another machine."""
    return miniland_snapshot(tmp_path / "there")


@pytest.fixture
def origin(tmp_path: Path) -> Origin:
    """An origin in a folder, as objects are in a bucket."""
    (tmp_path / "bucket").mkdir()
    return open_origin(f"file://{tmp_path}/bucket/kaart")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The store of this machine."""
    return tmp_path / "here"


def second(first: Snapshot) -> Snapshot:
    """Another snapshot of the other machine, with other figures."""
    return miniland_snapshot(first.path.parents[1], observations().slice(3))


def test_what_was_pushed_is_pulled_byte_by_byte(
    first: Snapshot, origin: Origin, root: Path
) -> None:
    push(first, origin, quiet)
    found = pull(origin, root, quiet)
    assert found.id == first.id
    assert (root / LIVE).resolve() == found.path
    assert found.verify() == []


def test_a_pull_of_what_is_here_brings_nothing(first: Snapshot, origin: Origin, root: Path) -> None:
    push(first, origin, quiet)
    pull(origin, root, quiet)
    heard = Heard()
    pull(origin, root, heard)
    assert heard.names == []


def test_files_that_an_older_snapshot_has_are_not_brought_again(
    first: Snapshot, origin: Origin, root: Path
) -> None:
    push(first, origin, quiet)
    old = pull(origin, root, quiet)
    new = second(first)
    push(new, origin, quiet)
    same = [
        name
        for name, digest in new.manifest["files"].items()
        if old.manifest["files"].get(name) == digest
    ]
    for name in same:
        Path(origin.path(f"{SNAPSHOTS}/{new.id}/{name}")).unlink()
    assert same
    assert pull(origin, root, quiet).verify() == []


def test_a_pull_that_was_broken_off_goes_on_where_it_was(
    first: Snapshot, origin: Origin, root: Path
) -> None:
    push(first, origin, quiet)
    last = list(first.manifest["files"])[-1]
    absent = Path(origin.path(f"{SNAPSHOTS}/{first.id}/{last}"))
    kept = absent.rename(absent.with_suffix(".away"))
    with pytest.raises(StoreError, match="cannot be read"):
        pull(origin, root, quiet)
    assert not (root / LIVE).exists()
    kept.rename(absent)
    for name in list(first.manifest["files"])[:-1]:
        Path(origin.path(f"{SNAPSHOTS}/{first.id}/{name}")).unlink()
    assert pull(origin, root, quiet).verify() == []


def test_a_damaged_file_is_refused_by_name_and_the_last_good_one_stays_live(
    first: Snapshot, origin: Origin, root: Path
) -> None:
    push(first, origin, quiet)
    pull(origin, root, quiet)
    new = second(first)
    push(new, origin, quiet)
    name = "ouderen-gemeente.parquet"
    Path(origin.path(f"{SNAPSHOTS}/{new.id}/{name}")).write_bytes(b"something else")
    with pytest.raises(StoreError, match=name):
        pull(origin, root, quiet)
    assert open_snapshot(root).id == first.id


def test_a_damaged_manifest_is_refused(first: Snapshot, origin: Origin, root: Path) -> None:
    push(first, origin, quiet)
    Path(origin.path(f"{SNAPSHOTS}/{first.id}/{MANIFEST}")).write_text("{}")
    with pytest.raises(StoreError, match="manifest"):
        pull(origin, root, quiet)


@pytest.mark.parametrize("name", ["../outside", "/etc/outside", "a/../../b", MANIFEST])
def test_a_manifest_that_names_files_outside_its_snapshot_is_refused(
    name: str, origin: Origin, root: Path
) -> None:
    content = json.dumps({"files": {name: "0" * 64}}).encode()
    folder = Path(origin.path(f"{SNAPSHOTS}/{name_of(content)}"))
    folder.mkdir(parents=True)
    (folder / MANIFEST).write_bytes(content)
    pointer = json.dumps({"snapshot": name_of(content)})
    Path(origin.path(LIVE_OBJECT)).write_text(pointer)
    with pytest.raises(StoreError, match="outside its snapshot"):
        pull(origin, root, quiet)


@pytest.mark.parametrize("pointer", ['{"snapshot": "../x"}', '{"snapshot": 1}', "[]", "x"])
def test_a_pointer_that_names_no_snapshot_is_refused(
    pointer: str, first: Snapshot, origin: Origin, root: Path
) -> None:
    push(first, origin, quiet)
    Path(origin.path(LIVE_OBJECT)).write_text(pointer)
    with pytest.raises(StoreError):
        pull(origin, root, quiet)


def test_an_origin_without_snapshot_says_what_to_do(origin: Origin, root: Path) -> None:
    with pytest.raises(StoreError, match="spatial push"):
        pull(origin, root, quiet)


def test_a_snapshot_that_is_damaged_here_is_not_sent(
    first: Snapshot, origin: Origin, tmp_path: Path
) -> None:
    copy = tmp_path / "copy" / first.id
    shutil.copytree(first.path, copy)
    (copy / "ouderen-gemeente.parquet").write_bytes(b"")
    with pytest.raises(StoreError, match=r"ouderen-gemeente\.parquet"):
        push(Snapshot(copy, first.manifest), origin, quiet)
    assert not Path(origin.path(LIVE_OBJECT)).exists()


def test_an_address_without_driver_names_the_extra() -> None:
    with pytest.raises(StoreError, match="extra 's3'"):
        open_origin("onzin://bucket/kaart")


def test_a_server_that_follows_an_origin_serves_what_is_pushed(
    first: Snapshot, origin: Origin, root: Path
) -> None:
    push(first, origin, quiet)
    pull(origin, root, quiet)
    editions, stopped = Editions(root), threading.Event()
    before = editions.current.id
    follower = threading.Thread(target=follow, args=(origin, root, 0.02, stopped))
    follower.start()
    try:
        new = second(first)
        push(new, origin, quiet)
        for _ in range(500):
            if editions.current.id == new.id:
                break
            stopped.wait(0.02)
        assert (before, editions.current.id) == (first.id, new.id)
    finally:
        stopped.set()
        follower.join()


def test_a_follower_goes_on_when_the_origin_fails(
    first: Snapshot, origin: Origin, root: Path, caplog: pytest.LogCaptureFixture
) -> None:
    stopped = threading.Event()
    follower = threading.Thread(target=follow, args=(origin, root, 0.02, stopped))
    follower.start()
    try:
        for _ in range(500):
            if caplog.records:
                break
            stopped.wait(0.02)
        push(first, origin, quiet)
        for _ in range(500):
            if (root / LIVE).exists():
                break
            stopped.wait(0.02)
        assert open_snapshot(root).id == first.id
    finally:
        stopped.set()
        follower.join()
    assert "the one before is still live" in caplog.text
