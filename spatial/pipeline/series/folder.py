"""All partitions of a source: from a folder of cells to a folder of series."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Protocol

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from spatial.domain.tables import CELLS
from spatial.errors import SourceError
from spatial.pipeline.series.files import PART, Task, Written, about
from spatial.pipeline.series.plan import SeriesPlan

MANIFEST = "manifest.json"


class Engine(Protocol):
    """Runs partitions, in any order."""

    def run(self, plan: SeriesPlan, tasks: Sequence[Task]) -> Iterator[Written]:
        """Give what every task gave, as it comes."""
        ...


def write_all(source: Path, target: Path, plan: SeriesPlan, engine: Engine) -> list[Written]:
    """Carry every partition of a folder.

    Args:
        source: ``CELLS`` as ``domain.tables.CELLS_FOLDER`` says.
        target: where ``SERIES`` come, as ``domain.tables.SERIES_FOLDER`` says.
        plan: how to carry.
        engine: who does it.

    Returns:
        What was written, by group.

    Raises:
        SourceError: there are no partitions.
        SpatialError: see ``partition.harmonise``.
    """
    tasks = [
        Task(groep, path, target / f"groep={groep}" / PART)
        for path in sorted(source.glob(f"groep=*/{PART}"))
        for groep in [path.parent.name.removeprefix("groep=")]
    ]
    if not tasks:
        message = f"{source} has no partitions groep=<id>/{PART}; read the source first"
        raise SourceError(message)
    found = sorted(engine.run(plan, tasks), key=lambda written: written.groep)
    target.joinpath(MANIFEST).write_text(_manifest(found, plan), encoding="utf-8", newline="\n")
    return found


def years_of(source: Path) -> list[int]:
    """Return the first and the last indeling in which there are cells, and all between.

    Args:
        source: ``CELLS`` as ``domain.tables.CELLS_FOLDER`` says; only what the files say of
            themselves is read.

    Raises:
        SourceError: no file says it.
    """
    found: set[int] = set()
    for path in source.glob(f"groep=*/{PART}"):
        with pq.ParquetFile(path) as file:
            place = file.schema_arrow.names.index("indeling")
            for group in range(file.num_row_groups):
                said = file.metadata.row_group(group).column(place).statistics
                if said is not None and said.has_min_max:
                    found |= {said.min, said.max}
    if not found:
        message = f"{source} has no partitions groep=<id>/{PART} that say which years they hold"
        raise SourceError(message)
    return list(range(min(found), max(found) + 1))


def _manifest(found: Sequence[Written], plan: SeriesPlan) -> str:
    document = {
        **about(plan.source),
        "indelingen": [way.walk.naar for way in plan.ways],
        "rows": sum(written.rows for written in found),
        "partitions": [asdict(written) for written in found],
    }
    return json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def write_cells(published: pa.Table, folder: Path) -> None:
    """Write observations of one source as partitions of cells.

    Args:
        published: ``OBSERVATIONS`` as the source gives them.
        folder: where; see ``domain.tables.CELLS_FOLDER``.
    """
    cells = published.select(CELLS.names)
    keys = [(name, "ascending") for name in ("kenmerk", "maat")]
    for groep in pc.unique(cells["groep"]).to_pylist():
        part = folder / f"groep={groep}" / PART
        part.parent.mkdir(parents=True, exist_ok=True)
        rows = cells.filter(pc.equal(cells["groep"], groep)).sort_by(keys)
        pq.write_table(rows.drop_columns(["groep"]), part, compression="zstd")
