"""Draw an entry of the gallery: one function per kind of map."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from spatial.domain.regions import Niveau
from spatial.preview.assets import Assets
from spatial.preview.compare import draw_compare
from spatial.preview.difference import draw_difference
from spatial.preview.entries import NEWEST, Entry, MapKind
from spatial.preview.figures import View, read_series
from spatial.preview.maps import draw_series
from spatial.preview.shapes import MAP_SHAPES
from spatial.store.catalogue import Collection
from spatial.store.snapshot import Snapshot

_PREFERRED = ("PV27", "PV20")
"""Noord-Holland and Groningen: a dense and a thinly populated provincie."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A map that was drawn.

    Attributes:
        entry: what it is, with the collections that the snapshot has.
        html: the page.
        views: what its picture shows: one view, or those that stand side by side.
        niveau: level of its regions.
        perioden: first and last day of what it shows.
    """

    entry: Entry
    html: str
    views: tuple[View, ...]
    niveau: Niveau
    perioden: tuple[date, date]


type Drawer = Callable[[Snapshot, Entry, Assets], tuple[str, tuple[View, ...]] | None]
"""Return the page and what its picture shows; nothing when there are too few moments or regions."""


def draw_entry(snapshot: Snapshot, entry: Entry, assets: Assets) -> Drawn | None:
    """Draw a map, as far as the snapshot has its collections and indicators.

    Returns:
        None when the snapshot cannot show it.

    Raises:
        PreviewError: it cannot be drawn.
    """
    held = [_held(snapshot, entry, collection_id) for collection_id in entry.collecties]
    collections = [collection for collection in held if collection is not None]
    if len(collections) < len(held):
        return None
    found = replace(entry, collecties=tuple(collection.id for collection in collections))
    drawn = DRAWERS[entry.kind](snapshot, found, assets)
    if drawn is None:
        return None
    html, views = drawn
    shown = [view.peilmoment for view in views if view.peilmoment]
    begin, end = min(c.begin for c in collections), max(c.eind for c in collections)
    perioden = min(shown, default=begin), max(shown, default=end)
    return Drawn(found, html, views, Niveau(collections[0].niveau), perioden)


def _held(snapshot: Snapshot, entry: Entry, wanted: str) -> Collection | None:
    """Return the collection of that id that holds all indicators of an entry."""
    start, star, _ = wanted.partition(NEWEST)
    fitting = [
        collection
        for collection in snapshot.contents.collections
        if (collection.id.startswith(start) if star else collection.id == wanted)
        and set(entry.indicatoren) <= set(collection.indicatoren)
    ]
    return max(fitting, key=lambda collection: collection.id, default=None)


def _series(snapshot: Snapshot, entry: Entry, assets: Assets) -> tuple[str, tuple[View, ...]]:
    view = View(entry.collecties[0], entry.indicatoren[0])
    return draw_series(snapshot, view.collection_id, view.indicator_id, assets), (view,)


def _change(
    snapshot: Snapshot, entry: Entry, assets: Assets
) -> tuple[str, tuple[View, ...]] | None:
    """Draw the change between the first and the last moment of one kind."""
    view = View(entry.collecties[0], entry.indicatoren[0])
    moments = [moment.peilmoment for moment in read_series(snapshot, view).moments]
    first = moments[0]
    last = max(day for day in moments if (day.month, day.day) == (first.month, first.day))
    if first == last:
        return None
    before, after = replace(view, peilmoment=first), replace(view, peilmoment=last)
    return draw_difference(snapshot, before, after, assets), (before, after)


def _years(snapshot: Snapshot, entry: Entry, assets: Assets) -> tuple[str, tuple[View, ...]]:
    view = View(entry.collecties[0], entry.indicatoren[0])
    moments = read_series(snapshot, view).moments
    before, after = (replace(view, peilmoment=moments[place].peilmoment) for place in (0, -1))
    return draw_compare(snapshot, before, after, assets), (before, after)


def _regions(snapshot: Snapshot, entry: Entry, assets: Assets) -> tuple[str, tuple[View, ...]]:
    table = snapshot.table(MAP_SHAPES)
    known = {
        code
        for code, niveau in zip(table["code"].to_pylist(), table["niveau"].to_pylist(), strict=True)
        if niveau == Niveau.PROVINCIE
    }
    regios = _PREFERRED if known.issuperset(_PREFERRED) else sorted(known)[:2]
    left, right = (View(entry.collecties[0], entry.indicatoren[0], regio=code) for code in regios)
    return draw_compare(snapshot, left, right, assets), (left, right)


DRAWERS: Mapping[MapKind, Drawer] = {
    MapKind.SERIES: _series,
    MapKind.CHANGE: _change,
    MapKind.YEARS: _years,
    MapKind.REGIONS: _regions,
}
"""A function for every kind."""
