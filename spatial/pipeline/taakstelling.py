"""The taakstelling of a build: targets, what was reported or made as an example, and the ledger."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow as pa

from spatial.analyse.ledger.observations import TARGET, Ledger, make_ledger, parts_of
from spatial.analyse.taakstelling import TAAKSTELLING_SOURCE, taakstelling_observations
from spatial.domain.facts import Facts
from spatial.domain.findings import Finding
from spatial.domain.indicators import Indicator
from spatial.domain.periods import Period
from spatial.domain.regions import Indeling, Niveau
from spatial.domain.sources import Source, SourceStatus
from spatial.domain.taakstelling import Reports
from spatial.example.realisation import example_reports
from spatial.normalise.taakstelling import read_taakstelling
from spatial.pipeline.recoding import Recoding

_REALISATION = "taakstelling-realisatie"
_NONE_GIVEN = Source(
    _REALISATION,
    "Realisatie en achterstand bij de taakstelling: landelijke cijfers zoals bekendgemaakt; per "
    "gemeente niet geleverd",
    SourceStatus.OFFICIEEL,
    "alleen feiten overgenomen; zie boundaries/bronnen.csv",
)


@dataclass(frozen=True, slots=True)
class Targets:
    """The taakstelling of a build.

    Attributes:
        ledger: targets, carry-over, realisation and sums.
        realisation: source of realisation and carry-over.
    """

    ledger: Ledger
    realisation: Source

    @property
    def sources(self) -> tuple[Source, Source]:
        """What must be named beside the taakstelling: of the targets, and of all else."""
        return TAAKSTELLING_SOURCE, self.realisation

    @property
    def status(self) -> SourceStatus:
        """What kind of figures a row is: example figures as soon as a part of it is."""
        if self.realisation.status is SourceStatus.VOORBEELDCIJFERS:
            return SourceStatus.VOORBEELDCIJFERS
        return TAAKSTELLING_SOURCE.status

    def labelled(self, indicators: Sequence[Indicator]) -> tuple[Indicator, ...]:
        """Return indicators whose definitions say what must be said of the realisation."""
        source = replace(self.realisation, geldt_voor="", holds_for="")
        return tuple(
            replace(
                entry,
                definitie_nl=f"{entry.definitie_nl} {source.melding}".strip(),
                definition_en=f"{entry.definition_en} {source.notice_en}".strip(),
            )
            if entry.bron == _REALISATION
            else entry
            for entry in indicators
        )


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
    reports = Reports(reported, _source(files) if files else _NONE_GIVEN)
    if example and not files:
        reports = example_reports(_by_gemeente(targets))
    nights = {}
    years = {period.indeling for period in _periods(targets)}
    for year in sorted(years - {min(years)}):
        night, noticed = recode.walk([year - 1], Indeling(year))
        nights[Indeling(year)] = parts_of(night)
        findings += noticed
    ledger = make_ledger(targets, reports, nights, facts.memberships, facts.targets)
    return Targets(ledger, reports.source), [*findings, *ledger.findings]


def _source(files: Sequence[Path]) -> Source:
    """Return the files as one source, with one checksum over all of them in their order."""
    total = hashlib.sha256()
    for path in files:
        total.update(hashlib.sha256(path.read_bytes()).digest())
    names = ", ".join(path.name for path in files)
    return Source(
        _REALISATION,
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
