"""Intake against pandas in one interleaved run: ``python -m benchmarks.intake``.

Every case is a process of its own, so that its peak memory is its own: a zip with CSV and pages of
JSON to cells on disk by us; the same CSV, unzipped, and the same pages into memory by pandas, as users
of ``requests`` and ``cbsodata`` do. The files are made first, once (``benchmarks.cbs_like``).
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import time
import zipfile
from collections import defaultdict
from pathlib import Path

from benchmarks.cbs_like import SCALES, table_at
from benchmarks.cbs_wire import write_table
from spatial.domain.mirror import pages_of
from spatial.domain.statline import OBSERVATIONS_SET, TABLE_ID
from spatial.normalise.intake.take import take_in
from spatial.normalise.statline_rows import Known

CASES = ("zip-ours", "csv-pandas", "json-ours", "json-pandas")
_SOURCES = {"zip": "zip", "csv": "csv", "json": "pages"}


def prepare(folder: Path, scale: float, forms: set[str]) -> None:
    """Write the files that are not there yet; the CSV is the one in the zip."""
    table = table_at(scale)
    for form in sorted({"zip" if form == "csv" else form for form in forms}):
        if not (folder / form).is_dir():
            write_table(table, form, folder / f"{form}.part")
            (folder / f"{form}.part").rename(folder / form)
    if "csv" in forms and not (folder / "csv").is_dir():
        with zipfile.ZipFile(folder / "zip" / f"{TABLE_ID}.zip") as archive:
            archive.extract(f"{OBSERVATIONS_SET}.csv", folder / "csv.part")
        (folder / "csv.part").rename(folder / "csv")


def ours(source: Path, scale: float, into: Path) -> int:
    """Take a table in; return the number of its cells."""
    table = table_at(scale)
    return take_in(source, TABLE_ID, Known(table.members, table.regions), into).rows


def pandas_csv(source: Path) -> int:
    """Read the unzipped CSV into memory; ``dtype`` keeps its codes text."""
    import pandas as pd  # noqa: PLC0415 - only this case pays for it

    texts = ("Measure", "ValueAttribute", "Aandachtsgroepen", "Kenmerken", "RegioS", "Perioden")
    path = source / f"{OBSERVATIONS_SET}.csv"
    return len(pd.read_csv(path, sep=";", dtype=dict.fromkeys(texts, "str")))


def pandas_json(source: Path) -> int:
    """Read every page with ``json`` into a frame, and put the frames together."""
    import pandas as pd  # noqa: PLC0415 - only this case pays for it

    pages = pages_of(source, OBSERVATIONS_SET)
    frames = [pd.DataFrame(json.loads(path.read_bytes())["value"]) for path in pages]
    return len(pd.concat(frames, ignore_index=True))


def run_case(case: str, folder: Path, scale: float) -> None:
    """Run one case in this process and print the number of rows."""
    form, way = case.split("-")
    source = folder / _SOURCES[form]
    if way == "ours":
        into = folder / f"out-{form}"
        shutil.rmtree(into, ignore_errors=True)
        rows = ours(source, scale, into)
    else:
        rows = pandas_csv(source) if form == "csv" else pandas_json(source)
    sys.stdout.write(f"{rows}\n")


def measure(case: str, folder: Path, scale: float) -> tuple[float, float, float]:
    """Run one case in its own process: wall and processor time (s), peak memory (MB)."""
    command = [sys.executable, "-m", "benchmarks.intake", "--case", case, "--scale", str(scale)]
    begin = time.perf_counter()
    process = subprocess.Popen([*command, "--folder", str(folder)], stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    wall = time.perf_counter() - begin
    if process.returncode:
        message = f"{case} ended with {process.returncode}"
        raise SystemExit(message)
    return wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def main(arguments: list[str] | None = None) -> None:
    """Print a table of medians, and the ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=float, choices=sorted(SCALES), default=0.1)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--folder", type=Path, required=True, help="for the files; kept")
    parser.add_argument("--cases", nargs="*", choices=CASES, default=CASES)
    parser.add_argument("--case", choices=CASES, help="run this one here, unmeasured")
    options = parser.parse_args(arguments)
    if options.case:
        run_case(options.case, options.folder, options.scale)
        return
    prepare(options.folder, options.scale, {_SOURCES[c.split("-")[0]] for c in options.cases})
    found = defaultdict(list)
    for _ in range(options.rounds):
        for case in options.cases:
            found[case].append(measure(case, options.folder, options.scale))
    write = sys.stdout.write
    write(f"{'case':14}{'wall s':>9}{'cpu s':>9}{'peak MB':>9}\n")
    medians = {
        case: [statistics.median(column) for column in zip(*runs, strict=True)]
        for case, runs in found.items()
    }
    for case, (wall, processor, peak) in medians.items():
        write(f"{case:14}{wall:9.1f}{processor:9.1f}{peak:9.0f}\n")
    for mine, other in (("zip-ours", "csv-pandas"), ("json-ours", "json-pandas")):
        if mine in medians and other in medians:
            ratios = [
                other_run[0] / run[0]
                for run, other_run in zip(found[mine], found[other], strict=True)
            ]
            write(f"{mine} is {statistics.median(ratios):.1f} times as fast as {other}\n")


if __name__ == "__main__":
    main()
