"""What is drawn once: the gemeenten of 2018, cut where they were split later.

Every later gemeente is a union of these atoms, so that the cells nest through the redivisions.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from spatial.domain.facts import Facts, GazetteerEntry
from spatial.domain.redivisions import Mutatie, Redivision, events_of
from spatial.domain.regions import Indeling
from spatial.errors import RegisterError, UnknownRegionError

BASIS = Indeling(2018)
"""The indeling whose gemeenten are the atoms."""

_KM = 1_000.0
_MOVES_AREA = {Mutatie.FUSIE, Mutatie.OPSPLITSING}


@dataclass(frozen=True, slots=True, order=True)
class Atom:
    """A gemeente of the basis, or the part of it that goes to one receiver.

    Attributes:
        code: gemeentecode in the basis.
        receiver: code that gets this part when the gemeente is split; empty when it stays whole.
    """

    code: str
    receiver: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """Where a part of a split gemeente goes.

    Attributes:
        receiver: code that gets it.
        x_km: easting of the middle of what else becomes the receiver (km, EPSG:28992).
        y_km: northing.
        area_km2: area of the part.
    """

    receiver: str
    x_km: float
    y_km: float
    area_km2: float


@dataclass(frozen=True, slots=True)
class Place:
    """Where and how large a gemeente of the basis is.

    Attributes:
        code: gemeentecode.
        x_km: easting of a point inside it (km, EPSG:28992).
        y_km: northing.
        area_km2: land area in the basis.
        parts: the parts into which it is split later; empty when it stays whole.
    """

    code: str
    x_km: float
    y_km: float
    area_km2: float
    parts: tuple[Part, ...]


def gazetteer_of(facts: Facts) -> dict[str, GazetteerEntry]:
    """Return the gazetteer by code."""
    return {entry.code: entry for entry in facts.gazetteer}


def basis_codes(facts: Facts) -> list[str]:
    """Return the gemeentecodes of the basis, in order.

    Raises:
        UnknownRegionError: the memberships have no such indeling, or the gazetteer lacks a code.
    """
    codes = {row.gemeente for row in facts.memberships if row.indeling == BASIS}
    lacking = codes - {entry.code for entry in facts.gazetteer}
    if not codes or lacking:
        message = (
            f"the schematic indeling starts from the gemeenten of {BASIS}: found {len(codes)} in"
            f" the memberships, and no point in the gazetteer for {sorted(lacking)}"
        )
        raise UnknownRegionError(message)
    return sorted(codes)


def area_in_basis(facts: Facts, code: str) -> float:
    """Return the land area (km2) that a gemeente had in the basis.

    The gazetteer has one area per code; what came to the code between the basis and the indeling in
    which it was measured is taken off. Boundary corrections are left out.
    """
    gazetteer = gazetteer_of(facts)
    entry = gazetteer[code]
    gained = sum(
        area_in_basis(facts, row.oude_code) * (row.aandeel or 1.0)
        for row in facts.redivisions
        if row.nieuwe_code == code
        and row.mutatie in _MOVES_AREA
        and BASIS < row.first_indeling <= entry.gemeten
    )
    return entry.land_km2 - gained


def splits_after(facts: Facts) -> dict[str, list[Redivision]]:
    """Return the parts of every gemeente that is split after the basis."""
    splits: dict[str, list[Redivision]] = {}
    for row in facts.redivisions:
        if row.mutatie is Mutatie.OPSPLITSING and row.first_indeling > BASIS:
            splits.setdefault(row.oude_code, []).append(row)
    return splits


def compositions(
    facts: Facts, atoms: Sequence[Atom], last: Indeling
) -> dict[Indeling, dict[Atom, str]]:
    """Follow the atoms through the register.

    Args:
        facts: for the register.
        atoms: the gemeenten of the basis, those that are split in parts.
        last: newest indeling wanted.

    Returns:
        Per indeling from the basis on, the gemeentecode of each atom.

    Raises:
        RegisterError: a gemeente is split that is no longer the one of the basis.
    """
    current = {atom: atom.code for atom in atoms}
    result = {BASIS: current}
    for year in range(BASIS + 1, last + 1):
        events = events_of(facts.redivisions, Indeling(year))
        current = {atom: _next_code(atom, code, events) for atom, code in current.items()}
        result[Indeling(year)] = current
    return result


def _next_code(atom: Atom, code: str, events: Sequence[Redivision]) -> str:
    rows = [row for row in events if row.oude_code == code and row.mutatie.retires_code]
    split = any(row.mutatie is Mutatie.OPSPLITSING for row in rows)
    if split and not atom.receiver:
        message = f"{code} is split, but it grew after {BASIS}: the parts cannot be drawn"
        raise RegisterError(message)
    if split:
        return atom.receiver
    return rows[0].nieuwe_code if rows else code


def places_of(facts: Facts, by_indeling: Mapping[Indeling, Mapping[Atom, str]]) -> list[Place]:
    """Return where every gemeente of the basis is to be drawn, in the order of their codes.

    Args:
        facts: for the gazetteer and the register.
        by_indeling: see ``compositions``.
    """
    gazetteer, splits = gazetteer_of(facts), splits_after(facts)
    places = []
    for code in basis_codes(facts):
        area = area_in_basis(facts, code)
        parts = tuple(
            Part(
                row.nieuwe_code,
                *_towards(gazetteer, row, by_indeling[row.first_indeling]),
                area * (row.aandeel or 0.0),
            )
            for row in splits.get(code, [])
        )
        entry = gazetteer[code]
        places.append(Place(code, entry.x_m / _KM, entry.y_m / _KM, area, parts))
    return places


def _towards(
    gazetteer: Mapping[str, GazetteerEntry], split: Redivision, composition: Mapping[Atom, str]
) -> tuple[float, float]:
    """Return the mean point (km) of the gemeenten with which a part becomes its receiver."""
    joining = [
        gazetteer[atom.code]
        for atom, code in composition.items()
        if code == split.nieuwe_code and atom.code != split.oude_code
    ]
    if not joining:
        message = f"nothing but the part of {split.oude_code} becomes {split.nieuwe_code}"
        raise RegisterError(message)
    x_m = sum(entry.x_m for entry in joining) / len(joining)
    y_m = sum(entry.y_m for entry in joining) / len(joining)
    return x_m / _KM, y_m / _KM


def name_in(facts: Facts, code: str, indeling: Indeling) -> str:
    """Return the name of a gemeente as it was in an indeling; later renames are undone."""
    later = [
        row
        for row in facts.redivisions
        if row.oude_code == code
        and row.mutatie is Mutatie.HERNOEMING
        and row.first_indeling > indeling
    ]
    if later:
        return min(later, key=lambda row: row.datum).oude_naam
    return gazetteer_of(facts)[code].naam
