"""Regional figures in one indeling: the source's own where the region is the same land, else a sum.

A gemeente that changes provincie, or a region that is drawn anew, breaks a regional series without
any municipal split; the land of a region is therefore compared through its gemeenten.
"""

from collections.abc import Iterable, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from spatial.domain.facts import Membership
from spatial.domain.regions import LAND_CODE, Indeling, Niveau
from spatial.harmonise.sums import sum_over

OWN_FIGURE = "regiocijfer van de bron"
"""Herkomst of a figure that the source gives for the region itself."""

_REGIONS = (Niveau.PROVINCIE, Niveau.COROP, Niveau.VEILIGHEIDSREGIO)
type _Key = tuple[str, int]


def regional(
    own: pa.Table, carried: pa.Table, memberships: Sequence[Membership], crosswalk: pa.Table
) -> pa.Table:
    """Return the figures of land and regions in the indeling to which gemeenten were carried.

    Args:
        own: ``OBSERVATIONS`` of all levels, each period in one indeling, mostly its own.
        carried: ``OBSERVATIONS`` of the gemeenten in the new indeling.
        memberships: which gemeente belongs to which region, per indeling.
        crosswalk: ``CROSSWALK`` from every indeling of ``own`` to the new one.

    Returns:
        ``OBSERVATIONS`` in the new indeling. A region that is the same land in the indeling of the
        period keeps its own figure, which is preferred over a sum and so is exact also where a
        gemeente inside it was split; the others are sums of carried gemeenten. ``herkomst`` tells
        which. The land always keeps its own figure.
    """
    doel = Indeling(int(pc.max(crosswalk["naar_indeling"]).as_py()))
    same = {(LAND_CODE, year) for year in pc.unique(crosswalk["van_indeling"]).to_pylist()}
    parts = [_own_figures(own, same, Niveau.LAND, doel)]
    periods = own.group_by(["eind", "indeling"]).aggregate([])
    for niveau in _REGIONS:
        regions = [row for row in memberships if row.niveau is niveau]
        same = same_land(regions, crosswalk) & _given(own, niveau)
        sums = sum_over(carried, regions, niveau)
        parts += [
            _own_figures(own, same, niveau, doel),
            sums.filter(pc.invert(_is_in(sums, _indeling_of(sums, periods), same))),
        ]
    return pa.concat_tables([part.cast(own.schema) for part in parts])


def same_land(regions: Iterable[Membership], crosswalk: pa.Table) -> set[_Key]:
    """Return (region, old indeling) for which the region has the same land in the new indeling.

    It has when the old gemeenten with land in its new gemeenten are wholly inside them, and are
    exactly its own old gemeenten.
    """
    members: dict[tuple[int, str], set[str]] = {}
    for row in regions:
        members.setdefault((int(row.indeling), row.code), set()).add(row.gemeente)
    sources: dict[_Key, set[str]] = {}
    receivers: dict[_Key, set[str]] = {}
    rows = crosswalk.select(["van_indeling", "naar_indeling", "van_code", "naar_code"]).to_pylist()
    for row in rows:
        sources.setdefault((row["naar_code"], row["van_indeling"]), set()).add(row["van_code"])
        receivers.setdefault((row["van_code"], row["van_indeling"]), set()).add(row["naar_code"])
    doel = rows[0]["naar_indeling"]
    same = set()
    for year in {row["van_indeling"] for row in rows}:
        for (indeling, code), new in members.items():
            if indeling != doel:
                continue
            old = set().union(*(sources[gemeente, year] for gemeente in new))
            whole = all(receivers[gemeente, year] <= new for gemeente in old)
            if whole and old == members.get((year, code)):
                same.add((code, year))
    return same


def _given(own: pa.Table, niveau: Niveau) -> set[_Key]:
    """Return (region, indeling) of a level for which there are figures of its own."""
    rows = own.filter(pc.equal(own["niveau"], niveau.value))
    pairs = rows.group_by(["code", "indeling"]).aggregate([]).to_pylist()
    return {(pair["code"], pair["indeling"]) for pair in pairs}


def _own_figures(own: pa.Table, same: set[_Key], niveau: Niveau, doel: Indeling) -> pa.Table:
    rows = own.filter(pc.equal(own["niveau"], niveau.value))
    rows = rows.filter(_is_in(rows, rows["indeling"], same))
    n = rows.num_rows
    herkomst = pc.coalesce(rows["herkomst"], pa.scalar(OWN_FIGURE))
    rows = rows.set_column(
        rows.column_names.index("indeling"), "indeling", pa.array([int(doel)] * n, pa.int32())
    )
    return rows.set_column(rows.column_names.index("herkomst"), "herkomst", herkomst)


def _indeling_of(rows: pa.Table, periods: pa.Table) -> pa.Array:
    """Return the indeling in which the source gives the period of every row."""
    places = pc.index_in(rows["eind"], value_set=periods["eind"].combine_chunks())
    return periods["indeling"].combine_chunks().take(places)


def _is_in(rows: pa.Table, years: pa.Array, keys: set[_Key]) -> pa.Array:
    """Tell of every row whether (code, indeling of its period) is among the keys."""
    wanted = pa.array(sorted(f"{code} {year}" for code, year in keys), pa.string())
    return pc.is_in(
        pc.binary_join_element_wise(rows["code"], pc.cast(years, pa.string()), " "), wanted
    )
