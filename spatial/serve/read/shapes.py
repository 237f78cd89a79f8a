"""The different shapes of a layer: in every reference system, indexed, and as GeoJSON text."""

import threading
from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import shapely

from spatial.domain.crs import Crs
from spatial.serve.ask.query import Box
from spatial.serve.read.fragments import Fragments
from spatial.store.shapes import Geometries, text_column, wkb_column

type Places = npt.NDArray[np.intp]


class Pool:
    """All shapes of a snapshot; texts are read where they lie in the file."""

    def __init__(self, table: pa.Table) -> None:
        self._table = table
        self._lock = threading.Lock()
        self._texts: dict[str, Fragments] = {}

    def texts(self, crs: Crs) -> Fragments:
        """Return the GeoJSON geometries in the axis order and with the decimals of ``crs``."""
        name = text_column(crs)
        with self._lock:
            if name not in self._texts:
                self._texts[name] = Fragments.of(self._table[name])
            return self._texts[name]

    def geometries(self, crs: Crs, places: Places) -> Geometries:
        """Return some shapes, x (longitude, easting) first."""
        cells = self._table[wkb_column(crs)].take(pa.array(places))
        found: Geometries = shapely.from_wkb(cells.to_numpy())
        return found


class Shapes:
    """The shapes of one layer; each is placed and indexed once, when first asked for."""

    def __init__(self, pool: Pool, places: Places) -> None:
        self._pool = pool
        self._places = places
        self._lock = threading.RLock()
        self._placed: dict[Crs, Geometries] = {}
        self._trees: dict[Crs, shapely.STRtree] = {}

    @property
    def count(self) -> int:
        """Number of different shapes."""
        return len(self._places)

    def intersecting(self, box: Box) -> npt.NDArray[np.bool_]:
        """Tell of every shape whether it intersects the box, in the reference system of the box."""
        tree = self.tree(box.crs)
        hit = np.zeros(len(self._places), dtype=bool)
        for part in box.parts:
            hit[tree.query(shapely.box(*part), predicate="intersects")] = True
        return hit

    def texts(self, crs: Crs, places: Iterable[int]) -> dict[int, str]:
        """Return GeoJSON geometries in the axis order and with the decimals of ``crs``."""
        wanted = sorted(set(places))
        pieces = self.pieces(crs, wanted)
        return {place: str(piece, "utf-8") for place, piece in zip(wanted, pieces, strict=True)}

    def pieces(self, crs: Crs, places: Sequence[int] | Places) -> list[memoryview]:
        """Return the same as bytes, in the order asked."""
        return self._pool.texts(crs).pick(self._places[places].tolist())

    def placed(self, crs: Crs) -> Geometries:
        """Return all shapes in a reference system, x (longitude, easting) first."""
        with self._lock:
            if crs not in self._placed:
                self._placed[crs] = self._pool.geometries(crs, self._places)
            return self._placed[crs]

    def tree(self, crs: Crs) -> shapely.STRtree:
        """Return the index of ``placed``."""
        with self._lock:
            if crs not in self._trees:
                self._trees[crs] = shapely.STRtree(self.placed(crs))
            return self._trees[crs]
