"""Several indicators in one page: one map, one set of shapes, and a control to choose what it shows."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from spatial.errors import PreviewError
from spatial.preview.assets import Assets
from spatial.preview.drawing import Choice, Drawing
from spatial.preview.figures import Series, View
from spatial.preview.maps import counted_title, series_drawing, subject
from spatial.preview.page import render_page
from spatial.preview.wording import capitalised
from spatial.store.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Option:
    """One of the things to choose from.

    Attributes:
        view: what the map shows when it is chosen.
        naam: short Dutch name in the control; empty: that of the indicator.
        groep: heading above it in the control; empty without.
    """

    view: View
    naam: str = ""
    groep: str = ""


def draw_choice(snapshot: Snapshot, options: Sequence[Option], assets: Assets) -> str:
    """Draw one map with a control that changes what it shows (see ``choice_drawing``).

    Returns:
        A self-contained HTML document.
    """
    return render_page(choice_drawing(snapshot, options), assets)


def choice_drawing(snapshot: Snapshot, options: Sequence[Option]) -> Drawing:
    """Return the map of the first option, with the others to choose from.

    Every option has its own frozen scheme, legend, sentences and table, and the moments that it has
    itself; they share the shapes.

    Raises:
        UnknownMemberError: there is no such collection or indicator; the message lists them.
        PreviewError: the options are not of one level or region, one is there twice, or one has
            nothing to draw.
    """
    views = [option.view for option in options]
    _check(views)
    drawings = [series_drawing(snapshot, view) for view in views]
    series = [drawing.panels[0].series for drawing in drawings]
    if len(levels := sorted({one.collection.niveau for one in series})) > 1:
        message = f"one map shows regions of one level; these are of {', '.join(levels)}"
        raise PreviewError(message)
    themes = len({one.collection.thema for one in series}) > 1
    choices = tuple(
        Choice(key, option.naam or _name(one, themes=themes), option.groep, drawing)
        for key, option, one, drawing in zip(_keys(views), options, series, drawings, strict=True)
    )
    return replace(choices[0].drawing, keuzen=choices)


def _check(views: Sequence[View]) -> None:
    twice = [view for view, times in Counter(views).items() if times > 1]
    if twice:
        message = f"{twice[0].indicator_id!r} of {twice[0].collection_id!r} is there twice"
        raise PreviewError(message)
    if len({view.regio for view in views}) > 1:
        message = "one map shows one region, or the whole country"
        raise PreviewError(message)


def _keys(views: Sequence[View]) -> list[str]:
    """Return what stands in the address: the indicator, with its collection where it must."""
    times = Counter(view.indicator_id for view in views)
    return [
        view.indicator_id
        if times[view.indicator_id] == 1
        else f"{view.collection_id}.{view.indicator_id}"
        for view in views
    ]


def _name(series: Series, *, themes: bool) -> str:
    """Name the indicator; with its theme when there are several."""
    if themes:
        return subject(series)
    return capitalised(counted_title(series))
