"""Pages of observations and single ones, as documents with their links."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import numpy as np

from spatial.domain.crs import Crs
from spatial.domain.formats import OBSERVATION_FORMATS
from spatial.errors import SelectionTooLargeError
from spatial.serve.ask.offers import GEOJSON, HTML, JSON
from spatial.serve.cube.asked import Asked
from spatial.serve.cube.features import features, published_shapes, shapes_size, without_shapes
from spatial.serve.cube.keyset import Page
from spatial.serve.cube.views import Sides
from spatial.serve.links import DUTCH, Link
from spatial.store.catalogue import Collection
from spatial.store.cube.axes import Key

MOST_SHAPES = 64_000_000
"""Bytes of the shapes on one page: the same shape counts for every row that has it."""

type Pairs = Iterable[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Place:
    """Where documents are found, and in which language they speak.

    Attributes:
        url: address of the service, without a slash at the end.
        collection: the observations.
        english: texts in English; otherwise in Dutch.
    """

    url: str
    collection: Collection
    english: bool

    @property
    def address(self) -> str:
        """Address of the collection."""
        return f"{self.url}/collections/{self.collection.id}"

    @property
    def language(self) -> str:
        """Language tag."""
        return "en" if self.english else "nl"

    def items(self, form: str, pairs: Pairs) -> str:
        """Return the address of observations in a form."""
        return f"{self.address}/items?{urlencode([('f', form), *pairs], safe='/:,')}"

    def said(self, text: str) -> str:
        """Return a title in the language of the document."""
        return text if self.english else DUTCH[text]


def page_document(
    sides: Sides, asked: Asked, page: Page, matched: int, place: Place
) -> dict[str, Any]:
    """Return a page of observations.

    Args:
        sides: the cube.
        asked: what was asked.
        page: the cells.
        matched: observations on all pages together.
        place: where the document is.

    Returns:
        A FeatureCollection, for orjson.

    Raises:
        SelectionTooLargeError: its shapes are too large together.
    """
    names = asked.query.properties or tuple(field.naam for field in place.collection.velden)
    crs = asked.query.crs
    if asked.placed and (size := shapes_size(sides, page.positions, crs)) > MOST_SHAPES:
        message = (
            f"the shapes on this page would be {size:,} bytes, and at most {MOST_SHAPES:,} are allowed: "
            "ask a smaller limit, or geometrie=verwijzing"
        )
        raise SelectionTooLargeError(message)
    shapes = (
        (lambda positions: published_shapes(sides, positions, crs))
        if asked.placed
        else without_shapes
    )
    found = list(features(sides, page.positions, names, shapes))
    return {
        "type": "FeatureCollection",
        "features": found,
        "numberMatched": matched,
        "numberReturned": len(found),
        "links": _page_links(asked, page, place),
        "timeStamp": sides.edition.stamp,
    }


def observation_document(
    sides: Sides, found: tuple[Key, int], crs: Crs, place: Place
) -> dict[str, Any]:
    """Return one observation with the shape of its region, and a link to that.

    Args:
        sides: the cube.
        found: its key, and its cell.
        crs: reference system of the shape.
        place: where the document is.
    """
    names = tuple(field.naam for field in place.collection.velden)
    position = np.array([found[1]])
    feature = next(
        features(sides, position, names, lambda some: published_shapes(sides, some, crs))
    )
    here = f"{place.address}/items/{feature['id']}"
    links = [
        _link("self", GEOJSON, place.said("This document as GeoJSON"), f"{here}?f=json"),
        _link("alternate", HTML, place.said("This document as HTML"), f"{here}?f=html"),
        _link("collection", JSON, _title(place), place.address),
    ]
    said = feature["properties"]
    if said["grens"]:
        title = f"{said['regioNaam']}, {said['indeling']}"
        region = f"{place.url}/collections/grenzen-{said['niveau']}/items/{said['grens']}"
        links.append(_link("related", GEOJSON, title, region))
    return {**feature, "links": links}


def _page_links(asked: Asked, page: Page, place: Place) -> list[Link]:
    rest = [pair for pair in asked.pairs if pair[0] not in {"limit", "cursor", "resulttype"}]
    # shapes come in another way in each form
    plain = [pair for pair in rest if pair[0] != "geometrie"]
    links = [
        _link("self", GEOJSON, place.said("This document as GeoJSON"), place.items("json", asked.pairs)),
        _link("alternate", HTML, place.said("This document as HTML"), place.items("html", asked.pairs)),
    ]  # fmt: skip
    for entry in OBSERVATION_FORMATS:
        title = entry.title_en if place.english else entry.titel_nl
        pairs = plain if entry.name == "csv" else rest
        links.append(_link("alternate", entry.media_type, title, place.items(entry.name, pairs)))
    if page.after is not None and not asked.query.hits:
        following = [*asked.rest, ("cursor", page.after.written())]
        title = place.said("Items (next)")
        links.append(_link("next", GEOJSON, title, place.items("json", following)))
    return [*links, _link("collection", JSON, _title(place), place.address)]


def _title(place: Place) -> str:
    return place.collection.title_en if place.english else place.collection.titel_nl


def _link(rel: str, media_type: str, title: str, href: str) -> Link:
    return {"rel": rel, "type": media_type, "title": title, "href": href}
