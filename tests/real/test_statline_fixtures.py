"""Real answers of CBS, of other tables and of this one, go through the readers of the intake."""

import json
import shutil
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from spatial.domain.statline import OBSERVATIONS_SET
from spatial.normalise.intake.documents import about_of, code_list, rows_of
from spatial.normalise.intake.numbers import RowNumbers
from spatial.normalise.intake.source import open_table
from spatial.normalise.intake.wire import Wire

SBI, GROOTTE, PERIODEN = "BedrijfstakkenBranchesSBI2008", "Bedrijfsgrootte", "Perioden"


@pytest.fixture(scope="module")
def fixtures(mirror: Path) -> Path:
    """Folder with answers as they were found; skipped where it is absent."""
    folder = mirror.parent / "odata" / "fixtures"
    if not folder.is_dir():
        pytest.skip(f"no answers of CBS in {folder}")
    return folder


def shelf(fixtures: Path, into: Path, table: str, data: str) -> Path:
    """Put the answers of a table of version 3 where fetching stores them."""
    for path in (fixtures / "v3").glob(f"{table}_*.json"):
        name = path.name.removeprefix(f"{table}_").split(".")[0]
        shutil.copy(path, into / f"{name}.json")
    (into / data).mkdir()
    found = next((fixtures / "v3").glob(f"{table}_{data}*"))
    shutil.copy(found, into / data / "page-00001.json")
    return into


def describe(folder: Path, dimensions: tuple[str, ...], header: str) -> None:
    """Write the properties of columns of a table of which only a CSV was found."""
    names = [name for name in header.split(";") if name not in {"ID", *dimensions}]
    rows = [{"odata.type": "Cbs.OData.Dimension", "Key": name} for name in dimensions]
    rows += [{"odata.type": "Cbs.OData.Topic", "Key": name, "Title": name} for name in names]
    (folder / "DataProperties.json").write_text(json.dumps({"value": rows}), "utf-8")


def all_rows(wire: Wire) -> pa.Table:
    """Return all rows of a table, after the checks that the intake makes of their numbers."""
    numbers = RowNumbers("fixture")
    tables = []
    for piece in wire.pieces():
        numbers.add(piece.numbers)
        tables.append(piece.rows)
    return pa.concat_tables(tables)


def test_a_page_of_the_typed_set_gives_its_numbers_under_its_keys(
    fixtures: Path, tmp_path: Path
) -> None:
    folder = shelf(fixtures, tmp_path, "83583NED", "TypedDataSet")
    wire = open_table(folder, "83583NED", (SBI, GROOTTE, PERIODEN))
    rows = all_rows(wire)

    assert rows.num_rows == 40
    first = rows.slice(0, 1).to_pylist()[0]
    assert (first[SBI], first[PERIODEN], first["Value"]) == ("T001081", "2010JJ00", 7888.2001953125)
    assert pc.unique(rows["ValueAttribute"]).to_pylist() == ["None"]
    codes = wire.codes()
    assert codes["MeasureCodes"].to_pylist()[0]["Title"] == "Banen van werknemers in december"
    assert codes["PeriodenCodes"].to_pylist()[-1] == {
        "Identifier": "2019JJ00",
        "Title": "2019 december",
        "Status": "Voorlopig",
    }


def test_padded_keys_and_two_measures_of_a_row_are_read(fixtures: Path, tmp_path: Path) -> None:
    folder = shelf(fixtures, tmp_path, "45012NED", "TypedDataSet")
    header = "ID;FunctieKostenplaatsBalanspost;Categorie;Provincies;Verslagsoort"
    names = tuple(header.split(";")[1:])
    describe(folder, names, f"{header};k_1stePlaatsing_1;k_2dePlaatsing_2")

    rows = all_rows(open_table(folder, "45012NED", names))

    assert rows.num_rows == 2 * 20
    keys = pc.unique(rows["Provincies"]).to_pylist()
    assert [key.strip() for key in keys] == ["PV20", "PV21", "PV22", "PV23"]


