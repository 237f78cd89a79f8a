"""Recoding: totals survive, missing stays missing, bounds hold the truth, order does not matter."""

import pickle
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spatial.domain.crosswalk import CELL_WEIGHTS, CROSSWALK, PPM
from spatial.domain.status import WITH_VALUE, Status, rounding_bounds
from spatial.domain.tables import OBSERVATIONS, Table
from spatial.errors import (
    DuplicateKeyError,
    RegisterError,
    SchemaError,
    UnknownRegionError,
)
from spatial.harmonise.kernel.carry import carry

type Cell = int | Status
type Link = tuple[str, str, int]

TEXT = ("bron", "groep", "kenmerk", "maat", "niveau", "code", "status", "herkomst")


def table_of(declared: Table, rows: Sequence[dict[str, Any]]) -> pa.Table:
    """Return rows as a declared table."""
    types = {
        column.name: pa.date32() if column.type.startswith("date32") else column.type
        for column in declared.columns
    }
    return pa.Table.from_pylist(list(rows), pa.schema(list(types.items())))


def row(code: str, cell: Cell, **changes: Any) -> dict[str, Any]:
    """Return an observation of 1 January 2018; a status stands for a cell without a count."""
    value = None if isinstance(cell, Status) else cell
    low, high = (None, None) if value is None else rounding_bounds(value, 5)
    return {
        "bron": "85980NED",
        "groep": "ouderen",
        "kenmerk": "totaal",
        "maat": "personen",
        "niveau": "gemeente",
        "code": code,
        "begin": date(2018, 1, 1),
        "eind": date(2018, 1, 1),
        "indeling": 2018,
        "waarde": value,
        "status": str(cell if isinstance(cell, Status) else Status.WAARGENOMEN),
        "ondergrens": low,
        "bovengrens": high,
        "voorlopig": False,
        "herkomst": None,
    } | changes


def seen(*rows: dict[str, Any]) -> pa.Table:
    """Return observations."""
    return table_of(OBSERVATIONS, rows)


def walk(*links: Link, van: int = 2018, naar: int = 2021, grens: int = 0) -> pa.Table:
    """Return a crosswalk of links (old code, new code, weight)."""
    olds = [old for old, _, _ in links]
    rows = [
        {
            "van_indeling": van,
            "naar_indeling": naar,
            "van_code": old,
            "naar_code": new,
            "gewicht_ppm": ppm,
            "grens_ppm": 0 if olds.count(old) == 1 else grens,
            "samenhang": "fusie" if olds.count(old) == 1 else "opsplitsing",
            "methode": "exact" if olds.count(old) == 1 else "opgegeven",
            "bron": "miniland",
        }
        for old, new, ppm in links
    ]
    return table_of(CROSSWALK, rows)


def only(table: pa.Table) -> dict[str, Any]:
    """Return the one row of a table."""
    assert table.num_rows == 1
    found: dict[str, Any] = table.to_pylist()[0]
    return found


def by_code(table: pa.Table) -> dict[str, dict[str, Any]]:
    """Return rows by code."""
    return {found["code"]: found for found in table.to_pylist()}


MERGER = walk(("GM0001", "GM0001", PPM), ("GM0002", "GM0001", PPM))
SPLIT = walk(
    ("GM0788", "GM0757", 150_200),
    ("GM0788", "GM0824", 849_800),
    ("GM0824", "GM0824", PPM),
    grens=20_000,
)


def test_a_gemeente_that_keeps_its_code_alone_stays_what_it_was() -> None:
    observations = seen(row("GM0003", 115, voorlopig=True))

    carried = carry(observations, walk(("GM0003", "GM0003", PPM)))

    assert only(carried) == row("GM0003", 115, voorlopig=True, indeling=2021)


def test_a_new_code_alone_is_observed_and_names_the_old_one() -> None:
    carried = carry(seen(row("GM0003", 115)), walk(("GM0003", "GM1940", PPM)))

    assert only(carried) == row("GM1940", 115, indeling=2021, herkomst="GM0003")


