"""Where everything of a small line chart stands, in pixels; a template draws it.

Time runs from left to right over all moments of the theme, so that charts below each other agree. A
line joins figures that follow each other on the same area; bounds are a band around it. Where a figure
is missing the line is broken and the sign of its status stands on the floor; where the code comes to
mean another area the line is broken by a dashed one. Nothing is drawn between.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from spatial.compute.profiel.reeksen import Cel, Moment, Reeks
from spatial.compute.profiel.wording import Taal, decimals_of
from spatial.domain.status import Status

WIDTH, HEIGHT = 280, 92
_LEFT, _RIGHT, _TOP, _FLOOR = 54, 272, 8, 72
_BASELINE, _BESIDE_CUT = 3.5, 9
_FROM_ZERO = 0.6
"""A lowest value below this part of the highest is drawn on an axis that begins at 0."""
_LEAST_SPAN = 0.05
_STEPS = (1, 2, 5, 10)
_MOST_TICKS = 3
_OUTLINES = {
    "rond": "h0",
    "vierkant": "m-2.5-2.5h5v5h-5z",
    "ruit": "m0-3.6l3.6 3.6-3.6 3.6-3.6-3.6z",
}
_SHAPES = {Status.OPGETELD: "vierkant", Status.GESCHAT: "ruit"}


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart.

    Attributes:
        alt: what it shows, in words.
        band: path of the bounds, where figures follow each other.
        lijn: path of the figures.
        staaf: path of the bounds of figures that stand alone.
        punten: kind of mark, and the path of all marks of that kind.
        tekens: place and sign of figures that are missing.
        breuken: path of the lines where the area changed.
        schaal: path of the lines of the scale.
        midden: height of the number that is neither above nor below, such as a quotient of 1.
        hoogten: height and label of each line of the scale.
        jaren: place, label and anchor of years.
        afgekapt: the axis does not begin at 0.
    """

    alt: str
    band: str
    lijn: str
    staaf: str
    punten: tuple[tuple[str, str], ...]
    tekens: tuple[tuple[float, str], ...]
    breuken: str
    schaal: str
    midden: str
    hoogten: tuple[tuple[float, str], ...]
    jaren: tuple[tuple[float, str, str], ...]
    afgekapt: bool


@dataclass(frozen=True, slots=True)
class Frame:
    """What charts of one theme share.

    Attributes:
        momenten: its moments.
        plaatsen: place of each, in pixels from the left.
        taal: language of labels and words.
    """

    momenten: tuple[Moment, ...]
    plaatsen: tuple[float, ...]
    taal: Taal


class _Spot(NamedTuple):
    """A figure on its place.

    Attributes:
        x: pixels from the left.
        cel: the figure.
        moment: when.
        breuk: the area changed since the figure before.
    """

    x: float
    cel: Cel
    moment: Moment
    breuk: bool


class _Point(NamedTuple):
    """A number on its place, as it stands in paths.

    Attributes:
        x: pixels from the left.
        y: height of the number.
        over: height of its upper bound.
        under: height of its lower bound.
    """

    x: str
    y: str
    over: str
    under: str


@dataclass(frozen=True, slots=True)
class _Scale:
    """Heights for numbers.

    Attributes:
        low: number on the floor.
        high: number at the top.
        step: between lines.
    """

    low: float
    high: float
    step: float

    def y(self, value: float) -> float:
        """Return the height of a number, in pixels from the top."""
        part = (value - self.low) / (self.high - self.low)
        return _FLOOR - part * (_FLOOR - _TOP)

    def lines(self) -> Iterator[float]:
        """Give the numbers at which lines are drawn."""
        count = round((self.high - self.low) / self.step)
        for place in range(count + 1):
            yield self.low + place * self.step


def frame_of(momenten: Sequence[Moment], taal: Taal) -> Frame:
    """Place the moments of a theme."""
    first, last = momenten[0].dag, momenten[-1].dag
    places = tuple(_x(moment.dag, first, last) for moment in momenten)
    return Frame(tuple(momenten), places, taal)


