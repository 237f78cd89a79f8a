"""Documents from a service, asked without holding up QGIS.

Requests go through the network manager of QGIS: its proxy, cache, certificates and log.
"""

from __future__ import annotations

import json
from typing import Any, Callable, Dict, Iterable, Set

from qgis.core import QgsNetworkAccessManager
from qgis.PyQt.QtCore import QObject, QTimer, QUrl
from qgis.PyQt.QtNetwork import QNetworkReply, QNetworkRequest

from aandachtsgroepen import compat

_PATIENCE_MS = 20_000
_Attribute = QNetworkRequest.Attribute

Done = Callable[[Dict[str, str]], None]
Failed = Callable[[str], None]


class Fetcher(QObject):
    """Asks for documents and hands them over when all are there.

    What was asked before a ``stop`` is never handed over.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._under_way: Set[Any] = set()

    def fetch(self, addresses: Iterable[str], done: Done, failed: Failed, *, fresh: bool) -> None:
        """Ask for documents; then call ``done`` with the text by address, or ``failed`` once.

        Args:
            addresses: where they are; at least one.
            done: called with all texts.
            failed: called with the reason of the first that fails; the others are then left.
            fresh: whether the cache is passed by; otherwise QGIS asks whether it still holds.
        """
        _Errand(self, list(dict.fromkeys(addresses)), done, failed).start(fresh=fresh)

    def stop(self) -> None:
        """Leave everything that is under way."""
        for errand in tuple(self._under_way):
            errand.leave()

    def enter(self, errand: Any) -> None:
        """Hold an errand while it is under way."""
        self._under_way.add(errand)

    def holds(self, errand: Any) -> bool:
        """Tell whether an errand is still wanted."""
        return errand in self._under_way

    def leave(self, errand: Any) -> None:
        """Let go of an errand that is finished."""
        self._under_way.discard(errand)


class _Errand:
    """Some documents that are asked together."""

    def __init__(
        self, fetcher: Fetcher, addresses: Iterable[str], done: Done, failed: Failed
    ) -> None:
        self._fetcher = fetcher
        self._addresses = tuple(addresses)
        self._waiting: Dict[str, Any] = {}
        self._texts: Dict[str, str] = {}
        self._reason: str | None = None
        self._done = done
        self._failed = failed

    def start(self, *, fresh: bool) -> None:
        self._fetcher.enter(self)
        for address in self._addresses:
            reply = QgsNetworkAccessManager.instance().get(_request(address, fresh=fresh))
            self._waiting[address] = reply
            reply.finished.connect(lambda address=address, reply=reply: self._come(address, reply))

    def leave(self) -> None:
        """Ask for nothing more, and hand over nothing."""
        self._fetcher.leave(self)
        waiting, self._waiting = self._waiting, {}
        for reply in waiting.values():
            reply.abort()
            reply.deleteLater()

    def _come(self, address: str, reply: Any) -> None:
        if self._waiting.pop(address, None) is None:
            return  # it was left
        body = bytes(reply.readAll()).decode("utf-8", "replace")
        well = reply.error() == QNetworkReply.NetworkError.NoError
        if not well and self._reason is None:
            self._reason = _reason(reply, body)
        reply.deleteLater()
        self._texts[address] = body
        if not well or not self._waiting:
            # not in the signal of a reply: what follows may ask QGIS to wait for a next one
            QTimer.singleShot(0, self._hand_over)

    def _hand_over(self) -> None:
        if not self._fetcher.holds(self):
            return  # it was left, or handed over
        self.leave()
        if self._reason is None:
            self._done(self._texts)
        else:
            self._failed(self._reason)


def _request(address: str, *, fresh: bool) -> Any:
    request = QNetworkRequest(QUrl(address))
    control = QNetworkRequest.CacheLoadControl
    request.setAttribute(
        _Attribute.CacheLoadControlAttribute,
        compat.number(control.AlwaysNetwork if fresh else control.PreferNetwork),
    )
    request.setAttribute(
        _Attribute.RedirectPolicyAttribute,
        compat.number(QNetworkRequest.RedirectPolicy.NoLessSafeRedirectPolicy),
    )
    if hasattr(request, "setTransferTimeout"):  # Qt 5.15; before that QGIS's own time counts
        request.setTransferTimeout(_PATIENCE_MS)
    return request


def _reason(reply: Any, body: str) -> str:
    """Return why an answer failed: what the service says of it, else what Qt says."""
    status = reply.attribute(_Attribute.HttpStatusCodeAttribute)
    try:
        said = json.loads(body)["detail"]
    except (ValueError, KeyError, TypeError):
        said = reply.errorString()
    return f"{status}: {said}" if status else str(said)
