import base64
import io
import json
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import matplotlib.image as mpl_image
import numpy as np
import pytest
import rasterio
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Transformer

from spatial.domain.crs import CRS84, RD
from spatial.domain.status import Status
from spatial.errors import PreviewError, StoreError
from spatial.preview import raster as raster_module
from spatial.preview.assets import Assets
from spatial.preview.basemap import MERCATOR, BaseMap
from spatial.preview.basemap import RD as RD_PAGE
from spatial.preview.classes import MAX_CLASSES, chosen_classes
from spatial.preview.density import density_drawing
from spatial.preview.density_schemes import (
    density_scheme,
    freeze_densities,
    growing_breaks,
    scheme_file,
)
from spatial.preview.draw import Order, draw_file, ordered
from spatial.preview.drawing import Drawing, Look
from spatial.preview.gallery import standard_maps
from spatial.preview.page import render_page
from spatial.preview.raster import Raster, read_raster
from spatial.preview.sentences import sentences
from spatial.preview.still import Sheet, StillForm, still_of
from spatial.store.rasters.index import INDEX, Coverage, index_json
from spatial.store.schemes import SCHEMES
from spatial.store.snapshot import MAPS, Snapshot
from tests.densities import COLUMNS, EMPTY_ROW, NAME, NODATA, NOTICE, ROWS, TOP, steep
from tests.preview.dense import WEST, dense_country
from tests.preview.test_maps import values

DAY = date(2022, 1, 1)
CELLS = (ROWS - 1) * COLUMNS - 1
DENSE = tuple[Snapshot, Coverage]


@pytest.fixture(scope="module")
def dense(tmp_path_factory: pytest.TempPathFactory) -> DENSE:
    return dense_country(tmp_path_factory.mktemp("dense"))


@pytest.fixture(scope="module")
def drawing(dense: DENSE) -> Drawing:
    return density_drawing(*dense)


@pytest.fixture(scope="module")
def page(drawing: Drawing, libraries: Assets) -> str:
    return render_page(drawing, libraries)


def raster_of(drawing: Drawing) -> Raster:
    found = drawing.panels[0].raster
    assert found is not None
    return found


def dots(address: str) -> np.ndarray:
    """Return red, green, blue and opacity (0 to 255) of the dots of a picture."""
    content = base64.b64decode(address.removeprefix("data:image/png;base64,"))
    return np.rint(mpl_image.imread(io.BytesIO(content)) * 255).astype(int)


def colour_at(raster: Raster, row: int, column: int) -> list[int]:
    """Return the colour of a cell of the grid, as its value says; without opacity where empty."""
    value = float(steep(3)[row, column])
    if value == NODATA:
        return [0, 0, 0, 0]
    return [*bytes.fromhex(raster.scheme.colour_of(value)[1:]), 255]


@given(st.floats(0.01, 1e5), st.floats(1, 1e4))
def test_breaks_are_readable_grow_and_are_few(low: float, times: float) -> None:
    found = growing_breaks(low, low * times)

    assert len(found) < MAX_CLASSES
    assert sorted(set(found)) == list(found)
    assert all(low < edge <= low * times for edge in found)
    assert {f"{edge:e}"[0] for edge in found} <= {"1", "2", "5"}


def test_a_scheme_is_made_once_and_kept_for_later_builds(tmp_path: Path) -> None:
    snapshot, coverage = dense_country(tmp_path)
    first = density_scheme(snapshot, coverage)
    kept = json.loads((tmp_path / SCHEMES / f"{NAME}.json").read_text(encoding="utf-8"))
    kept["reeksen"][0]["indicatoren"]["personen"]["grenzen"] = [7.0]
    (tmp_path / SCHEMES / f"{NAME}.json").write_text(json.dumps(kept), encoding="utf-8")

    again = json.loads(freeze_densities(snapshot, tmp_path)[scheme_file(coverage)])
    renewed = json.loads(freeze_densities(snapshot, tmp_path, renew=True)[scheme_file(coverage)])

    assert again["indicatoren"]["personen"]["grenzen"] == [7.0]
    assert renewed["indicatoren"]["personen"]["grenzen"] == list(first.breaks)
    assert renewed["indicatoren"]["personen"]["versie"] == 2
    assert len(renewed["indicatoren"]["personen"]["labels"]["en"]) == len(first.colours)


