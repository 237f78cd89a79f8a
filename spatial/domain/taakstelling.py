"""What is reported of the taakstelling per gemeente, and what may be said of its progress."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from spatial.domain.periods import Period
from spatial.domain.sources import Source


class Voortgang(StrEnum):
    """How far a gemeente or region is with its opgave, at the end of the months that are counted."""

    VOLDAAN = "voldaan"
    OP_SCHEMA = "op_schema"
    ACHTER = "achter"
    NIET_TE_BEPALEN = "niet_te_bepalen"

    @property
    def label_nl(self) -> str:
        """Dutch label for legend, table and tooltip."""
        return _LABEL[self][0]

    @property
    def label_en(self) -> str:
        """English label."""
        return _LABEL[self][1]


_LABEL = {
    Voortgang.VOLDAAN: ("voldaan", "met"),
    Voortgang.OP_SCHEMA: ("op schema", "on schedule"),
    Voortgang.ACHTER: ("achter", "behind"),
    Voortgang.NIET_TE_BEPALEN: ("niet te bepalen", "cannot be told"),
}


@dataclass(frozen=True, slots=True)
class Reported:
    """What was published of one gemeente and half-year, at one peildatum.

    Attributes:
        gemeente: gemeentecode, in the indeling of the year of the half-year.
        period: the half-year.
        peildatum: last day of the months that ``gehuisvest`` counts.
        taakstelling: target without carry-over (persons); None: not in the publication.
        achterstand: shortfall at the start of the half-year (persons); None: not in it.
        voorsprong: head start at the start of the half-year (persons); None: not in it.
        gehuisvest: persons housed from the first day up to ``peildatum``; None: not known.
        bron: file and row, or what else it comes from.
    """

    gemeente: str
    period: Period
    peildatum: date
    taakstelling: int | None
    achterstand: int | None
    voorsprong: int | None
    gehuisvest: int | None
    bron: str


@dataclass(frozen=True, slots=True)
class Reports:
    """All that was reported, and the source that must be named beside it.

    Attributes:
        rows: one per gemeente, half-year and peildatum.
        source: of realisation and carry-over.
    """

    rows: tuple[Reported, ...]
    source: Source


@dataclass(frozen=True, slots=True)
class Pace:
    """What is counted of a half-year.

    Attributes:
        maanden: months of it that are counted: 6 when it is over.
        sinds: first day of the series over which is added up; None in a half-year without any
            taakstelling.
    """

    maanden: int
    sinds: date | None
