"""Compare regions: the cells of some indicators at some moments, and how they differ."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from spatial.analyse.change import difference
from spatial.analyse.ratios import Cells
from spatial.compute.offer import Offer, Onderwerp, offer_of, refuse_unknown
from spatial.compute.places import Areas, Region, read_areas, read_regions
from spatial.domain.regions import Indeling
from spatial.domain.sources import Source
from spatial.domain.status import Status
from spatial.errors import QuestionError
from spatial.store.catalogue import Collection, Field
from spatial.store.snapshot import Snapshot

MAX_CODES = 50
MAX_INDICATOREN = 20
MAX_PEILMOMENTEN = 24
MAX_CELLS = 5_000
PERCENT = "%"
STEP = 0.001
"""Counts, percentages and ratios are all whole numbers of this."""
CODES, INDICATOREN, PEILMOMENTEN, INDELING = "codes", "indicatoren", "peilmomenten", "indeling"
"""The inputs, by the names under which errors and processes know them."""


class Reden(StrEnum):
    """Why a cell or a difference has no number although its source may have one."""

    CODE_BESTAAT_NIET = "code_bestaat_niet"
    GEBIED_VERANDERD = "gebied_veranderd"
    ANDER_NIVEAU = "ander_niveau"

    @property
    def label_nl(self) -> str:
        """Dutch label."""
        return _REDEN[self][0]

    @property
    def label_en(self) -> str:
        """English label."""
        return _REDEN[self][1]


_REDEN = {
    Reden.CODE_BESTAAT_NIET: (
        "de code bestaat niet in deze indeling; zie de opvolgers en voorgangers",
        "the code does not exist in this boundary vintage; see its successors and predecessors",
    ),
    Reden.GEBIED_VERANDERD: (
        "het gebied veranderde tussen de momenten: vergelijk in de indeling van een jaar",
        "the area changed between the moments: compare on the boundaries of one year",
    ),
    Reden.ANDER_NIVEAU: (
        "aantallen van regio's van verschillend niveau worden niet van elkaar afgetrokken",
        "counts of regions of different levels are not subtracted from each other",
    ),
}


@dataclass(frozen=True, slots=True)
class Vraag:
    """What is compared.

    Attributes:
        codes: region codes of any level; differences between regions are against the first.
        indicatoren: indicators, each with its theme.
        peilmomenten: days; differences over time are against the earliest.
        indeling: the one indeling of all moments; None: each moment in its own.
    """

    codes: tuple[str, ...]
    indicatoren: tuple[Onderwerp, ...]
    peilmomenten: tuple[date, ...]
    indeling: Indeling | None = None


@dataclass(frozen=True, slots=True)
class Verschil:
    """A difference with what it says; see ``analyse.change``.

    Attributes:
        waarde: of counts in their unit, of percentages in percentage points; None without one.
        status: of its values, or that it cannot be established; None for the cell that others are
            compared with.
        ondergrens: lowest possible true difference.
        bovengrens: highest possible true difference.
        reden: why it has no number; None when status says it.
    """

    waarde: float | None = None
    status: Status | None = None
    ondergrens: float | None = None
    bovengrens: float | None = None
    reden: Reden | None = None


NOTHING = Verschil()


@dataclass(frozen=True, slots=True)
class Rij:
    """One cell, with its differences.

    Attributes:
        region: the region.
        naam: its name in the indeling.
        onderwerp: indicator and theme.
        field: title, type and unit of the indicator.
        peilmoment: the day, or the first day of a half-year.
        indeling: in which the code is meant.
        waarde: the number; None when the status has none.
        status: what the cell says.
        ondergrens: lowest possible true value.
        bovengrens: highest possible true value.
        voorlopig: provisional according to the source.
        bron: id of the source; empty when there is no cell.
        reden: why there is no cell; None when there is one.
        tijd: difference with the first moment.
        regio: difference with the first region.
    """

    region: Region
    naam: str
    onderwerp: Onderwerp
    field: Field
    peilmoment: date
    indeling: int
    waarde: float | None
    status: Status
    ondergrens: float | None
    bovengrens: float | None
    voorlopig: bool = False
    bron: str = ""
    reden: Reden | None = None
    tijd: Verschil = NOTHING
    regio: Verschil = NOTHING


@dataclass(frozen=True, slots=True)
class Vergelijking:
    """An answer.

    Attributes:
        vraag: the question, in the form in which it is asked again.
        snapshot: id of the snapshot that it comes from.
        regions: the regions, in the order of the question.
        onderwerpen: the indicators, each with the field that describes it.
        rijen: a row per region, indicator and moment, in that order.
        sources: sources of figures and shapes.
    """

    vraag: Vraag
    snapshot: str
    regions: tuple[Region, ...]
    onderwerpen: Mapping[Onderwerp, Field]
    rijen: tuple[Rij, ...]
    sources: tuple[Source, ...]

    @property
    def meldingen(self) -> list[tuple[str, str]]:
        """What must stand beside the figures: Dutch and English."""
        pairs = [(source.melding, source.notice_en) for source in self.sources if source.melding]
        return list(dict.fromkeys(pairs))


def compare(snapshot: Snapshot, vraag: Vraag) -> Vergelijking:
    """Compare regions.

    A code that an indeling does not have, and a moment that a theme does not have, keep their rows,
    without number. Every difference is against the earliest moment of the same region, and against
    the first region at the same moment.

    Raises:
        QuestionError: an input is empty, too long, or holds what the snapshot does not have.
    """
    offer = offer_of(snapshot)
    vraag = _checked(vraag, offer)
    regions = read_regions(snapshot, vraag.codes, CODES)
    collections = _collections(offer, regions, vraag)
    cells = _read_cells(snapshot, collections, vraag)
    rows = [
        _row(region, (onderwerp, offer.onderwerpen[onderwerp]), (day, vraag.indeling), cells)
        for region in regions
        for onderwerp in vraag.indicatoren
        for day in vraag.peilmomenten
    ]
    rows = _with_differences(rows, vraag, read_areas(snapshot))
    sources = {name: None for entry in collections for name in entry.bronnen}
    return Vergelijking(
        vraag,
        snapshot.id,
        tuple(regions),
        {onderwerp: offer.onderwerpen[onderwerp] for onderwerp in vraag.indicatoren},
        tuple(rows),
        tuple(snapshot.contents.source(name) for name in sources),
    )


def _checked(vraag: Vraag, offer: Offer) -> Vraag:
    """Return the question in its own form: nothing twice, moments ascending."""
    codes = tuple(dict.fromkeys(vraag.codes))
    indicatoren = tuple(dict.fromkeys(vraag.indicatoren))
    days = tuple(sorted(set(vraag.peilmomenten)))
    limits = (
        (CODES, codes, MAX_CODES),
        (INDICATOREN, indicatoren, MAX_INDICATOREN),
        (PEILMOMENTEN, days, MAX_PEILMOMENTEN),
    )
    for name, given, most in limits:
        if not 1 <= len(given) <= most:
            message = f"give 1 to {most}; there are {len(given)}"
            raise QuestionError(name, message)
    if len(codes) * len(indicatoren) * len(days) > MAX_CELLS:
        message = (
            f"{len(codes)} codes, {len(indicatoren)} indicators and {len(days)} moments are more "
            f"than {MAX_CELLS} cells: ask for fewer"
        )
        raise QuestionError(CODES, message)
    known = map(str, offer.onderwerpen)
    refuse_unknown(INDICATOREN, map(str, indicatoren), known, "indicator")
    refuse_unknown(PEILMOMENTEN, map(str, days), offer.days, "moment")
    if vraag.indeling is not None:
        years = map(str, offer.indelingen)
        refuse_unknown(INDELING, [str(vraag.indeling)], years, "series in one indeling")
    return Vraag(codes, indicatoren, days, vraag.indeling)


def _collections(offer: Offer, regions: Sequence[Region], vraag: Vraag) -> list[Collection]:
    """Return the collections in which the cells stand; each has rows of one theme and level."""
    found = {}
    for thema in dict.fromkeys(onderwerp.thema for onderwerp in vraag.indicatoren):
        for niveau in dict.fromkeys(region.niveau for region in regions):
            collection = offer.collection(thema, niveau, vraag.indeling)
            if collection is not None:
                found[collection.id] = collection
    if not found:
        message = f"there are no figures of these themes in indeling {vraag.indeling}"
        raise QuestionError(INDELING, message)
    return list(found.values())


type _Key = tuple[str, str, str]


def _read_cells(
    snapshot: Snapshot, collections: Sequence[Collection], vraag: Vraag
) -> dict[_Key, dict[str, Any]]:
    """Return the rows of the collections by theme, code and day (ISO)."""
    found = {}
    for collection in collections:
        names = ["regioCode", "regioNaam", "indeling", "peilmoment", "voorlopig", "bron"]
        asked = [entry.indicator for entry in vraag.indicatoren if entry.thema == collection.thema]
        for indicator in asked:
            names += [f"{indicator}{suffix}" for suffix in ("", "Status", "Min", "Max")]
        table = snapshot.features(collection)
        chosen = pc.and_(
            _among(table["regioCode"], vraag.codes),
            _among(table["peilmoment"], [day.isoformat() for day in vraag.peilmomenten]),
        )
        for row in table.select(names).filter(chosen).to_pylist():
            found[collection.thema, row["regioCode"], row["peilmoment"]] = row
    return found


def _among(column: pa.ChunkedArray, texts: Sequence[str]) -> pa.ChunkedArray:
    return pc.is_in(column.cast(pa.string()), pa.array(texts, pa.string()))


def _row(
    region: Region,
    subject: tuple[Onderwerp, Field],
    when: tuple[date, Indeling | None],
    cells: Mapping[_Key, dict[str, Any]],
) -> Rij:
    onderwerp, described = subject
    day, fixed = when
    indeling = fixed or Indeling(day.year)
    cell = cells.get((onderwerp.thema, region.code, day.isoformat()))
    if cell is None:
        exists = indeling in region.namen
        return Rij(
            region, region.namen.get(indeling, region.naam), onderwerp, described, day, indeling,
            None, Status.ONTBREEKT_IN_BRON if exists else Status.NIET_VAN_TOEPASSING, None, None,
            reden=None if exists else Reden.CODE_BESTAAT_NIET,
        )  # fmt: skip
    name = onderwerp.indicator
    return Rij(
        region, cell["regioNaam"], onderwerp, described, day, cell["indeling"],
        cell[name], Status(cell[f"{name}Status"]), cell[f"{name}Min"], cell[f"{name}Max"],
        cell["voorlopig"], cell["bron"],
    )  # fmt: skip


def _with_differences(rows: Sequence[Rij], vraag: Vraag, areas: Areas) -> list[Rij]:
    days, per_region = len(vraag.peilmomenten), len(vraag.peilmomenten) * len(vraag.indicatoren)
    over_time = _against(
        rows, [place - place % days for place in range(len(rows))], _reden_over_time(areas)
    )
    between = _against(rows, [place % per_region for place in range(len(rows))], _reden_between)
    return [
        Rij(**{name: getattr(row, name) for name in _CELL}, tijd=tijd, regio=regio)
        for row, tijd, regio in zip(rows, over_time, between, strict=True)
    ]


_CELL = tuple(name for name in Rij.__slots__ if name not in {"tijd", "regio"})


def _against(
    rows: Sequence[Rij], places: Sequence[int], refuse: Callable[[Rij, Rij], Reden | None]
) -> Iterator[Verschil]:
    """Give the difference of every row with the one at its place; nothing for that one itself."""
    found = _columns(difference(_cells(rows), _cells([rows[place] for place in places]), step=STEP))
    for number, (row, place) in enumerate(zip(rows, places, strict=True)):
        if number == place:
            yield NOTHING
        elif reden := refuse(row, rows[place]):
            yield Verschil(status=Status.NIET_VAN_TOEPASSING, reden=reden)
        else:
            yield found[number]


def _cells(rows: Sequence[Rij]) -> Cells:
    return Cells(
        pa.array([row.waarde for row in rows], pa.float64()),
        pa.array([row.status.value for row in rows], pa.string()),
        pa.array([row.ondergrens for row in rows], pa.float64()),
        pa.array([row.bovengrens for row in rows], pa.float64()),
    )


def _columns(cells: Cells) -> list[Verschil]:
    columns = (cells.waarde, cells.status, cells.ondergrens, cells.bovengrens)
    return [
        Verschil(value, Status(status), low, high)
        for value, status, low, high in zip(*(c.to_pylist() for c in columns), strict=True)
    ]


def _reden_over_time(areas: Areas) -> Callable[[Rij, Rij], Reden | None]:
    known: dict[tuple[str, int, int], bool] = {}

    def reden(row: Rij, first: Rij) -> Reden | None:
        if row.reden or first.reden:
            return row.reden or first.reden
        key = (row.region.code, first.indeling, row.indeling)
        if key not in known:
            known[key] = areas.changed(*key)
        return Reden.GEBIED_VERANDERD if known[key] else None

    return reden


def _reden_between(row: Rij, first: Rij) -> Reden | None:
    if row.reden or first.reden:
        return row.reden or first.reden
    counts = row.field.type == "integer"
    return Reden.ANDER_NIVEAU if counts and row.region.niveau != first.region.niveau else None
