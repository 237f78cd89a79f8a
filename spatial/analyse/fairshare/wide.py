"""Wide tables by region and day: the number of any region on any day, or that there is none."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from spatial.analyse.fairshare.amounts import Amounts, Places, absent, amounts, exact

REGION_COLUMNS = ("regioCode", "indeling", "peilmoment")
SURFACE_COLUMNS = ("regioCode", "indeling", "oppervlakteKm2")
_DECEMBER = (12, 31)


@dataclass(frozen=True)
class Wide:
    """A wide table and the key of each of its rows.

    Attributes:
        table: ``regioCode``, ``indeling``, ``peilmoment`` and the four columns of every number.
    """

    table: pa.Table

    @cached_property
    def keys(self) -> pa.Array:
        """The key of every row."""
        return keys_of(*(self.table.column(name) for name in REGION_COLUMNS))

    def places(self, wanted: pa.Array) -> Places:
        """Return the row of every key; -1 where there is none."""
        places: Places = (
            pc.fill_null(pc.index_in(wanted, self.keys), -1).to_numpy().astype(np.int64)
        )
        return places

    def amounts(self, columns: Sequence[str], wanted: pa.Array) -> Amounts:
        """Return a number per key; ontbreekt_in_bron where there is no row or no such column.

        Args:
            columns: value, status, lower and upper bound.
            wanted: keys.
        """
        if columns[0] not in self.table.column_names:
            return absent(len(wanted))
        return _at(amounts(self.table, columns), self.places(wanted))


_KEY_SCHEMA = pa.schema(
    list(zip(REGION_COLUMNS, (pa.string(), pa.int32(), pa.date32()), strict=True))
)
# not empty_table(): that makes arrays, for which Arrow loads pandas, and the server reads this file
NO_FIGURES = Wide(pa.Table.from_batches([], schema=_KEY_SCHEMA))
"""Of a group that has nothing in an indeling."""


def keys_of(
    codes: pa.ChunkedArray | pa.Array,
    indelingen: pa.ChunkedArray | pa.Array,
    days: pa.ChunkedArray | pa.Array,
) -> pa.Array:
    """Return the key of every (region code, indeling, day)."""
    texts = [_one(column).cast(pa.string()) for column in (codes, indelingen, days)]
    return pc.binary_join_element_wise(*texts, "|")


def year_ends(days: pa.ChunkedArray | pa.Array) -> pa.Array:
    """Return 31 December of the year of every day: the day on which the flow of that year ends."""
    ends = [date(day.year, *_DECEMBER) for day in _one(days).to_pylist()]
    return pa.array(ends, pa.date32())


def surfaces(shapes: pa.Table, wanted: Iterable[tuple[str, int]]) -> Amounts:
    """Return the surface (km2) of every wanted region; ontbreekt_in_bron without a shape.

    Args:
        shapes: ``SURFACE_COLUMNS``.
        wanted: region code and indeling.
    """
    codes, years, km2 = (shapes.column(name).to_pylist() for name in SURFACE_COLUMNS)
    known = dict(zip(zip(codes, years, strict=True), km2, strict=True))
    found = np.array([known.get(pair, np.nan) for pair in wanted], dtype=np.float64)
    return _at(exact(found), np.where(np.isnan(found), -1, np.arange(len(found))))


def _at(numbers: Amounts, places: Places) -> Amounts:
    """Return the numbers at these places; ontbreekt_in_bron for -1."""
    nothing = absent(1)
    both = Amounts(
        np.append(numbers.waarde, nothing.waarde),
        np.append(numbers.status, nothing.status),
        np.append(numbers.laag, nothing.laag),
        np.append(numbers.hoog, nothing.hoog),
    )
    return both.take(np.where(places < 0, len(numbers), places))


def _one(column: pa.ChunkedArray | pa.Array) -> pa.Array:
    whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    plain: pa.Array = whole.dictionary_decode() if pa.types.is_dictionary(whole.type) else whole
    return plain
