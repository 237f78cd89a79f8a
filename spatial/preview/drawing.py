"""What a map shows and says, before it is known how it is drawn: as a page or as a still picture."""

from dataclasses import dataclass

from spatial.preview.basemap import MERCATOR, BaseMap, Grid
from spatial.preview.classes import ClassScheme, SymbolScale
from spatial.preview.panels import Panel, Scheme


@dataclass(frozen=True, slots=True)
class PageText:
    """Words of a page that its panes do not give.

    Attributes:
        titel: heading and title of the document.
        uitleg: definition of what is shown.
    """

    titel: str
    uitleg: str


@dataclass(frozen=True, slots=True)
class Look:
    """How a page shows its drawing.

    Attributes:
        every: it opens with all moments beside each other.
        swipe: its two views lie over each other, with a divider between them.
        base: what lies under the regions; None: nothing, and the page needs no network.
        grid: its projection.
    """

    every: bool = False
    swipe: bool = False
    base: BaseMap | None = None
    grid: Grid = MERCATOR


@dataclass(frozen=True, slots=True)
class Drawing:
    """One map, or several that share a legend.

    Attributes:
        text: title and explanation.
        panels: what the maps show; all of them have as many moments.
        scheme: classes or circles, the same for all panes.
        keuzen: what can be shown in its place, with itself as the first; empty without a choice.
        look: how a page shows it.
    """

    text: PageText
    panels: tuple[Panel, ...]
    scheme: Scheme
    keuzen: tuple["Choice", ...] = ()
    look: Look = Look()

    @property
    def choices(self) -> tuple["Choice", ...]:
        """What can be shown: itself, when there is no choice."""
        return self.keuzen or (Choice("", "", "", self),)

    @property
    def counts(self) -> bool:
        """Tell whether its values are circles."""
        return isinstance(self.scheme, SymbolScale)

    @property
    def colours(self) -> tuple[str, ...]:
        """Colours of its classes; none of circles."""
        return self.scheme.colours if isinstance(self.scheme, ClassScheme) else ()


@dataclass(frozen=True, slots=True)
class Choice:
    """A drawing among others that one page can show.

    Attributes:
        sleutel: its name in the address of the page.
        naam: Dutch name in the control.
        groep: heading above it in the control; empty without.
        drawing: with as many panels as the others, of the same level.
    """

    sleutel: str
    naam: str
    groep: str
    drawing: Drawing
