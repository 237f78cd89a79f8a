"""One map as a person asks for it: a series, a choice, two views side by side, or their difference."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import product
from pathlib import Path

from spatial.errors import PreviewError
from spatial.preview.assets import load_assets
from spatial.preview.choice import Option, choice_drawing
from spatial.preview.compare import check_swipe, comparison
from spatial.preview.density import densities, density_drawing
from spatial.preview.difference import difference
from spatial.preview.drawing import Drawing, Look
from spatial.preview.figures import View
from spatial.preview.maps import series_drawing
from spatial.preview.page import render_page
from spatial.preview.still import Sheet, StillForm, still_of
from spatial.store.rasters.index import Coverage
from spatial.store.snapshot import Snapshot

_PANES = 2
_PAGES = (".html", ".htm")
FILES = (*_PAGES, *(f".{form}" for form in StillForm))
"""Kinds of files that a map can be."""


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked for.

    Attributes:
        collection: id of a collection, or of a density.
        indicators: id of its indicator; several make a choice in one page; a density needs none.
        days: no peilmoment: all of them; one; or two to hold beside each other.
        regios: no region: the whole country; code of one; or of two to hold beside each other.
        against: id of the collection of another group; empty without.
        difference: subtract, instead of showing both: the second day minus the first, or the
            collection minus ``against``.
    """

    collection: str
    indicators: tuple[str, ...]
    days: tuple[date, ...] = ()
    regios: tuple[str, ...] = ()
    against: str = ""
    difference: bool = False

    def view(self, day: date | None, regio: str, collection: str = "") -> View:
        """Return the view of one day and region, of the first indicator."""
        return View(collection or self.collection, self.indicators[0], day, regio)


def draw_file(snapshot: Snapshot, order: Order, look: Look, suffix: str, assets: Path) -> bytes:
    """Draw what is asked for as a file.

    Args:
        snapshot: what to draw from.
        order: what the map shows.
        look: how a page shows it.
        suffix: of the name of the file; one of ``FILES``.
        assets: folder with the installed web assets, for a page.

    Raises:
        PreviewError: there is no such kind of file, or the order cannot be drawn in it.
        UnknownMemberError: there is no such collection or indicator.
        UnknownRegionError: there is no such region.
    """
    if suffix not in FILES:
        message = f"a map cannot be a file {suffix!r}: choose one of {', '.join(FILES)}"
        raise PreviewError(message)
    drawing = ordered(snapshot, order)
    if look.swipe:
        check_swipe(drawing)
    if suffix in _PAGES:
        return render_page(replace(drawing, look=look), load_assets(assets)).encode()
    if look.swipe:
        message = (
            "a still picture has no divider to move: leave --swipe out, or write a page (.html)"
        )
        raise PreviewError(message)
    if look.base:
        message = "a still picture has no base map: leave --base out, or write a page (.html)"
        raise PreviewError(message)
    if drawing.keuzen:
        message = "a still picture shows one indicator; a page (.html) can hold more to choose from"
        raise PreviewError(message)
    return still_of(drawing, Sheet(every=look.every), StillForm(suffix[1:]))


def ordered(snapshot: Snapshot, order: Order) -> Drawing:
    """Return what an order shows, see ``draw_file``."""
    if (coverage := densities(snapshot).get(order.collection)) is not None:
        return _density(snapshot, coverage, order)
    if not order.indicators:
        message = f"{order.collection}: say which indicator (--indicator)"
        raise PreviewError(message)
    if len(order.indicators) > 1:
        return _several(snapshot, order)
    if order.difference:
        return _apart(snapshot, order)
    views = _views(order)
    if len(views) == 1:
        return series_drawing(snapshot, views[0])
    return comparison(snapshot, *views)


def _density(snapshot: Snapshot, coverage: Coverage, order: Order) -> Drawing:
    """Return the cells of a density, at all its moments or one."""
    if order.difference or order.against or order.regios or len(order.days) > 1:
        message = (
            f"{coverage.id} is a density: it is drawn for the whole country, with a slider over its "
            "moments or at one peilmoment"
        )
        raise PreviewError(message)
    if set(order.indicators) - {coverage.indicator}:
        message = f"{coverage.id} is of the indicator {coverage.indicator}"
        raise PreviewError(message)
    return density_drawing(snapshot, coverage, next(iter(order.days), None))


def _views(order: Order) -> Sequence[View]:
    days: Sequence[date | None] = order.days or [None]
    views = [order.view(day, regio) for regio, day in product(order.regios or [""], days)]
    if order.against:
        views += [replace(view, collection_id=order.against) for view in views]
    if len(views) > _PANES:
        beside = " of two groups" if order.against else ""
        message = (
            f"{len(order.days)} peilmomenten and {len(order.regios)} regions{beside} make {len(views)} "
            "views; side by side shows two: give two peilmomenten, two regions, or two groups"
        )
        raise PreviewError(message)
    return views


def _several(snapshot: Snapshot, order: Order) -> Drawing:
    """Return several indicators with a control to choose from them."""
    if order.difference or order.against:
        message = "a difference, or two groups beside each other, is of one indicator"
        raise PreviewError(message)
    if len(order.days) > 1 or len(order.regios) > 1:
        message = (
            f"{len(order.days)} peilmomenten and {len(order.regios)} regions: a choice of indicators is "
            "of one map; give at most one of each, or one indicator"
        )
        raise PreviewError(message)
    day, regio = next(iter(order.days), None), next(iter(order.regios), "")
    options = [Option(View(order.collection, name, day, regio)) for name in order.indicators]
    return choice_drawing(snapshot, options)


def _apart(snapshot: Snapshot, order: Order) -> Drawing:
    """Return the second day minus the first, or the first group minus the second."""
    if len(order.regios) > 1 or len(order.days) > _PANES:
        message = (
            f"{len(order.days)} peilmomenten and {len(order.regios)} regions: a difference takes at "
            "most two peilmomenten and one region"
        )
        raise PreviewError(message)
    regio = next(iter(order.regios), "")
    moments: Sequence[date | None] = sorted(order.days) or [None]
    before = order.view(moments[0], regio, order.against)
    return difference(snapshot, before, order.view(moments[-1], regio))
