"""Tables of the taakstelling as others publish them: what is read, and what is refused and how."""

import zipfile
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter

from spatial.domain.facts import Facts, GazetteerEntry
from spatial.domain.periods import parse_half_year
from spatial.domain.redivisions import Mutatie, Redivision
from spatial.domain.regions import Indeling
from spatial.domain.taakstelling import Reported
from spatial.errors import (
    DuplicateKeyError,
    SchemaError,
    SourceError,
    SpatialError,
    UnknownRegionError,
    ValueParseError,
)
from spatial.normalise import sheets
from spatial.normalise.taakstelling import read_taakstelling

CODES = {
    Indeling(2021): frozenset({"GM0003", "GM0014"}),
    Indeling(2022): frozenset({"GM1979", "GM0014"}),
}
FACTS = Facts(
    redivisions=(
        Redivision(
            date(2022, 1, 1),
            "GM0003",
            "Appingedam",
            "GM1979",
            "Éémsdelta",
            mutatie=Mutatie.FUSIE,
            geheel=True,
            aandeel=None,
            aandeel_grondslag="",
            zekerheid="",
            opmerking="",
            bron="",
        ),
    ),
    memberships=(),
    inhabitants=(),
    targets=(),
    gazetteer=(
        GazetteerEntry(
            "GM0014", "Groningen", 1, 1, 1, Indeling(2016), Indeling(2026), Indeling(2024)
        ),
    ),
)
HEADER = "halfjaar,gemeentecode,gemeente,taakstelling,achterstand,voorsprong,gehuisvest,peildatum\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty folder."""
    return tmp_path


def read(*paths: Path) -> list[Reported]:
    """Return what files say."""
    return list(read_taakstelling(paths, FACTS, CODES)[0])


