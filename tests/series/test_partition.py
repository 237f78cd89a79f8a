"""One partition: totals survive, missing stays missing, no row never becomes a zero, order is nothing."""

import pickle
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.fingerprint import fingerprint
from spatial.domain.crosswalk import CROSSWALK, PPM
from spatial.domain.status import WITH_VALUE, Status
from spatial.domain.tables import SERIES
from spatial.errors import DuplicateKeyError, SchemaError
from spatial.harmonise.kernel.regions import Naming
from spatial.harmonise.series import make_way
from spatial.pipeline.series.partition import harmonise
from tests.series.land import DIVIDED, Cell, cell, cells, plan_of

PLAN = plan_of()
GEMEENTEN = ("GM0001", "GM0002", "GM0003", "GM0004", "GM0005")


def series(*rows: dict[str, Any]) -> dict[tuple[str, str], dict[str, Any]]:
    """Return the series of cells, by code and kenmerk."""
    found = harmonise(cells(*rows), PLAN).to_pylist()
    return {(row["code"], row["kenmerk"]): row for row in found}


def everywhere(count: Cell = 100, **changes: Any) -> list[dict[str, Any]]:
    """Return a cell of every gemeente of 2020."""
    return [cell(code, count, **changes) for code in GEMEENTEN]


def test_every_level_of_the_new_indeling_is_there() -> None:
    assert {code for code, _ in series(*everywhere())} == {
        "GM0010", "GM0003", "GM0004", "PV20", "PV21",
    }  # fmt: skip


def test_a_sum_has_the_bounds_of_the_rounding_of_its_parts() -> None:
    found = series(cell("GM0001", 100), cell("GM0002", 0))["GM0010", "totaal"]

    assert (found["ondergrens"], found["waarde"], found["bovengrens"]) == (98, 100, 104)
    assert (found["status"], found["herkomst"]) == (Status.OPGETELD, "GM0001; GM0002")


def test_a_region_of_the_same_land_keeps_the_figure_of_the_source() -> None:
    found = series(*everywhere(), cell("PV20", 195))

    assert found["PV20", "totaal"]["waarde"] == 195
    assert found["PV21", "totaal"]["herkomst"] == "opgeteld uit 2 gemeenten"


def test_a_share_is_that_of_the_total_of_the_same_region() -> None:
    found = series(*everywhere(), *everywhere(25, kenmerk="koop"))["GM0010", "koop"]

    assert (found["aandeel"], found["aandeel_status"]) == (25.0, Status.BEREKEND)
    assert found["aandeel_ondergrens"] < 25 < found["aandeel_bovengrens"]


def test_the_total_itself_has_no_share() -> None:
    found = series(*everywhere())["GM0010", "totaal"]

    assert (found["aandeel"], found["aandeel_status"]) == (None, Status.NIET_VAN_TOEPASSING)


@pytest.mark.parametrize(
    ("totaal", "koop", "status"),
    [
        (Status.GEHEIM_OF_ONBEKEND, 25, Status.GEHEIM_OF_ONBEKEND),
        (100, Status.GEHEIM_OF_ONBEKEND, Status.GEHEIM_OF_ONBEKEND),
        (0, 0, Status.NIET_VAN_TOEPASSING),
        (10, 5, Status.TE_KLEIN),
        (100, 500, Status.NIET_VAN_TOEPASSING),
    ],
    ids=["secret-total", "secret-part", "nobody", "few", "more-than-the-total"],
)
def test_a_share_that_cannot_be_given_says_why(totaal: Cell, koop: Cell, status: Status) -> None:
    found = series(*everywhere(totaal), *everywhere(koop, kenmerk="koop"))["GM0010", "koop"]

    assert (found["aandeel"], found["aandeel_status"]) == (None, status)


def test_without_a_total_there_is_no_share() -> None:
    found = series(*everywhere(kenmerk="koop"))["GM0010", "koop"]

    assert (found["aandeel"], found["aandeel_status"]) == (None, Status.ONTBREEKT_IN_BRON)