@pytest.mark.parametrize(
    ("name", "dimensions", "count"),
    [
        ("50140NED_TypedDataSet_first40.raw.csv", ("Persoonskenmerken", "Marges", "RegioS"), 39),
        ("gebieden_in_nederland_2024_TypedDataSet.raw.csv", ("RegioS",), 342),
    ],
)
def test_a_download_with_bom_padding_and_empty_cells_is_read(
    name: str, dimensions: tuple[str, ...], count: int, fixtures: Path, tmp_path: Path
) -> None:
    path = tmp_path / "X_TypedDataSet.csv"
    shutil.copy(fixtures / "v3" / name, path)
    with path.open(encoding="utf-8-sig") as file:
        header = file.readline().strip()
    describe(tmp_path, dimensions, header)

    rows = all_rows(open_table(path, "X", dimensions))

    measures = len(header.split(";")) - len(dimensions) - 1
    assert rows.num_rows == count * measures
    empty = pc.equal(pc.utf8_trim_whitespace(rows["Value"].cast(pa.string())), "")
    marked = pc.not_equal(rows["ValueAttribute"].cast(pa.string()), "None")
    assert empty.equals(marked)


def test_a_point_in_a_text_column_stays_a_point(fixtures: Path, tmp_path: Path) -> None:
    path = tmp_path / "84799NED_TypedDataSet.csv"
    shutil.copy(fixtures / "v3" / "84799NED_TypedDataSet_gemeenten.rebuilt.csv", path)
    with path.open(encoding="utf-8") as file:
        describe(tmp_path, ("WijkenEnBuurten",), file.readline().strip().replace(",", ";"))

    rows = all_rows(open_table(path, "84799NED", ("WijkenEnBuurten",)))

    texts = pc.utf8_trim_whitespace(rows["Value"].cast(pa.string()))
    assert pc.any(pc.equal(texts, ".")).as_py()


def test_the_rows_of_version_4_that_were_found_are_read(fixtures: Path, tmp_path: Path) -> None:
    found = json.loads((fixtures / "v4" / "observations_fragments.json").read_text("utf-8"))
    rows: list[dict[str, Any]] = []
    for fragment in found["fragments"]:
        rows += fragment.get("rows", [fragment.get("row")])
    pages: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for row in rows:
        fixed = {"Id", "Measure", "Value", "ValueAttribute", "StringValue"}
        pages.setdefault(tuple(sorted(set(row) - fixed)), []).append(row)

    values = []
    for number, (dimensions, page) in enumerate(sorted(pages.items())):
        folder = tmp_path / str(number) / OBSERVATIONS_SET
        folder.mkdir(parents=True)
        (folder / "page-00001.json").write_text(json.dumps({"value": page}), "utf-8")
        read = all_rows(open_table(folder.parent, "X", dimensions))
        values += read.select(["ValueAttribute", "Value"]).to_pylist()

    assert len(values) == len(rows)
    assert {"ValueAttribute": "Impossible", "Value": None} in values
    assert {"ValueAttribute": "None", "Value": 93750.0} in values


@pytest.mark.parametrize(
    ("name", "count", "first"),
    [
        ("v3/45042NED_Gemeenten.raw.json", 380, "GM1680"),
        ("v4/83765NED_WijkenEnBuurtenCodes.rebuilt.json", None, "NL00"),
        ("v4/83765NED_MeasureCodes.rebuilt.json", 103, "T001036"),
    ],
)
def test_code_lists_of_both_versions_have_the_same_columns(
    name: str, count: int | None, first: str, fixtures: Path, tmp_path: Path
) -> None:
    shutil.copy(fixtures / name, tmp_path / "List.json")

    codes = code_list(rows_of(tmp_path, "List"), name, statuses=False)

    assert codes.column_names == ["Identifier", "Title"]
    assert codes["Identifier"][0].as_py().strip() == first
    assert count is None or codes.num_rows == count


@pytest.mark.parametrize(
    ("table", "about"),
    [
        ("81075ned", ("2019-11-14T02:00:00+01:00", "CC BY 4.0", 2432)),
        ("83765NED", ("2020-11-06T00:00:00+01:00", "CC BY 4.0", 1_537_850)),
    ],
)
def test_what_a_table_says_of_itself_is_read(
    table: str, about: tuple[str, str, int], fixtures: Path, tmp_path: Path
) -> None:
    shutil.copy(fixtures / "v4" / f"{table}_Properties.raw.json", tmp_path / "Properties.json")

    found = about_of(tmp_path, table)

    assert (found.modified, found.licence, found.rows) == about
