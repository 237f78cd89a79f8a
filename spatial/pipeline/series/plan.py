"""What every partition needs to be carried with: made once, and sent along with the function."""

from dataclasses import dataclass

import pyarrow as pa

from spatial.domain.sources import Source
from spatial.harmonise.kernel.levels import Way
from spatial.harmonise.kernel.regions import Divisions, Naming

TOTAAL = "totaal"
"""The kenmerk of which all others get a share."""
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
