"""Collections of the fair distribution: every group by every published key, per region and day.

They are made from the layers that were written before them, so from nothing but published cells.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from spatial.analyse.fairshare.amounts import Amounts, Places, Verdeling
from spatial.analyse.fairshare.hoover import hoover
from spatial.analyse.fairshare.measures import gap, proportional, quotient
from spatial.analyse.fairshare.wide import NO_FIGURES, REGION_COLUMNS, Wide, keys_of, year_ends
from spatial.domain.indicators import GROEPEN, Catalogue, Indicator, Soort, Thema
from spatial.domain.regions import LAND_CODE, Indeling, Niveau
from spatial.domain.sources import Source
from spatial.domain.status import Status
from spatial.domain.verdeling import Maat, Sleutel, indicator_id, load_scheme
from spatial.errors import SchemaError
from spatial.join.attach import Provenance, attach
from spatial.pipeline.parts import Parts
from spatial.store.catalogue import Collection
from spatial.store.describe import Subject, describe_indicators
from spatial.store.layers import read_columns
from spatial.store.snapshot import Draft

_GROUP = "huishoudens"
"""What of a group is divided in the collections."""

_PLACE = ("regioCode", "regioNaam", "niveau", "indeling", "peilmoment")
_WORST_FIRST = (Status.GESCHAT, Status.OPGETELD, Status.WAARGENOMEN)
_MEASURES = {"Evenredig": proportional, "Verschil": gap, "Locatiequotient": quotient}
_STATUSES = pa.array([status.value for status in Status], pa.string())


@dataclass(frozen=True, slots=True)
class _Series:
    """The written layers of one indeling, or of each period in its own.

    Attributes:
        draft: holds them.
        catalogue: names their columns.
        indeling: the one indeling; None: each its own.
        members: by (region code, indeling): its gemeenten.
        held: numbers by group and level, as far as they were read.
    """

    draft: Draft
    catalogue: Catalogue
    indeling: Indeling | None
    members: Mapping[tuple[str, int], Sequence[str]]
    held: dict[tuple[Thema, Niveau], Wide] = field(default_factory=dict)

    def layer(self, groep: Thema, niveau: Niveau, columns: Sequence[str]) -> pa.Table | None:
        """Return columns of a layer; None when the group has none in this indeling."""
        path = self.draft.folder / f"{Subject(groep, niveau, self.indeling).id}.parquet"
        return read_columns(path, columns) if path.is_file() else None

    def wide(self, groep: Thema, niveau: Niveau) -> Wide:
        """Return the numbers of a group and of all keys, also when there are none; read once."""
        if (groep, niveau) not in self.held:
            keys = [entry.indicator for entry in load_scheme().published]
            names = [
                name for entry in (_GROUP, *keys) for name in self.catalogue.get(entry).columns
            ]
            table = self.layer(groep, niveau, [*REGION_COLUMNS, *names])
            self.held[groep, niveau] = NO_FIGURES if table is None else Wide(table)
        return self.held[groep, niveau]


def fairness_layers(draft: Draft, parts: Parts) -> Iterator[Collection]:
    """Write the fair distribution per level and indeling; give each as it is done.

    Args:
        draft: holds the layers of all groups and the boundaries; gets these.
        parts: land, memberships, catalogue.
    """
    members = _members(parts)
    for indeling in (None, *parts.figures.carried):
        series = _Series(draft, parts.catalogue, indeling, members)
        for niveau in parts.land.levels:
            yield _written(parts, series, Subject(Thema.EERLIJKE_VERDELING, niveau, indeling))


def _written(parts: Parts, series: _Series, subject: Subject) -> Collection:
    rows = _rows(series, subject.niveau)
    table = rows.select(["id", *_PLACE])
    indicators: list[Indicator] = []
    for entry, amounts in _columns(series, subject.niveau, rows):
        indicators.append(entry)
        for name, column in zip(entry.columns, _arrow(amounts), strict=True):
            table = table.append_column(name, column)
    tail = ["voorlopig", *(("methode", "herkomst") if subject.indeling else ())]
    for name in tail:
        table = table.append_column(name, rows[name])
    sources = _sources(parts)
    shapes = parts.land.of(subject.niveau, subject.indeling)
    provenance = Provenance(sources[0].id, sources[0].status.value, parts.land.source.status.value)
    layer = attach(table, shapes, provenance)
    collection = describe_indicators(layer, subject, indicators, [*sources, parts.land.source])
    series.draft.add_layer(collection.bestand, layer)
    return collection


def _sources(parts: Parts) -> list[Source]:
    found = [
        source for groep in GROEPEN for source in parts.sources_of(groep, parts.catalogue.of(groep))
    ]
    return list(dict.fromkeys(found))


def _members(parts: Parts) -> dict[tuple[str, int], list[str]]:
    """Return the gemeenten of every region that is loaded, the land included."""
    found: dict[tuple[str, int], list[str]] = {}
    for row in parts.facts.memberships:
        found.setdefault((row.code, int(row.indeling)), []).append(row.gemeente)
    gemeenten = parts.land.of(Niveau.GEMEENTE)
    for code, year in zip(gemeenten["code"], gemeenten["indeling"], strict=True):
        found.setdefault((LAND_CODE, int(year)), []).append(code)
    return {region: sorted(codes) for region, codes in found.items()}


def _rows(series: _Series, niveau: Niveau) -> pa.Table:
    """Return a row per region and day that any group has, sorted by code and day.

    Voorlopig when a group's row is; methode the weakest of the groups; herkomst of the first of them.
    """
    names = ["id", *_PLACE, "voorlopig", "methode", "herkomst"]
    tables = [series.layer(groep, niveau, names) for groep in GROEPEN]
    all_rows = pa.concat_tables([table for table in tables if table is not None])
    one = [name for name in all_rows.column_names if name not in {*_PLACE, "id"}]
    ways = {"voorlopig": "max", "methode": "list", "herkomst": "first"}
    grouped = all_rows.group_by(["id", *_PLACE], use_threads=False).aggregate(
        [(name, ways[name]) for name in one]
    )
    rows = grouped.rename_columns(["id", *_PLACE, *one])
    if "methode" in one:
        place = rows.column_names.index("methode")
        rows = rows.set_column(place, "methode", _weakest(rows["methode"]))
    return rows.sort_by([("regioCode", "ascending"), ("peilmoment", "ascending")])


def _weakest(methods: pa.ChunkedArray) -> pa.Array:
    found = [
        next((status.value for status in _WORST_FIRST if status.value in held), None)
        for held in methods.to_pylist()
    ]
    return pa.array(found, pa.string())


def _columns(
    series: _Series, niveau: Niveau, rows: pa.Table
) -> Iterator[tuple[Indicator, Amounts]]:
    """Give every indicator of a level with its numbers, in the order of the catalogue."""
    scheme = load_scheme()
    within = None if niveau is Niveau.GEMEENTE else _over_gemeenten(series, rows)
    across = None if niveau is Niveau.LAND else _in_land(rows)
    for groep in GROEPEN:
        for sleutel in scheme.published:
            what = (groep, sleutel)
            inside = outside = None
            if within is not None:
                inside = _verdeling(series, what, within, (Niveau.GEMEENTE, niveau))
            if across is not None:
                outside = _verdeling(series, what, across, (niveau, Niveau.LAND))
            for maat in scheme.maten:
                verdeling = inside if maat.binnen else outside
                if verdeling is not None:
                    entry = series.catalogue.get(indicator_id(groep, sleutel, maat))
                    yield entry, _measured(maat, verdeling, across)


def _measured(maat: Maat, verdeling: Verdeling, across: "_Split | None") -> Amounts:
    """Return a measure, per row.

    Raises:
        SchemaError: nothing computes a measure of this name.
    """
    if maat.binnen or across is None:
        return hoover(verdeling)
    if maat.id not in _MEASURES:
        message = f"measure {maat.id!r} has no formula; there are {', '.join(_MEASURES)}"
        raise SchemaError(message)
    back = np.argsort(across.order, kind="stable")
    return _MEASURES[maat.id](verdeling).take(back)


@dataclass(frozen=True, slots=True)
class _Split:
    """Wholes and their members: which rows of which table.

    Attributes:
        starts: of the members of every whole.
        members: ``REGION_COLUMNS`` per member.
        wholes: ``REGION_COLUMNS`` per whole.
        order: of the rows that the members are; empty when they are other rows.
    """

    starts: Places
    members: pa.Table
    wholes: pa.Table
    order: Places


def _in_land(rows: pa.Table) -> _Split:
    """Return the land on every day, with the rows of that day as its members."""
    rows = rows.select(list(REGION_COLUMNS))
    order = pc.sort_indices(
        rows, sort_keys=[("peilmoment", "ascending"), ("regioCode", "ascending")]
    )
    members = rows.take(order)
    days = members["peilmoment"].cast(pa.int32()).to_numpy()
    starts = np.concatenate([[0], np.flatnonzero(np.diff(days)) + 1, [len(days)]])
    wholes = members.take(pa.array(starts[:-1]))
    land = pa.repeat(pa.scalar(LAND_CODE), wholes.num_rows)
    return _Split(starts, members, wholes.set_column(0, "regioCode", land), order.to_numpy())


def _over_gemeenten(series: _Series, rows: pa.Table) -> _Split:
    """Return every row with its gemeenten as members."""
    rows = rows.select(list(REGION_COLUMNS))
    codes, years = rows["regioCode"].to_pylist(), rows["indeling"].to_pylist()
    inside = [series.members[region] for region in zip(codes, years, strict=True)]
    sizes = np.array([len(gemeenten) for gemeenten in inside], dtype=np.int64)
    members = rows.take(pa.array(np.repeat(np.arange(rows.num_rows), sizes)))
    gemeenten = pa.array([code for held in inside for code in held], pa.string())
    starts = np.concatenate([[0], np.cumsum(sizes)])
    return _Split(
        starts, members.set_column(0, "regioCode", gemeenten), rows, np.empty(0, np.int64)
    )


def _verdeling(
    series: _Series,
    what: tuple[Thema, Sleutel],
    split: _Split,
    levels: tuple[Niveau, Niveau],
) -> Verdeling:
    (mine, keys), (whole, key_whole) = (
        _numbers(series, what, niveau, rows)
        for niveau, rows in zip(levels, (split.members, split.wholes), strict=True)
    )
    return Verdeling(split.starts, mine, keys, whole, key_whole, what[1].minimum)


def _numbers(
    series: _Series, what: tuple[Thema, Sleutel], niveau: Niveau, rows: pa.Table
) -> tuple[Amounts, Amounts]:
    """Return group and key of every row; a flow is that of the year of its day."""
    groep, sleutel = what
    wide = series.wide(groep, niveau)
    codes, years, days = (rows[name] for name in REGION_COLUMNS)
    wanted = keys_of(codes, years, days)
    group = wide.amounts(series.catalogue.get(_GROUP).columns, wanted)
    key = series.catalogue.get(sleutel.indicator)
    if key.soort is Soort.STROOM:
        wanted = keys_of(codes, years, year_ends(days))
    return group, wide.amounts(key.columns, wanted)


def _arrow(amounts: Amounts) -> tuple[pa.Array, pa.Array, pa.Array, pa.Array]:
    """Return value, status, lower and upper bound as columns; NaN, which only marks absence, is null."""
    value, low, high = (
        pa.array(column, pa.float64(), mask=np.isnan(column))
        for column in (amounts.waarde, amounts.laag, amounts.hoog)
    )
    return value, _STATUSES.take(pa.array(amounts.status)), low, high