def test_figures_of_a_later_indeling_are_not_divided_backward() -> None:
    later = cell("GM0010", 100, indeling=2023, begin=date(2023, 1, 1), eind=date(2023, 1, 1))

    assert not series(later)


def test_levels_that_the_source_lacks_are_summed_in_each_indeling() -> None:
    plan = replace(PLAN, summed=(DIVIDED,))

    found = harmonise(cells(*everywhere()), plan).to_pylist()

    assert {row["code"]: row["waarde"] for row in found}["PV21"] == 300


def test_the_weights_of_a_cell_are_those_of_the_night_of_its_split() -> None:
    before = [
        cell(code, 1000, begin=date(2020, 12, 31), eind=date(2020, 12, 31)) for code in GEMEENTEN
    ]
    new_year = {"begin": date(2021, 1, 1), "eind": date(2021, 1, 1), "indeling": 2021}
    after = [cell("GM0003", 1300, **new_year), cell("GM0004", 1700, **new_year)]

    general, own = (
        harmonise(cells(*before, *after), plan).to_pylist()
        for plan in (PLAN, plan_of(nights=(2020,)))
    )

    day = date(2020, 12, 31)
    assert [row["waarde"] for row in general if (row["code"], row["eind"]) == ("GM0003", day)] == [
        1600
    ]
    assert [row["waarde"] for row in own if (row["code"], row["eind"]) == ("GM0003", day)] == [1300]


def test_only_the_kenmerken_that_are_asked_for_are_given() -> None:
    rows = cells(*everywhere(), *everywhere(25, kenmerk="koop"), *everywhere(5, kenmerk="huur"))

    found = harmonise(rows, PLAN, {"koop"})

    assert set(found["kenmerk"].to_pylist()) == {"koop"}
    assert found["aandeel"].null_count == 0


def test_plan_and_function_can_be_sent_to_another_process() -> None:
    function, plan = pickle.loads(pickle.dumps((harmonise, PLAN)))  # noqa: S301 - our own

    assert function(cells(*everywhere()), plan).equals(harmonise(cells(*everywhere()), PLAN))


def test_nothing_gives_nothing() -> None:
    empty = harmonise(cells(), PLAN)

    assert (empty.num_rows, empty.column_names) == (0, SERIES.names)


def test_a_cell_twice_is_refused() -> None:
    with pytest.raises(DuplicateKeyError, match="more than once"):
        harmonise(cells(cell("GM0003", 5), cell("GM0003", 5)), PLAN)


def test_a_table_that_is_not_the_declared_one_is_refused() -> None:
    with pytest.raises(SchemaError, match="cells of a partition"):
        harmonise(pa.table({"code": ["GM0001"]}), PLAN)


# Laws

FEW = settings(max_examples=20, deadline=None)

COUNT = st.integers(0, 400).map(lambda fives: 5 * fives)
MISSING = st.sampled_from([Status.GEHEIM_OF_ONBEKEND, Status.NIET_VAN_TOEPASSING])
KENMERKEN = ("totaal", "koop", "huur")


