"""The plugin in QGIS, as a person uses it; runs in the Python of QGIS and prints one JSON document.

Usage: qgis_plugin_probe.py ZIP SERVICE CHANGING STORE SNAPSHOT PICTURES

CHANGING is the address of a service over STORE, of which SNAPSHOT is made live underway.
"""

import json
import os
import sys
import time
from datetime import datetime
from pathlib import Path

import qgis.utils
from qgis.core import (
    NULL,
    QgsApplication,
    QgsDateTimeRange,
    QgsFeatureRequest,
    QgsMapRendererParallelJob,
    QgsMapSettings,
    QgsProject,
    QgsSettings,
    QgsVectorLayerTemporalContext,
)
from qgis.gui import QgsMapCanvas, QgsMessageBar
from qgis.PyQt.QtCore import QEvent, QSize, Qt
from qgis.PyQt.QtWidgets import QDockWidget, QMainWindow, QVBoxLayout, QWidget

ZIP, SERVICE, CHANGING, STORE, SNAPSHOT, PICTURES = sys.argv[1:]
NAME = "aandachtsgroepen"
NOWHERE = "http://127.0.0.1:9/v1"
PATIENCE_S = 60
HOW_LONG_IS_STILL_S = 0.3


class Interface:
    """A window with a map, a message bar and a side, as QGIS gives it to a plugin."""

    def __init__(self):
        self.window, self.canvas, self.bar = QMainWindow(), QgsMapCanvas(), QgsMessageBar()
        self.actions, self.menu, self.said = [], [], []
        middle = QWidget()
        rows = QVBoxLayout(middle)
        rows.addWidget(self.bar)
        rows.addWidget(self.canvas, 1)
        self.window.setCentralWidget(middle)
        self.window.resize(1100, 760)
        self.bar.widgetAdded.connect(lambda _: self.said.append(self.bar.currentItem().text()))
        self.window.show()

    def mainWindow(self):
        return self.window

    def messageBar(self):
        return self.bar

    def addDockWidget(self, area, dock):
        self.window.addDockWidget(area, dock)

    def removeDockWidget(self, dock):
        self.window.removeDockWidget(dock)

    def addToolBarIcon(self, action):
        self.actions.append(action)

    def removeToolBarIcon(self, action):
        self.actions.remove(action)

    def addPluginToWebMenu(self, menu, action):
        self.menu.append((menu, action))

    def removePluginWebMenu(self, menu, action):
        self.menu.remove((menu, action))


def wait(until, patience=PATIENCE_S):
    """Let QGIS work until something is so; tell how long its longest moment without us was."""
    began = time.monotonic()
    while not until():
        if time.monotonic() - began > patience:
            raise TimeoutError(until.__code__.co_names)
        QgsApplication.processEvents()
        time.sleep(0.005)


def still():
    end = time.monotonic() + HOW_LONG_IS_STILL_S
    wait(lambda: time.monotonic() > end)


def installed():
    """Unpack the zip where QGIS keeps plugins, as its plugin manager does."""
    sys.path.append("/usr/share/qgis/python")
    from pyplugin_installer.unzip import unzip

    home = Path(QgsApplication.qgisSettingsDirPath()) / "python" / "plugins"
    home.mkdir(parents=True)
    unzip(ZIP, str(home))
    sys.path.insert(0, str(home))
    qgis.utils.plugin_paths = [str(home)]
    qgis.utils.updateAvailablePlugins()
    return NAME in qgis.utils.available_plugins


def started(language):
    QgsSettings().setValue("locale/overrideFlag", True)
    QgsSettings().setValue("locale/userLocale", language)
    return qgis.utils.loadPlugin(NAME) and qgis.utils.startPlugin(NAME)


def plugin():
    return qgis.utils.plugins[NAME]


def form():
    return plugin().panel.form


def offered():
    """What can be chosen: the words of every list, the first of which takes a choice back."""
    lists = {facet.value: words(combo)[1:] for facet, combo in form().combos.items()}
    shown = form().indicators
    titles = [shown.item(at) for at in range(shown.count())]
    return lists | {"indicator": [item.text() for item in titles if not item.isHidden()]}


def words(combo):
    return [combo.itemText(at) for at in range(combo.count())]


def choose(name, value):
    combo = form().findChild(QWidget, name)
    at = combo.findData(value)
    assert at >= 0, (name, value, words(combo))
    combo.setCurrentIndex(at)


def choose_indicator(name):
    shown = form().indicators
    shown.setCurrentRow(
        next(
            at
            for at in range(shown.count())
            if shown.item(at).data(Qt.ItemDataRole.UserRole) == name
        )
    )
    wait(lambda: form().moment.count() > 0)


