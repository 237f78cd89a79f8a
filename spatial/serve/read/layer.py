"""One loaded layer, shared by all requests; read only and safe for threads."""

import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from spatial.serve.read.cuts import Cuts
from spatial.serve.read.features import Features
from spatial.serve.read.shapes import Pool, Shapes
from spatial.store.answers import BEGIN, EIND, ENDS, ID, SHAPE, different_shapes, encode
from spatial.store.catalogue import Collection
from spatial.store.shapes import shape_table

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


class Matched(Protocol):
    """What a condition can be held against: features, or one side of the cube."""

    @property
    def columns(self) -> Mapping[str, Column]:
        """The properties by name."""

    @property
    def shape_of(self) -> Rows:
        """Place of each feature's shape in ``shapes``; -1 without one."""

    @property
    def shapes(self) -> Shapes:
        """The different shapes."""

    @property
    def count(self) -> int:
        """Number of features."""


class Columns(Mapping[str, Column]):
    """The properties of a layer by name, in order; each is unpacked when first asked for."""

    def __init__(self, table: pa.Table, names: list[str]) -> None:
        self._table = table
        self._known = dict.fromkeys(names)
        self._unpacked: dict[str, Column] = {}
        self._lock = threading.Lock()

    def __getitem__(self, name: str) -> Column:
        found = self._unpacked.get(name)
        if found is not None:
            return found
        if name not in self._known:
            raise KeyError(name)
        with self._lock:
            return self._unpacked.setdefault(name, _column(self._table[name]))

    def __iter__(self) -> Iterator[str]:
        return iter(self._known)

    def __len__(self) -> int:
        return len(self._known)


class Layer:
    """One collection.

    Attributes:
        collection: its description.
        columns: its properties by name.
        begin: first day of each feature's time.
        eind: last day, included.
        shape_of: place of each feature's shape in ``shapes``; -1 without one.
        shapes: the different shapes.
        encoded: the features as GeoJSON.
    """

    def __init__(
        self,
        collection: Collection,
        features: pa.Table,
        pool: Pool | None = None,
        cuts: Cuts | None = None,
    ) -> None:
        """Take a layer as ``store.answers`` opens it, with the pool and the cuts of its snapshot.

        Without a pool it is a layer as ``store.layers`` reads it, and is encoded here.

        Raises:
            StoreError: it is not what its description says.
        """
        if pool is None:
            places, wkb = different_shapes(features)
            features = encode(collection, features).features(places, None)
            pool = Pool(shape_table(wkb))
        used, self.shape_of = _own_places(features[SHAPE].to_numpy())
        self.shapes = Shapes(pool, used)
        self.collection = collection
        self._table = features
        self.columns = Columns(features, [field.naam for field in collection.velden])
        self.begin = _days(features[BEGIN])
        self.eind = _days(features[EIND])
        self.encoded = Features.of(features)
        self._cuts = cuts or Cuts()
        self._ends = _matrix(features[ENDS])

    @property
    def count(self) -> int:
        """Number of features."""
        return len(self.shape_of)

    def cut(self, rows: Rows, names: Sequence[str]) -> tuple[Features, Rows]:
        """Return features with some properties only, and the places of some rows among them.

        They are these rows; or, who asks for the same properties again, the whole layer, made once.

        Args:
            rows: which are asked for, at least one.
            names: of the properties, in the order of the answer.
        """
        key = (self.collection.id, tuple(names))
        found = self._cuts.get(key)
        if found is not None:
            return found, rows
        known = {name: place for place, name in enumerate(self.columns)}
        wanted = [known[name] for name in names]
        if self._cuts.wants(key):
            found = self.encoded.cut(np.arange(self.count), self._ends, wanted).apart()
            self._cuts.keep(key, found)
            return found, rows
        found = self.encoded.cut(rows, self._ends, wanted)
        self._cuts.note(key, found.size * self.count // len(rows))
        return found, np.arange(len(rows))

    @cached_property
    def ids(self) -> list[str]:
        """Feature ids in order of publication."""
        ids: list[str] = self._table[ID].to_pylist()
        return ids

    @cached_property
    def row_of(self) -> dict[str, int]:
        """Row of each feature id."""
        return {feature_id: row for row, feature_id in enumerate(self.ids)}


def _own_places(pooled: npt.NDArray[np.int32]) -> tuple[Rows, Rows]:
    """Return the different shapes of a layer by their place in the pool, and each row's among them."""
    used = np.unique(pooled)
    used = used[used >= 0]
    own = np.searchsorted(used, pooled)
    own[pooled < 0] = -1
    return used.astype(np.intp), own.astype(np.intp)


def _matrix(column: pa.ChunkedArray) -> npt.NDArray[np.int32]:
    cells = column.combine_chunks() if column.num_chunks != 1 else column.chunk(0)
    ends: npt.NDArray[np.int32] = cells.flatten().to_numpy()
    return ends.reshape(len(cells), -1)


def _column(column: pa.ChunkedArray) -> Column:
    missing = column.is_null().to_numpy()
    if pa.types.is_dictionary(column.type):
        whole = column.combine_chunks() if column.num_chunks != 1 else column.chunk(0)
        cells = whole.indices.fill_null(-1).to_numpy(zero_copy_only=False)
        return Column(cells, missing, tuple(whole.dictionary.to_pylist()))
    return Column(column.fill_null(pa.scalar(0).cast(column.type)).to_numpy(), missing, None)


def _days(column: pa.ChunkedArray) -> npt.NDArray[np.datetime64]:
    days: npt.NDArray[np.datetime64] = column.to_numpy()
    return days.astype("datetime64[D]")
