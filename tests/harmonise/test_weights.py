from dataclasses import replace
from datetime import date

import geopandas as gpd
import pytest
from shapely.geometry import GeometryCollection, LineString, MultiPolygon, Polygon, box

from spatial.domain.crosswalk import PPM, Gewichtmethode, SplitWeights
from spatial.domain.facts import Inhabitants
from spatial.domain.regions import Indeling
from spatial.domain.tables import BOUNDARY_COLUMNS
from spatial.errors import GeometryError, SchemaError, UnknownRegionError
from spatial.harmonise.weigh.general import (
    COUNT_GRENS_PPM,
    LAND_GRENS_PPM,
    area_weights,
    declared_weights,
    inhabitants_weights,
)
from spatial.harmonise.weigh.inhabitants import inhabitants_jump
from spatial.harmonise.weigh.overlay import cut, polygons_of
from tests.miniland import REGISTER, YEARS

FIRST, MIDDLE, LAST = YEARS
CODES = {
    FIRST: frozenset({"GM0001", "GM0002", "GM0003", "GM0004", "GM0005"}),
    MIDDLE: frozenset({"GM0001", "GM0002", "GM0003", "GM0004"}),
    LAST: frozenset({"GM0010", "GM0003", "GM0004"}),
}
BEFORE = {"GM0001": 1_000, "GM0002": 2_000, "GM0003": 30_000, "GM0004": 20_000, "GM0005": 10_000}
AFTER = {"GM0001": 1_010, "GM0002": 2_020, "GM0003": 36_360, "GM0004": 24_240}


def counted(*years: tuple[Indeling, dict[str, int]]) -> list[Inhabitants]:
    return [
        Inhabitants(code, year, people, year, "telling")
        for year, counts in years
        for code, people in counts.items()
    ]


def test_shares_of_land_are_not_used_unasked() -> None:
    assert declared_weights(REGISTER) == []


def test_shares_of_land_are_used_when_asked_for_by_name() -> None:
    (found,) = declared_weights(REGISTER, allow_area=True)

    assert (found.oude_code, found.van_indeling) == ("GM0005", FIRST)
    assert found.ppm == {"GM0003": 600_000, "GM0004": 400_000}
    assert set(found.grens_ppm.values()) == {LAND_GRENS_PPM}
    assert found.methode is Gewichtmethode.OPPERVLAKTE


def test_shares_of_something_else_need_no_permission() -> None:
    register = [replace(row, aandeel_grondslag="") for row in REGISTER]

    (found,) = declared_weights(register)

    assert found.methode is Gewichtmethode.OPGEGEVEN


def test_a_split_with_a_part_of_unknown_share_has_no_declared_weights() -> None:
    register = [replace(REGISTER[0], aandeel=None), *REGISTER[1:]]

    assert declared_weights(register, allow_area=True) == []


def test_a_jump_gives_each_receiver_what_it_did_not_grow_to() -> None:
    (found,) = inhabitants_jump(counted((FIRST, BEFORE), (MIDDLE, AFTER)), REGISTER, CODES)

    assert found.ppm == {"GM0003": 600_000, "GM0004": 400_000}
    assert max(found.grens_ppm.values()) <= 1
    assert found.bron == "sprong in inwoners 2020-2021"


def test_a_jump_is_as_unsure_as_the_growth_of_others() -> None:
    unequal = AFTER | {"GM0001": 1_000, "GM0002": 2_040}

    (found,) = inhabitants_jump(counted((FIRST, BEFORE), (MIDDLE, unequal)), REGISTER, CODES)

    assert found.ppm == {"GM0003": 600_000, "GM0004": 400_000}
    assert min(found.grens_ppm.values()) > 15_000
    assert max(found.grens_ppm.values()) < 60_000


def test_the_truth_is_within_the_bound_of_a_jump() -> None:
    spread = AFTER | {"GM0001": 1_000, "GM0002": 2_040}
    grown = {"GM0003": int(30_000 * 1.004) + 7_000, "GM0004": int(20_000 * 1.015) + 3_100}

    (found,) = inhabitants_jump(counted((FIRST, BEFORE), (MIDDLE, spread | grown)), REGISTER, CODES)

    assert abs(found.ppm["GM0003"] - PPM * 7_000 / 10_100) <= found.grens_ppm["GM0003"]


@pytest.mark.parametrize("lost", ["GM0003", "GM0005"])
def test_a_jump_needs_source_and_receivers_before_and_after(lost: str) -> None:
    before = {code: people for code, people in BEFORE.items() if code != lost}

    assert inhabitants_jump(counted((FIRST, before), (MIDDLE, AFTER)), REGISTER, CODES) == []


