"""Symbols of QGIS: what fills a region, what stands on it, what is drawn around it.

Sizes are in millimetres on paper or screen; the maps give them in pixels of 1/96 inch. Only the
options that differ from what QGIS does by itself are written. QGIS 3.22 and later read them.
"""

import xml.etree.ElementTree as ET
from collections.abc import Mapping

from spatial.domain.status import Status
from spatial.errors import StoreError
from spatial.qgis.conditions import quoted
from spatial.qgis.rules import Area, Circle, Drawing, Edge, Pattern
from spatial.qgis.words import number

EDGE_INK = "#57606a"
"""Colour of the edge of a region, as on the maps."""
RECODED_INK = "#1b1f24"
"""Colour of the edge of a recoded figure, as on the maps."""
PAPER = "#ffffff"
_MM = 25.4 / 96
"""Millimetres in a pixel."""
_EDGE_PX = 0.6
_UNDER_PX, _OVER_PX = 3.6, 1.6
_CIRCLE_OPACITY = 0.65
_CIRCLE_EDGES = {
    None: (1.0, "solid"),
    Status.OPGETELD: (2.5, "solid"),
    Status.GESCHAT: (1.6, "dash"),
}
_DASHES = "5;3"
_FILLS, _UNDER, _OVER, _CIRCLES = "0", "1", "2", "3"
"""In which order the parts of all symbols are drawn, so that no region hides what is on another."""
_HATCHES: Mapping[str, tuple[float, float, tuple[int, ...]]] = {
    "leeg": (0, 0, ()),
    "schuin gearceerd": (6, 1.4, (45,)),
    "liggende lijnen": (7, 1.2, (0,)),
    "gekruist gearceerd": (4.95, 1.0, (45, 135)),
}
"""Distance (px), thickness (px) and angles of the lines of a pattern."""
_DOTS = "stippen"
_DOT_DISTANCE_PX, _DOT_PX = 6, 2.4

type Options = Mapping[str, str]


def symbol_of(drawing: Drawing, name: str) -> ET.Element:
    """Return the symbol of a drawing.

    Args:
        drawing: what is drawn.
        name: by which rules call it.

    Raises:
        StoreError: a pattern has no drawing here.
    """
    match drawing:
        case Area(colour):
            layers = [_fill(colour)]
        case Pattern():
            layers = [_fill(drawing.paper), *_lines(drawing)]
        case Edge(status):
            layers = [_edge(PAPER, _UNDER_PX, _UNDER), _edge(RECODED_INK, _OVER_PX, _OVER, status)]
        case _:
            layers = [_circle(drawing)]
    return _symbol(name, "fill", *layers)


def outline(name: str) -> ET.Element:
    """Return a symbol that shows the edge of a region and nothing in it."""
    options = {
        "style": "no",
        "outline_color": _colour(RECODED_INK),
        "outline_style": "solid",
        "outline_width": _mm(1),
        "outline_width_unit": "MM",
        "joinstyle": "round",
    }
    return _symbol(name, "fill", _layer("SimpleFill", options))


def _fill(colour: str) -> ET.Element:
    options = {
        "color": _colour(colour),
        "style": "solid",
        "outline_color": _colour(EDGE_INK),
        "outline_style": "solid",
        "outline_width": _mm(_EDGE_PX),
        "outline_width_unit": "MM",
        "joinstyle": "round",
    }
    return _layer("SimpleFill", options, order=_FILLS)


def _lines(pattern: Pattern) -> list[ET.Element]:
    if pattern.drawn == _DOTS:
        return [_dots(pattern)]
    if pattern.drawn not in _HATCHES:
        message = f"no drawing of a pattern {pattern.drawn!r}; there is of {', '.join((*_HATCHES, _DOTS))}"
        raise StoreError(message)
    distance, thickness, angles = _HATCHES[pattern.drawn]
    found = []
    for angle in angles:
        line = {
            "line_color": _colour(pattern.ink),
            "line_style": "solid",
            "line_width": _mm(thickness),
            "line_width_unit": "MM",
            "capstyle": "flat",
        }
        layer = _layer(
            "LinePatternFill",
            {"angle": str(angle), "distance": _mm(distance), "distance_unit": "MM"},
            order=_FILLS,
        )
        layer.append(_symbol("@lijn", "line", _layer("SimpleLine", line)))
        found.append(layer)
    return found


