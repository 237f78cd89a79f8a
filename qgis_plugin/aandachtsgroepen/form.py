"""The widgets of the panel, without knowing what they are about."""

from __future__ import annotations

from typing import Any, Iterable, Tuple

from qgis.PyQt.QtCore import QSize, Qt, QTimer
from qgis.PyQt.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QSizePolicy,
    QWidget,
)

from aandachtsgroepen import compat
from aandachtsgroepen.choice import Facet
from aandachtsgroepen.texts import Texts

VALUE = Qt.ItemDataRole.UserRole
COMBOS = (Facet.THEMA, Facet.NIVEAU, Facet.INDELING, Facet.JAAR)
"""The questions that have a list that opens; the indicators have one that can be searched."""
_LIST_HEIGHT = 120
_EXAMPLE = "background: #fff3cd; color: #533f03; padding: 4px; font-weight: bold"
_LETTERS = 16
"""Letters of its choices for which a list makes room; longer ones show when it opens."""


class Form(QWidget):
    """All widgets, laid out; every one has the name of its text."""

    def __init__(self, texts: Texts, parent: Any = None) -> None:
        super().__init__(parent)
        self._texts = texts
        self.address = self._named("address", QLineEdit())
        self.connect_ = self._named("connect", QPushButton(texts.say("connect")))
        self.state = self._named("state", _words())
        self.combos = {facet: self._named(facet.value, _combo()) for facet in COMBOS}
        self.search = self._named("search", QLineEdit())
        self.search.setClearButtonEnabled(True)
        self.indicators = self._named("indicators", QListWidget())
        self.indicators.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.indicators.setWordWrap(True)
        self.indicators.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.indicators.setMinimumHeight(_LIST_HEIGHT)
        self.moment = self._named("moment", _combo())
        self.metres = self._named("metres", QCheckBox(texts.say("metres")))
        self.metres.setVisible(compat.in_metres())
        self.example = self._named("example", _words())
        self.example.setText(texts.say("example"))
        self.example.setStyleSheet(_EXAMPLE)
        self.about = self._named("about", _words())
        self.add = self._named("add", QPushButton(texts.say("add")))
        self.renew = self._named("renew", QPushButton(texts.say("renew")))
        self.clear = self._named("clear", QPushButton(texts.say("clear")))
        self._placed = QTimer(self)
        self._placed.setSingleShot(True)
        self._placed.timeout.connect(
            lambda: self.indicators.scrollToItem(self.indicators.currentItem())
        )
        self._lay_out()

    def sizeHint(self) -> Any:  # noqa: N802 - Qt's name
        """Return a size in which all is seen beside a map."""
        return QSize(360, 640)

    def fill(self, combo: Any, choices: Iterable[Tuple[Any, str]], chosen: Any) -> None:
        """Put choices (value and words) in a list and choose one, without telling anyone."""
        combo.blockSignals(True)  # noqa: FBT003
        combo.clear()
        for at, (value, words) in enumerate(choices):
            combo.addItem(words, value)
            combo.setItemData(at, words, Qt.ItemDataRole.ToolTipRole)
            if value == chosen:
                combo.setCurrentIndex(at)
        combo.setEnabled(combo.count() > 0)
        combo.blockSignals(False)  # noqa: FBT003

    def list_(self, choices: Iterable[Tuple[Any, str]], chosen: Any) -> None:
        """Put the indicators in their list, as ``fill`` does."""
        self.indicators.blockSignals(True)  # noqa: FBT003
        self.indicators.clear()
        for value, words in choices:
            item = QListWidgetItem(words)
            item.setData(VALUE, value)
            item.setToolTip(words)
            self.indicators.addItem(item)
            if value == chosen:
                self.indicators.setCurrentItem(item)
        self.search.setPlaceholderText(self._texts.say("search", count=self.indicators.count()))
        self.sift(self.search.text())
        self.indicators.blockSignals(False)  # noqa: FBT003

    def keep_in_view(self) -> None:
        """Let the chosen indicator be seen, once everything has its place."""
        self._placed.start()

    def sift(self, words: str) -> None:
        """Show only the indicators that have all of some words in their title."""
        wanted = words.casefold().split()
        for at in range(self.indicators.count()):
            item = self.indicators.item(at)
            title = item.text().casefold()
            item.setHidden(not all(word in title for word in wanted))

    def _named(self, name: str, widget: Any) -> Any:
        widget.setObjectName(name)
        return widget

    def _lay_out(self) -> None:
        say = self._texts.say
        top = QHBoxLayout()
        top.addWidget(self.address, 1)
        top.addWidget(self.connect_)
        buttons = QHBoxLayout()
        buttons.addWidget(self.renew)
        buttons.addWidget(self.clear)
        rows = QFormLayout(self)
        rows.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        rows.addRow(say("address"), top)
        rows.addRow(self.state)
        for facet in COMBOS:
            rows.addRow(say(facet.value), self.combos[facet])
        rows.addRow(say("indicator"), self.search)
        rows.addRow(self.indicators)
        rows.addRow(say("moment"), self.moment)
        for widget in (self.metres, self.example, self.add):
            rows.addRow(widget)
        rows.addRow(buttons)
        rows.addRow(self.about)


def _combo() -> Any:
    combo = QComboBox()
    combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    combo.setMinimumContentsLength(_LETTERS)
    combo.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    return combo


def _words() -> Any:
    label = QLabel()
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    return label
