"""What every partition needs to be carried with: made once, and sent along with the function."""

from collections.abc import Iterable
from dataclasses import dataclass

import pyarrow as pa

from spatial.domain.facts import Facts
from spatial.domain.redivisions import Mutatie, events_of
from spatial.domain.regions import Indeling, Niveau
from spatial.domain.sources import Source
from spatial.harmonise.kernel.levels import Way
from spatial.harmonise.kernel.regions import Divisions, Naming, divisions_of
from spatial.harmonise.series import make_way
from spatial.pipeline.recoding import Recoding

TOTAAL = "totaal"
"""The kenmerk of which all others get a share."""
SUMMED = (Niveau.VEILIGHEIDSREGIO,)
"""Levels for which the source has no figures, in no indeling."""
ROUNDED_TO = 5
"""To what the source rounds its counts."""
_MOST_ROWS = 600_000


@dataclass(frozen=True, slots=True)
class SeriesPlan:
    """Indelingen, memberships and weights; can be pickled.

    Attributes:
        source: of the cells; named in every file.
        base: to what the source rounds its counts.
        naming: the level of the cells that are carried, and its name in a herkomst.
        summed: memberships of the levels that the source lacks.
        nights: ``CROSSWALK`` of every night in which a gemeente was divided.
        ways: to each indeling.
        most_rows: cells that are worked on at a time, in whole kenmerken; bounds the memory.
    """

    source: Source
    base: int
    naming: Naming
    summed: tuple[Divisions, ...]
    nights: tuple[pa.Table, ...]
    ways: tuple[Way, ...]
    most_rows: int = _MOST_ROWS


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
