import pyarrow as pa
import pytest

from spatial.domain.facts import Inhabitants, Membership
from spatial.domain.regions import Indeling, Niveau
from spatial.errors import RegisterError
from spatial.harmonise.crosswalk import crosswalk
from spatial.harmonise.inhabitants import counted_inhabitants, on_borders_of_the_day, steps
from tests.miniland import CODES, REGISTER, SPLIT

NEWEST = Indeling(2022)
MEMBERS = [
    Membership(
        indeling, code, Niveau.PROVINCIE, "PV20" if code in west else "PV21", "x", "zeker", "test"
    )
    for indeling, codes in CODES.items()
    for west in [{"GM0001", "GM0002", "GM0010"}]
    for code in sorted(codes)
]
COUNTS = [
    Inhabitants(code, jaar, 100 * place, indeling, "test")
    for jaar, indeling in ((2021, Indeling(2022)), (2020, Indeling(2020)))
    for place, code in enumerate(sorted(CODES[indeling]), start=1)
]


def counted(counts: list[Inhabitants] = COUNTS) -> pa.Table:
    return counted_inhabitants(counts, MEMBERS, range(2020, 2023))


def cells(table: pa.Table) -> dict[tuple[str, str], tuple[object, object]]:
    """Return value and indeling by code and day."""
    return {
        (row["code"], str(row["eind"])): (row["waarde"], row["indeling"])
        for row in table.to_pylist()
    }


def own() -> dict[tuple[str, str], tuple[object, object]]:
    table = counted()
    ways = {
        (van, naar): crosswalk(REGISTER, CODES, van, naar, [SPLIT])[0] for van, naar in steps(table)
    }
    return cells(on_borders_of_the_day(table, MEMBERS, ways))


def test_a_count_stands_for_1_january_and_for_the_31_december_before() -> None:
    found = cells(counted())

    assert found["GM0010", "2021-01-01"] == found["GM0010", "2020-12-31"] == (300, 2022)


def test_regions_and_land_are_the_sums_of_all_their_gemeenten() -> None:
    found = cells(counted())

    assert found["PV21", "2021-01-01"] == (300, 2022)
    assert found["NL01", "2021-01-01"] == (600, 2022)


def test_a_region_with_a_gemeente_that_was_not_counted_has_no_sum() -> None:
    found = cells(counted([row for row in COUNTS if row.gemeente != "GM0003"]))

    assert found["PV21", "2021-01-01"][0] is None
    assert found["PV20", "2021-01-01"] == (300, 2022)
    assert found["NL01", "2021-01-01"][0] is None


def test_a_gemeente_that_is_another_area_on_the_day_has_no_row() -> None:
    found = own()

    assert ("GM0003", "2020-12-31") not in found  # received a part of GM0005 the next day
    assert found["GM0003", "2021-01-01"] == (100, 2021)
    assert ("GM0001", "2021-01-01") not in found  # counted together with GM0002


def test_a_region_that_is_the_same_land_has_its_sum_on_the_day() -> None:
    found = own()

    assert found["PV20", "2020-12-31"] == (300, 2020)
    assert found["PV21", "2020-12-31"] == (300, 2020)
    assert found["NL01", "2020-12-31"] == (600, 2020)


def test_a_count_on_borders_before_its_year_is_refused() -> None:
    with pytest.raises(RegisterError, match="on 1 January 2022 are on the borders of 2021"):
        counted([Inhabitants("GM0001", 2022, 5, Indeling(2021), "test")])
