"""The different shapes of a layer: in every reference system, indexed, and as GeoJSON text.

Each is transformed, indexed and written once per snapshot, when first asked for.
"""

import threading
from collections.abc import Iterable, Sequence
from functools import cache

import numpy as np
import numpy.typing as npt
import shapely
from pyproj import Transformer

from spatial.domain.crs import RD, Crs
from spatial.serve.query import Box

type Geometries = npt.NDArray[np.object_]
type Points = npt.NDArray[np.float64]


class Shapes:
    """Shapes from WKB in EPSG:28992 (easting, northing in metres)."""

    def __init__(self, wkb: Sequence[bytes]) -> None:
        self._lock = threading.RLock()
        self._wkb = wkb
        self._placed: dict[Crs, Geometries] = {}
        self._trees: dict[Crs, shapely.STRtree] = {}
        self._texts: dict[Crs, list[str | None]] = {}

    def intersecting(self, box: Box) -> npt.NDArray[np.bool_]:
        """Tell of every shape whether it intersects the box, in the reference system of the box."""
        tree = self.tree(box.crs)
        hit = np.zeros(len(self._wkb), dtype=bool)
        for part in box.parts:
            hit[tree.query(shapely.box(*part), predicate="intersects")] = True
        return hit

    def texts(self, crs: Crs, places: Iterable[int]) -> dict[int, str]:
        """Return GeoJSON geometries in the axis order and with the decimals of ``crs``."""
        wanted = set(places)
        with self._lock:
            known = self._texts.setdefault(crs, [None] * len(self._wkb))
            new = [place for place in wanted if known[place] is None]
            if new:
                written = shapely.to_geojson(_ordered(self._in(crs, new), crs))
                for place, text in zip(new, written.tolist(), strict=True):
                    known[place] = text
            return {place: text for place in wanted if (text := known[place]) is not None}

    def placed(self, crs: Crs) -> Geometries:
        """Return all shapes in a reference system, x (longitude, easting) first."""
        with self._lock:
            if crs not in self._placed:
                self._placed[crs] = self._in(crs, range(len(self._wkb)))
            return self._placed[crs]

    def tree(self, crs: Crs) -> shapely.STRtree:
        """Return the index of ``placed``."""
        with self._lock:
            if crs not in self._trees:
                self._trees[crs] = shapely.STRtree(self.placed(crs))
            return self._trees[crs]

    def _in(self, crs: Crs, places: Sequence[int]) -> Geometries:
        """Return shapes with x (longitude, easting) first."""
        if crs in self._placed:
            return self._placed[crs][list(places)]
        shapes = shapely.from_wkb([self._wkb[place] for place in places])
        if crs == RD:
            return shapes
        transformer = _transformer(crs)

        def moved(points: Points) -> Points:
            return np.column_stack(transformer.transform(points[:, 0], points[:, 1]))

        return shapely.transform(shapes, moved)


def _ordered(shapes: Geometries, crs: Crs) -> Geometries:
    def rounded(points: Points) -> Points:
        return np.round(points[:, ::-1] if crs.lat_first else points, crs.decimals)

    return shapely.transform(shapes, rounded)


@cache
def _transformer(crs: Crs) -> Transformer:
    return Transformer.from_crs(RD.epsg, crs.epsg, always_xy=True)
