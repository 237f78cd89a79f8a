"""A fetch that is killed at any moment, and the same command after it."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from spatial.fetch.manifest import read_manifest
from tests.fetch.source import Source, Table4

_FOLDER = Path("cbs") / "85980NED"


def _command(source: Source, into: Path, *more: str) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "SPATIAL_CBS_URL": f"{source.url}/odata/v1/CBS"}
    command = [sys.executable, "-m", "spatial", "fetch", "cbs", "--into", str(into), *more]
    return subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)


def _bytes(folder: Path) -> dict[str, bytes]:
    files = [path for path in folder.rglob("*") if path.is_file() and path.name != "manifest.json"]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


@pytest.mark.client
@pytest.mark.parametrize("answers", [3, 12, 31])
def test_the_same_command_finishes_with_the_same_bytes_and_asks_nothing_whole_twice(
    source: Source, tmp_path: Path, answers: int
) -> None:
    Table4(rows=4_000, page=100).on(source)
    assert _command(source, tmp_path / "whole").wait(60) == 0
    source.asked.clear()
    source.delay_s = 0.02
    killed = _command(source, tmp_path / "killed")
    while len(source.asked) < answers:
        time.sleep(0.005)
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    left = read_manifest(tmp_path / "killed" / "cbs" / "85980NED.part")
    kept = {entry.url for entry in left.files.values()} if left else set()
    assert not (tmp_path / "killed" / _FOLDER).exists()
    time.sleep(0.1)  # what the killed process asked last is counted
    source.asked.clear()

    again = _command(source, tmp_path / "killed")

    assert again.wait(60) == 0
    assert _bytes(tmp_path / "killed" / _FOLDER) == _bytes(tmp_path / "whole" / _FOLDER)
    assert not {f"{source.url}{path}" for path in source.full()} & kept
    assert not list((tmp_path / "killed").rglob("*.part"))


@pytest.mark.client
def test_a_replacement_that_is_killed_leaves_what_was_until_the_same_command_finishes_it(
    source: Source, tmp_path: Path
) -> None:
    Table4(rows=2_000, page=100).on(source)
    assert _command(source, tmp_path).wait(60) == 0
    before = _bytes(tmp_path / _FOLDER)
    Table4(rows=2_000, page=100, first=9, modified="2025").on(source)
    source.asked.clear()
    source.delay_s = 0.02
    killed = _command(source, tmp_path, "--accept-changes")
    while sum(source.full().values()) < 8:
        time.sleep(0.005)
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    assert _bytes(tmp_path / _FOLDER) == before

    assert _command(source, tmp_path, "--accept-changes").wait(60) == 0

    after = _bytes(tmp_path / _FOLDER)
    assert after.keys() == before.keys()
    assert not [name for name in after if "page-" in name and after[name] == before[name]]
