"""What stands in the documentation to type or to copy: every block, and which cannot run in a test."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
SERVICE = "http://127.0.0.1:5000"
"""Address of the service in the documentation."""

RUN = frozenset({"sh", "python", "sql", "js", "html", "url"})
"""Kinds of blocks that are executed; of an address the answer must be good."""
READ = frozenset({"json", "toml", "xml", "cql2"})
"""Kinds that are data: they must be what they say they are."""
SHOWN = frozenset({"text"})
"""Formulas, places of files, what a command prints."""

_FENCE = re.compile(r"^( *)```(\S*)[^\n]*\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)
_INLINE = re.compile(r"`((?:\.venv/bin/)?spatial [a-z][^`]*)`")
_COMMAND = re.compile(r"(?:^|&& |[A-Z]=\S+ |/)(spatial [a-z][^\n#&]*)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block of a page.

    Attributes:
        page: from the root of the repository.
        line: of its fence.
        kind: the word after the fence.
        text: what is between the fences.
    """

    page: str
    line: int
    kind: str
    text: str

    @property
    def begin(self) -> str:
        """The first line: with the page it names the block."""
        return self.text.splitlines()[0] if self.text else ""

    def __str__(self) -> str:
        return f"{self.page}:{self.line}"


_BUILD = "a build of the country takes a minute; every test of this run uses what one made"

NOT_HERE: dict[tuple[str, str], str] = {
    ("README.md", "make run "): "sets the project up and serves until it is stopped",
    ("docs/index.md", "make run "): "sets the project up and serves until it is stopped",
    ("docs/doen/indeling.md", "spatial build "): _BUILD,
    ("docs/doen/indeling.md", "SPATIAL_BOUNDARIES=eigen-feiten spatial build"): _BUILD,
    ("docs/doen/indicator.md", "scripts/indicatoren"): (
        f"{_BUILD}; and it would change the catalogue, which tests/house/test_written.py reads"
    ),
    ("docs/klassen.md", ".venv/bin/spatial build --renew-schemes"): _BUILD,
    ("docs/ophalen.md", "spatial fetch "): "asks CBS and PDOK; tests/fetch has a stand-in for both",
    ("docs/postgis.md", "spatial export postgis "): (
        "needs a server of PostgreSQL; tests/contract/test_postgis.py starts one for it"
    ),
    ("docs/postgis.md", "export PYGEOAPI_CONFIG="): (
        "the same server, and pygeoapi until it is stopped; tests/contract/test_postgis.py"
    ),
    ("docs/raster.md", "spatial export cog --collection ouderen-gemeente --grid "): (
        "needs a file of CBS; tests/normalise reads files of this form"
    ),
    ("docs/reeksen.md", "spatial build "): f"{_BUILD}; and clusters, for which tests/series stands",
    ("docs/snelheid.md", ".venv/bin/python -m benchmarks.service "): "measures for many minutes",
    ("docs/taakstelling.md", ".venv/bin/spatial build --taakstelling "): (
        f"{_BUILD}; tests/normalise reads files of this form"
    ),
    ("docs/uitrol.md", "spatial serve --workers 2 "): (
        "writes in /var/log and serves until it is stopped; tests/contract/test_own_host.py"
    ),
    ("docs/uitrol.md", "pip install "): (
        "needs a registry and object storage; tests/contract/test_object_storage.py has its own"
    ),
    ("docs/waarnemingen.md", "import polars "): "polars is not installed with the project",
}
"""Blocks that cannot run in a test, by page and how they begin, each with the reason."""


def pages() -> list[Path]:
    """Return the pages of which every block is tried."""
    own = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "boundaries/README.md")]
    return [*sorted((ROOT / "docs").rglob("*.md")), *own]


def blocks() -> list[Block]:
    """Return every fenced block of the documentation."""
    return [block for page in pages() for block in _blocks_of(page)]


def _blocks_of(page: Path) -> Iterator[Block]:
    whole = page.read_text(encoding="utf-8")
    for found in _FENCE.finditer(whole):
        indent, kind, text = found.groups()
        lines = [line.removeprefix(indent) for line in text.splitlines()]
        place = whole.count("\n", 0, found.start()) + 1
        yield Block(page.relative_to(ROOT).as_posix(), place, kind, "\n".join(lines))


def excuse(block: Block) -> str:
    """Return why a block cannot run here; empty when it can."""
    found = [
        reason
        for (page, begin), reason in NOT_HERE.items()
        if block.page == page and block.begin.startswith(begin)
    ]
    return found[0] if found else ""


def unfenced(page: Path) -> list[str]:
    """Return the lines that Markdown takes for code by their indent alone."""
    text = _FENCE.sub("", page.read_text(encoding="utf-8"))
    return re.findall(r"(?<=\n\n)    .+", text)


def commands() -> list[tuple[str, str]]:
    """Return every ``spatial ...`` that stands in a block or in a sentence, with its page."""
    in_blocks = [
        (block.page, line)
        for block in blocks()
        if block.kind in {"sh", "text"}
        for line in _COMMAND.findall(block.text.replace("\\\n", " "))
    ]
    in_sentences = [
        (page.relative_to(ROOT).as_posix(), line)
        for page in pages()
        for text in _INLINE.findall(page.read_text(encoding="utf-8"))
        for line in _COMMAND.findall(text)
    ]
    return sorted({*in_blocks, *in_sentences})
