"""Every region that a snapshot knows by code or name, also of before, and what became of it."""

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from spatial.compute.places import Areas, Opvolger, Region, read_all_regions, read_areas
from spatial.domain.redivisions import Mutatie, Redivision
from spatial.domain.regions import LAND_CODE, Niveau, niveau_of
from spatial.store.catalogue import Kind
from spatial.store.memberships import Memberships
from spatial.store.snapshot import Snapshot

LONGEST_SEARCH = 100
"""Characters of a text that is looked for."""


@dataclass(frozen=True, slots=True)
class Gids:
    """The regions of a snapshot.

    Attributes:
        regions: by code, from large to small; also gemeenten that ended before the first indeling.
        former: names by code that are no longer in use, oldest first.
        events: the register of redivisions, oldest first.
        areas: tells whether a code means the same area in two indelingen.
        indelingen: that the snapshot has, ascending.
    """

    regions: Mapping[str, Region]
    former: Mapping[str, tuple[str, ...]]
    events: tuple[Redivision, ...]
    areas: Areas
    indelingen: tuple[int, ...]

    @property
    def members(self) -> Memberships:
        """The gemeenten of every region."""
        return self.areas.members

    def loaded(self, code: str) -> tuple[int, ...]:
        """Return the indelingen of the snapshot that have a code, ascending."""
        return tuple(year for year in self.regions[code].namen if year in self.indelingen)

    def exists(self, code: str) -> bool:
        """Tell whether the newest indeling has a code."""
        return code in self.regions and self.indelingen[-1] in self.regions[code].namen

    def name(self, code: str, indeling: int | None = None) -> str:
        """Return the name of a code in an indeling, else its newest; an unknown code as it is."""
        region = self.regions.get(code)
        if region is None:
            return code
        return region.naam if indeling is None else region.namen.get(indeling, region.naam)

    def events_of(self, code: str) -> list[Redivision]:
        """Return what happened to a gemeente, oldest first."""
        return [event for event in self.events if code in (event.oude_code, event.nieuwe_code)]

    def today(self, code: str) -> tuple[str, ...]:
        """Return the codes that a code is today, itself when it still exists; none when unknown."""
        found: dict[str, None] = {}
        waiting, seen = [code], {code}
        while waiting:
            one = waiting.pop(0)
            if self.exists(one):
                found[one] = None
                continue
            after = [event.nieuwe_code for event in self.events if _ends(event, one)]
            waiting += [entry for entry in after if entry not in seen]
            seen.update(after)
        return tuple(found)

    def search(self, text: str) -> list[Region]:
        """Return the regions with a code or name, old or new, that holds a text; best first.

        Capitals, accents and hyphens make no difference.
        """
        wanted = _plain(text)
        if not wanted:
            return []
        found = []
        for place, region in enumerate(self.regions.values()):
            names = [region.code, *region.namen.values(), *self.former.get(region.code, ())]
            rank = min(_rank(wanted, _plain(name)) for name in names)
            if rank < _NO_MATCH:
                found.append((rank, not self.exists(region.code), place, region))
        return [entry[-1] for entry in sorted(found, key=lambda entry: entry[:3])]


def read_gids(snapshot: Snapshot) -> Gids:
    """Read the regions of a snapshot."""
    regions = read_all_regions(snapshot)
    events = tuple(_events(snapshot))
    loaded = sorted({year for region in regions.values() for year in region.namen})
    for region in _gone_before(events, regions):
        regions.setdefault(region.code, region)
    former = _former(events, regions)
    return Gids(regions, former, events, read_areas(snapshot), tuple(loaded))


def regions_around(gids: Gids, code: str, indeling: int) -> tuple[str, ...]:
    """Return the regions of other levels that hold all of a region, the smallest first.

    The land comes last; it holds everything but itself.
    """
    niveau = niveau_of(code)
    own = {code} if niveau is Niveau.GEMEENTE else set(gids.members.of(code, indeling))
    found = [
        region
        for (region, year), members in gids.members.members.items()
        if year == indeling and niveau_of(region) is not niveau and own and own.issubset(members)
    ]
    order = list(reversed(Niveau))
    found.sort(key=lambda region: (order.index(niveau_of(region)), region))
    return tuple(found if LAND_CODE in found or code == LAND_CODE else [*found, LAND_CODE])


def _ends(event: Redivision, code: str) -> bool:
    return event.oude_code == code != event.nieuwe_code and event.mutatie.retires_code


_NO_MATCH = 4
_SIGNS = str.maketrans({"-": " ", "\u2019": "'"})


def _rank(wanted: str, name: str) -> int:
    """Tell how well a name fits: whole, from its beginning, from that of a word, or inside."""
    if wanted not in name:
        return _NO_MATCH
    if wanted == name:
        return 0
    if name.startswith(wanted):
        return 1
    return 2 if f" {wanted}" in name else 3


def _plain(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text.strip().casefold().translate(_SIGNS))
    return "".join(sign for sign in apart if not unicodedata.combining(sign))


def _events(snapshot: Snapshot) -> Iterator[Redivision]:
    for collection in snapshot.contents.collections:
        if collection.kind is Kind.HERINDELINGEN:
            names = [field.naam for field in collection.velden]
            rows = snapshot.features(collection).select(names).to_pylist()
            yield from map(_event, sorted(rows, key=lambda row: row["datum"]))


def _event(row: Mapping[str, Any]) -> Redivision:
    return Redivision(
        datum=date.fromisoformat(row["datum"]),
        oude_code=row["oudeCode"],
        oude_naam=row["oudeNaam"],
        nieuwe_code=row["nieuweCode"],
        nieuwe_naam=row["nieuweNaam"],
        mutatie=Mutatie(row["mutatie"]),
        geheel=row["geheel"],
        aandeel=row["aandeel"],
        aandeel_grondslag=row["aandeelGrondslag"] or "",
        zekerheid=row["zekerheid"] or "",
        opmerking=row["opmerking"] or "",
        bron=row["bron"] or "",
    )


def _gone_before(events: Sequence[Redivision], regions: Mapping[str, Region]) -> Iterator[Region]:
    """Give the gemeenten that the register retires and no indeling of the snapshot has."""
    ended: dict[str, list[Redivision]] = {}
    for event in events:
        if event.oude_code not in regions and _ends(event, event.oude_code):
            ended.setdefault(event.oude_code, []).append(event)
    for code, parts in ended.items():
        last = parts[0].datum - timedelta(days=1)
        became = tuple(
            Opvolger(event.nieuwe_code, 1.0 if event.geheel else event.aandeel) for event in parts
        )
        name = {last.year: parts[0].oude_naam}
        yield Region(code, Niveau.GEMEENTE, name, last, became, ())


def _former(
    events: Sequence[Redivision], regions: Mapping[str, Region]
) -> dict[str, tuple[str, ...]]:
    """Return the names that a code had and its newest name is not."""
    found: dict[str, dict[str, None]] = {}
    for event in events:
        if event.mutatie is Mutatie.HERNOEMING:
            found.setdefault(event.oude_code, {})[event.oude_naam] = None
    for code, region in regions.items():
        for name in region.namen.values():
            found.setdefault(code, {})[name] = None
    return {
        code: others
        for code, names in found.items()
        if (others := tuple(name for name in names if name != _newest(regions, code)))
    }


def _newest(regions: Mapping[str, Region], code: str) -> str:
    return regions[code].naam if code in regions else ""
