"""What changed between two moments, and whether it can be established at all.

A published value stands for an interval. Two values whose intervals overlap may be equal: their
difference then has bounds, but no number.
"""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from spatial.analyse.ratios import Cells
from spatial.analyse.statuses import HAS_VALUE, PLACE, STATUSES
from spatial.domain.status import WORST_LAST, Status

_HAS_BOUNDS = np.array([status.has_bounds for status in STATUSES])
_PER_CENT = 100


@dataclass(frozen=True, slots=True)
class _Steps:
    """A column in whole steps of its rounding; 0 stands where there is no number."""

    waarde: np.ndarray
    low: np.ndarray
    high: np.ndarray
    status: np.ndarray


def difference(of: Cells, against: Cells, *, step: float) -> Cells:
    """Subtract values from values of the same unit, row by row.

    Args:
        of: counts, shares or ratios.
        against: what they are held against; n rows as ``of``.
        step: rounding of both, such as 0.1; they are whole numbers of it.

    Returns:
        Differences (double, in the unit of the values; of shares percentage points). The bounds hold
        for whatever true values lie within those of the two. Berekend, or geschat when one of them
        is; niet_vast_te_stellen, with bounds and without a number, when the two may be equal and are
        not known to be; of missing values their status (geheim_of_onbekend before
        niet_van_toepassing before ontbreekt_in_bron before te_klein), without a number or bounds.
    """
    one, other = _steps(of, step), _steps(against, step)
    low, high = one.low - other.high, one.high - other.low
    status = _judged(one.status, other.status, low, high)
    return _cells((one.waarde - other.waarde, low, high), status, round(1 / step))


def relative_change(now: Cells, then: Cells, *, step: float = 0.1, minimum: int = 50) -> Cells:
    """Return the change of counts since another moment, in per cent of what they were.

    Args:
        now: counts.
        then: counts of the other moment; n rows as ``now``.
        step: to what the per cent are rounded: half up, the bounds outward.
        minimum: of fewer than this no per cent are given (te_klein).

    Returns:
        As ``difference``, in per cent. A count that was 0 gives niet_van_toepassing; one that may
        have been nothing te_klein, because there would be no upper bound.
    """
    one, other = _steps(now, 1), _steps(then, 1)
    status = _judged(one.status, other.status, one.low - other.high, one.high - other.low)
    known = _HAS_BOUNDS[status]
    status[known & ((other.waarde < minimum) | (other.low == 0))] = PLACE[Status.TE_KLEIN]
    status[known & (other.waarde == 0)] = PLACE[Status.NIET_VAN_TOEPASSING]
    scale = round(_PER_CENT / step)
    was, most, least = (np.maximum(part, 1) for part in (other.waarde, other.high, other.low))
    numbers = (
        (2 * scale * (one.waarde - other.waarde) + was) // (2 * was),
        scale * (one.low - other.high) // most,
        -(scale * (other.low - one.high) // least),
    )
    return _cells(numbers, status, round(1 / step))


def _steps(cells: Cells, step: float) -> _Steps:
    encoded = cells.status.dictionary_encode()
    places = np.array(
        [PLACE[Status(name)] for name in encoded.dictionary.to_pylist()], dtype=np.int64
    )
    numbers = (
        np.rint(column.fill_null(0).to_numpy(zero_copy_only=False).astype(np.float64) / step)
        for column in (cells.waarde, cells.ondergrens, cells.bovengrens)
    )
    waarde, low, high = (steps.astype(np.int64) for steps in numbers)
    return _Steps(waarde, low, high, places[encoded.indices.to_numpy()])


def _judged(one: np.ndarray, other: np.ndarray, low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """Return the status of each difference, as its place in ``STATUSES``."""
    status = np.full(len(one), PLACE[Status.BEREKEND])
    estimate = PLACE[Status.GESCHAT]
    status[(one == estimate) | (other == estimate)] = estimate
    status[(low <= 0) & (high >= 0) & (low < high)] = PLACE[Status.NIET_VAST_TE_STELLEN]
    for missing in WORST_LAST:
        place = PLACE[missing]
        status[(one == place) | (other == place)] = place
    return status


def _cells(
    numbers: tuple[np.ndarray, np.ndarray, np.ndarray], status: np.ndarray, per_unit: int
) -> Cells:
    waarde, low, high = numbers
    bounded = _HAS_BOUNDS[status]
    return Cells(
        waarde=pa.array(waarde / per_unit, mask=~HAS_VALUE[status]),
        status=pa.array([entry.value for entry in STATUSES]).take(pa.array(status)),
        ondergrens=pa.array(low / per_unit, mask=~bounded),
        bovengrens=pa.array(high / per_unit, mask=~bounded),
    )
