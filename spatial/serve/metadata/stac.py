"""The files of a snapshot as a STAC catalogue: a collection per data set, an item per collection of ours.

Only this module of the server knows pystac, and only who asks for STAC loads it.
"""

import math
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from typing import Any
from urllib.parse import quote

from pystac import (
    Asset,
    Catalog,
    CatalogType,
    Collection,
    Extent,
    Item,
    Link,
    Provider,
    ProviderRole,
    SpatialExtent,
    TemporalExtent,
)
from pystac.extensions.file import FileExtension
from pystac.extensions.projection import ProjectionExtension
from pystac.extensions.raster import (
    DataType,
    NoDataStrings,
    RasterBand,
    RasterExtension,
    Sampling,
    Statistics,
)
from pystac.layout import HrefLayoutStrategy

from spatial.domain.crs import RD
from spatial.domain.formats import FLATGEOBUF, GEOPACKAGE, GEOPARQUET
from spatial.serve.ask.offers import DCAT, HTML, JSON, JSON_LD, STAC
from spatial.serve.metadata.datasets import Box, Dataset, Part
from spatial.serve.metadata.described import Described
from spatial.serve.metadata.files import File
from spatial.serve.metadata.owner import Owner, Spoken
from spatial.store.rasters.index import Band, Coverage

CATALOGUE = "aandachtsgroepen-in-kaart"

_OWN = "aandachtsgroepen"
"""Prefix of what no extension has a name for."""
_SHA256 = "1220"
"""How a multihash of SHA-256 begins: its code and its length."""
_LICENCES = {"CC BY 4.0": "CC-BY-4.0", "CC0 1.0": "CC0-1.0", "EUPL-1.2": "EUPL-1.2"}
_LAST = time(23, 59, 59)
_SYSTEMS = {
    FLATGEOBUF.media_type: "OGC:CRS84",
    GEOPACKAGE.media_type: "OGC:CRS84",
    GEOPARQUET.media_type: f"EPSG:{RD.epsg}",
}
"""The reference system of a file of features, by media type."""

type Document = dict[str, Any]


class Addresses(HrefLayoutStrategy):
    """The addresses of the documents as the server has them."""

    def __init__(self, url: str, *, english: bool) -> None:
        """Write addresses below ``url``; those of English documents say so."""
        self._base = f"{url}{STAC}"
        self._language = "?lang=en" if english else ""

    def get_catalog_href(self, cat: Catalog, parent_dir: str, is_root: bool) -> str:  # noqa: ARG002, FBT001 - pystac's signature
        """Return the address of the catalogue; there is one."""
        return f"{self._base}{self._language}"

    def get_collection_href(self, col: Collection, parent_dir: str, is_root: bool) -> str:  # noqa: ARG002, FBT001 - the same
        """Return the address of a collection."""
        return f"{self._base}/{quote(col.id)}{self._language}"

    def get_item_href(self, item: Item, parent_dir: str) -> str:  # noqa: ARG002 - the same
        """Return the address of an item."""
        return f"{self._base}/{quote(item.collection_id or '')}/{quote(item.id)}{self._language}"


