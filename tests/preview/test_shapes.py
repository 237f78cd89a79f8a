import pytest

from spatial.domain.regions import Niveau
from spatial.errors import PreviewError, UnknownRegionError
from spatial.preview.shapes import read_shapes
from spatial.store.snapshot import Snapshot


def test_shapes_are_read_per_indeling_in_degrees_and_in_order_of_code(country: Snapshot) -> None:
    shapes = read_shapes(country, Niveau.GEMEENTE, [2022, 2021])

    assert [len(shapes[year].codes) for year in (2021, 2022)] == [8, 7]
    assert list(shapes[2022].codes) == sorted(shapes[2022].codes)
    west, south, east, north = shapes[2021].bounds()
    assert 4 < west < east < 7
    assert 52 < south < north < 53


def test_every_region_has_a_point_inside_it(country: Snapshot) -> None:
    shapes = read_shapes(country, Niveau.GEMEENTE, [2022])[2022]

    for (x, y), shape in zip(shapes.points(), shapes.geometry, strict=True):
        west, south, east, north = shape.bounds
        assert west < x < east
        assert south < y < north


def test_shapes_can_be_limited_to_a_region(country: Snapshot) -> None:
    shapes = read_shapes(country, Niveau.GEMEENTE, [2021, 2022], "PV20")

    assert shapes[2021].codes == ("GM0001", "GM0002", "GM0003", "GM0004")
    assert shapes[2022].codes == ("GM0003", "GM0004", "GM0010")


def test_a_region_that_is_not_there_is_an_error_that_lists_those_that_are(
    country: Snapshot,
) -> None:
    with pytest.raises(UnknownRegionError, match=r"no region 'PV99'.*PV20"):
        read_shapes(country, Niveau.GEMEENTE, [2022], "PV99")


def test_an_indeling_without_map_shapes_is_an_error(country: Snapshot) -> None:
    with pytest.raises(PreviewError, match="'gemeente' in indeling 1999"):
        read_shapes(country, Niveau.GEMEENTE, [1999])
