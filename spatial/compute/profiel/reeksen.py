"""The figures of one region in one theme: every indicator at every moment, and beside others."""

from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Any

import numpy as np
import pyarrow as pa

from spatial.compute.benchmark import Rang
from spatial.compute.difference import subtract
from spatial.compute.vergelijk import Verschil
from spatial.domain.indicators import Indicator, Soort, load_catalogue
from spatial.domain.status import Status
from spatial.domain.taakstelling import Voortgang
from spatial.store.answers import read_properties, rows_with
from spatial.store.catalogue import Collection, Field
from spatial.store.snapshot import Snapshot

_ABSENT = (Status.ONTBREEKT_IN_BRON, Status.NIET_VAN_TOEPASSING)

type Row = Mapping[str, Any]
"""The properties of a feature."""
type Changed = Callable[[str, int, int], bool]
"""Tells whether a code means another area in the second indeling than in the first."""


@dataclass(frozen=True, slots=True)
class Moment:
    """When figures hold, and where.

    Attributes:
        dag: the day, or the first day of a half-year.
        eind: last day of a half-year; None of a day.
        indeling: in which the code is meant.
        breuk: the code means another area than at the moment before.
        voorlopig: provisional according to the source.
        herkomst: old codes of which the figures were added or estimated; empty without any.
        voortgang: of the taakstelling; None of other themes.
        maanden: months of the half-year that are counted; None of other themes.
    """

    dag: date
    eind: date | None
    indeling: int
    breuk: bool
    voorlopig: bool
    herkomst: str = ""
    voortgang: Voortgang | None = None
    maanden: int | None = None


@dataclass(frozen=True, slots=True)
class Cel:
    """A number with what it says; see ``spatial.domain.status``.

    Attributes:
        value: the number; None when the status has none.
        status: what the cell says.
        lower: lowest possible true value; None without a number.
        upper: highest possible true value; None without a number.
    """

    value: float | None
    status: Status
    lower: float | None
    upper: float | None


@dataclass(frozen=True, slots=True)
class Reeks:
    """One indicator over the years.

    Attributes:
        indicator: what it is.
        field: its description in the collection.
        stroom: it is counted over a year or half-year.
        cellen: one per moment of the theme; None where it is not counted, as a flow on 1 January.
        laatste: place of the newest moment for which the source has a figure, be it a secret one.
        naast: the cell of each larger region at that moment; None when there is none.
        sinds: place of the first moment of the same kind on the same area; None without an earlier one.
        verandering: since then; None without one.
        rang: its place among gemeenten; None without one.
        van: how many gemeenten have a place.
    """

    indicator: Indicator
    field: Field
    stroom: bool
    cellen: tuple[Cel | None, ...]
    laatste: int
    naast: tuple[Cel | None, ...] = ()
    sinds: int | None = None
    verandering: Verschil | None = None
    rang: Rang | None = None
    van: int = 0

    @property
    def cel(self) -> Cel:
        """The newest cell."""
        return self.cellen[self.laatste] or _NOTHING


@dataclass(frozen=True, slots=True)
class Reading:
    """What a region has in a theme.

    Attributes:
        momenten: all moments, oldest first.
        reeksen: its indicators, in the order of the catalogue.
    """

    momenten: tuple[Moment, ...]
    reeksen: tuple[Reeks, ...]


_NOTHING = Cel(None, Status.ONTBREEKT_IN_BRON, None, None)


def read_reeksen(
    snapshot: Snapshot, collection: Collection, code: str, changed: Changed
) -> Reading | None:
    """Read all figures of a region in a collection; None when it has no rows there.

    Args:
        snapshot: where they are read.
        collection: of a theme and level, each moment in its own indeling or all in one.
        code: the region.
        changed: tells whether the code means another area in another indeling.
    """
    rows = _rows(snapshot, collection, code)
    if not rows:
        return None
    momenten = tuple(_moments(rows, code, changed))
    fields = {field.naam: field for field in collection.velden}
    indicators = map(load_catalogue().get, collection.indicatoren)
    found = (_reeks(entry, fields[entry.id], rows) for entry in indicators)
    return Reading(momenten, _with_change([one for one in found if one], momenten))


