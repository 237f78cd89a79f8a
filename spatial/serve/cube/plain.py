"""Observations as plain pygeoapi asks for them: by number of rows to leave out, within bounds."""

import json
from functools import lru_cache
from typing import Any

import numpy as np

from spatial.errors import QueryError
from spatial.serve.ask.query import Query
from spatial.serve.cube.features import features, published_texts, without_shapes
from spatial.serve.cube.keyset import page_of
from spatial.serve.cube.select import selected
from spatial.serve.cube.views import Sides
from spatial.serve.read.edition import Edition
from spatial.store.catalogue import WAARNEMINGEN
from spatial.store.cube.axes import key_of
from spatial.store.cube.read import Positions

MOST_LEFT_OUT = 100_000
"""Rows before a page at most: each of them is counted for every page."""


def plain_page(edition: Edition, query: Query) -> dict[str, Any]:
    """Answer a query with a FeatureCollection that any writer of JSON can write.

    Raises:
        QueryError: too many rows would be left out, or as ``select.selected``.
    """
    if query.offset > MOST_LEFT_OUT:
        message = (
            f"offset={query.offset} is more than {MOST_LEFT_OUT}: choose fewer observations, with "
            "groep, kenmerk, niveau or datetime"
        )
        raise QueryError(message)
    sides = sides_of(edition)
    selection = selected(sides, query)
    positions = np.zeros(0, np.int64)
    if not query.hits:
        whole = page_of(selection, query.sort, None, query.offset + query.limit)
        positions = whole.positions[query.offset :]
    found = _features(sides, positions, query)
    return {
        "type": "FeatureCollection",
        "features": found,
        "numberMatched": selection.count(),
        "numberReturned": len(found),
        "links": [],
    }


def plain_observation(edition: Edition, name: str, query: Query) -> dict[str, Any] | None:
    """Return one observation with the shape of its region; None when there is none."""
    sides, key = sides_of(edition), key_of(name)
    position = None if key is None else sides.cube.position(key)
    if position is None or not sides.cube.states[position]:
        return None
    return _features(sides, np.array([position]), query)[0]


@lru_cache(maxsize=1)
def sides_of(edition: Edition) -> Sides:
    """Return the cube of an edition, the same object while it is the one that is asked."""
    return Sides(edition)


def _features(sides: Sides, positions: Positions, query: Query) -> list[dict[str, Any]]:
    names = query.properties or tuple(sides.edition.fields(WAARNEMINGEN))

    def shapes(some: Positions) -> list[Any]:
        texts = published_texts(sides, some, query.crs)
        return [None if text is None else json.loads(text) for text in texts]

    return list(
        features(sides, positions, names, without_shapes if query.skip_geometry else shapes)
    )
