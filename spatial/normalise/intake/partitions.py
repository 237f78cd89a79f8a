"""The cells of a table on disk: one Parquet file per group, and a manifest; whole or not there."""

import fcntl
import hashlib
import json
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from spatial.domain.findings import Finding, Severity
from spatial.domain.mirror import MANIFEST
from spatial.domain.tables import CELLS, CELLS_FOLDER
from spatial.errors import SourceError
from spatial.normalise.intake.spill import Spill
from spatial.normalise.intake.wire import About
from spatial.normalise.statline_columns import cells
from spatial.normalise.statline_rows import Meaning, Rows

_VERSION = 1
_LOCK = f"{CELLS_FOLDER}.lock"
_PART = f"{CELLS_FOLDER}.part-"
_WRITERS = 2


@dataclass(frozen=True, slots=True)
class Taken:
    """The cells of a table on disk.

    Attributes:
        folder: with ``groep=<id>/part-0.parquet``.
        table: identifier of the table.
        rows: number of cells.
        about: what the table says of itself.
        source: checksum over all that the cells were made of.
        findings: what was noticed when they were read.
    """

    folder: Path
    table: str
    rows: int
    about: About
    source: str
    findings: tuple[Finding, ...]

    @property
    def groups(self) -> list[str]:
        """The groups of which there are cells."""
        return sorted(path.name.removeprefix("groep=") for path in self.folder.glob("groep=*"))

    def file(self, groep: str) -> Path:
        """Return the file with the cells of a group."""
        return self.folder / part_of(groep)


def part_of(groep: str) -> str:
    """Return where the cells of a group stand.

    >>> part_of("ouderen")
    'groep=ouderen/part-0.parquet'
    """
    return f"groep={groep}/part-0.parquet"


def read_taken(into: Path) -> Taken | None:
    """Return the cells in a folder; None when there are none, or not whole ones.

    Args:
        into: the folder in which ``cells`` stands.
    """
    folder = into / CELLS_FOLDER
    try:
        document = json.loads((folder / MANIFEST).read_bytes())
        if document["schemaVersion"] != _VERSION:
            return None
        for entry in document["files"]:
            if _checksum(folder / entry["path"]) != entry["sha256"]:
                return None
        findings = [
            Finding(**{**row, "severity": Severity(row["severity"])})
            for row in document["findings"]
        ]
        return Taken(
            folder,
            document["table"],
            document["rows"],
            About(**document["about"]),
            document["source"],
            tuple(findings),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def read_cells(
    taken: Taken, groep: str, filters: Sequence[tuple[str, str, Any]] | None = None
) -> pa.Table:
    """Return ``CELLS`` of a group, text dictionary-encoded.

    Args:
        taken: the cells.
        groep: the group.
        filters: conditions as those of ``pyarrow.parquet.read_table``, such as
            ``("kenmerk", "in", ["totaal"])``; row groups without such rows are not read.

    Raises:
        SourceError: there are no cells of this group.
    """
    path = taken.file(groep)
    if not path.is_file():
        message = f"{taken.folder} has no group {groep!r}; there are {taken.groups}"
        raise SourceError(message)
    found = pq.read_table(path, filters=filters, partitioning=None)
    text = pa.repeat(pa.scalar(groep), found.num_rows).dictionary_encode()
    return found.add_column(0, "groep", text).unify_dictionaries()


def cell_batches(taken: Taken, groep: str, size: int) -> Iterator[pa.RecordBatch]:
    """Give ``CELLS`` of a group, some rows at a time, text dictionary-encoded.

    Args:
        taken: the cells.
        groep: the group, one of ``taken.groups``.
        size: rows of a batch, at most.
    """
    text = [column.name for column in CELLS.columns[1:] if column.type == "string"]
    with pq.ParquetFile(taken.file(groep), read_dictionary=text) as file:
        for batch in file.iter_batches(size):
            named = pa.repeat(pa.scalar(groep), batch.num_rows).dictionary_encode()
            yield batch.add_column(0, pa.field("groep", named.type), named)


@contextmanager
def fresh_folder(into: Path) -> Iterator[Path]:
    """Give an empty folder beside the cells, which is removed at the end if it is still there.

    Only one process at a time has it; what a killed one left behind is removed.
    """
    into.mkdir(parents=True, exist_ok=True)
    with (into / _LOCK).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for left in into.glob(f"{_PART}*"):
            shutil.rmtree(left)
        part = Path(tempfile.mkdtemp(prefix=_PART, dir=into))
        try:
            yield part
        finally:
            shutil.rmtree(part, ignore_errors=True)


def write_partitions(spill: Spill, meaning: Meaning, folder: Path) -> list[dict[str, Any]]:
    """Write one file per group, and return the entries of the manifest: path, rows and sha256.

    Raises:
        DuplicateKeyError: two rows have the same key.
    """
    with ThreadPoolExecutor(_WRITERS) as pool:
        return list(
            pool.map(lambda groep: _write(spill.take(groep), meaning, folder, groep), spill.groups)
        )


def finish(part: Path, into: Path, taken: Taken, files: Sequence[dict[str, Any]]) -> Taken:
    """Write the manifest and give the folder its name; what stood there before goes."""
    document = {
        "schemaVersion": _VERSION,
        "table": taken.table,
        "rows": taken.rows,
        "about": asdict(taken.about),
        "source": taken.source,
        "files": list(files),
        "findings": [asdict(entry) for entry in taken.findings],
    }
    text = json.dumps(document, ensure_ascii=False, indent=1) + "\n"
    (part / MANIFEST).write_text(text, "utf-8")
    part.chmod(0o755)
    folder = into / CELLS_FOLDER
    if folder.exists():
        folder.rename(into / f"{_PART}old")
    part.rename(folder)
    shutil.rmtree(into / f"{_PART}old", ignore_errors=True)
    return taken


def _write(chunks: Iterator[Rows], meaning: Meaning, folder: Path, groep: str) -> dict[str, Any]:
    path = folder / part_of(groep)
    path.parent.mkdir()
    rows = 0
    with pq.ParquetWriter(path, _SCHEMA, compression="zstd", use_dictionary=_TEXTS) as writer:
        for chunk in chunks:
            writer.write_table(cells(chunk, meaning).drop_columns("groep"))
            rows += len(chunk)
    return {"path": part_of(groep), "rows": rows, "sha256": _checksum(path)}


def _checksum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _type_of(name: str) -> pa.DataType:
    text = pa.dictionary(pa.int32(), pa.string())
    return {"string": text, "date32[day]": pa.date32()}.get(name, name)


_SCHEMA = pa.schema(
    [
        pa.field(column.name, _type_of(column.type))
        for column in CELLS.columns
        if column.name != "groep"
    ]
)
_TEXTS = [field.name for field in _SCHEMA if field.name != "waarde"]
