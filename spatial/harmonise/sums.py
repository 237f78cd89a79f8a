"""Counts of gemeenten added up to the regions of a level; missing in, missing out.

The herkomst of a sum is the number of gemeenten in it; its bounds are the sums of their bounds.
"""

from collections.abc import Iterable

import pyarrow as pa
import pyarrow.compute as pc

from spatial.domain.tables import OBSERVATIONS
from spatial.harmonise.kernel.block import blocks_of, rows_of, seen_of
from spatial.harmonise.kernel.regions import (
    Belonging,
    Naming,
    add_up,
    check_belongs,
    divisions_of,
    lines_of,
)
from spatial.harmonise.kernel.table import decode, encode

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
    divisions = divisions_of(memberships, niveau)
    members = observations.filter(pc.equal(observations["niveau"], naming.enkelvoud))
    rows, labels = encode(members)
    tables = [members.slice(0, 0)]
    for year, seen in seen_of(rows, labels).items():
        if year in divisions:
            codes = [code for (_, code), here in zip(labels.regions, seen, strict=True) if here]
            check_belongs(codes, divisions[year])
    places = labels.places(naming.enkelvoud)
    lines = {year: lines_of(division.members, places) for year, division in divisions.items()}
    for columns, block in blocks_of(rows, labels):
        for year in sorted(divisions.keys() & set(columns.years.tolist())):
            division = divisions[year]
            sums = add_up(block, columns.of(year), lines[year], division)
            found, texts = rows_of(sums, columns.only(year)), division.texts(naming)
            tables.append(decode(found, labels, division.places, texts, members.schema))
    table = _sorted(pa.concat_tables(tables))
    OBSERVATIONS.check(table, f"sums per {niveau}")
    return table


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
