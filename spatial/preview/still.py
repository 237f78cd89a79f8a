"""A map as a still picture for a report: SVG or PNG, drawn without a browser.

The same scheme, signs and sentences as the page; two calls give the same bytes. The shapes stand in
RD (EPSG:28992), as on Dutch topographic maps.
"""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from html import escape
from typing import Any

import numpy as np

from spatial.domain.status import Status
from spatial.preview.classes import PATTERN_INK
from spatial.preview.drawing import Drawing
from spatial.preview.figures import View
from spatial.preview.legend import legend_of
from spatial.preview.maps import series_drawing
from spatial.preview.sentences import sentences
from spatial.preview.still_ink import DPI, FONT, SOFT, Box, Dot, Paper, Words, settled
from spatial.preview.still_map import GAP, Pane, draw_maps
from spatial.preview.wording import capitalised
from spatial.store.snapshot import Snapshot

_MARGIN = 24
_LEGEND = 270
_TITLE = Words(20, bold=True)
_PLAIN = Words(13)
_SMALL = Words(12, colour=SOFT)
_NOTICE = Words(12, bold=True)
_TAG = Words(11, bold=True)
_COORDINATE = re.compile(r"(\d+\.\d\d)\d+")
_PATH = re.compile(r' d="[^"]*"')


