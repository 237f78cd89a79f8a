"""A new snapshot is served without restart, and never half."""

import asyncio
from pathlib import Path

import pytest

from spatial.errors import StoreError
from spatial.serve.read.edition import Edition, Editions
from spatial.store.snapshot import LIVE
from tests.miniland import miniland_snapshot, observations


def second_snapshot(root: Path) -> str:
    """Publish another snapshot: of the first periods only."""
    return miniland_snapshot(root, observations().slice(0, 60)).id


def test_a_new_edition_is_prepared_before_it_is_served(tmp_path: Path) -> None:
    prepared: list[str] = []
    first = miniland_snapshot(tmp_path).id
    editions = Editions(tmp_path, lambda edition: prepared.append(edition.id))

    before = editions.current
    second = second_snapshot(tmp_path)

    assert before.id == first
    assert asyncio.run(editions.renewed()).id == second
    assert asyncio.run(editions.renewed()).id == second
    assert prepared == [first, second]


def test_while_one_is_prepared_the_one_before_is_served(tmp_path: Path) -> None:
    seen: list[str] = []
    first = miniland_snapshot(tmp_path).id

    def prepare(_: Edition) -> None:
        if editions._current is not None:
            seen.append(editions.current.id)

    editions = Editions(tmp_path, prepare)
    _ = editions.current
    second = second_snapshot(tmp_path)

    assert editions.current.id == second
    assert seen == [first]


def test_a_snapshot_that_cannot_be_read_is_not_served(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    first = miniland_snapshot(tmp_path).id
    editions = Editions(tmp_path)
    _ = editions.current
    (tmp_path / "snapshots" / "half").mkdir()
    (tmp_path / LIVE).unlink()
    (tmp_path / LIVE).symlink_to(Path("snapshots") / "half")

    assert editions.current.id == first
    assert editions.current.id == first
    assert caplog.text.count("the one before is still served") == 1


def test_without_any_snapshot_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="run 'spatial build' first"):
        asyncio.run(Editions(tmp_path).renewed())


def test_a_snapshot_folder_by_itself_is_an_edition(tmp_path: Path) -> None:
    snapshot = miniland_snapshot(tmp_path)

    assert Editions(snapshot.path).current.id == snapshot.id
