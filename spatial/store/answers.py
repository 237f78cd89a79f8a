"""Features as the server answers them: encoded once by the build, memory-mapped by every worker.

    <snapshot>/antwoorden/<collection>.arrow   one row per feature, in order of publication
    <snapshot>/antwoorden/vormen.arrow         the different shapes of all collections

``FEATURE`` is the GeoJSON of a feature with the comma after it. In it ``HEAD`` tells where the part
before the geometry ends, ``TAIL`` where the part after it begins, and ``ENDS`` where in that part each
property ends, in order, so that some of them can be cut out. Between head and tail stands the geometry
in CRS84, if those of the layer are short: then features that follow each other in the file are one
piece of an answer. Other geometries are put between them when they are asked for.
Beside them stand the columns on which features are found: numbers and truth values as they are,
texts and days (ISO) by their place in a sorted dictionary.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import orjson
import pyarrow as pa
import pyarrow.compute as pc

from spatial.domain.crs import CRS84
from spatial.errors import StoreError
from spatial.store.catalogue import Collection
from spatial.store.layers import GEOMETRY, read_columns
from spatial.store.shapes import shape_table, text_column

ANSWERS = "antwoorden"
ID, FEATURE, HEAD, TAIL, ENDS, SHAPE = "id", "_feature", "_kop", "_staart", "_einden", "_vorm"
BEGIN, EIND = "_begin", "_eind"
OPENING, CLOSING = b',"properties":{', b"}},"
"""What stands before the first property in a tail, and after the last."""

_SHAPES = "vormen"
_SHORT = 2_000
"""Bytes of a geometry, on average, that may be repeated for every period: gemeenten, not provincies."""


type Places = npt.NDArray[np.int32]
"""Of the shape of each feature among the shapes of a snapshot, -1 without one."""


@dataclass(frozen=True, slots=True)
class Encoded:
    """A layer as it is answered.

    Attributes:
        columns: on which features are found, and ``ENDS``; a row per feature.
        heads: the GeoJSON of each until its geometry.
        tails: the GeoJSON after its geometry.
    """

    columns: Mapping[str, pa.Array]
    heads: pa.Array
    tails: pa.Array

    def features(self, places: Places, texts: pa.ChunkedArray | None) -> pa.Table:
        """Return a row per feature.

        Args:
            places: of their shapes.
            texts: of these shapes in CRS84, to stand in the features; None: they stay apart.
        """
        begin = pc.binary_length(self.heads).cast(pa.int32())
        between, tail = _large(b""), begin
        if texts is not None:
            found = texts.take(pa.array(places, mask=places < 0))
            between = _combined(found).fill_null(b"null")
            tail = pc.add(begin, pc.binary_length(between).cast(pa.int32()))
        whole = pc.binary_join_element_wise(self.heads, between, self.tails, _large(b""))
        stored = {SHAPE: pa.array(places, pa.int32()), FEATURE: whole, HEAD: begin, TAIL: tail}
        return pa.table({**self.columns, **stored})


def encode(collection: Collection, table: pa.Table) -> Encoded:
    """Encode a layer.

    Args:
        collection: its description; names the properties.
        table: the layer as ``store.layers`` reads it; the geometry is not looked at.

    Raises:
        StoreError: a column that the catalogue names is not there, or holds NaN or infinity.
    """
    names = [field.naam for field in collection.velden]
    needed = {ID, collection.begin_veld, collection.eind_veld, *names}
    if missing := sorted(needed - set(table.column_names)):
        message = f"layer {collection.bestand} lacks columns {missing}"
        raise StoreError(message)
    for name in names:
        _refuse_nan(table[name], f"{collection.bestand} {name}")
    columns: dict[str, pa.Array] = {ID: _combined(table[ID])}
    columns |= {name: _searchable(table[name]) for name in names}
    columns |= {
        BEGIN: _combined(table[collection.begin_veld].cast(pa.date32())),
        EIND: _combined(table[collection.eind_veld].cast(pa.date32())),
    }
    tails, columns[ENDS] = _tails(table, names)
    return Encoded(columns, _heads(table), tails)


def different_shapes(table: pa.Table) -> tuple[Places, list[bytes]]:
    """Return the place of each feature's shape among the different ones, and those (EPSG:28992)."""
    places, wkb = _dictionary(table[GEOMETRY])
    return places.astype(np.int32), wkb


def write_shapes(folder: Path, collections: Iterable[Collection]) -> list[Places]:
    """Write the different shapes of all layers in a snapshot folder.

    Returns:
        Per collection the places of the shapes of its features.

    Raises:
        StoreError: a layer or its geometry column is not there.
    """
    (folder / ANSWERS).mkdir()
    pool: dict[bytes, int] = {}
    found = []
    for collection in collections:
        table = read_columns(folder / collection.bestand, [GEOMETRY])
        if GEOMETRY not in table.column_names:
            message = f"layer {collection.bestand} lacks columns {[GEOMETRY]}"
            raise StoreError(message)
        places, wkb = different_shapes(table)
        for shape in wkb:
            pool.setdefault(shape, len(pool))
        # the last one is for features without shape
        found.append(np.array([*(pool[shape] for shape in wkb), -1], np.int32)[places])
    _write(shape_table(list(pool)), folder / ANSWERS / f"{_SHAPES}.arrow")
    return found


def write_answers(folder: Path, collection: Collection, table: pa.Table, places: Places) -> None:
    """Write the answers of one layer in a snapshot folder that has its shapes.

    Args:
        folder: of the snapshot.
        collection: its description.
        table: the layer, with or without its geometry.
        places: of the shapes of its features.

    Raises:
        StoreError: the layer is not what its description says, or the shapes cannot be read.
    """
    texts = open_shapes(folder)[text_column(CRS84)]
    features = encode(collection, table).features(
        places, texts if _are_short(texts, places) else None
    )
    _write(features, folder / ANSWERS / f"{collection.id}.arrow")


