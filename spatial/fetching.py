"""The commands that fetch: sources as they are, into a folder that a build reads."""

import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Self
from urllib.parse import urlsplit
from urllib.request import getproxies

import typer
from rich.console import Console
from rich.filesize import decimal
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeRemainingColumn

from spatial.domain.mirror import (
    BOUNDARIES,
    CBS,
    RUBRIEKEN,
    TAAKSTELLING,
    table_folder,
    years_in,
)
from spatial.domain.statline import TABLE_ID
from spatial.errors import NotThereError, SettingsError
from spatial.fetch.http import Client, Limits
from spatial.fetch.manifest import read_manifest
from spatial.fetch.mirror import Mirror, fetch_mirror
from spatial.fetch.odata import fetch_table
from spatial.fetch.pdok import Boundaries, Form, fetch_boundaries
from spatial.fetch.report import Fetched
from spatial.fetch.statline import Version, fetch_either, table_v3, table_v4
from spatial.fetch.taakstelling import fetch_taakstelling
from spatial.settings import Settings, read_settings

YEARS = tuple(range(2016, 2026))
"""Indelingen of which a build reads the boundaries."""

FOLDER = "bronnen"
_CONNECTIONS = Limits().connections
_MAX_CONNECTIONS = 16
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1", "0.0.0.0"})  # noqa: S104 - not listened on
_TABLE = re.compile(r"[0-9A-Za-z_-]+")

app = typer.Typer(help="Fetch the sources, unchanged, into a folder that a build reads.")

Into = Annotated[
    Path | None, typer.Option(help=f"Folder to fetch into; else '{FOLDER}' in SPATIAL_DATA.")
]
From = Annotated[
    str | None,
    typer.Option(help="Folder or address of an earlier fetch, to take it from instead."),
]
Accept = Annotated[
    bool,
    typer.Option("--accept-changes", help="Replace what is here when the source has changed."),
]
Connections = Annotated[
    int, typer.Option(help="Answers under way at one time.", min=1, max=_MAX_CONNECTIONS)
]
Sources = Annotated[
    Path | None,
    typer.Option(
        help="Folder with fetched sources; else what 'spatial fetch' stored, if anything."
    ),
]
Engine = Annotated[
    str,
    typer.Option(
        help="Who carries all cells: local, local[2], dask://host:port, spark://host:port;"
        " dask://local and spark://local[2] start one here."
    ),
]


