"""Partitions as files: bounded pieces, the same bytes, nothing half-written."""

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.fingerprint import fingerprint, together
from spatial.domain.tables import SERIES
from spatial.errors import SettingsError, SourceError
from spatial.pipeline.engines.choose import choose_engine
from spatial.pipeline.engines.local import LocalEngine
from spatial.pipeline.series.files import CellsTable, Task, pieces, write_series
from spatial.pipeline.series.folder import write_all, years_of
from spatial.pipeline.series.partition import harmonise
from tests.series.land import cell, cells, plan_of

PLAN = plan_of(most_rows=12)
KENMERKEN = ("totaal", "koop", "huur", "anders", "laatste")
ROWS = [
    cell(code, 5 * place, kenmerk=kenmerk)
    for kenmerk in KENMERKEN
    for place, code in enumerate(("GM0001", "GM0002", "GM0003", "GM0004", "GM0005"), 7)
]


def source(folder: Path, rows: list[dict[str, object]], *, group_rows: int = 5) -> Path:
    """Write cells as a partition, and return its folder."""
    part = folder / "groep=ouderen" / "part-0.parquet"
    part.parent.mkdir(parents=True)
    table = cells(*rows).drop_columns(["groep"])
    pq.write_table(table, part, row_group_size=group_rows)
    return folder


def written(folder: Path) -> pa.Table:
    """Return the series of a folder, without its group."""
    table = pq.ParquetFile(folder / "groep=ouderen" / "part-0.parquet").read()
    assert table.column_names == [name for name in SERIES.names if name != "groep"]
    return table


def test_pieces_give_the_same_as_all_at_once(tmp_path: Path) -> None:
    write_all(source(tmp_path / "cells", ROWS), tmp_path / "out", PLAN, LocalEngine(1))

    whole = harmonise(cells(*ROWS), PLAN).drop_columns(["groep"])
    assert fingerprint(written(tmp_path / "out")) == fingerprint(whole)


@pytest.mark.parametrize("rows", [ROWS, ROWS[::-1], ROWS[::2] + ROWS[1::2]])
def test_the_bytes_do_not_depend_on_the_order_of_rows(
    tmp_path: Path, rows: list[dict[str, object]]
) -> None:
    task = Task("ouderen", Path(), tmp_path / "a.parquet")
    expected = write_series(CellsTable(cells(*ROWS)), PLAN, task)

    [found] = write_all(source(tmp_path / "cells", rows), tmp_path / "out", PLAN, LocalEngine(1))

    assert found == expected


def test_the_manifest_names_the_files_and_what_kind_of_figures_they_hold(tmp_path: Path) -> None:
    [found] = write_all(source(tmp_path / "cells", ROWS), tmp_path / "out", PLAN, LocalEngine(1))

    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text("utf-8"))
    assert manifest["partitions"] == [
        {"groep": "ouderen", "rows": found.rows, "sha256": found.sha256}
    ]
    assert (manifest["status"], manifest["indelingen"]) == ("voorbeeldcijfers", [2022])
    metadata = pq.read_schema(tmp_path / "out/groep=ouderen/part-0.parquet").metadata
    assert b"Voorbeeldcijfers" in metadata[b"melding"]


def test_a_partition_that_fails_leaves_no_file(tmp_path: Path) -> None:
    rows = [*ROWS, cell("GM0999", 5, kenmerk="zz")]

    with pytest.raises(Exception, match="GM0999"):
        write_all(source(tmp_path / "cells", rows), tmp_path / "out", PLAN, LocalEngine(1))

    assert not list((tmp_path / "out").glob("**/part-0.parquet"))


def test_a_folder_without_partitions_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no partitions"):
        write_all(tmp_path, tmp_path / "out", PLAN, LocalEngine(1))


def test_a_file_that_is_no_parquet_is_named(tmp_path: Path) -> None:
    part = tmp_path / "groep=ouderen" / "part-0.parquet"
    part.parent.mkdir()
    part.write_bytes(b"no")

    with pytest.raises(SourceError, match=r"groep=ouderen/part-0\.parquet cannot be read"):
        write_all(tmp_path, tmp_path / "out", PLAN, LocalEngine(1))


@given(st.dictionaries(st.text("abc", min_size=1), st.integers(1, 30)), st.integers(1, 40))
def test_pieces_are_all_kenmerken_once_and_within_bounds(counts: dict[str, int], most: int) -> None:
    found = list(pieces(counts, most))

    assert [kenmerk for piece in found for kenmerk in sorted(piece)] == sorted(counts)
    assert all(len(piece) == 1 or sum(counts[one] for one in piece) <= most for piece in found)


def test_fingerprints_tell_cells_apart_but_not_rows() -> None:
    one, other = cells(*ROWS), cells(*ROWS[::-1])
    changed = cells(*ROWS[1:], {**ROWS[0], "waarde": 40})

    assert fingerprint(one) == fingerprint(other) != fingerprint(changed)
    assert together(fingerprint(cells(*ROWS[:3])), fingerprint(cells(*ROWS[3:]))) == fingerprint(
        one
    )


@pytest.mark.parametrize("address", ["", "local[x]", "ray://here", "dask:", "spark"])
def test_an_engine_that_does_not_exist_is_refused(address: str) -> None:
    with pytest.raises(SettingsError, match="is not one of"):
        choose_engine(address)


def test_an_engine_without_its_package_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pyspark.sql", None)
    monkeypatch.delitem(__import__("sys").modules, "spatial.pipeline.engines.spark", raising=False)

    with pytest.raises(SettingsError, match=r"pip install 'aandachtsgroepen-in-kaart\[spark\]'"):
        choose_engine("spark://local[2]")


def test_the_years_of_a_folder_are_those_of_its_cells(tmp_path: Path) -> None:
    later = cell("GM0010", 5, indeling=2022)

    assert years_of(source(tmp_path, [*ROWS, later])) == [2020, 2021, 2022]


def test_a_folder_that_does_not_say_its_years_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="which years"):
        years_of(tmp_path)
