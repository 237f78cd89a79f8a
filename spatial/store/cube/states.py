"""The state of a cell in one byte: its status, whether it is provisional, and whose bounds it has.

Zero says that the source has no such row.
"""

import numpy as np
import numpy.typing as npt

from spatial.domain.status import OF_FIGURES

type States = npt.NDArray[np.uint8]

ABSENT = 0
_STATUS = 0x3F
_PROVISIONAL = 0x40
_OWN_BOUNDS = 0x80

STATUSES = tuple(status.value for status in OF_FIGURES)
"""The statuses, in the order of their code."""

VALUED = np.array([False, *(status.has_value for status in OF_FIGURES)])
"""By status code (0: no row): the cell holds a number."""


def packed(
    codes: npt.NDArray[np.intp], provisional: npt.NDArray[np.bool_], own: npt.NDArray[np.bool_]
) -> States:
    """Return states.

    Args:
        codes: place of each status in ``STATUSES``.
        provisional: the source calls it provisional.
        own: its bounds do not follow from rounding.
    """
    state = codes + 1 + np.where(provisional, _PROVISIONAL, 0) + np.where(own, _OWN_BOUNDS, 0)
    return state.astype(np.uint8)


def status_of(states: States) -> States:
    """Return the status codes: 0 where there is no row, else one more than the place in ``STATUSES``."""
    return states & np.uint8(_STATUS)


def provisional_of(states: States) -> npt.NDArray[np.bool_]:
    """Tell of each cell whether it is provisional."""
    return np.asarray((states & np.uint8(_PROVISIONAL)) != 0)


def own_bounds_of(states: States) -> npt.NDArray[np.bool_]:
    """Tell of each cell whether its bounds are written apart."""
    return np.asarray((states & np.uint8(_OWN_BOUNDS)) != 0)
