"""Shares carry bounds that hold whatever true counts lie behind the rounded ones."""

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spatial.analyse.ratios import Cells, add_ratios, ratio, share
from spatial.domain.indicators import load_catalogue
from spatial.domain.status import WITH_VALUE, Status, rounding_bounds
from spatial.errors import SchemaError, ValueParseError

SEEN = Status.WAARGENOMEN


def counts(*cells: int | Status) -> Cells:
    """Return counts rounded to five; a status stands for a cell without a count."""
    values = [None if isinstance(cell, Status) else cell for cell in cells]
    bounds = [(None, None) if value is None else rounding_bounds(value, 5) for value in values]
    return Cells(
        pa.array(values, pa.int64()),
        pa.array([cell if isinstance(cell, Status) else SEEN for cell in cells], pa.string()),
        pa.array([low for low, _ in bounds], pa.int64()),
        pa.array([high for _, high in bounds], pa.int64()),
    )


def result(cells: Cells) -> tuple[object, ...]:
    """Return value, status and bounds of the first cell."""
    columns = (cells.waarde, cells.status, cells.ondergrens, cells.bovengrens)
    return tuple(column[0].as_py() for column in columns)


@pytest.mark.parametrize(
    ("teller", "noemer", "expected"),
    [
        (20, 60, (33.3, "berekend", 29.0, 38.0)),
        (50, 200, (25.0, "berekend", 23.7, 26.3)),
        (0, 100, (0.0, "berekend", 0.0, 2.1)),
        (100, 100, (100.0, "berekend", 96.0, 100.0)),
    ],
)
def test_a_share_has_the_bounds_of_its_rounded_parts(
    teller: int, noemer: int, expected: tuple[object, ...]
) -> None:
    assert result(share(counts(teller), counts(noemer))) == expected


@pytest.mark.parametrize(
    ("teller", "noemer", "status"),
    [
        (0, 0, Status.NIET_VAN_TOEPASSING),
        (10, 45, Status.TE_KLEIN),
        (Status.GEHEIM_OF_ONBEKEND, 45, Status.GEHEIM_OF_ONBEKEND),
        (Status.GEHEIM_OF_ONBEKEND, 0, Status.GEHEIM_OF_ONBEKEND),
        (Status.NIET_VAN_TOEPASSING, Status.GEHEIM_OF_ONBEKEND, Status.GEHEIM_OF_ONBEKEND),
        (Status.ONTBREEKT_IN_BRON, Status.NIET_VAN_TOEPASSING, Status.NIET_VAN_TOEPASSING),
        (20, Status.ONTBREEKT_IN_BRON, Status.ONTBREEKT_IN_BRON),
        (20, Status.TE_KLEIN, Status.TE_KLEIN),
    ],
)
def test_a_share_that_cannot_be_given_says_why_and_has_no_bounds(
    teller: int | Status, noemer: int | Status, status: Status
) -> None:
    assert result(share(counts(teller), counts(noemer))) == (None, status, None, None)


def test_the_smallest_whole_is_a_choice() -> None:
    assert result(share(counts(5), counts(10), minimum=10))[1] == Status.BEREKEND
    assert result(share(counts(15), counts(20), minimum=25))[1] == Status.TE_KLEIN


def only(value: int, status: Status, low: int, high: int) -> Cells:
    """Return one cell."""
    return Cells(pa.array([value]), pa.array([status.value]), pa.array([low]), pa.array([high]))


def test_a_share_of_an_estimate_is_an_estimate() -> None:
    assert result(share(only(20, Status.GESCHAT, 18, 22), counts(60)))[1] == Status.GESCHAT


def test_a_whole_that_may_be_empty_bounds_the_share_by_100() -> None:
    whole = only(60, Status.OPGETELD, 0, 130)

    assert result(share(counts(20), whole)) == (33.3, "berekend", 13.8, 100.0)


def test_a_part_that_is_more_than_its_whole_only_by_rounding_is_all_of_it() -> None:
    whole = only(60, Status.OPGETELD, 36, 84)

    assert result(share(counts(65), whole)) == (100.0, "berekend", 75.0, 100.0)


def test_a_part_that_is_more_than_its_whole_can_be_is_refused() -> None:
    with pytest.raises(ValueParseError, match="a part of 100 is more than its whole of 60"):
        share(counts(10, 100), counts(60, 60))


def test_an_estimate_of_a_part_that_is_more_than_its_whole_is_all_of_it() -> None:
    estimate = only(100, Status.GESCHAT, 98, 102)

    assert result(share(estimate, counts(60))) == (100.0, "geschat", 100.0, 100.0)


def rounded(true: int) -> int:
    """Round to five as CBS does."""
    return (true + 2) // 5 * 5


