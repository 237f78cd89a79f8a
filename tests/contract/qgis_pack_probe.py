"""What QGIS makes of a GeoPackage with styles; runs in the Python of QGIS and prints one JSON document.

Usage: qgis_pack_probe.py PACK PICTURES LAYER... Every layer is opened as a person does, with its default style.
"""

import json
import os
import sys
from collections import Counter

from qgis.core import (
    QgsApplication,
    QgsDateTimeRange,
    QgsExpressionContext,
    QgsExpressionContextUtils,
    QgsFeatureRequest,
    QgsMapRendererSequentialJob,
    QgsMapSettings,
    QgsVectorLayer,
    QgsVectorLayerTemporalContext,
)
from qgis.PyQt.QtCore import QDate, QDateTime, QSize, QTime, QVariant
from qgis.PyQt.QtGui import QColor

PACK, PICTURES = sys.argv[1:3]
SIZE = 1000


def year(number):
    begin, end = (QDateTime(QDate(y, 1, 1), QTime(0, 0)) for y in (number, number + 1))
    return QgsDateTimeRange(begin, end, includeBeginning=True, includeEnd=False)


def in_year(layer, number):
    context = QgsVectorLayerTemporalContext()
    context.setLayer(layer)
    text = layer.temporalProperties().createFilterString(context, year(number))
    return list(layer.getFeatures(QgsFeatureRequest().setFilterExpression(text)))


def colours(layer, name, frame=None):
    settings = QgsMapSettings()
    settings.setLayers([layer])
    settings.setDestinationCrs(layer.crs())
    settings.setExtent(layer.extent())
    settings.setOutputSize(QSize(SIZE, SIZE))
    settings.setOutputDpi(96)
    settings.setBackgroundColor(QColor("#010203"))
    if frame is not None:
        settings.setIsTemporal(True)
        settings.setTemporalRange(frame)
    context = QgsExpressionContext(QgsExpressionContextUtils.globalProjectLayerScopes(layer))
    context.appendScope(QgsExpressionContextUtils.mapSettingsScope(settings))
    settings.setExpressionContext(context)
    job = QgsMapRendererSequentialJob(settings)
    job.start()
    job.waitForFinished()
    image = job.renderedImage()
    image.save(f"{PICTURES}/{name}.png")
    seen = Counter(
        image.pixelColor(x, y).name() for x in range(0, SIZE, 2) for y in range(0, SIZE, 2)
    )
    return {colour: count for colour, count in seen.items() if count > 5}


def described(name):
    layer = QgsVectorLayer(f"{PACK}|layername={name}", name, "ogr")
    found = {
        "valid": layer.isValid(),
        "count": layer.featureCount(),
        "crs": layer.crs().authid(),
        "dates": [f.name() for f in layer.fields() if f.type() == QVariant.Date],
        "aliases": {f.name(): f.alias() for f in layer.fields() if f.alias()},
        "renderer": layer.renderer().type(),
        "labels": [item.label() for item in layer.renderer().legendSymbolItems()],
        "styles": layer.listStylesInDatabase()[2],
        "whole": colours(layer, name),
    }
    # QGIS 3.22 opens a file without time, whatever its default style says of it
    layer.loadDefaultStyle()
    found["temporal"] = layer.temporalProperties().isActive()
    rows = in_year(layer, 2022)
    names = layer.fields().names()
    for field in ("peilmoment", "periodeBegin"):
        if field in names:
            found["years"] = sorted({row[field].year() for row in rows})
            found["moments"] = sorted({row[field].toString("yyyy-MM-dd") for row in rows})
    found["regions"] = len(rows)
    found["year"] = colours(layer, f"{name}-2022", year(2022))
    layer.setSubsetString('"indeling" = 2019' if "indeling" in names else "")
    found["narrowed"] = colours(layer, f"{name}-2019")
    return found


def main():
    application = QgsApplication([], GUIenabled=False)
    application.initQgis()
    found = {name: described(name) for name in sys.argv[3:]}
    sys.stdout.write(json.dumps(found))
    sys.stdout.flush()
    os._exit(0)  # QGIS crashes where the interpreter ends by itself


main()
