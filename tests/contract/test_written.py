"""What the documentation gives to type works as it stands: every block is run, or says why not."""

import os
import re
import shlex
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import duckdb
import httpx2
import pytest
from playwright.sync_api import Page, Route

from spatial import cli
from spatial.settings import Settings
from tests.contract.test_observation_files import Web
from tests.contract.webpage import Chromium
from tests.written import ROOT, SERVICE, Block, blocks, excuse

pytestmark = pytest.mark.client

_LIBRARIES = [
    ROOT / "assets" / "node_modules" / name
    for name in ("maplibre-gl/dist", "ol/dist", "ol", "proj4/dist", "leaflet/dist")
]
_TYPES = {".js": "text/javascript", ".mjs": "text/javascript", ".css": "text/css"}
_SPATIAL = """#!/bin/sh
exec '{python}' -m spatial "$@"
"""
_DUCKDB = """#!{python}
# the program of DuckDB is not in the package: the same engine answers
import sys
import duckdb
duckdb.sql(sys.argv[sys.argv.index("-c") + 1]).show()
"""
_SHELL = """set -euo pipefail
curl() { command curl --silent --show-error --fail-with-body "$@"; }
"""
_NODE = """const ask = globalThis.fetch;
globalThis.fetch = (address, ...rest) => ask(new URL(address, "SERVICE"), ...rest);
"""


def written(*kinds: str) -> list[Block]:
    return [block for block in blocks() if block.kind in kinds and not excuse(block)]


def own(block: Block) -> list[list[str]]:
    """Return the commands of a block of nothing else than ours; they need no process of their own."""
    lines = block.text.replace("\\\n", " ").splitlines()
    ours = all(line.startswith("spatial ") for line in lines)
    return [shlex.split(line, comments=True) for line in lines] if ours else []


@pytest.fixture
def desk(tmp_path: Path, example: Settings) -> Path:
    """A folder as that of the project: with the commands, and the store under its usual name."""
    programs = tmp_path / ".venv" / "bin"
    programs.mkdir(parents=True)
    for name, text in (("spatial", _SPATIAL), ("duckdb", _DUCKDB)):
        program = programs / name
        program.write_text(text.replace("{python}", sys.executable), encoding="utf-8")
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
    (programs / "python").symlink_to(sys.executable)
    (tmp_path / "data").symlink_to(example.data)
    for name in ("assets", "boundaries"):
        (tmp_path / name).symlink_to(ROOT / name)
    return tmp_path


