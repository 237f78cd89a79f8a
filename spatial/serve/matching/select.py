"""Select and order the features that a query asks for; pure."""

from datetime import date

import numpy as np
import numpy.typing as npt

from spatial.serve.ask.query import Filter, Interval, Query, Sort
from spatial.serve.matching.conditions import matching
from spatial.serve.read.layer import Column, Layer, Rows

type Mask = npt.NDArray[np.bool_]


def select(layer: Layer, query: Query) -> Rows:
    """Return the rows of all matching features, ordered; paging is for the caller."""
    mask = np.ones(layer.count, dtype=bool)
    for condition in query.filters:
        mask &= _equal(layer.columns[condition.naam], condition)
    if query.filter is not None:
        mask &= matching(query.filter, layer)
    if query.interval is not None:
        mask &= _during(layer, query.interval)
    if query.box is not None:
        # a feature without shape has place -1: the last, which is always False
        mask &= np.append(layer.shapes.intersecting(query.box), [False])[layer.shape_of]
    return _ordered(layer, np.flatnonzero(mask), query.sort)


def _equal(column: Column, condition: Filter) -> Mask:
    value = condition.value.isoformat() if isinstance(condition.value, date) else condition.value
    if column.words is None:
        return np.asarray(column.cells == value) & ~column.missing
    if value not in column.words:
        return np.zeros(len(column.cells), dtype=bool)
    return np.asarray(column.cells == column.words.index(str(value)))


def _during(layer: Layer, interval: Interval) -> Mask:
    mask = np.ones(layer.count, dtype=bool)
    if interval.begin is not None:
        mask &= layer.eind >= np.datetime64(interval.begin)
    if interval.eind is not None:
        mask &= layer.begin <= np.datetime64(interval.eind)
    return mask


def _ordered(layer: Layer, rows: Rows, sort: tuple[Sort, ...]) -> Rows:
    if not sort:
        return rows
    keys: list[npt.NDArray[np.generic]] = []
    for key in reversed(sort):
        column = layer.columns[key.naam]
        _, rank = np.unique(column.cells[rows], return_inverse=True)
        keys += [-rank if key.descending else rank, column.missing[rows]]
    return rows[np.lexsort(keys)]
