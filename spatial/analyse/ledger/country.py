"""The account of the country: the sum of its gemeenten, or what was published of it as a whole."""

from collections.abc import Iterable, Mapping

from spatial.analyse.ledger.accounts import MONTHS, UNKNOWN, Account, Books, Entry, book, standing
from spatial.analyse.ledger.cells import ABSENT, Cell, exact, total
from spatial.domain.facts import NationalTarget
from spatial.domain.periods import Period
from spatial.domain.status import Status

_NETTED = "verrekend in de achterstand"


def keep_country(
    targets: Mapping[Period, Cell],
    books: Books,
    national: Iterable[NationalTarget],
    months: Mapping[Period, int],
) -> dict[Period, Account]:
    """Work out the country in every half-year.

    Args:
        targets: by half-year, the published national total.
        books: the accounts of all gemeenten.
        national: totals, with the achterstand at their start where that was published.
        months: half-years of which something was reported, and how many months that counts.

    Returns:
        Carry-over and realisation are the sums of the gemeenten where every one has a count. Else the
        achterstand is the published one (voorsprongen are netted in it), or follows from the half-year
        before; and housed is what brought it to the next published achterstand. The target is always
        the published total: less than the sum of the gemeenten, each of which is rounded up.
    """
    shortfalls = {one.period: one.achterstand for one in national}
    accounts: dict[Period, Account] = {}
    periods = sorted(books.accounts)
    for number, period in enumerate(periods):
        later = periods[number + 1] if number + 1 < len(periods) else None
        left = None if later is None else shortfalls.get(later)
        entry = _summed(targets.get(period, ABSENT), books.accounts[period])
        if entry.achterstand is None:
            entry = _as_published(entry, shortfalls.get(period), left)
        since, before = books.sinds[period], UNKNOWN
        if number and since is not None and since != period.begin:
            earlier = periods[number - 1]
            over = months.get(earlier, MONTHS) == MONTHS
            before = standing(accounts[earlier], over=over)
        accounts[period] = book(entry, None if since == period.begin else before)
    return accounts


def _summed(target: Cell, accounts: Mapping[str, Account]) -> Entry:
    """Return the sums of the gemeenten; a carry-over that one of them lacks is left open."""
    rows = list(accounts.values())
    herkomst = f"opgeteld uit {len(rows)} gemeenten"
    short, ahead, housed = (
        total([getattr(row, name) for row in rows], herkomst)
        for name in ("achterstand", "voorsprong", "gehuisvest")
    )
    if short.waarde is None or ahead.waarde is None:
        return Entry(target, housed)
    return Entry(target, housed, short, ahead)


def _as_published(entry: Entry, shortfall: int | None, left: int | None) -> Entry:
    """Return the entry with the published achterstand, and what follows from the next one."""
    if shortfall is None:
        return entry
    housed, target = entry.gehuisvest, entry.taakstelling.waarde
    if housed.waarde is None and target is not None and left is not None:
        herkomst = f"{target} + achterstand {shortfall} - achterstand {left} bij het volgende begin"
        housed = exact(target + shortfall - left, Status.BEREKEND, herkomst)
    return Entry(
        entry.taakstelling,
        housed,
        exact(shortfall, herkomst="gepubliceerd"),
        exact(0, Status.BEREKEND, _NETTED),
    )
