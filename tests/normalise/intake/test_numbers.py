"""Row numbers in pieces are held against each other as those of a whole table are."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spatial.errors import SourceError
from spatial.normalise.intake.numbers import RowNumbers

NUMBERS = st.lists(st.integers(0, 5_000_000), min_size=1, max_size=40)


@given(NUMBERS, st.integers(1, 10))
def test_a_number_is_found_twice_exactly_when_it_stands_there_twice(
    numbers: list[int], size: int
) -> None:
    seen = RowNumbers("t")
    pieces = [numbers[begin : begin + size] for begin in range(0, len(numbers), size)]

    if len(set(numbers)) == len(numbers):
        _add(seen, pieces)
        assert seen.count == len(numbers)
    else:
        with pytest.raises(SourceError, match="stands there twice"):
            _add(seen, pieces)


def _add(seen: RowNumbers, pieces: list[list[int]]) -> None:
    for piece in pieces:
        seen.add(np.array(piece))


def test_the_first_gap_is_named_across_the_blocks_in_which_numbers_are_kept() -> None:
    seen = RowNumbers("t")
    seen.add(np.arange(1 << 20))
    seen.add(np.arange((1 << 20) + 1, (1 << 20) + 9))

    with pytest.raises(SourceError, match=f"first gap is after row number {(1 << 20) - 1}"):
        seen.check(expected=2 << 20)


def test_rows_that_are_missing_at_the_end_leave_no_gap() -> None:
    seen = RowNumbers("t")
    seen.add(np.arange(10))

    with pytest.raises(SourceError, match="10 rows, but the source has 11; download"):
        seen.check(expected=11)


def test_no_rows_are_no_fault() -> None:
    seen = RowNumbers("t")
    seen.add(np.empty(0, dtype=np.int64))

    seen.check(expected=0)
