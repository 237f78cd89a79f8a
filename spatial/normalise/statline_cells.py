"""One reader for every cell of StatLine: a number with its bounds, or a sign that stays a sign."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from spatial.domain.statline import ATTRIBUTE_IMPOSSIBLE, ATTRIBUTE_NONE, ATTRIBUTE_NOT_GIVEN
from spatial.domain.status import Status, rounding_bounds
from spatial.errors import SchemaError, ValueParseError

_NUMBER = r"^\d+([.,]0{1,2})?$"  # 5.000 may be five thousand: refused
_LARGEST = 10**12
STATUSES = (Status.WAARGENOMEN, Status.GEHEIM_OF_ONBEKEND, Status.NIET_VAN_TOEPASSING)
"""What a cell of the source can be; its place in this row is its ``kind``."""
OBSERVED, SECRET, IMPOSSIBLE = range(3)


@dataclass(frozen=True, slots=True)
class Parsed:
    """Numbers and signs, in the order in which they were given.

    Attributes:
        counts: int64; 0 where there is no number.
        kind: int8: what each cell is, a place in ``STATUSES``.
        signs: how often each sign stood where a number could have stood.
    """

    counts: np.ndarray
    kind: np.ndarray
    signs: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Cells:
    """Parsed cells, in the order in which they were given.

    Attributes:
        waarde: int64; missing when the status has no value.
        status: waargenomen, geheim_of_onbekend or niet_van_toepassing.
        ondergrens: lowest count that rounds to the value; missing as ``waarde``.
        bovengrens: highest count that rounds to the value; missing as ``waarde``.
    """

    waarde: pa.Array
    status: pa.Array
    ondergrens: pa.Array
    bovengrens: pa.Array


def parse(
    values: pa.Array, attributes: pa.Array | None, rows: pa.Array, *, where: str, base: int
) -> Parsed:
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
    secret = int(np.count_nonzero(kind == SECRET))
    signs = {ATTRIBUTE_NOT_GIVEN: secret} if secret else {}
    if attributes is not None:
        marks, names = _encoded(attributes)
        plain = marks == names.index(ATTRIBUTE_NONE)
        empty = plain & (kind == IMPOSSIBLE)
        _refuse(empty, values, rows, f"{where}: no value, but ValueAttribute is 'None'")
        meaning = [IMPOSSIBLE if name == ATTRIBUTE_IMPOSSIBLE else SECRET for name in names]
        kind = np.where(plain, kind, np.array(meaning, dtype=np.int8)[marks])
        signs = _count_signs(kind == SECRET, marks, names)
    observed = kind == OBSERVED
    with np.errstate(invalid="ignore"):
        sound = (numbers >= 0) & (numbers <= _LARGEST) & (np.remainder(numbers, base) == 0)
    rule = f"{where}: not a whole number of at least 0 and a multiple of {base}"
    _refuse(observed & ~sound, values, rows, rule)
    counts = np.zeros(len(numbers), dtype=np.int64)
    np.copyto(counts, numbers, where=observed, casting="unsafe")
    return Parsed(counts, kind, signs)


def cells_of(counts: np.ndarray, kind: np.ndarray, base: int) -> Cells:
    """Return values, statuses and bounds of parsed cells.

    Args:
        counts: as in ``Parsed``.
        kind: as in ``Parsed``.
        base: what the source rounds its counts to.
    """
    absent = kind != OBSERVED
    _, half = rounding_bounds(0, base)
    names = pa.array([status.value for status in STATUSES], pa.string())
    return Cells(
        waarde=pa.array(counts, mask=absent),
        status=names.take(pa.array(kind)),
        ondergrens=pa.array(np.maximum(counts - half, 0), mask=absent),
        bovengrens=pa.array(counts + half, mask=absent),
    )


def _numbers_and_kind(
    values: pa.Array, rows: pa.Array, where: str
) -> tuple[np.ndarray, np.ndarray]:
    """Return the cells as floats (NaN without a number) and what each of them is."""
    if pa.types.is_null(values.type):
        return np.full(len(values), np.nan), np.full(len(values), IMPOSSIBLE, dtype=np.int8)
    if pa.types.is_integer(values.type) or pa.types.is_floating(values.type):
        kind = np.full(len(values), OBSERVED, dtype=np.int8)
        if values.null_count:
            kind[values.is_null().to_numpy(zero_copy_only=False)] = IMPOSSIBLE
        floats = values.cast(pa.float64(), safe=False)
        return floats.to_numpy(zero_copy_only=False), kind
    place, distinct = distinct_text(values)
    text = pa.array(distinct, pa.string())
    number = pc.match_substring_regex(text, _NUMBER).to_numpy(zero_copy_only=False)
    known = number | np.array([name in {"", ATTRIBUTE_NOT_GIVEN} for name in distinct], dtype=bool)
    if not known.all():
        rule = f"{where}: neither a count nor '.' nor blank"
        _refuse(~known[place], values, rows, rule)
    digits = pc.replace_substring(pc.if_else(pa.array(number), text, "nan"), ",", ".")
    signs = {"": IMPOSSIBLE, ATTRIBUTE_NOT_GIVEN: SECRET}
    kinds = np.array([signs.get(name, OBSERVED) for name in distinct], dtype=np.int8)
    return pc.cast(digits, pa.float64()).to_numpy(zero_copy_only=False)[place], kinds[place]


def distinct_text(values: pa.Array) -> tuple[np.ndarray, list[str]]:
    """Return the place of each text in a list of distinct ones, without the blanks around them.

    A missing text is the empty one. What differs by blanks only may stand there twice.

    Raises:
        SchemaError: the values are not text.
    """
    encoded = values if pa.types.is_dictionary(values.type) else values.dictionary_encode()
    words = encoded.dictionary
    if not (pa.types.is_string(words.type) or pa.types.is_large_string(words.type)):
        message = f"cells are {values.type}; expected numbers or text"
        raise SchemaError(message)
    indices = encoded.indices
    if encoded.null_count:
        indices = indices.fill_null(len(words))
    return indices.to_numpy(), [*(word.strip() for word in words.to_pylist()), ""]


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
    place, found = distinct_text(attributes)
    found = [name or ATTRIBUTE_NONE for name in found]
    names += [name for name in dict.fromkeys(found) if name not in names]
    return np.array([names.index(name) for name in found], dtype=np.int64)[place], names


def _count_signs(secret: np.ndarray, marks: np.ndarray, names: list[str]) -> dict[str, int]:
    """Count the signs; a '.' in the number column itself has no attribute of its own."""
    counts = np.bincount(marks[secret], minlength=len(names)).tolist()
    signs = {ATTRIBUTE_NOT_GIVEN: 0}
    for name, count in zip(names, counts, strict=True):
        sign = ATTRIBUTE_NOT_GIVEN if name == ATTRIBUTE_NONE else name
        signs[sign] = signs.get(sign, 0) + count
    return {sign: count for sign, count in signs.items() if count}
