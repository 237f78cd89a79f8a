"""What a service has: its collections with indicators, as they can be chosen. No QGIS here.

A collection is called ``<thema>-<niveau>``, with ``-indeling-<jaar>`` behind it when all its periods
are in one indeling. Its keywords name theme and level, its title says both in words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, Dict, Iterable, Iterator, Mapping, Sequence, Set, Tuple

OWN = 0
"""Indeling of a collection in which every period has its own."""

_VINTAGE = re.compile(r"-indeling-(\d{4})$")
_PARTING = {"nl": " per ", "en": ", "}
"""What stands in a title between its theme and its level."""

Titles = Dict[Tuple[str, str], str]
"""Title of an indicator by theme and indicator id."""


@dataclass(frozen=True)
class Collection:
    """One collection with indicators.

    Attributes:
        id: collection id.
        title: its title, in the language asked.
        description: its description, with what must be said of its sources.
        thema: theme with aspect, as in the id: ``ouderen``, ``ouderen-vergelijking``.
        thema_title: the theme in words.
        niveau: level, as in the id.
        niveau_title: the level in words.
        indeling: the one indeling of all its periods; ``OWN``: each period has its own.
        years: the years in which it has a period, ascending, first to last.
        indicators: ids of its indicators, in order.
    """

    id: str
    title: str
    description: str
    thema: str
    thema_title: str
    niveau: str
    niveau_title: str
    indeling: int
    years: Tuple[int, ...]
    indicators: Tuple[str, ...]


@dataclass(frozen=True)
class Catalogue:
    """The collections of one snapshot of a service.

    Attributes:
        collections: those with indicators, in the order of the service.
        titles: titles of their indicators.
        snapshot: which snapshot it was read from.
    """

    collections: Tuple[Collection, ...] = ()
    titles: Titles = field(default_factory=dict)
    snapshot: str = ""

    def get(self, collection_id: str) -> Collection:
        """Return one collection.

        Raises:
            KeyError: there is none of this id.
        """
        for entry in self.collections:
            if entry.id == collection_id:
                return entry
        raise KeyError(collection_id)

    def title_of(self, thema: str, indicator: str) -> str:
        """Return the title of an indicator in a theme; its id when no document gave one."""
        return self.titles.get((thema, indicator), indicator)


def read_collections(
    collections: Mapping[str, Any], styles: Mapping[str, Any], language: str
) -> Tuple[Collection, ...]:
    """Return the collections that have indicators with a style.

    Args:
        collections: the document at ``/collections``, in the language.
        styles: the document at ``/styles``.
        language: ``nl`` or ``en``.

    Raises:
        KeyError: a member is missing: this is no such service.
    """
    indicators = {entry["id"]: tuple(entry["indicatoren"]) for entry in styles["styles"]}
    found = (_collection(entry, indicators, language) for entry in collections["collections"])
    return tuple(entry for entry in found if entry is not None)


def title_sources(styles: Mapping[str, Any], known: Iterable[Collection]) -> Iterator[str]:
    """Yield the few style documents that together title every indicator of every theme.

    Args:
        styles: the document at ``/styles``.
        known: the collections of the service.
    """
    themas = {_owner(entry.id): entry.thema for entry in known}
    titled: Set[Tuple[str, str]] = set()
    for style in styles["styles"]:
        thema = themas.get(_owner(style["id"]), "")
        names = {(thema, name) for name in style["indicatoren"]}
        if thema and not names <= titled:
            titled |= names
            yield style["id"]


def read_titles(
    documents: Iterable[Mapping[str, Any]], known: Sequence[Collection], language: str
) -> Titles:
    """Return the titles in style documents, by theme and indicator.

    Args:
        documents: documents at ``/styles/<collection>``.
        known: the collections of the service.
        language: ``nl`` or ``en``.
    """
    themas = {_owner(entry.id): entry.thema for entry in known}
    return {
        (themas[_owner(document["collectie"])], name): entry["titel"][language]
        for document in documents
        for name, entry in document["indicatoren"].items()
    }


def _collection(
    entry: Mapping[str, Any], indicators: Mapping[str, Tuple[str, ...]], language: str
) -> Any:
    owner = _owner(entry["id"])
    niveau = next(
        (word for word in entry.get("keywords", ()) if owner.endswith(f"-{word}")),
        "",
    )
    if owner not in indicators or not niveau:
        return None
    vintage = _VINTAGE.search(entry["id"])
    thema_title, niveau_title = _in_words(entry["title"], vintage is not None, language)
    return Collection(
        id=entry["id"],
        title=entry["title"],
        description=entry.get("description", ""),
        thema=owner[: -len(niveau) - 1],
        thema_title=thema_title,
        niveau=niveau,
        niveau_title=niveau_title,
        indeling=int(vintage.group(1)) if vintage else OWN,
        years=_years(entry),
        indicators=indicators[owner],
    )


def _owner(collection_id: str) -> str:
    """Return the id without the indeling: the collection whose style it has."""
    return _VINTAGE.sub("", collection_id)


def _in_words(title: str, recoded: bool, language: str) -> Tuple[str, str]:  # noqa: FBT001
    """Return theme and level as the title says them; the indeling behind a comma is left out."""
    words = title.rpartition(",")[0] if recoded else title
    thema, parting, niveau = words.rpartition(_PARTING[language])
    return (thema, niveau) if parting else (words, words)


def _years(entry: Mapping[str, Any]) -> Tuple[int, ...]:
    begin, end = entry["extent"]["temporal"]["interval"][0]
    return tuple(range(int(begin[:4]), int(end[:4]) + 1))