def table(folder: Path, text: str, name: str = "t.csv") -> Path:
    """Write a CSV file."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def rows(folder: Path, *lines: str) -> list[Reported]:
    """Return what rows under the full header say."""
    return read(table(folder, HEADER + "\n".join(lines) + "\n"))


def workbook(folder: Path, *lines: tuple[object, ...]) -> Path:
    """Write a workbook with a title above the header and a row without anything in it."""
    path = folder / "t.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, "Huisvesting vergunninghouders")
        days = book.add_format({"num_format": "yyyy-mm-dd"})
        for number, line in enumerate(lines, start=2):
            for place, cell in enumerate(line):
                if isinstance(cell, date):
                    sheet.write_datetime(number, place, cell, days)
                elif cell is not None:
                    sheet.write(number, place, cell)
    return path


def test_a_row_of_a_csv_file_is_read_with_its_place(folder: Path) -> None:
    (row,) = rows(folder, "2021-1,GM0003,Appingedam,12,3,0,9,2021-04-30")

    assert row == Reported(
        gemeente="GM0003",
        period=parse_half_year("2021-1"),
        peildatum=date(2021, 4, 30),
        taakstelling=12,
        achterstand=3,
        voorsprong=0,
        gehuisvest=9,
        bron="t.csv, row 2",
    )


def test_a_workbook_is_read_with_titles_above_and_numbers_as_numbers(folder: Path) -> None:
    path = workbook(
        folder,
        ("Gemeentecode", "Halfjaar", "Gehuisvest", "Peildatum", "Taakstelling"),
        (3.0, "2021-II", 1234.0, date(2021, 9, 30), "."),
        (None, None, None),
        ("GM0014  ", "2021-2", "1.234", None, None),
    )

    first, second = read(path)

    assert (first.gemeente, first.gehuisvest, first.taakstelling) == ("GM0003", 1234, None)
    assert (first.peildatum, first.bron) == (date(2021, 9, 30), "t.xlsx, row 4")
    assert (second.gemeente, second.gehuisvest) == ("GM0014", 1234)
    assert (second.peildatum, second.bron) == (date(2021, 12, 31), "t.xlsx, row 6")


def test_a_row_may_name_where_it_comes_from(folder: Path) -> None:
    text = "halfjaar,gemeente,gehuisvest,bron,opmerking\n2022-1,Groningen,5,krant,bij benadering\n"

    assert read(table(folder, text))[0].bron == "t.csv, row 2 (krant)"


@pytest.mark.parametrize("written", ["GM0003", " gm0003 ", "0003", "3"])
def test_a_code_may_be_padded_or_a_number(folder: Path, written: str) -> None:
    assert rows(folder, f"2021-1,{written},,1,,,,")[0].gemeente == "GM0003"


def test_a_gemeente_may_be_named_as_the_indeling_of_the_half_year_has_it(folder: Path) -> None:
    old, new = rows(folder, "2021-1,,appingedam,1,,,,", "2022-1,,Eemsdelta,2,,,,")

    assert (old.gemeente, new.gemeente) == ("GM0003", "GM1979")


def test_semicolons_and_days_as_written_here_are_read(folder: Path) -> None:
    text = "Titel\nhalfjaar;gemeente;gehuisvest;peildatum\n2022-1;Groningen;1.005;31-03-2022\n"

    (row,) = read(table(folder, text))

    assert (row.gehuisvest, row.peildatum) == (1005, date(2022, 3, 31))


def test_a_blank_or_a_point_is_unknown_and_never_nothing(folder: Path) -> None:
    (row,) = rows(folder, "2021-1,GM0003,,.,,,,")

    assert row.taakstelling is None
    assert row.gehuisvest is None
    assert (row.achterstand, row.voorsprong) == (None, None)


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("4,", (4, 0)),
        (",7", (0, 7)),
        ("0,0", (0, 0)),
        ("0,", (0, 0)),
        (".,7", (None, 7)),
        ("4,.", (4, None)),
    ],
)
def test_a_shortfall_makes_a_blank_head_start_nothing_and_the_reverse(
    folder: Path, written: str, read_as: tuple[int | None, int | None]
) -> None:
    (row,) = rows(folder, f"2021-1,GM0003,,,{written},,")

    assert (row.achterstand, row.voorsprong) == read_as


def test_a_later_file_replaces_what_an_earlier_one_says(folder: Path) -> None:
    early = table(folder, HEADER + "2021-1,GM0003,,,,,5,\n2021-1,GM0014,,,,,8,\n")
    late = table(folder, HEADER + "2021-1,GM0003,,,,,6,\n", "later.csv")

    found, findings = read_taakstelling([early, late], FACTS, CODES)

    assert [(row.gehuisvest, row.bron) for row in found] == [
        (6, "later.csv, row 2"),
        (8, "t.csv, row 3"),
    ]
    assert [(one.where, one.rule) for one in findings] == [("later.csv", "taakstelling-replaced")]


@pytest.mark.parametrize(
    ("line", "error", "words"),
    [
        ("2021-3,GM0003,,1,,,,", ValueParseError, "row 2: column 'halfjaar' has '2021-3'"),
        ("2021-1,GM0003,,12.5,,,,", ValueParseError, "column 'taakstelling' has '12.5'"),
        ("2021-1,GM0003,,1.23,,,,", ValueParseError, "column 'taakstelling' has '1.23'"),
        ("2021-1,GM0003,,-1,,,,", ValueParseError, "column 'taakstelling' has '-1'"),
        ("2021-1,GM0003,,1,,,veel,", ValueParseError, "column 'gehuisvest' has 'veel'"),
        ("2021-1,GM0003,,1,2,3,,", ValueParseError, "beside an achterstand of 2"),
        ("2021-1,GM0003,,1,,,1,2021-04-29", ValueParseError, "the last day of a month"),
        ("2021-1,GM0003,,1,,,1,2021-07-31", ValueParseError, "up to 2021-06-30"),
        ("2021-1,GM0003,,1,,,1,april", ValueParseError, "column 'peildatum' has 'april'"),
        ("2021-1,GM1979,,1,,,,", UnknownRegionError, "row 2: column 'gemeentecode' has 'GM1979'"),
        ("2021-1,PV20,,1,,,,", UnknownRegionError, "a gemeente of the indeling of 2021"),
        ("2031-1,GM0003,,1,,,,", UnknownRegionError, "a gemeente of the indeling of 2031"),
        (
            "2021-1,,Nergenshuizen,1,,,,",
            UnknownRegionError,
            "column 'gemeente' has 'Nergenshuizen'",
        ),
        ("2021-1,GM0003,Groningen,1,,,,", UnknownRegionError, "that is GM0014"),
        ("2021-1,GM0003,,1,,,,,9", SchemaError, "row 2: a cell without a column"),
    ],
)
def test_a_row_that_cannot_be_right_is_refused_with_its_place_and_rule(
    folder: Path, line: str, error: type[SpatialError], words: str
) -> None:
    with pytest.raises(error, match=words):
        rows(folder, line)


def test_the_same_gemeente_half_year_and_day_twice_is_refused(folder: Path) -> None:
    with pytest.raises(DuplicateKeyError, match=r"row 3: GM0003 .* is already in row 2"):
        rows(folder, "2021-1,GM0003,,,,,5,", "2021-I,3,,,,,5,2021-06-30")


@pytest.mark.parametrize(
    ("text", "error", "words"),
    [
        ("jaar,gemeente\n2021,x\n", SchemaError, "no header with a column 'halfjaar'"),
        ("halfjaar,gemeente,huizen\n", SchemaError, "'huizen'"),
        ("halfjaar,gemeente,gemeente,gehuisvest\n", SchemaError, "there twice"),
        ("halfjaar,gemeente,peildatum\n", SchemaError, "one of taakstelling"),
        ("halfjaar,gehuisvest\n", SchemaError, "gemeentecode or gemeente is needed"),
        (HEADER, SourceError, "no rows under the header"),
        ('halfjaar,gemeente,gehuisvest\n2021-1,"x,1\n', SchemaError, "not a CSV file"),
        ("", SourceError, "0 bytes"),
    ],
)
def test_a_file_that_is_no_such_table_is_refused(
    folder: Path, text: str, error: type[SpatialError], words: str
) -> None:
    with pytest.raises(error, match=words):
        read(table(folder, text))


def test_a_file_of_another_kind_than_its_name_says_is_refused(folder: Path) -> None:
    with pytest.raises(SourceError, match="there is no such file"):
        read(folder / "none.csv")
    with pytest.raises(SourceError, match=r"'\.pdf' is not read"):
        read(table(folder, "%PDF", "t.pdf"))
    with pytest.raises(SourceError, match="not a workbook that can be read"):
        read(table(folder, HEADER, "t.xlsx"))


def test_a_zip_without_a_workbook_in_it_is_refused(folder: Path) -> None:
    path = folder / "t.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("x.txt", "x")

    with pytest.raises(SourceError, match="not a workbook that can be read"):
        read(path)


def test_a_workbook_that_unpacks_to_too_much_is_refused(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = workbook(folder, ("halfjaar", "gemeentecode", "gehuisvest"), ("2021-1", 3, 1))
    monkeypatch.setattr(sheets, "MAX_UNPACKED", 100)

    with pytest.raises(SourceError, match="when unpacked, more than 100"):
        read(path)
