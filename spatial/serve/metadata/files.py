"""What can be fetched of a collection: its files, with the size and the checksum of the manifest."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote

from spatial.domain.formats import CSV, FILE_FORMATS, GEOPACKAGE, GEOPARQUET
from spatial.store.catalogue import Collection
from spatial.store.cube.partitions import PART, folder_of, partition_path
from spatial.store.files.enclosures import FILES, enclosures_of
from spatial.store.rasters.index import Coverage
from spatial.store.snapshot import Snapshot

COG = "image/tiff; application=geotiff; profile=cloud-optimized"
"""Media type of a cloud-optimised GeoTIFF."""
_GZIP = "application/gzip"


@dataclass(frozen=True, slots=True)
class File:
    """One file of a whole collection.

    Attributes:
        key: short name, unlike that of the other files of the collection.
        path: where it is in the snapshot; empty when it is made when it is asked for.
        href: address below that of the service.
        media_type: what it is, unpacked.
        packed: media type of the packing; empty without.
        title_nl: what it is, in Dutch.
        title_en: the same in English.
        size: bytes; None when it is made when it is asked for.
        sha256: checksum; empty as above.
    """

    key: str
    path: str
    href: str
    media_type: str
    packed: str
    title_nl: str
    title_en: str
    size: int | None = None
    sha256: str = ""


def files_of(snapshot: Snapshot, collection: Collection) -> Iterator[File]:
    """Return the files of a collection; those that the build made have size and checksum."""
    if not collection.layered:
        yield from _partitions(snapshot)
        return
    built = list(_built(snapshot, collection))
    yield from built
    if GEOPACKAGE.media_type not in {file.media_type for file in built}:
        yield File(
            key=GEOPACKAGE.name,
            path="",
            href=f"/collections/{quote(collection.id)}/items?f={GEOPACKAGE.name}",
            media_type=GEOPACKAGE.media_type,
            packed="",
            title_nl="Hele collectie als GeoPackage, gemaakt als er om gevraagd wordt",
            title_en="Whole collection as GeoPackage, made when it is asked for",
        )


def _built(snapshot: Snapshot, collection: Collection) -> Iterator[File]:
    for entry in enclosures_of(collection):
        digest = snapshot.manifest["files"].get(entry.path)
        if digest is None:
            continue
        media_type, packed = entry.media_type, ""
        if media_type == _GZIP:
            media_type, packed = CSV.media_type, _GZIP
        yield File(
            key=_KEYS.get(media_type, entry.name),
            path=entry.path,
            href=f"/collections/{quote(collection.id)}/{FILES}/{quote(entry.name)}",
            media_type=media_type,
            packed=packed,
            title_nl=entry.titel_nl,
            title_en=entry.title_en,
            size=(snapshot.path / entry.path).stat().st_size,
            sha256=digest,
        )


def raster_of(coverage: Coverage) -> File:
    """Return the one file of a coverage."""
    return File(
        key="cog",
        path=coverage.file,
        href=f"/collections/{quote(coverage.id)}/{FILES}/{quote(coverage.id)}.tif",
        media_type=COG,
        packed="",
        title_nl="Hele raster als GeoTIFF (cloud-optimised, EPSG:28992)",
        title_en="Whole raster as GeoTIFF (cloud-optimised, EPSG:28992)",
        size=coverage.size,
        sha256=coverage.sha256,
    )


_KEYS = {entry.media_type: entry.name for entry in FILE_FORMATS}


def _partitions(snapshot: Snapshot) -> Iterator[File]:
    for groep in (block.groep for block in snapshot.cube.axes.blocks):
        path = partition_path(groep)
        yield File(
            key=f"{GEOPARQUET.name}-{groep}",
            path=path,
            href=f"/collections/waarnemingen/{FILES}/{quote(folder_of(groep), safe='=')}/{PART}",
            media_type=GEOPARQUET.media_type,
            packed="",
            title_nl=f"Alle waarnemingen als Parquet: {groep}",
            title_en=f"All observations as Parquet: {groep}",
            size=(snapshot.path / path).stat().st_size,
            sha256=snapshot.manifest["files"][path],
        )