def choose_moment(starting):
    found = words(form().moment)
    form().moment.setCurrentIndex(next(at for at, text in enumerate(found) if starting in text))


def connected_to(address):
    form().address.setText(address)
    form().connect_.click()
    wait(form().connect_.isEnabled)
    return plugin().panel.connected


def added():
    """Press the button and return the layer that comes of it, with what was said."""
    before, said = set(QgsProject.instance().mapLayers()), len(interface.said)
    form().add.click()
    wait(lambda: len(interface.said) > said)
    (new,) = set(QgsProject.instance().mapLayers()) - before
    return QgsProject.instance().mapLayer(new), interface.said[-1]


def days(layer, expression=""):
    request = QgsFeatureRequest()
    if expression:
        request.setFilterExpression(expression)
    features = list(layer.getFeatures(request))
    moments = sorted({feature["peilmoment"].toString("yyyy-MM-dd") for feature in features})
    return len(features), moments


def numbers(layer):
    cells = {feature["regioCode"]: feature["personen"] for feature in layer.getFeatures()}
    return {code: None if cell == NULL else cell for code, cell in cells.items()}


def struck(layer, name):
    """The regions whose cell in the table is struck out."""
    (shown,) = layer.conditionalStyles().fieldStyles(name)
    found = layer.getFeatures(QgsFeatureRequest().setFilterExpression(shown.rule()))
    assert shown.font().strikeOut()
    return sorted(feature["regioCode"] for feature in found)


def in_year(layer, year):
    """What the time controller shows in the frame of a year."""
    context = QgsVectorLayerTemporalContext()
    context.setLayer(layer)
    frame = QgsDateTimeRange(datetime(year, 1, 1), datetime(year + 1, 1, 1), True, False)
    return days(layer, layer.temporalProperties().createFilterString(context, frame))


def legend(layer):
    """The lines of the legend with the colour of their symbol."""
    items = layer.renderer().legendSymbolItems()
    symbols = ((item.label(), item.symbol()) for item in items)
    return {label: symbol.color().name() for label, symbol in symbols if symbol is not None}


def colours(layer):
    """The colours of a map of the layer, by how many pixels have them."""
    settings = QgsMapSettings()
    settings.setLayers([layer])
    settings.setOutputSize(QSize(500, 600))
    settings.setDestinationCrs(layer.crs())
    settings.setExtent(layer.extent())
    job = QgsMapRendererParallelJob(settings)
    job.start()
    wait(lambda: not job.isActive())
    image = job.renderedImage()
    found = {}
    for row in range(0, image.height(), 2):
        for column in range(0, image.width(), 2):
            name = image.pixelColor(column, row).name()
            found[name] = found.get(name, 0) + 1
    return {name: count for name, count in found.items() if count >= 20}


def picture(name):
    still()
    path = str(Path(PICTURES) / f"{name}.png")
    interface.window.grab().save(path)
    return path


def opens():
    action = plugin().action
    before = plugin().panel.isVisible()
    form().address.setText(SERVICE)
    action.trigger()
    wait(lambda: plugin().panel.connected)
    return {
        "before": before,
        "after": plugin().panel.isVisible(),
        "pressed": action.isChecked(),
        "icon": not action.icon().isNull(),
        "state": form().state.text(),
        "offered": offered(),
        "can add": form().add.isEnabled(),
        "missing": form().about.text(),
        "kept": QgsSettings().value("aandachtsgroepen/address"),
    }


def narrows():
    found = {}
    choose("jaar", 2019)
    found["2019"] = offered()
    choose("jaar", None)
    choose("thema", "vergunninghouders")
    found["vergunninghouders"] = offered()
    form().clear.click()
    choose_indicator_only("ouderenInwonersTeVerplaatsen")
    found["te verplaatsen"] = offered()
    form().clear.click()
    form().search.setText("CORPORATIE vrijgekomen")
    found["search"] = offered()["indicator"]
    form().clear.click()
    found["cleared"] = offered()
    return found


def choose_indicator_only(name):
    shown = form().indicators
    for at in range(shown.count()):
        if shown.item(at).data(Qt.ItemDataRole.UserRole) == name:
            shown.setCurrentRow(at)


def one_year():
    choose("thema", "ouderen")
    choose("niveau", "gemeente")
    choose("indeling", 0)
    choose("jaar", 2022)
    choose_indicator("aandeelCorporatie")
    choose_moment("1 januari 2022")
    about = {"example": form().example.isVisible(), "about": form().about.text()}
    moments = words(form().moment)
    began = time.monotonic()
    layer, said = added()
    count, moments_shown = days(layer)
    interface.canvas.setLayers([layer])
    interface.canvas.setExtent(layer.extent())
    drawn = colours(layer)
    interface.canvas.refresh()
    wait(lambda: not interface.canvas.isDrawing())
    return about | {
        "moments": moments,
        "said": said,
        "seconds": time.monotonic() - began,
        "name": layer.name(),
        "count": count,
        "days": moments_shown,
        "aliases": {field.name(): field.alias() for field in layer.fields()},
        "classes": legend(layer),
        "temporal": layer.temporalProperties().isActive(),
        "colours": drawn,
        "picture": picture("paneel"),
    }


