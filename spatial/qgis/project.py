"""A project of QGIS (.qgs): the layers of a service in groups, in RD, on the newest year that all have."""

import io
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from spatial.domain.crs import RD
from spatial.domain.indicators import Thema
from spatial.domain.regions import Niveau
from spatial.qgis.about import description
from spatial.qgis.layers import Layer, map_layer, tree_layer
from spatial.qgis.places import extent_element, extent_of, reference_system
from spatial.qgis.qml import MADE_FOR
from spatial.qgis.served import Served
from spatial.store.catalogue import Collection, Kind

_HEAD = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
_OFF, _FIXED_RANGE = "0", "2"
"""How the temporal controller stands when the project opens: not used, or on a range."""
_OTHERS = {
    Kind.GRENZEN: ("Grenzen", "Boundaries"),
    Kind.HERINDELINGEN: ("Herindelingen", "Boundary changes"),
    Kind.ANALYSE: ("Analyse", "Analysis"),
}


@dataclass(frozen=True, slots=True)
class Project:
    """What stands in a project.

    Attributes:
        title: its title.
        layers: in the order of the list.
        served: the service they come from.
        made: when the figures were made (UTC).
    """

    title: str
    layers: Sequence[Layer]
    served: Served
    made: datetime

    @property
    def shown(self) -> Layer:
        """The one layer that is visible at first: gemeenten where there are."""
        levels = (layer for layer in self.layers if layer.collection.niveau == Niveau.GEMEENTE)
        return next(levels, self.layers[0])

    @property
    def collections(self) -> list[Collection]:
        """The collections of the layers."""
        return [layer.collection for layer in self.layers]

    @property
    def figures(self) -> list[Collection]:
        """Those with figures; all when there are none."""
        found = [entry for entry in self.collections if entry.kind is Kind.INDICATOREN]
        return found or self.collections

    @property
    def day(self) -> date:
        """The newest day on which every layer with figures has some."""
        return min(entry.eind for entry in self.figures)


def project_text(project: Project) -> str:
    """Return the text of a project."""
    root = ET.Element("qgis", version=MADE_FOR, projectname=project.title)
    ET.SubElement(root, "title").text = project.title
    ET.SubElement(root, "projectCrs").append(reference_system(RD))
    root.append(_tree(project))
    root.append(_canvas(project))
    layers = ET.SubElement(root, "projectlayers")
    for layer in project.layers:
        layers.append(map_layer(layer, project.served))
    root.append(_properties(project))
    root.append(_metadata(project))
    root.append(_view(project))
    root.append(_time(project))
    return _HEAD + ET.tostring(root, encoding="unicode") + "\n"


