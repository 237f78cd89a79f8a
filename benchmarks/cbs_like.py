"""A table of the true shape of CBS 85980NED, not its true values: ``python -m benchmarks.cbs_like``.

Regions x 12 peilmomenten x 21 groups x 91 kenmerken x 3 measures, cut at 32,331,535 observations as
the real table has; 21.7 % of them '.', numbers rounded to five, blank where it cannot occur: a region
in a year that does not have it, a flow on 1 January, a group before its first day. Seeded per group
and kenmerk, so a block is the same at every scale.
"""

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

import numpy as np
import pyarrow as pa

from benchmarks.cbs_wire import FORMS, write_table
from spatial.domain.facts import Facts
from spatial.domain.members import Member, Members, load_members
from spatial.domain.regions import LAND_CODE, Indeling, niveau_of
from spatial.domain.statline import (
    ATTRIBUTE_IMPOSSIBLE,
    ATTRIBUTE_NONE,
    ATTRIBUTE_NOT_GIVEN,
    CODES,
    GROEP,
    KENMERK,
    MEASURE,
    PERIODE,
    REGIO,
    TABLE_ID,
)
from spatial.normalise.facts import code_sets, read_facts
from spatial.normalise.intake.partitions import Taken
from spatial.normalise.intake.take import take_wire
from spatial.normalise.intake.wire import About, Piece, encoded
from spatial.normalise.statline_rows import Known

ROWS = 32_331_535
REGIONS, GROUPS, KENMERKEN = 470, 21, 91
YEARS = range(2018, 2024)
SECRET, ZERO = 0.217, 0.02
SEED = 85_980
SCALES = {0.01: (3, 6), 0.1: (GROUPS, 9), 1.0: (GROUPS, KENMERKEN), 3.0: (GROUPS, 3 * KENMERKEN)}
"""Groups and kenmerken at each scale."""

_NOT_SERVED = (("LD", 4), ("AM", 19))
_FIRST_YEAR = {"vergunninghouders": 2021}
_ATTRIBUTES = [ATTRIBUTE_NONE, ATTRIBUTE_NOT_GIVEN, ATTRIBUTE_IMPOSSIBLE]
_NONE, _SECRET, _IMPOSSIBLE = range(3)


@dataclass(frozen=True, slots=True)
class Shape:
    """How large a table is.

    Attributes:
        groups: number of groups.
        kenmerken: number of kenmerken.
        rows: observations after which it is cut.
    """

    groups: int
    kenmerken: int
    rows: int


def shape_of(scale: float) -> Shape:
    """Return the shape at a scale of ``SCALES``."""
    groups, kenmerken = SCALES[scale]
    full = groups * kenmerken * 3 * REGIONS * 2 * len(YEARS)
    return Shape(groups, kenmerken, min(full, round(ROWS * scale)) if scale >= 1 else full)


