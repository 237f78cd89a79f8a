"""What makes a GeoPackage open in QGIS as it is meant: a table of styles, one of them by default.

The table is the one that QGIS itself makes, listed among the contents as other tables without
shapes are. QGIS finds the styles of a layer by its name and the name of its column of shapes.
"""

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from spatial.errors import StoreError

_TABLE = """
CREATE TABLE layer_styles (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  f_table_catalog TEXT(256),
  f_table_schema TEXT(256),
  f_table_name TEXT(256),
  f_geometry_column TEXT(256),
  styleName TEXT(256),
  styleQML TEXT,
  styleSLD TEXT,
  useAsDefault BOOLEAN,
  description TEXT,
  owner TEXT(30),
  ui TEXT(30),
  update_time DATETIME
)
"""
_LISTED = """
INSERT INTO gpkg_contents (table_name, data_type, identifier, description, last_change)
VALUES ('layer_styles', 'attributes', 'layer_styles', ?, ?)
"""
_STYLE = """
INSERT INTO layer_styles (
  f_table_catalog, f_table_schema, f_table_name, f_geometry_column, styleName, styleQML, styleSLD,
  useAsDefault, description, owner, ui, update_time
) SELECT '', '', table_name, column_name, ?, ?, '', ?, ?, '', '', ?
FROM gpkg_geometry_columns WHERE table_name = ?
"""
_DESCRIBED = "Stijlen voor QGIS / styles for QGIS"
_EPOCH = "1970-01-01T00:00:00.000Z"


@dataclass(frozen=True, slots=True)
class LayerStyle:
    """One style of one layer.

    Attributes:
        layer: name of the layer.
        name: by which it is chosen in QGIS.
        qml: the style file.
        default: the layer opens with it.
        description: what it shows.
    """

    layer: str
    name: str
    qml: str
    default: bool
    description: str = ""


def add_styles(path: Path, styles: Iterable[LayerStyle], moment: datetime | None = None) -> None:
    """Add the table of styles to a GeoPackage that has none yet.

    Args:
        path: the file, with its layers.
        styles: of its layers; at most one of a layer is the default.
        moment: what the file says of when they were made (UTC).

    Raises:
        StoreError: the file cannot be written, or has such a table.
    """
    text = _EPOCH if moment is None else moment.strftime("%Y-%m-%dT%H:%M:%S.000Z")
    rows = (
        (one.name, one.qml, int(one.default), one.description, text, one.layer) for one in styles
    )
    try:
        with closing(sqlite3.connect(path)) as database, database:
            database.execute(_TABLE)
            database.execute(_LISTED, (_DESCRIBED, text))
            database.executemany(_STYLE, rows)
    except sqlite3.Error as error:
        message = f"styles cannot be added to {path.name}: {error}"
        raise StoreError(message) from error
