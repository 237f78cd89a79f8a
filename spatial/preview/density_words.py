"""What a map of a density says: sentences about its squares, in Dutch and English."""

from collections.abc import Sequence
from datetime import date
from itertools import pairwise

from spatial.domain.status import Status
from spatial.domain.units import said_en
from spatial.preview.raster import Picture, Raster
from spatial.preview.wording import dutch_number

_PER_KM2 = " per km2"


def density_sentences(raster: Raster, day: date) -> tuple[list[str], list[str]]:
    """Return a sentence about all cells of a day and one per class, in Dutch and in English."""
    picture = raster.pictures[day]
    return _dutch(raster, picture), _english(raster, picture)


def density_subject(raster: Raster) -> str:
    """Return what the colours stand for."""
    return raster.coverage.title_nl


def about_cells(raster: Raster) -> str:
    """Say what a cell is, what a place without colour is, and how large the squares are."""
    text = (
        "Elk vierkant is een schatting: het aantal van de gemeente, verdeeld naar haar inwoners. Zonder "
        "kleur: niemand geteld, of te weinig om te tonen."
    )
    if raster.block == raster.coverage.grid:
        return text
    return (
        f"{text} Voor dit beeld gemiddeld over blokken van {raster.block} m; het bestand heeft "
        f"vierkanten van {raster.coverage.grid} m."
    )


def not_shown(raster: Raster, day: date) -> str:
    """Say of how many gemeenten no cell could be shown; nothing when there are none."""
    count = raster.band_of[day].statuses.get(Status.TE_KLEIN, 0)
    if not count:
        return ""
    regions = "gemeente is" if count == 1 else "gemeenten is"
    return f" Van {count} {regions} geen vierkant te tonen zonder te veel te zeggen."


def _dutch(raster: Raster, picture: Picture) -> list[str]:
    coverage = raster.coverage
    total = dutch_number(picture.cells, 0)
    if picture.low is None or picture.middle is None or picture.high is None:
        return [f"Geen enkel vierkant van {coverage.grid} m heeft een waarde.", *_none(raster)]
    low, middle, high = (
        dutch_number(value, 0) for value in (picture.low, picture.middle, picture.high)
    )
    whole = (
        f"{total} vierkanten van {coverage.grid} m hebben een waarde, van {low} tot en met {high} "
        f"{coverage.unit}; ten minste de helft heeft {middle} of meer."
    )
    spans = _spans(
        [dutch_number(edge, raster.scheme.decimals) for edge in raster.scheme.breaks],
        ("alle waarden", "minder dan {}", "{} tot {}", "{} of meer"),
    )
    return [
        whole,
        *(
            f"{dutch_number(count, 0)} van de {total} vierkanten: {span} {coverage.unit}."
            for count, span in zip(picture.counts, spans, strict=True)
        ),
    ]


def _english(raster: Raster, picture: Picture) -> list[str]:
    coverage = raster.coverage
    unit = said_en(coverage.unit.removesuffix(_PER_KM2)) + _PER_KM2
    if picture.low is None or picture.middle is None or picture.high is None:
        return [f"No square of {coverage.grid} m has a value.", *_none(raster)]
    total = f"{picture.cells:,}"
    whole = (
        f"{total} squares of {coverage.grid} m have a value, from {picture.low:,.0f} to "
        f"{picture.high:,.0f} {unit}; at least half of them have {picture.middle:,.0f} or more."
    )
    spans = _spans(
        [f"{edge:,.{raster.scheme.decimals}f}" for edge in raster.scheme.breaks],
        ("all values", "less than {}", "{} to {}", "{} or more"),
    )
    return [
        whole,
        *(
            f"{count:,} of the {total} squares: {span} {unit}."
            for count, span in zip(picture.counts, spans, strict=True)
        ),
    ]


def _none(raster: Raster) -> list[str]:
    return [""] * len(raster.scheme.colours)


def _spans(edges: Sequence[str], forms: tuple[str, str, str, str]) -> list[str]:
    every, below, between, above = forms
    if not edges:
        return [every]
    inner = [between.format(low, high) for low, high in pairwise(edges)]
    return [below.format(edges[0]), *inner, above.format(edges[-1])]
