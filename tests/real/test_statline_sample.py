"""All real values of 85980NED that were found: 63 rows, 3 gemeenten, 2 dates."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from benchmarks.cbs_wire import write_table
from spatial.domain.members import load_members
from spatial.domain.regions import Indeling
from spatial.domain.statline import CODES, GROEP, KENMERK, MEASURE, PERIODE, REGIO, TABLE_ID
from spatial.domain.tables import CELLS
from spatial.errors import SchemaError
from spatial.normalise.intake.partitions import read_cells
from spatial.normalise.intake.take import take_in
from spatial.normalise.intake.wire import About
from spatial.normalise.statline import read_sample_csv
from spatial.normalise.statline_columns import observations_from
from spatial.normalise.statline_rows import Known

REGIONS = {Indeling(2023): frozenset({"GM0074", "GM0200", "GM0279"})}
MATEN = ("personen", "huishoudens", "woonruimten")


@pytest.fixture(scope="module")
def sample(mirror: Path) -> Path:
    """Path of the excerpt."""
    path = mirror.parent / "odata" / "85980NED_sample.csv"
    if not path.is_file():
        pytest.skip(f"no excerpt of 85980NED in {path.parent}")
    return path


@pytest.fixture(scope="module")
def found(sample: Path) -> pa.Table:
    """Return its observations."""
    return read_sample_csv(sample, load_members(), REGIONS)


def signs(sample: Path, sign: str) -> int:
    """Count the cells that hold this sign."""
    with sample.open(encoding="utf-8", newline="") as file:
        return sum(row[maat] == sign for row in csv.DictReader(file) for maat in MATEN)


def test_every_cell_of_the_excerpt_is_an_observation(found: pa.Table) -> None:
    assert found.num_rows == 63 * 3


def test_every_point_is_unknown_and_every_blank_not_applicable(
    sample: Path, found: pa.Table
) -> None:
    counted = {
        row["values"]: row["counts"] for row in found.column("status").value_counts().to_pylist()
    }

    assert counted["geheim_of_onbekend"] == signs(sample, ".")
    assert counted["niet_van_toepassing"] == signs(sample, "")


def test_what_has_no_number_has_no_bounds(found: pa.Table) -> None:
    valued = pc.equal(found.column("status"), "waargenomen")

    for name in ("waarde", "ondergrens", "bovengrens"):
        assert pc.is_valid(found.column(name)).equals(valued)


def test_every_number_is_a_multiple_of_five_within_its_bounds(found: pa.Table) -> None:
    values = found.filter(pc.is_valid(found.column("waarde")))

    assert all(value % 5 == 0 for value in values.column("waarde").to_pylist())
    spread = pc.subtract(values.column("bovengrens"), values.column("ondergrens"))
    assert spread.unique().to_pylist() == [4]


def test_the_households_of_the_parts_can_add_up_to_the_total(found: pa.Table) -> None:
    rows = {
        row["kenmerk"]: row
        for row in found.to_pylist()
        if (row["code"], row["maat"], str(row["eind"])) == ("GM0200", "huishoudens", "2023-01-01")
    }
    parts = [rows[name] for name in ("eenpersoons", "meerpersoons", "institutioneel")]

    assert sum(part["ondergrens"] for part in parts) <= rows["totaal"]["bovengrens"]
    assert sum(part["bovengrens"] for part in parts) >= rows["totaal"]["ondergrens"]


def test_an_excerpt_without_a_measure_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "excerpt.csv"
    path.write_text("aandachtsgroep,kenmerk,gemeente_code,periode,personen\n", encoding="utf-8")

    with pytest.raises(SchemaError, match="huishoudens"):
        read_sample_csv(path, load_members(), REGIONS)


def test_the_excerpt_as_fetched_pages_gives_the_same_cells(
    sample: Path, found: pa.Table, tmp_path: Path
) -> None:
    known = Known(load_members(), REGIONS)
    write_table(_Excerpt(sample), "packed", tmp_path / "in")

    taken = take_in(tmp_path / "in", TABLE_ID, known, tmp_path / "out")

    keys = [(name, "ascending") for name in CELLS.key]
    cells = observations_from(read_cells(taken, "studenten"), TABLE_ID, 5)
    assert cells.sort_by(keys).to_pylist() == found.sort_by(keys).to_pylist()


class _Excerpt:
    """The excerpt as a table that can be written; its keys are its titles."""

    def __init__(self, path: Path) -> None:
        columns = {
            "aandachtsgroep": GROEP, "kenmerk": KENMERK, "gemeente_code": REGIO, "periode": PERIODE,
        }  # fmt: skip
        self._rows: list[dict[str, Any]] = []
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                for maat in MATEN:
                    text = row[maat]
                    attribute = {".": ".", "": "Impossible"}.get(text, "None")
                    self._rows.append(
                        {"Id": len(self._rows), MEASURE: f"Totaal {maat}"}
                        | {"ValueAttribute": attribute}
                        | {"Value": float(text) if attribute == "None" else None}
                        | {name: row[column] for column, name in columns.items()}
                    )

    @property
    def about(self) -> About:
        """What the table says of itself."""
        return About("Uittreksel", "", "CC BY 4.0", "", len(self._rows))

    def code_lists(self) -> dict[str, pa.Table]:
        """Return the code lists."""
        lists = {}
        for name in CODES:
            keys = list(dict.fromkeys(str(row[name]) for row in self._rows))
            lists[CODES[name]] = pa.table(
                {"Identifier": keys, "Title": keys, "Status": ["Definitief"] * len(keys)}
            )
        return lists

    def blocks(self) -> Iterator[pa.Table]:
        """Give the rows."""
        yield pa.Table.from_pylist(self._rows)
