"""Frozen class breaks and symbol sizes, one scheme for all years, regions and panes of a map.

A scheme follows from the pooled values of a whole collection; the same value has the same colour
wherever the scheme is used, also when new values fall outside its range (open ends).
"""

import math
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

import mapclassify
import numpy as np
from branca.colormap import linear

from spatial.domain.status import Status
from spatial.preview.wording import dutch_number

CLASSES = 5
MAX_CLASSES = 7
_FEWEST_COLOURS = 3
_STEPS_ASIDE = 2
_TWO_SIDED = "PRGn_11"
_ASIDE = 5
"""Tints on each side of the middle of a palette in two directions."""
_SKEWED = 5
"""How many times the middle distance the largest (but for a few) may be before steps grow."""
_PARTS = (50, 90)
"""Percentiles that are then the steps."""
_RANGE = (2, 98)
"""Percentiles between which the breaks lie: one odd region may not squeeze all others together."""

MISSING_SIGNS = {
    Status.GEHEIM_OF_ONBEKEND: "g",
    Status.NIET_VAN_TOEPASSING: "n",
    Status.ONTBREEKT_IN_BRON: "b",
    Status.TE_KLEIN: "k",
    Status.NIET_VAST_TE_STELLEN: "v",
}
"""Letter of a status without value: names its pattern in the page."""

VALUE_SIGNS = {
    Status.WAARGENOMEN: "w",
    Status.OPGETELD: "o",
    Status.GESCHAT: "s",
    Status.BEREKEND: "r",
}
"""Letter of a status with a value."""

SIGNS = {**VALUE_SIGNS, **MISSING_SIGNS}
SUMMED_SHARE_SIGN = "p"
"""Letter of a computed share whose counts were added up."""
NO_CLASS = "-"
PATTERN_INK = "#57606a"
"""Colour of the lines and dots of a pattern."""
PATTERN_PAPER = "#ffffff"
"""Colour between them."""
CIRCLE = "#2c7fb8"
"""Fill of a circle that stands for a count."""
CIRCLE_BELOW = "#f0a63c"
"""Fill of a circle that stands for a count below 0: lighter too, for whoever sees no colours."""
CIRCLE_EDGE = "#0c3a5b"

type Spread = tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class ClassScheme:
    """Classes of one indicator.

    Attributes:
        breaks: inner breaks, ascending; class i holds ``breaks[i-1] <= value < breaks[i]``, the
            first class has no lower end and the last no upper end.
        colours: one per class (``#rrggbb``), light to dark, colour-blind-safe.
        decimals: decimals that the breaks need.
        namen: Dutch and English name of every class, when a value is a class and not a quantity.
    """

    breaks: tuple[float, ...]
    colours: tuple[str, ...]
    decimals: int
    namen: tuple[tuple[str, str], ...] = ()

    def class_of(self, value: float) -> int:
        """Return the class of a value, counted from 0."""
        return bisect_right(self.breaks, value)

    def colour_of(self, value: float) -> str:
        """Return the colour of a value."""
        return self.colours[self.class_of(value)]

    def labels(self) -> list[str]:
        """Return the Dutch label of every class."""
        if self.namen:
            return [dutch for dutch, _ in self.namen]
        if not self.breaks:
            return ["alle waarden"]
        ends = [dutch_number(value, self.decimals) for value in self.breaks]
        inner = [f"{low} tot {high}" for low, high in pairwise(ends)]
        return [f"minder dan {ends[0]}", *inner, f"{ends[-1]} en meer"]


@dataclass(frozen=True, slots=True)
class SymbolScale:
    """Circles whose area stands for a count.

    Attributes:
        top: the value that gets the largest circle of the legend, a readable number.
        radius_px: its radius in pixels.
        onder: values below 0 are circles too, in another colour; else they have none.
    """

    top: float
    radius_px: float
    onder: bool = False

    def radius_of(self, value: float) -> float:
        """Return the radius (px, one decimal) of a count; 0 has none."""
        size = abs(value) if self.onder else max(value, 0)
        return round(self.radius_px * math.sqrt(size / self.top), 1)

    def colour_of(self, value: float) -> str:
        """Return the fill of the circle of a count."""
        return CIRCLE_BELOW if value < 0 else CIRCLE

    def examples(self) -> list[float]:
        """Return the values that the legend shows, large to small."""
        above = list(dict.fromkeys(max(1.0, _readable(self.top / part)) for part in (1, 4, 20)))
        return [*above, *(-value for value in reversed(above))] if self.onder else above


def class_scheme(values: Iterable[float | None], classes: int = CLASSES) -> ClassScheme:
    """Make the scheme of one indicator: equal steps between readable numbers.

    Args:
        values: of all regions and periods that may be compared; missing ones are left out.
        classes: wanted number; rounding may give fewer or more, never more than seven.
    """
    return scheme_between(spread(values), classes)


def spread(values: Iterable[float | None]) -> Spread:
    """Return the range in which breaks lie; None when there are no different values."""
    known = np.array([v for v in values if v is not None and math.isfinite(v)], dtype=float)
    if known.size == 0:
        return None
    low, high = np.percentile(known, _RANGE)
    if low == high:
        low, high = known.min(), known.max()
    return None if low == high else (float(low), float(high))


