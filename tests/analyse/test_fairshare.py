"""Shares add up, an index encloses every truth behind the figures, and a secret member stays secret."""

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction
from itertools import product

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from spatial.analyse.fairshare.allocation import allocate
from spatial.analyse.fairshare.amounts import Amounts, Verdeling, absent, amounts, exact
from spatial.analyse.fairshare.hoover import ceiling, enclosure, hoover
from spatial.analyse.fairshare.measures import gap, key_whole, proportional, quotient
from spatial.analyse.fairshare.theil import theil
from spatial.analyse.fairshare.wide import NO_FIGURES, Wide, keys_of, year_ends
from spatial.domain.status import Status, rounding_bounds
from spatial.errors import SchemaError, ValueParseError

SECRET = Status.GEHEIM_OF_ONBEKEND
type Cell = int | Status


def cells(*numbers: Cell, base: int = 5) -> Amounts:
    """Return published counts, rounded to a base; a status stands for a cell without a number."""
    values = [None if isinstance(cell, Status) else cell for cell in numbers]
    bounds = [(None, None) if v is None else rounding_bounds(v, base) for v in values]
    table = pa.table(
        {
            "x": pa.array(values, pa.int64()),
            "xStatus": [c.value if isinstance(c, Status) else "waargenomen" for c in numbers],
            "xMin": pa.array([low for low, _ in bounds], pa.int64()),
            "xMax": pa.array([high for _, high in bounds], pa.int64()),
        }
    )
    return amounts(table, ("x", "xStatus", "xMin", "xMax"))


def region(  # noqa: PLR0913 - the parts of one region, all but two by name
    group: Sequence[Cell],
    key: Sequence[Cell],
    *,
    whole: Cell | None = None,
    key_total: Cell | None = None,
    key_base: int = 1,
    minimum: float = 50,
) -> Verdeling:
    """Return one region; its wholes are the sums of what is published, unless they are given."""
    numbers = [cell for cell in group if not isinstance(cell, Status)]
    keys = [cell for cell in key if not isinstance(cell, Status)]
    return Verdeling(
        np.array([0, len(group)]),
        cells(*group),
        cells(*key, base=key_base),
        cells(sum(numbers) if whole is None else whole),
        cells(sum(keys) if key_total is None else key_total, base=key_base),
        minimum,
    )


def rounded(true: int) -> int:
    """Round to five as CBS does."""
    return (true + 2) // 5 * 5


def hoover_of(group: Sequence[float], key: Sequence[float]) -> Fraction:
    """Return H by its definition, in exact fractions."""
    whole, total = Fraction(sum(group)), Fraction(sum(key))
    apart = (abs(g / whole - d / total) for g, d in zip(map(Fraction, group), key, strict=True))
    return Fraction(sum(apart)) / 2


def of(numbers: Amounts) -> list[tuple[float | None, str, float | None, float | None]]:
    """Return value, status, lower and upper bound of every number."""
    columns = [
        [None if np.isnan(x) else x for x in column.tolist()]
        for column in (numbers.waarde, numbers.laag, numbers.hoog)
    ]
    names = [status.value for status in numbers.statuses()]
    return list(zip(columns[0], names, columns[1], columns[2], strict=True))


# Proportional share, gap, location quotient


def test_the_proportional_share_is_the_part_of_the_key() -> None:
    found = proportional(region([100, 300], [1000, 3000]))

    assert of(found) == [
        (100.0, "berekend", 99.5, 100.5),
        (300.0, "berekend", 298.5, 301.5),
    ]


def test_the_gap_is_what_a_member_has_above_its_share() -> None:
    found = gap(region([150, 250], [1000, 3000]))

    assert [row[0] for row in of(found)] == [50.0, -50.0]
    assert of(found)[0] == (50.0, "berekend", 47.5, 52.5)


def test_the_location_quotient_divides_two_shares() -> None:
    found = quotient(region([150, 250], [1000, 3000]))

    assert of(found) == [(1.5, "berekend", 1.47, 1.53), (0.83, "berekend", 0.82, 0.85)]