@st.composite
def sources(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Draw cells of miniland: some without a number, some not there at all."""
    return [
        cell(code, draw(st.one_of(COUNT, COUNT, MISSING)), kenmerk=kenmerk)
        for kenmerk in KENMERKEN
        for code in GEMEENTEN
        if draw(st.integers(0, 5))
    ]


@FEW
@given(st.lists(COUNT, min_size=5, max_size=5))
def test_totals_survive(counts: list[int]) -> None:
    rows = [cell(code, count) for code, count in zip(GEMEENTEN, counts, strict=True)]

    found = harmonise(cells(*rows), PLAN).to_pylist()

    for niveau in ("gemeente", "provincie"):
        assert sum(row["waarde"] for row in found if row["niveau"] == niveau) == sum(counts)


@FEW
@given(sources(), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(rows: list[dict[str, Any]], random: Any) -> None:
    expected = harmonise(cells(*rows), PLAN)
    random.shuffle(rows)

    assert harmonise(cells(*rows), PLAN).equals(expected)


@FEW
@given(sources())
def test_a_kenmerk_does_not_depend_on_what_else_is_in_the_partition(
    rows: list[dict[str, Any]],
) -> None:
    together = harmonise(cells(*rows), PLAN)
    apart = [
        harmonise(cells(*(row for row in rows if row["kenmerk"] in {one, "totaal"})), PLAN, {one})
        for one in KENMERKEN
    ]

    assert fingerprint(pa.concat_tables(apart)) == fingerprint(together)


SOURCES_OF = {
    "GM0010": {"GM0001", "GM0002"},
    "GM0003": {"GM0003", "GM0005"},
    "GM0004": {"GM0004", "GM0005"},
    "PV20": {"GM0001", "GM0002"},
    "PV21": {"GM0003", "GM0004", "GM0005"},
}


@FEW
@given(sources())
def test_missing_never_becomes_a_number_and_no_row_never_a_zero(rows: list[dict[str, Any]]) -> None:
    found = harmonise(cells(*rows), PLAN).to_pylist()

    there = {(row["kenmerk"], row["code"]): Status(row["status"]) for row in rows}
    for row in found:
        contributors = [there.get((row["kenmerk"], code)) for code in SOURCES_OF[row["code"]]]
        assert any(contributors)
        whole = all(status in WITH_VALUE for status in contributors)
        for name in ("waarde", "ondergrens", "bovengrens"):
            assert (row[name] is not None) == whole
    given_for = {(row["kenmerk"], row["code"]) for row in found}
    for kenmerk in KENMERKEN:
        for code, olds in SOURCES_OF.items():
            assert ((kenmerk, code) in given_for) == any((kenmerk, old) in there for old in olds)


# Any level


@dataclass(frozen=True)
class Part:
    """A member of a region of any level."""

    indeling: int
    niveau: str
    code: str
    gemeente: str


@FEW
@given(st.integers(2, 40), st.data())
def test_buurten_are_carried_and_added_up_by_the_same_function(
    count: int, data: st.DataObject
) -> None:
    old = [f"BU00{number:06d}" for number in range(count)]
    new = [f"BU00{number:06d}" for number in range(1, count, 2)]
    links = [
        (2020, 2022, code, new[min(at // 2, len(new) - 1)], PPM, 0, "fusie", "exact", "x")
        for at, code in enumerate(old)
    ]
    types = {column.name: column.type for column in CROSSWALK.columns}
    crosswalk = pa.table(
        {
            name: pa.array(values, types[name])
            for name, values in zip(CROSSWALK.names, zip(*links, strict=True), strict=True)
        }
    )
    levels = ("wijk", "gemeente", "land-van-buurten")
    sizes = (10**4, 10**6, 10**8)
    parts = [
        Part(2022, niveau, f"{niveau[:2].upper()}{int(code[2:]) // size}", code)
        for niveau, size in zip(levels, sizes, strict=True)
        for code in new
    ]
    naming = Naming("buurt", "buurten")
    way = make_way(crosswalk, parts, levels, naming)
    plan = replace(PLAN, naming=naming, ways=(way,))
    counts = data.draw(st.lists(COUNT, min_size=count, max_size=count))
    rows = [cell(code, n, niveau="buurt") for code, n in zip(old, counts, strict=True)]

    found = harmonise(cells(*rows), plan).to_pylist()

    for niveau in ("buurt", *levels):
        assert sum(row["waarde"] for row in found if row["niveau"] == niveau) == sum(counts)
    assert {row["herkomst"] for row in found if row["niveau"] == levels[2]} == {
        f"opgeteld uit {len(new)} {'buurt' if len(new) == 1 else 'buurten'}"
    }
