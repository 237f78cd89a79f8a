"""The zip that QGIS installs."""

import ast
import configparser
import subprocess
import sys
import tomllib
import xml.etree.ElementTree as ET
import zipfile
from pathlib import Path

import pytest

_PROJECT = Path(__file__).parents[2]
_PLUGIN = _PROJECT / "qgis_plugin" / "aandachtsgroepen"
_OLDEST = (3, 9)
"""The Python of QGIS 3.22 on Windows."""
# what plugins.qgis.org asks of a plugin
_REQUIRED = (
    "name", "description", "about", "version", "qgisMinimumVersion", "author", "email", "homepage",
    "tracker", "repository",
)  # fmt: skip
_QGIS_ONLY = {"adding", "compat", "fetch", "form", "layers", "messages", "panel", "plugin",
              "reading", "renewal"}  # fmt: skip


def packed(target: Path) -> Path:
    command = [sys.executable, str(_PROJECT / "qgis_plugin" / "package.py"), str(target)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return Path(done.stdout.strip())


@pytest.fixture(scope="module")
def plugin(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    return zipfile.ZipFile(packed(tmp_path_factory.mktemp("plugin")))


@pytest.fixture(scope="module")
def metadata(plugin: zipfile.ZipFile) -> configparser.SectionProxy:
    parser = configparser.ConfigParser(interpolation=None)
    parser.read_string(plugin.read("aandachtsgroepen/metadata.txt").decode())
    return parser["general"]


def test_the_same_files_are_the_same_bytes(plugin: zipfile.ZipFile, tmp_path: Path) -> None:
    assert plugin.filename
    assert packed(tmp_path).read_bytes() == Path(plugin.filename).read_bytes()


def test_everything_is_in_one_folder_and_nothing_else(plugin: zipfile.ZipFile) -> None:
    modules = {f"aandachtsgroepen/{source.name}" for source in _PLUGIN.glob("*.py")}

    beside = {"LICENSE", "metadata.txt", "pictogram.svg"}
    assert set(plugin.namelist()) == modules | {f"aandachtsgroepen/{name}" for name in beside}
    assert plugin.testzip() is None


def test_the_metadata_says_what_qgis_requires(metadata: configparser.SectionProxy) -> None:
    assert [name for name in _REQUIRED if not metadata.get(name, "").strip()] == []
    assert metadata["qgisMinimumVersion"] == "3.22"
    assert metadata["supportsQt6"] == "True"
    assert metadata["experimental"] in {"True", "False"}


def test_the_version_is_that_of_the_project(metadata: configparser.SectionProxy) -> None:
    project = tomllib.loads((_PROJECT / "pyproject.toml").read_text(encoding="utf-8"))

    assert metadata["version"] == project["project"]["version"]


def test_the_icon_is_there_and_is_a_picture(
    plugin: zipfile.ZipFile, metadata: configparser.SectionProxy
) -> None:
    picture = ET.fromstring(plugin.read(f"aandachtsgroepen/{metadata['icon']}"))  # noqa: S314 - ours

    assert picture.tag == "{http://www.w3.org/2000/svg}svg"


@pytest.mark.parametrize("source", sorted(_PLUGIN.glob("*.py")), ids=lambda source: source.stem)
def test_the_oldest_python_of_qgis_can_read_it(source: Path) -> None:
    ast.parse(source.read_text(encoding="utf-8"), feature_version=_OLDEST)


@pytest.mark.parametrize("source", sorted(_PLUGIN.glob("*.py")), ids=lambda source: source.stem)
def test_what_is_worked_out_needs_no_qgis_and_nothing_needs_the_service(source: Path) -> None:
    tree = ast.parse(source.read_text(encoding="utf-8"))
    imports = {
        (node.module if isinstance(node, ast.ImportFrom) else node.names[0].name) or ""
        for node in tree.body
        if isinstance(node, ast.Import | ast.ImportFrom)
    }
    roots = {name.partition(".")[0] for name in imports}
    inside = {name.partition(".")[2] for name in imports if name.startswith("aandachtsgroepen.")}

    assert roots <= {"qgis", "aandachtsgroepen", *sys.stdlib_module_names}
    if source.stem not in _QGIS_ONLY:
        assert "qgis" not in roots
        assert not inside & _QGIS_ONLY