@given(st.lists(st.integers(10, 400).map(lambda n: 5 * n), min_size=1, max_size=20))
def test_the_location_quotient_is_1_when_the_shares_are_equal(group: list[int]) -> None:
    found = quotient(region(group, [8 * number for number in group]))

    assert set(found.waarde.tolist()) == {1.0}
    assert np.all((found.laag <= 1.0) & (found.hoog >= 1.0))


@given(st.lists(st.tuples(st.integers(10, 5000), st.integers(50, 90_000)), min_size=1, max_size=12))
def test_true_shares_gaps_and_quotients_lie_within_their_bounds(
    pairs: list[tuple[int, int]],
) -> None:
    group, key = zip(*pairs, strict=True)
    assume(sum(group) >= 60)
    whole, total = sum(group), sum(key)

    place = region(
        [rounded(g) for g in group], [rounded(d) for d in key], whole=rounded(whole),
        key_total=rounded(total), key_base=5, minimum=1,
    )  # fmt: skip

    for number, (g, d) in enumerate(pairs):
        share = whole * d / total
        for found, true in (
            (proportional(place), share),
            (gap(place), g - share),
            (quotient(place), g / share),
        ):
            assert found.laag[number] - 1e-6 <= true <= found.hoog[number] + 1e-6


def test_shares_add_up_to_the_group_of_the_region() -> None:
    place = region([100, 50, 35], [1234, 777, 4321], whole=190)

    assert proportional(place).waarde.sum() == pytest.approx(190, abs=0.15)


def test_a_secret_member_has_a_share_but_no_gap_and_no_quotient() -> None:
    place = region([100, SECRET, 200, 60], [1000, 80, 2000, 900], whole=365)

    assert of(proportional(place))[1][1] == "berekend"
    assert of(gap(place))[1] == (None, SECRET, None, None)
    assert of(quotient(place))[1] == (None, SECRET, None, None)


def test_without_a_figure_for_the_region_nothing_is_computed() -> None:
    place = region([100, SECRET], [1000, 3000], whole=SECRET)

    for found in (proportional(place), gap(place), quotient(place), hoover(place)):
        assert {row[1] for row in of(found)} == {SECRET}


def test_a_small_key_gives_no_quotient_but_does_give_a_share() -> None:
    place = region([100, 10], [1000, 45])

    assert of(quotient(place))[1] == (None, "te_klein", None, None)
    assert of(proportional(place))[1][1] == "berekend"


def test_a_small_group_gives_no_quotient_and_no_index() -> None:
    place = region([25, 20], [1000, 800])

    assert {row[1] for row in of(quotient(place))} == {"te_klein"}
    assert of(hoover(place)) == [(None, "te_klein", None, None)]


def test_one_secret_key_among_many_gives_an_index_with_bounds() -> None:
    group = [60, 40, 35, 80, 25, 90, 55, 20, 45, 30, 65, 70]
    key: list[Cell] = [60, 40, 40, 90, 20, 75, 50, SECRET, 50, 25, 70, 65]

    place = region(group, key, key_total=590, key_base=5, minimum=5)
    ((value, status, low, high),) = of(hoover(place))

    assert status == "berekend"
    assert (low or 0) < (value or 0) < (high or 0)
    assert of(hoover(region(group, key, key_total=600, key_base=5, minimum=5)))[0][1] == "berekend"
    assert of(hoover(region(group, key, key_total=650, key_base=5, minimum=5)))[0][1] == SECRET


@pytest.mark.parametrize("status", [Status.ONTBREEKT_IN_BRON, Status.NIET_VAN_TOEPASSING, SECRET])
def test_a_key_without_a_figure_says_why_nothing_is_computed(status: Status) -> None:
    place = region([100, 200], [1000, status], key_total=status)

    assert of(proportional(place))[1] == (None, status, None, None)
    assert of(hoover(place)) == [(None, status, None, None)]


def test_the_key_of_a_region_is_as_published_when_a_member_is_unknown() -> None:
    whole = key_whole(region([100, 200], [1000, SECRET], key_total=3000))

    assert of(whole) == [(3000.0, "waargenomen", 3000.0, 3000.0)]


