"""A Styled Layer Descriptor (SLD 1.1 with Symbology Encoding) for GeoServer and other programs.

It draws one indicator as the maps do: the same classes, patterns and edges, one rule a line of the
legend. Patterns are marks of GeoServer and GeoTools (``shape://``), the area of a circle is an
expression (a function ``sqrt``). QGIS 3.22 reads classes and edges, but no such patterns and sizes:
it has a style of its own, see ``qml``.
"""

import xml.etree.ElementTree as ET
from collections.abc import Mapping

from spatial.domain.status import Status
from spatial.qgis.conditions import Condition, Every, OneOf, Some, Span
from spatial.qgis.rules import Area, Circle, Drawing, Edge, Pattern, Thematic, rules_of
from spatial.qgis.symbols import EDGE_INK, PAPER, RECODED_INK
from spatial.qgis.words import number

_SLD, _SE, _OGC = (
    "http://www.opengis.net/sld",
    "http://www.opengis.net/se",
    "http://www.opengis.net/ogc",
)
_LOCATION = "{http://www.w3.org/2001/XMLSchema-instance}schemaLocation"
_SCHEMA = f"{_SLD} http://schemas.opengis.net/sld/1.1.0/StyledLayerDescriptor.xsd"
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_SHAPES: Mapping[str, tuple[str, float, float]] = {
    "schuin gearceerd": ("shape://slash", 8, 1.4),
    "liggende lijnen": ("shape://horline", 7, 1.2),
    "gekruist gearceerd": ("shape://times", 7, 1),
    "stippen": ("circle", 2.4, 0),
}
"""Mark, size and thickness (px) of a pattern; one that is not here is empty paper."""
_DOTS_APART = "1.8 1.8 1.8 1.8"
_OPACITY = "0.65"
_CIRCLE_EDGES = {None: "1", Status.OPGETELD: "2.5", Status.GESCHAT: "1.6"}

for _prefix, _uri in (("sld", _SLD), ("se", _SE), ("ogc", _OGC)):
    ET.register_namespace(_prefix, _uri)

type Inks = Mapping[str, str]


def sld(shown: Thematic) -> str:
    """Return the style of an indicator.

    Which period is drawn is chosen by whoever asks for features, not here.

    Raises:
        StoreError: there is no scheme of the indicator, or it lacks a member.
    """
    root = ET.Element(f"{{{_SLD}}}StyledLayerDescriptor", {"version": "1.1.0", _LOCATION: _SCHEMA})
    layer = ET.SubElement(root, f"{{{_SLD}}}NamedLayer")
    _text(layer, _SE, "Name", shown.style["collectie"])
    style = ET.SubElement(layer, f"{{{_SLD}}}UserStyle")
    _text(style, _SE, "Name", shown.indicator)
    rules = rules_of(shown)
    said = [rule.label for rule in rules if rule.drawing is None]
    _described(style, shown.title, " ".join(said))
    # what is drawn over regions comes after all regions
    for over in (False, True):
        drawn = [
            (rule.label, rule.condition, rule.drawing)
            for rule in rules
            if rule.condition is not None
            and rule.drawing is not None
            and isinstance(rule.drawing, Edge | Circle) == over
        ]
        if drawn:
            features = ET.SubElement(style, f"{{{_SE}}}FeatureTypeStyle")
            for label, condition, drawing in drawn:
                _rule(features, label, condition, drawing)
    ET.indent(root, " ")
    return _HEAD + ET.tostring(root, encoding="unicode") + "\n"


def _rule(parent: ET.Element, label: str, condition: Condition, drawing: Drawing) -> None:
    rule = ET.SubElement(parent, f"{{{_SE}}}Rule")
    _text(rule, _SE, "Name", label)
    _described(rule, label)
    ET.SubElement(rule, f"{{{_OGC}}}Filter").append(_filter(condition))
    match drawing:
        case Area(colour):
            rule.append(_polygon(colour))
        case Pattern():
            rule.append(_polygon(drawing.paper))
            if drawing.drawn in _SHAPES:
                rule.append(_hatched(drawing))
        case Edge(status):
            dashes = {"stroke-dasharray": "5 3"} if status is Status.GESCHAT else {}
            _line(rule, {"stroke": PAPER, "stroke-width": "3.6", "stroke-linejoin": "round"})
            _line(
                rule,
                {
                    "stroke": RECODED_INK,
                    "stroke-width": "1.6",
                    "stroke-linejoin": "round",
                    **dashes,
                },
            )
        case Circle():
            rule.append(_circle(drawing))


def _polygon(colour: str) -> ET.Element:
    symbol = ET.Element(f"{{{_SE}}}PolygonSymbolizer")
    _inks(ET.SubElement(symbol, f"{{{_SE}}}Fill"), {"fill": colour})
    edge = {"stroke": EDGE_INK, "stroke-width": "0.6", "stroke-linejoin": "round"}
    _inks(ET.SubElement(symbol, f"{{{_SE}}}Stroke"), edge)
    return symbol


