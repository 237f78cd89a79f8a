"""A fair distribution as a document, as CSV and as a table for a terminal; the same cells in each."""

from collections.abc import Iterator
from typing import Any

import orjson
import pyarrow as pa
from rich.table import Table

from spatial.compute.forms import source_of
from spatial.compute.verdeling import Getal, Lid, Ongelijkheid, PerSleutel, Verdeeld
from spatial.domain.status import Status
from spatial.store.files.delimited import csv_pieces

type Document = dict[str, Any]

_NUMBERS = ("groep", "sleutel", "evenredig", "verschil", "locatiequotient")
_ENDS = ("", "Status", "Min", "Max")
_SCHEMA = pa.schema(
    [
        ("regioCode", pa.string()),
        ("regioNaam", pa.string()),
        ("peilmoment", pa.string()),
        ("indeling", pa.int32()),
        ("verdeelsleutel", pa.string()),
        *(
            (f"{name}{end}", pa.string() if end == "Status" else pa.float64())
            for name in _NUMBERS
            for end in _ENDS
        ),
        ("toewijzing", pa.int64()),
        ("bronnen", pa.string()),
        ("meldingen", pa.string()),
        ("snapshot", pa.string()),
    ]
)


def document_of(answer: Verdeeld) -> Document:
    """Return a distribution as JSON values: question, region, keys with their members, sources."""
    return {
        "proces": "eerlijke-verdeling",
        "snapshot": answer.snapshot,
        "vraag": answer.vraag.parameters(),
        "regio": {
            "code": answer.vraag.regio,
            "naam": answer.naam,
            "niveau": answer.niveau.value,
            "indeling": answer.indeling,
            "groep": _number(answer.groep),
        },
        "sleutels": [_key(entry) for entry in answer.sleutels],
        "bronnen": [source_of(source) for source in answer.bronnen],
        "meldingen": [{"nl": nl, "en": en} for nl, en in answer.meldingen],
    }


def csv_of(answer: Verdeeld) -> bytes:
    """Return a distribution as CSV: a line per key and member; missing is empty."""
    lines = [_line(answer, entry, lid) for entry in answer.sleutels for lid in entry.leden]
    table = pa.Table.from_pylist(lines, _SCHEMA)
    return b"".join(csv_pieces(_SCHEMA, table.to_batches()))


def written(answer: Verdeeld, form: str) -> bytes:
    """Write a distribution as ``csv`` or ``json``; the same answer gives the same bytes."""
    return csv_of(answer) if form == "csv" else orjson.dumps(document_of(answer)) + b"\n"


def tables_of(answer: Verdeeld) -> Iterator[Table]:
    """Give one table for one key; for more keys one with the shares beside each other, and the indices."""
    if len(answer.sleutels) == 1:
        yield _one_key(answer, answer.sleutels[0])
    else:
        yield _side_by_side(answer)
    yield _indices(answer)


def remarks_of(answer: Verdeeld) -> list[str]:
    """Return what must be said beside the tables: why something is not given, and the notices."""
    reasons = [
        f"{entry.sleutel.titel_nl}: {entry.opmerking}"
        for entry in answer.sleutels
        if entry.opmerking
    ]
    return [*reasons, *(nl for nl, _ in answer.meldingen)]


def _key(entry: PerSleutel) -> Document:
    return {
        "sleutel": entry.sleutel.id,
        "titel": entry.sleutel.titel_nl,
        "title": entry.sleutel.title_en,
        "eenheid": entry.sleutel.eenheid,
        "begin": entry.begin.isoformat(),
        "eind": entry.eind.isoformat(),
        "geheel": _number(entry.geheel),
        "teVerplaatsen": {**_number(entry.te_verplaatsen), "eenheid": "%"},
        "plafond": entry.plafond,
        "theil": None if entry.ongelijkheid is None else _inequality(entry.ongelijkheid),
        "opmerking": entry.opmerking or None,
        "remark": entry.remark or None,
        "leden": [_member(lid) for lid in entry.leden],
    }


def _member(lid: Lid) -> Document:
    numbers = {name: _number(getattr(lid, name)) for name in _NUMBERS}
    return {"code": lid.code, "naam": lid.naam, **numbers, "toewijzing": lid.toewijzing}


def _inequality(found: Ongelijkheid) -> Document:
    return {
        "totaal": _number(found.totaal),
        "tussen": None if found.tussen is None else _number(found.tussen),
        "binnen": None if found.binnen is None else _number(found.binnen),
        "meegeteld": found.meegeteld,
        "weggelaten": found.weggelaten,
    }


