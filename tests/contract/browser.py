"""A real browser that opens a page without network and gives the document after its scripts."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.contract.webpage import BROWSERS, QUIET

_FLAGS = (
    *QUIET,
    "--enable-logging=stderr",
    "--virtual-time-budget=8000",
    "--window-size=1280,900",
    "--dump-dom",
)


def document_of(address: str, profile: Path) -> str:
    """Return the document; any complaint on the console fails the test.

    The test is skipped where there is no browser.
    """
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None:
        pytest.skip(f"none of {', '.join(BROWSERS)} is installed")
    done = subprocess.run(
        [program, *_FLAGS, f"--user-data-dir={profile}", address],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert not re.findall(r".*CONSOLE.*", done.stderr)
    return done.stdout
