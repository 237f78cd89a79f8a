"""What is said of a density: titles, how it was made, what must stand beside it, tags of the file."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import pyarrow as pa

from spatial.domain.crs import RD
from spatial.domain.indicators import Indicator, Thema
from spatial.domain.sources import Source, SourceStatus
from spatial.domain.squares import Frame, SpreadRules
from spatial.store.catalogue import RECODED, Collection, Contents
from spatial.store.rasters.cog import NODATA
from spatial.store.rasters.index import Band, Coverage

_CAPITAL = re.compile(r"(?=[A-Z])")


@dataclass(frozen=True, slots=True)
class PopulationGrid:
    """Who lives where, and who says so.

    Attributes:
        frame: the cells.
        inhabited: ``INHABITED``.
        source: where it comes from.
    """

    frame: Frame
    inhabited: pa.Table
    source: Source


@dataclass(frozen=True, slots=True)
class Subject:
    """What is spread.

    Attributes:
        collection: of gemeenten.
        indicator: a count in it.
        contents: for its sources.
    """

    collection: Collection
    indicator: Indicator
    contents: Contents


def coverage_id(collection: Collection, indicator: Indicator, side: int) -> str:
    """Return ``<thema>-<indicator in kebab-case>-dichtheid-<side>m[-indeling-<jaar>]``."""
    name = _CAPITAL.sub("-", indicator.id).lower()
    _, recoded, year = collection.id.partition(RECODED)
    return f"{collection.thema}-{name}-dichtheid-{side}m{recoded}{year}"


def unit_of(indicator: Indicator) -> str:
    """Return the unit of its density."""
    return f"{indicator.eenheid} per km2"


def band_label(collection: Collection, indicator: Indicator, day: date) -> str:
    """Return the description of a band, in Dutch."""
    thema = Thema(collection.thema).titel
    return f"{thema}: {_lower(indicator.titel_nl)} per km2, {day.day}-{day.month}-{day.year}"


def band_tags(band: Band, geschat: Sequence[str], *, voorlopig: bool) -> dict[str, str]:
    """Return the facts of a band.

    Args:
        band: the band.
        geschat: codes of the gemeenten of which the count itself is an estimate.
        voorlopig: a figure of it is provisional.
    """
    return {
        "PEILMOMENT": band.peilmoment.isoformat(),
        "INDELING": str(band.indeling),
        "VOORLOPIG": "ja" if voorlopig else "nee",
        **{f"STATUS_{name.upper()}": str(count) for name, count in band.statuses.items()},
        "GESCHAT": " ".join(geschat),
    }


def file_tags(coverage: Coverage, rules: SpreadRules) -> dict[str, str]:
    """Return the facts of a file."""
    return {
        "TITEL": coverage.title_nl,
        "BESCHRIJVING": coverage.description_nl,
        "THEMA": coverage.thema,
        "INDICATOR": coverage.indicator,
        "COLLECTIE": coverage.collection,
        "EENHEID": coverage.unit,
        "BRON": coverage.source,
        "LICENTIE": coverage.licence,
        "MELDING": " ".join(coverage.notices_nl),
        "METHODE": "dasymetrisch: elke cel is geschat, de som per gemeente is het getal zelf",
        "DREMPEL": f"{rules.threshold:g}",
        "BEREIK": f"{rules.reach:g}",
    }


def describe_coverage(
    subject: Subject, grid: PopulationGrid, rules: SpreadRules, bands: tuple[Band, ...]
) -> Coverage:
    """Describe a density; size and checksum are still those of no file."""
    collection, indicator = subject.collection, subject.indicator
    frame, thema = grid.frame, Thema(collection.thema)
    boundaries = collection.bronnen[-1]
    known = [subject.contents.source(name) for name in (indicator.bron, boundaries)]
    sources = [*known, grid.source]
    id_ = coverage_id(collection, indicator, frame.side)
    return Coverage(
        id=id_,
        thema=collection.thema,
        indicator=indicator.id,
        collection=collection.id,
        title_nl=f"{thema.titel}: {_lower(indicator.titel_nl)} per km2 (vierkanten van {frame.side} m)",
        title_en=f"{thema.title_en}: {_lower(indicator.title_en)} per km2 (squares of {frame.side} m)",
        description_nl=f"{indicator.definitie_nl} {_explained(frame, rules)}",
        description_en=f"{indicator.definition_en} {_explained_en(frame, rules)}",
        unit=unit_of(indicator),
        grid=frame.side,
        crs=RD.epsg,
        bbox=frame.bbox,
        shape=frame.shape,
        nodata=NODATA,
        bands=bands,
        source="; ".join(source.titel for source in sources),
        licence="; ".join(source.licentie for source in sources),
        voorbeeld=any(source.status is SourceStatus.VOORBEELDCIJFERS for source in sources),
        file=f"{id_}.tif",
        size=0,
        sha256="",
        notices_nl=_told(source.melding for source in sources),
        notices_en=_told(source.notice_en for source in sources),
    )


def _told(notices: Iterable[str]) -> tuple[str, ...]:
    """Return each notice once, without those that say the same of a part."""
    texts = [notice for notice in dict.fromkeys(notices) if notice]
    return tuple(
        text for text in texts if not any(text != more and text.startswith(more) for more in texts)
    )


def _explained(frame: Frame, rules: SpreadRules) -> str:
    """Say how cells get their value and why some have none."""
    return (
        f"Het aantal per gemeente is verdeeld over haar vierkanten van {frame.side} m naar hun inwoners;"
        " elk vierkant is een schatting, de som per gemeente is het aantal zelf. Een vierkant op een"
        " grens hoort geheel bij de gemeente die er het meest van bedekt. Een vierkant heeft geen waarde"
        f" waar niemand is geteld, waar er minder dan {rules.threshold:g} zouden zijn (die tellen mee in"
        " de grotere vierkanten van de gemeente), en in een gemeente waarvan het aantal geheim, onbekend"
        " of te klein is."
    )


def _explained_en(frame: Frame, rules: SpreadRules) -> str:
    return (
        f"The count of a municipality is divided over its squares of {frame.side} m by their"
        " inhabitants; every square is an estimate, the sum over a municipality is the count itself. A"
        " square on a border belongs wholly to the municipality that covers most of it. A square has no"
        f" value where nobody is counted, where there would be fewer than {rules.threshold:g} (those"
        " count in the larger squares of the municipality), and in a municipality of which the count is"
        " confidential, unknown or too small."
    )


def _lower(title: str) -> str:
    return title[:1].lower() + title[1:]
