"""The documents about tiles: tile matrix sets (OGC 17-083r4), tilesets and TileJSON; pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from typing import Any

from spatial.domain.crs import CRS84
from spatial.serve.schema import property_schemas
from spatial.serve.tiles.asked import Asked
from spatial.serve.tiles.encode import ID
from spatial.serve.tiles.matrices import SCHEMES, WEB_MERCATOR_QUAD, Limits, Scheme
from spatial.store.catalogue import Collection, Contents

JSON = "application/json"
MVT_TYPE = "application/vnd.mapbox-vector-tile"

CONFORMANCE = (
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/tileset",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/tilesets-list",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/geodata-tilesets",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/datetime",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/mvt",
    "http://www.opengis.net/spec/tms/2.0/conf/tilematrixset",
    "http://www.opengis.net/spec/tms/2.0/conf/tilematrixsetlimits",
    "http://www.opengis.net/spec/tms/2.0/conf/tilesetmetadata",
    "http://www.opengis.net/spec/tms/2.0/conf/json-tilematrixset",
    "http://www.opengis.net/spec/tms/2.0/conf/json-tilematrixsetlimits",
    "http://www.opengis.net/spec/tms/2.0/conf/json-tilesetmetadata",
)
"""The classes that hold."""

_REL = "http://www.opengis.net/def/rel/ogc/1.0"
_TILE = {"tileMatrix": "{tileMatrix}", "tileRow": "{tileRow}", "tileCol": "{tileCol}"}
_TILE_XYZ = {"tileMatrix": "{z}", "tileRow": "{y}", "tileCol": "{x}"}


@dataclass(frozen=True, slots=True)
class Tileset:
    """One collection in one tile matrix set, as somebody asked for it.

    Attributes:
        url: address of the service.
        contents: the catalogue.
        scheme: the tile matrix set.
        asked: what the tiles show.
        english: titles are in English; otherwise in Dutch.
    """

    url: str
    contents: Contents
    scheme: Scheme
    asked: Asked
    english: bool

    @property
    def collection(self) -> Collection:
        """The collection."""
        return self.asked.collection

    @property
    def title(self) -> str:
        """Title of the collection."""
        return self.collection.title_en if self.english else self.collection.titel_nl

    @property
    def address(self) -> str:
        """Address of the document about it."""
        return f"{self.url}/collections/{self.collection.id}/tiles/{self.scheme.id}"

    @property
    def attribution(self) -> str:
        """Sources and licences, as HTML: clients show it as such."""
        sources = [self.contents.source(source_id) for source_id in self.collection.bronnen]
        return escape("; ".join(f"{source.titel} ({source.licentie})" for source in sources))

    @property
    def about(self) -> str:
        """Which features it shows, and what must be said of them."""
        notices = " ".join(self.contents.notices(self.collection))
        interval = self.asked.query.interval
        if interval is None or interval.begin != interval.eind or interval.begin is None:
            return notices
        day = interval.begin.isoformat()
        said = (
            f"Features on {day}; datetime chooses another day or period."
            if self.english
            else f"Features op {day}; datetime kiest een andere dag of periode."
        )
        return f"{said} {notices}".strip()

    def tiles(self, names: dict[str, str]) -> str:
        """Return the template of the addresses of its tiles, with other names for its variables."""
        path = "{tileMatrix}/{tileRow}/{tileCol}".format_map(names)
        query = f"?{self.asked.text}" if self.asked.text else ""
        return f"{self.address}/{path}{query}"

    def document(self, **parameters: str) -> str:
        """Return the address of a document about the same tiles."""
        given = "&".join(f"{name}={value}" for name, value in parameters.items())
        return f"{self.address}?{given}" + (f"&{self.asked.text}" if self.asked.text else "")


def tilesets_link(url: str, collection_id: str) -> dict[str, str]:
    """Return the link from a collection to its vector tiles."""
    return {
        "rel": f"{_REL}/tilesets-vector",
        "type": JSON,
        "title": "Vector tiles",
        "href": f"{url}/collections/{collection_id}/tiles?f=json",
    }


def schemes_link(url: str) -> dict[str, str]:
    """Return the link from the landing page to the tile matrix sets."""
    return {
        "rel": f"{_REL}/tiling-schemes",
        "type": JSON,
        "title": "Tile matrix sets",
        "href": f"{url}/tileMatrixSets?f=json",
    }


def scheme_list(url: str) -> dict[str, Any]:
    """Return the document of all tile matrix sets."""
    return {
        "tileMatrixSets": [
            {
                **scheme.matrices.model_dump(
                    mode="json", include={"id", "title", "uri", "crs"}, exclude_none=True
                ),
                "links": [_link("self", _scheme_address(url, scheme), scheme.id)],
            }
            for scheme in SCHEMES.values()
        ],
        "links": [_link("self", f"{url}/tileMatrixSets?f=json", "Tile matrix sets")],
    }


def scheme_document(scheme: Scheme) -> dict[str, Any]:
    """Return the definition of a tile matrix set."""
    definition: dict[str, Any] = scheme.matrices.model_dump(mode="json", exclude_none=True)
    return definition


def tileset_list(tilesets: list[Tileset]) -> dict[str, Any]:
    """Return the document of the tilesets of one collection."""
    first = tilesets[0]
    given = f"&{first.asked.text}" if first.asked.text else ""
    address = f"{first.url}/collections/{first.collection.id}/tiles?f=json{given}"
    return {
        "links": [_link("self", address, first.title)],
        "tilesets": [{**_head(tileset), "links": list(_links(tileset))} for tileset in tilesets],
    }


def tileset_document(tileset: Tileset, limits: list[Limits]) -> dict[str, Any]:
    """Return the metadata of a tileset."""
    collection, deepest = tileset.collection, tileset.scheme.deepest
    box = {
        "lowerLeft": list(collection.bbox[:2]),
        "upperRight": list(collection.bbox[2:]),
        "crs": CRS84.uri,
    }
    return {
        **_head(tileset),
        "description": tileset.about,
        "attribution": tileset.attribution,
        "boundingBox": box,
        "centerPoint": {"coordinates": _center(collection), "crs": CRS84.uri},
        "layers": [
            {
                "id": collection.id,
                "title": tileset.title,
                "dataType": "vector",
                "geometryDimension": 2,
                "minTileMatrix": "0",
                "maxTileMatrix": str(deepest),
                "boundingBox": box,
                "propertiesSchema": {
                    "type": "object",
                    "properties": {
                        ID: {"type": "string", "title": "id", "x-ogc-role": "id"},
                        **property_schemas(tileset.asked.fields, english=tileset.english),
                    },
                },
            }
        ],
        "tileMatrixSetLimits": [
            {
                "tileMatrix": str(level.level),
                "minTileRow": level.first_row,
                "maxTileRow": level.last_row,
                "minTileCol": level.first_col,
                "maxTileCol": level.last_col,
            }
            for level in limits
        ],
        "links": [*_links(tileset), _item(tileset)],
    }


def tilejson_document(tileset: Tileset) -> dict[str, Any]:
    """Return TileJSON 3.0, which only knows web mercator."""
    collection, deepest = tileset.collection, tileset.scheme.deepest
    fields = {
        field.naam: field.title_en if tileset.english else field.titel_nl
        for field in tileset.asked.fields
    }
    return {
        "tilejson": "3.0.0",
        "name": tileset.title,
        "description": tileset.about,
        "attribution": tileset.attribution,
        "scheme": "xyz",
        "tiles": [tileset.tiles(_TILE_XYZ)],
        "minzoom": 0,
        "maxzoom": deepest,
        "bounds": list(collection.bbox),
        "center": [*_center(collection), 6],
        "vector_layers": [
            {
                "id": collection.id,
                "description": tileset.title,
                "minzoom": 0,
                "maxzoom": deepest,
                "fields": {ID: "id", **fields},
            }
        ],
    }


def _head(tileset: Tileset) -> dict[str, Any]:
    scheme = tileset.scheme
    named = {"tileMatrixSetURI": str(scheme.matrices.uri)} if scheme.matrices.uri else {}
    return {
        "title": tileset.title,
        "tileMatrixSetId": scheme.id,
        **named,
        "crs": scheme.crs.uri,
        "dataType": "vector",
    }


def _links(tileset: Tileset) -> Iterator[dict[str, Any]]:
    url, collection = tileset.url, tileset.collection
    yield _link("self", tileset.document(f="json"), tileset.title)
    if tileset.scheme is WEB_MERCATOR_QUAD:
        yield _link("alternate", tileset.document(f="tilejson"), "TileJSON")
    yield _link(f"{_REL}/tiling-scheme", _scheme_address(url, tileset.scheme), tileset.scheme.id)
    yield _link(f"{_REL}/geodata", f"{url}/collections/{collection.id}?f=json", tileset.title)


def _item(tileset: Tileset) -> dict[str, Any]:
    return {
        "rel": "item",
        "type": MVT_TYPE,
        "title": tileset.title,
        "href": tileset.tiles(_TILE),
        "templated": True,
    }


def _link(rel: str, href: str, title: str) -> dict[str, Any]:
    return {"rel": rel, "type": JSON, "title": title, "href": href}


def _scheme_address(url: str, scheme: Scheme) -> str:
    return f"{url}/tileMatrixSets/{scheme.id}?f=json"


def _center(collection: Collection) -> list[float]:
    west, south, east, north = collection.bbox
    return [round((west + east) / 2, 6), round((south + north) / 2, 6)]
