"""The kernel against the same work in DuckDB SQL, in turn: ``python -m benchmarks.kernel``.

Cells on disk to series on disk, of all groups. Every case is a process of its own, so that its memory
is known; what comes out is compared by a fingerprint over all columns but herkomst, which SQL lacks.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.cbs_like import SCALES, table_at, write_cells
from benchmarks.fingerprint import fingerprint, together
from benchmarks.oracle import COLUMNS, SQL, prepare
from spatial.domain.regions import Indeling
from spatial.domain.sources import Source, SourceStatus
from spatial.domain.tables import CELLS_FOLDER
from spatial.normalise.facts import read_facts
from spatial.pipeline.engines.choose import choose_engine
from spatial.pipeline.recoding import recoding
from spatial.pipeline.series.folder import write_all, years_of
from spatial.pipeline.series.plan import SeriesPlan
from spatial.pipeline.series.planning import make_plan

BOUNDARIES = Path("boundaries")
NAAR = Indeling(2024)
SOURCE = Source("gegenereerd", "Gegenereerde cellen", SourceStatus.VOORBEELDCIJFERS, "EUPL-1.2")
CASES = ("duckdb", "duckdb-groups", "local[1]", "local[2]")
BATCH = 500_000


def plan_for(cells: Path) -> SeriesPlan:
    """Return the plan to one indeling, without weights of single cells: SQL has none either."""
    facts = read_facts(BOUNDARIES)
    plan = make_plan(SOURCE, facts, recoding(facts), years_of(cells), [NAAR])
    return replace(plan, nights=())


def run_sql(cells: Path, target: Path, plan: SeriesPlan) -> None:
    """Write the series of the whole table with one query of DuckDB, on two threads."""
    with duckdb.connect(config={"threads": 2}) as connection:
        prepare(connection, plan, plan.ways[0])
        connection.execute(
            "CREATE VIEW cells AS SELECT * FROM "  # noqa: S608 - our own names
            f"read_parquet('{cells}/groep=*/part-0.parquet', hive_partitioning = true)"
        )
        columns = ", ".join(f'"{name}"' for name in COLUMNS)
        connection.execute(
            f"COPY (SELECT {columns} FROM ({SQL})) TO '{target}' (FORMAT parquet, "  # noqa: S608
            "COMPRESSION zstd, PARTITION_BY (groep), FILENAME_PATTERN 'part-{i}', OVERWRITE_OR_IGNORE)"
        )


def run_sql_by_group(cells: Path, target: Path, plan: SeriesPlan) -> None:
    """Write the series of every group with DuckDB, one group at a time, on two threads."""
    with duckdb.connect(config={"threads": 2}) as connection:
        prepare(connection, plan, plan.ways[0])
        for part in sorted(cells.glob("groep=*/part-0.parquet")):
            out = target / part.parent.name
            out.mkdir(parents=True)
            connection.execute(
                "CREATE OR REPLACE VIEW cells AS SELECT * FROM "  # noqa: S608 - our own names
                f"read_parquet('{part}', hive_partitioning = true)"
            )
            columns = ", ".join(f'"{name}"' for name in COLUMNS if name != "groep")
            connection.execute(
                f"COPY (SELECT {columns} FROM ({SQL})) TO '{out}/part-0.parquet' "  # noqa: S608
                "(FORMAT parquet, COMPRESSION zstd)"
            )


def print_of(folder: Path) -> int:
    """Return the fingerprint of all series in a folder."""
    prints = []
    for part in sorted(folder.glob("groep=*/*.parquet")):
        with pq.ParquetFile(part) as file:
            groep = pa.scalar(part.parent.name.removeprefix("groep="))
            wanted = [name for name in COLUMNS if name != "groep"]
            for batch in file.iter_batches(BATCH, columns=wanted):
                table = pa.Table.from_batches([batch])
                rows = table.append_column("groep", pa.repeat(groep, batch.num_rows))
                prints.append(fingerprint(rows.select(COLUMNS)))
    return together(*prints)


def run_case(case: str, cells: Path, target: Path) -> dict[str, float]:
    """Run one case in this process, and return what it took."""
    plan = plan_for(cells)
    begin, before = time.perf_counter(), _processor()
    if case == "duckdb":
        run_sql(cells, target, plan)
    elif case == "duckdb-groups":
        run_sql_by_group(cells, target, plan)
    else:
        write_all(cells, target, plan, choose_engine(case))
    peaks = [
        resource.getrusage(who).ru_maxrss
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    ]
    return {
        "wall": time.perf_counter() - begin,
        "cpu": _processor() - before,
        "peak_mb": max(peaks) / 1024,
    }


def _processor() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def compare(scale: float, cases: Iterable[str], rounds: int, folder: Path) -> None:
    """Print the best of some rounds of every case at one scale."""
    cells = folder / f"{scale:g}x"
    if not cells.exists():
        rows = write_cells(table_at(scale), cells).rows
        sys.stdout.write(f"{scale:g} x: {rows:,} cells\n")
    best: dict[str, dict[str, float]] = {}
    prints = {}
    for number in range(rounds):
        for case in cases:
            with tempfile.TemporaryDirectory(dir=folder) as target:
                command = [sys.executable, "-m", "benchmarks.kernel", "--case", case]
                places = ["--cells", str(cells / CELLS_FOLDER), "--target", target]
                done = subprocess.run([*command, *places], check=True, capture_output=True)
                found = json.loads(done.stdout)
                if case not in best or found["wall"] < best[case]["wall"]:
                    best[case] = found
                if number == 0:
                    prints[case] = print_of(Path(target))
    for case, found in best.items():
        ratio = best["duckdb"]["wall"] / found["wall"] if "duckdb" in best else float("nan")
        sys.stdout.write(
            f"{scale:4g} x  {case:18}{found['wall']:9.2f} s wall{found['cpu']:9.2f} s cpu"
            f"{found['peak_mb']:8.0f} MB{ratio:7.1f} x duckdb  {prints[case]:032x}\n"
        )
    if len(set(prints.values())) > 1:
        sys.exit("the cases do not give the same")


def main(arguments: list[str] | None = None) -> None:
    """Compare at the scales that are asked for, or run one case."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=float, action="append", choices=sorted(SCALES))
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--engine", action="append", help="besides the usual ones, or --only these")
    parser.add_argument("--only", action="store_true")
    parser.add_argument("--folder", type=Path, help="keeps the cells for a next time")
    parser.add_argument("--case", help=argparse.SUPPRESS)
    parser.add_argument("--cells", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--target", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.case:
        sys.stdout.write(json.dumps(run_case(options.case, options.cells, options.target)))
        return
    cases = [*(() if options.only else CASES), *(options.engine or [])]
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        for scale in options.scale or [0.1]:
            compare(scale, cases, options.rounds, folder)


if __name__ == "__main__":
    main()
