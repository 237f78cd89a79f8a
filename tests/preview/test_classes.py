import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spatial.domain.indicators import load_catalogue
from spatial.domain.status import Status
from spatial.preview.classes import (
    CIRCLE,
    CIRCLE_BELOW,
    MAX_CLASSES,
    SIGNS,
    ClassScheme,
    class_scheme,
    diverging,
    diverging_around,
    frozen_classes,
    symbol_scale,
)
from spatial.preview.legend import legend

values = st.floats(min_value=-1e6, max_value=1e6, allow_nan=False)


@given(st.lists(values, min_size=1), values)
def test_every_value_has_exactly_one_class_with_a_colour(pool: list[float], new: float) -> None:
    scheme = class_scheme(pool)

    assert scheme.colour_of(new) in scheme.colours


@given(st.lists(values))
def test_a_scheme_never_has_more_than_seven_classes(pool: list[float]) -> None:
    scheme = class_scheme(pool)

    assert len(scheme.colours) == len(scheme.labels()) == len(scheme.breaks) + 1 <= MAX_CLASSES
    assert len(set(scheme.colours)) == len(scheme.colours)


@given(st.lists(values, min_size=1))
def test_a_scheme_does_not_depend_on_the_order_of_values(pool: list[float]) -> None:
    assert class_scheme(pool) == class_scheme(sorted(pool))


@given(st.lists(values, min_size=1))
def test_missing_values_do_not_change_a_scheme(pool: list[float]) -> None:
    with_missing = [*pool, None, math.nan, math.inf]

    assert class_scheme(with_missing) == class_scheme(pool)


@given(st.lists(values, min_size=2))
def test_a_higher_value_never_has_a_lower_class(pool: list[float]) -> None:
    scheme = class_scheme(pool)

    classes = [scheme.class_of(value) for value in sorted(pool)]

    assert classes == sorted(classes)


def test_a_new_outlier_moves_no_break_and_falls_into_the_open_end() -> None:
    pool = [float(value) for value in range(10, 61)] * 20

    scheme = class_scheme(pool)

    assert class_scheme([*pool, 900.0]).breaks == scheme.breaks
    assert scheme.class_of(900.0) == len(scheme.colours) - 1
    assert scheme.class_of(-900.0) == 0


def test_breaks_are_readable_numbers_and_labels_are_dutch() -> None:
    scheme = class_scheme([3.13, 3.2, 3.47, 3.61, 3.88])

    assert scheme.breaks == (3.2, 3.4, 3.6, 3.8)
    assert scheme.labels()[0] == "minder dan 3,2"
    assert scheme.labels()[1] == "3,2 tot 3,4"
    assert scheme.labels()[-1] == "3,8 en meer"


@given(st.floats(0, 100), st.floats(1, 100))
def test_spread_values_get_four_to_seven_classes(low: float, width: float) -> None:
    scheme = class_scheme([low + width * step / 200 for step in range(201)])

    assert 4 <= len(scheme.colours) <= MAX_CLASSES


def test_a_value_on_a_break_belongs_to_the_class_that_starts_there() -> None:
    scheme = class_scheme(range(101))

    assert scheme.class_of(scheme.breaks[0]) == 1
    assert scheme.class_of(math.nextafter(scheme.breaks[0], -math.inf)) == 0


@pytest.mark.parametrize("pool", [[], [None], [7.0, 7.0]], ids=["empty", "missing", "equal"])
def test_a_scheme_without_spread_has_one_class(pool: list[float | None]) -> None:
    scheme = class_scheme(pool)

    assert scheme.labels() == ["alle waarden"]
    assert len(scheme.colours) == 1


def test_one_odd_value_among_equal_ones_still_gives_classes() -> None:
    assert len(class_scheme([5.0] * 200 + [9.0]).colours) > 1


def test_many_steps_are_thinned_to_seven_classes() -> None:
    scheme = class_scheme([0.0, 100.0], classes=20)

    assert 1 < len(scheme.colours) <= MAX_CLASSES


def test_no_class_is_as_white_as_a_region_without_value() -> None:
    schemes = [class_scheme(range(top)) for top in (2, 5, 9, 101)]

    assert all(_luminance(scheme.colours[0]) < 0.8 for scheme in schemes)


