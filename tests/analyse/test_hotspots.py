"""Remarkable is only what stays so: under chance, rounding, islands and missing figures."""

import geopandas as gpd
import numpy as np
import pytest
from esda.smoothing import Empirical_Bayes
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import box

from spatial.analyse.contiguity import Contiguity, contiguity
from spatial.analyse.hotspots import Method, _chances, _Scores, remarkable, smooth
from spatial.domain.remarkable import FLAGGED, Opvallend
from spatial.errors import DuplicateKeyError, SchemaError
from tests.lattice import GRID, SIDE, chance_map, exact, lattice, planted, population, rounded

QUICK = Method(permutations=4_999)


def flagged(classes: list[Opvallend]) -> np.ndarray:
    return np.array([entry in FLAGGED for entry in classes])


def test_on_maps_of_chance_one_in_twenty_has_a_small_chance_and_hardly_any_is_remarkable() -> None:
    small, called = [], []
    for seed in range(60):
        counts, people = chance_map(seed)
        outcome = remarkable(exact(counts), exact(people), GRID, Method(permutations=9_999))
        small.append((outcome.kans <= 0.05).mean())
        called.append(flagged(outcome.klasse).mean())
    assert 0.03 < np.mean(small) < 0.05 + 3 * np.std(small) / np.sqrt(len(small))
    assert np.mean(called) < 0.002


def test_a_planted_cluster_is_found_and_nothing_far_from_it() -> None:
    counts, people, square = planted()
    outcome = remarkable(rounded(counts), exact(people), GRID, QUICK)
    found = np.array([entry is Opvallend.HOOG_BIJ_HOOG for entry in outcome.klasse])
    assert found[square].sum() >= 5
    assert not flagged(outcome.klasse).reshape(SIDE, SIDE)[8:, :].any()


def test_a_low_region_in_a_high_surrounding_is_named_so() -> None:
    counts, people, _ = planted()
    counts[44] = people[44] * 0.001
    outcome = remarkable(exact(counts), exact(people), GRID, QUICK)
    assert outcome.klasse[44] is Opvallend.LAAG_BIJ_HOOG


def test_a_cluster_of_low_rates_is_named_so() -> None:
    counts, people, square = planted()
    counts = np.where(square, np.round(people * 0.001), np.round(people * 0.02))
    counts[::7] *= 1.2
    outcome = remarkable(exact(counts), exact(people), GRID, QUICK)
    assert outcome.klasse[44] is Opvallend.LAAG_BIJ_LAAG


def test_regions_with_the_same_rate_show_no_difference() -> None:
    people = population(2)
    outcome = remarkable(rounded(people * 0.1), exact(people), GRID, QUICK)
    assert set(outcome.klasse) == {Opvallend.GEEN_VERSCHIL}
    assert np.isnan(outcome.kans).all()
    assert outcome.gladgestreken.waarde == pytest.approx(0.1, rel=1e-3)


def test_rates_that_differ_by_chance_alone_are_not_spread_by_smoothing() -> None:
    for seed in range(30):
        counts, people = chance_map(seed, between=0.0)
        smoothed, raw = smooth(counts, people), counts / people
        assert smoothed.variantie >= 0
        away = (smoothed.of(raw) - smoothed.gemiddelde) * (raw - smoothed.gemiddelde)
        assert (away >= -1e-18).all()
        assert smoothed.of(raw).std() < 0.5 * raw.std()


def test_smoothing_is_that_of_esda_where_that_has_a_variance() -> None:
    counts, people = chance_map(3)
    smoothed = smooth(counts, people)
    assert smoothed.variantie > 0
    assert smoothed.of(counts / people) == pytest.approx(Empirical_Bayes(counts, people).r.ravel())


def test_the_bounds_of_a_smoothed_rate_hold_it_and_are_as_far_apart_as_rounding_makes_them() -> (
    None
):
    counts, people = chance_map(3)
    found = remarkable(rounded(counts), exact(people), GRID, QUICK).gladgestreken
    assert (found.ondergrens <= found.waarde).all()
    assert (found.waarde <= found.bovengrens).all()
    assert (found.bovengrens - found.ondergrens <= 4 / people + 1e-12).all()


def test_an_island_is_never_remarkable_and_its_value_is_not_dealt_out() -> None:
    counts, people, _ = planted()
    alone = Contiguity((*GRID.codes, "GM9999"), GRID.van, GRID.naar)
    outcomes = [
        remarkable(exact(np.append(counts, extra)), exact(np.append(people, 1000.0)), alone, QUICK)
        for extra in (20.0, 24.0)
    ]
    assert outcomes[0].klasse[-1] is Opvallend.GEEN_BUREN
    assert np.isnan(outcomes[0].kans[-1])
    assert (outcomes[0].getoetst, outcomes[0].geen_buren) == (100, 1)
    assert outcomes[0].kans[:100] == pytest.approx(outcomes[1].kans[:100], abs=0.002)


