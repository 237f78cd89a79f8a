import csv
import io
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spatial.domain.crosswalk import CROSSWALK, PPM, Gewichtmethode, SplitWeights
from spatial.domain.redivisions import Mutatie, Redivision
from spatial.domain.regions import Indeling
from spatial.errors import RegisterError, UnknownRegionError
from spatial.harmonise.changes import receivers, reverse
from spatial.harmonise.crosswalk import (
    REGISTER_BRON,
    Shares,
    compose,
    crosswalk,
    shares,
    to_csv,
    to_json,
    weights_for,
)
from spatial.harmonise.ppm import to_ppm
from tests.miniland import CODES, REGISTER, SPLIT, YEARS

FIRST, MIDDLE, LAST = YEARS
MERGED = SplitWeights(
    "GM0010",
    LAST,
    {"GM0001": 300_000, "GM0002": 700_000},
    {"GM0001": 5, "GM0002": 5},
    Gewichtmethode.DASYMETRISCH,
    "raster",
)
BACK = [
    MERGED,
    replace(SPLIT, oude_code="GM0003", van_indeling=MIDDLE, ppm={"GM0003": 1, "GM0005": 999_999},
            grens_ppm={"GM0003": 0, "GM0005": 0}),
    replace(SPLIT, oude_code="GM0004", van_indeling=MIDDLE, ppm={"GM0004": 2, "GM0005": 999_998},
            grens_ppm={"GM0004": 0, "GM0005": 0}),
]  # fmt: skip


def rows_between(
    van: Indeling, naar: Indeling, weights: Sequence[SplitWeights]
) -> dict[tuple[str, str], dict[str, object]]:
    table, _ = crosswalk(REGISTER, CODES, van, naar, weights)
    return {(row["van_code"], row["naar_code"]): row for row in table.to_pylist()}


def test_a_crosswalk_has_every_old_code_and_is_the_declared_table() -> None:
    table, findings = crosswalk(REGISTER, CODES, FIRST, LAST, [SPLIT])

    CROSSWALK.check(table, "test")
    assert set(table.column("van_code").to_pylist()) == CODES[FIRST]
    assert findings == []


def test_whole_moves_are_exact() -> None:
    row = rows_between(FIRST, LAST, [SPLIT])["GM0001", "GM0010"]

    assert (row["gewicht_ppm"], row["grens_ppm"], row["methode"]) == (PPM, 0, "exact")
    assert (row["samenhang"], row["bron"]) == ("fusie", REGISTER_BRON)


def test_a_split_has_the_weights_bound_method_and_source_it_was_given() -> None:
    row = rows_between(FIRST, LAST, [SPLIT])["GM0005", "GM0004"]

    assert (row["gewicht_ppm"], row["grens_ppm"]) == (400_000, 10_000)
    assert (row["samenhang"], row["methode"], row["bron"]) == (
        "opsplitsing", "opgegeven", "adressen",
    )  # fmt: skip


def test_a_split_without_weights_names_its_code() -> None:
    with pytest.raises(RegisterError, match="GM0005 of 2020 is divided over GM0003, GM0004"):
        crosswalk(REGISTER, CODES, FIRST, LAST, [])


def test_backward_a_merged_gemeente_is_an_estimate() -> None:
    row = rows_between(LAST, MIDDLE, BACK)["GM0010", "GM0002"]

    assert (row["gewicht_ppm"], row["methode"]) == (700_000, "dasymetrisch")


def test_backward_without_weights_names_the_merged_code() -> None:
    with pytest.raises(RegisterError, match="GM0010 of 2022 is divided over GM0001, GM0002"):
        crosswalk(REGISTER, CODES, LAST, FIRST, [SPLIT])


def test_an_indeling_to_itself_is_exact() -> None:
    found = rows_between(MIDDLE, MIDDLE, [])

    assert {key: row["gewicht_ppm"] for key, row in found.items()} == {
        (code, code): PPM for code in CODES[MIDDLE]
    }


def test_an_unknown_indeling_is_an_error() -> None:
    with pytest.raises(UnknownRegionError, match="no gemeentecodes are known of 2031"):
        crosswalk(REGISTER, CODES, Indeling(2031), LAST, [])


def test_parts_that_come_together_again_are_exact() -> None:
    register = (*REGISTER, moved("GM0003", "GM0004", 2023))
    codes = CODES | {Indeling(2023): frozenset({"GM0010", "GM0004"})}

    table, _ = crosswalk(register, codes, FIRST, Indeling(2023), [SPLIT])

    row = next(row for row in table.to_pylist() if row["van_code"] == "GM0005")
    assert (row["naar_code"], row["gewicht_ppm"], row["grens_ppm"]) == ("GM0004", PPM, 0)
    assert row["methode"] == "exact"


