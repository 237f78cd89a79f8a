"""Reference systems and extents as QGIS writes them."""

import math
import xml.etree.ElementTree as ET
from collections.abc import Iterable
from functools import cache

from pyproj import Transformer

from spatial.domain.crs import CRS84, RD, Crs
from spatial.store.catalogue import Collection

SPOKEN = (CRS84, RD)
"""The systems in which a layer can be had: QGIS 3.22 asks the first, newer versions the second too."""

type Box = tuple[float, float, float, float]
"""West, south, east, north."""

_KNOWN = {CRS84: ("3452", "WGS 84"), RD: ("2517", "Amersfoort / RD New")}
"""What QGIS has in its own list: a number above 0, without which it reads no system, and a name."""
_MARGIN = 0.03
_SIDES = ("xmin", "ymin", "xmax", "ymax")


def reference_system(crs: Crs) -> ET.Element:
    """Return the element ``spatialrefsys``."""
    number, name = _KNOWN[crs]
    element = ET.Element("spatialrefsys")
    texts = {
        "srsid": number,
        "srid": str(crs.epsg),
        "authid": authority(crs),
        "description": name,
        "geographicflag": "true" if crs is CRS84 else "false",
    }
    for tag, text in texts.items():
        ET.SubElement(element, tag).text = text
    return element


def authority(crs: Crs) -> str:
    """Return the name of a system in the list of EPSG."""
    return f"EPSG:{crs.epsg}"


def extent_of(collections: Iterable[Collection]) -> Box:
    """Return the box around all of the collections in RD (whole metres), with a margin around it."""
    boxes = [collection.bbox for collection in collections]
    west, south, east, north = _to_metres().transform_bounds(
        min(box[0] for box in boxes),
        min(box[1] for box in boxes),
        max(box[2] for box in boxes),
        max(box[3] for box in boxes),
    )
    margin = _MARGIN * max(east - west, north - south)
    return (
        math.floor(west - margin),
        math.floor(south - margin),
        math.ceil(east + margin),
        math.ceil(north + margin),
    )


def extent_element(box: Box) -> ET.Element:
    """Return the element ``extent``."""
    element = ET.Element("extent")
    for side, number in zip(_SIDES, box, strict=True):
        ET.SubElement(element, side).text = str(number)
    return element


@cache
def _to_metres() -> Transformer:
    return Transformer.from_crs(CRS84.epsg, RD.epsg, always_xy=True)
