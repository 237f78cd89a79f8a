"""Time of recoding against the number of cells: ``python -m benchmarks.recode``.

Figures and crosswalk are made here: 380 gemeenten, 12 peilmomenten in six old indelingen, of which
in every one 30 groups of three merge and two gemeenten are divided over four others.
"""

import argparse
import os
import resource
import sys
import time
from collections.abc import Callable
from datetime import date

import numpy as np
import pyarrow as pa

from spatial.domain.crosswalk import CROSSWALK, PPM
from spatial.domain.status import Status
from spatial.domain.tables import OBSERVATIONS
from spatial.harmonise.kernel.carry import carry

GEMEENTEN, MOMENTS, NAAR, SEED = 380, 12, 2026, 20260101
MERGED, SECRET = 90, 0.2
SCALES = (0.1, 1.0, 3.0)
TEXT = ("bron", "groep", "kenmerk", "maat", "niveau", "code", "status", "herkomst")


def crosswalk() -> pa.Table:
    """Return ``CROSSWALK`` from six indelingen to the newest."""
    codes = [f"GM{number:04d}" for number in range(GEMEENTEN)]
    rows = []
    for van in range(NAAR - MOMENTS // 2, NAAR):
        for number, code in enumerate(codes[:-2]):
            new = codes[number - number % 3] if number < MERGED else code
            rows.append((van, NAAR, code, new, PPM, 0, "fusie", "exact", "benchmark"))
        for code, first in ((codes[-2], 0), (codes[-1], 200)):
            for new, ppm in zip(
                codes[first : first + 12 : 3], (423_500, 342_500, 150_200, 83_800), strict=True
            ):
                rows.append(
                    (van, NAAR, code, new, ppm, 20_000, "opsplitsing", "opgegeven", "benchmark")
                )
    types = {column.name: column.type for column in CROSSWALK.columns}
    return pa.table(
        {
            name: pa.array(values, types[name])
            for name, values in zip(CROSSWALK.names, zip(*rows, strict=True), strict=True)
        }
    )


def observations(indicators: int, *, shuffled: bool = False) -> pa.Table:
    """Return dictionary-encoded ``OBSERVATIONS``, a fifth of them without a number.

    Args:
        indicators: how many cells per gemeente and peilmoment.
        shuffled: rows in random order, else as a source gives them: by cell, region, period.
    """
    random = np.random.default_rng(SEED)
    count = indicators * GEMEENTEN * MOMENTS
    indicator, rest = np.divmod(np.arange(count), GEMEENTEN * MOMENTS)
    gemeente, moment = np.divmod(rest, MOMENTS)
    if shuffled:
        order = random.permutation(count)
        indicator, gemeente, moment = indicator[order], gemeente[order], moment[order]
    waarde = random.integers(0, 20_000, count) * 5
    secret = random.random(count) < SECRET
    jaar = NAAR - MOMENTS // 2 + np.arange(MOMENTS) // 2
    days = np.array([date(int(j), *((1, 1), (12, 31))[i % 2]) for i, j in enumerate(jaar)])
    day = pa.array(days.astype("datetime64[D]")[moment], pa.date32())
    statuses = [Status.WAARGENOMEN.value, Status.GEHEIM_OF_ONBEKEND.value]
    kenmerken = [f"kenmerk {number:03d}" for number in range(-(-indicators // 3))]
    columns = {
        "bron": text(np.zeros(count), ["benchmark"]),
        "groep": text(np.zeros(count), ["ouderen"]),
        "kenmerk": text(indicator // 3, kenmerken),
        "maat": text(indicator % 3, ["huishoudens", "personen", "woonruimten"]),
        "niveau": text(np.zeros(count), ["gemeente"]),
        "code": text(gemeente, [f"GM{number:04d}" for number in range(GEMEENTEN)]),
        "begin": day,
        "eind": day,
        "indeling": pa.array(jaar[moment].astype(np.int32)),
        "waarde": pa.array(waarde, mask=secret),
        "status": text(secret, statuses),
        "ondergrens": pa.array(np.maximum(waarde - 2, 0), mask=secret),
        "bovengrens": pa.array(waarde + 2, mask=secret),
        "voorlopig": pa.array(moment > MOMENTS - 3),
        "herkomst": pa.nulls(count, pa.dictionary(pa.int32(), pa.string())),
    }
    return pa.table({name: columns[name] for name in OBSERVATIONS.names})


def text(index: np.ndarray, labels: list[str]) -> pa.Array:
    """Return a dictionary-encoded column."""
    return pa.DictionaryArray.from_arrays(pa.array(index.astype(np.int32)), pa.array(labels))


def plain(table: pa.Table) -> pa.Table:
    """Return the same table with text that is not dictionary-encoded."""
    for name in TEXT:
        place = table.column_names.index(name)
        table = table.set_column(place, name, table.column(name).cast(pa.string()))
    return table


def fastest(work: Callable[[], object], runs: int) -> tuple[float, float]:
    """Return the shortest wall time and the shortest processor time (s) of some runs."""
    times = []
    for _ in range(runs):
        wall, processor = time.perf_counter(), time.process_time()
        work()
        times.append((time.perf_counter() - wall, time.process_time() - processor))
    return min(wall for wall, _ in times), min(processor for _, processor in times)


def main(arguments: list[str] | None = None) -> None:
    """Print a table of times."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--indicators", type=int, default=1_900, help="at scale 1")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--variants", action="store_true", help="also plain text, also shuffled")
    options = parser.parse_args(arguments)
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    pa.set_cpu_count(1)
    weights = crosswalk()
    write = sys.stdout.write
    write(f"{'case':28}{'rows':>12}{'wall s':>9}{'cpu s':>9}{'M rows/s':>10}{'peak MB':>9}\n")

    def report(case: str, table: pa.Table) -> None:
        wall, processor = fastest(lambda: carry(table, weights), options.runs)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        rate = table.num_rows / wall / 1e6
        write(f"{case:28}{table.num_rows:12,}{wall:9.2f}{processor:9.2f}{rate:10.1f}{peak:9.0f}\n")

    for scale in SCALES:
        report(f"{scale:g} x", observations(round(options.indicators * scale)))
    if options.variants:
        report("1 x, rows shuffled", observations(options.indicators, shuffled=True))
        report("1 x, text not encoded", plain(observations(options.indicators)))


if __name__ == "__main__":
    main()