def run(command: list[str], desk: Path) -> None:
    if shutil.which(command[0]) is None:
        pytest.skip(f"{command[0]} is not installed")
    path = f"{desk / '.venv' / 'bin'}{os.pathsep}{os.environ['PATH']}"
    kept = {name: text for name, text in os.environ.items() if not name.startswith("SPATIAL_")}
    done = subprocess.run(
        command,
        cwd=desk,
        env={**kept, "PATH": path, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"


@pytest.mark.parametrize("block", [b for b in written("sh") if own(b)], ids=str)
def test_a_command_of_our_own_succeeds(
    block: Block, desk: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(desk)
    for name in [name for name in os.environ if name.startswith("SPATIAL_")]:
        monkeypatch.delenv(name)

    for words in own(block):
        monkeypatch.setattr(sys, "argv", words)
        with pytest.raises(SystemExit) as ended:
            cli.main()
        assert ended.value.code in {0, None}, capsys.readouterr().err


@pytest.mark.parametrize("block", [b for b in written("sh") if not own(b)], ids=str)
def test_what_is_to_be_typed_in_a_shell_succeeds(block: Block, desk: Path, service: str) -> None:
    if "ogrinfo" in block.text and shutil.which("ogrinfo") is None:
        pytest.skip("ogrinfo is not installed (package gdal-bin)")

    run(["bash", "-c", _SHELL + block.text.replace(SERVICE, service)], desk)


@pytest.mark.parametrize("block", written("python"), ids=str)
def test_a_program_in_python_succeeds(block: Block, desk: Path, service: str) -> None:
    run([sys.executable, "-c", block.text.replace(SERVICE, service)], desk)


@pytest.mark.parametrize("block", written("js"), ids=str)
def test_a_program_in_javascript_succeeds(block: Block, desk: Path, service: str) -> None:
    (desk / "program.mjs").write_text(_NODE.replace("SERVICE", service) + block.text, "utf-8")

    run(["node", "program.mjs"], desk)


@pytest.mark.parametrize("block", written("sql"), ids=str)
def test_a_question_in_sql_finds_something(block: Block, example: Settings, service: str) -> None:
    with duckdb.connect() as engine:
        engine.register_filesystem(Web(block_size=1 << 14))
        engine.execute(f"SET file_search_path = '{example.data / 'live'}'")

        found = engine.execute(block.text.replace("https://HOST/v1", service)).fetchall()

    assert found


@pytest.mark.parametrize("block", written("url"), ids=str)
def test_every_address_answers(block: Block, web: httpx2.Client) -> None:
    for line in block.text.splitlines():
        with web.stream("GET", line.removeprefix(SERVICE)) as answer:
            assert answer.status_code == 200, line


@pytest.mark.parametrize("block", written("html"), ids=str)
def test_a_page_draws_a_map_without_a_complaint(
    block: Block, chromium: Chromium, service: str
) -> None:
    drawn = shown(
        chromium,
        service,
        block.text.replace(SERVICE, service),
        lambda page: page.locator("canvas, path.leaflet-interactive").first.bounding_box(),
    )

    assert drawn is not None
    assert min(drawn["width"], drawn["height"]) > 0


def test_the_page_of_the_tutorial_has_every_gemeente_and_says_what_the_figures_are(
    chromium: Chromium, service: str
) -> None:
    (block,) = [block for block in written("html") if block.page == "docs/leren/webkaart.md"]

    def look(page: Page) -> tuple[int, list[str], str, set[str]]:
        page.wait_for_selector("#legenda li:nth-child(6)")
        vlakken = page.locator("path.leaflet-interactive")
        colours = page.evaluate(
            "[...document.querySelectorAll('path.leaflet-interactive')].map((v) => v.getAttribute('fill'))"
        )
        legend = page.locator("#legenda li").all_inner_texts()
        return vlakken.count(), legend, page.inner_text("#melding"), set(colours)

    drawn, legend, notice, colours = shown(
        chromium, service, block.text.replace(SERVICE, service), look
    )

    counted = [int(re.findall(r"\((\d+)\)$", line)[0]) for line in legend]
    assert (drawn, sum(counted)) == (345, 345)
    assert len(colours) == len([count for count in counted if count])
    assert "Voorbeeldcijfers" in notice


def shown[T](chromium: Chromium, service: str, code: str, look: Callable[[Page], T]) -> T:
    """Open a page beside the libraries that it names, on the host of the service."""

    def serve(route: Route) -> None:
        name = urlsplit(route.request.url).path.rpartition("/")[2]
        if name == "kaart.html":
            whole = "" if "<!doctype" in code.lower() else "<!doctype html><meta charset=utf-8>"
            icon = '<link rel="icon" href="data:,">'
            page = re.sub(r"(?i)(<head>|<meta charset=utf-8>)", rf"\1{icon}", whole + code, count=1)
            route.fulfill(body=page, content_type="text/html; charset=utf-8")
            return
        path = next(folder / name for folder in _LIBRARIES if (folder / name).is_file())
        route.fulfill(body=path.read_bytes(), content_type=_TYPES[path.suffix])

    def act(page: Page) -> T:
        page.route(f"{service}/proef/*", serve)
        page.goto(f"{service}/proef/kaart.html", wait_until="networkidle")
        return look(page)

    return chromium.visit(f"{service}/tileMatrixSets?f=json", act)
