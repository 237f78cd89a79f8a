"""The legend: classes or circles, and a pattern of its own for everything that is not a number."""

from collections.abc import Collection, Sequence
from typing import Any

from spatial.domain.indicators import Indicator
from spatial.domain.status import OF_FIGURES, Status
from spatial.domain.units import said
from spatial.preview.classes import MISSING_SIGNS, ClassScheme, SymbolScale
from spatial.preview.density_words import about_cells, density_subject
from spatial.preview.middles import middle_name
from spatial.preview.panels import RECODED, Panel, Scheme
from spatial.preview.wording import dutch_number, with_unit

LAND = "#f2ede1"
"""Fill of a region on a map of circles."""

_EDGES = {Status.OPGETELD: "dikke rand", Status.GESCHAT: "gestreepte rand"}


def legend_of(
    scheme: Scheme, panels: Sequence[Panel], methods: Collection[Status]
) -> dict[str, Any]:
    """Return the legend of a map: of its figures, or of the cells below its regions."""
    found = legend(scheme, [panel.series.indicator for panel in panels], methods)
    raster = panels[0].raster
    if raster is None:
        return found
    return {**found, "onderwerp": density_subject(raster), "midden": about_cells(raster)}


def legend(
    scheme: Scheme, indicators: Sequence[Indicator], methods: Collection[Status]
) -> dict[str, Any]:
    """Return what the legend template shows.

    Args:
        scheme: classes or circles.
        indicators: what they stand for.
        methods: how the figures on the page came about.

    Returns:
        ``onderwerp`` (what the colours or circles stand for), ``klassen`` (colour, label),
        ``midden`` (a sentence below the colours, such as where they turn; or empty), ``cirkels`` (radius in px,
        label, fill), ``breedte`` (px), ``tekens`` (fill, label) of every
        status without number, and ``randen`` (status, fill, label) of recoded figures that the
        page holds.
    """
    unit = said(indicators[0].eenheid)
    classed = isinstance(scheme, ClassScheme)
    return {
        "onderwerp": " / ".join(_subjects(indicators)),
        "klassen": _classes(scheme) if isinstance(scheme, ClassScheme) else [],
        "cirkels": _circles(scheme, unit) if isinstance(scheme, SymbolScale) else [],
        "midden": _middle(indicators),
        "breedte": 2 * scheme.radius_px + 2 if isinstance(scheme, SymbolScale) else 0,
        "tekens": [
            (f"url(#patroon-{sign})", status.label_nl)
            for status, sign in MISSING_SIGNS.items()
            if status in OF_FIGURES
            or status in methods
            or any(entry.soort.is_difference for entry in indicators)
        ],
        "randen": [
            (status.value, "#fff" if classed else LAND, f"{status.label_nl} ({_EDGES[status]})")
            for status in RECODED
            if status in methods
        ],
    }


def _subjects(indicators: Sequence[Indicator]) -> list[str]:
    return list(
        dict.fromkeys(
            f"{i.titel_nl} ({unit})"
            if (unit := said(i.eenheid)) and i.titel_nl.casefold() != unit
            else i.titel_nl
            for i in indicators
        )
    )


def _middle(indicators: Sequence[Indicator]) -> str:
    """Say at which value the colours turn and what it is, when all indicators have the same."""
    middles = {indicator.midden for indicator in indicators}
    middle = middles.pop() if len(middles) == 1 else None
    if middle is None:
        return ""
    names = dict.fromkeys(names[0] for i in indicators if (names := middle_name(i)))
    value = with_unit(f"{middle:n}", said(indicators[0].eenheid))
    return f"Midden van de schaal: {value} ({' / '.join(names)})"


def _classes(scheme: ClassScheme) -> list[tuple[str, str]]:
    return list(zip(scheme.colours, scheme.labels(), strict=True))


def _circles(scheme: SymbolScale, unit: str) -> list[tuple[float, str, str]]:
    return [
        (
            scheme.radius_of(value),
            with_unit(dutch_number(value, 0), unit),
            scheme.colour_of(value),
        )
        for value in scheme.examples()
    ]
