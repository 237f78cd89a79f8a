"""A square land of 100 gemeenten that touch at sides and corners, with figures drawn by chance."""

from datetime import date

import geopandas as gpd
import numpy as np
import pyarrow as pa
import shapely
from shapely import box

from spatial.analyse.contiguity import Contiguity, contiguity
from spatial.analyse.hotspots import Bounded
from spatial.analyse.ratios import add_ratios
from spatial.domain.indicators import load_catalogue
from spatial.domain.status import Status

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


RATE = load_catalogue().get("personenPer1000Inwoners")
DAYS = (date(2023, 1, 1), date(2023, 12, 31))
SECRET = 44
SHAPES = [
    shapely.to_wkb(shapely.MultiPolygon([shapely.box(c, r, c + 1, r + 1)]))
    for r in range(SIDE)
    for c in range(SIDE)
]


def figures(days: tuple[date, ...] = DAYS) -> pa.Table:
    """Return two moments of 100 gemeenten with a planted cluster and one secret figure in it."""
    counts, people, _ = planted()
    size, persons = len(GRID.codes) * len(days), np.tile(5 * np.round(counts / 5), len(days))
    secret = np.tile(np.arange(len(GRID.codes)) == SECRET, len(days))
    hidden, seen = Status.GEHEIM_OF_ONBEKEND.value, Status.WAARGENOMEN.value
    codes = list(GRID.codes) * len(days)
    moments = [day for day in days for _ in GRID.codes]
    wide = pa.table(
        {
            "id": [f"{code}-{day}" for code, day in zip(codes, moments, strict=True)],
            "regioCode": codes,
            "regioNaam": codes,
            "niveau": ["gemeente"] * size,
            "indeling": pa.array([2024] * size, pa.int32()),
            "peilmoment": moments,
            "personen": pa.array(persons.astype(np.int64), mask=secret),
            "personenStatus": np.where(secret, hidden, seen).tolist(),
            "personenMin": pa.array(persons.astype(np.int64) - 2, mask=secret),
            "personenMax": pa.array(persons.astype(np.int64) + 2, mask=secret),
            **{
                f"inwoners{end}": np.tile(people.astype(np.int64), len(days))
                for end in ("", "Min", "Max")
            },
            "inwonersStatus": [seen] * size,
        }
    )
    wide = add_ratios(wide, [RATE])
    return (
        wide.append_column("voorlopig", pa.array([False] * size))
        .append_column("bron", pa.array(["85980NED"] * size))
        .append_column("bronStatus", pa.array(["voorbeeldcijfers"] * size))
        .append_column("grenzen", pa.array(["schematisch"] * size))
        .append_column("geometry", pa.array(SHAPES * len(days), pa.binary()))
    )
