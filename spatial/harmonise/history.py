"""The life of a gemeentecode: in which indelingen it is, what it came from, what it became."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from spatial.domain.crosswalk import PPM, Gewichtmethode, SplitWeights
from spatial.domain.redivisions import Redivision
from spatial.domain.regions import Indeling
from spatial.errors import UnknownRegionError
from spatial.harmonise.changes import Codes
from spatial.harmonise.crosswalk import weights_for

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Relation:
    """A gemeente before or after another one.

    Attributes:
        code: the other gemeente.
        naam: its name.
        datum: first day of the new situation.
        gewicht_ppm: part of the old gemeente that is in the new one; None when not known.
        grens_ppm: how far that may be off; None with it.
        methode: how it was found; None with it.
        bron: where the fact or the weight comes from.
    """

    code: str
    naam: str
    datum: date
    gewicht_ppm: int | None
    grens_ppm: int | None
    methode: Gewichtmethode | None
    bron: str


@dataclass(frozen=True, slots=True)
class History:
    """One gemeentecode over the years.

    Attributes:
        code: gemeentecode.
        indelingen: all known indelingen that have it, ascending.
        laatste_dag: last day on which it existed; None while it does.
        opvolgers: what it became; empty while it exists.
        voorgangers: what came into it, itself excluded, oldest first.
    """

    code: str
    indelingen: tuple[Indeling, ...]
    laatste_dag: date | None
    opvolgers: tuple[Relation, ...]
    voorgangers: tuple[Relation, ...]


def history(
    code: str, register: Sequence[Redivision], codes: Codes, weights: Sequence[SplitWeights]
) -> History:
    """Return the years, successors and predecessors of a code.

    Args:
        code: gemeentecode.
        register: the register of redivisions.
        codes: gemeentecodes of all known indelingen.
        weights: of splits; a split without weights has successors without weight.

    Raises:
        UnknownRegionError: no known indeling has the code.
    """
    years = tuple(year for year in sorted(codes) if code in codes[year])
    if not years:
        message = f"no indeling of {min(codes)}-{max(codes)} has {code}"
        raise UnknownRegionError(message)
    after = successors(code, years[-1], register, weights)
    before = tuple(
        relation for year in years for relation in predecessors(code, year, register, weights)
    )
    last = after[0].datum - _DAY if after else None
    return History(code, years, last, after, before)


def successors(
    code: str,
    indeling: Indeling,
    register: Sequence[Redivision],
    weights: Sequence[SplitWeights],
) -> tuple[Relation, ...]:
    """Return what a code of an indeling became in the next one, by code; empty when it stayed.

    A code that gave up a part of its land and goes on has stayed.
    """
    rows = _leaving(code, Indeling(indeling + 1), register)
    parts = tuple(sorted(row.nieuwe_code for row in rows))
    return tuple(
        _relation(row, (row.nieuwe_code, row.nieuwe_naam), parts, weights)
        for row in sorted(rows, key=lambda row: row.nieuwe_code)
        if code not in parts
    )


def predecessors(
    code: str,
    indeling: Indeling,
    register: Sequence[Redivision],
    weights: Sequence[SplitWeights],
) -> tuple[Relation, ...]:
    """Return what came into a code of an indeling from the one before, by code."""
    found = []
    for row in sorted(register, key=lambda row: row.oude_code):
        comes_in = row.nieuwe_code == code != row.oude_code and row.mutatie.retires_code
        if comes_in and row.first_indeling == indeling:
            parts = tuple(
                sorted(other.nieuwe_code for other in _leaving(row.oude_code, indeling, register))
            )
            found.append(_relation(row, (row.oude_code, row.oude_naam), parts, weights))
    return tuple(found)


def _leaving(code: str, naar: Indeling, register: Sequence[Redivision]) -> list[Redivision]:
    return [
        row
        for row in register
        if row.oude_code == code and row.first_indeling == naar and row.mutatie.retires_code
    ]


def _relation(
    row: Redivision,
    other: tuple[str, str],
    parts: tuple[str, ...],
    weights: Sequence[SplitWeights],
) -> Relation:
    code, naam = other
    if len(parts) == 1:
        return Relation(code, naam, row.datum, PPM, 0, Gewichtmethode.EXACT, row.bron)
    found = weights_for(row.oude_code, Indeling(row.first_indeling - 1), parts, weights)
    if found is None:
        return Relation(code, naam, row.datum, None, None, None, row.bron)
    return Relation(
        code,
        naam,
        row.datum,
        found.ppm[row.nieuwe_code],
        found.grens_ppm[row.nieuwe_code],
        found.methode,
        found.bron,
    )