def test_counts_on_other_borders_are_not_a_jump() -> None:
    moved = [replace(row, indeling=LAST) for row in counted((FIRST, BEFORE), (MIDDLE, AFTER))]

    assert inhabitants_jump(moved, REGISTER, CODES) == []


def test_no_unchanged_gemeenten_no_measure_of_growth() -> None:
    people = {code: BEFORE[code] for code in ("GM0003", "GM0004", "GM0005")}

    assert inhabitants_jump(counted((FIRST, people), (MIDDLE, AFTER)), REGISTER, CODES) == []


def test_a_receiver_of_two_splits_has_no_jump_of_its_own() -> None:
    splits = [
        replace(REGISTER[0], oude_code=old, nieuwe_code=new)
        for old in ("GM0004", "GM0005")
        for new in ("GM0003", "GM0006")
    ]
    codes = {FIRST: CODES[FIRST], MIDDLE: frozenset({"GM0001", "GM0002", "GM0003", "GM0006"})}
    after = AFTER | {"GM0006": 9_000}

    assert inhabitants_jump(counted((FIRST, BEFORE), (MIDDLE, after)), splits, codes) == []


def test_what_else_came_into_a_receiver_is_not_in_its_jump() -> None:
    joined = replace(REGISTER[2], datum=date(2021, 1, 1), oude_code="GM0006", nieuwe_code="GM0004")
    register = (*REGISTER[:2], joined)
    codes = {FIRST: CODES[FIRST] | {"GM0006"}, MIDDLE: CODES[MIDDLE]}
    before, after = BEFORE | {"GM0006": 500}, AFTER | {"GM0004": 24_745}

    (found,) = inhabitants_jump(counted((FIRST, before), (MIDDLE, after)), register, codes)

    assert found.ppm == {"GM0003": 600_000, "GM0004": 400_000}


def test_a_receiver_that_lost_people_gets_no_negative_part() -> None:
    shrunk = AFTER | {"GM0004": 19_000, "GM0003": 41_600}

    (found,) = inhabitants_jump(counted((FIRST, BEFORE), (MIDDLE, shrunk)), REGISTER, CODES)

    assert found.ppm == {"GM0003": PPM, "GM0004": 0}


def split_of(**ppm: int) -> SplitWeights:
    return SplitWeights(
        "GM0005", FIRST, ppm, dict.fromkeys(ppm, 0), Gewichtmethode.DASYMETRISCH, "raster"
    )


def test_a_merged_gemeente_is_divided_by_the_inhabitants_of_its_parts() -> None:
    found = inhabitants_weights(counted((MIDDLE, AFTER)), REGISTER, CODES, [])

    (merged,) = [row for row in found if row.oude_code == "GM0010"]
    assert merged.ppm == {"GM0001": 333_333, "GM0002": 666_667}
    assert (merged.van_indeling, merged.methode) == (LAST, Gewichtmethode.OPGEGEVEN)
    assert set(merged.grens_ppm.values()) == {COUNT_GRENS_PPM}
    assert merged.bron == "inwoners van de delen op 1 januari 2021"


def test_an_earlier_count_on_the_same_borders_will_do() -> None:
    found = inhabitants_weights(counted((FIRST, BEFORE)), REGISTER, CODES, [])

    (merged,) = [row for row in found if row.oude_code == "GM0010"]
    assert merged.bron == "inwoners van de delen op 1 januari 2020"


def test_a_count_from_before_a_part_changed_will_not_do() -> None:
    later = Indeling(2023)
    joined = replace(REGISTER[2], datum=date(2023, 1, 1), oude_code="GM0003", nieuwe_code="GM0004")
    codes = CODES | {later: frozenset({"GM0004", "GM0010"})}

    found = inhabitants_weights(counted((FIRST, BEFORE)), (*REGISTER, joined), codes, [])

    assert [row.oude_code for row in found] == ["GM0010"]


def test_part_of_a_divided_gemeente_counts_by_the_weights_of_its_split() -> None:
    split = split_of(GM0003=600_000, GM0004=400_000)

    found = inhabitants_weights(counted((FIRST, BEFORE)), REGISTER, CODES, [split])

    (back,) = [row for row in found if row.oude_code == "GM0004"]
    assert back.ppm == {"GM0004": 833_333, "GM0005": 166_667}


