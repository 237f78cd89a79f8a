"""What the disclosure audit found: figures by name, never a range, nor the cell behind it."""

from dataclasses import dataclass
from datetime import date

from spatial.analyse.disclosure.attack import Verdict
from spatial.domain.findings import Finding, Severity


@dataclass(frozen=True, slots=True)
class Leak:
    """A figure of ours that may not be published as it is; never a range, nor the cell behind it.

    Attributes:
        verdict: why.
        groep: thema.
        kenmerk: member; of a share the part.
        maat: measure; of a share that of the part.
        niveau: level of the region.
        code: region.
        begin: first day or peilmoment.
        eind: last day or peilmoment.
        indeling: indeling of the region.
        noemer: of a share the kenmerk and maat of the whole; empty for a count.
    """

    verdict: Verdict
    groep: str
    kenmerk: str
    maat: str
    niveau: str
    code: str
    begin: date
    eind: date
    indeling: int
    noemer: str = ""


@dataclass(frozen=True, slots=True)
class AuditReport:
    """What the audit looked at and what it found.

    Attributes:
        leaks: figures that may not be published, in order of the tables.
        secret_cells: cells that the source published as a sign.
        equations: equations of the source.
        components: groups of cells that equations connect.
        contradicted: equations that the source's own figures do not satisfy; left out.
        figures: figures of ours with a value that were held against the source.
        outside: figures of which the source publishes nothing (they cannot narrow anything).
        suspects: figures that the boxes did not prove harmless.
        programs: linear programs solved.
        settled: propagation reached its fixed point.
    """

    leaks: tuple[Leak, ...]
    secret_cells: int
    equations: int
    components: int
    contradicted: int
    figures: int
    outside: int
    suspects: int
    programs: int
    settled: bool


def findings_of(report: AuditReport) -> list[Finding]:
    """Return an error per figure that may not be published, and one summary.

    The messages name figures, not ranges: they stand in a public file.
    """
    findings = [
        Finding(
            Severity.ERROR,
            f"{leak.groep} {leak.niveau}",
            f"{leak.code} indeling {leak.indeling}",
            "disclosure",
            f"{leak.kenmerk} {leak.maat}{f' / {leak.noemer}' if leak.noemer else ''}, "
            f"{leak.begin} to {leak.eind}: {_SENTENCES[leak.verdict]}",
        )
        for leak in report.leaks
    ]
    if report.contradicted or not report.settled:
        findings.append(_doubts(report))
    message = (
        f"{report.figures} derived figures held against {report.equations} equations in "
        f"{report.components} components over {report.secret_cells} secret cells: "
        f"{len(report.leaks)} say more than the source; {report.suspects} needed a solver "
        f"({report.programs} programs), {report.outside} have no published cell behind them"
    )
    return [*findings, Finding(Severity.INFO, "disclosure audit", "", "disclosure", message)]


_SENTENCES = {
    Verdict.NARROWS: "narrows a cell that the source keeps secret; give it the sign of its parts",
    Verdict.FILLS: "has a value although a part of it is secret; give it the sign of its parts",
    Verdict.CONTRADICTS: "cannot be true beside the source's own figures; compute it again",
    Verdict.UNDECIDED: "could not be decided within the limits; raise them or give it a sign",
}


def _doubts(report: AuditReport) -> Finding:
    message = (
        f"{report.contradicted} of {report.equations} equations are not satisfied by the source's own "
        "figures and were left out; propagation "
        f"{'settled' if report.settled else 'was cut off, so that more was left to the solver'}"
    )
    return Finding(Severity.WARNING, "disclosure audit", "", "disclosure-equations", message)
