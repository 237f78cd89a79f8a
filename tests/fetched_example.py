"""The table of the embedded example, written as if it had been fetched from CBS."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from benchmarks.cbs_wire import write_table
from spatial.domain.facts import Facts
from spatial.domain.indicators import load_catalogue
from spatial.domain.members import load_members
from spatial.domain.mirror import table_folder
from spatial.domain.statline import CODES, GROEP, OBSERVATIONS_SET, TABLE_ID
from spatial.example.figures import example_statline
from spatial.normalise.facts import code_sets, read_facts
from spatial.normalise.intake.wire import About


@dataclass(frozen=True)
class FetchedExample:
    """The example, as a table that can be written.

    Attributes:
        facts: of which it is made.
        lacking: title of a group that the table does not have.
    """

    facts: Facts
    lacking: str

    @cached_property
    def raw(self) -> Mapping[str, pa.Table]:
        """All entity sets."""
        codes = code_sets(self.facts)
        raw = example_statline(self.facts, codes, load_members(), load_catalogue())
        groups = raw[CODES[GROEP]]
        kept = groups.filter(pc.not_equal(groups["Title"], self.lacking))
        rows = raw[OBSERVATIONS_SET]
        rows = rows.filter(pc.is_in(rows[GROEP], kept["Identifier"].combine_chunks()))
        rows = rows.set_column(rows.column_names.index("Id"), "Id", pa.array(range(rows.num_rows)))
        return {**raw, CODES[GROEP]: kept, OBSERVATIONS_SET: rows}

    @property
    def about(self) -> About:
        """What the table says of itself."""
        rows = self.raw[OBSERVATIONS_SET].num_rows
        return About(
            "Aandachtsgroepen volkshuisvesting", "2024-11-28T02:00:00", "CC BY 4.0", "", rows
        )

    def code_lists(self) -> dict[str, pa.Table]:
        """Return the code lists."""
        return {name: table for name, table in self.raw.items() if name != OBSERVATIONS_SET}

    def blocks(self) -> Iterator[pa.Table]:
        """Give the observations."""
        yield self.raw[OBSERVATIONS_SET]


def write_mirror(root: Path, boundaries: Path, lacking: str) -> Path:
    """Write the example but one group into a mirror without boundaries, and return the mirror."""
    table = FetchedExample(read_facts(boundaries), lacking)
    write_table(table, "packed", table_folder(root, TABLE_ID))
    return root
