"""All that layers are made of, and the sources that must be named beside them."""

from collections.abc import Sequence
from dataclasses import dataclass

from spatial.analyse.taakstelling import TAAKSTELLING_SOURCE
from spatial.domain.facts import Facts
from spatial.domain.indicators import Catalogue, Indicator, Thema
from spatial.domain.sources import Source
from spatial.harmonise.inhabitants import INHABITANTS_SOURCE
from spatial.pipeline.figures import Figures
from spatial.pipeline.land import Land
from spatial.pipeline.taakstelling import Targets


@dataclass(frozen=True, slots=True)
class Parts:
    """All that layers are made of."""

    facts: Facts
    catalogue: Catalogue
    land: Land
    figures: Figures
    targets: Targets

    def indicators(self, thema: Thema) -> tuple[Indicator, ...]:
        """Return the indicators of a theme, with what must be said of their source."""
        return self.targets.labelled(self.catalogue.of(thema))

    @property
    def figure_sources(self) -> list[Source]:
        """The sources of all figures; their ids are those of the catalogue and of the long table."""
        return [
            self.figures.found.source,
            TAAKSTELLING_SOURCE,
            INHABITANTS_SOURCE,
            *self.figures.found.sources[1:],
        ]

    def sources(self, thema: Thema) -> list[Source]:
        """Return the sources of the figures of a theme, the one of the theme itself first."""
        if thema is Thema.TAAKSTELLING:
            return list(self.targets.sources)
        return self.sources_of(thema, self.catalogue.of(thema))

    def sources_of(self, thema: Thema, indicators: Sequence[Indicator]) -> list[Source]:
        """Return the sources of some indicators of a theme, the one of the theme itself first."""
        of_taakstelling = thema is Thema.TAAKSTELLING
        own = TAAKSTELLING_SOURCE if of_taakstelling else self.figures.found.source
        others = {entry.bron for entry in indicators if entry.groep}
        return [own, *(source for source in self.figure_sources if source.id in others)]
