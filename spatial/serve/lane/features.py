"""Pages of features and single features, joined from pieces that the build encoded."""

from dataclasses import dataclass

import numpy as np
import orjson

from spatial.domain.crs import CRS84, Crs
from spatial.serve.ask.query import Query
from spatial.serve.lane.answer import Piece
from spatial.serve.lane.series import Selection
from spatial.serve.links import Asked, feature_links, page_links
from spatial.serve.read.edition import Edition
from spatial.serve.read.layer import Layer, Rows

_NULL = b"null"
_FEW = 64


@dataclass(frozen=True, slots=True)
class Written:
    """A document in pieces."""

    pieces: list[Piece]

    @property
    def few(self) -> list[Piece]:
        """The pieces, or the document as one when there are many: each takes its time to send."""
        return self.pieces if len(self.pieces) <= _FEW else [self.joined()]

    def joined(self) -> bytes:
        """Return the document."""
        return b"".join(self.pieces)


def write_page(selection: Selection, stamp: str) -> Written:
    """Write a page of a selection: its features, exact counts, and links.

    Args:
        selection: asked for this page.
        stamp: when what it tells was last changed.
    """
    query, rows = selection.query, selection.rows
    shown = rows[:0] if query.hits else rows[query.offset : query.offset + query.limit]
    end = orjson.dumps(
        {
            "numberMatched": len(rows),
            "numberReturned": len(shown),
            "links": page_links(selection.asked, query, len(rows)),
            "timeStamp": stamp,
        }
    )
    return Written(
        [
            b'{"type":"FeatureCollection","features":[',
            *_features(selection.layer, shown, query),
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
    *pieces, last = _features(layer, np.array([row]), Query(crs=crs))
    links = orjson.dumps({"links": feature_links(asked, feature_id)})
    # in place of the brace at its end
    return Written([*pieces, last[:-1], b",", links[1:]])


def _features(layer: Layer, rows: Rows, query: Query) -> list[Piece]:
    """Return the features in pieces; the comma after the last one is left out."""
    if not len(rows):
        return []
    features, places = layer.encoded, rows
    if query.properties:
        features, places = layer.cut(rows, query.properties)
    pieces: list[Piece]
    if features.placed and query.crs == CRS84 and not query.skip_geometry:
        pieces = [*features.whole.runs(places)]
    else:
        picked = places.tolist()
        pieces = [_NULL] * (3 * len(picked))
        pieces[0::3] = features.heads.pick(picked)
        if not query.skip_geometry:
            pieces[1::3] = _geometries(layer, rows, query.crs)
        pieces[2::3] = features.tails.pick(picked)
    pieces[-1] = pieces[-1][:-1]
    return pieces


def _geometries(layer: Layer, rows: Rows, crs: Crs) -> list[Piece]:
    places = layer.shape_of[rows]
    if (places >= 0).all():
        return [*layer.shapes.pieces(crs, places)]
    found = iter(layer.shapes.pieces(crs, places[places >= 0]))
    return [next(found) if place >= 0 else _NULL for place in places.tolist()]
