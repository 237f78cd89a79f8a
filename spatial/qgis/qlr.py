"""A layer definition of QGIS (.qlr): drop it on the map and the layer is there, styled and dated."""

import xml.etree.ElementTree as ET
from collections.abc import Sequence

from spatial.qgis.layers import Layer, map_layer, tree_layer
from spatial.qgis.served import Served

_HEAD = "<!DOCTYPE qgis-layer-definition>\n"


def layer_definition(layers: Sequence[Layer], served: Served) -> str:
    """Return the text of a layer definition.

    Args:
        layers: of one collection; the first is visible. More than one stand in a group by its title.
        served: the service they come from.
    """
    root = ET.Element("qlr")
    tree = ET.SubElement(root, "layer-tree-group", name="", checked="Qt::Checked", expanded="1")
    parent = tree
    if len(layers) > 1:
        title = served.title(layers[0].collection)
        parent = ET.SubElement(
            tree, "layer-tree-group", name=title, checked="Qt::Checked", expanded="1"
        )
    held = ET.SubElement(root, "maplayers")
    for place, layer in enumerate(layers):
        parent.append(tree_layer(layer, served, visible=place == 0))
        held.append(map_layer(layer, served))
    return _HEAD + ET.tostring(root, encoding="unicode") + "\n"
