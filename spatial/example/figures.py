"""Example figures in the form of CBS table 85980NED: made by the computer, published as such.

True counts are made per piece of the country (``truth``), added up per region and then rounded one
by one, as CBS does: parts need not add up to their total, and small counts are not given.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa

from spatial.domain.facts import Facts
from spatial.domain.indicators import FIRST_PERIOD, GROEPEN, Catalogue, Indicator, Soort
from spatial.domain.members import Dimensie, Members
from spatial.domain.regions import LAND_CODE, LAND_NAAM, Indeling
from spatial.domain.sources import Source, SourceStatus
from spatial.domain.statline import (
    ATTRIBUTE_IMPOSSIBLE,
    ATTRIBUTE_NONE,
    ATTRIBUTE_NOT_GIVEN,
    CODES,
    GROEP,
    KENMERK,
    MEASURE,
    OBSERVATIONS_SET,
    PERIODE,
    REGIO,
    TABLE_ID,
)
from spatial.errors import RegisterError, UnknownMemberError
from spatial.example.atoms import Atoms, Counts, trace
from spatial.example.regions import Regions, regions_of
from spatial.example.truth import Cell, cells_of, true_counts

EXAMPLE_SOURCE = Source(
    TABLE_ID,
    "Aandachtsgroepen volkshuisvesting (voorbeeldcijfers in de vorm van CBS-tabel 85980NED)",
    SourceStatus.VOORBEELDCIJFERS,
    "EUPL-1.2",
)
EXAMPLE_YEARS = range(2018, 2024)
"""Years of the example: 1 January and 31 December of each; the last one is provisional."""

_BASE = 5
_SMALLEST = 10
_JANUARY = (1, 1)
_DECEMBER = (12, 31)
_ATTRIBUTES = (ATTRIBUTE_NONE, ATTRIBUTE_NOT_GIVEN, ATTRIBUTE_IMPOSSIBLE)
_GIVEN, _NOT_GIVEN, _IMPOSSIBLE = range(3)


@dataclass(frozen=True, slots=True)
class _Block:
    """All regions of one cell of one group on one day, as they are published."""

    groep: str
    entry: Indicator
    day: date
    regions: tuple[str, ...]
    values: Counts
    attributes: Counts


def example_statline(
    facts: Facts,
    codes: Mapping[Indeling, frozenset[str]],
    members: Members,
    catalogue: Catalogue,
    *,
    years: Sequence[int] = EXAMPLE_YEARS,
) -> dict[str, pa.Table]:
    """Make the example table, the same to the byte for the same facts in any order.

    Args:
        facts: register, memberships, inhabitants and gazetteer.
        codes: gemeentecodes of every indeling.
        members: titles of groups, kenmerken and measures.
        catalogue: its counts of source 85980NED are the cells that are made.
        years: years with a 1 January and a 31 December, ascending.

    Returns:
        Entity set to table, see ``spatial.domain.statline``: levels land, provincie, COROP and
        gemeente, each day in the indeling of its year. Counts are rounded to five; 1 to 9 is '.';
        0 is 0; what cannot occur is Impossible. Flows only on 31 December. Groups begin on the first
        day that the source has them.

    Raises:
        RegisterError: see ``trace``; or a gemeente lacks a region or a name.
        UnknownMemberError: the catalogue has a cell that the example does not make, or a member
            without a title.
    """
    entries = [
        entry for entry in catalogue.indicators if entry.soort.is_count and entry.bron == TABLE_ID
    ]
    days = [date(year, *day) for year in years for day in (_JANUARY, _DECEMBER)]
    atoms = trace(facts, codes, years)
    blocks = list(_blocks(atoms, days, entries, regions_of(facts, atoms, years)))
    tables = {
        CODES[GROEP]: _titles("G", [thema.value for thema in GROEPEN], members, Dimensie.GROEP),
        CODES[KENMERK]: _titles(
            "K", [entry.kenmerk for entry in entries], members, Dimensie.KENMERK
        ),
        CODES[MEASURE]: _titles("M", [entry.maat for entry in entries], members, Dimensie.MAAT),
        CODES[PERIODE]: _period_codes(days),
        CODES[REGIO]: _region_codes(facts, {code for block in blocks for code in block.regions}),
    }
    return {OBSERVATIONS_SET: _observations(blocks), **tables}


def _blocks(
    atoms: Atoms,
    days: Sequence[date],
    entries: Sequence[Indicator],
    regions: Mapping[Indeling, Regions],
) -> Iterator[_Block]:
    """Give the published figures of one cell on one day after another."""
    counts = true_counts(atoms, days)
    unmade = {(entry.kenmerk, entry.maat) for entry in entries} - cells_of(counts)
    if unmade:
        message = (
            f"the example makes no figures for {sorted(unmade)}; add them to spatial/example/truth"
        )
        raise UnknownMemberError(message)
    for thema in GROEPEN:
        for entry in entries:
            for number, day in enumerate(days):
                flow_in_winter = entry.soort is Soort.STROOM and (day.month, day.day) != _DECEMBER
                if day < FIRST_PERIOD[thema] or flow_in_winter:
                    continue
                there = regions[Indeling(day.year)]
                cell: Cell = (entry.kenmerk, entry.maat)
                values, attributes = _published(counts[thema][cell], number, there)
                yield _Block(thema.value, entry, day, there.codes, values, attributes)


def _published(counts: Counts | None, number: int, regions: Regions) -> tuple[Counts, Counts]:
    """Round each region on its own and withhold small counts."""
    if counts is None:
        nothing = np.zeros(len(regions.codes), dtype=np.int64)
        return nothing, np.full_like(nothing, _IMPOSSIBLE)
    totals = regions.total(counts[:, number])
    small = (totals > 0) & (totals < _SMALLEST)
    return (totals + _BASE // 2) // _BASE * _BASE, np.where(small, _NOT_GIVEN, _GIVEN)


def _observations(blocks: Sequence[_Block]) -> pa.Table:
    lengths = [len(block.regions) for block in blocks]
    attributes = np.concatenate([block.attributes for block in blocks])
    values = np.concatenate([block.values for block in blocks]).astype(np.float64)
    regions = np.concatenate([block.regions for block in blocks])
    kenmerken = list(dict.fromkeys(block.entry.kenmerk for block in blocks))
    maten = list(dict.fromkeys(block.entry.maat for block in blocks))
    groepen = [thema.value for thema in GROEPEN]
    return pa.table(
        {
            "Id": np.arange(len(values)),
            MEASURE: _repeated(
                [_key("M", maten.index(block.entry.maat)) for block in blocks], lengths
            ),
            "ValueAttribute": pa.array(_ATTRIBUTES).take(pa.array(attributes)),
            "Value": pa.array(values, mask=attributes != _GIVEN),
            GROEP: _repeated([_key("G", groepen.index(block.groep)) for block in blocks], lengths),
            KENMERK: _repeated(
                [_key("K", kenmerken.index(block.entry.kenmerk)) for block in blocks], lengths
            ),
            REGIO: pa.array(regions, pa.string()).dictionary_encode(),
            PERIODE: _repeated([f"{block.day:%Y%m%d}" for block in blocks], lengths),
        }
    )


def _repeated(keys: Sequence[str], lengths: Sequence[int]) -> pa.DictionaryArray:
    """Return every key as often as its block has rows."""
    encoded = pa.array(keys, pa.string()).dictionary_encode()
    return pa.DictionaryArray.from_arrays(
        pa.array(np.repeat(encoded.indices.to_numpy(), lengths)), encoded.dictionary
    )


def _key(letter: str, number: int) -> str:
    return f"{letter}{number:05d}"


def _titles(letter: str, ids: Sequence[str], members: Members, dimensie: Dimensie) -> pa.Table:
    unique = list(dict.fromkeys(ids))
    return pa.table(
        {
            "Identifier": [_key(letter, number) for number in range(len(unique))],
            "Title": [members.get(dimensie, member_id).titel for member_id in unique],
        }
    )


def _period_codes(days: Sequence[date]) -> pa.Table:
    months = {_JANUARY: "januari", _DECEMBER: "december"}
    newest = max(day.year for day in days)
    return pa.table(
        {
            "Identifier": [f"{day:%Y%m%d}" for day in days],
            "Title": [f"{day.year} {months[day.month, day.day]}" for day in days],
            "Status": ["Voorlopig" if day.year == newest else "Definitief" for day in days],
        }
    )


def _region_codes(facts: Facts, codes: set[str]) -> pa.Table:
    names = {entry.code: entry.naam for entry in facts.gazetteer}
    names |= {row.code: row.naam for row in facts.memberships} | {LAND_CODE: LAND_NAAM}
    if lacking := codes - set(names):
        message = f"the gazetteer has no name for {sorted(lacking)[:5]}"
        raise RegisterError(message)
    ordered = sorted(codes)
    return pa.table({"Identifier": ordered, "Title": [names[code] for code in ordered]})
