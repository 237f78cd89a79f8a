from datetime import date
from pathlib import Path

import pytest

from spatial.preview.assets import Assets
from spatial.preview.compare import draw_compare
from spatial.preview.figures import View
from spatial.preview.maps import draw_series
from spatial.preview.shapes import read_shapes
from spatial.preview.tiles import read_tiles
from spatial.store.snapshot import Snapshot
from tests.miniland import miniland_snapshot
from tests.preview.country import STATUSES
from tests.preview.test_maps import values

SHARE = ("ouderen-gemeente", "aandeelCorporatie")
BUTTON = 'id="tegels"'


def test_a_map_of_gemeenten_holds_one_hexagon_for_every_code_of_any_indeling(
    country: Snapshot, libraries: Assets
) -> None:
    page = draw_series(country, *SHARE, libraries)

    corners = values(page)["tegels"]["hoeken"]
    assert sorted(corners) == sorted([*STATUSES, "GM0010"])
    assert {len(numbers) for numbers in corners.values()} == {12}
    assert corners["GM0010"] == corners["GM0002"] != corners["GM0001"]
    assert BUTTON in page


def test_neighbours_on_the_grid_have_two_corners_in_common(country: Snapshot) -> None:
    tiles = read_tiles(country, read_shapes(country, "gemeente", [2021]).values())

    one, other = (
        set(zip(tiles[code][::2], tiles[code][1::2], strict=True)) for code in ("GM0001", "GM0002")
    )
    assert len(one & other) == 2


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (View(*SHARE, regio="PV20"), View(*SHARE, regio="PV27")),
        (
            View("ouderen-provincie", "aandeelCorporatie", date(2021, 1, 1)),
            View("ouderen-provincie", "aandeelCorporatie", date(2022, 1, 1)),
        ),
    ],
    ids=["part of the country", "provincies"],
)
def test_what_has_no_place_on_the_grid_has_no_button(
    country: Snapshot, libraries: Assets, left: View, right: View
) -> None:
    page = draw_compare(country, left, right, libraries)

    assert BUTTON not in page
    assert values(page)["tegels"] == {}


def test_a_snapshot_without_a_tile_grid_has_none(country: Snapshot, tmp_path: Path) -> None:
    shapes = read_shapes(country, "gemeente", [2021]).values()

    assert read_tiles(miniland_snapshot(tmp_path), shapes) == {}
