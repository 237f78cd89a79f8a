from datetime import date

import pytest

from spatial.preview.wording import (
    capitalised,
    decimals_of,
    dutch_date,
    dutch_half_year,
    dutch_number,
    with_unit,
)


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [(0, 0, "0"), (1234567, 0, "1.234.567"), (12.3, 1, "12,3"), (-1234.5, 1, "-1.234,5")],
    ids=["zero", "millions", "share", "negative"],
)
def test_numbers_are_written_the_dutch_way(value: float, decimals: int, text: str) -> None:
    assert dutch_number(value, decimals) == text


def test_days_and_half_years_have_dutch_names() -> None:
    assert dutch_date(date(2022, 3, 1)) == "1 maart 2022"
    assert dutch_half_year(date(2022, 1, 1)) == "1e halfjaar 2022"
    assert dutch_half_year(date(2022, 7, 1)) == "2e halfjaar 2022"


@pytest.mark.parametrize(
    ("rounding", "decimals"), [(5.0, 0), (1.0, 0), (0.1, 1), (0.01, 2)], ids=str
)
def test_decimals_follow_from_the_rounding_base(rounding: float, decimals: int) -> None:
    assert decimals_of(rounding) == decimals


def test_a_unit_stands_behind_the_number_when_there_is_one() -> None:
    assert with_unit("5", "personen") == "5 personen"
    assert with_unit("5", "") == "5"


def test_a_sentence_starts_with_a_capital_and_keeps_the_others() -> None:
    assert capitalised("de Bilt") == "De Bilt"