def test_a_scheme_that_is_not_there_is_named(tmp_path: Path) -> None:
    snapshot, coverage = dense_country(tmp_path)
    (snapshot.path / MAPS / scheme_file(coverage)).unlink()

    with pytest.raises(StoreError, match=NAME):
        density_drawing(snapshot, coverage)


def test_a_picture_in_rd_has_the_class_of_every_cell(drawing: Drawing) -> None:
    raster = raster_of(drawing)

    found = dots(raster.address(DAY, RD_PAGE))

    assert found.shape == (ROWS, COLUMNS, 4)
    for row, column in ((0, 0), (0, 1), (EMPTY_ROW, 9), (17, 23), (ROWS - 1, COLUMNS - 1)):
        assert found[row, column].tolist() == colour_at(raster, row, column)


def test_a_picture_in_web_mercator_has_the_class_of_the_cell_that_lies_there(
    drawing: Drawing,
) -> None:
    raster = raster_of(drawing)
    found = dots(raster.address(DAY, MERCATOR))
    (south, west), (north, east) = raster.corners(MERCATOR)
    to_mercator = Transformer.from_crs(RD.epsg, 3857, always_xy=True)
    of_corner = Transformer.from_crs(CRS84.epsg, 3857, always_xy=True)
    left, bottom = of_corner.transform(west, south)
    right, top = of_corner.transform(east, north)

    high, wide = found.shape[:2]
    for row in range(ROWS):
        for column in range(0, COLUMNS, 7):
            x, y = to_mercator.transform(WEST + (column + 0.5) * 1000, TOP - (row + 0.5) * 1000)
            dot = found[
                int((top - y) / (top - bottom) * high), int((x - left) / (right - left) * wide)
            ]
            assert dot.tolist() == colour_at(raster, row, column)


