"""A count that may be less than nothing, with its status and bounds; missing in, missing out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from spatial.domain.crosswalk import PPM
from spatial.domain.status import Status

_WORST_FIRST = (
    Status.GEHEIM_OF_ONBEKEND,
    Status.TE_KLEIN,
    Status.ONTBREEKT_IN_BRON,
    Status.NIET_VAN_TOEPASSING,
)


@dataclass(frozen=True, slots=True)
class Cell:
    """A count of persons.

    Attributes:
        waarde: the count; None when the status has no value.
        status: see ``spatial.domain.status``.
        herkomst: how it came about, in words; None when there is nothing to say.
        ondergrens: lowest possible true count; None as ``waarde``.
        bovengrens: highest possible true count; None as ``waarde``.
        voorlopig: the half-year is not over, or the source calls it provisional.
    """

    waarde: int | None
    status: Status
    herkomst: str | None = None
    ondergrens: int | None = None
    bovengrens: int | None = None
    voorlopig: bool = False


ABSENT = Cell(None, Status.ONTBREEKT_IN_BRON)
"""Nobody said it: never taken for nothing."""


def exact(count: int, status: Status = Status.WAARGENOMEN, herkomst: str | None = None) -> Cell:
    """Return a count whose bounds are the count itself."""
    return Cell(count, status, herkomst, count, count)


def bounds(cell: Cell) -> tuple[int, int, int] | None:
    """Return count, lower and upper bound; None without a count."""
    if cell.waarde is None or cell.ondergrens is None or cell.bovengrens is None:
        return None
    return cell.waarde, cell.ondergrens, cell.bovengrens


def balance(plus: Sequence[Cell], minus: Sequence[Cell] = (), herkomst: str | None = None) -> Cell:
    """Add cells and take others off.

    Args:
        plus: what counts up; at least one.
        minus: what counts down.
        herkomst: how to name the result; None: no herkomst.

    Returns:
        Berekend, or geschat when a term is, with the bounds that those of the terms allow. Without a
        count in every term the worst status of the terms, and no count.
    """
    terms = [*plus, *minus]
    up, down = [bounds(cell) for cell in plus], [bounds(cell) for cell in minus]
    voorlopig = any(cell.voorlopig for cell in terms)
    if None in up or None in down:
        return Cell(None, worst(terms), voorlopig=voorlopig)
    above, below = [one for one in up if one], [one for one in down if one]
    return Cell(
        sum(one[0] for one in above) - sum(one[0] for one in below),
        Status.GESCHAT if _estimated(terms) else Status.BEREKEND,
        herkomst,
        sum(one[1] for one in above) - sum(one[2] for one in below),
        sum(one[2] for one in above) - sum(one[1] for one in below),
        voorlopig,
    )


def total(parts: Sequence[Cell], herkomst: str | None = None) -> Cell:
    """Add the cells of parts of one area: opgeteld, or geschat when a part is.

    Returns:
        Without a count in every part the worst status of the parts, and no count. No parts at all is
        absent, not nothing.
    """
    if not parts:
        return ABSENT
    found = balance(parts, herkomst=herkomst)
    return replace(found, status=Status.OPGETELD) if found.status is Status.BEREKEND else found


def worst(cells: Iterable[Cell]) -> Status:
    """Return the status of a result that misses the count of one of these."""
    found = {cell.status for cell in cells}
    return next((status for status in _WORST_FIRST if status in found), Status.ONTBREEKT_IN_BRON)


def above_zero(cell: Cell, herkomst: str | None = None) -> Cell:
    """Return what a cell is more than nothing, with its bounds; missing stays missing."""
    known = bounds(cell)
    if known is None:
        return replace(cell, herkomst=None)
    count, low, high = (max(0, number) for number in known)
    return replace(cell, waarde=count, ondergrens=low, bovengrens=high, herkomst=herkomst)


def negated(cell: Cell) -> Cell:
    """Return a cell with the other sign; missing stays missing."""
    known = bounds(cell)
    if known is None:
        return cell
    count, low, high = known
    return replace(cell, waarde=-count, ondergrens=-high, bovengrens=-low)


def divided(cell: Cell, parts: Sequence[tuple[int, int]], herkomst: str) -> list[Cell]:
    """Divide a count over the receivers of a split gemeente, in whole persons.

    Args:
        cell: the count; below zero it is divided as if it were above.
        parts: per receiver its weight and how far that may be off (parts per million); the weights
            sum to ``PPM``.
        herkomst: how to name the results.

    Returns:
        Per receiver a cell that is geschat; together they are exactly the count (largest remainder;
        of equal ones the first). Bounds are those of the count by those of the weight, outward.
    """
    known = bounds(cell)
    if known is None:
        return [replace(cell, herkomst=None)] * len(parts)
    count, low, high = known
    sign = -1 if count < 0 else 1
    shares = [divmod(abs(count) * ppm, PPM) for ppm, _ in parts]
    left = abs(count) - sum(whole for whole, _ in shares)
    order = sorted(range(len(parts)), key=lambda place: (-shares[place][1], place))
    cells = []
    for place, (ppm, margin) in enumerate(parts):
        part = sign * (shares[place][0] + (place in order[:left]))
        weights = max(0, ppm - margin), min(PPM, ppm + margin)
        products = [number * weight for number in (low, high) for weight in weights]
        lowest = min(part, min(products) // PPM)
        highest = max(part, -(-max(products) // PPM))
        cells.append(Cell(part, Status.GESCHAT, herkomst, lowest, highest, cell.voorlopig))
    return cells


def _estimated(cells: Iterable[Cell]) -> bool:
    return any(cell.status is Status.GESCHAT for cell in cells)
