"""A comparison as a table for a terminal, in Dutch."""

from rich.table import Table

from spatial.compute.vergelijk import NOTHING, Reden, Rij, Vergelijking, Verschil
from spatial.domain.status import Status

_HEAD = ("regio", "indicator", "peilmoment", "waarde", "grenzen", "over de tijd", "met de eerste")


def table_of(answer: Vergelijking) -> Table:
    """Return a line per cell; missing numbers show the sign or the words of their status."""
    table = Table(*_HEAD, title=f"vergelijking, snapshot {answer.snapshot}")
    for row in answer.rijen:
        table.add_row(
            f"{row.region.code} {row.naam}",
            f"{row.onderwerp.thema}: {row.field.titel_nl}",
            f"{row.peilmoment} ({row.indeling})",
            _said(row, row.waarde, row.status),
            _interval(row, row.ondergrens, row.bovengrens),
            _difference(row, row.tijd),
            _difference(row, row.regio),
        )
    return table


def remarks_of(answer: Vergelijking) -> list[str]:
    """Return what must be said beside the table: retired codes, reasons, notices."""
    said = []
    for region in answer.regions:
        if region.laatste_dag is not None:
            became = ", ".join(
                entry.code if entry.deel is None else f"{entry.code} ({_percent(entry.deel)})"
                for entry in region.opvolgers
            )
            said.append(
                f"{region.code} {region.naam} bestond tot en met {region.laatste_dag}; "
                f"opvolgers: {became or 'onbekend'}"
            )
    reasons = (
        found.reden for row in answer.rijen for found in (row, row.tijd, row.regio) if found.reden
    )
    said += [reason.label_nl for reason in dict.fromkeys(reasons)]
    return said + [dutch for dutch, _ in answer.meldingen]


def _difference(row: Rij, found: Verschil) -> str:
    if found == NOTHING:
        return ""
    if found.status is Status.NIET_VAST_TE_STELLEN:
        interval = _interval(row, found.ondergrens, found.bovengrens)
        return f"{Status.NIET_VAST_TE_STELLEN.label_nl} ({interval})"
    if found.waarde is None:
        return _words(found.reden) if found.reden else found.status.label_nl if found.status else ""
    return f"{_number(row, found.waarde, plus='+')} ({_interval(row, found.ondergrens, found.bovengrens)})"


def _said(row: Rij, value: float | None, status: Status) -> str:
    if value is None:
        return _words(row.reden) if row.reden else f"{status.teken} {status.label_nl}".strip()
    return f"{_number(row, value)} {row.field.eenheid}".strip()


def _interval(row: Rij, low: float | None, high: float | None) -> str:
    if low is None or high is None:
        return ""
    return f"{_number(row, low)} tot {_number(row, high)}"


def _words(reden: Reden) -> str:
    return reden.value.replace("_", " ")


def _percent(deel: float) -> str:
    return f"{100 * deel:.1f} %".replace(".", ",")


def _number(row: Rij, value: float, plus: str = "") -> str:
    """Write a number as Dutch does: 1.234,5."""
    pattern = f"{{:{plus},.0f}}" if row.field.type == "integer" else f"{{:{plus},.1f}}"
    return pattern.format(value).translate(str.maketrans(",.", ".,"))