def _number(number: Getal) -> Document:
    return {
        "waarde": number.waarde,
        "status": number.status.value,
        "min": number.laag,
        "max": number.hoog,
    }


def _line(answer: Verdeeld, entry: PerSleutel, lid: Lid) -> Document:
    cells: Document = {
        "regioCode": lid.code,
        "regioNaam": lid.naam,
        "peilmoment": answer.vraag.peilmoment.isoformat(),
        "indeling": answer.indeling,
        "verdeelsleutel": entry.sleutel.id,
        "toewijzing": lid.toewijzing,
        "bronnen": " ".join(source.id for source in answer.bronnen),
        "meldingen": " ".join(nl for nl, _ in answer.meldingen),
        "snapshot": answer.snapshot,
    }
    for name in _NUMBERS:
        number: Getal = getattr(lid, name)
        parts = (number.waarde, number.status.value, number.laag, number.hoog)
        cells |= {f"{name}{end}": part for end, part in zip(_ENDS, parts, strict=True)}
    return cells


def _title(answer: Verdeeld) -> str:
    question = answer.vraag
    return (
        f"{question.groep.titel}, {question.hoeveelheid} in {answer.naam} op {question.peilmoment}, "
        f"indeling {answer.indeling}"
    )


def _one_key(answer: Verdeeld, entry: PerSleutel) -> Table:
    unit = answer.vraag.hoeveelheid.value
    table = Table(title=f"{_title(answer)}, naar {entry.sleutel.titel_nl}")
    for name in ("regio", unit, entry.sleutel.titel_nl, "evenredig", "toewijzing", "verschil",
                 "locatiequotiënt"):  # fmt: skip
        table.add_column(name, justify="left" if name == "regio" else "right")
    for lid in entry.leden:
        table.add_row(
            f"{lid.code} {lid.naam}",
            _said(lid.groep),
            _said(lid.sleutel),
            _said(lid.evenredig, 1),
            "" if lid.toewijzing is None else _written(lid.toewijzing, 0),
            _between(lid.verschil, 1),
            _between(lid.locatiequotient, 2),
        )
    return table


def _side_by_side(answer: Verdeeld) -> Table:
    """Return what every member would have by each key, beside what it has."""
    table = Table("regio", title=f"{_title(answer)}: toewijzing naar elke sleutel")
    for name in (answer.vraag.hoeveelheid.value, *(e.sleutel.id for e in answer.sleutels)):
        table.add_column(name, justify="right")
    for place, lid in enumerate(answer.sleutels[0].leden):
        parts = [entry.leden[place].toewijzing for entry in answer.sleutels]
        shown = ["-" if part is None else _written(part, 0) for part in parts]
        table.add_row(f"{lid.code} {lid.naam}", _said(lid.groep), *shown)
    return table


def _indices(answer: Verdeeld) -> Table:
    table = Table("sleutel", title="Te verplaatsen deel (Hoover) en Theil")
    for name in ("te verplaatsen", "hoogst mogelijk", "Theil", "tussen provincies", "weggelaten"):
        table.add_column(name, justify="right")
    for entry in answer.sleutels:
        theil = entry.ongelijkheid
        between = None if theil is None else theil.tussen
        table.add_row(
            entry.sleutel.titel_nl,
            _between(entry.te_verplaatsen, 0, " %"),
            "" if entry.plafond is None else _written(entry.plafond, 1) + " %",
            "" if theil is None else _between(theil.totaal, 3),
            "" if between is None else _between(between, 3),
            "" if theil is None else str(theil.weggelaten),
        )
    return table


def _said(number: Getal, decimals: int = 0) -> str:
    return _sign(number.status) if number.waarde is None else _written(number.waarde, decimals)


def _between(number: Getal, decimals: int, unit: str = "") -> str:
    """Write a number with its bounds."""
    if number.waarde is None or number.laag is None or number.hoog is None:
        return _sign(number.status)
    value, low, high = (_written(n, decimals) for n in (number.waarde, number.laag, number.hoog))
    return f"{value}{unit} ({low} tot {high})"


def _sign(status: Status) -> str:
    return f"{status.teken} {status.label_nl}".strip()


def _written(number: float, decimals: int) -> str:
    """Write a number as Dutch does: 1.234,5."""
    return f"{number:,.{decimals}f}".translate(str.maketrans(",.", ".,"))
