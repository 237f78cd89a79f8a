"""Densities at true size: ``python -m benchmarks.rasters``.

Counts, seeded, of every gemeente in six years, a fifth of them confidential, spread over an example
grid of 500 m: on the real boundaries of a mirror where there is one, else on the schematic ones.
"""

import argparse
import resource
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import rasterio
from rasterio.windows import Window

from spatial.domain.indicators import Indicator, Thema, load_catalogue
from spatial.domain.regions import Indeling, Niveau
from spatial.domain.sources import Source, SourceStatus
from spatial.domain.squares import SpreadRules
from spatial.domain.status import Status
from spatial.example.grid import EXAMPLE_GRID_SOURCE, example_inhabited
from spatial.join.layers import boundaries_layer
from spatial.normalise.facts import read_facts
from spatial.pipeline.density.describe import PopulationGrid
from spatial.pipeline.density.write import Densities, Layers
from spatial.pipeline.land import Land, read_land
from spatial.settings import read_settings
from spatial.store.catalogue import Contents
from spatial.store.describe import Subject, describe_indicators
from spatial.store.layers import GEOMETRY, write_layer

SEED, SECRET, ROUNDED = 20260101, 0.2, 5
INDICATORS, YEARS = 150, tuple(Indeling(year) for year in range(2018, 2024))
PART = (0.02, 0.25)
"""Least and most part of the inhabitants that a count is."""
FIGURES = Source("85980NED", "benchmark", SourceStatus.VOORBEELDCIJFERS, "EUPL-1.2")
WINDOW = 100
_MIRROR = Path(__file__).parents[2] / "shared" / "mirror"


def main() -> None:
    """Lay the grid, spread the counts, and read a window of the last file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=float, default=1.0, help="part of the 150 indicators")
    parser.add_argument("--mirror", type=Path, default=_MIRROR, help="folder with real boundaries")
    parser.add_argument("--into", type=Path, help="keep the files in this folder, which exists")
    asked = parser.parse_args()
    facts = read_facts(read_settings({}).boundaries)
    real = (asked.mirror / "boundaries").is_dir()
    land, _ = read_land(facts, asked.mirror if real else None)
    gemeenten = land.of(Niveau.GEMEENTE)
    grid = PopulationGrid(*example_inhabited(facts, gemeenten), EXAMPLE_GRID_SOURCE)
    indicators = _indicators(max(1, round(INDICATORS * asked.scale)))
    with tempfile.TemporaryDirectory(prefix="rasters-") as scratch:
        folder = asked.into or Path(scratch)
        layers = _layers(folder, land, indicators)
        _say(
            f"{'real' if real else 'schematic'} boundaries, {len(indicators)} indicators x"
            f" {len(YEARS)} years, {grid.inhabited.num_rows:,} inhabited cells of 500 m"
        )
        before = _resident()
        _measured(Densities(layers, grid, SpreadRules()), indicators, folder, before)


def _measured(
    densities: Densities, indicators: Sequence[Indicator], folder: Path, before: float
) -> None:
    collection = densities.layers.contents.collections[0]
    began = time.perf_counter(), time.process_time()
    first = densities.write(collection, indicators[0], folder)
    _told("the first, with the boundaries", began, first.size)
    began = time.perf_counter(), time.process_time()
    rest = [densities.write(collection, entry, folder) for entry in indicators[1:]]
    _told(f"{len(rest)} more", began, sum(entry.size for entry in rest))
    began = time.perf_counter(), time.process_time()
    with rasterio.open(folder / first.file) as raster:
        raster.read(window=Window(250, 300, WINDOW, WINDOW))
    _told(f"open, and read {WINDOW} x {WINDOW} cells of all bands", began, 0)
    _say(f"peak {_resident():.0f} MB, of which {before:.0f} before the first")


def _indicators(count: int) -> list[Indicator]:
    persons = load_catalogue().get("personen")
    return [replace(persons, id=f"aantal{number:03d}") for number in range(count)]


def _layers(folder: Path, land: Land, indicators: Sequence[Indicator]) -> Layers:
    """Write boundaries and figures as a snapshot has them."""
    shapes = land.of(Niveau.GEMEENTE)
    shapes = shapes[shapes["indeling"].isin(YEARS)].reset_index(drop=True)
    boundaries = boundaries_layer(shapes, land.source.status.value)
    write_layer(boundaries, folder / "grenzen-gemeente.parquet")
    draws = np.random.default_rng(SEED)
    # land and people grow together here, which is enough to fill most gemeenten
    people = shapes.geometry.area.to_numpy() / 1e6 * 500
    rows = len(shapes)
    columns: dict[str, object] = {
        "regioCode": boundaries["regioCode"],
        "indeling": boundaries["indeling"],
        "peilmoment": pa.array(
            [date(int(year), 1, 1) for year in boundaries["indeling"].to_pylist()], pa.date32()
        ),
        "voorlopig": pa.array(np.zeros(rows, bool)),
        GEOMETRY: boundaries[GEOMETRY],
    }
    for entry in indicators:
        hidden = draws.random(rows) < SECRET
        counts = np.rint(people * draws.uniform(*PART, rows) / ROUNDED).astype(np.int64) * ROUNDED
        value, status, *_ = entry.columns
        columns[value] = pa.array(counts, mask=hidden)
        columns[status] = pa.array(
            np.where(hidden, Status.GEHEIM_OF_ONBEKEND.value, Status.WAARGENOMEN.value)
        )
    table = pa.table(columns)
    subject = Subject(Thema.OUDEREN, Niveau.GEMEENTE)
    described = describe_indicators(table, subject, indicators, [FIGURES, land.source])
    write_layer(table, folder / described.bestand)
    return Layers(folder, Contents((described,), (FIGURES, land.source)))


def _told(what: str, began: tuple[float, float], size: int) -> None:
    wall, cpu = time.perf_counter() - began[0], time.process_time() - began[1]
    _say(f"{what:<48}{wall:>8.2f} s {cpu:>8.2f} cpu s {size / 1e6:>8.1f} MB")


def _resident() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
