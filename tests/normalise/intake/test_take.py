"""A fetched table becomes cells on disk: the same bytes whatever its form and order."""

import json
import random
import zipfile
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from spatial.domain.findings import Severity
from spatial.domain.statline import (
    CODES,
    GROEP,
    KENMERK,
    MEASURE,
    OBSERVATIONS_SET,
    PERIODE,
    REGIO,
    TABLE_ID,
    TYPED,
    UNTYPED,
)
from spatial.domain.tables import CELLS
from spatial.errors import (
    DuplicateKeyError,
    SchemaError,
    SourceError,
    SpatialError,
    UnknownMemberError,
)
from spatial.normalise.intake.partitions import read_cells, read_taken
from spatial.normalise.intake.take import take_in
from spatial.normalise.statline import observations
from tests.normalise.intake.fetched import (
    KNOWN,
    TITLES,
    Small,
    cells,
    written,
    written_v3,
)

FORMS = ("pages", "packed", "csv", "zip")


def take(path: Path, into: Path) -> pa.Table:
    """Take a table in, and return all its cells."""
    taken = take_in(path, TABLE_ID, KNOWN, into)
    found = pa.concat_tables([read_cells(taken, groep) for groep in taken.groups])
    return found.unify_dictionaries()


def bytes_of(into: Path) -> dict[str, bytes]:
    """Return the files of cells."""
    files = (into / "cells").rglob("*.parquet")
    return {path.relative_to(into).as_posix(): path.read_bytes() for path in files}


def texts(table: pa.Table) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = table.to_pylist()
    return rows


@pytest.mark.parametrize("form", FORMS)
def test_every_form_gives_what_the_reader_of_whole_tables_gives(form: str, tmp_path: Path) -> None:
    found = take(written(form, tmp_path / "in"), tmp_path / "out")

    raw = {OBSERVATIONS_SET: pa.concat_tables(Small().blocks()), **Small().code_lists()}
    whole = observations(raw, KNOWN.members, KNOWN.regions)[0].select(CELLS.names)
    keys = [(name, "ascending") for name in ("groep", "kenmerk", "maat", "code", "eind")]
    assert texts(found) == texts(whole.sort_by(keys))
    CELLS.check(found, "cells")


def test_order_of_rows_and_pages_changes_no_byte(tmp_path: Path) -> None:
    rows = cells()
    random.Random(1).shuffle(rows)  # noqa: S311 - an order, no secret

    take(written("pages", tmp_path / "in"), tmp_path / "out")
    take(written("csv", tmp_path / "other", Small(rows)), tmp_path / "shuffled")

    assert bytes_of(tmp_path / "out") == bytes_of(tmp_path / "shuffled")


def test_row_groups_do_not_mix_kenmerken_more_than_their_size_asks(tmp_path: Path) -> None:
    taken = take_in(written("csv", tmp_path / "in"), TABLE_ID, KNOWN, tmp_path / "out")
    found = pq.read_table(taken.file("ouderen"), partitioning=None)

    keys = list(
        zip(*(found[name].to_pylist() for name in ("kenmerk", "maat", "code")), strict=True)
    )
    assert keys == sorted(keys)


def test_a_filter_reads_some_cells_of_a_group(tmp_path: Path) -> None:
    taken = take_in(written("csv", tmp_path / "in"), TABLE_ID, KNOWN, tmp_path / "out")

    found = read_cells(
        taken, "ouderen", [("kenmerk", "in", ["totaal"]), ("maat", "==", "personen")]
    )

    assert found.num_rows == 6
    assert set(found["groep"].to_pylist()) == {"ouderen"}


def test_a_group_that_is_not_there_is_refused_by_name(tmp_path: Path) -> None:
    taken = take_in(written("csv", tmp_path / "in"), TABLE_ID, KNOWN, tmp_path / "out")

    with pytest.raises(SourceError, match="'piraten'; there are"):
        read_cells(taken, "piraten")


def test_signs_keep_apart_and_padded_text_is_stripped_in_the_untyped_set(tmp_path: Path) -> None:
    found = take(written_v3(UNTYPED, tmp_path / "in"), tmp_path / "out")
    v4 = take(written("pages", tmp_path / "v4"), tmp_path / "v4out")

    kept = [name for name in CELLS.names if name != "voorlopig"]
    assert texts(found.select(kept)) == texts(v4.select(kept))


