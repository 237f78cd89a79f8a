"""Rows of a layer as GeoJSON, and the links of a page."""

import json
import re
from typing import Any
from urllib.parse import parse_qsl

import numpy as np

from spatial.domain.crs import Crs
from spatial.serve.ask.query import Query
from spatial.serve.links import DUTCH, Link, file_links
from spatial.serve.matching.select import select
from spatial.serve.read.layer import Layer, Rows

_OFFSET = re.compile(r"[?&]offset=(\d+)")


class Page(dict[str, Any]):
    """A FeatureCollection that remembers what was asked, so that its links can be put right."""

    def __init__(self, query: Query, document: dict[str, Any], stamp: str) -> None:
        super().__init__(document)
        self.query = query
        self.stamp = stamp


def page(layer: Layer, query: Query, stamp: str = "") -> Page:
    """Answer a query: the features of its page, and exact counts.

    Args:
        layer: the collection.
        query: what is asked.
        stamp: ``timeStamp``: when what it tells was last changed.
    """
    rows = select(layer, query)
    shown = rows[:0] if query.hits else rows[query.offset : query.offset + query.limit]
    document = {
        "type": "FeatureCollection",
        "features": features(layer, shown, query),
        "numberMatched": len(rows),
        "numberReturned": len(shown),
        "links": [],
    }
    return Page(query, document, stamp)


def feature(layer: Layer, row: int, crs: Crs) -> dict[str, Any]:
    """Return one whole feature."""
    return features(layer, np.array([row]), Query(crs=crs))[0]


def features(layer: Layer, rows: Rows, query: Query) -> list[dict[str, Any]]:
    """Return the features of some rows, with the properties and shapes that are asked.

    Shapes are MultiPolygon, outer rings counter-clockwise; a missing value is None.
    """
    names = query.properties or tuple(layer.columns)
    cells = zip(*(layer.columns[name].pick(rows) for name in names), strict=True)
    places = layer.shape_of[rows].tolist()
    if query.skip_geometry:
        places = [-1] * len(places)
    texts = layer.shapes.texts(query.crs, (place for place in places if place >= 0))
    return [
        {
            "type": "Feature",
            "id": layer.ids[row],
            "geometry": json.loads(texts[place]) if place >= 0 else None,
            "properties": dict(zip(names, values, strict=True)),
        }
        for row, place, values in zip(rows.tolist(), places, cells, strict=True)
    ]


def tidy(page: Page) -> None:
    """Put right what pygeoapi adds to a page.

    It offers a next page after every full page, and other pages for a mere count; its links to this
    document forget the offset, and its time is that of the clock.
    """
    if page.stamp:
        page["timeStamp"] = page.stamp
    query, last = page.query, page["numberMatched"]
    kept = []
    for link in page["links"]:
        if link["rel"] == "next" and _offset(link["href"]) >= last:
            continue
        if link["rel"] in {"next", "prev"} and query.hits:
            continue
        if link["type"].startswith("text/csv"):
            # pygeoapi's own: of the page, without the rest of the selection
            continue
        if link["rel"] in {"self", "alternate"} and query.offset:
            link = {**link, "href": f"{link['href']}&offset={query.offset}"}  # noqa: PLW2901
        kept.append(link)
        if link["type"] == "text/html":
            kept += _files(page)
    page["links"] = kept


def _files(page: Page) -> list[Link]:
    """Return links to files of the whole selection, of which pygeoapi knows nothing."""
    here = next(link for link in page["links"] if link["rel"] == "self")
    items, _, asked = here["href"].partition("?")
    pairs = parse_qsl(asked, keep_blank_values=True)
    return file_links(items, pairs, english=here["title"] in DUTCH)


def _offset(href: str) -> int:
    match = _OFFSET.search(href)
    return int(match[1]) if match else 0
