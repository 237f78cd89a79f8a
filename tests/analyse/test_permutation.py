"""One table of running sums serves every region, and counts what a search through all draws counts."""

from itertools import permutations

import numpy as np
import pytest
from esda import Moran_Local
from libpysal.weights import lat2W

from spatial.analyse.contiguity import Contiguity
from spatial.analyse.permutation import draws, reached


def lattice(side: int) -> Contiguity:
    """Return the Queen neighbours of a square lattice."""
    return from_pairs(side * side, lattice_pairs(side))


def lattice_pairs(side: int) -> list[tuple[int, int]]:
    """Return all pairs of cells that touch."""
    cells = [(row, column) for row in range(side) for column in range(side)]
    return [
        (one, other)
        for one, (r, c) in enumerate(cells)
        for other, (s, d) in enumerate(cells)
        if one != other and abs(r - s) <= 1 and abs(c - d) <= 1
    ]


def from_pairs(regions: int, pairs: list[tuple[int, int]]) -> Contiguity:
    """Return the neighbours of numbered regions."""
    van, naar = np.array(sorted(pairs), dtype=np.int64).reshape(-1, 2).T
    return Contiguity(tuple(f"GM{number:04d}" for number in range(regions)), van, naar)


def sums_of(values: np.ndarray, neighbours: Contiguity) -> np.ndarray:
    """Return the sum over the neighbours of every region."""
    return np.bincount(neighbours.van, values[neighbours.naar], minlength=len(values))


def test_a_draw_has_no_region_twice_and_every_region_as_often() -> None:
    drawn = draws(7, 7, 20_000, seed=1)
    assert (np.sort(drawn, axis=0) == np.arange(7)[:, None]).all()
    shares = np.array([np.bincount(row, minlength=7) for row in drawn]) / 20_000
    assert shares == pytest.approx(1 / 7, abs=0.012)


def test_every_pair_in_order_is_as_likely() -> None:
    drawn = draws(4, 2, 60_000, seed=2)
    shares = np.bincount(drawn[0] * 4 + drawn[1], minlength=16).reshape(4, 4) / 60_000
    assert np.diag(shares).tolist() == [0, 0, 0, 0]
    assert shares[~np.eye(4, dtype=bool)] == pytest.approx(1 / 12, abs=0.006)


def test_the_same_seed_gives_the_same_draws_and_another_seed_others() -> None:
    first = draws(50, 9, 100, seed=3)
    assert first.tobytes() == draws(50, 9, 100, seed=3).tobytes()
    assert first.tobytes() != draws(50, 9, 100, seed=4).tobytes()


def test_the_counts_are_those_of_a_search_through_all_draws() -> None:
    neighbours = lattice(6)
    values = np.random.default_rng(5).integers(0, 4, 36).astype(float)
    sums, drawn = sums_of(values, neighbours), draws(36, 9, 400, seed=6)
    expected = []
    for region, k in enumerate(neighbours.aantal):
        others = [[place for place in time if place != region][:k] for time in drawn.T.tolist()]
        expected.append(sum(values[chosen].sum() >= sums[region] for chosen in others))
    assert reached(values, sums, neighbours, drawn).tolist() == expected


def test_the_counts_come_to_the_exact_chance() -> None:
    neighbours = from_pairs(6, [(0, 1), (0, 2), (1, 0), (2, 0), (1, 3), (3, 1), (4, 5), (5, 4)])
    values = np.array([3.0, 9.0, 4.0, 1.0, 7.0, 2.0])
    sums, drawn = sums_of(values, neighbours), draws(6, 3, 40_000, seed=7)
    found = reached(values, sums, neighbours, drawn) / 40_000
    for region, k in enumerate(neighbours.aantal):
        others = np.delete(values, region)
        ways = [sum(way) >= sums[region] for way in permutations(others, int(k))]
        assert found[region] == pytest.approx(np.mean(ways), abs=0.012)


def test_a_region_without_neighbours_counts_nothing() -> None:
    neighbours = from_pairs(3, [(0, 1), (1, 0)])
    counts = reached(np.ones(3), np.zeros(3), neighbours, draws(3, 2, 10, seed=8))
    assert counts.tolist() == [10, 10, 0]


def test_the_chances_are_those_of_esda() -> None:
    neighbours, times = lattice(10), 9_999
    values = np.random.default_rng(9).normal(size=100)
    values[:30] += 1.0
    peer = Moran_Local(
        values, lat2W(10, 10, rook=False), permutations=times, seed=10, alternative="two-sided"
    )
    drawn = draws(100, 9, times, seed=11)
    above = reached(values, sums_of(values, neighbours), neighbours, drawn)
    below = reached(-values, -sums_of(values, neighbours), neighbours, drawn)
    chance = np.minimum(1, 2 * (np.minimum(above, below) + 1) / (times + 1))
    assert chance == pytest.approx(np.minimum(1, peer.p_sim), abs=0.035)
    assert np.abs(chance - np.minimum(1, peer.p_sim)).mean() < 0.006