def test_an_empty_cell_of_the_typed_set_is_unknown_and_that_is_reported(tmp_path: Path) -> None:
    taken = take_in(written_v3(TYPED, tmp_path / "in"), TABLE_ID, KNOWN, tmp_path / "out")

    statuses = read_cells(taken, "ouderen")["status"].to_pylist()
    assert set(statuses) == {"waargenomen", "geheim_of_onbekend"}
    assert [(entry.key, entry.severity) for entry in taken.findings] == [
        ("leeg in TypedDataSet", Severity.WARNING)
    ]


def test_what_the_table_says_of_itself_is_kept(tmp_path: Path) -> None:
    for form in FORMS:
        about = take_in(written(form, tmp_path / form), TABLE_ID, KNOWN, tmp_path / "out").about

        assert (about.modified, about.licence, about.rows) == (
            "2024-11-28T02:00:00",
            "CC BY 4.0",
            72,
        )


def test_a_source_that_did_not_change_is_not_read_again(tmp_path: Path) -> None:
    source = written("pages", tmp_path / "in")
    take(source, tmp_path / "out")
    before = (tmp_path / "out" / "cells").stat().st_ino

    take(source, tmp_path / "out")
    assert (tmp_path / "out" / "cells").stat().st_ino == before

    written("pages", source, Small(cells()[:-5]))
    assert take(source, tmp_path / "out").num_rows == 67


def test_cells_that_were_damaged_are_made_again(tmp_path: Path) -> None:
    source = written("pages", tmp_path / "in")
    taken = take_in(source, TABLE_ID, KNOWN, tmp_path / "out")
    whole = bytes_of(tmp_path / "out")
    taken.file("ouderen").write_bytes(b"PAR1")

    take(source, tmp_path / "out")

    assert bytes_of(tmp_path / "out") == whole


def test_what_a_killed_run_left_goes_and_a_failed_one_changes_nothing(tmp_path: Path) -> None:
    source = written("pages", tmp_path / "in")
    take(source, tmp_path / "out")
    whole = bytes_of(tmp_path / "out")
    (tmp_path / "out" / "cells.part-killed").mkdir()
    rows = cells()
    rows[-1]["Value"] = 7.0
    written("pages", source, Small(rows))

    with pytest.raises(SourceError, match="not a whole number"):
        take(source, tmp_path / "out")

    assert bytes_of(tmp_path / "out") == whole
    assert [path.name for path in (tmp_path / "out").glob("cells.part*")] == []


def test_a_key_that_stands_on_two_pages_is_found(tmp_path: Path) -> None:
    rows = cells()
    rows.append({**rows[0], "Id": 999})

    with pytest.raises(DuplicateKeyError, match="groep=studenten, kenmerk=totaal, maat=personen"):
        take(written("pages", tmp_path / "in", Small(rows)), tmp_path / "out")


def _without_page(folder: Path, number: int) -> None:
    (folder / OBSERVATIONS_SET / f"page-{number:05d}.json").unlink()


def _page(folder: Path) -> Path:
    return folder / OBSERVATIONS_SET / "page-00001.json"


def _edit(folder: Path, change: dict[str, Any]) -> None:
    document = json.loads(_page(folder).read_bytes())
    document["value"][0] |= change
    _page(folder).write_text(json.dumps(document), "utf-8")


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        ({"Onderwijs": "T1"}, SchemaError, "page-00001.json.*Onderwijs"),
        ({KENMERK: "K9"}, SourceError, "Kenmerken lacks 'K9'"),
        ({"Value": "veel"}, SchemaError, "page-00001.json.*float"),
        ({"Id": 1}, SourceError, "row number 1 stands there twice"),
        ({"Id": -4}, SourceError, "below 0"),
        ({"Value": None}, SourceError, "ValueAttribute is 'None'"),
        ({REGIO: None}, SchemaError, "RegioS"),
    ],
)
def test_a_wrong_row_is_refused_by_name(
    change: dict[str, Any], error: type[SpatialError], words: str, tmp_path: Path
) -> None:
    source = written("pages", tmp_path / "in")
    _edit(source, change)

    with pytest.raises(error, match=words):
        take(source, tmp_path / "out")


