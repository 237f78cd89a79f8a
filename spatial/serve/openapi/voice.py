"""Wording of the document, and the names of its parts."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from spatial.serve.ask.offers import (
    COVERAGE,
    OBSERVATION,
    OBSERVATIONS,
    OFFERS,
    PARTITION,
    Offer,
)
from spatial.store.catalogue import WAARNEMINGEN, Collection, Field

type Part = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Voice:
    """The language of the document.

    Attributes:
        english: texts in English; otherwise in Dutch.
    """

    english: bool

    def __call__(self, dutch: str, english: str) -> str:
        """Choose the wording."""
        return english if self.english else dutch

    def title(self, entry: Field | Collection) -> str:
        """Return the title of a property or collection."""
        return self(entry.titel_nl, entry.title_en)


def reference(kind: str, name: str) -> dict[str, str]:
    """Point to a component of the document itself."""
    return {"$ref": f"#/components/{kind}/{name}"}


_OF_OBSERVATIONS = (OBSERVATIONS, OBSERVATION, PARTITION)


@dataclass(frozen=True, slots=True)
class Groups:
    """Collections with exactly the same properties share their parts of the document.

    Attributes:
        fields: the properties of each group, by its name: the id of its first collection.
        group_of: the group of each collection, by id.
        names: the component that describes each property; its own name, unless two collections
            understand different things by one name.
    """

    fields: dict[str, tuple[Field, ...]]
    group_of: dict[str, str]
    names: dict[Field, str]

    @property
    def offers(self) -> tuple[Offer, ...]:
        """What the collections offer, without coverages: a snapshot need not have observations."""
        absent = () if WAARNEMINGEN in self.group_of else _OF_OBSERVATIONS
        return tuple(offer for offer in OFFERS if offer.path not in {COVERAGE, *absent})


def grouped(collections: Iterable[Collection]) -> Groups:
    """Gather collections by their properties."""
    found = Groups({}, {}, {})
    first: dict[tuple[Field, ...], str] = {}
    taken: dict[str, int] = {}
    for collection in collections:
        group = first.setdefault(collection.velden, collection.id)
        found.fields[group] = collection.velden
        found.group_of[collection.id] = group
        for entry in collection.velden:
            if entry not in found.names:
                count = taken[entry.naam] = taken.get(entry.naam, 0) + 1
                found.names[entry] = entry.naam if count == 1 else f"{entry.naam}.{count}"
    return found
