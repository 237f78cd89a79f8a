"""The STAC catalogue of a snapshot as a folder that needs no server: on disk, or on any web host.

    <out>/catalog.json
    <out>/<data set>/collection.json
    <out>/<data set>/<collection>/<collection>.json   the item, with its files beside it

All links between the documents are relative; those to the service are absolute.
"""

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from pystac import CatalogType, Item

from spatial.errors import StoreError
from spatial.serve.metadata.described import Described
from spatial.serve.metadata.files import File
from spatial.serve.metadata.stac import Writer
from spatial.store.files.enclosures import FILES

type Step = Callable[[str, float], None]

_PARTIAL = ".stac-"


@dataclass(frozen=True, slots=True)
class Order:
    """What to write.

    Attributes:
        out: folder to make; there is none yet, or it is empty.
        english: texts in English; otherwise in Dutch.
        copies: put a copy of every file beside its item; otherwise items point to the service.
    """

    out: Path
    english: bool = False
    copies: bool = True


@dataclass(frozen=True, slots=True)
class Written:
    """What was written.

    Attributes:
        items: number of items.
        files: number of files beside them.
        size: their bytes.
    """

    items: int
    files: int
    size: int


def export_stac(described: Described, snapshot: Path, order: Order, step: Step) -> Written:
    """Write a catalogue, whole or not at all.

    Files that the service makes when they are asked for are left out where copies are asked: there is
    nothing to copy.

    Args:
        described: what is in the snapshot.
        snapshot: its folder.
        order: what to write.
        step: told what is done, and which part of the whole.

    Raises:
        StoreError: the folder is not empty, or cannot be written.
    """
    try:
        if order.out.exists() and any(order.out.iterdir()):
            message = f"{order.out} is not empty: name a new folder for the catalogue"
            raise StoreError(message)
        order.out.parent.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix=_PARTIAL, dir=order.out.parent))
        try:
            written = _write(described, snapshot, folder, order, step)
            folder.chmod(0o755)
            folder.replace(order.out)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    except OSError as error:
        message = f"the catalogue cannot be written in {order.out}: {error}"
        raise StoreError(message) from error
    return written


def _write(described: Described, snapshot: Path, folder: Path, order: Order, step: Step) -> Written:
    root = Writer(described, english=order.english).catalogue()
    root.normalize_hrefs(str(folder))
    parts = {part.id: part for dataset in described.datasets for part in dataset.parts}
    copied: list[int] = []
    if order.copies:
        for done, item in enumerate(root.get_items(recursive=True)):
            step(item.id, done / len(parts))
            for file in parts[item.id].files:
                if file.path:
                    copied.append(_copy(item, file, snapshot))
                else:
                    del item.assets[file.key]
    root.save(CatalogType.SELF_CONTAINED)
    return Written(len(parts), len(copied), sum(copied))


def _copy(item: Item, file: File, snapshot: Path) -> int:
    """Put a file beside its item and point to it; return its bytes."""
    *_, above, name = unquote(file.href).split("/")
    folder = Path(item.self_href).parent
    if above != FILES:
        # files of observations all have one name, each in a folder of its own
        name = f"{above}-{name}"
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(snapshot / file.path, folder / name)
    item.assets[file.key].href = f"./{name}"
    return (folder / name).stat().st_size
