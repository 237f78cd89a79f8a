"""When features are drawn; what QGIS makes of it is in ``tests/contract/test_qgis_files.py``."""

import xml.etree.ElementTree as ET

import pytest

from spatial.errors import UnknownMemberError
from spatial.qgis.temporal import FIRST_DAY, LAST_DAY, day_of, temporal_element, validity


@pytest.mark.parametrize(
    ("indicator", "day"),
    [
        ("personen", FIRST_DAY),
        ("aandeelCorporatie", FIRST_DAY),
        ("personenVerschilSindsVorige", FIRST_DAY),
        ("vrijgekomenCorporatiewoningen", LAST_DAY),
        ("aandeelVrijgekomenCorporatiewoningen", LAST_DAY),
        ("aandeelVrijgekomenCorporatiewoningenTegenLand", LAST_DAY),
    ],
)
def test_a_stock_is_drawn_of_the_first_day_of_a_year_and_what_flows_of_the_last(
    indicator: str, day: tuple[int, int]
) -> None:
    assert day_of(indicator) == day


def test_an_indicator_that_is_not_in_the_catalogue_is_named() -> None:
    with pytest.raises(UnknownMemberError, match="'appels'"):
        day_of("appels")


def test_of_moments_one_day_is_drawn_for_the_whole_of_its_year() -> None:
    shown = validity("peilmoment", "peilmoment", LAST_DAY)

    assert shown.chosen == 'month("peilmoment") = 12 AND day("peilmoment") = 31'
    assert shown.begin == (
        f'CASE WHEN {shown.chosen} THEN make_datetime(year("peilmoment"),1,1,0,0,0) END'
    )
    assert shown.end == 'make_datetime(year("peilmoment"),12,31,23,59,59)'


def test_a_period_is_drawn_from_its_first_day_to_the_end_of_its_last() -> None:
    shown = validity("periodeBegin", "periodeEind", FIRST_DAY)

    assert shown.begin.endswith('day("periodeBegin"),0,0,0)')
    assert shown.end.endswith('day("periodeEind"),23,59,59)')
    assert not shown.chosen


def test_the_element_says_it_with_expressions() -> None:
    shown = validity("datum", "datum")

    element = temporal_element(shown)

    assert (element.get("enabled"), element.get("mode")) == ("1", "4")
    assert (element.get("startExpression"), element.get("endExpression")) == (
        shown.begin,
        shown.end,
    )
    assert b"<fixedRange><start /><end /></fixedRange>" in ET.tostring(element)


def test_without_a_time_a_layer_is_always_drawn() -> None:
    element = temporal_element(None)

    assert (element.get("enabled"), element.get("startExpression")) == ("0", "")
