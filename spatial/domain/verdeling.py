"""Eerlijke verdeling: the keys by which a group can be divided, and the measures that are published.

Both are data (``verdeling.toml`` beside this file). Every group x key x measure is an indicator, so that
nobody has to write hundreds of entries by hand.
"""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from spatial.errors import SchemaError, UnknownMemberError

SOORT = "verdeling"
"""Kind of the indicators that are made here."""

_IN_DUTCH = (
    "Evenredig deel, verschil en locatiequotiënt zijn van een regio in heel Nederland; het te "
    "verplaatsen deel is van een regio over haar gemeenten."
)
_IN_ENGLISH = (
    "Proportional share, difference and location quotient are of a region within the Netherlands; the "
    "part to be moved is of a region over its municipalities."
)
EXPLANATION = (_IN_DUTCH, _IN_ENGLISH)
"""What holds for all of them, in Dutch and English."""

BRON = "85980NED"
"""Source of the groups; that of a key stands with its own indicator."""


@dataclass(frozen=True, slots=True)
class Sleutel:
    """A key: what a group is divided by.

    Attributes:
        id: name in questions.
        indicator: id of the indicator that holds it; empty for the surface of the shape.
        eenheid: unit in Dutch.
        collectie: also in the collections.
        minimum: a smaller number of it is too small to divide by.
        titel_nl: Dutch name, as it stands in a sentence.
        title_en: English name.
    """

    id: str
    indicator: str
    eenheid: str
    collectie: bool
    minimum: float
    titel_nl: str
    title_en: str


@dataclass(frozen=True, slots=True)
class Maat:
    """A measure: what is published per group and key.

    Attributes:
        id: end of the property name.
        eenheid: unit in Dutch.
        afronding: its last digit.
        binnen: of a region over its gemeenten; else of a region within the land.
        cirkels: on a map its values are circles.
        klassen: frozen class breaks; none when they follow from the values.
        midden: the value that is neither above nor below; None without one.
        teksten: Dutch and English title, Dutch and English definition, with ``{sleutel}`` in them.
    """

    id: str
    eenheid: str
    afronding: float
    binnen: bool
    cirkels: bool
    klassen: tuple[float, ...]
    midden: float | None
    teksten: tuple[str, str, str, str]


@dataclass(frozen=True, slots=True)
class Scheme:
    """All keys and measures, in the order in which they are published."""

    sleutels: tuple[Sleutel, ...]
    maten: tuple[Maat, ...]

    def sleutel(self, key: str) -> Sleutel:
        """Return one key.

        Raises:
            UnknownMemberError: there is none of this name; the message lists those there are.
        """
        for entry in self.sleutels:
            if entry.id == key:
                return entry
        known = ", ".join(entry.id for entry in self.sleutels)
        message = f"no sleutel {key!r}; there are {known}"
        raise UnknownMemberError(message)

    @property
    def published(self) -> tuple[Sleutel, ...]:
        """The keys that the collections have."""
        return tuple(entry for entry in self.sleutels if entry.collectie)


@cache
def load_scheme() -> Scheme:
    """Read the keys and measures that are part of this package."""
    return parse_scheme((files("spatial.domain") / "verdeling.toml").read_text(encoding="utf-8"))


def parse_scheme(text: str) -> Scheme:
    """Read keys and measures from TOML.

    Raises:
        SchemaError: an entry lacks a member, has another type in it, or occurs twice; or a key of the
            collections has no indicator.
    """
    document = tomllib.loads(text)
    try:
        keys = tuple(_key(entry) for entry in document["sleutel"])
        measures = tuple(_measure(entry) for entry in document["maat"])
    except (KeyError, TypeError, ValueError) as error:
        message = f"verdeling: {error!r} is missing or not allowed"
        raise SchemaError(message) from error
    if bare := [entry.id for entry in keys if entry.collectie and not entry.indicator]:
        message = f"verdeling: a key of the collections needs an indicator, {bare} have none"
        raise SchemaError(message)
    names = [entry.id for entry in keys] + [entry.id for entry in measures]
    if len(names) != len(set(names)):
        message = f"verdeling has a name twice: {sorted({n for n in names if names.count(n) > 1})}"
        raise SchemaError(message)
    return Scheme(keys, measures)


def indicator_id(groep: str, sleutel: Sleutel, maat: Maat) -> str:
    """Return the property name of one group, key and measure: ``ouderenInwonersVerschil``."""
    first, *others = groep.split("-")
    key = sleutel.id[0].upper() + sleutel.id[1:]
    return "".join([first, *(word.capitalize() for word in others), key, maat.id])


@dataclass(frozen=True, slots=True)
class Part:
    """What an indicator of a fair distribution is made of.

    Attributes:
        groep: id of the group.
        sleutel: by which the group is divided.
        maat: what is published of it.
    """

    groep: str
    sleutel: Sleutel
    maat: Maat


def parts(groepen: Sequence[str], scheme: Scheme) -> Mapping[str, Part]:
    """Return what every indicator of the collections is made of, by its id."""
    return {
        indicator_id(groep, sleutel, maat): Part(groep, sleutel, maat)
        for groep in groepen
        for sleutel in scheme.published
        for maat in scheme.maten
    }


def entries(
    groepen: Sequence[tuple[str, str, str]], thema: str, scheme: Scheme
) -> Iterator[Mapping[str, Any]]:
    """Give every group x key x measure as an entry of the catalogue.

    Args:
        groepen: per group its id, Dutch and English title.
        thema: theme that carries them.
        scheme: keys (those of the collections) and measures.
    """
    for groep, titel, title in groepen:
        for sleutel in scheme.published:
            for maat in scheme.maten:
                nl, en, definitie, definition = maat.teksten
                names = sleutel.titel_nl, sleutel.title_en
                yield {
                    "id": indicator_id(groep, sleutel, maat),
                    "soort": SOORT,
                    "themas": [thema],
                    "bron": BRON,
                    "eenheid": maat.eenheid,
                    "afronding": maat.afronding,
                    "cirkels": maat.cirkels,
                    "klassen": list(maat.klassen),
                    "midden": maat.midden,
                    "titel": {
                        "nl": f"{titel}: {nl.format(sleutel=names[0])}",
                        "en": f"{title}: {en.format(sleutel=names[1])}",
                    },
                    "definitie": {
                        "nl": f"{titel}. {definitie.format(sleutel=names[0])}",
                        "en": f"{title}. {definition.format(sleutel=names[1])}",
                    },
                }


def _key(entry: Mapping[str, Any]) -> Sleutel:
    return Sleutel(
        id=entry["id"],
        indicator=entry["indicator"],
        eenheid=entry["eenheid"],
        collectie=bool(entry["collectie"]),
        minimum=float(entry["minimum"]),
        titel_nl=entry["titel"]["nl"],
        title_en=entry["titel"]["en"],
    )


def _measure(entry: Mapping[str, Any]) -> Maat:
    midden = entry.get("midden")
    return Maat(
        id=entry["id"],
        eenheid=entry["eenheid"],
        afronding=float(entry["afronding"]),
        binnen=bool(entry["binnen"]),
        cirkels=bool(entry.get("cirkels", False)),
        klassen=tuple(float(edge) for edge in entry.get("klassen", ())),
        midden=None if midden is None else float(midden),
        teksten=(
            entry["titel"]["nl"],
            entry["titel"]["en"],
            entry["definitie"]["nl"],
            entry["definitie"]["en"],
        ),
    )