def test_an_estimate_makes_the_result_an_estimate() -> None:
    place = region([100, 200], [1000, 2000])
    estimated = exact(np.array([1000.0, 2000.0]), Status.GESCHAT)
    place = replace(place, sleutel=estimated)

    assert {row[1] for row in of(quotient(place))} == {"geschat"}
    assert of(hoover(place))[0][1] == "geschat"


# Hoover


def test_the_index_is_the_part_that_would_have_to_move() -> None:
    found = hoover(region([15_000, 5_000], [10_000, 10_000]))

    assert of(found) == [(25.0, "berekend", 24.0, 26.0)]


def test_the_index_of_a_region_with_one_member_is_0() -> None:
    assert of(hoover(region([100], [1000]))) == [(0.0, "berekend", 0.0, 0.0)]


def fewest_moves(group: Sequence[int], target: Sequence[int]) -> int:
    """Count the moves of one household at a time, tried in every order by breadth first."""
    seen, layer, steps = {tuple(group)}, {tuple(group)}, 0
    while tuple(target) not in seen:
        steps += 1
        layer = {
            tuple(n - (at == van) + (at == naar) for at, n in enumerate(state))
            for state in layer
            for van, naar in product(range(len(state)), repeat=2)
            if van != naar and state[van]
        } - seen
        seen |= layer
    return steps


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 4), min_size=2, max_size=4), st.data())
def test_the_index_is_the_fewest_moves_on_small_cases(
    group: list[int], data: st.DataObject
) -> None:
    total = sum(group)
    assume(0 < total <= 8)
    cuts = sorted(data.draw(st.lists(st.integers(0, total), min_size=3, max_size=3)))
    target = np.diff([0, *cuts[: len(group) - 1], total]).tolist()

    place = Verdeling(
        np.array([0, len(group)]),
        exact(np.array(group, dtype=float)),
        exact(np.array(target, dtype=float)),
        exact(np.array([float(total)])),
        exact(np.array([float(total)])),
    )
    low, high = enclosure(place)

    assert low[0] == pytest.approx(high[0], abs=1e-6)
    assert total * high[0] == pytest.approx(fewest_moves(group, target), abs=1e-5)


TRUTH = st.lists(st.tuples(st.integers(0, 60), st.integers(1, 900)), min_size=2, max_size=8)


@settings(max_examples=300, deadline=None)
@given(TRUTH)
def test_every_truth_behind_the_figures_keeps_the_index_within_its_bounds(
    truth: list[tuple[int, int]],
) -> None:
    group, key = zip(*truth, strict=True)
    assume(sum(group) > 55 and sum(key) > 55)
    published, keys = (
        [SECRET if 0 < x < 10 else rounded(x) for x in side] for side in (group, key)
    )

    place = region(
        published, keys, whole=rounded(sum(group)),
        key_total=rounded(sum(key)), key_base=5, minimum=1,
    )  # fmt: skip
    low, high = enclosure(place)

    assert low[0] <= hoover_of(group, key) <= high[0]


def extremes(group: Sequence[Cell], key: Sequence[int], whole: int) -> tuple[float, float]:
    """Return lowest and highest H over all whole numbers behind the figures."""
    ranges = [
        range(10)
        if isinstance(cell, Status)
        else range(*(np.add(rounding_bounds(cell, 5), (0, 1))))
        for cell in group
    ]
    low, high = rounding_bounds(whole, 5)
    found = [float(hoover_of(true, key)) for true in product(*ranges) if low <= sum(true) <= high]
    return min(found), max(found)


@pytest.mark.parametrize(
    ("group", "key", "whole"),
    [
        ((100, 50, 20, 15), (4000, 3000, 500, 900), 185),
        ((30, 30, 30, 30), (1000, 1000, 1000, 1000), 125),
        ((60, SECRET, 10, 25), (900, 50, 400, 800), 100),
        ((200, 10, 15), (100, 1000, 900), 220),
    ],
)
def test_the_bounds_are_tight(group: tuple[Cell, ...], key: tuple[int, ...], whole: int) -> None:
    place = region(group, key, whole=whole)

    low, high = enclosure(place)
    least, most = extremes(group, key, whole)

    assert least - 0.0001 <= low[0] <= least
    assert most <= high[0] <= most + 0.008


