"""Links of features to themselves in other forms, to other pages and to their collection."""

from collections.abc import Iterable, Set
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote

from spatial.domain.formats import FILE_FORMATS
from spatial.serve.ask.offers import GEOJSON, JSON
from spatial.serve.ask.query import Query
from spatial.store.catalogue import Collection

type Link = dict[str, str]

# what says which page it is, and in which form
_PLACE = frozenset({"f", "offset"})

DUTCH = {
    "This document as JSON": "Dit document als JSON",
    "This document as GeoJSON": "Dit document als GeoJSON",
    "This document as RDF (JSON-LD)": "Dit document als RDF (JSON-LD)",
    "This document as HTML": "Dit document als webpagina",
    "The landing page of this server as JSON": "Het begin van deze dienst als JSON",
    "The landing page of this server as HTML": "Het begin van deze dienst als webpagina",
    "The OpenAPI definition as JSON": "Het OpenAPI-document als JSON",
    "The OpenAPI definition as HTML": "Het OpenAPI-document als webpagina",
    "Conformance": "Conformiteitsklassen",
    "Collections": "Collecties",
    "Items (prev)": "Vorige bladzijde",
    "Items (next)": "Volgende bladzijde",
}
"""What pygeoapi says in English, in Dutch: it has no Dutch catalogue."""


@dataclass(frozen=True, slots=True)
class Asked:
    """How a document of a collection was asked for.

    Attributes:
        base: address of the service, without a slash at the end.
        collection: what was asked.
        pairs: the parameters, decoded.
        english: titles in English; otherwise in Dutch.
    """

    base: str
    collection: Collection
    pairs: tuple[tuple[str, str], ...]
    english: bool

    def said(self, english: str) -> str:
        """Return a title in the language of the document."""
        return english if self.english else DUTCH[english]

    @property
    def address(self) -> str:
        """Address of the collection."""
        return f"{self.base}/collections/{self.collection.id}"

    @property
    def title(self) -> str:
        """Title of the collection."""
        return self.collection.title_en if self.english else self.collection.titel_nl


def page_links(asked: Asked, query: Query, matched: int) -> list[Link]:
    """Return the links of a page of features.

    Args:
        asked: what was asked, and how.
        query: the same, read.
        matched: features on all pages together.
    """
    rest = _written(asked.pairs, _PLACE)
    items, here = f"{asked.address}/items", f"&offset={query.offset}" if query.offset else ""
    links = [
        _link(
            "self", GEOJSON, asked.said("This document as GeoJSON"), f"{items}?f=json{rest}{here}"
        ),
        _link(
            "alternate",
            "application/ld+json",
            asked.said("This document as RDF (JSON-LD)"),
            f"{items}?f=jsonld{rest}{here}",
        ),
        _link(
            "alternate",
            "text/html",
            asked.said("This document as HTML"),
            f"{items}?f=html{rest}{here}",
        ),
    ]
    links += file_links(items, asked.pairs, english=asked.english)
    links += _other_pages(asked, query, matched, f"{items}?f=json&offset={{}}{rest}")
    return [*links, _link("collection", JSON, asked.title, asked.address)]


def file_links(items: str, pairs: Iterable[tuple[str, str]], *, english: bool) -> list[Link]:
    """Return the links of a selection to files with all of it.

    Args:
        items: address of the features.
        pairs: the parameters of the page; those that tell which page it is are left out.
        english: titles in English; otherwise in Dutch.
    """
    whole = _written(pairs, _PLACE | {"limit", "resulttype"})
    return [
        _link(
            "alternate",
            entry.media_type,
            entry.title_en if english else entry.titel_nl,
            f"{items}?f={entry.name}{whole}",
        )
        for entry in FILE_FORMATS
    ]


def feature_links(asked: Asked, feature_id: str) -> list[Link]:
    """Return the links of one feature."""
    here = f"{asked.address}/items/{feature_id}"
    return [
        _link(
            "root",
            JSON,
            asked.said("The landing page of this server as JSON"),
            f"{asked.base}?f=json",
        ),
        _link(
            "root",
            "text/html",
            asked.said("The landing page of this server as HTML"),
            f"{asked.base}?f=html",
        ),
        _link("self", GEOJSON, asked.said("This document as JSON"), f"{here}?f=json"),
        _link(
            "alternate",
            "application/ld+json",
            asked.said("This document as RDF (JSON-LD)"),
            f"{here}?f=jsonld",
        ),
        _link("alternate", "text/html", asked.said("This document as HTML"), f"{here}?f=html"),
        _link("collection", JSON, asked.title, asked.address),
    ]


def _other_pages(asked: Asked, query: Query, matched: int, href: str) -> Iterable[Link]:
    if query.offset and not query.hits:
        before = max(0, query.offset - query.limit)
        yield _link("prev", GEOJSON, asked.said("Items (prev)"), href.format(before))
    after = query.offset + query.limit
    if after < matched and not query.hits:
        yield _link("next", GEOJSON, asked.said("Items (next)"), href.format(after))


def _written(pairs: Iterable[tuple[str, str]], without: Set[str]) -> str:
    return "".join([_quoted(name, text) for name, text in pairs if name not in without])


@lru_cache(maxsize=256)
def _quoted(name: str, text: str) -> str:
    return f"&{quote(name, safe='')}={quote(text, safe=',')}"


def _link(rel: str, media_type: str, title: str, href: str) -> Link:
    return {"rel": rel, "type": media_type, "title": title, "href": href}
