"""A layer of columns as a test needs them, and filters on it."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from types import SimpleNamespace
from typing import Any, cast

import numpy as np

from spatial.domain.crs import CRS84, Crs
from spatial.serve.cql2.read import JSON, TEXT, read_filter
from spatial.serve.matching.conditions import matching
from spatial.serve.read.layer import Column, Layer
from spatial.store.catalogue import Field

KINDS = {
    "tekst": "string",
    "naam": "string",
    "geheel": "integer",
    "klein": "integer",
    "getal": "number",
    "vlag": "boolean",
    "dag": "date",
    "eind": "date",
}
FIELDS = {name: Field(name, kind, name, name) for name, kind in KINDS.items()}

type Row = Mapping[str, Any]


def layer_of(rows: Sequence[Row]) -> Layer:
    """The columns of rows; a cell that is not there or None is missing. No row has a shape."""
    columns = {name: _column(kind, [row.get(name) for row in rows]) for name, kind in KINDS.items()}
    shapeless = np.full(len(rows), -1)
    made = SimpleNamespace(columns=columns, count=len(rows), shape_of=shapeless)
    return cast("Layer", made)


def found(layer: Layer, written: str | dict[str, Any], crs: Crs = CRS84) -> list[int]:
    """The rows for which a filter is true; a dict is CQL2 JSON."""
    if isinstance(written, str):
        condition = read_filter(written, TEXT, FIELDS, crs)
    else:
        condition = read_filter(json.dumps(written), JSON, FIELDS, crs)
    return [int(row) for row in np.flatnonzero(matching(condition, layer))]


def _column(kind: str, cells: list[Any]) -> Column:
    missing = np.array([cell is None for cell in cells], dtype=bool)
    if kind in {"string", "date"}:
        texts = [cell.isoformat() if isinstance(cell, date) else cell for cell in cells]
        words = tuple(sorted({text for text in texts if text is not None}))
        places = [-1 if text is None else words.index(text) for text in texts]
        return Column(np.array(places, dtype=np.int32), missing, words)
    dtype = {"integer": np.int64, "number": np.float64, "boolean": bool}[kind]
    return Column(
        np.array([0 if cell is None else cell for cell in cells], dtype=dtype), missing, None
    )
