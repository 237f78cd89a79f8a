"""The command that draws: a map or a profile, in one file."""

import os
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from spatial.settings import read_settings
from spatial.store.snapshot import open_snapshot


def preview(  # noqa: PLR0913 - a parameter per option
    out: Annotated[Path, typer.Option(help="File to write: .html, or a still .svg or .png.")],
    collection: Annotated[
        str,
        typer.Option(
            help="Collection, such as ouderen-gemeente, or a density; not with --profile."
        ),
    ] = "",
    indicator: Annotated[
        list[str] | None,
        typer.Option(help="Indicator, such as aandeelCorporatie; more than one: to choose from."),
    ] = None,
    *,
    peilmoment: Annotated[
        list[datetime] | None,
        typer.Option(formats=["%Y-%m-%d"], help="One moment; twice: side by side."),
    ] = None,
    regio: Annotated[
        list[str] | None, typer.Option(help="Limit to a region; twice: side by side.")
    ] = None,
    difference: Annotated[
        bool,
        typer.Option("--difference", help="Subtract: the second moment minus the first."),
    ] = False,
    against: Annotated[
        str | None,
        typer.Option(help="Collection of another group: beside it, or subtracted (--difference)."),
    ] = None,
    multiples: Annotated[
        bool, typer.Option("--multiples", help="All moments beside each other.")
    ] = False,
    swipe: Annotated[
        bool, typer.Option("--swipe", help="Two views over each other, with a divider.")
    ] = False,
    base: Annotated[
        str, typer.Option(help="Base map of PDOK, which needs network: grijs or pastel.")
    ] = "",
    rd: Annotated[
        bool, typer.Option("--rd", help="Page in RD (EPSG:28992) instead of web mercator.")
    ] = False,
    profile: Annotated[
        str, typer.Option(help="All figures of this gemeente or region, instead of a map.")
    ] = "",
    indeling: Annotated[
        int | None, typer.Option(help="With --profile: all years on the boundaries of this one.")
    ] = None,
    english: Annotated[bool, typer.Option("--english", help="With --profile: in English.")] = False,
) -> None:
    """Draw one map in one file (a slider, two views, a difference), or the profile of a region."""
    from spatial.preview import draw  # noqa: PLC0415 - folium is slow to load
    from spatial.preview.basemap import MERCATOR, RD, base_map  # noqa: PLC0415 - the same
    from spatial.preview.drawing import Look  # noqa: PLC0415 - the same
    from spatial.preview.profile import draw_profile  # noqa: PLC0415 - the same

    settings = read_settings(os.environ)
    snapshot = open_snapshot(settings.data)
    if profile:
        file = draw_profile(snapshot, profile, indeling, english=english).encode()
    elif collection:
        days = tuple(moment.date() for moment in peilmoment or [])
        order = draw.Order(
            collection, tuple(indicator or ()), days, tuple(regio or ()), against or "", difference
        )
        look = Look(multiples, swipe, base_map(base), RD if rd else MERCATOR)
        file = draw.draw_file(snapshot, order, look, out.suffix.lower(), settings.assets)
    else:
        message = "give --collection (and --indicator), or --profile"
        raise typer.BadParameter(message)
    out.write_bytes(file)
    Console().print(f"{out}: {len(file) // 1000} kB", soft_wrap=True)
