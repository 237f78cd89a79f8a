"""A comparison as a document, as CSV and as GeoJSON; the same cells in each."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import orjson
import pyarrow as pa

from spatial.compute.places import Opvolger, Region, read_shapes
from spatial.compute.vergelijk import (
    CODES,
    INDELING,
    INDICATOREN,
    NOTHING,
    PEILMOMENTEN,
    PERCENT,
    Rij,
    Vergelijking,
    Verschil,
    Vraag,
)
from spatial.domain.sources import Source
from spatial.store.files.delimited import csv_pieces
from spatial.store.snapshot import Snapshot

OWN = "eigen"
"""What is asked for when each moment is to be in its own indeling."""

type Document = dict[str, Any]

_STATUSES = ("", "Status", "Min", "Max", "Reden")
_SCHEMA = pa.schema(
    [
        ("regioCode", pa.string()), ("regioNaam", pa.string()), ("niveau", pa.string()),
        ("thema", pa.string()), ("indicator", pa.string()), ("peilmoment", pa.string()),
        ("indeling", pa.int32()), ("waarde", pa.float64()), ("status", pa.string()),
        ("min", pa.float64()), ("max", pa.float64()), ("eenheid", pa.string()),
        ("voorlopig", pa.bool_()), ("reden", pa.string()),
        ("verschilTijd", pa.float64()), ("verschilTijdStatus", pa.string()),
        ("verschilTijdMin", pa.float64()), ("verschilTijdMax", pa.float64()),
        ("verschilTijdReden", pa.string()),
        ("verschilRegio", pa.float64()), ("verschilRegioStatus", pa.string()),
        ("verschilRegioMin", pa.float64()), ("verschilRegioMax", pa.float64()),
        ("verschilRegioReden", pa.string()),
        ("verschilEenheid", pa.string()), ("bron", pa.string()), ("bronStatus", pa.string()),
        ("snapshot", pa.string()),
    ]
)  # fmt: skip


def inputs_of(vraag: Vraag) -> Document:
    """Return a question as the inputs that ask it again."""
    return {
        CODES: list(vraag.codes),
        INDICATOREN: [str(onderwerp) for onderwerp in vraag.indicatoren],
        PEILMOMENTEN: [day.isoformat() for day in vraag.peilmomenten],
        INDELING: OWN if vraag.indeling is None else str(vraag.indeling),
    }


def document_of(answer: Vergelijking) -> Document:
    """Return a comparison as JSON values: question, regions, indicators, rows, sources, notices."""
    statuses = _statuses(answer)
    return {
        "proces": "vergelijk",
        "snapshot": answer.snapshot,
        "vraag": inputs_of(answer.vraag),
        "regios": [_region(region) for region in answer.regions],
        "indicatoren": [
            {
                "thema": onderwerp.thema,
                "indicator": onderwerp.indicator,
                "titel": field.titel_nl,
                "title": field.title_en,
                "eenheid": field.eenheid,
                "verschilEenheid": unit_of_difference(field.eenheid),
                "definitie": field.beschrijving_nl,
            }
            for onderwerp, field in answer.onderwerpen.items()
        ],
        "rijen": [_row(row, statuses) for row in answer.rijen],
        "bronnen": [source_of(source) for source in answer.sources],
        "meldingen": [{"nl": dutch, "en": english} for dutch, english in answer.meldingen],
    }


def csv_of(answer: Vergelijking) -> bytes:
    """Return a comparison as CSV: a line per cell, missing is empty; ``bronStatus`` in each."""
    statuses = _statuses(answer)
    lines = [_line(row, statuses, answer.snapshot) for row in answer.rijen]
    table = pa.Table.from_pylist(lines, _SCHEMA)
    return b"".join(csv_pieces(_SCHEMA, table.to_batches()))


def geojson_of(answer: Vergelijking, snapshot: Snapshot) -> Document:
    """Return a comparison as a FeatureCollection: a feature per region and moment (CRS84).

    The properties of an indicator are ``<thema><Indicator>`` in camelCase with ``Status``, ``Min``,
    ``Max``, and its differences. A region that the indeling does not have has no geometry.
    """
    shapes = read_shapes(snapshot, {(row.region.code, row.indeling) for row in answer.rijen})
    features: dict[tuple[str, str], Document] = {}
    for row in answer.rijen:
        day = row.peilmoment.isoformat()
        shape = shapes.get((row.region.code, row.indeling))
        found = features.setdefault(
            (row.region.code, day),
            {
                "type": "Feature",
                "id": f"{row.region.code}-{day}",
                "geometry": None if shape is None else orjson.Fragment(shape),
                "properties": {**_place(row), "peilmoment": day, "indeling": row.indeling},
            },
        )
        found["properties"] |= dict(_properties(row))
    return {
        "type": "FeatureCollection",
        "features": list(features.values()),
        "numberReturned": len(features),
        "snapshot": answer.snapshot,
        "vraag": inputs_of(answer.vraag),
        "bronnen": [source_of(source) for source in answer.sources],
        "meldingen": [{"nl": dutch, "en": english} for dutch, english in answer.meldingen],
    }


def written(answer: Vergelijking, snapshot: Snapshot, form: str) -> bytes:
    """Write a comparison as ``csv``, ``json`` or ``geojson``; the same answer gives the same bytes."""
    if form == "csv":
        return csv_of(answer)
    document = geojson_of(answer, snapshot) if form == "geojson" else document_of(answer)
    return orjson.dumps(document) + b"\n"


def unit_of_difference(unit: str) -> str:
    """Return the unit of a difference: of percentages it is percentage points."""
    return "procentpunt" if unit == PERCENT else unit


def source_of(source: Source) -> Document:
    """Return a source as JSON values."""
    return {
        "id": source.id,
        "titel": source.titel,
        "status": source.status.value,
        "licentie": source.licentie,
        "url": source.url or None,
    }


def _statuses(answer: Vergelijking) -> dict[str, str]:
    return {source.id: source.status.value for source in answer.sources}


def _region(region: Region) -> Document:
    return {
        "code": region.code,
        "naam": region.naam,
        "niveau": region.niveau.value,
        "indelingen": list(region.namen),
        "laatsteDag": None if region.laatste_dag is None else region.laatste_dag.isoformat(),
        "opvolgers": _relations(region.opvolgers),
        "voorgangers": _relations(region.voorgangers),
    }


def _relations(relations: Sequence[Opvolger]) -> list[Document]:
    return [{"code": relation.code, "deel": relation.deel} for relation in relations]


def _place(row: Rij) -> Document:
    return {
        "regioCode": row.region.code,
        "regioNaam": row.naam,
        "niveau": row.region.niveau.value,
    }


def _row(row: Rij, statuses: Mapping[str, str]) -> Document:
    return {
        **_place(row),
        "thema": row.onderwerp.thema,
        "indicator": row.onderwerp.indicator,
        "peilmoment": row.peilmoment.isoformat(),
        "indeling": row.indeling,
        "waarde": row.waarde,
        "status": row.status.value,
        "min": row.ondergrens,
        "max": row.bovengrens,
        "voorlopig": row.voorlopig,
        "reden": row.reden and row.reden.value,
        "bron": row.bron or None,
        "bronStatus": statuses.get(row.bron),
        "verschilTijd": _difference(row, row.tijd),
        "verschilRegio": _difference(row, row.regio),
    }


def _difference(row: Rij, found: Verschil) -> Document | None:
    if found == NOTHING:
        return None
    names = ("waarde", "status", "min", "max", "reden")
    return dict(zip(names, _cells(row, found), strict=True))


def _cells(row: Rij, found: Verschil) -> tuple[float | str | None, ...]:
    """Return number, status, bounds and reason of a difference; counts are whole numbers."""
    numbers = (found.waarde, found.ondergrens, found.bovengrens)
    if row.field.type == "integer":
        numbers = tuple(None if number is None else int(number) for number in numbers)  # type: ignore[assignment]
    value, low, high = numbers
    return value, found.status and found.status.value, low, high, found.reden and found.reden.value


def _line(row: Rij, statuses: Mapping[str, str], snapshot: str) -> Document:
    line = {**_row(row, statuses), "eenheid": row.field.eenheid, "snapshot": snapshot}
    line["verschilEenheid"] = unit_of_difference(row.field.eenheid)
    for name, found in (("verschilTijd", row.tijd), ("verschilRegio", row.regio)):
        cells = zip(_STATUSES, _cells(row, found), strict=True)
        line |= {f"{name}{suffix}": cell for suffix, cell in cells}
    return line


def _properties(row: Rij) -> Iterator[tuple[str, Any]]:
    thema, *more = row.onderwerp.thema.split("-")
    words = [*more, row.onderwerp.indicator]
    name = thema + "".join(word[:1].upper() + word[1:] for word in words)
    cells = (row.waarde, row.status.value, row.ondergrens, row.bovengrens)
    yield from ((f"{name}{suffix}", cell) for suffix, cell in zip(_STATUSES, cells, strict=False))
    for of, found in (("VerschilTijd", row.tijd), ("VerschilRegio", row.regio)):
        if found != NOTHING:
            numbers = zip(_STATUSES, _cells(row, found)[:4], strict=False)
            yield from ((f"{name}{of}{suffix}", cell) for suffix, cell in numbers)
