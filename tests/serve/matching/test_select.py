from dataclasses import replace
from datetime import date

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spatial.domain.crs import CRS84, ETRS89, RD
from spatial.serve.ask.query import Box, Filter, Interval, Query, Sort
from spatial.serve.matching.select import select
from spatial.serve.read.edition import Edition
from spatial.serve.read.layer import Layer


def ids(layer: Layer, query: Query) -> list[str]:
    return [layer.ids[row] for row in select(layer, query)]


def test_without_conditions_every_row_stays_in_order_of_publication(ouderen: Layer) -> None:
    assert ids(ouderen, Query()) == ouderen.ids


@pytest.mark.parametrize(
    ("begin", "eind", "count"),
    [
        (date(2020, 1, 1), date(2020, 1, 1), 5),
        (date(2020, 12, 31), date(2021, 1, 1), 9),
        (date(2022, 1, 1), None, 6),
        (None, date(2019, 12, 31), 0),
        (None, None, 24),
    ],
)
def test_datetime_selects_moments_in_the_interval(
    ouderen: Layer, begin: date | None, eind: date | None, count: int
) -> None:
    assert len(select(ouderen, Query(interval=Interval(begin, eind)))) == count


def test_datetime_selects_periods_that_it_touches(edition: Edition) -> None:
    boundaries = edition.layer("grenzen-gemeente")
    day = date(2021, 7, 1)

    found = ids(boundaries, Query(interval=Interval(day, day)))

    assert sorted(found) == [f"GM000{number}-2021-01-01" for number in (1, 2, 3, 4)]


def test_a_filter_on_a_missing_value_finds_nothing(ouderen: Layer) -> None:
    zero = ids(ouderen, Query(filters=(Filter("personen", 0),)))
    confidential = ids(ouderen, Query(filters=(Filter("personenStatus", "geheim_of_onbekend"),)))

    assert zero == []
    assert {feature_id[:6] for feature_id in confidential} == {"GM0002"}


def test_filters_of_every_type_must_all_hold(ouderen: Layer) -> None:
    query = Query(
        filters=(
            Filter("indeling", 2022),
            Filter("voorlopig", value=True),
            Filter("peilmoment", date(2022, 1, 1)),
            Filter("regioNaam", "Hoekdal"),
        )
    )

    assert ids(ouderen, query) == ["GM0010-2022-01-01"]


def test_a_text_that_no_feature_has_finds_nothing(ouderen: Layer) -> None:
    assert ids(ouderen, Query(filters=(Filter("regioNaam", "hoekdal"),))) == []


def test_a_box_finds_what_it_intersects_and_not_only_what_it_contains(edition: Edition) -> None:
    land = edition.layer("grenzen-land")

    inside = ids(land, Query(box=Box(130_000, 482_000, 130_001, 482_001, RD)))
    beside = ids(land, Query(box=Box(100_000, 482_000, 119_999, 482_001, RD)))

    assert len(inside) == 3
    assert beside == []


def test_a_box_in_degrees_finds_the_same_in_both_reference_systems(ouderen: Layer) -> None:
    corner = (4.9, 52.31, 4.95, 52.33)

    found = [ids(ouderen, Query(box=Box(*corner, crs))) for crs in (CRS84, ETRS89)]

    assert found[0] == found[1]
    assert {feature_id[:6] for feature_id in found[0]} == {"GM0001", "GM0010"}


def test_a_feature_without_shape_is_in_no_box(edition: Edition) -> None:
    whole = edition.layer("herindelingen")
    table = edition.snapshot.layer(whole.collection)
    place = table.column_names.index("geometry")
    empty = table.set_column(place, "geometry", pa.nulls(table.num_rows, pa.binary()))
    without = Layer(whole.collection, empty)

    assert ids(without, Query(box=Box(-180, -90, 180, 90))) == []
    assert len(ids(whole, Query(box=Box(-180, -90, 180, 90)))) == 4


@pytest.mark.parametrize("descending", [False, True])
def test_missing_values_come_last_in_both_directions(ouderen: Layer, *, descending: bool) -> None:
    rows = select(ouderen, Query(sort=(Sort("personen", descending),)))
    values = ouderen.columns["personen"].pick(rows)
    numbers = [value for value in values if isinstance(value, int)]

    assert values[len(numbers) :] == [None] * 4
    assert numbers == sorted(numbers, reverse=descending)


@given(names=st.lists(st.sampled_from(["regioCode", "peilmoment", "personen"]), min_size=1))
def test_sorting_keeps_every_row_and_orders_ties_as_published(
    ouderen: Layer, names: list[str]
) -> None:
    rows = select(ouderen, Query(sort=tuple(Sort(name, descending=False) for name in names)))

    everything = select(ouderen, Query())
    cells = {name: ouderen.columns[name].pick(everything) for name in names}
    keys = [
        [(cells[name][row] is None, cells[name][row] or 0) for name in names] for row in everything
    ]
    assert rows.tolist() == sorted(everything.tolist(), key=keys.__getitem__)


def test_conditions_combine_with_sorting(ouderen: Layer) -> None:
    query = Query(
        interval=Interval(date(2021, 1, 1), date(2021, 1, 1)),
        sort=(Sort("personen", descending=True),),
    )

    assert [feature_id[:6] for feature_id in ids(ouderen, query)] == [
        "GM0004", "GM0001", "GM0003", "GM0002",
    ]  # fmt: skip
    assert ids(ouderen, replace(query, filters=(Filter("personen", 120),))) == ["GM0001-2021-01-01"]
