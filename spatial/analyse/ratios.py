"""Shares and ratios with the bounds that the rounding of their counts implies.

They are never summed, recoded or averaged: their counts are, and then they are divided anew.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from spatial.analyse.statuses import HAS_VALUE, PLACE, STATUSES
from spatial.domain.indicators import Indicator, Soort
from spatial.domain.status import WORST_LAST, Status
from spatial.errors import SchemaError, ValueParseError


@dataclass(frozen=True, slots=True)
class Cells:
    """A column with its status and bounds, as Arrow arrays of one length.

    Attributes:
        waarde: counts (int64), or shares and ratios (double); missing when the status has no value.
        status: see ``spatial.domain.status``.
        ondergrens: lowest possible true value; missing as ``waarde``.
        bovengrens: highest possible true value; missing as ``waarde``.
    """

    waarde: pa.Array
    status: pa.Array
    ondergrens: pa.Array
    bovengrens: pa.Array


@dataclass(frozen=True, slots=True)
class Counts:
    """Counts with their status and bounds, as numpy arrays of one length.

    Attributes:
        status: place in ``analyse.statuses.STATUSES`` (int8).
        waarde: int64; 0 where the status has no value, and never looked at.
        ondergrens: lowest possible true count; likewise.
        bovengrens: highest possible true count; likewise.
    """

    status: np.ndarray
    waarde: np.ndarray
    ondergrens: np.ndarray
    bovengrens: np.ndarray

    def take(self, rows: np.ndarray) -> "Counts":
        """Return the counts at these positions; -1 stands for one that is not in the source."""
        status = np.append(self.status, np.int8(PLACE[Status.ONTBREEKT_IN_BRON]))[rows]
        numbers = (self.waarde, self.ondergrens, self.bovengrens)
        return Counts(status, *(np.append(column, 0)[rows] for column in numbers))


def share(teller: Cells, noemer: Cells, *, minimum: int = 50) -> Cells:
    """Divide counts of a part by counts of the whole that it is a part of.

    The bounds hold for whatever true counts lie behind the rounded ones, given that a part is not
    more than its whole; they lie within 0 and 100.

    Args:
        teller: counts of the part.
        noemer: counts of the whole.
        minimum: a smaller whole gives no share (te_klein).

    Returns:
        Per cent, rounded to one decimal (half up), with bounds rounded outward. Berekend, or
        geschat when a part is. Without a share: of parts without a value the status (geheim_of_onbekend
        before niet_van_toepassing before ontbreekt_in_bron), of a whole of 0 niet_van_toepassing, of
        another whole under the minimum te_klein.

    Raises:
        ValueParseError: a part is more than its whole can be, and neither is an estimate.
    """
    part, whole = _counts_of(teller), _counts_of(noemer)
    status = _divided_status(part, whole, minimum)
    _refuse_more_than_whole(_is_more(part, whole, status), teller, noemer)
    return _plain(_divided(part, whole, status, _PER_CENT))


def share_of_total(part: Counts, total: Counts, *, minimum: int = 50) -> Cells:
    """Divide counts of any kenmerk by the total of the same region and moment.

    As ``share``, for kenmerken of which nobody has said that they are a part of the total: a count
    that is more than the total can be is not, and has no share (niet_van_toepassing).

    Args:
        part: counts of the kenmerken.
        total: per count, the total.
        minimum: a smaller total gives no share (te_klein).

    Returns:
        As ``share``; ``status`` is dictionary-encoded.
    """
    status = _divided_status(part, total, minimum)
    status[_is_more(part, total, status)] = PLACE[Status.NIET_VAN_TOEPASSING]
    return _divided(part, total, status, _PER_CENT)


def ratio(teller: Cells, noemer: Cells, *, factor: int, step: float, minimum: int = 50) -> Cells:
    """Divide counts by other counts of the same moment, of which they need not be a part.

    Args:
        teller: counts above the line.
        noemer: counts below the line.
        factor: by what the quotient is multiplied, such as 1000.
        step: to what it is rounded, such as 0.01.
        minimum: a smaller noemer gives no ratio (te_klein).

    Returns:
        As ``share``, but rounded to ``step`` and without an end at 100. A noemer that may be nothing
        gives no ratio either (te_klein): there would be no upper bound.
    """
    above, below = _counts_of(teller), _counts_of(noemer)
    status = _divided_status(above, below, minimum)
    status[HAS_VALUE[status] & (below.ondergrens == 0)] = PLACE[Status.TE_KLEIN]
    per_unit = round(1 / step)
    return _plain(_divided(above, below, status, _Scale(factor * per_unit, per_unit)))


def add_ratios(wide: pa.Table, indicators: Sequence[Indicator], *, minimum: int = 50) -> pa.Table:
    """Append the four columns of every share and ratio, from the counts in a wide table.

    Args:
        wide: per count indicator the columns that ``Indicator.columns`` names.
        indicators: indicators of the theme; only shares and ratios are added, in this order.
        minimum: a smaller noemer gives none.

    Returns:
        The table with value (double, in the unit and rounding of the indicator), status, lower and
        upper bound appended.

    Raises:
        SchemaError: a count is not in the table.
        ValueParseError: a part is more than its whole can be.
    """
    for entry in indicators:
        if not entry.soort.is_ratio:
            continue
        above, below = (cells_of(wide, name, entry.id) for name in (entry.teller, entry.noemer))
        if entry.soort is Soort.AANDEEL:
            cells = share(above, below, minimum=minimum)
        else:
            cells = ratio(above, below, factor=entry.factor, step=entry.afronding, minimum=minimum)
        values = (cells.waarde, cells.status, cells.ondergrens, cells.bovengrens)
        for name, column in zip(entry.columns, values, strict=True):
            wide = wide.append_column(name, column)
    return wide


def cells_of(wide: pa.Table, indicator_id: str, wanted_by: str) -> Cells:
    """Return the four columns of an indicator in a wide table.

    Raises:
        SchemaError: the table lacks one; the message names who wanted it.
    """
    names = (indicator_id, f"{indicator_id}Status", f"{indicator_id}Min", f"{indicator_id}Max")
    schema = wide.schema
    if missing := sorted(name for name in names if schema.get_field_index(name) < 0):
        message = f"indicator {wanted_by!r} needs columns {missing}, which the table does not have"
        raise SchemaError(message)
    return Cells(*(wide.column(name).combine_chunks() for name in names))


def _counts_of(cells: Cells) -> Counts:
    """Return counts as numpy arrays."""
    encoded = cells.status.dictionary_encode()
    places = [PLACE[Status(name)] for name in encoded.dictionary.to_pylist()]
    status = np.array(places, dtype=np.int8)[encoded.indices.to_numpy()]
    numbers = (cells.waarde, cells.ondergrens, cells.bovengrens)
    return Counts(status, *(column.fill_null(0).to_numpy().astype(np.int64) for column in numbers))


@dataclass(frozen=True, slots=True)
class _Scale:
    """How a quotient is written in whole steps.

    Attributes:
        times: steps of a quotient of 1.
        per_unit: steps per unit of the result.
        most: steps of the greatest result; None without one.
    """

    times: int
    per_unit: int
    most: int | None = None


_EXACT = 1 << 52
_PER_CENT = _Scale(1000, 10, most=1000)


def _is_more(part: Counts, whole: Counts, status: np.ndarray) -> np.ndarray:
    """Tell where a part is certainly more than its whole, and neither is an estimate."""
    more: np.ndarray = (status == PLACE[Status.BEREKEND]) & (part.ondergrens > whole.bovengrens)
    return more


def _divided_status(above: Counts, below: Counts, minimum: int) -> np.ndarray:
    """Return the status of each quotient, as its place in ``STATUSES``."""

    def either(status: Status) -> np.ndarray:
        found: np.ndarray = (above.status == PLACE[status]) | (below.status == PLACE[status])
        return found

    status = np.full(len(below.waarde), PLACE[Status.BEREKEND], np.int8)
    status[either(Status.GESCHAT)] = PLACE[Status.GESCHAT]
    status[below.waarde < minimum] = PLACE[Status.TE_KLEIN]
    status[below.waarde == 0] = PLACE[Status.NIET_VAN_TOEPASSING]
    for missing in WORST_LAST:
        status[either(missing)] = PLACE[missing]
    return status


def _plain(cells: Cells) -> Cells:
    return replace(cells, status=cells.status.cast(pa.string()))


def _divided(above: Counts, below: Counts, status: np.ndarray, scale: _Scale) -> Cells:
    """Divide where the status has a value: half up, the bounds outward; dictionary-encoded."""
    missing = ~HAS_VALUE[status]
    names = pa.array([entry.value for entry in STATUSES], pa.string())
    whole, narrow = below.waarde, below.ondergrens

    def written(steps: np.ndarray, divisor: np.ndarray) -> pa.Array:
        quotient = _whole_quotient(steps, np.maximum(divisor, 1))
        if scale.most is not None:
            quotient = np.clip(quotient, 0, scale.most)
            quotient[divisor <= 0] = scale.most
        return pa.array(quotient / scale.per_unit, mask=missing)

    return Cells(
        waarde=written(2 * scale.times * above.waarde + whole, 2 * whole),
        status=pa.DictionaryArray.from_arrays(status.astype(np.int32), names),
        ondergrens=written(scale.times * above.ondergrens, below.bovengrens),
        bovengrens=written(scale.times * above.bovengrens + narrow - 1, narrow),
    )


def _whole_quotient(steps: np.ndarray, divisor: np.ndarray) -> np.ndarray:
    """Return how often whole numbers go into others, rounded down.

    Doubles divide several times faster and are exact here: a quotient that is not whole is at least
    1 / divisor away from the next whole number, which a double can tell below 2 to the 52nd.
    """
    if max(steps.max(initial=0), -steps.min(initial=0)) < _EXACT:
        floored: np.ndarray = np.floor(steps / divisor)
        return floored
    whole: np.ndarray = steps // divisor
    return whole


def _refuse_more_than_whole(wrong: np.ndarray, teller: Cells, noemer: Cells) -> None:
    if not wrong.any():
        return
    row = int(np.argmax(wrong))
    message = (
        f"row {row}: a part of {teller.waarde[row].as_py()} is more than its whole of "
        f"{noemer.waarde[row].as_py()} can be ({wrong.sum()} such rows); is the right whole taken?"
    )
    raise ValueParseError(message)
