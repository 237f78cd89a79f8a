"""A square land of 100 gemeenten that touch at sides and corners, with figures drawn by chance."""

import geopandas as gpd
import numpy as np
from shapely import box

from spatial.analyse.contiguity import Contiguity, contiguity
from spatial.analyse.hotspots import Bounded

SIDE = 10


def lattice(side: int = SIDE) -> Contiguity:
    """Return the Queen neighbours of a square lattice, from its shapes."""
    cells = [
        (f"GM{row:02d}{column:02d}", row, column) for row in range(side) for column in range(side)
    ]
    return contiguity(
        gpd.GeoDataFrame(
            {"code": [code for code, _, _ in cells]},
            geometry=[box(c, r, c + 1, r + 1) for _, r, c in cells],
            crs=28992,
        )
    )


GRID = lattice()


def exact(values: np.ndarray) -> Bounded:
    """Return counts that are not rounded."""
    return Bounded(values, values, values)


def rounded(values: np.ndarray) -> Bounded:
    """Return counts rounded to five, with their bounds."""
    fives = 5 * np.round(values / 5)
    return Bounded(fives, np.maximum(0, fives - 2), fives + 2)


def population(seed: int) -> np.ndarray:
    """Return inhabitants of 100 gemeenten, from some thousands to some hundred thousands."""
    return np.round(np.random.default_rng(seed).lognormal(10.3, 0.8, SIDE * SIDE))


def chance_map(seed: int, between: float = 0.2) -> tuple[np.ndarray, np.ndarray]:
    """Return counts whose rates differ between gemeenten, but not by place."""
    random, people = np.random.default_rng(seed), population(seed + 1000)
    rates = 0.02 * np.exp(random.normal(0, between, SIDE * SIDE))
    return random.binomial(people.astype(np.int64), rates).astype(float), people


def planted(seed: int = 1) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return a map of chance with three by three gemeenten that have four times the rate."""
    counts, people = chance_map(seed)
    square = np.zeros((SIDE, SIDE), dtype=bool)
    square[3:6, 3:6] = True
    return np.where(square.ravel(), counts * 4, counts), people, square.ravel()