def test_classes_darken_from_low_to_high() -> None:
    scheme: ClassScheme = class_scheme(range(101))

    luminances = [_luminance(colour) for colour in scheme.colours]

    assert luminances == sorted(luminances, reverse=True)


def test_every_status_has_a_sign_of_its_own() -> None:
    assert set(SIGNS) == set(Status)
    assert len(set(SIGNS.values())) == len(Status)


@given(st.integers(1, 10**6))
def test_the_area_of_a_circle_is_proportional_to_the_count(count: int) -> None:
    scale = symbol_scale([count, 4 * count])

    assert scale.radius_of(4 * count) == pytest.approx(2 * scale.radius_of(count), abs=0.2)


def test_no_count_has_no_circle_and_examples_are_readable() -> None:
    scale = symbol_scale([863, None, 5])

    assert scale.radius_of(0) == 0
    assert scale.examples() == [900, 200, 40]


def test_a_scale_without_counts_still_has_an_example() -> None:
    assert symbol_scale([None]).examples() == [1]


@given(st.integers(1, 10**6))
def test_a_count_below_0_has_a_circle_of_the_same_size_and_another_colour(count: int) -> None:
    scale = symbol_scale([count, -count], onder=True)

    assert scale.radius_of(-count) == scale.radius_of(count)
    assert (scale.colour_of(-count), scale.colour_of(count)) == (CIRCLE_BELOW, CIRCLE)
    assert _luminance(CIRCLE_BELOW) > 2 * _luminance(CIRCLE)


def test_a_scale_of_one_direction_has_no_circle_below_0() -> None:
    assert symbol_scale([10]).radius_of(-5) == 0


def test_examples_of_two_directions_are_the_same_on_both_sides_of_0() -> None:
    scale = symbol_scale([50, -863], onder=True)

    assert scale.examples() == [900, 200, 40, -40, -200, -900]


@given(st.lists(st.floats(0, 1e6), min_size=1))
def test_steps_around_0_are_the_same_on_both_sides_whatever_the_values(pool: list[float]) -> None:
    breaks = diverging_around(pool).breaks

    assert 0.0 in breaks
    assert list(breaks) == [-edge + 0.0 for edge in reversed(breaks)]
    assert len(breaks) < MAX_CLASSES


def test_half_of_skewed_distances_lies_outside_the_two_middle_classes() -> None:
    distances = [float(place) for place in range(1, 101)] + [5_000.0] * 5

    scheme = diverging_around(distances)

    assert scheme.breaks == (-90.0, -50.0, 0.0, 50.0, 90.0)


def test_distances_that_are_not_skewed_have_equal_steps() -> None:
    distances = [float(place) for place in range(101)]

    assert diverging_around(distances) == diverging(distances)


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_chosen_breaks_are_kept_with_as_many_colours_on_either_side_of_the_middle() -> None:
    scheme = frozen_classes((0.5, 0.8, 1.0, 1.25, 2.0))

    assert scheme.labels() == [
        "minder dan 0,50", "0,50 tot 0,80", "0,80 tot 1,00", "1,00 tot 1,25", "1,25 tot 2,00",
        "2,00 en meer",
    ]  # fmt: skip
    assert len(set(scheme.colours)) == 6
    assert scheme.class_of(0.99) == 2
    assert scheme.class_of(1.0) == 3


@given(st.lists(values))
def test_a_scheme_in_two_directions_is_the_same_below_and_above_0(pool: list[float]) -> None:
    scheme = diverging(pool)

    assert 0.0 in scheme.breaks
    assert list(scheme.breaks) == [-edge + 0.0 for edge in reversed(scheme.breaks)]
    assert len(scheme.colours) == len(scheme.breaks) + 1 == len(set(scheme.colours))
    assert len(scheme.colours) % 2 == 0
    assert len(scheme.colours) <= MAX_CLASSES


@pytest.mark.parametrize(
    ("indicator", "shown"),
    [("personenVerschilSindsVorige", True), ("aandeelKoopTegenLand", True), ("personen", False)],
)
def test_only_a_legend_of_differences_has_the_sign_of_one_that_cannot_be_established(
    indicator: str,
    shown: bool,  # noqa: FBT001 - a parameter of a test
) -> None:
    found = legend(class_scheme([1.0, 2.0, 3.0]), [load_catalogue().get(indicator)], set())

    assert ("url(#patroon-v)" in {fill for fill, _ in found["tekens"]}) == shown
