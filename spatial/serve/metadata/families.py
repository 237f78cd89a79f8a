"""Collections that are one data set to an outsider: the figures of a theme on all levels."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from spatial.domain.aspects import Aspect
from spatial.domain.indicators import Thema
from spatial.domain.regions import Niveau
from spatial.domain.sources import Source, SourceStatus
from spatial.serve.metadata.owner import Spoken
from spatial.store.catalogue import RECODED, Collection, Contents, Kind

_BOUNDS: Spoken = {
    "nl": "Naast elk getal staan status, ondergrens en bovengrens.",
    "en": "Status, lower and upper bound stand beside every number.",
}
_TEXTS: Mapping[str, tuple[Spoken, Spoken]] = {
    Kind.GRENZEN: (
        {
            "nl": "Grenzen van gemeenten en regio's",
            "en": "Boundaries of municipalities and regions",
        },
        {
            "nl": "Grenzen in elke gemeentelijke indeling; dezelfde code is niet altijd hetzelfde gebied.",
            "en": "Boundaries in every boundary vintage; the same code is not always the same area.",
        },
    ),
    Kind.HERINDELINGEN: (
        {"nl": "Gemeentelijke herindelingen", "en": "Boundary changes of municipalities"},
        {
            "nl": "Welke gemeente op welke dag geheel of gedeeltelijk in welke overging.",
            "en": "Which municipality became, wholly or in part, which other one, and when.",
        },
    ),
    Kind.WAARNEMINGEN: (
        {"nl": "Alle waarnemingen", "en": "All observations"},
        {
            "nl": f"Elk cijfer als een rij: groep, kenmerk, maat, regio en peilmoment. {_BOUNDS['nl']}",
            "en": f"Every figure as a row: group, feature, measure, region and day. {_BOUNDS['en']}",
        },
    ),
    Kind.ANALYSE: (
        {"nl": "Vergelijkbare gemeenten", "en": "Similar municipalities"},
        {
            "nl": "De tien gemeenten die het meest op elke gemeente lijken, en waarin.",
            "en": "The ten municipalities that are most like each one, and in what.",
        },
    ),
}
_REALISED = {
    SourceStatus.VOORBEELDCIJFERS: {"nl": "voorbeeldcijfers", "en": "example figures"},
    SourceStatus.SCHEMATISCH: {"nl": "schematische grenzen", "en": "schematic boundaries"},
}
"""What the title says of a data set that may not be taken for the real thing."""


@dataclass(frozen=True, slots=True)
class Family:
    """Collections that differ in level and indeling only.

    Attributes:
        id: what their ids have in common, such as ``ouderen`` or ``ouderen-rang``.
        title: says it when figures or boundaries are not real.
        description: with what must be said of the sources.
        notices: what must be said of the sources; may be empty.
        collections: in the order of the catalogue.
        sources: of all of them, each once.
    """

    id: str
    title: Spoken
    description: Spoken
    notices: Spoken
    collections: tuple[Collection, ...]
    sources: tuple[Source, ...]

    @property
    def example(self) -> bool:
        """Tell whether any of it is made up: figures or boundaries."""
        return any(source.status in _REALISED for source in self.sources)

    @property
    def thema(self) -> str:
        """Theme; empty without one."""
        return self.collections[0].thema

    @property
    def kind(self) -> Kind:
        """What the features are."""
        return self.collections[0].kind

    @property
    def bbox(self) -> tuple[float, float, float, float]:
        """West, south, east, north of all collections (degrees, CRS84)."""
        west, south, east, north = zip(*(entry.bbox for entry in self.collections), strict=True)
        return min(west), min(south), max(east), max(north)

    @property
    def finest(self) -> Collection:
        """The collection to begin with: each period in its own indeling, on the finest level."""
        own = [entry for entry in self.collections if RECODED not in entry.id]
        return (own or self.collections)[-1]


def families_of(contents: Contents) -> tuple[Family, ...]:
    """Gather the collections of a snapshot, in the order of its catalogue."""
    gathered: dict[str, list[Collection]] = {}
    for collection in contents.collections:
        gathered.setdefault(family_id(collection), []).append(collection)
    return tuple(_family(name, tuple(found), contents) for name, found in gathered.items())


def family_id(collection: Collection) -> str:
    """Return the id of a collection without its level and its indeling."""
    basis = collection.id.partition(RECODED)[0]
    return basis.removesuffix(f"-{collection.niveau}") if collection.niveau else basis


def _family(name: str, collections: tuple[Collection, ...], contents: Contents) -> Family:
    ids = dict.fromkeys(source for entry in collections for source in entry.bronnen)
    sources = tuple(contents.source(source) for source in ids)
    title, about = _texts(name, collections)
    said = {source.status: None for source in sources if source.status in _REALISED}
    suffixes = {
        language: ", ".join(_REALISED[status][language] for status in said)
        for language in ("nl", "en")
    }
    notices = {
        "nl": [source.melding for source in sources if source.melding],
        "en": [source.notice_en for source in sources if source.notice_en],
    }
    return Family(
        id=name,
        title={
            language: f"{text} ({suffixes[language]})" if said else text
            for language, text in title.items()
        },
        description={
            language: _joined((_without(text, notices[language]), *notices[language]))
            for language, text in about.items()
        },
        notices={language: _joined(texts) for language, texts in notices.items()},
        collections=collections,
        sources=sources,
    )


def _texts(name: str, collections: tuple[Collection, ...]) -> tuple[Spoken, Spoken]:
    first = collections[0]
    if not first.thema:
        return _TEXTS[first.kind]
    thema = Thema(first.thema)
    aspect = name.removeprefix(thema).removeprefix("-")
    if aspect:
        found, spoken = Aspect(aspect), collections[-1]
        return (
            {
                "nl": f"{thema.titel}: {found.titel}",
                "en": f"{thema.title_en}: {found.title_en}",
            },
            {"nl": spoken.beschrijving_nl, "en": spoken.description_en},
        )
    title = {"nl": thema.titel, "en": thema.title_en}
    levels = list(dict.fromkeys(Niveau(entry.niveau) for entry in collections))
    years = f"{min(c.begin for c in collections).year}-{max(c.eind for c in collections).year}"
    return title, {
        "nl": f"{title['nl']} per {_enumerated([one.titel for one in levels], 'en')}, {years}; elke "
        "periode in haar eigen gemeentelijke indeling, en alle perioden in een indeling. "
        f"{_BOUNDS['nl']}",
        "en": f"{title['en']} for {_enumerated([one.plural_en for one in levels], 'and')}, {years}; "
        f"each period in its own boundary vintage, and all periods in one. {_BOUNDS['en']}",
    }


def _enumerated(words: list[str], word: str) -> str:
    *most, last = words
    return f"{', '.join(most)} {word} {last}" if most else last


def _joined(texts: Iterable[str]) -> str:
    return " ".join(dict.fromkeys(text for text in texts if text))


def _without(text: str, notices: Iterable[str]) -> str:
    for notice in notices:
        text = text.replace(notice, "")
    return text.strip()
