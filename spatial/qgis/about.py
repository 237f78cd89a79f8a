"""What a layer says of itself in QGIS: title, description, sources, licences, and what it may be used for."""

import xml.etree.ElementTree as ET
from collections.abc import Iterable

from spatial.domain.sources import Source
from spatial.qgis.places import reference_system
from spatial.qgis.served import Served
from spatial.store.catalogue import Collection, Contents

_LANGUAGES = {False: "nl", True: "en"}


def layer_metadata(served: Served, collection: Collection) -> ET.Element:
    """Return the element ``resourceMetadata`` of a layer.

    The description ends with what must be said of the sources; who made them stands under rights.
    """
    contents, english = served.contents, served.english
    sources = [contents.source(name) for name in collection.bronnen]
    element = ET.Element("resourceMetadata")
    _texts(
        element,
        ("identifier", f"{served.url}/collections/{collection.id}"),
        ("language", _LANGUAGES[english]),
        ("type", "dataset"),
        ("title", served.title(collection)),
        ("abstract", description(collection, contents, english=english)),
    )
    words = ET.SubElement(element, "keywords", vocabulary="trefwoorden")
    _texts(words, *(("keyword", word) for word in collection.trefwoorden))
    links = ET.SubElement(element, "links")
    links.extend(list(_links(served, collection)))
    _texts(element, *(("rights", source.titel) for source in sources))
    _texts(element, *(("license", text) for text in _licences(sources)))
    ET.SubElement(element, "crs").append(reference_system(served.crs))
    element.append(_extent(collection))
    return element


def description(collection: Collection, contents: Contents, *, english: bool) -> str:
    """Describe a collection, with every notice of its sources."""
    if not english:
        return collection.beschrijving_nl
    sources = [contents.source(name) for name in collection.bronnen]
    notices = dict.fromkeys(source.notice_en for source in sources if source.notice_en)
    return " ".join([collection.description_en, *notices])


def _licences(sources: Iterable[Source]) -> list[str]:
    return list(dict.fromkeys(source.licentie for source in sources))


def _links(served: Served, collection: Collection) -> Iterable[ET.Element]:
    address = f"{served.url}/collections/{collection.id}"
    language = _LANGUAGES[served.english]
    named = {
        "Over deze laag": ("About this layer", "text/html", f"{address}?f=html&lang={language}"),
        "Kenmerken": ("Properties", "text/html", f"{address}/schema?f=html&lang={language}"),
    }
    for dutch, (english, media_type, href) in named.items():
        yield ET.Element(
            "link",
            name=english if served.english else dutch,
            type="WWW:LINK",
            url=href,
            mimeType=media_type,
            description="",
            format="",
            size="",
        )


def _extent(collection: Collection) -> ET.Element:
    element = ET.Element("extent")
    west, south, east, north = (str(edge) for edge in collection.bbox)
    ET.SubElement(
        element,
        "spatial",
        minx=west,
        miny=south,
        maxx=east,
        maxy=north,
        minz="0",
        maxz="0",
        crs="EPSG:4326",
        dimensions="2",
    )
    period = ET.SubElement(ET.SubElement(element, "temporal"), "period")
    for tag, day in (("start", collection.begin), ("end", collection.eind)):
        ET.SubElement(period, tag).text = f"{day.isoformat()}T00:00:00Z"
    return element


def _texts(parent: ET.Element, *texts: tuple[str, str]) -> None:
    for tag, text in texts:
        ET.SubElement(parent, tag).text = text
