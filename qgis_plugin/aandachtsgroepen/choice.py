"""What has been chosen of a catalogue, and what that leaves to choose. No QGIS here."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from typing import Iterator, Tuple, Union

from aandachtsgroepen.catalogue import Catalogue, Collection

Value = Union[str, int]


class Facet(str, Enum):
    """One question of the panel; the value is the name of its text and of its field below."""

    THEMA = "thema"
    NIVEAU = "niveau"
    INDELING = "indeling"
    JAAR = "jaar"
    INDICATOR = "indicator"


@dataclass(frozen=True)
class Option:
    """One thing that can be chosen.

    Attributes:
        value: what is chosen.
        title: how it is called; empty where the value says it (a year, an indeling).
    """

    value: Value
    title: str = ""


@dataclass(frozen=True)
class Choice:
    """Answers to the questions; None: not answered, so everything still fits."""

    thema: Union[str, None] = None
    niveau: Union[str, None] = None
    indeling: Union[int, None] = None
    jaar: Union[int, None] = None
    indicator: Union[str, None] = None

    def get(self, facet: Facet) -> Union[Value, None]:
        """Return the answer to one question."""
        answer: Union[Value, None] = getattr(self, facet.value)
        return answer

    def with_(self, facet: Facet, value: Union[Value, None]) -> Choice:
        """Return the choice with another answer to one question."""
        return replace(self, **{facet.value: value})  # type: ignore[arg-type]


def matching(catalogue: Catalogue, choice: Choice) -> Tuple[Collection, ...]:
    """Return the collections that fit every answer."""
    return tuple(entry for entry in catalogue.collections if _fits(entry, choice))


def options(catalogue: Catalogue, choice: Choice, facet: Facet) -> Tuple[Option, ...]:
    """Return what can be chosen for one question, given the answers to the others.

    Themes, levels and indicators stand in the order of the service, the own indeling first, years
    ascending.
    """
    fitting = matching(catalogue, choice.with_(facet, None))
    found = {option.value: option for entry in fitting for option in _of(catalogue, entry, facet)}
    if facet in (Facet.INDELING, Facet.JAAR):
        return tuple(found[value] for value in sorted(found))
    return tuple(found.values())


def kept(catalogue: Catalogue, choice: Choice) -> Choice:
    """Return the choice without the answers that a catalogue does not have (any more)."""
    for facet in Facet:
        value = choice.get(facet)
        there = {option.value for option in options(catalogue, Choice(), facet)}
        if value is not None and value not in there:
            choice = choice.with_(facet, None)
    return choice if matching(catalogue, choice) else Choice()


def implied(catalogue: Catalogue, choice: Choice) -> Choice:
    """Return the choice with each question about the collection answered that has one answer left."""
    for facet in (Facet.THEMA, Facet.NIVEAU, Facet.INDELING):
        left = options(catalogue, choice, facet)
        if len(left) == 1:
            choice = choice.with_(facet, left[0].value)
    return choice


def chosen(catalogue: Catalogue, choice: Choice) -> Union[Collection, None]:
    """Return the one collection that is chosen; None while there are more."""
    answers = implied(catalogue, choice)
    whole = None not in (answers.thema, answers.niveau, answers.indeling)
    found = matching(catalogue, answers) if whole else ()
    return found[0] if len(found) == 1 else None


def _fits(entry: Collection, choice: Choice) -> bool:
    asked = (
        (choice.thema, (entry.thema,)),
        (choice.niveau, (entry.niveau,)),
        (choice.indeling, (entry.indeling,)),
        (choice.jaar, entry.years),
        (choice.indicator, entry.indicators),
    )
    return all(value is None or value in there for value, there in asked)


def _of(catalogue: Catalogue, entry: Collection, facet: Facet) -> Iterator[Option]:
    if facet is Facet.THEMA:
        yield Option(entry.thema, entry.thema_title)
    elif facet is Facet.NIVEAU:
        yield Option(entry.niveau, entry.niveau_title)
    elif facet is Facet.INDELING:
        yield Option(entry.indeling)
    elif facet is Facet.JAAR:
        yield from (Option(year) for year in entry.years)
    else:
        for name in entry.indicators:
            yield Option(name, catalogue.title_of(entry.thema, name))
