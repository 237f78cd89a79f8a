"""The cube: every row comes back as it was, in whatever order rows come; and what it refuses."""

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spatial.domain.regions import Niveau
from spatial.domain.status import OF_FIGURES, WITH_VALUE
from spatial.errors import DuplicateKeyError, StoreError
from spatial.store.cube.axes import Key, id_of, key_of, plain_name, safe_name
from spatial.store.cube.partitions import PARTITIONS, write_partitions
from spatial.store.cube.read import Cell, Cube
from spatial.store.cube.rows import Rows
from spatial.store.cube.write import CUBE, INDEX, write_cube
from tests.miniland import observations, table

_ROUNDING = {"85980NED": 5}
_DAY = date(2022, 1, 1)
_REGIONS = pa.table(
    {
        "niveau": ["gemeente"],
        "code": ["GM0003"],
        "indeling": pa.array([2022], pa.int32()),
        "naam": ["Midden"],
        "grens": ["GM0003-2022-01-01"],
    }
)
_NAMES = ("groep", "kenmerk", "maat", "niveau", "code", "begin", "eind", "indeling")
_PUBLISHED = {
    "code": "regioCode", "begin": "periodeBegin", "eind": "periodeEind",
    "ondergrens": "min", "bovengrens": "max",
}  # fmt: skip


def written(folder: Path, rows: pa.Table, rounding: dict[str, int] = _ROUNDING) -> Cube:
    write_cube(folder, lambda: iter(rows.to_batches(max_chunksize=7)), _REGIONS, rounding)
    return Cube(folder)


def rows_of(cube: Cube) -> pa.Table:
    """All rows of a cube, under the names of the long table."""
    positions = np.flatnonzero(cube.states)
    names = [*_NAMES, "waarde", "status", "ondergrens", "bovengrens", "voorlopig", "bron"]
    found = Rows(cube, dict.fromkeys(_ROUNDING, "officieel")).batch(
        positions, [_PUBLISHED.get(name, name) for name in names], named=False
    )
    return pa.Table.from_batches([found]).rename_columns(names)


def in_order(rows: pa.Table) -> list[dict[str, Any]]:
    return sorted(rows.to_pylist(), key=lambda found: tuple(found[name] for name in _NAMES))


def row(**changed: object) -> dict[str, object]:
    """One row of the long table."""
    usual: dict[str, object] = {
        "bron": "85980NED", "groep": "ouderen", "kenmerk": "totaal", "maat": "personen",
        "niveau": "gemeente", "code": "GM0003", "begin": _DAY, "eind": _DAY, "indeling": 2022,
        "waarde": 10, "status": "waargenomen", "ondergrens": 8, "bovengrens": 12, "voorlopig": False,
        "herkomst": None,
    }  # fmt: skip
    return usual | changed


def key(**changed: object) -> Key:
    usual: dict[str, Any] = {
        "groep": "ouderen", "kenmerk": "totaal", "maat": "personen", "code": "GM0003",
        "begin": _DAY, "eind": _DAY, "indeling": 2022,
    }  # fmt: skip
    return Key(**(usual | changed))


def test_every_row_comes_back_as_it_was(tmp_path: Path) -> None:
    rows = observations()
    cube = written(tmp_path, rows)
    assert in_order(rows_of(cube)) == in_order(rows.drop_columns(["herkomst"]).select(
        rows_of(cube).column_names
    ))  # fmt: skip


@st.composite
def _cells(draw: st.DrawFn) -> list[dict[str, object]]:
    """Rows with any status, value and bounds that go together; each cell once."""
    keys = draw(
        st.lists(
            st.tuples(
                st.sampled_from(["a", "b"]), st.sampled_from(["x", "y"]),
                st.sampled_from(["GM0001", "GM0002"]), st.sampled_from([2020, 2021, 2022]),
            ),
            unique=True,
        )
    )  # fmt: skip
    found = []
    for groep, kenmerk, code, year in keys:
        status = draw(st.sampled_from(OF_FIGURES))
        value = draw(st.integers(-(2**31) + 1, 2**31 - 1)) if status in WITH_VALUE else None
        low = None if value is None else draw(st.integers(-(2**31) + 1, value))
        high = None if value is None else draw(st.integers(value, 2**31 - 1))
        day = date(year, 1, 1)
        found.append(
            row(
                groep=groep, kenmerk=kenmerk, code=code, begin=day, eind=day, indeling=year,
                waarde=value, ondergrens=low, bovengrens=high, status=status.value,
                voorlopig=draw(st.booleans()),
            )
        )  # fmt: skip
    return found


