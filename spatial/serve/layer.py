"""One loaded layer, shared by all requests; read only and safe for threads."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from spatial.errors import StoreError
from spatial.serve.shapes import Shapes
from spatial.store.catalogue import Collection
from spatial.store.layers import GEOMETRY

type Rows = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Column:
    """One property of all features.

    Attributes:
        cells: numbers or truth values (0 where missing), or positions in ``words`` (-1 is missing).
        missing: where the feature has no value.
        words: the different texts, or days as ISO text, sorted; None for other types.
    """

    cells: npt.NDArray[np.generic]
    missing: npt.NDArray[np.bool_]
    words: tuple[str, ...] | None

    def pick(self, rows: Rows) -> list[object]:
        """Return the JSON values of some rows; None is missing."""
        cells: list[Any] = self.cells[rows].tolist()
        if self.words is not None:
            choices = (*self.words, None)
            return [choices[cell] for cell in cells]
        for place in np.flatnonzero(self.missing[rows]):
            cells[place] = None
        return cells


class Layer:
    """One collection, loaded.

    Attributes:
        collection: its description.
        ids: feature ids in order of publication.
        columns: its properties by name.
        begin: first day of each feature's time.
        eind: last day, included.
        shape_of: place of each feature's shape in ``shapes``; -1 without one.
        shapes: the different shapes.
    """

    def __init__(self, collection: Collection, table: pa.Table) -> None:
        names = [field.naam for field in collection.velden]
        needed = {"id", GEOMETRY, collection.begin_veld, collection.eind_veld, *names}
        if missing := sorted(needed - set(table.column_names)):
            message = f"layer {collection.bestand} lacks columns {missing}"
            raise StoreError(message)
        self.collection = collection
        self.ids: list[str] = table["id"].to_pylist()
        self.columns = {
            name: _column(table[name], f"{collection.bestand} {name}") for name in names
        }
        self.begin = _days(table[collection.begin_veld])
        self.eind = _days(table[collection.eind_veld])
        self.shape_of, wkb = _dictionary(table[GEOMETRY])
        self.shapes = Shapes(wkb)

    @property
    def count(self) -> int:
        """Number of features."""
        return len(self.ids)

    @cached_property
    def row_of(self) -> dict[str, int]:
        """Row of each feature id."""
        return {feature_id: row for row, feature_id in enumerate(self.ids)}


def _column(column: pa.ChunkedArray, where: str) -> Column:
    if pa.types.is_date(column.type):
        column = column.cast(pa.string())
    missing = column.is_null().to_numpy()
    if not (pa.types.is_boolean(column.type) or pa.types.is_primitive(column.type)):
        places, words = _dictionary(column)
        order = np.argsort(np.array(words, dtype=object)) if words else np.array([], dtype=np.intp)
        rank = np.empty(len(words) + 1, dtype=np.intp)
        rank[order], rank[-1] = np.arange(len(words)), -1
        return Column(rank[places], missing, tuple(words[place] for place in order))
    cells = column.fill_null(pa.scalar(0).cast(column.type)).to_numpy()
    if np.issubdtype(cells.dtype, np.floating) and not np.isfinite(cells).all():
        message = f"layer {where} holds NaN or infinity; a missing value must be null"
        raise StoreError(message)
    return Column(cells, missing, None)


def _dictionary(column: pa.ChunkedArray) -> tuple[npt.NDArray[np.intp], list[Any]]:
    """Return the place of each cell among the different values (-1 is missing), and those."""
    encoded = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
    whole = encoded.unify_dictionaries().combine_chunks()
    places = whole.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.intp)
    return places, whole.dictionary.to_pylist()


def _days(column: pa.ChunkedArray) -> npt.NDArray[np.datetime64]:
    days: npt.NDArray[np.datetime64] = column.to_numpy()
    return days.astype("datetime64[D]")
