"""Write a table in the forms in which CBS gives it: pages of OData 4, CSV, or CSV in a zip.

Any table with code lists and observations can be written: generated ones, and that of the example.
"""

import gzip
import hashlib
import json
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Protocol

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from spatial.domain.mirror import MANIFEST, page_path
from spatial.domain.statline import (
    GROEP,
    KENMERK,
    MEASURE,
    OBSERVATIONS_SET,
    PERIODE,
    PROPERTIES,
    REGIO,
    TABLE_ID,
)
from spatial.normalise.intake.wire import About

FORMS = ("pages", "packed", "csv", "zip")
PAGE_ROWS = 100_000
ROOT = f"https://datasets.cbs.nl/odata/v1/CBS/{TABLE_ID}"
_COLUMNS = ("Id", MEASURE, "ValueAttribute", "Value", "StringValue", GROEP, KENMERK, REGIO, PERIODE)


class Rows(Protocol):
    """What is written."""

    @property
    def about(self) -> About:
        """What the table says of itself."""
        ...

    def code_lists(self) -> Mapping[str, pa.Table]:
        """Return the code lists."""
        ...

    def blocks(self) -> Iterator[pa.Table]:
        """Give the observations."""
        ...


def write_table(table: Rows, form: str, into: Path) -> int:
    """Write a table into a folder, and return the number of observations.

    Args:
        table: what is written.
        form: one of ``FORMS``; ``packed``: pages, each of them in gzip.
        into: the folder; made when it is not there.
    """
    into.mkdir(parents=True, exist_ok=True)
    properties = _properties(table.about)
    if form in {"pages", "packed"}:
        for name, rows in table.code_lists().items():
            _document(into / f"{name}.json", {"value": rows.to_pylist()})
        _document(into / f"{PROPERTIES}.json", properties)
        written = _write_pages(table, into, packed=form == "packed")
        _write_manifest(into)
        return written
    if form == "csv":
        for name, rows in table.code_lists().items():
            _document(into / f"{name}.json", {"value": rows.to_pylist()})
        _document(into / f"{PROPERTIES}.json", properties)
        with (into / f"{TABLE_ID}.csv").open("wb") as sink:
            return _write_csv(table.blocks(), sink)
    with zipfile.ZipFile(into / f"{TABLE_ID}.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for name, rows in table.code_lists().items():
            with archive.open(f"{name}.csv", "w") as sink:
                csv.write_csv(rows, pa.PythonFile(sink, mode="w"), csv.WriteOptions(delimiter=";"))
        with archive.open(f"{PROPERTIES}.csv", "w") as sink:
            rows = pa.Table.from_pylist([{name: str(value) for name, value in properties.items()}])
            csv.write_csv(rows, pa.PythonFile(sink, mode="w"), csv.WriteOptions(delimiter=";"))
        with archive.open(f"{OBSERVATIONS_SET}.csv", "w", force_zip64=True) as sink:
            return _write_csv(table.blocks(), sink)


def pages(blocks: Iterator[pa.Table], size: int = PAGE_ROWS) -> Iterator[pa.Table]:
    """Cut observations into pages."""
    waiting: list[pa.Table] = []
    rows = 0
    for block in blocks:
        waiting.append(block)
        rows += block.num_rows
        while rows >= size:
            table = pa.concat_tables(waiting)
            yield table.slice(0, size)
            waiting, rows = [table.slice(size)], rows - size
    if rows:
        yield pa.concat_tables(waiting)


def page_body(rows: pa.Table, next_link: str) -> bytes:
    """Return a page as OData 4 gives it."""
    parts: list[str | pa.Array] = []
    texts = rows.combine_chunks()
    for name in _COLUMNS:
        parts.append(f'{"{" if name == "Id" else ","}"{name}":')
        if name == "StringValue":
            parts.append("null")
            continue
        column = texts.column(name)
        if pa.types.is_dictionary(column.type) or pa.types.is_string(column.type):
            parts += ['"', column.cast(pa.string()), '"']
        elif pa.types.is_floating(column.type):
            number = pc.cast(column.cast(pa.int64()), pa.string())
            whole = pc.binary_join_element_wise(number, "0", ".")
            parts.append(pc.fill_null(whole, "null"))
        else:
            parts.append(column.cast(pa.string()))
    objects = pc.binary_join_element_wise(*parts, "},", "").combine_chunks()
    body = objects.buffers()[2].to_pybytes()[: -len(",")]
    link = f',"@odata.nextLink":{json.dumps(next_link)}' if next_link else ""
    context = f'{{"@odata.context":"{ROOT}/$metadata#{OBSERVATIONS_SET}","value":['
    return b"".join([context.encode(), body, f"]{link}}}".encode()])


def _write_pages(table: Rows, into: Path, *, packed: bool) -> int:
    written = 0
    found = pages(table.blocks())
    page = next(found, None)
    number = 1
    (into / OBSERVATIONS_SET).mkdir(exist_ok=True)
    while page is not None:
        following = next(found, None)
        written += page.num_rows
        link = f"{ROOT}/{OBSERVATIONS_SET}?$skip={written}" if following is not None else ""
        body = page_body(page, link)
        path = into / page_path(OBSERVATIONS_SET, number, packed=packed)
        path.write_bytes(gzip.compress(body, 6, mtime=0) if packed else body)
        page, number = following, number + 1
    return written


def _write_manifest(into: Path) -> None:
    """Write what fetching notes of every file, as far as the intake reads it."""
    files = [
        {
            "path": path.relative_to(into).as_posix(),
            "bytes": path.stat().st_size,
            "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        }
        for path in sorted(into.rglob("*.json*"))
        if path.name != MANIFEST
    ]
    about = {"url": ROOT, "asked": {"select": ""}}
    _document(into / MANIFEST, {"complete": True, "about": about, "files": files})


def _write_csv(blocks: Iterator[pa.Table], sink: IO[bytes]) -> int:
    rows, writer = 0, None
    for block in blocks:
        place = block.column_names.index("Value")
        plain = block.set_column(place, "Value", block.column("Value").cast(pa.int64()))
        empty = pa.nulls(block.num_rows, pa.string())
        plain = plain.append_column("StringValue", empty).select(list(_COLUMNS))
        for number, field in enumerate(plain.schema):
            if pa.types.is_dictionary(field.type):
                plain = plain.set_column(number, field.name, plain[field.name].cast(pa.string()))
        if writer is None:
            options = csv.WriteOptions(delimiter=";", quoting_style="needed")
            writer = csv.CSVWriter(
                pa.PythonFile(sink, mode="w"), plain.schema, write_options=options
            )
        writer.write_table(plain)
        rows += block.num_rows
    if writer is not None:
        writer.close()
    return rows


def _properties(about: About) -> dict[str, object]:
    return {
        "Identifier": TABLE_ID,
        "Title": about.titel,
        "Modified": about.modified,
        "ObservationsModified": about.modified,
        "ObservationCount": about.rows,
        "License": about.licence,
    }


def _document(path: Path, document: object) -> None:
    path.write_text(json.dumps(document, ensure_ascii=False), "utf-8")
