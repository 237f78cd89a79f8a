import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from spatial.compute.difference import Oordeel, Waarden, difference
from spatial.domain.status import Status

SIDES = st.tuples(st.integers(0, 200), st.integers(0, 9), st.integers(0, 9))


def values(*sides: tuple[int, int, int], status: Status = Status.WAARGENOMEN) -> Waarden:
    value, below, above = (np.array(part, dtype=float) for part in zip(*sides, strict=True))
    return Waarden(value, (status,) * len(value), value - below, value + above)


@given(SIDES, SIDES, st.floats(0, 1), st.floats(0, 1))
def test_true_values_never_contradict_what_a_difference_says(
    one: tuple[int, int, int], other: tuple[int, int, int], here: float, there: float
) -> None:
    of, against = values(one), values(other)
    found = difference(of, against)
    true = (of.ondergrens + here * (of.bovengrens - of.ondergrens)) - (
        against.ondergrens + there * (against.bovengrens - against.ondergrens)
    )

    assert found.ondergrens[0] - 1e-6 <= true[0] <= found.bovengrens[0] + 1e-6
    if found.status[0] is Status.BEREKEND:
        assert np.sign(found.waarde[0]) == np.sign(true[0])


def test_ten_and_twelve_to_the_nearest_five_cannot_be_told_apart() -> None:
    found = difference(values((10, 2, 2)), values((10, 2, 2)))

    assert found.status == (Oordeel.NIET_VAST_TE_STELLEN,)
    assert np.isnan(found.waarde[0])
    assert (found.ondergrens[0], found.bovengrens[0]) == (-4, 4)


def test_five_hundred_and_five_hundred_and_fifty_differ() -> None:
    found = difference(values((550, 2, 2)), values((500, 2, 2)))

    assert found.status == (Status.BEREKEND,)
    assert (found.waarde[0], found.ondergrens[0], found.bovengrens[0]) == (50, 46, 54)


def test_numbers_that_are_exact_and_equal_differ_by_nothing() -> None:
    found = difference(values((40, 0, 0)), values((40, 0, 0)))

    assert found.status == (Status.BEREKEND,)
    assert found.waarde[0] == 0


def test_an_estimate_makes_an_estimated_difference() -> None:
    found = difference(values((550, 2, 2), status=Status.GESCHAT), values((500, 2, 2)))

    assert found.status == (Status.GESCHAT,)


def test_what_is_missing_stays_missing_without_bounds() -> None:
    nothing = np.array([np.nan])
    secret = Waarden(nothing, (Status.GEHEIM_OF_ONBEKEND,), nothing, nothing)

    found = difference(secret, values((500, 2, 2)))

    assert found.status == (Status.GEHEIM_OF_ONBEKEND,)
    assert np.isnan([found.waarde[0], found.ondergrens[0], found.bovengrens[0]]).all()