def test_a_region_without_a_figure_is_dropped_first_and_counted() -> None:
    counts, people, _ = planted()
    counts[[0, 44]] = np.nan
    outcome = remarkable(exact(counts), exact(people), GRID, QUICK)
    assert outcome.klasse[44] is Opvallend.ONTBREEKT
    assert (outcome.getoetst, outcome.ontbreekt, outcome.geen_buren) == (98, 2, 0)
    assert np.isfinite(np.delete(outcome.kans, [0, 44])).all()
    assert outcome.klasse[45] is Opvallend.HOOG_BIJ_HOOG


def test_a_region_whose_neighbours_are_all_missing_has_no_neighbours() -> None:
    counts, people, _ = planted()
    counts[[1, SIDE, SIDE + 1]] = np.nan
    outcome = remarkable(exact(counts), exact(people), GRID, QUICK)
    assert outcome.klasse[0] is Opvallend.GEEN_BUREN


def test_two_islands_that_touch_only_each_other_have_no_neighbours() -> None:
    counts, people, _ = planted()
    pair = Contiguity(
        (*GRID.codes, "GM9998", "GM9999"),
        np.append(GRID.van, [100, 101]),
        np.append(GRID.naar, [101, 100]),
    )
    both = [exact(np.append(values, [900.0, 1000.0])) for values in (counts, people)]
    outcome = remarkable(both[0], both[1], pair, QUICK)
    assert outcome.klasse[-2:] == [Opvallend.GEEN_BUREN] * 2
    assert (outcome.getoetst, outcome.geen_buren) == (100, 2)


def test_without_any_figure_nothing_is_tested() -> None:
    nothing = exact(np.full(SIDE * SIDE, np.nan))
    outcome = remarkable(nothing, nothing, GRID, QUICK)
    assert set(outcome.klasse) == {Opvallend.ONTBREEKT}
    assert outcome.getoetst == 0


def test_where_all_counts_are_zero_there_is_no_difference() -> None:
    outcome = remarkable(exact(np.zeros(SIDE * SIDE)), exact(population(4)), GRID, QUICK)
    assert set(outcome.klasse) == {Opvallend.GEEN_VERSCHIL}


def test_a_cluster_that_rounding_could_have_made_is_not_remarkable() -> None:
    people = np.full(SIDE * SIDE, 400.0)
    counts, _, square = planted()
    counts = np.where(square, 10.0, 5.0) + np.where(np.arange(SIDE * SIDE) % 9 == 0, 10, 0)
    sure = remarkable(exact(counts), exact(people), GRID, QUICK)
    unsure = remarkable(rounded(counts), exact(people), GRID, QUICK)
    assert (unsure.kans >= sure.kans).all()
    assert flagged(unsure.klasse).sum() == 0


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_no_true_values_within_the_bounds_have_a_higher_chance(data: st.DataObject) -> None:
    grid = lattice(4)
    middle = np.array(data.draw(st.lists(st.integers(0, 9), min_size=16, max_size=16)), dtype=float)
    moved = np.array(data.draw(st.lists(st.floats(-0.4, 0.4), min_size=16, max_size=16)))
    method = Method(permutations=199)
    bound, _ = _chances(_Scores(middle - 0.4, middle + 0.4), grid, method)
    true, _ = _chances(_Scores(middle + moved, middle + moved), grid, method)
    assert (true <= bound + 1e-12).all()


def test_the_same_figures_give_the_same_outcome_to_the_last_bit() -> None:
    counts, people, _ = planted()
    one = remarkable(rounded(counts), exact(people), GRID, QUICK)
    other = remarkable(rounded(counts), exact(people), lattice(), QUICK)
    assert one.kans.tobytes() == other.kans.tobytes()
    assert one.klasse == other.klasse


def test_figures_of_other_regions_are_refused() -> None:
    with pytest.raises(SchemaError, match="do not go with the neighbours of 100 regions"):
        remarkable(exact(np.ones(3)), exact(np.ones(3)), GRID)


def test_two_shapes_of_one_code_are_refused() -> None:
    twice = gpd.GeoDataFrame(
        {"code": ["GM0001", "GM0001"]}, geometry=[box(0, 0, 1, 1), box(1, 0, 2, 1)], crs=28992
    )
    with pytest.raises(DuplicateKeyError, match="GM0001"):
        contiguity(twice)


def test_regions_that_touch_in_one_point_are_neighbours() -> None:
    corner = [GRID.naar[GRID.van == 0].tolist(), GRID.aantal[0]]
    assert corner == [[1, SIDE, SIDE + 1], 3]
