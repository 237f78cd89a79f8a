"""Read a grid of inhabitants: a GeoTIFF, or a table of CBS vierkanten by code."""

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import rasterio
from pyarrow import csv, parquet
from pyogrio import read_arrow, read_info
from pyogrio.errors import DataLayerError, DataSourceError
from rasterio.errors import RasterioIOError
from rasterio.io import DatasetReader

from spatial.domain.crs import RD, RD_BOUNDS
from spatial.domain.squares import Frame, whole_country
from spatial.domain.tables import INHABITED
from spatial.errors import CrsError, DuplicateKeyError, SchemaError, SourceError, ValueParseError

SIDES = (100, 500)
"""Sides of the vierkanten of CBS (m)."""

_RASTERS = (".tif", ".tiff", ".vrt")
_CODE_NAME = re.compile(r"c(?:rs)?28992r(?:es)?(100|500)m?", re.IGNORECASE)
_PEOPLE_NAME = re.compile(r"(?:aantal_?)?inwoners|inw\d{4}", re.IGNORECASE)
_CODE = r"^(?:E(?P<e1>\d{1,6})N(?P<n1>\d{4,6})|N(?P<n2>\d{4,6})E(?P<e2>\d{1,6}))$"
_IN_METRES = 10_000
"""Northings in a code count hundreds of metres below this, metres from it on."""
_NOT_GIVEN = (-99_997.0, -99_995.0)
"""What CBS writes for a secret number, and for one that is not there."""

type _Places = npt.NDArray[np.int64]
type _People = npt.NDArray[np.float64]


def read_inhabited(path: Path, side: int | None = None) -> tuple[Frame, pa.Table]:
    """Read who lives where.

    Args:
        path: a GeoTIFF (EPSG:28992, north up, square cells of whole metres; the first band counts
            people, nodata where nobody is counted); or CBS vierkanten as GeoPackage, Parquet or CSV
            with a code per cell (``crs28992res500m``) and its inhabitants (``aantal_inwoners``).
        side: wanted side of a cell (m), a multiple of that of the file; None: as in the file.

    Returns:
        The frame, and ``INHABITED``. Cells that CBS keeps secret are left out, as all where nobody
        is counted.

    Raises:
        SourceError: the file cannot be read, has nobody in it, or has cells of another kind.
        CrsError: a GeoTIFF in another reference system.
        SchemaError: a table without code or inhabitants.
        ValueParseError: a code that is not one, or less than nobody in a cell.
    """
    if path.suffix.lower() in _RASTERS:
        frame, cells, people = _from_raster(path, side)
    else:
        frame, cells, people = _from_table(path, side)
    if not len(cells):
        message = f"{path.name} has nobody in it: only nodata or zeros; take another grid"
        raise SourceError(message)
    cells, place = np.unique(cells, return_inverse=True)
    table = pa.table({"cel": cells, "inwoners": np.bincount(place, people, len(cells))})
    INHABITED.check(table, path.name)
    return frame, table


def _from_raster(path: Path, side: int | None) -> tuple[Frame, _Places, _People]:
    """Read a GeoTIFF block by block."""
    try:
        with rasterio.open(path) as raster:
            frame = _frame_of(raster, side, path.name)
            parts = [_block(raster, window, frame) for _, window in raster.block_windows(1)]
    except RasterioIOError as error:
        message = f"{path.name} cannot be read as a grid: {error}"
        raise SourceError(message) from error
    cells = np.concatenate([cells for cells, _ in parts])
    people = np.concatenate([people for _, people in parts])
    _check_people(people, path.name)
    return frame, cells, people


def _frame_of(raster: DatasetReader, side: int | None, name: str) -> Frame:
    """Return the frame of the wanted cells around all those of a raster."""
    if raster.crs is None or raster.crs.to_epsg() != RD.epsg:
        message = f"{name} is in {raster.crs}, not in EPSG:{RD.epsg}; warp it first"
        raise CrsError(message)
    across, skew, left, skew_too, down, top = tuple(raster.transform)[:6]
    own = round(across)
    if (skew, skew_too) != (0, 0) or across != -down or across != own or own <= 0:
        message = f"{name} has no square cells of whole metres with north up; warp it first"
        raise SourceError(message)
    wanted = _wanted(side, own, name)
    if (left % own, top % own) != (0, 0):
        message = (
            f"{name} begins at {left:g}, {top:g}, which is not a multiple of its cells of {own} m"
        )
        raise SourceError(message)
    west, north = np.floor(left / wanted) * wanted, np.ceil(top / wanted) * wanted
    columns = int(np.ceil((left + raster.width * own - west) / wanted))
    rows = int(np.ceil((north - top + raster.height * own) / wanted))
    return Frame(float(west), float(north), wanted, rows, columns)


def _wanted(side: int | None, own: int, name: str) -> int:
    if side is None:
        return own
    if side % own:
        message = f"{name} has cells of {own} m, of which no cells of {side} m can be made"
        raise SourceError(message)
    return side


