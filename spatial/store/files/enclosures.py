"""Files of whole collections, written once by the build, for those who want everything.

    <snapshot>/bestanden/<collection>.fgb      FlatGeobuf in CRS84, with a spatial index
    <snapshot>/bestanden/<collection>.csv.gz   values without shapes
    <snapshot>/<collection>.parquet            GeoParquet in EPSG:28992: the layer itself

FlatGeobuf repeats a shape in every row: only collections in their own indeling have it. Carried
collections would make the snapshot three times as large, and are had by ``f=fgb``.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from spatial.domain.crs import CRS84
from spatial.store.answers import SHAPE, open_features, open_shapes
from spatial.store.catalogue import Collection
from spatial.store.files.content import Content, batches_of, file_schema
from spatial.store.files.delimited import write_packed_csv
from spatial.store.files.vector import write_flatgeobuf
from spatial.store.layers import GEOMETRY
from spatial.store.shapes import wkb_column

FILES = "bestanden"
_CARRIED = "-indeling-"


@dataclass(frozen=True, slots=True)
class Enclosure:
    """One file of a whole collection.

    Attributes:
        name: file name in its address.
        path: where it is in the snapshot.
        media_type: of the file.
        titel_nl: Dutch title of a link.
        title_en: English title.
    """

    name: str
    path: str
    media_type: str
    titel_nl: str
    title_en: str


def enclosures_of(collection: Collection) -> Iterator[Enclosure]:
    """Return the files that the build makes of a collection, the most useful first."""
    if _CARRIED not in collection.id:
        name = f"{collection.id}.fgb"
        yield Enclosure(
            name, f"{FILES}/{name}", "application/flatgeobuf",
            "Hele collectie als FlatGeobuf (lengte, breedte)",
            "Whole collection as FlatGeobuf (longitude, latitude)",
        )  # fmt: skip
    yield Enclosure(
        collection.bestand, collection.bestand, "application/vnd.apache.parquet",
        "Hele collectie als GeoParquet (EPSG:28992)", "Whole collection as GeoParquet (EPSG:28992)",
    )  # fmt: skip
    name = f"{collection.id}.csv.gz"
    yield Enclosure(
        name, f"{FILES}/{name}", "application/gzip",
        "Hele collectie als CSV, zonder vormen, ingepakt",
        "Whole collection as CSV, without shapes, compressed",
    )  # fmt: skip


def write_enclosures(
    folder: Path, collection: Collection, table: pa.Table, said: Mapping[str, str]
) -> None:
    """Write the files of one collection in a snapshot folder that has its answers.

    Args:
        folder: of the snapshot; its folder of files is there.
        collection: its description.
        table: the layer, without its geometry.
        said: what must be said beside the figures, see ``about``.

    Raises:
        StoreError: the shapes cannot be read, or a file cannot be written.
    """
    plain = file_schema(collection.velden, placed=False)
    packed = folder / FILES / f"{collection.id}.csv.gz"
    write_packed_csv(plain, batches_of(table, plain), packed)
    if _CARRIED in collection.id:
        return
    places = open_features(folder, collection)[SHAPE].to_numpy()
    wkb = open_shapes(folder)[wkb_column(CRS84)]
    placed = wkb.take(pa.array(places, mask=places < 0)).cast(pa.binary()).combine_chunks()
    table = table.append_column(GEOMETRY, placed)
    schema = file_schema(collection.velden)
    content = Content(
        name=collection.id,
        schema=schema,
        batches=batches_of(table, schema),
        crs=CRS84,
        about=dict(said),
        complete=bool((places >= 0).all()),
    )
    write_flatgeobuf(content, folder / FILES / f"{collection.id}.fgb")
