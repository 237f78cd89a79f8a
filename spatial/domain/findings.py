"""What a reader noticed: reported with file, row and rule, never dropped silently."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How much a finding matters."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a person may have to look at.

    Attributes:
        severity: ``error`` findings stop a build.
        where: file or table, with indeling and level where known.
        key: the region, row or column concerned; empty for the whole file.
        rule: short name of the check, such as ``valid-geometry``.
        message: one sentence with the numbers.
    """

    severity: Severity
    where: str
    key: str
    rule: str
    message: str

    def __str__(self) -> str:
        subject = f"{self.where} {self.key}".strip()
        return f"{self.severity}: {subject}: {self.message} [{self.rule}]"


def errors_of(findings: Iterable[Finding]) -> list[Finding]:
    """Return the findings that stop a build."""
    return [finding for finding in findings if finding.severity is Severity.ERROR]
