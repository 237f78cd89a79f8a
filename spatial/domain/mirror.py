"""The layout of a folder with sources as fetched, which a build reads: also called a mirror.

    <root>/cbs/<table>/<EntitySet>.json                        properties, dimensions, code lists
    <root>/cbs/<table>/Observations/page-00001.json[.gz]       observations, OData version 4
    <root>/cbs/<table>/UntypedDataSet/page-00001.json[.gz]     the same, version 3; or TypedDataSet
    <root>/boundaries/<rubriek>_gegeneraliseerd_<jaar>.geojson
    <root>/boundaries/cbsgebiedsindelingen<jaar>.gpkg
    <root>/taakstelling/<file>
    <any of these folders>/manifest.json                       where every file came from, and when

An entity set that came in more answers than one has ``<EntitySet>.page-00002.json`` and so on beside
its first. A folder is whole or not there: what is underway stands in ``<folder>.part``.
"""

import re
from pathlib import Path

MANIFEST = "manifest.json"
CBS = "cbs"
BOUNDARIES = "boundaries"
TAAKSTELLING = "taakstelling"
DATA_SETS = ("Observations", "UntypedDataSet", "TypedDataSet")
"""Entity sets with the observations of a table; a folder has one of them."""
RUBRIEKEN = ("gemeente", "coropgebied", "provincie", "veiligheidsregio")
"""Kinds of region, as PDOK calls them, of which a build reads boundaries; it cannot do without the first."""

_GEMEENTEN = re.compile(
    r"gemeente_gegeneraliseerd_(\d{4})\.geojson|cbsgebiedsindelingen(\d{4})\.gpkg"
)
_PAGE = re.compile(r"page-(\d{5,})\.json(\.gz)?")


def table_folder(root: Path, table: str) -> Path:
    """Return the folder of a CBS table."""
    return root / CBS / table


def page_path(data_set: str, number: int, *, packed: bool = False) -> str:
    """Return where page ``number`` (from 1) of the observations stands, from the folder of its table.

    >>> page_path("Observations", 7, packed=True)
    'Observations/page-00007.json.gz'
    """
    return f"{data_set}/page-{number:05d}.json{'.gz' if packed else ''}"


def part_path(name: str, number: int, suffix: str = ".json") -> str:
    """Return where answer ``number`` (from 1) of a small set stands.

    >>> part_path("RegioSCodes", 1), part_path("RegioSCodes", 2)
    ('RegioSCodes.json', 'RegioSCodes.page-00002.json')
    """
    return f"{name}{suffix}" if number == 1 else f"{name}.page-{number:05d}{suffix}"


def pages_of(folder: Path, data_set: str) -> list[Path]:
    """Return the pages of observations in a folder of a table, in their order."""
    numbered = [
        (int(match[1]), path)
        for path in (folder / data_set).glob("page-*")
        if (match := _PAGE.fullmatch(path.name))
    ]
    return [path for _, path in sorted(numbered)]


def parts_of(folder: Path, name: str, suffix: str = ".json") -> list[Path]:
    """Return the files of a small set, in their order; none when it is not there."""
    first = folder / part_path(name, 1, suffix)
    more = sorted(folder.glob(f"{name}.page-*{suffix}"))
    return [first, *more] if first.is_file() else []


def boundary_path(rubriek: str, year: int) -> str:
    """Return where the boundaries of one kind of region in one year stand, from their folder.

    >>> boundary_path("gemeente", 2024)
    'gemeente_gegeneraliseerd_2024.geojson'
    """
    return f"{rubriek}_gegeneraliseerd_{year}.geojson"


def package_path(year: int) -> str:
    """Return where the GeoPackage with all boundaries of one year stands, from their folder.

    >>> package_path(2024)
    'cbsgebiedsindelingen2024.gpkg'
    """
    return f"cbsgebiedsindelingen{year}.gpkg"


def years_in(root: Path) -> list[int]:
    """Return the years of which the gemeenten stand in a mirror, ascending."""
    found = set()
    for path in (root / BOUNDARIES).glob("*"):
        match = _GEMEENTEN.fullmatch(path.name)
        if match is not None:
            found.add(int(match[1] or match[2]))
    return sorted(found)


def tables_in(root: Path) -> list[Path]:
    """Return the tables of the taakstelling in a mirror, by name."""
    found = (root / TAAKSTELLING).glob("*")
    return sorted(path for path in found if path.suffix.lower() in {".csv", ".xlsx"})
