"""Which gemeenten make up a region, per indeling, as a snapshot keeps it."""

from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow as pa

from spatial.domain.tables import MEMBERSHIPS

MEMBERSHIPS_FILE = "lidmaatschappen.parquet"


@dataclass(frozen=True, slots=True)
class Memberships:
    """The memberships of a snapshot.

    Attributes:
        members: by (code of the region, indeling): its gemeentecodes, ascending.
    """

    members: Mapping[tuple[str, int], tuple[str, ...]]

    def of(self, region: str, indeling: int) -> tuple[str, ...]:
        """Return the gemeenten of a region in an indeling; none when it is not a region of it."""
        return self.members.get((region, indeling), ())


def memberships_from(table: pa.Table) -> Memberships:
    """Read the memberships of a snapshot.

    Args:
        table: ``MEMBERSHIPS``.

    Raises:
        SchemaError, DuplicateKeyError: it is another table.
    """
    MEMBERSHIPS.check(table, MEMBERSHIPS_FILE)
    found: dict[tuple[str, int], list[str]] = {}
    columns = (table[name].to_pylist() for name in ("code", "indeling", "gemeente"))
    for code, indeling, gemeente in zip(*columns, strict=True):
        found.setdefault((code, indeling), []).append(gemeente)
    return Memberships({region: tuple(sorted(members)) for region, members in found.items()})