def test_two_splits_have_the_worst_method_both_sources_and_the_sum_of_their_bounds() -> None:
    second = SplitWeights(
        "GM0003", MIDDLE, {"GM0003": 500_000, "GM0008": 500_000},
        {"GM0003": 100_000, "GM0008": 100_000}, Gewichtmethode.OPPERVLAKTE, "land",
    )  # fmt: skip
    register = (
        *REGISTER,
        moved("GM0003", "GM0003", 2022, Mutatie.OPSPLITSING),
        moved("GM0003", "GM0008", 2022, Mutatie.OPSPLITSING),
    )
    codes = CODES | {LAST: CODES[LAST] | {"GM0008"}}

    table, _ = crosswalk(register, codes, FIRST, LAST, [second, SPLIT])

    row = next(
        row
        for row in table.to_pylist()
        if (row["van_code"], row["naar_code"]) == ("GM0005", "GM0008")
    )
    assert (row["gewicht_ppm"], row["grens_ppm"]) == (300_000, 66_000)
    assert (row["methode"], row["bron"]) == ("oppervlakte", "adressen; land")


def test_of_more_weights_the_best_method_is_taken_in_any_order() -> None:
    land = replace(SPLIT, methode=Gewichtmethode.OPPERVLAKTE)
    grid = replace(SPLIT, methode=Gewichtmethode.DASYMETRISCH)

    for rows in ([land, SPLIT, grid], [grid, land, SPLIT]):
        assert weights_for("GM0005", FIRST, ("GM0003", "GM0004"), rows) is grid


def test_weights_of_other_receivers_are_not_taken() -> None:
    assert weights_for("GM0005", FIRST, ("GM0003", "GM0007"), [SPLIT]) is None


@pytest.mark.parametrize(
    "wrong",
    [
        replace(SPLIT, ppm={"GM0003": 600_000, "GM0004": 400_001}),
        replace(SPLIT, ppm={"GM0003": 1_000_001, "GM0004": -1}),
        replace(SPLIT, grens_ppm={"GM0003": 10_000}),
    ],
)
def test_weights_that_cannot_be_are_refused(wrong: SplitWeights) -> None:
    with pytest.raises(RegisterError, match="weights of GM0005 in 2020"):
        crosswalk(REGISTER, CODES, FIRST, LAST, [wrong])


def test_csv_has_fractions_of_six_decimals() -> None:
    table, _ = crosswalk(REGISTER, CODES, FIRST, LAST, [SPLIT])

    rows = list(csv.DictReader(io.StringIO(to_csv(table))))

    assert rows[-1] == {
        "van_indeling": "2020", "naar_indeling": "2022", "van_code": "GM0005",
        "naar_code": "GM0004", "aandeel": "0.400000", "grens": "0.010000",
        "samenhang": "opsplitsing", "methode": "opgegeven", "bron": "adressen",
    }  # fmt: skip


def test_json_has_the_rows_and_fields_of_the_csv() -> None:
    table, _ = crosswalk(REGISTER, CODES, FIRST, LAST, [SPLIT])

    rows = json.loads(to_json(table))

    assert len(rows) == table.num_rows
    assert rows[-1]["aandeel"] == 0.4
    assert list(rows[0]) == to_csv(table).partition("\n")[0].split(",")


def test_remainders_of_equal_size_go_to_the_lower_codes() -> None:
    thirds = {code: Fraction(1, 3) for code in ("GM0003", "GM0001", "GM0002")}

    assert to_ppm(thirds) == {"GM0001": 333_334, "GM0002": 333_333, "GM0003": 333_333}


@pytest.mark.parametrize("parts", [{}, {"GM0001": 0}, {"GM0001": 2, "GM0002": -1}])
def test_parts_of_nothing_are_refused(parts: dict[str, int]) -> None:
    with pytest.raises(RegisterError, match="not all 0"):
        to_ppm({code: Fraction(part) for code, part in parts.items()})


def moved(old: str, new: str, year: int, mutatie: Mutatie = Mutatie.FUSIE) -> Redivision:
    return replace(
        REGISTER[-1], datum=date(year, 1, 1), oude_code=old, nieuwe_code=new, mutatie=mutatie,
        aandeel=None, aandeel_grondslag="",
    )  # fmt: skip


type Country = tuple[list[Redivision], dict[Indeling, frozenset[str]], list[SplitWeights]]
START = Indeling(2016)


