"""Partitions over processes on this machine."""

import multiprocessing
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed

import pyarrow as pa

from spatial.pipeline.series.files import Task, Written, write_file
from spatial.pipeline.series.plan import SeriesPlan
from spatial.store.finish import processors

_SMALL = 4_000_000
"""Bytes of all files together for which a process is not worth its start (about a second)."""


class LocalEngine:
    """A pool of processes, one per processor; without one where there is little to do."""

    def __init__(self, processes: int | None = None) -> None:
        self._processes = processes or processors()

    def run(self, plan: SeriesPlan, tasks: Sequence[Task]) -> Iterator[Written]:
        """Give what every task gave, as it comes; the largest are done first."""
        sizes = {task: task.source.stat().st_size for task in tasks}
        ordered = sorted(tasks, key=lambda task: (-sizes[task], task.groep))
        workers = min(self._processes, len(tasks))
        if workers < 2 or sum(sizes.values()) < _SMALL:  # noqa: PLR2004 - one is no pool
            yield from (write_file(plan, task) for task in ordered)
            return
        start = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(workers, start, initializer=_alone) as pool:
            futures = [pool.submit(write_file, plan, task) for task in ordered]
            yield from (future.result() for future in as_completed(futures))


def _alone() -> None:
    """Let Arrow use one processor: the other ones have a process of their own."""
    pa.set_cpu_count(1)