@given(st.lists(st.tuples(st.integers(0, 5000), st.integers(0, 5000)), min_size=1))
def test_the_true_share_always_lies_within_the_bounds(pairs: list[tuple[int, int]]) -> None:
    parts = [min(pair) for pair in pairs]
    wholes = [max(pair) for pair in pairs]

    found = share(counts(*map(rounded, parts)), counts(*map(rounded, wholes)), minimum=1)

    for part, whole, low, value, high in zip(
        parts, wholes, found.ondergrens, found.waarde, found.bovengrens, strict=True
    ):
        if low.is_valid:
            assert 0 <= low.as_py() <= 100 * part / whole <= high.as_py() <= 100
            assert low.as_py() <= value.as_py() <= high.as_py()


CELL = st.one_of(
    st.integers(0, 100).map(lambda n: 5 * n), st.sampled_from(sorted(set(Status) - WITH_VALUE))
)


@given(
    CELL,
    st.integers(100, 200).map(lambda n: 5 * n) | st.sampled_from(sorted(set(Status) - WITH_VALUE)),
)
def test_missing_in_is_missing_out(teller: int | Status, noemer: int | Status) -> None:
    value, status, low, high = result(share(counts(teller), counts(noemer)))

    given_both = isinstance(teller, int) and not isinstance(noemer, Status)
    assert (value is not None) == given_both
    assert (low is None) == (high is None) == (value is None)
    assert Status(str(status)).has_value == given_both


@pytest.mark.parametrize(
    ("teller", "noemer", "expected"),
    [
        (345, 200, (1.73, "berekend", 1.69, 1.76)),
        (100, 100, (1.0, "berekend", 0.96, 1.05)),
    ],
)
def test_a_ratio_is_rounded_half_up_and_its_bounds_outward(
    teller: int, noemer: int, expected: tuple[object, ...]
) -> None:
    assert result(ratio(counts(teller), counts(noemer), factor=1, step=0.01)) == expected


def test_a_ratio_over_less_than_the_smallest_noemer_is_too_small() -> None:
    assert result(ratio(counts(20), counts(45), factor=1, step=0.01))[1] == Status.TE_KLEIN


def test_a_noemer_that_may_be_nothing_gives_no_ratio() -> None:
    loose = only(60, Status.OPGETELD, 0, 130)

    found = result(ratio(counts(20), loose, factor=1000, step=0.1))

    assert found == (None, Status.TE_KLEIN, None, None)


@given(
    st.lists(st.tuples(st.integers(0, 5000), st.integers(3, 5000)), min_size=1),
    st.sampled_from([(1, 0.01), (100, 0.1), (1000, 0.1), (10_000, 1.0)]),
)
def test_the_true_ratio_always_lies_within_the_bounds(
    pairs: list[tuple[int, int]], scale: tuple[int, float]
) -> None:
    factor, step = scale
    above, below = zip(*pairs, strict=True)

    found = ratio(
        counts(*map(rounded, above)),
        counts(*map(rounded, below)),
        factor=factor,
        step=step,
        minimum=5,
    )

    for part, whole, low, value, high in zip(
        above, below, found.ondergrens, found.waarde, found.bovengrens, strict=True
    ):
        if low.is_valid:
            assert low.as_py() <= factor * part / whole + 1e-9
            assert factor * part / whole <= high.as_py() + 1e-9
            assert low.as_py() <= value.as_py() <= high.as_py()


def wide() -> pa.Table:
    """Return a wide table with the counts that the tenure shares need."""
    columns = {"regioCode": pa.array(["GM0001"])}
    for name, count in (
        ("huishoudens", 200),
        ("huishoudensCorporatie", 50),
        ("huishoudensKoop", Status.GEHEIM_OF_ONBEKEND),
    ):
        cells = counts(count)
        columns |= {
            name: cells.waarde,
            f"{name}Status": cells.status,
            f"{name}Min": cells.ondergrens,
            f"{name}Max": cells.bovengrens,
        }
    return pa.table(columns)


def test_shares_are_appended_with_their_four_columns() -> None:
    catalogue = load_catalogue()
    entries = [catalogue.get(name) for name in ("huishoudens", "aandeelCorporatie", "aandeelKoop")]

    found = add_ratios(wide(), entries)

    added = found.column_names[-8:]
    assert added == [*entries[1].columns, *entries[2].columns]
    assert [str(found.schema.field(name).type) for name in added] == [
        "double",
        "string",
        "double",
        "double",
    ] * 2
    assert [found.column(name)[0].as_py() for name in added[:4]] == [25.0, "berekend", 23.7, 26.3]
    assert found.column("aandeelKoopStatus").to_pylist() == ["geheim_of_onbekend"]


def test_an_empty_table_gets_the_columns_too() -> None:
    found = add_ratios(wide().slice(0, 0), [load_catalogue().get("aandeelKoop")])

    assert found.column_names[-4:] == list(load_catalogue().get("aandeelKoop").columns)


def test_a_share_without_its_counts_is_refused() -> None:
    with pytest.raises(SchemaError, match="huishoudensEenpersoons"):
        add_ratios(wide(), [load_catalogue().get("aandeelEenpersoons")])
