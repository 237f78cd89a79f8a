"""Partitions on Dask: a cluster that is there, or processes on this machine."""

from collections.abc import Iterator, Sequence
from typing import Any

from distributed import Client, LocalCluster, as_completed

from spatial.pipeline.series.files import Task, Written, write_file
from spatial.pipeline.series.plan import SeriesPlan

LOCAL = "local"


class DaskEngine:
    """A Dask scheduler.

    Its workers need this package, and the folders of the store and the source under the same path.
    """

    def __init__(self, where: str) -> None:
        self._where = where

    def run(self, plan: SeriesPlan, tasks: Sequence[Task]) -> Iterator[Written]:
        """Give what every task gave, as it comes."""
        if self._where == LOCAL:
            start: Any = LocalCluster  # as the package has no types
            with start(threads_per_worker=1, dashboard_address=None) as cluster:
                yield from _run(cluster.scheduler_address, plan, tasks)
        else:
            yield from _run(f"tcp://{self._where}", plan, tasks)


def _run(address: str, plan: SeriesPlan, tasks: Sequence[Task]) -> Iterator[Written]:
    connect: Any = Client
    with connect(address) as client:
        sent = client.scatter(plan, broadcast=True)
        futures = [client.submit(write_file, sent, task, pure=False) for task in tasks]
        done: Any = as_completed
        yield from (written for _, written in done(futures, with_results=True))
