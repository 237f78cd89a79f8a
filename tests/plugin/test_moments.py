"""Which peilmomenten are one layer, and when each row of it is drawn."""

from datetime import date, timedelta

import pytest
from aandachtsgroepen.moments import (
    Moment,
    Moments,
    Period,
    found_again,
    periods,
    read_moments,
)

from tests.plugin.documents import ROWS

JANUARY, DECEMBER = (1, 1), (12, 31)


def of(*days: date, without: frozenset[date] = frozenset()) -> Moments:
    return Moments(tuple(Moment(day, 10, 0 if day in without else 9) for day in days), example=True)


def both(*years: int) -> list[date]:
    return [date(year, *day) for year in years for day in (JANUARY, DECEMBER)]


HALVES = [date(year, month, 1) for year in (2021, 2022) for month in (1, 7)]


def test_rows_are_counted_per_peilmoment() -> None:
    found = read_moments(ROWS, "personen")

    assert found.all == (
        Moment(date(2021, 1, 1), 2, 1),
        Moment(date(2021, 12, 31), 1, 0),
        Moment(date(2022, 1, 1), 1, 1),
    )


def test_made_up_figures_are_known_by_their_source() -> None:
    assert read_moments(ROWS, "personen").example
    assert not read_moments(ROWS.replace("voorbeeldcijfers", "waargenomen"), "personen").example


def test_an_answer_without_the_indicator_is_refused() -> None:
    with pytest.raises(KeyError, match="huishoudens"):
        read_moments(ROWS, "huishoudens")


def test_the_newest_peilmoment_comes_first() -> None:
    single = [period.days[0] for period in periods(of(*both(2021, 2022))) if not period.series]

    assert single == sorted(both(2021, 2022), reverse=True)


def test_first_and_last_of_a_year_are_never_in_one_series() -> None:
    series = [period.days for period in periods(of(*both(2021, 2022))) if period.series]

    assert series == [
        (date(2021, 1, 1), date(2022, 1, 1)),
        (date(2021, 12, 31), date(2022, 12, 31)),
    ]


def test_half_years_are_one_series() -> None:
    first = periods(of(*HALVES))[0]

    assert (first.days, first.months, first.whole) == (tuple(HALVES), 6, True)


def test_a_series_has_only_peilmomenten_with_figures() -> None:
    empty = frozenset({date(2021, 1, 1), date(2022, 1, 1)})

    series = [entry for entry in periods(of(*both(2021, 2022), without=empty)) if entry.series]

    assert [period.days[0] for period in series] == [date(2021, 12, 31)]


def test_a_year_narrows_the_peilmomenten() -> None:
    found = periods(of(*both(2021, 2022)), 2022)

    assert [period.days for period in found] == [(date(2022, 12, 31),), (date(2022, 1, 1),)]


def test_a_peilmoment_is_selected_by_its_date() -> None:
    assert Period((date(2022, 1, 1),)).subset == "\"peilmoment\" = '2022-01-01'"


def test_a_series_is_selected_by_its_dates() -> None:
    assert Period((date(2021, 1, 1), date(2022, 1, 1)), 12).subset == (
        "\"peilmoment\" = '2021-01-01' OR \"peilmoment\" = '2022-01-01'"
    )


def test_what_is_all_there_is_needs_no_selection() -> None:
    assert Period(tuple(HALVES), 6, whole=True).subset == ""


@pytest.mark.parametrize("day", [JANUARY, DECEMBER])
def test_a_yearly_figure_is_drawn_in_its_calendar_year(day: tuple[int, int]) -> None:
    period = Period((date(2021, *day), date(2022, *day)), 12)

    assert period.times == (
        'make_datetime(year("peilmoment"), 1, 1, 0, 0, 0)',
        'make_datetime(year("peilmoment"), 12, 31, 23, 59, 59)',
    )
    assert (period.begin, period.end) == (date(2021, 1, 1), date(2022, 12, 31))


def test_a_figure_of_a_half_year_is_drawn_until_the_next() -> None:
    period = Period(tuple(HALVES), 6)

    assert period.times[1] == (
        'make_datetime(year("peilmoment") + (month("peilmoment") + 5) // 12, '
        "(month(\"peilmoment\") + 5) % 12 + 1, 1, 0, 0, 0) - to_interval('1 second')"
    )
    assert (period.begin, period.end) == (HALVES[0], date(2022, 12, 31))
    for day, following in zip(HALVES, [*HALVES[1:], date(2023, 1, 1)], strict=True):
        past = day.month + 5
        assert date(day.year + past // 12, past % 12 + 1, 1) == following
        assert following - timedelta(days=1) > day


def test_without_time_controller_the_newest_of_a_series_is_drawn() -> None:
    assert Period((date(2022, 1, 1),)).drawn == ""
    assert Period(tuple(HALVES), 6).drawn == (
        "@map_start_time IS NOT NULL OR \"peilmoment\" = '2022-07-01'"
    )


@pytest.mark.parametrize("days", [both(2021, 2022), HALVES, [date(2022, 1, 1)]])
def test_a_layer_finds_its_period_again(days: list[date]) -> None:
    moments = of(*days)

    for period in periods(moments):
        assert found_again(period.key, moments) == period


def test_a_series_takes_in_the_years_that_came_after_it() -> None:
    key = periods(of(*both(2021, 2022)))[0].key

    later = found_again(key, of(*both(2021, 2022, 2023)))

    assert later
    assert later.days[-1] == date(2023, 1, 1)


def test_a_peilmoment_that_went_is_not_found() -> None:
    assert found_again("2020-01-01", of(*both(2021))) is None