def test_the_bounds_of_a_country_are_close_to_what_chance_finds() -> None:
    draws = np.random.default_rng(1)
    key = draws.integers(5_000, 200_000, 340)
    group = (key * 0.01 * draws.uniform(0.5, 1.5, 340)).astype(int)
    published = np.array([rounded(int(g)) for g in group])
    place = region(published.tolist(), key.tolist(), whole=int(published.sum()))

    low, high = enclosure(place)
    order = np.argsort(published / published.sum() - key / key.sum())
    ends = []
    for most_above in (-2, 2):
        moved = published.copy()
        moved[order[:170]] -= most_above
        moved[order[170:]] += most_above
        ends.append(float(hoover_of(moved.tolist(), key.tolist())))

    assert low[0] <= ends[0] < ends[1] <= high[0]
    assert high[0] - low[0] <= 1.05 * (ends[1] - ends[0])


@given(st.lists(st.tuples(st.integers(2, 400), st.integers(10, 900)), min_size=2, max_size=9),
       st.sampled_from([0.01, 0.5, 3.0, 1e6]))  # fmt: skip
def test_results_do_not_depend_on_the_unit_of_the_key(
    pairs: list[tuple[int, int]], factor: float
) -> None:
    group, key = zip(*pairs, strict=True)
    place = region([5 * g for g in group], key, minimum=0)
    scaled = replace(
        place,
        sleutel=_times(place.sleutel, factor),
        sleutel_geheel=_times(place.sleutel_geheel, factor),
    )

    for measure in (proportional, gap, quotient, hoover):
        before, after = measure(place), measure(scaled)
        assert before.statuses() == after.statuses()
        for one, other in zip((before.waarde, before.laag, before.hoog),
                              (after.waarde, after.laag, after.hoog), strict=True):  # fmt: skip
            np.testing.assert_allclose(one, other, atol=1.001 if measure is hoover else 0.1001)


def _times(numbers: Amounts, factor: float) -> Amounts:
    return Amounts(
        numbers.waarde * factor, numbers.status, numbers.laag * factor, numbers.hoog * factor
    )


def test_regions_beside_each_other_are_computed_as_if_alone() -> None:
    one = region([100, 50, 20], [400, 300, 50], whole=170)
    other = region([60, 70], [90, 400], whole=130)
    both = Verdeling(
        np.array([0, 3, 5]),
        _joined(one.groep, other.groep),
        _joined(one.sleutel, other.sleutel),
        _joined(one.groep_geheel, other.groep_geheel),
        _joined(one.sleutel_geheel, other.sleutel_geheel),
    )

    assert of(hoover(both)) == [*of(hoover(one)), *of(hoover(other))]
    assert of(quotient(both)) == [*of(quotient(one)), *of(quotient(other))]


def _joined(one: Amounts, other: Amounts) -> Amounts:
    pairs = ((getattr(one, name), getattr(other, name)) for name in Amounts.__slots__)
    return Amounts(*(np.concatenate(pair) for pair in pairs))


def test_the_ceiling_grows_with_the_number_of_members() -> None:
    assert ceiling(region([100] * 2, [1000] * 2)).tolist() == [0.5]
    assert ceiling(region([100] * 4, [1000] * 4)).tolist() == [0.75]


@given(st.lists(st.tuples(st.integers(0, 300), st.integers(1, 500)), min_size=1, max_size=8))
def test_no_index_exceeds_its_ceiling(pairs: list[tuple[int, int]]) -> None:
    group, key = zip(*pairs, strict=True)
    assume(sum(group) > 0)

    assert hoover_of(group, key) <= Fraction(1) - Fraction(min(key), sum(key))


# Secret members


def test_the_index_of_two_members_of_which_one_is_secret_is_withheld() -> None:
    for whole in (100, 105, 110):
        found = hoover(region([100, SECRET], [1000, 1000], whole=whole))

        assert of(found) == [(None, SECRET, None, None)]


def test_the_index_is_withheld_when_next_to_nothing_is_left_for_many_secret_members() -> None:
    place = region([400, SECRET, SECRET, SECRET], [1000] * 4, whole=400)

    assert of(hoover(place))[0][1] == SECRET


