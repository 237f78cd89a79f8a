"""GeoPackages of the live snapshot for QGIS: one file, or a folder with a file per theme."""

from collections.abc import Sequence
from pathlib import Path

from spatial.errors import SettingsError
from spatial.qgis.chosen import theme_of
from spatial.qgis.pack import Step, schemes, write_pack
from spatial.qgis.qml import qml
from spatial.qgis.rules import thematic
from spatial.qgis.sld import sld
from spatial.store.catalogue import Collection
from spatial.store.snapshot import Snapshot

_SUFFIX = ".gpkg"
_STYLES = (".qml", ".sld")


def export_geopackage(
    snapshot: Snapshot,
    wanted: Sequence[str],
    out: Path,
    step: Step,
    *,
    english: bool = False,
) -> list[Path]:
    """Write layers with their styles; what stands at ``out`` under the same name is replaced.

    Args:
        snapshot: to take them from.
        wanted: ids of collections; none: all that are layers.
        out: a file (``.gpkg``) for all of them, or a folder for a file per theme.
        step: told how far it is.
        english: titles, aliases and legends in English; otherwise in Dutch.

    Returns:
        The files.

    Raises:
        SettingsError: there is no such collection, or it is no layer.
        StoreError: a file cannot be written.
    """
    layers = {entry.id: entry for entry in snapshot.contents.layers}
    if unknown := [name for name in wanted if name not in layers]:
        message = f"no layers {', '.join(unknown)}: 'spatial info' lists the collections"
        raise SettingsError(message)
    chosen = [entry for entry in layers.values() if not wanted or entry.id in wanted]
    files = {out: chosen} if out.suffix == _SUFFIX else _by_theme(chosen, out)
    for path, collections in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        write_pack(snapshot, collections, path, step, english=english)
    return list(files)


def export_style(
    snapshot: Snapshot, shown: tuple[str, str], out: Path, *, english: bool = False
) -> None:
    """Write the style of an indicator as QML or SLD, whichever the name of the file says.

    Args:
        snapshot: has the scheme.
        shown: ids of a collection and of an indicator in it.
        out: file to write.
        english: texts in English; otherwise in Dutch.

    Raises:
        SettingsError: the name of the file says nothing.
        StoreError: there is no such collection, or no scheme of the indicator.
    """
    if out.suffix not in _STYLES:
        message = f"{out.name} is not a name of a style: it ends in {' or '.join(_STYLES)}"
        raise SettingsError(message)
    name, indicator = shown
    collection = snapshot.contents.get(name)
    one = thematic(
        snapshot.contents, collection, schemes(snapshot, collection), indicator, english=english
    )
    text = sld(one) if out.suffix == ".sld" else qml(collection, one, english=english)
    out.write_text(text, encoding="utf-8", newline="\n")


def _by_theme(chosen: Sequence[Collection], folder: Path) -> dict[Path, list[Collection]]:
    found: dict[Path, list[Collection]] = {}
    for entry in chosen:
        path = folder / f"{theme_of(entry)}{_SUFFIX}"
        found.setdefault(path, []).append(entry)
    return found