@dataclass(frozen=True)
class Table:
    """The table at one scale.

    Attributes:
        shape: how large it is.
        facts: register, memberships and inhabitants, for the regions.
    """

    shape: Shape
    facts: Facts

    @cached_property
    def members(self) -> Members:
        """The members that are known, and as many further ones as the shape asks."""
        known = load_members()
        return Members(
            _more(known.groep, self.shape.groups, "Aandachtsgroep {:02d}: totaal", "groep-{:02d}"),
            _more(known.kenmerk, self.shape.kenmerken, "Kenmerk {:03d}", "kenmerk_{:03d}"),
            known.maat,
            known.regios_overgeslagen,
        )

    @cached_property
    def regions(self) -> dict[Indeling, frozenset[str]]:
        """The codes of every indeling, of the levels that are served."""
        gemeenten = code_sets(self.facts)
        above = [row for row in self.facts.memberships if row.code[:2] in {"PV", "CR"}]
        return {
            Indeling(year): gemeenten[Indeling(year)]
            | {row.code for row in above if row.indeling == year}
            | {LAND_CODE}
            for year in YEARS
        }

    @cached_property
    def codes(self) -> list[str]:
        """The 470 codes of all years, and of levels that are not served."""
        served = sorted(set().union(*self.regions.values()), key=_level_first)
        rest = [f"{prefix}{n + 1:02d}" for prefix, count in _NOT_SERVED for n in range(count)]
        return [*served, *rest][:REGIONS]

    @cached_property
    def days(self) -> list[date]:
        """The peilmomenten."""
        return [date(year, *day) for year in YEARS for day in ((1, 1), (12, 31))]

    @cached_property
    def people(self) -> np.ndarray:
        """Inhabitants of each region, whatever the year."""
        own = {row.gemeente: row.inwoners for row in self.facts.inhabitants}
        totals = dict.fromkeys(self.codes, 0)
        for code in self.codes:
            totals[code] += own.get(code, 0)
        for row in self.facts.memberships:
            if row.indeling == max(YEARS) and row.code in totals:
                totals[row.code] += own.get(row.gemeente, 0)
        totals[LAND_CODE] = sum(own.get(code, 0) for code in self.regions[Indeling(max(YEARS))])
        return np.array([totals[code] or 50_000 for code in self.codes], dtype=np.float64)

    @cached_property
    def there(self) -> np.ndarray:
        """Whether a region (rows) is there on a day (columns)."""
        served = set().union(*self.regions.values())
        return np.array(
            [
                [
                    code not in served or code in self.regions[Indeling(day.year)]
                    for day in self.days
                ]
                for code in self.codes
            ]
        )

    @property
    def about(self) -> About:
        """What the table says of itself."""
        title = "Aandachtsgroepen volkshuisvesting (gegenereerd in de vorm van 85980NED)"
        return About(title, "2024-11-28T02:00:00", "EUPL-1.2", "", self.shape.rows)

    def code_lists(self) -> dict[str, pa.Table]:
        """Return the code lists."""
        members = self.members
        months = {1: "januari", 12: "december"}
        titles = [f"{day.year} {months[day.month]}" for day in self.days]
        statuses = ["Voorlopig" if day.year == max(YEARS) else "Definitief" for day in self.days]
        lists = {
            CODES[MEASURE]: (_keys("M", members.maat), [entry.titel for entry in members.maat]),
            CODES[GROEP]: (_keys("G", members.groep), [entry.titel for entry in members.groep]),
            CODES[KENMERK]: (_keys("K", members.kenmerk), [e.titel for e in members.kenmerk]),
            CODES[REGIO]: (self.codes, self.codes),
            CODES[PERIODE]: (_periods(self.days), titles),
        }
        tables = {
            name: pa.table({"Identifier": keys, "Title": titles})
            for name, (keys, titles) in lists.items()
        }
        tables[CODES[PERIODE]] = tables[CODES[PERIODE]].append_column("Status", pa.array(statuses))
        return tables

    def blocks(self) -> Iterator[pa.Table]:
        """Give the observations of one group and kenmerk after another, up to the last row."""
        number = 0
        for groep in range(self.shape.groups):
            for kenmerk in range(self.shape.kenmerken):
                block = self._block(groep, kenmerk, number)
                rest = self.shape.rows - number
                if rest <= 0:
                    return
                yield block.slice(0, rest)
                number += block.num_rows

    def _block(self, groep: int, kenmerk: int, number: int) -> pa.Table:
        regions, days, maten = len(self.codes), len(self.days), len(self.members.maat)
        size = maten * regions * days
        values, marks = self._cells(groep, kenmerk)
        place = np.arange(size)
        keys = {name: table.column("Identifier").to_pylist() for name, table in self._lists.items()}
        columns = {
            "Id": pa.array(number + place),
            MEASURE: encoded(place // (regions * days), keys[CODES[MEASURE]]),
            "ValueAttribute": encoded(marks, _ATTRIBUTES),
            "Value": pa.array(values, mask=marks != _NONE),
            GROEP: encoded(np.full(size, groep), keys[CODES[GROEP]]),
            KENMERK: encoded(np.full(size, kenmerk), keys[CODES[KENMERK]]),
            REGIO: encoded(place // days % regions, keys[CODES[REGIO]]),
            PERIODE: encoded(place % days, keys[CODES[PERIODE]]),
        }
        return pa.table(columns)

    @cached_property
    def _lists(self) -> Mapping[str, pa.Table]:
        return self.code_lists()

    def _cells(self, groep: int, kenmerk: int) -> tuple[np.ndarray, np.ndarray]:
        """Return numbers and places of attributes: by measure, region and day."""
        random = np.random.Generator(np.random.PCG64([SEED, groep, kenmerk]))
        shape = (len(self.members.maat), *self.there.shape)
        share = random.uniform(0.0005, 0.03) * random.uniform(0.02, 1.0)
        spread = random.lognormal(0.0, 0.4, shape)
        counts = (
            self.people[None, :, None] * share * np.array([1.0, 0.6, 0.5])[:, None, None] * spread
        )
        counts[random.random(shape) < ZERO] = 0
        possible = np.broadcast_to(self.there & self._days_of(groep, kenmerk), shape).ravel()
        values = np.round(counts / 5).ravel() * 5
        small = np.where(possible & (values > 0), counts.ravel(), np.inf)
        secret = np.argpartition(small, round(SECRET * len(small)))[: round(SECRET * len(small))]
        marks = np.where(possible, _NONE, _IMPOSSIBLE)
        marks[secret[np.isfinite(small[secret])]] = _SECRET
        return values, marks

    def _days_of(self, groep: int, kenmerk: int) -> np.ndarray:
        """Tell of each day whether the group is there, and the flow, if it is one, ends."""
        first = _FIRST_YEAR.get(self.members.groep[groep].id, min(YEARS))
        flow = self.members.kenmerk[kenmerk].stroom
        return np.array([day.year >= first and not (flow and day.month == 1) for day in self.days])


@dataclass(frozen=True, slots=True)
class Generated:
    """The table as if it was fetched."""

    table: Table

    @property
    def about(self) -> About:
        """What the table says of itself."""
        return self.table.about

    def codes(self) -> dict[str, pa.Table]:
        """Return the code lists."""
        return self.table.code_lists()

    def pieces(self) -> Iterator[Piece]:
        """Give the rows, block by block."""
        for block in self.table.blocks():
            yield Piece("generated", block, block.column("Id").to_numpy())


def table_at(scale: float, boundaries: Path = Path("boundaries")) -> Table:
    """Return the table at a scale of ``SCALES``."""
    return Table(shape_of(scale), read_facts(boundaries))


def write_cells(table: Table, into: Path) -> Taken:
    """Write the cells of a table to ``<into>/cells``, by the way of all fetched tables."""
    known = Known(table.members, table.regions)
    return take_wire(Generated(table), (TABLE_ID, f"generated {table.shape}"), known, into)


def _more(known: Sequence[Member], count: int, title: str, name: str) -> tuple[Member, ...]:
    further = [
        Member(title.format(number), name.format(number), gezien=False)
        for number in range(len(known) + 1, count + 1)
    ]
    return (*known, *further)[:count]


def _keys(letter: str, members: Sequence[Member]) -> list[str]:
    return [f"{letter}{1_000_000 + 37 * number:07d}" for number in range(len(members))]


def _periods(days: Sequence[date]) -> list[str]:
    return [f"{day:%Y%m%d}" for day in days]


def _level_first(code: str) -> tuple[int, str]:
    order = ["land", "provincie", "corop", "gemeente"]
    return order.index(niveau_of(code).value), code


def main(arguments: list[str] | None = None) -> None:
    """Write the table in one form."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=float, choices=sorted(SCALES), default=0.1)
    parser.add_argument("--form", choices=(*FORMS, "cells"), default="zip")
    parser.add_argument("--into", type=Path, required=True)
    options = parser.parse_args(arguments)
    table = table_at(options.scale)
    if options.form == "cells":
        rows = write_cells(table, options.into).rows
    else:
        rows = write_table(table, options.form, options.into)
    sys.stdout.write(f"{rows:,} rows in {options.into}\n")


if __name__ == "__main__":
    main()
