"""Partitions on Spark: the cells of a group go to the same function by ``applyInArrow``."""

import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict

import pyarrow as pa
from pyspark.sql import SparkSession

from spatial.domain.tables import CELLS
from spatial.pipeline.series.files import CellsTable, Task, Written, write_series
from spatial.pipeline.series.plan import SeriesPlan

LOCAL = "local"
_WRITTEN = "groep string, rows long, sha256 string"


class SparkEngine:
    """A Spark master.

    Its workers need this package, and the folders of the store and the source under the same path.
    A group must fit in the memory of one worker.
    """

    def __init__(self, where: str) -> None:
        self._master = where if where.startswith(LOCAL) else f"spark://{where}"

    def run(self, plan: SeriesPlan, tasks: Sequence[Task]) -> Iterator[Written]:
        """Give what every task gave, when all are done."""
        session = (
            SparkSession.builder.master(self._master)
            .appName("aandachtsgroepen-in-kaart")
            .config("spark.ui.enabled", "false")
            .config("spark.sql.sources.partitionColumnTypeInference.enabled", "false")
            .getOrCreate()
        )
        if self._master.startswith(LOCAL):
            session.sparkContext.pythonExec = sys.executable  # else whatever python3 is
        try:
            folder = tasks[0].source.parent.parent
            read = session.read.option("basePath", str(folder))
            cells = read.parquet(*(str(task.source) for task in tasks)).select(*CELLS.names)
            found = cells.groupBy("groep").applyInArrow(_work(plan, tasks), _WRITTEN).collect()
        finally:
            session.stop()
        yield from (Written(row.groep, row.rows, row.sha256) for row in found)


def _work(plan: SeriesPlan, tasks: Sequence[Task]) -> Callable[[pa.Table], pa.Table]:
    by_group = {task.groep: task for task in tasks}

    def work(cells: pa.Table) -> pa.Table:
        written = write_series(CellsTable(cells), plan, by_group[cells["groep"][0].as_py()])
        return pa.Table.from_pylist([asdict(written)])

    return work
