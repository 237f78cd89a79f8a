"""One partition of cells in all chosen indelingen: a pure function from Arrow table to Arrow table.

A cell needs other regions of the same cell and the total of its own region only: a partition is a
group, or some kenmerken of it with the total, and no partition needs another one.
"""

from collections.abc import Set

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from spatial.analyse.ratios import Counts, share_of_total
from spatial.analyse.statuses import PLACE
from spatial.domain.status import Status, rounding_bounds
from spatial.domain.tables import CELLS, OBSERVATIONS, SERIES
from spatial.harmonise.kernel.levels import Carried, Way, carry_levels
from spatial.harmonise.kernel.table import Rows, columns_of, encode_cells
from spatial.harmonise.weigh.jump import jump_weights
from spatial.pipeline.series.plan import TOTAAL, SeriesPlan

SCHEMA = pa.schema(
    [
        (column.name, pa.dictionary(pa.int32(), pa.string()))
        if column.type == "string"
        else (column.name, pa.date32() if column.type.startswith("date32") else column.type)
        for column in SERIES.columns
    ]
)
"""``SERIES`` in Arrow."""


def harmonise(cells: pa.Table, plan: SeriesPlan, kenmerken: Set[str] | None = None) -> pa.Table:
    """Carry cells to all indelingen of the plan, add up, divide by the total, bound; missing stays so.

    The result does not depend on the order of rows, nor on what else is in the table.

    Args:
        cells: ``CELLS`` of one or more groups, all of a kenmerk and of its total; text may be
            dictionary-encoded, which is faster.
        plan: indelingen, memberships, weights.
        kenmerken: give only these; None for all that are there.

    Returns:
        ``SERIES``, indeling after indeling, level after level, each sorted by key. A cell that the
        source does not have in any region of which a new one consists is not there: it never
        becomes a zero. A kenmerk that is more than the total has no share (niet_van_toepassing), and
        neither has the total.

    Raises:
        SpatialError: see ``harmonise.series.carry_all``.
    """
    _, half = rounding_bounds(0, plan.base)
    rows, labels = encode_cells(cells, plan.source.id, half)
    weights = _cell_weights(cells, plan)
    tables = [SCHEMA.empty_table()]
    for way in plan.ways:
        past = rows
        if (labels.indeling_of > way.walk.naar).any():
            past = rows.take(np.flatnonzero(labels.indeling_of[rows.period] <= way.walk.naar))
        found = carry_levels(past, labels, way, _before(weights, way), plan.summed)
        if found is not None:
            tables.append(_with_shares(found, kenmerken))
    return pa.concat_tables(tables[1:] or tables)


def _before(weights: pa.Table | None, way: Way) -> pa.Table | None:
    """Return the weights of the nights before an indeling."""
    if weights is None:
        return None
    return weights.filter(pc.less(weights["van_indeling"], way.walk.naar))


def _cell_weights(cells: pa.Table, plan: SeriesPlan) -> pa.Table | None:
    """Return the weights that the cells themselves give in the nights in which one was divided."""
    if not plan.nights:
        return None
    members = _observations(cells.filter(pc.equal(cells["niveau"], plan.naming.enkelvoud)), plan)
    return pa.concat_tables([jump_weights(members, night)[0] for night in plan.nights])


def _observations(cells: pa.Table, plan: SeriesPlan) -> pa.Table:
    """Return cells as ``OBSERVATIONS``: with their source, and the bounds of their rounding."""
    _, half = rounding_bounds(0, plan.base)
    count, waarde = cells.num_rows, cells["waarde"]
    columns = {name: cells[name] for name in CELLS.names}
    columns |= {
        "bron": pa.repeat(plan.source.id, count),
        "ondergrens": pc.max_element_wise(pc.subtract(waarde, half), 0, skip_nulls=False),
        "bovengrens": pc.add(waarde, half),
        "herkomst": pa.nulls(count, pa.string()),
    }
    return pa.table({name: columns[name] for name in OBSERVATIONS.names})


def _with_shares(found: Carried, kenmerken: Set[str] | None) -> pa.Table:
    """Return ``SERIES``: every count divided by the total of its group, measure, region and period."""
    rows, labels = found.rows, found.labels
    groep, kenmerk, maat = labels.of_cells()
    is_total = np.array([label == TOTAAL for label in labels.kenmerk], np.bool_)[kenmerk]
    wanted = np.array([kenmerken is None or label in kenmerken for label in labels.kenmerk])[
        kenmerk
    ]
    key = (groep * len(labels.maat) + maat)[rows.cell] * len(found.places.regions)
    key = (key + rows.region) * len(labels.indeling_of) + rows.period
    totals = rows.take(np.flatnonzero(is_total[rows.cell]))
    place = np.full(int(key.max(initial=-1)) + 1, -1, np.int32)
    place[key[is_total[rows.cell]]] = np.arange(len(totals.cell))
    if not wanted.all():
        chosen = np.flatnonzero(wanted[rows.cell])
        rows, key = rows.take(chosen), key[chosen]
    part, whole = Counts(rows.state.copy(), *rows.numbers), _counts(totals).take(place[key])
    for side in (part, whole):
        side.status[is_total[rows.cell]] = PLACE[Status.NIET_VAN_TOEPASSING]
    shares = share_of_total(part, whole)
    columns = columns_of(rows, labels, found.places, found.texts)
    columns |= {
        "aandeel": shares.waarde,
        "aandeel_status": shares.status,
        "aandeel_ondergrens": shares.ondergrens,
        "aandeel_bovengrens": shares.bovengrens,
    }
    return pa.table([columns[name] for name in SCHEMA.names], SCHEMA)


def _counts(rows: Rows) -> Counts:
    return Counts(rows.state, *rows.numbers)
