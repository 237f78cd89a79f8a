"""What a map says, in sentences: one for the whole map and one per class, Dutch and English.

They are made with the page, for every moment: the page only shows those of the moment chosen.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median_high

from spatial.domain.indicators import Indicator, Soort
from spatial.domain.regions import Niveau
from spatial.domain.units import said, said_en
from spatial.preview.classes import ClassScheme
from spatial.preview.density_words import density_sentences
from spatial.preview.figures import Moment
from spatial.preview.panels import Panel, Scheme
from spatial.preview.wording import dutch_number, with_unit

_WORDS = {
    Soort.AANDEEL: ("het aandeel", "the share"),
    Soort.VERHOUDING: ("het verhoudingsgetal", "the ratio"),
    Soort.VERANDERING: ("het verschil", "the change"),
    Soort.AFWIJKING: ("het verschil", "the difference"),
    Soort.REALISATIE: ("het gerealiseerde deel", "the realised part"),
}
_COUNT = ("het aantal", "the number")
_BALANCE = ("het cijfer", "the figure")
"""Of a count that may be below 0."""
_PROPORTIONAL = ("het evenredige deel", "the proportional share")
_DIVISION = {
    "huishoudens": ("het verschil", "the difference"),
    "verhouding": ("het locatiequotiënt", "the location quotient"),
    "%": ("het te verplaatsen deel", "the part to be moved"),
}
"""Words of a fair distribution, by unit."""


@dataclass(frozen=True, slots=True)
class Sentences:
    """Sentences in one language, about one moment of one map.

    Attributes:
        kaart: about all its regions.
        klassen: one per class, or per circle of the legend, in the order of the legend.
    """

    kaart: str
    klassen: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Range:
    """Values from ``low`` up to ``high``; None is an open end."""

    low: float | None
    high: float | None

    def count(self, values: Iterable[float]) -> int:
        """Count the values in it."""
        return sum(
            (self.low is None or value >= self.low) and (self.high is None or value < self.high)
            for value in values
        )


@dataclass(frozen=True, slots=True)
class _Language:
    """Words of one language; ``{}`` stands for numbers that are already written."""

    english: bool
    word: str
    unit: str
    regions: str
    below: str
    between: str
    above: str
    part: str
    anywhere: str
    none: str
    equal: str
    whole: str
    named: str
    listed: str

    def number(self, value: float, decimals: int) -> str:
        return f"{value:,.{decimals}f}" if self.english else dutch_number(value, decimals)

    def span(self, entry: Range, decimals: int) -> str:
        ends = [self.number(end, decimals) for end in (entry.low, entry.high) if end is not None]
        if entry.low is None:
            form = self.below
        else:
            form = self.above if entry.high is None else self.between
        return form.format(*ends[:-1], with_unit(ends[-1], self.unit))

    def about(self, entry: Range, values: Sequence[float], total: int, decimals: int) -> str:
        counts = self.number(entry.count(values), 0), self.number(total, 0), self.regions
        if entry.low is None and entry.high is None:
            return self.anywhere.format(*counts)
        return self.part.format(*counts, self.word, self.span(entry, decimals))

    def overall(self, values: Sequence[float], total: int, decimals: int) -> str:
        if not values:
            return self.none.format(self.number(total, 0), self.regions)
        low, high, middle = (
            with_unit(self.number(value, decimals), self.unit)
            for value in (min(values), max(values), median_high(values))
        )
        word = self.word[:1].upper() + self.word[1:]
        if low == high:
            return self.equal.format(word, low)
        return self.whole.format(word, low, high, self.number(len(values), 0), self.regions, middle)

    def names(
        self, entries: Sequence[tuple[Range, str]], values: Sequence[float], total: int
    ) -> Sentences:
        """Say how many values are in each of some classes that have a name."""
        counts = [(self.number(entry.count(values), 0), name) for entry, name in entries]
        whole = self.number(total, 0), self.regions
        listed = ", ".join(f"{count} {name}" for count, name in counts)
        return Sentences(
            self.listed.format(*whole, listed) if values else self.none.format(*whole),
            tuple(self.named.format(count, *whole, name) for count, name in counts),
        )


def sentences(panel: Panel, moment: Moment, scheme: Scheme) -> tuple[Sentences, Sentences]:
    """Return what a map says at a moment, in Dutch and in English.

    A region without a number is in no class; it does count among all regions.
    """
    if panel.raster is not None:
        spoken = density_sentences(panel.raster, moment.peilmoment)
        about, english_about = (Sentences(first, tuple(rest)) for first, *rest in spoken)
        return about, english_about
    figures = panel.figures(moment)
    values = [figure.value for figure in figures if figure.value is not None]
    ranges, decimals = _ranges(scheme)
    if isinstance(scheme, ClassScheme) and scheme.namen:
        named = (
            language.names(list(zip(ranges, names, strict=True)), values, len(figures))
            for language, names in zip(
                _languages(panel), zip(*scheme.namen, strict=True), strict=True
            )
        )
        dutch, english = named
        return dutch, english
    dutch, english = (
        Sentences(
            language.overall(values, len(figures), panel.series.decimals),
            tuple(language.about(entry, values, len(figures), decimals) for entry in ranges),
        )
        for language in _languages(panel)
    )
    return dutch, english


def told(panels: Sequence[Panel], scheme: Scheme) -> list[list[str]]:
    """Return what a page says when it opens: of the last moment of all its maps.

    Returns:
        Dutch and English sentences: of the maps, then per class; several maps by their title.
    """
    spoken = [sentences(panel, panel.moments[-1], scheme) for panel in panels]
    titles = [f"{panel.titel}: " if len(panels) > 1 else "" for panel in panels]
    return [
        [
            " ".join(map("".join, zip(titles, same, strict=True)))
            for same in zip(*([one.kaart, *one.klassen] for one in language), strict=True)
        ]
        for language in zip(*spoken, strict=True)
    ]


def _ranges(scheme: Scheme) -> tuple[list[Range], int]:
    if isinstance(scheme, ClassScheme):
        return [Range(low, high) for low, high in pairwise([None, *scheme.breaks, None])], (
            scheme.decimals
        )
    return [
        Range(value, None) if value > 0 else Range(None, value) for value in scheme.examples()
    ], 0


def _words(indicator: Indicator) -> tuple[str, str]:
    """Return what the figures are called in a sentence, in Dutch and English."""
    if indicator.soort.is_count:
        return _COUNT if indicator.midden is None else _BALANCE
    if indicator.soort is not Soort.VERDELING:
        return _WORDS[indicator.soort]
    if indicator.cirkels:
        return _PROPORTIONAL
    return _DIVISION[indicator.eenheid]


def _languages(panel: Panel) -> tuple[_Language, _Language]:
    indicator = panel.series.indicator
    niveau = Niveau(panel.series.collection.niveau)
    single = niveau is Niveau.LAND
    words = _words(indicator)
    return (
        _Language(
            english=False,
            word=words[0],
            unit=said(indicator.eenheid),
            regions="landen" if single else niveau.meervoud,
            below="minder dan {}",
            between="{} tot {}",
            above="{} of meer",
            part="In {} van de {} {} is {} {}.",
            anywhere="In {} van de {} {} is er een cijfer.",
            none="Voor geen van de {} {} is er een cijfer.",
            equal="{} is {}, overal waar er een cijfer is.",
            named="In {} van de {} {} is de voortgang: {}.",
            listed="Van de {} {}: {}.",
            whole="{} loopt van {} tot en met {}; in ten minste de helft van de {} {} met een "
            "cijfer is het {} of meer.",
        ),
        _Language(
            english=True,
            word=words[1],
            unit=said_en(indicator.eenheid),
            regions="countries" if single else niveau.plural_en,
            below="less than {}",
            between="{} to {}",
            above="{} or more",
            part="In {} of the {} {} {} is {}.",
            anywhere="In {} of the {} {} there is a figure.",
            none="There is no figure for any of the {} {}.",
            equal="{} is {} wherever there is a figure.",
            named="In {} of the {} {} the progress is: {}.",
            listed="Of the {} {}: {}.",
            whole="{} runs from {} to {}; in at least half of the {} {} with a figure it is {} or "
            "more.",
        ),
    )
