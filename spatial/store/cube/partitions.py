"""All observations as Parquet, a file per group: for programs that read by column and row group.

Rows stand in the order of the cube. A row group has whole subjects (kenmerk and maat), so its
statistics tell a reader which few it needs; pages have statistics too.
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from spatial.store.cube.axes import Block, safe_name
from spatial.store.cube.read import Cube, Positions
from spatial.store.cube.rows import OF_CELLS, OF_PLACES, OF_SUBJECTS, Rows

PARTITIONS = "waarnemingen"
PART = "part-0.parquet"
NAMES = (*OF_SUBJECTS[1:3], *OF_PLACES, *OF_CELLS, *OF_SUBJECTS[3:])
"""Columns of a file; ``groep`` is the name of its folder."""
_ROW_GROUP = 65_536
_PAGE = 1 << 16


def folder_of(groep: str) -> str:
    """Name the folder of a group as Hive does."""
    return f"groep={safe_name(groep)}"


def partition_path(groep: str) -> str:
    """Return where the file of a group is in the snapshot."""
    return f"{PARTITIONS}/{folder_of(groep)}/{PART}"


def write_partitions(folder: Path, rows: Rows, about: dict[str, str]) -> None:
    """Write the files of a snapshot folder; the same cube gives the same bytes.

    Args:
        folder: of the snapshot.
        rows: the observations.
        about: what must be said beside them; in the metadata of every file.
    """
    for block in rows.cube.axes.blocks:
        path = folder / partition_path(block.groep)
        path.parent.mkdir(parents=True)
        schema = rows.batch(np.zeros(0, np.int64), NAMES, named=False).schema
        schema = schema.with_metadata({**about, "groep": block.groep})
        with pq.ParquetWriter(
            path, schema, compression="zstd", write_page_index=True, data_page_size=_PAGE
        ) as writer:
            for positions in subject_runs(rows.cube, block, _ROW_GROUP):
                batch = rows.batch(positions, NAMES, named=False)
                table = pa.Table.from_batches([batch]).replace_schema_metadata(schema.metadata)
                writer.write_table(table, row_group_size=len(positions) or 1)


def subject_runs(cube: Cube, block: Block, least: int) -> Iterator[Positions]:
    """Give the cells of a group that have a row: whole subjects, so many cells that it is worth it."""
    states = cube.matrix(block)
    width = len(block.columns)
    gathered: list[Positions] = []
    count = 0
    for row in range(block.rows):
        there = np.flatnonzero(states[row]) + block.offset + row * width
        gathered.append(there)
        count += len(there)
        if count >= least:
            yield np.concatenate(gathered)
            gathered, count = [], 0
    if count:
        yield np.concatenate(gathered)
