import re
from dataclasses import replace

import pytest

from spatial.errors import PreviewError
from spatial.preview.assets import Assets
from spatial.preview.basemap import ATTRIBUTION, HOST, RD, BaseMap, base_map
from spatial.preview.drawing import Drawing, Look
from spatial.preview.figures import View
from spatial.preview.maps import series_drawing
from spatial.preview.page import render_page
from spatial.store.snapshot import Snapshot
from tests.preview.test_maps import values


@pytest.fixture(scope="module")
def drawing(country: Snapshot) -> Drawing:
    return series_drawing(country, View("ouderen-gemeente", "aandeelCorporatie"))


def with_base(drawing: Drawing, libraries: Assets, base: BaseMap | None) -> str:
    return render_page(replace(drawing, look=Look(base=base)), libraries)


def policy(page: str) -> str:
    found = re.search(r'Content-Security-Policy" content="([^"]*)"', page)
    assert found
    return found[1]


def test_without_a_base_map_a_page_knows_no_host(drawing: Drawing, libraries: Assets) -> None:
    page = with_base(drawing, libraries, None)

    assert "https:" not in page
    assert values(page)["dekking"] == 1


@pytest.mark.parametrize("base", BaseMap)
def test_a_base_map_is_fetched_from_one_host_and_named(
    drawing: Drawing, libraries: Assets, base: BaseMap
) -> None:
    page = with_base(drawing, libraries, base)

    tiles = f"/brt/achtergrondkaart/wmts/v2_0/{base}/EPSG:3857/{{z}}/{{x}}/{{y}}.png"
    assert set(re.findall(r"https?://[^/\"; ]+", page)) == {HOST}
    assert page.count(tiles) == 1
    assert f"; img-src blob: data: {HOST}; " in policy(page)
    assert f"{ATTRIBUTION}. Die achtergrond komt van PDOK en heeft netwerk nodig" in page


def test_a_map_with_a_base_map_is_the_same_map_twice(drawing: Drawing, libraries: Assets) -> None:
    pages = {with_base(drawing, libraries, BaseMap.GRIJS) for _ in range(2)}

    assert len(pages) == 1


def test_a_page_in_rd_has_tiles_of_the_dutch_grid(drawing: Drawing, libraries: Assets) -> None:
    look = Look(base=BaseMap.PASTEL, grid=RD)

    page = render_page(replace(drawing, look=look), libraries)

    assert "/wmts/v2_0/pastel/EPSG:28992/{z}/{x}/{y}.png" in page
    assert "crs: L.CRS.RD," in page


def test_no_name_is_no_base_map_and_another_name_is_refused() -> None:
    assert base_map("") is None
    assert base_map("pastel") is BaseMap.PASTEL
    with pytest.raises(PreviewError, match="choose grijs or pastel"):
        base_map("luchtfoto")
