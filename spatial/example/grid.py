"""An example grid of inhabitants: towns and villages made from place, area and inhabitants."""

from collections.abc import Iterator

import geopandas as gpd
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from rasterio.features import rasterize
from rasterio.transform import from_origin

from spatial.domain.facts import Facts
from spatial.domain.sources import Source, SourceStatus
from spatial.domain.squares import Frame, whole_country
from spatial.domain.tables import INHABITED
from spatial.errors import UnknownRegionError
from spatial.example.power import Floats

EXAMPLE_GRID_SOURCE = Source(
    "voorbeeldrooster",
    "Inwoners per vierkant (voorbeeldrooster, uit plaats, oppervlakte en inwoners van gemeenten)",
    SourceStatus.VOORBEELDCIJFERS,
    "EUPL-1.2",
    geldt_voor="de plaats van de inwoners binnen een gemeente",
    holds_for="where in a municipality its inhabitants are",
)

SIDE = 500
_SEED = 28_992
_PEAK = 6_000.0
"""Inhabitants per km2 in the middle of a town; with distance it falls exponentially."""
_TOWN = 0.55
"""Part of the inhabitants in and around the main town."""
_RURAL = 0.04
"""Part of the inhabitants outside towns and villages."""
_VILLAGE_KM2 = 12.0
"""There is a village for this much land."""
_MOST_VILLAGES = 25
_UNEVEN = 0.4
"""Standard deviation of the logarithm of what makes one cell unlike the next."""
_SECRET = 5
"""Below so many inhabitants a vierkant of CBS is secret; so are ours."""


def example_inhabited(facts: Facts, shapes: gpd.GeoDataFrame) -> tuple[Frame, pa.Table]:
    """Make inhabited squares, the same to the byte for the same facts and shapes.

    Args:
        facts: gazetteer and inhabitants.
        shapes: ``BOUNDARY_COLUMNS``, level gemeente, of one or more indelingen; those of the first
            of which there are inhabitants are used.

    Returns:
        The frame (500 m), and ``INHABITED``: whole numbers from five, as a real file would have. The
        cells of a gemeente hold its inhabitants, but for rounding and for cells below five.

    Raises:
        UnknownRegionError: there are no inhabitants of any indeling, or no point of a gemeente.
    """
    frame = whole_country(SIDE)
    people, gemeenten = _first_counted(facts, shapes)
    points = {entry.code: (entry.x_m, entry.y_m) for entry in facts.gazetteer}
    if lacking := sorted(set(gemeenten["code"]) - (people.keys() & points.keys())):
        message = f"no inhabitants or no point of {', '.join(lacking[:5])} to make a grid of"
        raise UnknownRegionError(message)
    counts = np.zeros(frame.size)
    for code, cells in _by_owner(gemeenten, frame):
        draws = np.random.Generator(np.random.PCG64([_SEED, int(code[2:])]))
        pull = _attraction(_middles(frame, cells), points[code], people[code], draws)
        counts[cells] = np.rint(people[code] * pull / pull.sum())
    cells = np.flatnonzero(counts >= _SECRET)
    table = pa.table({"cel": cells.astype(np.int64), "inwoners": counts[cells]})
    INHABITED.check(table, EXAMPLE_GRID_SOURCE.id)
    return frame, table


def _first_counted(
    facts: Facts, shapes: gpd.GeoDataFrame
) -> tuple[dict[str, int], gpd.GeoDataFrame]:
    """Return the inhabitants by code and the shapes of the first indeling that has both."""
    loaded = set(shapes["indeling"])
    known = sorted((row.indeling, row.jaar) for row in facts.inhabitants if row.indeling in loaded)
    if not known:
        message = f"no inhabitants of any indeling among {sorted(loaded)} to make a grid of"
        raise UnknownRegionError(message)
    people = {
        row.gemeente: row.inwoners
        for row in facts.inhabitants
        if (row.indeling, row.jaar) == known[0]
    }
    return people, shapes[shapes["indeling"] == known[0][0]]


def _by_owner(gemeenten: gpd.GeoDataFrame, frame: Frame) -> Iterator[tuple[str, NDArray[np.intp]]]:
    """Give the cells with their middle in each gemeente; one without any has none."""
    ordered = gemeenten.sort_values("code")
    shapes = ((shape, number) for number, shape in enumerate(ordered.geometry, 1))
    owner = rasterize(
        shapes,
        out_shape=frame.shape,
        transform=from_origin(frame.left, frame.top, frame.side, frame.side),
        dtype="int32",
    ).ravel()
    order = np.argsort(owner, kind="stable")
    starts = np.searchsorted(owner[order], np.arange(1, len(ordered) + 2))
    for code, begin, end in zip(ordered["code"], starts[:-1], starts[1:], strict=True):
        if begin < end:
            yield code, order[begin:end]


def _middles(frame: Frame, cells: NDArray[np.intp]) -> Floats:
    """Return easting and northing (m) of the middles of cells."""
    row, column = np.divmod(cells, frame.columns)
    x = frame.left + (column + 0.5) * frame.side
    y = frame.top - (row + 0.5) * frame.side
    return np.column_stack([x, y])


def _attraction(
    middles: Floats, town: tuple[float, float], people: int, draws: np.random.Generator
) -> Floats:
    """Return how much each cell is lived in: near the town, near a village, or outside."""
    area = len(middles) * SIDE**2 / 1e6
    villages = int(np.clip(area / _VILLAGE_KM2, 1, _MOST_VILLAGES))
    at = middles[draws.integers(len(middles), size=villages)]
    sizes = draws.pareto(1.2, villages) + 0.3
    sites = np.vstack([[town], at])
    parts = np.append(_TOWN, (1 - _TOWN - _RURAL) * sizes / sizes.sum())
    radius = 1000 * np.sqrt(people * parts / (2 * np.pi * _PEAK))
    distance = np.hypot(*(middles[:, None, :] - sites[None, :, :]).transpose(2, 0, 1))
    near = np.exp(-distance / radius)
    near /= np.maximum(near.sum(axis=0), np.finfo(float).tiny)
    everywhere = np.full(len(middles), _RURAL / len(middles))
    uneven = np.exp(draws.normal(0.0, _UNEVEN, len(middles)))
    attraction: Floats = (near @ parts + everywhere) * uneven
    return attraction
