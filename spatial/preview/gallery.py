"""The standard set of maps and the page that lists them by question."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from spatial.domain.regions import Niveau
from spatial.preview.assets import Assets, served_script
from spatial.preview.density import densities
from spatial.preview.drawers import drawing_of
from spatial.preview.drawing import Drawing
from spatial.preview.entries import ENTRIES, Entry, Question, Words, density_entries
from spatial.preview.page import TEMPLATES, content_policy, render_page
from spatial.preview.sentences import told
from spatial.preview.still import Sheet, StillForm, still_of
from spatial.store.catalogue import Contents
from spatial.store.snapshot import Snapshot

INDEX = "index.html"
ENGLISH = "en/index.html"
"""The same list in English; the maps themselves are in Dutch."""
PICTURES = "beeld"
"""Folder of the pictures: files and no part of the page, so that a browser keeps them and fetches
those that come into sight."""
_PICTURE = Sheet(width=360, height=270, bare=True, density=1.5)


@dataclass(frozen=True, slots=True)
class Language:
    """The words of the list in one language.

    Attributes:
        lang: code of the language.
        place: of its sentences among those that a map says.
        root: where the maps are, seen from the page.
        other: address and name of the page in the other language, and the code of that language.
        titel: heading.
        uitleg: what the page is.
        profielen: words of the link to the profiles.
        until: between two years.
    """

    lang: str
    place: int
    root: str
    other: tuple[str, str, str]
    titel: str
    uitleg: str
    profielen: str
    until: str

    def of(self, words: Words) -> str:
        """Return a text in this language."""
        return words.en if self.lang == "en" else words.nl


DUTCH = Language(
    lang="nl",
    place=0,
    root="",
    other=("en/index.html", "In English", "en"),
    titel="Aandachtsgroepen in kaart",
    uitleg="Kaarten van de huisvesting van aandachtsgroepen, naar vraag geordend. "
    "Elke kaart werkt zonder netwerk en toont onder de kaart dezelfde cijfers als tabel.",
    profielen="Alle cijfers van één gemeente of regio: de profielen",
    until="t/m",
)
IN_ENGLISH = Language(
    lang="en",
    place=1,
    root="../",
    other=("../index.html", "In het Nederlands", "nl"),
    titel="Focus groups on the map",
    uitleg="Maps of the housing of focus groups, ordered by question. Every map works without "
    "network and has the same figures as a table below it. The maps are in Dutch; what they say is "
    "also in English, at the end of the legend.",
    profielen="All figures of one gemeente or region: the profiles",
    until="to",
)

type Drawn = tuple[Entry, Drawing]
"""A map of the gallery and what it shows."""


def standard_maps(snapshot: Snapshot, assets: Assets) -> dict[str, bytes]:
    """Draw the maps that every build writes, as far as the snapshot has their collections.

    Returns:
        Files by name: a page and a picture of every map; ``index.html`` lists them.

    Raises:
        PreviewError: a map cannot be drawn.
    """
    entries = (*ENTRIES, *density_entries(densities(snapshot).values()))
    found = [(entry, drawing_of(snapshot, entry)) for entry in entries]
    drawn = [(entry, drawing) for entry, drawing in found if drawing is not None]
    notices = _notices(snapshot.contents)
    files = {}
    for entry, drawing in drawn:
        files[entry.bestand] = render_page(drawing, assets).encode()
        files[_picture(entry)] = still_of(drawing, _PICTURE, StillForm.WEBP)
    for name, language in ((INDEX, DUTCH), (ENGLISH, IN_ENGLISH)):
        page = draw_gallery(drawn, notices, assets, language)
        files[name] = page.encode()
    return files


def draw_gallery(
    drawn: Sequence[Drawn],
    notices: Sequence[Words],
    assets: Assets,
    language: Language = DUTCH,
) -> str:
    """Draw the page that lists maps by question.

    Args:
        drawn: the maps; under one question in this order.
        notices: sentences that must stand beside the figures or shapes.
        assets: gives the style sheet.
        language: of the page.
    """
    script = served_script()
    return TEMPLATES.get_template("overzicht.html").render(
        taal=language,
        meldingen=[language.of(notice) for notice in notices],
        vragen=[
            {"id": question.name.lower(), "titel": language.of(question.value), "kaarten": cards}
            for question in Question
            if (cards := [_card(*one, language) for one in drawn if one[0].vraag is question])
        ],
        beeld=_PICTURE,
        stijl=Markup(assets.own_css),  # noqa: S704 - our own file
        script=Markup(script),  # noqa: S704
        csp=content_policy([script], [assets.own_css], ["'self'", "data:"]),
    )


def _card(entry: Entry, drawing: Drawing, language: Language) -> dict[str, str]:
    days = [moment.peilmoment for panel in drawing.panels for moment in panel.moments]
    return {
        "bestand": f"{language.root}{entry.bestand}",
        "beeld": f"{language.root}{_picture(entry)}",
        "gezegd": told(drawing.panels, drawing.scheme)[language.place][0],
        "titel": language.of(entry.titel),
        "uitleg": language.of(entry.uitleg),
        "niveau": _level(Niveau(drawing.panels[0].series.collection.niveau), language),
        "perioden": _years(min(days).year, max(days).year, language),
    }


def _picture(entry: Entry) -> str:
    return f"{PICTURES}/{entry.naam}.{StillForm.WEBP}"


def _level(niveau: Niveau, language: Language) -> str:
    dutch = niveau.titel if niveau is Niveau.LAND else f"per {niveau.titel}"
    return language.of(Words(dutch, niveau.plural_en))


def _years(first: int, last: int, language: Language) -> str:
    return str(first) if first == last else f"{first} {language.until} {last}"


def _notices(contents: Contents) -> list[Words]:
    sources = (contents.source(name) for c in contents.collections for name in c.bronnen)
    return list(dict.fromkeys(Words(s.melding, s.notice_en) for s in sources if s.melding))