def scheme_between(between: Spread, classes: int = CLASSES) -> ClassScheme:
    """Make the scheme of the values in a range (see ``class_scheme``)."""
    breaks = _breaks(between, classes)
    return kept_classes(breaks, _palette(len(breaks) + 1))


def kept_classes(breaks: tuple[float, ...], colours: tuple[str, ...]) -> ClassScheme:
    """Make a scheme of breaks and colours that were made before."""
    return ClassScheme(breaks, colours, _decimals(breaks))


def chosen_classes(breaks: tuple[float, ...]) -> ClassScheme:
    """Make a scheme of breaks that were chosen, in one direction: from light to dark."""
    return kept_classes(breaks, _palette(len(breaks) + 1))


def frozen_classes(breaks: tuple[float, ...]) -> ClassScheme:
    """Make a scheme of breaks that were chosen, on either side of the middle one.

    Its colours run from violet over a light middle to green: dark is far from the middle.
    """
    return ClassScheme(breaks, _two_sided(len(breaks) + 1), _decimals(breaks))


def diverging(values: Iterable[float | None], steps: int = _STEPS_ASIDE) -> ClassScheme:
    """Make a scheme around 0: readable breaks, the same below and above it.

    Args:
        values: that may be compared; missing ones are left out.
        steps: wanted number of classes on each side; there are at most three.
    """
    return diverging_between(spread(abs(value) for value in values if value is not None), steps)


def diverging_around(distances: Iterable[float]) -> ClassScheme:
    """Make the scheme around 0 of values at these distances from it.

    Equal steps; where half of the values lies close to 0 against the largest, equal steps would put
    nearly all in two classes: then the steps are the distances of a half and of nine tenths.
    """
    known = np.array(list(distances), dtype=float)
    between = spread(known)
    if between is None or between[1] <= _SKEWED * np.median(known):
        return diverging_between(between)
    above = sorted({_readable(edge) for edge in np.percentile(known, _PARTS) if edge > 0})
    if not above:
        return diverging_between(between)
    return frozen_classes((*(-edge for edge in reversed(above)), 0.0, *above))


def diverging_between(between: Spread, steps: int = _STEPS_ASIDE) -> ClassScheme:
    """Make the scheme around 0 of values whose distance to 0 lies in a range."""
    above = tuple(edge for edge in _breaks(between, steps) if edge > 0)[:_STEPS_ASIDE]
    return frozen_classes((*(-edge for edge in reversed(above)), 0.0, *above))


def symbol_scale(
    values: Iterable[float | None], radius_px: float = 24, *, onder: bool = False
) -> SymbolScale:
    """Make the scale of one count, from all values that may be compared.

    Args:
        values: missing ones are left out.
        radius_px: of the largest circle of the legend.
        onder: values below 0 have a circle too.
    """
    known = (v for v in values if v is not None and math.isfinite(v))
    top = max((abs(v) if onder else v for v in known), default=1)
    return SymbolScale(max(1.0, _readable(top)), radius_px, onder)


def _breaks(between: Spread, classes: int) -> tuple[float, ...]:
    if between is None:
        return ()
    low, high = between
    candidates = [_pretty(low, high, steps) for steps in range(2, 2 * classes + 1)]
    candidates += [breaks[1::2] for breaks in candidates]
    allowed = [breaks for breaks in candidates if len(breaks) < MAX_CLASSES]
    return min(allowed, key=lambda breaks: (abs(len(breaks) + 1 - classes), -len(breaks)))


def _pretty(low: float, high: float, steps: int) -> tuple[float, ...]:
    """Return the readable numbers inside a range; how many there are depends on their step."""
    bins = mapclassify.PrettyBreaks(np.array([low, high]), k=steps).bins
    return tuple(sorted({float(f"{b:.10g}") for b in bins if low < b < high}))


def _palette(count: int) -> tuple[str, ...]:
    """Return ColorBrewer's YlGnBu without its lightest tint: white means not applicable."""
    colours = getattr(linear, f"YlGnBu_{max(count + 1, _FEWEST_COLOURS):02d}").colors
    return tuple(_hex(colour) for colour in colours[1 : count + 1])


def _two_sided(count: int) -> tuple[str, ...]:
    """Return ColorBrewer's PRGn for an even number of classes: as many below the middle as above."""
    half = count // 2
    tints = [round((2 * step + 1) * _ASIDE / (2 * half) - 0.5) for step in range(half)]
    colours = [_hex(colour) for colour in getattr(linear, _TWO_SIDED).colors]
    below, above = colours[:_ASIDE], colours[-_ASIDE:]
    return tuple(side[tint] for side in (below, above) for tint in tints)


def _decimals(breaks: tuple[float, ...]) -> int:
    texts = [f"{value:.10g}".partition(".")[2] for value in breaks]
    return max((len(text) for text in texts), default=0)


def _readable(value: float) -> float:
    """Round to one significant digit."""
    return float(f"{value:.1g}")


def _hex(colour: tuple[float, ...]) -> str:
    return "#" + "".join(f"{round(part * 255):02x}" for part in colour[:3])
