"""What QGIS makes of the service; runs in the Python of QGIS and prints one JSON document.

Usage: qgis_probe.py SERVICE PROXY-HOST PROXY-PORT. Every probe is a chapter in the log of the proxy.
"""

import json
import os
import sys
import urllib.request

from qgis.core import (
    Qgis,
    QgsApplication,
    QgsFeatureRequest,
    QgsNetworkAccessManager,
    QgsRectangle,
    QgsSettings,
    QgsVectorLayer,
    QgsWkbTypes,
)
from qgis.PyQt.QtCore import QVariant

SERVICE, HOST, PORT = sys.argv[1:]
YEARS = (2018, 2019, 2020, 2021, 2022, 2023)
GEMEENTE, COROP, PROVINCIE = "ouderen-gemeente", "ouderen-corop", "ouderen-provincie"
EXPRESSIONS = {
    "equal": '"regioCode" = \'CR23\' AND "indeling" = 2022',
    "greater": '"personen" >= 100000',
    "between": '"aandeelCorporatie" BETWEEN 20.5 AND 30.5',
    "in": "\"regioCode\" IN ('CR01', 'CR23', 'CR40')",
    "like": "\"regioNaam\" LIKE 'Groot-%'",
    "ilike": "\"regioNaam\" ILIKE 'groot-%'",
    "missing": '"vrijgekomenCorporatiewoningen" IS NULL',
    "not": 'NOT ("personen" < 100000) AND "indeling" <> 2022',
    "date": "\"peilmoment\" >= '2023-12-31'",
}


def chapter(name):
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    opener.open(f"http://{HOST}:{PORT}/chapter/{name}").close()


def opened(name, options=""):
    return QgsVectorLayer(f"url='{SERVICE}' typename='{name}' {options}", name, "OAPIF")


def box(rectangle):
    return [rectangle.xMinimum(), rectangle.yMinimum(), rectangle.xMaximum(), rectangle.yMaximum()]


def codes(layer, request=None):
    found = layer.getFeatures(request) if request is not None else layer.getFeatures()
    return sorted(feature["regioCode"] for feature in found)


def described():
    layer = opened(GEMEENTE)
    metadata = layer.metadata()
    return {
        "valid": layer.isValid(),
        "crs": layer.crs().authid(),
        "shape": QgsWkbTypes.displayString(layer.wkbType()),
        "extent": box(layer.extent()),
        "fields": {f.name(): QVariant.typeToName(f.type()) for f in layer.fields()},
        "aliases": {f.name(): f.alias() for f in layer.fields() if f.alias()},
        "editable": bool(layer.dataProvider().capabilities() & layer.dataProvider().AddFeatures),
        "title": metadata.title(),
        "abstract": metadata.abstract(),
        "keywords": sorted(word for words in metadata.keywords().values() for word in words),
        "licences": list(metadata.licenses()),
        "links": len(metadata.links()),
    }


def read_whole():
    layer = opened(PROVINCIE)
    count = layer.featureCount()
    features = list(layer.getFeatures())
    return {
        "count": count,
        "read": len(features),
        "valid": all(feature.geometry().isGeosValid() for feature in features),
    }


def of_year(year):
    layer = opened(GEMEENTE)
    accepted = layer.setSubsetString(f"\"peilmoment\" = '{year}-01-01'")
    features = list(layer.getFeatures())
    return {
        "accepted": accepted,
        "count": len(features),
        "codes": len({feature["regioCode"] for feature in features}),
        "moments": sorted({feature["peilmoment"].toString("yyyy-MM-dd") for feature in features}),
    }


def of_period():
    layer = opened(GEMEENTE)
    layer.setSubsetString("\"peilmoment\" >= '2023-01-01'")
    return sorted({feature["peilmoment"].toString("yyyy-MM-dd") for feature in layer.getFeatures()})


def selected(expression):
    return codes(opened(COROP), QgsFeatureRequest().setFilterExpression(expression))


def in_window():
    layer = opened(PROVINCIE, "restrictToRequestBBOX='1'")
    request = QgsFeatureRequest().setFilterRect(QgsRectangle(4.8, 52.2, 5.2, 52.5))
    return codes(layer, request.setFlags(QgsFeatureRequest.ExactIntersect))


def in_metres():
    if Qgis.QGIS_VERSION_INT < 33000:
        return None  # would ask degrees with a window in metres
    layer = opened(PROVINCIE, "srsname='EPSG:28992' restrictToRequestBBOX='1'")
    request = QgsFeatureRequest().setFilterRect(QgsRectangle(1e5, 4.7e5, 1.4e5, 5e5))
    features = list(layer.getFeatures(request))
    return {
        "valid": layer.isValid(),
        "crs": layer.crs().authid(),
        "boxes": {
            feature["regioCode"]: box(feature.geometry().boundingBox()) for feature in features
        },
    }


def main():
    application = QgsApplication([], GUIenabled=False)
    application.initQgis()
    settings = QgsSettings()
    for name, value in (("Enabled", True), ("Type", "HttpProxy"), ("Host", HOST), ("Port", PORT)):
        settings.setValue(f"proxy/proxy{name}", value)
    QgsNetworkAccessManager.instance().setupDefaultProxyAndCache()
    probes = {"described": described, "whole": read_whole, "period": of_period,
              "window": in_window, "metres": in_metres}  # fmt: skip
    probes |= {f"year-{year}": lambda year=year: of_year(year) for year in YEARS}
    probes |= {f"expression-{name}": lambda text=text: selected(text)
               for name, text in EXPRESSIONS.items()}  # fmt: skip
    found = {"version": Qgis.QGIS_VERSION_INT}
    for name, probe in probes.items():
        chapter(name)
        found[name] = probe()
    sys.stdout.write(json.dumps(found))
    sys.stdout.flush()
    os._exit(0)  # QGIS crashes where the interpreter ends by itself


main()