@settings(max_examples=30)
@given(rows=_cells(), order=st.randoms(use_true_random=False))
def test_any_rows_in_any_order_give_the_same_cube(
    rows: list[dict[str, object]], order: Any, tmp_path_factory: pytest.TempPathFactory
) -> None:
    shuffled = list(rows)
    order.shuffle(shuffled)
    one, other = (tmp_path_factory.mktemp("cube") for _ in range(2))
    cube = written(one, table(rows))
    written(other, table(shuffled))
    names = sorted(path.name for path in (one / CUBE).iterdir())
    for name in names:
        assert (one / CUBE / name).read_bytes() == (other / CUBE / name).read_bytes(), name
    assert in_order(rows_of(cube)) == in_order(
        table(rows).drop_columns(["herkomst"]).select(rows_of(cube).column_names)
    )


def test_a_cell_without_row_is_none_and_never_zero(tmp_path: Path) -> None:
    rows = [row(), row(kenmerk="huur", code="GM0004", niveau="gemeente")]
    cube = written(tmp_path, table(rows))
    assert cube.cell(key(kenmerk="huur")) is None
    assert cube.cell(key()) == Cell(10, "waargenomen", 8, 12, voorlopig=False)
    assert len(rows_of(cube)) == cube.rows == len(rows)


def test_a_confidential_cell_has_no_number_and_no_bounds(tmp_path: Path) -> None:
    hidden = row(waarde=None, ondergrens=None, bovengrens=None, status="geheim_of_onbekend")
    cube = written(tmp_path, table([hidden]))
    assert cube.cell(key()) == Cell(None, "geheim_of_onbekend", None, None, voorlopig=False)


def test_a_series_has_the_periods_of_one_region_by_time(tmp_path: Path) -> None:
    years = [2022, 2020, 2021]
    rows = [
        row(begin=date(year, 1, 1), eind=date(year, 1, 1), indeling=year, waarde=year * 5,
            ondergrens=year * 5 - 2, bovengrens=year * 5 + 2)
        for year in years
    ]  # fmt: skip
    cube = written(tmp_path, table([*rows, row(code="GM0004")]))
    series = cube.series("ouderen", "totaal", "personen", "GM0003")
    assert [(found.begin.year, cell.waarde) for found, cell in series.items()] == [
        (2020, 10100), (2021, 10105), (2022, 10110),
    ]  # fmt: skip


def test_a_map_has_all_regions_of_a_level_at_one_moment(tmp_path: Path) -> None:
    cube = written(tmp_path, observations())
    places, cells = cube.map(("ouderen", "totaal", "personen"), Niveau.GEMEENTE, date(2020, 1, 1))
    codes = cube.axes.places["code"].take(pa.array(places)).to_pylist()
    values = [cell and cell.waarde for cell in cells.cells()]
    assert dict(zip(codes, values, strict=True)) == {
        "GM0001": 120, "GM0002": None, "GM0003": 60, "GM0004": 200, "GM0005": 80,
    }  # fmt: skip


def test_bounds_of_cells_as_read_follow_from_rounding(tmp_path: Path) -> None:
    rows = table([row(waarde=0), row(waarde=10, kenmerk="huur")])
    read = rows.drop_columns(["ondergrens", "bovengrens", "herkomst"])
    cube = written(tmp_path, read)
    assert cube.cell(key()) == Cell(0, "waargenomen", 0, 2, voorlopig=False)
    assert cube.cell(key(kenmerk="huur")) == Cell(10, "waargenomen", 8, 12, voorlopig=False)


def test_a_sum_as_read_is_refused_without_its_bounds(tmp_path: Path) -> None:
    rows = table([row(status="opgeteld")]).drop_columns(["ondergrens", "bovengrens"])
    with pytest.raises(StoreError, match="bounds of a number that was not observed"):
        written(tmp_path, rows)


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([row(waarde=None)], "status waargenomen and value"),
        ([row(status="geheim_of_onbekend")], "status geheim_of_onbekend and value 10"),
        ([row(ondergrens=None)], "bounds"),
        ([row(status="onzin")], "'onzin'"),
        ([row(niveau="onzin")], "'onzin' is not a level"),
        ([row(waarde=2**31)], "does not fit"),
        ([row(bron="elders")], "elders"),
        ([row(code=None)], "'code' has 1 empty"),
    ],
)
def test_rows_that_say_something_else_than_a_cell_are_refused(
    rows: list[dict[str, object]], message: str, tmp_path: Path
) -> None:
    with pytest.raises(StoreError, match=message):
        written(tmp_path, table(rows))


def test_one_subject_from_two_sources_is_refused(tmp_path: Path) -> None:
    rows = table([row(), row(bron="elders", code="GM0004")])
    with pytest.raises(StoreError, match="two sources"):
        written(tmp_path, rows, {"85980NED": 5, "elders": 1})


