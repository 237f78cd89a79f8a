"""Ink for still pictures: areas, signs, circles and text on a sheet that is measured in pixels.

The origin is the upper left corner and y goes down, as on a screen; a pixel is 1/96 inch. What is
drawn looks as it does in a page: the same colours, patterns and edges.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby

import matplotlib as mpl
import numpy as np
import shapely
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.patches import Circle, Rectangle
from matplotlib.path import Path
from matplotlib.textpath import text_to_path
from shapely.geometry.base import BaseGeometry

from spatial.domain.status import Status
from spatial.preview.classes import CIRCLE, CIRCLE_EDGE, PATTERN_INK, PATTERN_PAPER

DPI = 96
POINT = 72 / DPI
"""Points in a pixel: matplotlib measures letters and lines in points."""
FONT = "DejaVu Sans"
INK = "#1b1f24"
SOFT = "#57606a"
SEA = "#eef3f7"
_LINE_HEIGHT = 1.32
_HATCHES = {"g": "////", "n": "", "k": "...", "b": "----", "v": "xxxx"}
_HATCH_LINE = 1.0
_CIRCLE_OPACITY = 0.65
_UNDER = 3.6
_EDGES = {Status.OPGETELD: (1.6, "solid"), Status.GESCHAT: (1.6, (0, (5 * POINT, 3 * POINT)))}
_PLAIN_EDGE = (1.0, "solid")
_CIRCLE_EDGES = {
    Status.OPGETELD: (2.5, "solid"),
    Status.GESCHAT: (1.6, (0, (4 * POINT, 3 * POINT))),
}


@contextmanager
def settled() -> Iterator[None]:
    """Set matplotlib for a sheet, whatever its user has set, and put that back afterwards."""
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rc("svg", fonttype="none", hashsalt="kaart")
        mpl.rc("font", family=FONT)
        mpl.rc("lines", scale_dashes=False)
        mpl.rc("hatch", linewidth=_HATCH_LINE * POINT)
        mpl.rc("path", simplify=False)
        yield


@dataclass(frozen=True, slots=True)
class Box:
    """A part of the sheet, in pixels.

    Attributes:
        left: from the left side of the sheet.
        top: from its upper side.
        width: of the box.
        height: of the box.
    """

    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Words:
    """How text is written.

    Attributes:
        size: height of its letters (px).
        bold: in bold letters.
        colour: of the letters.
    """

    size: float
    bold: bool = False
    colour: str = INK

    def font(self) -> FontProperties:
        """Return the font for matplotlib."""
        weight = "bold" if self.bold else "normal"
        return FontProperties(family=FONT, size=self.size * POINT, weight=weight)

    def lines(self, text: str, width: float) -> list[str]:
        """Break a text into lines that fit in a width (px); a longer word stands alone."""
        font, lines = self.font(), [""]
        for word in text.split():
            longer = f"{lines[-1]} {word}".strip()
            fits = text_to_path.get_text_width_height_descent(longer, font, ismath=False)[0]
            if lines[-1] and fits > width * POINT:
                lines.append(word)
            else:
                lines[-1] = longer
        return lines

    def height(self, text: str, width: float) -> float:
        """Return the height (px) of a text in a width."""
        return len(self.lines(text, width)) * self.size * _LINE_HEIGHT


@dataclass(frozen=True, slots=True)
class Dot:
    """A circle that stands for a count.

    Attributes:
        radius: in pixels.
        kind: how the count came about; None in a legend that does not tell.
        fill: its colour.
    """

    radius: float
    kind: Status | None = None
    fill: str = CIRCLE


class Paper:
    """A figure on which is drawn in pixels."""

    def __init__(self, width: int, height: int) -> None:
        """Take a white sheet of a size in pixels."""
        self.figure = Figure(figsize=(width / DPI, height / DPI), dpi=DPI, facecolor="white")
        self.axes = self.figure.add_axes((0, 0, 1, 1))
        self.axes.set_xlim(0, width)
        self.axes.set_ylim(height, 0)
        self.axes.set_axis_off()

    def write(self, text: str, left: float, top: float, width: float, words: Words) -> float:
        """Write text in lines and return where the next one begins (px from the top)."""
        for line in words.lines(text, width):
            top += words.size * _LINE_HEIGHT
            self.axes.text(
                left, top - 0.35 * words.size, line, fontproperties=words.font(),
                color=words.colour, va="baseline", parse_math=False, zorder=9,
            )  # fmt: skip
        return top

    def rectangle(self, box: Box, fill: str, edge: str = "none", line: float = 0) -> None:
        """Fill a box; ``fill`` is a colour."""
        self.axes.add_patch(
            Rectangle(
                (box.left, box.top), box.width, box.height, facecolor=fill, edgecolor=edge,
                linewidth=line * POINT,
            )
        )  # fmt: skip

    def picture(self, colours: np.ndarray, box: Box) -> None:
        """Lay squares of colours (rows from the top, with opacity) in a box, below areas."""
        self.axes.imshow(
            colours,
            extent=(box.left, box.left + box.width, box.top + box.height, box.top),
            interpolation="nearest",
            aspect="auto",
            zorder=1,  # on the sea, which was drawn before
        )

    def sign(self, box: Box, sign: str) -> None:
        """Fill a box with the pattern of a status without number."""
        corners = [
            (box.left, box.top), (box.left + box.width, box.top),
            (box.left + box.width, box.top + box.height), (box.left, box.top + box.height),
        ]  # fmt: skip
        self.areas([Path([*corners, corners[0]], closed=True)], f"url(#patroon-{sign})")

    def areas(self, paths: Sequence[Path], fill: str, size: float = 1) -> None:
        """Fill areas with a colour, or with a pattern named as pages do: ``url(#patroon-g)``.

        Args:
            paths: their outlines (px).
            fill: colour or pattern.
            size: how much thinner than on a large map the lines are.
        """
        sign = (
            fill.removeprefix("url(#patroon-").removesuffix(")") if fill.startswith("url") else ""
        )
        self.axes.add_collection(
            PathCollection(
                paths,
                facecolors=PATTERN_PAPER if sign else fill,
                edgecolors=PATTERN_INK,
                hatch=_HATCHES[sign] or None if sign else None,
                hatchcolors=PATTERN_INK,
                linewidths=0.6 * size * POINT,
            ),
            autolim=False,
        )

    def edges(self, rings: Sequence[np.ndarray], kind: Status, size: float = 1) -> None:
        """Draw the edge of recoded figures along rings (n x 2, px); ``size`` as of ``areas``."""
        width, dashes = _EDGES[kind]
        for colour, line, style in (("#ffffff", _UNDER, "solid"), (INK, width, dashes)):
            self.axes.add_collection(
                LineCollection(
                    rings, colors=colour, linewidths=line * size * POINT, linestyles=[style],
                    capstyle="butt", joinstyle="round", zorder=4,
                ),
                autolim=False,
            )  # fmt: skip

    def circle(self, centre: tuple[float, float], dot: Dot, size: float = 1) -> None:
        """Draw a circle that stands for a count; ``size`` as above."""
        line, style = _CIRCLE_EDGES.get(dot.kind, _PLAIN_EDGE) if dot.kind else _PLAIN_EDGE
        self.axes.add_patch(
            Circle(
                centre, dot.radius, facecolor=(dot.fill, _CIRCLE_OPACITY), edgecolor=CIRCLE_EDGE,
                linewidth=line * size * POINT, linestyle=style, zorder=5,
            )
        )  # fmt: skip


def outline(shape: BaseGeometry) -> Path:
    """Return the path of a shape, its holes wound the other way round so that they stay open."""
    parts = [Path(ring, closed=True) for ring in rings(shape)]
    return Path.make_compound_path(*parts)


def rings(shape: BaseGeometry) -> Iterator[np.ndarray]:
    """Return the rings of a shape (n x 2 each), outer ones and holes in opposite directions."""
    for polygon in shapely.get_parts(shapely.orient_polygons(shape)):
        coordinates, ring = shapely.get_coordinates(
            shapely.get_rings(polygon), return_index=True
        )  # fmt: skip
        for _, points in groupby(range(len(ring)), key=lambda place: ring[place]):
            yield coordinates[list(points)]
