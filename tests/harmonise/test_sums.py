"""Sums over regions: totals are the sum of the parts, and missing stays missing."""

from datetime import date
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spatial.domain.facts import Membership
from spatial.domain.regions import Indeling, Niveau
from spatial.domain.status import WITH_VALUE, Status, rounding_bounds
from spatial.domain.tables import OBSERVATIONS
from spatial.errors import RegisterError, SchemaError, UnknownRegionError
from spatial.harmonise.sums import sum_over

type Contributor = int | Status

SCHEMA = pa.schema(
    [
        (column.name, pa.date32() if column.type.startswith("date32") else column.type)
        for column in OBSERVATIONS.columns
    ]
)


def member(code: str, region: str, indeling: int = 2023) -> Membership:
    """Return a membership of a veiligheidsregio."""
    return Membership(Indeling(indeling), code, Niveau.VEILIGHEIDSREGIO, region, region, "", "")


MEMBERS = [
    member("GM0001", "VR01"),
    member("GM0002", "VR01"),
    member("GM0003", "VR01"),
    member("GM0004", "VR02"),
]


def row(code: str, cell: Contributor, **changes: Any) -> dict[str, Any]:
    """Return an observation; a status stands for a cell without a count."""
    value = None if isinstance(cell, Status) else cell
    low, high = (None, None) if value is None else rounding_bounds(value, 5)
    return {
        "bron": "85980NED",
        "groep": "ouderen",
        "kenmerk": "totaal",
        "maat": "personen",
        "niveau": "gemeente",
        "code": code,
        "begin": date(2023, 1, 1),
        "eind": date(2023, 1, 1),
        "indeling": 2023,
        "waarde": value,
        "status": str(cell if isinstance(cell, Status) else Status.WAARGENOMEN),
        "ondergrens": low,
        "bovengrens": high,
        "voorlopig": False,
        "herkomst": None,
    } | changes


def summed(*rows: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the sums per veiligheidsregio."""
    table = pa.Table.from_pylist(list(rows), schema=SCHEMA)
    found: list[dict[str, Any]] = sum_over(table, MEMBERS, Niveau.VEILIGHEIDSREGIO).to_pylist()
    return found


def of_three(*cells: Contributor) -> dict[str, Any]:
    """Return the sum of the gemeenten of VR01."""
    return summed(*(row(f"GM000{place}", cell) for place, cell in enumerate(cells, 1)))[0]


def test_a_sum_has_the_bounds_of_its_parts() -> None:
    found = of_three(10, 20, 0)

    assert (found["waarde"], found["ondergrens"], found["bovengrens"]) == (30, 26, 36)
    assert (found["niveau"], found["code"]) == ("veiligheidsregio", "VR01")
    assert (found["status"], found["herkomst"]) == ("opgeteld", "opgeteld uit 3 gemeenten")


@pytest.mark.parametrize(
    ("cells", "status"),
    [
        ((10, 20, Status.GEHEIM_OF_ONBEKEND), Status.GEHEIM_OF_ONBEKEND),
        ((10, 20, Status.TE_KLEIN), Status.GEHEIM_OF_ONBEKEND),
        ((Status.GEHEIM_OF_ONBEKEND, 20), Status.GEHEIM_OF_ONBEKEND),
        ((10, 20), Status.ONTBREEKT_IN_BRON),
        ((10, 20, Status.ONTBREEKT_IN_BRON), Status.ONTBREEKT_IN_BRON),
        ((10, 20, Status.NIET_VAN_TOEPASSING), Status.ONTBREEKT_IN_BRON),
        ((Status.NIET_VAN_TOEPASSING,) * 3, Status.NIET_VAN_TOEPASSING),
        ((Status.NIET_VAN_TOEPASSING,) * 2, Status.ONTBREEKT_IN_BRON),
    ],
)
def test_missing_in_is_missing_out(cells: tuple[Contributor, ...], status: Status) -> None:
    found = of_three(*cells)

    assert found["status"] == status
    assert [found[name] for name in ("waarde", "ondergrens", "bovengrens", "herkomst")] == [
        None
    ] * 4


def test_a_sum_with_an_estimate_is_an_estimate() -> None:
    rows = [row("GM0001", 10), row("GM0002", 20, status="geschat"), row("GM0003", 5)]

    assert summed(*rows)[0]["status"] == "geschat"


def test_a_sum_with_a_provisional_part_is_provisional() -> None:
    rows = [row("GM0001", 10), row("GM0002", 20, voorlopig=True), row("GM0003", 5)]

    assert [entry["voorlopig"] for entry in summed(*rows, row("GM0004", 10))] == [True, False]


def test_a_region_of_one_gemeente_says_so() -> None:
    assert summed(row("GM0004", 15))[0]["herkomst"] == "opgeteld uit 1 gemeente"


def test_figures_of_other_levels_and_indelingen_are_left_alone() -> None:
    elsewhere = row("GM0009", 90, indeling=2018, begin=date(2018, 1, 1), eind=date(2018, 1, 1))

    found = summed(row("NL01", 500, niveau="land"), elsewhere, row("GM0004", 15))

    assert [entry["waarde"] for entry in found] == [15]


def test_cells_and_periods_stay_apart() -> None:
    found = summed(
        row("GM0004", 15),
        row("GM0004", 20, kenmerk="koop"),
        row("GM0004", 25, begin=date(2022, 12, 31), eind=date(2023, 12, 31)),
    )

    assert [entry["waarde"] for entry in found] == [20, 25, 15]


def test_a_gemeente_without_a_region_is_refused() -> None:
    with pytest.raises(UnknownRegionError, match="GM0005 has figures in the indeling of 2023"):
        summed(row("GM0004", 15), row("GM0005", 15))


def test_a_level_without_memberships_is_refused() -> None:
    table = pa.Table.from_pylist([row("GM0004", 15)], schema=SCHEMA)

    with pytest.raises(RegisterError, match="corop"):
        sum_over(table, MEMBERS, Niveau.COROP)


def test_a_table_that_is_not_the_declared_one_is_refused() -> None:
    with pytest.raises(SchemaError, match="observations to add up"):
        sum_over(pa.table({"code": ["GM0001"]}), MEMBERS, Niveau.VEILIGHEIDSREGIO)


def test_nothing_to_add_gives_an_empty_table() -> None:
    assert summed() == []


CELL = st.one_of(
    st.integers(0, 10**6).map(lambda count: 5 * count),
    st.sampled_from(sorted(set(Status) - WITH_VALUE)),
)


@given(st.lists(CELL, min_size=1, max_size=3))
def test_a_total_is_the_sum_of_its_parts_or_nothing(cells: list[Contributor]) -> None:
    found = of_three(*cells)

    numbers = [cell for cell in cells if not isinstance(cell, Status)]
    expected = sum(numbers) if len(numbers) == 3 else None
    assert found["waarde"] == expected
    assert Status(found["status"]).has_value == (expected is not None)


@given(
    st.permutations(
        [
            row(code, 5 * place)
            for place, code in enumerate(("GM0001", "GM0002", "GM0003", "GM0004"))
        ]
    )
)
def test_the_order_of_the_rows_does_not_matter(rows: list[dict[str, Any]]) -> None:
    assert [entry["waarde"] for entry in summed(*rows)] == [15, 15]
