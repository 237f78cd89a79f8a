"""How far the opgave of a taakstelling is met, as classes with a name instead of a range.

``voortgang`` is a word in the layer, not a number. On a map it is drawn as a class, with the status of
the balance that it follows from.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import pyarrow as pa

from spatial.domain.indicators import Indicator, load_catalogue
from spatial.domain.status import Status
from spatial.domain.taakstelling import Voortgang
from spatial.preview.cells import Figure
from spatial.preview.classes import ClassScheme

VOORTGANG = "voortgang"
"""Column of a layer, and what a view asks for."""

_ORDER = (Voortgang.ACHTER, Voortgang.OP_SCHEMA, Voortgang.VOLDAAN)
NAMES = tuple((stage.label_nl, stage.label_en) for stage in _ORDER)
"""Dutch and English name of every class, from behind to met."""

SCHEME = ClassScheme((0.5, 1.5), ("#9970ab", "#a6dba0", "#1b7837"), 1, NAMES)
"""Violet for behind and green for the others, as below and above the middle of other scales."""

_SALDO = "saldoStatus"
PROGRESS = (VOORTGANG, _SALDO)
"""Columns that a figure needs."""


@dataclass(frozen=True, slots=True)
class Progress:
    """Reads the progress of rows of a taakstelling.

    Attributes:
        indicator: what the map calls it.
    """

    indicator: Indicator

    @property
    def status(self) -> str:
        """Name of the column that says whether it applies."""
        return _SALDO

    def columns(self, layer: pa.Table) -> list[str]:
        """Return the columns that a figure needs."""
        return [name for name in PROGRESS if name in layer.column_names]

    def figure(self, row: Mapping[str, Any]) -> Figure:
        """Return the place of the progress of a row among the classes.

        Bounds that allow more than one answer give none: niet_vast_te_stellen. Without a balance
        the reason is that of the balance.
        """
        stage, balance = Voortgang(row[VOORTGANG]), Status(row[_SALDO])
        if stage not in _ORDER:
            status = Status.NIET_VAST_TE_STELLEN if balance.has_value else balance
            return Figure(None, status, None, None, status)
        status = Status.BEREKEND if balance is Status.WAARGENOMEN else balance
        place = float(_ORDER.index(stage))
        return Figure(place, status, place, place, status)


def progress_indicator() -> Indicator:
    """Return what a map of the progress says that it shows."""
    return replace(
        load_catalogue().get("realisatie"),
        id=VOORTGANG,
        eenheid="",
        afronding=1.0,
        klassen=(),
        midden=None,
        titel_nl="Voortgang van de opgave",
        title_en="Progress of the opgave",
        definitie_nl="Voldaan: de opgave van het halfjaar is gehaald, of was er niet. Op schema kan alleen "
        "in een halfjaar dat nog loopt: ten minste een zesde van de opgave per getelde maand. Anders: "
        "achter. Laten de grenzen van de cijfers meer dan één antwoord toe, dan is het niet vast te "
        "stellen.",
        definition_en="Met: the opgave of the half-year was met, or there was none. On schedule is only "
        "possible in a half-year that is not over: at least a sixth of the opgave per counted month. "
        "Otherwise: behind. Where the bounds of the figures allow more than one answer, it cannot be "
        "established.",
    )
