"""The cube of all observations at true size: ``python -m benchmarks.cube``.

The cube is made here, seeded: regions x periods x groups x kenmerken x measures of table 85980NED. What
is asked of it is asked in one process, without HTTP: cells, series and maps of the cube, and pages as
the service answers them.
"""

import argparse
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from pathlib import Path

import numpy as np
import orjson
import pyarrow as pa

from spatial.domain.regions import Niveau
from spatial.domain.sources import Source, SourceStatus
from spatial.serve.ask.query import Limits
from spatial.serve.cube.asked import parse_observations
from spatial.serve.cube.documents import Place, page_document
from spatial.serve.cube.keyset import page_of
from spatial.serve.cube.plain import sides_of
from spatial.serve.cube.select import selected
from spatial.serve.cube.views import Sides
from spatial.serve.read.edition import open_editions
from spatial.store.catalogue import WAARNEMINGEN, Contents
from spatial.store.cube.axes import Key
from spatial.store.cube.describe import describe_observations
from spatial.store.cube.partitions import PARTITIONS, write_partitions
from spatial.store.cube.read import Cube
from spatial.store.cube.rows import Rows
from spatial.store.cube.write import CUBE, write_cube
from spatial.store.snapshot import draft, publish

SEED, SECRET, STEP, ROUNDED = 20260101, 0.217, 5, 5
AT_ONCE = 15
GROUPS, KENMERKEN, PERIODS, MEASURES = 21, 91, 12, ("personen", "huishoudens", "woonruimten")
REGIONS = (
    (Niveau.LAND, "NL", 1), (Niveau.PROVINCIE, "PV", 12), (Niveau.COROP, "CR", 40),
    (Niveau.VEILIGHEIDSREGIO, "VR", 28), (Niveau.GEMEENTE, "GM", 389),
)  # fmt: skip
DAYS = [date(2018 + number // 2, *((1, 1) if number % 2 == 0 else (12, 31))) for number in range(PERIODS)]  # fmt: skip
SOURCE = "85980NED"
PAGES_ASKED = 10
_ONE = {"groep": "groep-05", "kenmerk": "kenmerk_01", "maat": "personen"}
PAGES = {
    "page: first 1,000": {},
    "page: a series": {**_ONE, "regioCode": "GM0100"},
    "page: a map": {**_ONE, "niveau": "gemeente", "peilmoment": "2022-01-01"},
    "page: a region": {"regioCode": "GM0100"},
    "page: sorted group": {
        "groep": "groep-05",
        "maat": "personen",
        "sortby": "-waarde",
        "limit": "10",
    },
    "page: values of a group": {"filter": "groep = 'groep-05' AND waarde > 99990", "limit": "10"},
    "page: values of all": {"filter": "waarde > 99990", "limit": "10"},
}


def batches(kenmerken: int) -> Iterator[pa.RecordBatch]:
    """Give batches of one group and some kenmerken, encoded by dictionary as the cells of a source."""
    random = np.random.default_rng(SEED)
    levels = [niveau.value for niveau, _, count in REGIONS for _ in range(count)]
    codes = [f"{prefix}{number:04d}" for _, prefix, count in REGIONS for number in range(count)]
    regions, periods = len(codes), len(DAYS)
    size = len(MEASURES) * regions * periods
    measure, region, period = np.unravel_index(np.arange(size), (len(MEASURES), regions, periods))
    days = pa.array(DAYS, pa.date32()).take(pa.array(period))
    years = pa.array([day.year for day in DAYS], pa.int32()).take(pa.array(period))
    fixed = {
        "maat": _coded(measure, list(MEASURES)),
        "niveau": _coded(region, levels),
        "code": _coded(region, codes),
        "begin": days,
        "eind": days,
        "indeling": years,
        "voorlopig": pa.array(period >= periods - 2),
        "bron": _coded(np.zeros(size, int), [SOURCE]),
    }
    names = [f"kenmerk_{number:02d}" for number in range(kenmerken)]
    for group in range(GROUPS):
        for first in range(0, kenmerken, AT_ONCE):
            mine = names[first : first + AT_ONCE]
            hidden = random.random(size * len(mine)) < SECRET
            values = random.integers(0, 20_000, size * len(mine)) * STEP
            status = _coded(hidden.astype(int), ["waargenomen", "geheim_of_onbekend"])
            repeated = np.tile(np.arange(size), len(mine))
            columns = {name: column.take(pa.array(repeated)) for name, column in fixed.items()}
            yield pa.RecordBatch.from_pydict(
                {
                    "groep": _coded(np.zeros(len(repeated), int), [f"groep-{group:02d}"]),
                    "kenmerk": _coded(np.repeat(np.arange(len(mine)), size), mine),
                    **columns,
                    "waarde": pa.array(values, mask=hidden),
                    "status": status,
                }
            )


def regions() -> pa.Table:
    """Return the names of the regions in every indeling."""
    rows = [
        (niveau.value, f"{prefix}{number:04d}", year)
        for niveau, prefix, count in REGIONS
        for number in range(count)
        for year in sorted({day.year for day in DAYS})
    ]
    niveaus, codes, years = zip(*rows, strict=True)
    return pa.table(
        {
            "niveau": pa.array(niveaus),
            "code": pa.array(codes),
            "indeling": pa.array(years, pa.int32()),
            "naam": pa.array(codes),
            "grens": pa.array([f"{code}-{year}-01-01" for _, code, year in rows]),
        }
    )


def main() -> None:
    """Write a cube, open it, and ask it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=float, default=1.0, help="part of the kenmerken")
    parser.add_argument("--questions", type=int, default=2_000, help="of each kind")
    parser.add_argument("--into", type=Path, help="keep the cube in this folder, which is new")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="cube-") as folder:
        root = asked.into or Path(folder) / "store"
        kenmerken = max(1, round(KENMERKEN * asked.scale))
        _write(root, kenmerken)
        edition = open_editions(root).current
        before = _resident()
        for name, ask in _questions(edition.snapshot.cube, kenmerken).items():
            _ask(name, partial(ask, np.random.default_rng(SEED)), asked.questions)
        _say(f"memory that is not of files, more after these: {_resident() - before:.0f} MB")
        for name, pairs in PAGES.items():
            _ask(name, partial(_page, sides_of(edition), pairs), PAGES_ASKED)
        _say(f"and after these: {_resident() - before:.0f} MB")


def _write(root: Path, kenmerken: int) -> None:
    """Write and publish a snapshot that has observations only."""
    sources = (
        Source(SOURCE, "benchmark", SourceStatus.VOORBEELDCIJFERS, "EUPL-1.2"),
        Source("grenzen", "benchmark", SourceStatus.SCHEMATISCH, "EUPL-1.2"),
    )
    with draft(root) as unfinished:
        began = time.perf_counter(), time.process_time()
        axes = write_cube(
            unfinished.folder, lambda: batches(kenmerken), regions(), {SOURCE: ROUNDED}
        )
        _told("write the cube", began, unfinished.folder / CUBE)
        began = time.perf_counter(), time.process_time()
        cube = Cube(unfinished.folder)
        _told(f"open it: {cube.rows:,} rows", began)
        began = time.perf_counter(), time.process_time()
        rows = Rows(cube, {SOURCE: SourceStatus.VOORBEELDCIJFERS.value})
        write_partitions(unfinished.folder, rows, {})
        _told("write Parquet", began, unfinished.folder / PARTITIONS)
        collection = describe_observations(axes, cube.rows, (3.0, 50.0, 8.0, 54.0), sources)
        unfinished.seal(Contents((collection,), sources), {"land": "benchmark"})
        publish(unfinished, root)


def _page(sides: Sides, pairs: dict[str, str]) -> bytes:
    """Answer a question as the service does, without HTTP and without what it remembers."""
    fields = sides.edition.fields(WAARNEMINGEN)
    asked = parse_observations(list(pairs.items()), "json", fields, Limits(1_000, 10_000))
    selection = selected(sides, asked.query)
    page = page_of(selection, asked.query.sort, asked.cursor, asked.query.limit)
    place = Place("http://localhost", sides.edition.collection(WAARNEMINGEN), english=False)
    return orjson.dumps(page_document(sides, asked, page, selection.count(), place))


def _questions(cube: Cube, kenmerken: int) -> dict[str, Callable[[np.random.Generator], object]]:
    """Return the questions, each about something else every time."""

    def subject(random: np.random.Generator) -> tuple[str, str, str]:
        group, kenmerk = random.integers(GROUPS), random.integers(kenmerken)
        return f"groep-{group:02d}", f"kenmerk_{kenmerk:02d}", MEASURES[random.integers(3)]

    def code(random: np.random.Generator) -> str:
        return f"GM{random.integers(389):04d}"

    def cell(random: np.random.Generator) -> object:
        day = DAYS[random.integers(PERIODS)]
        return cube.cell(Key(*subject(random), code(random), day, day, day.year))

    def series(random: np.random.Generator) -> object:
        return cube.series(*subject(random), code(random))

    def one_map(random: np.random.Generator) -> object:
        return cube.map(subject(random), Niveau.GEMEENTE, DAYS[random.integers(PERIODS)])

    return {"cell": cell, "series of 12": series, "map of 389": one_map}


def _ask(name: str, ask: Callable[[], object], questions: int) -> None:
    ask()
    took = np.empty((2, questions))
    for number in range(questions):
        began, worked = time.perf_counter(), time.thread_time()
        ask()
        took[:, number] = time.perf_counter() - began, time.thread_time() - worked
    half, most = np.percentile(took * 1e3, [50, 99], axis=1)
    _say(
        f"{name:<24} wall p50 {half[0]:7.3f}  p99 {most[0]:7.3f} ms   "
        f"cpu p50 {half[1]:7.3f}  p99 {most[1]:7.3f} ms"
    )


def _told(what: str, began: tuple[float, float], folder: Path | None = None) -> None:
    wall, cpu = time.perf_counter() - began[0], time.process_time() - began[1]
    size = ""
    if folder is not None:
        size = f"{sum(file.stat().st_size for file in folder.rglob('*') if file.is_file()) / 1e6:7.0f} MB"
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    _say(f"{what:<28} wall {wall:6.2f} s   cpu {cpu:6.2f} s   peak {peak:5.0f} MB   {size}")


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _resident() -> float:
    """Return the memory of this process that is not of files, in MB."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("RssAnon:"):
            return int(line.split()[1]) / 1e3
    return 0.0


def _coded(places: np.ndarray, words: list[str]) -> pa.DictionaryArray:
    different = list(dict.fromkeys(words))
    codes = np.array([different.index(word) for word in words], np.int32)[places]
    return pa.DictionaryArray.from_arrays(pa.array(codes), pa.array(different, pa.string()))


if __name__ == "__main__":
    main()
