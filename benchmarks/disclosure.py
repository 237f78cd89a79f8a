"""How long the disclosure audit takes, and how its cost grows.

Synthetic and seeded: gemeenten in 12 provincies, 40 COROP-gebieden and 25 veiligheidsregio's, one in
seventy merged into its neighbour in the newer indeling, every third period on older borders; one
indicator in five is the total of the four after it. Figures of ours follow the rules: veiligheidsregio's and every gemeente recoded to the newest indeling.

    python -m benchmarks.disclosure --gemeenten 340 --indicators 150 --periods 12 --planted 5
"""

import argparse
import resource
import sys
import time
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from spatial.analyse.disclosure.audit import Structure, audit
from spatial.analyse.disclosure.cells import PartsRule
from spatial.domain.crosswalk import CROSSWALK, PPM
from spatial.domain.facts import Membership
from spatial.domain.regions import Indeling, Niveau
from spatial.domain.status import Status
from spatial.domain.tables import OBSERVATIONS
from spatial.harmonise.kernel.carry import carry
from spatial.harmonise.sums import sum_over

_OLD, _NEW = 2022, 2023
_REGIONS = {Niveau.PROVINCIE: 12, Niveau.COROP: 40, Niveau.VEILIGHEIDSREGIO: 25}
_MERGED = 70
_SECRET_BELOW = 10
_GROUP = 5


def _schema() -> pa.Schema:
    return pa.schema(
        [
            (column.name, pa.date32() if column.type.startswith("date32") else column.type)
            for column in OBSERVATIONS.columns
        ]
    )


def _receiver(gemeente: int) -> int:
    return gemeente - 1 if gemeente % _MERGED == _MERGED - 1 else gemeente


def _memberships(gemeenten: int) -> list[Membership]:
    rows = []
    for niveau, number in _REGIONS.items():
        for year in (_OLD, _NEW):
            for gemeente in range(gemeenten):
                if year == _OLD or _receiver(gemeente) == gemeente:
                    region = f"{niveau.prefix}{_receiver(gemeente) * number // gemeenten + 1:02d}"
                    code = f"GM{gemeente:04d}"
                    rows.append(
                        Membership(Indeling(year), code, niveau, region, region, "", "synthetic")
                    )
    return rows


def _crosswalk(gemeenten: int) -> pa.Table:
    rows = []
    for gemeente in range(gemeenten):
        receiver = _receiver(gemeente)
        rows.append((_OLD, gemeente, receiver, "ongewijzigd" if receiver == gemeente else "fusie"))
        if receiver == gemeente:
            rows.append((_NEW, gemeente, receiver, "ongewijzigd"))
    columns = {
        "van_indeling": pa.array([row[0] for row in rows], pa.int32()),
        "naar_indeling": pa.array([_NEW] * len(rows), pa.int32()),
        "van_code": pa.array([f"GM{row[1]:04d}" for row in rows]),
        "naar_code": pa.array([f"GM{row[2]:04d}" for row in rows]),
        "gewicht_ppm": pa.array([PPM] * len(rows), pa.int64()),
        "grens_ppm": pa.array([0] * len(rows), pa.int64()),
        "samenhang": pa.array([row[3] for row in rows]),
        "methode": pa.array(["exact"] * len(rows)),
        "bron": pa.array(["synthetic"] * len(rows)),
    }
    return pa.table({name: columns[name] for name in CROSSWALK.names})


def _period(number: int) -> tuple[date, int]:
    """Return a day and its indeling: every third is on the old borders."""
    return date(2000 + number, 1, 1), _OLD if number % 3 == 0 else _NEW


def _slice(
    indicator: str, period: int, counts: np.ndarray, memberships: dict[int, list[Membership]]
) -> pa.Table:
    """Return what the source publishes of one indicator and period: gemeenten and their totals."""
    day, year = _period(period)
    truth: dict[str, int] = {}
    regions = {Niveau.PROVINCIE.value: "PV", Niveau.COROP.value: "CR"}
    for row in memberships[year]:
        if row.niveau.value in regions:
            count = int(counts[int(row.gemeente[2:])])
            truth[row.code] = truth.get(row.code, 0) + count
            truth[row.gemeente] = count
    truth["NL01"] = sum(count for code, count in truth.items() if code.startswith("GM"))
    codes = sorted(truth)
    true = np.array([truth[code] for code in codes], dtype=np.int64)
    value = (true + 2) // 5 * 5
    secret = (true < _SECRET_BELOW) & (true > 0)
    levels = {niveau.prefix: niveau.value for niveau in Niveau}
    text = {"bron": "synthetic", "groep": "ouderen", "kenmerk": indicator, "maat": "personen"}
    status = np.where(secret, Status.GEHEIM_OF_ONBEKEND.value, Status.WAARGENOMEN.value)
    columns = {name: pa.repeat(pa.scalar(entry), len(codes)) for name, entry in text.items()}
    columns |= {
        "niveau": pa.array([levels[code[:2]] for code in codes]),
        "code": pa.array(codes),
        "begin": pa.repeat(pa.scalar(day, pa.date32()), len(codes)),
        "eind": pa.repeat(pa.scalar(day, pa.date32()), len(codes)),
        "indeling": pa.repeat(pa.scalar(year, pa.int32()), len(codes)),
        "waarde": pa.array(value, mask=secret),
        "status": pa.array(status, pa.string()),
        "ondergrens": pa.array(np.maximum(value - 2, 0), mask=secret),
        "bovengrens": pa.array(value + 2, mask=secret),
        "voorlopig": pa.repeat(pa.scalar(value=False), len(codes)),
        "herkomst": pa.nulls(len(codes), pa.string()),
    }
    return pa.table({name: columns[name] for name in OBSERVATIONS.names}, schema=_schema())