def _block(
    raster: DatasetReader, window: rasterio.windows.Window, frame: Frame
) -> tuple[_Places, _People]:
    """Return the cells of a block in which somebody is counted; more than once if they are small."""
    values = raster.read(1, window=window, masked=True).astype(np.float64).filled(0.0)
    values[~np.isfinite(values)] = 0.0
    row, column = np.nonzero(values)
    own = raster.transform.a
    x = raster.transform.c + (column + window.col_off + 0.5) * own
    y = raster.transform.f - (row + window.row_off + 0.5) * own
    return _cells(frame, x, y), values[row, column]


def _cells(frame: Frame, x: _People, y: _People) -> _Places:
    """Return the cells of places (m) inside a frame."""
    column = np.floor((x - frame.left) / frame.side).astype(np.int64)
    row = np.floor((frame.top - y) / frame.side).astype(np.int64)
    return row * frame.columns + column


def _from_table(path: Path, side: int | None) -> tuple[Frame, _Places, _People]:
    """Read vierkanten by their code."""
    code, people_name, table = _columns(path)
    own = int(code[1])
    frame = whole_country(_wanted(side, own, path.name))
    people = table[people_name].cast(pa.float64()).fill_null(0.0).to_numpy()
    counted = (people != 0) & ~np.isin(people, _NOT_GIVEN)
    _check_people(people[counted], path.name)
    x, y = _corners(table[code[0]].filter(pa.array(counted)), path.name)
    if len(x) and (
        (x % own).any() or (y % own).any() or not _inside(x, y)
    ):  # a code of smaller cells, or of another system
        message = f"{path.name} has codes that are no corners of cells of {own} m in RD"
        raise ValueParseError(message)
    return frame, _cells(frame, x + own / 2, y + own / 2), people[counted]


def _inside(x: _People, y: _People) -> bool:
    left, bottom, right, top = RD_BOUNDS
    return bool(((x >= left) & (x < right) & (y >= bottom) & (y < top)).all())


def _columns(path: Path) -> tuple[re.Match[str], str, pa.Table]:
    """Return the column of codes, the name of that of inhabitants, and a table with both."""
    try:
        names, read = _reader(path)
        codes = [found for name in names if (found := _CODE_NAME.fullmatch(name))]
        people = [name for name in names if _PEOPLE_NAME.fullmatch(name)]
        if len(codes) != 1 or len(people) != 1:
            message = (
                f"{path.name} must have one column with the code of a cell (crs28992res100m or"
                f" crs28992res500m) and one with its inhabitants (aantal_inwoners); it has {names}"
            )
            raise SchemaError(message)
        return codes[0], people[0], read([codes[0][0], people[0]])
    except (OSError, pa.ArrowException, DataSourceError, DataLayerError) as error:
        message = f"{path.name} cannot be read as a table of cells: {error}"
        raise SourceError(message) from error


def _reader(path: Path) -> tuple[list[str], Callable[[list[str]], pa.Table]]:
    """Return the names of the columns of a table, and what reads some of them."""
    match path.suffix.lower():
        case ".parquet":
            return parquet.read_schema(path).names, lambda some: parquet.read_table(
                path, columns=some
            )
        case ".csv":
            with path.open(encoding="utf-8-sig") as file:
                head = file.readline().rstrip("\r\n")
            mark = max(",;\t", key=head.count)
            names = [name.strip('"') for name in head.split(mark)]
            form = csv.ParseOptions(delimiter=mark)
            return names, lambda some: csv.read_csv(
                path, parse_options=form, convert_options=csv.ConvertOptions(include_columns=some)
            )
        case _:
            names = [str(name) for name in read_info(path)["fields"]]
            return names, lambda some: read_arrow(path, columns=some, read_geometry=False)[1]


def _corners(codes: pa.ChunkedArray, name: str) -> tuple[_People, _People]:
    """Return easting and northing (m) of the south-west corner that each code names.

    ``E1190N4780`` counts hundreds of metres, ``E119000N478000`` metres; N may stand before E.
    """
    found = pc.extract_regex(codes.cast(pa.string()), _CODE)
    if found.null_count:
        wrong = codes.filter(pc.is_null(found))[0].as_py()
        message = f"{name} has {found.null_count} cells with a code such as {wrong!r}; expected E1190N4780"
        raise ValueParseError(message)
    parts = [pc.struct_field(found, field) for field in ("e1", "e2", "n1", "n2")]
    e1, e2, n1, n2 = (_number(part) for part in parts)
    x, y = e1 + e2, n1 + n2
    per = np.where(y < _IN_METRES, 100.0, 1.0)
    x, y = x * per, y * per
    if len(np.unique(x * 1e7 + y)) < len(x):
        message = f"{name} has a cell twice"
        raise DuplicateKeyError(message)
    return x, y


def _number(text: pa.ChunkedArray) -> _People:
    """Return digits as a number; what is not in this form of code as 0."""
    digits = pc.if_else(pc.equal(text, ""), "0", text)
    number: _People = digits.cast(pa.float64()).to_numpy()
    return number


def _check_people(people: _People, name: str) -> None:
    if (people < 0).any():
        message = f"{name} has cells of {people.min():g} people; give that sign as nodata"
        raise ValueParseError(message)
