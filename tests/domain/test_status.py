from hypothesis import given
from hypothesis import strategies as st

from spatial.domain.status import Status, rounding_bounds


@given(st.integers(0, 10**9))
def test_bounds_of_a_figure_rounded_to_five_hold_the_truth(truth: int) -> None:
    published = (truth + 2) // 5 * 5

    lower, upper = rounding_bounds(published, 5)

    assert lower <= truth <= upper
    assert upper - lower <= 4


def test_a_published_25_lies_between_23_and_27() -> None:
    assert rounding_bounds(25, 5) == (23, 27)


def test_bounds_never_fall_below_zero() -> None:
    assert rounding_bounds(0, 5) == (0, 2)


def test_an_unrounded_figure_is_its_own_bounds() -> None:
    assert rounding_bounds(88, 1) == (88, 88)


def test_statuses_without_a_value_have_their_own_sign_and_label() -> None:
    absent = [status for status in Status if not status.has_value]

    assert len({status.teken for status in absent}) == len(absent)
    assert len({status.label_nl for status in Status}) == len(Status)
    assert len({status.label_en for status in Status}) == len(Status)


def test_a_dot_is_not_a_blank() -> None:
    assert Status.GEHEIM_OF_ONBEKEND.teken == "."
    assert Status.NIET_VAN_TOEPASSING.teken == ""
