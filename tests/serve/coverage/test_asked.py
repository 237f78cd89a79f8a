import math
from datetime import date

import pytest

from spatial.domain.crs import CRS84, RD, WEB_MERCATOR
from spatial.errors import QueryError
from spatial.serve.ask.query import Box, Interval
from spatial.serve.coverage.asked import Asked, parse_coverage


def test_nothing_asked_is_everything() -> None:
    assert parse_coverage([]).whole


def test_a_box_is_in_degrees_unless_said_otherwise() -> None:
    asked = parse_coverage([("bbox", "4,52,5,53")])

    assert asked.box == Box(4.0, 52.0, 5.0, 53.0, CRS84)


def test_a_box_in_another_reference_system_names_it_by_its_uri() -> None:
    asked = parse_coverage([("bbox", "1,2,3,4"), ("bbox-crs", WEB_MERCATOR.uri)])

    assert asked.box == Box(1.0, 2.0, 3.0, 4.0, WEB_MERCATOR)


def test_a_subset_names_its_axes_in_any_order() -> None:
    asked = parse_coverage([("subset", "N(480000:500000),E(110000:140000)")])

    assert asked == Asked(Box(110_000.0, 480_000.0, 140_000.0, 500_000.0, RD))


def test_a_subset_may_be_divided_over_parameters() -> None:
    asked = parse_coverage([("subset", "Lat(52:53)"), ("subset", "Lon(4:5)")])

    assert asked == Asked(Box(4.0, 52.0, 5.0, 53.0, CRS84))


def test_an_axis_that_is_not_named_has_no_ends() -> None:
    asked = parse_coverage([("subset", "X(*:140000)")])

    assert asked == Asked(Box(-math.inf, -math.inf, 140_000.0, math.inf, RD))


def test_a_point_on_an_axis_is_where_it_begins_and_ends() -> None:
    asked = parse_coverage([("subset", "E(120500)")])

    assert asked == Asked(Box(120_500.0, -math.inf, 120_500.0, math.inf, RD))


@pytest.mark.parametrize(
    ("subset", "interval"),
    [
        ('time("2020-01-01")', Interval(date(2020, 1, 1), date(2020, 1, 1))),
        ("time(2020-01-01)", Interval(date(2020, 1, 1), date(2020, 1, 1))),
        (
            'time("2020-01-01T00:00:00Z":"2021-01-01T00:00:00Z")',
            Interval(date(2020, 1, 1), date(2021, 1, 1)),
        ),
        ('time(*:"2021-01-01")', Interval(None, date(2021, 1, 1))),
        ("time(*)", Interval(None, None)),
    ],
)
def test_time_is_an_axis_too(subset: str, interval: Interval) -> None:
    assert parse_coverage([("subset", subset)]) == Asked(None, interval)


@pytest.mark.parametrize(
    "pairs",
    [
        [("f", "GTiff")],
        [("limit", "1")],
        [("bbox", "1,2,3")],
        [("bbox", "1,2,3,x")],
        [("bbox", "1,2,nan,4")],
        [("bbox", "1,2,3,4"), ("bbox", "1,2,3,4")],
        [("bbox-crs", RD.uri)],
        [("bbox", "1,2,3,4"), ("bbox-crs", "EPSG:28992")],
        [("bbox", "1,2,3,4"), ("subset", "E(1:2)")],
        [("datetime", "2020-01-01"), ("subset", "time(2020-01-01)")],
        [("datetime", "2020-13-01")],
        [("subset", "")],
        [("subset", "E")],
        [("subset", "E()")],
        [("subset", "E(1:2")],
        [("subset", "E(1:2),")],
        [("subset", "E(1:2)N(3:4)")],
        [("subset", "E(1:2:3)")],
        [("subset", "E(2:1)")],
        [("subset", "E(inf:1)")],
        [("subset", "E(1:2),E(1:2)")],
        [("subset", "E(1:2),X(1:2)")],
        [("subset", "E(1:2),Lat(1:2)")],
        [("subset", "height(1:2)")],
        [("subset", 'E("1":x)')],
    ],
)
def test_what_cannot_be_read_is_refused(pairs: list[tuple[str, str]]) -> None:
    with pytest.raises(QueryError):
        parse_coverage(pairs)
