"""One partition of cells in all chosen indelingen: a pure function from Arrow table to Arrow table.

A cell needs other regions of the same cell and the total of its own region only: a partition is a
group, or some kenmerken of it with the total, and no partition needs another one.
"""

from collections.abc import Set
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from spatial.analyse.ratios import Counts, share_of_total
from spatial.analyse.statuses import PLACE
from spatial.domain.status import Status, rounding_bounds
from spatial.domain.tables import CELLS, OBSERVATIONS, SERIES
from spatial.harmonise.kernel.table import Ints, ranks, states_of
from spatial.harmonise.series import carry_all
from spatial.harmonise.sums import sum_by
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

_OWN = pa.schema(
    [
        SCHEMA.field(name) if name != "bron" else pa.field(name, SCHEMA.field("groep").type)
        for name in OBSERVATIONS.names
    ]
)
_KEYLESS = replace(CELLS, key=())


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
    _KEYLESS.check(cells, "cells of a partition")
    own = _observations(cells, plan)
    own = pa.concat_tables([own, *(sum_by(own, level, plan.naming) for level in plan.summed)])
    weights = _cell_weights(own, plan)
    parts = [SCHEMA.empty_table()]
    for way in plan.ways:
        naar = way.walk.naar
        past = _where(own, pc.less_equal(own["indeling"], naar))
        of_past = (
            None if weights is None else _where(weights, pc.less(weights["van_indeling"], naar))
        )
        parts.append(_with_shares(carry_all(past, way, of_past), kenmerken))
    return pa.concat_tables(parts)


def _where(table: pa.Table, condition: pa.ChunkedArray) -> pa.Table:
    return table if pc.all(condition).as_py() else table.filter(condition)


def _observations(cells: pa.Table, plan: SeriesPlan) -> pa.Table:
    """Return cells as ``OBSERVATIONS``: with their source, and the bounds of their rounding."""
    _, half = rounding_bounds(0, plan.base)
    count = cells.num_rows
    zeros = pa.array(np.zeros(count, np.int32))
    waarde = cells["waarde"]
    columns = {name: cells[name] for name in CELLS.names}
    columns |= {
        "bron": pa.DictionaryArray.from_arrays(zeros, pa.array([plan.source.id])),
        "ondergrens": pc.max_element_wise(pc.subtract(waarde, half), 0, skip_nulls=False),
        "bovengrens": pc.add(waarde, half),
        "herkomst": pa.nulls(count, _OWN.field("herkomst").type),
    }
    table = pa.table({name: columns[name] for name in OBSERVATIONS.names})
    return pa.table([_encoded(table[name], _OWN.field(name).type) for name in _OWN.names], _OWN)


def _encoded(column: pa.ChunkedArray, wanted: pa.DataType) -> pa.ChunkedArray:
    if pa.types.is_dictionary(wanted) and not pa.types.is_dictionary(column.type):
        return column.dictionary_encode()
    return column.cast(wanted)


def _cell_weights(own: pa.Table, plan: SeriesPlan) -> pa.Table | None:
    """Return the weights that the cells themselves give in the nights in which one was divided."""
    if not plan.nights:
        return None
    members = own.filter(pc.equal(own["niveau"], plan.naming.enkelvoud))
    return pa.concat_tables([jump_weights(members, night)[0] for night in plan.nights])


def _with_shares(carried: pa.Table, kenmerken: Set[str] | None) -> pa.Table:
    """Return ``SERIES``: every count divided by the total of its group, measure, region and period."""
    labels, kenmerk = ranks(carried["kenmerk"])
    is_total = kenmerk == (labels.index(TOTAAL) if TOTAAL in labels else -1)
    key, size = _place_of(carried)
    totals = np.full(size, -1, np.int32)
    totals[key[is_total]] = np.flatnonzero(is_total)
    rows = np.arange(len(kenmerk))
    if kenmerken is not None:
        wanted = np.array([label in kenmerken for label in labels], np.bool_)
        rows = np.flatnonzero(wanted[kenmerk])
    counts = _counts(carried)
    part, whole = counts.take(rows), counts.take(totals[key[rows]])
    for side in (part, whole):
        side.status[is_total[rows]] = PLACE[Status.NIET_VAN_TOEPASSING]
    shares = share_of_total(part, whole)
    kept = carried if len(rows) == carried.num_rows else carried.take(pa.array(rows))
    columns = {name: kept[name] for name in SERIES.names if name in carried.column_names}
    columns |= {
        "aandeel": shares.waarde,
        "aandeel_status": pa.chunked_array([shares.status]),
        "aandeel_ondergrens": shares.ondergrens,
        "aandeel_bovengrens": shares.bovengrens,
    }
    tidied = {
        name: tidy(column) if pa.types.is_dictionary(column.type) else column
        for name, column in columns.items()
    }
    return pa.table([tidied[name] for name in SCHEMA.names], SCHEMA)


def _place_of(carried: pa.Table) -> tuple[Ints, int]:
    """Number the group, measure, region and period of every row; and tell how many there may be."""
    begins, begin = ranks(carried["begin"])
    ends, end = ranks(carried["eind"])
    period = begin.astype(np.int64) * max(1, len(ends)) + end
    occurs = np.flatnonzero(np.bincount(period, minlength=len(begins) * len(ends)))
    place = np.zeros(len(begins) * len(ends), np.int64)
    place[occurs] = np.arange(len(occurs))
    key, size = place[period], len(occurs)
    for name in ("groep", "maat", "code"):
        labels, rank = ranks(carried[name])
        key += rank.astype(np.int64) * size
        size *= len(labels)
    return key, size


def _counts(carried: pa.Table) -> Counts:
    numbers = (carried[name].fill_null(0) for name in ("waarde", "ondergrens", "bovengrens"))
    return Counts(states_of(carried["status"]), *(column.to_numpy() for column in numbers))


def tidy(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return text of which the dictionary has the labels that occur, in order: the same bytes always."""
    labels, rank = ranks(column)
    used = np.bincount(rank[rank >= 0], minlength=len(labels)) > 0
    place = np.append(np.cumsum(used) - 1, -1).astype(np.int32)[rank]
    kept = pa.array(
        [label for label, is_used in zip(labels, used, strict=True) if is_used], pa.string()
    )
    indices = pa.array(place, mask=place < 0)
    return pa.chunked_array([pa.DictionaryArray.from_arrays(indices, kept)])
