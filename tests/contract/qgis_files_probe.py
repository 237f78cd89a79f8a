"""What QGIS makes of the files of the service; runs in the Python of QGIS and prints one JSON document.

Usage: qgis_files_probe.py SERVICE FOLDER; files and pictures are put in the folder.
"""

import json
import os
import sys
import urllib.request
from collections import Counter
from pathlib import Path

from qgis.core import (
    Qgis,
    QgsApplication,
    QgsDateTimeRange,
    QgsExpressionContext,
    QgsExpressionContextUtils,
    QgsFeatureRequest,
    QgsLayerDefinition,
    QgsLayerTree,
    QgsMapRendererParallelJob,
    QgsMapSettings,
    QgsProject,
    QgsVectorLayerTemporalContext,
)
from qgis.gui import QgsMapCanvas, QgsTemporalControllerWidget
from qgis.PyQt.QtCore import QDateTime, QEventLoop, QSize, Qt, QTimer
from qgis.PyQt.QtGui import QColor, QImage

SERVICE, FOLDER = sys.argv[1], Path(sys.argv[2])
KINDS = ("ouderen-provincie", "taakstelling-provincie", "grenzen-provincie", "herindelingen")
STRIKING = "ouderen-opvallend-gemeente-indeling-2026"
SHARE = "ouderen-gemeente/qgis.qlr?indicator=aandeelCorporatie&peilmoment=2022-12-31"
YEARS = (2018, 2019, 2020, 2021, 2022, 2023)
SCOPE = "TemporalControllerWidget"
PATIENCE_MS = 120_000


def fetched(path, name):
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(f"{SERVICE}/{path}") as answer:
        (FOLDER / name).write_bytes(answer.read())
    return str(FOLDER / name)


def moment(text):
    return QDateTime.fromString(text, Qt.ISODate)


def opened(path, name):
    # the project owns the layers
    root, project = QgsLayerTree(), QgsProject()
    loaded, _ = QgsLayerDefinition.loadLayerDefinition(fetched(path, name), project, root)
    return loaded, root, project


def described(node):
    layer = node.layer()
    return {
        "name": node.name(),
        "visible": node.isVisible(),
        "valid": layer.isValid(),
        "crs": layer.crs().authid(),
        "read": sum(1 for _ in layer.getFeatures()),
        "count": layer.featureCount(),
        "types": {field.name(): field.typeName() for field in layer.fields()},
        "aliases": {field.name(): field.alias() for field in layer.fields() if field.alias()},
        "styles": layer.styleManager().styles(),
        "style": layer.styleManager().currentStyle(),
        "temporal": layer.temporalProperties().isActive(),
        "title": layer.metadata().title(),
        "abstract": layer.metadata().abstract(),
        "rights": layer.metadata().rights(),
        "licences": layer.metadata().licenses(),
        "crumb": layer.displayExpression(),
    }


def of_kind(name, query=""):
    loaded, root, _project = opened(f"collections/{name}/qgis.qlr{query}", f"{name}.qlr")
    groups = [child.name() for child in root.children()]
    return {"loaded": loaded, "groups": groups, "layers": [described(n) for n in root.findLayers()]}


def in_frame(layer, first, last):
    """Count by day the features that the temporal controller leaves in a frame."""
    context = QgsVectorLayerTemporalContext()
    context.setLayer(layer)
    frame = QgsDateTimeRange(moment(first), moment(last), includeBeginning=True, includeEnd=False)
    expression = layer.temporalProperties().createFilterString(context, frame)
    request = QgsFeatureRequest().setFilterExpression(expression)
    begin = "periodeBegin" if layer.fields().indexOf("periodeBegin") >= 0 else "peilmoment"
    days = Counter(f[begin].toString("yyyy-MM-dd") for f in layer.getFeatures(request))
    return dict(days)


def frames(layer):
    return {year: in_frame(layer, f"{year}-01-01T00:00:00Z", f"{year + 1}-01-01T00:00:00Z")
            for year in YEARS}  # fmt: skip


def drawn(layers, name, frame=None):
    """Draw layers as the window of QGIS does, and count the pixels of each colour."""
    settings = QgsMapSettings()
    settings.setLayers(layers)
    settings.setOutputSize(QSize(800, 950))
    settings.setOutputDpi(96)
    settings.setDestinationCrs(QgsProject.instance().crs())
    settings.setExtent(QgsProject.instance().viewSettings().defaultViewExtent())
    settings.setBackgroundColor(QColor("white"))
    if frame is not None:
        settings.setIsTemporal(True)
        settings.setTemporalRange(QgsDateTimeRange(*map(moment, frame)))
    context = QgsExpressionContext(QgsExpressionContextUtils.globalProjectLayerScopes(layers[0]))
    context.appendScope(QgsExpressionContextUtils.mapSettingsScope(settings))
    settings.setExpressionContext(context)
    job, loop = QgsMapRendererParallelJob(settings), QEventLoop()
    job.finished.connect(loop.quit)
    QTimer.singleShot(PATIENCE_MS, loop.quit)
    job.start()
    loop.exec_()
    if job.isActive():
        return {"late": 1}
    image = job.renderedImage()
    image.save(str(FOLDER / f"{name}.png"))
    bits = image.convertToFormat(QImage.Format_RGB32).constBits()
    bits.setsize(image.byteCount())
    pixels = Counter(memoryview(bytes(bits)).cast("I")).most_common(60)
    return {f"#{pixel & 0xFFFFFF:06x}": count for pixel, count in pixels}