def test_one_secret_member_among_many_gives_an_index_with_bounds() -> None:
    group: list[Cell] = [60, 40, 35, 80, 25, 90, 55, SECRET, 45, 30, 65, 70]
    key = [600, 350, 400, 900, 200, 700, 500, 80, 500, 250, 700, 650]

    ((value, status, low, high),) = of(hoover(region(group, key, whole=600)))

    assert status == "berekend"
    assert value is not None
    assert low is not None
    assert high is not None
    assert low < high
    assert low <= value <= high


def test_figures_that_contradict_each_other_give_no_index_over_secret_members() -> None:
    place = region([100, SECRET, 100], [1000] * 3, whole=150)

    assert of(hoover(place))[0][1] == SECRET


def test_a_secret_member_without_any_figure_for_the_region_has_no_index() -> None:
    place = region([100, SECRET, 100], [1000] * 3, whole=Status.ONTBREEKT_IN_BRON)

    assert of(hoover(place))[0][1] == "ontbreekt_in_bron"


@pytest.mark.parametrize("hidden", [1, 5, 9])
def test_only_published_cells_go_in(hidden: int) -> None:
    """Whatever is behind the sign: two tables with the same published cells are the same table."""
    sign = cells(SECRET)
    behind = Amounts(np.array([float(hidden)]), sign.status, sign.laag, sign.hoog)
    place = region([100, 80, 60, 70], [1000] * 4, whole=310)

    def with_member(member: Amounts) -> Verdeling:
        group = _joined(_joined(cells(100, 80), member), cells(60, 70))
        key, total = cells(*[1000] * 5, base=1), cells(5000, base=1)
        return Verdeling(np.array([0, 5]), group, key, place.groep_geheel, total)

    for measure in (proportional, gap, quotient, hoover):
        assert of(measure(with_member(sign))) == of(measure(with_member(behind)))


# Allocation


def test_an_allocation_always_adds_up() -> None:
    draws = random.Random(3)  # noqa: S311 - no secrets here
    for _ in range(10_000):
        size = draws.randint(1, 30)
        weights = [draws.randint(0, 10 ** draws.randint(0, 6)) for _ in range(size)]
        weights[0] += 1
        total = draws.randint(0, 5_000)

        parts = allocate(total, weights, [f"GM{number:04}" for number in range(size)])

        assert sum(parts) == total
        quotas = [Fraction(total * weight, sum(weights)) for weight in weights]
        assert all(abs(part - quota) < 1 for part, quota in zip(parts, quotas, strict=True))


def test_of_equal_remainders_the_higher_code_comes_last() -> None:
    assert allocate(5, [1, 1], ["GM0009", "GM0001"]) == [2, 3]
    assert allocate(2, [1, 1, 1], ["GM0003", "GM0001", "GM0002"]) == [0, 1, 1]


def test_an_allocation_does_not_depend_on_the_order_of_the_members() -> None:
    weights = {"GM0001": 7, "GM0002": 7, "GM0003": 11, "GM0004": 2}
    backward = dict(reversed(weights.items()))

    one = dict(zip(weights, allocate(10, [*weights.values()], [*weights]), strict=True))
    other = dict(zip(backward, allocate(10, [*backward.values()], [*backward]), strict=True))

    assert one == other


def test_fractions_of_a_key_are_divided_exactly() -> None:
    assert allocate(1, [0.1 + 0.2, 0.3], ["GM0002", "GM0001"]) == [1, 0]


@pytest.mark.parametrize(
    ("total", "weights", "codes"),
    [
        (-1, [1], ["GM0001"]),
        (1, [-1, 2], ["GM0001", "GM0002"]),
        (1, [0, 0], ["GM0001", "GM0002"]),
        (1, [1, 2], ["GM0001", "GM0001"]),
        (1, [1, 2], ["GM0001"]),
        (1, [float("nan")], ["GM0001"]),
        (1, [float("inf")], ["GM0001"]),
    ],
)
def test_what_cannot_be_divided_is_refused(
    total: int, weights: list[float], codes: list[str]
) -> None:
    with pytest.raises(ValueParseError):
        allocate(total, weights, codes)


# Theil


