"""The commands that ask a snapshot something: answers as a table, CSV, JSON or GeoJSON."""

import os
import sys
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console, Group
from rich.table import Table

from spatial.compute import benchmark as ranking
from spatial.compute import benchmark_forms, forms, screen, verdeling_forms
from spatial.compute import verdeling as dividing
from spatial.compute import vergelijk as comparing
from spatial.compute.offer import parse_onderwerp
from spatial.domain.indicators import Thema
from spatial.domain.regions import Indeling, Niveau
from spatial.settings import read_settings
from spatial.store.snapshot import Snapshot, open_snapshot

_WIDE = 240


class AnswerForm(StrEnum):
    """The form of an answer that was computed."""

    TABEL = "tabel"
    CSV = "csv"
    JSON = "json"
    GEOJSON = "geojson"


class SheetForm(StrEnum):
    """The form of an answer without shapes."""

    TABEL = "tabel"
    CSV = "csv"
    JSON = "json"


Form = Annotated[AnswerForm, typer.Option("--format", help="Form.")]
Out = Annotated[Path | None, typer.Option(help="File to write; else the screen.")]


def compare(  # noqa: PLR0913, PLR0917 - one argument per option
    code: Annotated[list[str], typer.Option(help="Region, such as GM0363; more than once.")],
    indicator: Annotated[
        list[str], typer.Option(help="Indicator, such as ouderen:personen; more than once.")
    ],
    peilmoment: Annotated[
        list[datetime], typer.Option(formats=["%Y-%m-%d"], help="Day; more than once.")
    ],
    indeling: Annotated[
        int | None, typer.Option(help="All moments in this indeling; else each in its own.")
    ] = None,
    form: Form = AnswerForm.TABEL,
    out: Out = None,
) -> None:
    """Compare regions, indicators and moments, with intervals and what cannot be established."""
    snapshot = _snapshot()
    days = tuple(moment.date() for moment in peilmoment)
    subjects = tuple(parse_onderwerp(text) for text in indicator)
    year = None if indeling is None else Indeling(indeling)
    answer = comparing.compare(snapshot, comparing.Vraag(tuple(code), subjects, days, year))
    if form is AnswerForm.TABEL:
        write(screen.table_of(answer), out, screen.remarks_of(answer))
    else:
        write(forms.written(answer, snapshot, form.value).decode(), out)


def verdeel(  # noqa: PLR0913, PLR0917 - one argument per option
    regio: Annotated[str, typer.Option(help="Region to divide in, such as PV26 or NL01.")],
    groep: Annotated[Thema, typer.Option(help="Aandachtsgroep, such as ouderen.")],
    peilmoment: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="Day.")],
    sleutel: Annotated[
        list[str] | None, typer.Option(help="Key, such as inwoners; more than once; else all.")
    ] = None,
    indeling: Annotated[
        int | None, typer.Option(help="In this indeling; else that of the day.")
    ] = None,
    leden: Annotated[Niveau, typer.Option(help="Level of the parts.")] = Niveau.GEMEENTE,
    hoeveelheid: Annotated[
        dividing.Hoeveelheid, typer.Option(help="What is divided.")
    ] = dividing.Hoeveelheid.HUISHOUDENS,
    form: Annotated[SheetForm, typer.Option("--format", help="Form.")] = SheetForm.TABEL,
    out: Out = None,
) -> None:
    """Divide a group over the parts of a region by a key: shares, gaps, indices and an allocation."""
    year = None if indeling is None else Indeling(indeling)
    question = dividing.Vraag(
        regio, groep, peilmoment.date(), tuple(sleutel or ()), year, leden, hoeveelheid
    )
    answer = dividing.verdeel(_snapshot(), question)
    if form is SheetForm.TABEL:
        tables = verdeling_forms.tables_of(answer)
        write(Group(*tables), out, verdeling_forms.remarks_of(answer))
    else:
        write(verdeling_forms.written(answer, form.value).decode(), out)


def benchmark(  # noqa: PLR0913, PLR0917 - one argument per option
    regio: Annotated[str, typer.Option(help="Gemeente, such as GM0363.")],
    indicator: Annotated[str, typer.Option(help="Indicator, such as ouderen:aandeelCorporatie.")],
    peilmoment: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="Day.")],
    indeling: Annotated[
        int | None, typer.Option(help="Among the gemeenten of this indeling; else of the day.")
    ] = None,
    form: Annotated[SheetForm, typer.Option("--format", help="Form.")] = SheetForm.TABEL,
    out: Out = None,
) -> None:
    """Show where a gemeente stands: its place as a range, beside its regions and similar ones."""
    year = None if indeling is None else Indeling(indeling)
    question = ranking.Vraag(regio, parse_onderwerp(indicator), peilmoment.date(), year)
    answer = ranking.benchmark(_snapshot(), question)
    if form is SheetForm.TABEL:
        write(benchmark_forms.table_of(answer), out, benchmark_forms.remarks_of(answer))
    else:
        write(benchmark_forms.written(answer, form.value).decode(), out)


def write(answer: Table | Group | str, out: Path | None, remarks: list[str] | None = None) -> None:
    """Write an answer to a file or the screen; what must be said beside it to the error stream.

    Args:
        answer: text as it is, or tables: in a file they are as wide as they need.
        out: the file; None is the screen.
        remarks: sentences; a table in a file has them below it.
    """
    if isinstance(answer, str):
        if out is None:
            sys.stdout.write(answer)
        else:
            out.write_text(answer, encoding="utf-8")
    elif out is None:
        Console().print(answer)
        _say(Console(stderr=True), remarks or [])
    else:
        with out.open("w", encoding="utf-8") as file:
            console = Console(file=file, width=_WIDE)
            console.print(answer)
            _say(console, remarks or [])


def _say(console: Console, remarks: list[str]) -> None:
    for line in remarks:
        console.print(line, highlight=False, markup=False, soft_wrap=True)


def _snapshot() -> Snapshot:
    return open_snapshot(read_settings(os.environ).data)
