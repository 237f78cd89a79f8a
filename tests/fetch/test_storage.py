"""What a broken-off fetch leaves, in every state in which it can end."""

import fcntl
import shutil
from pathlib import Path

import pytest

from spatial.errors import FetchError
from spatial.fetch.http import Client
from spatial.fetch.manifest import Manifest, read_manifest, write_manifest
from spatial.fetch.storage import Found, Shelf, Wanted, open_shelf
from tests.fetch.source import Source

_ASKED = {"what": "a"}


def _wanted(source: Source, name: str) -> Wanted:
    return Wanted(name, f"{source.url}/{name}", lambda _path, _answer: Found(rows=1))


@pytest.fixture
def folder(tmp_path: Path, source: Source) -> Path:
    """The folder to fetch into, of a source with two files."""
    source.put("/a", b"first")
    source.put("/b", b"second")
    return tmp_path / "folder"


def _fetch(client: Client, source: Source, folder: Path) -> None:
    with open_shelf(folder, client, _ASKED) as shelf:
        for name in ("a", "b"):
            shelf.fetch(_wanted(source, name))
        shelf.finish({})


def test_a_file_that_was_noted_but_not_named_is_whole(
    client: Client, source: Source, folder: Path
) -> None:
    with open_shelf(folder, client, _ASKED) as shelf:
        shelf.fetch(_wanted(source, "a"))
        (shelf.part / "a").rename(shelf.part / "a.part")

    _fetch(client, source, folder)

    assert source.full()["/a"] == 1


def test_a_file_that_was_named_but_damaged_is_asked_again(
    client: Client, source: Source, folder: Path
) -> None:
    with open_shelf(folder, client, _ASKED) as shelf:
        shelf.fetch(_wanted(source, "a"))
        (shelf.part / "a").write_bytes(b"fir")

    _fetch(client, source, folder)

    assert (folder / "a").read_bytes() == b"first"


def test_what_was_of_another_question_is_given_up(
    client: Client, source: Source, folder: Path
) -> None:
    with open_shelf(folder, client, {"what": "other"}) as shelf:
        shelf.fetch(_wanted(source, "a"))

    with open_shelf(folder, client, _ASKED) as shelf:
        assert not list(shelf.part.iterdir())


def test_a_replacement_that_stopped_halfway_is_finished(
    client: Client, source: Source, folder: Path
) -> None:
    _fetch(client, source, folder)
    shutil.copytree(folder, folder.with_name("folder.part"))
    folder.rename(folder.with_name("folder.old"))

    with open_shelf(folder, client, _ASKED):
        assert (folder / "a").read_bytes() == b"first"
        assert not folder.with_name("folder.old").exists()


def test_a_replacement_that_had_not_begun_leaves_what_was(
    client: Client, source: Source, folder: Path
) -> None:
    _fetch(client, source, folder)
    folder.rename(folder.with_name("folder.old"))
    folder.with_name("folder.part").mkdir()
    write_manifest(folder.with_name("folder.part"), Manifest({}, {"asked": _ASKED}))

    with open_shelf(folder, client, _ASKED):
        assert (folder / "b").read_bytes() == b"second"


def test_the_remains_of_a_finished_replacement_go(
    client: Client, source: Source, folder: Path
) -> None:
    _fetch(client, source, folder)
    shutil.copytree(folder, folder.with_name("folder.old"))

    with open_shelf(folder, client, _ASKED):
        assert not folder.with_name("folder.old").exists()


def test_two_fetches_into_one_folder_are_refused(client: Client, folder: Path) -> None:
    with folder.with_name("folder.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)

        with pytest.raises(FetchError, match="another process is fetching"):
            open_shelf(folder, client, _ASKED).__enter__()


def test_a_place_that_cannot_be_written_is_named(client: Client, tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(FetchError, match="cannot be written"):
        open_shelf(tmp_path / "file" / "folder", client, _ASKED).__enter__()


def test_the_disk_that_fills_up_is_one_error(client: Client, tmp_path: Path) -> None:
    with (
        pytest.raises(FetchError, match="cannot be written: no space"),
        open_shelf(tmp_path / "folder", client, _ASKED),
    ):
        raise OSError("no space")


def test_the_time_of_the_last_look_is_kept(client: Client, source: Source, folder: Path) -> None:
    _fetch(client, source, folder)
    first = read_manifest(folder)

    _fetch(client, source, folder)

    again = read_manifest(folder)
    assert first is not None
    assert again is not None
    assert again.files == first.files
    assert again.about["checked"] >= first.about["checked"]


def test_what_nobody_asked_now_can_be_kept(client: Client, source: Source, folder: Path) -> None:
    _fetch(client, source, folder)
    source.put("/a", b"other")
    shelf: Shelf
    with open_shelf(folder, client, {"what": "only a"}) as shelf:
        shelf.fetch(_wanted(source, "a"))
        shelf.take_over_others()
        assert shelf.changed() == ["a"]
        shelf.finish({})

    assert [(folder / name).read_bytes() for name in ("a", "b")] == [b"other", b"second"]


def test_a_link_to_a_file_as_it_was_is_never_written_through(
    client: Client, source: Source, folder: Path
) -> None:
    _fetch(client, source, folder)
    source.put("/a", b"other")
    with open_shelf(folder, client, _ASKED) as shelf:
        (shelf.part / "a.part").hardlink_to(folder / "a")

        shelf.fetch(_wanted(source, "a"))

        assert (folder / "a").read_bytes() == b"first"
