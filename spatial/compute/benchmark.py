"""Where a gemeente stands: its place among all, beside similar ones, its regions and the land."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from spatial.analyse.benchmark import Ranks, rank
from spatial.compute.offer import Offer, Onderwerp, offer_of, refuse_unknown
from spatial.domain.regions import LAND_CODE, Indeling, Niveau
from spatial.domain.sources import Source
from spatial.domain.status import Status
from spatial.errors import QuestionError
from spatial.store.catalogue import Collection, Field
from spatial.store.snapshot import Snapshot

SIMILAR = f"vergelijkbaar-{Niveau.GEMEENTE}"
REGIO, INDICATOR, PEILMOMENT, INDELING = "regio", "indicator", "peilmoment", "indeling"
"""The inputs, by the names under which errors know them."""
_SUFFIXES = ("", "Status", "Min", "Max")


@dataclass(frozen=True, slots=True)
class Vraag:
    """What is asked.

    Attributes:
        regio: gemeentecode.
        onderwerp: indicator with its theme.
        peilmoment: the day, or the first day of a half-year.
        indeling: of a series in one indeling; None: the indeling of the day itself.
    """

    regio: str
    onderwerp: Onderwerp
    peilmoment: date
    indeling: Indeling | None = None


@dataclass(frozen=True, slots=True)
class Rang:
    """A place among the ranked gemeenten; 1 is the highest value.

    Attributes:
        eerste: first place that the bounds of all values allow.
        laatste: last place.
        percentiel_min: per cent of the others that is certainly lower; None when there are none.
        percentiel_max: per cent that may be lower.
    """

    eerste: int
    laatste: int
    percentiel_min: float | None
    percentiel_max: float | None


@dataclass(frozen=True, slots=True)
class Stand:
    """The figure of one region, with its place when it is a gemeente that has one.

    Attributes:
        code: region code.
        naam: its name in the indeling.
        niveau: its level.
        waarde: the number; None when the status has none.
        status: what the cell says.
        ondergrens: lowest possible true value.
        bovengrens: highest possible true value.
        rang: place among the gemeenten; None without a figure, and for other levels.
        afstand: of a similar gemeente: how far, in standard deviations.
    """

    code: str
    naam: str
    niveau: Niveau
    waarde: float | None
    status: Status
    ondergrens: float | None
    bovengrens: float | None
    rang: Rang | None = None
    afstand: float | None = None


@dataclass(frozen=True, slots=True)
class Benchmark:
    """An answer.

    Attributes:
        vraag: the question.
        snapshot: id of the snapshot that it comes from.
        field: title, type and unit of the indicator.
        indeling: in which the gemeenten are ranked.
        eigen: the gemeente itself.
        van: how many gemeenten have a figure, and so a place.
        gemeenten: how many there are.
        regios: its regions and the land, from small to large.
        vergelijkbaar: similar gemeenten, nearest first.
        kenmerken: in what they are similar; empty without them.
        reden: why there are none; empty when there are.
        sources: sources of figures and shapes.
    """

    vraag: Vraag
    snapshot: str
    field: Field
    indeling: int
    eigen: Stand
    van: int
    gemeenten: int
    regios: tuple[Stand, ...]
    vergelijkbaar: tuple[Stand, ...]
    kenmerken: str
    reden: str
    sources: tuple[Source, ...]


def benchmark(snapshot: Snapshot, vraag: Vraag) -> Benchmark:
    """Rank a gemeente among all gemeenten of an indeling, and set others beside it.

    Raises:
        QuestionError: the region, indicator, day or indeling is not in the snapshot.
    """
    offer = offer_of(snapshot)
    _check(vraag, offer)
    collection = _collection(offer, vraag, Niveau.GEMEENTE)
    rows = _rows(snapshot, collection, vraag)
    codes = [row["regioCode"] for row in rows]
    if vraag.regio not in codes:
        message = (
            f"no gemeente {vraag.regio!r} on {vraag.peilmoment} in this indeling; "
            f"see collection grenzen-{Niveau.GEMEENTE}"
        )
        raise QuestionError(REGIO, message)
    ranks = _ranks(rows, vraag.onderwerp.indicator)
    places = {code: place for place, code in enumerate(codes)}
    stands = [_stand(row, vraag, _rang(ranks, place)) for place, row in enumerate(rows)]
    indeling = rows[places[vraag.regio]]["indeling"]
    said = _similar(snapshot, vraag.regio, indeling)
    return Benchmark(
        vraag=vraag,
        snapshot=snapshot.id,
        field=offer.onderwerpen[vraag.onderwerp],
        indeling=indeling,
        eigen=stands[places[vraag.regio]],
        van=ranks.van,
        gemeenten=len(rows),
        regios=_regions(snapshot, offer, vraag, indeling),
        vergelijkbaar=tuple(
            _at_distance(stands[places[code]], apart) for code, apart in said.neighbours
        ),
        kenmerken=said.kenmerken,
        reden=said.reden,
        sources=tuple(snapshot.contents.source(name) for name in collection.bronnen),
    )


def _check(vraag: Vraag, offer: Offer) -> None:
    known = map(str, offer.onderwerpen)
    refuse_unknown(INDICATOR, [str(vraag.onderwerp)], known, "indicator")
    days = offer.peilmomenten[vraag.onderwerp.thema]
    refuse_unknown(PEILMOMENT, [vraag.peilmoment.isoformat()], days, "moment")
    if vraag.indeling is not None:
        years = map(str, offer.indelingen)
        refuse_unknown(INDELING, [str(vraag.indeling)], years, "series in one indeling")


def _collection(offer: Offer, vraag: Vraag, niveau: Niveau) -> Collection:
    found = offer.collection(vraag.onderwerp.thema, niveau, vraag.indeling)
    if found is None:
        message = (
            f"there are no figures of {vraag.onderwerp.thema} for {niveau} in {vraag.indeling}"
        )
        raise QuestionError(INDELING, message)
    return found


def _rows(
    snapshot: Snapshot, collection: Collection, vraag: Vraag, codes: Sequence[str] | None = None
) -> list[dict[str, Any]]:
    """Return the rows of the day, of some codes or of all, by code."""
    names = [f"{vraag.onderwerp.indicator}{suffix}" for suffix in _SUFFIXES]
    table = snapshot.features(collection)
    chosen = _among(table["peilmoment"], [vraag.peilmoment.isoformat()])
    if codes is not None:
        chosen = pc.and_(chosen, _among(table["regioCode"], codes))
    columns = ["regioCode", "regioNaam", "indeling", *names]
    found: list[dict[str, Any]] = table.select(columns).filter(chosen).to_pylist()
    return sorted(found, key=lambda row: row["regioCode"])


def _among(column: pa.ChunkedArray, texts: Sequence[str]) -> pa.ChunkedArray:
    return pc.is_in(column.cast(pa.string()), pa.array(texts, pa.string()))


def _ranks(rows: Sequence[Mapping[str, Any]], indicator: str) -> Ranks:
    low, high = (
        np.array([row[f"{indicator}{end}"] for row in rows], dtype=float) for end in ("Min", "Max")
    )
    return rank(low, high)


def _rang(ranks: Ranks, place: int) -> Rang | None:
    if not ranks.eerste[place]:
        return None
    under, over = (
        None if np.isnan(values[place]) else float(values[place])
        for values in (ranks.percentiel_min, ranks.percentiel_max)
    )
    return Rang(int(ranks.eerste[place]), int(ranks.laatste[place]), under, over)


def _stand(
    row: Mapping[str, Any], vraag: Vraag, rang: Rang | None, niveau: Niveau = Niveau.GEMEENTE
) -> Stand:
    value, status, low, high = (row[f"{vraag.onderwerp.indicator}{end}"] for end in _SUFFIXES)
    return Stand(row["regioCode"], row["regioNaam"], niveau, value, Status(status), low, high, rang)


def _at_distance(stand: Stand, apart: float) -> Stand:
    values = {name: getattr(stand, name) for name in Stand.__slots__}
    return Stand(**{**values, "afstand": apart})


def _regions(snapshot: Snapshot, offer: Offer, vraag: Vraag, indeling: int) -> tuple[Stand, ...]:
    """Return the figures of the regions that the gemeente lies in, and of the land."""
    codes = [
        region
        for (region, year), members in snapshot.memberships.members.items()
        if year == indeling and vraag.regio in members
    ]
    found = []
    for niveau in reversed(Niveau):
        collection = offer.collection(vraag.onderwerp.thema, niveau, vraag.indeling)
        if niveau is not Niveau.GEMEENTE and collection is not None:
            rows = _rows(snapshot, collection, vraag, [*codes, LAND_CODE])
            found += [_stand(row, vraag, None, niveau) for row in rows]
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Similar:
    """Similar gemeenten with their distance, in what they are, or why there are none."""

    neighbours: tuple[tuple[str, float], ...]
    kenmerken: str
    reden: str


def _similar(snapshot: Snapshot, code: str, indeling: int) -> _Similar:
    table = snapshot.features(snapshot.contents.get(SIMILAR))
    chosen = pc.and_(_among(table["regioCode"], [code]), pc.equal(table["indeling"], indeling))
    rows = table.select(["vergelijkbaar", "kenmerken", "reden"]).filter(chosen).to_pylist()
    if not rows:
        return _Similar((), "", f"geen gemeente {code} in indeling {indeling}")
    return _Similar(
        neighbours_of(rows[0]["vergelijkbaar"]), rows[0]["kenmerken"] or "", rows[0]["reden"] or ""
    )


def neighbours_of(text: str | None) -> tuple[tuple[str, float], ...]:
    """Read similar gemeenten as the build writes them.

    >>> neighbours_of("GM0344 0.42; GM0599 0.57")
    (('GM0344', 0.42), ('GM0599', 0.57))
    """
    pairs = (entry.split(" ") for entry in text.split("; ")) if text else ()
    return tuple((code, float(apart)) for code, apart in pairs)
