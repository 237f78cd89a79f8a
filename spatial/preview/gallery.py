"""The standard set of maps and the page that lists them by question."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from spatial.domain.regions import Niveau
from spatial.preview.assets import Assets
from spatial.preview.compare import draw_compare
from spatial.preview.difference import draw_difference
from spatial.preview.figures import View, read_series
from spatial.preview.maps import draw_series
from spatial.preview.page import TEMPLATES, content_policy
from spatial.preview.shapes import MAP_SHAPES
from spatial.store.snapshot import Snapshot

INDEX = "index.html"


@dataclass(frozen=True, slots=True)
class GalleryEntry:
    """One map of the gallery.

    Attributes:
        bestand: file name beside the gallery page.
        vraag: the question that it answers, in Dutch.
        beschrijving: what it shows, in Dutch.
    """

    bestand: str
    vraag: str
    beschrijving: str


@dataclass(frozen=True, slots=True)
class _Standard:
    entry: GalleryEntry
    collection: str
    indicator: str


_SERIES = (
    _Standard(
        GalleryEntry(
            "ouderen-gemeente.html",
            "Waar wonen ouderen in een corporatiewoning?",
            "Aandeel van de huishoudens van ouderen, per gemeente, alle peilmomenten.",
        ),
        "ouderen-gemeente",
        "aandeelCorporatie",
    ),
    _Standard(
        GalleryEntry(
            "studenten-gemeente.html",
            "Waar wonen de studenten?",
            "Aantal studenten als cirkels, per gemeente, alle peilmomenten.",
        ),
        "studenten-gemeente",
        "personen",
    ),
    _Standard(
        GalleryEntry(
            "vergunninghouders-gemeente.html",
            "Welk deel van de vrijgekomen corporatiewoningen ging naar vergunninghouders?",
            "Aandeel van de vrijgekomen corporatiewoningen, per gemeente, per jaar.",
        ),
        "vergunninghouders-gemeente",
        "aandeelVrijgekomenCorporatiewoningen",
    ),
    _Standard(
        GalleryEntry(
            "uitstroom-detentie-provincie.html",
            "Hoe wonen mensen na detentie?",
            "Aandeel eenpersoonshuishoudens van uitstromers uit detentie, per provincie.",
        ),
        "uitstroom-detentie-provincie",
        "aandeelEenpersoons",
    ),
    _Standard(
        GalleryEntry(
            "taakstelling-gemeente.html",
            "Hoe groot is de taakstelling?",
            "Aantal te huisvesten vergunninghouders per halfjaar als cirkels, per gemeente.",
        ),
        "taakstelling-gemeente",
        "taakstelling",
    ),
)
_CARRIED = "ouderen-gemeente-indeling-"
_THROUGH_THE_YEARS = GalleryEntry(
    "ouderen-gemeente-door-de-jaren.html",
    "Hoe ging het door de jaren, in één indeling?",
    "Ouderen in een corporatiewoning: alle peilmomenten in dezelfde indeling, met wat daarvoor is "
    "opgeteld of geschat.",
)
_COMPARED = ("ouderen-gemeente", "aandeelCorporatie")
_COUNTED = "personen"
_DIFFERENCE = GalleryEntry(
    "verschil-jaren.html",
    "Wat is er veranderd?",
    "Ouderen: verandering van het eerste tot het laatste peilmoment in dezelfde indeling, en waar "
    "die niet vast te stellen is.",
)
_YEARS = GalleryEntry(
    "vergelijk-jaren.html",
    "Hoe was het toen, en hoe is het nu?",
    "Ouderen in een corporatiewoning: eerste en laatste peilmoment naast elkaar.",
)
_REGIONS = GalleryEntry(
    "vergelijk-regios.html",
    "Hoe verschillen twee provincies?",
    "Ouderen in een corporatiewoning: twee provincies naast elkaar, op dezelfde schaal.",
)
_PREFERRED = ("PV27", "PV20")
"""Noord-Holland and Groningen: a dense and a thinly populated provincie."""


def standard_maps(snapshot: Snapshot, assets: Assets) -> dict[str, str]:
    """Draw the maps that every build writes, as far as the snapshot has their collections.

    Returns:
        HTML by file name; ``index.html`` lists the others.

    Raises:
        PreviewError: a map cannot be drawn.
    """
    held = {c.id: c for c in snapshot.contents.collections}
    pages: dict[str, str] = {}
    entries = []
    for standard in _SERIES:
        if _holds(snapshot, standard.collection, standard.indicator):
            pages[standard.entry.bestand] = draw_series(
                snapshot, standard.collection, standard.indicator, assets
            )
            entries.append(standard.entry)
    if carried := _newest_carried(snapshot):
        pages[_THROUGH_THE_YEARS.bestand] = draw_series(snapshot, carried, _COMPARED[1], assets)
        entries.append(_THROUGH_THE_YEARS)
        if changed := _change(snapshot, carried, assets):
            pages[_DIFFERENCE.bestand] = changed
            entries.append(_DIFFERENCE)
    if _holds(snapshot, *_COMPARED):
        pages[_YEARS.bestand] = _compare_years(snapshot, assets)
        pages[_REGIONS.bestand] = _compare_regions(snapshot, assets)
        entries += [_YEARS, _REGIONS]
    notices = [text for c in held.values() for text in snapshot.contents.notices(c)]
    pages[INDEX] = draw_gallery(entries, list(dict.fromkeys(notices)), assets)
    return pages


def draw_gallery(entries: Sequence[GalleryEntry], notices: Sequence[str], assets: Assets) -> str:
    """Draw the page that lists maps by question.

    Args:
        entries: the maps, in order.
        notices: sentences that must stand beside the figures or shapes.
        assets: gives the style sheet.
    """
    return TEMPLATES.get_template("overzicht.html").render(
        titel="Aandachtsgroepen in kaart",
        uitleg="Kaarten van de huisvesting van aandachtsgroepen, naar vraag geordend. "
        "Elke kaart werkt zonder netwerk en toont onder de kaart dezelfde cijfers als tabel.",
        meldingen=notices,
        kaarten=entries,
        stijl=Markup(assets.own_css),  # noqa: S704 - our own file
        csp=content_policy([], [assets.own_css]),
    )


def _holds(snapshot: Snapshot, collection_id: str, indicator_id: str) -> bool:
    return any(
        collection.id == collection_id and indicator_id in collection.indicatoren
        for collection in snapshot.contents.collections
    )


def _newest_carried(snapshot: Snapshot) -> str:
    """Return the collection that holds all periods in the newest indeling; empty without any."""
    held = [c.id for c in snapshot.contents.collections if c.id.startswith(_CARRIED)]
    return max((c for c in held if _holds(snapshot, c, _COMPARED[1])), default="")


def _change(snapshot: Snapshot, carried: str, assets: Assets) -> str:
    """Draw the change between the first and the last moment of one kind; empty without two."""
    if not _holds(snapshot, carried, _COUNTED):
        return ""
    moments = [m.peilmoment for m in read_series(snapshot, View(carried, _COUNTED)).moments]
    first = moments[0]
    last = max(day for day in moments if (day.month, day.day) == (first.month, first.day))
    if first == last:
        return ""
    before, after = (View(carried, _COUNTED, peilmoment=day) for day in (first, last))
    return draw_difference(snapshot, before, after, assets)


def _compare_years(snapshot: Snapshot, assets: Assets) -> str:
    series = read_series(snapshot, View(*_COMPARED))
    first, last = series.moments[0].peilmoment, series.moments[-1].peilmoment
    return draw_compare(
        snapshot, View(*_COMPARED, peilmoment=first), View(*_COMPARED, peilmoment=last), assets
    )


def _compare_regions(snapshot: Snapshot, assets: Assets) -> str:
    table = snapshot.table(MAP_SHAPES)
    known = {
        code
        for code, niveau in zip(table["code"].to_pylist(), table["niveau"].to_pylist(), strict=True)
        if niveau == Niveau.PROVINCIE
    }
    left, right = _PREFERRED if known.issuperset(_PREFERRED) else sorted(known)[:2]
    return draw_compare(
        snapshot, View(*_COMPARED, regio=left), View(*_COMPARED, regio=right), assets
    )
