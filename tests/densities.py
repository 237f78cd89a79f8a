"""A small coverage whose every cell tells where it is, written into a snapshot."""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import numpy.typing as npt
import rasterio
from rasterio.transform import from_origin

from spatial.domain.status import Status
from spatial.store.rasters.index import COVERAGES, INDEX, Band, Coverage, index_json

NAME = "ouderen-personen-dichtheid-1000m"
GRID = 1_000
ROWS, COLUMNS = 30, 50
LEFT, TOP = 100_000.0, 500_000.0
NODATA = -9999.0
DAYS = (date(2020, 1, 1), date(2021, 1, 1), date(2022, 1, 1))
EMPTY_ROW = 5
type Cells = npt.NDArray[np.float32]
NOTICE = "Voorbeeldcijfers: geen echte aantallen."


def value_of(band: int, row: int, column: int) -> float:
    """Return the value of a cell: its band (from 1), row and column are its digits."""
    return band * 10_000 + row * 100 + column + 0.25


def values(band: int) -> Cells:
    """Return the cells of a band; one row and one corner are without value."""
    rows, columns = np.indices((ROWS, COLUMNS))
    cells = (band * 10_000 + rows * 100 + columns + 0.25).astype(np.float32)
    cells[EMPTY_ROW] = NODATA
    cells[0, 0] = NODATA
    return cells


def steep(band: int) -> Cells:
    """Return cells of which every neighbour is ten times as large or small; as empty as ``values``."""
    rows, columns = np.indices((ROWS, COLUMNS))
    cells = (3 * 10.0 ** ((rows + 2 * columns + band) % 5)).astype(np.float32)
    return np.where(values(band) == NODATA, np.float32(NODATA), cells)


def write_coverage(
    snapshot: Path, left: float = LEFT, cells: Callable[[int], Cells] = values
) -> Coverage:
    """Write a coverage of three days and its index into a snapshot folder.

    Args:
        snapshot: the folder.
        left: its western edge (m, RD).
        cells: the cells of each band, counted from 1.
    """
    file = f"{COVERAGES}/{NAME}.tif"
    path = snapshot / file
    path.parent.mkdir()
    with rasterio.open(
        path, "w", driver="GTiff", width=COLUMNS, height=ROWS, count=len(DAYS), dtype="float32",
        crs=28992, transform=from_origin(left, TOP, GRID, GRID), nodata=NODATA, compress="deflate",
    ) as target:  # fmt: skip
        target.update_tags(melding=NOTICE)
        for number, day in enumerate(DAYS, start=1):
            target.write(cells(number), number)
            target.set_band_description(number, f"1 januari {day.year}")
            target.set_band_unit(number, "personen per km2")
            target.update_tags(number, methode="geschat")
    coverage = Coverage(
        id=NAME,
        thema="ouderen",
        indicator="personen",
        collection="ouderen-gemeente",
        title_nl="Ouderen per km2",
        title_en="Older people per km2",
        description_nl="Personen per vierkante kilometer.",
        description_en="Persons per square kilometre.",
        unit="personen per km2",
        grid=GRID,
        crs=28992,
        bbox=(left, TOP - ROWS * GRID, left + COLUMNS * GRID, TOP),
        shape=(ROWS, COLUMNS),
        nodata=NODATA,
        bands=tuple(_band(number, day) for number, day in enumerate(DAYS, start=1)),
        source="Miniland",
        licence="EUPL-1.2",
        voorbeeld=True,
        file=file,
        size=path.stat().st_size,
        sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
        notices_nl=(NOTICE,),
        notices_en=("Example figures: no real counts.",),
    )
    (path.parent / INDEX).write_text(index_json([coverage]), encoding="utf-8")
    return coverage


def large(coverage: Coverage, times: int) -> Coverage:
    """Return the description of a coverage with more cells; there is no file of it."""
    rows, columns = coverage.shape
    left, _, _, top = coverage.bbox
    bbox = (left, top - rows * times * GRID, left + columns * times * GRID, top)
    return replace(coverage, shape=(rows * times, columns * times), bbox=bbox)


def _band(number: int, day: date) -> Band:
    return Band(
        number, day, f"1 januari {day.year}", day.year,
        {Status.WAARGENOMEN: 3, Status.GEHEIM_OF_ONBEKEND: 1},
        cells=(ROWS - 1) * COLUMNS - 1, minimum=10_001.25, maximum=12_949.25, mean=11_500.0,
    )  # fmt: skip
