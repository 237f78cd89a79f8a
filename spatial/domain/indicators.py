"""The catalogue: themes, and indicators with their definition, unit, formula and rounding.

The entries are data (``indicators.toml`` beside this file); adding an indicator needs no code.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

from spatial.domain import verdeling
from spatial.domain.sections import Section, read_sections
from spatial.errors import SchemaError, UnknownMemberError


class Thema(StrEnum):
    """What one family of collections is about; the value starts the collection id."""

    OUDEREN = "ouderen"
    STUDENTEN = "studenten"
    UITSTROOM_DETENTIE = "uitstroom-detentie"
    VERGUNNINGHOUDERS = "vergunninghouders"
    TAAKSTELLING = "taakstelling"
    EERLIJKE_VERDELING = "eerlijke-verdeling"

    @property
    def titel(self) -> str:
        """Dutch title."""
        return _TITELS[self][0]

    @property
    def title_en(self) -> str:
        """English title."""
        return _TITELS[self][1]


GROEPEN = (
    Thema.OUDEREN,
    Thema.STUDENTEN,
    Thema.UITSTROOM_DETENTIE,
    Thema.VERGUNNINGHOUDERS,
)
"""The themes that are an aandachtsgroep of table 85980NED."""

BEVOLKING = "bevolking"
"""The groep of all inhabitants and all dwellings, against which aandachtsgroepen are held."""

FIRST_PERIOD = {
    Thema.OUDEREN: date(2018, 1, 1),
    Thema.STUDENTEN: date(2018, 1, 1),
    Thema.UITSTROOM_DETENTIE: date(2018, 1, 1),
    Thema.VERGUNNINGHOUDERS: date(2021, 1, 1),
}
"""First peilmoment of each group in the source."""

_TITELS = {
    Thema.OUDEREN: ("Ouderen", "Older people"),
    Thema.STUDENTEN: ("Studenten", "Students"),
    Thema.UITSTROOM_DETENTIE: ("Uitstromers uit detentie", "People leaving detention"),
    Thema.VERGUNNINGHOUDERS: ("Vergunninghouders", "Permit holders"),
    Thema.TAAKSTELLING: (
        "Taakstelling huisvesting vergunninghouders",
        "Statutory target for housing permit holders",
    ),
    Thema.EERLIJKE_VERDELING: ("Eerlijke verdeling", "Fair distribution"),
}


_PER_CENT = 100


class Soort(StrEnum):
    """The kind of an indicator, which decides what may be done with it."""

    STAND = "stand"
    STROOM = "stroom"
    AANDEEL = "aandeel"
    VERHOUDING = "verhouding"
    VERANDERING = "verandering"
    AFWIJKING = "afwijking"
    VERDELING = verdeling.SOORT
    REALISATIE = "realisatie"

    @property
    def is_count(self) -> bool:
        """Tell whether values may be added over regions."""
        return self in {Soort.STAND, Soort.STROOM}

    @property
    def is_ratio(self) -> bool:
        """Tell whether values are one count divided by another, given a minimum for the other."""
        return self in {Soort.AANDEEL, Soort.VERHOUDING}

    @property
    def has_formula(self) -> bool:
        """Tell whether a teller and a noemer make the values."""
        return self.is_ratio or self is Soort.REALISATIE

    @property
    def is_difference(self) -> bool:
        """Tell whether values are the difference of two values of one other indicator."""
        return self in {Soort.VERANDERING, Soort.AFWIJKING}


class Tegen(StrEnum):
    """What a value is held against."""

    VORIGE = "vorige"
    BASIS = "basis"
    LAND = "land"
    COROP = "corop"

    @property
    def is_moment(self) -> bool:
        """Tell whether it is another moment of the region itself; else it is another region."""
        return self in {Tegen.VORIGE, Tegen.BASIS}


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indicator of the catalogue.

    Attributes:
        id: property name in the API (camelCase).
        soort: stock count, flow count, share (part of a whole), ratio (of two counts), change
            (against another moment), deviation (from another region), or realised part of an opgave.
        themas: the themes that carry it.
        bron: id of the source of its cells.
        groep: groep of the long table whose cells it shows, whatever the theme; empty when they are
            those of the theme itself.
        kenmerk: member of the long table; only of counts.
        maat: measure of the long table; only of counts.
        teller: indicator above the line, or of which it is a change or deviation; empty for counts.
        noemer: indicator below the line; only of shares and ratios.
        tegen: what a change or deviation is held against; None for the others.
        relatief: the change is in per cent of what it was.
        factor: by what teller / noemer is multiplied; 100 for shares, 1 for counts.
        eenheid: unit in Dutch, such as personen, huishoudens, woonruimten or %.
        afronding: rounding base of the source; 1 is whole numbers, 0.1 one decimal.
        cirkels: on a map its values are circles; else the regions are coloured.
        klassen: frozen class breaks; none when they follow from the values.
        midden: the value that is neither above nor below; None without one.
        titel_nl: Dutch title.
        title_en: English title.
        definitie_nl: Dutch definition, one or two sentences.
        definition_en: English definition.
    """

    id: str
    soort: Soort
    themas: tuple[Thema, ...]
    bron: str
    groep: str
    kenmerk: str
    maat: str
    teller: str
    noemer: str
    factor: int
    tegen: Tegen | None
    relatief: bool
    eenheid: str
    afronding: float
    cirkels: bool
    klassen: tuple[float, ...]
    midden: float | None
    titel_nl: str
    title_en: str
    definitie_nl: str
    definition_en: str

    @property
    def is_whole(self) -> bool:
        """Tell whether values are whole numbers."""
        return self.soort.is_count or (self.soort.is_difference and self.afronding >= 1)

    @property
    def columns(self) -> tuple[str, str, str, str]:
        """Names of value, status, lower and upper bound in a wide table."""
        return self.id, f"{self.id}Status", f"{self.id}Min", f"{self.id}Max"


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All indicators, in the order in which they are published, and the sections they stand in."""

    indicators: tuple[Indicator, ...]
    sections: tuple[Section, ...] = ()

    def of(self, thema: Thema) -> tuple[Indicator, ...]:
        """Return the indicators of one theme: its figures, without what compares them."""
        return tuple(entry for entry in self._in(thema) if not entry.soort.is_difference)

    def differences_of(self, thema: Thema) -> tuple[Indicator, ...]:
        """Return the changes and deviations of one theme."""
        return tuple(entry for entry in self._in(thema) if entry.soort.is_difference)

    def _in(self, thema: Thema) -> Iterator[Indicator]:
        return (entry for entry in self.indicators if thema in entry.themas)

    def get(self, indicator_id: str) -> Indicator:
        """Return one indicator.

        Raises:
            UnknownMemberError: no indicator has this id; the message lists those there are.
        """
        for entry in self.indicators:
            if entry.id == indicator_id:
                return entry
        known = ", ".join(entry.id for entry in self.indicators)
        message = f"no indicator {indicator_id!r}; there are {known}"
        raise UnknownMemberError(message)


@cache
def load_catalogue() -> Catalogue:
    """Read the catalogue that is part of this package, with every group by every key."""
    text = (files("spatial.domain") / "indicators.toml").read_text(encoding="utf-8")
    groups = [(groep.value, groep.titel, groep.title_en) for groep in GROEPEN]
    thema = Thema.EERLIJKE_VERDELING
    made = list(verdeling.entries(groups, thema.value, verdeling.load_scheme()))
    catalogue = parse_catalogue(text, made)
    ids = tuple(entry["id"] for entry in made)
    section = Section(thema.titel, thema.title_en, *verdeling.EXPLANATION, ids)
    return Catalogue(catalogue.indicators, (*catalogue.sections, section))


def parse_catalogue(text: str, made: Iterable[Mapping[str, Any]] = ()) -> Catalogue:
    """Read a catalogue from TOML and check that its formulas refer to indicators in it.

    Args:
        text: the entries.
        made: more entries, made from other data.

    Raises:
        SchemaError: an entry lacks a key, has an unknown one, or refers to nothing.
    """
    rows, sections = read_sections(text)
    entries = tuple(_indicator(entry) for entry in [*rows, *made])
    ids = [entry.id for entry in entries]
    if len(ids) != len(set(ids)):
        message = (
            f"the catalogue has an indicator twice: {sorted({i for i in ids if ids.count(i) > 1})}"
        )
        raise SchemaError(message)
    by_id = {entry.id: entry for entry in entries}
    for entry in entries:
        if entry.soort.has_formula:
            _check_formula(entry, by_id)
        if entry.soort.is_difference:
            _check_difference(entry, by_id)
    return Catalogue(entries, tuple(sections))


def _check_formula(entry: Indicator, by_id: Mapping[str, Indicator]) -> None:
    """Refuse a formula over what is not there, or of a stock and a flow."""
    missing = {entry.teller, entry.noemer} - set(by_id)
    if missing:
        message = f"indicator {entry.id!r} refers to {sorted(missing)}, not in the catalogue"
        raise SchemaError(message)
    above, below = by_id[entry.teller], by_id[entry.noemer]
    if above.soort is not below.soort or not above.soort.is_count:
        message = (
            f"indicator {entry.id!r} divides a {above.soort} by a {below.soort}: "
            "a formula is over two stocks of one moment or two flows of one period"
        )
        raise SchemaError(message)
    lacking = [t.value for t in entry.themas if t not in above.themas or t not in below.themas]
    if lacking:
        message = f"indicator {entry.id!r} has themes without its teller or noemer: {lacking}"
        raise SchemaError(message)


def _check_difference(entry: Indicator, by_id: Mapping[str, Indicator]) -> None:
    """Refuse a difference of what is not there, and one that would say nothing or too much."""
    base = by_id.get(entry.teller)
    if base is None:
        message = f"indicator {entry.id!r} refers to [{entry.teller!r}], not in the catalogue"
        raise SchemaError(message)
    moment = entry.tegen is not None and entry.tegen.is_moment
    fits = moment if entry.soort is Soort.VERANDERING else not moment and base.soort.is_ratio
    if not fits or base.soort.is_difference or (entry.relatief and not base.soort.is_count):
        message = (
            f"indicator {entry.id!r}: a verandering is against a moment (relatief only of counts), an "
            "afwijking of a share or ratio against a region"
        )
        raise SchemaError(message)


def _factor(entry: Mapping[str, Any], soort: Soort) -> int:
    if soort is Soort.VERHOUDING:
        return int(entry["factor"])
    return _PER_CENT if soort is Soort.AANDEEL else 1


def _indicator(entry: Mapping[str, Any]) -> Indicator:
    try:
        soort = Soort(entry["soort"])
        return Indicator(
            id=entry["id"],
            soort=soort,
            themas=tuple(Thema(thema) for thema in entry["themas"]),
            bron=entry["bron"],
            groep=entry.get("groep", ""),
            kenmerk=entry["kenmerk"] if soort.is_count else "",
            maat=entry["maat"] if soort.is_count else "",
            teller=entry["teller"] if soort.has_formula or soort.is_difference else "",
            noemer=entry["noemer"] if soort.has_formula else "",
            factor=_factor(entry, soort),
            tegen=Tegen(entry["tegen"]) if soort.is_difference else None,
            relatief=bool(entry.get("relatief", False)),
            eenheid=entry["eenheid"] if "eenheid" in entry else entry["maat"],
            afronding=float(entry["afronding"]),
            cirkels=bool(entry.get("cirkels", soort.is_count)),
            klassen=tuple(entry.get("klassen", ())),
            midden=entry.get("midden"),
            titel_nl=entry["titel"]["nl"],
            title_en=entry["titel"]["en"],
            definitie_nl=entry["definitie"]["nl"],
            definition_en=entry["definitie"]["en"],
        )
    except (KeyError, ValueError) as error:
        message = f"indicator {entry.get('id', '?')!r}: {error!r} is missing or not allowed"
        raise SchemaError(message) from error
