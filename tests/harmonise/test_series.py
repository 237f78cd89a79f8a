"""Gemeenten and regions in one indeling: the figure of the source where the land is the same."""

from datetime import date

import pyarrow as pa
import pytest

from spatial.domain.crosswalk import CROSSWALK, PPM
from spatial.domain.facts import Membership
from spatial.domain.periods import moment
from spatial.domain.regions import Indeling, Niveau
from spatial.harmonise.kernel.levels import OWN_FIGURE
from spatial.harmonise.same_land import same_land
from spatial.harmonise.series import carry_all, make_way
from tests.miniland import indicators, observation, table

PERSONEN = indicators()[0]
OLD, NEW = 2020, 2022
BEFORE, AFTER = moment(date(OLD, 1, 1)), moment(date(NEW, 1, 1))


def member(year: int, gemeente: str, code: str) -> Membership:
    return Membership(Indeling(year), gemeente, Niveau.PROVINCIE, code, code, "zeker", "test")


def way(*rows: tuple[int, str, str, int]) -> pa.Table:
    """Crosswalk rows (old year, old code, new code, ppm) to the new indeling."""
    schema = pa.schema([(column.name, column.type) for column in CROSSWALK.columns])
    return pa.Table.from_pylist(
        [
            {
                "van_indeling": year, "naar_indeling": NEW, "van_code": old, "naar_code": new,
                "gewicht_ppm": ppm, "grens_ppm": 0, "samenhang": "fusie", "methode": "exact",
                "bron": "test",
            }
            for year, old, new, ppm in rows
        ],
        schema,
    )  # fmt: skip


WAY = way(
    (OLD, "GM0001", "GM0010", PPM), (OLD, "GM0002", "GM0010", PPM), (OLD, "GM0003", "GM0003", PPM),
    (NEW, "GM0010", "GM0010", PPM), (NEW, "GM0003", "GM0003", PPM),
)  # fmt: skip
INSIDE = [
    member(OLD, "GM0001", "PV20"), member(OLD, "GM0002", "PV20"), member(OLD, "GM0003", "PV21"),
    member(NEW, "GM0010", "PV20"), member(NEW, "GM0003", "PV21"),
]  # fmt: skip
ACROSS = [member(OLD, "GM0002", "PV21") if row.gemeente == "GM0002" else row for row in INSIDE]


def test_a_merger_inside_a_region_leaves_its_land_the_same() -> None:
    assert {("PV20", OLD), ("PV21", OLD)} <= same_land(INSIDE, WAY)


def test_a_merger_across_a_border_changes_both_regions() -> None:
    assert not {("PV20", OLD), ("PV21", OLD)} & same_land(ACROSS, WAY)


def test_a_split_over_two_regions_changes_both() -> None:
    split = way(
        (OLD, "GM0001", "GM0010", PPM // 2), (OLD, "GM0001", "GM0003", PPM // 2),
        (OLD, "GM0002", "GM0010", PPM), (OLD, "GM0003", "GM0003", PPM),
    )  # fmt: skip

    assert same_land(INSIDE, split) == set()


def figures(memberships: list[Membership], two: int | None) -> dict[str, dict[str, object]]:
    own = table(
        [
            observation(PERSONEN, "GM0001", BEFORE, 50),
            observation(PERSONEN, "GM0002", BEFORE, two),
            observation(PERSONEN, "GM0003", BEFORE, 30),
            observation(PERSONEN, "PV20", BEFORE, 75),
            observation(PERSONEN, "PV21", BEFORE, 30),
            observation(PERSONEN, "NL01", BEFORE, 105),
        ]
    )
    rest = [
        Membership(row.indeling, row.gemeente, niveau, f"{niveau.prefix}01", "x", "zeker", "test")
        for row in memberships
        for niveau in (Niveau.COROP, Niveau.VEILIGHEIDSREGIO)
    ]
    result = carry_all(own, make_way(WAY, [*memberships, *rest]))
    return {row["code"]: row for row in result.to_pylist()}


def test_a_region_that_kept_its_land_keeps_the_figure_of_the_source() -> None:
    found = figures(INSIDE, 20)["PV20"]

    assert (found["waarde"], found["status"], found["indeling"]) == (75, "waargenomen", NEW)
    assert found["herkomst"] == OWN_FIGURE


def test_its_own_figure_stays_also_when_a_gemeente_inside_is_secret() -> None:
    assert figures(INSIDE, None)["PV20"]["waarde"] == 75


def test_a_region_with_other_land_is_a_sum() -> None:
    found = figures(ACROSS, 20)["PV20"]

    assert (found["waarde"], found["status"]) == (70, "opgeteld")


@pytest.mark.parametrize("code", ["PV20", "CR01", "VR01"])
def test_a_sum_over_a_secret_gemeente_is_secret(code: str) -> None:
    found = figures(ACROSS, None)[code]

    assert (found["waarde"], found["status"]) == (None, "geheim_of_onbekend")


def test_the_land_always_keeps_its_own_figure() -> None:
    assert figures(ACROSS, None)["NL01"]["waarde"] == 105