class StillForm(StrEnum):
    """Kinds of files of a still picture."""

    SVG = "svg"
    PNG = "png"
    WEBP = "webp"
    """Without loss: a third smaller than PNG."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """The size of a still picture, and what stands on it.

    Attributes:
        width: in pixels of 1/96 inch.
        height: in pixels.
        bare: the map alone, with the first words of notices, for a thumbnail.
        every: all moments beside each other; otherwise the last one.
        density: dots in a PNG per pixel, along each side.
    """

    width: int = 1200
    height: int = 860
    bare: bool = False
    every: bool = False
    density: float = 2


def draw_still(snapshot: Snapshot, view: View, sheet: Sheet, form: StillForm) -> bytes:
    """Draw one view as a still picture: its peilmoment, or the last one when it names none.

    Raises:
        UnknownMemberError: there is no such collection or indicator; the message lists them.
        UnknownRegionError: there is no such region.
        PreviewError: there is nothing to draw, or a shape is missing.
    """
    return still_of(series_drawing(snapshot, view), sheet, form)


def still_of(drawing: Drawing, sheet: Sheet, form: StillForm) -> bytes:
    """Draw what a page would show as a still picture.

    Args:
        drawing: one map, or several beside each other.
        sheet: size and content.
        form: kind of file.
    """
    with settled():
        paper = Paper(sheet.width, sheet.height)
        panes = list(_panes(drawing, every=sheet.every))
        free = Box(0, 0, sheet.width, sheet.height)
        if sheet.bare:
            draw_maps(paper, panes, drawing.scheme, _tags(paper, panes, free), captioned=False)
        else:
            free = Box(_MARGIN, _MARGIN, sheet.width - 2 * _MARGIN, sheet.height - 2 * _MARGIN)
            free = _frame(paper, drawing, panes, free)
            maps = replace(free, width=free.width - _LEGEND - GAP)
            smaller = draw_maps(paper, panes, drawing.scheme, maps)
            key = replace(free, left=free.left + free.width - _LEGEND, width=_LEGEND)
            _legend(paper, _key(drawing, panes), key, smaller)
        return _file(paper, drawing, form, sheet.density)


def _panes(drawing: Drawing, *, every: bool) -> Iterator[Pane]:
    several = len(drawing.panels) > 1
    for panel in drawing.panels:
        for moment in panel.moments if every else panel.moments[-1:]:
            titled = moment.label in drawing.text.titel or (several and len(panel.moments) == 1)
            parts = [
                panel.titel if several else "",
                "" if titled else moment.label,
                "voorlopige cijfers" if moment.voorlopig else "",
            ]
            yield Pane(capitalised(", ".join(filter(None, parts))), panel, moment)


def _frame(paper: Paper, drawing: Drawing, panes: list[Pane], free: Box) -> Box:
    """Write title, sentences and sources, and return what is left for maps and legend."""
    top = paper.write(drawing.text.titel, free.left, free.top, free.width, _TITLE)
    if len(panes) == 1:
        said = sentences(panes[0].panel, panes[0].moment, drawing.scheme)[0].kaart
        top = paper.write(said, free.left, top + 2, free.width, _PLAIN)
    below = free.top + free.height
    for text, words in reversed(list(_footer(drawing))):
        below -= words.height(text, free.width)
        paper.write(text, free.left, below, free.width, words)
    return Box(free.left, top + GAP, free.width, below - top - 2 * GAP)


def _footer(drawing: Drawing) -> Iterator[tuple[str, Words]]:
    series = [panel.series for panel in drawing.panels]
    for notice in dict.fromkeys(text for one in series for text in one.notices):
        yield notice, _NOTICE
    named = dict.fromkeys(text for one in series for text in one.vermelding)
    yield f"Bron: {'; '.join(named)}.", _SMALL


def _key(drawing: Drawing, panes: list[Pane]) -> dict[str, Any]:
    methods = {f.methode for pane in panes for f in pane.panel.figures(pane.moment)}
    return legend_of(drawing.scheme, drawing.panels, methods)


def _legend(paper: Paper, key: dict[str, Any], box: Box, smaller: float) -> None:
    left, width = box.left, box.width
    broad = max(26, key["breedte"] * smaller)
    aside = broad + 10
    top = paper.write("Legenda", left, box.top, width, Words(15, bold=True))
    top = paper.write(key["onderwerp"], left, top + 2, width, _SMALL) + 6
    for colour, label in key["klassen"]:
        paper.rectangle(Box(left, top + 2, 26, 16), colour, PATTERN_INK, 1)
        top = _label(paper, label, Box(left + aside, top, width - aside, 16))
    for radius, label, fill in key["cirkels"]:
        height = max(2 * radius * smaller + 4, 20)
        paper.circle((left + broad / 2, top + height / 2), Dot(radius * smaller, None, fill))
        below = _label(paper, label, Box(left + aside, top + height / 2 - 10, width - aside, 16))
        top = max(top + height, below)
    if key["midden"]:
        top = paper.write(key["midden"], left, top, width, _SMALL)
    top += 8
    for fill, label in key["tekens"]:
        paper.sign(Box(left, top + 2, 26, 16), fill.removeprefix("url(#patroon-")[0])
        top = _label(paper, label, Box(left + aside, top, width - aside, 16))
    for kind, fill, label in key["randen"]:
        corners = np.array([[2, 4], [24, 4], [24, 18], [2, 18], [2, 4]], float)
        paper.rectangle(Box(left + 2, top + 4, 22, 14), fill)
        paper.edges([corners + np.array([left, top])], Status(kind))
        if key["cirkels"]:
            paper.circle((left + 13, top + 11), Dot(5, Status(kind)))
        top = _label(paper, label, Box(left + aside, top, width - aside, 16))


def _label(paper: Paper, label: str, box: Box) -> float:
    """Write the label of a sign and return where the next one stands."""
    return max(paper.write(label, box.left, box.top + 1, box.width, _PLAIN), box.top + 18) + 5


def _tags(paper: Paper, panes: list[Pane], free: Box) -> Box:
    """Write the first words of what must stand beside the figures below what is left for the maps."""
    notices = dict.fromkeys(text for pane in panes for text in pane.panel.series.notices)
    tags = [text.partition(":")[0] for text in notices if ":" in text]
    text = ", ".join(dict.fromkeys(tags)).capitalize()
    if not text:
        return free
    height = _TAG.height(text, free.width - 12) + 6
    left = replace(free, height=free.height - height)
    paper.rectangle(Box(free.left, left.height, free.width, height), "#fff4ce")
    paper.write(text, free.left + 6, left.height + 1, free.width - 12, _TAG)
    return left


def _file(paper: Paper, drawing: Drawing, form: StillForm, density: float) -> bytes:
    """Write the sheet without dates or versions, so that the same map is the same file."""
    file = io.BytesIO()
    if form is StillForm.PNG:
        about = {"Software": None, "Title": drawing.text.titel}
        paper.figure.savefig(file, format="png", dpi=DPI * density, metadata=about)
        return file.getvalue()
    if form is StillForm.WEBP:
        how = {"lossless": True}
        paper.figure.savefig(file, format="webp", dpi=DPI * density, pil_kwargs=how)
        return file.getvalue()
    paper.figure.savefig(file, format="svg", metadata={"Date": None, "Creator": None})
    text = file.getvalue().decode("utf-8").replace(f"'{FONT}'", f"'{FONT}', Verdana, sans-serif")
    text = _PATH.sub(lambda path: _COORDINATE.sub(r"\1", path[0]), text)
    words = f"<title>{escape(drawing.text.titel)}</title><desc>{escape(_said(drawing))}</desc>"
    return re.sub(r"(<svg )([^>]*>)", rf'\1role="img" \2{_literal(words)}', text, count=1).encode()


def _said(drawing: Drawing) -> str:
    return " ".join(
        f"{panel.titel}: {sentences(panel, panel.moments[-1], drawing.scheme)[0].kaart}"
        for panel in drawing.panels
    )


def _literal(text: str) -> str:
    return text.replace("\\", "\\\\")
