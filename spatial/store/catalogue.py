"""Which collections a snapshot holds: titles, fields, extent, sources. Plain Python, light to load."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date
from enum import StrEnum
from typing import Any

from spatial.domain.sources import Source, SourceStatus
from spatial.errors import StoreError

RECODED = "-indeling-"
"""What stands in the id of a collection before the one indeling of all its periods."""
WAARNEMINGEN = "waarnemingen"
"""Id of the collection of all observations."""


class Kind(StrEnum):
    """What the features of a collection are."""

    INDICATOREN = "indicatoren"
    GRENZEN = "grenzen"
    HERINDELINGEN = "herindelingen"
    ANALYSE = "analyse"
    WAARNEMINGEN = "waarnemingen"


@dataclass(frozen=True, slots=True)
class Field:
    """One published property.

    Attributes:
        naam: property name (camelCase) and column of the layer.
        type: ``string``, ``integer``, ``number``, ``boolean`` or ``date``.
        titel_nl: Dutch title.
        title_en: English title.
        beschrijving_nl: Dutch description; says what missing means.
        eenheid: unit; empty without one.
        codes: allowed values of a code list; empty when free.
        indicator: id of the indicator it belongs to; empty for the others.
    """

    naam: str
    type: str
    titel_nl: str
    title_en: str
    beschrijving_nl: str = ""
    eenheid: str = ""
    codes: tuple[str, ...] = ()
    indicator: str = ""


@dataclass(frozen=True, slots=True)
class Collection:
    """One collection of the snapshot.

    Attributes:
        id: collection id, such as ``<thema>-<niveau>``, ``grenzen-<niveau>`` or ``herindelingen``.
        kind: what its features are.
        thema: theme; empty for grenzen and herindelingen.
        niveau: level; empty for herindelingen.
        titel_nl: Dutch title.
        title_en: English title.
        beschrijving_nl: Dutch description, with what must be said of its sources.
        description_en: English description.
        trefwoorden: keywords.
        bestand: GeoParquet file in the snapshot; of observations the folder of the cube.
        begin_veld: date field in which a feature's time begins.
        eind_veld: date field in which it ends (included); the same field for a moment.
        begin: first day in the collection.
        eind: last day.
        bbox: west, south, east, north (degrees, CRS84).
        aantal: number of features.
        indelingen: the indelingen in it, ascending.
        indicatoren: ids of its indicators, in order.
        velden: its properties, in order.
        bronnen: ids of its sources.
    """

    id: str
    kind: Kind
    thema: str
    niveau: str
    titel_nl: str
    title_en: str
    beschrijving_nl: str
    description_en: str
    trefwoorden: tuple[str, ...]
    bestand: str
    begin_veld: str
    eind_veld: str
    begin: date
    eind: date
    bbox: tuple[float, float, float, float]
    aantal: int
    indelingen: tuple[int, ...]
    indicatoren: tuple[str, ...]
    velden: tuple[Field, ...]
    bronnen: tuple[str, ...]

    @property
    def basis(self) -> str:
        """Id of the collection whose figures these are, or are made of; else its own id."""
        if self.kind is Kind.ANALYSE and self.thema:
            return f"{self.thema}-{self.niveau}"
        return self.id.partition(RECODED)[0]

    @property
    def layered(self) -> bool:
        """Tell whether it is a layer: a table with a shape in every row; observations are a cube."""
        return self.kind is not Kind.WAARNEMINGEN

    @property
    def stijl(self) -> str:
        """File beside the maps with the frozen scheme of its indicators; only of indicatoren."""
        return f"stijlen/{self.basis}.json"


@dataclass(frozen=True, slots=True)
class Contents:
    """All collections and sources of a snapshot."""

    collections: tuple[Collection, ...]
    sources: tuple[Source, ...]

    def get(self, collection_id: str) -> Collection:
        """Return one collection.

        Raises:
            StoreError: the snapshot has no such collection.
        """
        for collection in self.collections:
            if collection.id == collection_id:
                return collection
        message = f"the snapshot has no collection {collection_id!r}"
        raise StoreError(message)

    @property
    def layers(self) -> tuple[Collection, ...]:
        """The collections that are layers."""
        return tuple(entry for entry in self.collections if entry.layered)

    def source(self, source_id: str) -> Source:
        """Return one source.

        Raises:
            StoreError: the snapshot names no such source.
        """
        for source in self.sources:
            if source.id == source_id:
                return source
        message = f"the snapshot has no source {source_id!r}"
        raise StoreError(message)

    def notices(self, collection: Collection) -> list[str]:
        """Return the sentences that must stand beside a collection wherever it is shown."""
        texts = [self.source(source_id).melding for source_id in collection.bronnen]
        return list(dict.fromkeys(text for text in texts if text))


def to_json(contents: Contents) -> dict[str, Any]:
    """Return the contents as JSON values; dates as ISO text."""
    document = asdict(contents)
    for collection in document["collections"]:
        collection["begin"] = collection["begin"].isoformat()
        collection["eind"] = collection["eind"].isoformat()
    return document


def from_json(document: Mapping[str, Any]) -> Contents:
    """Read back what ``to_json`` wrote.

    Raises:
        StoreError: a member is missing or unknown.
    """
    try:
        sources = tuple(
            Source(**{**entry, "status": SourceStatus(entry["status"])})
            for entry in document["sources"]
        )
        return Contents(tuple(_collection(entry) for entry in document["collections"]), sources)
    except (KeyError, TypeError, ValueError) as error:
        message = f"the catalogue of the snapshot cannot be read: {error!r}"
        raise StoreError(message) from error


def _collection(entry: Mapping[str, Any]) -> Collection:
    values: dict[str, Any] = dict(entry)
    for field in fields(Collection):
        if isinstance(values[field.name], list):
            values[field.name] = tuple(values[field.name])
    values["kind"] = Kind(values["kind"])
    values["begin"] = date.fromisoformat(values["begin"])
    values["eind"] = date.fromisoformat(values["eind"])
    values["velden"] = tuple(
        Field(**{**field, "codes": tuple(field["codes"])}) for field in values["velden"]
    )
    return Collection(**values)
