"""Read every format with a program of its own, into one row of plain values per feature."""

import io
import json
import re
import zipfile
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pyarrow as pa
import pyarrow.parquet as pq
import pyogrio
import shapely
from pyarrow import csv

from spatial.domain.status import Status
from spatial.store.catalogue import Field

type Row = dict[str, Any]
type Reader = Callable[[bytes, Path, list[Field]], list[Row]]

_TYPES = {
    "string": pa.string(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
}
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_EXCEL_EPOCH = date(1899, 12, 30)


def from_geojson(content: bytes, _folder: Path, _fields: list[Field]) -> list[Row]:
    return [
        {"id": feature["id"], **feature["properties"]}
        for feature in json.loads(content)["features"]
    ]


def from_csv(content: bytes, _folder: Path, fields: list[Field]) -> list[Row]:
    """Read typed; a cell between quotes is a text, an empty one without quotes is missing."""
    types = {"id": pa.string(), **{field.naam: _TYPES[field.type] for field in fields}}
    options = csv.ConvertOptions(
        column_types=types,
        null_values=[""],
        strings_can_be_null=True,
        quoted_strings_can_be_null=False,
    )
    table = csv.read_csv(
        io.BytesIO(content),
        parse_options=csv.ParseOptions(newlines_in_values=True),
        convert_options=options,
    )
    return rows_of(table)


def from_parquet(content: bytes, _folder: Path, _fields: list[Field]) -> list[Row]:
    return rows_of(pq.read_table(io.BytesIO(content)))


def from_gdal(content: bytes, folder: Path, _fields: list[Field], suffix: str) -> list[Row]:
    path = folder / f"bestand{suffix}"
    path.write_bytes(content)
    return rows_of(pyogrio.raw.read_arrow(path, read_geometry=False)[1])


def from_flatgeobuf(content: bytes, folder: Path, fields: list[Field]) -> list[Row]:
    return sorted(from_gdal(content, folder, fields, ".fgb"), key=lambda row: str(row["id"]))


def from_geopackage(content: bytes, folder: Path, fields: list[Field]) -> list[Row]:
    return from_gdal(content, folder, fields, ".gpkg")


def from_workbook(content: bytes, _folder: Path, fields: list[Field]) -> list[Row]:
    """Read the first sheet; where a value misses its sign is held against its status."""
    sheet = cells_of(content, 1)
    names = sheet[1]
    by_name = {field.naam: field for field in fields}
    found = []
    for cells in sheet[2:]:
        row = dict(zip(names, [*cells, *[None] * (len(names) - len(cells))], strict=True))
        for name, field in by_name.items():
            row[name] = _from_cell(row, field)
        found.append(row)
    return found


def cells_of(content: bytes, sheet: int) -> list[list[Any]]:
    """Return the cells of a sheet of a workbook: numbers, truth values, texts, None."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        root = ET.fromstring(book.read(f"xl/worksheets/sheet{sheet}.xml"))  # noqa: S314 - our own
    rows = []
    for row in root.iter(f"{_MAIN}row"):
        cells: dict[int, Any] = {
            _column(cell.attrib["r"]): _cell(cell) for cell in row.iter(f"{_MAIN}c")
        }
        rows.append([cells.get(place) for place in range(max(cells, default=-1) + 1)])
    return rows


def rows_of(table: pa.Table) -> list[Row]:
    return [{name: plain(value) for name, value in row.items()} for row in table.to_pylist()]


def plain(value: object) -> object:
    """Return a value as JSON has it; WKB as a shape."""
    match value:
        case datetime():
            return value.date().isoformat()
        case date():
            return value.isoformat()
        case bytes():
            return shapely.from_wkb(value)
        case _:
            return value


READERS: dict[str, Reader] = {
    "geojson": from_geojson,
    "csv": from_csv,
    "fgb": from_flatgeobuf,
    "gpkg": from_geopackage,
    "parquet": from_parquet,
    "xlsx": from_workbook,
}


def properties(rows: Iterable[Row]) -> list[Row]:
    """Return rows without what a format adds: its geometry and its own number of a feature."""
    added = {"geometry", "wkb_geometry", "geom", "fid", "OGC_FID", "WKT"}
    return [{name: value for name, value in row.items() if name not in added} for row in rows]


def _from_cell(row: Row, field: Field) -> object:
    value = row[field.naam]
    state = row.get(f"{field.naam}Status")
    if field.indicator and state and not Status(state).has_value:
        assert value == (Status(state).teken or None), (
            "a missing value shows the sign of its status"
        )
        return None
    if field.type == "date" and value is not None:
        return (_EXCEL_EPOCH + timedelta(days=int(value))).isoformat()
    return value


def _column(reference: str) -> int:
    place = 0
    for letter in re.sub(r"\d", "", reference):
        place = place * 26 + ord(letter) - ord("A") + 1
    return place - 1


def _cell(cell: ET.Element) -> object:
    if cell.attrib.get("t") == "inlineStr":
        return "".join(part.text or "" for part in cell.iter(f"{_MAIN}t"))
    value = cell.find(f"{_MAIN}v")
    if value is None or value.text is None:
        return None
    if cell.attrib.get("t") == "b":
        return value.text == "1"
    assert "t" not in cell.attrib, cell.attrib
    number = float(value.text)
    return int(number) if number.is_integer() else number