def chart_of(reeks: Reeks, frame: Frame) -> Chart:
    """Place a series."""
    spots = tuple(_spots(reeks, frame))
    middle = reeks.indicator.midden
    ends = list(_ends(spots)) + ([] if middle is None else [middle])
    scale = _scale(ends, reeks.indicator.afronding)
    points = [_point(spot, scale) for spot in spots]
    runs = list(_runs(spots, points))
    lines = [run for run in runs if len(run) > 1]
    return Chart(
        alt=_told(reeks, spots, frame.taal),
        band="".join(map(_band, lines)),
        lijn="".join(map(_line, lines)),
        staaf="".join(
            [f"M{run[0].x} {run[0].under}V{run[0].over}" for run in runs if len(run) == 1]
        ),
        punten=tuple(_marks(spots, points)),
        tekens=tuple((s.x, s.cel.status.merk) for s in spots if s.cel.value is None),
        breuken="".join([f"M{x} {_TOP - 4}V{_FLOOR + 4}" for x in _breaks(spots)]),
        schaal="".join([f"M{_LEFT} {scale.y(value):.1f}H{_RIGHT}" for value in scale.lines()]),
        midden="" if middle is None else f"M{_LEFT} {scale.y(middle):.1f}H{_RIGHT}",
        hoogten=tuple(_heights(scale, frame.taal)),
        jaren=tuple(_years(frame, _BESIDE_CUT if scale.low > 0 else 0)),
        afgekapt=scale.low > 0,
    )


def _spots(reeks: Reeks, frame: Frame) -> Iterator[_Spot]:
    changed = False
    for moment, x, cel in zip(frame.momenten, frame.plaatsen, reeks.cellen, strict=True):
        changed = changed or moment.breuk
        if cel is not None:
            yield _Spot(x, cel, moment, changed)
            changed = False


def _x(day: date, first: date, last: date) -> float:
    if first == last:
        return (_LEFT + _RIGHT) / 2
    return _short(_LEFT + (day - first).days / (last - first).days * (_RIGHT - _LEFT))


def _short(pixels: float) -> float:
    """Round to tenths, and write 54.0 as 54: there are thousands of them on a page."""
    found = round(pixels, 1)
    return int(found) if found == int(found) else found


def _ends(spots: Sequence[_Spot]) -> Iterator[float]:
    """Give the numbers between which all that is drawn lies."""
    for spot in spots:
        cell = spot.cel
        if cell.value is not None:
            yield cell.value
            yield from (end for end in (cell.lower, cell.upper) if end is not None)


def _scale(ends: Sequence[float], rounding: float) -> _Scale:
    low, high = (min(ends), max(ends)) if ends else (0.0, 1.0)
    if low > 0 and low < _FROM_ZERO * high:
        low = 0.0
    elif high < 0 and high > _FROM_ZERO * low:
        high = 0.0
    # noise is not drawn as a mountain
    short = max(4 * rounding, _LEAST_SPAN * max(abs(low), abs(high))) - (high - low)
    if short > 0:
        below = min(short / 2, low) if low >= 0 else short / 2
        low, high = low - below, high + short - below
    step = _step((high - low) / _MOST_TICKS, rounding)
    bottom, top = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return _Scale(bottom * step, max(top, bottom + 1) * step, step)


def _step(least: float, rounding: float) -> float:
    """Return the smallest readable step that is not smaller."""
    power = 10.0 ** math.floor(math.log10(max(least, min(rounding, 1.0))))
    return next(part * power for part in _STEPS if part * power >= least - 1e-9)


def _point(spot: _Spot, scale: _Scale) -> _Point | None:
    cell = spot.cel
    if cell.value is None:
        return None
    high = cell.value if cell.upper is None else cell.upper
    low = cell.value if cell.lower is None else cell.lower
    heights = (f"{scale.y(number):.1f}" for number in (cell.value, high, low))
    return _Point(str(spot.x), *heights)


