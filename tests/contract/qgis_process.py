"""QGIS as another program: it comes with the system, for the Python of the system."""

import os
import subprocess
from pathlib import Path

import pytest

_PYTHON = "/usr/bin/python3"
_PLACES = ("QGIS_CUSTOM_CONFIG_PATH", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR")


def need_qgis() -> None:
    """Skip the test where QGIS for Python is not installed."""
    command = [_PYTHON, "-c", "import qgis.core"]
    if (
        not Path(_PYTHON).exists()
        or subprocess.run(command, check=False, capture_output=True).returncode
    ):
        pytest.skip("QGIS for Python is not installed (package python3-qgis)")


def run_in_qgis(probe: Path, *arguments: str, home: Path) -> str:
    """Run a program in the Python of QGIS, without windows and with settings of its own."""
    home.chmod(0o700)
    surroundings = {"QT_QPA_PLATFORM": "offscreen", "PATH": os.environ["PATH"], "HOME": str(home)}
    done = subprocess.run(
        [_PYTHON, str(probe), *arguments],
        env=surroundings | dict.fromkeys(_PLACES, str(home)),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