def _hatched(pattern: Pattern) -> ET.Element:
    shape, size, thickness = _SHAPES[pattern.drawn]
    symbol = ET.Element(f"{{{_SE}}}PolygonSymbolizer")
    if not thickness:
        ET.SubElement(symbol, f"{{{_SE}}}VendorOption", name="graphic-margin").text = _DOTS_APART
    fill = ET.SubElement(ET.SubElement(symbol, f"{{{_SE}}}Fill"), f"{{{_SE}}}GraphicFill")
    graphic = ET.SubElement(fill, f"{{{_SE}}}Graphic")
    mark = ET.SubElement(graphic, f"{{{_SE}}}Mark")
    _text(mark, _SE, "WellKnownName", shape)
    if thickness:
        ink = {"stroke": pattern.ink, "stroke-width": number(thickness)}
        _inks(ET.SubElement(mark, f"{{{_SE}}}Stroke"), ink)
    else:
        _inks(ET.SubElement(mark, f"{{{_SE}}}Fill"), {"fill": pattern.ink})
    _text(graphic, _SE, "Size", number(size))
    return symbol


def _line(rule: ET.Element, inks: Inks) -> None:
    symbol = ET.SubElement(rule, f"{{{_SE}}}LineSymbolizer")
    _inks(ET.SubElement(symbol, f"{{{_SE}}}Stroke"), inks)


def _circle(circle: Circle) -> ET.Element:
    symbol = ET.Element(f"{{{_SE}}}PointSymbolizer")
    graphic = ET.SubElement(symbol, f"{{{_SE}}}Graphic")
    mark = ET.SubElement(graphic, f"{{{_SE}}}Mark")
    _text(mark, _SE, "WellKnownName", "circle")
    fill = {"fill": circle.fill, "fill-opacity": _OPACITY}
    _inks(ET.SubElement(mark, f"{{{_SE}}}Fill"), fill)
    edge = {"stroke": circle.edge, "stroke-width": _CIRCLE_EDGES[circle.status]}
    if circle.status is Status.GESCHAT:
        edge["stroke-dasharray"] = "4 3"
    _inks(ET.SubElement(mark, f"{{{_SE}}}Stroke"), edge)
    size = ET.SubElement(ET.SubElement(graphic, f"{{{_SE}}}Size"), f"{{{_OGC}}}Mul")
    _text(size, _OGC, "Literal", number(2 * circle.radius_px))
    root = ET.SubElement(size, f"{{{_OGC}}}Function", name="sqrt")
    part = ET.SubElement(root, f"{{{_OGC}}}Div")
    positive = ET.SubElement(part, f"{{{_OGC}}}Function", name="abs")
    _text(positive, _OGC, "PropertyName", circle.field)
    _text(part, _OGC, "Literal", number(circle.top))
    return symbol


def _filter(condition: Condition) -> ET.Element:
    match condition:
        case Span():
            return _joined("And", _ends(condition))
        case OneOf(field, texts):
            return _joined("Or", [_compared("PropertyIsEqualTo", field, text) for text in texts])
        case Every(parts):
            return _joined("And", [_filter(part) for part in parts])
        case Some(parts):
            return _joined("Or", [_filter(part) for part in parts])


def _ends(span: Span) -> list[ET.Element]:
    if span.low is None and span.high is None:
        never = ET.Element(f"{{{_OGC}}}Not")
        missing = ET.SubElement(never, f"{{{_OGC}}}PropertyIsNull")
        _text(missing, _OGC, "PropertyName", span.field)
        return [never]
    found = []
    if span.low is not None:
        kind = "PropertyIsGreaterThan" if span.above else "PropertyIsGreaterThanOrEqualTo"
        found.append(_compared(kind, span.field, number(span.low)))
    if span.high is not None:
        found.append(_compared("PropertyIsLessThan", span.field, number(span.high)))
    return found


def _joined(how: str, parts: list[ET.Element]) -> ET.Element:
    if len(parts) == 1:
        return parts[0]
    element = ET.Element(f"{{{_OGC}}}{how}")
    element.extend(parts)
    return element


def _compared(how: str, field: str, literal: str) -> ET.Element:
    element = ET.Element(f"{{{_OGC}}}{how}")
    _text(element, _OGC, "PropertyName", field)
    _text(element, _OGC, "Literal", literal)
    return element


def _described(parent: ET.Element, title: str, abstract: str = "") -> None:
    element = ET.SubElement(parent, f"{{{_SE}}}Description")
    _text(element, _SE, "Title", title)
    if abstract:
        _text(element, _SE, "Abstract", abstract)


def _inks(parent: ET.Element, inks: Inks) -> None:
    for name, value in inks.items():
        ET.SubElement(parent, f"{{{_SE}}}SvgParameter", name=name).text = value


def _text(parent: ET.Element, space: str, name: str, text: str) -> None:
    ET.SubElement(parent, f"{{{space}}}{name}").text = text
