"""Figures of one indicator, moment by moment, read from a snapshot for a map.

Every moment keeps its own indeling, or all are in the one indeling of their collection; a number
never travels without status and bounds.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from spatial.domain.indicators import Catalogue, Indicator, Soort, load_catalogue
from spatial.domain.status import Status
from spatial.errors import PreviewError, UnknownMemberError
from spatial.preview.cells import Cells, Figure, read_cells
from spatial.preview.progress import NAMES, PROGRESS, VOORTGANG, Progress, progress_indicator
from spatial.preview.shapes import region_names
from spatial.preview.wording import decimals_of, dutch_date, dutch_half_year, dutch_number
from spatial.store.catalogue import Collection, Kind
from spatial.store.layers import read_columns
from spatial.store.snapshot import Snapshot

MAANDEN = "maanden"
"""Column of a layer of half-years: how many months are counted."""

_OF_ROWS = ("regioCode", "peilmoment", "indeling", "periodeBegin", "voorlopig", MAANDEN, "herkomst")

type Reader = Cells | Progress
"""Makes figures of rows."""


@dataclass(frozen=True, slots=True)
class View:
    """What one pane shows.

    Attributes:
        collection_id: ``<thema>-<niveau>`` or ``<thema>-<niveau>-indeling-<jaar>``.
        indicator_id: one of its indicators; of a taakstelling also ``voortgang``.
        peilmoment: the only moment to show; None shows all of them with a slider.
        regio: code of a region (provincie, COROP, veiligheidsregio) to which the pane is limited;
            empty for the whole country.
    """

    collection_id: str
    indicator_id: str
    peilmoment: date | None = None
    regio: str = ""


@dataclass(frozen=True, slots=True)
class Moment:
    """The figures of one period.

    Attributes:
        peilmoment: its day; the first day of a half-year.
        label: Dutch name of day, half-year or reporting year.
        indeling: the indeling of its regions.
        voorlopig: at least one figure is provisional.
        figures: by region code.
    """

    peilmoment: date
    label: str
    indeling: int
    voorlopig: bool
    figures: Mapping[str, Figure]


@dataclass(frozen=True, slots=True)
class Series:
    """All moments of one indicator in one collection, oldest first.

    Attributes:
        collection: where it comes from.
        indicator: what it is.
        moments: at least one.
        notices: sentences that must stand beside it.
        bron: titles of the sources of the figures.
        schematic: its boundaries are schematic.
        indeling: the one indeling to which all moments were carried; None: each has its own.
        vermelding: titles of all its sources with their licence.
    """

    collection: Collection
    indicator: Indicator
    moments: tuple[Moment, ...]
    notices: tuple[str, ...]
    bron: str
    schematic: bool
    indeling: int | None = None
    vermelding: tuple[str, ...] = ()
    namen: tuple[tuple[str, str], ...] = ()

    def word(self, value: float) -> str:
        """Write a value in Dutch, without unit."""
        return self.namen[int(value)][0] if self.namen else dutch_number(value, self.decimals)

    @property
    def decimals(self) -> int:
        """Decimals in which values are shown."""
        return decimals_of(self.indicator.afronding)

    def values(self) -> list[float | None]:
        """Return all values of all moments, for a class scheme."""
        return [figure.value for moment in self.moments for figure in moment.figures.values()]


def read_series(snapshot: Snapshot, view: View) -> Series:
    """Read all moments at which the indicator applies somewhere.

    A flow has figures on the rows of 31 December only; moments at which every region is
    ``niet_van_toepassing`` are left out.

    Raises:
        UnknownMemberError: the snapshot has no such collection, or it no such indicator.
        PreviewError: the indicator applies at no moment.
    """
    collection = _collection(snapshot, view.collection_id)
    indicator = _indicator(collection, view.indicator_id)
    layer = read_columns(snapshot.path / collection.bestand, _needed(collection, indicator))
    carried = "herkomst" in layer.column_names
    staged = indicator.id == VOORTGANG
    cells: Reader = (
        Progress(indicator)
        if staged
        else read_cells(layer, collection, indicator, region_names(snapshot) if carried else {})
    )
    moments = _moments(layer, cells, flow=_is_flow(indicator))
    if not moments:
        message = f"{view.indicator_id!r} has no figures in {view.collection_id!r} to draw"
        raise PreviewError(message)
    sources = [snapshot.contents.source(source_id) for source_id in collection.bronnen]
    schematic = [s for s in sources if s.status.value == "schematisch"]
    figures = [s for s in sources if s not in schematic]
    return Series(
        collection=collection,
        indicator=indicator,
        moments=tuple(moments),
        notices=tuple(snapshot.contents.notices(collection)),
        bron="; ".join(source.titel for source in figures),
        schematic=bool(schematic),
        indeling=collection.indelingen[0] if carried else None,
        namen=NAMES if staged else (),
        vermelding=tuple(f"{source.titel}, {source.licentie}" for source in sources),
    )


def _needed(collection: Collection, indicator: Indicator) -> list[str]:
    """Return the columns that the cells of an indicator may need; a layer has hundreds."""
    catalogue = load_catalogue()
    counts = (entry for entry in map(catalogue.get, collection.indicatoren) if entry.soort.is_count)
    beside = [next(counts, indicator).id, indicator.teller, indicator.noemer]
    cells = [*indicator.columns, *(c for i in beside if i for c in catalogue.get(i).columns)]
    return [*_OF_ROWS, *cells, *(PROGRESS if indicator.id == VOORTGANG else ())]


def pick(series: Series, view: View) -> tuple[Moment, ...]:
    """Return the moments that a view shows.

    Raises:
        PreviewError: it asks for a peilmoment that the series does not have.
    """
    if view.peilmoment is None:
        return series.moments
    chosen = tuple(m for m in series.moments if m.peilmoment == view.peilmoment)
    if not chosen:
        known = ", ".join(m.peilmoment.isoformat() for m in series.moments)
        message = (
            f"{view.collection_id!r} has no figures of {view.indicator_id!r} at {view.peilmoment}; "
            f"there are {known}"
        )
        raise PreviewError(message)
    return chosen


def _collection(snapshot: Snapshot, collection_id: str) -> Collection:
    drawable = [c for c in snapshot.contents.collections if c.kind is Kind.INDICATOREN]
    for collection in drawable:
        if collection.id == collection_id:
            return collection
    known = ", ".join(c.id for c in drawable)
    message = f"no collection {collection_id!r} with indicators to draw; there are {known}"
    raise UnknownMemberError(message)


def _indicator(collection: Collection, indicator_id: str) -> Indicator:
    named = any(field.naam == VOORTGANG for field in collection.velden)
    if named and indicator_id == VOORTGANG:
        return progress_indicator()
    if indicator_id not in collection.indicatoren:
        known = ", ".join([*collection.indicatoren, *([VOORTGANG] if named else [])])
        message = f"{collection.id!r} has no indicator {indicator_id!r}; there are {known}"
        raise UnknownMemberError(message)
    return load_catalogue().get(indicator_id)


def _is_flow(indicator: Indicator) -> bool:
    catalogue: Catalogue = load_catalogue()
    counted = indicator
    while counted.teller:
        counted = catalogue.get(counted.teller)
    return counted.soort is Soort.STROOM


def _moments(layer: pa.Table, cells: Reader, *, flow: bool) -> list[Moment]:
    grouped: dict[tuple[date, int], list[dict[str, Any]]] = {}
    months = [name for name in (MAANDEN,) if name in layer.column_names]
    names = ["regioCode", "peilmoment", "indeling", "voorlopig", *months, *cells.columns(layer)]
    half_years = "periodeBegin" in layer.column_names
    applies = pc.not_equal(layer[cells.status], Status.NIET_VAN_TOEPASSING.value)
    shown = set(layer["peilmoment"].filter(applies).to_pylist())
    for row in layer.select(names).to_pylist():
        if row["peilmoment"] in shown:
            grouped.setdefault((row["peilmoment"], row["indeling"]), []).append(row)
    return [
        _moment(day, indeling, rows, cells, _label(day, rows[0], half_years=half_years, flow=flow))
        for (day, indeling), rows in sorted(grouped.items())
    ]


def _moment(
    day: date, indeling: int, rows: Sequence[dict[str, Any]], cells: Reader, label: str
) -> Moment:
    return Moment(
        peilmoment=day,
        label=label,
        indeling=indeling,
        voorlopig=any(row["voorlopig"] for row in rows),
        figures={row["regioCode"]: cells.figure(row) for row in rows},
    )


def _label(day: date, row: Mapping[str, Any], *, half_years: bool, flow: bool) -> str:
    if half_years:
        return dutch_half_year(day, row.get(MAANDEN))
    return f"heel {day.year}" if flow else dutch_date(day)
