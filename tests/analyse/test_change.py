"""A change has a number only when no true values behind the published ones contradict its sign."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spatial.analyse.change import difference, relative_change
from spatial.analyse.deviation import deviation, rows_of
from spatial.analyse.ratios import Cells
from spatial.domain.status import OF_FIGURES, WITH_VALUE, Status, rounding_bounds

UNCERTAIN = Status.NIET_VAST_TE_STELLEN
type Cell = int | Status
type Result = tuple[float | None, str, float | None, float | None]


def counts(*cells: Cell, base: int = 5) -> Cells:
    """Return rounded counts; a status stands for a cell without a count."""
    values = [None if isinstance(cell, Status) else cell for cell in cells]
    bounds = [(None, None) if value is None else rounding_bounds(value, base) for value in values]
    return Cells(
        pa.array(values, pa.int64()),
        pa.array([c if isinstance(c, Status) else Status.WAARGENOMEN for c in cells], pa.string()),
        pa.array([low for low, _ in bounds], pa.int64()),
        pa.array([high for _, high in bounds], pa.int64()),
    )


def tenths(value: float, low: float, high: float, status: Status = Status.BEREKEND) -> Cells:
    """Return one share."""
    return Cells(
        pa.array([value]), pa.array([status.value]), pa.array([low]), pa.array([high])
    )  # fmt: skip


def result(cells: Cells) -> Result:
    """Return value, status and bounds of the first cell."""
    columns = (cells.waarde, cells.status, cells.ondergrens, cells.bovengrens)
    value, status, low, high = (column[0].as_py() for column in columns)
    return value, status, low, high


@pytest.mark.parametrize(
    ("now", "then", "expected"),
    [
        (550, 500, (50.0, "berekend", 46.0, 54.0)),
        (15, 10, (5.0, "berekend", 1.0, 9.0)),
        (505, 500, (5.0, "berekend", 1.0, 9.0)),
        (500, 500, (None, "niet_vast_te_stellen", -4.0, 4.0)),
    ],
)
def test_a_change_of_counts_has_the_bounds_of_two_roundings(
    now: int, then: int, expected: Result
) -> None:
    assert result(difference(counts(now), counts(then), step=1)) == expected


def test_exact_counts_that_are_equal_are_known_not_to_have_changed() -> None:
    found = difference(counts(7, base=1), counts(7, base=1), step=1)

    assert result(found) == (0.0, "berekend", 0.0, 0.0)


def test_shares_whose_intervals_overlap_have_bounds_and_no_number() -> None:
    found = difference(tenths(33.3, 29.0, 38.0), tenths(25.0, 23.7, 29.0), step=0.1)

    assert result(found) == (None, "niet_vast_te_stellen", 0.0, 14.3)


def test_a_difference_with_an_estimate_is_an_estimate() -> None:
    estimate = tenths(40.0, 39.5, 40.5, Status.GESCHAT)

    found = difference(estimate, tenths(25.0, 24.9, 25.1), step=0.1)

    assert result(found) == (15.0, "geschat", 14.4, 15.6)


@pytest.mark.parametrize(
    ("now", "then", "expected"),
    [
        (550, 500, (10.0, "berekend", 9.1, 10.9)),
        (450, 500, (-10.0, "berekend", -10.8, -9.2)),
        (500, 500, (None, "niet_vast_te_stellen", -0.8, 0.9)),
        (100, 45, (None, "te_klein", None, None)),
        (100, 0, (None, "niet_van_toepassing", None, None)),
    ],
)
def test_a_relative_change_is_in_per_cent_of_what_it_was(
    now: int, then: int, expected: Result
) -> None:
    assert result(relative_change(counts(now), counts(then))) == expected


TRUE = st.integers(0, 3000)


def rounded(true: int) -> int:
    """Round to five as CBS does."""
    return (true + 2) // 5 * 5


@given(st.lists(st.tuples(TRUE, TRUE), min_size=1))
def test_no_true_counts_contradict_a_published_change(pairs: list[tuple[int, int]]) -> None:
    now, then = ([rounded(n) for n in column] for column in zip(*pairs, strict=True))

    found = difference(counts(*now), counts(*then), step=1)

    for (one, other), value, low, high in zip(
        pairs,
        found.waarde.to_pylist(),
        found.ondergrens.to_pylist(),
        found.bovengrens.to_pylist(),
        strict=True,
    ):
        assert low <= one - other <= high
        if value is not None:
            assert np.sign(value) == np.sign(one - other)


@given(st.lists(st.tuples(TRUE, st.integers(60, 3000)), min_size=1))
def test_no_true_counts_contradict_a_published_relative_change(
    pairs: list[tuple[int, int]],
) -> None:
    now, then = ([rounded(n) for n in column] for column in zip(*pairs, strict=True))

    found = relative_change(counts(*now), counts(*then))

    for (one, other), value, low, high in zip(
        pairs,
        found.waarde.to_pylist(),
        found.ondergrens.to_pylist(),
        found.bovengrens.to_pylist(),
        strict=True,
    ):
        assert low <= 100 * (one - other) / other <= high
        if value is not None:
            assert low <= value <= high
            assert np.sign(one - other) * value >= 0


CELL = st.one_of(
    st.integers(20, 100).map(lambda n: 5 * n),
    st.sampled_from([status for status in OF_FIGURES if status not in WITH_VALUE]),
)


@given(CELL, CELL)
def test_missing_in_is_missing_out(now: Cell, then: Cell) -> None:
    missing = [cell for cell in (now, then) if isinstance(cell, Status)]

    for found in (
        difference(counts(now), counts(then), step=1),
        relative_change(counts(now), counts(then)),
    ):
        value, status, low, high = result(found)
        assert (status in missing) == bool(missing)
        assert ((low, high) == (None, None)) == bool(missing)
        assert Status(status).has_value == (value is not None)


@given(st.integers(100, 4000), st.integers(100, 4000), st.sampled_from([1, 10, 1000]))
def test_a_difference_does_not_depend_on_the_unit(one: int, other: int, factor: int) -> None:
    def cells(value: int, step: float) -> Cells:
        return tenths(value * step, (value - 3) * step, (value + 3) * step)

    plain = result(difference(cells(one, 0.1), cells(other, 0.1), step=0.1))
    scaled = result(difference(cells(one, 0.1 * factor), cells(other, 0.1 * factor), step=0.1))

    assert plain[1] == scaled[1]
    assert (plain[0] is None) == (scaled[0] is None)
    if plain[0] is not None and scaled[0] is not None:
        assert scaled[0] == pytest.approx(plain[0] * factor)


def test_a_deviation_is_from_the_larger_region_of_the_row() -> None:
    of = Cells(
        pa.array([30.0, 10.0, 20.0]),
        pa.array(["berekend"] * 3),
        pa.array([29.0, 9.0, 19.0]),
        pa.array([31.0, 11.0, 21.0]),
    )

    found = deviation(of, tenths(20.0, 19.9, 20.1), np.array([0, 0, -1]), step=0.1)

    assert found.waarde.to_pylist() == [10.0, -10.0, None]
    assert found.status.to_pylist() == ["berekend", "berekend", "niet_van_toepassing"]
    assert found.bovengrens.to_pylist() == [11.1, -8.9, None]


def test_a_region_that_may_be_as_the_larger_one_does_not_deviate() -> None:
    found = deviation(tenths(21.0, 20.0, 22.0), tenths(20.0, 19.9, 20.1), np.array([0]), step=0.1)

    assert result(found) == (None, UNCERTAIN, -0.1, 2.1)


def test_rows_that_are_not_there_have_the_status_that_is_asked() -> None:
    found = rows_of(counts(5), np.array([-1, 0]), Status.ONTBREEKT_IN_BRON)

    assert found.status.to_pylist() == ["ontbreekt_in_bron", "waargenomen"]
    assert found.waarde.to_pylist() == [None, 5]
