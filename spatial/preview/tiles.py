"""The tile grid of a map: one hexagon per gemeente, the same one in every indeling."""

from collections.abc import Iterable

import numpy as np
import shapely

from spatial.preview.shapes import Shapes, to_degrees
from spatial.preview.topology import GRID
from spatial.store.snapshot import Snapshot

TILE_MAP = "tegelkaart.parquet"

type Corners = tuple[int, ...]
"""Longitude and latitude of six corners, one after another, in steps of ``GRID`` degrees."""


def read_tiles(snapshot: Snapshot, shapes: Iterable[Shapes]) -> dict[str, Corners]:
    """Return the hexagon of every region by code.

    Returns:
        Nothing when the snapshot has no tile grid, or one that lacks some of these regions: only
        gemeenten have a hexagon.
    """
    codes = sorted({code for entry in shapes for code in entry.codes})
    if not (snapshot.path / TILE_MAP).exists():
        return {}
    table = snapshot.table(TILE_MAP)
    hexagons = shapely.from_wkb(np.array(table["geometry"].to_pylist(), dtype=object))
    rings = shapely.get_exterior_ring(shapely.get_geometry(hexagons, 0))
    degrees = shapely.transform(rings, to_degrees)
    steps = np.rint(shapely.get_coordinates(degrees) / GRID).astype(int)
    corners = steps.reshape(len(hexagons), -1, 2)[:, :-1].reshape(len(hexagons), -1).tolist()
    tiles = dict(zip(table["code"].to_pylist(), map(tuple, corners), strict=True))
    return {code: tiles[code] for code in codes} if tiles.keys() >= set(codes) else {}
