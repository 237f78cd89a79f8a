"""FlatGeobuf and GeoPackage, written by GDAL from Arrow; the same content gives the same bytes."""

import threading
from datetime import datetime
from functools import cache
from pathlib import Path
from types import ModuleType

from spatial.errors import StoreError
from spatial.store.files.content import Content
from spatial.store.layers import GEOMETRY

_EPOCH = "1970-01-01T00:00:00.000Z"
_DATASET = {"GPKG": {"VERSION": "1.3"}}
"""The newest version that GDAL 3.6, of Debian 12, reads without a warning."""
_clock = threading.Lock()


def write_flatgeobuf(content: Content, path: Path) -> None:
    """Write FlatGeobuf; with a spatial index when every row has a shape, as the format demands.

    The format has moments but no days: a day becomes a moment at midnight.

    Raises:
        StoreError: the file cannot be written.
    """
    indexed = content.placed and content.complete
    options = {
        "SPATIAL_INDEX": "YES" if indexed else "NO",
        "TITLE": content.about["titel"],
        "DESCRIPTION": content.about["beschrijving"],
    }
    _write(content, path, "FlatGeobuf", options)


def write_geopackage(content: Content, path: Path, moment: datetime | None = None) -> None:
    """Write a layer as GeoPackage: titles of the columns as aliases, notices as metadata.

    Args:
        content: what to write.
        path: file that has no such layer yet.
        moment: what the file says of when it was made (UTC).

    Raises:
        StoreError: the file cannot be written.
    """
    options = {
        "IDENTIFIER": content.about["titel"],
        "DESCRIPTION": content.about["beschrijving"],
    }
    text = _EPOCH if moment is None else moment.strftime("%Y-%m-%dT%H:%M:%S.000Z")
    # GDAL knows one date for the whole process
    with _clock:
        _gdal().set_gdal_config_options({"OGR_CURRENT_DATE": text})
        try:
            _write(content, path, "GPKG", options)
        finally:
            _gdal().set_gdal_config_options({"OGR_CURRENT_DATE": None})


@cache
def _gdal() -> ModuleType:
    """Load pyogrio when a file is written: it loads pandas, which no page of features needs."""
    import pyogrio  # noqa: PLC0415

    return pyogrio  # type: ignore[no-any-return]


def _write(content: Content, path: Path, driver: str, options: dict[str, str]) -> None:
    place = {}
    if content.placed:
        place = {
            "geometry_name": GEOMETRY,
            "geometry_type": "MultiPolygon",
            "crs": f"EPSG:{content.crs.epsg}",
        }
    try:
        _gdal().raw.write_arrow(
            content.reader(),
            path,
            layer=content.name,
            driver=driver,
            dataset_options=_DATASET.get(driver),
            layer_metadata={name: text for name, text in content.about.items() if text},
            layer_options=options,
            **place,
        )
    except (_gdal().errors.DataSourceError, _gdal().errors.DataLayerError) as error:
        message = f"{path.name} cannot be written: {error}"
        raise StoreError(message) from error
