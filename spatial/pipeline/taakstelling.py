"""The taakstelling of a build: targets, what was reported or made as an example, and the ledger."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from spatial.analyse.ledger.observations import TARGET, Ledger, make_ledger, parts_of
from spatial.analyse.taakstelling import TAAKSTELLING_SOURCE, taakstelling_observations
from spatial.domain.facts import Facts
from spatial.domain.findings import Finding
from spatial.domain.periods import Period
from spatial.domain.regions import Indeling, Niveau
from spatial.domain.sources import Source, SourceStatus
from spatial.domain.taakstelling import Reports
from spatial.example.realisation import example_reports
from spatial.normalise.taakstelling import read_taakstelling
from spatial.pipeline.figures import Recoding

_PUBLISHED = "taakstelling-realisatie"


@dataclass(frozen=True, slots=True)
class Targets:
    """The taakstelling of a build.

    Attributes:
        ledger: targets, carry-over, realisation and sums.
        sources: of the targets, and of what was reported where that is another one.
    """

    ledger: Ledger
    sources: tuple[Source, ...]


def make_targets(
    facts: Facts, recode: Recoding, files: Sequence[Path], *, example: bool
) -> tuple[Targets, list[Finding]]:
    """Compute the targets and keep the books.

    Args:
        facts: national totals, inhabitants, memberships and names.
        recode: how gemeenten went through redivisions.
        files: tables with targets, carry-over and realisation as published.
        example: without files, make realisation and carry-over as an example; else they stay
            unknown.

    Raises:
        SpatialError: see ``normalise.taakstelling`` and ``analyse.ledger``.
    """
    reported, findings = read_taakstelling(files, facts, recode.codes)
    last = max((row.period.eind.year for row in reported), default=0)
    targets = taakstelling_observations(facts, recode.codes, last_year=last)
    reports = Reports(reported, _source(files) if files else TAAKSTELLING_SOURCE)
    if example and not files:
        reports = example_reports(_by_gemeente(targets))
    nights = {}
    years = {period.indeling for period in _periods(targets)}
    for year in sorted(years - {min(years)}):
        night, noticed = recode.walk([year - 1], Indeling(year))
        nights[Indeling(year)] = parts_of(night)
        findings += noticed
    ledger = make_ledger(targets, reports, nights, facts.memberships, facts.targets)
    sources = dict.fromkeys((TAAKSTELLING_SOURCE, reports.source))
    return Targets(ledger, tuple(sources)), [*findings, *ledger.findings]


def _source(files: Sequence[Path]) -> Source:
    """Return the files as one source, with one checksum over all of them in their order."""
    total = hashlib.sha256()
    for path in files:
        total.update(hashlib.sha256(path.read_bytes()).digest())
    names = ", ".join(path.name for path in files)
    return Source(
        _PUBLISHED,
        f"Taakstelling en realisatie zoals gepubliceerd ({names})",
        SourceStatus.OFFICIEEL,
        "zie de uitgever van de bestanden",
        sha256=total.hexdigest(),
    )


def _periods(targets: pa.Table) -> set[Period]:
    rows = targets.group_by(["begin", "eind"]).aggregate([]).to_pylist()
    return {Period(row["begin"], row["eind"]) for row in rows}


def _by_gemeente(targets: pa.Table) -> dict[Period, dict[str, int | None]]:
    found: dict[Period, dict[str, int | None]] = {}
    for row in targets.to_pylist():
        if row["kenmerk"] == TARGET and row["niveau"] == Niveau.GEMEENTE.value:
            found.setdefault(Period(row["begin"], row["eind"]), {})[row["code"]] = row["waarde"]
    return found
