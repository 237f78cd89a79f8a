"""The features that a question selects, and their size before anything is written."""

from dataclasses import dataclass

import shapely

from spatial.domain.formats import WORKBOOK
from spatial.errors import SelectionTooLargeError
from spatial.serve.formats.question import Question
from spatial.serve.matching.select import select
from spatial.serve.read.layer import Layer, Rows

_CELL, _POINT = 8, 16
_SHEET_ROWS, _SHEET_COLUMNS = 1_048_000, 16_384


@dataclass(frozen=True, slots=True)
class FileLimits:
    """How much one file may hold, and how many are made at once.

    Attributes:
        features: rows of a file, at most.
        size: bytes that its cells and coordinates take unpacked, at most.
        cells: cells of a workbook, at most: they are written one by one, in about 15 s.
        writing: files that one worker writes at the same time.
        handing: files that one worker has in hand for clients at the same time.
    """

    features: int = 250_000
    size: int = 1 << 30
    cells: int = 1_500_000
    writing: int = 2
    handing: int = 32


@dataclass(frozen=True, slots=True)
class Selection:
    """A question and the rows that answer it, in order."""

    question: Question
    layer: Layer
    rows: Rows


def selected(question: Question, limits: FileLimits) -> Selection:
    """Find the features; ``limit`` and ``offset`` count when the client gave them.

    Raises:
        SelectionTooLargeError: the file would be larger than allowed; says what to do.
        StoreError: the layer cannot be read.
    """
    layer = question.edition.layer(question.collection.id)
    query = question.query
    rows = select(layer, query)[query.offset : query.offset + query.limit]
    found = Selection(question, layer, rows)
    for what, amount, most in _sizes(found, limits):
        if amount > most:
            message = (
                f"the selection has {amount:,} {what}, a file of this kind at most {most:,}: narrow it "
                "with datetime, bbox, properties or limit, or take a file that is linked as "
                f"enclosure from /collections/{question.collection.id}"
            )
            raise SelectionTooLargeError(message)
    return found


def _sizes(found: Selection, limits: FileLimits) -> list[tuple[str, int, int]]:
    rows, columns = len(found.rows), len(found.question.names) + 1
    size = rows * columns * _CELL
    if found.question.placed:
        shapes = found.layer.shapes.placed(found.question.query.crs)
        # the last one is for features without shape
        points = [*shapely.get_num_coordinates(shapes).tolist(), 0]
        size += _POINT * sum(points[place] for place in found.layer.shape_of[found.rows].tolist())
    sizes = [("features", rows, limits.features), ("bytes", size, limits.size)]
    if found.question.form == WORKBOOK:
        sizes += [
            ("cells", rows * columns, limits.cells),
            ("rows", rows, _SHEET_ROWS),
            ("columns", columns, _SHEET_COLUMNS),
        ]
    return sizes
