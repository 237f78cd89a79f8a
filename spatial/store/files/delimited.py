"""CSV that a spreadsheet may open: UTF-8, comma, header, missing is an empty cell.

A text that a spreadsheet would take for a formula gets an apostrophe before it, as OWASP advises
("CSV injection"); numbers are never touched.
"""

import gzip
import io
from collections.abc import Iterable, Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

_FORMULA = r"^[=+\-@\t\r\n＝＋－＠]"  # noqa: RUF001 - the wide forms, which Excel takes for the plain ones


def csv_pieces(schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> Iterator[bytes]:
    """Write rows as CSV, piece by piece; the first piece begins with the header.

    Texts stand between quotes, so that an empty text differs from a missing one.
    """
    options = csv.WriteOptions(include_header=True)
    sink = io.BytesIO()
    csv.write_csv(schema.empty_table(), sink, options)
    options = csv.WriteOptions(include_header=False)
    for batch in batches:
        csv.write_csv(neutral(batch), sink, options)
        yield sink.getvalue()
        sink = io.BytesIO()
    if rest := sink.getvalue():
        yield rest


def write_packed_csv(
    schema: pa.Schema, batches: Iterable[pa.RecordBatch], path: Path, *, level: int = 6
) -> None:
    """Write rows as gzipped CSV; the same rows give the same bytes."""
    with (
        path.open("wb") as raw,
        gzip.GzipFile(filename="", mode="wb", compresslevel=level, fileobj=raw, mtime=0) as file,
    ):
        for piece in csv_pieces(schema, batches):
            file.write(piece)


def neutral(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Return rows in which no text begins like a formula."""
    columns = [
        _neutral(column) if pa.types.is_string(column.type) else column for column in batch.columns
    ]
    return pa.RecordBatch.from_arrays(columns, schema=batch.schema)


def _neutral(texts: pa.Array) -> pa.Array:
    risky = pc.match_substring_regex(texts, _FORMULA)
    return pc.if_else(risky, pc.binary_join_element_wise("'", texts, ""), texts)
