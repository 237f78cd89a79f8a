import geopandas as gpd
import pandas as pd
import pytest
from shapely.geometry import box
from shapely.geometry.base import BaseGeometry

from spatial.domain.findings import Finding
from spatial.normalise.coverage import check_codes, check_coverage

X, Y = 120_000, 480_000
OUTER = box(X, Y, X + 5_000, Y + 5_000)


def table(*shapes: BaseGeometry, indeling: int = 2023) -> gpd.GeoDataFrame:
    codes = [f"GM{number:04}" for number in range(1, len(shapes) + 1)]
    columns = {"niveau": "gemeente", "code": codes, "naam": codes, "indeling": indeling}
    return gpd.GeoDataFrame(columns, geometry=list(shapes), crs=28992)


def strip(left: float, right: float) -> BaseGeometry:
    return box(X + left, Y, X + right, Y + 1_000)


def rules(findings: list[Finding]) -> list[tuple[str, str, str]]:
    return [(finding.severity.value, finding.key, finding.rule) for finding in findings]


def test_equal_codes_give_no_finding() -> None:
    assert check_codes(table(strip(0, 1)), frozenset({"GM0001"})) == []


def test_missing_and_unknown_codes_are_errors_by_code_and_year() -> None:
    findings = check_codes(table(strip(0, 1), strip(1, 2)), frozenset({"GM0002", "GM0003"}))

    assert rules(findings) == [
        ("error", "GM0001", "unknown-code"),
        ("error", "GM0003", "missing-code"),
    ]
    assert {finding.where for finding in findings} == {"grenzen 2023"}


def test_an_empty_table_lacks_every_code() -> None:
    findings = check_codes(table(strip(0, 1)).iloc[:0], frozenset({"GM0001"}))

    assert rules(findings) == [("error", "GM0001", "missing-code")]


def test_regions_that_share_their_border_give_no_finding() -> None:
    assert check_coverage(table(strip(0, 1_000), strip(1_000, 2_000))) == []


def test_an_overlap_is_a_warning_with_its_area() -> None:
    (finding,) = check_coverage(table(strip(0, 1_050), strip(1_000, 2_000)))

    assert rules([finding]) == [("warning", "GM0001 GM0002", "overlap")]
    assert finding.message == "1 of together 5.0000 ha; the largest is 5.0000 ha"


def test_an_overlap_over_the_limit_is_an_error() -> None:
    findings = check_coverage(table(strip(0, 1_050), strip(1_000, 2_000)), max_overlap_ha=4.0)

    assert [finding.severity for finding in findings] == ["warning", "error"]
    assert findings[1].message == "5.0 ha, more than 4 ha; mean width 47.6 m"


def test_a_region_under_another_is_an_overlap() -> None:
    findings = check_coverage(table(OUTER, box(X + 1_000, Y + 1_000, X + 2_000, Y + 2_000)))

    assert ("error", "GM0001 GM0002", "overlap") in rules(findings)


def test_an_overlap_of_dust_is_only_information() -> None:
    findings = check_coverage(table(strip(0, 1_000.02), strip(1_000, 2_000)))

    assert rules(findings) == [("info", "GM0001 GM0002", "overlap")]


def test_borders_with_other_points_but_no_area_between_are_no_overlap() -> None:
    lower, upper = box(X, Y, X + 500, Y + 1_000), box(X + 500, Y, X + 1_000, Y + 500)

    assert check_coverage(table(lower, upper)) == []


@pytest.mark.parametrize(
    ("width_m", "found"),
    [(0.5, [("info", "gap")]), (5.0, [("warning", "gap")]), (1_000.0, [])],
)
def test_a_hole_is_dust_gap_or_water_by_its_width(
    width_m: float, found: list[tuple[str, str]]
) -> None:
    hole = box(X + 1_000, Y + 1_000, X + 1_000 + width_m, Y + 3_000)

    findings = check_coverage(table(OUTER - hole))

    assert [(finding.severity.value, finding.rule) for finding in findings] == found


def test_a_long_thin_gap_over_the_limit_is_an_error() -> None:
    hole = box(X + 1_000, Y + 1_000, X + 1_015, Y + 4_500)

    findings = check_coverage(table(OUTER - hole))

    assert rules(findings)[1] == ("error", f"x={X + 1008} y={Y + 2750}", "gap")


def test_a_small_round_hole_is_a_gap() -> None:
    hole = box(X + 1_000, Y + 1_000, X + 1_200, Y + 1_200)

    assert [finding.rule for finding in check_coverage(table(OUTER - hole))] == ["gap"]


def test_indelingen_are_looked_at_apart() -> None:
    both = table(strip(0, 1_000)), table(strip(500, 1_500), indeling=2022)

    assert check_coverage(pd.concat(both, ignore_index=True)) == []
