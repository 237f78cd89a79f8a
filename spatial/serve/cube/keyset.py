"""Pages by key: each begins after the last observation of the one before, whatever became of the rest.

A cursor holds the key of an observation and the values by which was sorted, not a number of rows to
leave out: it stays right when a new snapshot has more or fewer rows, and costs the same on every page.
"""

import base64
import binascii
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import orjson

from spatial.errors import QueryError
from spatial.serve.ask.query import Sort
from spatial.serve.cube.select import Selection
from spatial.serve.cube.views import Sides
from spatial.serve.read.layer import Column
from spatial.store.cube.read import Positions

type Keys = npt.NDArray[np.int64]

MOST_SORTED = 1_000_000
"""Observations that are put in another order at most."""
_LAST = np.iinfo(np.int64).max
_LONGEST = 2_000
_PARTS = 8


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a page begins: after this observation.

    Attributes:
        subject: groep, kenmerk, maat.
        place: level, code, begin, eind, indeling.
        values: the values by which was sorted, as the answer has them.
    """

    subject: tuple[str, str, str]
    place: tuple[int, str, str, str, int]
    values: tuple[Any, ...]

    def written(self) -> str:
        """Write it for an address."""
        packed = orjson.dumps([*self.subject, *self.place, list(self.values)])
        return base64.urlsafe_b64encode(packed).decode().rstrip("=")


@dataclass(frozen=True, slots=True)
class Page:
    """One page.

    Attributes:
        positions: its cells, in order.
        after: where the next page begins; None on the last one.
    """

    positions: Positions
    after: Cursor | None


def read_cursor(text: str, sort: tuple[Sort, ...]) -> Cursor:
    """Read what ``written`` wrote.

    Raises:
        QueryError: it is not such a text, or one of another order.
    """
    try:
        if len(text) > _LONGEST:
            raise ValueError  # noqa: TRY301
        padded = text + "=" * (-len(text) % 4)
        parts = orjson.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        *key, values = parts
        kinds = (str, str, str, int, str, str, str, int)
        right = [isinstance(part, kind) for part, kind in zip(key, kinds, strict=True)]
        if not all(right) or len(values) != len(sort) or any(map(_is_nested, values)):
            raise ValueError  # noqa: TRY301
    except (ValueError, TypeError, binascii.Error) as error:
        message = "cursor is not one that a link of this collection and order has: follow its links"
        raise QueryError(message) from error
    return Cursor(tuple(key[:3]), tuple(key[3:_PARTS]), tuple(values))


def page_of(selection: Selection, sort: tuple[Sort, ...], after: Cursor | None, limit: int) -> Page:
    """Return a page of a selection.

    Args:
        selection: the observations.
        sort: their order; empty: that of the cube.
        after: where the page begins; None: at the beginning.
        limit: observations on it, at most.

    Raises:
        QueryError: there are too many observations to put them in another order.
    """
    sides = selection.sides
    if sort:
        positions, values = _sorted(selection, sort, after, limit + 1)
    else:
        positions, values = _first(selection, after, limit + 1), []
    if len(positions) <= limit:
        return Page(positions, None)
    last = int(positions[limit - 1])
    told = tuple(column[limit - 1] for column in values)
    return Page(positions[:limit], _cursor(sides, last, told))


def _first(selection: Selection, after: Cursor | None, count: int) -> Positions:
    """Return the first cells in the order of the cube."""
    start = -1 if after is None else place_of(selection.sides, after)
    found: list[Positions] = []
    missing = count
    for positions in selection.positions(start):
        found.append(positions[:missing])
        missing -= len(found[-1])
        if not missing:
            break
    return np.concatenate([np.zeros(0, np.int64), *found])


def place_of(sides: Sides, after: Cursor) -> int:
    """Return the last cell that stands before or at a key, whether the cube has the key or not."""
    subject = bisect_left(sides.subject_keys, after.subject)
    exact = subject < len(sides.subject_keys) and sides.subject_keys[subject] == after.subject
    for block in sides.cube.axes.blocks:
        if subject < block.first + block.rows:
            row = block.offset + (subject - block.first) * len(block.columns)
            if not exact:
                return row - 1
            place = bisect_right(sides.place_keys, after.place)
            return row + int(np.searchsorted(block.columns, place)) - 1
    return len(sides.cube.states)


def _sorted(
    selection: Selection, sort: tuple[Sort, ...], after: Cursor | None, count: int
) -> tuple[Positions, list[list[Any]]]:
    """Return the first cells in another order, and the values by which they stand there."""
    positions = _all(selection)
    view = selection.sides.cells(positions)
    columns = [view.columns[key.naam] for key in sort]
    keys = [_keys(column, key) for column, key in zip(columns, sort, strict=True)]
    if after is not None:
        limits = [
            _key(column, key, value)
            for column, key, value in zip(columns, sort, after.values, strict=True)
        ]
        later = positions > place_of(selection.sides, after)
        for of_rows, of_cursor in zip(reversed(keys), reversed(limits), strict=True):
            later = (of_rows > of_cursor) | ((of_rows == of_cursor) & later)
        chosen = np.flatnonzero(later)
    else:
        chosen = np.arange(len(positions))
    # the cells are in the order of the cube already, and lexsort keeps that among equals
    order = chosen[np.lexsort([key[chosen] for key in reversed(keys)])][:count]
    return positions[order], [column.pick(order) for column in columns]


def _all(selection: Selection) -> Positions:
    found: list[Positions] = [np.zeros(0, np.int64)]
    count = 0
    for positions in selection.positions():
        found.append(positions)
        count += len(positions)
        if count > MOST_SORTED:
            message = (
                f"sortby would put more than {MOST_SORTED:,} observations in order: choose fewer, "
                "with groep, kenmerk, niveau, datetime or filter"
            )
            raise QueryError(message)
    return np.concatenate(found)


def _keys(column: Column, sort: Sort) -> Keys:
    """Return numbers in the order asked: twice the value, or the place of a word; missing is last."""
    keys = 2 * column.cells.astype(np.int64)
    return np.where(column.missing, _LAST, -keys if sort.descending else keys)


def _key(column: Column, sort: Sort, value: Any) -> int:
    """Return the number of one value; that of a word which the cube has not is between others."""
    if value is None:
        return int(_LAST)
    if column.words is None:
        if not isinstance(value, int):
            message = "cursor is of another order: follow the links of the collection"
            raise QueryError(message)
        key = 2 * int(value)
    else:
        text = str(value)
        place = bisect_left(column.words, text)
        known = place < len(column.words) and column.words[place] == text
        key = 2 * place if known else 2 * place - 1
    return -key if sort.descending else key


def _cursor(sides: Sides, position: int, values: tuple[Any, ...]) -> Cursor:
    at = np.array([position])
    subject, place = int(sides.cube.subjects_at(at)[0]), int(sides.cube.places_at(at)[0])
    return Cursor(sides.subject_keys[subject], sides.place_keys[place], values)


def _is_nested(value: Any) -> bool:
    return not isinstance(value, str | int | bool | None)
