"""A base map under the regions, for whoever asks for one: the only thing that a page can fetch.

PDOK serves the BRT-achtergrondkaart of Kadaster as tiles, without key and under CC BY 4.0.
"""

from dataclasses import dataclass
from enum import StrEnum

import folium

from spatial.errors import PreviewError

HOST = "https://service.pdok.nl"
"""Where tiles come from; a page with a base map may fetch images from there and nowhere else."""
ATTRIBUTION = "Ondergrond: BRT-achtergrondkaart, Kadaster (CC BY 4.0)"
OPACITY = 0.75
"""Of the regions above a base map, so that it shows through; 1 without."""
_TILES = HOST + "/brt/achtergrondkaart/wmts/v2_0/{layer}/{grid}/{{z}}/{{x}}/{{y}}.png"


class BaseMap(StrEnum):
    """Kinds of the BRT-achtergrondkaart that leave the colours of a map alone."""

    GRIJS = "grijs"
    PASTEL = "pastel"


def base_map(name: str) -> BaseMap | None:
    """Return the base map of a name; None for the empty name.

    Raises:
        PreviewError: there is no such base map.
    """
    try:
        return BaseMap(name) if name else None
    except ValueError as error:
        message = f"there is no base map {name!r}; choose {' or '.join(BaseMap)}"
        raise PreviewError(message) from error


@dataclass(frozen=True, slots=True)
class Grid:
    """The projection of a page.

    Attributes:
        crs: its name in Leaflet, without ``L.CRS.``.
        code: its name in addresses of tiles.
        zoom: levels between which a page zooms; the same scales in every grid.
        finest: last level of the tiles.
    """

    crs: str
    code: str
    zoom: tuple[int, int]
    finest: int


MERCATOR = Grid("EPSG3857", "EPSG:3857", (5, 14), 19)
RD = Grid("RD", "EPSG:28992", (1, 9), 14)
"""The Dutch grid; ``static/rd.js`` teaches it to Leaflet."""


class Background(folium.TileLayer):
    """The tiles of a pane, with a fixed name."""

    def __init__(self, place: int, base: BaseMap, grid: Grid) -> None:
        super().__init__(
            tiles=_TILES.format(layer=base.value, grid=grid.code),
            attr=ATTRIBUTION,
            max_zoom=grid.finest,
            control=False,
        )
        self._id = f"ondergrond_{place}"
