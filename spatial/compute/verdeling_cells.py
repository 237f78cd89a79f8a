"""The cells that a fair distribution needs, read from the collections of a snapshot."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from spatial.analyse.fairshare.amounts import Amounts, Places, Verdeling
from spatial.analyse.fairshare.wide import (
    REGION_COLUMNS,
    SURFACE_COLUMNS,
    Wide,
    keys_of,
    surfaces,
    year_ends,
)
from spatial.domain.indicators import Soort, load_catalogue
from spatial.domain.regions import LAND_CODE, Indeling, Niveau, niveau_of, parse_code
from spatial.domain.verdeling import Sleutel
from spatial.errors import QuestionError, StoreError, UnknownRegionError
from spatial.store.catalogue import RECODED, Collection
from spatial.store.memberships import Memberships
from spatial.store.snapshot import Snapshot

REGIO, GROEP, PEILMOMENT, SLEUTEL = "regio", "groep", "peilmoment", "sleutel"
INDELING, LEDEN, HOEVEELHEID = "indeling", "leden", "hoeveelheid"
"""The inputs, by the names under which errors and processes know them."""


@dataclass(frozen=True, slots=True)
class Members:
    """A region, its members, and where their figures are.

    Attributes:
        regio: its code.
        naam: its name.
        niveau: its level.
        indeling: year of the boundaries.
        peilmoment: day of the figures.
        codes: of the members, ascending.
        namen: of the members.
        delen: number of the provincie of every member, for gemeenten in the land; else None.
        boven: collection that holds the region.
        onder: collection that holds the members.
        bronnen: ids of the sources of both, and of the shapes.
    """

    regio: str
    naam: str
    niveau: Niveau
    indeling: Indeling
    peilmoment: date
    codes: tuple[str, ...]
    namen: tuple[str, ...]
    delen: Places | None
    boven: Collection
    onder: Collection
    bronnen: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cells:
    """The numbers of a group and of all keys, in the members and in the region.

    Attributes:
        peilmoment: day of the figures.
        groep: of the group per member.
        groep_geheel: in the region.
        sleutels: per key those of the members, and that of the region.
        stromen: ids of the keys that are counted over a year.
    """

    peilmoment: date
    groep: Amounts
    groep_geheel: Amounts
    sleutels: Mapping[str, tuple[Amounts, Amounts]]
    stromen: frozenset[str]

    def verdeling(self, key: Sleutel) -> Verdeling:
        """Return the region as ``analyse`` takes it."""
        members, whole = self.sleutels[key.id]
        starts = np.array([0, len(self.groep)])
        return Verdeling(starts, self.groep, members, self.groep_geheel, whole, key.minimum)

    def period(self, key: Sleutel) -> tuple[date, date]:
        """Return the first and last day over which a key is counted."""
        if key.id not in self.stromen:
            return self.peilmoment, self.peilmoment
        return date(self.peilmoment.year, 1, 1), date(self.peilmoment.year, 12, 31)


def members_of(
    snapshot: Snapshot, regio: str, leden: Niveau, where: tuple[str, date, Indeling | None]
) -> Members:
    """Find a region and its members.

    Args:
        snapshot: holds the collections.
        regio: code of the region.
        leden: level of the members.
        where: group, peilmoment, and the indeling (None: that of the peilmoment).

    Raises:
        QuestionError: the snapshot has no such group, level, indeling, peilmoment or region, or the
            region does not consist of members of that level; the message says what there is.
    """
    groep, day, indeling = where
    niveau = _level(regio)
    above, below = (_collection(snapshot, groep, level, indeling) for level in (niveau, leden))
    regions, members = (_on_day(snapshot, entry, day) for entry in (above, below))
    if regio not in regions:
        message = f"no region {regio!r} in {above.id} at {day}; there are {', '.join(regions)}"
        raise QuestionError(REGIO, message)
    year = indeling or Indeling(day.year)
    table = snapshot.memberships
    inside = {code: naam for code, naam in members.items() if _inside(table, code, regio, year)}
    if niveau is leden or not _covered(table, inside, regio, year):
        message = f"{regio} does not consist of whole regions of level {leden}; choose gemeente"
        raise QuestionError(LEDEN, message)
    codes = tuple(sorted(inside))
    shapes = snapshot.contents.get(f"grenzen-{leden}").bronnen
    return Members(
        regio, regions[regio], niveau, year, day,
        codes, tuple(inside[code] for code in codes),
        _provincies(table, codes, year) if regio == LAND_CODE and leden is Niveau.GEMEENTE else None,
        above, below, tuple(dict.fromkeys([*above.bronnen, *below.bronnen, *shapes])),
    )  # fmt: skip


def cells_of(
    snapshot: Snapshot, members: Members, indicator: str, keys: Sequence[Sleutel]
) -> Cells:
    """Read the numbers of the group and of the keys.

    Args:
        snapshot: holds the collections.
        members: the region and its members.
        indicator: what of the group is divided.
        keys: the keys; one without figures is ontbreekt_in_bron.
    """
    catalogue = load_catalogue()
    names = [indicator, *(key.indicator for key in keys if key.indicator)]
    group = catalogue.get(indicator).columns
    flows = frozenset(
        key.id
        for key in keys
        if key.indicator and catalogue.get(key.indicator).soort is Soort.STROOM
    )
    sides = []
    for entry, codes in ((members.onder, members.codes), (members.boven, (members.regio,))):
        columns = [column for name in names for column in catalogue.get(name).columns]
        wide = Wide(_columns(snapshot, entry, [*REGION_COLUMNS, *columns]))
        side = _Side(snapshot, members, codes, wide)
        numbers = {
            key.id: side.surface()
            if not key.indicator
            else side.amounts(catalogue.get(key.indicator).columns, year_end=key.id in flows)
            for key in keys
        }
        sides.append((side.amounts(group, year_end=False), numbers))
    (group_members, key_members), (group_whole, key_whole) = sides
    pairs = {key.id: (key_members[key.id], key_whole[key.id]) for key in keys}
    return Cells(members.peilmoment, group_members, group_whole, pairs, flows)


@dataclass(frozen=True, slots=True)
class _Side:
    """The members, or the region: their codes and the table that holds them."""

    snapshot: Snapshot
    members: Members
    codes: tuple[str, ...]
    wide: Wide

    def amounts(self, columns: Sequence[str], *, year_end: bool) -> Amounts:
        count = len(self.codes)
        days = pa.array([self.members.peilmoment] * count, pa.date32())
        years = pa.array([int(self.members.indeling)] * count, pa.int32())
        wanted = keys_of(pa.array(self.codes), years, year_ends(days) if year_end else days)
        return self.wide.amounts(columns, wanted)

    def surface(self) -> Amounts:
        shapes = self.snapshot.contents.get(f"grenzen-{niveau_of(self.codes[0])}")
        table = _columns(self.snapshot, shapes, SURFACE_COLUMNS)
        wanted = [(code, int(self.members.indeling)) for code in self.codes]
        return surfaces(table, wanted)


def _level(regio: str) -> Niveau:
    try:
        return niveau_of(parse_code(regio))
    except UnknownRegionError as error:
        raise QuestionError(REGIO, str(error)) from error


def _collection(
    snapshot: Snapshot, groep: str, niveau: Niveau, indeling: Indeling | None
) -> Collection:
    name = f"{groep}-{niveau}" + (f"{RECODED}{indeling}" if indeling else "")
    try:
        return snapshot.contents.get(name)
    except StoreError as error:
        held = [entry.id for entry in snapshot.contents.collections if entry.thema == groep]
        message = f"no figures {name!r}; there are {', '.join(held) or f'none of {groep!r}'}"
        raise QuestionError(INDELING if indeling else GROEP, message) from error


def _on_day(snapshot: Snapshot, collection: Collection, day: date) -> dict[str, str]:
    """Return code and name of every region that a collection has on a day."""
    table = _columns(snapshot, collection, ["regioCode", "regioNaam", "peilmoment"])
    days = table["peilmoment"].cast(pa.string())
    there = table.filter(pc.equal(days, day.isoformat()))
    if not there.num_rows:
        held = ", ".join(sorted(pc.unique(days).to_pylist()))
        message = f"{collection.id} has nothing at {day}; there is {held}"
        raise QuestionError(PEILMOMENT, message)
    return dict(zip(there["regioCode"].to_pylist(), there["regioNaam"].to_pylist(), strict=True))


def _columns(snapshot: Snapshot, collection: Collection, names: Sequence[str]) -> pa.Table:
    """Return some columns of a collection; names that it does not have are left out."""
    table = snapshot.features(collection)
    return table.select([name for name in dict.fromkeys(names) if name in table.column_names])


def _inside(table: Memberships, code: str, regio: str, year: Indeling) -> bool:
    """Tell whether a region lies in another with all its gemeenten."""
    if regio == LAND_CODE:
        return True
    inside = set(table.of(regio, year))
    mine = {code} if niveau_of(code) is Niveau.GEMEENTE else set(table.of(code, year))
    return bool(mine) and mine <= inside


def _covered(table: Memberships, inside: Iterable[str], regio: str, year: Indeling) -> bool:
    """Tell whether regions together have all gemeenten of another; of the land they are all there."""
    found: set[str] = set()
    for code in inside:
        found.update(table.of(code, year) or (code,))
    return bool(found) and (regio == LAND_CODE or found == set(table.of(regio, year)))


def _provincies(table: Memberships, codes: Sequence[str], year: Indeling) -> Places:
    """Return the number of the provincie of every gemeente; -1 without one."""
    provincies = sorted(
        code for code, held in table.members if held == year and niveau_of(code) is Niveau.PROVINCIE
    )
    number = {
        gemeente: place
        for place, provincie in enumerate(provincies)
        for gemeente in table.of(provincie, year)
    }
    return np.array([number.get(code, -1) for code in codes], dtype=np.int64)
