"""A fetched table to its cells on disk: streamed, set apart by group, sorted, written whole."""

import hashlib
import json
from collections.abc import Callable
from contextlib import closing
from dataclasses import asdict
from pathlib import Path

from spatial.domain.mirror import MANIFEST
from spatial.domain.tables import CELLS_FOLDER
from spatial.normalise.intake.documents import fetched_as
from spatial.normalise.intake.numbers import RowNumbers
from spatial.normalise.intake.partitions import (
    Taken,
    finish,
    fresh_folder,
    read_taken,
    write_partitions,
)
from spatial.normalise.intake.source import open_table
from spatial.normalise.intake.spill import Spill
from spatial.normalise.intake.wire import Wire
from spatial.normalise.statline_rows import Known, Meaning

_WAYS = "1"
"""Counts up when the same source would give other cells."""

Seen = Callable[[int, int | None], None]
"""Called with the rows that were read so far, and how many there are if that is known."""


def _unheard(_rows: int, _all: int | None) -> None:
    pass


def take_in(path: Path, table: str, known: Known, into: Path, seen: Seen = _unheard) -> Taken:
    """Read a fetched table into ``<into>/cells``, unless the cells of the same source are there.

    Memory follows the pages and the largest group, not the table: rows wait on disk beside the
    result, 16 bytes each. Order of pages and rows does not matter: the files are the same bytes.

    Args:
        path: where the table stands, see ``open_table``.
        table: its identifier.
        known: members, regions and rounding.
        into: folder for the result; it is replaced in one go when all is right.
        seen: told how far it is.

    Raises:
        SourceError: a file is damaged or cut off, pages or rows are missing or came twice.
        SchemaError: columns are missing or unknown.
        DuplicateKeyError: two rows have the same key.
        SpatialError: a row means nothing here, see ``Meaning.read``.
    """
    source = fingerprint(path, known)
    there = read_taken(into)
    if there is not None and (there.table, there.source) == (table, source):
        return there
    return take_wire(open_table(path, table), (table, source), known, into, seen)


def take_wire(
    wire: Wire, names: tuple[str, str], known: Known, into: Path, seen: Seen = _unheard
) -> Taken:
    """Read an opened table into ``<into>/cells``.

    Args:
        wire: the table.
        names: its identifier, and a checksum over all that the cells are made of.
        known: members, regions and rounding.
        into: folder for the result.
        seen: told how far it is.

    Raises:
        SpatialError: as ``take_in``.
    """
    table, source = names
    meaning = Meaning(wire.codes(), known, table)
    with fresh_folder(into) as part:
        spill = Spill(part, meaning)
        with closing(spill):
            _read(wire, meaning, spill, seen)
        files = write_partitions(spill, meaning, part)
        rows = sum(entry["rows"] for entry in files)
        findings = tuple(meaning.findings())
        taken = Taken(into / CELLS_FOLDER, table, rows, wire.about, source, findings)
        return finish(part, into, taken, files)


def fingerprint(path: Path, known: Known) -> str:
    """Return a checksum over all that the cells are made of.

    The checksums in the manifest of a fetched folder stand for its files; without one they are read.
    """
    total = hashlib.sha256(f"{_WAYS} {known.base}".encode())
    total.update(json.dumps(asdict(known.members), sort_keys=True).encode())
    codes = {int(year): sorted(found) for year, found in known.regions.items()}
    total.update(json.dumps(codes, sort_keys=True).encode())
    folder = path if path.is_dir() else path.parent
    sums = {
        row["path"]: (row["sha256"], row["bytes"]) for row in fetched_as(folder).get("files", [])
    }
    files = sorted(folder.rglob("*")) if path.is_dir() else [path, *sorted(folder.glob("*.json"))]
    for file in files:
        if file.is_file() and file.name != MANIFEST:
            name = file.relative_to(folder).as_posix()
            digest, size = sums.get(name, ("", -1))
            total.update(
                f"{name} {digest if size == file.stat().st_size else _sum(file)}\n".encode()
            )
    return total.hexdigest()


def _read(wire: Wire, meaning: Meaning, spill: Spill, seen: Seen) -> None:
    numbers = RowNumbers(meaning.where)
    link = ""
    for piece in wire.pieces():
        numbers.add(piece.numbers)
        link = piece.next_link
        if piece.rows.num_rows:
            spill.add(meaning.read(piece.rows))
        seen(numbers.count, wire.about.rows)
    numbers.check(expected=wire.about.rows, next_link=link)


def _sum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
