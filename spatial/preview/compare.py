"""Two maps side by side that move together, on one scheme: two years, regions or themes."""

from dataclasses import replace

from spatial.domain.indicators import Thema
from spatial.domain.regions import Niveau
from spatial.errors import PreviewError
from spatial.preview.assets import Assets
from spatial.preview.drawing import Drawing, Look, PageText
from spatial.preview.figures import Series, View, pick, read_series
from spatial.preview.maps import common_indeling, make_panel, region_name, subject
from spatial.preview.page import render_page
from spatial.preview.styles import frozen_scheme
from spatial.preview.wording import capitalised
from spatial.store.snapshot import Snapshot


def draw_compare(snapshot: Snapshot, left: View, right: View, assets: Assets) -> str:
    """Draw two views beside each other with one legend, at one scale.

    Views with a peilmoment stand still; views without one share a slider over the moments that
    both have.

    Returns:
        A self-contained HTML document.

    Raises:
        UnknownMemberError: there is no such collection or indicator; the message lists them.
        UnknownRegionError: there is no such region.
        PreviewError: the views cannot share a legend or a slider, or a peilmoment is not there.
    """
    return render_page(comparison(snapshot, left, right), assets)


def swipe(snapshot: Snapshot, left: View, right: View) -> Drawing:
    """Return two views that lie over each other with a divider, see ``draw_compare``.

    Raises:
        PreviewError: also when they are not of one region or the whole country.
    """
    drawing = comparison(snapshot, left, right)
    check_swipe(drawing)
    return replace(drawing, look=Look(swipe=True))


def check_swipe(drawing: Drawing) -> None:
    """Refuse a drawing of which no two views can lie over each other.

    Raises:
        PreviewError: there are no two views, or they are of different regions.
    """
    if len(drawing.panels) == 1:
        message = "a swipe is between two views: give two peilmomenten, or another group"
        raise PreviewError(message)
    if len({panel.regio for panel in drawing.panels}) > 1:
        message = "two regions do not lie over each other: show them side by side"
        raise PreviewError(message)


def comparison(snapshot: Snapshot, left: View, right: View) -> Drawing:
    """Return two views that share a legend, see ``draw_compare``."""
    views = (left, right)
    whole = [read_series(snapshot, view) for view in views]
    _check_comparable(views, whole)
    series = _on_common_moments(whole) if left.peilmoment is None else whole
    titles = [_pane_title(snapshot, views, place, series) for place in range(2)]
    panels = tuple(
        make_panel(snapshot, view, one, titel)
        for view, one, titel in zip(views, series, titles, strict=True)
    )
    indelingen = {common_indeling(one) for one in series}
    shared = indelingen.pop() if len(indelingen) == 1 else ""
    subjects = " en ".join(dict.fromkeys(subject(one) for one in series))
    text = PageText(
        ", ".join(filter(None, (subjects, "vergeleken", shared))),
        " ".join(dict.fromkeys(one.indicator.definitie_nl for one in series)),
    )
    return Drawing(text, panels, frozen_scheme(snapshot, *whole))


def _check_comparable(views: tuple[View, View], series: list[Series]) -> None:
    first, second = (one.indicator for one in series)
    if (first.eenheid, first.soort.is_count) != (second.eenheid, second.soort.is_count):
        message = (
            f"{first.id!r} ({first.eenheid}) and {second.id!r} ({second.eenheid}) cannot share a "
            "legend: choose two indicators of the same kind and unit"
        )
        raise PreviewError(message)
    if (views[0].peilmoment is None) != (views[1].peilmoment is None):
        message = "give both views a peilmoment, or neither (then they share a slider)"
        raise PreviewError(message)


def _on_common_moments(series: list[Series]) -> list[Series]:
    common = set.intersection(*({m.peilmoment for m in one.moments} for one in series))
    if not common:
        ids = " and ".join(repr(one.collection.id) for one in series)
        message = f"{ids} have no moment in common: give each view a peilmoment"
        raise PreviewError(message)
    return [
        replace(one, moments=tuple(m for m in one.moments if m.peilmoment in common))
        for one in series
    ]


def _pane_title(
    snapshot: Snapshot, views: tuple[View, View], place: int, both: list[Series]
) -> str:
    """Name what sets a pane apart from the other one."""
    view, series, beside = views[place], both[place], both[1 - place]
    parts = []
    if series.collection.thema != beside.collection.thema:
        parts.append(Thema(series.collection.thema).titel)
    if series.indicator != beside.indicator:
        parts.append(series.indicator.titel_nl)
    if series.collection.niveau != beside.collection.niveau:
        parts.append(f"per {Niveau(series.collection.niveau).titel}")
    if series.indeling != beside.indeling:
        parts.append(_indeling_title(series))
    moment = pick(series, view)[-1]
    if view.regio:
        parts.append(region_name(snapshot, view.regio, moment.indeling))
    if view.peilmoment is not None:
        parts.append(moment.label)
    return capitalised(", ".join(parts) or subject(series))


def _indeling_title(series: Series) -> str:
    return f"indeling {series.indeling}" if series.indeling else "elke periode in eigen indeling"
