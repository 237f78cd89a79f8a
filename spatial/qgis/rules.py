"""What is drawn of one indicator, and how: the rules behind every style that is written.

They follow from the document with the frozen schemes that the build keeps beside the maps, so that
a value has the same colour here as in the maps.
"""

from collections.abc import Iterator, KeysView, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from spatial.domain.indicators import Indicator, load_catalogue
from spatial.domain.status import OF_FIGURES, WITH_VALUE, Status
from spatial.domain.units import said, said_en
from spatial.errors import StoreError
from spatial.qgis.conditions import Condition, Every, OneOf, Some, Span
from spatial.qgis.words import amount, spoken
from spatial.store.catalogue import Collection, Contents

LAND = "#f2ede1"
"""Fill of a region on a map of circles, as on the maps."""
_RECODED = (Status.OPGETELD, Status.GESCHAT)
_PLAIN = tuple(status.value for status in Status if status in WITH_VALUE and status not in _RECODED)
_THICK_EN = {"dikke rand": "thick edge", "gestreepte rand": "dashed edge"}


@dataclass(frozen=True, slots=True)
class Thematic:
    """One indicator on the map.

    Attributes:
        style: the document with the schemes of its collection.
        indicator: its id.
        begin: date field in which the time of a feature begins; empty: all features are drawn.
        eind: date field in which it ends; the same field for a moment.
        day: last day of the one period that is drawn without time slider (ISO date); empty: QGIS
            looks for it among the features, which it cannot for a layer of a service.
        notices: what must be said beside the figures.
        english: texts in English; otherwise in Dutch.
    """

    style: Mapping[str, Any]
    indicator: str
    begin: str = ""
    eind: str = ""
    day: str = ""
    notices: tuple[str, ...] = ()
    english: bool = False

    @property
    def entry(self) -> Mapping[str, Any]:
        """The scheme of the indicator.

        Raises:
            StoreError: the document has none.
        """
        try:
            found: Mapping[str, Any] = self.style["indicatoren"][self.indicator]
        except KeyError as error:
            name = self.style.get("collectie", "the collection")
            message = f"{name} has no scheme of {self.indicator!r}"
            raise StoreError(message) from error
        return found

    @property
    def title(self) -> str:
        """What the map shows, with its unit."""
        unit = self.unit
        title = spoken(self.entry["titel"], english=self.english)
        return f"{title} ({unit})" if unit and unit != title.casefold() else title

    @property
    def unit(self) -> str:
        """The unit as it is said behind a number; may be empty."""
        unit: str = self.entry["eenheid"]
        return said_en(unit) if self.english else said(unit)


@dataclass(frozen=True, slots=True)
class Area:
    """The colour of a class fills the region."""

    colour: str


@dataclass(frozen=True, slots=True)
class Pattern:
    """The region has no number: lines or dots in one colour on another.

    Attributes:
        drawn: name of the pattern in the document.
        ink: colour of lines and dots.
        paper: colour between them.
    """

    drawn: str
    ink: str
    paper: str


@dataclass(frozen=True, slots=True)
class Edge:
    """An edge over what fills the region tells how its number came about."""

    status: Status


@dataclass(frozen=True, slots=True)
class Circle:
    """A circle on the region whose area stands for the number.

    Attributes:
        field: holds the number.
        top: the number whose circle has this radius.
        radius_px: in pixels of 1/96 inch.
        fill: its colour.
        edge: colour of its edge.
        status: how the number came about, when its edge tells.
    """

    field: str
    top: float
    radius_px: float
    fill: str
    edge: str
    status: Status | None = None