def of_project():
    canvas, clock, project = QgsMapCanvas(), QgsTemporalControllerWidget(), QgsProject.instance()
    canvas.setTemporalController(clock.temporalController())
    read = project.read(fetched("qgis.qgs", "dienst.qgs"))
    layers = {layer.id(): layer for layer in project.mapLayers().values()}
    nodes = project.layerTreeRoot().findLayers()
    visible = [node.layer() for node in nodes if node.isVisible()]
    gemeenten = layers["ouderen_gemeente"]
    frame = [project.readEntry(SCOPE, f"/{side}DateTime")[0] for side in ("Start", "End")]
    pictures = {"circles": drawn(visible, "dienst", frame), "years": frames(gemeenten)}
    shown = canvas.mapSettings()
    times = [
        side.toString(Qt.ISODate)
        for side in (shown.temporalRange().begin(), shown.temporalRange().end())
    ]
    clocked = times if shown.isTemporal() else None
    styles = gemeenten.styleManager()
    share = next(name for name in styles.styles() if name.startswith("Aandeel eenpersoons"))
    changed = styles.setCurrentStyle(share)
    extent = canvas.extent()
    return {
        **pictures,
        "read": read,
        "valid": {layer_id: layer.isValid() for layer_id, layer in layers.items()},
        "groups": {group.name(): [child.name() for child in group.children()]
                   for group in project.layerTreeRoot().children()},
        "visible": [layer.id() for layer in visible],
        "crs": project.crs().authid(),
        "canvas": [extent.xMinimum(), extent.yMinimum(), extent.xMaximum(), extent.yMaximum()],
        "frame": frame,
        "clock": clocked,
        "step": [project.timeSettings().timeStep(), project.timeSettings().timeStepUnit()],
        "abstract": project.metadata().abstract(),
        "changed": changed,
        "aliases": sum(1 for field in gemeenten.fields() if field.alias()),
        "temporal": gemeenten.temporalProperties().isActive(),
        "share": drawn([gemeenten], "aandeel", ("2019-01-01T00:00:00Z", "2019-12-30T00:00:00Z")),
        "unclocked": drawn([gemeenten], "aandeel-zonder-tijd"),
        "halves": in_frame(layers["taakstelling_corop"], "2019-01-01T00:00:00Z",
                           "2019-07-01T00:00:00Z"),
    }  # fmt: skip


def of_one_indicator():
    loaded, root, _project = opened(f"collections/{SHARE}", "aandeel.qlr")
    nodes = root.findLayers()
    found = described(nodes[0])
    return {**found, "loaded": loaded, "colours": drawn([nodes[0].layer()], "aandeel-2022")}


def packed():
    project = QgsProject()
    read = project.read(fetched("qgis.qgz?thema=grenzen", "grenzen.qgz"))
    return {"read": read, "valid": [layer.isValid() for layer in project.mapLayers().values()]}


def in_metres():
    if Qgis.QGIS_VERSION_INT < 33000:
        return None  # asks degrees whatever the file says
    crs = "http://www.opengis.net/def/crs/EPSG/0/28992"
    path = f"collections/ouderen-provincie/qgis.qlr?peilmoment=2022-12-31&crs={crs}"
    _, root, _project = opened(path, "rd.qlr")
    layer = root.findLayers()[0].layer()
    codes = [
        f["regioCode"] for f in layer.getFeatures() if f.geometry().boundingBox().xMinimum() > 1e4
    ]
    return {"crs": layer.crs().authid(), "codes": len(codes)}


def main():
    application = QgsApplication([], GUIenabled=True)
    application.initQgis()
    found = {"version": Qgis.QGIS_VERSION_INT, "project": of_project(), "packed": packed()}
    found |= {name: of_kind(name) for name in KINDS}
    found["striking"] = of_kind(STRIKING, "?peilmoment=2023-12-31")
    found |= {"share": of_one_indicator(), "metres": in_metres()}
    sys.stdout.write(json.dumps(found))
    sys.stdout.flush()
    os._exit(0)  # QGIS crashes where the interpreter ends by itself


main()
