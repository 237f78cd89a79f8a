"""What is known of every gemeente before the books are kept: formula and publications together."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from spatial.analyse.ledger.accounts import MONTHS, Entry
from spatial.analyse.ledger.cells import ABSENT, Cell, exact
from spatial.domain.findings import Finding, Severity
from spatial.domain.periods import Period
from spatial.domain.taakstelling import Reported

type Targets = Mapping[Period, Mapping[str, Cell]]

_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Known:
    """What is known.

    Attributes:
        entries: by half-year and gemeentecode.
        months: half-years of which something was reported, and how many months that counts.
        findings: what a person may have to look at.
    """

    entries: dict[Period, dict[str, Entry]]
    months: dict[Period, int]
    findings: tuple[Finding, ...]


def gather_entries(targets: Targets, reported: Iterable[Reported]) -> Known:
    """Put published figures before those of the formula.

    Args:
        targets: by half-year and gemeentecode, the target by the formula.
        reported: any number per gemeente and half-year, each of its own peildatum.

    Returns:
        Per gemeente the newest target and carry-over that were published. As housed only what was
        published at the newest peildatum that anyone has in that half-year, so that all are measured
        against the same months. Findings: targets that are not those of the formula (allowed:
        gemeenten may exchange tasks, article 29, paragraph 2), gemeenten without a figure at that
        peildatum, and what was reported of a half-year or gemeente without a place in the ledger.
    """
    by_place: dict[tuple[Period, str], list[Reported]] = {}
    newest: dict[Period, Reported] = {}
    findings = []
    for row in sorted(reported, key=lambda row: row.peildatum):
        if row.gemeente not in targets.get(row.period, {}):
            findings.append(_outside(row))
            continue
        by_place.setdefault((row.period, row.gemeente), []).append(row)
        newest[row.period] = row
    months = {
        period: row.peildatum.month - period.begin.month + 1 for period, row in newest.items()
    }
    entries: dict[Period, dict[str, Entry]] = {}
    for period, cells in targets.items():
        entries[period] = {
            code: _entry(cell, by_place.get((period, code), ()), months.get(period, MONTHS))
            for code, cell in cells.items()
        }
        if period in months:
            findings += _differences(period, cells, entries[period])
            findings += _left_out(period, entries[period])
    return Known(entries, months, tuple(findings))


def _entry(formula: Cell, rows: Sequence[Reported], months: int) -> Entry:
    """Return the entry of one gemeente and half-year; rows are in order of peildatum."""
    target, housed = formula, ABSENT
    achterstand: Cell | None = None
    voorsprong: Cell | None = None
    for row in rows:
        if row.taakstelling is not None:
            target = exact(row.taakstelling, herkomst=row.bron)
        if row.achterstand is not None or row.voorsprong is not None:
            achterstand = _published(row.achterstand, row.bron)
            voorsprong = _published(row.voorsprong, row.bron)
        counted = row.peildatum.month - row.period.begin.month + 1
        housed = _housed(row, months) if counted == months else ABSENT
    return Entry(target, housed, achterstand, voorsprong)


def _published(count: int | None, bron: str) -> Cell:
    return ABSENT if count is None else exact(count, herkomst=bron)


def _housed(row: Reported, months: int) -> Cell:
    if row.gehuisvest is None:
        return ABSENT
    found = exact(row.gehuisvest, herkomst=row.bron)
    if months == MONTHS:
        return found
    return Cell(
        found.waarde,
        found.status,
        f"{row.bron}, tot en met {row.peildatum}",
        found.ondergrens,
        found.bovengrens,
        voorlopig=True,
    )


def _outside(row: Reported) -> Finding:
    return Finding(
        Severity.WARNING,
        "taakstelling",
        f"{row.gemeente} {row.period.begin}",
        "report-outside-ledger",
        f"{row.bron}: the ledger has no such gemeente in this half-year; the row is not used",
    )


def _differences(
    period: Period, formula: Mapping[str, Cell], entries: Mapping[str, Entry]
) -> list[Finding]:
    other = {
        code: (entry.taakstelling.waarde or 0) - (cell.waarde or 0)
        for code, cell in formula.items()
        if cell.waarde is not None
        and (entry := entries[code]).taakstelling.waarde not in {cell.waarde, None}
    }
    if not other:
        return []
    shown = ", ".join(f"{code} {other[code]:+}" for code in sorted(other)[:_SHOWN])
    message = (
        f"{len(other)} published targets are not those of the formula (together "
        f"{sum(other.values()):+} persons): {shown}; gemeenten may exchange tasks"
    )
    return [
        Finding(Severity.INFO, "taakstelling", str(period.begin), "target-not-by-formula", message)
    ]


def _left_out(period: Period, entries: Mapping[str, Entry]) -> list[Finding]:
    lacking = sorted(code for code, entry in entries.items() if entry.gehuisvest.waarde is None)
    if not lacking:
        return []
    message = (
        f"{len(lacking)} of {len(entries)} gemeenten have no gehuisvest at the newest peildatum: "
        f"{', '.join(lacking[:_SHOWN])}; what rests on it stays unknown"
    )
    return [Finding(Severity.WARNING, "taakstelling", str(period.begin), "no-realisation", message)]
