"""Numbers, days and periods as a page says them."""

from datetime import date

import pytest

from spatial.compute.profiel.reeksen import Moment
from spatial.compute.profiel.wording import Taal, decimals_of
from spatial.domain.status import Status

DUTCH, ENGLISH = Taal(english=False), Taal(english=True)


@pytest.mark.parametrize(
    ("value", "decimals", "dutch", "english"),
    [
        (1234567.0, 0, "1.234.567", "1,234,567"),
        (1234.56, 1, "1.234,6", "1,234.6"),
        (-1234.5, 1, "\u22121.234,5", "\u22121,234.5"),
        (0, 2, "0,00", "0.00"),
    ],
)
def test_a_number_is_written_as_the_language_does(
    value: float, decimals: int, dutch: str, english: str
) -> None:
    assert DUTCH.number(value, decimals) == dutch
    assert ENGLISH.number(value, decimals) == english


def test_a_change_has_its_sign() -> None:
    assert DUTCH.number(12, 0, plus=True) == "+12"
    assert DUTCH.number(-12, 0, plus=True) == "\u221212"


def test_bounds_are_rounded_away_from_what_lies_between_them() -> None:
    assert DUTCH.bounds(12.34, 12.36, 1) == "12,3 tot 12,4"
    assert ENGLISH.bounds(12.3, 12.4, 1) == "12.3 to 12.4"


@pytest.mark.parametrize(
    ("place", "english"),
    [(1, "1st"), (2, "2nd"), (3, "3rd"), (4, "4th"), (11, "11th"), (13, "13th"), (21, "21st"),
     (112, "112th"), (342, "342nd")],
)  # fmt: skip
def test_a_place_is_written_as_the_language_does(place: int, english: str) -> None:
    assert ENGLISH.ordinal(place) == english
    assert DUTCH.ordinal(place) == f"{place}e"


@pytest.mark.parametrize(
    ("begin", "end", "kind", "dutch", "english"),
    [
        (date(2022, 3, 1), None, "stand", "1 maart 2022", "1 March 2022"),
        (date(2022, 12, 31), None, "stroom", "heel 2022", "all of 2022"),
        (date(2022, 1, 1), date(2022, 6, 30), "stroom", "1e halfjaar 2022", "first half of 2022"),
        (date(2022, 7, 1), date(2022, 12, 31), "stand", "2e halfjaar 2022", "second half of 2022"),
    ],
)
def test_a_moment_is_a_day_a_year_or_a_half_year(
    begin: date,
    end: date | None,
    kind: str,
    dutch: str,
    english: str,
) -> None:
    moment = Moment(begin, end, 2022, breuk=False, voorlopig=False)

    assert DUTCH.moment(moment, flow=kind == "stroom") == dutch
    assert ENGLISH.moment(moment, flow=kind == "stroom") == english


def test_what_is_missing_is_said_in_signs_and_words_and_never_as_a_number() -> None:
    for status in Status:
        if not status.has_value:
            said = DUTCH.figure(None, status, 0)

            assert status.label_nl in said
            assert not any(sign.isdigit() for sign in said)


@pytest.mark.parametrize(("rounding", "decimals"), [(5, 0), (1, 0), (0.1, 1), (0.01, 2)])
def test_a_rounding_base_leaves_its_decimals(rounding: float, decimals: int) -> None:
    assert decimals_of(rounding) == decimals
