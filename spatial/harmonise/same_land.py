"""Which regions are the same land in another indeling, whatever happened inside them."""

from collections.abc import Iterable

import pyarrow as pa

from spatial.harmonise.kernel.regions import Belonging, Key


def same_land(regions: Iterable[Belonging], crosswalk: pa.Table) -> set[Key]:
    """Return (region, old indeling) for which the region has the same land in the new indeling.

    It has when the old gemeenten with land in its new gemeenten are wholly inside them, and are
    exactly its own old gemeenten.
    """
    members: dict[tuple[int, str], set[str]] = {}
    for row in regions:
        members.setdefault((int(row.indeling), row.code), set()).add(row.gemeente)
    sources: dict[Key, set[str]] = {}
    receivers: dict[Key, set[str]] = {}
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
