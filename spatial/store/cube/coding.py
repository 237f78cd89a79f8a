"""Texts of the dictionaries, encoded by sorted dictionaries themselves: conditions compare their codes."""

import pyarrow as pa
import pyarrow.compute as pc


def coded_texts(table: pa.Table) -> pa.Table:
    """Encode the texts of a table; the order of their codes is that of the words."""
    for number, field in enumerate(table.schema):
        if pa.types.is_string(field.type):
            table = table.set_column(number, field.name, coded(table[field.name]))
    return table


def coded(column: pa.ChunkedArray) -> pa.Array:
    """Encode one column."""
    words = pa.array(sorted(set(column.drop_null().to_pylist())), pa.string())
    places = pc.index_in(column, value_set=words)
    return pa.DictionaryArray.from_arrays(whole(places), words)


def whole(column: pa.ChunkedArray) -> pa.Array:
    """Return a column as one array."""
    return column.combine_chunks() if column.num_chunks != 1 else column.chunk(0)
