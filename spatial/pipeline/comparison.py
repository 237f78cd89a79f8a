"""Collections that compare: change against other moments, deviation from larger regions."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa

from spatial.analyse.change import difference, relative_change
from spatial.analyse.deviation import deviation, rows_of
from spatial.analyse.ratios import Cells, cells_of
from spatial.domain.aspects import Aspect
from spatial.domain.findings import Finding
from spatial.domain.indicators import Indicator, Tegen, Thema
from spatial.domain.regions import LAND_CODE, Indeling, Niveau
from spatial.domain.status import Status
from spatial.errors import SchemaError
from spatial.join.attach import Provenance, attach
from spatial.pipeline.parts import Parts
from spatial.pipeline.wide import of_subject, wide_of
from spatial.store.catalogue import Collection
from spatial.store.describe import Subject, describe_indicators
from spatial.store.snapshot import Draft

_KEYS = ("id", "regioCode", "regioNaam", "niveau", "indeling", "peilmoment")
_ABOVE = {Tegen.LAND: Niveau.LAND, Tegen.COROP: Niveau.COROP}

type _Row = tuple[str, date]


@dataclass(frozen=True, slots=True)
class _Against:
    """With which rows each row is compared.

    Attributes:
        days: per kind of moment the day that each row is held against; None without one.
        places: per kind the row; -1 without one.
        references: per kind of region the wide table of the larger regions.
    """

    days: Mapping[Tegen, list[date | None]]
    places: Mapping[Tegen, np.ndarray]
    references: Mapping[Tegen, pa.Table]


def comparison_layers(draft: Draft, parts: Parts) -> Iterator[tuple[Collection, list[Finding]]]:
    """Write ``<thema>-vergelijking-<niveau>-indeling-<jaar>``; give each as it is done.

    A change needs one indeling: it is the newest to which the series were carried.
    """
    indeling = max(parts.figures.carried)
    figures = parts.figures.carried[indeling].figures
    corop = _corop_of(parts, indeling)
    for thema in Thema:
        if indicators := parts.catalogue.differences_of(thema):
            levels = [Subject(thema, niveau, indeling) for niveau in parts.land.levels]
            tables = {
                subject.niveau: wide_of(parts, subject, figures)[0]
                for subject in levels
                if of_subject(subject, figures).num_rows
            }
            for niveau in tables:
                subject = Subject(thema, niveau, indeling, Aspect.VERGELIJKING)
                layer = compared(tables, niveau, indicators, corop)
                yield _written(draft, parts, subject, layer), []


def compared(
    tables: Mapping[Niveau, pa.Table],
    niveau: Niveau,
    indicators: Sequence[Indicator],
    corop: Mapping[str, str],
) -> pa.Table:
    """Return the changes and deviations of one level.

    Args:
        tables: per level the wide table of the theme, in one indeling.
        niveau: the level.
        indicators: changes and deviations of the theme.
        corop: COROP area of every gemeente.

    Returns:
        One row per region and day: the keys, ``peilmomentVorige`` and ``peilmomentBasis`` (missing
        without such a day), the four columns of every indicator, and ``voorlopig``.
    """
    wide = tables[niveau]
    against = _against(tables, niveau, corop)
    layer = wide.select(list(_KEYS))
    for name, tegen in (("peilmomentVorige", Tegen.VORIGE), ("peilmomentBasis", Tegen.BASIS)):
        layer = layer.append_column(name, pa.array(against.days[tegen], pa.date32()))
    for entry in indicators:
        cells = _compared(wide, entry, against)
        values = (cells.waarde, cells.status, cells.ondergrens, cells.bovengrens)
        for name, column in zip(entry.columns, values, strict=True):
            whole = entry.is_whole and pa.types.is_floating(column.type)
            layer = layer.append_column(name, column.cast(pa.int64()) if whole else column)
    return layer.append_column("voorlopig", wide["voorlopig"])


def _compared(wide: pa.Table, entry: Indicator, against: _Against) -> Cells:
    """Return one change or deviation.

    Raises:
        SchemaError: the indicator is held against nothing.
    """
    tegen = entry.tegen
    if tegen is None:
        message = f"indicator {entry.id!r} is held against nothing"
        raise SchemaError(message)
    now = cells_of(wide, entry.teller, entry.id)
    places = against.places[tegen]
    step = 1.0 if entry.is_whole else entry.afronding
    if tegen in _ABOVE:
        reference = cells_of(against.references[tegen], entry.teller, entry.id)
        return deviation(now, reference, places, step=step)
    then = rows_of(now, places, Status.NIET_VAN_TOEPASSING)
    return (
        relative_change(now, then, step=step)
        if entry.relatief
        else difference(now, then, step=step)
    )


def _against(
    tables: Mapping[Niveau, pa.Table], niveau: Niveau, corop: Mapping[str, str]
) -> _Against:
    wide = tables[niveau]
    rows = _rows(wide)
    codes = [code for code, _ in rows]
    moments = sorted({day for _, day in rows})
    others = {
        Tegen.VORIGE: {day: _a_year_before(day, moments) for day in moments},
        Tegen.BASIS: {day: _first_of_kind(day, moments) for day in moments},
    }
    days = {tegen: [found[day] for _, day in rows] for tegen, found in others.items()}
    places = {tegen: _places(rows, codes, found) for tegen, found in days.items()}
    references = {}
    for tegen, level in _ABOVE.items():
        larger = _larger(codes, niveau, tegen, corop)
        references[tegen] = tables[level]
        places[tegen] = _places(_rows(tables[level]), larger, [day for _, day in rows])
    return _Against(days, places, references)


def _larger(
    codes: Sequence[str], niveau: Niveau, tegen: Tegen, corop: Mapping[str, str]
) -> list[str]:
    """Return the larger region of each region; empty where there is none of that kind."""
    if tegen is Tegen.LAND:
        return [LAND_CODE if niveau is not Niveau.LAND else ""] * len(codes)
    return [corop[code] if niveau is Niveau.GEMEENTE else "" for code in codes]


def _rows(wide: pa.Table) -> list[_Row]:
    return list(zip(wide["regioCode"].to_pylist(), wide["peilmoment"].to_pylist(), strict=True))


def _places(rows: Sequence[_Row], codes: Sequence[str], days: Sequence[date | None]) -> np.ndarray:
    """Return where each (code, day) stands among rows; -1 where it does not."""
    known: dict[tuple[str, date | None], int] = {row: place for place, row in enumerate(rows)}
    wanted = zip(codes, days, strict=True)
    return np.array([known.get(key, -1) for key in wanted], dtype=np.int64)


def _a_year_before(day: date, moments: Sequence[date]) -> date | None:
    before = day.replace(year=day.year - 1)
    return before if before in moments else None


def _first_of_kind(day: date, moments: Sequence[date]) -> date | None:
    """Return the first 1 January or 31 December of the series; None on that day itself."""
    first = min(other for other in moments if (other.month, other.day) == (day.month, day.day))
    return None if first == day else first


def _corop_of(parts: Parts, indeling: Indeling) -> dict[str, str]:
    return {
        row.gemeente: row.code
        for row in parts.facts.memberships
        if row.niveau is Niveau.COROP and row.indeling == indeling
    }


def _written(draft: Draft, parts: Parts, subject: Subject, wide: pa.Table) -> Collection:
    land, indicators = parts.land, parts.catalogue.differences_of(subject.thema)
    sources = parts.sources(subject.thema)
    provenance = Provenance(sources[0].id, sources[0].status.value, land.source.status.value)
    layer = attach(wide, land.of(subject.niveau, subject.indeling), provenance)
    collection = describe_indicators(layer, subject, indicators, [*sources, land.source])
    draft.add_layer(collection.bestand, layer)
    return collection
