"""Aandachtsgroepen in kaart in QGIS: a panel that adds its layers, styled and dated.

What is chosen and asked is worked out in plain Python (``catalogue``, ``choice``, ``moments``,
``source``, ``texts``); the other modules need QGIS. Everything runs under the Python 3.9 of QGIS
3.22 and with Qt 5 and 6.
"""

from __future__ import annotations

from typing import Any


def classFactory(iface: Any) -> Any:  # noqa: N802 - the name that QGIS calls
    """Return the plugin; QGIS calls this once, with its own interface."""
    from aandachtsgroepen.plugin import Plugin  # noqa: PLC0415 - only QGIS itself can load it

    return Plugin(iface)