type Drawing = Area | Pattern | Edge | Circle


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of the legend.

    Attributes:
        label: its text.
        condition: which features are drawn so; None when it is a line of text only.
        drawing: how.
    """

    label: str
    condition: Condition | None = None
    drawing: Drawing | None = None


def thematic(
    contents: Contents,
    collection: Collection,
    style: Mapping[str, Any],
    indicator: str,
    *,
    english: bool = False,
) -> Thematic:
    """Return an indicator of a collection as it is to be drawn.

    Args:
        contents: of the snapshot.
        collection: has the indicator.
        style: document with its schemes (``Collection.stijl``).
        indicator: its id.
        english: texts in English; otherwise in Dutch.
    """
    sources = [contents.source(name) for name in collection.bronnen]
    notices = dict.fromkeys(source.notice_en if english else source.melding for source in sources)
    return Thematic(
        style,
        indicator,
        collection.begin_veld,
        collection.eind_veld,
        notices=tuple(notice for notice in notices if notice),
        english=english,
    )


def rules_of(shown: Thematic) -> tuple[Rule, ...]:
    """Return the lines of the legend in order; what is drawn first stands first.

    Raises:
        StoreError: there is no scheme of the indicator, or it lacks a member.
    """
    indicator, entry = load_catalogue().get(shown.indicator), shown.entry
    try:
        classed = entry["soort"] == "klassen"
        drawn = _classes(shown, indicator) if classed else _circles(shown, indicator)
        rules = [*_middle(shown), *drawn, *_patterns(shown, indicator)]
        rules += _edges(shown, indicator) if classed else ()
    except (KeyError, TypeError) as error:
        message = f"the scheme of {shown.indicator!r} cannot be drawn: {error!r}"
        raise StoreError(message) from error
    return (*rules, *(Rule(notice) for notice in shown.notices))


def _middle(shown: Thematic) -> Iterator[Rule]:
    if "middenNaam" not in shown.entry:
        return
    what = "Middle of the scale" if shown.english else "Midden van de schaal"
    value = f"{amount(shown.entry['midden'], english=shown.english)} {shown.unit}".strip()
    name = spoken(shown.entry["middenNaam"], english=shown.english)
    yield Rule(f"{what}: {value} ({name})")


def _classes(shown: Thematic, indicator: Indicator) -> Iterator[Rule]:
    entry = shown.entry
    ends = [None, *entry["grenzen"], None]
    labels = entry["labels"]["en" if shown.english else "nl"]
    for label, colour, (low, high) in zip(labels, entry["kleuren"], pairwise(ends), strict=True):
        yield Rule(label, Span(indicator.id, low, high), Area(colour))


def _circles(shown: Thematic, indicator: Indicator) -> Iterator[Rule]:
    entry, value = shown.entry, indicator.id
    top, radius = float(entry["top"]), float(entry["straal"])
    size = f"{amount(top, english=shown.english)} = {amount(2 * radius, english=shown.english)} px"
    words = ("region with a number", "area of the circle", "below 0") if shown.english else (
        "regio met een getal", "oppervlakte van de cirkel", "onder 0"
    )  # fmt: skip
    yield Rule(words[0], Span(value), Area(LAND))
    sides = [(f"{words[1]}: {size}", Span(value, 0, above=True), entry["kleur"])]
    if entry["onder"]:
        sides.append((words[2], Span(value, None, 0), entry["kleurOnder"]))
    for label, span, fill in sides:
        for status in (None, *_RECODED):
            text = label if status is None else f"{label}, {_edge_label(shown, status)}"
            texts = _PLAIN if status is None else (status.value,)
            condition = Every((span, OneOf(indicator.columns[1], texts)))
            yield Rule(text, condition, Circle(value, top, radius, fill, entry["rand"], status))


def _patterns(shown: Thematic, indicator: Indicator) -> Iterator[Rule]:
    """Draw what has no number; a figure itself is never a difference that cannot be established."""
    for entry in shown.style["statussen"]:
        status = Status(entry["status"])
        if entry["soort"] != "patroon":
            continue
        if status in OF_FIGURES or indicator.soort.is_difference:
            condition = OneOf(indicator.columns[1], (status.value,))
            drawing = Pattern(entry["tekening"], entry["lijn"], entry["vlak"])
            yield Rule(spoken(entry["labels"], english=shown.english), condition, drawing)


def _edges(shown: Thematic, indicator: Indicator) -> Iterator[Rule]:
    for status in _RECODED:
        condition = _came_about(shown, indicator, status)
        yield Rule(_edge_label(shown, status), condition, Edge(status))


def _edge_label(shown: Thematic, status: Status) -> str:
    entries: Sequence[Mapping[str, Any]] = shown.style["statussen"]
    entry = next(one for one in entries if one["status"] == status.value)
    drawn = entry["tekening"]
    label = spoken(entry["labels"], english=shown.english)
    return f"{label} ({_THICK_EN[drawn] if shown.english else drawn})"


def _came_about(shown: Thematic, indicator: Indicator, status: Status) -> Condition:
    """Tell how a number came about: a share of summed counts is drawn as summed, as on the maps."""
    field = indicator.columns[1]
    own = OneOf(field, (status.value,))
    parts = [name for name in (indicator.teller, indicator.noemer) if name in _held(shown)]
    if status is not Status.OPGETELD or indicator.soort.is_count or not parts:
        return own
    columns = (load_catalogue().get(name).columns[1] for name in parts)
    summed = Some(tuple(OneOf(column, (status.value,)) for column in columns))
    return Some((own, Every((OneOf(field, (Status.BEREKEND.value,)), summed))))


def _held(shown: Thematic) -> KeysView[str]:
    """Return the indicators of the collection."""
    held: Mapping[str, Any] = shown.style["indicatoren"]
    return held.keys()