def packed(name: str, text: str, made: datetime) -> bytes:
    """Return a project as a zip (.qgz); the same text gives the same bytes."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        entry = zipfile.ZipInfo(f"{name}.qgs", made.timetuple()[:6])
        entry.compress_type = zipfile.ZIP_DEFLATED
        archive.writestr(entry, text)
    return held.getvalue()


def _tree(project: Project) -> ET.Element:
    """Return the list of layers: a group per theme, and in it one per level."""
    root = ET.Element("layer-tree-group")
    shown = project.shown
    groups: dict[str, ET.Element] = {}
    for layer in project.layers:
        holds = layer.collection.thema == shown.collection.thema
        thema, niveau = _groups(layer.collection, english=project.served.english)
        parent = _group(root, groups, thema, expanded=holds)
        if niveau:
            level = layer.collection.niveau == shown.collection.niveau
            parent = _group(parent, groups, niveau, expanded=holds and level)
        parent.append(tree_layer(layer, project.served, visible=layer is shown))
    return root


def _group(
    parent: ET.Element, groups: dict[str, ET.Element], name: str, *, expanded: bool
) -> ET.Element:
    key = f"{parent.get('name', '')}/{name}"
    if key not in groups:
        groups[key] = ET.SubElement(
            parent,
            "layer-tree-group",
            name=name,
            checked="Qt::Checked",
            expanded=str(int(expanded)),
        )
    return groups[key]


def _groups(collection: Collection, *, english: bool) -> tuple[str, str]:
    """Name the group of a collection, and the group in it; empty when it is in the first itself."""
    if not collection.thema:
        return _OTHERS[collection.kind][english], ""
    thema, niveau = Thema(collection.thema), Niveau(collection.niveau)
    title = thema.title_en if english else thema.titel
    level = niveau.plural_en if english else niveau.meervoud
    return title, level[:1].upper() + level[1:]


def _canvas(project: Project) -> ET.Element:
    element = ET.Element("mapcanvas", name="theMapCanvas", annotationsVisible="1")
    ET.SubElement(element, "units").text = "meters"
    element.append(extent_element(extent_of([project.shown.collection])))
    ET.SubElement(element, "rotation").text = "0"
    ET.SubElement(element, "destinationsrs").append(reference_system(RD))
    return element


def _properties(project: Project) -> ET.Element:
    element = ET.Element("properties")
    dated = any(entry.kind is Kind.INDICATOREN for entry in project.figures)
    entries = {
        "Paths": {"Absolute": ("bool", "true")},
        "SpatialRefSys": {"ProjectionsEnabled": ("int", "1")},
        "TemporalControllerWidget": {
            "NavigationMode": ("int", _FIXED_RANGE if dated else _OFF),
            "StartDateTime": ("QString", f"{project.day}T00:00:00Z"),
            "EndDateTime": ("QString", f"{project.day}T23:59:59Z"),
        },
    }
    for scope, values in entries.items():
        held = ET.SubElement(element, scope)
        for name, (kind, text) in values.items():
            ET.SubElement(held, name, type=kind).text = text
    return element


def _metadata(project: Project) -> ET.Element:
    """Say what the project is, with every notice of the sources of its layers."""
    served = project.served
    element = ET.Element("projectMetadata")
    texts = {
        "identifier": f"{served.url}/",
        "language": "en" if served.english else "nl",
        "type": "dataset",
        "title": project.title,
        "abstract": "\n".join(_said(project.collections, served)),
        "creation": project.made.strftime("%Y-%m-%dT%H:%M:%S"),
    }
    for tag, text in texts.items():
        ET.SubElement(element, tag).text = text
    return element


def _said(collections: Iterable[Collection], served: Served) -> Iterable[str]:
    told = {
        collection.id: description(collection, served.contents, english=served.english)
        for collection in collections
    }
    return (f"{collection_id}: {text}" for collection_id, text in told.items())


def _view(project: Project) -> ET.Element:
    """Return what is the whole map: the country, whichever layers are loaded."""
    element = ET.Element("ProjectViewSettings", UseProjectScales="0", rotation="0")
    edges = zip(("xmin", "ymin", "xmax", "ymax"), extent_of(project.collections), strict=True)
    view = ET.SubElement(
        element, "DefaultViewExtent", {side: str(number) for side, number in edges}
    )
    view.append(reference_system(RD))
    return element


def _time(project: Project) -> ET.Element:
    """Return the steps of the temporal controller: years, or half-years where figures are of those."""
    figures = project.figures
    halves = any(
        entry.kind is Kind.INDICATOREN and entry.begin_veld != entry.eind_veld for entry in figures
    )
    element = ET.Element(
        "ProjectTimeSettings",
        timeStep="6" if halves else "1",
        timeStepUnit="mon" if halves else "y",
        frameRate="1",
        cumulativeTemporalRange="0",
    )
    whole = ET.SubElement(element, "TemporalRange")
    ET.SubElement(whole, "start").text = f"{min(e.begin for e in figures)}T00:00:00Z"
    ET.SubElement(whole, "end").text = f"{max(e.eind for e in figures)}T23:59:59Z"
    return element
