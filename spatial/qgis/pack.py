"""The layers of a snapshot in one GeoPackage, each with its styles: open it in QGIS and it is right.

    <layer>       per collection, under its id: figures, boundaries, redivisions (EPSG:28992)
    layer_styles  per layer one style by default, and one for the first indicator of every section

Days are of type Date, fields have their titles as aliases, what must be said beside the figures
stands in the metadata of every layer. The same snapshot gives the same bytes.
"""

import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from spatial.domain.crs import RD
from spatial.errors import StoreError
from spatial.qgis.chosen import main_of
from spatial.qgis.geopackage import LayerStyle, add_styles
from spatial.qgis.qml import qml, symbology
from spatial.qgis.rules import thematic
from spatial.store.catalogue import Collection, Kind
from spatial.store.files.content import Content, about, batches_of, file_schema
from spatial.store.files.vector import write_geopackage
from spatial.store.layers import GEOMETRY
from spatial.store.snapshot import MAPS, Snapshot

type Step = Callable[[str, float], None]
"""Called with what is being written, and which part is done (0-1)."""


def write_pack(
    snapshot: Snapshot,
    collections: Sequence[Collection],
    path: Path,
    step: Step,
    *,
    english: bool = False,
) -> None:
    """Write layers and their styles; the file is there when all of it is, and replaces an older one.

    Args:
        snapshot: has the collections.
        collections: that are layers.
        path: file to write; its folder is there.
        step: told how far it is.
        english: titles, aliases and legends in English; otherwise in Dutch.

    Raises:
        StoreError: a layer cannot be read, or the file cannot be written.
    """
    partial = path.with_name(f".{path.stem}-{os.getpid()}.gpkg")
    styles: list[LayerStyle] = []
    try:
        for place, collection in enumerate(collections):
            step(collection.id, place / len(collections))
            write_geopackage(_content(snapshot, collection, english=english), partial)
            styles += layer_styles(snapshot, collection, english=english)
        add_styles(partial, styles)
        partial.replace(path)
    except OSError as error:
        message = f"{path.name} cannot be written: {error}"
        raise StoreError(message) from error
    finally:
        partial.unlink(missing_ok=True)


def layer_styles(
    snapshot: Snapshot, collection: Collection, *, english: bool = False
) -> Iterator[LayerStyle]:
    """Return the styles of a layer; the first is its default.

    Args:
        snapshot: has the collection.
        collection: what the layer holds.
        english: names and legends in English; otherwise in Dutch.

    Raises:
        StoreError: its schemes cannot be read.
    """
    style = schemes(snapshot, collection)
    # what fills a region is in front of circles
    names = sorted(
        main_of(collection, style),
        key=lambda name: style["indicatoren"][name]["soort"] != "klassen",
    )
    if not names:
        name = "edges" if english else "grenzen"
        yield LayerStyle(collection.id, name, qml(collection, english=english), default=True)
        return
    for place, indicator in enumerate(names):
        shown = thematic(snapshot.contents, collection, style, indicator, english=english)
        text = symbology(collection, shown) if place else qml(collection, shown, english=english)
        yield LayerStyle(collection.id, shown.title, text, default=not place)


def schemes(snapshot: Snapshot, collection: Collection) -> Mapping[str, Any]:
    """Return the document with the schemes of a collection; empty where there is none.

    Raises:
        StoreError: the snapshot does not hold it, or it is damaged.
    """
    if not collection.indicatoren or collection.kind not in (Kind.INDICATOREN, Kind.ANALYSE):
        return {}
    path = snapshot.path / MAPS / collection.stijl
    try:
        found: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        message = f"{collection.stijl} of the snapshot cannot be read: {error}"
        raise StoreError(message) from error
    return found


def _content(snapshot: Snapshot, collection: Collection, *, english: bool) -> Content:
    table = snapshot.layer(collection)
    schema = file_schema(collection.velden, english=english)
    said = about(snapshot.contents, collection, english=english)
    return Content(
        name=collection.id,
        schema=schema,
        batches=batches_of(table, schema),
        crs=RD,
        about={**said, "uitgave": snapshot.id},
        complete=table[GEOMETRY].null_count == 0,
    )
