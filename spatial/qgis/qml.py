"""A style file of QGIS (QML): how a layer is drawn, what its fields are called, when it holds."""

import xml.etree.ElementTree as ET
from collections.abc import Sequence

from spatial.qgis.conditions import quoted
from spatial.qgis.renderer import plain_renderer, renderer
from spatial.qgis.rules import Thematic
from spatial.qgis.temporal import Validity, day_of, temporal_element, validity
from spatial.store.catalogue import Collection, Field

MADE_FOR = "3.22.0"
"""The oldest version of QGIS that reads it as it is meant."""
_HEAD = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
_ID = "id"
_ALL_OF_IT = "Symbology|Labeling|Fields|MapTips|Temporal|Rendering"
_DRAWN = "Symbology|Labeling|MapTips|Temporal|Rendering"
_POLYGONS = "2"


def qml(collection: Collection, shown: Thematic | None = None, *, english: bool = False) -> str:
    """Return the style file of a layer.

    Args:
        collection: what the layer holds.
        shown: the indicator that is drawn; None: only edges of features.
        english: names of fields in English; otherwise in Dutch.
    """
    root = _root(collection, shown, _ALL_OF_IT)
    root.append(aliases(collection.velden, english=english))
    return _written(root)


def symbology(collection: Collection, shown: Thematic) -> str:
    """Return a style file that leaves the names of fields as they are."""
    return _written(_root(collection, shown, _DRAWN))


def aliases(fields: Sequence[Field], *, english: bool = False) -> ET.Element:
    """Return the titles of fields, under which QGIS shows them; ``id`` comes first."""
    element = ET.Element("aliases")
    ET.SubElement(element, "alias", field=_ID, index="0", name=_ID)
    for place, field in enumerate(fields, 1):
        title = field.title_en if english else field.titel_nl
        ET.SubElement(element, "alias", field=field.naam, index=str(place), name=title)
    return element


def tips(collection: Collection, shown: Thematic | None) -> list[ET.Element]:
    """Return the name of a feature in lists, and what is said of it under the pointer."""
    names = [field.naam for field in collection.velden]
    name = "regioNaam" if "regioNaam" in names else names[0]
    preview = ET.Element("previewExpression")
    preview.text = quoted(name)
    tip = ET.Element("mapTip")
    when = f"[% format_date({quoted(collection.begin_veld)}, 'yyyy-MM-dd') %]"
    tip.text = f"<b>[% {quoted(name)} %]</b><br>{when}"
    if shown is not None:
        value, status = (quoted(part) for part in (shown.indicator, f"{shown.indicator}Status"))
        tip.text += f"<br>{shown.title}: [% coalesce({value}, '') %] ([% {status} %])"
    return [preview, tip]


def _root(collection: Collection, shown: Thematic | None, categories: str) -> ET.Element:
    root = ET.Element("qgis", version=MADE_FOR, styleCategories=categories, labelsEnabled="0")
    root.append(temporal_element(_validity(collection, shown)))
    root.append(plain_renderer() if shown is None else renderer(shown))
    for name, text in (("blendMode", "0"), ("featureBlendMode", "0"), ("layerOpacity", "1")):
        ET.SubElement(root, name).text = text
    root.extend(tips(collection, shown))
    ET.SubElement(root, "layerGeometryType").text = _POLYGONS
    return root


def _written(root: ET.Element) -> str:
    ET.indent(root, " ")
    return _HEAD + ET.tostring(root, encoding="unicode") + "\n"


def _validity(collection: Collection, shown: Thematic | None) -> Validity:
    day = None if shown is None else day_of(shown.indicator)
    return validity(collection.begin_veld, collection.eind_veld, day)
