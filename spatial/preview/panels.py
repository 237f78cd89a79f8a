"""What one pane of a page holds: figures and shapes side by side, as compact values for the page.

Classes and radii are decided here, not in the browser: one rule, tested, for every pane.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from spatial.domain.regions import Niveau
from spatial.domain.status import Status
from spatial.domain.units import said
from spatial.errors import PreviewError
from spatial.preview.cells import Figure
from spatial.preview.classes import (
    NO_CLASS,
    SIGNS,
    SUMMED_SHARE_SIGN,
    ClassScheme,
    SymbolScale,
)
from spatial.preview.density_words import not_shown
from spatial.preview.figures import Moment, Series
from spatial.preview.former import Former
from spatial.preview.raster import Raster
from spatial.preview.shapes import Shapes
from spatial.preview.tiles import Corners
from spatial.preview.topology import GRID
from spatial.preview.wording import dutch_number

Scheme = ClassScheme | SymbolScale

NOT_DELIVERED = Figure(None, Status.ONTBREEKT_IN_BRON, None, None, Status.ONTBREEKT_IN_BRON)
"""Stands for a region of the indeling for which the layer has no row."""

RECODED = (Status.OPGETELD, Status.GESCHAT)
"""What is drawn with an edge of its own."""


@dataclass(frozen=True, slots=True)
class Panel:
    """One map of a page.

    Attributes:
        titel: what distinguishes it from the other panes.
        series: where its figures come from.
        moments: the moments it shows, oldest first.
        shapes: by indeling, for all indelingen of the moments.
        regio: region code to which it is limited; empty for all.
        tiles: hexagon of every region, see ``preview.tiles``; empty when there is no tile grid.
        vroeger: names and codes that are no longer in use, for whoever looks for them.
        raster: cells below the regions, which then have no colour of their own; None without.
    """

    titel: str
    series: Series
    moments: tuple[Moment, ...]
    shapes: Mapping[int, Shapes]
    regio: str = ""
    tiles: Mapping[str, Corners] = field(default_factory=dict)
    vroeger: tuple[Former, ...] = ()
    raster: Raster | None = None

    def object_name(self, indeling: int) -> str:
        """Return the name of the shapes of an indeling; panes with equal shapes share it."""
        return "-".join(filter(None, (self.series.collection.niveau, str(indeling), self.regio)))

    def figures(self, moment: Moment) -> list[Figure]:
        """Return the figures of a moment in the order of its shapes.

        Raises:
            PreviewError: a figure belongs to a region that the map does not have.
        """
        codes = self.shapes[moment.indeling].codes
        lost = sorted(set(moment.figures) - set(codes)) if not self.regio else []
        if lost:
            message = (
                f"{self.series.collection.id} has figures at {moment.peilmoment} for {lost}, "
                f"which have no map shape in indeling {moment.indeling}"
            )
            raise PreviewError(message)
        return [moment.figures.get(code, NOT_DELIVERED) for code in codes]

    def methods(self) -> set[Status]:
        """Tell how the figures shown came about."""
        return {figure.methode for moment in self.moments for figure in self.figures(moment)}

    def summary(self, moment: Moment) -> str:
        """Say in one Dutch sentence how many regions have a number, and why the others do not."""
        figures = self.figures(moment)
        counts = Counter(figure.status for figure in figures if figure.value is None)
        recoded = Counter(f.methode for f in figures if f.methode in RECODED)
        named = ", ".join(
            f"{dutch_number(recoded[m], 0)} {m.label_nl}" for m in RECODED if recoded[m]
        )
        sides = _sides(figures) if self.series.indicator.soort.is_difference else ""
        about = "; ".join(filter(None, (sides, named)))
        how = f" ({about})" if about else ""
        what = "een uitkomst" if self.series.namen else "een cijfer"
        parts = [
            f"{dutch_number(len(figures) - counts.total(), 0)} met {what}{how}",
            *(f"{dutch_number(counts[s], 0)} {s.label_nl}" for s in Status if counts[s]),
        ]
        regions = Niveau(self.series.collection.niveau).meervoud
        text = f"{len(figures)} {regions} (indeling {moment.indeling}): {', '.join(parts)}."
        if self.raster is not None:
            text += not_shown(self.raster, moment.peilmoment)
        return f"{text} Voorlopige cijfers." if moment.voorlopig else text


def _sides(figures: Sequence[Figure]) -> str:
    """Count differences by their side of 0."""
    values = [figure.value for figure in figures if figure.value is not None]
    words = {"hoger": sum(v > 0 for v in values), "lager": sum(v < 0 for v in values)}
    words["gelijk"] = len(values) - sum(words.values())
    return ", ".join(f"{dutch_number(n, 0)} {word}" for word, n in words.items() if n)


def panel_values(panel: Panel, scheme: Scheme, origins: dict[str, int]) -> dict[str, Any]:
    """Return what the page needs to know of a pane, as JSON values.

    Args:
        panel: the pane.
        scheme: classes or circles.
        origins: number of every sentence on herkomst that the page holds; new ones are added.
    """
    series = panel.series
    west, south, east, north = _bounds(panel)
    sources = [series.bron, "grenzen schematisch" if series.schematic else "grenzen CBS / Kadaster"]
    return {
        "titel": panel.titel,
        "eenheid": said(series.indicator.eenheid),
        "decimalen": series.decimals,
        "namen": [dutch for dutch, _ in series.namen],
        "herkomst": "; ".join(filter(None, sources)),
        "grenzen": [[south, west], [north, east]],
        "momenten": [_moment_values(panel, moment, scheme, origins) for moment in panel.moments],
    }


def _moment_values(
    panel: Panel, moment: Moment, scheme: Scheme, origins: dict[str, int]
) -> dict[str, Any]:
    figures = panel.figures(moment)
    decimals = panel.series.decimals
    values: dict[str, Any] = {
        "naam": moment.label,
        "dag": moment.peilmoment.isoformat(),
        "indeling": moment.indeling,
        "vormen": panel.object_name(moment.indeling),
        "voorlopig": moment.voorlopig,
        "stand": panel.summary(moment),
        "status": "".join(map(_sign, figures)),
        "waarden": [_short(figure.value) for figure in figures],
        "min": [_outward(figure.lower, decimals, math.floor) for figure in figures],
        "max": [_outward(figure.upper, decimals, math.ceil) for figure in figures],
        "herkomst": {
            place: origins.setdefault(figure.herkomst, len(origins))
            for place, figure in enumerate(figures)
            if figure.herkomst
        },
    }
    if panel.raster is not None:
        # regions show their status only: the colours are those of the cells
        return values
    if isinstance(scheme, ClassScheme):
        values["klassen"] = "".join(_class_sign(figure, scheme) for figure in figures)
    else:
        values["stralen"] = [
            None if figure.value is None else _short(scheme.radius_of(figure.value))
            for figure in figures
        ]
    return values


def _sign(figure: Figure) -> str:
    summed = figure.status is Status.BEREKEND and figure.methode is Status.OPGETELD
    return SUMMED_SHARE_SIGN if summed else SIGNS[figure.status]


def _class_sign(figure: Figure, scheme: ClassScheme) -> str:
    return NO_CLASS if figure.value is None else str(scheme.class_of(figure.value))


def _bounds(panel: Panel) -> tuple[float, float, float, float]:
    boxes = [shapes.bounds() for shapes in panel.shapes.values()]
    boxes += [
        (min(c[::2]) * GRID, min(c[1::2]) * GRID, max(c[::2]) * GRID, max(c[1::2]) * GRID)
        for c in panel.tiles.values()
    ]
    west, south, east, north = zip(*boxes, strict=True)
    return (
        round(min(west), 4), round(min(south), 4), round(max(east), 4), round(max(north), 4)
    )  # fmt: skip


def _short(value: float | None) -> float | int | None:
    """Write 12.0 as 12: the page holds thousands of values."""
    return int(value) if value is not None and value == int(value) else value


def _outward(value: float | None, decimals: int, towards: Any) -> float | int | None:
    """Round a bound away from the value: the true number still lies between the bounds."""
    if value is None:
        return None
    scale = 10**decimals
    return _short(towards(round(value * scale, 6)) / scale)
