"""The standard set of maps and the page that lists them by question."""

from collections.abc import Sequence
from datetime import date

from markupsafe import Markup

from spatial.domain.regions import Niveau
from spatial.preview.assets import Assets
from spatial.preview.drawers import Drawn, draw_entry
from spatial.preview.entries import ENTRIES, Question
from spatial.preview.page import TEMPLATES, content_policy
from spatial.store.snapshot import Snapshot

INDEX = "index.html"


def standard_maps(snapshot: Snapshot, assets: Assets) -> dict[str, str]:
    """Draw the maps that every build writes, as far as the snapshot has their collections.

    Returns:
        HTML by file name; ``index.html`` lists the others.

    Raises:
        PreviewError: a map cannot be drawn.
    """
    found = (draw_entry(snapshot, entry, assets) for entry in ENTRIES)
    drawn = [one for one in found if one is not None]
    contents = snapshot.contents
    notices = [text for c in contents.collections for text in contents.notices(c)]
    pages = {one.entry.bestand: one.html for one in drawn}
    pages[INDEX] = draw_gallery(drawn, list(dict.fromkeys(notices)), assets)
    return pages


def draw_gallery(drawn: Sequence[Drawn], notices: Sequence[str], assets: Assets) -> str:
    """Draw the page that lists maps by question.

    Args:
        drawn: the maps; under one question in this order.
        notices: sentences that must stand beside the figures or shapes.
        assets: gives the style sheet.
    """
    return TEMPLATES.get_template("overzicht.html").render(
        titel="Aandachtsgroepen in kaart",
        uitleg="Kaarten van de huisvesting van aandachtsgroepen, naar vraag geordend. "
        "Elke kaart werkt zonder netwerk en toont onder de kaart dezelfde cijfers als tabel.",
        meldingen=notices,
        vragen=[
            {"id": question.name.lower(), "titel": question.value.nl, "kaarten": cards}
            for question in Question
            if (cards := [_card(one) for one in drawn if one.entry.vraag is question])
        ],
        stijl=Markup(assets.own_css),  # noqa: S704 - our own file
        csp=content_policy([], [assets.own_css]),
    )


def _card(drawn: Drawn) -> dict[str, str]:
    entry = drawn.entry
    return {
        "bestand": entry.bestand,
        "titel": entry.titel.nl,
        "uitleg": entry.uitleg.nl,
        "niveau": _level(drawn.niveau),
        "perioden": _years(drawn.perioden),
    }


def _level(niveau: Niveau) -> str:
    return niveau.titel if niveau is Niveau.LAND else f"per {niveau.titel}"


def _years(perioden: tuple[date, date]) -> str:
    first, last = (day.year for day in perioden)
    return str(first) if first == last else f"{first} t/m {last}"