@st.composite
def countries(draw: st.DrawFn) -> Country:
    """Random mergers and splits over three years, with weights for both directions."""
    codes = {START: frozenset(f"GM000{number}" for number in range(5))}
    register: list[Redivision] = []
    weights: list[SplitWeights] = []
    for year in (2017, 2018, 2019):
        before = sorted(codes[Indeling(year - 1)])
        movers = draw(st.lists(st.sampled_from(before), unique=True, max_size=len(before) - 1))
        stayers = [code for code in before if code not in movers]
        pool = [*stayers, f"GM{year}"]
        after = set(stayers)
        for code in movers:
            parts = draw(st.lists(st.sampled_from(pool), unique=True, min_size=1, max_size=3))
            kind = Mutatie.FUSIE if len(parts) == 1 else Mutatie.OPSPLITSING
            register += [moved(code, part, year, kind) for part in parts]
            after |= set(parts)
        codes[Indeling(year)] = frozenset(after)
        forward = receivers(register, codes, Indeling(year))
        for indeling, graph in ((year - 1, forward), (year, reverse(forward))):
            for code, parts_of in graph.items():
                if len(parts_of) > 1:
                    weights.append(draw(weights_of(code, Indeling(indeling), parts_of)))
    return register, codes, weights


def weights_of(
    code: str, indeling: Indeling, parts: tuple[str, ...]
) -> st.SearchStrategy[SplitWeights]:
    size = len(parts)
    return st.builds(
        lambda sizes, bounds, method: SplitWeights(
            code,
            indeling,
            to_ppm({part: Fraction(n) for part, n in zip(parts, sizes, strict=True)}),
            dict(zip(parts, bounds, strict=True)),
            method,
            f"{code} {indeling}",
        ),
        st.lists(st.integers(1, 1000), min_size=size, max_size=size),
        st.lists(st.integers(0, 200_000), min_size=size, max_size=size),
        st.sampled_from([method for method in Gewichtmethode if method.is_estimate]),
    )


ENDS = st.sampled_from([(START, Indeling(2019)), (Indeling(2019), START)])
YEARS_ON_THE_WAY = st.tuples(*[st.integers(2016, 2019).map(Indeling)] * 2)


@given(countries(), YEARS_ON_THE_WAY)
def test_weights_sum_to_exactly_a_million_per_old_code(
    country: Country, years: tuple[Indeling, Indeling]
) -> None:
    register, codes, weights = country

    table, _ = crosswalk(register, codes, *years, weights)

    sums = table.group_by("van_code").aggregate([("gewicht_ppm", "sum")]).to_pydict()
    assert set(sums["van_code"]) == codes[years[0]]
    assert set(sums["gewicht_ppm_sum"]) == {PPM}
    assert set(table.column("naar_code").to_pylist()) == codes[years[1]]


@given(countries(), st.integers(0, 10**9))
def test_totals_survive(country: Country, number: int) -> None:
    register, codes, weights = country
    counts = {code: number + position for position, code in enumerate(sorted(codes[START]))}

    found = shares(register, codes, START, Indeling(2019), weights)

    received: dict[str, Fraction] = {}
    for code, parts in found.items():
        for new, share in parts.items():
            received[new] = received.get(new, Fraction(0)) + share.deel * counts[code]
    assert sum(received.values()) == sum(counts.values())


@given(countries(), st.integers(2016, 2019).map(Indeling), ENDS)
def test_two_ways_one_after_the_other_are_the_way_between(
    country: Country, middle: Indeling, ends: tuple[Indeling, Indeling]
) -> None:
    register, codes, weights = country
    van, naar = ends

    def between(one: Indeling, other: Indeling) -> Shares:
        return shares(register, codes, one, other, weights)

    assert compose(between(van, middle), between(middle, naar)) == between(van, naar)


@given(countries(), st.randoms(use_true_random=False), YEARS_ON_THE_WAY)
def test_the_order_of_register_and_weights_makes_no_difference(
    country: Country, random: Random, years: tuple[Indeling, Indeling]
) -> None:
    register, codes, weights = country
    expected, _ = crosswalk(register, codes, *years, weights)

    rows = random.sample(register, len(register))
    others = random.sample(weights, len(weights))

    assert crosswalk(rows, codes, *years, others)[0].equals(expected)


@given(countries(), st.data())
def test_bounds_hold_for_all_weights_within_theirs(country: Country, data: st.DataObject) -> None:
    register, codes, weights = country
    true = [nudged(row, data.draw(st.integers(0, 100))) for row in weights]

    table, _ = crosswalk(register, codes, START, Indeling(2019), weights)

    actual = shares(register, codes, START, Indeling(2019), true)
    for row in table.to_pylist():
        away = abs(actual[row["van_code"]][row["naar_code"]].deel * PPM - row["gewicht_ppm"])
        assert away <= row["grens_ppm"]


def nudged(row: SplitWeights, percent: int) -> SplitWeights:
    """Move as much from the first receiver to the last as percents of the bounds allow."""
    first, last = min(row.ppm), max(row.ppm)
    room = min(row.ppm[first], row.grens_ppm[first], row.grens_ppm[last], PPM - row.ppm[last])
    step = room * percent // 100
    return replace(row, ppm=row.ppm | {first: row.ppm[first] - step, last: row.ppm[last] + step})
