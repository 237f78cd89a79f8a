"""The maps of a page and their layers, with fixed names, and how they are handed to its behaviour."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import folium
from branca.element import MacroElement
from folium.map import Layer
from folium.template import Template
from folium.utilities import JsCode

from spatial.preview.basemap import OPACITY, Background, Grid
from spatial.preview.classes import CIRCLE, CIRCLE_EDGE
from spatial.preview.drawing import Look
from spatial.preview.raster import Raster

_NO_PICTURE = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"
"""One dot without colour."""
_NO_FEATURES: dict[str, Any] = {"type": "FeatureCollection", "features": []}


class PaneMap(folium.Map):
    """A folium map without base map, with a fixed name."""

    def __init__(self, place: int, grid: Grid) -> None:
        least, most = grid.zoom
        super().__init__(
            location=[52.2, 5.3],
            crs=grid.crs,
            zoom_start=least + 2,
            tiles=None,
            zoom_control=False,
            zoom_snap=0.1,
            min_zoom=least,
            max_zoom=most,
            scroll_wheel_zoom=False,
        )
        self._id = str(place)


class Areas(folium.GeoJson):
    """The regions of a pane; the page adds the shapes of the indeling that is shown."""

    def __init__(self, place: int) -> None:
        super().__init__(
            _NO_FEATURES,
            smooth_factor=0,
            on_each_feature=JsCode(f"kaart.elkGebied({place})"),
            class_name="gebied",
            style=JsCode(f"kaart.stijl({place})"),
        )
        self._id = f"gebieden_{place}"


class Circles(folium.GeoJson):
    """The circles of a pane, for counts; they let the pointer through to the regions."""

    def __init__(self, place: int) -> None:
        super().__init__(
            _NO_FEATURES,
            marker=folium.CircleMarker(
                radius=1,
                class_name="stip",
                color=CIRCLE_EDGE,
                weight=1,
                fill_color=CIRCLE,
                fill_opacity=0.65,
            ),
            style=JsCode(f"kaart.stipStijl({place})"),
        )
        self._id = f"stippen_{place}"


class Overlay(folium.raster_layers.ImageOverlay):
    """The cells of a pane, below its regions; the page gives it the picture of every moment."""

    def __init__(self, place: int, raster: Raster, look: Look) -> None:
        super().__init__(
            _NO_PICTURE,
            raster.corners(look.grid),
            opacity=OPACITY if look.base else 1,
            pixelated=False,
            control=False,
        )
        self._id = f"raster_{place}"


@dataclass(frozen=True, slots=True)
class Pane:
    """A map of the page with its layers; two panes may share a map.

    Attributes:
        map: the map.
        areas: its regions.
        circles: for counts; None without.
        base: the base map; None without.
        overlay: cells below the regions; None without.
    """

    map: PaneMap
    areas: Areas
    circles: Circles | None
    base: Background | None
    overlay: Overlay | None

    @property
    def layers(self) -> list[Layer]:
        """What lies on the map, from below."""
        every = (self.base, self.overlay, self.areas, self.circles)
        return [layer for layer in every if layer is not None]


class Start(MacroElement):
    """Hand the maps and layers to the behaviour of the page."""

    _template = Template(
        "{% macro script(this, kwargs) %}"
        "kaart.start([{% for pane in this.panes %}{"
        "kaart: {{ pane.map.get_name() }}, vlakken: {{ pane.areas.get_name() }}, "
        "stippen: {{ pane.circles.get_name() if pane.circles else 'null' }}"
        "{{ ', onder: ' ~ pane.base.get_name() if pane.base else '' }}"
        "{{ ', raster: ' ~ pane.overlay.get_name() if pane.overlay else '' }}"
        "{{ \", vlak: 'vlak\" ~ loop.index0 ~ \"'\" if this.stacked else '' }}"
        "},{% endfor %}]);"
        "{% endmacro %}"
    )

    def __init__(self, panes: Sequence[Pane], *, stacked: bool) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # branca's has no annotations
        self._name = "Start"
        self.panes = panes
        self.stacked = stacked
