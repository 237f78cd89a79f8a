"""Formulas over published cells say nothing that those cells do not say (ADR 6).

What is known of a true count is the interval of its published one. A formula leaves every truth in
those intervals possible when it holds for each of them; then it narrows none.
"""

from itertools import product

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from spatial.analyse.change import difference, relative_change
from spatial.analyse.ratios import Cells, ratio, share
from spatial.domain.status import Status, rounding_bounds

COUNT = st.integers(0, 60).map(lambda n: 5 * n)


def published(value: int) -> Cells:
    """Return a count as the source publishes it."""
    low, high = rounding_bounds(value, 5)
    status = pa.array([Status.WAARGENOMEN.value])
    return Cells(pa.array([value]), status, pa.array([low]), pa.array([high]))


def possible(value: int) -> range:
    """Return every true count that may lie behind a published one."""
    low, high = rounding_bounds(value, 5)
    return range(low, high + 1)


def bounds(cells: Cells) -> tuple[float, float] | None:
    """Return what a figure says of the truth; None when it says nothing."""
    low, high = cells.ondergrens[0].as_py(), cells.bovengrens[0].as_py()
    return None if low is None else (low - 1e-9, high + 1e-9)


@given(COUNT, COUNT)
def test_a_share_leaves_every_truth_possible(one: int, other: int) -> None:
    teller, noemer = sorted((one, other))
    said = bounds(share(published(teller), published(noemer), minimum=5))

    for n, whole in product(possible(teller), possible(noemer)):
        if said and 0 < whole >= n:
            assert said[0] <= 100 * n / whole <= said[1]


@given(COUNT, COUNT, st.sampled_from([(1, 0.01), (1000, 0.1)]))
def test_a_ratio_leaves_every_truth_possible(
    teller: int, noemer: int, scale: tuple[int, float]
) -> None:
    factor, step = scale
    found = ratio(published(teller), published(noemer), factor=factor, step=step, minimum=5)

    for n, d in product(possible(teller), possible(noemer)):
        if said := bounds(found):
            assert said[0] <= factor * n / d <= said[1]


@given(COUNT, COUNT)
def test_a_change_leaves_every_truth_possible(now: int, then: int) -> None:
    plain = bounds(difference(published(now), published(then), step=1))
    relative = bounds(relative_change(published(now), published(then), minimum=5))

    for n, was in product(possible(now), possible(then)):
        assert plain is not None
        assert plain[0] <= n - was <= plain[1]
        if relative:
            assert relative[0] <= 100 * (n - was) / was <= relative[1]


@given(st.lists(COUNT, min_size=4, max_size=4))
def test_a_deviation_of_shares_leaves_every_truth_possible(cells: list[int]) -> None:
    parts = [sorted(cells[:2]), sorted(cells[2:])]
    shares = [share(published(low), published(high), minimum=50) for low, high in parts]
    said = bounds(difference(*shares, step=0.1))
    if said is None:
        return
    ends = []
    for low, high in parts:
        pairs = product(possible(low), possible(high))
        values = [100 * n / whole for n, whole in pairs if n <= whole]
        ends.append((min(values), max(values)))

    assert said[0] <= ends[0][0] - ends[1][1]
    assert ends[0][1] - ends[1][0] <= said[1]
