"""The series of all cells in a snapshot that is being built."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from spatial.pipeline.parts import Parts
from spatial.pipeline.recoding import Recoding
from spatial.pipeline.series.folder import Engine, write_all, write_cells, years_of
from spatial.pipeline.series.planning import make_plan


def write_series(target: Path, parts: Parts, recode: Recoding, engine: Engine) -> None:
    """Carry all cells of the source to every indeling to which figures are carried.

    Args:
        target: folder to write; see ``domain.tables.SERIES_FOLDER``.
        parts: the cells, as fetched or as the example made them, and their source.
        recode: what figures are carried with.
        engine: who does it.

    Raises:
        SpatialError: see ``folder.write_all``.
    """
    with _cells(parts, target.parent.parent) as cells:
        source, indelingen = parts.figures.found.source, parts.figures.carried
        plan = make_plan(source, parts.facts, recode, years_of(cells), indelingen)
        write_all(cells, target, plan, engine)


@contextmanager
def _cells(parts: Parts, store: Path) -> Iterator[Path]:
    """Give the folder with all cells; those of the example are written for the time being."""
    taken = parts.figures.found.taken
    if taken is not None:
        yield taken.folder
        return
    with TemporaryDirectory(dir=store, prefix=".partial-") as folder:
        write_cells(parts.figures.published, Path(folder))
        yield Path(folder)