def test_a_merger_is_summed_with_its_bounds() -> None:
    carried = only(carry(seen(row("GM0001", 100), row("GM0002", 0)), MERGER))

    assert (carried["waarde"], carried["ondergrens"], carried["bovengrens"]) == (100, 98, 104)
    assert (carried["status"], carried["herkomst"]) == (Status.OPGETELD, "GM0001; GM0002")


def test_a_part_makes_the_receiver_an_estimate() -> None:
    carried = by_code(carry(seen(row("GM0824", 50), row("GM0788", 100)), SPLIT))

    assert carried["GM0824"]["status"] == Status.GESCHAT
    assert carried["GM0824"]["herkomst"] == "GM0824; GM0788 x 0.849800"
    assert carried["GM0757"]["herkomst"] == "GM0788 x 0.150200"


def test_bounds_of_a_part_widen_by_the_bound_of_its_weight() -> None:
    carried = by_code(carry(seen(row("GM0824", 50), row("GM0788", 100)), SPLIT))["GM0757"]

    # 98 x 0.1302 = 12.8 and 102 x 0.1702 = 17.4, rounded outward
    assert (carried["ondergrens"], carried["waarde"], carried["bovengrens"]) == (12, 15, 18)


def test_equal_remainders_go_to_the_lower_code() -> None:
    halves = walk(("GM0001", "GM0007", 500_000), ("GM0001", "GM0005", 500_000))

    carried = by_code(carry(seen(row("GM0001", 15)), halves))

    assert (carried["GM0005"]["waarde"], carried["GM0007"]["waarde"]) == (8, 7)


def test_a_weight_that_is_whole_but_not_exact_is_an_estimate() -> None:
    certain = walk(("GM0001", "GM0001", PPM))
    place = certain.column_names.index("methode")
    estimated = certain.set_column(place, "methode", pa.array(["dasymetrisch"]))

    assert only(carry(seen(row("GM0001", 15)), estimated))["status"] == Status.GESCHAT


def test_a_receiver_that_may_have_a_part_is_not_certain() -> None:
    maybe = walk(("GM0001", "GM0001", PPM), ("GM0001", "GM0002", 0), grens=100_000)

    carried = by_code(carry(seen(row("GM0001", 100)), maybe))

    assert (carried["GM0002"]["waarde"], carried["GM0002"]["bovengrens"]) == (0, 11)


@pytest.mark.parametrize(
    ("cells", "status"),
    [
        ((100, Status.GEHEIM_OF_ONBEKEND), Status.GEHEIM_OF_ONBEKEND),
        ((Status.ONTBREEKT_IN_BRON, Status.GEHEIM_OF_ONBEKEND), Status.GEHEIM_OF_ONBEKEND),
        ((100, Status.ONTBREEKT_IN_BRON), Status.ONTBREEKT_IN_BRON),
        ((100, Status.NIET_VAN_TOEPASSING), Status.ONTBREEKT_IN_BRON),
        ((Status.NIET_VAN_TOEPASSING,) * 2, Status.NIET_VAN_TOEPASSING),
        ((100,), Status.ONTBREEKT_IN_BRON),
        ((Status.GEHEIM_OF_ONBEKEND,), Status.GEHEIM_OF_ONBEKEND),
    ],
    ids=["secret", "secret-first", "absent", "mixed", "inapplicable", "no-row", "secret-alone"],
)
def test_a_contributor_without_a_number_makes_the_sum_so(
    cells: tuple[Cell, ...], status: Status
) -> None:
    rows = [row(code, cell) for code, cell in zip(("GM0001", "GM0002"), cells, strict=False)]

    carried = only(carry(seen(*rows), MERGER))

    assert carried["status"] == status
    assert [carried[name] for name in ("waarde", "ondergrens", "bovengrens", "herkomst")] == [
        None
    ] * 4


