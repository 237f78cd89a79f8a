"""Numbers of features: compared exactly, calculated in double precision."""

import math
import operator
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from spatial.serve.cql2.expression import Arithmetic, Literal, Operand, Property
from spatial.serve.matching.truth import Mask, Truth, known
from spatial.serve.read.layer import Matched

_EXACT = 2**53
"""Whole numbers below this are exact in double precision; larger ones may become this one."""
_FLIPPED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
COMPARISONS: dict[str, Callable[[Any, Any], Any]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_CALCULATIONS: dict[str, Callable[[Any, Any], Any]] = {
    "+": np.add,
    "-": np.subtract,
    "*": np.multiply,
    "/": np.divide,
    "%": np.fmod,
    "div": lambda left, right: np.trunc(np.divide(left, right)),
    "^": np.power,
}


@dataclass(frozen=True, slots=True)
class Numbers:
    """Whole or floating cells, and where there is none; length 1 is the same for all features."""

    cells: npt.NDArray[Any]
    missing: Mask


def compare_numbers(op: str, left: Operand, right: Operand, layer: Matched) -> Truth:
    """Compare two numbers without rounding either."""
    if isinstance(left, Literal) and isinstance(right, Literal):
        yes = np.array([COMPARISONS[op](left.value, right.value)])
        return known(yes, np.zeros(1, dtype=bool))
    if isinstance(left, Literal):
        return compare_numbers(_FLIPPED.get(op, op), right, left, layer)
    first = numbers(left, layer)
    if isinstance(right, Literal):
        return known(_against(op, first.cells, right.value), first.missing)
    second = numbers(right, layer)
    cells = _alike(first.cells, second.cells)
    yes = np.asarray(COMPARISONS[op](*cells), dtype=bool)
    return known(yes, first.missing | second.missing)


def numbers(operand: Operand, layer: Matched) -> Numbers:
    """Return the numbers of all features.

    A result that is not finite, as after a division by zero, is missing.
    """
    if isinstance(operand, Property):
        column = layer.columns[operand.naam]
        return Numbers(column.cells, column.missing)
    if isinstance(operand, Arithmetic):
        left, right = numbers(operand.left, layer), numbers(operand.right, layer)
        with np.errstate(all="ignore"):
            cells = _CALCULATIONS[operand.op](
                left.cells.astype(np.float64), right.cells.astype(np.float64)
            )
        finite = np.isfinite(cells)
        return Numbers(np.where(finite, cells, 0.0), left.missing | right.missing | ~finite)
    if isinstance(operand, Literal):
        return Numbers(np.array([float(operand.value)]), np.zeros(1, dtype=bool))
    message = f"{operand} is not a number"
    raise TypeError(message)


def _against(op: str, cells: npt.NDArray[Any], value: Any) -> Mask:
    """Compare cells with a number, also one that their type cannot hold."""
    fitting = _fitting(cells, value)
    if fitting is not None:
        return np.asarray(COMPARISONS[op](cells, fitting), dtype=bool)
    if op in {"=", "<>"}:
        return np.full(len(cells), op == "<>")
    below = cells <= _below(cells, value)
    return np.asarray(below if op in {"<", "<="} else ~below, dtype=bool)


def _fitting(cells: npt.NDArray[Any], value: float) -> float | None:
    """Return the number in the type of the cells, if that can hold it."""
    if np.issubdtype(cells.dtype, np.integer):
        return int(value) if value == int(value) else None
    return float(value) if float(value) == value else None


def _below(cells: npt.NDArray[Any], value: float) -> float:
    """Return the largest number of the type of the cells below one that it cannot hold."""
    if np.issubdtype(cells.dtype, np.integer):
        return math.floor(value)
    near = float(value)
    return near if near < value else math.nextafter(near, -math.inf)


def _alike(left: npt.NDArray[Any], right: npt.NDArray[Any]) -> tuple[Any, Any]:
    """Return both so that numpy compares them without rounding whole numbers."""
    whole = [cells for cells in (left, right) if np.issubdtype(cells.dtype, np.integer)]
    if len(whole) == 1 and np.abs(whole[0].astype(np.float64)).max(initial=0) >= _EXACT:
        return left.astype(object), right.astype(object)
    return left, right
