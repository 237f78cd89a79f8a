"""The panel: a catalogue, what was chosen of it, and the layer that becomes of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Dict, Iterator, List, Tuple

from qgis.core import QgsSettings
from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtWidgets import QDockWidget, QFrame, QScrollArea

from aandachtsgroepen.adding import Wish
from aandachtsgroepen.catalogue import OWN, Catalogue, Collection
from aandachtsgroepen.choice import (
    Choice,
    Facet,
    Option,
    chosen,
    implied,
    kept,
    options,
)
from aandachtsgroepen.fetch import Fetcher
from aandachtsgroepen.form import COMBOS, VALUE, Form
from aandachtsgroepen.layers import Order
from aandachtsgroepen.messages import Messages
from aandachtsgroepen.moments import Moment, Moments, Period, periods, read_moments
from aandachtsgroepen.reading import Reading
from aandachtsgroepen.source import DEFAULT, Service, service_at
from aandachtsgroepen.texts import Texts

ADDRESS = "aandachtsgroepen/address"
"""The setting of QGIS that keeps the address of the service."""
_RD = "EPSG:28992"


@dataclass(frozen=True)
class _Times:
    """The peilmomenten that were read, and of what."""

    subject: Tuple[str, str]
    moments: Moments


class Panel(QDockWidget):
    """The panel beside the map.

    Signals:
        wished: a ``Wish``: a layer that a person wants.
        look_asked: address of the service, for which a person wants to know whether it has new
            figures.
    """

    wished = pyqtSignal(object)
    look_asked = pyqtSignal(str)

    def __init__(self, fetcher: Fetcher, texts: Texts, messages: Messages, parent: Any) -> None:
        super().__init__(texts.say("title"), parent)
        self.setObjectName("Aandachtsgroepen")
        self._fetcher, self._texts, self._messages = fetcher, texts, messages
        self._service: Service | None = None
        self._catalogue = Catalogue()
        self._choice = Choice()
        self._times: _Times | None = None
        self._asked: Tuple[str, str] | None = None
        self.form = Form(texts, self)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidget(self.form)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        bar = scroll.verticalScrollBar().sizeHint().width()
        scroll.setMinimumWidth(self.form.minimumSizeHint().width() + bar)
        self.setWidget(scroll)
        self.form.address.setText(QgsSettings().value(ADDRESS, DEFAULT))
        self._listen()
        self._show()

    @property
    def connected(self) -> bool:
        """Tell whether there is a catalogue to choose from."""
        return self._service is not None

    def connect_to_service(self, *, fresh: bool = False) -> None:
        """Read the catalogue of the service at the address in the panel."""
        text = self.form.address.text()
        try:
            service = service_at(text)
        except ValueError:
            self._messages.warn("bad-address", address=text)
            return
        QgsSettings().setValue(ADDRESS, service.address)
        self.form.state.setText(self._texts.say("loading"))
        self.form.connect_.setEnabled(False)

        def failed(reason: str) -> None:
            self.form.connect_.setEnabled(True)
            self._service, self._catalogue = None, Catalogue()
            self.form.state.setText(self._texts.say("not-connected"))
            self._messages.warn("no-service", address=service.address, reason=reason)
            self._show()

        def read(catalogue: Catalogue) -> None:
            self.form.connect_.setEnabled(True)
            self._service, self._catalogue = service, catalogue
            self._choice = kept(catalogue, self._choice)
            self._times = self._asked = None
            count = len(catalogue.collections)
            said = self._texts.say("connected", count=count, snapshot=catalogue.snapshot[:8])
            self.form.state.setText(said)
            self._show()

        Reading(self._fetcher, service, self._texts.language, fresh=fresh).start(read, failed)

    def follow(self, address: str, snapshot: str) -> None:
        """Read the catalogue again when its service has another snapshot."""
        service = self._service
        if service and service.address == address and self._catalogue.snapshot != snapshot:
            self.connect_to_service(fresh=True)

    def choose(self, facet: Facet, value: Any) -> None:
        """Answer one question; None takes the answer back."""
        self._choice = self._choice.with_(facet, value)
        self._show()

    def _listen(self) -> None:
        form = self.form
        form.connect_.clicked.connect(lambda: self.connect_to_service(fresh=True))
        form.address.returnPressed.connect(self.connect_to_service)
        for facet in COMBOS:
            combo = form.combos[facet]
            combo.currentIndexChanged.connect(
                lambda _, facet=facet, combo=combo: self.choose(facet, combo.currentData())
            )
        form.search.textChanged.connect(form.sift)
        form.indicators.itemSelectionChanged.connect(self._choose_indicator)
        form.moment.currentIndexChanged.connect(lambda _: self._show_state())
        form.add.clicked.connect(self._wish)
        form.renew.clicked.connect(
            lambda: self.look_asked.emit(self._service.address if self._service else "")
        )
        form.clear.clicked.connect(self._clear)

    def _choose_indicator(self) -> None:
        items = self.form.indicators.selectedItems()
        self.choose(Facet.INDICATOR, items[0].data(VALUE) if items else None)

    def _clear(self) -> None:
        self.form.search.clear()
        self._choice = Choice()
        self._show()

    def _show(self) -> None:
        """Show what can be chosen now."""
        answers = implied(self._catalogue, self._choice)
        for facet in COMBOS:
            offered = options(self._catalogue, self._choice, facet)
            self.form.fill(
                self.form.combos[facet], self._offered(facet, offered), answers.get(facet)
            )
        offered = options(self._catalogue, self._choice, Facet.INDICATOR)
        titles = [(option.value, option.title) for option in offered]
        self.form.list_(titles, self._choice.indicator)
        self._show_times()

    def _offered(self, facet: Facet, offered: Tuple[Option, ...]) -> Iterator[Tuple[Any, str]]:
        if offered:
            yield None, self._texts.say(f"all-{facet.value}", count=len(offered))
        for option in offered:
            yield option.value, self._worded(facet, option)

    def _worded(self, facet: Facet, option: Option) -> str:
        if facet is not Facet.INDELING:
            return option.title or str(option.value)
        if option.value == OWN:
            return self._texts.say("own")
        return self._texts.say("vintage", year=option.value)

    @property
    def _collection(self) -> Collection | None:
        return chosen(self._catalogue, self._choice)

    def _show_times(self) -> None:
        """Show the peilmomenten of what is chosen, after asking for them where needed."""
        collection, indicator = self._collection, self._choice.indicator
        subject = (collection.id, indicator) if collection and indicator else None
        if subject and (self._times is None or self._times.subject != subject):
            self._times = None
            self._ask_times(subject)
        elif subject is None:
            self._times = self._asked = None
        self.form.fill(self.form.moment, self._periods(), self._default())
        self._show_state()

    def _ask_times(self, subject: Tuple[str, str]) -> None:
        if self._asked == subject or self._service is None:
            return
        self._asked = subject
        address = self._service.moments(*subject)

        def read(texts: Dict[str, str]) -> None:
            if self._asked != subject:
                return  # something else was chosen meanwhile
            self._asked = None
            try:
                self._times = _Times(subject, read_moments(texts[address], subject[1]))
            except (KeyError, ValueError) as error:
                failed(f"{type(error).__name__}: {error}")
                return
            self._show_times()

        def failed(reason: str) -> None:
            if self._service is not None:
                self._messages.warn("no-service", address=self._service.address, reason=reason)
            self._show_state()

        self._fetcher.fetch([address], read, failed, fresh=False)

    def _periods(self) -> Iterator[Tuple[Period, str]]:
        if self._times is not None:
            found = self._times.moments
            rows = {entry.day: entry for entry in found.all}
            for period in periods(found, self._choice.jaar):
                yield period, self._in_words(period, rows[period.days[0]])

    def _in_words(self, period: Period, first: Moment) -> str:
        count = len(period.days)
        if period.series and period.yearly:
            day = self._texts.day_of_year(period.days[0])
            return self._texts.say("each-year", day=day, count=count)
        if period.series:
            return self._texts.say("each-period", count=count)
        day = self._texts.day(period.days[0])
        if first.figures in (0, first.regions):
            key = "all-figures" if first.figures else "no-figures"
            return self._texts.say(key, day=day, regions=first.regions)
        return self._texts.say("figures", day=day, figures=first.figures, regions=first.regions)

    def _default(self) -> Period | None:
        """Return the newest peilmoment with figures."""
        if self._times is None:
            return None
        found = self._times.moments
        days = {entry.day for entry in found.all if entry.figures}
        single = (p for p in periods(found, self._choice.jaar) if not p.series)
        return next((period for period in single if period.days[0] in days), None)

    def _show_state(self) -> None:
        """Show whether a layer can be added, and what must be said of it."""
        collection = self._collection
        period = self.form.moment.currentData()
        self.form.add.setEnabled(bool(collection and period))
        self.form.renew.setEnabled(self._service is not None)
        self.form.metres.setEnabled(self._service is not None)
        self.form.example.setVisible(bool(self._times and self._times.moments.example))
        self.form.about.setText("\n".join(self._said(collection)))
        self.form.keep_in_view()

    def _said(self, collection: Collection | None) -> Iterator[str]:
        if self._catalogue.collections and (missing := self._missing()):
            yield self._texts.say("choose-more", questions=", ".join(missing))
        elif self._asked is not None:
            yield self._texts.say("reading")
        if collection is not None:
            yield collection.description

    def _missing(self) -> List[str]:
        answers = implied(self._catalogue, self._choice)
        asked = (Facet.THEMA, Facet.NIVEAU, Facet.INDELING, Facet.INDICATOR)
        return [
            self._texts.say(facet.value).lower() for facet in asked if answers.get(facet) is None
        ]

    def _wish(self) -> None:
        collection, period = self._collection, self.form.moment.currentData()
        service, times, indicator = self._service, self._times, self._choice.indicator
        if not (collection and period and service and times and indicator):
            return
        order = Order(
            service, collection.id, indicator, period.key,
            self._catalogue.snapshot, self._texts.language,
        )  # fmt: skip
        title = self._catalogue.title_of(collection.thema, indicator)
        crs = _RD if self.form.metres.isChecked() else ""
        regions = max(row.regions for row in times.moments.all if row.day in period.days)
        name = f"{collection.title}: {title}, {self._named(period)}"
        if times.moments.example:
            name = f"{name} ({self._texts.say('example-short')})"
        self.wished.emit(Wish(order, period, name, crs, regions))

    def _named(self, period: Period) -> str:
        if not period.series:
            return self._texts.day(period.days[0])
        return f"{period.days[0].year}-{period.days[-1].year}"