def read_cells(
    snapshot: Snapshot, collection: Collection, code: str, wanted: Mapping[str, date]
) -> dict[str, Cel]:
    """Read one cell per indicator: that of a region on the day that goes with the indicator.

    Args:
        snapshot: where they are read.
        collection: of a theme and level.
        code: the region.
        wanted: day by indicator.
    """
    days = {name: day.isoformat() for name, day in wanted.items()}
    rows = {row["peilmoment"]: row for row in _rows(snapshot, collection, code, set(days.values()))}
    return {
        name: cell_of(rows[day], name)
        for name, day in days.items()
        if day in rows and name in collection.indicatoren
    }


def _rows(
    snapshot: Snapshot, collection: Collection, code: str, among: Container[str] | None = None
) -> list[Row]:
    """Return the rows of a region by day; on some days (ISO), or on all."""
    table = snapshot.features(collection)
    places = rows_with(table, "regioCode", code)
    if among is not None:
        days = table["peilmoment"].take(pa.array(places)).to_pylist()
        places = places[np.array([day in among for day in days], bool)]
    return sorted(read_properties(table, places), key=lambda row: str(row["peilmoment"]))


def _moments(rows: Sequence[Row], code: str, changed: Changed) -> Iterator[Moment]:
    before = None
    for row in rows:
        year, end, progress = row["indeling"], row.get("periodeEind"), row.get("voortgang")
        yield Moment(
            dag=date.fromisoformat(row["peilmoment"]),
            eind=None if end is None else date.fromisoformat(end),
            indeling=year,
            breuk=before is not None and changed(code, before, year),
            voorlopig=bool(row["voorlopig"]),
            herkomst=row.get("herkomst") or "",
            voortgang=None if progress is None else Voortgang(progress),
            maanden=row.get("maanden"),
        )
        before = year


def _reeks(entry: Indicator, field: Field, rows: Sequence[Row]) -> Reeks | None:
    """Return a series; None when the indicator says nothing of this region, ever."""
    flow = is_flow(entry.id)
    cells = tuple(
        None if flow and _not_counted(row, entry.id) else cell_of(row, entry.id) for row in rows
    )
    told = [place for place, cell in enumerate(cells) if cell is not None]
    if all(cells[place].status in _ABSENT for place in told):  # type: ignore[union-attr]
        return None
    newest = max(place for place in told if cells[place].status not in _ABSENT)  # type: ignore[union-attr]
    return Reeks(entry, field, flow, cells, newest)


def _not_counted(row: Row, name: str) -> bool:
    """Tell whether no year or half-year, over which a flow is counted, ends at this moment."""
    within = row.get("periodeEind") is not None or row.get("stroomEind") is not None
    return not within and row[f"{name}Status"] == Status.NIET_VAN_TOEPASSING


def cell_of(row: Row, name: str) -> Cel:
    """Return the cell of an indicator in the properties of a feature."""
    return Cel(row[name], Status(row[f"{name}Status"]), row[f"{name}Min"], row[f"{name}Max"])


@cache
def is_flow(indicator: str) -> bool:
    """Tell whether an indicator is counted over a year, or made of such counts."""
    counted = load_catalogue().get(indicator)
    while counted.teller:
        counted = load_catalogue().get(counted.teller)
    return counted.soort is Soort.STROOM


def _with_change(reeksen: Sequence[Reeks], momenten: Sequence[Moment]) -> tuple[Reeks, ...]:
    """Add to each series how it changed since its first moment of the same kind on this area."""
    since = {reeks.indicator.id: _since(reeks, momenten) for reeks in reeksen}
    of, against = {}, {}
    for reeks in reeksen:
        place = since[reeks.indicator.id]
        cell = None if place is None else reeks.cellen[place]
        if cell is not None:
            of[reeks.indicator.id], against[reeks.indicator.id] = reeks.cel, cell
    found = subtract(of, against) if of else {}
    return tuple(
        replace(reeks, sinds=since[reeks.indicator.id], verandering=found.get(reeks.indicator.id))
        for reeks in reeksen
    )


def _since(reeks: Reeks, momenten: Sequence[Moment]) -> int | None:
    """Return the first moment with a number to compare with; None when there is none, or no number."""
    if reeks.cel.value is None:
        return None
    newest = momenten[reeks.laatste].dag
    first = None
    for place in range(reeks.laatste, -1, -1):
        day, cell = momenten[place].dag, reeks.cellen[place]
        same = (day.month, day.day) == (newest.month, newest.day)
        if same and place != reeks.laatste and cell is not None and cell.value is not None:
            first = place
        if momenten[place].breuk:
            break
    return first