def test_equal_shares_have_a_theil_index_of_0() -> None:
    found = theil(cells(100, 200), cells(1000, 2000, base=1))

    assert found is not None
    assert found.totaal.waarde == pytest.approx(0.0, abs=1e-12)


def test_the_theil_index_is_the_sum_of_its_parts() -> None:
    group, key = cells(100, 50, 400, 30), cells(1000, 900, 2000, 800, base=1)

    found = theil(group, key, np.array([0, 0, 1, 1]))

    assert found is not None
    assert found.tussen is not None
    assert found.binnen is not None
    p, q = group.waarde / 580, key.waarde / 4700
    between = 150 / 580 * np.log(150 / 580 / (1900 / 4700))
    between += 430 / 580 * np.log(430 / 580 / (2800 / 4700))
    assert found.totaal.waarde == pytest.approx(float((p * np.log(p / q)).sum()))
    assert found.tussen.waarde == pytest.approx(float(between))
    assert found.tussen.waarde + found.binnen.waarde == pytest.approx(found.totaal.waarde)


def test_secret_members_are_left_out_and_counted() -> None:
    found = theil(cells(100, SECRET, 300, 0), cells(1000, 500, 900, 700, base=1))

    assert found is not None
    assert (found.meegeteld, found.weggelaten) == (3, 1)


def test_one_member_has_no_theil_index() -> None:
    assert theil(cells(100, SECRET), cells(1000, 500, base=1)) is None
    assert theil(cells(0, 0), cells(1000, 500, base=1)) is None


@given(TRUTH)
def test_every_truth_keeps_the_theil_index_within_its_bounds(truth: list[tuple[int, int]]) -> None:
    group, key = (np.array(column) for column in zip(*truth, strict=True))
    assume(sum(map(rounded, group.tolist())) > 0)
    published = theil(cells(*map(rounded, group.tolist())), cells(*key.tolist(), base=1))
    p, q = group / group.sum(), key / key.sum()
    true = sum(a * np.log(a / b) for a, b in zip(p, q, strict=True) if a > 0)

    assert published is not None
    assert published.totaal.laag - 1e-9 <= true <= published.totaal.hoog + 1e-9


# Columns


def test_a_table_without_the_columns_is_refused() -> None:
    with pytest.raises(SchemaError, match="xMax"):
        amounts(pa.table({"x": [1], "xStatus": ["waargenomen"], "xMin": [1]}),
                ("x", "xStatus", "xMin", "xMax"))  # fmt: skip


def test_a_status_that_is_none_of_ours_is_refused() -> None:
    with pytest.raises(SchemaError, match="none of"):
        amounts(pa.table({"x": [1], "xStatus": ["?"], "xMin": [1], "xMax": [1]}),
                ("x", "xStatus", "xMin", "xMax"))  # fmt: skip


def test_what_is_absent_has_no_number() -> None:
    assert of(absent(1)) == [(None, "ontbreekt_in_bron", None, None)]


def test_a_group_that_has_nothing_in_an_indeling_is_absent_everywhere() -> None:
    wanted = keys_of(
        pa.array(["PV26"]), pa.array([2020], pa.int32()), pa.array([date(2020, 1, 1)], pa.date32())
    )

    assert of(NO_FIGURES.amounts(("x", "xStatus", "xMin", "xMax"), wanted)) == of(absent(1))


def test_a_number_is_found_by_region_indeling_and_day() -> None:
    day, other = date(2020, 1, 1), date(2020, 12, 31)
    table = pa.table(
        {
            "regioCode": pa.array(["PV26", "PV26"]).dictionary_encode(),
            "indeling": pa.array([2020, 2020], pa.int32()),
            "peilmoment": pa.array([day, other], pa.date32()),
            "x": [1, 2],
            "xStatus": ["waargenomen", "waargenomen"],
            "xMin": [0, 0],
            "xMax": [3, 4],
        }
    )
    codes, years = pa.array(["PV26"] * 3), pa.array([2020, 2020, 2021], pa.int32())
    days = pa.array([other, day, day], pa.date32())

    found = Wide(table).amounts(("x", "xStatus", "xMin", "xMax"), keys_of(codes, years, days))

    assert [row[0] for row in of(found)] == [2, 1, None]
    assert year_ends(days).to_pylist() == [other, other, other]