class Bars:
    """Progress on the error stream: answers, bytes, rate and time left."""

    def __init__(self, console: Console) -> None:
        """Prepare the bars."""
        columns = (
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.fields[pages]}"),
            TextColumn("{task.fields[size]}"),
            TextColumn("{task.fields[rate]}"),
            TimeRemainingColumn(),
        )
        shown = console.is_terminal
        self._bars = Progress(*columns, console=console, transient=True, disable=not shown)
        self._size = 0
        self._what = ""

    def __enter__(self) -> Self:
        """Show the bars."""
        self._bars.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Take them away."""
        self._bars.stop()

    def begin(self, what: str, pages: int | None) -> None:
        """Begin a bar; of the same thing again: say how many answers there are."""
        if what == self._what:
            self._bars.update(self._bars.task_ids[-1], total=pages)
        else:
            self._what, self._size = what, 0
            self._bars.add_task(what, total=pages, pages="", size="", rate="")
        self._show()

    def received(self, size: int) -> None:
        """Count bytes."""
        self._size += size
        self._show()

    def page(self, *, kept: bool) -> None:  # noqa: ARG002 - a bar counts both
        """Count an answer."""
        if self._bars.task_ids:
            self._bars.advance(self._bars.task_ids[-1])
            self._show()

    def note(self, text: str) -> None:
        """Print a sentence above the bars."""
        self._bars.console.print(text, highlight=False, markup=False, soft_wrap=True)

    def _show(self) -> None:
        if not self._bars.task_ids:
            return
        task = self._bars.tasks[-1]
        total = "" if task.total is None else f"/{task.total:.0f}"
        rate = f"{decimal(int(self._size / task.elapsed))}/s" if task.elapsed else ""
        pages = f"{task.completed:.0f}{total}"
        self._bars.update(task.id, pages=pages, size=decimal(max(self._size, 0)), rate=rate)


@app.callback(invoke_without_command=True)
def fetch(
    context: typer.Context,
    into: Into = None,
    mirror: From = None,
    accept_changes: Accept = False,
    connections: Connections = _CONNECTIONS,
) -> None:
    """Fetch the sources, unchanged, into a folder that a build reads; alone: all that it needs."""
    if context.invoked_subcommand is not None:
        if into or mirror or accept_changes:
            message = (
                f"give --into, --mirror and --accept-changes after {context.invoked_subcommand}"
            )
            raise SettingsError(message)
        return
    settings = read_settings(os.environ)
    root = _root(into, settings)
    with _client(settings, connections) as client:
        if mirror is not None:
            _tell(
                fetch_mirror(
                    client, Mirror(mirror, BOUNDARIES), root, accept_changes=accept_changes
                )
            )
            for folder in (f"{CBS}/{TABLE_ID}", TAAKSTELLING):
                try:
                    source = Mirror(mirror, folder)
                    _tell(fetch_mirror(client, source, root, accept_changes=accept_changes))
                except NotThereError as error:
                    client.progress.note(f"not in the mirror: {error}")
            return
        wanted = Boundaries(settings.pdok_url, settings.pdok_service_url, YEARS)
        _tell(fetch_boundaries(client, wanted, root, accept_changes=accept_changes))
        roots = (settings.cbs_url, settings.cbs_v3_url)
        _tell(fetch_either(client, roots, TABLE_ID, root, accept_changes=accept_changes))


@app.command()
def cbs(  # noqa: PLR0913, PLR0917 - one argument per option
    table: Annotated[str, typer.Option(help="Identifier of the table.")] = TABLE_ID,
    into: Into = None,
    select: Annotated[
        str,
        typer.Option(help="Part of the table: an OData filter, such as \"RegioS eq 'GM0363'\"."),
    ] = "",
    odata: Annotated[
        Version, typer.Option(help="Version of OData; auto: v3 where v4 has no such table.")
    ] = Version.AUTO,
    typed: Annotated[
        bool, typer.Option("--typed", help="With v3: TypedDataSet, in which '.' is lost.")
    ] = False,
    mirror: From = None,
    accept_changes: Accept = False,
    connections: Connections = _CONNECTIONS,
) -> None:
    """Fetch a table of CBS: what it says of itself, its lists, and all its observations."""
    settings = read_settings(os.environ)
    if not _TABLE.fullmatch(table):
        message = f"--table {table!r} is not the identifier of a table, such as {TABLE_ID}"
        raise SettingsError(message)
    if typed and odata is not Version.V3:
        message = "--typed belongs to --odata v3"
        raise SettingsError(message)
    root = _root(into, settings)
    with _client(settings, connections) as client:
        if mirror is not None:
            source = Mirror(mirror, f"{CBS}/{table}")
            fetched = fetch_mirror(client, source, root, accept_changes=accept_changes)
        elif odata is Version.V3:
            wanted = table_v3(settings.cbs_v3_url, table, select, typed=typed)
            fetched = fetch_table(client, wanted, root, accept_changes=accept_changes)
        elif odata is Version.V4 or select:  # a filter is written for one version
            wanted = table_v4(settings.cbs_url, table, select)
            fetched = fetch_table(client, wanted, root, accept_changes=accept_changes)
        else:
            roots = (settings.cbs_url, settings.cbs_v3_url)
            fetched = fetch_either(client, roots, table, root, accept_changes=accept_changes)
        _tell(fetched)


@app.command()
def boundaries(  # noqa: PLR0913, PLR0917 - one argument per option
    year: Annotated[
        list[int] | None,
        typer.Option(help="Indeling; more than once; else all of a build.", min=1995, max=2100),
    ] = None,
    into: Into = None,
    rubriek: Annotated[
        list[str] | None,
        typer.Option(
            help="Kind of region as PDOK calls it; more than once; else those of a build."
        ),
    ] = None,
    form: Annotated[
        Form, typer.Option(help="How they are asked: OGC API, GeoPackage or WFS.")
    ] = Form.OGC,
    mirror: From = None,
    accept_changes: Accept = False,
    connections: Connections = _CONNECTIONS,
) -> None:
    """Fetch boundaries of CBS / Kadaster from PDOK: one file per kind of region and year."""
    settings = read_settings(os.environ)
    years, kinds = tuple(year or YEARS), tuple(rubriek or RUBRIEKEN)
    if odd := [kind for kind in kinds if not kind.isidentifier()]:
        message = f"--rubriek {odd[0]!r} is not a kind of region, such as {RUBRIEKEN[0]}"
        raise SettingsError(message)
    root = _root(into, settings)
    with _client(settings, connections) as client:
        if mirror is not None:
            pattern = re.compile(rf"({'|'.join(kinds)})_\w+_({'|'.join(map(str, years))})\b.*")
            packages = re.compile(rf"cbsgebiedsindelingen({'|'.join(map(str, years))}).*")

            def keep(path: str) -> bool:
                return bool(pattern.fullmatch(path) or packages.fullmatch(path))

            source = Mirror(mirror, BOUNDARIES)
            _tell(fetch_mirror(client, source, root, keep, accept_changes=accept_changes))
            return
        urls = settings.pdok_url, settings.pdok_service_url
        wanted = Boundaries(*urls, years, kinds, form)
        _tell(fetch_boundaries(client, wanted, root, accept_changes=accept_changes))


@app.command()
def taakstelling(
    place: Annotated[str, typer.Argument(help="Address or path of a CSV or XLSX file.")],
    into: Into = None,
    licence: Annotated[str, typer.Option(help="Licence, as its publisher names it.")] = "",
    accept_changes: Accept = False,
) -> None:
    """Fetch a table of the taakstelling and its realisation."""
    settings = read_settings(os.environ)
    root = _root(into, settings)
    with _client(settings, 1) as client:
        _tell(fetch_taakstelling(client, place, root, licence, accept_changes=accept_changes))


def fetched_sources(settings: Settings, note: Callable[[str], None]) -> Path | None:
    """Return the folder with what was fetched, when a build can do with it; None: the example.

    Args:
        settings: where the store is, in which ``spatial fetch`` stores unless told otherwise.
        note: told which of the two it is, when something was fetched.
    """
    folder = settings.data / FOLDER
    there = years_in(folder)
    table = read_manifest(table_folder(folder, TABLE_ID))
    if not (there or table):
        return None
    if table is not None and (select := table.about.get("asked", {}).get("select")):
        note(f"{folder} has table {TABLE_ID} for {select} only, so this is the example")
        return None
    if there and (lacking := sorted(set(YEARS) - set(there))):
        years = ", ".join(str(year) for year in lacking)
        note(
            f"{folder} lacks the gemeenten of {years}, so this is the example; run 'spatial fetch'"
        )
        return None
    boundaries = "boundaries" if there else "schematic boundaries"
    figures = f"table {TABLE_ID}" if table else "example figures"
    note(f"sources: {boundaries} and {figures}, from {folder}")
    return folder


def _root(into: Path | None, settings: Settings) -> Path:
    return settings.data / FOLDER if into is None else into


@contextmanager
def _client(settings: Settings, connections: int) -> Iterator[Client]:
    """Give a client that says who asks, uses the proxies of the machine, and shows bars."""
    host = urlsplit(settings.url).hostname or ""
    address = "" if host in _LOOPBACK else f" (+{settings.url})"
    agent = f"aandachtsgroepen-in-kaart/{version('aandachtsgroepen-in-kaart')}{address}"
    with Bars(Console(stderr=True)) as bars:
        yield Client(agent, Limits(connections=connections), getproxies(), bars)


def _tell(fetched: Fetched) -> None:
    """Print what came of it."""
    out = Console()
    for change in fetched.changes:
        out.print(f"changed: {change}", highlight=False, markup=False, soft_wrap=True)
    rows = f"{fetched.rows} rows in " if fetched.rows else ""
    state = "fetched" if fetched.renewed else "nothing new"
    out.print(
        f"{fetched.folder}: {state}, {rows}{fetched.files} files, {decimal(fetched.size)}",
        highlight=False,
        markup=False,
        soft_wrap=True,
    )
