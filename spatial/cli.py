"""The ``spatial`` command: one subcommand per thing a person does. The one place that prints."""

import os
import sys
import time
from collections import Counter
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from spatial import asking, exporting, fetching, previewing, storing
from spatial.domain.findings import Finding, Severity
from spatial.domain.mirror import tables_in
from spatial.domain.regions import Indeling, Niveau
from spatial.errors import CheckFailedError, SettingsError, SpatialError
from spatial.serve.config import drift, render, resources
from spatial.serve.lane.version import VERSION
from spatial.serve.process.operation import Audience, Operation
from spatial.settings import Settings, read_settings
from spatial.store.snapshot import Snapshot, open_snapshot

app = typer.Typer(
    name="spatial",
    help="Aandachtsgroepen in kaart: indicators on the map, over the years.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
exports = typer.Typer(help="Write what others need: crosswalks, tables.", no_args_is_help=True)
app.add_typer(exports, name="export")
app.add_typer(fetching.app, name="fetch")
app.command()(storing.push)
app.command()(storing.pull)
app.command()(asking.compare)
app.command()(asking.verdeel)
app.command()(asking.benchmark)
app.command()(previewing.preview)
exports.command()(exporting.cog)
exports.command()(exporting.gpkg)
exports.command()(exporting.style)
_out = Console()
_err = Console(stderr=True)
_SHOWN = 20


class ExportForm(StrEnum):
    """The form of an export."""

    CSV = "csv"
    JSON = "json"


def main() -> None:
    """Run the command; an error made on purpose becomes one line, and exit code 1 (2: usage)."""
    try:
        app()
    except SpatialError as error:
        _err.print(f"error: {error}", highlight=False, markup=False, soft_wrap=True)
        sys.exit(2 if isinstance(error, SettingsError) else 1)


@app.command()
def build(  # noqa: PLR0913 - one argument per option
    mirror: fetching.Sources = None,
    if_missing: Annotated[
        bool, typer.Option("--if-missing", help="Only when there is none.")
    ] = False,
    indeling: Annotated[
        list[int] | None,
        typer.Option(help="Carry all periods to this indeling, besides the newest (default 2024)."),
    ] = None,
    grid: Annotated[
        Path | None,
        typer.Option(help="GeoTIFF (EPSG:28992) with inhabitants, for weights of split gemeenten."),
    ] = None,
    taakstelling: Annotated[
        list[Path] | None,
        typer.Option(
            help="CSV or XLSX with taakstelling and realisation as published; repeatable."
        ),
    ] = None,
    *,
    members: Annotated[
        Path | None,
        typer.Option(help="TOML with further groups and kenmerken of 85980NED, by their titles."),
    ] = None,
    engine: fetching.Engine = "local",
    renew_schemes: Annotated[
        bool,
        typer.Option("--renew-schemes", help="Make the class breaks and colours of maps anew."),
    ] = False,
    example: Annotated[
        bool, typer.Option("--example", help="The embedded example, whatever was fetched.")
    ] = False,
) -> None:
    """Turn the sources into a checked snapshot and make it live."""
    from spatial.pipeline.build import Inputs, build_snapshot  # noqa: PLC0415 - slow to load

    settings = _settings()
    if if_missing and (settings.data / "live" / "manifest.json").is_file():
        return
    if mirror is None and not example:
        mirror = fetching.fetched_sources(settings, _note)
    tables = tuple(taakstelling or (tables_in(mirror) if mirror else ()))
    years = tuple(Indeling(year) for year in indeling or [2024])
    report = _with_progress(
        lambda step: build_snapshot(
            settings,
            Inputs(mirror, years, grid, tables, renew_schemes, members, engine),
            step,
        )
    )
    _tell(report.findings)
    _out.print(
        f"snapshot {report.snapshot.id}: {len(report.snapshot.contents.collections)} collections "
        f"in {report.snapshot.path}",
        soft_wrap=True,
    )


@app.command()
def serve(  # noqa: PLR0913 - one argument per option
    host: Annotated[str | None, typer.Option(help="Address to listen on (SPATIAL_HOST).")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on (SPATIAL_PORT).")] = None,
    workers: Annotated[
        int | None, typer.Option(help="Processes that answer (SPATIAL_WORKERS).")
    ] = None,
    access_log: Annotated[
        str | None,
        typer.Option(help="File for the access log; '-': the screen (SPATIAL_ACCESS_LOG)."),
    ] = None,
    metrics: Annotated[
        str | None,
        typer.Option(help="Who may read /metrics: off, local, all (SPATIAL_METRICS)."),
    ] = None,
    *,
    proxy_headers: Annotated[
        bool | None,
        typer.Option(
            "--proxy-headers/--no-proxy-headers",
            help="Believe X-Forwarded-* of SPATIAL_TRUSTED_PROXIES (SPATIAL_PROXY_HEADERS).",
        ),
    ] = None,
) -> None:
    """Serve the live snapshot as OGC API Features, with the maps under /kaart/."""
    from spatial.serve.app import Service  # noqa: PLC0415 - only this command needs pygeoapi
    from spatial.serve.operate.limits import RequestLimits  # noqa: PLC0415
    from spatial.serve.process.run import run  # noqa: PLC0415

    options = {
        "SPATIAL_HOST": host,
        "SPATIAL_PORT": port,
        "SPATIAL_WORKERS": workers,
        "SPATIAL_ACCESS_LOG": access_log,
        "SPATIAL_METRICS": metrics,
        "SPATIAL_PROXY_HEADERS": None if proxy_headers is None else int(proxy_headers),
    }
    settings = _settings({name: str(given) for name, given in options.items() if given is not None})
    snapshot = storing.served(settings)
    _print_addresses(settings, snapshot)
    limits = RequestLimits(concurrency=settings.concurrency, timeout_s=settings.timeout_s)
    url = f"{settings.url}/{VERSION}"
    service = Service(
        settings.config,
        settings.data,
        url,
        settings.assets,
        limits,
        settings.memory_mb * 1_000_000,
    )
    run(service, host=settings.host, port=settings.port, operation=_operation(settings))


@exports.command()
def crosswalk(
    van: Annotated[int, typer.Option("--from", help="Indeling of the old codes.")],
    naar: Annotated[int, typer.Option("--to", help="Indeling of the new codes.")],
    form: Annotated[ExportForm, typer.Option("--format", help="Form.")] = ExportForm.CSV,
    out: Annotated[Path | None, typer.Option(help="File to write; else the screen.")] = None,
) -> None:
    """Write the crosswalk between two indelingen: shares that sum to 1 per old gemeente."""
    from spatial.pipeline.export import export_crosswalk  # noqa: PLC0415 - slow to load

    settings = _settings()
    text = export_crosswalk(settings.boundaries, (van, naar), as_json=form is ExportForm.JSON)
    if out is None:
        sys.stdout.write(text)
    else:
        out.write_text(text, encoding="utf-8")
        _out.print(f"crosswalk: {out}", soft_wrap=True)


@exports.command()
def postgis(
    dsn: Annotated[
        str | None, typer.Option(help="Database (SPATIAL_POSTGIS); no password here: ~/.pgpass.")
    ] = None,
    schema: Annotated[str, typer.Option(help="Schema to replace.")] = "aandachtsgroepen",
    collection: Annotated[
        list[str] | None,
        typer.Option(help="Collection to write, such as ouderen-gemeente; else all."),
    ] = None,
    grant: Annotated[list[str] | None, typer.Option(help="Role that may read the tables.")] = None,
    pygeoapi_config: Annotated[
        Path | None,
        typer.Option(help="Write a configuration with which plain pygeoapi serves them."),
    ] = None,
) -> None:
    """Write the layers of the live snapshot to PostgreSQL with PostGIS, whole or not at all."""
    try:
        from spatial.export.config import postgis_resources  # noqa: PLC0415 - an optional package
        from spatial.export.postgis import Order, export_postgis  # noqa: PLC0415 - the same
    except ImportError as error:
        message = (
            "an export to PostGIS needs the package psycopg: "
            f"pip install 'aandachtsgroepen-in-kaart[postgis]' ({error})"
        )
        raise SettingsError(message) from error

    settings = _settings({} if dsn is None else {"SPATIAL_POSTGIS": dsn})
    if pygeoapi_config is not None and not pygeoapi_config.parent.is_dir():
        message = f"there is no folder {pygeoapi_config.parent} for the pygeoapi configuration"
        raise SettingsError(message)
    order = Order(schema, tuple(collection or ()), tuple(grant or ()))
    snapshot = open_snapshot(settings.data)
    begin = time.monotonic()
    written = _with_progress(lambda step: export_postgis(settings.postgis, snapshot, order, step))
    _out.print(
        f"schema {schema}: {len(written.contents.collections)} collections, {written.rows} features, "
        f"{written.size / 1e6:.0f} MB of snapshot {snapshot.id} in {time.monotonic() - begin:.0f} s",
        highlight=False,
        soft_wrap=True,
    )
    if pygeoapi_config is not None:
        base = settings.config.read_text("utf-8")
        described = postgis_resources(written.contents, written.address, schema)
        pygeoapi_config.write_text(render(base, described), "utf-8")
        _out.print(f"pygeoapi: {pygeoapi_config}", soft_wrap=True)


@exports.command()
def stac(
    out: Annotated[Path, typer.Option(help="Folder to make; there is none yet, or it is empty.")],
    *,
    english: Annotated[bool, typer.Option("--english", help="In English, else in Dutch.")] = False,
    copies: Annotated[
        bool, typer.Option("--copies/--links", help="Files beside the items, or addresses.")
    ] = True,
) -> None:
    """Write the STAC catalogue of the live snapshot as a folder that needs no server."""
    from spatial.export.stac import Order, export_stac  # noqa: PLC0415 - slow to load
    from spatial.serve.door.core import read_metadata  # noqa: PLC0415 - the same
    from spatial.serve.metadata.described import described  # noqa: PLC0415 - the same
    from spatial.serve.metadata.owner import owner_of  # noqa: PLC0415 - the same
    from spatial.serve.read.edition import opened  # noqa: PLC0415 - the same

    settings = _settings()
    url, snapshot = f"{settings.url}/{VERSION}", open_snapshot(settings.data)
    content = described(opened(snapshot.path), owner_of(read_metadata(settings.config, url), url))
    order = Order(out, english=english, copies=copies)
    written = _with_progress(lambda step: export_stac(content, snapshot.path, order, step))
    _out.print(
        f"{out}: {written.items} items, {written.files} files, {written.size / 1e6:.0f} MB",
        highlight=False,
        soft_wrap=True,
    )


@app.command()
def config(
    write: Annotated[bool, typer.Option("--write", help="Write what the catalogue says.")] = False,
) -> None:
    """Compare the resources of the pygeoapi configuration with the catalogue."""
    settings = _settings()
    contents = open_snapshot(settings.data).contents
    text = settings.config.read_text("utf-8")
    if write:
        settings.config.write_text(render(text, resources(contents)), "utf-8")
        _out.print(f"{settings.config}: {len(contents.collections)} collections", soft_wrap=True)
    elif differences := drift(text, contents):
        message = f"{settings.config} is not what the catalogue says: " + "; ".join(
            differences[:_SHOWN]
        )
        raise CheckFailedError(message)


@app.command()
def info() -> None:
    """Tell what the live snapshot holds."""
    snapshot = open_snapshot(_settings().data)
    table = Table("collection", "features", "from", "until", "indelingen", title=snapshot.id)
    for entry in snapshot.contents.collections:
        years = f"{entry.indelingen[0]}-{entry.indelingen[-1]}" if entry.indelingen else ""
        table.add_row(entry.id, str(entry.aantal), str(entry.begin), str(entry.eind), years)
    _out.print(table)
    for source in snapshot.contents.sources:
        _out.print(
            f"{source.id}: {source.titel} ({source.status}; {source.licentie})", soft_wrap=True
        )


@app.command()
def check() -> None:
    """Prove that the live snapshot is whole: every file has the checksum that the manifest names."""
    snapshot = open_snapshot(_settings().data)
    if changed := snapshot.verify():
        message = f"snapshot {snapshot.id} is not whole, these files differ: {', '.join(changed)}"
        raise CheckFailedError(message)
    _out.print(f"snapshot {snapshot.id} is whole: {len(snapshot.manifest['files'])} files")


def _settings(overrides: dict[str, str] | None = None) -> Settings:
    return read_settings({**os.environ, **(overrides or {})})


def _operation(settings: Settings) -> Operation:
    return Operation(
        workers=settings.workers,
        threads=settings.threads,
        connections=settings.connections,
        keep_alive_s=settings.keep_alive_s,
        grace_s=settings.grace_s,
        access_log=settings.access_log,
        metrics=Audience(settings.metrics),
        trusted_proxies=settings.trusted_proxies if settings.proxy_headers else (),
    )


def _with_progress[T](work: Callable[[Callable[[str, float], None]], T]) -> T:
    """Run work that reports (step, fraction done), with a bar on the error stream."""
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=_err, transient=True) as progress:
        task = progress.add_task("build", total=1.0)
        return work(lambda step, done: progress.update(task, description=step, completed=done))


def _note(text: str) -> None:
    _err.print(text, highlight=False, markup=False, soft_wrap=True)


def _tell(findings: list[Finding]) -> None:
    """Print what a person must look at: the first finding of each rule, and how many there are."""
    notable = [entry for entry in findings if entry.severity is not Severity.INFO]
    counts = Counter(entry.rule for entry in notable)
    for rule, count in counts.items():
        first = next(entry for entry in notable if entry.rule == rule)
        more = f" (and {count - 1} more in bevindingen.json of the snapshot)" if count > 1 else ""
        _err.print(f"{first}{more}", highlight=False, markup=False, soft_wrap=True)


def _print_addresses(settings: Settings, snapshot: Snapshot) -> None:
    base = f"{settings.url}/{VERSION}"
    gemeenten = [c for c in snapshot.contents.collections if c.niveau == Niveau.GEMEENTE.value]
    shown = next(entry for entry in gemeenten if entry.indicatoren)
    items = f"{base}/collections/{shown.id}/items?datetime={shown.eind.year - 1}-01-01&limit=1000"
    for who, address in (
        ("landing page", f"{base}/"),
        ("QGIS", f"{base}/  (Laag > Laag toevoegen > WFS / OGC API - Features)"),
        ("web map", items),
        ("planner", f"{base}/kaart/"),
    ):
        _out.print(f"{who:<14} {address}", highlight=False, markup=False, soft_wrap=True)
    for notice in snapshot.contents.notices(shown):
        _out.print(notice, highlight=False, markup=False, soft_wrap=True)
