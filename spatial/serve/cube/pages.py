"""What the page of observations needs besides a document: its controls."""

from dataclasses import dataclass
from typing import NamedTuple

from spatial.serve.cube.views import Sides
from spatial.store.catalogue import Collection, Field

_CHOSEN = ("groep", "kenmerk", "maat", "niveau", "status")
_TYPED = ("regioCode",)
CONTROLS = (*_CHOSEN, *_TYPED, "indeling", "datetime", "sortby")
"""Parameters that the form of the page has: a browser sends those that were left empty too."""


class Choice(NamedTuple):
    """A value to choose, as it stands in the address and as it is shown."""

    value: str
    text: str


@dataclass(frozen=True, slots=True)
class Controls:
    """The controls of the form.

    Attributes:
        chosen: properties with a list of values.
        typed: properties whose value is typed.
        periods: the days and periods of the figures.
        indelingen: the indelingen in which they are.
    """

    chosen: tuple[Field, ...]
    typed: tuple[Field, ...]
    periods: tuple[Choice, ...]
    indelingen: tuple[int, ...]


def controls_of(sides: Sides, collection: Collection) -> Controls:
    """Return the controls for the observations of an edition."""
    fields = {field.naam: field for field in collection.velden}
    axes = sides.cube.axes
    days = sorted({key[2:4] for key in sides.place_keys})
    periods = [
        Choice(begin, begin) if begin == eind else Choice(f"{begin}/{eind}", f"{begin} - {eind}")
        for begin, eind in days
    ]
    return Controls(
        tuple(fields[name] for name in _CHOSEN),
        tuple(fields[name] for name in _TYPED),
        tuple(periods),
        tuple(sorted(set(axes.indelingen.tolist()))),
    )


def without_empty(pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Leave out the controls of the form that were left empty."""
    return [pair for pair in pairs if pair[1] or pair[0] not in CONTROLS]
