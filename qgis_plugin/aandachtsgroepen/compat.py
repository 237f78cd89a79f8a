"""Names that versions of QGIS spell differently."""

from __future__ import annotations

from typing import Any

from qgis.core import Qgis, QgsUnitTypes, QgsVectorLayerTemporalProperties

METRES_FROM = 33_000
"""The first version that asks a service for metres; before that it would take degrees for them."""


def _scoped(owner: Any, group: str, new: str, otherwise: Any) -> Any:
    """Return a value of an enumeration that moved to ``Qgis`` in a later version."""
    names = getattr(owner, group, None)
    return getattr(names, new, None) or otherwise()


def in_metres() -> bool:
    """Tell whether this QGIS can ask a layer in metres."""
    return bool(METRES_FROM <= Qgis.QGIS_VERSION_INT)


def expressions_mode() -> Any:
    """Return the temporal mode of a layer whose rows have a first and a last day by expression."""
    return _scoped(
        Qgis,
        "VectorTemporalMode",
        "FeatureDateTimeStartAndEndFromExpressions",
        lambda: QgsVectorLayerTemporalProperties.ModeFeatureDateTimeStartAndEndFromExpressions,
    )


def months() -> Any:
    """Return the unit of months."""
    return _scoped(Qgis, "TemporalUnit", "Months", lambda: QgsUnitTypes.TemporalMonths)


def number(member: Any) -> int:
    """Return the number of a member of an enumeration of Qt: in Qt 6 the member is no number itself."""
    return int(getattr(member, "value", member))
