"""A fair distribution of a group over a region, by one key or by all of them beside each other.

The same numbers as in the collections, plus what only makes sense for one question: an allocation in
whole households that adds up, and the Theil index. Rules F1 to F7, D1 to D7.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from math import isnan

import numpy as np

from spatial.analyse.fairshare.allocation import allocate
from spatial.analyse.fairshare.amounts import Amounts, Verdeling, computed, exact
from spatial.analyse.fairshare.hoover import ceiling, hoover
from spatial.analyse.fairshare.measures import gap, key_whole, proportional, quotient
from spatial.analyse.fairshare.theil import Part, theil
from spatial.compute.verdeling_cells import (
    GROEP,
    HOEVEELHEID,
    INDELING,
    LEDEN,
    PEILMOMENT,
    REGIO,
    SLEUTEL,
    Cells,
    Members,
    cells_of,
    members_of,
)
from spatial.domain.indicators import GROEPEN, Thema
from spatial.domain.regions import Indeling, Niveau
from spatial.domain.sources import Source
from spatial.domain.status import Status
from spatial.domain.verdeling import Sleutel, load_scheme
from spatial.errors import QuestionError, UnknownMemberError
from spatial.store.snapshot import Snapshot

_THEIL_DECIMALS = 3


class Hoeveelheid(StrEnum):
    """What of the group is divided; the value is the indicator."""

    HUISHOUDENS = "huishoudens"
    PERSONEN = "personen"


@dataclass(frozen=True, slots=True)
class Vraag:
    """All that decides the answer.

    Attributes:
        regio: code of the region that is divided, such as ``PV26`` or ``NL01``.
        groep: the aandachtsgroep.
        peilmoment: day of the figures.
        sleutels: ids of the keys, in the order of the answer; none: all.
        indeling: year of the boundaries; None: those of the peilmoment itself.
        leden: level of the members among which it is divided.
        hoeveelheid: households, or persons.
    """

    regio: str
    groep: Thema
    peilmoment: date
    sleutels: tuple[str, ...] = ()
    indeling: Indeling | None = None
    leden: Niveau = Niveau.GEMEENTE
    hoeveelheid: Hoeveelheid = Hoeveelheid.HUISHOUDENS

    def parameters(self) -> dict[str, str]:
        """Return the question as names and texts, in a fixed order: asked again, it is the same."""
        wanted = {
            REGIO: self.regio,
            GROEP: self.groep.value,
            PEILMOMENT: self.peilmoment.isoformat(),
            SLEUTEL: ",".join(self.sleutels),
            INDELING: "" if self.indeling is None else str(self.indeling),
            LEDEN: self.leden.value,
            HOEVEELHEID: self.hoeveelheid.value,
        }
        return {name: text for name, text in wanted.items() if text}


@dataclass(frozen=True, slots=True)
class Getal:
    """A number that does not travel alone; None where the status has no number."""

    waarde: float | None
    status: Status
    laag: float | None
    hoog: float | None


@dataclass(frozen=True, slots=True)
class Lid:
    """A member of the region.

    Attributes:
        code: its code.
        naam: its name.
        groep: of the group there.
        sleutel: of the key there.
        evenredig: its proportional share.
        verschil: group minus proportional share.
        locatiequotient: its part of the group divided by its part of the key.
        toewijzing: whole households; over all members they add up to the group. None without it.
    """

    code: str
    naam: str
    groep: Getal
    sleutel: Getal
    evenredig: Getal
    verschil: Getal
    locatiequotient: Getal
    toewijzing: int | None


@dataclass(frozen=True, slots=True)
class Ongelijkheid:
    """The Theil index, and how many members it leaves out.

    Attributes:
        totaal: over all members that count.
        tussen: the part between provincies; only for gemeenten in the land.
        binnen: the part within them.
        meegeteld: members that count.
        weggelaten: members without a number, or with nothing of the key.
    """

    totaal: Getal
    tussen: Getal | None
    binnen: Getal | None
    meegeteld: int
    weggelaten: int


@dataclass(frozen=True, slots=True)
class PerSleutel:
    """The distribution by one key.

    Attributes:
        sleutel: the key.
        begin: first day over which the key is counted.
        eind: last day; the same day for a stock.
        geheel: the key in the region: the sum of the members where all are known.
        leden: the members, by code.
        te_verplaatsen: Hoover index in per cent.
        plafond: the highest index that so many members allow, in per cent; None without a key.
        ongelijkheid: Theil index; None when fewer than two members count.
        opmerking: why an index or allocation is not given, in Dutch; empty when both are.
        remark: the same in English.
    """

    sleutel: Sleutel
    begin: date
    eind: date
    geheel: Getal
    leden: tuple[Lid, ...]
    te_verplaatsen: Getal
    plafond: float | None
    ongelijkheid: Ongelijkheid | None
    opmerking: str
    remark: str


@dataclass(frozen=True, slots=True)
class Verdeeld:
    """The answer.

    Attributes:
        vraag: the question in full: it gives the same answer on the same snapshot.
        snapshot: id of the snapshot.
        naam: name of the region.
        niveau: its level.
        indeling: year of the boundaries.
        groep: of the group in the region, as the source gives it.
        sleutels: per key.
        bronnen: sources of figures and shapes.
        meldingen: what must stand beside the figures, in Dutch and English.
    """

    vraag: Vraag
    snapshot: str
    naam: str
    niveau: Niveau
    indeling: Indeling
    groep: Getal
    sleutels: tuple[PerSleutel, ...]
    bronnen: tuple[Source, ...]
    meldingen: tuple[tuple[str, str], ...]


def verdeel(snapshot: Snapshot, vraag: Vraag) -> Verdeeld:
    """Divide a group over the members of a region.

    Args:
        snapshot: holds the figures.
        vraag: the question.

    Raises:
        QuestionError: an input asks for what the snapshot does not have; the message says what there is.
    """
    if vraag.groep not in GROEPEN:
        known = ", ".join(GROEPEN)
        raise QuestionError(GROEP, f"{vraag.groep} is no aandachtsgroep; there are {known}")
    keys = _keys(vraag.sleutels)
    members = members_of(snapshot, vraag.regio, vraag.leden, _where(vraag))
    cells = cells_of(snapshot, members, vraag.hoeveelheid.value, keys)
    sources = tuple(snapshot.contents.source(source) for source in members.bronnen)
    notices = [(source.melding, source.notice_en) for source in sources if source.melding]
    return Verdeeld(
        vraag=vraag,
        snapshot=snapshot.id,
        naam=members.naam,
        niveau=members.niveau,
        indeling=members.indeling,
        groep=_getal(cells.groep_geheel),
        sleutels=tuple(_per_key(members, cells, key) for key in keys),
        bronnen=sources,
        meldingen=tuple(dict.fromkeys(notices)),
    )


def _keys(names: Sequence[str]) -> list[Sleutel]:
    """Return the keys of these names, each once; all when there are none."""
    scheme = load_scheme()
    try:
        return [scheme.sleutel(name) for name in dict.fromkeys(names)] or list(scheme.sleutels)
    except UnknownMemberError as error:
        raise QuestionError(SLEUTEL, str(error)) from error


def _where(vraag: Vraag) -> tuple[str, date, Indeling | None]:
    return vraag.groep.value, vraag.peilmoment, vraag.indeling


def _per_key(members: Members, cells: Cells, key: Sleutel) -> PerSleutel:
    verdeling = cells.verdeling(key)
    begin, eind = cells.period(key)
    index = hoover(verdeling)
    allocation = _allocation(members, verdeling)
    opmerking, remark = _why(index, allocated=allocation is not None)
    (top,) = ceiling(verdeling)
    return PerSleutel(
        sleutel=key,
        begin=begin,
        eind=eind,
        geheel=_getal(key_whole(verdeling)),
        leden=tuple(_leden(members, verdeling, allocation)),
        te_verplaatsen=_getal(index),
        plafond=None if np.isnan(top) else round(100 * float(top), 1),
        ongelijkheid=_theil(verdeling, members.delen),
        opmerking=opmerking,
        remark=remark,
    )


def _allocation(members: Members, verdeling: Verdeling) -> list[int] | None:
    """Return whole households per member; None when the group or a key has no number."""
    whole, keys = verdeling.groep_geheel, verdeling.sleutel
    if not (whole.known.all() and keys.known.all() and keys.waarde.sum() > 0):
        return None
    return allocate(int(whole.waarde[0]), keys.waarde.tolist(), members.codes)


def _leden(members: Members, verdeling: Verdeling, allocation: list[int] | None) -> Iterator[Lid]:
    columns = (
        verdeling.groep,
        verdeling.sleutel,
        proportional(verdeling),
        gap(verdeling),
        quotient(verdeling),
    )
    parts = [None] * len(members.codes) if allocation is None else allocation
    numbers = zip(*(_getallen(column) for column in columns), strict=True)
    for code, naam, (groep, sleutel, share, apart, ratio), part in zip(
        members.codes, members.namen, numbers, parts, strict=True
    ):
        yield Lid(code, naam, groep, sleutel, share, apart, ratio, part)


def _theil(verdeling: Verdeling, parts: np.ndarray | None) -> Ongelijkheid | None:
    found = theil(verdeling.groep, verdeling.sleutel, parts)
    if found is None:
        return None
    return Ongelijkheid(
        totaal=_part(found.totaal),
        tussen=None if found.tussen is None else _part(found.tussen),
        binnen=None if found.binnen is None else _part(found.binnen),
        meegeteld=found.meegeteld,
        weggelaten=found.weggelaten,
    )


def _part(part: Part) -> Getal:
    value, low, high = (np.array([number]) for number in (part.waarde, part.laag, part.hoog))
    return _getal(computed((value, low, high), exact(value).status, _THEIL_DECIMALS))


def _getal(amounts: Amounts) -> Getal:
    """Return the only number of a column."""
    (number,) = _getallen(amounts)
    return number


def _getallen(amounts: Amounts) -> list[Getal]:
    columns = (
        [None if isnan(number) else number for number in column.tolist()]
        for column in (amounts.waarde, amounts.laag, amounts.hoog)
    )
    value, low, high = columns
    return [Getal(*row) for row in zip(value, amounts.statuses(), low, high, strict=True)]


_REASONS: Mapping[Status, tuple[str, str]] = {
    Status.GEHEIM_OF_ONBEKEND: (
        "Te verplaatsen deel niet getoond: het zou te veel zeggen van een geheim of onbekend cijfer.",
        "Part to be moved not shown: it would tell too much of a confidential or unknown figure.",
    ),
    Status.TE_KLEIN: (
        "Te verplaatsen deel niet getoond: de groep of de sleutel is te klein om door te delen.",
        "Part to be moved not shown: the group or the key is too small to divide by.",
    ),
    Status.ONTBREEKT_IN_BRON: (
        "De bron heeft voor dit peilmoment geen cijfer van de groep of van de sleutel in elk gebied.",
        "The source has no figure of the group or of the key in every area at this date.",
    ),
    Status.NIET_VAN_TOEPASSING: (
        "De groep of de sleutel bestaat niet in elk gebied.",
        "The group or the key does not exist in every area.",
    ),
}
_NOT_ALLOCATED = (
    "Geen toewijzing: niet elk gebied heeft een cijfer van de sleutel, of de groep heeft er geen.",
    "No allocation: not every area has a figure of the key, or the group has none.",
)


def _why(index: Amounts, *, allocated: bool) -> tuple[str, str]:
    """Tell in Dutch and English why an index or an allocation is not given."""
    reasons = [
        _REASONS.get(index.statuses()[0], ("", "")),
        ("", "") if allocated else _NOT_ALLOCATED,
    ]
    nl, en = (" ".join(filter(None, texts)) for texts in zip(*reasons, strict=True))
    return nl, en
