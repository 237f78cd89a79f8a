"""What a map shows and says, before it is known how it is drawn: as a page or as a still picture."""

from dataclasses import dataclass

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
class Drawing:
    """One map, or several that share a legend.

    Attributes:
        text: title and explanation.
        panels: what the maps show; all of them have as many moments.
        scheme: classes or circles, the same for all panes.
    """

    text: PageText
    panels: tuple[Panel, ...]
    scheme: Scheme