@pytest.mark.parametrize("between", [0, 20])
def test_two_rows_about_one_cell_are_named(between: int, tmp_path: Path) -> None:
    others = [row(kenmerk=f"k{number}") for number in range(between)]
    with pytest.raises(
        DuplicateKeyError, match=r"ouderen\.totaal\.personen\.GM0003\.2022-01-01\.2022"
    ):
        written(tmp_path, table([row(), *others, row(waarde=20, ondergrens=18, bovengrens=22)]))


def test_a_cube_without_rows_is_read_as_one(tmp_path: Path) -> None:
    cube = written(tmp_path, table([]))
    assert cube.rows == 0
    assert cube.cell(key()) is None
    assert cube.series("ouderen", "totaal", "personen", "GM0003") == {}


def test_a_damaged_cube_is_an_error_of_the_store(tmp_path: Path) -> None:
    written(tmp_path, table([row()]))
    (tmp_path / CUBE / INDEX).write_text("{}")
    with pytest.raises(StoreError, match="cube"):
        Cube(tmp_path)


def test_the_numbers_of_a_group_are_counted_by_subject_and_place(tmp_path: Path) -> None:
    rows = [row(), row(kenmerk="huur"), row(kenmerk="huur", code="GM0004")]
    cube = written(tmp_path, table(rows))
    by_subject, by_place = cube.counts(cube.axes.blocks[0])
    assert (by_subject.tolist(), by_place.tolist()) == ([2, 1], [2, 1])


_TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)


@given(groep=_TEXT, kenmerk=_TEXT, code=_TEXT, days=st.tuples(st.dates(), st.dates()))
def test_the_name_of_a_cell_tells_its_key(
    groep: str, kenmerk: str, code: str, days: tuple[date, date]
) -> None:
    found = key(groep=groep, kenmerk=kenmerk, code=code, begin=days[0], eind=days[1], indeling=2022)
    name = id_of(found)
    assert key_of(name) == found
    assert plain_name(safe_name(kenmerk)) == kenmerk
    assert "/" not in name


@pytest.mark.parametrize(
    "name",
    ["", "a.b", "a.b.c.d.2022-01-01.20222", "a.b.c.d.2022-13-01.2022", "a.b=2.c.d.2022-01-01.2022"],
)
def test_what_is_no_name_of_a_cell_tells_no_key(name: str) -> None:
    assert key_of(name) is None


@pytest.fixture(scope="module")
def partitions(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, pa.Table]:
    """The files of a cube of two groups, and its rows."""
    folder = tmp_path_factory.mktemp("cube")
    rows = observations()
    students = rows.set_column(1, "groep", pa.array(["studenten"] * rows.num_rows, pa.string()))
    cube = written(folder, pa.concat_tables([rows, students]))
    statuses = {"85980NED": "voorbeeldcijfers"}
    write_partitions(folder, Rows(cube, statuses), {"meldingen": "Voorbeeldcijfers."})
    return folder / PARTITIONS, rows_of(cube)


def test_partitions_hold_every_row_under_its_group(partitions: tuple[Path, pa.Table]) -> None:
    folder, rows = partitions
    found = ds.dataset(folder, partitioning="hive").to_table()
    counts = {
        entry["values"]: entry["counts"] for entry in pc.value_counts(found["groep"]).to_pylist()
    }
    assert counts == {"ouderen": rows.num_rows // 2, "studenten": rows.num_rows // 2}
    assert sorted(found["waarde"].drop_null().to_pylist()) == sorted(
        rows["waarde"].drop_null().to_pylist()
    )
    assert set(found["bronStatus"].to_pylist()) == {"voorbeeldcijfers"}


def test_partitions_say_what_must_be_said_beside_the_figures(
    partitions: tuple[Path, pa.Table],
) -> None:
    metadata = pq.read_schema(partitions[0] / "groep=ouderen" / "part-0.parquet").metadata
    assert metadata[b"meldingen"] == b"Voorbeeldcijfers."


def test_row_groups_have_whole_subjects_whose_statistics_tell_them_apart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("spatial.store.cube.partitions._ROW_GROUP", 10)
    cube = written(tmp_path, observations())
    write_partitions(tmp_path, Rows(cube, {"85980NED": "officieel"}), {})
    file = pq.ParquetFile(tmp_path / PARTITIONS / "groep=ouderen" / "part-0.parquet")
    place = file.schema_arrow.get_field_index("kenmerk")
    spans = []
    for number in range(file.num_row_groups):
        statistics = file.metadata.row_group(number).column(place).statistics
        spans.append((statistics.min, statistics.max))
    assert file.num_row_groups > 1
    assert spans == sorted(spans)
    assert len({low for low, _ in spans}) > 1
