"""Web maps on a page of another origin, in a real browser: what do they draw of the service?"""

import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from os import PathLike
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx2
import numpy as np
import numpy.typing as npt
import pytest
from playwright.sync_api import Page
from rasterio.errors import NotGeoreferencedWarning
from rasterio.io import MemoryFile

from tests.contract.webpage import Chromium, Window

pytestmark = pytest.mark.client

_LIBRARIES = Path(__file__).parents[2] / "assets" / "node_modules"
_PAGES = Path(__file__).with_name("web")
RD = "http://www.opengis.net/def/crs/EPSG/0/28992"
DARK, LIGHT, CHOSEN = (8, 64, 129), (168, 221, 181), (215, 48, 31)

type Picture = npt.NDArray[np.int16]
type Drawn = tuple[dict[str, Any], Picture]
type Draw = Callable[..., Drawn]


class _Files(SimpleHTTPRequestHandler):
    """Serve the pages of the tests, and below ``/lib`` the browser libraries."""

    def guess_type(self, path: str | PathLike[str]) -> str:
        return "text/javascript" if str(path).endswith(".mjs") else super().guess_type(path)

    def translate_path(self, path: str) -> str:
        if path.startswith("/lib/"):
            return (
                super()
                .translate_path(path.removeprefix("/lib"))
                .replace(self.directory, str(_LIBRARIES), 1)
            )
        return super().translate_path(path)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
        pass


@contextmanager
def _elsewhere() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Files, directory=str(_PAGES)))
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="module")
def draw(
    service: str, chromium: Chromium, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Draw]:
    """Open a page with the address of the service and return its result and a picture of it."""
    for library in ("leaflet", "ol", "proj4", "maplibre-gl"):
        if not (_LIBRARIES / library).is_dir():
            pytest.skip(f"browser library {library} is not there: run 'make setup'")

    def finish(page: Page) -> tuple[dict[str, Any], bytes]:
        page.wait_for_function("window.result && window.result.done")
        result: dict[str, Any] = page.evaluate("window.result")
        return result, page.screenshot()

    with _elsewhere() as origin:

        def run(name: str, **options: str) -> Drawn:
            query = urlencode({"service": service, **options})
            window = Window(width=800, height=900, hosts=(urlsplit(service).netloc,))
            result, picture = chromium.visit(f"{origin}/{name}.html?{query}", finish, window)
            place = tmp_path_factory.mktemp("picture") / f"{name}{len(options)}.png"
            place.write_bytes(picture)
            return result, pixels_of(picture)

        yield run


@pytest.fixture(scope="module")
def expected(web: httpx2.Client) -> dict[str, dict[str, Any]]:
    answer = web.get("/collections/ouderen-gemeente/items?datetime=2022-01-01&limit=1000")
    return {feature["id"]: feature["properties"] for feature in answer.json()["features"]}


def pixels_of(picture: bytes) -> Picture:
    """Return red, green and blue of every pixel."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        with MemoryFile(picture) as file, file.open() as image:
            pixels: Picture = np.moveaxis(image.read((1, 2, 3)), 0, 2).astype(np.int16)
            return pixels


def share(picture: Picture, colour: tuple[int, int, int]) -> float:
    """Return the part of the picture that has a colour, nearly."""
    return float((np.abs(picture - np.array(colour)).max(axis=2) <= 6).mean())


def test_leaflet_follows_the_pages_and_draws_every_gemeente(
    draw: Draw, expected: dict[str, dict[str, Any]]
) -> None:
    result, picture = draw("leaflet")

    assert sorted(result["ids"]) == sorted(expected)
    assert (result["pages"], result["matched"], result["painted"]) == (4, 345, 345)
    assert share(picture, LIGHT) > 0.01


def test_openlayers_draws_what_is_in_view_in_web_mercator(
    draw: Draw, expected: dict[str, dict[str, Any]]
) -> None:
    result, picture = draw("openlayers")

    assert sorted(result["ids"]) == sorted(expected)
    assert (result["requests"], result["painted"]) == (1, 345)
    assert result["crs"] == "<http://www.opengis.net/def/crs/OGC/1.3/CRS84>"
    assert min(share(picture, DARK), share(picture, LIGHT)) > 0.01


def test_openlayers_draws_the_same_from_metres(
    draw: Draw, expected: dict[str, dict[str, Any]]
) -> None:
    degrees, _ = draw("openlayers")
    metres, picture = draw("openlayers", metres="true")

    assert sorted(metres["ids"]) == sorted(expected)
    assert (metres["requests"], metres["painted"], metres["crs"]) == (1, 345, f"<{RD}>")
    assert metres["extent"] == pytest.approx(degrees["extent"], abs=0.1)
    assert min(share(picture, DARK), share(picture, LIGHT)) > 0.01


def test_maplibre_draws_every_gemeente_and_knows_them_by_code(
    draw: Draw, expected: dict[str, dict[str, Any]]
) -> None:
    result, picture = draw("maplibre")

    assert sorted(result["ids"]) == sorted(entry["regioCode"] for entry in expected.values())
    assert result["coloured"] > 1
    assert min(share(picture, DARK), share(picture, LIGHT)) > 0.01
    assert share(picture, CHOSEN) > 0