def open_features(folder: Path, collection: Collection) -> pa.Table:
    """Map the features of a collection into memory.

    Raises:
        StoreError: the file is not there or cannot be read.
    """
    return _open(folder / ANSWERS / f"{collection.id}.arrow")


def rows_with(table: pa.Table, name: str, text: str) -> npt.NDArray[np.int64]:
    """Return the rows of features in which a column of texts or days (ISO) has a text, ascending."""
    found, before = [np.empty(0, np.int64)], 0
    for chunk in table[name].chunks:
        place = pc.index(chunk.dictionary, text).as_py()
        if place >= 0:
            places = chunk.indices.to_numpy(zero_copy_only=False)
            found.append(np.flatnonzero(places == place) + before)
        before += len(chunk)
    return np.concatenate(found)


def read_properties(table: pa.Table, rows: npt.NDArray[np.int64]) -> list[dict[str, Any]]:
    """Return all properties of some features, days as ISO text.

    Of a few rows of a wide table this takes a tenth of the time of its columns.
    """
    few = table.select([FEATURE, TAIL]).take(pa.array(rows, pa.int64())).to_pydict()
    pairs = zip(few[FEATURE], few[TAIL], strict=True)
    begin, end = len(OPENING) - 1, 1 - len(CLOSING)
    return [orjson.loads(feature[tail + begin : end]) for feature, tail in pairs]


def open_shapes(folder: Path) -> pa.Table:
    """Map the shapes of a snapshot into memory (see ``store.shapes``).

    Raises:
        StoreError: the file is not there or cannot be read.
    """
    return _open(folder / ANSWERS / f"{_SHAPES}.arrow")


def _are_short(texts: pa.ChunkedArray, places: Places) -> bool:
    shown = texts.take(pa.array(places[places >= 0]))
    return len(shown) > 0 and pc.mean(pc.binary_length(shown)).as_py() <= _SHORT


def _heads(table: pa.Table) -> pa.Array:
    ids = table[ID].to_pylist()
    heads = [b'{"type":"Feature","id":%b,"geometry":' % orjson.dumps(id_) for id_ in ids]
    return pa.array(heads, pa.large_binary())


def _tails(table: pa.Table, names: list[str]) -> tuple[pa.Array, pa.Array]:
    """Return the tails, and the ends of their properties."""
    written = [_members(name, table[name]) for name in names]
    tails = pc.binary_join_element_wise(*written, _large(b","))
    tails = pc.binary_join_element_wise(_large(OPENING), tails, _large(CLOSING), _large(b""))
    lengths = np.array([pc.binary_length(members) for members in written], np.int32)
    # after each property but the last comes a comma
    ends = len(OPENING) - 1 + np.cumsum(lengths + 1, axis=0, dtype=np.int32)
    flat = pa.array(ends.T.reshape(-1), pa.int32())
    return tails, pa.FixedSizeListArray.from_arrays(flat, len(names))


def _members(name: str, column: pa.ChunkedArray) -> pa.Array:
    """Write one property of all features; most values stand there more than once."""
    places, different = _dictionary(column)
    start = orjson.dumps(name) + b":"
    # place -1, of a missing value, is the last one
    texts = pa.array(
        [start + orjson.dumps(value) for value in (*different, None)], pa.large_binary()
    )
    return texts.take(pa.array(places % len(texts)))


def _large(piece: bytes) -> pa.Scalar:
    return pa.scalar(piece, pa.large_binary())


def _searchable(column: pa.ChunkedArray) -> pa.Array:
    """Return numbers and truth values as they are, others as places in a sorted dictionary."""
    if pa.types.is_date(column.type):
        column = column.cast(pa.string())
    if pa.types.is_boolean(column.type) or pa.types.is_primitive(column.type):
        return _combined(column)
    places, words = _dictionary(column)
    order = sorted(range(len(words)), key=words.__getitem__)
    rank = np.empty(len(words) + 1, dtype=np.int32)
    rank[order], rank[-1] = np.arange(len(words), dtype=np.int32), -1
    ranked = rank[places]
    return pa.DictionaryArray.from_arrays(
        pa.array(ranked, pa.int32(), mask=ranked < 0),
        pa.array([words[place] for place in order], pa.string()),
    )


def _dictionary(column: pa.ChunkedArray) -> tuple[npt.NDArray[np.intp], list[Any]]:
    """Return the place of each cell among the different values (-1 is missing), and those."""
    encoded = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
    whole = encoded.unify_dictionaries().combine_chunks()
    places = whole.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.intp)
    return places, whole.dictionary.to_pylist()


def _refuse_nan(column: pa.ChunkedArray, where: str) -> None:
    if not pa.types.is_floating(column.type):
        return
    finite = pc.is_finite(column.drop_null())
    if not pc.all(finite, min_count=0).as_py():
        message = f"layer {where} holds NaN or infinity; a missing value must be null"
        raise StoreError(message)


def _combined(column: pa.ChunkedArray) -> pa.Array:
    return column.combine_chunks() if column.num_chunks != 1 else column.chunk(0)


def _write(table: pa.Table, path: Path) -> None:
    table = table.combine_chunks()
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table)


def _open(path: Path) -> pa.Table:
    try:
        with pa.memory_map(str(path)) as source:
            return pa.ipc.open_file(source).read_all()
    except (OSError, pa.ArrowException) as error:
        message = f"{path.name} of the snapshot cannot be read: {error}"
        raise StoreError(message) from error
