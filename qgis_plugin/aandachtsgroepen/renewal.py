"""New figures: whether the services of the open project have them, and their layers brought up to date."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import Any, Dict, List, Set, Tuple

from qgis.core import Qgis
from qgis.PyQt.QtCore import QObject, QTimer, pyqtSignal

from aandachtsgroepen.fetch import Fetcher
from aandachtsgroepen.layers import (
    LayerError,
    Order,
    order_of,
    own_layers,
    remember,
    renew_figures,
    restyled,
    show,
)
from aandachtsgroepen.messages import Messages
from aandachtsgroepen.moments import Period, found_again, read_moments
from aandachtsgroepen.source import Service

_EVERY_MS = 5 * 60 * 1000


class Renewal(QObject):
    """Looks every five minutes, and when asked, which snapshot each service has.

    Signals:
        seen: address of a service and the snapshot that is live there.
    """

    seen = pyqtSignal(str, str)

    def __init__(self, fetcher: Fetcher, messages: Messages, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._fetcher = fetcher
        self._messages = messages
        self._silent: Set[str] = set()
        self._tried: Set[Tuple[str, str]] = set()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.look)
        self._timer.start(_EVERY_MS)

    def stop(self) -> None:
        """Look no more."""
        self._timer.stop()

    def look(self, asked: str = "") -> None:
        """Look for new figures of every layer in the project.

        Args:
            asked: address of the service of the panel when a person asked for this: it is then told
                what was found even when that is nothing.
        """
        addresses = {order.service.address for order in _orders().values()}
        if asked:
            addresses.add(asked)
        for address in sorted(addresses):
            self._look_at(Service(address), by_hand=bool(asked))

    def _look_at(self, service: Service, *, by_hand: bool) -> None:
        def known(texts: Dict[str, str]) -> None:
            try:
                snapshot = json.loads(texts[service.ready])["snapshot"]
            except (ValueError, KeyError, TypeError) as error:
                unknown(f"{type(error).__name__}: {error}")
                return
            self._silent.discard(service.address)
            self._compare(service, snapshot, by_hand=by_hand)
            self.seen.emit(service.address, snapshot)

        def unknown(reason: str) -> None:
            if by_hand or service.address not in self._silent:
                self._messages.warn("no-service", address=service.address, reason=reason)
            self._silent.add(service.address)

        self._fetcher.fetch([service.ready], known, unknown, fresh=True)

    def _compare(self, service: Service, snapshot: str, *, by_hand: bool) -> None:
        old = {
            layer: order
            for layer, order in _orders().items()
            if order.service == service and order.snapshot != snapshot
        }
        if not by_hand:  # what did not work once is told once
            old = {layer: old[layer] for layer in old if (layer, snapshot) not in self._tried}
        self._tried.update((layer, snapshot) for layer in old)
        if old:
            _Round(self._fetcher, self._messages, snapshot, old).start()
        elif by_hand:
            self._messages.tell("unchanged", snapshot=snapshot)


@dataclass
class _Round:
    """The layers of one service that are brought to a snapshot together."""

    fetcher: Fetcher
    messages: Messages
    snapshot: str
    layers: Dict[str, Order]
    renewed: List[str] = field(default_factory=list)
    unstyled: Dict[str, List[str]] = field(default_factory=lambda: defaultdict(list))
    failed: Dict[str, List[str]] = field(default_factory=lambda: defaultdict(list))

    def start(self) -> None:
        for layer_id, order in tuple(self.layers.items()):
            self._ask(layer_id, order)

    def _ask(self, layer_id: str, order: Order) -> None:
        times = order.service.moments(order.collection, order.indicator)
        look = order.service.qml(order.collection, order.indicator, order.language)

        def timed(texts: Dict[str, str]) -> None:
            rows = texts[times]
            self.fetcher.fetch(
                [look],
                lambda found: self._renew(layer_id, rows, found[look]),
                lambda reason: self._renew(layer_id, rows, "", reason),
                fresh=True,
            )

        self.fetcher.fetch(
            [times], timed, lambda reason: self._finish(layer_id, reason), fresh=True
        )

    def _renew(self, layer_id: str, rows: str, qml: str, unstyled: str = "") -> None:
        """Renew a layer; without a style (for a reason) its figures are renewed all the same."""
        layer, order = _layer(layer_id), self.layers[layer_id]
        if layer is None:
            self._finish(layer_id, "")
            return
        try:
            period = _period(order, rows)
            show(layer, period)
        except (LayerError, KeyError, ValueError) as error:
            self._finish(layer_id, f"{type(error).__name__}: {error}")
            return
        unstyled = unstyled or restyled(layer, qml, period)
        if unstyled:
            self.unstyled[unstyled].append(layer.name())
        renew_figures(layer)
        remember(layer, replace(order, snapshot=self.snapshot))
        self._finish(layer_id, "")

    def _finish(self, layer_id: str, reason: str) -> None:
        """Count a layer as done; tell of all when it was the last."""
        layer = _layer(layer_id)
        if layer is not None and reason:
            self.failed[reason].append(layer.name())
        elif layer is not None:
            self.renewed.append(layer.name())
        del self.layers[layer_id]
        if not self.layers:
            self._tell()

    def _tell(self) -> None:
        said: Dict[str, Any] = {"snapshot": self.snapshot, "count": len(self.renewed)}
        if len(self.renewed) == 1:
            self.messages.tell(
                "renewed-one", name=self.renewed[0], level=Qgis.MessageLevel.Success, **said
            )
        elif self.renewed:
            self.messages.tell("renewed", level=Qgis.MessageLevel.Success, **said)
        for key, failed in (("not-renewed", self.failed), ("not-restyled", self.unstyled)):
            for reason, names in failed.items():
                self.messages.warn(key, name=", ".join(names), reason=reason)


def _period(order: Order, rows: str) -> Period:
    """Return what a layer shows of newer rows.

    Raises:
        LayerError: that is not there any more.
        KeyError, ValueError: the rows cannot be read.
    """
    period = found_again(order.period, read_moments(rows, order.indicator))
    if period is None:
        raise LayerError(order.period)
    return period


def _orders() -> Dict[str, Order]:
    """Return what the layers of the open project are of, by layer id."""
    found = ((layer.id(), order_of(layer)) for layer in own_layers())
    return {layer_id: order for layer_id, order in found if order is not None}


def _layer(layer_id: str) -> Any:
    """Return a layer by its id; None when a person took it away meanwhile."""
    return next((layer for layer in own_layers() if layer.id() == layer_id), None)
