"""Pages of features and single features, joined from pieces that the build encoded."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import orjson

from spatial.domain.crs import Crs
from spatial.serve.ask.query import Query
from spatial.serve.links import Asked, feature_links, page_links
from spatial.serve.matching.select import select
from spatial.serve.read.edition import Edition
from spatial.serve.read.layer import Layer, Rows

type Piece = bytes | memoryview

_NULL = b"null"


@dataclass(frozen=True, slots=True)
class Written:
    """A document in pieces."""

    pieces: Sequence[Piece]

    def joined(self) -> bytes:
        """Return the document."""
        return b"".join(self.pieces)


def write_page(edition: Edition, asked: Asked, query: Query) -> Written:
    """Answer a query: the features of its page, exact counts, and links."""
    layer = edition.layer(asked.collection.id)
    rows = select(layer, query)
    shown = rows[:0] if query.hits else rows[query.offset : query.offset + query.limit]
    end = orjson.dumps(
        {
            "numberMatched": len(rows),
            "numberReturned": len(shown),
            "links": page_links(asked, query, len(rows)),
            "timeStamp": edition.stamp,
        }
    )
    return Written(
        [
            b'{"type":"FeatureCollection","features":[',
            *_features(layer, shown, query),
            b"],",
            end[1:],
        ]
    )


def write_feature(edition: Edition, asked: Asked, feature_id: str, crs: Crs) -> Written | None:
    """Return one feature with its links; None when the collection does not have it."""
    layer = edition.layer(asked.collection.id)
    row = layer.row_of.get(feature_id)
    if row is None:
        return None
    head, geometry, tail = _features(layer, np.array([row]), Query(crs=crs))
    links = orjson.dumps({"links": feature_links(asked, feature_id)})
    return Written([head, geometry, tail[:-1], b",", links[1:]])


def _features(layer: Layer, rows: Rows, query: Query) -> list[Piece]:
    """Return three pieces per feature; the comma after the last one is left out."""
    if not len(rows):
        return []
    picked = rows.tolist()
    pieces: list[Piece] = [_NULL] * (3 * len(picked))
    pieces[0::3] = layer.heads.pick(picked)
    if not query.skip_geometry:
        pieces[1::3] = _geometries(layer, rows, query.crs)
    cut = query.properties
    pieces[2::3] = layer.cut(rows, cut) if cut else layer.tails.pick(picked)
    pieces[-1] = pieces[-1][:-1]
    return pieces


def _geometries(layer: Layer, rows: Rows, crs: Crs) -> list[Piece]:
    places = layer.shape_of[rows]
    if (places >= 0).all():
        return [*layer.shapes.pieces(crs, places)]
    found = iter(layer.shapes.pieces(crs, places[places >= 0]))
    return [next(found) if place >= 0 else _NULL for place in places.tolist()]
