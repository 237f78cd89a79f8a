"""Ranks are ranges that hold for every true value; likeness does not depend on units."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spatial.analyse.benchmark import alike, rank
from spatial.errors import SchemaError

COUNTS = st.lists(st.one_of(st.none(), st.integers(0, 20)), min_size=1, max_size=25)


def bounds(values: list[int | None], half: int = 2) -> tuple[np.ndarray, np.ndarray]:
    """Return the bounds of counts rounded to five; None has none."""
    low = np.array([np.nan if value is None else max(0, 5 * value - half) for value in values])
    high = np.array([np.nan if value is None else 5 * value + half for value in values])
    return low, high


def test_a_rank_is_the_range_that_the_bounds_allow() -> None:
    low, high = np.array([10.0, 8.0, 1.0, 20.0]), np.array([12.0, 11.0, 2.0, 21.0])
    ranks = rank(low, high)
    assert ranks.eerste.tolist() == [2, 2, 4, 1]
    assert ranks.laatste.tolist() == [3, 3, 4, 1]
    assert ranks.van == 4


def test_a_percentile_is_the_part_of_the_others_that_is_lower_rounded_outward() -> None:
    low, high = np.array([10.0, 8.0, 1.0, 20.0]), np.array([12.0, 11.0, 2.0, 21.0])
    ranks = rank(low, high)
    assert ranks.percentiel_min.tolist() == [33.3, 33.3, 0.0, 100.0]
    assert ranks.percentiel_max.tolist() == [66.7, 66.7, 0.0, 100.0]


@given(COUNTS)
def test_a_region_without_a_value_gets_no_rank_and_is_not_counted(
    values: list[int | None],
) -> None:
    ranks = rank(*bounds(values))
    missing = np.array([value is None for value in values])
    assert (ranks.eerste[missing] == 0).all()
    assert (ranks.laatste[missing] == 0).all()
    assert np.isnan(ranks.percentiel_min[missing]).all()
    assert (ranks.eerste[~missing] >= 1).all()
    assert ranks.van == (~missing).sum()


@given(COUNTS, st.data())
def test_the_true_rank_lies_in_the_range_wherever_the_true_values_lie(
    values: list[int | None], data: st.DataObject
) -> None:
    low, high = bounds(values)
    ranks = rank(low, high)
    true = {
        place: data.draw(st.integers(int(low[place]), int(high[place])))
        for place, value in enumerate(values)
        if value is not None
    }
    for place, value in true.items():
        place_of_truth = 1 + sum(other > value for other in true.values())
        assert ranks.eerste[place] <= place_of_truth <= ranks.laatste[place]


@given(COUNTS, st.data())
def test_the_true_percentile_lies_in_its_range(
    values: list[int | None], data: st.DataObject
) -> None:
    low, high = bounds(values)
    ranks = rank(low, high)
    true = {
        place: data.draw(st.integers(int(low[place]), int(high[place])))
        for place, value in enumerate(values)
        if value is not None
    }
    for place, value in true.items():
        if len(true) > 1:
            lower = 100 * sum(other < value for other in true.values()) / (len(true) - 1)
            assert ranks.percentiel_min[place] <= lower <= ranks.percentiel_max[place]


@given(COUNTS, st.floats(1e-3, 1e3))
def test_ranks_do_not_depend_on_the_unit(values: list[int | None], factor: float) -> None:
    low, high = bounds(values)
    ranks, scaled = rank(low, high), rank(low * factor, high * factor)
    assert ranks.eerste.tolist() == scaled.eerste.tolist()
    assert ranks.laatste.tolist() == scaled.laatste.tolist()


@given(st.permutations(range(12)))
def test_without_rounding_every_region_has_one_place(order: list[int]) -> None:
    exact = np.array(order, dtype=float)
    ranks = rank(exact, exact)
    assert ranks.eerste.tolist() == ranks.laatste.tolist() == [12 - value for value in order]


def test_bounds_that_cross_are_refused() -> None:
    with pytest.raises(SchemaError, match="first in row 1"):
        rank(np.array([1.0, 3.0]), np.array([2.0, 2.0]))


def test_bounds_of_other_regions_are_refused() -> None:
    with pytest.raises(SchemaError, match="same regions"):
        rank(np.array([1.0, np.nan]), np.array([2.0, 2.0]))


CODES = [f"GM{number:04d}" for number in range(40)]


def drawn(columns: int = 3) -> np.ndarray:
    """Return 40 regions with variables of very different units."""
    made: np.ndarray = np.random.default_rng(7).normal(size=(40, columns))
    made *= np.array([1e6, 1.0, 1e-3])[:columns]
    return made


def test_the_nearest_regions_are_those_of_a_search_through_all_distances() -> None:
    variables = drawn()
    found = alike(CODES, variables)
    scores = (variables - variables.mean(axis=0)) / variables.std(axis=0)
    for place in range(40):
        apart = np.linalg.norm(scores - scores[place], axis=1)
        expected = [other for other in np.argsort(apart) if other != place][:10]
        assert found.buren[place].tolist() == expected
        assert found.afstand[place] == pytest.approx(apart[expected])


def test_likeness_does_not_depend_on_units_or_on_where_a_scale_begins() -> None:
    variables = drawn()
    found, moved = alike(CODES, variables), alike(CODES, variables * 40 + np.array([5e6, 9, 1]))
    assert found.buren.tolist() == moved.buren.tolist()


def test_a_region_that_lacks_a_variable_has_no_neighbours_and_is_none() -> None:
    variables = drawn()
    variables[3, 1] = np.nan
    found = alike(CODES, variables)
    assert not found.vergeleken[3]
    assert (found.buren[3] == -1).all()
    assert 3 not in found.buren


def test_every_region_with_the_variables_has_ten_different_others() -> None:
    found = alike(CODES, drawn())
    for place, row in enumerate(found.buren):
        assert len(set(row.tolist()) - {place, -1}) == 10


def test_equal_distances_stand_in_the_order_of_their_codes_however_the_rows_are_ordered() -> None:
    codes = ["GM0004", "GM0001", "GM0003", "GM0002", "GM0000"]
    variables = np.array([[1.0], [1.0], [-1.0], [1.0], [0.0]])
    found = alike(codes, variables, k=4)
    assert [codes[place] for place in found.buren[4]] == ["GM0001", "GM0002", "GM0003", "GM0004"]


def test_a_variable_that_is_the_same_everywhere_does_not_count() -> None:
    variables = drawn()
    constant = np.hstack([variables, np.full((40, 1), 0.1)])
    assert alike(CODES, constant).buren.tolist() == alike(CODES, variables).buren.tolist()


def test_with_few_regions_the_places_that_are_left_are_empty() -> None:
    found = alike(["GM0001", "GM0002"], np.array([[1.0], [2.0]]), k=3)
    assert found.buren.tolist() == [[1, -1, -1], [0, -1, -1]]
    assert found.afstand[0].tolist()[:1] == [2.0]


def test_codes_that_do_not_go_with_the_variables_are_refused() -> None:
    with pytest.raises(SchemaError, match="do not go with"):
        alike(["GM0001", "GM0001"], np.array([[1.0], [2.0]]))
