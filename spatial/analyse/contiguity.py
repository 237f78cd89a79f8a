"""Which regions touch: Queen contiguity of the shapes of one indeling."""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
from libpysal.graph import Graph
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from spatial.errors import DuplicateKeyError


@dataclass(frozen=True, slots=True)
class Contiguity:
    """Neighbours of n regions, as pairs of places; every pair stands in both directions.

    Attributes:
        codes: region codes, in the order of the places.
        van: places (int64), ascending.
        naar: the place of a neighbour of ``van``, ascending within it.
    """

    codes: tuple[str, ...]
    van: np.ndarray
    naar: np.ndarray

    def among(self, chosen: np.ndarray) -> "Contiguity":
        """Return the neighbours that chosen regions (n booleans) have among themselves.

        Places are counted anew over the chosen ones.
        """
        kept = chosen[self.van] & chosen[self.naar]
        place = np.cumsum(chosen) - 1
        codes = tuple(code for code, is_in in zip(self.codes, chosen, strict=True) if is_in)
        return Contiguity(codes, place[self.van[kept]], place[self.naar[kept]])

    @property
    def samenhang(self) -> np.ndarray:
        """Number of regions, itself included, that can be reached from every region."""
        size = len(self.codes)
        links = coo_array((np.ones(len(self.van)), (self.van, self.naar)), shape=(size, size))
        _, part = connected_components(links, directed=False)
        reached: np.ndarray = np.bincount(part, minlength=1)[part]
        return reached

    @property
    def aantal(self) -> np.ndarray:
        """Number of neighbours of every region."""
        return np.bincount(self.van, minlength=len(self.codes))


def contiguity(shapes: gpd.GeoDataFrame) -> Contiguity:
    """Return which regions share at least one vertex of their boundaries.

    Args:
        shapes: ``code`` and ``geometry`` (EPSG:28992, metres) of one level in one indeling, with
            vertices that neighbours share exactly: not generalised one by one.

    Raises:
        DuplicateKeyError: a code stands twice, such as in two indelingen.
    """
    if shapes["code"].duplicated().any():
        code = shapes.loc[shapes["code"].duplicated(), "code"].iloc[0]
        message = f"region {code} has two shapes; neighbours are of one indeling"
        raise DuplicateKeyError(message)
    ordered = shapes.sort_values("code", ignore_index=True)
    pairs = Graph.build_contiguity(ordered.geometry, rook=False).adjacency
    # libpysal gives a region without neighbours a link to itself of weight 0
    pairs = pairs[pairs > 0]
    van = pairs.index.get_level_values("focal").to_numpy().astype(np.int64)
    naar = pairs.index.get_level_values("neighbor").to_numpy().astype(np.int64)
    order = np.lexsort((naar, van))
    return Contiguity(tuple(ordered["code"]), van[order], naar[order])
