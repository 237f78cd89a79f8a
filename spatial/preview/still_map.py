"""The maps on a still picture: all at one scale, each in a box with its caption."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import shapely

from spatial.preview.cells import Figure
from spatial.preview.classes import MISSING_SIGNS, ClassScheme, SymbolScale
from spatial.preview.figures import Moment
from spatial.preview.legend import LAND
from spatial.preview.panels import RECODED, Panel, Scheme
from spatial.preview.raster import Raster
from spatial.preview.shapes import to_rd
from spatial.preview.still_ink import SEA, Box, Dot, Paper, Words, outline, rings

GAP = 16
"""Between maps, and around them (px)."""
_CAPTION = Words(14, bold=True)
_TALL = 700
"""Height of a map (px) on which circles have the size of the scheme, and lines that of a page."""
_THINNEST = 0.4
_PADDING = 0.02


@dataclass(frozen=True, slots=True)
class Pane:
    """One map of the sheet.

    Attributes:
        caption: what stands above it.
        panel: what it shows.
        moment: of that panel.
    """

    caption: str
    panel: Panel
    moment: Moment


@dataclass(frozen=True, slots=True)
class _Projection:
    """Puts RD (m) on the sheet (px): ``scale`` pixels per metre, centre on the centre of a box."""

    centre: tuple[float, float]
    box: Box
    scale: float

    def __call__(self, points: np.ndarray) -> np.ndarray:
        x, y = self.centre
        across = self.box.left + self.box.width / 2 + (points[:, 0] - x) * self.scale
        down = self.box.top + self.box.height / 2 - (points[:, 1] - y) * self.scale
        return np.column_stack([across, down]).round(2)


@dataclass(frozen=True, slots=True)
class _Grid:
    """Boxes of equal size in rows, each with its caption above it."""

    free: Box
    columns: int
    captions: tuple[str, ...]

    @property
    def width(self) -> float:
        return (self.free.width - (self.columns - 1) * GAP) / self.columns

    @property
    def above(self) -> float:
        return max(_CAPTION.height(text, self.width) if text else 0 for text in self.captions)

    @property
    def height(self) -> float:
        rows = -(-len(self.captions) // self.columns)
        return (self.free.height - (rows - 1) * GAP) / rows - self.above

    def scale(self, wide: float, high: float) -> float:
        """Return pixels per metre at which an extent (m) fits in every box."""
        return min(self.width / wide, self.height / high)

    def box(self, place: int) -> Box:
        row, column = divmod(place, self.columns)
        left = self.free.left + column * (self.width + GAP)
        top = self.free.top + row * (self.height + self.above + GAP) + self.above
        return Box(left, top, self.width, self.height)


def draw_maps(
    paper: Paper, panes: Sequence[Pane], scheme: Scheme, free: Box, *, captioned: bool = True
) -> float:
    """Draw all maps at one scale, in the rows and columns that make them largest.

    Args:
        paper: on which.
        panes: the maps.
        scheme: classes or circles.
        free: the part of the paper for them.
        captioned: captions stand above them.

    Returns:
        The size of circles, against those of the scheme.
    """
    extents = [_extent(pane.panel) for pane in panes]
    wide = max(east - west for west, _, east, _ in extents) * (1 + 2 * _PADDING)
    high = max(north - south for _, south, _, north in extents) * (1 + 2 * _PADDING)
    captions = [pane.caption if captioned else "" for pane in panes]
    grids = [_Grid(free, columns, tuple(captions)) for columns in range(1, len(panes) + 1)]
    best = max(grids, key=lambda grid: grid.scale(wide, high))
    for place, (pane, (west, south, east, north)) in enumerate(zip(panes, extents, strict=True)):
        box = best.box(place)
        if captions[place]:
            paper.write(captions[place], box.left, box.top - best.above - 3, box.width, _CAPTION)
        centre = (west + east) / 2, (south + north) / 2
        _map(paper, pane, scheme, _Projection(centre, box, best.scale(wide, high)))
    return _smaller(best.height)


def _extent(panel: Panel) -> tuple[float, float, float, float]:
    """Return west, south, east, north of all indelingen of a panel (RD, m)."""
    every = [shape for shapes in panel.shapes.values() for shape in shapes.geometry]
    west, south, east, north = shapely.total_bounds(shapely.transform(np.array(every), to_rd))
    return float(west), float(south), float(east), float(north)


def _map(paper: Paper, pane: Pane, scheme: Scheme, project: _Projection) -> None:
    paper.rectangle(project.box, SEA)
    size = _size(project.box)
    shapes = pane.panel.shapes[pane.moment.indeling]
    figures = pane.panel.figures(pane.moment)
    drawn = shapely.transform(
        np.array(shapes.geometry, dtype=object), lambda degrees: project(to_rd(degrees))
    )
    by_fill: dict[str, list[int]] = {}
    raster = pane.panel.raster
    if raster is not None:
        _cells(paper, raster, pane.moment.peilmoment, project)
    for place, figure in enumerate(figures):
        fill = "none" if raster and figure.value is not None else _fill(figure, scheme)
        by_fill.setdefault(fill, []).append(place)
    for fill, places in sorted(by_fill.items()):
        paper.areas([outline(drawn[place]) for place in places], fill, size)
    for kind in RECODED:
        found = [
            ring
            for shape, figure in zip(drawn, figures, strict=True)
            if figure.methode is kind
            for ring in rings(shape)
        ]
        if found:
            paper.edges(found, kind, size)
    if isinstance(scheme, SymbolScale):
        smaller = _smaller(project.box.height)
        radii = [smaller * scheme.radius_of(figure.value or 0) for figure in figures]
        centres = project(to_rd(np.array(shapes.points())))
        for place in _large_first(radii):
            centre = float(centres[place][0]), float(centres[place][1])
            figure = figures[place]
            fill = scheme.colour_of(figure.value or 0)
            paper.circle(centre, Dot(radii[place], figure.methode, fill), size)


def _cells(paper: Paper, raster: Raster, day: date, project: _Projection) -> None:
    """Draw cells below the regions; they stand in RD, as the sheet does."""
    left, bottom, right, top = raster.pictures[day].bounds
    (west, north), (east, south) = project(np.array([[left, top], [right, bottom]]))
    paper.picture(raster.colours(day), Box(west, north, east - west, south - north))


def _smaller(height: float) -> float:
    """Tell how large circles are on a map of a height (px), against those of the scheme."""
    return min(1.0, height / _TALL)


def _size(box: Box) -> float:
    """Tell how thick lines are on a map, against those on a large one."""
    return max(_THINNEST, _smaller(box.height))


def _fill(figure: Figure, scheme: Scheme) -> str:
    """Return the colour of a figure, or its pattern as a page names it; never both."""
    if figure.value is None:
        return f"url(#patroon-{MISSING_SIGNS[figure.status]})"
    return scheme.colour_of(figure.value) if isinstance(scheme, ClassScheme) else LAND


def _large_first(radii: Sequence[float]) -> list[int]:
    """Return the order in which small circles stay visible; those of 0 are left out."""
    drawn = [place for place, radius in enumerate(radii) if radius > 0]
    return sorted(drawn, key=lambda place: -radii[place])
