"""A map of a density in a browser: every colour stands where its cell lies, in both projections."""

import io
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import matplotlib.image as mpl_image
import numpy as np
import pytest
from playwright.sync_api import Page

from spatial.preview.assets import Assets
from spatial.preview.basemap import MERCATOR, RD, Grid
from spatial.preview.density import density_drawing
from spatial.preview.drawing import Look
from spatial.preview.page import render_page
from spatial.preview.shapes import to_degrees
from spatial.store.rasters.index import Coverage
from spatial.store.snapshot import Snapshot
from tests.contract.webpage import Chromium
from tests.densities import TOP, steep
from tests.preview.dense import WEST, dense_country

pytestmark = pytest.mark.client

CELLS = ((2, 3), (9, 40), (17, 23), (28, 1), (28, 48))
SEA = (238, 243, 247)
_PLACE = "place => { const at = map_0.latLngToContainerPoint(place); return [at.x, at.y]; }"
_ONLY_CELLS = (
    "() => document.querySelectorAll('.leaflet-overlay-pane svg, .leaflet-control-container')"
    ".forEach(part => { part.style.visibility = 'hidden'; })"
)

type Visit = Callable[..., Any]


@pytest.fixture(scope="module")
def dense(tmp_path_factory: pytest.TempPathFactory) -> tuple[Snapshot, Coverage]:
    return dense_country(tmp_path_factory.mktemp("dense"))


@pytest.fixture(scope="module")
def visit(
    dense: tuple[Snapshot, Coverage],
    chromium: Chromium,
    libraries: Assets,
    tmp_path_factory: pytest.TempPathFactory,
) -> Visit:
    """Open the page of the density in a projection and act on it."""
    folder = tmp_path_factory.mktemp("kaart")
    drawing = density_drawing(*dense)
    for grid in (MERCATOR, RD):
        page = render_page(replace(drawing, look=Look(grid=grid)), libraries)
        (folder / f"{grid.crs}.html").write_text(page, encoding="utf-8")

    def open_page(act: Callable[[Page], Any], grid: Grid = MERCATOR) -> Any:
        return chromium.visit((folder / f"{grid.crs}.html").as_uri(), act)

    return open_page


def middles() -> list[list[float]]:
    """Return latitude and longitude of the middle of some cells."""
    points = [[WEST + (column + 0.5) * 1000, TOP - (row + 0.5) * 1000] for row, column in CELLS]
    found: list[list[float]] = to_degrees(np.array(points))[:, ::-1].tolist()
    return found


def colours_on(page: Page) -> list[tuple[int, ...]]:
    """Return the colours in the middle of some cells, with regions and controls out of the way."""
    page.wait_for_selector("html[data-klaar]")
    page.evaluate(_ONLY_CELLS)
    picture = mpl_image.imread(io.BytesIO(page.locator("#map_0").screenshot()))
    dots = np.rint(picture[..., :3] * 255).astype(int)
    places = [page.evaluate(_PLACE, place) for place in middles()]
    return [tuple(dots[round(y), round(x)].tolist()) for x, y in places]


@pytest.mark.parametrize("grid", [MERCATOR, RD], ids=["mercator", "rd"])
def test_every_colour_stands_where_its_cell_lies(
    visit: Visit, dense: tuple[Snapshot, Coverage], grid: Grid
) -> None:
    scheme = density_drawing(*dense).scheme

    found = visit(colours_on, grid)

    assert found == [
        tuple(bytes.fromhex(scheme.colour_of(float(steep(3)[row, column]))[1:]))
        for row, column in CELLS
    ]


def test_another_moment_is_another_picture(visit: Visit) -> None:
    def step_back(page: Page) -> tuple[Any, Any]:
        now = colours_on(page)
        page.click("#vorige")
        page.wait_for_timeout(200)
        return now, colours_on(page)

    now, before = visit(step_back)

    assert all(one != other for one, other in zip(now, before, strict=True))


def test_pointing_at_a_region_tells_its_figure_and_nothing_of_a_cell(visit: Visit) -> None:
    def point(page: Page) -> str:
        page.locator("path.gebied").nth(3).focus()
        page.locator("path.gebied").nth(3).hover()
        text: str = page.locator(".uitkomst").inner_text()
        return text

    said = visit(point)

    assert "in de hele gemeente" in said
    assert "per km2" not in said


def test_all_moments_have_their_cells_beside_each_other(visit: Visit) -> None:
    def beside(page: Page) -> list[str]:
        page.click("#alle-perioden")
        return [
            image.get_attribute("href") or "" for image in page.locator("#veelvoud image").all()
        ]

    pictures = visit(beside)

    assert len(set(pictures)) == 2
    assert all(picture.startswith("data:image/png;base64,") for picture in pictures)


def test_a_saved_picture_has_the_cells_in_it(visit: Visit) -> None:
    def save(page: Page) -> str:
        with page.expect_download() as waiting:
            page.click("#svg")
        return waiting.value.path().read_text(encoding="utf-8")

    text = visit(save)

    assert text.count("<image ") == 1
    assert 'fill="transparent"' not in text
