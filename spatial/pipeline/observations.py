"""The collection of all observations: the cube that the server reads, and its files."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from spatial.domain.sources import Source
from spatial.normalise.intake.partitions import cell_batches
from spatial.pipeline.figures import Figures
from spatial.pipeline.parts import Parts
from spatial.store.catalogue import Collection, Contents
from spatial.store.cube.describe import describe_observations
from spatial.store.cube.gather import Batches
from spatial.store.cube.partitions import write_partitions
from spatial.store.cube.read import Cube
from spatial.store.cube.rows import Rows
from spatial.store.cube.write import write_cube
from spatial.store.files.content import about
from spatial.store.snapshot import Draft

_BATCH = 1 << 18


@dataclass(frozen=True, slots=True)
class Observed:
    """What a cube is made of.

    Attributes:
        batches: gives the rows from the beginning (see ``store.cube.write``).
        regions: name and boundary of every region (see ``store.cube.write``).
        rounding: by source: to what its counts are rounded.
        sources: all sources that rows name, and that of the shapes as the last.
        bbox: of all shapes: west, south, east, north (degrees, CRS84).
    """

    batches: Batches
    regions: pa.Table
    rounding: Mapping[str, int]
    sources: Sequence[Source]
    bbox: tuple[float, float, float, float]


def add_observations(draft: Draft, observed: Observed) -> Collection:
    """Write the cube and its files in a draft, and describe them as one collection.

    Raises:
        StoreError, DuplicateKeyError: the rows are not as ``store.cube.write`` needs them.
    """
    axes = write_cube(draft.folder, observed.batches, observed.regions, observed.rounding)
    cube = Cube(draft.folder)
    shown = set(axes.subjects["bron"].to_pylist())
    *figures, shapes = observed.sources
    sources = (*(source for source in figures if source.id in shown), shapes)
    collection = describe_observations(axes, cube.rows, observed.bbox, sources)
    rows = Rows(cube, {source.id: source.status.value for source in sources})
    write_partitions(draft.folder, rows, about(Contents((collection,), sources), collection))
    return collection


def observation_layer(
    draft: Draft, parts: Parts, bbox: tuple[float, float, float, float]
) -> Collection:
    """Write all observations in their own indelingen as collection ``waarnemingen``."""
    sources = {source.id: source for source in _figure_sources(parts)}
    return add_observations(
        draft,
        Observed(
            batches=lambda: all_rows(parts.figures),
            regions=_regions(parts),
            rounding=_rounding(parts),
            sources=(*sources.values(), parts.land.source),
            bbox=bbox,
        ),
    )


def all_rows(figures: Figures) -> Iterator[pa.RecordBatch]:
    """Give all observations: every cell of a table that was fetched, also what no indicator asks.

    A few cells are in memory at a time, however many there are.
    """
    own, taken, bron = figures.own, figures.found.taken, figures.found.source.id
    if taken is None:
        yield from own.to_batches(max_chunksize=_BATCH)
        return
    # what is read from the table stands among its cells; what was summed from it does not
    read = pc.and_(pc.equal(own["bron"], bron), pc.is_null(own["herkomst"]))
    yield from own.filter(pc.invert(read)).to_batches(max_chunksize=_BATCH)
    for groep in taken.groups:
        for batch in cell_batches(taken, groep, _BATCH):
            yield batch.append_column("bron", pa.repeat(pa.scalar(bron), batch.num_rows))


def _figure_sources(parts: Parts) -> list[Source]:
    return [*parts.figure_sources, *parts.targets.sources]


def _regions(parts: Parts) -> pa.Table:
    shapes = parts.land.shapes
    names = ("niveau", "code", "naam")
    columns = {name: pa.array(shapes[name].astype(str), pa.string()) for name in names}
    years = [int(year) for year in shapes["indeling"]]
    # as ``join.layers`` names the features of grenzen-<niveau>
    ids = [f"{code}-{year}-01-01" for code, year in zip(shapes["code"], years, strict=True)]
    return pa.table(
        {**columns, "indeling": pa.array(years, pa.int32()), "grens": pa.array(ids, pa.string())}
    )


def _rounding(parts: Parts) -> dict[str, int]:
    """Return to what the counts of each source are rounded; 1: not at all."""
    found = {source.id: 1 for source in _figure_sources(parts)}
    for entry in parts.catalogue.indicators:
        if entry.soort.is_count:
            found[entry.bron] = max(found.get(entry.bron, 1), int(entry.afronding))
    return found
