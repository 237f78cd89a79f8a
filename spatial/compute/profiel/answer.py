"""The profile of one gemeente or region, put together from a snapshot."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache

import numpy as np
import pyarrow as pa

from spatial.compute.benchmark import SIMILAR, Rang, neighbours_of
from spatial.compute.profiel.gids import Gids, regions_around
from spatial.compute.profiel.reeksen import (
    Cel,
    Changed,
    Moment,
    Reeks,
    cell_of,
    read_cells,
    read_reeksen,
)
from spatial.domain.aspects import Aspect
from spatial.domain.indicators import GROEPEN, Thema, load_catalogue
from spatial.domain.redivisions import Redivision
from spatial.domain.regions import Indeling, Niveau, niveau_of
from spatial.domain.sections import Section
from spatial.domain.sources import Source
from spatial.domain.verdeling import indicator_id, load_scheme
from spatial.errors import QuestionError
from spatial.store.answers import read_properties, rows_with
from spatial.store.catalogue import RECODED, Collection, Contents, Field, Kind
from spatial.store.snapshot import Snapshot

CODE, INDELING = "code", "indeling"
"""The inputs, by the names under which errors know them."""
_BESIDE = (Niveau.COROP, Niveau.PROVINCIE, Niveau.LAND)
_RANK_ENDS = ("RangMin", "RangMax", "RangVan", "PercentielMin", "PercentielMax")


@dataclass(frozen=True, slots=True)
class Vraag:
    """What is asked.

    Attributes:
        code: region code of any level, also of before.
        indeling: the one indeling of all moments; None: each moment in its own.
    """

    code: str
    indeling: Indeling | None = None


@dataclass(frozen=True, slots=True)
class Deel:
    """A heading with the series below it."""

    section: Section
    reeksen: tuple[Reeks, ...]


@dataclass(frozen=True, slots=True)
class Blok:
    """A theme.

    Attributes:
        thema: the theme.
        collection: where its figures are.
        momenten: its moments, oldest first.
        delen: its headings.
        rangindeling: indeling in which the gemeenten were ranked; None when they were not.
    """

    thema: Thema
    collection: Collection
    momenten: tuple[Moment, ...]
    delen: tuple[Deel, ...]
    rangindeling: int | None = None

    @property
    def reeksen(self) -> dict[str, Reeks]:
        """All series by indicator."""
        return {reeks.indicator.id: reeks for deel in self.delen for reeks in deel.reeksen}


@dataclass(frozen=True, slots=True)
class Gelijke:
    """A similar gemeente.

    Attributes:
        code: its code.
        naam: its name.
        afstand: how far, in standard deviations; 0 for the gemeente itself.
        cellen: by (theme, indicator) its figure at the newest moment.
    """

    code: str
    naam: str
    afstand: float
    cellen: Mapping[tuple[Thema, str], Cel]


@dataclass(frozen=True, slots=True)
class Gelijken:
    """The gemeenten most like this one.

    Attributes:
        indeling: in which they were compared.
        kenmerken: in what.
        reden: why there are none; empty when there are.
        velden: the figures that stand beside each other, with their day.
        gemeenten: this one first, then the nearest.
    """

    indeling: int
    kenmerken: str
    reden: str
    velden: Mapping[tuple[Thema, str], tuple[Field, date]]
    gemeenten: tuple[Gelijke, ...]


@dataclass(frozen=True, slots=True)
class Profiel:
    """An answer.

    Attributes:
        vraag: the question.
        snapshot: id of the snapshot that it comes from.
        naam: the newest name that fits the question.
        niveau: its level.
        jaar: the indeling in which members and larger regions are told; None when none has the code.
        bestaat: the newest indeling has the code.
        in_indeling: the indeling that was asked for has it.
        ligt_in: larger regions with all of it, the smallest first, the land last.
        naast: those whose figures stand beside, in the order of ``Reeks.naast``.
        leden: its gemeenten, of a region.
        gebeurtenissen: what happened to it, oldest first.
        vandaag: the codes that it is today, itself when it still exists.
        blokken: its figures by theme.
        gelijken: similar gemeenten; None of another level, or without any.
        indelingen: for which there are series in one indeling.
        sources: of figures and shapes.
    """

    vraag: Vraag
    snapshot: str
    naam: str
    niveau: Niveau
    jaar: int | None
    bestaat: bool
    in_indeling: bool
    ligt_in: tuple[str, ...]
    naast: tuple[str, ...]
    leden: tuple[str, ...]
    gebeurtenissen: tuple[Redivision, ...]
    vandaag: tuple[str, ...]
    blokken: tuple[Blok, ...]
    gelijken: Gelijken | None
    indelingen: tuple[int, ...]
    sources: tuple[Source, ...]

    @property
    def meldingen(self) -> list[tuple[str, str]]:
        """What must stand beside the figures: Dutch and English."""
        pairs = [(source.melding, source.notice_en) for source in self.sources if source.melding]
        return list(dict.fromkeys(pairs))


def profiel(snapshot: Snapshot, gids: Gids, vraag: Vraag) -> Profiel:
    """Return all that a snapshot has of one region.

    A code of before has the years that it existed; a code that the asked indeling does not have, or
    that ended before the first indeling, has no figures but says what became of it.

    Raises:
        QuestionError: nothing has the code, or there are no series in the indeling.
    """
    held = {entry.id: entry for entry in snapshot.contents.collections}
    offered = indelingen_of(snapshot.contents)
    _check(vraag, gids, offered)
    code, niveau = vraag.code, niveau_of(vraag.code)
    loaded = gids.loaded(code)
    there = vraag.indeling is None or vraag.indeling in loaded
    jaar = (vraag.indeling if there else None) or max(loaded, default=None)
    around = regions_around(gids, code, jaar) if jaar else ()
    beside = tuple(one for one in around if niveau_of(one) in _BESIDE)
    # the same few pairs of indelingen, for every indicator
    changed = cache(gids.areas.changed)
    blokken = tuple(_blokken(snapshot, held, changed, vraag)) if there else ()
    blokken = tuple(_beside(snapshot, held, vraag, blok, beside) for blok in blokken)
    if niveau is Niveau.GEMEENTE:
        blokken = tuple(_ranked(snapshot, held, changed, vraag, blok) for blok in blokken)
    own = held.values() if not blokken else [blok.collection for blok in blokken]
    sources = {name: None for entry in own for name in entry.bronnen}
    return Profiel(
        vraag=vraag,
        snapshot=snapshot.id,
        naam=gids.name(code, jaar),
        niveau=niveau,
        jaar=jaar,
        bestaat=gids.exists(code),
        in_indeling=there,
        ligt_in=around,
        naast=beside,
        leden=gids.members.of(code, jaar) if jaar and niveau is not Niveau.GEMEENTE else (),
        gebeurtenissen=tuple(gids.events_of(code)),
        vandaag=gids.today(code),
        blokken=blokken,
        gelijken=_alike(snapshot, held, blokken, vraag, jaar) if there and jaar else None,
        indelingen=offered,
        sources=tuple(snapshot.contents.source(name) for name in sources),
    )


def _check(vraag: Vraag, gids: Gids, offered: Sequence[int]) -> None:
    if vraag.code not in gids.regions:
        message = f"there is no region {vraag.code!r}, today or before"
        raise QuestionError(CODE, message)
    if vraag.indeling is not None and vraag.indeling not in offered:
        years = ", ".join(map(str, offered)) or "none"
        message = f"there are no series in indeling {vraag.indeling}; there are for {years}"
        raise QuestionError(INDELING, message)


def indelingen_of(contents: Contents) -> tuple[int, ...]:
    """Return the indelingen for which there are series, ascending."""
    found = {
        entry.indelingen[0]
        for entry in contents.collections
        if entry.kind is Kind.INDICATOREN
        and RECODED in entry.id
        and entry.basis == f"{entry.thema}-{entry.niveau}"
    }
    return tuple(sorted(found))


def _collection_id(thema: str, niveau: Niveau, vraag: Vraag, aspect: Aspect | None = None) -> str:
    parts = [thema, *([aspect] if aspect else []), niveau]
    return "-".join(parts) + (f"{RECODED}{vraag.indeling}" if vraag.indeling else "")


def _blokken(
    snapshot: Snapshot, held: Mapping[str, Collection], changed: Changed, vraag: Vraag
) -> Iterator[Blok]:
    for thema in Thema:
        collection = held.get(_collection_id(thema, niveau_of(vraag.code), vraag))
        if collection is None:
            continue
        reading = read_reeksen(snapshot, collection, vraag.code, changed)
        if reading is not None and reading.reeksen:
            delen = tuple(_delen(thema, reading.reeksen))
            yield Blok(thema, collection, reading.momenten, delen)


def _delen(thema: Thema, reeksen: Sequence[Reeks]) -> Iterator[Deel]:
    """Put series below their headings; those without one stand below the name of the theme."""
    found = {reeks.indicator.id: reeks for reeks in reeksen}
    sections = _by_group() if thema is Thema.EERLIJKE_VERDELING else load_catalogue().sections
    for section in sections:
        own = tuple(found.pop(name) for name in section.indicatoren if name in found)
        if own:
            yield Deel(section, own)
    if found:
        rest = Section(thema.titel, thema.title_en, "", "", tuple(found))
        yield Deel(rest, tuple(found.values()))


def _by_group() -> Iterator[Section]:
    scheme = load_scheme()
    for groep in GROEPEN:
        ids = (indicator_id(groep, key, maat) for key in scheme.published for maat in scheme.maten)
        yield Section(groep.titel, groep.title_en, "", "", tuple(ids))


def _beside(
    snapshot: Snapshot,
    held: Mapping[str, Collection],
    vraag: Vraag,
    blok: Blok,
    codes: Sequence[str],
) -> Blok:
    """Set the figures of larger regions beside those of a theme, each at its newest moment."""
    wanted = {name: blok.momenten[reeks.laatste].dag for name, reeks in blok.reeksen.items()}
    found = []
    for code in codes:
        collection = held.get(_collection_id(blok.thema, niveau_of(code), vraag))
        cells = {} if collection is None else read_cells(snapshot, collection, code, wanted)
        found.append(cells)
    return _with_each(
        blok,
        lambda reeks: replace(reeks, naast=tuple(cells.get(reeks.indicator.id) for cells in found)),
    )


def _with_each(blok: Blok, change: Callable[[Reeks], Reeks]) -> Blok:
    delen = tuple(
        replace(deel, reeksen=tuple(change(reeks) for reeks in deel.reeksen)) for deel in blok.delen
    )
    return replace(blok, delen=delen)


def _ranking(held: Mapping[str, Collection], thema: Thema, vraag: Vraag) -> Collection | None:
    """Return the collection of places of a theme: in the asked indeling, else in the newest."""
    start = f"{thema}-{Aspect.RANG}-{Niveau.GEMEENTE}{RECODED}"
    years = [name.removeprefix(start) for name in held if name.startswith(start)]
    year = str(vraag.indeling or max(years, default=""))
    return held.get(f"{start}{year}")


def _ranked(
    snapshot: Snapshot,
    held: Mapping[str, Collection],
    changed: Changed,
    vraag: Vraag,
    blok: Blok,
) -> Blok:
    """Add the places of a gemeente, as far as its area is that of the indeling of the ranking."""
    collection = _ranking(held, blok.thema, vraag)
    if collection is None:
        return blok
    year = collection.indelingen[0]
    table = snapshot.features(collection)
    rows = read_properties(table, rows_with(table, "regioCode", vraag.code))
    places = {row["peilmoment"]: row for row in rows}

    def ranked(reeks: Reeks) -> Reeks:
        moment = blok.momenten[reeks.laatste]
        row, name = places.get(moment.dag.isoformat()), reeks.indicator.id
        moved = changed(vraag.code, moment.indeling, year)
        if row is None or moved or name not in collection.indicatoren:
            return reeks
        first, last, among, least, most = (row[f"{name}{end}"] for end in _RANK_ENDS)
        if first is None:
            return reeks
        return replace(reeks, rang=Rang(first, last, least, most), van=among)

    return replace(_with_each(blok, ranked), rangindeling=year)


def _alike(
    snapshot: Snapshot,
    held: Mapping[str, Collection],
    blokken: Sequence[Blok],
    vraag: Vraag,
    jaar: int,
) -> Gelijken | None:
    """Return similar gemeenten with the figures that are ranked, beside those of this one."""
    if SIMILAR not in held or niveau_of(vraag.code) is not Niveau.GEMEENTE:
        return None
    table = snapshot.features(held[SIMILAR])
    rows = read_properties(table, rows_with(table, "regioCode", vraag.code))
    found = [row for row in rows if row["indeling"] == jaar]
    if not found:
        return None
    row = found[0]
    near = neighbours_of(row["vergelijkbaar"])
    called = (row["vergelijkbaarNamen"] or "").split("; ")
    people = [(vraag.code, row["regioNaam"], 0.0)]
    people += [(code, name, apart) for (code, apart), name in zip(near, called, strict=False)]
    velden: dict[tuple[Thema, str], tuple[Field, date]] = {}
    cells: dict[str, dict[tuple[Thema, str], Cel]] = {code: {} for code, _, _ in people}
    for blok in blokken if near else ():
        ranking = _ranking(held, blok.thema, vraag)
        # the similar gemeenten of one indeling have no figures in another
        if ranking is not None and ranking.indelingen[0] == jaar:
            _read_alike(snapshot, ranking, blok, (velden, cells))
    return Gelijken(
        indeling=jaar,
        kenmerken=row["kenmerken"] or "",
        reden=row["reden"] or "",
        velden=velden,
        gemeenten=tuple(Gelijke(code, name, apart, cells[code]) for code, name, apart in people),
    )


def _read_alike(
    snapshot: Snapshot,
    ranking: Collection,
    blok: Blok,
    into: tuple[
        dict[tuple[Thema, str], tuple[Field, date]], dict[str, dict[tuple[Thema, str], Cel]]
    ],
) -> None:
    velden, cells = into
    day = max(moment.dag for moment in blok.momenten)
    fields = {field.naam: field for field in ranking.velden}
    table = snapshot.features(ranking)
    here = rows_with(table, "peilmoment", day.isoformat())
    codes = table["regioCode"].take(pa.array(here)).to_pylist()
    for row in read_properties(table, here[np.array([code in cells for code in codes], bool)]):
        for name in ranking.indicatoren:
            velden[blok.thema, name] = (fields[name], day)
            cells[row["regioCode"]][blok.thema, name] = cell_of(row, name)
