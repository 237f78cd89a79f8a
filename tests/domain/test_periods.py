from datetime import date

import pytest

from spatial.domain.periods import (
    Period,
    moment,
    parse_half_year,
    parse_statline_title,
    reporting_year,
)
from spatial.errors import ValueParseError


def test_31_december_belongs_to_the_indeling_of_its_own_year() -> None:
    assert parse_statline_title("2020 december").indeling == 2020


def test_1_january_belongs_to_the_new_indeling() -> None:
    assert parse_statline_title("2021 januari").indeling == 2021


def test_a_provisional_mark_is_not_part_of_the_title() -> None:
    assert parse_statline_title("2023 januari**") == moment(date(2023, 1, 1))


@pytest.mark.parametrize("title", ["2023", "2023 maart", "januari 2023", "23 januari", ""])
def test_an_unknown_period_title_is_refused(title: str) -> None:
    with pytest.raises(ValueParseError, match="is not '<year> januari' or '<year> december'"):
        parse_statline_title(title)


def test_half_years_meet_without_overlap() -> None:
    first, second = parse_half_year("2022-1"), parse_half_year("2022-2")

    assert (first.begin, first.eind) == (date(2022, 1, 1), date(2022, 6, 30))
    assert (second.begin, second.eind) == (date(2022, 7, 1), date(2022, 12, 31))


@pytest.mark.parametrize("text", ["2022", "2022-3", "22-I", "2022-01", "x-1"])
def test_an_unknown_half_year_is_refused(text: str) -> None:
    with pytest.raises(ValueParseError, match="is not '<year>-1' or '<year>-2'"):
        parse_half_year(text)


def test_a_period_cannot_end_before_it_begins() -> None:
    with pytest.raises(ValueParseError, match="cannot end"):
        Period(date(2022, 1, 2), date(2022, 1, 1))


def test_a_reporting_year_is_an_interval_and_a_day_is_not() -> None:
    assert not reporting_year(2022).is_moment
    assert moment(date(2022, 1, 1)).is_moment