def test_a_receiver_of_which_no_contributor_has_a_row_has_none() -> None:
    links = walk(("GM0001", "GM0001", PPM), ("GM0002", "GM0001", PPM), ("GM0003", "GM0003", PPM))
    other = row("GM0001", 20, kenmerk="anders")

    carried = carry(seen(other, row("GM0002", 20, kenmerk="anders"), row("GM0003", 5)), links)

    assert [(found["kenmerk"], found["code"]) for found in carried.to_pylist()] == [
        ("anders", "GM0001"),
        ("totaal", "GM0003"),
    ]


def test_an_estimate_in_a_sum_makes_it_one() -> None:
    rows = (row("GM0001", 100, status="geschat"), row("GM0002", 10))

    assert only(carry(seen(*rows), MERGER))["status"] == Status.GESCHAT


def test_a_provisional_contributor_makes_the_sum_so() -> None:
    rows = (row("GM0001", 100), row("GM0002", 10, voorlopig=True))

    assert only(carry(seen(*rows), MERGER))["voorlopig"] is True


def test_a_herkomst_is_told_through_an_earlier_recoding() -> None:
    first = carry(seen(row("GM0824", 50), row("GM0788", 100)), SPLIT)
    second = walk(("GM0757", "GM0757", PPM), ("GM0824", "GM0757", PPM), van=2021, naar=2025)

    carried = only(carry(first, second))

    assert (carried["waarde"], carried["herkomst"]) == (150, "GM0788; GM0824")


def test_how_the_source_came_by_its_number_is_kept_only_with_its_own_code() -> None:
    told = row("GM0003", 115, herkomst="23000 x 5 / 100, naar boven afgerond")

    kept = only(carry(seen(told), walk(("GM0003", "GM0003", PPM))))
    renamed = only(carry(seen(told), walk(("GM0003", "GM1940", PPM))))

    assert (kept["herkomst"], renamed["herkomst"]) == (told["herkomst"], "GM0003")


def test_text_is_dictionary_encoded_where_it_was() -> None:
    observations = seen(row("GM0001", 100), row("GM0002", 10))
    for name in TEXT:
        encoded = observations.column(name).dictionary_encode()
        place = observations.column_names.index(name)
        observations = observations.set_column(place, name, encoded)

    carried = carry(observations, MERGER)

    assert all(pa.types.is_dictionary(carried.schema.field(name).type) for name in TEXT)
    assert only(carried)["waarde"] == 110


def test_nothing_recodes_to_nothing() -> None:
    assert carry(seen(), MERGER).equals(seen())


def test_the_function_can_be_sent_to_another_process() -> None:
    observations = seen(row("GM0001", 100), row("GM0002", 10))

    assert pickle.loads(pickle.dumps(carry))(observations, MERGER).num_rows == 1  # noqa: S301 - our own


