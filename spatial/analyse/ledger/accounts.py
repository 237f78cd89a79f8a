"""The accounts of gemeenten, half-year after half-year, and through the nights of redivisions.

opgave = taakstelling + achterstand - voorsprong; saldo = opgave - gehuisvest. What is left of an
opgave is the achterstand at the start of the next half-year, what was done above it the voorsprong.
Huisvestingswet 2014, articles 28 and 29: a task that was not met stays in force.

A merger adds saldos. Of a split the saldo is divided by inhabitants, and geschat.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby, pairwise

from spatial.analyse.ledger.cells import (
    ABSENT,
    Cell,
    above_zero,
    balance,
    divided,
    exact,
    negated,
    total,
)
from spatial.domain.crosswalk import PPM
from spatial.domain.periods import Period
from spatial.domain.regions import Indeling
from spatial.domain.status import Status
from spatial.errors import RegisterError

MONTHS = 6
"""Months of a half-year."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What is known of one gemeente in one half-year.

    Attributes:
        taakstelling: the target, without carry-over.
        gehuisvest: persons who were housed, up to the peildatum.
        achterstand: shortfall at the start as published; None: it follows from the half-year before.
        voorsprong: head start at the start as published; None as ``achterstand``.
    """

    taakstelling: Cell
    gehuisvest: Cell = ABSENT
    achterstand: Cell | None = None
    voorsprong: Cell | None = None


@dataclass(frozen=True, slots=True)
class Account:
    """One gemeente in one half-year, worked out.

    Attributes:
        taakstelling: the target, without carry-over.
        achterstand: shortfall at the start, at least 0.
        voorsprong: head start at the start, at least 0.
        opgave: taakstelling + achterstand - voorsprong; below 0 when the voorsprong is the greater.
        gehuisvest: persons who were housed, up to the peildatum.
        saldo: opgave - gehuisvest: above 0 is left to do, below 0 was done in advance.
        taakstelling_cumulatief: targets since the first half-year of the series.
        gehuisvest_cumulatief: persons housed since then.
    """

    taakstelling: Cell
    achterstand: Cell
    voorsprong: Cell
    opgave: Cell
    gehuisvest: Cell
    saldo: Cell
    taakstelling_cumulatief: Cell
    gehuisvest_cumulatief: Cell


@dataclass(frozen=True, slots=True)
class Standing:
    """What goes on to the next half-year: the saldo, and both sums so far."""

    saldo: Cell
    taakstelling: Cell
    gehuisvest: Cell


@dataclass(frozen=True, slots=True)
class Part:
    """The part of an old gemeente that is in a new one (parts per million), and its margin."""

    van: str
    naar: str
    ppm: int
    grens_ppm: int


@dataclass(frozen=True, slots=True)
class Books:
    """All accounts.

    Attributes:
        accounts: by half-year and gemeentecode of its indeling.
        sinds: by half-year, the first day of the series over which is added up; None in a half-year
            in which too few gemeenten have a taakstelling, which breaks the series.
    """

    accounts: Mapping[Period, Mapping[str, Account]]
    sinds: Mapping[Period, date | None]


UNKNOWN = Standing(ABSENT, ABSENT, ABSENT)


def keep_books(
    entries: Mapping[Period, Mapping[str, Entry]],
    nights: Mapping[Indeling, Sequence[Part]],
    months: Mapping[Period, int],
) -> Books:
    """Work out every gemeente in every half-year.

    Args:
        entries: by half-year, each gemeente of its indeling once; half-years that follow each other.
        nights: by new indeling, how the gemeenten of the one before are in those of that one; needed
            for every 1 January in between.
        months: half-years that are not over: how many months are counted. Of these no saldo goes on.

    Returns:
        The accounts. A half-year in which fewer than half of the gemeenten have a taakstelling ends the
        series: the sums begin anew in the next one that has. What a gemeente without one has left over
        is then unknown.

    Raises:
        RegisterError: a half-year is left out, or a night or a gemeente in it is not known.
    """
    periods = sorted(entries)
    _check_order(periods)
    accounts: dict[Period, dict[str, Account]] = {}
    sinds: dict[Period, date | None] = {}
    standings: Mapping[str, Standing] = {}
    for before, period in zip([None, *periods], periods, strict=False):
        if before and before.indeling != period.indeling:
            standings = cross(standings, _night(nights, period.indeling))
        runs = sinds[before] if before else None
        adds_up = _adds_up(entries[period].values())
        sinds[period] = (runs or period.begin) if adds_up else None
        accounts[period] = {
            code: book(entry, _since(standings.get(code, UNKNOWN), sinds[period], period))
            for code, entry in entries[period].items()
        }
        over = months.get(period, MONTHS) == MONTHS
        standings = {code: standing(one, over=over) for code, one in accounts[period].items()}
    return Books(accounts, sinds)


def book(entry: Entry, before: Standing | None) -> Account:
    """Work out one half-year.

    Args:
        entry: what is known of it.
        before: what comes from the half-year before; None: the series begins here.
    """
    carried = ABSENT if before is None else before.saldo
    short = above_zero(carried, carried.herkomst)
    ahead = above_zero(negated(carried), carried.herkomst)
    if entry.achterstand is not None or entry.voorsprong is not None:
        short, ahead = entry.achterstand or ABSENT, entry.voorsprong or ABSENT
    opgave = balance([entry.taakstelling, short], [ahead])
    sums = [entry.taakstelling, entry.gehuisvest]
    if before is not None:
        sums = [balance([before.taakstelling, sums[0]]), balance([before.gehuisvest, sums[1]])]
    return Account(
        taakstelling=entry.taakstelling,
        achterstand=short,
        voorsprong=ahead,
        opgave=opgave,
        gehuisvest=entry.gehuisvest,
        saldo=balance([opgave], [entry.gehuisvest]),
        taakstelling_cumulatief=sums[0],
        gehuisvest_cumulatief=sums[1],
    )


def standing(account: Account, *, over: bool) -> Standing:
    """Return what goes on to the next half-year; of one that is not over only the targets do."""
    if not over:
        return Standing(ABSENT, account.taakstelling_cumulatief, ABSENT)
    return Standing(account.saldo, account.taakstelling_cumulatief, account.gehuisvest_cumulatief)


def cross(standings: Mapping[str, Standing], night: Iterable[Part]) -> dict[str, Standing]:
    """Carry what is left through a night of redivisions.

    Args:
        standings: by gemeentecode of the old indeling.
        night: every old gemeente with its receivers; the weights of one sum to ``PPM``.

    Returns:
        By gemeentecode of the new indeling. One old gemeente without a count makes every receiver
        unknown.

    Raises:
        RegisterError: a gemeente has a standing, but no receivers.
    """
    receivers = sorted(night, key=lambda part: (part.van, part.naar))
    arriving: dict[str, list[Standing]] = {}
    known = set()
    for van, group in groupby(receivers, key=lambda part: part.van):
        known.add(van)
        parts = list(group)
        for part, one in zip(parts, _parts(standings.get(van, UNKNOWN), parts), strict=True):
            arriving.setdefault(part.naar, []).append(one)
    if lost := sorted(set(standings) - known):
        message = f"the crosswalk does not tell where {', '.join(lost[:5])} went"
        raise RegisterError(message)
    return {code: _together(found) for code, found in arriving.items()}


def _parts(standing_: Standing, parts: Sequence[Part]) -> list[Standing]:
    """Return what each receiver gets of an old gemeente."""
    if len(parts) == 1 and parts[0].ppm == PPM:
        return [standing_]
    weights = [(part.ppm, part.grens_ppm) for part in parts]
    herkomst = f"deel van {parts[0].van}, naar inwoners"
    cells = [
        divided(cell, weights, herkomst)
        for cell in (standing_.saldo, standing_.taakstelling, standing_.gehuisvest)
    ]
    return [Standing(*columns) for columns in zip(*cells, strict=True)]


def _together(found: Sequence[Standing]) -> Standing:
    if len(found) == 1:
        return found[0]
    herkomst = f"opgeteld uit {len(found)} gemeenten of delen daarvan"
    return Standing(
        total([one.saldo for one in found], herkomst),
        total([one.taakstelling for one in found]),
        total([one.gehuisvest for one in found]),
    )


def _adds_up(entries: Collection[Entry]) -> bool:
    """Tell whether at least half of the gemeenten have a taakstelling."""
    known = sum(entry.taakstelling.waarde is not None for entry in entries)
    return 2 * known >= len(entries)


def _since(before: Standing, sinds: date | None, period: Period) -> Standing:
    """Return what comes from the half-year before, with the sums of the series that runs."""
    if sinds is None:
        return Standing(before.saldo, ABSENT, ABSENT)
    if sinds == period.begin:
        nothing = exact(0, Status.BEREKEND)
        return Standing(before.saldo, nothing, nothing)
    return before


def _night(nights: Mapping[Indeling, Sequence[Part]], indeling: Indeling) -> Sequence[Part]:
    if indeling not in nights:
        message = f"there is no crosswalk to the indeling of {indeling} for the carry-over"
        raise RegisterError(message)
    return nights[indeling]


def _check_order(periods: Sequence[Period]) -> None:
    for earlier, later in pairwise(periods):
        if (later.begin - earlier.eind).days != 1:
            message = f"a ledger has no half-year left out: {later.begin} follows {earlier.eind}"
            raise RegisterError(message)
