"""A process that is killed in the middle leaves nothing that the next one would take for a result."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from benchmarks.cbs_like import Shape, Table
from benchmarks.cbs_wire import write_table
from spatial.normalise.facts import read_facts
from spatial.normalise.intake.partitions import read_taken
from spatial.settings import read_settings

RUN = """
import sys
from pathlib import Path
from benchmarks.cbs_like import Shape, Table
from spatial.domain.statline import TABLE_ID
from spatial.normalise.facts import read_facts
from spatial.normalise.intake.take import take_in
from spatial.normalise.statline_rows import Known
table = Table(Shape(6, 9, 913680), read_facts(Path(sys.argv[1])))
known = Known(table.members, table.regions)
take_in(Path(sys.argv[2]), TABLE_ID, known, Path(sys.argv[3]))
"""


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder with nine pages of a generated table."""
    folder = tmp_path_factory.mktemp("fetched")
    table = Table(Shape(6, 9, 913_680), read_facts(read_settings({}).boundaries))
    write_table(table, "packed", folder)
    return folder


def command(source: Path, into: Path) -> list[str]:
    return [sys.executable, "-c", RUN, str(read_settings({}).boundaries), str(source), str(into)]


def digests(into: Path) -> dict[str, bytes]:
    files = sorted((into / "cells").rglob("*"))
    return {str(path.relative_to(into)): path.read_bytes() for path in files if path.is_file()}


def killed_when(pattern: str, source: Path, into: Path) -> None:
    """Start the intake, and kill it as soon as there is such a file."""
    process = subprocess.Popen(command(source, into))
    while not list(into.glob(pattern)):
        assert process.poll() is None, "it ended before it was killed"
        time.sleep(0.001)
    process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL


@pytest.mark.client
@pytest.mark.parametrize("pattern", ["cells.part-*", "cells.part-*/*.rows", "cells.part-*/groep=*"])
def test_the_same_command_after_a_kill_gives_the_same_bytes(
    pattern: str, source: Path, tmp_path: Path
) -> None:
    subprocess.run(command(source, tmp_path / "whole"), check=True)

    killed_when(pattern, source, tmp_path / "out")
    assert read_taken(tmp_path / "out") is None
    subprocess.run(command(source, tmp_path / "out"), check=True)

    assert digests(tmp_path / "out") == digests(tmp_path / "whole")
    assert list((tmp_path / "out").glob("cells.part-*")) == []
