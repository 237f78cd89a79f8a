"""Answers and files of layers: one process or several, the bytes are the same."""

from pathlib import Path

import pytest

from spatial.store import finish
from spatial.store.answers import ANSWERS
from spatial.store.files.enclosures import FILES
from spatial.store.snapshot import open_snapshot
from tests.miniland import miniland_snapshot


def _bytes(folder: Path) -> dict[str, bytes]:
    found = [*(folder / ANSWERS).iterdir(), *(folder / FILES).iterdir()]
    return {path.name: path.read_bytes() for path in found}


def test_several_processes_write_what_one_writes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = miniland_snapshot(tmp_path).path
    contents = open_snapshot(tmp_path).contents
    copy = tmp_path / "copy"
    copy.mkdir()
    for collection in contents.collections:
        (copy / collection.bestand).write_bytes((folder / collection.bestand).read_bytes())
    monkeypatch.setattr(finish, "_FEW", 0)
    monkeypatch.setattr(finish, "processors", lambda: 2)

    finish.write_products(copy, contents)

    assert _bytes(copy) == _bytes(folder)
