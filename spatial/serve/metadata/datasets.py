"""What a snapshot has as others count it: data sets, the parts of each, and the files of those."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from spatial.domain.sources import Source
from spatial.serve.metadata.files import File
from spatial.serve.metadata.owner import Spoken
from spatial.store.rasters.index import Coverage

type Box = tuple[float, float, float, float]
"""West, south, east, north (degrees, CRS84)."""


class Subject(StrEnum):
    """What a data set is about, for the themes of other catalogues."""

    PEOPLE = "people"
    DUTY = "duty"
    BORDERS = "borders"


@dataclass(frozen=True, slots=True)
class Part:
    """One collection of the service.

    Attributes:
        id: of the collection.
        title: of the collection.
        description: of the collection.
        begin: first day in it.
        eind: last day in it.
        bbox: where it lies.
        files: in which it can be had as a whole.
        coverage: its grid, where it is one; otherwise it has features.
    """

    id: str
    title: Spoken
    description: Spoken
    begin: date
    eind: date
    bbox: Box
    files: tuple[File, ...]
    coverage: Coverage | None = None


@dataclass(frozen=True, slots=True)
class Dataset:
    """Collections that are one thing to an outsider.

    Attributes:
        id: what the ids of its parts have in common, such as ``ouderen`` or ``ouderen-rang``.
        title: says it when figures or boundaries are not real.
        description: with what must be said of the sources.
        notices: what must be said of the sources; may be empty.
        provenance: its sources with their licences.
        keywords: of its parts, Dutch and English.
        subject: what it is about.
        half_years: it has figures of every half-year; otherwise of every year.
        example: any of it is made up: figures or boundaries.
        parts: its collections, in the order of the catalogue.
        main: id of the part to begin with.
        sources: where it comes from; none when only their names are known.
    """

    id: str
    title: Spoken
    description: Spoken
    notices: Spoken
    provenance: Spoken
    keywords: dict[str, list[str]]
    subject: Subject
    half_years: bool
    example: bool
    parts: tuple[Part, ...]
    main: str
    sources: tuple[Source, ...] = ()

    @property
    def bbox(self) -> Box:
        """Where it lies."""
        west, south, east, north = zip(*(part.bbox for part in self.parts), strict=True)
        return min(west), min(south), max(east), max(north)

    @property
    def begin(self) -> date:
        """First day in it."""
        return min(part.begin for part in self.parts)

    @property
    def eind(self) -> date:
        """Last day in it."""
        return max(part.eind for part in self.parts)


def joined(texts: Iterable[str]) -> str:
    """Join sentences, each once; empty ones are left out."""
    return " ".join(dict.fromkeys(text for text in texts if text))
