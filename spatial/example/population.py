"""Example figures of all households and dwellings, against which the groups are held.

They agree with the example figures of the groups: a group never has more than all of them.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

import numpy as np
import pyarrow as pa

from spatial.domain.facts import Facts
from spatial.domain.indicators import BEVOLKING
from spatial.domain.regions import Indeling, niveau_of
from spatial.domain.sources import Source, SourceStatus
from spatial.domain.status import Status
from spatial.domain.tables import OBSERVATIONS
from spatial.example.atoms import Atoms, Counts, trace
from spatial.example.regions import Regions, regions_of
from spatial.example.truth import Cell

EXAMPLE_POPULATION_SOURCE = Source(
    BEVOLKING,
    "Huishoudens, woonruimten en corporatiewoningen van alle inwoners (voorbeeldcijfers)",
    SourceStatus.VOORBEELDCIJFERS,
    "EUPL-1.2",
)

_SEED = (85_980, 99)
_DAYS = ((1, 1), (12, 31))
_HOUSEHOLDS = (0.41, 0.5)
"""Least and most households per inhabitant."""
_DWELLINGS = 1.01
"""Dwellings per household: some stand empty."""
_HOUSING_ASSOCIATIONS = (0.26, 0.38)
"""Least and most part of the dwellings that housing associations let."""
_SCHEMA = pa.schema(
    [
        (column.name, pa.date32() if column.type.startswith("date32") else column.type)
        for column in OBSERVATIONS.columns
    ]
)


def example_population(
    facts: Facts, codes: Mapping[Indeling, frozenset[str]], *, years: Sequence[int]
) -> pa.Table:
    """Make the figures of all regions, the same to the byte for the same facts in any order.

    Args:
        facts: register, memberships and inhabitants.
        codes: gemeentecodes of every indeling.
        years: years with a 1 January and a 31 December, ascending; the last one is provisional.

    Returns:
        ``OBSERVATIONS`` of groep ``bevolking``: households, dwellings (kenmerk ``totaal``) and
        dwellings of housing associations (kenmerk ``corporatie``) of land, provincie, COROP and
        gemeente, each day in the indeling of its year; not rounded, so both bounds are the count.

    Raises:
        RegisterError: see ``trace``; or a gemeente lacks a region.
    """
    days = [date(year, *day) for year in years for day in _DAYS]
    atoms = trace(facts, codes, years)
    regions = regions_of(facts, atoms, years)
    parts = [
        _observations(cell, day, regions[Indeling(day.year)], counts[:, number])
        for cell, counts in population_counts(atoms, days).items()
        for number, day in enumerate(days)
    ]
    table = pa.concat_tables(parts)
    newest = pa.array(_of_year(table, max(years)))
    table = table.set_column(table.column_names.index("voorlopig"), "voorlopig", newest)
    OBSERVATIONS.check(table, EXAMPLE_POPULATION_SOURCE.id)
    return table


def population_counts(atoms: Atoms, days: Sequence[date]) -> dict[Cell, Counts]:
    """Make the counts per piece of the country (rows) and day (columns)."""
    people = atoms.population(days)
    draws = np.random.Generator(np.random.PCG64(list(_SEED)))
    per_inhabitant, let = (
        draws.uniform(*ends, size=(len(people), 1)) for ends in (_HOUSEHOLDS, _HOUSING_ASSOCIATIONS)
    )
    households = np.ceil(people * per_inhabitant).astype(np.int64)
    dwellings = np.ceil(households * _DWELLINGS).astype(np.int64)
    return {
        ("totaal", "huishoudens"): households,
        ("totaal", "woonruimten"): dwellings,
        ("corporatie", "woonruimten"): np.ceil(dwellings * let).astype(np.int64),
    }


def _observations(cell: Cell, day: date, regions: Regions, counts: Counts) -> pa.Table:
    """Return one cell on one day, of all regions."""
    kenmerk, maat = cell
    totals = pa.array(regions.total(counts), pa.int64())
    n = len(totals)
    columns = {
        **dict(_repeated({"bron": EXAMPLE_POPULATION_SOURCE.id, "groep": BEVOLKING}, n)),
        **dict(_repeated({"kenmerk": kenmerk, "maat": maat}, n)),
        "niveau": pa.array([niveau_of(code).value for code in regions.codes], pa.string()),
        "code": pa.array(regions.codes, pa.string()),
        **dict(_repeated({"begin": day, "eind": day, "status": Status.WAARGENOMEN.value}, n)),
        "indeling": pa.array(np.full(n, day.year), pa.int32()),
        **dict.fromkeys(("waarde", "ondergrens", "bovengrens"), totals),
        "voorlopig": pa.array(np.zeros(n, dtype=bool)),
        "herkomst": pa.nulls(n, pa.string()),
    }
    return pa.table({name: columns[name] for name in OBSERVATIONS.names}, schema=_SCHEMA)


def _repeated(values: Mapping[str, object], rows: int) -> Iterator[tuple[str, pa.Array]]:
    for name, value in values.items():
        yield name, pa.repeat(pa.scalar(value), rows)


def _of_year(table: pa.Table, year: int) -> np.ndarray:
    of_year: np.ndarray = table["indeling"].to_numpy() == year
    return of_year
