"""The coverages of a theme as one data set."""

from collections.abc import Iterable, Iterator
from functools import cache

from pyproj import Transformer

from spatial.domain.crs import CRS84
from spatial.domain.indicators import Thema
from spatial.domain.sources import Source, SourceStatus
from spatial.serve.metadata.datasets import Box, Dataset, Part, Subject, joined
from spatial.serve.metadata.families import MADE_UP, titled
from spatial.serve.metadata.files import raster_of
from spatial.serve.metadata.owner import Spoken
from spatial.store.catalogue import Contents
from spatial.store.rasters.index import Coverage, read_coverages
from spatial.store.snapshot import Snapshot

_ABOUT: Spoken = {
    "nl": "Cijfers per gemeente, verdeeld over een raster van bewoonde plekken; per gemeente is de som van de "
    "cellen het cijfer. Een cel zonder waarde is onbewoond, of mag niet worden getoond.",
    "en": "Figures per municipality, spread over a grid of inhabited places; the cells of a municipality sum to "
    "its figure. A cell without a value has no inhabitants, or may not be shown.",
}


def density_id(coverage: Coverage) -> str:
    """Return the id of the data set that a coverage is a part of."""
    return f"{coverage.thema}-dichtheid"


def densities_of(snapshot: Snapshot) -> Iterator[Dataset]:
    """Gather the coverages of a snapshot by theme."""
    gathered: dict[str, list[Coverage]] = {}
    for coverage in read_coverages(snapshot.path):
        gathered.setdefault(density_id(coverage), []).append(coverage)
    for name, found in gathered.items():
        yield _density(name, found, snapshot.contents)


def _density(name: str, coverages: list[Coverage], contents: Contents) -> Dataset:
    thema, sources = Thema(coverages[0].thema), _sources(coverages, contents)
    said = {source.status: None for source in sources if source.status in MADE_UP}
    if any(entry.voorbeeld for entry in coverages):
        # also where only the inhabitants per square are an example
        said = {SourceStatus.VOORBEELDCIJFERS: None, **said}
    example = bool(said)
    notices = {
        "nl": joined(text for entry in coverages for text in entry.notices_nl),
        "en": joined(text for entry in coverages for text in entry.notices_en),
    }
    title = {
        "nl": f"{thema.titel}: dichtheid per km2",
        "en": f"{thema.title_en}: density per km2",
    }
    made_of = joined(f"{entry.source} ({entry.licence})." for entry in coverages)
    return Dataset(
        id=name,
        title=titled(title, said),
        description={
            language: f"{text} {notices[language]}".strip() for language, text in _ABOUT.items()
        },
        notices=notices,
        provenance={
            language: f"{made_of} {notices[language]}".strip() for language in ("nl", "en")
        },
        keywords={
            "nl": [str(thema), "dichtheid", "raster", *(["voorbeeld"] if example else [])],
            "en": [
                thema.title_en.lower(), "density", "raster", *(["example"] if example else [])
            ],
        },
        subject=Subject.PEOPLE,
        half_years=False,
        example=example,
        parts=tuple(_part(entry) for entry in coverages),
        main=coverages[0].id,
        sources=sources,
    )  # fmt: skip


def _sources(coverages: Iterable[Coverage], contents: Contents) -> tuple[Source, ...]:
    """Return the sources of the figures that were spread, and of their boundaries."""
    spread = {entry.collection for entry in coverages}
    found = [entry.bronnen for entry in contents.collections if entry.id in spread]
    return tuple(contents.source(one) for one in dict.fromkeys(one for ids in found for one in ids))


def _part(coverage: Coverage) -> Part:
    days = [band.peilmoment for band in coverage.bands]
    return Part(
        id=coverage.id,
        title={"nl": coverage.title_nl, "en": coverage.title_en},
        description={
            "nl": joined((coverage.description_nl, *coverage.notices_nl)),
            "en": joined((coverage.description_en, *coverage.notices_en)),
        },
        begin=min(days),
        eind=max(days),
        bbox=_degrees(coverage),
        files=(raster_of(coverage),),
        coverage=coverage,
    )


def _degrees(coverage: Coverage) -> Box:
    """Return the bounds in longitude and latitude, to 6 decimals."""
    bounds = _to_degrees(coverage.crs).transform_bounds(*coverage.bbox)
    west, south, east, north = (round(edge, 6) for edge in bounds)
    return west, south, east, north


@cache
def _to_degrees(epsg: int) -> Transformer:
    return Transformer.from_crs(epsg, CRS84.epsg, always_xy=True)
