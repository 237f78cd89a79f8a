"""One layer of a file for QGIS: where it comes from, how and when it is drawn, what its fields are called."""

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from spatial.qgis.about import layer_metadata
from spatial.qgis.places import reference_system
from spatial.qgis.qml import MADE_FOR, aliases, tips
from spatial.qgis.renderer import plain_renderer, renderer
from spatial.qgis.rules import Thematic, thematic
from spatial.qgis.served import Served
from spatial.qgis.temporal import day_of, temporal_element, validity
from spatial.store.catalogue import Collection, Kind
from spatial.store.schemes import Style

_PROVIDER = "OAPIF"
_OF_A_STYLE = "Symbology|MapTips|Temporal"
"""What a style of the list says: names of fields stay, times do not."""
_POLYGONS = "2"


@dataclass(frozen=True, slots=True)
class Layer:
    """What stands in one layer.

    Attributes:
        collection: the features.
        style: document with the schemes of its indicators; None: only the edges are drawn.
        indicators: what can be drawn, the first is; the others are in the list of styles.
        moment: only features whose time begins on this day; None: all periods, for the time slider.
    """

    collection: Collection
    style: Style | None = None
    indicators: tuple[str, ...] = ()
    moment: date | None = None

    @property
    def id(self) -> str:
        """Name by which other parts of a file call it."""
        moment = f"-{self.moment.isoformat()}" if self.moment else ""
        return f"{self.collection.id}{moment}".replace("-", "_")

    def title(self, served: Served) -> str:
        """Return its name in the list of layers."""
        title = served.title(self.collection)
        if self.moment is not None:
            return f"{title}, {self.moment.isoformat()}"
        return f"{title}, {'all periods' if served.english else 'alle perioden'}"


def tree_layer(layer: Layer, served: Served, *, visible: bool) -> ET.Element:
    """Return the element of a layer in the list of layers."""
    return ET.Element(
        "layer-tree-layer",
        id=layer.id,
        name=layer.title(served),
        source=served.source(layer.collection, layer.moment),
        providerKey=_PROVIDER,
        checked="Qt::Checked" if visible else "Qt::Unchecked",
        expanded="1" if visible else "0",
    )


def map_layer(layer: Layer, served: Served) -> ET.Element:
    """Return the element ``maplayer``.

    Raises:
        StoreError: an indicator has no scheme.
    """
    collection = layer.collection
    element = ET.Element(
        "maplayer",
        type="vector",
        geometry="Polygon",
        wkbType="MultiPolygon",
        styleCategories="AllStyleCategories",
        labelsEnabled="0",
        simplifyDrawingHints="1",
        hasScaleBasedVisibilityFlag="0",
    )
    ET.SubElement(element, "id").text = layer.id
    ET.SubElement(element, "datasource").text = served.source(collection, layer.moment)
    ET.SubElement(element, "layername").text = layer.title(served)
    ET.SubElement(element, "srs").append(reference_system(served.crs))
    element.append(layer_metadata(served, collection))
    ET.SubElement(element, "provider", encoding="UTF-8").text = _PROVIDER
    shown = [_shown(layer, served, name) for name in layer.indicators] if layer.style else []
    element.extend(list(_styles(layer, shown)))
    first = shown[0] if shown else None
    element.append(_temporal(layer, first))
    element.append(_drawn(layer, first, served))
    element.append(aliases(collection.velden, english=served.english))
    element.extend(tips(collection, first))
    return element


def _shown(layer: Layer, served: Served, indicator: str) -> Thematic:
    shown = thematic(
        served.contents, layer.collection, layer.style or {}, indicator, english=served.english
    )
    # which period is drawn is said here, without an aggregate: in a rule of a layer of a service
    # that makes QGIS wait for itself
    return replace(shown, begin="")


def _styles(layer: Layer, shown: list[Thematic]) -> Iterator[ET.Element]:
    """Give the list of styles: the one that is drawn by name only, the others whole."""
    if not shown:
        return
    names = [one.title for one in shown]
    manager = ET.Element("map-layer-style-manager", current=names[0])
    ET.SubElement(manager, "map-layer-style", name=names[0])
    for name, one in zip(names[1:], shown[1:], strict=True):
        held = ET.SubElement(manager, "map-layer-style", name=name)
        style = ET.SubElement(held, "qgis", version=MADE_FOR, styleCategories=_OF_A_STYLE)
        style.append(_temporal(layer, one))
        style.append(_timed(layer, renderer(one), english=one.english))
        style.extend(tips(layer.collection, one))
        ET.SubElement(style, "layerGeometryType").text = _POLYGONS
    yield manager


def _temporal(layer: Layer, shown: Thematic | None) -> ET.Element:
    """Say when features are drawn: figures of one day of a year for the whole of it."""
    collection = layer.collection
    if layer.moment is not None:
        return temporal_element(None)
    day = None
    if shown is not None:
        day = day_of(shown.indicator)
    elif collection.kind is not Kind.HERINDELINGEN:
        day = (collection.eind.month, collection.eind.day)
    return temporal_element(validity(collection.begin_veld, collection.eind_veld, day))


def _drawn(layer: Layer, shown: Thematic | None, served: Served) -> ET.Element:
    if shown is not None:
        return _timed(layer, renderer(shown), english=served.english)
    return _timed(layer, _as_rule(plain_renderer()), english=served.english)


def _timed(layer: Layer, drawn: ET.Element, *, english: bool) -> ET.Element:
    """Let only the newest features be drawn where no time slider chooses: they lie on each other."""
    collection = layer.collection
    if layer.moment is not None or collection.kind is Kind.HERINDELINGEN:
        return drawn
    group = drawn.find("rules/rule")
    if group is not None:
        day = collection.eind.isoformat()
        group.set("filter", f"@map_start_time IS NOT NULL OR \"{collection.eind_veld}\" = '{day}'")
        without = "without time slider" if english else "zonder tijdbalk"
        label = group.get("label", "")
        group.set("label", f"{label} ({without}: {day})".strip())
    return drawn


def _as_rule(plain: ET.Element) -> ET.Element:
    """Turn a renderer of one symbol into one of rules with that symbol."""
    plain.set("type", "RuleRenderer")
    root = ET.SubElement(plain, "rules", key="wortel")
    ET.SubElement(root, "rule", key="groep", symbol="0")
    return plain