@pytest.mark.parametrize(
    ("rows", "error", "words"),
    [
        ([row("GM0001", 5), row("GM0001", 5)], DuplicateKeyError, "more than once"),
        ([row("GM0009", 5)], UnknownRegionError, "GM0009 has figures in the indeling of 2018"),
        ([row("GM0001", 5, indeling=2019)], UnknownRegionError, "indeling of 2019"),
        ([row("NL01", 5, niveau="land")], SchemaError, "level 'land'"),
        ([row("GM0001", 5, status="zoek")], SchemaError, "'zoek'"),
        ([row("GM0001", 5, status="geheim_of_onbekend")], SchemaError, "exactly where"),
        ([row("GM0001", 5, bovengrens=None)], SchemaError, "'bovengrens'"),
        ([row("GM0001", 5), row("GM0002", 5, bron="x")], DuplicateKeyError, "one cell"),
        ([row("GM0001", 5), row("GM0002", 5, indeling=2019)], DuplicateKeyError, "one period"),
    ],
    ids=["twice", "code", "indeling", "level", "status", "secret", "bound", "source", "period"],
)
def test_observations_that_cannot_be_recoded_are_refused(
    rows: list[dict[str, Any]], error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        carry(seen(*rows), MERGER)


def test_a_row_that_goes_alone_is_not_taken_twice_either() -> None:
    with pytest.raises(DuplicateKeyError, match="more than once"):
        carry(seen(row("GM0003", 5), row("GM0003", 5)), walk(("GM0003", "GM0003", PPM)))


def test_weights_that_do_not_sum_to_one_are_refused() -> None:
    with pytest.raises(RegisterError, match="sum to 900000"):
        carry(seen(), walk(("GM0001", "GM0001", 900_000)))


def test_a_crosswalk_to_two_indelingen_is_refused() -> None:
    both = pa.concat_tables([MERGER, walk(("GM0001", "GM0001", PPM), naar=2025)])

    with pytest.raises(RegisterError, match=r"\[2021, 2025\]"):
        carry(seen(), both)


# Weights of single cells


def own(parts: dict[str, int], **changes: Any) -> pa.Table:
    """Return the weights of one cell of GM0788, divided in the night before 2021."""
    row_of = {
        "groep": "ouderen",
        "kenmerk": "totaal",
        "maat": "personen",
        "van_indeling": 2020,
        "van_code": "GM0788",
        "grens_ppm": 10_000,
        "methode": "sprong",
        "bron": "miniland",
    } | changes
    return table_of(
        CELL_WEIGHTS,
        [row_of | {"naar_code": code, "gewicht_ppm": ppm} for code, ppm in parts.items()],
    )


def to_2022(*later: Link, before: int = 150_200) -> pa.Table:
    """Return a crosswalk of 2018, 2020 and 2021 to 2022, in which GM0757 is called GM0758."""
    links = (("GM0788", "GM0758", before), ("GM0788", "GM0824", PPM - before))
    last = (("GM0788", "GM0758", 150_200), ("GM0788", "GM0824", 849_800))
    renamed = later or (("GM0757", "GM0758", PPM), ("GM0824", "GM0824", PPM))
    return pa.concat_tables(
        [
            walk(*links, ("GM0824", "GM0824", PPM), van=2018, naar=2022),
            walk(*last, ("GM0824", "GM0824", PPM), van=2020, naar=2022),
            walk(*renamed, van=2021, naar=2022),
        ]
    )


TWO_CELLS = seen(
    *(
        row(code, count, kenmerk=kenmerk)
        for code, count in (("GM0788", 100), ("GM0824", 50))
        for kenmerk in ("totaal", "anders")
    )
)


def part_of(table: pa.Table, kenmerk: str) -> tuple[int, str]:
    """Return count and herkomst of the renamed receiver."""
    found = next(
        found
        for found in table.to_pylist()
        if (found["code"], found["kenmerk"]) == ("GM0758", kenmerk)
    )
    return found["waarde"], found["herkomst"]


def test_the_weights_of_a_cell_are_preferred_in_that_cell_only() -> None:
    weights = own({"GM0757": 400_000, "GM0824": 600_000})

    carried = carry(TWO_CELLS, to_2022(), weights)

    assert part_of(carried, "totaal") == (40, "GM0788 x 0.400000")
    assert part_of(carried, "anders") == (15, "GM0788 x 0.150200")


def test_weights_of_a_cell_that_does_not_occur_change_nothing() -> None:
    weights = own({"GM0757": 400_000, "GM0824": 600_000}, kenmerk="elders")

    assert carry(TWO_CELLS, to_2022(), weights).equals(carry(TWO_CELLS, to_2022()))


def test_a_gemeente_of_other_borders_than_the_divided_one_has_the_general_weights() -> None:
    weights = own({"GM0757": 400_000, "GM0824": 600_000})

    assert part_of(carry(TWO_CELLS, to_2022(before=200_000), weights), "totaal")[0] == 20


def test_a_receiver_that_is_divided_later_on_leaves_the_general_weights() -> None:
    weights = own({"GM0757": 400_000, "GM0824": 600_000})
    again = (
        ("GM0757", "GM0758", 500_000),
        ("GM0757", "GM0824", 500_000),
        ("GM0824", "GM0824", PPM),
    )

    assert part_of(carry(TWO_CELLS, to_2022(*again), weights), "totaal")[0] == 15


def test_a_split_after_the_target_is_ignored() -> None:
    weights = own({"GM0757": 400_000, "GM0824": 600_000}, van_indeling=2021)
    observations = seen(row("GM0824", 50), row("GM0788", 100))

    assert carry(observations, SPLIT, weights).equals(carry(observations, SPLIT))


def test_a_crosswalk_that_does_not_tell_where_a_receiver_went_is_refused() -> None:
    weights = own({"GM0757": 400_000, "GM0999": 600_000})

    with pytest.raises(UnknownRegionError, match="GM0999"):
        carry(TWO_CELLS, to_2022(), weights)


def test_a_cell_weight_for_a_gemeente_without_a_part_is_refused() -> None:
    weights = own({"GM0757": 400_000, "GM0003": 600_000})
    links = (("GM0757", "GM0758", PPM), ("GM0824", "GM0824", PPM), ("GM0003", "GM0003", PPM))

    with pytest.raises(RegisterError, match="GM0003"):
        carry(TWO_CELLS, to_2022(*links), weights)


def test_weights_of_a_cell_that_do_not_sum_to_one_are_refused() -> None:
    with pytest.raises(RegisterError, match="sum to 400000"):
        carry(TWO_CELLS, to_2022(), own({"GM0757": 400_000}))


# Laws, on random redivisions


@dataclass(frozen=True)
class Country:
    """A random redivision with true counts, all of them known.

    Attributes:
        links: old code, new code, weight as it is believed.
        truth: old code and new code to the persons who live in both, per cell.
        grens: how far a weight is believed to be off.
    """

    links: list[Link]
    truth: dict[tuple[str, str], tuple[int, int]]
    grens: int

    def true(self, position: int, code: str) -> tuple[int, int]:
        """Return the persons of both cells in an old (position 0) or new (1) gemeente."""
        parts = [counts for pair, counts in self.truth.items() if pair[position] == code]
        return sum(first for first, _ in parts), sum(second for _, second in parts)

    def codes(self, position: int) -> list[str]:
        """Return the old (position 0) or new (1) codes."""
        return sorted({pair[position] for pair in self.truth})


@st.composite
def countries(draw: st.DrawFn, *, exact: bool = False) -> Country:
    """Draw a country in which gemeenten merge and (unless exact) are divided."""
    new = [f"GM{number:04d}" for number in range(50, 50 + draw(st.integers(1, 5)))]
    links: list[Link] = []
    truth: dict[tuple[str, str], tuple[int, int]] = {}
    grens = 30_000
    for number in range(draw(st.integers(1, 7))):
        old = f"GM{number:04d}"
        most = 1 if exact else min(3, len(new))
        receivers = draw(st.lists(st.sampled_from(new), min_size=1, max_size=most, unique=True))
        for position, receiver in enumerate(receivers):
            # one cell of a thousand times the other: the weights are true for both
            unit = 1 + draw(st.integers(0, 400))
            truth[old, receiver] = (unit, 1_000 * unit)
            if position == len(receivers) - 1:
                links += believed(old, receivers, truth, draw(st.integers(-1, 1)) * grens)
    return Country(links, truth, grens)


def believed(
    old: str, receivers: list[str], truth: dict[tuple[str, str], tuple[int, int]], off: int
) -> list[Link]:
    """Return links of which the weights are off by at most this much."""
    persons = [truth[old, receiver][0] for receiver in receivers]
    ppm = [PPM * count // sum(persons) for count in persons]
    ppm[0] += PPM - sum(ppm)
    if len(ppm) > 1:
        moved = max(-ppm[0], min(ppm[1], off - (off > 0) * 10 + (off < 0) * 10))
        ppm[0], ppm[1] = ppm[0] + moved, ppm[1] - moved
    return [(old, receiver, weight) for receiver, weight in zip(receivers, ppm, strict=True)]


def observed(country: Country) -> pa.Table:
    """Return both cells of the old gemeenten, rounded to five."""
    return seen(
        *(
            row(code, (count + 2) // 5 * 5, kenmerk=kenmerk)
            for code in country.codes(0)
            for kenmerk, count in zip(("klein", "totaal"), country.true(0, code), strict=True)
        )
    )


@given(countries())
def test_totals_survive(country: Country) -> None:
    observations = observed(country)

    carried = carry(observations, walk(*country.links, grens=country.grens))

    for kenmerk in ("klein", "totaal"):
        before, after = (
            sum(found["waarde"] for found in table.to_pylist() if found["kenmerk"] == kenmerk)
            for table in (observations, carried)
        )
        assert before == after


@given(countries())
def test_bounds_hold_the_truth(country: Country) -> None:
    carried = carry(observed(country), walk(*country.links, grens=country.grens))

    for found in carried.to_pylist():
        truth = country.true(1, found["code"])[found["kenmerk"] == "totaal"]
        assert found["ondergrens"] <= truth <= found["bovengrens"]
        assert 0 <= found["ondergrens"] <= found["waarde"] <= found["bovengrens"]


@given(countries(), st.data())
def test_missing_never_becomes_a_number(country: Country, data: st.DataObject) -> None:
    missing = data.draw(st.sampled_from(sorted(set(Status) - WITH_VALUE)))
    without = data.draw(st.sampled_from(country.codes(0)))
    rows = [row(code, missing if code == without else 100) for code in country.codes(0)]

    carried = carry(seen(*rows), walk(*country.links, grens=country.grens))

    touched = {new for old, new, ppm in country.links if old == without}
    for found in carried.to_pylist():
        assert (found["waarde"] is None) == (found["code"] in touched)


@given(countries(), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(country: Country, random: Any) -> None:
    rows, links = observed(country).to_pylist(), list(country.links)
    expected = carry(seen(*rows), walk(*links))
    random.shuffle(rows)
    random.shuffle(links)

    assert carry(seen(*rows), walk(*links)).equals(expected)


@given(countries(exact=True), st.data())
def test_recoding_in_two_steps_is_recoding_in_one(country: Country, data: st.DataObject) -> None:
    newest = {
        code: data.draw(st.sampled_from(("GM0070", "GM0071", code))) for code in country.codes(1)
    }
    second = walk(*((old, new, PPM) for old, new in newest.items()), van=2021, naar=2025)
    straight = walk(*((old, newest[new], PPM) for old, new, _ in country.links), naar=2025)

    there = carry(carry(observed(country), walk(*country.links)), second)

    assert there.equals(carry(observed(country), straight))


@given(st.permutations(["GM0001", "GM0002", "GM0003"]), st.data())
def test_renames_there_and_back_change_nothing(new: list[str], data: st.DataObject) -> None:
    old = sorted(new)
    cells = st.one_of(st.integers(0, 99), st.sampled_from(sorted(set(Status) - WITH_VALUE)))
    observations = seen(*(row(code, data.draw(cells)) for code in old))
    there = walk(*((a, b, PPM) for a, b in zip(old, new, strict=True)))
    back = walk(*((b, a, PPM) for a, b in zip(old, new, strict=True)), van=2021, naar=2018)

    assert carry(carry(observations, there), back).equals(observations)


@settings(max_examples=30)
@given(st.integers(2, 40))
def test_batches_do_not_show(size: int) -> None:
    rows = [row(code, 10 * n, kenmerk=str(n)) for n in range(size) for code in ("GM0001", "GM0002")]
    whole = carry(seen(*rows), MERGER)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("spatial.harmonise.kernel.block._MOST", 3)
        assert carry(seen(*rows), MERGER).equals(whole)
