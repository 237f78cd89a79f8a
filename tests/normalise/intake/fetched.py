"""A small table of 85980NED, written in every form in which it may have been fetched."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import product
from pathlib import Path
from typing import Any

import pyarrow as pa

from benchmarks.cbs_wire import write_table
from spatial.domain.members import load_members
from spatial.domain.regions import Indeling
from spatial.domain.statline import (
    CODES,
    GROEP,
    KENMERK,
    MEASURE,
    PERIODE,
    REGIO,
    TABLE_ID,
    TYPED,
)
from spatial.normalise.intake.wire import About
from spatial.normalise.statline_rows import Known

TITLES = {
    MEASURE: {"M1": "Totaal personen", "M2": "Totaal huishoudens"},
    GROEP: {"G1": "Voltijdsstudent: totaal", "G2": "Ouderen: totaal"},
    KENMERK: {"K1": "Totaal", "K2": "Geslacht: mannen", "K3": "Geslacht: vrouwen"},
    REGIO: {"NL01": "Nederland", "GM0001": "Een", "GM0002": "Twee"},
    PERIODE: {"P1": "2022 december", "P2": "2023 januari"},
}
COLUMNS = ("Id", MEASURE, "ValueAttribute", "Value", GROEP, KENMERK, REGIO, PERIODE)
KNOWN = Known(load_members(), {Indeling(year): frozenset(TITLES[REGIO]) for year in (2022, 2023)})
SIGNS = {".": "geheim_of_onbekend", "Impossible": "niet_van_toepassing"}


def cells() -> list[dict[str, Any]]:
    """Return every combination of keys once; of five cells two have no number."""
    names = (GROEP, KENMERK, REGIO, PERIODE, MEASURE)
    rows = []
    for number, keys in enumerate(product(*(TITLES[name] for name in names))):
        attribute = {2: ".", 4: "Impossible"}.get(number % 5, "None")
        value = float(5 * number) if attribute == "None" else None
        rows.append(
            {"Id": number, "ValueAttribute": attribute, "Value": value}
            | dict(zip(names, keys, strict=True))
        )
    return rows


@dataclass(frozen=True)
class Small:
    """The table: its rows, in blocks of some rows each, and what its code lists say."""

    rows: list[dict[str, Any]] = field(default_factory=cells)
    titles: Mapping[str, Mapping[str, str]] = field(default_factory=lambda: TITLES)
    count: int | None = None

    @property
    def about(self) -> About:
        """What the table says of itself."""
        count = len(self.rows) if self.count is None else self.count
        return About("Klein", "2024-11-28T02:00:00", "CC BY 4.0", "", count)

    def code_lists(self) -> dict[str, pa.Table]:
        """Return the code lists."""
        lists = {
            CODES[name]: pa.table({"Identifier": list(found), "Title": list(found.values())})
            for name, found in self.titles.items()
        }
        status = pa.array(["Definitief", "Voorlopig"])
        lists[CODES[PERIODE]] = lists[CODES[PERIODE]].append_column("Status", status)
        return lists

    def blocks(self) -> Iterator[pa.Table]:
        """Give the rows, seven at a time."""
        table = pa.Table.from_pylist(self.rows).select(list(COLUMNS))
        for name in (MEASURE, "ValueAttribute", GROEP, KENMERK, REGIO, PERIODE):
            place = table.column_names.index(name)
            table = table.set_column(place, name, table[name].dictionary_encode())
        for begin in range(0, table.num_rows, 7):
            yield table.slice(begin, 7)

    def with_rows(self, rows: list[dict[str, Any]]) -> "Small":
        """Return the table with other rows."""
        return replace(self, rows=rows)


def written(form: str, into: Path, table: Small | None = None) -> Path:
    """Write a table in a form, and return the folder."""
    write_table(table or Small(), form, into)
    return into


def written_v3(data_set: str, into: Path, size: int = 10) -> Path:
    """Write the table as version 3 has it: wide, padded, ``size`` rows to a page."""
    wide: dict[tuple[str, ...], dict[str, Any]] = {}
    dimensions = (GROEP, KENMERK, REGIO, PERIODE)
    for cell in cells():
        keys = tuple(cell[name] for name in dimensions)
        row = wide.setdefault(keys, {"ID": len(wide)})
        row |= {name: key.ljust(10) for name, key in zip(dimensions, keys, strict=True)}
        row[f"Maat_{cell[MEASURE][1:]}"] = _v3_value(cell, typed=data_set == TYPED)
    rows = list(wide.values())
    (into / data_set).mkdir(parents=True)
    for number, begin in enumerate(range(0, len(rows), size), start=1):
        page: dict[str, Any] = {"odata.metadata": "", "value": rows[begin : begin + size]}
        if begin + size < len(rows):
            page["odata.nextLink"] = f"https://opendata.cbs.nl/{TABLE_ID}?$skip={begin + size}"
        (into / data_set / f"page-{number:05d}.json").write_text(json.dumps(page), "utf-8")
    for name in dimensions:
        entries = [
            {"Key": key.ljust(10), "Title": title + "  ", "Status": "Definitief"}
            for key, title in TITLES[name].items()
        ]
        (into / f"{name}.json").write_text(json.dumps({"value": entries}), "utf-8")
    properties = [{"odata.type": "Cbs.OData.Dimension", "Key": name} for name in dimensions]
    properties += [
        {"odata.type": "Cbs.OData.Topic", "Key": f"Maat_{key[1:]}", "Title": title}
        for key, title in TITLES[MEASURE].items()
    ]
    (into / "DataProperties.json").write_text(json.dumps({"value": properties}), "utf-8")
    return into


def _v3_value(cell: Mapping[str, Any], *, typed: bool) -> float | str | None:
    value = cell["Value"]
    if typed:
        return None if value is None else int(value)
    if value is None:
        return "         ." if cell["ValueAttribute"] == "." else "          "
    return f"{value:10.0f}"
