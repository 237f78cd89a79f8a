"""Map shapes of one level and indeling, in degrees, read from the snapshot."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import shapely
from pyproj import Transformer
from shapely.geometry.base import BaseGeometry

from spatial.domain.crs import CRS84, RD
from spatial.domain.regions import niveau_of
from spatial.errors import PreviewError, UnknownRegionError
from spatial.store.layers import read_layer
from spatial.store.snapshot import Snapshot

MAP_SHAPES = "kaartgrenzen.parquet"


@dataclass(frozen=True, slots=True)
class Shapes:
    """Regions of one indeling, in order of their code.

    Attributes:
        indeling: the indeling.
        codes: region codes.
        namen: their names in this indeling.
        geometry: polygons or multipolygons (longitude, latitude in degrees).
    """

    indeling: int
    codes: tuple[str, ...]
    namen: tuple[str, ...]
    geometry: tuple[BaseGeometry, ...]

    def points(self) -> list[tuple[float, float]]:
        """Return a place inside every region (longitude, latitude), for circles."""
        inside = shapely.point_on_surface(np.array(self.geometry, dtype=object))
        return [(round(p.x, 4), round(p.y, 4)) for p in inside]

    def bounds(self) -> tuple[float, float, float, float]:
        """Return west, south, east, north (degrees)."""
        west, south, east, north = shapely.total_bounds(np.array(self.geometry, dtype=object))
        return float(west), float(south), float(east), float(north)


def read_shapes(
    snapshot: Snapshot, niveau: str, indelingen: Iterable[int], regio: str = ""
) -> dict[int, Shapes]:
    """Read the map shapes of a level for some indelingen.

    Args:
        snapshot: holds ``kaartgrenzen.parquet`` (EPSG:28992).
        niveau: level of the regions.
        indelingen: the indelingen wanted.
        regio: only regions with their inner point in this region of the same indeling.

    Raises:
        PreviewError: the snapshot has no map shapes for an indeling.
        UnknownRegionError: an indeling does not have the region to which it is limited.
    """
    path = snapshot.path / MAP_SHAPES
    return {
        indeling: _limited(path, _shapes(path, niveau, indeling), regio)
        for indeling in sorted(set(indelingen))
    }


def region_names(snapshot: Snapshot) -> dict[str, str]:
    """Return the newest name of every region of any indeling that the snapshot has, by code."""
    rows = snapshot.table(MAP_SHAPES).select(["code", "naam", "indeling"]).sort_by("indeling")
    return dict(zip(rows["code"].to_pylist(), rows["naam"].to_pylist(), strict=True))


@lru_cache(maxsize=64)
def _shapes(path: Path, niveau: str, indeling: int) -> Shapes:
    """Read the shapes of a snapshot, which never change: a page asks for them per indicator."""
    table = _table(path)
    wanted = pc.and_(
        pc.equal(table["niveau"], niveau), pc.equal(table["indeling"], pa.scalar(indeling, "int32"))
    )
    rows = table.filter(wanted).sort_by("code")
    if rows.num_rows == 0:
        message = f"the snapshot has no map shapes of level '{niveau}' in indeling {indeling}"
        raise PreviewError(message)
    rd = shapely.from_wkb(np.array(rows["geometry"].to_pylist(), dtype=object))
    degrees = shapely.transform(rd, to_degrees)
    return Shapes(
        indeling, tuple(rows["code"].to_pylist()), tuple(rows["naam"].to_pylist()), tuple(degrees)
    )


@lru_cache(maxsize=1)
def _table(path: Path) -> pa.Table:
    return read_layer(path)


def _limited(path: Path, shapes: Shapes, regio: str) -> Shapes:
    if not regio:
        return shapes
    regions = _shapes(path, niveau_of(regio).value, shapes.indeling)
    if regio not in regions.codes:
        message = f"indeling {shapes.indeling} has no region {regio!r}; there are {regions.codes}"
        raise UnknownRegionError(message)
    area = regions.geometry[regions.codes.index(regio)]
    inside = shapely.contains_xy(area, np.array(shapes.points()))
    kept = [index for index, is_in in enumerate(inside) if is_in]
    return Shapes(
        shapes.indeling,
        tuple(shapes.codes[index] for index in kept),
        tuple(shapes.namen[index] for index in kept),
        tuple(shapes.geometry[index] for index in kept),
    )


def to_degrees(coordinates: np.ndarray) -> np.ndarray:
    """Return longitude and latitude (n x 2, degrees) of points in EPSG:28992 (n x 2, m)."""
    longitude, latitude = _transformer().transform(coordinates[:, 0], coordinates[:, 1])
    return np.column_stack([longitude, latitude])


def to_rd(degrees: np.ndarray) -> np.ndarray:
    """Return points in EPSG:28992 (n x 2, m) of longitude and latitude (n x 2, degrees)."""
    x, y = _transformer().transform(degrees[:, 0], degrees[:, 1], direction="INVERSE")
    return np.column_stack([x, y])


@lru_cache(maxsize=1)
def _transformer() -> Transformer:
    return Transformer.from_crs(RD.epsg, CRS84.epsg, always_xy=True)
