from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from spatial.compute.difference import subtract
from spatial.domain.status import Status


@dataclass(frozen=True, slots=True)
class Number:
    value: float | None
    status: Status = Status.WAARGENOMEN
    lower: float | None = None
    upper: float | None = None


def rounded_to_five(value: int) -> Number:
    return Number(value, lower=max(0, value - 2), upper=value + 2)


SECRET = Number(None, Status.GEHEIM_OF_ONBEKEND)


def test_fifty_on_five_hundred_can_be_told() -> None:
    found = subtract({"GM0001": rounded_to_five(550)}, {"GM0001": rounded_to_five(500)})["GM0001"]

    assert (found.waarde, found.ondergrens, found.bovengrens) == (50, 46, 54)


def test_values_that_may_be_equal_have_bounds_and_no_number() -> None:
    found = subtract({"GM0001": rounded_to_five(10)}, {"GM0001": rounded_to_five(10)})["GM0001"]

    assert found.status is Status.NIET_VAST_TE_STELLEN
    assert (found.waarde, found.ondergrens, found.bovengrens) == (None, -4, 4)


def test_a_secret_gives_nothing_whatever_stands_on_the_other_side() -> None:
    sides = {"GM0001": SECRET}, {"GM0001": rounded_to_five(500)}

    for of, against in (sides, sides[::-1]):
        found = subtract(of, against, relatief=True)["GM0001"]
        assert found.status is Status.GEHEIM_OF_ONBEKEND
        assert found.waarde is found.ondergrens is found.bovengrens is None


def test_regions_that_one_side_lacks_are_left_out() -> None:
    assert not subtract({"GM0001": SECRET}, {"GM0002": SECRET})


@given(st.integers(0, 10_000), st.integers(0, 10_000))
def test_turning_the_sides_turns_the_sign(one: int, other: int) -> None:
    there = subtract({"a": rounded_to_five(one)}, {"a": rounded_to_five(other)})["a"]
    back = subtract({"a": rounded_to_five(other)}, {"a": rounded_to_five(one)})["a"]

    assert there.status is back.status
    assert there.ondergrens is not None
    assert back.bovengrens is not None
    assert there.ondergrens == -back.bovengrens
