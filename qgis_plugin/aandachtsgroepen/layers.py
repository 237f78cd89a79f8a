"""A layer of a service in QGIS: made, styled, dated, and renewed when the service has new figures."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import Any, Dict, Iterator

from qgis.core import (
    QgsConditionalStyle,
    QgsDataSourceUri,
    QgsDateTimeRange,
    QgsMapLayer,
    QgsProject,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QDate, QDateTime, QTime
from qgis.PyQt.QtGui import QColor, QFont
from qgis.PyQt.QtXml import QDomDocument

from aandachtsgroepen import compat
from aandachtsgroepen.moments import Period
from aandachtsgroepen.source import Service, without_number

_KEPT = "aandachtsgroepen/"
"""What begins the names of the properties by which a layer is known again."""


_STATUS = "Status"
_BOUNDS = ("Min", "Max")
"""What stands behind the name of an indicator in the names of its other fields."""
_FAINT = "#8a8a8a"


class LayerError(Exception):
    """A layer cannot be made or changed as asked; the message says why."""


@dataclass(frozen=True)
class Order:
    """What a layer is of.

    Attributes:
        service: where it comes from.
        collection: collection id.
        indicator: the indicator in whose style it is drawn.
        period: key of the ``Period`` that it shows.
        snapshot: of which snapshot its style is.
        language: language of its titles.
    """

    service: Service
    collection: str
    indicator: str
    period: str
    snapshot: str
    language: str


def make_layer(order: Order, name: str, crs: str) -> Any:
    """Return a layer of a collection; it is in no project yet.

    QGIS reads the description of the service here, in the thread of the windows.

    Args:
        order: what it is of.
        name: how it is called.
        crs: system to ask for; empty: degrees.

    Raises:
        LayerError: QGIS cannot open it.
    """
    uri = QgsDataSourceUri()
    for parameter, value in order.service.layer(order.collection, crs).items():
        uri.setParam(parameter, value)
    layer = QgsVectorLayer(uri.uri(False), name, "OAPIF")  # noqa: FBT003 - C++ takes it by place
    if not layer.isValid():
        raise LayerError(layer.error().summary())
    remember(layer, order)
    return layer


def show(layer: Any, period: Period) -> None:
    """Let a layer show a period: its selection, and for a series what the time controller needs.

    Raises:
        LayerError: QGIS does not take the selection.
    """
    if layer.subsetString() != period.subset and not layer.setSubsetString(period.subset):
        raise LayerError(period.subset)
    temporal = layer.temporalProperties()
    temporal.setIsActive(period.series)
    if period.series:
        begin, end = period.times
        temporal.setMode(compat.expressions_mode())
        temporal.setStartExpression(begin)
        temporal.setEndExpression(end)


def styled(layer: Any, qml: str, period: Period) -> str:
    """Give a new layer everything that is in a style, as QGIS writes it; return why not, or nothing."""
    return _style(layer, qml, period, QgsMapLayer.StyleCategory.AllStyleCategories)


def restyled(layer: Any, qml: str, period: Period) -> str:
    """Draw a layer by a newer style; return why not, or nothing.

    What a person changed in the layer otherwise (labels, forms, actions) stays.
    """
    return _style(layer, qml, period, QgsMapLayer.StyleCategory.Symbology)


def _style(layer: Any, qml: str, period: Period, parts: Any) -> str:
    document = QDomDocument()
    document.setContent(qml)  # what it returns differs by version of Qt
    if document.documentElement().tagName() != "qgis":
        return "no QML"
    well, reason = layer.importNamedStyle(document, parts)
    if not well:
        return str(reason)
    _draw_period(layer.renderer(), period)
    return ""


def _draw_period(renderer: Any, period: Period) -> None:
    """Let the groups of a style draw the period of the layer.

    The service does not know what the layer is of: in its style they draw its newest period.
    """
    if renderer.type() == "RuleRenderer":
        for rule in renderer.rootRule().children():
            if rule.children() and rule.symbol() is None:
                rule.setFilterExpression(period.drawn)


def name_fields(layer: Any, schema: str) -> None:
    """Give the fields of a layer the titles of the schema as aliases.

    Raises:
        LayerError: the text is no schema.
    """
    try:
        properties: Dict[str, Any] = json.loads(schema)["properties"]
    except (ValueError, KeyError, TypeError) as error:
        raise LayerError(f"{type(error).__name__}: {error}") from error
    for at, field in enumerate(layer.fields()):
        title = properties.get(field.name(), {}).get("title")
        if title:
            layer.setFieldAlias(at, title)


def mark_missing(layer: Any) -> None:
    """Let the table of a layer strike out every cell of a figure without a number.

    Version 3.22 of QGIS shows 0 where a whole number is missing, once it has read the layer.
    """
    styles = layer.conditionalStyles()
    names = {field.name() for field in layer.fields()}
    for name in names:
        if f"{name}{_STATUS}" in names:
            struck = _struck(without_number(f"{name}{_STATUS}"))
            for part in names & {name, *(f"{name}{end}" for end in _BOUNDS)}:
                styles.setFieldStyles(part, [struck])


def _struck(expression: str) -> Any:
    font = QFont()
    font.setStrikeOut(True)
    struck = QgsConditionalStyle(expression)
    struck.setFont(font)
    struck.setTextColor(QColor(_FAINT))
    return struck


def renew_figures(layer: Any) -> None:
    """Let a layer ask the service again for everything it has."""
    layer.dataProvider().reloadData()
    layer.triggerRepaint()


def remember(layer: Any, order: Order) -> None:
    """Write in a layer what it is of; it goes with the project."""
    for name, value in (
        ("service", order.service.address),
        ("collection", order.collection),
        ("indicator", order.indicator),
        ("period", order.period),
        ("snapshot", order.snapshot),
        ("language", order.language),
    ):
        layer.setCustomProperty(_KEPT + name, value)


def order_of(layer: Any) -> Order | None:
    """Return what a layer is of; None: it was not added by this plugin."""
    names = ("service", "collection", "indicator", "period", "snapshot", "language")
    values = [str(layer.customProperty(_KEPT + name) or "") for name in names]
    if not all(values):
        return None
    return Order(Service(values[0]), *values[1:])


def own_layers() -> Iterator[Any]:
    """Yield the layers of the open project that this plugin added."""
    for layer in QgsProject.instance().mapLayers().values():
        if order_of(layer) is not None:
            yield layer


def add_to_project(layer: Any, period: Period) -> None:
    """Add a layer to the open project, whose time runs in the steps of a series from then on.

    A project that has a range of time already keeps it.
    """
    project = QgsProject.instance()
    project.addMapLayer(layer)
    times = project.timeSettings()
    if period.series and times.temporalRange().isInfinite():
        times.setTemporalRange(QgsDateTimeRange(_moment(period.begin), _moment(period.end)))
        times.setTimeStep(float(period.months))
        times.setTimeStepUnit(compat.months())


def _moment(day: date) -> Any:
    return QDateTime(QDate(day.year, day.month, day.day), QTime(0, 0))
