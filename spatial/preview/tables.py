"""The table under a map: the same figures with the same signs, without JavaScript."""

from markupsafe import Markup, escape

from spatial.domain.status import Status
from spatial.preview.figures import Figure
from spatial.preview.panels import NOT_DELIVERED, Panel
from spatial.preview.wording import dutch_number

NOT_THERE = "x"
_SUFFIX = {Status.GESCHAT: "s", Status.OPGETELD: "o"}

TABLE_SIGNS = (
    (Status.GEHEIM_OF_ONBEKEND.teken, Status.GEHEIM_OF_ONBEKEND.label_nl),
    ("leeg", Status.NIET_VAN_TOEPASSING.label_nl),
    (Status.ONTBREEKT_IN_BRON.teken, Status.ONTBREEKT_IN_BRON.label_nl),
    (Status.TE_KLEIN.teken, Status.TE_KLEIN.label_nl),
    (_SUFFIX[Status.GESCHAT], Status.GESCHAT.label_nl),
    (_SUFFIX[Status.OPGETELD], Status.OPGETELD.label_nl),
    (NOT_THERE, "bestaat niet in deze indeling"),
)
"""Sign and meaning, in the order in which the page explains them."""


def table_rows(panel: Panel) -> list[tuple[str, str, list[Markup]]]:
    """Return one row per region of any indeling shown: newest name, code, a cell per moment."""
    names: dict[str, str] = {}
    for indeling in sorted(panel.shapes):
        shapes = panel.shapes[indeling]
        names.update(zip(shapes.codes, shapes.namen, strict=True))
    return [
        (naam, code, [_cell(panel, code, place) for place in range(len(panel.moments))])
        for code, naam in sorted(names.items(), key=lambda entry: (_sort_key(entry[1]), entry[0]))
    ]


def _cell(panel: Panel, code: str, place: int) -> Markup:
    moment = panel.moments[place]
    if code not in panel.shapes[moment.indeling].codes:
        return escape(NOT_THERE)
    return _figure(moment.figures.get(code, NOT_DELIVERED), panel.series.decimals)


def _figure(figure: Figure, decimals: int) -> Markup:
    if figure.value is None:
        return escape(figure.status.teken)
    number = dutch_number(figure.value, decimals)
    suffix = _SUFFIX.get(figure.status)
    return Markup("{} <i>{}</i>").format(number, suffix) if suffix else escape(number)


def _sort_key(naam: str) -> str:
    """Sort 's-Gravenhage under the g, as a Dutch list does."""
    return naam.casefold().removeprefix("'s-").removeprefix("'t ")
