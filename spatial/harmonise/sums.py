"""Counts of gemeenten added up to the regions of a level; missing in, missing out.

The herkomst of a sum is the number of gemeenten in it; its bounds are the sums of their bounds.
"""

from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

from spatial.domain.facts import Membership
from spatial.domain.regions import Niveau
from spatial.domain.status import WITHHELD, Status
from spatial.domain.tables import OBSERVATIONS
from spatial.errors import RegisterError, UnknownRegionError

_GROUP = ["bron", "groep", "kenmerk", "maat", "regio", "begin", "eind", "indeling"]
_NUMBERS = ("waarde", "ondergrens", "bovengrens")


def sum_over(observations: pa.Table, memberships: Sequence[Membership], niveau: Niveau) -> pa.Table:
    """Add the counts of gemeenten per region of a level for which the source has no figures.

    Args:
        observations: ``OBSERVATIONS``; only rows of level gemeente are used, in any order.
        memberships: which gemeente belongs to which region, per indeling; other levels are ignored,
            and so are observations of an indeling for which the level has no memberships.
        niveau: level of the regions.

    Returns:
        ``OBSERVATIONS`` of that level, one row per region and cell that has at least one gemeente,
        sorted by key. One contributor that is secret makes the sum geheim_of_onbekend; else one that
        is absent (from the table or from the source) makes it ontbreekt_in_bron. A contributor that
        is not applicable is not taken for zero: beside values it makes the sum ontbreekt_in_bron;
        when none is applicable, the sum is not either. A sum with an estimate in it is geschat, any
        other opgeteld. Provisional when a contributor is.

    Raises:
        RegisterError: there are no memberships of this level.
        UnknownRegionError: a gemeente has figures in an indeling, but no region of this level there.
    """
    OBSERVATIONS.check(observations, "observations to add up")
    regions = _regions(memberships, niveau)
    rows = observations.filter(pc.equal(observations.column("niveau"), Niveau.GEMEENTE.value))
    rows = rows.filter(pc.is_in(rows.column("indeling"), regions.column("indeling").unique()))
    rows = rows.join(regions, ["indeling", "code"])
    _check_members(rows, niveau)
    sums = (
        _with_flags(rows)
        .group_by(_GROUP)
        .aggregate(
            [
                *((name, "sum") for name in _NUMBERS),
                *((name, "sum") for name in ("secret", "absent", "impossible", "estimated")),
                ("voorlopig", "any"),
                ("gemeenten", "max"),
                ("gemeenten", "count"),
            ]
        )
    )
    table = _table(sums, niveau).sort_by([(name, "ascending") for name in OBSERVATIONS.key])
    OBSERVATIONS.check(table, f"sums per {niveau}")
    return table


def _regions(memberships: Sequence[Membership], niveau: Niveau) -> pa.Table:
    """Return ``indeling``, ``code``, ``regio`` and how many gemeenten that region has."""
    rows = [row for row in memberships if row.niveau is niveau]
    if not rows:
        message = f"there are no memberships of level {niveau}; load them or leave the level out"
        raise RegisterError(message)
    table = pa.table(
        {
            "indeling": pa.array([row.indeling for row in rows], pa.int32()),
            "code": pa.array([row.gemeente for row in rows], pa.string()),
            "regio": pa.array([row.code for row in rows], pa.string()),
        }
    )
    sizes = table.group_by(["indeling", "regio"]).aggregate([("code", "count")])
    return table.join(
        sizes.rename_columns(["indeling", "regio", "gemeenten"]), ["indeling", "regio"]
    )


def _check_members(rows: pa.Table, niveau: Niveau) -> None:
    lost = rows.filter(pc.is_null(rows.column("regio"))).select(["code", "indeling"])
    if lost.num_rows:
        first = lost.sort_by("code").slice(0, 1).to_pylist()[0]
        message = (
            f"{first['code']} has figures in the indeling of {first['indeling']}, "
            f"but no {niveau} there; complete the memberships of that indeling"
        )
        raise UnknownRegionError(message)


def _with_flags(rows: pa.Table) -> pa.Table:
    """Add what each contributor lets its sum become, as 0 or 1."""
    flags = {
        "secret": WITHHELD,
        "absent": (Status.ONTBREEKT_IN_BRON,),
        "impossible": (Status.NIET_VAN_TOEPASSING,),
        "estimated": (Status.GESCHAT,),
    }
    for name, statuses in flags.items():
        wanted = pa.array([status.value for status in statuses], pa.string())
        marked = pc.is_in(rows.column("status").cast(pa.string()), wanted)
        rows = rows.append_column(name, pc.cast(marked, pa.int64()))
    return rows


def _table(sums: pa.Table, niveau: Niveau) -> pa.Table:
    here, all_of_them = sums.column("gemeenten_count"), sums.column("gemeenten_max")
    status = pc.case_when(
        pc.make_struct(
            pc.greater(sums.column("secret_sum"), 0),
            pc.or_(pc.less(here, all_of_them), pc.greater(sums.column("absent_sum"), 0)),
            pc.equal(sums.column("impossible_sum"), here),
            pc.greater(sums.column("impossible_sum"), 0),
            pc.greater(sums.column("estimated_sum"), 0),
        ),
        Status.GEHEIM_OF_ONBEKEND.value,
        Status.ONTBREEKT_IN_BRON.value,
        Status.NIET_VAN_TOEPASSING.value,
        Status.ONTBREEKT_IN_BRON.value,
        Status.GESCHAT.value,
        Status.OPGETELD.value,
    )
    has_value = pc.is_in(status, pa.array([Status.GESCHAT.value, Status.OPGETELD.value]))
    columns = {name: sums.column(name) for name in _GROUP if name != "regio"}
    columns |= {name: pc.if_else(has_value, sums.column(f"{name}_sum"), None) for name in _NUMBERS}
    counted = pc.cast(here, pa.string())
    unit = pc.if_else(pc.equal(here, 1), " gemeente", " gemeenten")
    herkomst = pc.binary_join_element_wise("opgeteld uit ", counted, unit, "")
    columns |= {
        "niveau": pa.repeat(niveau.value, sums.num_rows),
        "code": sums.column("regio"),
        "status": status,
        "voorlopig": sums.column("voorlopig_any"),
        "herkomst": pc.if_else(has_value, herkomst, None),
    }
    return pa.table({name: columns[name] for name in OBSERVATIONS.names})
