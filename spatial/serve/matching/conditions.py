"""Where a condition holds."""

from collections.abc import Callable
from typing import Any

import numpy as np
import shapely

from spatial.errors import QueryError
from spatial.serve.cql2.expression import (
    GEOMETRY,
    Among,
    Comparison,
    Condition,
    Constant,
    Every,
    Flag,
    Like,
    Literal,
    Missing,
    Not,
    Operand,
    Place,
    Property,
    Some,
    Spatial,
    Temporal,
)
from spatial.serve.matching.numbers import compare_numbers, numbers
from spatial.serve.matching.spatial import relate_shapes
from spatial.serve.matching.temporal import relate_times
from spatial.serve.matching.texts import compare_texts, like, texts
from spatial.serve.matching.truth import Mask, Truth, every, known, some
from spatial.serve.read.layer import Matched


def matching(condition: Condition, layer: Matched) -> Mask:
    """Tell of each feature whether the condition is true; not where it is unknown.

    Raises:
        QueryError: shapes cannot be compared as asked.
    """
    try:
        yes = truth(condition, layer).yes
    except shapely.GEOSException as error:
        message = f"filter: the geometries cannot be compared: {error}"
        raise QueryError(message) from error
    return np.broadcast_to(yes, layer.count)


def truth(condition: Condition, layer: Matched) -> Truth:
    """Return where the condition is true, and where it is false."""
    return _TRUTHS[type(condition)](condition, layer)


def _constant(condition: Constant, _layer: Matched) -> Truth:
    return known(np.array([condition.value]), np.zeros(1, dtype=bool))


def _flag(condition: Flag, layer: Matched) -> Truth:
    column = layer.columns[condition.naam]
    return known(column.cells.astype(bool), column.missing)


def _every(condition: Every, layer: Matched) -> Truth:
    return every([truth(part, layer) for part in condition.parts])


def _some(condition: Some, layer: Matched) -> Truth:
    return some([truth(part, layer) for part in condition.parts])


def _not(condition: Not, layer: Matched) -> Truth:
    yes, no = truth(condition.part, layer)
    return Truth(no, yes)


def _comparison(condition: Comparison, layer: Matched) -> Truth:
    op, left, right = condition.op, condition.left, condition.right
    if left.kind == "number":
        return compare_numbers(op, left, right, layer)
    if left.kind == "boolean":
        equal = _alike(_truth_of(left, layer), _truth_of(right, layer))
        return equal if op == "=" else Truth(equal.no, equal.yes)
    return compare_texts(op, left, right, layer)


def _alike(left: Truth, right: Truth) -> Truth:
    return Truth(
        (left.yes & right.yes) | (left.no & right.no), (left.yes & right.no) | (left.no & right.yes)
    )


def _among(condition: Among, layer: Matched) -> Truth:
    return texts(condition.operand, layer).where(condition.choices.__contains__)


def _like(condition: Like, layer: Matched) -> Truth:
    return texts(condition.operand, layer).where(like(condition.pattern))


def _missing(condition: Missing, layer: Matched) -> Truth:
    return known(_lacking(condition.operand, layer), np.zeros(1, dtype=bool))


def _lacking(operand: Operand, layer: Matched) -> Mask:
    if isinstance(operand, Literal | Place):
        return np.zeros(1, dtype=bool)
    if isinstance(operand, Property) and operand.kind == GEOMETRY:
        return np.asarray(layer.shape_of < 0)
    if operand.kind == "number":
        return numbers(operand, layer).missing
    if operand.kind == "boolean":
        yes, no = _truth_of(operand, layer)
        return ~(yes | no)
    return texts(operand, layer).places < 0


def _truth_of(operand: Any, layer: Matched) -> Truth:
    """Return the truth of an operand whose kind is boolean: only conditions are."""
    return truth(operand, layer)


_TRUTHS: dict[type, Callable[[Any, Matched], Truth]] = {
    Constant: _constant,
    Flag: _flag,
    Every: _every,
    Some: _some,
    Not: _not,
    Comparison: _comparison,
    Among: _among,
    Like: _like,
    Missing: _missing,
    Spatial: relate_shapes,
    Temporal: relate_times,
}
