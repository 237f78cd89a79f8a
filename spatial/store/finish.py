"""What is made of finished layers: answers and files, a collection a task, over the processors.

A collection needs nothing of another one once the shapes of all are written, so the tasks can run in
any order and the bytes are the same.
"""

import multiprocessing
import os
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from spatial.store.answers import Places, write_answers, write_shapes
from spatial.store.catalogue import Collection, Contents
from spatial.store.files.content import about
from spatial.store.files.enclosures import FILES, write_enclosures
from spatial.store.layers import read_layer

_FEW = 16
"""Collections for which it is not worth starting a process."""


@dataclass(frozen=True, slots=True)
class _Task:
    folder: Path
    collection: Collection
    places: Places
    said: Mapping[str, str]


def write_products(folder: Path, contents: Contents) -> None:
    """Write answers and files of all layers in a snapshot folder.

    Raises:
        StoreError: a layer is not there or is not what its description says.
    """
    places = write_shapes(folder, contents.layers)
    (folder / FILES).mkdir()
    tasks = [
        _Task(folder, collection, found, about(contents, collection))
        for collection, found in zip(contents.layers, places, strict=True)
    ]
    processes = processors()
    if len(tasks) <= _FEW or processes == 1:
        for task in tasks:
            _write(task)
        return
    # the largest first: else one process works on it while the others have nothing to do
    tasks.sort(key=lambda task: -task.collection.aantal * len(task.collection.velden))
    # a process that is copied from one with threads may hang
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, mp_context=context) as pool:
        for _ in pool.map(_write, tasks):
            pass


def _write(task: _Task) -> None:
    table = read_layer(task.folder / task.collection.bestand, placed=False)
    write_answers(task.folder, task.collection, table, task.places)
    write_enclosures(task.folder, task.collection, table, task.said)


def processors() -> int:
    """Return how many processors this process may use."""
    allowed = getattr(os, "sched_getaffinity", None)
    return len(allowed(0)) if allowed else os.cpu_count() or 1
