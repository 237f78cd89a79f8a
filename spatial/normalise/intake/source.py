"""Which form a fetched table has: pages of OData 4 or 3, a CSV file, or a zip."""

from pathlib import Path

from spatial.domain.mirror import pages_of
from spatial.domain.statline import DIMENSIONS, OBSERVATIONS_SET, TYPED, UNTYPED
from spatial.errors import SourceError
from spatial.normalise.intake.delimited import Delimited
from spatial.normalise.intake.v3 import V3Pages
from spatial.normalise.intake.v4 import V4Pages
from spatial.normalise.intake.wire import Wire

_ROWS = frozenset({OBSERVATIONS_SET, UNTYPED, TYPED})


def open_table(path: Path, table: str, dimensions: tuple[str, ...] = DIMENSIONS) -> Wire:
    """Open a fetched table.

    Args:
        path: folder as fetching writes it (``spatial.domain.mirror``), or one in which the rows are
            ``<table>.zip``, ``<table>.csv`` or ``Observations.csv``; or such a file itself.
        table: identifier of the table.
        dimensions: the columns with keys, besides the measure.

    Raises:
        SourceError: nothing that can be read stands there, or more than one thing does.
        SchemaError: the columns are not those of the table.
    """
    if path.is_file():
        return Delimited(path, table, dimensions)
    if pages_of(path, OBSERVATIONS_SET):
        return V4Pages(path, table, dimensions)
    if pages_of(path, UNTYPED) or pages_of(path, TYPED):
        return V3Pages(path, table, dimensions)
    files = [entry for entry in sorted(path.glob("*")) if _has_rows(entry, table)]
    if len(files) == 1:
        return Delimited(files[0], table, dimensions)
    found = [entry.name for entry in files] or "none of these"
    message = (
        f"{path}: expected one of {OBSERVATIONS_SET}/page-*.json, {UNTYPED}/page-*.json, "
        f"{TYPED}/page-*.json, {table}.zip or {table}.csv; found {found}"
    )
    raise SourceError(message)


def _has_rows(path: Path, table: str) -> bool:
    stem, suffix = path.stem, path.suffix.lower()
    return suffix == ".zip" or (
        suffix == ".csv" and (stem in _ROWS or stem.upper().startswith(table.upper()))
    )
