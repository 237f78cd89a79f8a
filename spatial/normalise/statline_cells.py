"""One reader for every cell of StatLine: a number with its bounds, or a sign that stays a sign."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from spatial.domain.statline import ATTRIBUTE_IMPOSSIBLE, ATTRIBUTE_NONE, ATTRIBUTE_NOT_GIVEN
from spatial.domain.status import Status, rounding_bounds
from spatial.errors import SchemaError, ValueParseError

_NUMBER = r"^\d+(\.0+)?$"
_LARGEST = 10**12
_STATUSES = (Status.WAARGENOMEN, Status.GEHEIM_OF_ONBEKEND, Status.NIET_VAN_TOEPASSING)
_OBSERVED, _SECRET, _IMPOSSIBLE = range(3)


@dataclass(frozen=True, slots=True)
class Cells:
    """Parsed cells, in the order in which they were given.

    Attributes:
        waarde: int64; missing when the status has no value.
        status: waargenomen, geheim_of_onbekend or niet_van_toepassing.
        ondergrens: lowest count that rounds to the value; missing as ``waarde``.
        bovengrens: highest count that rounds to the value; missing as ``waarde``.
        signs: how often each sign stood where a number could have stood.
    """

    waarde: pa.Array
    status: pa.Array
    ondergrens: pa.Array
    bovengrens: pa.Array
    signs: Mapping[str, int]


def parse_cells(
    values: pa.Array, attributes: pa.Array | None, rows: pa.Array, *, where: str, base: int
) -> Cells:
    """Read cells as numbers or signs.

    Args:
        values: numbers or text; blank or missing cannot occur logically, '.' is not given.
        attributes: ValueAttribute of version 4; any other than None and Impossible makes a cell
            unknown, also when there is a number in it. None for a table without this column.
        rows: name or number of each row, for messages.
        where: file or table, for messages.
        base: what the source rounds its counts to.

    Raises:
        SchemaError: the values are neither numbers nor text.
        ValueParseError: a cell is not a whole number of at least 0, not a multiple of ``base``, or
            is empty although its attribute says that there is a value.
    """
    numbers, kind = _numbers_and_kind(values, rows, where)
    secret = int((kind == _SECRET).sum())
    signs = {ATTRIBUTE_NOT_GIVEN: secret} if secret else {}
    if attributes is not None:
        marks, names = _encoded(attributes)
        plain = marks == names.index(ATTRIBUTE_NONE)
        empty = plain & (kind == _IMPOSSIBLE)
        _refuse(empty, values, rows, f"{where}: no value, but ValueAttribute is 'None'")
        meaning = [_IMPOSSIBLE if name == ATTRIBUTE_IMPOSSIBLE else _SECRET for name in names]
        kind = np.where(plain, kind, np.array(meaning)[marks])
        signs = _count_signs(kind == _SECRET, marks, names)
    observed = kind == _OBSERVED
    with np.errstate(invalid="ignore"):
        sound = (numbers >= 0) & (numbers <= _LARGEST) & (np.remainder(numbers, base) == 0)
    rule = f"{where}: not a whole number of at least 0 and a multiple of {base}"
    _refuse(observed & ~sound, values, rows, rule)
    counts = np.where(observed, numbers, 0).astype(np.int64)
    return _cells(counts, kind, signs, base)


def _numbers_and_kind(
    values: pa.Array, rows: pa.Array, where: str
) -> tuple[np.ndarray, np.ndarray]:
    """Return the cells as floats (NaN without a number) and what each of them is."""
    if pa.types.is_null(values.type):
        return np.full(len(values), np.nan), np.full(len(values), _IMPOSSIBLE)
    if pa.types.is_integer(values.type) or pa.types.is_floating(values.type):
        absent = values.is_null().to_numpy(zero_copy_only=False)
        numbers = pc.cast(values, pa.float64(), safe=False).to_numpy(zero_copy_only=False)
        return numbers, np.where(absent, _IMPOSSIBLE, _OBSERVED)
    text = _text(values).fill_null("")
    blank = pc.equal(text, "").to_numpy(zero_copy_only=False)
    secret = pc.equal(text, ATTRIBUTE_NOT_GIVEN).to_numpy(zero_copy_only=False)
    number = pc.match_substring_regex(text, _NUMBER).to_numpy(zero_copy_only=False)
    _refuse(~(blank | secret | number), values, rows, f"{where}: neither a count nor '.' nor blank")
    digits = pc.if_else(pa.array(number), text, "nan")
    numbers = pc.cast(digits, pa.float64()).to_numpy(zero_copy_only=False)
    return numbers, np.select([blank, secret], [_IMPOSSIBLE, _SECRET], _OBSERVED)


def _text(values: pa.Array) -> pa.Array:
    """Return text without the blanks around it.

    Raises:
        SchemaError: the values are not text.
    """
    if pa.types.is_dictionary(values.type):
        values = values.cast(values.type.value_type)
    if not (pa.types.is_string(values.type) or pa.types.is_large_string(values.type)):
        message = f"cells are {values.type}; expected numbers or text"
        raise SchemaError(message)
    return pc.utf8_trim_whitespace(values)


def _refuse(wrong: np.ndarray, values: pa.Array, rows: pa.Array, rule: str) -> None:
    if not wrong.any():
        return
    first = int(np.argmax(wrong))
    message = (
        f"{rule}: {values[first].as_py()!r} in row {rows[first].as_py()} ({wrong.sum()} such cells)"
    )
    raise ValueParseError(message)


def _encoded(attributes: pa.Array) -> tuple[np.ndarray, list[str]]:
    """Return the attribute of each row as a number, and their names; the first name is None's."""
    names = [ATTRIBUTE_NONE, ATTRIBUTE_IMPOSSIBLE]
    encoded = _text(attributes).fill_null(ATTRIBUTE_NONE).dictionary_encode()
    found = encoded.dictionary.to_pylist()
    names += [name for name in found if name not in names]
    place = np.array([names.index(name) for name in found], dtype=np.int64)
    return place[encoded.indices.to_numpy()], names


def _count_signs(secret: np.ndarray, marks: np.ndarray, names: list[str]) -> dict[str, int]:
    """Count the signs; a '.' in the number column itself has no attribute of its own."""
    counts = np.bincount(marks[secret], minlength=len(names)).tolist()
    signs = {ATTRIBUTE_NOT_GIVEN: 0}
    for name, count in zip(names, counts, strict=True):
        sign = ATTRIBUTE_NOT_GIVEN if name == ATTRIBUTE_NONE else name
        signs[sign] = signs.get(sign, 0) + count
    return {sign: count for sign, count in signs.items() if count}


def _cells(counts: np.ndarray, kind: np.ndarray, signs: dict[str, int], base: int) -> Cells:
    absent = kind != _OBSERVED
    _, half = rounding_bounds(0, base)
    names = pa.array([status.value for status in _STATUSES], pa.string())
    return Cells(
        waarde=pa.array(counts, mask=absent),
        status=names.take(pa.array(kind)),
        ondergrens=pa.array(np.maximum(counts - half, 0), mask=absent),
        bovengrens=pa.array(counts + half, mask=absent),
        signs=signs,
    )
