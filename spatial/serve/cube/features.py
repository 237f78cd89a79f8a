"""Observations as GeoJSON features."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import orjson

from spatial.domain.crs import Crs
from spatial.serve.cube.views import Sides
from spatial.store.cube.read import Positions

_BATCH = 4096

type Texts = Callable[[Positions], list[Any]]


def features(
    sides: Sides, positions: Positions, names: tuple[str, ...], texts: Texts
) -> Iterator[dict[str, Any]]:
    """Give the features of some cells, in order.

    Args:
        sides: the cube.
        positions: the cells; each has a row in the source.
        names: of the properties.
        texts: writes the shapes of some cells.

    Returns:
        Features; a shape is as ``texts`` writes it, or None.
    """
    for begin in range(0, len(positions), _BATCH):
        part = positions[begin : begin + _BATCH]
        view, every = sides.cells(part), np.arange(len(part))
        columns = [view.columns[name].pick(every) for name in names]
        ids = sides.names(part)
        shapes = texts(part)
        properties = zip(*columns, strict=True)
        for id_, geometry, values in zip(ids, shapes, properties, strict=True):
            yield {
                "type": "Feature",
                "id": id_,
                "geometry": geometry,
                "properties": dict(zip(names, values, strict=True)),
            }


def without_shapes(positions: Positions) -> list[orjson.Fragment | None]:
    """Write no shapes."""
    return [None] * len(positions)


def published_shapes(sides: Sides, positions: Positions, crs: Crs) -> list[orjson.Fragment | None]:
    """Write the shapes of cells in the axis order and with the decimals of a reference system."""
    return [
        None if text is None else orjson.Fragment(text)
        for text in published_texts(sides, positions, crs)
    ]


def published_texts(sides: Sides, positions: Positions, crs: Crs) -> list[bytes | None]:
    """Return the same as JSON."""
    places = sides.shape_of[sides.cube.places_at(positions)]
    there = np.unique(places[places >= 0])
    pieces = sides.shapes.pieces(crs, there)
    texts = {place: bytes(piece) for place, piece in zip(there.tolist(), pieces, strict=True)}
    return [texts.get(place) for place in places.tolist()]


def shapes_size(sides: Sides, positions: Positions, crs: Crs) -> int:
    """Return how many bytes the shapes of cells take as JSON, each as often as it occurs."""
    places = sides.shape_of[sides.cube.places_at(positions)]
    different, counts = np.unique(places[places >= 0], return_counts=True)
    pieces = sides.shapes.pieces(crs, different)
    return sum(len(piece) * count for piece, count in zip(pieces, counts.tolist(), strict=True))
