"""What an entry of the gallery shows: one function per kind of map."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import pyarrow.compute as pc

from spatial.domain.regions import Niveau
from spatial.domain.taakstelling import Voortgang
from spatial.preview.choice import Option, choice_drawing
from spatial.preview.compare import comparison, swipe
from spatial.preview.density import densities, density_drawing
from spatial.preview.difference import difference
from spatial.preview.division import division_options
from spatial.preview.drawing import Drawing
from spatial.preview.entries import NEWEST, Entry, MapKind
from spatial.preview.figures import View, read_series
from spatial.preview.maps import series_drawing
from spatial.preview.progress import VOORTGANG
from spatial.preview.shapes import MAP_SHAPES
from spatial.store.layers import read_columns
from spatial.store.snapshot import Snapshot

_PREFERRED = ("PV27", "PV20")
"""Noord-Holland and Groningen: a dense and a thinly populated provincie."""


type Drawer = Callable[[Snapshot, Entry], Drawing | None]
"""Return what a map shows; nothing when there are too few moments or regions."""


def drawing_of(snapshot: Snapshot, entry: Entry) -> Drawing | None:
    """Return what a map of the gallery shows, as far as the snapshot has its figures.

    Returns:
        None when the snapshot lacks a collection, an indicator, or a second moment.

    Raises:
        PreviewError: it cannot be drawn.
    """
    held = [_held(snapshot, entry, collection_id) for collection_id in entry.collecties]
    found = tuple(collection_id for collection_id in held if collection_id)
    if len(found) < len(held):
        return None
    return DRAWERS[entry.kind](snapshot, replace(entry, collecties=found))


def _held(snapshot: Snapshot, entry: Entry, wanted: str) -> str:
    """Return the id of the collection that holds all indicators of an entry; empty without one."""
    start, star, _ = wanted.partition(NEWEST)
    fitting = [
        collection.id
        for collection in snapshot.contents.collections
        if (collection.id.startswith(start) if star else collection.id == wanted)
        and set(entry.indicatoren) <= set(collection.indicatoren)
    ]
    return max(fitting, default="")


def _view(entry: Entry) -> View:
    return View(entry.collecties[0], entry.indicatoren[0])


def _series(snapshot: Snapshot, entry: Entry) -> Drawing:
    return series_drawing(snapshot, _view(entry))


def _change(snapshot: Snapshot, entry: Entry) -> Drawing | None:
    """Return the change between the first and the last moment of one kind."""
    view = _view(entry)
    moments = [moment.peilmoment for moment in read_series(snapshot, view).moments]
    first = moments[0]
    last = max(day for day in moments if (day.month, day.day) == (first.month, first.day))
    if first == last:
        return None
    return difference(snapshot, replace(view, peilmoment=first), replace(view, peilmoment=last))


def _ends(snapshot: Snapshot, entry: Entry) -> tuple[View, View]:
    """Return the views of the first and the last moment."""
    view = _view(entry)
    moments = read_series(snapshot, view).moments
    first, last = moments[0].peilmoment, moments[-1].peilmoment
    return replace(view, peilmoment=first), replace(view, peilmoment=last)


def _years(snapshot: Snapshot, entry: Entry) -> Drawing:
    return comparison(snapshot, *_ends(snapshot, entry))


def _swipe(snapshot: Snapshot, entry: Entry) -> Drawing | None:
    first, last = _ends(snapshot, entry)
    return None if first == last else swipe(snapshot, first, last)


def _groups(snapshot: Snapshot, entry: Entry) -> Drawing:
    first, other = (View(name, entry.indicatoren[0]) for name in entry.collecties)
    return comparison(snapshot, first, other)


def _regions(snapshot: Snapshot, entry: Entry) -> Drawing:
    table = snapshot.table(MAP_SHAPES)
    known = {
        code
        for code, niveau in zip(table["code"].to_pylist(), table["niveau"].to_pylist(), strict=True)
        if niveau == Niveau.PROVINCIE
    }
    regios = _PREFERRED if known.issuperset(_PREFERRED) else sorted(known)[:2]
    left, right = (replace(_view(entry), regio=code) for code in regios)
    return comparison(snapshot, left, right)


def _division(snapshot: Snapshot, entry: Entry) -> Drawing | None:
    """Return a choice of the keys by which there are figures."""
    options = division_options(entry.collecties[0], entry.indicatoren)
    return _choice(snapshot, [option for option in options if _has_figures(snapshot, option.view)])


def _progress(snapshot: Snapshot, entry: Entry) -> Drawing | None:
    """Return a choice that begins with the progress, or with what there are figures of."""
    views = [View(entry.collecties[0], name) for name in (VOORTGANG, *entry.indicatoren)]
    return _choice(snapshot, [Option(view) for view in views if _has_figures(snapshot, view)])


def _density(snapshot: Snapshot, entry: Entry) -> Drawing:
    return density_drawing(snapshot, densities(snapshot)[entry.naam])


def _choice(snapshot: Snapshot, options: Sequence[Option]) -> Drawing | None:
    return choice_drawing(snapshot, options) if options else None


def _has_figures(snapshot: Snapshot, view: View) -> bool:
    """Tell whether there is a number anywhere; a map without one says nothing."""
    collection = snapshot.contents.get(view.collection_id)
    column = read_columns(snapshot.path / collection.bestand, [view.indicator_id])[0]
    if view.indicator_id == VOORTGANG:
        return bool(pc.any(pc.not_equal(column, Voortgang.NIET_TE_BEPALEN.value)).as_py())
    return bool(column.null_count < len(column))


DRAWERS: Mapping[MapKind, Drawer] = {
    MapKind.SERIES: _series,
    MapKind.CHANGE: _change,
    MapKind.YEARS: _years,
    MapKind.REGIONS: _regions,
    MapKind.SWIPE: _swipe,
    MapKind.GROUPS: _groups,
    MapKind.DIVISION: _division,
    MapKind.DENSITY: _density,
    MapKind.PROGRESS: _progress,
}
"""A function for every kind."""
