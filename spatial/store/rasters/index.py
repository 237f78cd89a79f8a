"""The coverages of a snapshot: ``dichtheid/index.json``, plain Python and light to load.

<snapshot>/dichtheid/<id>.tif     one coverage: a GeoTIFF with a band per peilmoment
<snapshot>/dichtheid/index.json   what each of them is
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from spatial.domain.status import Status
from spatial.errors import StoreError

COVERAGES = "dichtheid"
"""Folder of the coverages in a snapshot."""
INDEX = "index.json"


@dataclass(frozen=True, slots=True)
class Band:
    """One band of a coverage.

    Attributes:
        index: its number in the file, from 1.
        peilmoment: the day of its figures.
        label: what it shows, in Dutch; also the description of the band in the file.
        indeling: the indeling on whose boundaries it is made.
        statuses: gemeenten of that day by what became of them: the status of their figure where it
            was spread, ``te_klein`` where it could not be shown, and the status of a missing figure.
        cells: cells with a value.
        minimum: least value of them; None without cells.
        maximum: greatest value; None without cells.
        mean: mean value; None without cells.
    """

    index: int
    peilmoment: date
    label: str
    indeling: int
    statuses: Mapping[Status, int]
    cells: int = 0
    minimum: float | None = None
    maximum: float | None = None
    mean: float | None = None


@dataclass(frozen=True, slots=True)
class Coverage:
    """One coverage: a density per km2 on a grid of squares, with a band per peilmoment.

    Attributes:
        id: ``<thema>-<indicator in kebab-case>-dichtheid-<grid>m``.
        thema: its theme.
        indicator: id in the catalogue of indicators (camelCase).
        collection: id of the collection with the figures that were spread.
        title_nl: Dutch title.
        title_en: English title.
        description_nl: Dutch description: how it was made and what a missing cell means.
        description_en: the same in English.
        unit: such as ``personen per km2``.
        grid: side of a cell (m).
        crs: EPSG code of bbox and cells; 28992, easting first.
        bbox: left, bottom, right, top of the whole grid (m).
        shape: rows from north to south, columns from west to east.
        nodata: value of a cell that shows nothing: nobody is counted there, or it may not be shown.
        bands: in order of peilmoment.
        source: the sources of figures, boundaries and inhabitants, in Dutch.
        licence: their licences, in the same order.
        voorbeeld: figures or inhabitants are an example.
        notices_nl: Dutch sentences that must stand beside it wherever it is shown.
        notices_en: the same in English.
        file: path of the GeoTIFF in the snapshot.
        size: its bytes.
        sha256: its checksum.
    """

    id: str
    thema: str
    indicator: str
    collection: str
    title_nl: str
    title_en: str
    description_nl: str
    description_en: str
    unit: str
    grid: int
    crs: int
    bbox: tuple[float, float, float, float]
    shape: tuple[int, int]
    nodata: float
    bands: tuple[Band, ...]
    source: str
    licence: str
    voorbeeld: bool
    file: str
    size: int
    sha256: str
    notices_nl: tuple[str, ...] = field(default=())
    notices_en: tuple[str, ...] = field(default=())


def read_coverages(snapshot: Path) -> tuple[Coverage, ...]:
    """Return the coverages of a snapshot folder, by id; none when it was built without.

    Raises:
        StoreError: the index cannot be read, or names a file outside the snapshot.
    """
    path = snapshot / COVERAGES / INDEX
    if not path.is_file():
        return ()
    return read_index(path)


def read_index(path: Path) -> tuple[Coverage, ...]:
    """Read an index of coverages.

    Raises:
        StoreError: it cannot be read, or a file lies outside the folder that it describes.
    """
    try:
        entries = json.loads(path.read_text(encoding="utf-8"))
        found = tuple(_coverage(entry) for entry in entries)
    except (OSError, KeyError, TypeError, ValueError) as error:
        message = f"the index of coverages {path.name} cannot be read: {error!r}"
        raise StoreError(message) from error
    for entry in found:
        place = Path(entry.file)
        if place.is_absolute() or ".." in place.parts:
            message = f"the index of coverages names {entry.file!r}, which is not in the snapshot"
            raise StoreError(message)
    return found


def index_json(coverages: Iterable[Coverage]) -> str:
    """Return the index as text, by id; dates as ISO text."""
    entries = [asdict(entry) for entry in sorted(coverages, key=lambda entry: entry.id)]
    for entry in entries:
        for band in entry["bands"]:
            band["peilmoment"] = band["peilmoment"].isoformat()
    return json.dumps(entries, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _coverage(entry: Mapping[str, Any]) -> Coverage:
    values: dict[str, Any] = dict(entry)
    for name in ("bbox", "shape", "notices_nl", "notices_en"):
        values[name] = tuple(values[name])
    values["bands"] = tuple(_band(band) for band in values["bands"])
    return Coverage(**values)


def _band(entry: Mapping[str, Any]) -> Band:
    values: dict[str, Any] = dict(entry)
    values["peilmoment"] = date.fromisoformat(values["peilmoment"])
    values["statuses"] = {Status(name): count for name, count in values["statuses"].items()}
    return Band(**values)
