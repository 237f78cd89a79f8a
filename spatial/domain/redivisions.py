"""Redivisions as dated facts, and what they do to a set of gemeentecodes.

A year is not a boundary. An enlarged gemeente may keep its code, and a rename may give a new one.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from spatial.domain.regions import Indeling
from spatial.errors import RegisterError


class Mutatie(StrEnum):
    """What happened to a gemeente."""

    FUSIE = "fusie"
    OPSPLITSING = "opsplitsing"
    HERCODERING = "hercodering"
    HERNOEMING = "hernoeming"
    GRENSCORRECTIE = "grenscorrectie"

    @property
    def retires_code(self) -> bool:
        """Tell whether the old code ends."""
        return self in {Mutatie.FUSIE, Mutatie.OPSPLITSING, Mutatie.HERCODERING}


@dataclass(frozen=True, slots=True)
class Redivision:
    """One row of the register: (part of) an old gemeente becomes (part of) a new one.

    Attributes:
        datum: first day on which it holds.
        oude_code: code before; ends on ``datum`` when the mutatie retires it.
        oude_naam: name before.
        nieuwe_code: code after.
        nieuwe_naam: name after.
        mutatie: what happened.
        geheel: the whole of the old gemeente; False for a part.
        aandeel: share of the old gemeente that goes to the new one (0-1); None when not known.
        aandeel_grondslag: what the share is a share of (``oppervlakte``); empty without a share.
        zekerheid: how sure the fact is, in words.
        opmerking: remark; may be empty.
        bron: where the fact comes from.
    """

    datum: date
    oude_code: str
    oude_naam: str
    nieuwe_code: str
    nieuwe_naam: str
    mutatie: Mutatie
    geheel: bool
    aandeel: float | None
    aandeel_grondslag: str
    zekerheid: str
    opmerking: str
    bron: str

    @property
    def first_indeling(self) -> Indeling:
        """The first indeling that has it: that of the next 1 January, or of ``datum`` itself."""
        return Indeling(self.datum.year + (self.datum > date(self.datum.year, 1, 1)))


@dataclass(frozen=True, slots=True)
class Lineage:
    """What a gemeentecode came from and became, in words for one cell.

    Attributes:
        laatste_dag: last day on which the code existed; None while it does.
        opvolgers: codes that it became, with the share of it where known: ``GM0824 0.424000``,
            separated by semicolons; empty while it exists.
        voorgangers: codes that came into it, likewise; the share is of the old gemeente.
    """

    laatste_dag: date | None
    opvolgers: str
    voorgangers: str


@dataclass(frozen=True, slots=True)
class Gewicht:
    """The part of an old gemeente that counts go with to a new one.

    Attributes:
        deel: share (0-1).
        methode: how it was found, see ``spatial.domain.crosswalk``.
    """

    deel: float
    methode: str


def events_of(register: Iterable[Redivision], indeling: Indeling) -> list[Redivision]:
    """Return the rows that lead from the indeling of the year before to this one."""
    return [row for row in register if row.first_indeling == indeling]


def advance(codes: frozenset[str], register: Iterable[Redivision], to: Indeling) -> frozenset[str]:
    """Return the gemeentecodes of an indeling from those of the year before.

    Raises:
        RegisterError: the register retires a code that the year before does not have.
    """
    events = [row for row in events_of(register, to) if row.mutatie.retires_code]
    retired = {row.oude_code for row in events if row.oude_code != row.nieuwe_code}
    if unknown := retired - codes:
        message = (
            f"the register retires {sorted(unknown)} for {to}, but {to - 1} does not have them"
        )
        raise RegisterError(message)
    return (codes - retired) | {row.nieuwe_code for row in events}
