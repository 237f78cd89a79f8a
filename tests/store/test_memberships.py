from pathlib import Path

import pytest

from spatial.errors import DuplicateKeyError
from spatial.join.layers import memberships_layer
from spatial.store.memberships import memberships_from
from tests.miniland import boundaries, memberships, miniland_snapshot


def test_a_region_has_its_gemeenten_of_each_indeling(tmp_path: Path) -> None:
    members = miniland_snapshot(tmp_path).memberships

    assert members.of("PV20", 2021) == ("GM0001", "GM0002")
    assert members.of("PV20", 2022) == ("GM0010",)


def test_the_land_has_all_gemeenten(tmp_path: Path) -> None:
    members = miniland_snapshot(tmp_path).memberships

    assert members.of("NL01", 2022) == ("GM0003", "GM0004", "GM0010")


def test_what_is_no_region_of_an_indeling_has_no_gemeenten(tmp_path: Path) -> None:
    members = miniland_snapshot(tmp_path).memberships

    assert members.of("PV20", 1999) == ()
    assert members.of("GM0003", 2022) == ()


def test_regions_that_are_not_loaded_are_left_out() -> None:
    shapes = boundaries()
    shapes = shapes[shapes["code"] != "PV20"]

    table = memberships_layer(memberships(), shapes)

    assert set(table["code"].to_pylist()) == {"PV21", "NL01"}


def test_without_regions_the_table_is_empty_and_still_the_declared_one() -> None:
    shapes = boundaries()
    shapes = shapes[shapes["niveau"] == "gemeente"]

    table = memberships_layer(memberships(), shapes)

    assert memberships_from(table).members == {}


def test_a_membership_that_stands_twice_is_refused() -> None:
    table = memberships_layer(memberships(), boundaries()).to_pylist()
    twice = memberships_layer(memberships(), boundaries()).from_pylist([*table, table[0]])
    twice = twice.cast(memberships_layer(memberships(), boundaries()).schema)

    with pytest.raises(DuplicateKeyError, match="memberships has 2 rows"):
        memberships_from(twice)
