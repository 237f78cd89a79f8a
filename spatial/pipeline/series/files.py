"""Partitions as files: cells are read some kenmerken at a time, series are written as they come."""

import hashlib
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from spatial.domain.sources import Source
from spatial.domain.tables import CELLS
from spatial.errors import SourceError
from spatial.harmonise.kernel.table import ranks
from spatial.pipeline.series.partition import SCHEMA, harmonise
from spatial.pipeline.series.plan import TOTAAL, SeriesPlan

PART = "part-0.parquet"
_ON_DISK = pa.schema([field for field in SCHEMA if field.name != "groep"])
_NUMBERS = [field.name for field in _ON_DISK if field.type == pa.int64()]
_CELLS_TEXT = [
    column.name for column in CELLS.columns if column.type == "string" and column.name != "groep"
]
_WRITTEN: dict[str, Any] = {
    "compression": "zstd",
    "use_dictionary": [name for name in _ON_DISK.names if name not in _NUMBERS],
    "column_encoding": dict.fromkeys(_NUMBERS, "DELTA_BINARY_PACKED"),
    "write_statistics": ["kenmerk", "maat", "niveau", "indeling"],
    "write_batch_size": 65_536,
}
"""How series are written: shares have few values, counts have many; what is looked for by row group."""
_MOST_RUNS = 16


@dataclass(frozen=True, slots=True)
class Task:
    """One partition to work on.

    Attributes:
        groep: its group.
        source: file with its cells.
        target: file to write; its folder is made.
    """

    groep: str
    source: Path
    target: Path


@dataclass(frozen=True, slots=True)
class Written:
    """What a partition gave.

    Attributes:
        groep: its group.
        rows: how many rows.
        sha256: of the file.
    """

    groep: str
    rows: int
    sha256: str


class Cells(Protocol):
    """Cells of one group."""

    def counts(self) -> Mapping[str, int]:
        """Return how many cells every kenmerk has."""
        ...

    def read(self, kenmerken: Set[str]) -> pa.Table:
        """Return the ``CELLS`` of some kenmerken."""
        ...


class CellsTable:
    """Cells in memory."""

    def __init__(self, cells: pa.Table) -> None:
        self._cells = cells

    def counts(self) -> Mapping[str, int]:
        """Return how many cells every kenmerk has."""
        return _counts(self._cells["kenmerk"])

    def read(self, kenmerken: Set[str]) -> pa.Table:
        """Return the ``CELLS`` of some kenmerken."""
        return _only(self._cells, kenmerken)


class CellsFile:
    """Cells in a file, of which only the row groups that are needed are read.

    Row groups that hold one kenmerk after another are read once; in any other order they are read
    once for every piece of work.
    """

    def __init__(self, path: Path, groep: str) -> None:
        self._path, self._groep = path, groep
        self._last: dict[int, pa.Table] = {}

    def counts(self) -> Mapping[str, int]:
        """Return how many cells every kenmerk has.

        Raises:
            SourceError: the file cannot be read.
        """
        with self._open() as file:
            return _counts(file.read(["kenmerk"])["kenmerk"])

    def read(self, kenmerken: Set[str]) -> pa.Table:
        """Return the ``CELLS`` of some kenmerken.

        Raises:
            SourceError: the file cannot be read.
        """
        with self._open() as file:
            groups = [at for at in range(file.num_row_groups) if _may_have(file, at, kenmerken)]
            read = {
                at: self._last.get(at) or file.read_row_group(at, use_threads=False)
                for at in groups
            }
        self._last = {
            at: read[at] for at in groups[-1:]
        }  # the next piece begins where this one ends
        table = pa.concat_tables([_only(table, kenmerken) for table in read.values()])
        if "groep" not in table.column_names:
            index = pa.array(np.zeros(table.num_rows, np.int32))
            groep = pa.DictionaryArray.from_arrays(index, pa.array([self._groep]))
            table = table.append_column("groep", groep)
        return table.select(CELLS.names)

    def _open(self) -> pq.ParquetFile:
        try:
            return pq.ParquetFile(self._path, read_dictionary=_CELLS_TEXT)
        except (OSError, pa.ArrowException) as error:
            message = f"{self._path} cannot be read as Parquet: {error}"
            raise SourceError(message) from error


def write_series(cells: Cells, plan: SeriesPlan, task: Task) -> Written:
    """Carry one group and write it; whole kenmerken at a time, so that the memory is bounded.

    The same cells give the same bytes, in whatever order they come. The file appears when it is whole.

    Args:
        cells: of one group.
        plan: how to carry; says how many cells at a time.
        task: where to write.

    Raises:
        SpatialError: see ``partition.harmonise``.
    """
    task.target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = task.target.with_name(f".{task.target.name}.part")
    rows = 0
    schema = _ON_DISK.with_metadata(about(plan.source))
    with pq.ParquetWriter(unfinished, schema, **_WRITTEN) as writer:
        for kenmerken in pieces(cells.counts(), plan.most_rows):
            series = harmonise(cells.read(kenmerken | {TOTAAL}), plan, kenmerken)
            writer.write_table(series.select(_ON_DISK.names))
            rows += series.num_rows
    with unfinished.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    unfinished.replace(task.target)
    return Written(task.groep, rows, digest)


def about(source: Source) -> dict[str, str]:
    """Return what must be said beside the figures of a source."""
    said = {
        "bron": f"{source.titel} ({source.id})",
        "licentie": source.licentie,
        "status": source.status.value,
        "melding": source.melding,
        "notice": source.notice_en,
    }
    return {name: text for name, text in said.items() if text}


def write_file(plan: SeriesPlan, task: Task) -> Written:
    """Carry the cells of a file; what an engine runs."""
    return write_series(CellsFile(task.source, task.groep), plan, task)


def pieces(counts: Mapping[str, int], most_rows: int) -> Iterator[frozenset[str]]:
    """Give the kenmerken in order, as many together as have at most so many rows; at least one."""
    piece: list[str] = []
    rows = 0
    for kenmerk in sorted(counts):
        if piece and rows + counts[kenmerk] > most_rows:
            yield frozenset(piece)
            piece, rows = [], 0
        piece.append(kenmerk)
        rows += counts[kenmerk]
    if piece:
        yield frozenset(piece)


def _counts(column: pa.ChunkedArray) -> dict[str, int]:
    labels, rank = ranks(column)
    counts = np.bincount(rank, minlength=len(labels)).tolist()
    return {label: count for label, count in zip(labels, counts, strict=True) if count}


def _only(table: pa.Table, kenmerken: Set[str]) -> pa.Table:
    """Return the rows of some kenmerken; where these stand together, without a copy."""
    labels, rank = ranks(table["kenmerk"])
    wanted = np.array([label in kenmerken for label in labels], np.bool_)[rank]
    ends = np.flatnonzero(np.diff(wanted, prepend=False, append=False)).reshape(-1, 2)
    if len(ends) > _MOST_RUNS:
        return table.filter(pa.array(wanted))
    runs = [table.slice(begin, end - begin) for begin, end in ends.tolist()]
    return pa.concat_tables(runs or [table.slice(0, 0)])


def _may_have(file: pq.ParquetFile, group: int, kenmerken: Set[str]) -> bool:
    """Tell from the statistics whether a row group can hold one of the kenmerken."""
    column = file.schema_arrow.names.index("kenmerk")
    statistics = file.metadata.row_group(group).column(column).statistics
    if statistics is None or not statistics.has_min_max:
        return True
    return any(statistics.min <= kenmerk <= statistics.max for kenmerk in kenmerken)
