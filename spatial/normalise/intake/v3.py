"""Pages of OData version 3: one row per combination of keys, one padded column per measure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa

from spatial.domain.mirror import pages_of
from spatial.domain.statline import (
    ATTRIBUTE_NONE,
    CODES,
    DIMENSIONS,
    MEASURE,
    TYPED,
    UNTYPED,
    V3_PROPERTIES,
)
from spatial.errors import SchemaError, SourceError
from spatial.normalise.intake.documents import (
    about_of,
    body_of,
    code_list,
    code_lists,
    decoded,
    rows_of,
)
from spatial.normalise.intake.v4 import check_sequence
from spatial.normalise.intake.wire import About, Piece, encoded
from spatial.normalise.statline_cells import distinct_text

TYPED_EMPTY = "leeg in TypedDataSet"
"""ValueAttribute of an empty cell of the typed data set, which does not tell '.' from blank: it can
only be read as unknown."""


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a table of version 3.

    Attributes:
        dimensions: columns with keys.
        measures: columns with numbers.
        titles: of the measures, in the same order.
    """

    dimensions: tuple[str, ...]
    measures: tuple[str, ...]
    titles: tuple[str, ...]


class V3Pages:
    """The pages of a table in a folder."""

    def __init__(self, folder: Path, table: str, dimensions: tuple[str, ...] = DIMENSIONS) -> None:
        """Read what the table says of itself.

        Args:
            folder: with ``UntypedDataSet/page-*.json[.gz]`` or ``TypedDataSet/...`` and the code
                lists.
            table: identifier of the table.
            dimensions: the columns with keys.

        Raises:
            SchemaError: the table has other dimensions.
        """
        self._folder = folder
        self._columns = columns_of(folder, dimensions)
        self._about = about_of(folder, table)

    @property
    def about(self) -> About:
        """What the table says of itself."""
        return self._about

    def codes(self) -> Mapping[str, pa.Table]:
        """Return the code lists; that of the measures is made of the columns."""
        return {**code_lists(self._folder), CODES[MEASURE]: measure_list(self._columns)}

    def pieces(self) -> Iterator[Piece]:
        """Give the rows, page by page.

        Raises:
            SourceError: a page cannot be read, is cut off, or stands in another place than it should.
            SchemaError: the rows have other columns than they should.
        """
        data_set = next(name for name in (UNTYPED, TYPED) if pages_of(self._folder, name))
        pages = pages_of(self._folder, data_set)
        check_sequence(pages)
        typed = data_set == TYPED
        decoder = msgspec.json.Decoder(_page_of(self._columns, typed=typed))
        for number, path in enumerate(pages, start=1):
            name = f"{data_set}/{path.name}"
            page = decoded(decoder, body_of(path), name)
            if number < len(pages) and not page.next_link:
                message = f"{name} points to no page after it, yet there is one; fetch it again"
                raise SourceError(message)
            numbers = np.array([row.ID for row in page.value], dtype=np.int64)
            wide = _wide(page.value, self._columns, typed=typed)
            rows = longer(wide, numbers, self._columns, typed=typed)
            yield Piece(name, rows, numbers, page.next_link)


def columns_of(folder: Path, dimensions: Sequence[str]) -> Columns:
    """Return the columns of a table from its ``DataProperties``.

    Raises:
        SchemaError: it has no such list, or other dimensions.
    """
    rows = rows_of(folder, V3_PROPERTIES)
    kinds = [str(row.get("odata.type", row.get("Type", ""))).rpartition(".")[2] for row in rows]
    found = [
        row["Key"]
        for row, kind in zip(rows, kinds, strict=True)
        if kind.endswith(("Dimension", "GeoDetail"))
    ]
    topics = [row for row, kind in zip(rows, kinds, strict=True) if kind == "Topic"]
    if set(found) != set(dimensions):
        missing, unknown = set(dimensions) - set(found), set(found) - set(dimensions)
        message = (
            f"{folder / V3_PROPERTIES}: the dimensions lack {sorted(missing)} and have unknown "
            f"{sorted(unknown)}"
        )
        raise SchemaError(message)
    keys, titles = [row["Key"] for row in topics], [row["Title"] for row in topics]
    return Columns(tuple(found), tuple(keys), tuple(titles))


def measure_list(columns: Columns) -> pa.Table:
    """Return the code list of the measures."""
    rows = [
        {"Identifier": key, "Title": title}
        for key, title in zip(columns.measures, columns.titles, strict=True)
    ]
    return code_list(rows, CODES[MEASURE], statuses=False)


def longer(
    wide: Mapping[str, pa.Array], numbers: np.ndarray, columns: Columns, *, typed: bool
) -> pa.Table:
    """Return one row per measure of wide rows.

    Args:
        wide: texts (also dictionary-encoded) or numbers of every column.
        numbers: number of each row.
        columns: which they are.
        typed: whether '.' and blank are both empty in it.

    Returns:
        Rows as of version 4; ``ValueAttribute`` only of typed ones, for what is empty.
    """
    parts = []
    for measure in columns.measures:
        values = wide[measure]
        part = {
            "Id": pa.array(numbers),
            MEASURE: encoded(np.zeros(len(numbers), dtype=np.int32), [measure]),
            **{name: wide[name] for name in columns.dimensions},
            "Value": values,
        }
        if typed:
            part["ValueAttribute"] = encoded(_empty(values), [ATTRIBUTE_NONE, TYPED_EMPTY])
        parts.append(pa.table(part))
    return pa.concat_tables(parts).unify_dictionaries()


def _empty(values: pa.Array) -> np.ndarray:
    """Return 1 for every cell that is empty, else 0."""
    if not pa.types.is_dictionary(values.type):
        flags: np.ndarray = values.is_null().to_numpy(zero_copy_only=False)
        return flags.astype(np.int32)
    place, words = distinct_text(values)
    empty: np.ndarray = np.array([word == "" for word in words], dtype=np.int32)[place]
    return empty


def _page_of(columns: Columns, *, typed: bool) -> Any:
    """Return the type of a page whose rows have these columns, and no other."""
    value: Any = float | None if typed else str | None
    fields: list[tuple[str, Any]] = [("ID", int), *((name, str) for name in columns.dimensions)]
    fields += [(name, value) for name in columns.measures]
    row = msgspec.defstruct("Row", fields, gc=False, forbid_unknown_fields=True)
    return msgspec.defstruct(
        "Page",
        [("value", list[row]), ("next_link", str, "")],  # type: ignore[valid-type]
        rename={"next_link": "odata.nextLink"},
    )


def _wide(rows: Sequence[Any], columns: Columns, *, typed: bool) -> dict[str, pa.Array]:
    wide = {}
    for column in (*columns.dimensions, *columns.measures):
        texts = column in columns.dimensions or not typed
        values = [getattr(row, column) for row in rows]
        wide[column] = pa.array(values, pa.string() if texts else pa.float64())
        if texts:
            wide[column] = wide[column].dictionary_encode()
    return wide
