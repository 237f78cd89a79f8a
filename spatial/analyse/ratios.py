"""Shares in per cent with the bounds that the rounding of their parts implies.

A share is never summed, recoded or averaged: its parts are, and then it is divided anew.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from spatial.domain.indicators import Indicator, Soort
from spatial.domain.status import WITH_VALUE, Status
from spatial.errors import SchemaError, ValueParseError

_STATUSES = tuple(Status)
_PLACE = {status: place for place, status in enumerate(_STATUSES)}
_HAS_VALUE = np.array([status in WITH_VALUE for status in _STATUSES])
_MISSING = (
    Status.TE_KLEIN,
    Status.ONTBREEKT_IN_BRON,
    Status.NIET_VAN_TOEPASSING,
    Status.GEHEIM_OF_ONBEKEND,
)
"""What a missing part makes of a share; the later one wins."""


@dataclass(frozen=True, slots=True)
class Cells:
    """A column with its status and bounds, as Arrow arrays of one length.

    Attributes:
        waarde: counts (int64) or shares (double, per cent); missing when the status has no value.
        status: see ``spatial.domain.status``.
        ondergrens: lowest possible true value; missing as ``waarde``.
        bovengrens: highest possible true value; missing as ``waarde``.
    """

    waarde: pa.Array
    status: pa.Array
    ondergrens: pa.Array
    bovengrens: pa.Array


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
    above, below = _codes(teller), _codes(noemer)
    parts, whole = _counts(teller.waarde), _counts(noemer.waarde)
    status = np.full(len(parts), _PLACE[Status.BEREKEND])
    status[_either(above, below, Status.GESCHAT)] = _PLACE[Status.GESCHAT]
    status[whole < minimum] = _PLACE[Status.TE_KLEIN]
    status[whole == 0] = _PLACE[Status.NIET_VAN_TOEPASSING]
    for missing in _MISSING:
        status[_either(above, below, missing)] = _PLACE[missing]
    valued = _HAS_VALUE[status]
    least, most = _counts(teller.ondergrens), _counts(teller.bovengrens)
    narrow, wide = _counts(noemer.ondergrens), _counts(noemer.bovengrens)
    _refuse_more_than_whole((status == _PLACE[Status.BEREKEND]) & (least > wide), teller, noemer)
    return Cells(
        waarde=_percentage(2000 * parts + whole, 2 * whole, valued),
        status=pa.array([entry.value for entry in _STATUSES]).take(pa.array(status)),
        ondergrens=_percentage(1000 * least, wide, valued),
        bovengrens=_percentage(1000 * most + narrow - 1, narrow, valued),
    )


def add_shares(wide: pa.Table, indicators: Sequence[Indicator], *, minimum: int = 50) -> pa.Table:
    """Append the four columns of every share, from the counts in a wide table.

    Args:
        wide: per count indicator the columns that ``Indicator.columns`` names.
        indicators: indicators of the theme; only shares are added, in this order.
        minimum: a smaller whole gives no share.

    Returns:
        The table with value (double, per cent, one decimal), status, lower and upper bound appended.

    Raises:
        SchemaError: a part or whole is not in the table.
        ValueParseError: a part is more than its whole can be.
    """
    for entry in indicators:
        if entry.soort is not Soort.AANDEEL:
            continue
        cells = share(
            _cells(wide, entry.teller, entry.id),
            _cells(wide, entry.noemer, entry.id),
            minimum=minimum,
        )
        values = (cells.waarde, cells.status, cells.ondergrens, cells.bovengrens)
        for name, column in zip(entry.columns, values, strict=True):
            wide = wide.append_column(name, column)
    return wide


def _cells(wide: pa.Table, indicator_id: str, share_id: str) -> Cells:
    names = (indicator_id, f"{indicator_id}Status", f"{indicator_id}Min", f"{indicator_id}Max")
    if missing := sorted(set(names).difference(wide.column_names)):
        message = f"share {share_id!r} needs columns {missing}, which the table does not have"
        raise SchemaError(message)
    return Cells(*(wide.column(name).combine_chunks() for name in names))


def _codes(cells: Cells) -> np.ndarray:
    """Return the status of each cell as its place in ``_STATUSES``."""
    encoded = cells.status.dictionary_encode()
    places = [_PLACE[Status(name)] for name in encoded.dictionary.to_pylist()]
    codes: np.ndarray = np.array(places, dtype=np.int64)[encoded.indices.to_numpy()]
    return codes


def _counts(column: pa.Array) -> np.ndarray:
    """Return counts; 0 stands where there is none, and is never looked at."""
    counts: np.ndarray = column.fill_null(0).to_numpy().astype(np.int64)
    return counts


def _either(above: np.ndarray, below: np.ndarray, status: Status) -> np.ndarray:
    either: np.ndarray = (above == _PLACE[status]) | (below == _PLACE[status])
    return either


def _percentage(tenths: np.ndarray, whole: np.ndarray, valued: np.ndarray) -> pa.Array:
    """Return ``tenths // whole`` tenths of a per cent; a whole that may be 0 gives 100."""
    divided = tenths // np.maximum(whole, 1)
    divided = np.where(whole > 0, np.clip(divided, 0, 1000), 1000)
    return pa.array(divided / 10, mask=~valued)


def _refuse_more_than_whole(wrong: np.ndarray, teller: Cells, noemer: Cells) -> None:
    if not wrong.any():
        return
    row = int(np.argmax(wrong))
    message = (
        f"row {row}: a part of {teller.waarde[row].as_py()} is more than its whole of "
        f"{noemer.waarde[row].as_py()} can be ({wrong.sum()} such rows); is the right whole taken?"
    )
    raise ValueParseError(message)
