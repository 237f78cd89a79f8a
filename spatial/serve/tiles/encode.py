"""One tile as Mapbox Vector Tile 2.1."""

from collections.abc import Sequence

import mapbox_vector_tile

from spatial.serve.read.layer import Layer
from spatial.serve.tiles.matrices import EXTENT
from spatial.serve.tiles.pyramid import Cut

ID = "id"
"""Property with the feature id: the tile's own id can only be a number."""

# shapes come on whole units, the right way round
_OPTIONS = {"y_coord_down": True, "extents": EXTENT, "check_winding_order": False}


def encode_tile(layer: Layer, cut: Cut, names: Sequence[str]) -> bytes:
    """Write the features of a tile; nothing when there are none.

    Args:
        layer: the layer; the tile has one of that name.
        cut: rows and shapes; the numeric id of a feature is its row, counted from 1.
        names: properties to write. A value that is missing is left out: a tile has no null.
    """
    if not len(cut.rows):
        return b""
    columns = [layer.columns[name].pick(cut.rows) for name in names]
    features = [
        {
            "id": row + 1,
            "geometry": shape,
            "properties": {
                ID: layer.ids[row],
                **{name: cell for name, cell in zip(names, cells, strict=True) if cell is not None},
            },
        }
        for row, shape, cells in zip(
            cut.rows.tolist(), cut.shapes, zip(*columns, strict=True), strict=True
        )
    ]
    tile: bytes = mapbox_vector_tile.encode(
        {"name": layer.collection.id, "features": features}, default_options=_OPTIONS
    )
    return tile
