"""The standard set of maps and the page that lists them by question."""

from collections.abc import Sequence

from markupsafe import Markup

from spatial.domain.regions import Niveau
from spatial.preview.assets import Assets, served_script
from spatial.preview.drawers import drawing_of
from spatial.preview.drawing import Drawing
from spatial.preview.entries import ENTRIES, Entry, Question
from spatial.preview.page import TEMPLATES, content_policy, render_page
from spatial.store.snapshot import Snapshot

INDEX = "index.html"

type Drawn = tuple[Entry, Drawing]
"""A map of the gallery and what it shows."""


def standard_maps(snapshot: Snapshot, assets: Assets) -> dict[str, str]:
    """Draw the maps that every build writes, as far as the snapshot has their collections.

    Returns:
        HTML by file name; ``index.html`` lists the others.

    Raises:
        PreviewError: a map cannot be drawn.
    """
    found = [(entry, drawing_of(snapshot, entry)) for entry in ENTRIES]
    drawn = [(entry, drawing) for entry, drawing in found if drawing is not None]
    contents = snapshot.contents
    notices = [text for c in contents.collections for text in contents.notices(c)]
    pages = {entry.bestand: render_page(drawing, assets) for entry, drawing in drawn}
    pages[INDEX] = draw_gallery(drawn, list(dict.fromkeys(notices)), assets)
    return pages


def draw_gallery(drawn: Sequence[Drawn], notices: Sequence[str], assets: Assets) -> str:
    """Draw the page that lists maps by question.

    Args:
        drawn: the maps; under one question in this order.
        notices: sentences that must stand beside the figures or shapes.
        assets: gives the style sheet.
    """
    script = served_script()
    return TEMPLATES.get_template("overzicht.html").render(
        titel="Aandachtsgroepen in kaart",
        uitleg="Kaarten van de huisvesting van aandachtsgroepen, naar vraag geordend. "
        "Elke kaart werkt zonder netwerk en toont onder de kaart dezelfde cijfers als tabel.",
        meldingen=notices,
        vragen=[
            {"id": question.name.lower(), "titel": question.value.nl, "kaarten": cards}
            for question in Question
            if (cards := [_card(*one) for one in drawn if one[0].vraag is question])
        ],
        stijl=Markup(assets.own_css),  # noqa: S704 - our own file
        script=Markup(script),  # noqa: S704
        csp=content_policy([script], [assets.own_css]),
    )


def _card(entry: Entry, drawing: Drawing) -> dict[str, str]:
    days = [moment.peilmoment for panel in drawing.panels for moment in panel.moments]
    return {
        "bestand": entry.bestand,
        "titel": entry.titel.nl,
        "uitleg": entry.uitleg.nl,
        "niveau": _level(Niveau(drawing.panels[0].series.collection.niveau)),
        "perioden": _years(min(days).year, max(days).year),
    }


def _level(niveau: Niveau) -> str:
    return niveau.titel if niveau is Niveau.LAND else f"per {niveau.titel}"


def _years(first: int, last: int) -> str:
    return str(first) if first == last else f"{first} t/m {last}"
