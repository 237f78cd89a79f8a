"""Write the cube from rows that come in any order, in memory that does not grow with their number."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from spatial.errors import DuplicateKeyError, StoreError
from spatial.store.cube.axes import Axes, id_of
from spatial.store.cube.coding import coded_texts
from spatial.store.cube.gather import Batches, Codes, Gathered
from spatial.store.cube.states import STATUSES, VALUED, packed

CUBE = "kubus"
INDEX, SUBJECTS, PLACES = "index.json", "onderwerpen.arrow", "plaatsen.arrow"
COLUMNS, VALUES, STATES = "kolommen.npy", "waarden.npy", "staten.npy"
BOUND_AT, BOUND_LOW, BOUND_HIGH = "grens-plaats.npy", "grens-onder.npy", "grens-boven.npy"
_LARGEST = np.iinfo(np.int32).max

type Numbers = npt.NDArray[np.int64]
type Mask = npt.NDArray[np.bool_]


@dataclass(slots=True)
class _Bounds:
    """Bounds that do not follow from rounding, in the order in which they were met."""

    at: list[Codes]
    low: list[npt.NDArray[np.int32]]
    high: list[npt.NDArray[np.int32]]

    def write(self, folder: Path) -> None:
        at = np.concatenate([np.zeros(0, np.int64), *self.at])
        order = np.argsort(at)
        np.save(folder / BOUND_AT, at[order])
        for name, parts in ((BOUND_LOW, self.low), (BOUND_HIGH, self.high)):
            np.save(folder / name, np.concatenate([np.zeros(0, np.int32), *parts])[order])


@dataclass(frozen=True, slots=True)
class _Open:
    """The files of cells, while they are filled."""

    values: npt.NDArray[np.int32]
    states: npt.NDArray[np.uint8]
    bounds: _Bounds


def write_cube(
    folder: Path, batches: Batches, regions: pa.Table, rounding: Mapping[str, int]
) -> Axes:
    """Write the cube in a snapshot folder.

    Args:
        folder: of the snapshot.
        batches: gives the rows from the beginning, twice asked: the columns of ``CELLS`` and
            ``bron``; ``ondergrens`` and ``bovengrens`` where these do not follow from rounding.
        regions: name and boundary of every region: ``niveau``, ``code``, ``indeling``, ``naam``,
            ``grens`` (id of the feature in ``grenzen-<niveau>``).
        rounding: by source: to what its counts are rounded (5; 1: not rounded).

    Returns:
        The dictionaries of the cube.

    Raises:
        StoreError: a cell is empty or does not go with its status, or a number does not fit.
        DuplicateKeyError: two rows are about the same cell.
    """
    target = folder / CUBE
    target.mkdir()
    gathered = Gathered(batches, regions, rounding)
    size = sum(block.size for block in gathered.axes.blocks)
    opened = _Open(
        _new(target / VALUES, np.int32, size), _new(target / STATES, np.uint8, size), _Bounds([], [], [])
    )  # fmt: skip
    for batch in batches():
        _fill(opened, batch, gathered)
    filled = int(np.count_nonzero(opened.states))
    if filled != gathered.rows:
        raise DuplicateKeyError(_twice(batches, gathered))
    opened.bounds.write(target)
    for array in (opened.values, opened.states):
        if isinstance(array, np.memmap):
            array.flush()
    _write_axes(gathered.axes, target, gathered.rows)
    return gathered.axes


def _fill(opened: _Open, batch: pa.RecordBatch, gathered: Gathered) -> None:
    at, subjects = gathered.positions(batch)
    codes = _codes_of(batch.column("status"))
    valued = VALUED[codes + 1]
    values, missing = _numbers(batch, "waarde")
    if (missing == valued).any():
        row = int(np.flatnonzero(missing == valued)[0])
        message = f"observations: a row with status {STATUSES[codes[row]]} and value {values[row]}"
        raise StoreError(message)
    provisional = batch.column("voorlopig").to_numpy(zero_copy_only=False).astype(bool)
    half = gathered.axes.halves[subjects]
    low, high = _bounds(batch, codes, (values, half))
    own = valued & ((low != np.maximum(values - half, 0)) | (high != values + half))
    opened.values[at] = values
    opened.states[at] = packed(codes, provisional, own)
    if own.any():
        opened.bounds.at.append(at[own])
        opened.bounds.low.append(low[own].astype(np.int32))
        opened.bounds.high.append(high[own].astype(np.int32))


def _bounds(
    batch: pa.RecordBatch, codes: Codes, rounded: tuple[Numbers, npt.NDArray[np.int32]]
) -> tuple[Numbers, Numbers]:
    """Return the bounds as given, else those of rounding; where there is no number they say nothing."""
    values, half = rounded
    if "ondergrens" in batch.schema.names:
        (low, no_low), (high, no_high) = (
            _numbers(batch, "ondergrens"),
            _numbers(batch, "bovengrens"),
        )
        unbounded = no_low | no_high
        if (unbounded == VALUED[codes + 1]).any():
            message = (
                "observations: bounds stand where there is no number, or fail where there is one"
            )
            raise StoreError(message)
        return low, high
    if (VALUED[codes + 1] & (codes != STATUSES.index("waargenomen"))).any():
        message = "observations: the bounds of a number that was not observed must be given"
        raise StoreError(message)
    return np.maximum(values - half, 0), values + half


def _numbers(batch: pa.RecordBatch, name: str) -> tuple[Numbers, Mask]:
    """Return a column as numbers, 0 where missing, and where they are missing."""
    column = batch.column(name)
    missing = column.is_null().to_numpy(zero_copy_only=False)
    numbers = column.fill_null(0).to_numpy(zero_copy_only=False).astype(np.int64, copy=False)
    if len(numbers) and np.abs(numbers).max() > _LARGEST:
        message = f"observations: {name} {np.abs(numbers).max()} does not fit in four bytes"
        raise StoreError(message)
    return numbers, missing


def _codes_of(column: pa.Array) -> Codes:
    encoded = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
    words = encoded.dictionary.to_pylist()
    if unknown := sorted(set(words) - set(STATUSES)):
        message = f"observations: {unknown} is not a status"
        raise StoreError(message)
    known = np.array([STATUSES.index(word) for word in words], np.int64)
    codes: Codes = known[encoded.indices.to_numpy(zero_copy_only=False)]
    return codes


def _twice(batches: Batches, gathered: Gathered) -> str:
    """Say of which cell there are two rows."""
    seen = np.zeros(sum(block.size for block in gathered.axes.blocks), bool)
    for batch in batches():
        at, rows = gathered.positions(batch)
        again = seen[at]
        seen[at] = True
        counts = np.unique(at, return_counts=True)
        places = [*at[again].tolist(), *counts[0][counts[1] > 1].tolist()]
        if places:
            row = int(rows[np.flatnonzero(at == places[0])[0]])
            block = next(b for b in gathered.axes.blocks if b.first <= row < b.first + b.rows)
            column = (places[0] - block.offset) % len(block.columns)
            key = gathered.axes.key(row, int(block.columns[column]))
            return f"observations: two rows are about {id_of(key)}"
    return "observations: two rows are about the same cell"


def _new(path: Path, kind: Any, size: int) -> Any:
    if not size:
        # nothing can be mapped of an empty file
        np.save(path, np.zeros(0, kind))
        return np.zeros(0, kind)
    return np.lib.format.open_memmap(path, mode="w+", dtype=kind, shape=(size,))


def _write_axes(axes: Axes, target: Path, rows: int) -> None:
    for plain, name in ((axes.subjects, SUBJECTS), (axes.places, PLACES)):
        table, path = coded_texts(plain), target / name
        with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
            writer.write_table(table)
    np.save(target / COLUMNS, np.concatenate([np.zeros(0, np.int64), *_columns(axes)]))
    blocks = [
        {"groep": block.groep, "onderwerpen": block.rows, "plaatsen": len(block.columns)}
        for block in axes.blocks
    ]
    index = {"rijen": rows, "statussen": list(STATUSES), "groepen": blocks}
    text = json.dumps(index, ensure_ascii=False, indent=1) + "\n"
    (target / INDEX).write_text(text, encoding="utf-8", newline="\n")


def _columns(axes: Axes) -> list[Codes]:
    return [block.columns for block in axes.blocks]
