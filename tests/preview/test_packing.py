"""Figures in few characters lose nothing."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spatial.preview.classes import MISSING_SIGNS, VALUE_SIGNS
from spatial.preview.packing import UNSURE, digits, packed, packed_topology
from spatial.preview.shapes import read_shapes
from spatial.preview.topology import topology
from spatial.store.snapshot import Snapshot
from tests.preview.unpacking import undigits, unpacked, untopology

_DECIMALS = st.integers(0, 3)
_STEPS = st.integers(-1_000_000_000, 1_000_000_000)
_SIGNS = st.sampled_from([*VALUE_SIGNS.values(), *MISSING_SIGNS.values()])


@st.composite
def moments(draw: st.DrawFn) -> tuple[dict[str, Any], int]:
    decimals = draw(_DECIMALS)
    scale = 10**decimals
    cells = []
    for sign in draw(st.lists(_SIGNS, max_size=20)):
        value = None if sign in MISSING_SIGNS.values() else draw(_STEPS)
        bounded = value is not None or sign == UNSURE
        low, high = (draw(_STEPS) if bounded else None for _ in range(2))
        cells.append((sign, *(None if n is None else n / scale for n in (value, low, high))))
    signs, values, lows, highs = zip(*cells, strict=True) if cells else ((), (), (), ())
    moment = {"status": "".join(signs), "waarden": [*values], "min": [*lows], "max": [*highs]}
    return moment, decimals


@given(moments())
def test_numbers_and_bounds_come_back_as_they_were(entry: tuple[dict[str, Any], int]) -> None:
    moment, decimals = entry

    back = unpacked(packed(moment, decimals), decimals)

    assert {name: back[name] for name in ("waarden", "min", "max")} == {
        name: moment[name] for name in ("waarden", "min", "max")
    }


def test_bounds_that_lie_equally_far_are_written_once() -> None:
    moment = {
        "status": "wgw",
        "waarden": [10, None, 25],
        "min": [8, None, 23],
        "max": [12, None, 29],
    }

    short = packed(moment, 0)

    assert (short["min"], undigits(short["max"])) == (2, [2, 0, 4])


@pytest.mark.parametrize("sign", sorted(MISSING_SIGNS.values()))
def test_what_has_no_number_gets_none_from_its_neighbours(sign: str) -> None:
    bound = 1.5 if sign == UNSURE else None
    moment = {
        "status": f"w{sign}",
        "waarden": [10.0, None],
        "min": [9.5, bound],
        "max": [10.5, bound],
    }

    back = unpacked(packed(moment, 1), 1)

    assert back["waarden"] == [10.0, None]
    assert (back["min"][1], back["max"][1]) == (bound, bound)


def test_a_circle_keeps_its_radius_and_nothing_has_none() -> None:
    moment = {"status": "wg", "waarden": [4, None], "min": [4, None], "max": [4, None]}

    short = packed(moment | {"stralen": [12.3, None]}, 0)

    assert undigits(short["stralen"]) == [123, 0]


@given(st.lists(st.integers(-(2**40), 2**40)))
def test_whole_numbers_come_back_from_their_text(numbers: list[int]) -> None:
    text = digits(numbers)

    assert undigits(text) == numbers
    assert all("?" <= character <= "~" for character in text)


def test_small_numbers_take_one_character() -> None:
    assert len(digits(range(-16, 16))) == 32


def test_a_topology_comes_back_as_it_was(country: Snapshot) -> None:
    shapes = read_shapes(country, "gemeente", [2021, 2022])
    named = replace(shapes[2021], namen=tuple(f"Oud {naam}" for naam in shapes[2021].namen))
    whole = topology({"gemeente-2021": named, "gemeente-2022": shapes[2022]})

    assert untopology(packed_topology(whole)) == whole
