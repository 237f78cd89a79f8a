"""A benchmark as a table for a terminal, in Dutch, and as a document."""

from typing import Any

import orjson
import pyarrow as pa
from rich.table import Table

from spatial.compute.benchmark import Benchmark, Rang, Stand
from spatial.store.files.delimited import csv_pieces

_SCHEMA = pa.schema(
    [
        ("deel", pa.string()), ("regioCode", pa.string()), ("regioNaam", pa.string()),
        ("niveau", pa.string()), ("indicator", pa.string()), ("peilmoment", pa.string()),
        ("indeling", pa.int32()), ("waarde", pa.float64()), ("status", pa.string()),
        ("min", pa.float64()), ("max", pa.float64()), ("eenheid", pa.string()),
        ("rangMin", pa.int64()), ("rangMax", pa.int64()), ("van", pa.int64()),
        ("percentielMin", pa.float64()), ("percentielMax", pa.float64()),
        ("afstand", pa.float64()), ("bron", pa.string()), ("bronStatus", pa.string()),
        ("snapshot", pa.string()),
    ]
)  # fmt: skip
_HEAD = ("", "regio", "waarde", "grenzen", "rang", "percentiel", "afstand")


def ordinal_range(rang: Rang, van: int) -> str:
    """Write a place as a range.

    >>> ordinal_range(Rang(12, 19, None, None), 342)
    '12e-19e van 342'
    >>> ordinal_range(Rang(3, 3, None, None), 342)
    '3e van 342'
    """
    places = f"{rang.eerste}e"
    if rang.laatste != rang.eerste:
        places += f"-{rang.laatste}e"
    return f"{places} van {van}"


def table_of(answer: Benchmark) -> Table:
    """Return a line per region; missing numbers show the sign and words of their status."""
    title = (
        f"{answer.vraag.onderwerp.thema}: {answer.field.titel_nl}, {answer.vraag.peilmoment} "
        f"(indeling {answer.indeling}), snapshot {answer.snapshot}"
    )
    table = Table(*_HEAD, title=title)
    for name, stands in _parts(answer):
        for stand in stands:
            table.add_row(name, *_cells(answer, stand))
    return table


def remarks_of(answer: Benchmark) -> list[str]:
    """Return what must be said beside the table."""
    without = answer.gemeenten - answer.van
    said = [
        "1e is de hoogste waarde; een rang is een bereik, want cijfers zijn afgerond."
        + (f" {without} gemeenten hebben geen cijfer en geen rang." if without else "")
    ]
    if answer.vergelijkbaar:
        said.append(f"Vergelijkbaar in: {answer.kenmerken}. Afstand in standaarddeviaties.")
    else:
        said.append(f"Geen vergelijkbare gemeenten: {answer.reden}.")
    notices = (source.melding for source in answer.sources if source.melding)
    return said + list(dict.fromkeys(notices))


def document_of(answer: Benchmark) -> dict[str, Any]:
    """Return the answer as JSON values; missing numbers are null, beside their status."""
    vraag = answer.vraag
    return {
        "vraag": {
            "regio": vraag.regio,
            "indicator": str(vraag.onderwerp),
            "peilmoment": vraag.peilmoment.isoformat(),
            "indeling": None if vraag.indeling is None else int(vraag.indeling),
        },
        "snapshot": answer.snapshot,
        "titel": answer.field.titel_nl,
        "title": answer.field.title_en,
        "eenheid": answer.field.eenheid,
        "indeling": answer.indeling,
        "van": answer.van,
        "gemeenten": answer.gemeenten,
        "eigen": _entry(answer.eigen),
        "regios": [_entry(stand) for stand in answer.regios],
        "vergelijkbaar": [_entry(stand) for stand in answer.vergelijkbaar],
        "kenmerken": answer.kenmerken.split("; ") if answer.kenmerken else [],
        "reden": answer.reden or None,
        "meldingen": remarks_of(answer)[2:],
        "bronnen": [
            {"id": source.id, "titel": source.titel, "status": source.status.value}
            for source in answer.sources
        ],
    }


def csv_of(answer: Benchmark) -> bytes:
    """Write a line per region: the gemeente itself, its regions, and those like it."""
    source = answer.sources[0]
    beside = {
        "indicator": str(answer.vraag.onderwerp),
        "peilmoment": answer.vraag.peilmoment.isoformat(),
        "indeling": answer.indeling,
        "eenheid": answer.field.eenheid,
        "bron": source.id,
        "bronStatus": source.status.value,
        "snapshot": answer.snapshot,
    }
    lines = [
        {**_entry(stand), **beside, "deel": name, "van": answer.van if stand.rang else None}
        for name, stands in _parts(answer)
        for stand in stands
    ]
    table = pa.Table.from_pylist(lines, _SCHEMA)
    return b"".join(csv_pieces(_SCHEMA, table.to_batches()))


def written(answer: Benchmark, form: str) -> bytes:
    """Write an answer as ``csv`` or ``json``; the same answer gives the same bytes."""
    return csv_of(answer) if form == "csv" else orjson.dumps(document_of(answer)) + b"\n"


def _parts(answer: Benchmark) -> tuple[tuple[str, tuple[Stand, ...]], ...]:
    return (
        ("zelf", (answer.eigen,)),
        ("regio", answer.regios),
        ("vergelijkbaar", answer.vergelijkbaar),
    )


def _entry(stand: Stand) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "regioCode": stand.code,
        "regioNaam": stand.naam,
        "niveau": stand.niveau.value,
        "waarde": stand.waarde,
        "status": stand.status.value,
        "min": stand.ondergrens,
        "max": stand.bovengrens,
        "rangMin": None,
        "rangMax": None,
        "percentielMin": None,
        "percentielMax": None,
    }
    if stand.rang is not None:
        entry |= {
            "rangMin": stand.rang.eerste,
            "rangMax": stand.rang.laatste,
            "percentielMin": stand.rang.percentiel_min,
            "percentielMax": stand.rang.percentiel_max,
        }
    if stand.afstand is not None:
        entry["afstand"] = stand.afstand
    return entry


def _cells(answer: Benchmark, stand: Stand) -> tuple[str, ...]:
    whole = answer.field.type == "integer"
    name = f"{stand.code} {stand.naam}"
    distance = "" if stand.afstand is None else _number(stand.afstand, 2)
    if stand.waarde is None or stand.ondergrens is None or stand.bovengrens is None:
        return name, f"{stand.status.teken} {stand.status.label_nl}".strip(), "", "", "", distance
    digits = 0 if whole else 1
    value = f"{_number(stand.waarde, digits)} {answer.field.eenheid}".strip()
    bounds = f"{_number(stand.ondergrens, digits)} tot {_number(stand.bovengrens, digits)}"
    if stand.rang is None:
        return name, value, bounds, "", "", distance
    percentile = _percentile(stand.rang)
    return name, value, bounds, ordinal_range(stand.rang, answer.van), percentile, distance


def _percentile(rang: Rang) -> str:
    if rang.percentiel_min is None or rang.percentiel_max is None:
        return ""
    return f"{_number(rang.percentiel_min, 1)} tot {_number(rang.percentiel_max, 1)}"


def _number(value: float, digits: int) -> str:
    """Write a number as Dutch does.

    >>> _number(1234.5, 1)
    '1.234,5'
    """
    return f"{value:,.{digits}f}".translate(str.maketrans(",.", ".,"))