def test_padded_keys_of_a_page_are_the_same_keys(tmp_path: Path) -> None:
    source = written("pages", tmp_path / "in")
    _edit(source, {REGIO: "NL01  "})

    take(source, tmp_path / "out")
    take(written("csv", tmp_path / "plain"), tmp_path / "other")

    assert bytes_of(tmp_path / "out") == bytes_of(tmp_path / "other")


def test_a_sign_that_is_new_is_unknown_and_reported_under_its_name(tmp_path: Path) -> None:
    source = written("pages", tmp_path / "in")
    _edit(source, {"Value": None, "ValueAttribute": "Confidential"})

    taken = take_in(source, TABLE_ID, KNOWN, tmp_path / "out")

    assert [entry.key for entry in taken.findings] == [".", "Confidential"]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "no whole JSON document"),
        (b'{"value":[', "no whole JSON document"),
        (b"<html>504</html>", "no whole JSON document"),
        (b'{"error":{"code":"500"}}', "value"),
    ],
)
def test_a_page_that_is_no_page_is_refused_by_name(body: bytes, words: str, tmp_path: Path) -> None:
    source = written("pages", tmp_path / "in")
    _page(source).write_bytes(body)

    with pytest.raises(SourceError, match=f"page-00001.json.*{words}"):
        take(source, tmp_path / "out")


def test_a_packed_page_that_is_cut_off_is_refused(tmp_path: Path) -> None:
    source = written("packed", tmp_path / "in")
    page = source / OBSERVATIONS_SET / "page-00001.json.gz"
    page.write_bytes(page.read_bytes()[:-20])

    with pytest.raises(SourceError, match=r"page-00001.json.gz: cannot be read"):
        take(source, tmp_path / "out")


def test_a_last_page_that_is_missing_is_found(tmp_path: Path) -> None:
    source = written_v3(UNTYPED, tmp_path / "in")
    (source / UNTYPED / "page-00004.json").unlink()

    with pytest.raises(SourceError, match="points to another one"):
        take(source, tmp_path / "out")


def test_a_page_in_the_middle_that_is_missing_is_found(tmp_path: Path) -> None:
    source = written_v3(UNTYPED, tmp_path / "in")
    (source / UNTYPED / "page-00002.json").unlink()

    with pytest.raises(SourceError, match="page 2 is missing"):
        take(source, tmp_path / "out")


@pytest.mark.parametrize("form", FORMS)
def test_rows_that_are_missing_are_found_by_their_number(form: str, tmp_path: Path) -> None:
    rows = cells()
    table = Small(rows[:20] + rows[21:], count=72)

    with pytest.raises(SourceError, match="71 rows, but the source has 72, the first gap is after"):
        take(written(form, tmp_path / "in", table), tmp_path / "out")


def test_a_title_that_is_not_known_is_named(tmp_path: Path) -> None:
    titles = {**TITLES, GROEP: {"G1": "Zeelieden", "G2": "Piraten"}}

    with pytest.raises(UnknownMemberError, match=r"'Zeelieden'.*'Piraten'"):
        take(written("zip", tmp_path / "in", Small(titles=titles)), tmp_path / "out")


def test_a_zip_that_is_cut_off_is_refused(tmp_path: Path) -> None:
    source = written("zip", tmp_path / "in") / f"{TABLE_ID}.zip"
    source.write_bytes(source.read_bytes()[:-300])

    with pytest.raises(SourceError, match="zip"):
        take(source, tmp_path / "out")


def test_a_zip_with_a_damaged_member_is_refused(tmp_path: Path) -> None:
    source = written("zip", tmp_path / "in") / f"{TABLE_ID}.zip"
    with zipfile.ZipFile(source) as archive:
        member = archive.getinfo("Observations.csv")
    body = bytearray(source.read_bytes())
    body[member.header_offset + 200] ^= 0xFF
    source.write_bytes(bytes(body))

    with pytest.raises(SourceError, match=rf"{TABLE_ID}.zip cannot be read"):
        take(source, tmp_path / "out")


