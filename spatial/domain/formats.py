"""The files in which a whole selection of features can be had: names, media types, titles."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FileFormat:
    """One kind of file.

    Attributes:
        name: value of ``f``.
        media_type: as in ``Accept`` and in links.
        extension: of the file name, with its point.
        titel_nl: Dutch title of a link.
        title_en: English title.
    """

    name: str
    media_type: str
    extension: str
    titel_nl: str
    title_en: str


GEOJSON_FILE = FileFormat(
    "geojson", "application/geo+json", ".geojson",
    "Hele selectie als GeoJSON-bestand", "Whole selection as GeoJSON file",
)  # fmt: skip
CSV = FileFormat(
    "csv", "text/csv", ".csv", "Hele selectie als CSV", "Whole selection as CSV",
)  # fmt: skip
FLATGEOBUF = FileFormat(
    "fgb", "application/flatgeobuf", ".fgb",
    "Hele selectie als FlatGeobuf", "Whole selection as FlatGeobuf",
)  # fmt: skip
GEOPACKAGE = FileFormat(
    "gpkg", "application/geopackage+sqlite3", ".gpkg",
    "Hele selectie als GeoPackage", "Whole selection as GeoPackage",
)  # fmt: skip
GEOPARQUET = FileFormat(
    "parquet", "application/vnd.apache.parquet", ".parquet",
    "Hele selectie als GeoParquet", "Whole selection as GeoParquet",
)  # fmt: skip
WORKBOOK = FileFormat(
    "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".xlsx",
    "Hele selectie als Excel-werkmap", "Whole selection as Excel workbook",
)  # fmt: skip

ARROW = FileFormat(
    "arrow", "application/vnd.apache.arrow.stream", ".arrows",
    "Hele selectie als Arrow", "Whole selection as Arrow",
)  # fmt: skip

OBSERVATION_FORMATS = (GEOJSON_FILE, CSV, GEOPARQUET, ARROW)
"""Those of observations: the forms that can be written while they are sent."""
FILE_FORMATS = (GEOJSON_FILE, CSV, FLATGEOBUF, GEOPACKAGE, GEOPARQUET, WORKBOOK)
"""In the order in which links and pages list them."""
