"""How a recoded row came about, for the row as a whole: methode and herkomst."""

from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

from spatial.domain.indicators import Indicator
from spatial.domain.status import Status

_WORST_FIRST = (Status.GESCHAT, Status.OPGETELD, Status.BEREKEND, Status.WAARGENOMEN)


def with_origin(
    wide: pa.Table, observations: pa.Table, indicators: Sequence[Indicator]
) -> pa.Table:
    """Append ``methode`` and ``herkomst`` to a wide table of one indeling.

    Args:
        wide: the wide table; its statuses tell how each value came about.
        observations: the long table it was made of (``OBSERVATIONS``).
        indicators: its indicators, in order; those of another groep than the theme tell nothing.

    Returns:
        ``methode``: geschat when any value of the row is, else opgeteld when any is, else
        waargenomen; missing when the row has no value. ``herkomst``: source codes with the weights
        that the first indicator used; missing for a region that is what it was.
    """
    counts = [entry for entry in indicators if entry.soort.is_count and not entry.groep]
    methode = pa.nulls(wide.num_rows, pa.string())
    for status in reversed(_WORST_FIRST):
        name = Status.WAARGENOMEN if status is Status.BEREKEND else status
        hit = pa.array([False] * wide.num_rows, pa.bool_())
        for entry in counts:
            hit = pc.or_(hit, pc.equal(wide[entry.columns[1]], status.value))
        methode = pc.if_else(hit, pa.scalar(name.value), methode)
    return wide.append_column("methode", methode).append_column(
        "herkomst", _herkomst(wide, observations, counts[0])
    )


def _herkomst(wide: pa.Table, observations: pa.Table, first: Indicator) -> pa.Array:
    mine = observations.filter(
        pc.and_(
            pc.equal(observations["kenmerk"], first.kenmerk),
            pc.equal(observations["maat"], first.maat),
        )
    )
    intervals = "periodeEind" in wide.column_names
    days = mine["begin"] if intervals else mine["eind"]
    texts = dict(
        zip(
            zip(mine["code"].to_pylist(), days.to_pylist(), strict=True),
            mine["herkomst"].to_pylist(),
            strict=True,
        )
    )
    keys = zip(wide["regioCode"].to_pylist(), wide["peilmoment"].to_pylist(), strict=True)
    return pa.array([texts.get(key) for key in keys], pa.string())
