"""One number for all rows of a table, whatever their order: are two results the same?"""

import hashlib

import numpy as np
import numpy.typing as npt
import pyarrow as pa

type Hashes = npt.NDArray[np.uint64]

_ODD = np.uint64(0x9E3779B97F4A7C15)
_OTHER = np.uint64(0xC2B2AE3D27D4EB4F)
_WORD = 64
_LOW = (1 << _WORD) - 1


def fingerprint(table: pa.Table) -> int:
    """Return a number of 128 bits that depends on every cell and column name, not on order of rows.

    Text counts by its letters, whether it is dictionary-encoded or not; a missing cell is itself.

    Args:
        table: columns of text, whole numbers, doubles, days and booleans.
    """
    rows = np.zeros(table.num_rows, np.uint64)
    for name in sorted(table.column_names):
        start, missing = _of_text(name), _of_text(f"missing {name}")
        done = 0
        for chunk in table[name].chunks:
            hashes = np.where(chunk.is_valid().to_numpy(False), _mixed(_of(chunk) ^ start), missing)  # noqa: FBT003 - Arrow's own
            rows[done : done + len(chunk)] += hashes
            done += len(chunk)
    halves = (_mixed(rows ^ seed).sum(dtype=np.uint64) for seed in (_ODD, _OTHER))
    low, high = (int(half) for half in halves)
    return high << _WORD | low


def together(*prints: int) -> int:
    """Return the fingerprint of all rows of tables with these fingerprints."""
    low = sum(one & _LOW for one in prints) & _LOW
    high = sum(one >> _WORD for one in prints) & _LOW
    return high << _WORD | low


def _of(chunk: pa.Array) -> Hashes:
    """Return a number per cell; that of a missing one does not count."""
    found: Hashes
    if pa.types.is_string(chunk.type) or pa.types.is_large_string(chunk.type):
        chunk = chunk.dictionary_encode()
    if pa.types.is_dictionary(chunk.type):
        labels = [_of_text(label or "") for label in chunk.dictionary.to_pylist()]
        rank = chunk.indices.fill_null(len(labels)).to_numpy()
        found = np.array([*labels, 0], np.uint64)[rank]
    elif pa.types.is_floating(chunk.type):
        found = chunk.fill_null(0.0).to_numpy().astype(np.float64).view(np.uint64)
    else:
        whole = chunk.cast(pa.int32()) if pa.types.is_date32(chunk.type) else chunk
        found = whole.cast(pa.int64()).fill_null(0).to_numpy().astype(np.int64).view(np.uint64)
    return found


def _of_text(text: str) -> np.uint64:
    return np.uint64(int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big"))


def _mixed(numbers: Hashes) -> Hashes:
    """Spread every bit over all others (the finish of splitmix64)."""
    numbers = (numbers ^ (numbers >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    numbers = (numbers ^ (numbers >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixed: Hashes = numbers ^ (numbers >> np.uint64(31))
    return mixed
