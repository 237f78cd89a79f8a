"""What can be asked of a snapshot: indicators per theme, days, indelingen."""

from collections.abc import Iterable
from dataclasses import dataclass

from spatial.domain.regions import Indeling
from spatial.errors import QuestionError
from spatial.store.catalogue import RECODED, Collection, Field, Kind
from spatial.store.snapshot import Snapshot

SHOWN = 12
"""Of a longer list of what there is, an error shows so many."""


@dataclass(frozen=True, slots=True, order=True)
class Onderwerp:
    """An indicator of a theme; written ``<thema>:<indicator>``.

    Attributes:
        thema: theme, such as ``ouderen``.
        indicator: id of the indicator, such as ``aandeelCorporatie``.
    """

    thema: str
    indicator: str

    def __str__(self) -> str:
        return f"{self.thema}:{self.indicator}"


def parse_onderwerp(text: str) -> Onderwerp:
    """Read ``<thema>:<indicator>``; whether it is there is another matter.

    >>> parse_onderwerp("ouderen:personen")
    Onderwerp(thema='ouderen', indicator='personen')
    """
    thema, _, indicator = text.strip().partition(":")
    return Onderwerp(thema, indicator)


@dataclass(frozen=True, slots=True)
class Offer:
    """What can be asked.

    Attributes:
        onderwerpen: indicators with the field that describes them, in the order of the catalogue.
        peilmomenten: days (ISO) of each theme, ascending.
        indelingen: for which there are series in one indeling, ascending.
        collections: the collections of indicators by id.
    """

    onderwerpen: dict[Onderwerp, Field]
    peilmomenten: dict[str, tuple[str, ...]]
    indelingen: tuple[Indeling, ...]
    collections: dict[str, Collection]

    @property
    def days(self) -> tuple[str, ...]:
        """All days of all themes, ascending."""
        return tuple(sorted({day for days in self.peilmomenten.values() for day in days}))

    def collection(
        self, thema: str, niveau: str, indeling: Indeling | None = None
    ) -> Collection | None:
        """Return the collection of a theme at a level; None when there is none."""
        suffix = "" if indeling is None else f"{RECODED}{indeling}"
        return self.collections.get(f"{thema}-{niveau}{suffix}")


def offer_of(snapshot: Snapshot) -> Offer:
    """Return what can be asked of a snapshot.

    Only collections ``<thema>-<niveau>`` and their series in one indeling count: those of another
    aspect hold what was computed from these.
    """
    found = Offer({}, {}, (), {})
    days: dict[str, set[str]] = {}
    indelingen = set()
    for collection in snapshot.contents.collections:
        if collection.kind is not Kind.INDICATOREN:
            continue
        if collection.basis != f"{collection.thema}-{collection.niveau}":
            continue
        found.collections[collection.id] = collection
        if RECODED in collection.id:
            indelingen.add(Indeling(collection.indelingen[0]))
        fields = {field.naam: field for field in collection.velden}
        for indicator in collection.indicatoren:
            found.onderwerpen.setdefault(Onderwerp(collection.thema, indicator), fields[indicator])
        if collection.thema not in days:
            column = snapshot.features(collection)["peilmoment"]
            days[collection.thema] = set(column.unique().cast("string").to_pylist())
    moments = {thema: tuple(sorted(of_thema)) for thema, of_thema in days.items()}
    return Offer(found.onderwerpen, moments, tuple(sorted(indelingen)), found.collections)


def refuse_unknown(name: str, asked: Iterable[str], known: Iterable[str], what: str) -> None:
    """Refuse what is not among the known.

    Raises:
        QuestionError: names the first that is not there, and what there is.
    """
    there = list(known)
    among = set(there)
    for entry in asked:
        if entry not in among:
            more = f" and {len(there) - SHOWN} more" if len(there) > SHOWN else ""
            message = f"there is no {what} {entry!r}; there are {', '.join(there[:SHOWN])}{more}"
            raise QuestionError(name, message)