class Writer:
    """Writes a catalogue in one language."""

    def __init__(self, edition: Described, *, english: bool) -> None:
        self._edition = edition
        self._owner: Owner = edition.owner
        self._english = english

    def documents(self) -> Iterator[tuple[str, Document]]:
        """Give every document by its path below ``/stac``, with absolute links."""
        root = self.catalogue()
        addresses = Addresses(self._owner.url, english=self._english)
        root.normalize_hrefs(f"{self._owner.url}{STAC}", strategy=addresses)
        yield "", root.to_dict()
        for collection in root.get_children():
            yield collection.id, collection.to_dict()
            for item in collection.get_items():
                yield f"{collection.id}/{item.id}", item.to_dict()

    def catalogue(self) -> Catalog:
        """Return the catalogue with all that is in it."""
        root = Catalog(
            id=CATALOGUE,
            title=self._said(self._owner.title),
            description=self._said(self._owner.description),
            catalog_type=CatalogType.ABSOLUTE_PUBLISHED,
        )
        root.add_link(self._link("license", self._owner.licence_url, HTML, self._owner.licence))
        root.add_link(self._link("describedby", f"{self._owner.url}{DCAT}", JSON_LD, "DCAT-AP-NL"))
        for dataset in self._edition.datasets:
            collection = self._collection(dataset)
            collection.add_items([self._item(dataset, part) for part in dataset.parts])
            root.add_child(collection)
        return root

    def _collection(self, dataset: Dataset) -> Collection:
        begin, eind = _moment(dataset.begin), _moment(dataset.eind, _LAST)
        collection = Collection(
            id=dataset.id,
            title=self._said(dataset.title),
            description=self._said(dataset.description),
            extent=Extent(SpatialExtent([list(dataset.bbox)]), TemporalExtent([[begin, eind]])),
            license=_LICENCES.get(self._owner.licence, "other"),
            keywords=dataset.keywords["en" if self._english else "nl"],
            providers=self._providers(dataset),
            extra_fields={
                f"{_OWN}:snapshot": self._edition.version,
                f"{_OWN}:example": dataset.example,
            },
        )
        collection.add_link(
            self._link("license", self._owner.licence_url, HTML, self._owner.licence)
        )
        described = f"{self._owner.url}{DCAT}/{quote(dataset.id)}"
        collection.add_link(self._link("describedby", described, JSON_LD, "DCAT-AP-NL"))
        return collection

    def _providers(self, dataset: Dataset) -> list[Provider]:
        host = Provider(
            name=self._said(self._owner.publisher),
            roles=[ProviderRole.PROCESSOR, ProviderRole.HOST],
            url=self._owner.publisher_url,
        )
        sources = [
            Provider(
                name=source.titel,
                description=f"{source.licentie}. "
                f"{source.notice_en if self._english else source.melding}".strip(),
                roles=[ProviderRole.PRODUCER, ProviderRole.LICENSOR],
                url=source.url if source.url.startswith("http") else None,
            )
            for source in dataset.sources
        ]
        return [*sources, host]

    def _item(self, dataset: Dataset, part: Part) -> Item:
        item = Item(
            id=part.id,
            geometry=_outline(part.bbox),
            bbox=list(part.bbox),
            datetime=None,
            start_datetime=_moment(part.begin),
            end_datetime=_moment(part.eind, _LAST),
            properties={
                "title": self._said(part.title),
                "description": self._said(part.description),
                f"{_OWN}:snapshot": self._edition.version,
                f"{_OWN}:example": dataset.example,
            },
        )
        item.common_metadata.created = self._edition.moment
        item.common_metadata.license = _LICENCES.get(self._owner.licence, "other")
        api = f"{self._owner.url}/collections/{quote(part.id)}"
        name = "OGC API Coverages" if part.coverage else "OGC API Features"
        item.add_link(self._link("related", api, JSON, name))
        for file in part.files:
            self._add_asset(item, part, file)
        return item

    def _add_asset(self, item: Item, part: Part, file: File) -> None:
        asset = Asset(
            href=f"{self._owner.url}{file.href}",
            title=file.title_en if self._english else file.title_nl,
            media_type=file.packed or file.media_type,
            roles=["data"],
        )
        item.add_asset(file.key, asset)
        if file.size is not None:
            FileExtension.ext(asset, add_if_missing=True).apply(
                size=file.size, checksum=f"{_SHA256}{file.sha256}"
            )
        if part.coverage:
            _add_grid(asset, part.coverage)
        elif code := _SYSTEMS.get(file.media_type):
            ProjectionExtension.ext(asset, add_if_missing=True).apply(code=code)

    def _said(self, text: Spoken) -> str:
        return text["en" if self._english else "nl"]

    def _link(self, rel: str, href: str, media_type: str, title: str) -> Link:
        return Link(rel=rel, target=href, media_type=media_type, title=title)


def _add_grid(asset: Asset, coverage: Coverage) -> None:
    """Say what the grid is, and each of its bands: as STAC 1.1 does, and as readers of 1.0 know it."""
    left, _, _, top = coverage.bbox
    ProjectionExtension.ext(asset, add_if_missing=True).apply(
        code=f"EPSG:{coverage.crs}",
        bbox=list(coverage.bbox),
        shape=list(coverage.shape),
        transform=[coverage.grid, 0, left, 0, -coverage.grid, top],
    )
    RasterExtension.ext(asset, add_if_missing=True).apply(
        [_raster_band(band, coverage) for band in coverage.bands]
    )
    asset.extra_fields["bands"] = [_band(band, coverage) for band in coverage.bands]


def _band(band: Band, coverage: Coverage) -> Document:
    found: Document = {
        "name": band.peilmoment.isoformat(),
        "description": band.label,
        "datetime": f"{band.peilmoment.isoformat()}T00:00:00Z",
        # the store writes no other
        "data_type": DataType.FLOAT32.value,
        "nodata": "nan" if math.isnan(coverage.nodata) else coverage.nodata,
        "unit": coverage.unit,
        f"{_OWN}:indeling": band.indeling,
        f"{_OWN}:statussen": {
            status.value: number for status, number in sorted(band.statuses.items())
        },
    }
    if statistics := _statistics(band):
        found["statistics"] = {**statistics, "count": band.cells}
    return found


def _raster_band(band: Band, coverage: Coverage) -> RasterBand:
    statistics = _statistics(band)
    return RasterBand.create(
        nodata=NoDataStrings.NAN if math.isnan(coverage.nodata) else coverage.nodata,
        sampling=Sampling.AREA,
        data_type=DataType.FLOAT32,
        unit=coverage.unit,
        spatial_resolution=coverage.grid,
        statistics=Statistics.create(**statistics) if statistics else None,
    )


def _statistics(band: Band) -> dict[str, float]:
    """Return the figures about the cells of a band; none without cells."""
    found = {"minimum": band.minimum, "maximum": band.maximum, "mean": band.mean}
    return {name: number for name, number in found.items() if number is not None}


def _moment(day: date, hour: time = time()) -> datetime:
    return datetime.combine(day, hour, UTC)


def _outline(bbox: Box) -> Document:
    west, south, east, north = bbox
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}
