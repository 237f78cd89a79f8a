"""Every text of the plugin in Dutch and English, and how a day is written. No QGIS here.

QGIS translates plugins from files compiled by ``lrelease``; a table needs no tool to build, and a
test holds both languages complete.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Dict, Tuple

LANGUAGES = ("nl", "en")
"""The order of each pair below."""

TEXTS: Dict[str, Tuple[str, str]] = {
    "title": ("Aandachtsgroepen in kaart", "Focus groups on the map"),
    "open": ("Paneel met de lagen", "Panel with the layers"),
    "address": ("Dienst", "Service"),
    "connect": ("Verbind", "Connect"),
    "thema": ("Thema", "Theme"),
    "niveau": ("Niveau", "Level"),
    "indeling": ("Indeling", "Boundaries"),
    "jaar": ("Jaar", "Year"),
    "indicator": ("Indicator", "Indicator"),
    "moment": ("Peilmoment", "Date"),
    "all-thema": ("alle thema's ({count})", "all themes ({count})"),
    "all-niveau": ("alle niveaus ({count})", "all levels ({count})"),
    "all-indeling": ("alle indelingen ({count})", "all vintages ({count})"),
    "all-jaar": ("alle jaren ({count})", "all years ({count})"),
    "own": ("van elke periode zelf", "of each period itself"),
    "vintage": ("{year} voor alle perioden", "{year} for all periods"),
    "search": ("Zoek in {count} indicatoren", "Search {count} indicators"),
    "metres": ("In RD-coördinaten (EPSG:28992)", "In RD coordinates (EPSG:28992)"),
    "add": ("Voeg toe", "Add layer"),
    "renew": ("Ververs", "Refresh"),
    "clear": ("Wis keuzes", "Clear choices"),
    "each-year": ("elk jaar op {day} ({count})", "every year on {day} ({count})"),
    "each-period": ("alle perioden ({count})", "all periods ({count})"),
    "figures": ("{day} ({figures} van {regions})", "{day} ({figures} of {regions})"),
    "all-figures": ("{day} ({regions})", "{day} ({regions})"),
    "no-figures": ("{day} (geen cijfers)", "{day} (no figures)"),
    "example": (
        "Voorbeeldcijfers: door de computer gemaakt, geen waarneming.",
        "Example figures: made by a computer, not observed.",
    ),
    "example-short": ("voorbeeldcijfers", "example figures"),
    "choose-more": ("Kies nog: {questions}.", "Still to choose: {questions}."),
    "loading": ("De catalogus wordt gelezen ...", "Reading the catalogue ..."),
    "reading": ("De peilmomenten worden gelezen ...", "Reading the dates ..."),
    "connected": ("{count} collecties, momentopname {snapshot}", "{count} collections, snapshot {snapshot}"),
    "not-connected": ("Geen verbinding.", "Not connected."),
    "added": ("{name}: {count} regio's.", "{name}: {count} regions."),
    "no-style": (
        "{name}: toegevoegd zonder stijl; de dienst gaf er geen ({reason}).",
        "{name}: added without a style; the service gave none ({reason}).",
    ),
    "layer-failed": ("De laag kon niet worden geopend: {reason}", "The layer could not be opened: {reason}"),
    "no-service": (
        "{address} antwoordt niet als deze dienst: {reason}",
        "{address} does not answer as this service: {reason}",
    ),
    "bad-address": (
        "'{address}' is geen adres; het begint met http:// of https://.",
        "'{address}' is not an address; it begins with http:// or https://.",
    ),
    "unchanged": ("Geen nieuwe cijfers sinds momentopname {snapshot}.", "No new figures since snapshot {snapshot}."),
    "renewed": (
        "Nieuwe cijfers (momentopname {snapshot}): {count} lagen vernieuwd.",
        "New figures (snapshot {snapshot}): {count} layers renewed.",
    ),
    "renewed-one": (
        "Nieuwe cijfers (momentopname {snapshot}): {name} vernieuwd.",
        "New figures (snapshot {snapshot}): {name} renewed.",
    ),
    "not-restyled": (
        "Cijfers vernieuwd, stijl niet: {name} ({reason}).",
        "Figures renewed, style not: {name} ({reason}).",
    ),
    "not-renewed": (
        "Niet vernieuwd: {name} ({reason}).",
        "Not renewed: {name} ({reason}).",
    ),
}  # fmt: skip

_MONTHS = {
    "nl": (
        "januari", "februari", "maart", "april", "mei", "juni",
        "juli", "augustus", "september", "oktober", "november", "december",
    ),
    "en": (
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Texts:
    """The texts in one language, ``nl`` or ``en``."""

    language: str

    def say(self, key: str, **values: object) -> str:
        """Return a text with its values filled in."""
        return TEXTS[key][LANGUAGES.index(self.language)].format(**values)

    def day(self, when: date) -> str:
        """Return a day in words, such as ``1 januari 2022``."""
        return f"{self.day_of_year(when)} {when.year}"

    def day_of_year(self, when: date) -> str:
        """Return a day in words without its year."""
        return f"{when.day} {_MONTHS[self.language][when.month - 1]}"


def language_of(locale: str) -> str:
    """Return the language for a locale of QGIS such as ``nl``, ``nl_NL`` or ``en_US``.

    Dutch for Dutch and Frisian, English for everyone else.
    """
    return "nl" if locale[:2].lower() in {"nl", "fy"} else "en"
