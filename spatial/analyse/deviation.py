"""How far shares and ratios of regions are from those of a larger region."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from spatial.analyse.change import difference
from spatial.analyse.ratios import Cells
from spatial.domain.status import Status


def rows_of(cells: Cells, places: np.ndarray, absent: Status) -> Cells:
    """Return chosen rows of a column; another status where there is none to choose.

    Args:
        cells: the column.
        places: row of each result; -1 where there is none.
        absent: status of those, without number or bounds.
    """
    found = pa.array(places >= 0)
    chosen = pa.array(places, mask=places < 0)
    status = cells.status.take(chosen)
    return Cells(
        waarde=cells.waarde.take(chosen),
        status=_either(found, status, absent),
        ondergrens=cells.ondergrens.take(chosen),
        bovengrens=cells.bovengrens.take(chosen),
    )


def deviation(of: Cells, reference: Cells, places: np.ndarray, *, step: float) -> Cells:
    """Subtract the figure of a larger region from those of regions.

    A region is a part of the larger one; the bounds hold whether or not that is taken into account.

    Args:
        of: shares or ratios of regions; counts would give what is left of the larger region away.
        reference: shares or ratios of larger regions, of the same moments.
        places: per row of ``of`` the row of its larger region; -1 when there is none.
        step: rounding of both.

    Returns:
        As ``change.difference``; without a larger region niet_van_toepassing.
    """
    return difference(of, rows_of(reference, places, Status.NIET_VAN_TOEPASSING), step=step)


def _either(found: pa.Array, status: pa.Array, absent: Status) -> pa.Array:
    return pc.if_else(found, status, pa.scalar(absent.value))