def _dots(pattern: Pattern) -> ET.Element:
    distance = _mm(_DOT_DISTANCE_PX)
    options = {"distance_x": distance, "distance_y": distance}
    options |= {"distance_x_unit": "MM", "distance_y_unit": "MM"}
    dot = {
        "name": "circle",
        "color": _colour(pattern.ink),
        "outline_style": "no",
        "size": _mm(_DOT_PX),
        "size_unit": "MM",
    }
    layer = _layer("PointPatternFill", options, order=_FILLS)
    layer.append(_symbol("@stip", "marker", _layer("SimpleMarker", dot)))
    return layer


def _edge(colour: str, width: float, order: str, status: Status | None = None) -> ET.Element:
    options = {
        "line_color": _colour(colour),
        "line_style": "solid",
        "line_width": _mm(width),
        "line_width_unit": "MM",
        "joinstyle": "round",
        "capstyle": "flat",
    }
    if status is Status.GESCHAT:
        dashes = ";".join(_mm(float(part)) for part in _DASHES.split(";"))
        options |= {"use_custom_dash": "1", "customdash": dashes, "customdash_unit": "MM"}
    return _layer("SimpleLine", options, order=order)


def _circle(circle: Circle) -> ET.Element:
    width, style = _CIRCLE_EDGES[circle.status]
    across = _mm(2 * circle.radius_px)
    options = {
        "name": "circle",
        "color": _colour(circle.fill, _CIRCLE_OPACITY),
        "outline_color": _colour(circle.edge),
        "outline_style": style,
        "outline_width": _mm(width),
        "outline_width_unit": "MM",
        "scale_method": "diameter",
        "size": _mm(12),
        "size_unit": "MM",
    }
    marker = _layer("SimpleMarker", options)
    size = f"{across} * sqrt(abs({quoted(circle.field)}) / {number(circle.top)})"
    _set(marker, "size", size)
    placed = {"point_on_surface": "1", "point_on_all_parts": "0", "clip_points": "0"}
    layer = _layer("CentroidFill", placed, order=_CIRCLES)
    layer.append(_symbol("@cirkel", "marker", marker))
    return layer


def _set(layer: ET.Element, property_: str, expression: str) -> None:
    """Let an expression over the fields of a feature decide on a property of a layer."""
    held = ET.SubElement(ET.SubElement(layer, "data_defined_properties"), "Option", type="Map")
    _option(held, "name", "QString", "")
    properties = ET.SubElement(held, "Option", name="properties", type="Map")
    entry = ET.SubElement(properties, "Option", name=property_, type="Map")
    _option(entry, "active", "bool", "true")
    _option(entry, "expression", "QString", expression)
    _option(entry, "type", "int", "3")
    _option(held, "type", "QString", "collection")


def _symbol(name: str, kind: str, *layers: ET.Element) -> ET.Element:
    element = ET.Element(
        "symbol", name=name, type=kind, alpha="1", clip_to_extent="1", force_rhr="0"
    )
    element.extend(layers)
    return element


def _layer(kind: str, options: Options, *, order: str = "0") -> ET.Element:
    element = ET.Element("layer", {"class": kind, "enabled": "1", "locked": "0", "pass": order})
    held = ET.SubElement(element, "Option", type="Map")
    for name, value in options.items():
        _option(held, name, "QString", value)
    return element


def _option(parent: ET.Element, name: str, kind: str, value: str) -> None:
    ET.SubElement(parent, "Option", name=name, type=kind, value=value)


def _mm(pixels: float) -> str:
    return number(round(pixels * _MM, 4))


def _colour(hexadecimal: str, opacity: float = 1) -> str:
    """Write ``#rrggbb`` the way QGIS does: red, green, blue and opacity up to 255."""
    parts = [str(int(hexadecimal[place : place + 2], 16)) for place in (1, 3, 5)]
    return ",".join([*parts, str(round(255 * opacity))])
