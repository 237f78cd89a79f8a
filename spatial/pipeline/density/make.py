"""Densities of a build, and those that are asked for."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import geopandas as gpd
import shapely

from spatial.domain.crs import RD
from spatial.domain.facts import Facts
from spatial.domain.findings import Finding, Severity
from spatial.domain.indicators import Indicator, Thema, load_catalogue
from spatial.domain.regions import Niveau
from spatial.domain.sources import Source, SourceStatus
from spatial.domain.squares import SpreadRules
from spatial.errors import ExportError, SourceError
from spatial.example.grid import EXAMPLE_GRID_SOURCE, example_inhabited
from spatial.normalise.squares import read_inhabited
from spatial.pipeline.density.describe import PopulationGrid
from spatial.pipeline.density.write import Densities, Layers, counts_in
from spatial.store.catalogue import Collection, Contents
from spatial.store.layers import GEOMETRY, read_columns
from spatial.store.rasters.index import COVERAGES, INDEX, Coverage, index_json, read_index
from spatial.store.snapshot import digest_of

PUBLISHED = ((Thema.OUDEREN, "personen"), (Thema.OUDEREN, "huishoudens"))
"""What a build spreads: of a large group, whose counts say something on squares of 500 m."""

_SIDE = 500
"""Side (m) of the cells of a build."""

type Step = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class GridFile:
    """A grid of inhabitants that someone names.

    Attributes:
        path: see ``normalise.squares``.
        side: wanted side of a cell (m); None: as in the file.
        title: what it is and whose; empty: the name of the file.
        licence: as its owner names it; empty: not told.
    """

    path: Path
    side: int | None = None
    title: str = ""
    licence: str = ""

    def read(self) -> PopulationGrid:
        """Read it.

        Raises:
            SourceError: see ``read_inhabited``.
        """
        frame, inhabited = read_inhabited(self.path, self.side)
        source = Source(
            id=self.path.stem,
            titel=self.title or f"Inwoners per vierkant ({self.path.name})",
            status=SourceStatus.OFFICIEEL,
            licentie=self.licence or "als van het bestand met inwoners",
            sha256=digest_of(self.path),
        )
        return PopulationGrid(frame, inhabited, source)


@dataclass(frozen=True, slots=True)
class DensityOrder:
    """What is asked of an export.

    Attributes:
        collection: id of a collection of gemeenten.
        indicators: ids of counts in it; empty: all.
        grid: who lives where; None: the example, which only example figures may use.
        rules: what may be shown.
    """

    collection: str
    indicators: tuple[str, ...] = ()
    grid: GridFile | None = None
    rules: SpreadRules = field(default_factory=SpreadRules)


def build_densities(
    layers: Layers, facts: Facts, grid: Path | None
) -> tuple[tuple[Coverage, ...], list[Finding]]:
    """Write the densities of a build and their index in its folder ``dichtheid``.

    Args:
        layers: the finished layers of the build.
        facts: gazetteer and inhabitants, for an example grid.
        grid: the grid that was named; None: an example, and nothing at all beside real figures.

    Returns:
        The coverages, and what was noticed; a grid without square cells of whole metres gives none.

    Raises:
        SpatialError: a file cannot be written, or says something else than the figures.
    """
    wanted = list(_published(layers.contents))
    if not wanted or (grid is None and not _is_example(layers.contents, wanted)):
        return (), []
    try:
        people = GridFile(grid, _side_of(grid)).read() if grid else _example_grid(layers, facts)
    except SourceError as error:
        # it may do for weights, of which the cells need not be square
        return (), [Finding(Severity.WARNING, str(grid), "", "no-density", str(error))]
    densities = Densities(layers, people)
    folder = layers.folder / COVERAGES
    folder.mkdir()
    written, findings = [], []
    for collection, indicator in wanted:
        try:
            written.append(densities.write(collection, indicator, folder))
        except ExportError as error:
            findings.append(
                Finding(Severity.WARNING, collection.id, indicator.id, "no-density", str(error))
            )
    placed = tuple(replace(entry, file=f"{COVERAGES}/{entry.file}") for entry in written)
    (folder / INDEX).write_text(index_json(placed), encoding="utf-8")
    return placed, [*findings, *densities.noticed()]


def export_densities(
    layers: Layers, facts: Facts, order: DensityOrder, out: Path, step: Step
) -> tuple[tuple[Coverage, ...], list[Finding]]:
    """Write the densities that are asked for, and an index of all that are in the folder.

    Args:
        layers: a snapshot.
        facts: gazetteer and inhabitants, for an example grid.
        order: what is asked.
        out: folder; made when it is not there.
        step: called with what is being done and the fraction that is done.

    Returns:
        What was written, and what was noticed. An indicator of which nothing may be shown is
        noticed and passed over, unless it is the only one.

    Raises:
        SpatialError: there is nothing to spread, the grid cannot be read or a file not written.
    """
    step("grid", 0.0)
    collection = layers.contents.get(order.collection)
    chosen = _chosen(collection, order.indicators)
    if order.grid is None and not _is_example(layers.contents, [(collection, chosen[0])]):
        message = (
            "name a grid of inhabitants (--grid FILE): the example is for example figures only"
        )
        raise ExportError(message)
    grid = order.grid.read() if order.grid else _example_grid(layers, facts)
    densities = Densities(layers, grid, order.rules)
    out.mkdir(parents=True, exist_ok=True)
    written: list[Coverage] = []
    findings: list[Finding] = []
    for number, indicator in enumerate(chosen):
        step(indicator.id, 0.05 + 0.95 * number / len(chosen))
        try:
            written.append(densities.write(collection, indicator, out))
        except ExportError as error:
            if len(chosen) == 1:
                raise
            findings.append(
                Finding(Severity.WARNING, collection.id, indicator.id, "no-density", str(error))
            )
    _add_to_index(out, written)
    return tuple(written), [*findings, *densities.noticed()]


def _published(contents: Contents) -> list[tuple[Collection, Indicator]]:
    """Return what a build spreads, of what there is."""
    by_id = {entry.id: entry for entry in contents.collections}
    catalogue = load_catalogue()
    found = []
    for thema, name in PUBLISHED:
        collection = by_id.get(f"{thema}-{Niveau.GEMEENTE}")
        if collection is not None and name in collection.indicatoren:
            found.append((collection, catalogue.get(name)))
    return found


def _is_example(contents: Contents, wanted: list[tuple[Collection, Indicator]]) -> bool:
    return all(
        contents.source(indicator.bron).status is SourceStatus.VOORBEELDCIJFERS
        for _, indicator in wanted
    )


def _side_of(grid: Path) -> int | None:
    """Return the side for a build: 500 m, unless the cells of the grid do not go into it."""
    frame, _ = read_inhabited(grid)
    return _SIDE if _SIDE % frame.side == 0 else None


def _example_grid(layers: Layers, facts: Facts) -> PopulationGrid:
    path = layers.folder / f"grenzen-{Niveau.GEMEENTE}.parquet"
    table = read_columns(path, ["regioCode", "indeling", GEOMETRY])
    shapes = gpd.GeoDataFrame(
        {"code": table["regioCode"].to_pylist(), "indeling": table["indeling"].to_numpy()},
        geometry=shapely.from_wkb(table[GEOMETRY].to_numpy()),
        crs=RD.epsg,
    )
    return PopulationGrid(*example_inhabited(facts, shapes), EXAMPLE_GRID_SOURCE)


def _chosen(collection: Collection, names: tuple[str, ...]) -> list[Indicator]:
    if not names:
        return counts_in(collection)
    catalogue = load_catalogue()
    return [catalogue.get(name) for name in dict.fromkeys(names)]


def _add_to_index(folder: Path, written: list[Coverage]) -> None:
    """Write the index of a folder, with what was there before and still is."""
    path = folder / INDEX
    before = read_index(path) if path.is_file() else ()
    known = {entry.id: entry for entry in before if (folder / entry.file).is_file()}
    known |= {entry.id: entry for entry in written}
    path.write_text(index_json(known.values()), encoding="utf-8")
