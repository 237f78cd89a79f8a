"""The commands that write files for other programs: densities as GeoTIFF, layers and styles for QGIS."""

import os
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from spatial.domain.squares import SpreadRules
from spatial.errors import SettingsError
from spatial.settings import read_settings
from spatial.store.snapshot import open_snapshot

_RULES = SpreadRules()
_out = Console()
_err = Console(stderr=True)

English = Annotated[bool, typer.Option("--english", help="Titles and legends in English.")]


def cog(  # noqa: PLR0913 - one argument per option
    collection: Annotated[
        str, typer.Option(help="Collection of gemeenten, such as ouderen-gemeente.")
    ],
    out: Annotated[Path, typer.Option(help="Folder to write in; made when it is not there.")],
    indicator: Annotated[
        list[str] | None,
        typer.Option(help="Count to spread, such as personen; repeatable, else all."),
    ] = None,
    grid: Annotated[
        Path | None,
        typer.Option(
            help="Inhabitants per square: GeoTIFF (EPSG:28992), or CBS vierkanten as GeoPackage, "
            "Parquet or CSV. Example figures need none."
        ),
    ] = None,
    *,
    cell: Annotated[
        int | None, typer.Option(min=100, help="Side of a cell (m); else that of the grid.")
    ] = None,
    threshold: Annotated[
        float,
        typer.Option(min=_RULES.threshold, help="No cell shows fewer persons or homes than this."),
    ] = _RULES.threshold,
    reach: Annotated[
        float,
        typer.Option(
            min=0, max=1, help="Least part of the inhabitants of a gemeente in shown cells."
        ),
    ] = _RULES.reach,
    grid_title: Annotated[
        str, typer.Option(help="What the grid is and whose, to name as source.")
    ] = "",
    grid_licence: Annotated[str, typer.Option(help="Licence of the grid.")] = "",
) -> None:
    """Spread counts of gemeenten over the squares where people live: a density per km2 as GeoTIFF."""
    from spatial.normalise.facts import read_facts  # noqa: PLC0415 - slow to load
    from spatial.pipeline.density.make import (  # noqa: PLC0415 - slow to load
        DensityOrder,
        GridFile,
        export_densities,
    )
    from spatial.pipeline.density.write import Layers  # noqa: PLC0415 - slow to load

    if grid is None and (cell or grid_title or grid_licence):
        message = "--cell, --grid-title and --grid-licence are about --grid, which is not given"
        raise SettingsError(message)
    settings = read_settings(os.environ)
    snapshot = open_snapshot(settings.data)
    named = None if grid is None else GridFile(grid, cell, grid_title, grid_licence)
    order = DensityOrder(collection, tuple(indicator or ()), named, SpreadRules(threshold, reach))
    layers = Layers(snapshot.path, snapshot.contents)
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=_err, transient=True) as progress:
        task = progress.add_task("grid", total=1.0)
        written, findings = export_densities(
            layers,
            read_facts(settings.boundaries),
            order,
            out,
            lambda step, done: progress.update(task, description=step, completed=done),
        )
    for finding in findings:
        _err.print(str(finding), highlight=False, markup=False, soft_wrap=True)
    for entry in written:
        _out.print(
            f"{out / entry.file}: {len(entry.bands)} bands, {entry.size / 1e6:.1f} MB",
            highlight=False,
            soft_wrap=True,
        )
        for notice in dict.fromkeys(entry.notices_nl):
            _out.print(f"  {notice}", highlight=False, markup=False, soft_wrap=True)


def gpkg(
    out: Annotated[
        Path, typer.Option(help="File (.gpkg) for all layers, or a folder for a file per theme.")
    ],
    collection: Annotated[
        list[str] | None,
        typer.Option(help="Collection to write, such as ouderen-gemeente; else all."),
    ] = None,
    *,
    english: English = False,
) -> None:
    """Write layers for QGIS as GeoPackage: with dates, aliases of fields, classes and colours."""
    from spatial.export.geopackage import export_geopackage  # noqa: PLC0415 - only this needs it

    snapshot = open_snapshot(read_settings(os.environ).data)
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=_err, transient=True) as progress:
        task = progress.add_task("layers", total=1.0)
        files = export_geopackage(
            snapshot,
            collection or (),
            out,
            lambda layer, done: progress.update(task, description=layer, completed=done),
            english=english,
        )
    for path in files:
        _out.print(f"{path}: {path.stat().st_size / 1e6:.1f} MB", highlight=False, soft_wrap=True)


def style(
    collection: Annotated[str, typer.Argument(help="Collection, such as ouderen-gemeente.")],
    indicator: Annotated[str, typer.Argument(help="Indicator, such as aandeelCorporatie.")],
    out: Annotated[Path, typer.Option(help="File to write: .qml (QGIS) or .sld.")],
    *,
    english: English = False,
) -> None:
    """Write the style of an indicator, in the frozen classes and colours of the maps."""
    from spatial.export.geopackage import export_style  # noqa: PLC0415 - only this needs it

    snapshot = open_snapshot(read_settings(os.environ).data)
    export_style(snapshot, (collection, indicator), out, english=english)
    _out.print(f"style: {out}", highlight=False, soft_wrap=True)
