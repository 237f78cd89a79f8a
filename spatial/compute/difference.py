"""Differences of published values, with the interval that their bounds leave."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from spatial.domain.status import Status

type Numbers = npt.NDArray[np.float64]

_MISSING = (
    Status.TE_KLEIN,
    Status.ONTBREEKT_IN_BRON,
    Status.NIET_VAN_TOEPASSING,
    Status.GEHEIM_OF_ONBEKEND,
)
"""What a missing value makes of a difference; the later one wins."""

_DECIMALS = 6


class Oordeel(StrEnum):
    """What a difference says, besides the status of the values that it is made of."""

    NIET_VAST_TE_STELLEN = "niet_vast_te_stellen"

    @property
    def label_nl(self) -> str:
        """Dutch label."""
        return "verschil niet vast te stellen"

    @property
    def label_en(self) -> str:
        """English label."""
        return "difference cannot be established"


@dataclass(frozen=True, slots=True)
class Waarden:
    """Values with status and bounds; arrays of one length.

    Attributes:
        waarde: NaN where the status has no value.
        status: status of each.
        ondergrens: lowest possible true value; NaN as ``waarde``.
        bovengrens: highest possible true value.
    """

    waarde: Numbers
    status: tuple[Status, ...]
    ondergrens: Numbers
    bovengrens: Numbers


@dataclass(frozen=True, slots=True)
class Verschillen:
    """Differences; arrays of one length.

    Attributes:
        waarde: the difference; NaN where it cannot be established or a value is missing.
        status: berekend, or geschat when a value is; ``niet_vast_te_stellen`` when the intervals of
            the values overlap; of missing values their status.
        ondergrens: lowest possible true difference; NaN when a value is missing.
        bovengrens: highest possible true difference.
    """

    waarde: Numbers
    status: tuple[Status | Oordeel, ...]
    ondergrens: Numbers
    bovengrens: Numbers


def difference(of: Waarden, against: Waarden) -> Verschillen:
    """Subtract values from values.

    The bounds hold for whatever true values lie behind the published ones. A difference has a
    number only when it has the same sign for all of them, or is exactly 0.
    """
    low = np.round(of.ondergrens - against.bovengrens, _DECIMALS)
    high = np.round(of.bovengrens - against.ondergrens, _DECIMALS)
    status = tuple(
        _status(*pair)
        for pair in zip(of.status, against.status, low.tolist(), high.tolist(), strict=True)
    )
    established = np.array([isinstance(entry, Status) and entry.has_value for entry in status])
    missing = np.array([isinstance(entry, Status) and not entry.has_value for entry in status])
    value = np.round(of.waarde - against.waarde, _DECIMALS)
    return Verschillen(
        np.where(established, value, np.nan),
        status,
        np.where(missing, np.nan, low),
        np.where(missing, np.nan, high),
    )


def _status(one: Status, other: Status, low: float, high: float) -> Status | Oordeel:
    for missing in reversed(_MISSING):
        if missing in {one, other}:
            return missing
    if low <= 0 <= high and low < high:
        return Oordeel.NIET_VAST_TE_STELLEN
    return Status.GESCHAT if Status.GESCHAT in {one, other} else Status.BEREKEND
