"""The plugin as QGIS knows it: a button, a panel, and a look at the service now and then."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from qgis.core import Qgis, QgsApplication
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QIcon
from qgis.PyQt.QtWidgets import QAction

from aandachtsgroepen.adding import Adding, Wish
from aandachtsgroepen.fetch import Fetcher
from aandachtsgroepen.messages import Messages
from aandachtsgroepen.panel import Panel
from aandachtsgroepen.renewal import Renewal
from aandachtsgroepen.texts import Texts, language_of


class Plugin:
    """Lives from ``initGui`` to ``unload``; QGIS calls both.

    Attributes:
        panel: the panel.
        action: the button that shows and hides it.
        renewal: what looks for new figures.
    """

    def __init__(self, iface: Any) -> None:
        self._iface = iface
        self.texts = Texts(language_of(QgsApplication.instance().locale()))
        self.panel: Any = None
        self.action: Any = None
        self.renewal: Any = None

    def initGui(self) -> None:  # noqa: N802 - the name that QGIS calls
        """Put the button and the panel in the window; the panel opens when asked for."""
        window = self._iface.mainWindow()
        icon = QIcon(str(Path(__file__).with_name("pictogram.svg")))
        self._messages = Messages(self._iface.messageBar(), self.texts)
        self._fetcher = Fetcher(window)
        self.panel = Panel(self._fetcher, self.texts, self._messages, window)
        self.panel.hide()
        self._iface.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, self.panel)
        self.action = QAction(icon, self.texts.say("open"), window)
        self.action.setObjectName("AandachtsgroepenPaneel")
        self.action.setCheckable(True)
        self.action.triggered.connect(self._open)
        self.panel.visibilityChanged.connect(self.action.setChecked)
        self._iface.addToolBarIcon(self.action)
        self._iface.addPluginToWebMenu(self.texts.say("title"), self.action)
        self.renewal = Renewal(self._fetcher, self._messages, window)
        self.renewal.seen.connect(self.panel.follow)
        self.panel.look_asked.connect(self.renewal.look)
        self.panel.wished.connect(self._add)

    def unload(self) -> None:
        """Take everything out of the window again."""
        self.renewal.stop()
        self._fetcher.stop()
        self._iface.removeToolBarIcon(self.action)
        self._iface.removePluginWebMenu(self.texts.say("title"), self.action)
        self._iface.removeDockWidget(self.panel)
        for part in (self.panel, self.action, self.renewal, self._fetcher):
            part.deleteLater()

    def _open(self, wanted: bool) -> None:  # noqa: FBT001 - a slot
        self.panel.setVisible(wanted)
        if wanted and not self.panel.connected:
            self.panel.connect_to_service()

    def _add(self, wish: Wish) -> None:
        QgsApplication.setOverrideCursor(Qt.CursorShape.BusyCursor)

        def added(_layer: Any, wish: Wish, unstyled: str) -> None:
            QgsApplication.restoreOverrideCursor()
            if unstyled:
                self._messages.warn("no-style", name=wish.name, reason=unstyled)
            else:
                self._messages.tell(
                    "added",
                    name=wish.name,
                    count=wish.regions,
                    level=Qgis.MessageLevel.Success,
                )

        def failed(reason: str) -> None:
            QgsApplication.restoreOverrideCursor()
            self._messages.warn("layer-failed", reason=reason)

        Adding(self._fetcher, wish, added, failed).start()
