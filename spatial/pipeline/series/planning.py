"""How a plan is made: once per source, before its partitions are worked on.

Apart from the plan itself, so that a process that only works on partitions does not load what draws
boundaries and weighs them.
"""

from collections.abc import Iterable

from spatial.domain.facts import Facts
from spatial.domain.redivisions import Mutatie, events_of
from spatial.domain.regions import Indeling, Niveau
from spatial.domain.sources import Source
from spatial.harmonise.kernel.regions import Naming, divisions_of
from spatial.harmonise.series import make_way
from spatial.pipeline.recoding import Recoding
from spatial.pipeline.series.plan import SeriesPlan

SUMMED = (Niveau.VEILIGHEIDSREGIO,)
"""Levels for which the source has no figures, in no indeling."""
ROUNDED_TO = 5
"""To what the source rounds its counts."""


def make_plan(
    source: Source,
    facts: Facts,
    recode: Recoding,
    years: Iterable[int],
    indelingen: Iterable[Indeling],
) -> SeriesPlan:
    """Return the plan for the cells of 85980NED.

    Args:
        source: of the cells.
        facts: memberships.
        recode: what figures are carried with.
        years: indelingen in which there are cells.
        indelingen: to which all earlier cells are carried.

    Raises:
        SpatialError: see ``harmonise``.
    """
    present = sorted(set(years))
    ways = []
    for naar in sorted(set(indelingen)):
        crosswalk, _ = recode.walk(range(present[0], naar + 1), naar)
        ways.append(make_way(crosswalk, facts.memberships))
    nights = [
        recode.walk([year], Indeling(year + 1))[0]
        for year in range(present[0], present[-1])
        if any(
            event.mutatie is Mutatie.OPSPLITSING
            for event in events_of(recode.register, Indeling(year + 1))
        )
    ]
    summed = tuple(divisions_of(facts.memberships, niveau) for niveau in SUMMED)
    return SeriesPlan(source, ROUNDED_TO, Naming(), summed, tuple(nights), tuple(ways))
