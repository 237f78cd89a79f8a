"""The regions that a question names: how long they exist, what became of them, did they change."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from spatial.domain.crs import CRS84
from spatial.domain.redivisions import Mutatie
from spatial.domain.regions import LAND_CODE, Niveau, niveau_of, parse_code
from spatial.errors import QuestionError, UnknownRegionError
from spatial.store.answers import SHAPE
from spatial.store.memberships import Memberships
from spatial.store.shapes import text_column
from spatial.store.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Opvolger:
    """A code that another one became, or came from.

    Attributes:
        code: the code.
        deel: the part (0-1) of the old gemeente that is concerned; None when it is not known.
    """

    code: str
    deel: float | None


@dataclass(frozen=True, slots=True)
class Region:
    """A region in all indelingen of a snapshot.

    Attributes:
        code: its code.
        niveau: its level.
        namen: its name in each indeling that has it, ascending.
        laatste_dag: last day on which the code existed; None while it does.
        opvolgers: what it became; empty while it exists.
        voorgangers: what came into it.
    """

    code: str
    niveau: Niveau
    namen: Mapping[int, str]
    laatste_dag: date | None
    opvolgers: tuple[Opvolger, ...]
    voorgangers: tuple[Opvolger, ...]

    @property
    def naam(self) -> str:
        """Its newest name."""
        return self.namen[max(self.namen)]


@dataclass(frozen=True, slots=True)
class Areas:
    """Tells whether a code means the same area in two indelingen.

    Attributes:
        members: the gemeenten of every region.
        events: by the first indeling that has it: old and new code of every redivision that moves
            more than a border.
    """

    members: Memberships
    events: Mapping[int, tuple[tuple[str, str], ...]]

    def changed(self, code: str, one: int, other: int) -> bool:
        """Tell whether an area came to a region or went from it between two indelingen."""
        first, last = sorted((one, other))
        return any(self._changed_in(code, year) for year in range(first + 1, last + 1))

    def _changed_in(self, code: str, year: int) -> bool:
        before, after = self._gemeenten(code, year - 1), self._gemeenten(code, year)
        if any((old in before) != (new in after) for old, new in self.events.get(year, ())):
            return True
        both = set(self.members.of(LAND_CODE, year - 1)) & set(self.members.of(LAND_CODE, year))
        return bool((before ^ after) & both)

    def _gemeenten(self, code: str, year: int) -> frozenset[str]:
        if niveau_of(code) is Niveau.GEMEENTE:
            return frozenset([code]) & frozenset(self.members.of(LAND_CODE, year))
        return frozenset(self.members.of(code, year))


def read_regions(snapshot: Snapshot, codes: Sequence[str], name: str) -> list[Region]:
    """Return the regions of a question, in its order.

    Args:
        snapshot: in which they are looked up.
        codes: region codes of any level.
        name: of the input, for the error.

    Raises:
        QuestionError: a code is none, or no indeling of the snapshot has it.
    """
    rows = _rows(snapshot, {_niveau(code, name) for code in codes}, codes)
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        found.setdefault(row["regioCode"], []).append(row)
    for code in codes:
        if code not in found:
            message = f"no indeling of the snapshot has {code!r}; see collection grenzen-{niveau_of(code)}"
            raise QuestionError(name, message)
    return [_region(found[code]) for code in codes]


def read_all_regions(snapshot: Snapshot) -> dict[str, Region]:
    """Return every region of any level and indeling by code, from large to small, ascending."""
    found: dict[str, list[dict[str, Any]]] = {}
    for niveau in Niveau:
        for row in _rows(snapshot, {niveau}):
            found.setdefault(row["regioCode"], []).append(row)
    order = {niveau: place for place, niveau in enumerate(Niveau)}
    codes = sorted(found, key=lambda code: (order[niveau_of(code)], code))
    return {code: _region(found[code]) for code in codes}


def read_areas(snapshot: Snapshot) -> Areas:
    """Read what is needed to tell whether a code means the same area in two indelingen."""
    table = snapshot.features(snapshot.contents.get("herindelingen"))
    events: dict[int, list[tuple[str, str]]] = {}
    names = ["datum", "oudeCode", "nieuweCode", "mutatie"]
    for row in table.select(names).to_pylist():
        if row["mutatie"] != Mutatie.GRENSCORRECTIE.value:
            day = date.fromisoformat(row["datum"])
            year = day.year + (day > date(day.year, 1, 1))
            events.setdefault(year, []).append((row["oudeCode"], row["nieuweCode"]))
    return Areas(snapshot.memberships, {year: tuple(pairs) for year, pairs in events.items()})


def read_shapes(
    snapshot: Snapshot, wanted: Iterable[tuple[str, int]]
) -> dict[tuple[str, int], bytes]:
    """Return the shapes of regions as GeoJSON geometries (CRS84), by code and indeling.

    Regions that an indeling does not have are left out.
    """
    keys = set(wanted)
    codes = sorted({code for code, _ in keys})
    rows = _rows(snapshot, {niveau_of(code) for code in codes}, codes)
    texts = snapshot.shapes()[text_column(CRS84)]
    found = {}
    for row in rows:
        key = (row["regioCode"], row["indeling"])
        if key in keys and row[SHAPE] >= 0:
            found[key] = texts[row[SHAPE]].as_py()
    return found


def _niveau(code: str, name: str) -> Niveau:
    try:
        return niveau_of(parse_code(code))
    except UnknownRegionError as error:
        raise QuestionError(name, str(error)) from error


def _rows(
    snapshot: Snapshot, niveaus: set[Niveau], codes: Sequence[str] | None = None
) -> list[dict[str, Any]]:
    """Return the rows of some levels in every indeling, of some codes or of all."""
    names = ["regioCode", "regioNaam", "indeling", "laatsteDag", "opvolgers", "voorgangers", SHAPE]
    loaded = {entry.id: entry for entry in snapshot.contents.collections}
    rows = []
    for niveau in sorted(niveaus):
        collection = loaded.get(f"grenzen-{niveau}")
        if collection is not None:
            table = snapshot.features(collection).select(names)
            if codes is not None:
                wanted = pa.array(codes, pa.string())
                table = table.filter(pc.is_in(table["regioCode"].cast(pa.string()), wanted))
            rows += table.to_pylist()
    return rows


def _region(rows: list[dict[str, Any]]) -> Region:
    rows = sorted(rows, key=lambda row: row["indeling"])
    last = rows[-1]
    day = last["laatsteDag"]
    return Region(
        code=last["regioCode"],
        niveau=niveau_of(last["regioCode"]),
        namen={row["indeling"]: row["regioNaam"] for row in rows},
        laatste_dag=None if day is None else date.fromisoformat(day),
        opvolgers=_relations(last["opvolgers"]),
        voorgangers=_relations(last["voorgangers"]),
    )


def _relations(text: str | None) -> tuple[Opvolger, ...]:
    """Read relations as the build writes them.

    >>> _relations("GM0824 0.424; GM0865")
    (Opvolger(code='GM0824', deel=0.424), Opvolger(code='GM0865', deel=None))
    """
    if not text:
        return ()
    pairs = (entry.partition(" ") for entry in text.split("; "))
    return tuple(Opvolger(code, float(deel) if deel else None) for code, _, deel in pairs)