def _runs(spots: Sequence[_Spot], points: Sequence[_Point | None]) -> Iterator[list[_Point]]:
    """Give the figures that follow each other on the same area."""
    run: list[_Point] = []
    for spot, point in zip(spots, points, strict=True):
        if run and (spot.breuk or point is None):
            yield run
            run = []
        if point is not None:
            run.append(point)
    if run:
        yield run


def _line(run: Sequence[_Point]) -> str:
    return "M" + "L".join([f"{point.x} {point.y}" for point in run])


def _band(run: Sequence[_Point]) -> str:
    over = [f"{point.x} {point.over}" for point in run]
    under = [f"{point.x} {point.under}" for point in reversed(run)]
    return "M" + "L".join(over + under) + "Z"


def _marks(spots: Sequence[_Spot], points: Sequence[_Point | None]) -> Iterator[tuple[str, str]]:
    """Give the paths of marks by kind: the shape says how, a hollow one that it is provisional.

    A round mark is a line without length and with round ends; a hollow one has a white one on it.
    """
    found: dict[str, list[str]] = {}
    for spot, point in zip(spots, points, strict=True):
        if point is not None:
            shape = _SHAPES.get(spot.cel.status, "rond")
            kind = f"{shape} open" if spot.moment.voorlopig else shape
            found.setdefault(kind, []).append(f"M{point.x} {point.y}{_OUTLINES[shape]}")
    for kind, paths in found.items():
        yield kind.replace("rond open", "rond"), "".join(paths)
        if kind == "rond open":
            yield "rond binnen", "".join(paths)


def _breaks(spots: Sequence[_Spot]) -> Iterator[float]:
    for before, spot in pairwise(spots):
        if spot.breuk:
            yield _short((before.x + spot.x) / 2)


def _heights(scale: _Scale, taal: Taal) -> Iterator[tuple[float, str]]:
    decimals = decimals_of(scale.step)
    for value in scale.lines():
        yield round(scale.y(value) + _BASELINE, 1), taal.number(value + 0.0, decimals)


def _years(frame: Frame, aside: int) -> Iterator[tuple[float, str, str]]:
    first, last = frame.momenten[0].dag, frame.momenten[-1].dag
    yield frame.plaatsen[0] + aside, str(first.year), "start" if first != last else "middle"
    if last.year != first.year:
        yield frame.plaatsen[-1], str(last.year), "end"


def _told(reeks: Reeks, spots: Sequence[_Spot], taal: Taal) -> str:
    """Say what the chart shows: its first and last figure, the extremes, and what is missing."""
    title = taal.text(reeks.field.titel_nl, reeks.field.title_en)
    flow, decimals = reeks.stroom, decimals_of(reeks.indicator.afronding)
    told = [spot for spot in spots if spot.cel.value is not None]
    if not told:
        return f"{title}: {taal.text('op geen enkel moment een getal', 'no number at any moment')}."

    def said(spot: _Spot) -> str:
        number = taal.number(spot.cel.value or 0.0, decimals)
        return f"{number} ({taal.moment(spot.moment, flow=flow)})"

    least = min(told, key=lambda spot: spot.cel.value or 0.0)
    most = max(told, key=lambda spot: spot.cel.value or 0.0)
    sentences = [
        f"{title}: {taal.text('van', 'from')} {said(told[0])} {taal.text('tot', 'to')} {said(told[-1])}",
        f"{taal.text('laagste', 'lowest')} {said(least)}, {taal.text('hoogste', 'highest')} {said(most)}",
    ]
    if len(told) == 1:
        sentences = [f"{title}: {said(told[0])}"]
    if missing := len(spots) - len(told):
        sentences.append(taal.text(f"{missing} keer geen getal", f"no number {missing} times"))
    sentences += [
        taal.text(
            f"ander gebied vanaf {taal.moment(spot.moment, flow=flow)}",
            f"another area from {taal.moment(spot.moment, flow=flow)}",
        )
        for spot in spots[1:]
        if spot.breuk
    ]
    return "; ".join(sentences) + "."
