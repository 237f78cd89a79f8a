"""The table under a map: the same figures with the same signs, without JavaScript."""

from collections.abc import Sequence
from itertools import groupby

from markupsafe import Markup, escape

from spatial.domain.status import Status
from spatial.preview.cells import Figure
from spatial.preview.classes import MISSING_SIGNS, SUMMED_SHARE_SIGN, VALUE_SIGNS
from spatial.preview.figures import Series
from spatial.preview.origins import SUMMED_SHARE
from spatial.preview.panels import NOT_DELIVERED, Panel

NOT_THERE = "x"
_MARKS = {Status.OPGETELD: "Σ", Status.GESCHAT: "≈", Status.BEREKEND: "="}

_MISSING = (
    (Status.GEHEIM_OF_ONBEKEND.teken, Status.GEHEIM_OF_ONBEKEND.label_nl),
    ("leeg", Status.NIET_VAN_TOEPASSING.label_nl),
    (Status.ONTBREEKT_IN_BRON.teken, Status.ONTBREEKT_IN_BRON.label_nl),
    (Status.TE_KLEIN.teken, Status.TE_KLEIN.label_nl),
)
_UNCERTAIN = (Status.NIET_VAST_TE_STELLEN.teken, Status.NIET_VAST_TE_STELLEN.label_nl)
"""Only of differences."""

SIGN_MARKS = {
    **{sign: status.teken for status, sign in MISSING_SIGNS.items()},
    **{sign: _MARKS.get(status, "") for status, sign in VALUE_SIGNS.items()},
    SUMMED_SHARE_SIGN: _MARKS[Status.OPGETELD],
}
"""What stands in the table, by the letter of a status: instead of a number, or beside it."""

Row = tuple[str, str, list[Markup], list[str]]


def table_signs(panels: Sequence[Panel]) -> list[tuple[str, str]]:
    """Return sign and meaning: those without a number always, the others when they occur."""
    figures = [f for panel in panels for moment in panel.moments for f in panel.figures(moment)]
    marks = {_mark(figure) for figure in figures}
    computed = any(f.status is Status.BEREKEND and f.methode is Status.OPGETELD for f in figures)
    labels = {status: status.label_nl for status in _MARKS}
    if computed:
        labels[Status.OPGETELD] = f"{Status.OPGETELD.label_nl}, of {SUMMED_SHARE}"
    signs = [(mark, labels[status]) for status, mark in _MARKS.items() if mark in marks]
    uncertain = any(f.status is Status.NIET_VAST_TE_STELLEN for f in figures)
    missing = [*_MISSING, *([_UNCERTAIN] if uncertain else [])]
    several = any(len(panel.shapes) > 1 for panel in panels)
    return [*signs, *missing, *([(NOT_THERE, "bestaat niet in deze indeling")] if several else [])]


def table_rows(panel: Panel) -> list[Row]:
    """Return one row per region of any indeling shown.

    Returns:
        Newest name, code, a cell per moment, and sentences on how its figures came about.
    """
    names: dict[str, str] = {}
    for indeling in sorted(panel.shapes):
        shapes = panel.shapes[indeling]
        names.update(zip(shapes.codes, shapes.namen, strict=True))
    return [
        (
            naam,
            code,
            [_cell(panel, code, place) for place in range(len(panel.moments))],
            _origins(panel, code),
        )
        for code, naam in sorted(names.items(), key=lambda entry: (_sort_key(entry[1]), entry[0]))
    ]


def _origins(panel: Panel, code: str) -> list[str]:
    """Return each sentence on herkomst once per row of moments that it is about."""
    told = [
        (moment.figures.get(code, NOT_DELIVERED).herkomst, moment.label) for moment in panel.moments
    ]
    runs = [
        (herkomst, [label for _, label in run])
        for herkomst, run in groupby(told, key=lambda entry: entry[0])
    ]
    return [
        f"{_period(labels)}: {herkomst}" if len(runs) > 1 else herkomst
        for herkomst, labels in runs
        if herkomst
    ]


def _period(labels: Sequence[str]) -> str:
    return labels[0] if len(labels) == 1 else f"{labels[0]} t/m {labels[-1]}"


def _cell(panel: Panel, code: str, place: int) -> Markup:
    moment = panel.moments[place]
    if code not in panel.shapes[moment.indeling].codes:
        return escape(NOT_THERE)
    return _figure(moment.figures.get(code, NOT_DELIVERED), panel.series)


def _figure(figure: Figure, series: Series) -> Markup:
    if figure.value is None:
        return escape(figure.status.teken)
    number = series.word(figure.value)
    mark = _mark(figure)
    return Markup("{} <i>{}</i>").format(number, mark) if mark else escape(number)


def _mark(figure: Figure) -> str:
    """Return the mark beside a number; observed ones have none."""
    summed = figure.methode is Status.OPGETELD
    return _MARKS.get(Status.OPGETELD if summed else figure.status, "")


def _sort_key(naam: str) -> str:
    """Sort 's-Gravenhage under the g, as a Dutch list does."""
    return naam.casefold().removeprefix("'s-").removeprefix("'t ")