def test_without_inhabitants_or_with_nobody_there_are_no_weights() -> None:
    nobody = dict.fromkeys(BEFORE, 0)

    assert inhabitants_weights([], REGISTER, CODES, []) == []
    assert inhabitants_weights(counted((MIDDLE, nobody)), REGISTER, CODES, []) == []


def land(indeling: int, **shapes: Polygon) -> gpd.GeoDataFrame:
    rows = [
        ("gemeente", code, code, indeling, MultiPolygon([shape])) for code, shape in shapes.items()
    ]
    return gpd.GeoDataFrame(rows, columns=list(BOUNDARY_COLUMNS), crs=28992)


OLD = land(2020, GM0003=box(0, 0, 100, 100), GM0004=box(300, 0, 400, 100),
           GM0005=box(100, 0, 300, 100))  # fmt: skip
NEW = land(2021, GM0003=box(0, 0, 150, 100),
           GM0004=box(150, 0, 400, 100), GM0006=box(0, 100, 400, 101))  # fmt: skip
ALIKE = land(2020, **{f"GM00{n}": box(0, 1_000 * n, 100, 1_000 * n + 100) for n in range(11, 17)})


def with_unchanged(table: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    rows = [*table.itertuples(index=False)]
    others = ALIKE.assign(indeling=table["indeling"].iloc[0])
    rows += [*others.itertuples(index=False)]
    return gpd.GeoDataFrame(rows, columns=list(BOUNDARY_COLUMNS), crs=28992)


def test_land_is_divided_by_area() -> None:
    (found,) = area_weights(with_unchanged(OLD), with_unchanged(NEW), ["GM0005"])

    assert found.ppm == {"GM0003": 250_000, "GM0004": 750_000}
    assert found.methode is Gewichtmethode.OPPERVLAKTE
    assert set(found.grens_ppm.values()) == {LAND_GRENS_PPM}


def test_slivers_are_dropped_and_added_to_the_bound() -> None:
    new = land(2021, GM0003=box(0, 0, 101, 100),
               GM0004=box(101, 0, 200, 100), GM0007=box(200, 0, 400, 100))  # fmt: skip

    (found,) = area_weights(with_unchanged(OLD), with_unchanged(new), ["GM0005"])

    assert found.ppm == {"GM0004": 497_487, "GM0007": 502_513}
    assert set(found.grens_ppm.values()) == {LAND_GRENS_PPM + 5_000}


def test_a_gemeente_that_stays_whole_is_sure() -> None:
    (found,) = area_weights(with_unchanged(OLD), with_unchanged(NEW), ["GM0011"])

    assert (found.ppm, found.grens_ppm) == ({"GM0011": PPM}, {"GM0011": 0})


def test_unlike_generalisations_are_refused() -> None:
    drawn = ALIKE.assign(indeling=2021)
    coarse = drawn.set_geometry(drawn.geometry.buffer(1))

    with pytest.raises(GeometryError, match=r"2020 and 2021 are not of like detail.*4\.\d%"):
        area_weights(ALIKE, coarse, ["GM0011"])


def test_sets_without_a_common_code_cannot_be_compared() -> None:
    with pytest.raises(GeometryError, match="no gemeente is in both sets"):
        area_weights(ALIKE, NEW, ["GM0011"])


def test_a_code_that_the_old_shapes_lack_is_an_error() -> None:
    with pytest.raises(UnknownRegionError, match="of 2020 have no GM0099"):
        cut(OLD, NEW, ["GM0099"])


def test_a_gemeente_without_land_in_the_new_shapes_is_an_error() -> None:
    with pytest.raises(GeometryError, match="GM0005 of 2020 has no land"):
        cut(with_unchanged(OLD), ALIKE.assign(indeling=2021), ["GM0005"])


@pytest.mark.parametrize(
    "wrong",
    [
        OLD.to_crs(4326),
        OLD.drop(columns="naam"),
        OLD.assign(indeling=[2020, 2020, 2021]),
    ],
)
def test_shapes_in_another_form_are_refused(wrong: gpd.GeoDataFrame) -> None:
    with pytest.raises(SchemaError, match="expected boundaries"):
        area_weights(wrong, NEW, ["GM0005"])


def test_lines_where_shapes_touch_are_no_land() -> None:
    mixed = GeometryCollection([box(0, 0, 1, 1), LineString([(5, 5), (6, 6)])])

    assert polygons_of(mixed).equals(box(0, 0, 1, 1))
    assert polygons_of(LineString([(5, 5), (6, 6)])).is_empty
