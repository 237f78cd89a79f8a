"""Counts of gemeenten added up to the regions of a level; missing in, missing out.

The herkomst of a sum is the number of gemeenten in it; its bounds are the sums of their bounds.
"""

from collections.abc import Iterable

import pyarrow as pa
import pyarrow.compute as pc

from spatial.domain.tables import OBSERVATIONS
from spatial.harmonise.kernel.carry import batches
from spatial.harmonise.kernel.regions import Belonging, Divisions, Naming, add_up, divisions_of
from spatial.harmonise.kernel.table import decode, encode, joined

_NAMING = Naming()


def sum_over(
    observations: pa.Table, memberships: Iterable[Belonging], niveau: str, naming: Naming = _NAMING
) -> pa.Table:
    """Add the counts of gemeenten per region of a level for which the source has no figures.

    Args:
        observations: ``OBSERVATIONS``; only rows of level gemeente are used, in any order.
        memberships: which gemeente belongs to which region, per indeling; other levels are ignored,
            and so are observations of an indeling for which the level has no memberships.
        niveau: level of the regions.
        naming: the level of the members, when it is another than gemeente.

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
    table = _sorted(sum_by(observations, divisions_of(memberships, niveau), naming))
    OBSERVATIONS.check(table, f"sums per {niveau}")
    return table


def sum_by(observations: pa.Table, divisions: Divisions, naming: Naming = _NAMING) -> pa.Table:
    """Do as ``sum_over``, with memberships that were looked up before.

    Args:
        observations: ``OBSERVATIONS``.
        divisions: of one level, by indeling.
        naming: the level of the members.

    Returns:
        As ``sum_over``, but one indeling after another.

    Raises:
        UnknownRegionError: a member has figures in an indeling, but no region of this level there.
    """
    rows = observations.filter(pc.equal(observations["niveau"], naming.enkelvoud))
    years = pa.array(sorted(divisions), pa.int32())
    rows = rows.filter(pc.is_in(rows["indeling"], years))
    parts = [
        _sums(rows.filter(pc.equal(rows["indeling"], year)), divisions, naming)
        for year in sorted(pc.unique(rows["indeling"]).to_pylist())
    ]
    return pa.concat_tables([rows.slice(0, 0), *parts])


def _sorted(table: pa.Table) -> pa.Table:
    """Return the rows in order of key; Arrow does not sort by dictionary-encoded text."""
    keys = table.select(list(OBSERVATIONS.key))
    plain = pa.table(
        [
            column.cast(pa.string()) if pa.types.is_dictionary(column.type) else column
            for column in keys.columns
        ],
        OBSERVATIONS.key,
    )
    return table.take(pc.sort_indices(plain, [(name, "ascending") for name in OBSERVATIONS.key]))


def _sums(observations: pa.Table, divisions: Divisions, naming: Naming) -> pa.Table:
    """Add up observations of one indeling."""
    rows, labels = encode(observations, naming.enkelvoud)
    division = divisions[labels.indeling[0]]
    sums = joined([add_up(batch, labels.code, division, labels) for batch in batches(rows)])
    return decode(sums, labels, division.places, division.texts(naming), observations.schema)