def series():
    found = {}
    for niveau, thema, indicator, wanted in (
        ("provincie", "ouderen", "personen", "1 januari"),
        ("provincie", "ouderen", "vrijgekomenCorporatiewoningen", "31 december"),
        ("provincie", "taakstelling", "taakstelling", "alle perioden"),
    ):
        form().clear.click()
        choose("thema", thema)
        choose("niveau", niveau)
        choose("indeling", 0)
        choose_indicator(indicator)
        choose_moment(wanted)
        layer, _ = added()
        times = QgsProject.instance().timeSettings()
        found[indicator] = {
            "active": layer.temporalProperties().isActive(),
            "name": layer.name(),
            "days": days(layer)[1],
            "drawn": sorted(colours(layer)),
            "frames": {year: in_year(layer, year) for year in (2021, 2022)},
            "step": [times.timeStep(), str(times.temporalRange().begin().date().toPyDate())],
        }
    return found


def down():
    """What a service that is not there does, and one that is something else."""
    before = len(QgsProject.instance().mapLayers())
    found = {"connected": connected_to(NOWHERE), "said": interface.said[-1]}
    found["state"] = form().state.text()
    found["offered"] = sum(len(choices) for choices in offered().values())
    found["can add"] = form().add.isEnabled()
    connected_to(SERVICE + "/collections/ouderen-land")
    found["other"] = interface.said[-1]
    form().address.setText("kaart")
    form().connect_.click()
    found["no address"] = interface.said[-1]
    found["layers"] = len(QgsProject.instance().mapLayers()) - before
    return found


def renewed():
    """A layer before and after its service gets another snapshot."""
    QgsProject.instance().clear()
    connected_to(CHANGING)
    choose("thema", "ouderen")
    choose("niveau", "gemeente")
    choose("indeling", 0)
    choose_indicator("personen")
    choose_moment("1 januari 2021")
    layer, _ = added()
    layer.setCustomProperty("labeling/fontSize", 12)
    found = {"before": numbers(layer), "state": form().state.text()}
    form().renew.click()
    said = len(interface.said)
    wait(lambda: len(interface.said) > said)
    found["unchanged"] = interface.said[-1]
    old = layer.renderer().dump()
    Path(STORE, ".next").symlink_to(Path("snapshots") / SNAPSHOT)
    Path(STORE, ".next").replace(Path(STORE, "live"))
    said = len(interface.said)
    plugin().renewal.look()  # as the timer does
    wait(lambda: len(interface.said) > said)
    wait(lambda: SNAPSHOT[:8] in form().state.text())
    found |= {
        "after": numbers(layer),
        "said": interface.said[said],
        "snapshot": layer.customProperty(f"{NAME}/snapshot"),
        "struck": struck(layer, "personen"),
        "restyled": layer.renderer().dump() != old,
        "kept": layer.customProperty("labeling/fontSize"),
        "answers": form().combos[next(iter(form().combos))].currentText(),
    }
    return found


def unloaded():
    QgsProject.instance().clear()
    done = qgis.utils.unloadPlugin(NAME)
    QgsApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    return {
        "done": done,
        "docks": len(interface.window.findChildren(QDockWidget)),
        "actions": len(interface.actions) + len(interface.menu),
    }


def english():
    ok = started("en_US")
    form().address.setText(SERVICE)
    plugin().action.trigger()
    wait(lambda: plugin().panel.connected)
    choose("niveau", "gemeente")
    choose("thema", "ouderen")
    choose("indeling", 2024)
    choose_indicator("aandeelCorporatie")
    return {
        "started": ok,
        "title": plugin().panel.windowTitle(),
        "button": form().add.text(),
        "state": form().state.text(),
        "offered": offered(),
        "moment": form().moment.currentText(),
        "example": form().example.text(),
        "picture": picture("panel"),
    }


def main():
    found = {"installed": installed(), "started": started("nl")}
    for probe in (opens, narrows, one_year, series, down, renewed, unloaded, english):
        found[probe.__name__] = probe()
    found["said"] = interface.said
    sys.stdout.write(json.dumps(found, default=str))
    sys.stdout.flush()
    os._exit(0)  # QGIS crashes where the interpreter ends by itself


QgsApplication.setPrefixPath("/usr", True)
application = QgsApplication([], True)
application.initQgis()
interface = qgis.utils.iface = Interface()
main()