def _rules(indicators: int) -> list[PartsRule]:
    """Return indicators in groups of five: a total and its four parts."""
    names = [f"kenmerk{number:03d}" for number in range(indicators)]
    return [
        PartsRule(names[at], tuple(names[at + 1 : at + _GROUP]))
        for at in range(0, indicators, _GROUP)
    ]


def _published(gemeenten: int, indicators: int, periods: int) -> pa.Table:
    """Return the source: counts of different size, so that some are secret."""
    chance = np.random.default_rng(20240229)
    by_year: dict[int, list[Membership]] = {_OLD: [], _NEW: []}
    for row in _memberships(gemeenten):
        by_year[row.indeling].append(row)
    slices = []
    for rule in _rules(indicators):
        shape = (len(rule.delen), gemeenten)
        size = chance.lognormal(4.0, 1.2, shape) * 10.0 ** chance.integers(-1, 2, (shape[0], 1))
        for period in range(periods):
            parts = chance.poisson(size)
            for kenmerk, counts in zip(rule.delen, parts, strict=True):
                slices.append(_slice(kenmerk, period, counts, by_year))
            slices.append(_slice(rule.totaal, period, parts.sum(axis=0), by_year))
    return pa.concat_tables(slices)


def _planted(sums: pa.Table, number: int) -> pa.Table:
    """Give secret sums a value: a count that is far too sure of itself."""
    secret = sums.filter(pc.equal(sums.column("status"), Status.GEHEIM_OF_ONBEKEND.value))
    rows = secret.slice(0, number)
    bounds = {"waarde": 12, "ondergrens": 10, "bovengrens": 14}
    for name, value in bounds.items():
        place = rows.column_names.index(name)
        rows = rows.set_column(place, name, pa.repeat(pa.scalar(value, pa.int64()), rows.num_rows))
    place = rows.column_names.index("status")
    opgeteld = pa.repeat(pa.scalar(Status.OPGETELD.value), rows.num_rows)
    return rows.set_column(place, "status", opgeteld)


def main() -> None:
    """Build the figures, audit them and write one line with the measures."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name, value in (("gemeenten", 340), ("indicators", 150), ("periods", 12), ("planted", 0)):
        options.add_argument(f"--{name}", type=int, default=value)
    chosen = options.parse_args()
    published = _published(chosen.gemeenten, chosen.indicators, chosen.periods)
    memberships, crosswalk = _memberships(chosen.gemeenten), _crosswalk(chosen.gemeenten)
    own = published.filter(pc.equal(published.column("niveau"), Niveau.GEMEENTE.value))
    sums = sum_over(own, memberships, Niveau.VEILIGHEIDSREGIO)
    changed = sums.filter(pc.equal(sums.column("indeling"), _NEW))
    bad = _planted(changed, chosen.planted)
    recoded = carry(own, crosswalk)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    structure = Structure(memberships, crosswalk, _rules(chosen.indicators))
    kept = sums.filter(pc.equal(sums.column("status"), Status.OPGETELD.value))
    derived = pa.concat_tables([table.cast(_schema()) for table in (kept, recoded, bad)])
    started = time.perf_counter()
    report = audit(published, derived, structure)
    seconds = time.perf_counter() - started
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    sys.stdout.write(
        f"{published.num_rows} published, {derived.num_rows} derived, {report.secret_cells} secret, "
        f"{report.equations} equations, {report.components} components, {report.suspects} suspects, "
        f"{report.programs} programs, {len(report.leaks)} leaks: {seconds:.1f} s, "
        f"{grown:.0f} MB more at the top\n"
    )


if __name__ == "__main__":
    main()