def test_a_grid_that_is_too_fine_is_shown_in_blocks(
    dense: DENSE, monkeypatch: pytest.MonkeyPatch
) -> None:
    snapshot, coverage = dense
    scheme = chosen_classes((10.0, 1000.0))
    monkeypatch.setattr(raster_module, "MOST_CELLS", ROWS * COLUMNS // 4)

    coarse = read_raster(snapshot.path, coverage, scheme, [DAY])

    assert coarse.block == 2_000
    assert coarse.pictures[DAY].classes.shape == (ROWS // 2, COLUMNS // 2)
    assert coarse.pictures[DAY].cells == CELLS


def test_a_band_without_cells_says_so(dense: DENSE, tmp_path: Path) -> None:
    snapshot, coverage = dense
    empty = replace(coverage, file="leeg.tif")
    with rasterio.open(snapshot.path / coverage.file) as source:
        profile = source.profile
    with rasterio.open(tmp_path / "leeg.tif", "w", **profile) as target:
        for band in (1, 2, 3):
            target.write(np.full((ROWS, COLUMNS), NODATA, np.float32), band)
    raster = read_raster(tmp_path, empty, chosen_classes((10.0,)), [DAY])
    panel = replace(density_drawing(*dense).panels[0], raster=raster)

    dutch, english = sentences(panel, panel.moments[-1], raster.scheme)

    assert dutch.kaart == "Geen enkel vierkant van 1000 m heeft een waarde."
    assert english.kaart == "No square of 1000 m has a value."
    assert dots(raster.address(DAY, MERCATOR))[..., 3].max() == 0


def test_a_file_that_is_no_raster_is_named(dense: DENSE, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=NAME):
        read_raster(tmp_path, dense[1], chosen_classes(()), [DAY])


def test_a_page_carries_a_picture_of_every_moment_and_no_class_of_a_region(page: str) -> None:
    [pane] = values(page)["panelen"]

    assert [moment["dag"] for moment in pane["momenten"]] == ["2021-01-01", "2022-01-01"]
    assert len({moment["beeld"] for moment in pane["momenten"]}) == 2
    assert not any({"klassen", "stralen"} & moment.keys() for moment in pane["momenten"])
    assert page.count("L.imageOverlay(") == 1


def test_a_page_may_show_what_it_holds_and_nothing_from_elsewhere(
    drawing: Drawing, page: str, libraries: Assets
) -> None:
    based = render_page(replace(drawing, look=Look(base=BaseMap.GRIJS)), libraries)

    assert "; img-src blob: data:; " in page
    assert "https:" not in page
    assert "img-src blob: data: https://service.pdok.nl;" in based
    assert re.search(r'"opacity": 0\.75', based)


def test_the_same_density_is_the_same_page(dense: DENSE, page: str, libraries: Assets) -> None:
    assert render_page(density_drawing(*dense), libraries) == page


def test_a_page_says_what_its_colours_are_and_what_must_stand_beside_them(page: str) -> None:
    assert "Ouderen per km2" in page
    assert "Elk vierkant is een schatting" in page
    assert NOTICE in page
    assert "De verdeelde aantallen als tabel" in page


def test_sentences_count_cells_and_not_regions(drawing: Drawing) -> None:
    [panel] = drawing.panels

    dutch, english = sentences(panel, panel.moments[-1], drawing.scheme)

    assert dutch.kaart == (
        "1.449 vierkanten van 1000 m hebben een waarde, van 3 tot en met 30.000 personen per km2; ten "
        "minste de helft heeft 300 of meer."
    )
    assert english.kaart.startswith(
        "1,449 squares of 1000 m have a value, from 3 to 30,000 persons"
    )
    counts = [int(text.split()[0].replace(".", "")) for text in dutch.klassen]
    assert sum(counts) == CELLS


def test_gemeenten_of_which_nothing_can_be_shown_are_counted(dense: DENSE) -> None:
    snapshot, coverage = dense
    small = {Status.TE_KLEIN: 2}
    bands = tuple(replace(band, statuses=small) for band in coverage.bands)

    panel = density_drawing(snapshot, replace(coverage, bands=bands)).panels[0]

    assert "Van 2 gemeenten is geen vierkant te tonen" in panel.summary(panel.moments[-1])


def test_a_still_picture_has_the_cells_below_the_regions(drawing: Drawing) -> None:
    raster = raster_of(drawing)

    content = still_of(drawing, Sheet(900, 600, density=1), StillForm.PNG)

    picture = np.rint(mpl_image.imread(io.BytesIO(content))[..., :3] * 255).astype(int)
    shown = {tuple(colour) for colour in np.unique(picture.reshape(-1, 3), axis=0).tolist()}
    assert {tuple(bytes.fromhex(colour[1:])) for colour in raster.scheme.colours} <= shown


@pytest.mark.parametrize("form", StillForm)
def test_a_still_picture_is_the_same_twice(drawing: Drawing, form: StillForm) -> None:
    sheet = Sheet(400, 300, bare=True)

    assert still_of(drawing, sheet, form) == still_of(drawing, sheet, form)


def test_it_is_asked_by_its_own_name_at_one_day_if_wanted(dense: DENSE) -> None:
    found = ordered(dense[0], Order(NAME, (), (DAY,)))

    assert found.text.titel == "Ouderen per km2, 1 januari 2022"
    assert [moment.peilmoment for moment in found.panels[0].moments] == [DAY]


@pytest.mark.parametrize(
    "order",
    [
        Order(NAME, ("huishoudens",)),
        Order(NAME, (), (date(1999, 1, 1),)),
        Order(NAME, (), (date(2021, 1, 1), DAY)),
        Order(NAME, (), (), ("PV20",)),
        Order(NAME, (), difference=True),
        Order(NAME, (), against="studenten-gemeente"),
        Order("ouderen-gemeente", ()),
    ],
)
def test_what_a_density_cannot_show_is_refused(dense: DENSE, order: Order) -> None:
    with pytest.raises(PreviewError):
        ordered(dense[0], order)


def test_it_has_no_divider(dense: DENSE, library_folder: Path) -> None:
    with pytest.raises(PreviewError):
        draw_file(dense[0], Order(NAME, ()), Look(swipe=True), ".html", library_folder)


def test_the_gallery_has_a_map_of_every_density(dense: DENSE, libraries: Assets) -> None:
    files = standard_maps(dense[0], libraries)

    assert {f"{NAME}.html", f"beeld/{NAME}.webp"} <= files.keys()
    assert "Waar in de gemeente?" in files["index.html"].decode()
    assert "Older people per km2" in files["en/index.html"].decode()


def test_a_snapshot_without_densities_has_no_question_about_them(
    country: Snapshot, libraries: Assets
) -> None:
    assert "Waar in de gemeente?" not in standard_maps(country, libraries)["index.html"].decode()


def test_an_index_without_its_collection_is_not_drawn_in_the_gallery(
    tmp_path: Path, libraries: Assets
) -> None:
    snapshot, coverage = dense_country(tmp_path)
    strange = replace(coverage, collection="ouderen-wijk")
    path = (snapshot.path / coverage.file).parent / INDEX
    path.write_text(index_json([strange]), encoding="utf-8")

    assert f"{NAME}.html" not in standard_maps(snapshot, libraries)
