"""Laws of spreading: sums, secrecy, the threshold, and that gemeenten do not touch each other."""

import numpy as np
import numpy.typing as npt
from hypothesis import given
from hypothesis import strategies as st

from spatial.domain.squares import SpreadRules
from spatial.harmonise.spread.spread import Outcome, Ranking, Spread, rank, spread

GEMEENTEN = 4
RULES = SpreadRules(threshold=10, reach=0.5)
EVERYTHING = SpreadRules(threshold=0, reach=0)

type Floats = npt.NDArray[np.float64]


@st.composite
def grids(draw: st.DrawFn) -> tuple[Ranking, npt.NDArray[np.int32], Floats]:
    """Cells with few or many inhabitants, often as many as another, each of some gemeente or none."""
    size = draw(st.integers(0, 40))
    amounts = st.one_of(st.sampled_from([5.0, 10.0, 60.0]), st.floats(0.5, 5000.0))
    people = np.array(draw(st.lists(amounts, min_size=size, max_size=size)))
    owner = np.array(
        draw(st.lists(st.integers(-1, GEMEENTEN - 1), min_size=size, max_size=size)), np.int32
    )
    cells = np.arange(size, dtype=np.int64) * 3
    whole = np.full(3 * size, -1, np.int32)
    whole[cells] = owner
    inhabitants = np.zeros(3 * size)
    inhabitants[cells] = people
    return rank(cells, people, owner, GEMEENTEN), whole, inhabitants


counts = st.lists(
    st.one_of(st.just(np.nan), st.integers(0, 40).map(float), st.integers(0, 100_000).map(float)),
    min_size=GEMEENTEN,
    max_size=GEMEENTEN,
).map(np.array)


def per_gemeente(found: Spread, owner: npt.NDArray[np.int32]) -> Floats:
    sums: Floats = np.bincount(owner[found.cells], found.counts, GEMEENTEN)
    return sums


@given(grids(), counts)
def test_the_cells_of_a_gemeente_sum_to_its_count_or_show_nothing(
    grid: tuple[Ranking, npt.NDArray[np.int32], Floats], values: Floats
) -> None:
    ranking, owner, _ = grid

    found = spread(ranking, values, RULES)

    shown = found.outcome == Outcome.SPREAD
    np.testing.assert_allclose(per_gemeente(found, owner)[shown], values[shown], rtol=1e-9)
    assert not per_gemeente(found, owner)[~shown].any()


@given(grids(), counts)
def test_a_count_that_is_not_there_is_never_spread(
    grid: tuple[Ranking, npt.NDArray[np.int32], Floats], values: Floats
) -> None:
    ranking, owner, _ = grid

    found = spread(ranking, values, EVERYTHING)

    missing = np.isnan(values)
    assert not missing[owner[found.cells]].any()
    assert (found.outcome[missing] == Outcome.MISSING).all()
    assert (found.reach[missing] == 0).all()


@given(grids(), counts)
def test_no_cell_shows_less_than_the_threshold(
    grid: tuple[Ranking, npt.NDArray[np.int32], Floats], values: Floats
) -> None:
    found = spread(grid[0], values, RULES)

    assert (found.counts >= RULES.threshold).all()


@given(grids(), counts)
def test_shown_cells_stand_in_order_with_their_gemeente(
    grid: tuple[Ranking, npt.NDArray[np.int32], Floats], values: Floats
) -> None:
    _, owner, _ = grid

    found = spread(grid[0], values, RULES)

    assert (np.diff(found.cells) > 0).all()
    np.testing.assert_array_equal(found.owner, owner[found.cells])


@given(grids(), counts)
def test_what_is_shown_is_in_proportion_to_the_inhabitants(
    grid: tuple[Ranking, npt.NDArray[np.int32], Floats], values: Floats
) -> None:
    ranking, owner, people = grid

    found = spread(ranking, values, RULES)

    for number in range(GEMEENTEN):
        mine = owner[found.cells] == number
        rates = found.counts[mine] / people[found.cells[mine]]
        np.testing.assert_allclose(rates, rates[:1].repeat(len(rates)), rtol=1e-9)


@given(grids(), counts)
def test_hidden_cells_have_fewer_inhabitants_than_all_that_are_shown(
    grid: tuple[Ranking, npt.NDArray[np.int32], Floats], values: Floats
) -> None:
    ranking, owner, people = grid

    found = spread(ranking, values, RULES)

    for number in np.flatnonzero(found.outcome == Outcome.SPREAD):
        mine = found.cells[owner[found.cells] == number]
        hidden = np.setdiff1d(ranking.cells[ranking.owner == number], mine)
        assert not len(hidden) or people[hidden].max() < people[mine].min()


@given(grids(), counts)
def test_as_many_cells_are_shown_as_the_threshold_allows(
    grid: tuple[Ranking, npt.NDArray[np.int32], Floats], values: Floats
) -> None:
    ranking, owner, people = grid

    found = spread(ranking, values, SpreadRules(RULES.threshold, reach=0))

    for number in np.flatnonzero(~np.isnan(values)):
        mine = ranking.cells[ranking.owner == number]
        shown = found.cells[owner[found.cells] == number]
        hidden = np.setdiff1d(mine, shown)
        if len(hidden):
            least = people[hidden].max()
            more = people[mine[people[mine] >= least]]
            assert values[number] * least / more.sum() < RULES.threshold * (1 + 1e-9)


@given(grids(), counts, st.integers(0, GEMEENTEN - 1))
def test_cells_of_a_gemeente_say_nothing_of_the_count_of_another(
    grid: tuple[Ranking, npt.NDArray[np.int32], Floats], values: Floats, number: int
) -> None:
    ranking, owner, _ = grid
    without = values.copy()
    without[number] = np.nan

    before, after = spread(ranking, values, RULES), spread(ranking, without, RULES)

    others = owner[before.cells] != number
    np.testing.assert_array_equal(before.cells[others], after.cells)
    np.testing.assert_array_equal(before.counts[others], after.counts)


def test_a_gemeente_of_which_most_people_would_move_is_not_shown() -> None:
    cells, people = np.arange(101), np.array([50.0] + [1.0] * 100)
    ranking = rank(cells, people, np.zeros(101, np.int32), 1)

    strict = spread(ranking, np.array([20.0]), SpreadRules(threshold=10, reach=0.5))
    loose = spread(ranking, np.array([20.0]), SpreadRules(threshold=10, reach=0.3))

    assert strict.outcome.tolist() == [Outcome.TOO_SMALL]
    assert not len(strict.cells)
    assert loose.counts.tolist() == [20.0]
    assert loose.reach.tolist() == [50 / 150]


def test_cells_with_as_many_inhabitants_are_shown_all_or_none() -> None:
    ranking = rank(np.arange(3), np.full(3, 40.0), np.zeros(3, np.int32), 1)

    two_would_fit = spread(ranking, np.array([29.0]), RULES)
    all_fit = spread(ranking, np.array([30.0]), RULES)

    assert not len(two_would_fit.cells)
    assert all_fit.counts.tolist() == [10.0, 10.0, 10.0]


def test_a_gemeente_without_inhabited_cells_shows_nothing() -> None:
    ranking = rank(np.arange(1), np.array([40.0]), np.zeros(1, np.int32), 2)

    found = spread(ranking, np.array([40.0, 40.0]), RULES)

    assert found.outcome.tolist() == [Outcome.SPREAD, Outcome.TOO_SMALL]
