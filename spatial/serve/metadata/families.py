"""Collections that are one data set to an outsider: the figures of a theme on all levels."""

from collections.abc import Iterable, Iterator, Mapping

from spatial.domain.aspects import Aspect
from spatial.domain.indicators import Thema
from spatial.domain.regions import Niveau
from spatial.domain.sources import Source, SourceStatus
from spatial.serve.metadata.datasets import Dataset, Part, Subject, joined
from spatial.serve.metadata.files import files_of
from spatial.serve.metadata.owner import Spoken
from spatial.store.catalogue import RECODED, Collection, Contents, Kind
from spatial.store.snapshot import Snapshot

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
MADE_UP = {
    SourceStatus.VOORBEELDCIJFERS: {"nl": "voorbeeldcijfers", "en": "example figures"},
    SourceStatus.SCHEMATISCH: {"nl": "schematische grenzen", "en": "schematic boundaries"},
}
"""What the title says of a data set that may not be taken for the real thing."""


def family_ids(contents: Contents) -> tuple[str, ...]:
    """Return the ids of the data sets of collections, in the order of the catalogue."""
    return tuple(dict.fromkeys(family_id(entry) for entry in contents.collections))


def family_id(collection: Collection) -> str:
    """Return the id of a collection without its level and its indeling."""
    basis = collection.id.partition(RECODED)[0]
    return basis.removesuffix(f"-{collection.niveau}") if collection.niveau else basis


def families_of(snapshot: Snapshot) -> Iterator[Dataset]:
    """Gather the collections of a snapshot, in the order of its catalogue."""
    gathered: dict[str, list[Collection]] = {}
    for collection in snapshot.contents.collections:
        gathered.setdefault(family_id(collection), []).append(collection)
    for name, found in gathered.items():
        yield _family(name, tuple(found), snapshot)


def _family(name: str, collections: tuple[Collection, ...], snapshot: Snapshot) -> Dataset:
    first, contents = collections[0], snapshot.contents
    ids = dict.fromkeys(source for entry in collections for source in entry.bronnen)
    sources = tuple(contents.source(source) for source in ids)
    title, about = _texts(name, collections)
    notices = {
        "nl": [source.melding for source in sources if source.melding],
        "en": [source.notice_en for source in sources if source.notice_en],
    }
    said = {source.status: None for source in sources if source.status in MADE_UP}
    own = [entry for entry in collections if RECODED not in entry.id]
    return Dataset(
        id=name,
        title=titled(title, said),
        description={
            language: joined((_without(text, notices[language]), *notices[language]))
            for language, text in about.items()
        },
        notices={language: joined(texts) for language, texts in notices.items()},
        provenance=_provenance(sources),
        keywords=_keywords(collections, example=bool(said)),
        subject=_subject(first),
        half_years=first.thema == Thema.TAAKSTELLING or first.kind is Kind.WAARNEMINGEN,
        example=bool(said),
        parts=tuple(_part(entry, snapshot) for entry in collections),
        main=(own or collections)[-1].id,
        sources=sources,
    )


def titled(title: Spoken, said: Iterable[SourceStatus]) -> Spoken:
    """Say behind a title what is made up."""
    words = {
        language: ", ".join(MADE_UP[status][language] for status in said)
        for language in ("nl", "en")
    }
    return {
        language: f"{text} ({words[language]})" if words[language] else text
        for language, text in title.items()
    }


def _part(collection: Collection, snapshot: Snapshot) -> Part:
    """Describe a collection; its English description lacks the notices, its Dutch mostly not."""
    sources = [snapshot.contents.source(source) for source in collection.bronnen]
    notice_en = joined(source.notice_en for source in sources)
    notices = [
        source.melding for source in sources if source.melding not in collection.beschrijving_nl
    ]
    return Part(
        id=collection.id,
        title={"nl": collection.titel_nl, "en": collection.title_en},
        description={
            "nl": joined((collection.beschrijving_nl, *notices)),
            "en": f"{_without(collection.description_en, [notice_en])} {notice_en}".strip(),
        },
        begin=collection.begin,
        eind=collection.eind,
        bbox=collection.bbox,
        files=tuple(files_of(snapshot, collection)),
    )


def _subject(collection: Collection) -> Subject:
    if collection.kind in {Kind.GRENZEN, Kind.HERINDELINGEN}:
        return Subject.BORDERS
    return Subject.DUTY if collection.thema == Thema.TAAKSTELLING else Subject.PEOPLE


def _keywords(collections: Iterable[Collection], *, example: bool) -> dict[str, list[str]]:
    nl = [word for entry in collections for word in entry.trefwoorden]
    en = [Thema(entry.thema).title_en.lower() for entry in collections if entry.thema]
    if example:
        nl, en = [*nl, "voorbeeld"], [*en, "example"]
    return {"nl": list(dict.fromkeys(nl)), "en": list(dict.fromkeys(en))}


def _provenance(sources: Iterable[Source]) -> Spoken:
    """Name the sources with their licence, what they hold for, and what must be said of them."""
    return {
        "nl": joined(f"{one.titel} ({one.licentie}). {one.melding}".strip() for one in sources),
        "en": joined(f"{one.titel} ({one.licentie}). {one.notice_en}".strip() for one in sources),
    }


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


def _without(text: str, notices: Iterable[str]) -> str:
    for notice in notices:
        text = text.replace(notice, "")
    return text.strip()