CSV = """\ufeff"Id","Measure","ValueAttribute","Value","Aandachtsgroepen","Kenmerken","RegioS","Perioden"
0,M1,None,"25,0",G1,K1,"GM0001  ",P1
1,M1,.,,G1,K1,GM0002,P1
2,M1,Impossible,,G1,K2,GM0002,P1
"""


def csv_folder(tmp_path: Path, text: str) -> Path:
    source = written("csv", tmp_path / "in")
    (source / "Properties.json").unlink()
    (source / f"{TABLE_ID}.csv").write_text(text, "utf-8")
    return source


def test_a_csv_may_have_a_bom_quotes_commas_and_padding(tmp_path: Path) -> None:
    found = take(csv_folder(tmp_path, CSV), tmp_path / "out")

    assert [(row["code"], row["waarde"], row["status"]) for row in found.to_pylist()] == [
        ("GM0002", None, "niet_van_toepassing"),
        ("GM0001", 25, "waargenomen"),
        ("GM0002", None, "geheim_of_onbekend"),
    ]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("Kenmerken", "Soort", r"lack \['Kenmerken'\] and have unknown \['Soort'\]"),
        ("GM0002,P1\n2", "GM0002\n2", "cannot be read.*Expected 8 columns"),
        ("0,M1", "nul,M1", "cannot be read.*nul"),
        ('"25,0"', '"25.000"', "neither a count"),
        ('\ufeff"Id"', "<html>", "lack"),
    ],
)
def test_a_csv_that_is_not_the_table_is_refused(
    old: str, new: str, words: str, tmp_path: Path
) -> None:
    with pytest.raises(SourceError, match=words):
        take(csv_folder(tmp_path, CSV.replace(old, new, 1)), tmp_path / "out")


def test_a_folder_without_rows_says_what_may_stand_there(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="expected one of Observations/page"):
        take(tmp_path, tmp_path / "out")


def test_a_download_that_was_not_finished_is_refused(tmp_path: Path) -> None:
    source = written("pages", tmp_path / "in")
    (source / "manifest.json").write_text(json.dumps({"complete": False}), "utf-8")

    with pytest.raises(SourceError, match="not all was fetched"):
        take(source, tmp_path / "out")


def test_a_part_of_a_table_is_not_held_against_the_size_of_the_whole(tmp_path: Path) -> None:
    source = written("pages", tmp_path / "in", Small(cells()[30:40], count=72))
    about = {"asked": {"select": "RegioS eq 'GM0001'"}, "url": "https://example.nl/85980NED"}
    (source / "manifest.json").write_text(json.dumps({"complete": True, "about": about}), "utf-8")

    assert take(source, tmp_path / "out").num_rows == 10


def test_another_table_is_refused(tmp_path: Path) -> None:
    source = written("pages", tmp_path / "in")

    with pytest.raises(SourceError, match="holds table 85980NED, not 12345NED"):
        take_in(source, "12345NED", KNOWN, tmp_path / "out")


def test_a_code_list_without_titles_is_refused_by_name(tmp_path: Path) -> None:
    source = written("pages", tmp_path / "in")
    (source / f"{CODES[PERIODE]}.json").write_text('{"value":[{"Identifier":"P1"}]}', "utf-8")

    with pytest.raises(SchemaError, match="PeriodenCodes: a row has no Title"):
        take(source, tmp_path / "out")


def test_measures_are_known_by_their_title_in_version_3(tmp_path: Path) -> None:
    found = take(written_v3(UNTYPED, tmp_path / "in"), tmp_path / "out")

    assert set(found["maat"].to_pylist()) == {"personen", "huishoudens"}
    assert MEASURE not in found.column_names


def test_cells_of_an_older_form_are_not_taken_for_cells(tmp_path: Path) -> None:
    take(written("pages", tmp_path / "in"), tmp_path / "out")
    manifest = tmp_path / "out" / "cells" / "manifest.json"
    manifest.write_text(
        manifest.read_text("utf-8").replace('"schemaVersion": 1', '"schemaVersion": 0')
    )

    assert read_taken(tmp_path / "out") is None
