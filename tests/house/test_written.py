"""The documentation says only what is there: blocks, commands, settings, languages."""

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import typer

from spatial.cli import app
from spatial.domain.indicators import parse_catalogue
from spatial.settings import Settings, read_settings
from tests.written import (
    NOT_HERE,
    READ,
    ROOT,
    RUN,
    SHOWN,
    blocks,
    commands,
    excuse,
    pages,
    unfenced,
)

_TOP: Any = typer.main.get_command(app)
_PATHS = {"boundaries", "config", "assets", "url"}  # said in words


def test_every_block_says_what_it_is() -> None:
    assert [str(block) for block in blocks() if block.kind not in RUN | READ | SHOWN] == []


@pytest.mark.parametrize("page", pages(), ids=[str(page.relative_to(ROOT)) for page in pages()])
def test_no_block_escapes_because_it_has_no_fence(page: Path) -> None:
    assert unfenced(page) == []


def test_every_excuse_is_of_a_block_that_is_there() -> None:
    used = {
        (page, begin)
        for page, begin in NOT_HERE
        for block in blocks()
        if block.page == page and block.begin.startswith(begin) and block.kind in RUN
    }

    assert used == set(NOT_HERE)


def test_what_cannot_run_is_the_smaller_part() -> None:
    tried = [block for block in blocks() if block.kind in RUN]

    assert len([block for block in tried if excuse(block)]) < len(tried) / 2


def test_every_command_that_is_named_is_there_with_its_options() -> None:
    assert [found for found in map(_complaint, commands()) if found] == []


def _complaint(named: tuple[str, str]) -> str:
    """Return what is wrong with a command in the documentation; empty when it is well."""
    page, command = named
    found: Any = _TOP
    words = command.split()[1:]
    while words and words[0] in getattr(found, "commands", {}):
        found = found.commands[words.pop(0)]
    options = {name for entry in found.params for name in (*entry.opts, *entry.secondary_opts)}
    asked = set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", " ".join(words)))
    wrong = sorted(asked - options) if found is not _TOP else ["no such command"]
    return f"{page}: {command}: {wrong}" if wrong else ""


@pytest.mark.parametrize("block", [b for b in blocks() if b.kind in {"json", "toml"}], ids=str)
def test_data_is_what_it_says_it_is(block: Any) -> None:
    read = {"json": json.loads, "toml": tomllib.loads}[block.kind]

    assert read(block.text)


def test_the_catalogue_takes_the_indicator_of_the_page() -> None:
    catalogue = ROOT / "spatial" / "domain" / "indicators.toml"
    (block,) = [
        block
        for block in blocks()
        if block.page == "docs/doen/indicator.md" and block.kind == "toml"
    ]

    found = parse_catalogue(f"{catalogue.read_text(encoding='utf-8')}\n{block.text}")

    assert found.get("aandeelCorporatieVanHuur").noemer == "huishoudensHuur"


@pytest.mark.parametrize(
    "page",
    sorted((ROOT / "docs").rglob("*.md")),
    ids=lambda path: path.relative_to(ROOT).as_posix(),
)
def test_every_page_says_its_language(page: Path) -> None:
    head = re.match(r"---\nlang: (nl|en)\n(?:\w+: .*\n)*---\n# ", page.read_text(encoding="utf-8"))

    assert head is not None


@pytest.mark.parametrize("name", [name for name in Settings.__slots__ if name not in _PATHS])
def test_the_documented_default_of_a_setting_is_the_one_that_holds(name: str) -> None:
    text = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
    value = getattr(read_settings({}), name)
    row = re.search(rf"^\| `SPATIAL_{name.upper()}` \| ([^|]*) \|", text, re.MULTILINE)

    said = {True: "1", False: "0", None: "none", "": "none"}.get(value, str(value))
    listed = ", ".join(value) if isinstance(value, tuple) else said

    assert row is not None
    assert row[1].strip("`") == listed
